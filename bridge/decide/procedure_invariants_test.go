package decide_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// Whatever happens in whatever order, and however late or often: what checks say holds after each decision.
func TestProcedureHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay(t)
		t.Repeat(map[string]func(*rapid.T){
			"say": p.say, "ask": p.ask, "hint": p.hint, "pass": p.pass, "begin": p.begin, "finish": p.finish, "work": p.work, "work more": p.work,
			"repeat": p.repeat, "": func(*rapid.T) {},
		})
	})
}

// checkStates lets the state move along the transitions only, and each move be in the timeline.
func checkStates(t *rapid.T, before conversation.Thread, got decide.Decision) {
	state := stateOf(before)
	for _, e := range got.Transcript {
		if e.State == "" {
			continue
		}
		if !slices.ContainsFunc(decide.Transitions(), func(tr decide.Transition) bool { return tr.From == state && tr.To == e.State }) {
			t.Fatalf("from %q to %q because %q", state, e.State, e.Reason)
		}
		state = e.State
	}
	if now := stateOf(got.Thread); now != state {
		t.Fatalf("the conversation is %q, its timeline says %q", now, state)
	}
}

// checkOwner lets an open conversation that people have be somebody's, or in a queue.
func checkOwner(t *rapid.T, thread conversation.Thread) {
	c := thread.Conversation
	if thread.Open() && c.State != conversation.StateBot && c.Owner == 0 && c.Procedure.Queue == "" {
		t.Fatalf("nobody has the conversation: %+v", c)
	}
}

// checkEnd lets what belongs to an end be there after it alone, and what is awaited before it.
func checkEnd(t *rapid.T, thread conversation.Thread) {
	c := thread.Conversation
	switch {
	case c == nil:
	case thread.Open() && (c.Closing != nil || c.Procedure.Outcome != "" || c.Procedure.Silent || !c.Ended.IsZero()):
		t.Fatalf("an open conversation has an end: %+v", c)
	case !thread.Open() && (c.Ended.IsZero() || c.Procedure.Outcome == "" || c.Procedure.Awaits != "" || c.Closing != nil && len(c.Fetching) == 0):
		t.Fatalf("an ended conversation has none: %+v", c)
	}
}

// checkSends lets free words go within the window only, and automatic ones never be kept for it.
func checkSends(t *rapid.T, before conversation.Thread, got decide.Decision, p *play) {
	open := got.Thread.WindowOpen(p.now, p.set.Window.Margin)
	for _, now := range got.Thread.Outbox.Phone {
		s := now.Effect.Send
		if s.Automatic && s.Free() && now.Held == conversation.HoldWindow {
			t.Fatalf("automatic words are kept: %q", s.Text)
		}
		had := before.Outbox.Find(now.Effect.ID)
		ready := had == nil || had.Held == conversation.HoldWindow
		if s.Free() && !open && ready && now.Held != conversation.HoldWindow {
			t.Fatalf("free words go outside the window: %q", s.Text)
		}
	}
}

// checkFarewell lets the closing text go out when a conversation closes, once, and not where its end is silent.
func checkFarewell(t *rapid.T, before conversation.Thread, got decide.Decision) {
	said := 0
	for _, now := range got.Thread.Outbox.Phone {
		if now.Effect.Send.Text == farewell && before.Outbox.Find(now.Effect.ID) == nil {
			said++
		}
	}
	if said == 0 {
		return
	}
	closes := slices.ContainsFunc(got.Transcript, func(e conversation.Entry) bool { return e.State == conversation.StateClosed })
	c := got.Thread.Conversation
	if said > 1 || !closes || c.Procedure.Silent || c.Procedure.Outcome != conversation.EndClosed {
		t.Fatalf("the closing text goes out %d times: %+v", said, c)
	}
}

// checkBot lets a bot that waits know until when, and the ticket wait for nothing but a bot that talks.
func checkBot(t *rapid.T, thread conversation.Thread) {
	c := thread.Conversation
	if c != nil && c.State == conversation.StateBot && c.Procedure.Bot != nil && c.Procedure.Bot.Step == conversation.BotWaits &&
		(c.Procedure.Awaits == "" || c.Procedure.Patience.IsZero()) {
		t.Fatalf("the bot waits for ever: %+v", c.Procedure)
	}
	creations := 0
	for _, p := range thread.Outbox.Ticket {
		if p.Held == conversation.HoldBot && stateOf(thread) != conversation.StateBot {
			t.Fatalf("%s waits for a bot while the conversation is %q", p.Effect.Kind, stateOf(thread))
		}
		if p.Effect.Kind == conversation.EffectCreate {
			creations++
		}
	}
	if creations > 1 {
		t.Fatalf("%d tickets are being made", creations)
	}
}
