package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// mostTogether is the package's bound of one shared round trip.
const mostTogether = 512

// gate is a hook that stands in for Redis: it holds each round trip until it is let through and answers as append.lua does.
type gate struct {
	trips chan []string   // the mailboxes of a round trip that has come to the gate
	pass  chan error      // lets it through, or makes it fail
	sent  map[string]bool // mailboxes let through; for the test, between round trips
}

func (g *gate) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (g *gate) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (g *gate) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		var keys []string
		for _, c := range cmds {
			keys = append(keys, c.Args()[3+6].(string)) // EVALSHA, digest, 6, the keys, the mailbox
		}
		g.trips <- keys
		err := <-g.pass
		if err == nil {
			err = ctx.Err() // a round trip must not hang on the caller who happened to begin it
		}
		for i, c := range cmds {
			if err == nil {
				c.(*redis.Cmd).SetVal([]any{int64(1), ""})
				g.sent[keys[i]] = true
			}
		}
		return err
	}
}

// gated runs f in a bubble with an installation behind a gate.
func gated(t *testing.T, f func(t *testing.T, s *mailbox.Store, g *gate)) {
	t.Helper()
	h := setup(t, testredis.Mini(t)) // opened outside: a bubble has no network
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		g := &gate{trips: make(chan []string), pass: make(chan error), sent: map[string]bool{}}
		h.r.Client.AddHook(g)
		f(t, h.Store, g)
	})
}

func deliver(ctx context.Context, s *mailbox.Store, keys ...string) error {
	var deliveries []mailbox.Delivery
	for _, key := range keys {
		deliveries = append(deliveries, mailbox.Delivery{Key: key, Events: events("1")})
	}
	_, err := s.Append(ctx, deliveries...)
	return err
}

// trip lets one round trip through and returns how many mailboxes it carried.
func (g *gate) trip(err error) int {
	keys := <-g.trips
	g.pass <- err
	synctest.Wait()
	return len(keys)
}

func TestCallersShareRoundTrips(t *testing.T) {
	t.Parallel()
	gated(t, func(t *testing.T, s *mailbox.Store, g *gate) {
		t.Helper()
		const callers = 2*mostTogether + 100
		errs := make(chan error, callers+2)
		go func() { errs <- deliver(t.Context(), s, "first") }()
		synctest.Wait() // it is at the gate, the others gather behind it
		for i := range callers {
			go func() { errs <- deliver(t.Context(), s, fmt.Sprint("box", i)) }()
		}
		synctest.Wait()
		sizes := []int{g.trip(nil), g.trip(nil), g.trip(nil), g.trip(nil)}
		if want := []int{1, mostTogether, mostTogether, 100}; !slices.Equal(sizes, want) {
			t.Errorf("round trips of %v; want %v", sizes, want)
		}
		if len(g.sent) != callers+1 || len(errs) != callers+1 {
			t.Errorf("%d stored, %d callers answered; want %d", len(g.sent), len(errs), callers+1)
		}
		go func() { errs <- deliver(t.Context(), s, "afterwards") }()
		if n := g.trip(nil); n != 1 {
			t.Errorf("a later caller shared a round trip with %d", n)
		}
		close(errs)
		for err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOneCallIsNeverSplit(t *testing.T) {
	t.Parallel()
	gated(t, func(t *testing.T, s *mailbox.Store, g *gate) {
		t.Helper()
		call := func(name string, size int) {
			keys := make([]string, size)
			for i := range keys {
				keys[i] = fmt.Sprint(name, i)
			}
			go func() {
				if err := deliver(t.Context(), s, keys...); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		call("a", 1)
		call("b", mostTogether-100)
		call("c", 101)
		call("d", mostTogether+100)
		call("e", 1)
		sizes := []int{g.trip(nil), g.trip(nil), g.trip(nil), g.trip(nil), g.trip(nil)}
		if want := []int{1, mostTogether - 100, 101, mostTogether + 100, 1}; !slices.Equal(sizes, want) {
			t.Errorf("round trips of %v; want %v", sizes, want)
		}
	})
}

func TestACancelledCallerLeavesAtOnce(t *testing.T) {
	t.Parallel()
	gated(t, func(t *testing.T, s *mailbox.Store, g *gate) {
		t.Helper()
		leaderCtx, leave := context.WithCancel(t.Context())
		timed, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		leader, late, patient := make(chan error, 1), make(chan error, 1), make(chan error, 1)
		go func() { leader <- deliver(leaderCtx, s, "leader") }()
		synctest.Wait()
		go func() { late <- deliver(timed, s, "late") }()
		synctest.Wait()
		go func() { patient <- deliver(t.Context(), s, "patient") }()
		synctest.Wait()

		leave()
		if err := <-leader; !errors.Is(err, context.Canceled) {
			t.Errorf("the first caller got %v; want %v", err, context.Canceled)
		}
		want := time.Now().Add(time.Second)
		if err := <-late; !errors.Is(err, context.DeadlineExceeded) || !time.Now().Equal(want) {
			t.Errorf("a waiting caller got %v at %v; want %v at %v", err, time.Now(), context.DeadlineExceeded, want)
		}
		if a, b := g.trip(nil), g.trip(nil); a != 1 || b != 2 {
			t.Errorf("round trips of %d and %d; want 1 and 2", a, b)
		}
		if err := <-patient; err != nil {
			t.Errorf("the caller who stayed got %v", err)
		}
		if len(g.sent) != 3 {
			t.Errorf("stored %v; want all three", g.sent)
		}
	})
}

func TestAnErrorReachesEveryCallerOfItsRoundTrip(t *testing.T) {
	t.Parallel()
	gated(t, func(t *testing.T, s *mailbox.Store, g *gate) {
		t.Helper()
		errs := make(chan error, 10)
		go func() { errs <- deliver(t.Context(), s, "first") }()
		synctest.Wait()
		for i := range 5 {
			go func() { errs <- deliver(t.Context(), s, fmt.Sprint("a", i), fmt.Sprint("b", i)) }()
		}
		synctest.Wait()
		g.trip(nil)
		if err := <-errs; err != nil {
			t.Errorf("the first caller got %v", err)
		}
		if n := g.trip(errLost); n != 10 {
			t.Errorf("%d mailboxes in the second round trip; want 10", n)
		}
		for range 5 {
			if err := <-errs; !errors.Is(err, errLost) {
				t.Errorf("a caller got %v; want %v", err, errLost)
			}
		}
		go func() { errs <- deliver(t.Context(), s, "next") }()
		g.trip(nil)
		if err := <-errs; err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}
