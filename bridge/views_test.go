package bridge_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestViewsOfAnEarlierSchema wants a thread that was stored before there were queues in its views from its first commit on, though nothing
// was said with that, and out of them with the next one.
func TestViewsOfAnEarlierSchema(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		began := h.clock.now()
		old := openThread(conversation.Outbox{})
		old.Conversation.State, old.Conversation.Started, old.LastInbound = conversation.StateQueued, began, began
		old.Conversation.Procedure.Queue = "Suporte"
		old.Registered = true
		h.seed(thread, old, time.Time{})
		h.clock.advance(time.Minute)
		h.put(thread, conversation.Event{Kind: conversation.EventStatus, ID: "st:1", At: h.clock.now(), Status: &conversation.Status{
			MessageID: "wamid.1", Effect: "1", State: conversation.DeliveryRead, At: h.clock.now(),
		}})
		h.step(e, 1)
		h.same("queue", h.members(conversation.ViewQueue+"Suporte"), map[string]float64{thread: conversation.WaitScore(began, false)})
		h.same("looked at", len(h.members(conversation.ViewAudit)), 1)

		take := conversation.Command{ID: "take-0001", Kind: conversation.CommandTake, Session: old.Conversation.Session, Agent: conversation.Agent{ID: 9, Name: "Ana"}}
		h.put(thread, conversation.Event{Kind: conversation.EventCommand, ID: "c:take-0001", At: h.clock.now(), Command: &take})
		h.step(e, 1)
		h.same("owner", stored[conversation.Thread](h, thread).Conversation.Owner, int64(9))
		h.same("queue", h.members(conversation.ViewQueue+"Suporte"), map[string]float64{})
		h.view(conversation.ViewActive+"9", thread)
	})
}

// members is who stands in a view.
func (h *house) members(view string) map[string]float64 {
	h.Helper()
	members, err := h.boxes.IndexMembers(h.Context(), view)
	h.ok(err)
	return members
}
