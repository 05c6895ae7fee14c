package zendesk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestRefusedOAuthClient(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]zendesk.Kind{
		400: zendesk.KindUnauthorized, 401: zendesk.KindUnauthorized, 403: zendesk.KindUnauthorized,
		404: zendesk.KindUnauthorized, 409: zendesk.KindUnauthorized, 422: zendesk.KindUnauthorized,
		302: zendesk.KindUnauthorized, 429: zendesk.KindLimited, 500: zendesk.KindServer, 503: zendesk.KindServer,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			a := &account{fail: status}
			c := a.client(t, zendesk.NewMemoryTokens(), nil)
			for i, o := range operations() {
				var got *zendesk.Error
				if err := o.call(t.Context(), c); !errors.As(err, &got) || got.Kind != want || got.Uncertain() || got.Status != 0 {
					t.Errorf("%s: error = %#v, want a certain %v", o.name, err, want)
				}
				if got.RetryAfter != 7*time.Second {
					t.Errorf("%s: wait = %v", o.name, got.RetryAfter)
				}
				if strings.Contains(got.Error(), "s3cr3t") {
					t.Errorf("%s: the error tells the secret", o.name)
				}
				a.wantCounts(t, i+1, 0)
			}
		})
	}
}

func TestStrangeTokenAnswers(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"no token": `{}`, "no JSON": `<html>`, "empty": ``, "wrong type": `{"access_token":7}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := (&account{}).client(t, zendesk.NewMemoryTokens(), func(cfg *zendesk.Config) {
				cfg.Transport = inMemory{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, body) })}
			})
			_, err := c.Me(t.Context())
			wantKind(t, err, zendesk.KindServer)
		})
	}
}

func TestTokenCallFailsBelow(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	var requests atomic.Int32
	c := (&account{}).client(t, zendesk.NewMemoryTokens(), func(cfg *zendesk.Config) {
		cfg.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			requests.Add(1)
			return nil, boom
		})
	})
	_, err := c.ShowTicket(t.Context(), 7)
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || got.Uncertain() || !errors.Is(err, boom) {
		t.Errorf("error = %#v", err)
	}
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1: a read is not repeated for want of a token", n)
	}
}

// storeOf is a TokenStore made of functions over another one.
type storeOf struct {
	zendesk.TokenStore
	load func() error
	save func() error
	lock func() (func(context.Context) error, bool, error)
}

func (s storeOf) Load(ctx context.Context) (zendesk.Token, bool, error) {
	if s.load != nil {
		if err := s.load(); err != nil {
			return zendesk.Token{}, false, err
		}
	}
	return s.TokenStore.Load(ctx)
}

func (s storeOf) Save(ctx context.Context, t zendesk.Token) error {
	if s.save != nil {
		if err := s.save(); err != nil {
			return err
		}
	}
	return s.TokenStore.Save(ctx, t)
}

func (s storeOf) Lock(ctx context.Context, ttl time.Duration) (func(context.Context) error, bool, error) {
	if s.lock != nil {
		return s.lock()
	}
	return s.TokenStore.Lock(ctx, ttl)
}

func TestTokenStoreFails(t *testing.T) {
	t.Parallel()
	boom := errors.New("store is gone")
	fails := func() error { return boom }
	memory := zendesk.NewMemoryTokens
	for name, store := range map[string]storeOf{
		"load": {TokenStore: memory(), load: fails},
		"save": {TokenStore: memory(), save: fails},
		"lock": {TokenStore: memory(), lock: func() (func(context.Context) error, bool, error) { return nil, false, boom }},
		"save and unlock": {TokenStore: memory(), save: fails, lock: func() (func(context.Context) error, bool, error) {
			return func(context.Context) error { return errors.New("unlock too") }, true, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &account{life: 3600}
			_, err := a.client(t, store, nil).UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
			var got *zendesk.Error
			if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || got.Uncertain() || !errors.Is(err, boom) {
				t.Errorf("error = %#v", err)
			}
			if _, calls := a.counts(); calls != 0 {
				t.Errorf("%d API calls", calls)
			}
		})
	}
}

func TestUnlockThatFailsAloneDoesNotMatter(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600}
	store := storeOf{
		TokenStore: zendesk.NewMemoryTokens(), lock: func() (func(context.Context) error, bool, error) {
			return func(context.Context) error { return errors.New("unlock") }, true, nil
		},
	}
	if _, err := a.client(t, store, nil).Me(t.Context()); err != nil {
		t.Errorf("Me: %v", err)
	}
}

func TestOneProcessAsksForTheLockOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{life: 3600, gate: make(chan struct{})}
		memory := zendesk.NewMemoryTokens()
		var locks atomic.Int32
		store := storeOf{TokenStore: memory, lock: func() (func(context.Context) error, bool, error) {
			locks.Add(1)
			return memory.Lock(t.Context(), time.Minute)
		}}
		c := a.client(t, store, nil)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := c.Me(t.Context()); err != nil {
					t.Errorf("Me: %v", err)
				}
			})
		}
		synctest.Wait()
		close(a.gate)
		wg.Wait()
		if n := locks.Load(); n != 1 {
			t.Errorf("the store was asked %d times for its lock, want once", n)
		}
	})
}

func TestTokenAppearsJustBeforeTheLock(t *testing.T) {
	t.Parallel()
	a := &account{life: 3600, issued: 1}
	memory := zendesk.NewMemoryTokens()
	store := storeOf{TokenStore: memory, lock: func() (func(context.Context) error, bool, error) {
		now := time.Now()
		token := zendesk.Token{Access: "t1", Expires: now.Add(time.Hour), RenewAt: now.Add(time.Hour)}
		if err := memory.Save(t.Context(), token); err != nil {
			return nil, false, err
		}
		return memory.Lock(t.Context(), time.Minute)
	}}
	if _, err := a.client(t, store, nil).Me(t.Context()); err != nil {
		t.Fatalf("Me: %v", err)
	}
	a.wantCounts(t, 0, 1)
	if _, ok, err := memory.Lock(t.Context(), time.Minute); !ok || err != nil {
		t.Errorf("the lock was not given back: %v, %v", ok, err)
	}
}

func TestWaitsForTheInstanceThatHasTheLock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{life: 3600, issued: 1}
		store := zendesk.NewMemoryTokens()
		unlock, ok, err := store.Lock(t.Context(), time.Minute)
		if err != nil || !ok {
			t.Fatal("lock is not free")
		}
		c := a.client(t, store, nil)
		done := make(chan error, 1)
		go func() { done <- errOnly(c.Me(t.Context())) }()
		pass(time.Second)
		a.wantCounts(t, 0, 0)
		now := time.Now()
		token := zendesk.Token{Access: "t1", Expires: now.Add(time.Hour), RenewAt: now.Add(time.Hour)}
		if err := store.Save(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Errorf("Me: %v", err)
		}
		a.wantCounts(t, 0, 1)
		if err := unlock(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestDeadLockHolder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{life: 3600}
		store := zendesk.NewMemoryTokens()
		stale, ok, err := store.Lock(t.Context(), 5*time.Second)
		if err != nil || !ok {
			t.Fatal("lock is not free")
		}
		start := time.Now()
		if _, err := a.client(t, store, nil).Me(t.Context()); err != nil {
			t.Fatalf("Me: %v", err)
		}
		if now := time.Now(); now.Before(start.Add(5*time.Second)) || now.After(start.Add(6*time.Second)) {
			t.Errorf("a lock of 5 s from %v was waited for until %v", start, now)
		}
		// The dead holder wakes up: it must not free somebody else's lock.
		unlock, ok, err := store.Lock(t.Context(), time.Minute)
		if err != nil || !ok {
			t.Fatal("lock was not given back")
		}
		if err := stale(t.Context()); err != nil {
			t.Error(err)
		}
		if _, ok, err := store.Lock(t.Context(), time.Minute); ok || err != nil {
			t.Errorf("a stale unlock freed the lock: %v, %v", ok, err)
		}
		if err := unlock(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestOneCallEndsOthersGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &account{life: 3600, gate: make(chan struct{})}
		c := a.client(t, zendesk.NewMemoryTokens(), nil)
		ctx, cancel := context.WithCancel(t.Context())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { first <- errOnly(c.Me(ctx)) }()
		synctest.Wait()
		go func() { second <- errOnly(c.Me(t.Context())) }()
		synctest.Wait()
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("first: %v", err)
		}
		close(a.gate)
		if err := <-second; err != nil {
			t.Errorf("second: %v", err)
		}
		a.wantCounts(t, 1, 1)
	})
}

func TestTokenCallHasATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := (&account{}).client(t, zendesk.NewMemoryTokens(), func(cfg *zendesk.Config) {
			cfg.Timeout = 3 * time.Second
			cfg.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			})
		})
		start := time.Now()
		_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
		var got *zendesk.Error
		if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || got.Uncertain() {
			t.Errorf("error = %#v", err)
		}
		if now := time.Now(); !now.Equal(start.Add(3 * time.Second)) {
			t.Errorf("began at %v, gave up at %v", start, now)
		}
	})
}
