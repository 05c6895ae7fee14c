package decide_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestEarlierSchema wants a conversation that was stored before there were clocks, rows and counted lines taken up as it stands by the first
// that happens to it, once.
func TestEarlierSchema(t *testing.T) {
	t.Parallel()
	seen := conversation.Event{Kind: conversation.EventStatus, At: at(0), Status: &conversation.Status{
		MessageID: "wamid.1", Effect: "1", State: conversation.DeliveryRead, At: at(0),
	}}
	twice := func(state conversation.State, set settings.Number) (first, second conversation.Thread) {
		first = decide.Thread(thread("phone", state), seen, set, at(0)).Thread
		return first, decide.Thread(first, seen, set, at(10)).Thread
	}
	waiting := plain()
	waiting.Says.Waiting = "aguarde"
	for _, tt := range []struct {
		name  string
		state conversation.State
		set   settings.Number
		count func(conversation.Thread) int
		want  int
	}{
		{"what waits is told to the desk", conversation.StateQueued, waiting, toDesk, 1},
		{"what waits for nothing is told to nobody", conversation.StateQueued, plain(), toDesk, 0},
		{"what people have is told to nobody", conversation.StateActive, waiting, toDesk, 0},
		{"what ended gets its row", conversation.StateClosed, plain(), rows, 1},
		{"what expired gets its row", conversation.StateExpired, plain(), rows, 1},
		{"what goes on gets none", conversation.StatePending, plain(), rows, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			first, second := twice(tt.state, tt.set)
			if tt.count(first) != tt.want || tt.count(second) != tt.want {
				t.Errorf("%d and then %d, want %d; to do: %+v", tt.count(first), tt.count(second), tt.want, second.Outbox)
			}
			c := second.Conversation
			if waits := tt.state == conversation.StateQueued; waits != c.Clock.Queued.Equal(c.Started) {
				t.Errorf("it began at %v and has the clock %+v", c.Started, c.Clock)
			}
			if first.Conversation.Lines == 0 || len(first.Deliveries) > 0 {
				t.Errorf("stored as %+v", first)
			}
		})
	}
}

// toDesk counts what the desk is told.
func toDesk(t conversation.Thread) (n int) {
	for _, p := range t.Outbox.Background {
		if tell := p.Effect.Tell; tell != nil && tell.Key == conversation.DeskKey {
			n++
		}
	}
	return n
}

// rows counts the rows that are to be kept.
func rows(t conversation.Thread) (n int) {
	for _, p := range t.Outbox.Background {
		if p.Effect.Kind == conversation.EffectSummary {
			n++
		}
	}
	return n
}
