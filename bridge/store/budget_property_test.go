package store_test

import (
	"container/heap"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// job is a piece of work that waits for its time, or went at it.
type job struct {
	id   string
	lane int
	cost store.Cost
	at   time.Time
	// narrow says that at is when a limit besides the account's lets it go on.
	narrow bool
}

type queue []job

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(job)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// world plays instances that ask for work and come back in time.
type world struct {
	t       *rapid.T
	budget  *store.Budget
	watch   *stopwatch
	pending queue
	done    []job
	asked   int
	// fair is when each lane's work would go if the lane had its share of the slots and nothing else, looks and updates apart.
	fair [store.Lanes][2]float64
	last [store.Lanes][2]time.Time
	// nextUser is when the next user may be written.
	nextUser time.Time
}

func (w *world) reserve(j job) job {
	at, err := w.budget.Reserve(w.t.Context(), j.id, j.lane, j.cost)
	if err != nil {
		w.t.Fatal(err)
	}
	j.at = at
	return j
}

func (w *world) settle(j job) {
	if j.at.After(w.watch.now()) {
		heap.Push(&w.pending, j)
		return
	}
	j.at = w.watch.now()
	w.done = append(w.done, j)
}

// rates in slots per millisecond, all lanes together, of the default configuration.
const (
	lookRate   = (170 - 59.5) / 60_000
	updateRate = 59.5 / 60_000
)

func (w *world) ask(lane int, cost store.Cost) {
	w.asked++
	j := job{id: fmt.Sprint(w.asked), lane: lane, cost: cost}
	now := w.watch.now()
	if !cost.UserWrite || !w.nextUser.After(now) {
		w.nextUser = later(w.nextUser, now, cost.UserWrite)
		w.enter(j)
		return
	}
	j = w.reserve(j)
	if !j.at.Equal(w.nextUser) {
		w.t.Fatalf("job %s: a user write at %v; want %v", j.id, j.at, w.nextUser)
	}
	j.narrow = true
	w.nextUser = later(w.nextUser, now, true)
	w.settle(j)
}

// later gives when the next user may be written.
func later(next, now time.Time, written bool) time.Time {
	if !written {
		return next
	}
	if next.Before(now) {
		next = now
	}
	return next.Add(time.Second)
}

// enter reserves what only the account's limits hold back.
func (w *world) enter(j job) {
	j = w.reserve(j)
	now := w.watch.now()
	if j.at.Before(now) {
		w.t.Fatalf("job %s got a time that has passed", j.id)
	}
	kind, rate, shares := 0, lookRate, store.DefaultBudget().LaneShares
	if j.cost.Update != 0 {
		kind, rate, shares = 1, updateRate, store.DefaultBudget().UpdateShares
	}
	spacing := float64(j.cost.Requests) / (shares[j.lane] * rate)
	fair := &w.fair[j.lane][kind]
	*fair = max(*fair, float64(now.UnixMilli())) + spacing
	if late := float64(j.at.UnixMilli()) - *fair; late > 2 {
		w.t.Fatalf("lane %d kind %d: %.0f ms later than its share allows", j.lane, kind, late)
	}
	if last := w.last[j.lane][kind]; j.at.Before(last) {
		w.t.Fatalf("lane %d kind %d: goes %v before an older one", j.lane, kind, last.Sub(j.at))
	}
	w.last[j.lane][kind] = j.at
	if j.at.After(now) {
		if again := w.reserve(j); !again.at.Equal(j.at) {
			w.t.Fatalf("job %s: asked again it got %v instead of %v", j.id, again.at, j.at)
		}
	}
	j.narrow = false
	w.settle(j)
}

// pass moves the clock; every job that waits comes back exactly in time.
func (w *world) pass(d time.Duration) {
	end := w.watch.now().Add(d)
	for len(w.pending) > 0 && !w.pending[0].at.After(end) {
		j := w.next()
		w.watch.set(j.at)
		if j.narrow {
			w.enter(j)
			continue
		}
		if again := w.reserve(j); !again.at.Equal(j.at) {
			w.t.Fatalf("job %s: in time it got %v instead of %v", j.id, again.at, j.at)
		}
		w.settle(j)
	}
	w.watch.set(end)
}

// next takes out the job whose time comes first.
func (w *world) next() job { return heap.Pop(&w.pending).(job) }

func (w *world) drain() {
	for len(w.pending) > 0 {
		w.pass(w.pending[0].at.Sub(w.watch.now()))
	}
}

// busiest gives the highest sum of weights within any window.
func (w *world) busiest(window time.Duration, weight func(job) int) int {
	slices.SortStableFunc(w.done, func(a, b job) int { return a.at.Compare(b.at) })
	sum, most, first := 0, 0, 0
	for _, j := range w.done {
		for !w.done[first].at.Add(window).After(j.at) {
			sum -= weight(w.done[first])
			first++
		}
		sum += weight(j)
		most = max(most, sum)
	}
	return most
}

func TestBudgetProperties(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.NoAOF()) // some ten thousand calls
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		w := newWorld(t, r, run)
		busy := rapid.SliceOfNDistinct(rapid.IntRange(0, store.Lanes-1), 1, store.Lanes, rapid.ID).Draw(t, "busy lanes")
		updates := rapid.IntRange(0, 10).Draw(t, "updates of 10")
		pause := rapid.SampledFrom([]int{20, 300, 3000, 40_000}).Draw(t, "longest pause in ms")
		widest := rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "most requests at once")
		for range rapid.IntRange(1, 25).Draw(t, "crowds") {
			for range rapid.IntRange(1, 12).Draw(t, "crowd") {
				lane := busy[rapid.IntRange(0, len(busy)-1).Draw(t, "lane")]
				cost := store.Cost{Requests: 1}
				switch n := rapid.IntRange(0, 10).Draw(t, "kind"); {
				case n < updates:
					cost.Update = int64(w.asked + 1)
				case n == 10:
					cost.UserWrite = true
				default:
					cost.Requests = rapid.IntRange(1, widest).Draw(t, "requests")
				}
				w.ask(lane, cost)
			}
			w.pass(time.Duration(rapid.IntRange(0, pause).Draw(t, "pause")) * time.Millisecond)
		}
		w.drain()
		if len(w.done) != w.asked {
			t.Fatalf("%d of %d went", len(w.done), w.asked)
		}
		w.limits(widest)
	})
}

