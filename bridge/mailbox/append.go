package mailbox

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// Delivery is events for one mailbox.
type Delivery struct {
	Key    string
	Events []Event
}

// Receipt says what became of a Delivery: the mailbox that holds the events (another one when it moved), how many were
// new, and how many it had seen before.
type Receipt struct {
	Key        string
	New        int
	Duplicates int
}

// mostMoves is how often a delivery follows a mailbox that moved.
const mostMoves = 4

// Append stores events durably, each id once a mailbox, in the order given, and makes the mailboxes due. Deliveries of
// concurrent callers share round trips. When it returns an error some deliveries may be stored all the same: repeat all.
func (s *Store) Append(ctx context.Context, deliveries ...Delivery) ([]Receipt, error) {
	sc := s.scripts.append
	calls := make([]*call, len(deliveries))
	for i, d := range deliveries {
		c, err := s.appendCall(sc, d)
		if err != nil {
			return nil, err
		}
		calls[i] = c
	}
	if err := s.flight.do(ctx, calls); err != nil {
		return nil, fmt.Errorf("mailbox: append: %w", err)
	}
	receipts := make([]Receipt, len(deliveries))
	for i, d := range deliveries {
		r, err := s.receipt(ctx, d, calls[i], 0)
		if err != nil {
			return nil, err
		}
		receipts[i] = r
	}
	return receipts, nil
}

func (s *Store) appendCall(sc script, d Delivery) (*call, error) {
	p := s.keys.partition(d.Key)
	args := make([]any, 0, 2+2*len(d.Events))
	args = append(args, d.Key, s.now())
	for _, e := range d.Events {
		if strings.Contains(e.ID, "\n") {
			return nil, ErrBadEvent
		}
		args = append(args, digest(e.ID), e.element())
	}
	return &call{script: sc, args: args, keys: []string{
		s.keys.inbox(p, d.Key), s.keys.seen(p, d.Key), s.keys.due(p), s.keys.run(p), s.keys.halt(p), s.keys.fields(p, d.Key),
	}}, nil
}

func (s *Store) receipt(ctx context.Context, d Delivery, c *call, moves int) (Receipt, error) {
	if c.err != nil {
		return Receipt{}, fmt.Errorf("mailbox: append: %w", c.err)
	}
	reply, _ := c.reply.([]any)
	if len(reply) != 2 {
		return Receipt{}, fmt.Errorf("mailbox: append: unexpected reply %T", c.reply)
	}
	n, _ := reply[0].(int64)
	if n >= 0 {
		return Receipt{Key: d.Key, New: int(n), Duplicates: len(d.Events) - int(n)}, nil
	}
	if moves == mostMoves {
		return Receipt{}, ErrMoved
	}
	d.Key, _ = reply[1].(string)
	again, err := s.appendCall(c.script, d)
	if err != nil {
		return Receipt{}, err
	}
	s.pipeline(ctx, []*call{again})
	return s.receipt(ctx, d, again, moves+1)
}

// call is one run of a script within a shared round trip.
type call struct {
	script script
	keys   []string
	args   []any
	reply  any
	err    error
}

// combiner lets concurrent callers share round trips: whoever comes while one is under way waits for the next, which
// carries all that has gathered. One fsync of Redis then covers them all.
type combiner struct {
	send func(ctx context.Context, calls []*call)

	mu      sync.Mutex
	busy    bool
	waiting []*ticket
}

// ticket is the calls of one caller and the signal that they are done.
type ticket struct {
	calls []*call
	done  chan struct{}
}

// mostTogether bounds one shared round trip.
const mostTogether = 512

// do runs the calls and returns when they are done. A caller whose context ends first gets its error; the calls may
// still be carried out.
func (b *combiner) do(ctx context.Context, calls []*call) error {
	t := &ticket{calls: calls, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, t)
	lead := !b.busy
	b.busy = true
	b.mu.Unlock()
	if lead {
		go b.lead(context.WithoutCancel(ctx))
	}
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lead sends what has gathered until nothing is left.
func (b *combiner) lead(ctx context.Context) {
	for {
		batch := b.next()
		if batch == nil {
			return
		}
		var calls []*call
		for _, t := range batch {
			calls = append(calls, t.calls...)
		}
		b.send(ctx, calls)
		for _, t := range batch {
			close(t.done)
		}
	}
}

func (b *combiner) next() []*ticket {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, size := 0, 0
	for n < len(b.waiting) && (n == 0 || size+len(b.waiting[n].calls) <= mostTogether) {
		size += len(b.waiting[n].calls)
		n++
	}
	if n == 0 {
		b.busy = false
		return nil
	}
	batch := b.waiting[:n:n]
	b.waiting = b.waiting[n:]
	return batch
}
