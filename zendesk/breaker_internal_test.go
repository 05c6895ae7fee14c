package zendesk

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// watch is a clock that stands still until it is moved.
type watch struct{ at time.Time }

func newWatch() *watch                { return &watch{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }
func (w *watch) now() time.Time       { return w.at }
func (w *watch) pass(d time.Duration) { w.at = w.at.Add(d) }

// try makes a call with an outcome; it gives the wait when there is no call.
func try(b *breaker, o outcome) time.Duration {
	p, wait := b.enter()
	if p != nil {
		p.tell(o)
	}
	return wait
}

func TestBreakerOpensAfterFailuresInARow(t *testing.T) {
	t.Parallel()
	w := newWatch()
	b := newBreaker(5, w.now)
	for _, o := range []outcome{failing, failing, failing, failing, answering, failing, failing, unknown, failing, failing} {
		try(b, o)
		if state, since := b.look(); state != BreakerClosed || !since.Equal(w.at) {
			t.Fatalf("%s since %v; want closed", state, since)
		}
	}
	w.pass(time.Second)
	if wait := try(b, failing); wait != 0 {
		t.Errorf("the fifth waits %v", wait)
	}
	if state, since := b.look(); state != BreakerOpen || !since.Equal(w.at) {
		t.Errorf("%s since %v; want open since now", state, since)
	}
	if wait := try(b, answering); wait != 5*time.Second {
		t.Errorf("wait = %v; want 5 s", wait)
	}
}

func TestBreakerProbes(t *testing.T) {
	t.Parallel()
	w := newWatch()
	b := newBreaker(1, w.now)
	try(b, failing)
	for _, open := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, 30 * time.Second} {
		w.pass(open - time.Nanosecond)
		if wait := try(b, answering); wait != time.Nanosecond {
			t.Fatalf("just before %v are over: wait %v", open, wait)
		}
		w.pass(time.Nanosecond)
		if state, since := b.look(); state != BreakerHalfOpen || !since.Equal(w.at) {
			t.Fatalf("after %v: %s since %v", open, state, since)
		}
		probe, _ := b.enter()
		if other, wait := b.enter(); probe == nil || other != nil || wait != time.Second {
			t.Fatalf("a probe and beside it %v, after %v", other, wait)
		}
		probe.tell(failing)
		probe.tell(answering) // too late
	}
	w.pass(30 * time.Second)
	try(b, unknown)
	if state, _ := b.look(); state != BreakerHalfOpen {
		t.Errorf("%s after a probe that says nothing; want another one", state)
	}
	try(b, answering)
	if state, since := b.look(); state != BreakerClosed || !since.Equal(w.at) {
		t.Errorf("%s since %v after a good probe; want closed since now", state, since)
	}
	try(b, failing)
	if wait := try(b, answering); wait != 5*time.Second {
		t.Errorf("open for %v; want 5 s again", wait)
	}
}

// TestBreakerForgetsOldCalls: what began before the circuit changed says nothing about it.
func TestBreakerForgetsOldCalls(t *testing.T) {
	t.Parallel()
	w := newWatch()
	b := newBreaker(1, w.now)
	good, bad := mustEnter(t, b), mustEnter(t, b)
	try(b, failing)
	good.tell(answering)
	if state, _ := b.look(); state != BreakerOpen {
		t.Errorf("%s by a call from before; want open", state)
	}
	w.pass(5 * time.Second)
	probe := mustEnter(t, b)
	bad.tell(failing)
	if state, _ := b.look(); state != BreakerHalfOpen {
		t.Errorf("%s by a call from before; want half-open", state)
	}
	probe.tell(answering)
	if state, _ := b.look(); state != BreakerClosed {
		t.Errorf("%s; want closed", state)
	}
}

func mustEnter(t *testing.T, b *breaker) *pass {
	t.Helper()
	p, wait := b.enter()
	if p == nil {
		t.Fatalf("no call for %v", wait)
	}
	return p
}

func TestBreakerOnAClockThatIsPutBack(t *testing.T) {
	t.Parallel()
	w := newWatch()
	b := newBreaker(1, w.now)
	try(b, failing)
	w.pass(-time.Hour)
	if wait := try(b, answering); wait != 5*time.Second {
		t.Errorf("wait = %v; want no more than 5 s", wait)
	}
}

func TestBreakerNever(t *testing.T) {
	t.Parallel()
	b := newBreaker(-1, newWatch().now)
	for range 100 {
		if wait := try(b, failing); wait != 0 {
			t.Fatalf("wait = %v; want none", wait)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	live := t.Context()
	cancelled, cancel := context.WithCancel(live)
	cancel()
	late, stop := context.WithDeadline(live, time.Unix(0, 0))
	defer stop()
	boom := errors.New("boom")
	got := map[string]outcome{
		"broken":                   judge(live, boom),
		"timeout":                  judge(late, fmt.Errorf("x: %w", context.DeadlineExceeded)),
		"cancelled":                judge(cancelled, boom),
		"never sent":               judge(live, fmt.Errorf("x: %w", &unsentError{boom})),
		"never sent, time is over": judge(late, &unsentError{context.DeadlineExceeded}),
	}
	want := map[string]outcome{"broken": failing, "timeout": failing, "cancelled": unknown, "never sent": unknown, "never sent, time is over": unknown}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("judged (-want +got):\n%s", diff)
	}
}
