package decide_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// round is the sweep's job with a clock and a schedule.
type round struct {
	t      *testing.T
	j      conversation.Job
	every  time.Duration
	second int
}

func (r *round) event(e conversation.Event) {
	r.t.Helper()
	before := r.j.Clone()
	next := decide.SweepDue(decide.Sweep(r.j, e, at(r.second)), r.every, at(r.second))
	if diff := cmp.Diff(before, r.j); diff != "" {
		r.t.Fatalf("the job it was given has changed (-before +after):\n%s", diff)
	}
	r.j = next
}

func (r *round) wake() {
	r.t.Helper()
	r.event(conversation.Event{Kind: conversation.EventWake})
}

func (r *round) ask(id string) {
	r.t.Helper()
	r.event(conversation.Event{Kind: conversation.EventWake, Run: id})
}

// answer is what came of the page that is under way.
func (r *round) answer(res conversation.Result) {
	r.t.Helper()
	if len(r.j.Outbox.Background) != 1 {
		r.t.Fatalf("%d pages are under way", len(r.j.Outbox.Background))
	}
	res.Effect = r.j.Outbox.Background[0].Effect.ID
	r.event(conversation.Event{Kind: conversation.EventResult, Result: &res})
}

func (r *round) page(s conversation.Sweep) {
	r.t.Helper()
	r.answer(conversation.Result{Outcome: conversation.Done, Sweep: &s})
}

// asks wants a page to be under way, or none.
func (r *round) asks(want *conversation.Sweep) {
	r.t.Helper()
	var got *conversation.Sweep
	for _, p := range r.j.Outbox.Background {
		if p.Effect.Kind != conversation.EffectSweep {
			r.t.Fatalf("the job does %q", p.Effect.Kind)
		}
		got = p.Effect.Sweep
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("page (-want +got):\n%s", diff)
	}
}

func (r *round) stands(want conversation.Sweep) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.j.Sweep, cmpopts.EquateEmpty()); diff != "" {
		r.t.Errorf("sweep (-want +got):\n%s", diff)
	}
}

func run(second, n int) string {
	return strconv.FormatInt(at(second).UnixMilli(), 10) + "-" + strconv.Itoa(n)
}

func TestSweepRunsPageByPage(t *testing.T) {
	t.Parallel()
	r := &round{t: t, every: 10 * time.Minute}
	r.wake()
	r.asks(&conversation.Sweep{Run: run(0, 0), Upto: at(0)})
	r.second = 3
	r.wake() // another instance starts
	r.asks(&conversation.Sweep{Run: run(0, 0), Upto: at(0)})
	r.page(conversation.Sweep{Cursor: "3|a", Found: 500, More: true})
	r.asks(&conversation.Sweep{Run: run(0, 0), Upto: at(0), Cursor: "3|a", Found: 500})
	r.second = 5
	r.answer(conversation.Result{Outcome: conversation.Later, NotBefore: at(9)})
	r.asks(&conversation.Sweep{Run: run(0, 0), Upto: at(0), Cursor: "3|a", Found: 500})
	r.page(conversation.Sweep{Found: 720, Since: at(0)})
	r.asks(nil)
	r.stands(conversation.Sweep{Since: at(0), Last: at(5), Woken: 720})
	if want := at(605); !r.j.Due.Equal(want) {
		t.Errorf("due at %v, want %v", r.j.Due, want)
	}

	r.second = 604
	r.wake()
	r.asks(nil)
	r.second = 5000 // nobody was there for a long time: one run makes up for it
	r.wake()
	r.asks(&conversation.Sweep{Run: run(5000, 2), Upto: at(5000), Since: at(0), Last: at(5), Woken: 720})
	r.page(conversation.Sweep{Found: 1, Since: at(5000)})
	r.asks(nil)
	r.stands(conversation.Sweep{Since: at(5000), Last: at(5000), Woken: 1})
}

