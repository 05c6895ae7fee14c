package bridge_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

func TestFirstMessage(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		h.put(thread, h.says("wamid.1", "oi"))
		h.step(e, 1)

		h.same("effects", h.perform.kinds(), []conversation.EffectKind{conversation.EffectUser, conversation.EffectCreate})
		user, create := h.perform.attempts()[0], h.perform.attempts()[1]
		if user.Key != thread || user.Thread.Contact.Zendesk != 0 || !user.Pending.Frozen {
			h.Errorf("user was tried with %+v", user)
		}
		if create.Thread.Contact.Zendesk != 7 || create.Thread.Conversation.Session != "wa-100-c1-1" {
			h.Errorf("create was tried with the thread %+v", create.Thread)
		}
		h.same("words", create.Pending.Effect.Comment.Body(), "oi")

		got := stored[conversation.Thread](h, thread)
		h.same("ticket", got.Conversation.Ticket, conversation.Ticket{ID: 11, Status: "new", Own: []int64{101}, Session: "wa-100-c1-1"})
		if !got.Outbox.Empty() || got.Contact.Zendesk != 7 {
			h.Errorf("stored thread: %+v", got)
		}
		h.same("inbox", h.peek(thread).Inbox, 0)
		h.idle()
		h.view("state:queued", thread)
		h.same("transcript", h.transcript("wa-100-c1-1"), []string{"state queued", "oi"})
		h.same("done users", h.metric("ponte_effects_total", "kind", "user", "outcome", "done"), 1.0)
		h.same("timed creations", h.metric("ponte_effect_seconds", "kind", "create"), 1.0)
		h.same("reasons", h.metric("ponte_decisions_total", "event", "message", "reason", "customer writes"), 1.0)
	})
}

// view wants a view to hold exactly one mailbox.
func (h *house) view(name, key string) {
	h.Helper()
	members, err := h.boxes.IndexMembers(h.Context(), name)
	h.ok(err)
	if len(members) != 1 || members[key] != float64(h.clock.now().UnixMilli()) {
		h.Errorf("view %s = %v; want %s alone, since now", name, members, key)
	}
}

func (h *house) transcript(session string) []string {
	h.Helper()
	raw, err := h.boxes.Transcript(h.Context(), thread, session)
	h.ok(err)
	lines := []string{}
	for _, r := range raw {
		var entry conversation.Entry
		h.ok(json.Unmarshal(r, &entry))
		if entry.State != "" {
			lines = append(lines, "state "+string(entry.State))
			continue
		}
		lines = append(lines, entry.Text)
	}
	return lines
}

func TestViewsFollowTheState(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		h.perform.on(conversation.EffectPull, func(t try) conversation.Result {
			r := well(t)
			r.Pulled.Status = "pending"
			return r
		})
		h.put(thread, h.says("wamid.1", "oi"))
		h.step(e, 1)
		h.put(thread, h.hint(11))
		h.step(e, 1)
		h.view("state:pending", thread)
		members, err := h.boxes.IndexMembers(h.Context(), "state:queued")
		h.ok(err)
		h.same("left view", len(members), 0)
	})
}

// TestLanesSideBySide lets a comment hang and wants two replies to reach the phone meanwhile, one after the other.
func TestLanesSideBySide(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g, sent := newGate(), make(chan string, 2)
		h.perform.on(conversation.EffectComment, g.hang)
		h.perform.on(conversation.EffectSend, func(t try) conversation.Result {
			sent <- t.Pending.Effect.Send.Text
			return well(t)
		})
		h.seed(thread, openThread(conversation.Outbox{
			Ticket: []conversation.Pending{commentEffect("1", "oi"), commentEffect("4", "mais")},
			Phone:  []conversation.Pending{sendEffect("2", "bom dia"), sendEffect("3", "tudo bem?")},
		}), h.clock.now())
		done := h.background(h.Context(), h.engine())
		h.await("comment under way", g.entered)
		for _, want := range []string{"bom dia", "tudo bem?"} {
			select {
			case got := <-sent:
				h.same("sent", got, want)
			case <-time.After(long):
				h.Fatal("a hanging comment stops the phone")
			}
		}
		for _, a := range h.perform.attempts() {
			if a.Pending.Effect.ID == "4" {
				h.Error("a comment overtook one that is under way")
			}
		}
		close(g.open)
		h.await("the session's end", done)
		if got := stored[conversation.Thread](h, thread); !got.Outbox.Empty() {
			h.Errorf("left in the outbox: %+v", got.Outbox)
		}
		h.idle()
	})
}

