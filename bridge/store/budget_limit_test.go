package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func (d *desk) observeUpdates(remaining int, reset time.Duration) {
	d.t.Helper()
	if err := d.ObserveUpdates(d.t.Context(), remaining, reset); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) figures() store.BudgetStats {
	d.t.Helper()
	s, err := d.Stats(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func TestLimitIsLearned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		configured, told, want, burst int
	}{
		"not told":                 {0, 0, 200, 20},
		"an Enterprise plan":       {0, 700, 700, 95},
		"a High Volume add-on":     {0, 2500, 2500, 365},
		"less than the least plan": {0, 60, 60, 1},
		"nonsense":                 {0, 1 << 30, 100_000, 14_990},
		"a ceiling":                {400, 700, 400, 50},
		"a ceiling above the plan": {700, 400, 400, 50},
		"a ceiling, nothing told":  {700, 0, 700, 95},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := plain()
			cfg.RequestsPerMinute = c.configured
			d := newDesk(t, testredis.Mini(t), cfg)
			d.observe(c.told, 1<<20, 0)
			d.pass(time.Minute) // fills the bucket
			if got := d.figures(); got.Limit != c.want || got.Requests != c.burst {
				t.Errorf("limit %d, %d at once; want %d and %d", got.Limit, got.Requests, c.want, c.burst)
			}
		})
	}
}

func TestLimitFollowsThePlan(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		w := newStopwatch()
		b, err := store.NewBudget(client, r.Prefix, plain(), w.now)
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{Budget: b, stopwatch: w, t: t}
		follow := func(what string, limit, remaining int, calls int64, want int) {
			t.Helper()
			before := count.n.Load()
			d.observe(limit, remaining, 0)
			if n := count.n.Load() - before; n != calls {
				t.Errorf("%s: %d round trips; want %d", what, n, calls)
			}
			if got := d.figures().Limit; got != want {
				t.Errorf("%s: limit %d; want %d", what, got, want)
			}
		}
		d.observe(700, 699, 0) // sends the script as well
		follow("the same again", 700, 600, 0, 700)
		follow("little left", 700, 350, 1, 700)
		follow("the same, a minute later", 700, 690, 0, 700)
		w.pass(time.Minute)
		follow("after a minute", 700, 690, 1, 700)
		follow("a smaller plan", 200, 199, 1, 200)
		follow("not told", 0, 150, 1, 200)
		follow("a larger one again", 400, 399, 1, 400)
	})
}

func TestUpdatesPauseAlone(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		d.exhaust(2, store.Cost{Update: 100})
		update := store.Cost{Update: 1}
		wait := d.ask("a", 2, update)
		d.pass(time.Second)
		d.observeUpdates(0, 20*time.Second)
		d.waits("moved by the pause", d.ask("a", 2, update), wait+19_000)
		d.observeUpdates(0, 10*time.Second)
		d.waits("never shortened", d.ask("a", 2, update), wait+19_000)
		if w := d.fresh(0, store.Cost{Update: 2}); w <= 20_000 {
			t.Errorf("a new update waits %d ms; want more than the pause", w)
		}
		d.waits("a pull meanwhile", d.fresh(0, store.Cost{Requests: 2}), 0)
		if n := d.exhaust(0, store.Cost{}); n < 10 {
			t.Errorf("%d requests went at once in a pause of updates; want nearly the burst", n)
		}
		if got := d.figures(); !got.PausedUntil.IsZero() || d.until(got.UpdatesPausedUntil) != 20_000 {
			t.Errorf("paused until %v, updates until %v", got.PausedUntil, got.UpdatesPausedUntil)
		}
		d.pass(20 * time.Second)
		if n := d.exhaust(2, update); n != 0 {
			t.Errorf("%d updates went at once when the pause ended; want none", n)
		}
		d.pass(time.Duration(wait-1000) * time.Millisecond)
		d.waits("in time", d.ask("a", 2, update), 0)
	})
}

func TestUpdatePauseEnds(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	for name, c := range map[string]struct{ reset, pause time.Duration }{
		"told": {40 * time.Second, 40 * time.Second}, "not told": {0, 5 * time.Second}, "one ticket's, perhaps": {10 * time.Minute, time.Minute},
	} {
		b := *r
		b.Prefix += name
		d := newDesk(t, &b, plain())
		d.observeUpdates(0, c.reset)
		if got := d.until(d.figures().UpdatesPausedUntil); got != c.pause.Milliseconds() {
			t.Errorf("%s: paused for %d ms; want %v", name, got, c.pause)
		}
	}
}