// limits checks that no minute saw more than the account allows.
func (w *world) limits(widest int) {
	// Beyond one request, a slot of each lane may fall early into the minute by as much.
	limit := 200 + (widest-1)*store.Lanes
	if n := w.busiest(time.Minute, func(j job) int { return j.cost.Requests }); n > limit {
		w.t.Fatalf("%d requests within a minute; want at most %d", n, limit)
	}
	if n := w.busiest(time.Minute, func(j job) int { return int(min(1, j.cost.Update)) }); n > 70 {
		w.t.Fatalf("%d updates within a minute; want at most 70", n)
	}
}

// TestBudgetUnderPressure mixes lanes that have a long backlog with greedy ones, which take tokens whenever there are any.
func TestBudgetUnderPressure(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.NoAOF())
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		w := newWorld(t, r, run)
		var greedy []job
		for lane := range store.Lanes {
			for kind := range 2 {
				j := job{lane: lane, cost: store.Cost{Requests: 1, Update: int64(kind)}}
				switch rapid.SampledFrom([]string{"idle", "backlog", "greedy"}).Draw(t, "mode") {
				case "backlog":
					for range rapid.IntRange(1, 60).Draw(t, "backlog") {
						w.again(j)
					}
				case "greedy":
					greedy = append(greedy, j)
				}
			}
		}
		step := time.Duration(rapid.IntRange(200, 2000).Draw(t, "step")) * time.Millisecond
		for w.watch.until(begin) > -100_000 {
			for _, j := range greedy {
				for !w.last[j.lane][min(1, j.cost.Update)].After(w.watch.now()) {
					w.again(j)
				}
			}
			w.pass(step)
		}
		w.drain()
		w.limits(1)
	})
}

// again asks for the same kind of work, of another ticket when it updates one.
func (w *world) again(j job) {
	if j.cost.Update != 0 {
		j.cost.Update = int64(w.asked + 1)
	}
	w.ask(j.lane, j.cost)
}

func newWorld(t *rapid.T, r *testredis.Redis, run int) *world {
	w := &world{t: t, watch: newStopwatch()}
	var err error
	if w.budget, err = store.NewBudget(r.Client, fmt.Sprintf("%s%d:", r.Prefix, run), store.DefaultBudget(), w.watch.now); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestBudgetIsUsedUp: the bounds above are not met by doing nothing. With every lane busy nearly the whole limit goes.
func TestBudgetIsUsedUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t, testredis.Mini(t), store.DefaultBudget())
	const minutes = 5
	went := map[int]int{}
	for lane := range store.Lanes {
		for i := range 1000 {
			wait := d.ask(fmt.Sprintf("%d.%d", lane, i), lane, store.Cost{Requests: 1})
			if wait > minutes*60_000 {
				break
			}
			went[lane]++
		}
	}
	for lane, share := range store.DefaultBudget().LaneShares {
		if want := int(share * lookRate * 60_000 * minutes); went[lane] < want {
			t.Errorf("lane %d: %d in %d minutes; want at least its share of %d", lane, went[lane], minutes, want)
		}
	}
	d.pass(minutes*time.Minute + 30*time.Second) // the last slot of each lane is beyond
	if n := d.exhaust(0, store.Cost{}); n != 20 {
		t.Errorf("after the backlog %d went at once; want the burst of 20", n)
	}
}

func TestTicketWindowIsNeverExceeded(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.NoAOF())
	cfg := store.DefaultBudget()
	cfg.RequestsPerMinute, cfg.UpdatesPerMinute = 10_000, 10_000
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		watch := newStopwatch()
		b, err := store.NewBudget(r.Client, fmt.Sprintf("%s%d:", r.Prefix, run), cfg, watch.now)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, watch: watch, budget: b}
		for n := range rapid.IntRange(20, 60).Draw(t, "updates") {
			j := w.reserve(job{id: fmt.Sprint(n), cost: store.Cost{Requests: 1, Update: 7}})
			for tries := 0; j.at.After(watch.now()); tries++ {
				if tries == 3 {
					t.Fatalf("update %d does not get its turn", n)
				}
				watch.set(j.at)
				j = w.reserve(j)
			}
			w.settle(j)
			watch.pass(time.Duration(rapid.IntRange(0, 60_000).Draw(t, "pause")) * time.Millisecond)
		}
		if n := w.busiest(10*time.Minute, func(job) int { return 1 }); n > 30 {
			t.Fatalf("%d updates of a ticket within 10 minutes; want at most 30", n)
		}
	})
}
