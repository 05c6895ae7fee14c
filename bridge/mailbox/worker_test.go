package mailbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// work lets one worker do one thing with the lease that it has or believes to have.
func (w *walk) work() {
	w.t.Helper()
	if len(w.workers) == 0 {
		return
	}
	i := w.rnd.IntN(len(w.workers))
	me := w.workers[i]
	var keep bool
	switch n := w.rnd.IntN(10); {
	case n < 2:
		keep = w.beat(me)
	case n < 5:
		keep = w.journal(me)
	case n < 8:
		keep = w.commitSome(me)
	case n < 9:
		keep = w.fail(me)
	default:
		err := w.store.Release(w.t.Context(), me.l)
		w.done(me, "release", err, "")
		keep = err == nil && w.chance(20)
	}
	if !keep {
		w.workers = slices.Delete(w.workers, i, i+1)
	}
}

// owns tells from what lay in Redis before the operation whether the worker's lease was its own.
func (w *walk) owns(me *worker) bool {
	_, run := w.before.run[me.l.Key]
	return run && me.token != "" && w.before.boxes[me.l.Key].fields["_l"] == me.token
}

// done checks one operation of a worker: refused exactly when the lease is lost, and then without any trace.
func (w *walk) done(me *worker, operation string, err error, forgets string) {
	w.t.Helper()
	own, before, spoiled := w.owns(me), w.before, w.spoiled
	lost := errors.Is(err, mailbox.ErrFenceLost)
	switch {
	case err == nil && !own:
		w.fatal("step %d: %s with a lost lease of %s was carried out", w.counts["steps"], operation, me.l.Key)
	case lost && own && !spoiled:
		w.fatal("step %d: %s with a good lease of %s was refused", w.counts["steps"], operation, me.l.Key)
	case !lost:
		w.allowed(operation, err)
	}
	w.after(operation, nil, forgets)
	if !own {
		w.counts["stale work refused"]++
		if !before.equal(w.before) {
			w.fatal("step %d: %s with a lost lease of %s changed Redis", w.counts["steps"], operation, me.l.Key)
		}
	}
}

func (w *walk) beat(me *worker) (keep bool) {
	w.t.Helper()
	_, err := w.store.Beat(w.t.Context(), me.l)
	w.done(me, "beat", err, "")
	if err == nil {
		w.same("inbox read", idsOf(me.l.Inbox()), append([]string{}, w.before.boxes[me.l.Key].inbox[:len(me.l.Inbox())]...))
	}
	return !errors.Is(err, mailbox.ErrFenceLost) || w.chance(30)
}

// journal writes a journal entry; the lease must not have run out, which only a clock that stands still can tell.
func (w *walk) journal(me *worker) (keep bool) {
	w.t.Helper()
	field := fmt.Sprint("j:", w.rnd.IntN(3))
	value := fmt.Sprint(w.counts["steps"])
	before := w.before
	left, err := w.store.Step(w.t.Context(), me.l, field, []byte(value))
	own, spoiled := w.owns(me), w.spoiled
	if own && errors.Is(err, mailbox.ErrFenceLost) { // a repeated one may have been in time the first time
		if w.r.Mini != nil {
			w.ranOut(me, true)
		}
		w.counts["steps refused in time"]++
		w.after("step", nil, "")
		if !spoiled && !before.equal(w.before) {
			w.fatal("step %d: a refused step changed Redis", w.counts["steps"])
		}
		return true
	}
	w.done(me, "step", err, "")
	if err == nil {
		if w.r.Mini != nil {
			w.ranOut(me, false)
		}
		if got := w.before.boxes[me.l.Key].fields[field]; got != value || left > w.lease {
			w.fatal("step %d: the journal holds %q, %v left; want %q", w.counts["steps"], got, left, value)
		}
	}
	return !errors.Is(err, mailbox.ErrFenceLost) || w.chance(30)
}

