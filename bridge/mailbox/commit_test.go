package mailbox_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestCommitWritesEverythingAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1", "2", "3")
		l := h.take(h.Store, "a")
		h.commit(l, mailbox.Commit{
			Consume:    2,
			Set:        map[string][]byte{"s": []byte("state"), "gone": []byte("x"), "empty": {}},
			Transcript: []mailbox.Entry{{Name: "t1", Data: []byte("line 1")}, {Name: "t2", Data: []byte("other")}, {Name: "t1", Data: nil}},
			Index:      []mailbox.IndexChange{{Name: "v1", Score: 1700000000123.5}, {Name: "v2", Score: -1}, {Name: "v3", Score: math.Inf(1)}},
			Dead:       []mailbox.DeadLetter{{ID: "d1", Reason: "why", Event: []byte("\xffevent")}},
		})
		h.same("left in the inbox", idsOf(l.Inbox()), []string{"3"})
		h.commit(l, mailbox.Commit{
			Consume: 1, Del: []string{"gone", "never"}, Transcript: []mailbox.Entry{{Name: "t1", Data: []byte("line 3")}},
			Index: []mailbox.IndexChange{{Name: "v2", Remove: true}, {Name: "v1", Score: 7}}, Release: true,
		})
		want := map[string][]byte{"s": []byte("state"), "empty": {}}
		h.same("snapshot", h.peek("a"), mailbox.Snapshot{Fields: want, Version: 2})
		h.same("the lease's own", []any{l.Fields, l.Version}, []any{want, int64(2)})

		lines, err := h.Transcript(t.Context(), "a", "t1")
		h.ok(err)
		h.same("transcript", lines, [][]byte{[]byte("line 1"), {}, []byte("line 3")})
		none, err := h.Transcript(t.Context(), "a", "none")
		h.ok(err)
		h.same("no transcript", none, [][]byte{})
		for name, want := range map[string]map[string]float64{"v1": {"a": 7}, "v2": {}, "v3": {"a": math.Inf(1)}} {
			members, err := h.IndexMembers(t.Context(), name)
			h.ok(err)
			h.same(name, members, want)
		}
		letter, err := h.DeadLetter(t.Context(), "d1")
		h.ok(err)
		h.same("dead letter", letter, mailbox.DeadLetter{ID: "d1", Key: "a", Reason: "why", At: h.clock.now(), Event: []byte("\xffevent")})
		h.idle()
		h.repaired(0)
	})
}

func TestCommitConsumesOnlyWhatWasRead(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.Store, "a")
		h.put("a", "2")
		for _, n := range []int{2, -1} {
			if err := h.Commit(t.Context(), l, mailbox.Commit{Consume: n}); err == nil {
				t.Errorf("a commit that consumes %d of 1 was carried out", n)
			}
		}
		h.finish(l)
		h.same("the rest is due again", idsOf(h.take(h.Store, "a").Inbox()), []string{"2"})
	})
}

func TestDeadlineFires(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put("a", "1")
		deadline := h.clock.now().Add(time.Hour)
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Consume: 1, Deadline: deadline, Release: true})
		h.idle()
		h.repaired(0)
		h.clock.advance(time.Hour - time.Millisecond)
		h.idle()
		h.clock.advance(time.Millisecond)
		l := h.take(h.Store, "a")
		h.repaired(0)
		h.commit(l, mailbox.Commit{Deadline: h.clock.now().Add(-time.Second), Release: true})
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Deadline: h.clock.now().Add(time.Hour), Release: true})
		h.put("a", "2")
		h.finish(h.take(h.Store, "a")) // takes the deadline back
		h.clock.advance(2 * time.Hour)
		h.idle()
	})
}

func TestDeadlineThatPassesUnderAWorker(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		const lease = 3 * time.Second // longer than a busy machine stands still
		l := h.take(h.with(func(c *mailbox.Config) { c.Lease = lease }), "a")
		h.commit(l, mailbox.Commit{Consume: 1, Deadline: h.clock.now()})
		h.idle() // the deadline passes, the worker is still there
		h.r.Advance(lease + lease/4)
		l = h.take(h.Store, "a") // the worker is gone: its lease brings the mailbox back
		h.ok(h.Release(t.Context(), l))
		h.take(h.Store, "a")
	})
}

func TestWakeIsDueAtItsTime(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put("a", "1")
		wake := h.clock.now().Add(time.Minute)
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Consume: 1, Wake: wake, Release: true})
		h.clock.advance(time.Minute - time.Millisecond)
		h.idle()
		h.repaired(0)
		h.put("a", "2") // events don't wait for it
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Consume: 1, Wake: wake, Release: true})
		h.clock.advance(time.Millisecond)
		h.commit(h.take(h.Store, "a"), mailbox.Commit{Release: true})
		h.idle()
	})
}

func TestCommitWithEventsLeftIsDueAgain(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put("a", "1", "2")
		h.commit(h.take(h.Store, "a"), mailbox.Commit{
			Consume: 1, Set: map[string][]byte{"s": []byte("x")}, Wake: h.clock.now().Add(time.Hour), Release: true, Forget: true,
		})
		l := h.take(h.Store, "a")
		h.same("inbox", idsOf(l.Inbox()), []string{"2"})
		h.same("not forgotten", l.Fields, map[string][]byte{"s": []byte("x")})
	})
}

func TestForgetOnlyIfNothingWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		commit mailbox.Commit
		events bool
		pause  bool
		kept   bool
	}{
		"nothing waits":    {},
		"events":           {events: true, kept: true},
		"a wake-up":        {commit: mailbox.Commit{Wake: time.Unix(1, 0)}, kept: true},
		"a deadline":       {commit: mailbox.Commit{Deadline: time.Unix(4e9, 0)}, kept: true},
		"paused meanwhile": {pause: true, kept: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				t := h.t
				h.put("a", "1")
				l := h.take(h.Store, "a")
				if c.events {
					h.put("a", "2")
				}
				if c.pause {
					h.ok(h.Pause(t.Context(), "a"))
				}
				commit := c.commit
				commit.Consume, commit.Set, commit.Release, commit.Forget = 1, map[string][]byte{"s": []byte("x")}, true, true
				h.commit(l, commit)
				snap := h.peek("a")
				h.same("kept", len(snap.Fields) > 0, c.kept)
				h.same("paused", snap.Halted == "paused", c.pause)
				h.same("dedupe outlives it", h.put("a", "1"), mailbox.Receipt{Key: "a", Duplicates: 1})
				h.repaired(0)
			})
		})
	}
}

func TestTTLForgetsAfterTheLastCommit(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		release := func(ttl time.Duration) {
			h.put("a", "")
			h.commit(h.take(h.Store, "a"), mailbox.Commit{
				Consume: 1, Set: map[string][]byte{"s": []byte("x")}, Release: true, TTL: ttl,
			})
		}
		release(time.Minute)
		release(0) // takes the time back
		ttl, err := h.r.Client.PTTL(t.Context(), h.redisKey("a", "c:a")).Result()
		h.ok(err)
		h.same("time to live", ttl, time.Duration(-1))
		release(short)
		h.r.Advance(2 * short)
		h.same("forgotten", h.peek("a"), mailbox.Snapshot{Fields: map[string][]byte{}})
		h.repaired(0)
	})
}

func TestTTLSparesWhatIsPaused(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		for key, early := range map[string]bool{"paused before": true, "paused after": false} {
			h.put(key, "")
			l := h.take(h.Store, key)
			if early {
				h.ok(h.Pause(t.Context(), key))
			}
			h.commit(l, mailbox.Commit{Consume: 1, Set: map[string][]byte{"s": []byte("x")}, Release: true, TTL: time.Minute})
			h.ok(h.Pause(t.Context(), key))
			ttl, err := h.r.Client.PTTL(t.Context(), h.redisKey(key, "c:"+key)).Result()
			h.ok(err)
			h.same("time to live when "+key, ttl, time.Duration(-1))
			h.same("snapshot", h.peek(key), mailbox.Snapshot{Fields: map[string][]byte{"s": []byte("x")}, Halted: "paused", Version: 1})
		}
	})
}

func TestChangesNeverRepeatANumber(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		seen := map[float64]bool{}
		highest := 0.0
		for _, forget := range []bool{false, true, false, true, true, false} {
			h.put("a", "")
			l := h.take(h.Store, "a")
			h.commit(l, mailbox.Commit{Consume: 1, Set: map[string][]byte{"s": []byte("x")}})
			n, _ := h.score("a", "chg")
			if seen[n] || n <= highest {
				t.Fatalf("change %v after %v; want a higher number each time", n, highest)
			}
			seen[n], highest = true, n
			h.commit(l, mailbox.Commit{Release: true, Forget: forget})
			after, in := h.score("a", "chg")
			h.same("listed", in, !forget)
			if in && after != n {
				t.Errorf("a commit without state counted as a change")
			}
		}
	})
}

// TestARepeatedCommitCountsOnce loses the reply of a commit: the client sends the same commit again by itself.
func TestARepeatedCommitCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		for _, release := range []bool{false, true} {
			h.put("a", "", "", "")
			l := h.take(h.Store, "a")
			before := h.peek("a")
			client := dial(t, h.r, nil)
			spoiled := h.with(func(c *mailbox.Config) { c.Client = client })
			client.AddHook(once(repeated))
			h.ok(spoiled.Commit(t.Context(), l, mailbox.Commit{
				Consume: 2, Set: map[string][]byte{"s": []byte("x")}, Release: release,
				Transcript: []mailbox.Entry{{Name: "t", Data: []byte("x")}}, Dead: []mailbox.DeadLetter{{ID: "d"}},
			}))
			after := h.peek("a")
			h.same("consumed", before.Inbox-after.Inbox, 2)
			h.same("versions", after.Version-before.Version, int64(1))
			if !release {
				h.commit(l, mailbox.Commit{Release: true})
			}
			h.finish(h.take(h.Store, "a"))
		}
		lines, err := h.Transcript(t.Context(), "a", "t")
		h.ok(err)
		h.same("lines", len(lines), 2)
	})
}

