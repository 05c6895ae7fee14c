package rig_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

func TestQueuePumpsInOrder(t *testing.T) {
	t.Parallel()
	real := newFakeTime()
	c := rig.NewClock(real.Now)
	q := rig.NewQueue(c)
	var got []string
	add := func(after time.Duration, name string) {
		q.At(start.Add(after), func(context.Context) { got = append(got, name) })
	}
	if _, ok := q.Next(); ok {
		t.Error("an empty queue has a next item")
	}
	add(2*time.Second, "late")
	add(time.Second, "first")
	add(time.Second, "second")
	q.At(start, func(context.Context) {
		got = append(got, "now")
		add(0, "added while running")
		add(3*time.Second, "last")
	})
	if n := q.Pump(t.Context()); n != 2 {
		t.Errorf("Pump ran %d items, want 2", n)
	}
	if at, ok := q.Next(); !ok || !at.Equal(start.Add(time.Second)) {
		t.Errorf("Next() = %v %v", at, ok)
	}
	c.SetOffset(2 * time.Second)
	if n := q.Pump(t.Context()); n != 3 {
		t.Errorf("Pump ran %d items, want 3", n)
	}
	want := []string{"now", "added while running", "first", "second", "late"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQueuePumpEndsWithItsContext(t *testing.T) {
	t.Parallel()
	q := rig.NewQueue(rig.NewClock(newFakeTime().Now))
	ctx, cancel := context.WithCancel(t.Context())
	q.At(start, func(context.Context) { cancel() })
	q.At(start, func(context.Context) { t.Error("ran after the end") })
	if n := q.Pump(ctx); n != 1 {
		t.Errorf("Pump ran %d items, want 1", n)
	}
}

func TestQueueRun(t *testing.T) {
	t.Parallel()
	c := rig.NewClock(time.Now)
	q := rig.NewQueue(c)
	ctx, cancel := context.WithCancel(t.Context())
	ran, done := make(chan string, 3), make(chan struct{})
	say := func(s string) func(context.Context) { return func(context.Context) { ran <- s } }
	go func() {
		q.Run(ctx)
		close(done)
	}()
	q.At(c.Now(), say("added"))
	if got := <-ran; got != "added" {
		t.Errorf("ran %q", got)
	}
	q.At(c.Now().Add(5*time.Millisecond), say("due by itself"))
	if got := <-ran; got != "due by itself" {
		t.Errorf("ran %q", got)
	}
	q.At(c.Now().Add(24*time.Hour), say("moved to"))
	c.SetOffset(25 * time.Hour)
	if got := <-ran; got != "moved to" {
		t.Errorf("ran %q", got)
	}
	cancel()
	<-done
}
