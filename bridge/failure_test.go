package bridge_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// take lets another worker take a mailbox whose lease has run out.
func (h *house) take(key string) *mailbox.Lease {
	h.Helper()
	other := h.open(h.cfg)
	leases, err := other.Claim(h.Context(), []int{other.Partition(key)}, 1)
	h.ok(err)
	if len(leases) != 1 || leases[0].Key != key {
		h.Fatalf("claimed %d mailboxes; want %s", len(leases), key)
	}
	return leases[0]
}

// TestFenceLost lets the lease go to another worker while an effect hangs: the effect is called off and its result dropped.
func TestFenceLost(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		e := h.engine()
		done := h.background(h.Context(), e)
		h.await("comment under way", g.entered)
		h.steal(thread)
		e.Notify(thread) // a beat finds out
		h.await("the effect called off", g.left)
		h.await("the session's end", done)
		got := stored[conversation.Thread](h, thread)
		if got.Conversation.Ticket.ID != 11 || len(got.Outbox.Ticket) != 1 {
			h.Errorf("the result of a lost lease was taken in: %+v", got)
		}
		h.same("journal", h.journal(thread), []string{"j:1"})
		h.same("leases lost", h.metric("ponte_leases_lost_total"), 1.0)
		h.same("halted", h.stats().Halted, 0)
	})
}

// steal ends a lease behind its holder's back, as a long stall does, and has another worker claim the mailbox.
func (h *house) steal(key string) *mailbox.Lease {
	h.Helper()
	h.expire(key)
	return h.take(key)
}

// expire ends a lease.
func (h *house) expire(key string) {
	h.Helper()
	if err := h.r.Client.ZAdd(h.Context(), h.redisKey(key, "run"), redis.Z{Score: 1, Member: key}).Err(); err != nil {
		h.Error(err)
	}
}

// TestMarkAfterTheLease wants the journal to refuse an effect whose worker stalled until its lease had run out, even when
// nobody else has taken over.
func TestMarkAfterTheLease(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		var marks []error
		h.perform.on(conversation.EffectSend, func(t try) conversation.Result {
			if len(marks) == 0 {
				h.expire(thread)
			}
			_, err := t.mark(t.ctx, false)
			marks = append(marks, err)
			if err != nil {
				return conversation.Result{Outcome: conversation.Later, NotBefore: h.clock.now().Add(time.Second), Reason: "journal"}
			}
			return well(t)
		})
		h.seed(thread, openThread(conversation.Outbox{Phone: []conversation.Pending{sendEffect("2", "bom dia")}}), h.clock.now())
		e := h.engine()
		h.step(e, 1)
		h.same("journal", h.journal(thread), []string{})
		h.clock.advance(time.Second)
		h.step(e, 1)
		if len(marks) != 2 || !errors.Is(marks[0], mailbox.ErrFenceLost) || marks[1] != nil {
			h.Errorf("marks: %v; want a lost lease, then none", marks)
		}
		h.idle()
	})
}

// TestEffectEndsWithItsLease wants an effect to be called off when what was left of the lease at its journal entry is over,
// though the session goes on: whoever might have taken over would have looked for it by then.
func TestEffectEndsWithItsLease(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.boxes = h.leased(short)
		h.perform.on(conversation.EffectComment, func(t try) conversation.Result {
			sent, err := t.mark(t.ctx, false)
			if err != nil {
				h.Error(err)
			}
			<-t.ctx.Done()
			return conversation.Result{Outcome: conversation.Unsure, SentAt: sent, NotBefore: sent.Add(time.Minute)}
		})
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		h.step(h.engine(), 1)
		if p := stored[conversation.Thread](h, thread).Outbox.Ticket[0]; !p.Unsure || !p.SentAt.Equal(h.clock.now()) {
			h.Errorf("afterwards: %+v", p)
		}
		h.same("leases lost", h.metric("ponte_leases_lost_total"), 0.0)
		h.idle()
	})
}

func TestPanicInPerform(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.perform.on(conversation.EffectComment, func(t try) conversation.Result {
			if t.Pending.Unsure {
				return well(t)
			}
			panic("boom")
		})
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		e := h.engine()
		h.step(e, 1)
		p := stored[conversation.Thread](h, thread).Outbox.Ticket[0]
		if !p.Unsure || !p.SentAt.Equal(h.clock.now()) || !p.NotBefore.Equal(h.clock.now().Add(time.Minute)) {
			h.Errorf("after a panic: %+v", p)
		}
		h.same("panics", h.metric("ponte_panics_total"), 1.0)
		h.same("unsure", h.metric("ponte_effects_total", "kind", "comment", "outcome", "unsure"), 1.0)
		h.idle()
		h.clock.advance(time.Minute)
		h.step(e, 1)
		if got := stored[conversation.Thread](h, thread); !got.Outbox.Empty() {
			h.Errorf("left in the outbox: %+v", got.Outbox)
		}
	})
}