// TestACutConnectionIsSurvived does the same on the wire: every script's reply is cut off once, go-redis repeats the request.
func TestACutConnectionIsSurvived(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*testredis.Redis{"miniredis": testredis.Mini(t), "redis": testredis.Server(t, testredis.Dedicated())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, r)
			cut := &scissors{}
			client := dial(t, r, func(o *redis.Options) { o.Dialer = cut.dial })
			s := h.with(func(c *mailbox.Config) { c.Client = client })
			ctx := t.Context()
			h.put("warm", "1") // Redis has loaded the scripts
			warm := h.take(h.Store, "warm")
			_, err := h.Step(ctx, warm, "j:1", nil)
			h.ok(err)
			_, err = h.Beat(ctx, warm)
			h.ok(err)
			h.finish(warm)
			next := func() {
				_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error { return p.Ping(ctx).Err() })
				h.ok(err) // a connection for pipelines stands, so that the cut meets the reply and no greeting
				cut.armed.Store(true)
			}
			next()
			receipts, err := s.Append(ctx, mailbox.Delivery{Key: "a", Events: events("1", "2")})
			h.ok(err)
			h.same("the repetition found them stored", receipts, []mailbox.Receipt{{Key: "a", Duplicates: 2}})
			l := h.take(h.Store, "a")
			next()
			_, err = s.Step(ctx, l, "j:1", []byte("x"))
			h.ok(err)
			h.put("a", "3")
			next()
			_, err = s.Beat(ctx, l)
			h.ok(err)
			h.same("inbox", idsOf(l.Inbox()), []string{"1", "2", "3"})
			next()
			h.ok(s.Commit(ctx, l, mailbox.Commit{Consume: 2, Del: []string{"j:1"}, Release: true}))
			h.same("snapshot", h.peek("a"), mailbox.Snapshot{Fields: map[string][]byte{}, Inbox: 1, Version: 1})
			h.same("replies cut", cut.cuts.Load(), int64(4))
		})
	}
}

func TestErrorsOfRedisReachTheCaller(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.put("a", "1")
		l := h.take(h.Store, "a")
		client := dial(t, h.r, nil)
		s := h.with(func(c *mailbox.Config) { c.Client = client })
		client.AddHook(&faults{next: func() fault { return lostRequest }})
		ctx := t.Context()
		for name, call := range map[string]func() error{
			"open": func() error {
				cfg := h.cfg
				cfg.Client = client
				_, err := mailbox.Open(ctx, cfg)
				return err
			},
			"append":     func() error { _, err := s.Append(ctx, mailbox.Delivery{Key: "b", Events: events("1")}); return err },
			"claim":      func() error { _, err := s.Claim(ctx, []int{0, 1, 2}, 1); return err },
			"beat":       func() error { _, err := s.Beat(ctx, l); return err },
			"step":       func() error { _, err := s.Step(ctx, l, "j:1", nil); return err },
			"commit":     func() error { return s.Commit(ctx, l, mailbox.Commit{Release: true}) },
			"release":    func() error { return s.Release(ctx, l) },
			"fail":       func() error { _, err := s.Fail(ctx, l, h.clock.now(), 1, "x"); return err },
			"pause":      func() error { return s.Pause(ctx, "a") },
			"resume":     func() error { _, err := s.Resume(ctx, "a"); return err },
			"repair":     func() error { _, err := s.Repair(ctx); return err },
			"stats":      func() error { _, err := s.Stats(ctx); return err },
			"peek":       func() error { _, err := s.Peek(ctx, "a"); return err },
			"transcript": func() error { _, err := s.Transcript(ctx, "a", "t"); return err },
			"view":       func() error { _, err := s.IndexMembers(ctx, "v"); return err },
			"dead":       func() error { _, err := s.Dead(ctx, 10); return err },
			"retry dead": func() error { return s.RetryDead(ctx, "d") },
			"drop dead":  func() error { return s.DropDead(ctx, "d") },
		} {
			err := call()
			if _, cluster := client.(*redis.ClusterClient); cluster && name == "repair" { // its scan goes to the nodes, past this hook
				continue
			}
			if err == nil {
				t.Errorf("%s: no error", name)
				continue
			}
			h.fails(err, errLost)
		}
		h.finish(l)
	})
}

func TestScriptsThatRedisForgotAreLoadedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		flush := func() { h.ok(h.r.Client.ScriptFlush(context.WithoutCancel(t.Context())).Err()) }
		flush()
		h.put("a", "1")
		flush()
		l := h.take(h.Store, "a")
		flush()
		_, err := h.Step(t.Context(), l, "j:1", nil)
		h.ok(err)
		flush()
		_, err = h.Beat(t.Context(), l)
		h.ok(err)
		flush()
		h.ok(h.Release(t.Context(), l))
		flush()
		h.ok(h.Pause(t.Context(), "a"))
		flush()
		_, err = h.Resume(t.Context(), "a")
		h.ok(err)
		flush()
		l = h.take(h.Store, "a")
		flush()
		h.finish(l)
		flush()
		h.repaired(0)
		h.same("version", h.peek("a").Version, int64(1))
	})
}
