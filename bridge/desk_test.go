package bridge_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// askDesk puts a command of an agent into the desk's mailbox.
func (h *house) askDesk(c conversation.Command) {
	h.Helper()
	h.put(conversation.DeskKey, conversation.Event{Kind: conversation.EventCommand, ID: "c:" + c.ID, At: h.clock.now(), Command: &c})
}

// deskAnswer is what became of a command there; it is zero while that is not known.
func (h *house) deskAnswer(id string) (a conversation.Answer) {
	h.Helper()
	raw, ok, err := h.boxes.Answer(h.Context(), conversation.DeskKey, id)
	h.ok(err)
	if ok {
		h.ok(json.Unmarshal(raw, &a))
	}
	return a
}

// attends lets the performer do a desk's work: everybody waits in the first queue, and nobody has anything.
func (h *house) attends(waiting *[]conversation.Waiting) (told *[]conversation.DeskNote) {
	told = &[]conversation.DeskNote{}
	h.perform.on(conversation.EffectAgent, func(t try) conversation.Result {
		return conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{
			ID: t.Pending.Effect.Agent, Name: "Ana", Groups: []conversation.Group{{ID: 61, Name: "N1"}},
		}}
	})
	h.perform.on(conversation.EffectDesk, func(t try) conversation.Result {
		seen := conversation.DeskSeen{Queues: map[string][]conversation.Waiting{}, Loads: map[int64]int{}}
		for _, q := range t.Pending.Effect.Desk.Queues {
			seen.Queues[q] = *waiting
		}
		for _, id := range t.Pending.Effect.Desk.Agents {
			seen.Loads[id] = 0
		}
		return conversation.Result{Outcome: conversation.Done, Desk: &seen}
	})
	h.perform.on(conversation.EffectTell, func(t try) conversation.Result {
		h.perform.mu.Lock()
		defer h.perform.mu.Unlock()
		*told = append(*told, *t.Pending.Effect.Tell.Event.Desk)
		return conversation.Result{Outcome: conversation.Done}
	})
	return told
}

// TestDeskMailbox wants the desk to answer commands, to hand out, and to come back by its deadlines.
func TestDeskMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		waiting := []conversation.Waiting{}
		told := h.attends(&waiting)
		e := h.engine()
		h.askDesk(conversation.Command{ID: "presence-1", Kind: conversation.CommandPresence, Agent: conversation.Agent{ID: 31}, Presence: conversation.PresenceOnline})
		h.askDesk(conversation.Command{ID: "presence-2", Kind: conversation.CommandPresence, Agent: conversation.Agent{ID: 32}, Presence: "busy"})
		h.step(e, 1)
		h.same("presence", h.deskAnswer("presence-1"), conversation.Answer{ID: "presence-1", OK: true})
		h.same("no presence", h.deskAnswer("presence-2").Code, conversation.RefusedUnknown)
		h.idle()
		if _, in := h.score(conversation.DeskKey, "tmr"); in {
			h.Error("a desk where nobody waits has a deadline")
		}

		waiting = append(waiting, conversation.Waiting{Thread: "100|c1", Since: h.clock.now()}, conversation.Waiting{Thread: "100|c2", Since: h.clock.now()})
		h.put(conversation.DeskKey, conversation.Event{Kind: conversation.EventDesk, ID: "q1", At: h.clock.now(), Desk: &conversation.DeskNote{
			Word: conversation.DeskQueued, Thread: "100|c1", Session: "s1", Queue: "n1", Automatic: true,
		}})
		h.step(e, 1)
		h.same("words", len(*told), 2)
		h.same("given", (*told)[0].Word, conversation.DeskGive)
		h.same("to", (*told)[0].Agent, conversation.Agent{ID: 31, Name: "Ana"})
		gift := stored[conversation.Desk](h, conversation.DeskKey).Gifts[0]
		h.put(conversation.DeskKey, conversation.Event{Kind: conversation.EventDesk, ID: "a1", At: h.clock.now(), Desk: &conversation.DeskNote{
			Word: conversation.DeskAccepted, Thread: gift.Thread, Agent: conversation.Agent{ID: 31}, Gift: gift.ID,
		}})
		waiting = waiting[1:]
		h.step(e, 1)
		desk := stored[conversation.Desk](h, conversation.DeskKey)
		h.same("gifts on their way", len(desk.Gifts), 1)
		h.same("the last turn", desk.Agents[31].Given.Equal(gift.At), true)

		// The other gift is never answered: its time comes by itself, and then the thread is asked again.
		h.clock.advance(30*time.Second - time.Millisecond)
		h.step(e, 0)
		h.clock.advance(time.Second)
		h.step(e, 1)
		h.same("gifts given up", len(stored[conversation.Desk](h, conversation.DeskKey).Gifts), 0)
		h.same("words", len(*told), 2)
		h.clock.advance(31 * time.Second)
		h.step(e, 1)
		h.same("words", len(*told), 3)
		h.same("again", (*told)[2].Thread, "100|c2")
		if n := h.metric("ponte_decisions_total", "reason", "given"); n != 3 {
			h.Errorf("%v gifts are counted", n)
		}
		h.idle()
	})
}

// TestDeskLimit wants the account's limit to hold as it is now.
func TestDeskLimit(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		waiting := []conversation.Waiting{{Thread: "100|c1"}, {Thread: "100|c2"}, {Thread: "100|c3"}}
		told := h.attends(&waiting)
		limit := 1
		e := bridge.New(bridge.Deps{
			Mailboxes: h.boxes, Perform: h.perform, Settings: func(string) settings.Number { return plain(settings.Default()) }, Now: h.clock.now,
			Account: func() settings.Account { return settings.Account{AgentLimit: limit} },
			NewID:   h.newID, Logger: slog.New(slog.DiscardHandler), Metrics: bridge.NewMetrics(h.registry),
		}, h.options)
		h.askDesk(conversation.Command{ID: "presence-1", Kind: conversation.CommandPresence, Agent: conversation.Agent{ID: 31}, Presence: conversation.PresenceOnline})
		queued := func(id string) {
			h.put(conversation.DeskKey, conversation.Event{Kind: conversation.EventDesk, ID: id, Desk: &conversation.DeskNote{
				Word: conversation.DeskQueued, Thread: "100|c3", Session: "s3", Queue: "N1", Automatic: true,
			}})
			h.step(e, 1)
		}
		queued("q1")
		h.same("given", gives(*told), 1)
		limit = 2
		queued("q2")
		h.same("given with more room", gives(*told), 2)
	})
}

// gives counts the gifts among words.
func gives(told []conversation.DeskNote) (n int) {
	for _, w := range told {
		if w.Word == conversation.DeskGive {
			n++
		}
	}
	return n
}