// TestEventsWhileAnEffectHangs wants new events to be taken in and acted on beside an effect that hangs, told of by Notify.
func TestEventsWhileAnEffectHangs(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.hanging(func(notify func(...string)) { notify(thread) })
	})
}

// TestBeatReadsEvents wants the same without Notify: another instance took the event in.
func TestBeatReadsEvents(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.boxes = h.leased(5 * time.Second)
		h.hanging(func(func(...string)) {})
	})
}

func (h *house) hanging(tell func(notify func(...string))) {
	h.Helper()
	g, pulled := newGate(), make(chan struct{})
	h.perform.on(conversation.EffectSend, g.hang)
	h.perform.on(conversation.EffectPull, func(t try) conversation.Result {
		defer close(pulled)
		return well(t)
	})
	h.seed(thread, openThread(conversation.Outbox{Phone: []conversation.Pending{sendEffect("2", "bom dia")}}), h.clock.now())
	e := h.engine()
	done := h.background(h.Context(), e)
	h.await("send under way", g.entered)
	h.put(thread, h.hint(11))
	tell(e.Notify)
	h.await("pull beside the hanging send", pulled)
	close(g.open)
	h.await("the session's end", done)
	h.idle()
}

func TestLater(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		at := h.clock.now().Add(7*time.Second + 300*time.Microsecond) // Redis keeps whole milliseconds
		results := []conversation.Result{
			{Outcome: conversation.Later, NotBefore: at, Reason: "zendesk: limited"},
			{Outcome: conversation.Later, NotBefore: at.Add(time.Second), Free: true, Reason: "rate budget"},
		}
		h.perform.on(conversation.EffectUser, func(t try) conversation.Result {
			if len(results) == 0 {
				return well(t)
			}
			r := results[0]
			results = results[1:]
			return r
		})
		e := h.engine()
		h.put(thread, h.says("wamid.1", "oi"))
		h.step(e, 1)
		h.idle()
		h.clock.advance(7 * time.Second) // not yet: a part of a millisecond is missing
		h.step(e, 0)
		h.same("tries before the time", len(h.perform.attempts()), 1)
		h.clock.advance(time.Millisecond)
		h.step(e, 1)
		h.clock.advance(time.Second)
		h.step(e, 1)
		var tries []int
		for _, a := range h.perform.attempts() {
			if a.Pending.Effect.Kind == conversation.EffectUser {
				tries = append(tries, a.Pending.Attempts)
			}
		}
		h.same("attempts counted; waiting for a limit costs none", tries, []int{0, 1, 1})
		h.same("later", h.metric("ponte_effects_total", "kind", "user", "outcome", "later"), 2.0)
		if stored[conversation.Thread](h, thread).Conversation.Ticket.ID != 11 {
			h.Error("the creation did not follow")
		}
	})
}

// TestJournal wants the entry to stand while an effect is under way, and to be gone after it.
func TestJournal(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		done := h.background(h.Context(), h.engine())
		h.await("comment under way", g.entered)
		h.same("journal", h.journal(thread), []string{"j:1"})
		close(g.open)
		h.await("the session's end", done)
		h.same("journal afterwards", h.journal(thread), []string{})
	})
}

// TestUnsure wants an effect whose outcome is unknown to come again, as such, when its time has come, and never before.
func TestUnsure(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		sent := h.clock.now()
		h.perform.on(conversation.EffectComment, func(t try) conversation.Result {
			if t.Pending.Unsure {
				return well(t)
			}
			at, err := t.mark(t.ctx, false)
			if err != nil {
				h.Error(err)
			}
			return conversation.Result{Outcome: conversation.Unsure, SentAt: at, NotBefore: at.Add(15 * time.Second), Repeated: true}
		})
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), sent)
		e := h.engine()
		h.step(e, 1)
		h.same("journal: the state knows it now", h.journal(thread), []string{})
		h.clock.advance(14 * time.Second)
		h.step(e, 0)
		h.clock.advance(time.Second)
		h.step(e, 1)
		again := h.perform.attempts()[1].Pending
		if !again.Unsure || !again.Frozen || !again.SentAt.Equal(sent) || again.Attempts != 1 {
			h.Errorf("tried again as %+v", again)
		}
		h.same("repeats", h.metric("ponte_repeated_messages_total"), 1.0)
		h.idle()
	})
}