func TestUnreadableEvent(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		good, err := h.says("wamid.1", "oi").Encode()
		h.ok(err)
		_, err = h.boxes.Append(h.Context(), mailbox.Delivery{Key: thread, Events: []mailbox.Event{{ID: "bad", Data: []byte("{nonsense")}, {ID: "wamid.1", Data: good}}})
		h.ok(err)
		h.step(h.engine(), 1)
		letters := h.dead()
		if len(letters) != 1 || letters[0].Key != thread || string(letters[0].Event) != "{nonsense" {
			h.Fatalf("dead letters: %+v", letters)
		}
		h.same("effects of the event behind it", h.perform.kinds(), []conversation.EffectKind{conversation.EffectUser, conversation.EffectCreate})
		h.idle()
	})
}

// TestHalted wants a mailbox whose handling fails by itself to be halted at the third time, with all that came kept.
func TestHalted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		key     string
		prepare func(h *house)
		panics  float64
	}{
		{"broken state", thread, func(h *house) {
			h.seedFields(thread, map[string][]byte{"s": []byte("{nonsense")}, time.Time{})
			h.put(thread, h.says("wamid.1", "oi"))
		}, 0},
		{"panicking decision", thread, func(h *house) {
			h.put(thread, h.says("wamid.1", "oi"), conversation.Event{Kind: conversation.EventMessage})
		}, 3},
		{"no kind of mailbox", "nonsense", func(h *house) { h.put("nonsense", h.says("wamid.1", "oi")) }, 0},
		{"job of a newer version", "sys|tomorrow", func(h *house) { h.put("sys|tomorrow", conversation.Event{Kind: conversation.EventWake}) }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				tt.prepare(h)
				inbox := h.peek(tt.key).Inbox
				e := h.engine()
				for range 3 {
					h.same("halted", h.peek(tt.key).Halted, "")
					h.step(e, 1)
					h.step(e, 0) // a second's pause
					h.clock.advance(time.Second)
				}
				h.step(e, 0)
				if s := h.peek(tt.key); s.Halted == "" || s.Inbox != inbox {
					h.Errorf("halted for %q with %d events; want %d", s.Halted, s.Inbox, inbox)
				}
				h.same("halted mailboxes", h.stats().Halted, 1)
				h.same("counted", h.metric("ponte_mailboxes_halted_total"), 1.0)
				h.same("panics", h.metric("ponte_panics_total"), tt.panics)
				h.same("effects", len(h.perform.attempts()), 0)
				h.idle()
			})
		})
	}
}

// TestResumed wants a halted mailbox to go on where it stood once its fault is mended.
func TestResumed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.seedFields(thread, map[string][]byte{"s": []byte("{nonsense")}, time.Time{})
		h.put(thread, h.says("wamid.1", "oi"))
		e := h.engine()
		for range 3 {
			h.step(e, 1)
			h.clock.advance(time.Second)
		}
		h.ok(h.r.Client.HDel(h.Context(), h.redisKey(thread, "c:"+thread), "s").Err())
		resumed, err := h.boxes.Resume(h.Context(), thread)
		h.ok(err)
		h.same("resumed", resumed, true)
		h.step(e, 1)
		h.same("effects", h.perform.kinds(), []conversation.EffectKind{conversation.EffectUser, conversation.EffectCreate})
	})
}

// TestFailureCallsEffectsOff wants a session that fails to end its effects before the mailbox can be claimed again.
func TestFailureCallsEffectsOff(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		g := newGate()
		h.perform.on(conversation.EffectComment, g.hang)
		h.seed(thread, openThread(conversation.Outbox{Ticket: []conversation.Pending{commentEffect("1", "oi")}}), h.clock.now())
		e := h.engine()
		done := h.background(h.Context(), e)
		h.await("comment under way", g.entered)
		h.put(thread, conversation.Event{Kind: conversation.EventMessage})
		e.Notify(thread)
		h.await("the effect called off", g.left)
		h.await("the session's end", done)
		h.same("journal", h.journal(thread), []string{"j:1"})
		h.same("panics", h.metric("ponte_panics_total"), 1.0)
		if _, due := h.score(thread, "due"); !due {
			h.Error("the mailbox waits for nobody")
		}
	})
}

// TestRedisGone wants a session whose commit fails to leave the mailbox to whoever claims it next.
func TestRedisGone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.boxes = h.leased(short)
		ctx, cancel := context.WithCancel(h.Context())
		h.perform.on(conversation.EffectUser, func(t try) conversation.Result {
			cancel() // every call of Redis fails from now on
			return well(t)
		})
		h.put(thread, h.says("wamid.1", "oi"))
		_, err := h.engine().Step(ctx)
		if !errors.Is(err, context.Canceled) {
			h.Errorf("Step: %v", err)
		}
		h.same("halted", h.metric("ponte_mailboxes_halted_total"), 0.0)
		h.r.Advance(2 * short)
		h.step(h.engineOn(h.boxes, h.perform, prometheus.NewRegistry()), 1)
		h.same("effects", h.perform.kinds(), []conversation.EffectKind{
			conversation.EffectUser, conversation.EffectUser, conversation.EffectCreate,
		})
	})
}
