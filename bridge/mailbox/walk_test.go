package mailbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// seedVariable repeats a walk: its value is the seed that a failed one printed.
const seedVariable = "PONTE_SEED"

// walk is several workers on several mailboxes, one of which does one random thing at a time, well or badly.
type walk struct {
	*house
	rnd     *rand.Rand
	store   *mailbox.Store // behind the faults
	lease   time.Duration
	boxes   map[string]*box
	keys    []string
	workers []*worker
	pending []mailbox.Delivery // not answered yet, or to be repeated for no reason
	events  int                // so far, for their ids
	calm    bool               // no faults any more
	spoiled bool               // the operation under way met a fault
	before  picture
	counts  map[string]int // what was walked
}

// worker holds a lease, or believes so.
type worker struct {
	l     *mailbox.Lease
	token string // of its claim, as it stood in Redis right after
}

func TestRandomWalk(t *testing.T) {
	t.Parallel()
	steps := map[string]int{"miniredis": 1600, "redis": 800, "cluster": 400}
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		_, kind, _ := strings.Cut(t.Name(), "/")
		seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
		if err != nil {
			seed = rand.Uint64()
		}
		w := newWalk(t, r, seed)
		defer func() { t.Logf("%s=%d: %d steps, %v", seedVariable, seed, steps[kind], w.counts) }()
		for range steps[kind] {
			w.step()
		}
		w.settle()
		w.compare()
		if kind == "miniredis" {
			w.wantVariety()
		}
	})
}

func newWalk(t *testing.T, r *testredis.Redis, seed uint64) *walk {
	t.Helper()
	w := &walk{
		house: setup(t, r), rnd: rand.New(rand.NewPCG(seed, 0)), lease: 60 * time.Millisecond,
		boxes: map[string]*box{}, counts: map[string]int{},
	}
	if r.Mini != nil {
		w.lease = 10 * time.Second
		r.Advance(0) // the clock stands still from here
	}
	client := dial(t, r, nil)
	w.store = w.with(func(c *mailbox.Config) { c.Client, c.Lease, c.MaxEvents = client, w.lease, 6 })
	client.AddHook(&faults{next: w.nextFault})
	for i := range 5 {
		key := fmt.Sprint("box", i)
		w.keys, w.boxes[key] = append(w.keys, key), &box{known: map[string]bool{}}
	}
	w.before = w.look()
	return w
}

func (w *walk) nextFault() fault {
	if w.calm || w.rnd.IntN(12) > 0 {
		return noFault
	}
	f := fault(1 + w.rnd.IntN(3))
	w.counts[[...]string{"", "requests lost", "replies lost", "requests repeated"}[f]]++
	w.spoiled = true
	return f
}

func (w *walk) chance(percent int) bool { return w.rnd.IntN(100) < percent }

func (w *walk) key() string { return w.keys[w.rnd.IntN(len(w.keys))] }

// fatal ends the walk with what is needed to understand it.
func (w *walk) fatal(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf(format, args...)
}

func (w *walk) step() {
	w.t.Helper()
	w.counts["steps"]++
	switch n := w.rnd.IntN(100); {
	case n < 10:
		w.deliver(w.newDeliveries())
	case n < 14:
		w.redeliver()
	case n < 26 || n < 84 && len(w.workers) == 0:
		w.claimSome()
	case n < 84:
		w.work()
	case n < 86:
		w.crash()
	case n < 91:
		w.tick(time.Duration(w.rnd.Int64N(int64(w.lease * 6 / 5))))
	case n < 97:
		w.operate(w.key())
	default:
		w.bury()
	}
}

// after looks at Redis once an operation is over and checks everything.
func (w *walk) after(operation string, offered map[string][]string, forgets string) {
	w.t.Helper()
	p := w.look()
	if err := w.check(p, offered, forgets); err != nil {
		w.fatal("step %d, %s (met a fault: %v): %v", w.counts["steps"], operation, w.spoiled, err)
	}
	w.before, w.spoiled = p, false
}

