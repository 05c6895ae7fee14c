package mailbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

func TestPauseKeepsWorkersAway(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		h.put("a", "1")
		h.ok(h.Pause(ctx, "a"))
		h.ok(h.Pause(ctx, "a"))
		h.put("a", "2")
		h.idle()
		h.same("snapshot", h.peek("a"), mailbox.Snapshot{Fields: map[string][]byte{}, Inbox: 2, Halted: "paused"})
		h.repaired(0)
		for _, want := range []bool{true, false} {
			was, err := h.Resume(ctx, "a")
			h.ok(err)
			h.same("was paused", was, want)
		}
		h.same("inbox", idsOf(h.take(h.Store, "a").Inbox()), []string{"1", "2"})
	})
}

func TestPauseUnderAWorker(t *testing.T) {
	t.Parallel()
	ends := map[string]func(h *house, l *mailbox.Lease){
		"commit":  func(h *house, l *mailbox.Lease) { h.commit(l, mailbox.Commit{Wake: h.clock.now(), Release: true}) },
		"release": func(h *house, l *mailbox.Lease) { h.ok(h.Release(h.t.Context(), l)) },
		"fail": func(h *house, l *mailbox.Lease) {
			_, err := h.Fail(h.t.Context(), l, h.clock.now(), 3, "x")
			h.ok(err)
		},
		"crash":    func(h *house, _ *mailbox.Lease) { h.r.Advance(2 * short) },
		"deadline": func(h *house, l *mailbox.Lease) { h.commit(l, mailbox.Commit{Deadline: h.clock.now(), Release: true}) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				t := h.t
				h.put("a", "1")
				l := h.take(h.hasty(), "a")
				h.ok(h.Pause(t.Context(), "a"))
				end(h, l)
				h.idle()
				h.repaired(0)
				_, err := h.Resume(t.Context(), "a")
				h.ok(err)
				h.same("inbox", idsOf(h.take(h.Store, "a").Inbox()), []string{"1"})
			})
		})
	}
}

func TestResumeUnderAWorker(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.Store, "a")
		h.ok(h.Pause(t.Context(), "a"))
		_, err := h.Resume(t.Context(), "a")
		h.ok(err)
		h.idle() // the worker still has it
		h.finish(l)
		h.idle()
	})
}

// bury makes dead letters in mailboxes of all partitions.
func (h *house) bury(ids ...string) {
	h.t.Helper()
	for i, id := range ids {
		key := fmt.Sprint("box", i)
		h.put(key, "")
		h.commit(h.take(h.Store, key), mailbox.Commit{
			Consume: 1, Dead: []mailbox.DeadLetter{{ID: id, Reason: "r " + id, Event: []byte("e " + id)}}, Release: true,
		})
		h.clock.advance(time.Second)
	}
}

func TestDeadLettersAreListedAndShown(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		began := h.clock.now()
		ids := []string{"d0", "d1", "d2", "d3", "d4", "d5"}
		h.bury(ids...)
		letters, err := h.Dead(ctx, 100)
		h.ok(err)
		slices.SortFunc(letters, func(a, b mailbox.DeadLetter) int { return strings.Compare(a.ID, b.ID) })
		var want []mailbox.DeadLetter
		for i, id := range ids {
			want = append(want, mailbox.DeadLetter{
				ID: id, Key: fmt.Sprint("box", i), Reason: "r " + id, At: began.Add(time.Duration(i) * time.Second), Event: []byte("e " + id),
			})
		}
		h.same("letters", letters, want)
		for limit := range 7 {
			letters, err := h.Dead(ctx, limit)
			h.ok(err)
			h.same("limited", len(letters), limit)
		}
		letter, err := h.DeadLetter(ctx, "d3")
		h.ok(err)
		h.same("one", letter, want[3])
		_, err = h.DeadLetter(ctx, "none")
		h.fails(err, mailbox.ErrNoDeadLetter)
	})
}

func TestDeadLetterThatGoesWhileItIsListed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.bury("d0")
		client := dial(h.t, h.r, nil)
		s := h.with(func(c *mailbox.Config) { c.Client = client })
		trips := 0
		client.AddHook(&faults{next: func() fault {
			if trips++; trips == h.Partition("box0")+2 { // the list of its partition is read, its text is not
				h.ok(h.DropDead(h.t.Context(), "d0"))
			}
			return noFault
		}})
		letters, err := s.Dead(h.t.Context(), 10)
		h.ok(err)
		h.same("letters", len(letters), 0)
	})
}

