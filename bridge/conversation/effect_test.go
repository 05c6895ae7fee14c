package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestComment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lines []conversation.Line
		body  string
		ids   []string
	}{
		{name: "nothing"},
		{name: "one", lines: []conversation.Line{{MessageID: "a", Text: "oi"}}, body: "oi", ids: []string{"a"}},
		{
			name:  "several",
			lines: []conversation.Line{{MessageID: "a", Text: "oi"}, {Text: "nota"}, {MessageID: "b", Text: "duas\nlinhas"}},
			body:  "oi\n\nnota\n\nduas\nlinhas", ids: []string{"a", "b"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := conversation.Comment{Lines: tt.lines}
			if got := c.Body(); got != tt.body {
				t.Errorf("Body() = %q, want %q", got, tt.body)
			}
			if diff := cmp.Diff(tt.ids, c.MessageIDs()); diff != "" {
				t.Errorf("MessageIDs() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLanes(t *testing.T) {
	t.Parallel()
	tests := map[conversation.EffectKind]conversation.Lane{
		conversation.EffectUser: conversation.LaneTicket, conversation.EffectCreate: conversation.LaneTicket,
		conversation.EffectComment: conversation.LaneTicket, conversation.EffectPull: conversation.LaneTicket,
		conversation.EffectSend: conversation.LanePhone, conversation.EffectLookup: conversation.LaneBackground,
		conversation.EffectReconcile: conversation.LaneBackground, conversation.EffectRepair: conversation.LaneBackground,
		"of a newer version": conversation.LaneBackground,
	}
	for kind, want := range tests {
		if got := kind.Lane(); got != want {
			t.Errorf("lane of %q = %d, want %d", kind, got, want)
		}
	}
}

func TestEventsAreStoredWhole(t *testing.T) {
	t.Parallel()
	events := []conversation.Event{
		{
			Kind: conversation.EventMessage, ID: "wamid.1", At: at(0), Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321"},
			Message: &conversation.Message{ID: "wamid.1", Type: "text", Text: "oi", Sent: at(0), Re: "wamid.0"}, Raw: json.RawMessage(`{"id":"wamid.1"}`),
		},
		{Kind: conversation.EventNotice, At: at(0), Notice: &conversation.Notice{Rule: "system", Text: "mudou de número"}},
		{Kind: conversation.EventStatus, At: at(0), Status: &conversation.Status{
			MessageID: "wamid.2", Effect: "4", State: failed, At: at(1), Code: 131026, Reason: "não entregue",
		}},
		{Kind: conversation.EventHint, At: at(0), Hint: &conversation.Hint{Ticket: 11, Status: "open", UpdatedAt: at(2), Sweep: true}},
		{Kind: conversation.EventResult, At: at(0), Result: &conversation.Result{
			Effect: "4", Kind: conversation.EffectPull, Outcome: conversation.Done, NotBefore: at(4), SentAt: at(3), Free: true, Repeated: true,
			Reason: "r", Advice: "a", Code: conversation.CodeTicketGone, User: 7,
			Ticket: &conversation.TicketResult{ID: 11, Status: "new", Comments: []int64{1}},
			Pulled: &conversation.Pulled{Status: "open", At: at(5), Hint: conversation.Hint{Ticket: 11}, Comments: []conversation.Pull{
				{ID: 2, Author: 3, Staff: true, Public: true, Texts: []string{"olá"}, Attachments: 1, Created: at(4)},
			}},
			Sent:  &conversation.Sent{MessageID: "wamid.2", WaID: "551187654321", Parked: []conversation.Status{{MessageID: "wamid.2", State: sent}}},
			Sweep: &conversation.Sweep{Cursor: "x", Since: at(1), More: true},
		}},
		{Kind: conversation.EventRetry, At: at(0), Effect: &conversation.Effect{ID: "1", Kind: conversation.EffectSend, Send: &conversation.Send{Text: "olá"}}},
		{Kind: conversation.EventWake, At: at(0)},
	}
	for _, e := range events {
		t.Run(string(e.Kind), func(t *testing.T) {
			t.Parallel()
			raw, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			got, err := conversation.DecodeEvent(raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e, got); diff != "" {
				t.Errorf("read again (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnreadableEvents(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{", "[]", `{"k":1}`, `{"at":"yesterday"}`} {
		if e, err := conversation.DecodeEvent([]byte(raw)); err == nil {
			t.Errorf("DecodeEvent(%q) = %+v", raw, e)
		}
	}
	if _, err := (conversation.Event{Raw: json.RawMessage("{")}).Encode(); err == nil {
		t.Error("an event with broken raw words was encoded")
	}
}