// allowed checks the error of an operation: without a fault there may be none.
func (w *walk) allowed(operation string, err error) {
	w.t.Helper()
	if err != nil && (!w.spoiled || !errors.Is(err, errLost)) {
		w.fatal("step %d, %s (met a fault: %v): %v", w.counts["steps"], operation, w.spoiled, err)
	}
}

func (w *walk) newDeliveries() []mailbox.Delivery {
	var list []mailbox.Delivery
	for range 1 + w.rnd.IntN(2) {
		d := mailbox.Delivery{Key: w.key()}
		for range 1 + w.rnd.IntN(3) {
			w.events++
			d.Events = append(d.Events, mailbox.Event{ID: fmt.Sprint("e", w.events)})
		}
		if w.chance(30) {
			d.Events = append(d.Events, d.Events[0])
		}
		for w.chance(25) {
			w.pending = append(w.pending, d)
		}
		list = append(list, d)
	}
	return list
}

func (w *walk) deliver(list []mailbox.Delivery) {
	w.t.Helper()
	offered := map[string][]string{}
	for _, d := range list {
		offered[d.Key] = append(offered[d.Key], idsOf(d.Events)...)
	}
	_, err := w.store.Append(w.t.Context(), list...)
	w.allowed("append", err)
	w.after("append", offered, "")
	if err != nil {
		w.pending = append(w.pending, list...)
		return
	}
	for key, ids := range offered {
		for _, id := range ids {
			if !w.boxes[key].known[id] {
				w.fatal("step %d: %s was acknowledged and is not in %s", w.counts["steps"], id, key)
			}
		}
	}
}

func (w *walk) redeliver() {
	w.t.Helper()
	if len(w.pending) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.pending))
	d := w.pending[i]
	w.pending = slices.Delete(w.pending, i, i+1)
	w.counts["deliveries repeated"]++
	w.deliver([]mailbox.Delivery{d})
}

func (w *walk) claimSome() {
	w.t.Helper()
	parts := []int{0, 1, 2}[:1+w.rnd.IntN(3)]
	leases, err := w.store.Claim(w.t.Context(), parts, 1+w.rnd.IntN(2))
	w.allowed("claim", err)
	held := w.before.run
	w.after("claim", nil, "")
	if len(leases) == 0 && w.chance(60) {
		w.tick(time.Duration(w.rnd.Int64N(int64(w.lease / 3))))
	}
	for _, l := range leases {
		if _, was := held[l.Key]; was {
			w.counts["leases taken over"]++
		}
		if _, halted := w.before.halt[l.Key]; halted {
			w.fatal("step %d: %s was claimed though it is halted", w.counts["steps"], l.Key)
		}
		w.workers = append(w.workers, &worker{l: l, token: w.before.boxes[l.Key].fields["_l"]})
	}
}

func (w *walk) crash() {
	if len(w.workers) > 0 {
		i := w.rnd.IntN(len(w.workers))
		w.workers = slices.Delete(w.workers, i, i+1)
		w.counts["workers crashed"]++
	}
}

func (w *walk) tick(d time.Duration) {
	w.r.Advance(d)
	w.clock.advance(time.Duration(w.rnd.Int64N(int64(20 * time.Second))))
}

// operate is what an operator does, and what nobody meant to do.
func (w *walk) operate(key string) {
	w.t.Helper()
	ctx := w.t.Context()
	switch n := w.rnd.IntN(11); {
	case n < 2:
		w.allowed("pause", w.store.Pause(ctx, key))
		w.counts["pauses"]++
	case n < 8:
		for halted := range w.before.halt {
			key = halted
		}
		_, err := w.store.Resume(ctx, key)
		w.allowed("resume", err)
	case n < 9:
		w.repaired(0)
	default:
		w.ok(w.r.Client.ScriptFlush(ctx).Err())
		w.counts["script flushes"]++
	}
	w.after("operate", nil, "")
}

