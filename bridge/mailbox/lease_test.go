package mailbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestClaimTakesTheLongestWaitingFirst(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		var keys []string // all in one partition
		for i := 0; len(keys) < 5; i++ {
			if key := fmt.Sprint("k", i); h.Partition(key) == 1 {
				keys = append(keys, key)
			}
		}
		for i := range keys { // the last one waits longest
			h.put(keys[len(keys)-1-i], "1")
			h.clock.advance(time.Second)
		}
		h.put(keys[4], "2") // and keeps its place in the row
		for i := 4; i > 0; i -= 2 {
			leases, err := h.Claim(t.Context(), []int{0, 1, 2}, 2)
			h.ok(err)
			h.same("claimed", []string{leases[0].Key, leases[1].Key}, []string{keys[i], keys[i-1]})
		}
		none, err := h.Claim(t.Context(), []int{0, 2}, 2)
		h.ok(err)
		h.same("other partitions", len(none), 0)
		h.take(h.Store, keys[0])
		h.idle()
	})
}

func TestClaimGivesInboxFieldsAndVersion(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1", "2", "3", "4", "5")
		s := h.with(func(c *mailbox.Config) { c.MaxEvents = 2 })
		l := h.take(s, "a")
		h.same("at most two events", idsOf(l.Inbox()), []string{"1", "2"})
		h.same("no state yet", []any{l.Fields, l.Version}, []any{map[string][]byte{}, int64(0)})
		for _, want := range [][]string{{"1", "2", "3", "4"}, {"1", "2", "3", "4", "5"}} {
			more, err := s.Beat(t.Context(), l)
			h.ok(err)
			h.same("more", more, true)
			h.same("inbox", idsOf(l.Inbox()), want)
		}
		h.commit(l, mailbox.Commit{Consume: 4, Set: map[string][]byte{"s": []byte("x"), "t": []byte("y")}})
		h.commit(l, mailbox.Commit{Release: true})
		l = h.take(s, "a")
		h.same("inbox", idsOf(l.Inbox()), []string{"5"})
		h.same("fields", l.Fields, map[string][]byte{"s": []byte("x"), "t": []byte("y")})
		h.same("version", l.Version, int64(2))
	})
}

func TestClaimWaitsForItsTime(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		halted, err := h.Fail(t.Context(), h.take(h.Store, "a"), h.clock.now().Add(time.Minute), 3, "try again")
		h.ok(err)
		h.same("halted", halted, false)
		h.clock.advance(time.Minute - time.Millisecond)
		h.idle()
		h.clock.advance(time.Millisecond)
		h.take(h.Store, "a")
		h.repaired(0)
	})
}

func TestClaimLeavesNewerSchemasAlone(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		newer := h.with(func(c *mailbox.Config) { c.Schema = 2 })
		h.put("a", "1")
		h.ok(newer.Commit(t.Context(), h.take(newer, "a"), mailbox.Commit{Consume: 1, Release: true}))
		h.put("a", "2") // the older instance may still store events
		h.idle()
		h.repaired(0)
		if byKey := h.claim(newer); len(byKey) != 0 {
			t.Fatalf("claimed %v right after an older instance left it", byKey)
		}
		h.clock.advance(5 * time.Second)
		l := h.take(newer, "a")
		h.same("inbox", idsOf(l.Inbox()), []string{"2"})
		h.ok(newer.Commit(t.Context(), l, mailbox.Commit{Consume: 1, Release: true}))

		h.put("b", "1") // written by the older one: the newer one takes it
		h.finish(h.take(h.Store, "b"))
		h.put("b", "2")
		h.take(newer, "b")
	})
}

func TestClaimTakesOverOnlyALeaseThatRanOut(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		hasty := h.hasty()
		h.put("held", "1")
		held := h.take(h.Store, "held")
		h.put("dropped", "1", "2")
		h.take(hasty, "dropped") // and is never heard of again
		h.clock.advance(time.Hour)
		h.r.Advance(2 * short) // leases run on Redis' clock
		l := h.take(h.Store, "dropped")
		h.same("inbox", idsOf(l.Inbox()), []string{"1", "2"})
		h.finish(held)
		h.finish(l)
		h.repaired(0)
	})
}

