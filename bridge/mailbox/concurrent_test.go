package mailbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// TestWorkersSideBySide lets real goroutines race: senders that repeat themselves, workers of two instances that crash.
func TestWorkersSideBySide(t *testing.T) {
	t.Parallel()
	const mailboxes, perMailbox = 6, 25
	each(t, func(h *house) {
		ctx, done := context.WithTimeout(h.t.Context(), time.Minute)
		defer done()
		var consumed, crashes atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			s := h.with(func(c *mailbox.Config) { c.Lease, c.MaxEvents = 100*time.Millisecond, 5 })
			wg.Go(func() {
				drain(ctx, h.t, s, &crashes, func(n int) {
					if consumed.Add(int64(n)) == mailboxes*perMailbox {
						done()
					}
				})
			})
		}
		for i := range mailboxes {
			wg.Go(func() { send(ctx, h.t, h.Store, fmt.Sprint("box", i), perMailbox) })
		}
		wg.Wait()
		h.same("consumed", consumed.Load(), int64(mailboxes*perMailbox))
		var want []string
		for i := range perMailbox {
			want = append(want, fmt.Sprint("e", i))
		}
		for i := range mailboxes {
			var s state
			h.ok(json.Unmarshal(h.peek(fmt.Sprint("box", i)).Fields["s"], &s))
			h.same("taken", s.Taken, want)
		}
		h.repaired(0)
		h.t.Logf("%d events in %d mailboxes, %d workers crashed", mailboxes*perMailbox, mailboxes, crashes.Load())
	})
}

// send delivers events in order, with old ones again and again from the side.
func send(ctx context.Context, tb testing.TB, s *mailbox.Store, key string, n int) {
	tb.Helper()
	var wg sync.WaitGroup
	defer wg.Wait()
	for i := range n {
		if _, err := s.Append(ctx, mailbox.Delivery{Key: key, Events: events(fmt.Sprint("e", i))}); err != nil {
			tb.Errorf("append: %v", err)
			return
		}
		old := fmt.Sprint("e", rand.IntN(i+1))
		wg.Go(func() {
			_, err := s.Append(ctx, mailbox.Delivery{Key: key, Events: events(old)})
			if err != nil && ctx.Err() == nil {
				tb.Errorf("append: %v", err)
			}
		})
	}
}

// drain is a worker; it stops when ctx ends.
func drain(ctx context.Context, tb testing.TB, s *mailbox.Store, crashes *atomic.Int64, took func(int)) {
	tb.Helper()
	pause := time.NewTicker(2 * time.Millisecond)
	defer pause.Stop()
	for {
		leases, err := s.Claim(ctx, []int{0, 1, 2}, 2)
		if err != nil && ctx.Err() == nil {
			tb.Errorf("claim: %v", err)
			return
		}
		for _, l := range leases {
			if rand.IntN(10) == 0 {
				crashes.Add(1)
				continue
			}
			n, err := digestOne(ctx, s, l)
			if err != nil && !errors.Is(err, mailbox.ErrFenceLost) && ctx.Err() == nil {
				tb.Errorf("work: %v", err)
				return
			}
			took(n)
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// digestOne works on one mailbox: a journal entry, a heartbeat, a commit. It returns how many events it consumed.
func digestOne(ctx context.Context, s *mailbox.Store, l *mailbox.Lease) (int, error) {
	if _, err := s.Step(ctx, l, "j:1", []byte("x")); err != nil {
		return 0, err
	}
	if _, err := s.Beat(ctx, l); err != nil {
		return 0, err
	}
	var st state
	if raw := l.Fields["s"]; len(raw) > 0 {
		if err := json.Unmarshal(raw, &st); err != nil {
			return 0, err
		}
	}
	for _, e := range l.Inbox() {
		st.Taken = append(st.Taken, e.ID)
	}
	n := len(l.Inbox())
	err := s.Commit(ctx, l, mailbox.Commit{Consume: n, Set: map[string][]byte{"s": encode(st)}, Del: []string{"j:1"}, Release: true})
	if err != nil {
		return 0, err
	}
	return n, nil
}