func TestSweepThatFails(t *testing.T) {
	t.Parallel()
	r := &round{t: t, every: 10 * time.Minute, j: conversation.Job{Sweep: conversation.Sweep{Since: at(-900), Last: at(-900)}}}
	r.ask("a")
	r.page(conversation.Sweep{Cursor: "x", Found: 4, More: true})
	r.answer(conversation.Result{Outcome: conversation.Failed, Reason: "zendesk: bad"})
	r.asks(nil) // not at once: it would fail again
	r.stands(conversation.Sweep{Since: at(-900), Last: at(0), Woken: 4, Served: []string{"a"}})
}

func TestSweepOnDemand(t *testing.T) {
	t.Parallel()
	r := &round{t: t}
	r.wake()
	r.asks(nil) // without a schedule it waits to be asked
	r.ask("a")
	r.asks(&conversation.Sweep{Run: run(0, 0), Upto: at(0)})
	r.ask("b") // what became due since the run began is another run's
	r.ask("c")
	r.stands(conversation.Sweep{Run: run(0, 0), Upto: at(0), Serving: []string{"a"}, Asked: []string{"b", "c"}})
	r.second = 7
	r.page(conversation.Sweep{Found: 2, Since: at(0)})
	r.asks(&conversation.Sweep{Run: run(7, 1), Upto: at(7), Since: at(0), Last: at(7), Woken: 2})
	r.stands(conversation.Sweep{
		Run: run(7, 1), Upto: at(7), Since: at(0), Last: at(7), Woken: 2, Serving: []string{"b", "c"}, Served: []string{"a"},
	})
	r.page(conversation.Sweep{Since: at(7)})
	r.asks(nil)
	r.stands(conversation.Sweep{Since: at(7), Last: at(7), Served: []string{"a", "b", "c"}})
	if !r.j.Due.IsZero() {
		t.Errorf("due at %v without a schedule", r.j.Due)
	}
}

func TestSweepForgetsWhoAskedLongAgo(t *testing.T) {
	t.Parallel()
	r := &round{t: t}
	for i := range conversation.MostServed + 3 {
		r.ask(strconv.Itoa(i))
		r.page(conversation.Sweep{})
	}
	served := r.j.Sweep.Served
	if len(served) != conversation.MostServed || served[len(served)-1] != strconv.Itoa(conversation.MostServed+2) {
		t.Errorf("served are %v", served)
	}
}

func TestSweepRunsAreToldApart(t *testing.T) {
	t.Parallel()
	r := &round{t: t}
	seen := map[string]bool{}
	for range 3 { // at the same instant
		r.ask("a")
		if seen[r.j.Sweep.Run] {
			t.Fatalf("run %s comes twice", r.j.Sweep.Run)
		}
		seen[r.j.Sweep.Run] = true
		r.page(conversation.Sweep{})
	}
}

func TestSweepNext(t *testing.T) {
	t.Parallel()
	last := func(seconds int) conversation.Job {
		return conversation.Job{Sweep: conversation.Sweep{Last: at(seconds)}}
	}
	tests := []struct {
		name  string
		job   conversation.Job
		every time.Duration
		runs  bool
		next  int
	}{
		{"soon", last(-500), 10 * time.Minute, false, 100},
		{"in a long time", last(-500), time.Hour, false, 300},
		{"never by itself", last(-500), 0, false, 300},
		{"the schedule became tighter", last(-500), time.Minute, true, 0},
		{"switched on for the first time", conversation.Job{}, time.Hour, true, 0},
		{"the clock was put back", last(90_000), 10 * time.Minute, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			j := decide.SweepDue(tt.job, tt.every, at(0))
			if runs := !j.Outbox.Empty(); runs != tt.runs {
				t.Fatalf("runs: %v", runs)
			}
			if got := decide.SweepNext(j, at(0)); !tt.runs && !got.Equal(at(tt.next)) {
				t.Errorf("looks again at %v, want %v", got, at(tt.next))
			}
		})
	}
}