// operations are all that a worker does with a lease.
func operations(h *house) map[string]func(*mailbox.Lease) error {
	ctx := h.t.Context()
	return map[string]func(*mailbox.Lease) error{
		"step": func(l *mailbox.Lease) error { _, err := h.Step(ctx, l, "j:1", []byte("x")); return err },
		"beat": func(l *mailbox.Lease) error { _, err := h.Beat(ctx, l); return err },
		"commit": func(l *mailbox.Lease) error {
			return h.Commit(ctx, l, mailbox.Commit{
				Consume: 1, Set: map[string][]byte{"s": []byte("stale")}, Transcript: []mailbox.Entry{{Name: "t", Data: []byte("x")}},
				Index: []mailbox.IndexChange{{Name: "v", Score: 1}}, Dead: []mailbox.DeadLetter{{ID: "d"}}, Wake: h.clock.now(),
				Deadline: h.clock.now(), MovedTo: "b",
			})
		},
		"commit and release": func(l *mailbox.Lease) error {
			return h.Commit(ctx, l, mailbox.Commit{Consume: 1, Release: true, Forget: true})
		},
		"release": func(l *mailbox.Lease) error { return h.Release(ctx, l) },
		"fail": func(l *mailbox.Lease) error {
			_, err := h.Fail(ctx, l, h.clock.now(), 1, "stale")
			return err
		},
	}
}

// dump reads every key of two mailboxes and of their partitions, so that a test can tell that nothing changed.
func (h *house) dump() map[string]any {
	h.t.Helper()
	all := map[string]any{}
	ctx, c := h.t.Context(), h.r.Client
	for _, key := range []string{"a", "b"} {
		for _, name := range []string{"in:" + key, "tx:t"} {
			all[key+name] = c.LRange(ctx, h.redisKey(key, name), 0, -1).Val()
		}
		for _, name := range []string{"dd:" + key, "ix:v", "chg", "gone", "due", "run", "tmr", "halt", "dead"} {
			all[key+name] = c.ZRangeWithScores(ctx, h.redisKey(key, name), 0, -1).Val()
		}
		for _, name := range []string{"c:" + key, "deadmsg"} {
			all[key+name] = c.HGetAll(ctx, h.redisKey(key, name)).Val()
		}
	}
	return all
}

func TestALostLeaseChangesNothing(t *testing.T) {
	t.Parallel()
	states := map[string]func(h *house, stale *mailbox.Lease){
		"taken over by another": func(h *house, _ *mailbox.Lease) { h.take(h.Store, "a") },
		"taken over and given back": func(h *house, _ *mailbox.Lease) {
			h.commit(h.take(h.Store, "a"), mailbox.Commit{Release: true})
		},
		"only noticed as run out": func(h *house, _ *mailbox.Lease) {
			_, err := h.Claim(h.t.Context(), []int{0, 1, 2}, 0)
			h.ok(err)
		},
		"given back by itself": func(h *house, stale *mailbox.Lease) { h.ok(h.Release(h.t.Context(), stale)) },
		"forgotten": func(h *house, _ *mailbox.Lease) {
			l := h.take(h.Store, "a")
			h.commit(l, mailbox.Commit{Consume: 1, Release: true, Forget: true})
		},
	}
	for name, lose := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				t := h.t
				h.put("a", "1")
				stale := h.take(h.hasty(), "a")
				h.r.Advance(2 * short)
				lose(h, stale)
				before := h.dump()
				for name, operation := range operations(h) {
					if err := operation(stale); err == nil {
						t.Errorf("%s with the lost lease was carried out", name)
					} else {
						h.fails(err, mailbox.ErrFenceLost)
					}
					h.same("Redis after "+name, h.dump(), before)
				}
				h.repaired(0)
			})
		})
	}
}

func TestStepTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.Store, "a")
		step := func() time.Duration {
			left, err := h.Step(t.Context(), l, "j:1", []byte("sent?"))
			h.ok(err)
			if left <= 0 || left > time.Minute {
				t.Fatalf("left = %v; want within a minute", left)
			}
			return left
		}
		first := step()
		h.r.Advance(2 * short)
		if second := step(); second > first-2*short+time.Millisecond {
			t.Errorf("left = %v, %v later %v; want it to shrink", first, 2*short, second)
		}
		h.same("journal", []any{h.peek("a").Fields, l.Fields}, []any{
			map[string][]byte{"j:1": []byte("sent?")}, map[string][]byte{"j:1": []byte("sent?")},
		})
	})
}

func TestStepIsRefusedAfterTheLeaseRanOut(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.hasty(), "a")
		h.r.Advance(2 * short)
		_, err := h.Step(t.Context(), l, "j:1", []byte("x"))
		h.fails(err, mailbox.ErrFenceLost) // though nobody has taken over
		h.same("journal", h.peek("a").Fields, map[string][]byte{})

		_, err = h.Beat(t.Context(), l) // nobody has, so the lease can be had back
		h.ok(err)
		left, err := h.Step(t.Context(), l, "j:1", []byte("x"))
		h.ok(err)
		if left < 30*time.Second {
			t.Errorf("left = %v; want about a minute", left)
		}
		h.finish(l)
		h.idle()
	})
}

func TestBeatKeepsTheLeaseAndReadsOn(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.hasty(), "a")
		more, err := h.Beat(t.Context(), l) // extends to a minute
		h.ok(err)
		h.same("nothing new", more, false)
		h.put("a", "2", "3")
		h.r.Advance(2 * short)
		h.idle()
		more, err = h.Beat(t.Context(), l)
		h.ok(err)
		h.same("new", more, true)
		h.same("inbox", idsOf(l.Inbox()), []string{"1", "2", "3"})
		h.commit(l, mailbox.Commit{Consume: 2})
		h.put("a", "4")
		_, err = h.Beat(t.Context(), l)
		h.ok(err)
		h.same("inbox", idsOf(l.Inbox()), []string{"3", "4"})
	})
}

func TestReleaseIsDueAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		h.ok(h.Release(t.Context(), h.take(h.Store, "a")))
		h.same("inbox", idsOf(h.take(h.Store, "a").Inbox()), []string{"1"})
	})
}

func TestThirdFailureHalts(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		fail := func() bool {
			halted, err := h.Fail(t.Context(), h.take(h.Store, "a"), h.clock.now(), 3, "panic")
			h.ok(err)
			return halted
		}
		h.put("a", "1")
		h.same("first two", []bool{fail(), fail()}, []bool{false, false})
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Release: true}) // a commit ends the row
		h.same("three more", []bool{fail(), fail(), fail()}, []bool{false, false, true})
		h.same("halted", h.peek("a").Halted, "panic")
		h.put("a", "2")
		h.ok(h.Pause(t.Context(), "a"))
		h.same("reason after a pause", h.peek("a").Halted, "panic")
		h.idle()
		h.repaired(0)

		was, err := h.Resume(t.Context(), "a")
		h.ok(err)
		h.same("was halted", was, true)
		h.same("no reason any more", h.peek("a").Halted, "")
		h.same("counts from the start", []bool{fail(), fail(), fail()}, []bool{false, false, true})
		_, err = h.Resume(t.Context(), "a")
		h.ok(err)
		l := h.take(h.Store, "a")
		h.same("inbox kept", idsOf(l.Inbox()), []string{"1", "2"})
		h.finish(l)
		h.idle()
	})
}

func TestStateDoesNotExpireUnderAWorker(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	h.put("a", "1")
	h.commit(h.take(h.Store, "a"), mailbox.Commit{
		Consume: 1, Set: map[string][]byte{"s": []byte("x")}, Release: true, TTL: 40 * time.Second,
	})
	h.r.Advance(30 * time.Second)
	h.put("a", "2")
	l := h.take(h.Store, "a")
	_, err := h.Step(t.Context(), l, "j:1", []byte("sent?"))
	h.ok(err)
	h.r.Advance(30 * time.Second)
	h.same("fields", h.peek("a").Fields, map[string][]byte{"s": []byte("x"), "j:1": []byte("sent?")})
	h.finish(l)
}