// TestBothPauses: updates wait until the later of both, and requests for their own alone.
func TestBothPauses(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for name, c := range map[string]struct {
		play              func(d *desk)
		requests, updates time.Duration
	}{
		"updates longer, first":   {func(d *desk) { d.observeUpdates(0, 20*s); d.observe(0, 0, 5*s) }, 5 * s, 20 * s},
		"updates longer, second":  {func(d *desk) { d.observe(0, 0, 5*s); d.observeUpdates(0, 20*s) }, 5 * s, 20 * s},
		"requests longer, first":  {func(d *desk) { d.observe(0, 0, 20*s); d.observeUpdates(0, 5*s) }, 20 * s, 20 * s},
		"requests longer, second": {func(d *desk) { d.observeUpdates(0, 5*s); d.observe(0, 0, 20*s) }, 20 * s, 20 * s},
		"three": {func(d *desk) {
			d.observeUpdates(0, 20*s)
			d.observe(0, 0, 5*s)
			d.observe(0, 0, 30*s)
			d.observeUpdates(0, 40*s)
		}, 30 * s, 40 * s},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, testredis.Mini(t), plain())
			d.exhaust(2, store.Cost{Update: 100})
			d.exhaust(0, store.Cost{})
			update, look := d.ask("u", 2, store.Cost{Update: 1}), d.ask("q", 0, store.Cost{})
			c.play(d)
			got := d.figures()
			if d.until(got.PausedUntil) != c.requests.Milliseconds() || d.until(got.UpdatesPausedUntil) != c.updates.Milliseconds() {
				t.Errorf("paused until %v and %v; want %v and %v from now", got.PausedUntil, got.UpdatesPausedUntil, c.requests, c.updates)
			}
			d.waits("update", d.ask("u", 2, store.Cost{Update: 1}), update+c.updates.Milliseconds())
			d.waits("request", d.ask("q", 0, store.Cost{}), look+c.requests.Milliseconds())
		})
	}
}

func TestObserveUpdatesTakesTokensAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		remaining int
		reset     time.Duration
		want      int
	}{
		"plenty": {60, 20 * time.Second, 5}, "little, the window ends soon": {4, time.Second, 3}, "little, end not told": {2, 0, 2},
		"people use it too": {20, 40 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, testredis.Mini(t), plain())
			d.observeUpdates(c.remaining, c.reset)
			if got := d.figures(); got.Updates != c.want || got.Requests != 20 {
				t.Errorf("%d updates and %d requests at once; want %d and 20", got.Updates, got.Requests, c.want)
			}
		})
	}
}

func TestConfigureWhileRunning(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		d.exhaust(2, store.Cost{Update: 100})
		reserved := d.ask("a", 2, store.Cost{Update: 1})
		cfg := plain()
		cfg.HumanShare = 1
		if err := d.Configure(cfg); err == nil {
			t.Error("an invalid configuration was taken")
		}
		cfg.HumanShare, cfg.UpdatesPerMinute, cfg.RequestsPerMinute = 0, 300, 400
		if err := d.Configure(cfg); err != nil {
			t.Fatal(err)
		}
		d.waits("reserved before", d.ask("a", 2, store.Cost{Update: 1}), reserved)
		d.pass(time.Minute)
		// 15 % of 300 less one early slot of each lane.
		if got := d.figures(); got.Limit != 400 || got.Updates != 40 || got.Requests != 50 {
			t.Errorf("limit %d, %d updates and %d requests at once; want 400, 40 and 50", got.Limit, got.Updates, got.Requests)
		}
	})
}