// bury retries or drops a dead letter.
func (w *walk) bury() {
	w.t.Helper()
	ctx := w.t.Context()
	letters, err := w.Dead(ctx, 100)
	w.ok(err)
	if len(letters) == 0 {
		return
	}
	d := letters[w.rnd.IntN(len(letters))]
	if w.chance(30) {
		w.allowed("drop", w.store.DropDead(ctx, d.ID))
		w.after("drop", nil, "")
		return
	}
	err = w.store.RetryDead(ctx, d.ID)
	w.allowed("retry", err)
	w.after("retry", map[string][]string{d.Key: {"retry:" + d.ID}}, "")
	if err == nil && !w.boxes[d.Key].known["retry:"+d.ID] {
		w.fatal("step %d: dead letter %s was retried and is not in %s", w.counts["steps"], d.ID, d.Key)
	}
	w.counts["dead letters retried"]++
}

// settle ends all faults, lets every worker die and the time pass until nothing is left to do.
func (w *walk) settle() {
	w.t.Helper()
	w.calm, w.workers = true, nil
	for round := range 60 {
		for len(w.pending) > 0 {
			w.redeliver()
		}
		for _, key := range w.keys {
			_, err := w.store.Resume(w.t.Context(), key)
			w.ok(err)
		}
		w.r.Advance(w.lease + time.Millisecond)
		w.clock.advance(time.Minute)
		letters, err := w.Dead(w.t.Context(), 1)
		w.ok(err)
		if len(letters) > 0 {
			w.bury()
		}
		w.before = w.look()
		p := w.before
		if round > 0 && len(letters)+len(p.due)+len(p.run)+len(p.halt)+len(p.tmr) == 0 {
			return
		}
		leases, err := w.Claim(w.t.Context(), []int{0, 1, 2}, 100) // long leases: the last ones work in peace
		w.ok(err)
		for _, l := range leases {
			w.ok(w.Commit(w.t.Context(), l, w.decide(l, len(l.Inbox()), true)))
			w.after("last commits", nil, "")
		}
	}
	w.fatal("not settled: %+v", w.look())
}

// compare reads the results: every event that anybody delivered was consumed once, in order, and all deadlines have fired.
func (w *walk) compare() {
	w.t.Helper()
	ctx := w.t.Context()
	views, err := w.IndexMembers(ctx, "taken")
	w.ok(err)
	total := 0
	for key, b := range w.boxes {
		lines, err := w.Transcript(ctx, key, key)
		w.ok(err)
		transcript := make([]string, len(lines))
		for i, line := range lines {
			transcript[i] = string(line)
		}
		w.same("transcript of "+key, transcript, b.accepted)
		total += len(slices.Collect(maps.Keys(b.known)))
		for id := range b.known {
			if strings.HasPrefix(id, "retry:") {
				total--
			}
		}
		s, ok := w.before.boxes[key].state()
		if s.Deadline != 0 || s.Wake != 0 {
			w.fatal("%s: %+v is left", key, s)
		}
		if ok && views[key] != float64(len(s.Taken)) {
			w.fatal("%s: the view says %v, taken are %d", key, views[key], len(s.Taken))
		}
	}
	w.same("events consumed", total, w.events)
	w.repaired(0)
}

// wantVariety makes sure that a long walk has met what it is for.
func (w *walk) wantVariety() {
	w.t.Helper()
	for _, what := range []string{
		"requests lost", "replies lost", "requests repeated", "deliveries repeated", "leases taken over", "workers crashed", "pauses",
		"script flushes", "dead letters retried", "stale work refused", "commits", "failures", "halts", "states forgotten",
		"deadlines fired", "woken", "steps refused in time",
	} {
		if w.counts[what] == 0 {
			w.fatal("no %s in the whole walk: %v", what, w.counts)
		}
	}
}

func encode(s state) []byte {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return raw
}