func TestDeadLetterIsRetriedOnceOrDropped(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		h.bury("d0", "d1")
		h.ok(h.RetryDead(ctx, "d0"))
		h.fails(h.RetryDead(ctx, "d0"), mailbox.ErrNoDeadLetter)
		h.ok(h.DropDead(ctx, "d1"))
		h.fails(h.DropDead(ctx, "d1"), mailbox.ErrNoDeadLetter)
		h.fails(h.RetryDead(ctx, "d1"), mailbox.ErrNoDeadLetter)
		stats, err := h.Stats(ctx)
		h.ok(err)
		h.same("stats", stats, mailbox.Stats{Due: 1, Oldest: h.clock.now().Local()})
		h.same("inbox", h.take(h.Store, "box0").Inbox(), []mailbox.Event{{ID: "retry:d0", Data: []byte("e d0")}})
	})
}

// TestDeadLetterRetryIsInterrupted cuts a retry at each of its round trips: however often it is tried, the event comes once.
func TestDeadLetterRetryIsInterrupted(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		for _, what := range []fault{lostRequest, lostReply} {
			for cut := range 8 {
				id := fmt.Sprint("d", what, cut)
				h.put("box", "")
				h.commit(h.take(h.Store, "box"), mailbox.Commit{
					Consume: 1, Dead: []mailbox.DeadLetter{{ID: id, Event: []byte("e")}}, Release: true,
				})
				client := dial(t, h.r, nil)
				trips := 0
				s := h.with(func(c *mailbox.Config) { c.Client = client })
				client.AddHook(&faults{next: func() fault {
					if trips++; trips == cut+1 {
						return what
					}
					return noFault
				}})
				first := s.RetryDead(t.Context(), id)
				if (first == nil) != (trips <= cut) {
					t.Fatalf("cut at round trip %d of %d: %v", cut+1, trips, first)
				}
				if first != nil {
					if _, err := h.DeadLetter(t.Context(), id); err == nil {
						h.ok(h.RetryDead(t.Context(), id))
					}
				}
				l := h.take(h.Store, "box")
				h.same("inbox", idsOf(l.Inbox()), []string{"retry:" + id})
				h.finish(l)
			}
		}
		left, err := h.Dead(t.Context(), 100)
		h.ok(err)
		h.same("left", len(left), 0)
	})
}

func TestStatsCount(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		stats := func() mailbox.Stats {
			st, err := h.Stats(ctx)
			h.ok(err)
			st.Oldest = st.Oldest.UTC()
			return st
		}
		h.same("empty", stats(), mailbox.Stats{})
		h.put("run", "1")
		l := h.take(h.Store, "run")
		h.put("later", "1")
		_, err := h.Fail(ctx, h.take(h.Store, "later"), h.clock.now().Add(time.Hour), 3, "x")
		h.ok(err)
		h.ok(h.Pause(ctx, "halt"))
		oldest := h.clock.now()
		for i := range 4 {
			h.put(fmt.Sprint("due", i), "1")
			h.clock.advance(time.Second)
		}
		h.commit(l, mailbox.Commit{Dead: []mailbox.DeadLetter{{ID: "d"}}})
		h.same("stats", stats(), mailbox.Stats{Due: 4, Running: 1, Halted: 1, Dead: 1, Oldest: oldest})
	})
}

func TestPeekOfNothing(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.same("snapshot", h.peek("none"), mailbox.Snapshot{Fields: map[string][]byte{}})
		h.put("a", "1")
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Set: map[string][]byte{"": []byte("no name")}, Release: true})
		h.same("a field without a name", h.peek("a").Fields, map[string][]byte{"": []byte("no name")})
	})
}

func TestIndexMembersOfAllPartitions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		want := map[string]float64{}
		for i := range 12 {
			key := fmt.Sprint("box", i)
			h.put(key, "1")
			want[key] = float64(i)
		}
		for key, l := range h.claim(h.Store) {
			h.commit(l, mailbox.Commit{Consume: 1, Index: []mailbox.IndexChange{{Name: "v", Score: want[key]}}, Release: true})
		}
		got, err := h.IndexMembers(t.Context(), "v")
		h.ok(err)
		h.same("members", got, want)
	})
}

func TestRepairMendsAndCounts(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		soon := h.clock.now().Add(time.Hour)
		commits := map[string]mailbox.Commit{
			"wake":     {Consume: 1, Wake: soon, Release: true},
			"deadline": {Consume: 1, Deadline: soon, Release: true},
			"quiet":    {Consume: 1, Set: map[string][]byte{"s": []byte("x")}, Release: true},
			"running":  {Consume: 1},
			"lost run": {Consume: 0},
		}
		for key := range commits {
			h.put(key, "1")
		}
		for key, l := range h.claim(h.Store) {
			h.commit(l, commits[key])
		}
		h.put("events", "1")
		h.put("halted", "1")
		h.ok(h.Pause(t.Context(), "halted"))
		h.repaired(0)

		h.remove("wake", "due")
		h.remove("deadline", "tmr")
		h.remove("lost run", "run")
		h.remove("events", "due")
		h.repaired(4)
		h.repaired(0)
		keys := []string{}
		for key := range h.claim(h.Store) {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		h.same("due again", keys, []string{"deadline", "events", "lost run", "wake"})
	})
}
