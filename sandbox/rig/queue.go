package rig

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Queue holds what a peer does by itself later (webhooks, statuses, retries), each item due at a time of the sandbox's
// clock. It is not persistent: a peer that starts adds what its store says is still to do.
type Queue struct {
	clock *Clock
	wake  chan struct{}

	running sync.Mutex // held while items run: one at a time, in order

	mu    sync.Mutex
	items itemHeap
	seq   int
}

type item struct {
	at  time.Time
	seq int
	fn  func(ctx context.Context)
}

// NewQueue returns an empty queue on c.
func NewQueue(c *Clock) *Queue {
	q := &Queue{clock: c, wake: make(chan struct{}, 1)}
	c.Subscribe(q.signal)
	return q
}

// At has fn run when the sandbox's clock has reached t. Items of the same time run in the order they were added. fn may
// add items, but must not call Pump.
func (q *Queue) At(t time.Time, fn func(ctx context.Context)) {
	q.mu.Lock()
	q.seq++
	heap.Push(&q.items, item{at: t, seq: q.seq, fn: fn})
	q.mu.Unlock()
	q.signal()
}

// Pump runs all items that are due, in order, also those they add themselves, and returns how many ran. It ends early
// when ctx does. Only one Pump runs at a time, others wait for it.
func (q *Queue) Pump(ctx context.Context) int {
	q.running.Lock()
	defer q.running.Unlock()
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n
		}
		fn, ok := q.due()
		if !ok {
			return n
		}
		fn(ctx)
	}
}

func (q *Queue) due() (func(ctx context.Context), bool) {
	now := q.clock.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 || q.items[0].at.After(now) {
		return nil, false
	}
	it, ok := heap.Pop(&q.items).(item)
	return it.fn, ok
}

// Next returns when the earliest item is due, and false when there is none.
func (q *Queue) Next() (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return time.Time{}, false
	}
	return q.items[0].at, true
}

// Run pumps whenever an item is due, was added, or the clock was moved, until ctx ends. It takes the clock to go at the
// speed of the real one between moves.
func (q *Queue) Run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		q.Pump(ctx)
		timer.Reset(q.wait())
		select {
		case <-ctx.Done():
			return
		case <-q.wake:
		case <-timer.C:
		}
	}
}

// wait returns how long Run may rest: an item in the past is one that came while it looked.
func (q *Queue) wait() time.Duration {
	at, ok := q.Next()
	if !ok {
		return time.Hour
	}
	return max(at.Sub(q.clock.Now()), time.Millisecond)
}

func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

type itemHeap []item

func (h itemHeap) Len() int { return len(h) }

func (h itemHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}

func (h itemHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *itemHeap) Push(x any) {
	if it, ok := x.(item); ok {
		*h = append(*h, it)
	}
}

// Pop implements heap.Interface.
func (h *itemHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = item{}
	*h = old[:len(old)-1]
	return last
}