// TestCrash lets a worker die between the journal entry and the result: the next one knows that the effect may have happened.
func TestCrash(t *testing.T) {
	t.Parallel()
	for name, repeat := range map[string]bool{"first": false, "repeat": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				h.boxes = h.leased(short)
				entered, left := make(chan struct{}), make(chan struct{})
				h.perform.on(conversation.EffectSend, func(t try) conversation.Result {
					if t.Pending.Unsure {
						return well(t)
					}
					defer close(left)
					if _, err := t.mark(t.ctx, repeat); err != nil {
						h.Error(err)
					}
					close(entered)
					<-t.ctx.Done()
					return well(t)
				})
				sent := h.clock.now()
				h.seed(thread, openThread(conversation.Outbox{Phone: []conversation.Pending{sendEffect("2", "bom dia")}}), sent)
				dying, die := context.WithCancel(h.Context())
				done := h.background(dying, h.engine())
				h.await("send under way", entered)
				die()
				h.await("the worker's end", done)
				h.await("the effect's end with it", left)
				h.same("journal", h.journal(thread), []string{"j:2"})

				h.clock.advance(time.Hour)
				h.r.Advance(2 * short)
				h.step(h.engineOn(h.boxes, h.perform, prometheus.NewRegistry()), 1)
				tries := h.perform.attempts()
				if len(tries) != 2 {
					h.Fatalf("%d tries; want 2", len(tries))
				}
				p := tries[1].Pending
				if !p.Unsure || !p.Frozen || !p.SentAt.Equal(sent) || p.Repeated != repeat {
					h.Errorf("the next worker got %+v", p)
				}
				h.same("journal afterwards", h.journal(thread), []string{})
				h.idle()
			})
		})
	}
}

// TestOrphanedJournal wants an entry to be cleared away whose effect is settled, and one that can't be read.
func TestOrphanedJournal(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		raw, err := json.Marshal(openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}))
		h.ok(err)
		h.seedFields(thread, map[string][]byte{"s": raw, "j:1": []byte("{"), "j:99": []byte(`{"at":"2026-03-02T09:00:00Z"}`)}, h.clock.now())
		h.step(h.engine(), 1)
		h.same("journal", h.journal(thread), []string{})
		h.same("tries", len(h.perform.attempts()), 1)
		h.idle()
	})
}

// TestCoalescing wants a comment to wait for more words until its time has come, and then to carry them all.
func TestCoalescing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		e := h.engine()
		h.seed(thread, openThread(conversation.Outbox{}), time.Time{})
		h.put(thread, h.says("wamid.1", "um"))
		h.step(e, 1)
		h.clock.advance(15 * time.Second)
		h.put(thread, h.says("wamid.2", "dois"))
		h.step(e, 1)
		h.clock.advance(19 * time.Second)
		h.step(e, 0)
		h.same("tries before the time", len(h.perform.attempts()), 0)
		h.clock.advance(time.Second)
		h.step(e, 1)
		tries := h.perform.attempts()
		if len(tries) != 1 {
			h.Fatalf("%d tries; want 1", len(tries))
		}
		h.same("words", tries[0].Pending.Effect.Comment.Body(), "um\n\ndois")
		h.idle()
	})
}

// TestDeadEffect wants an effect that failed for good to be kept, and an operator's retry to perform it again.
func TestDeadEffect(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		fails := true
		h.perform.on(conversation.EffectComment, func(t try) conversation.Result {
			if fails {
				fails = false
				return conversation.Result{Outcome: conversation.Failed, Reason: "zendesk: invalid"}
			}
			return well(t)
		})
		e := h.engine()
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		h.step(e, 1)
		letters := h.dead()
		if len(letters) != 1 || letters[0].Key != thread || letters[0].Reason != "zendesk: invalid" {
			h.Fatalf("dead letters: %+v", letters)
		}
		h.idle()

		h.ok(h.boxes.RetryDead(h.Context(), letters[0].ID))
		h.step(e, 1)
		tries := h.perform.attempts()
		h.same("words tried", []string{tries[0].Pending.Effect.Comment.Body(), tries[1].Pending.Effect.Comment.Body()}, []string{"oi", "oi"})
		if tries[0].Pending.Effect.ID == tries[1].Pending.Effect.ID {
			h.Error("the retry is the same effect: its marker would be found")
		}
		h.same("dead letters afterwards", h.dead(), []mailbox.DeadLetter(nil))
		h.idle()
	})
}
