package bridge_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestAccountMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		key := conversation.AccountPrefix + "100"
		for _, text := range []string{"um", "dois"} {
			h.put(key, conversation.Event{Kind: conversation.EventNotice, Notice: &conversation.Notice{Rule: "account", Text: text}})
			h.step(e, 1)
			h.clock.advance(time.Second)
		}
		h.put(key, conversation.Event{Kind: conversation.EventWake}) // says nothing
		h.step(e, 1)
		now := h.clock.now()
		h.same("notices", stored[conversation.Account](h, key).Notices, []conversation.KeptNotice{
			{At: now.Add(-2 * time.Second), Rule: "account", Text: "um"}, {At: now.Add(-time.Second), Rule: "account", Text: "dois"},
		})
		h.same("effects", len(h.perform.attempts()), 0)
		h.idle()
	})
}

// TestTicketMailbox wants one look at a ticket that no thread knows, and nothing to be kept of it afterwards.
func TestTicketMailbox(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		key := conversation.TicketPrefix + "55"
		limited := true
		h.perform.on(conversation.EffectLookup, func(t try) conversation.Result {
			if limited {
				limited = false
				return conversation.Result{Outcome: conversation.Later, NotBefore: h.clock.now().Add(time.Second)}
			}
			return well(t)
		})
		e := h.engine()
		h.put(key, h.hint(55), h.hint(55))
		h.step(e, 1)
		h.same("state kept while it waits", len(stored[conversation.Job](h, key).Outbox.Background), 1)
		h.clock.advance(time.Second)
		h.step(e, 1)
		tries := h.perform.attempts()
		if len(tries) != 2 || tries[0].Pending.Effect.Hint.Ticket != 55 {
			h.Fatalf("looked %d times", len(tries))
		}
		h.same("fields afterwards", len(h.peek(key).Fields), 0)
		h.same("version afterwards: all is forgotten", h.peek(key).Version, int64(0))
		h.idle()

		h.put(key, h.hint(55))
		h.step(e, 1)
		h.same("a later hint looks again", len(h.perform.attempts()), 3)
	})
}

// TestOwnJobs wants the jobs to run at the start, and then by their deadlines: those of the auditor and the reports have tests of their own.
func TestOwnJobs(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.options = bridge.Options{Reconcile: 2 * time.Minute, Repair: time.Hour}
		e := h.engine()
		h.ok(e.Start(h.Context()))
		h.ok(e.Start(h.Context())) // as another instance does
		h.step(e, 4)
		h.same("at the start", h.count(), [2]int{1, 1})
		first := h.perform.attempts()
		for _, a := range first {
			if a.Key == conversation.ReconcileKey && !a.Pending.Effect.Sweep.Since.Equal(h.clock.now().Add(-2*time.Minute)) {
				h.Errorf("the first sweep begins at %v", a.Pending.Effect.Sweep.Since)
			}
		}
		h.step(e, 0)
		h.clock.advance(2*time.Minute - time.Millisecond)
		h.step(e, 0)
		h.clock.advance(time.Millisecond)
		h.step(e, 1)
		h.same("after two minutes", h.count(), [2]int{2, 1})
		h.same("cursor", h.lastSweep().Cursor, "c1")
		h.ok(e.Start(h.Context())) // a restart does not disturb the schedule
		h.step(e, 4)
		h.same("after a restart", h.count(), [2]int{2, 1})
		h.clock.advance(time.Hour)
		h.step(e, 4)
		h.same("after an hour, caught up once", h.count(), [2]int{3, 2})
		if _, in := h.score(conversation.ReconcileKey, "tmr"); !in {
			h.Error("the next reconciliation has no deadline")
		}
		h.idle()
	})
}

// count tells how often both jobs ran.
func (h *house) count() (n [2]int) {
	for _, k := range h.perform.kinds() {
		if k == conversation.EffectReconcile {
			n[0]++
		}
		if k == conversation.EffectRepair {
			n[1]++
		}
	}
	return n
}

func (h *house) lastSweep() (s conversation.Sweep) {
	for _, a := range h.perform.attempts() {
		if a.Pending.Effect.Sweep != nil && a.Key == conversation.ReconcileKey {
			s = *a.Pending.Effect.Sweep
		}
	}
	return s
}

// TestReconcilePages wants pages to follow each other at once, and a failure to cost one turn only.
func TestReconcilePages(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		pages := []conversation.Result{
			{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "a", More: true}},
			{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "b", More: true}},
			{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "c"}},
			{Outcome: conversation.Failed, Reason: "zendesk: bad"},
			{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "d"}},
		}
		var cursors []string
		h.perform.on(conversation.EffectReconcile, func(t try) conversation.Result {
			cursors = append(cursors, t.Pending.Effect.Sweep.Cursor)
			r := pages[0]
			pages = pages[1:]
			return r
		})
		e := h.engine()
		h.put(conversation.ReconcileKey, conversation.Event{Kind: conversation.EventWake})
		h.step(e, 1)
		h.same("pages at once", cursors, []string{"", "a", "b"})
		for range 2 {
			h.clock.advance(2 * time.Minute)
			h.step(e, 1)
		}
		h.same("turns", cursors, []string{"", "a", "b", "c", "c"})
		h.idle()
	})
}
