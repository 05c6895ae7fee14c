package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// stopwatch is a clock that stands still until it is moved.
type stopwatch struct{ ms atomic.Int64 }

// begin is where every stopwatch starts.
var begin = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newStopwatch() *stopwatch {
	w := &stopwatch{}
	w.set(begin)
	return w
}

func (w *stopwatch) now() time.Time          { return time.UnixMilli(w.ms.Load()) }
func (w *stopwatch) pass(d time.Duration)    { w.ms.Add(d.Milliseconds()) }
func (w *stopwatch) set(t time.Time)         { w.ms.Store(t.UnixMilli()) }
func (w *stopwatch) until(t time.Time) int64 { return t.UnixMilli() - w.ms.Load() }

// desk is a budget and its clock.
type desk struct {
	*store.Budget
	*stopwatch
	t *testing.T
	n int
}

func newDesk(t *testing.T, r *testredis.Redis, cfg store.BudgetConfig) *desk {
	t.Helper()
	w := newStopwatch()
	b, err := store.NewBudget(r.Client, r.Prefix, cfg, w.now)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{Budget: b, stopwatch: w, t: t}
}

// ask reserves under the id and gives the wait in ms, 0 or less for go.
func (d *desk) ask(id string, lane int, c store.Cost) int64 {
	d.t.Helper()
	if c.Requests == 0 {
		c.Requests = 1
	}
	at, err := d.Reserve(d.t.Context(), id, lane, c)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.until(at)
}

// fresh reserves under an id of its own.
func (d *desk) fresh(lane int, c store.Cost) int64 {
	d.t.Helper()
	d.n++
	return d.ask(fmt.Sprintf("fresh %d", d.n), lane, c)
}

func (d *desk) observe(limit, remaining int, reset time.Duration) {
	d.t.Helper()
	if err := d.Observe(d.t.Context(), limit, remaining, reset); err != nil {
		d.t.Fatal(err)
	}
}

// exhaust takes all that may go at once, as the lane sees it, and gives how much it was.
func (d *desk) exhaust(lane int, c store.Cost) (granted int) {
	d.t.Helper()
	for granted < 10_000 && d.fresh(lane, c) <= 0 {
		granted++
	}
	return granted
}

func (d *desk) waits(what string, got, want int64) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: wait %d ms; want %d", what, got, want)
	}
}

// plain is a configuration whose numbers are easy: of 200 requests a minute 20 may go at once and 170 follow; updates take half of that at
// most, so slots for looks (85 a minute) and updates (59.5 a minute here) are spaced by their lane's share.
func plain() store.BudgetConfig { return store.DefaultBudget() }

func TestReserveHandsOutTokensThenSlots(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		if n := d.exhaust(0, store.Cost{}); n != 20 {
			t.Errorf("%d requests went at once; want the burst of 20", n)
		}
		// 170 - 59.5 = 110.5 looks a minute in slots, 40 % of them for lane 0: one every 1357.47 ms; the first was given by exhaust.
		d.waits("second slot", d.fresh(0, store.Cost{}), 2715)
		d.waits("third slot of two requests", d.fresh(0, store.Cost{Requests: 2}), 5430)
		d.waits("first slot of another lane", d.fresh(1, store.Cost{}), 2715)
		d.waits("first slot of the last lane", d.fresh(4, store.Cost{}), 5430)
		// 59.5 updates a minute, 75 % of them for the mirror's lane: one every 1344.54 ms.
		d.waits("first slot for an update", d.fresh(2, store.Cost{Update: 1}), 1345)
		d.waits("second slot for an update", d.fresh(2, store.Cost{Update: 2}), 2690)
	})
}

func TestReserveBoundsUpdates(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	d := newDesk(t, r, plain())
	tickets := int64(0)
	for {
		tickets++
		if d.fresh(0, store.Cost{Update: tickets}) > 0 {
			break
		}
	}
	if tickets-1 != 5 {
		t.Errorf("%d updates went at once; want the burst of 5", tickets-1)
	}
	d.waits("a request beside them", d.fresh(0, store.Cost{}), 0)
}

