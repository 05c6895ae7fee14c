package rig_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// fakeTime is a real clock that only moves by hand.
type fakeTime struct {
	mu  sync.Mutex
	now time.Time
}

func newFakeTime() *fakeTime { return &fakeTime{now: start} }

func (f *fakeTime) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fakeTime) Add(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func TestClock(t *testing.T) {
	t.Parallel()
	real := newFakeTime()
	c := rig.NewClock(real.Now)
	if got := c.Now(); !got.Equal(start) {
		t.Fatalf("Now() = %v, want %v", got, start)
	}
	var first, second []time.Duration
	c.Subscribe(func() { first = append(first, c.Offset()) })
	c.SetOffset(time.Hour)
	c.Subscribe(func() { second = append(second, c.Offset()) })
	c.SetOffset(-time.Minute)
	real.Add(time.Second)
	if got, want := c.Now(), start.Add(-59*time.Second); !got.Equal(want) {
		t.Errorf("Now() = %v, want %v", got, want)
	}
	if len(first) != 2 || first[0] != time.Hour || first[1] != -time.Minute {
		t.Errorf("first subscriber saw %v", first)
	}
	if len(second) != 1 {
		t.Errorf("second subscriber saw %v", second)
	}
}