func TestStatsOfABudget(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		if diff := cmp.Diff(store.BudgetStats{Limit: 200, Requests: 20, Updates: 5}, d.figures()); diff != "" {
			t.Errorf("at rest (-want +got):\n%s", diff)
		}
		d.exhaust(0, store.Cost{})
		look, update := d.fresh(1, store.Cost{}), d.fresh(2, store.Cost{Update: 7})
		first := d.figures().Lanes[0].Requests
		want := store.BudgetStats{Limit: 200, Updates: 5}
		want.Lanes[0].Requests = first
		want.Lanes[1].Requests, want.Lanes[2].Updates = begin.Add(time.Duration(look)*time.Millisecond), begin.Add(time.Duration(update)*time.Millisecond)
		for i := range want.Lanes {
			want.Lanes[i].Requests, want.Lanes[i].Updates = want.Lanes[i].Requests.Local(), want.Lanes[i].Updates.Local()
		}
		if diff := cmp.Diff(want, d.figures()); diff != "" || !first.After(begin) {
			t.Errorf("with queues, the first until %v (-want +got):\n%s", first, diff)
		}
		d.observe(0, 0, time.Minute)
		if got := d.figures().Lanes[1].Requests; d.until(got) != look+60_000 {
			t.Errorf("in a pause the second lane waits until %v", got)
		}
		d.pass(10 * time.Minute)
		if got := d.figures(); got.Lanes != [store.Lanes]store.LaneStats{} || !got.PausedUntil.IsZero() || got.Requests != 20 {
			t.Errorf("at rest again: %+v", got)
		}
	})
	r := testredis.Mini(t)
	d := newDesk(t, r, plain())
	r.Mini.SetError("ERR out of order")
	if _, err := d.Stats(t.Context()); err == nil {
		t.Error("Stats succeeded on a store that fails")
	}
	if err := d.ObserveUpdates(t.Context(), 0, 0); err == nil {
		t.Error("ObserveUpdates succeeded on a store that fails")
	}
}

// storm plays instances that want as much as they can get while Zendesk tells of its limits.
type storm struct {
	*world
	requests, updates time.Time // until when there are none
}

func (s *storm) ask(j job) {
	j = s.reserve(j)
	now := s.watch.now()
	if !j.at.After(now) && (now.Before(s.requests) || j.cost.Update != 0 && now.Before(s.updates)) {
		s.t.Fatalf("job %s went in a pause", j.id)
	}
	s.settle(j)
}

func (s *storm) pass(d time.Duration) {
	end := s.watch.now().Add(d)
	for len(s.pending) > 0 && !s.pending[0].at.After(end) {
		j := s.next()
		s.watch.set(j.at)
		s.ask(j)
	}
	s.watch.set(end)
}

// TestLimitsInAStorm: whatever limit is told, and whatever pauses, no minute sees more requests or updates than allowed, nothing goes in a
// pause, all goes in the end, and without pauses nearly the whole limit is used.
func TestLimitsInAStorm(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.NoAOF())
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		s := &storm{world: newWorld(t, r, run)}
		limit := rapid.SampledFrom([]int{60, 200, 400, 700}).Draw(t, "limit")
		if err := s.budget.Observe(t.Context(), limit, limit, 0); err != nil {
			t.Fatal(err)
		}
		pauses := rapid.Bool().Draw(t, "pauses")
		mixed := rapid.Bool().Draw(t, "updates too")
		const step, steps = 2 * time.Second, 60
		for n := range steps {
			for lane := range store.Lanes {
				for range limit / 60 {
					s.asked++
					j := job{id: fmt.Sprint(s.asked), lane: lane, cost: store.Cost{Requests: 1}}
					if mixed && s.asked%3 == 0 {
						j.cost.Update = int64(s.asked)
					}
					s.ask(j)
				}
			}
			if pauses && n%10 == 0 {
				d := time.Duration(rapid.IntRange(0, 30_000).Draw(t, "pause")) * time.Millisecond
				until := s.watch.now().Add(d)
				switch kind := rapid.IntRange(0, 2).Draw(t, "kind"); {
				case d == 0 || kind == 0:
				case kind == 1:
					s.requests = latest(s.requests, until)
					if err := s.budget.Observe(t.Context(), 0, 0, d); err != nil {
						t.Fatal(err)
					}
				default:
					s.updates = latest(s.updates, until)
					if err := s.budget.ObserveUpdates(t.Context(), 0, d); err != nil {
						t.Fatal(err)
					}
				}
			}
			s.pass(step)
		}
		if used := s.busiest(time.Minute, func(job) int { return 1 }); !pauses && !mixed && used*10 < limit*8 {
			t.Fatalf("%d of %d requests in the busiest minute", used, limit)
		}
		for len(s.pending) > 0 {
			s.pass(time.Hour)
		}
		if len(s.done) != s.asked {
			t.Fatalf("%d of %d went", len(s.done), s.asked)
		}
		if n := s.busiest(time.Minute, func(j job) int { return j.cost.Requests }); n > limit {
			t.Fatalf("%d requests within a minute; want at most %d", n, limit)
		}
		if n := s.busiest(time.Minute, func(j job) int { return int(min(1, j.cost.Update)) }); n > 70 {
			t.Fatalf("%d updates within a minute; want at most 70", n)
		}
	})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