func TestReserveKeepsAnIDsTimeUntilItIsUsed(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		d.exhaust(0, store.Cost{})
		wait := d.ask("a", 0, store.Cost{})
		d.waits("same id at once", d.ask("a", 0, store.Cost{}), wait)
		d.pass(time.Second)
		d.waits("same id, a second later", d.ask("a", 0, store.Cost{}), wait-1000)
		d.pass(time.Duration(wait-1001) * time.Millisecond)
		d.waits("same id, just before its time", d.ask("a", 0, store.Cost{}), 1)
		d.pass(5 * time.Millisecond)
		d.waits("same id, after its time", d.ask("a", 0, store.Cost{}), -4)
		if d.exhaust(0, store.Cost{}); d.ask("a", 0, store.Cost{}) <= 0 {
			t.Error("a used reservation was used again")
		}
	})
}

func TestReservationsLapse(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	d := newDesk(t, r, plain())
	d.exhaust(0, store.Cost{})
	first, second := d.ask("in time", 0, store.Cost{}), d.ask("late", 0, store.Cost{})
	d.pass(time.Duration(first)*time.Millisecond + 30*time.Second)
	d.waits("30 s late", d.ask("in time", 0, store.Cost{}), -30_000)
	d.pass(time.Duration(second-first+1) * time.Millisecond)
	d.exhaust(0, store.Cost{})
	if wait := d.ask("late", 0, store.Cost{}); wait <= 0 {
		t.Errorf("more than 30 s late: wait %d; want a new time", wait)
	}
}

func TestBacklogOfALowLaneLeavesRoom(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		low := 0
		for range 300 {
			if d.fresh(4, store.Cost{}) <= 0 {
				low++
			}
		}
		if low >= 20 {
			t.Errorf("the lowest lane took %d tokens; want some left", low)
		}
		d.waits("people, at once", d.fresh(0, store.Cost{}), 0)
		d.exhaust(0, store.Cost{})
		d.pass(10 * time.Second)
		// In 10 s the refill brings 28.3 tokens less the 10 % of the slots' 18.4 that the low lane takes: the bucket of 20 is full.
		if n := d.exhaust(0, store.Cost{}); n < 19 {
			t.Errorf("after 10 s people got %d at once; want 19 or more", n)
		}
	})
}

func TestTicketLimit(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		cfg := plain()
		cfg.RequestsPerMinute, cfg.UpdatesPerMinute = 10_000, 10_000
		d := newDesk(t, r, cfg)
		if n := d.exhaust(0, store.Cost{Update: 9}); n != 15 {
			t.Errorf("%d updates of one ticket went at once; want 15", n)
		}
		d.waits("next but one", d.ask("a", 0, store.Cost{Update: 9}), 80_000)
		d.waits("another ticket", d.fresh(0, store.Cost{Update: 8}), 0)
		d.waits("no ticket", d.fresh(0, store.Cost{}), 0)
		d.pass(80 * time.Second)
		d.waits("when its time has come", d.ask("a", 0, store.Cost{Update: 9}), 0)
		d.pass(20 * time.Minute)
		if n := d.exhaust(0, store.Cost{Update: 9}); n != 15 {
			t.Errorf("after a rest %d updates went at once; want 15", n)
		}
	})
}

func TestUserWritesAndIncrementalReads(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		user, incremental := store.Cost{UserWrite: true}, store.Cost{Incremental: true}
		d.waits("first user", d.fresh(0, user), 0)
		d.waits("second user", d.ask("u2", 2, user), 1000)
		d.waits("third user", d.fresh(0, user), 2000)
		for i := range 3 {
			d.waits(fmt.Sprintf("incremental read %d", i), d.fresh(3, incremental), 0)
		}
		d.waits("incremental read 4", d.fresh(3, incremental), 8572)
		d.waits("both", d.ask("both", 3, store.Cost{UserWrite: true, Incremental: true}), 17_143)
		d.pass(time.Second)
		d.waits("second user, in time", d.ask("u2", 2, user), 0)
	})
}