func (w *walk) ranOut(me *worker, want bool) {
	w.t.Helper()
	ends := time.UnixMicro(int64(w.before.run[me.l.Key]))
	if out := !w.r.Now(w.t).Before(ends); out != want {
		w.fatal("step %d: the lease of %s ended at %v: %v; Step thought otherwise", w.counts["steps"], me.l.Key, ends, out)
	}
}

func (w *walk) commitSome(me *worker) (keep bool) {
	w.t.Helper()
	n := len(me.l.Inbox())
	if w.chance(30) {
		n = w.rnd.IntN(n + 1)
	}
	c := w.decide(me.l, n, false)
	c.Release = w.chance(60)
	c.Forget = w.chance(50)
	forgets := ""
	if c.Release && c.Forget {
		forgets = me.l.Key
	}
	err := w.store.Commit(w.t.Context(), me.l, c)
	w.done(me, "commit", err, forgets)
	if err != nil {
		return errors.Is(err, mailbox.ErrFenceLost) && !w.before.ownedBy(me) && w.chance(30)
	}
	w.counts["commits"]++
	if _, ok := w.before.boxes[me.l.Key].state(); !ok {
		w.counts["states forgotten"]++
	}
	return !c.Release || w.chance(20)
}

// ownedBy tells whether the token of the worker still stands at the mailbox.
func (p picture) ownedBy(me *worker) bool { return p.boxes[me.l.Key].fields["_l"] == me.token }

func (w *walk) fail(me *worker) (keep bool) {
	w.t.Helper()
	at := w.clock.now().Add(time.Duration(w.rnd.Int64N(int64(30 * time.Second))))
	halted, err := w.store.Fail(w.t.Context(), me.l, at, 2, "random")
	w.done(me, "fail", err, "")
	if err == nil {
		w.counts["failures"]++
		if _, is := w.before.halt[me.l.Key]; is != halted {
			w.fatal("step %d: Fail says halted %v, Redis %v", w.counts["steps"], halted, is)
		}
		if halted {
			w.counts["halts"]++
		}
	}
	return err == nil && w.chance(20)
}

// decide takes in n events, a deadline that has come and work that may go on, and now and then starts new ones. The last
// commit of a walk starts nothing.
func (w *walk) decide(l *mailbox.Lease, n int, last bool) mailbox.Commit {
	w.t.Helper()
	var s state
	if raw := l.Fields["s"]; len(raw) > 0 {
		w.ok(json.Unmarshal(raw, &s))
	}
	c := mailbox.Commit{Consume: n, Release: last}
	for _, e := range l.Inbox()[:n] {
		s.Taken = append(s.Taken, e.ID)
		c.Transcript = append(c.Transcript, mailbox.Entry{Name: l.Key, Data: []byte(e.ID)})
		if !last && w.chance(8) {
			c.Dead = append(c.Dead, mailbox.DeadLetter{ID: "dead:" + e.ID, Event: []byte("again")})
		}
	}
	now := w.clock.now().UnixMilli()
	w.timed(&s.Deadline, "deadlines fired", now, last)
	w.timed(&s.Wake, "woken", now, last)
	if s.Deadline != 0 {
		c.Deadline = time.UnixMilli(s.Deadline)
	}
	if s.Wake != 0 {
		c.Wake = time.UnixMilli(s.Wake)
	}
	for field := range l.Fields {
		if strings.HasPrefix(field, "j:") {
			c.Del = append(c.Del, field)
		}
	}
	c.Set = map[string][]byte{"s": encode(s)}
	c.Index = []mailbox.IndexChange{{Name: "taken", Score: float64(len(s.Taken))}}
	return c
}

// timed ends what has come to its time, or begins something.
func (w *walk) timed(at *int64, name string, now int64, last bool) {
	switch {
	case *at != 0 && *at <= now:
		*at = 0
		w.counts[name]++
	case *at == 0 && !last && w.chance(12):
		*at = now + w.rnd.Int64N(40_000)
	}
}
