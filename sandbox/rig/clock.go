package rig

import (
	"slices"
	"sync"
	"time"
)

// Clock is the sandbox's time: the real time plus an offset that can be moved.
type Clock struct {
	real func() time.Time

	mu     sync.Mutex
	offset time.Duration
	subs   []func()
}

// NewClock returns a clock without offset over real, which tells the real time.
func NewClock(real func() time.Time) *Clock {
	return &Clock{real: real}
}

// Now returns the sandbox's time.
func (c *Clock) Now() time.Time {
	return c.real().Add(c.Offset())
}

// Offset returns how far the sandbox's time is ahead of the real one.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// SetOffset replaces the offset and calls every subscriber afterwards, on the caller's goroutine.
func (c *Clock) SetOffset(d time.Duration) {
	c.mu.Lock()
	c.offset = d
	subs := c.subs
	c.mu.Unlock()
	for _, f := range subs {
		f()
	}
}

// Subscribe has f called after each SetOffset. f must not block.
func (c *Clock) Subscribe(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subs = append(slices.Clip(c.subs), f)
}