// TestNarrowLimitsComeBeforeTheAccounts: what its own limit holds back takes its place in the account's only when that limit lets it go.
func TestNarrowLimitsComeBeforeTheAccounts(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		user := store.Cost{UserWrite: true}
		d.waits("first user", d.fresh(0, user), 0)
		d.waits("second user", d.ask("u2", 0, user), 1000)
		d.pass(time.Second)
		d.exhaust(0, store.Cost{})
		d.waits("second user, with the account exhausted meanwhile", d.ask("u2", 0, user), 2715)
		d.waits("same id", d.ask("u2", 0, user), 2715)
		d.pass(2715 * time.Millisecond)
		d.waits("second user, at last", d.ask("u2", 0, user), 0)
	})
}

func TestInstancesShareTheBudget(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		var (
			wg sync.WaitGroup
			mu sync.Mutex
		)
		w, waits := newStopwatch(), map[int64]int{}
		for instance := range 4 {
			b, err := store.NewBudget(r.Client, r.Prefix, plain(), w.now)
			if err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				for i := range 10 {
					at, err := b.Reserve(t.Context(), fmt.Sprintf("%d.%d", instance, i), 0, store.Cost{Requests: 1})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					waits[w.until(at)]++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if waits[0] != 20 || len(waits) != 21 {
			t.Errorf("%d went at once and %d others had times of their own; want 20 and 20", waits[0], len(waits)-1)
		}
	})
}

func TestClocksMayDisagree(t *testing.T) {
	t.Parallel()
	d := newDesk(t, testredis.Mini(t), plain())
	d.waits("an instance whose clock is right", d.fresh(0, store.Cost{}), 0)
	d.pass(-10 * time.Second)
	d.waits("one that is behind finds the tokens too", d.fresh(0, store.Cost{}), 0)
	d.pass(10 * time.Second)
	d.exhaust(0, store.Cost{})
	d.pass(-2 * time.Second)
	d.waits("slots follow the clock that is ahead", d.fresh(0, store.Cost{}), 4715)
	d.pass(2 * time.Second)
	d.waits("the first instance again", d.fresh(0, store.Cost{}), 4073)
}

// TestRequestsBoundUpdates: where the plan allows fewer requests than the account allows updates, slots for both stay within the requests.
func TestRequestsBoundUpdates(t *testing.T) {
	t.Parallel()
	small, told := plain(), plain()
	small.RequestsPerMinute = 60
	for name, c := range map[string]struct {
		cfg   store.BudgetConfig
		limit int
	}{"configured": {small, 0}, "told": {told, 60}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, testredis.Mini(t), c.cfg)
			d.observe(c.limit, 1000, 0)
			within := 0
			for i := range 40 {
				for lane := range store.Lanes {
					for _, cost := range []store.Cost{{}, {Update: int64(i*store.Lanes + lane + 1)}} {
						if d.fresh(lane, cost) < 60_000 {
							within++
						}
					}
				}
			}
			if within > 60 || within < 45 {
				t.Errorf("%d requests within the first minute; want nearly 60", within)
			}
		})
	}
}

func TestReserveRefusesNonsense(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	d := newDesk(t, r, plain())
	for name, c := range map[string]struct {
		id       string
		lane     int
		requests int
	}{
		"no id": {"", 0, 1}, "lane below": {"a", -1, 1}, "lane above": {"a", store.Lanes, 1}, "no requests": {"a", 0, 0},
	} {
		if _, err := d.Reserve(t.Context(), c.id, c.lane, store.Cost{Requests: c.requests}); err == nil {
			t.Errorf("%s: Reserve succeeded; want an error", name)
		}
	}
	r.Mini.SetError("ERR out of order")
	if _, err := d.Reserve(t.Context(), "a", 0, store.Cost{Requests: 1}); err == nil {
		t.Error("Reserve succeeded on a store that fails")
	}
	if err := d.Observe(t.Context(), 1, 1, 0); err == nil {
		t.Error("Observe succeeded on a store that fails")
	}
}
