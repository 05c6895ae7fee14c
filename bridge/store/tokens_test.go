package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestTokenIsKeptAndExpires(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		keeper := store.NewTokenKeeper(r.Client, r.Prefix)
		expect := func(want string, wantOK bool) {
			t.Helper()
			got, ok, err := keeper.LoadToken(t.Context())
			if err != nil || ok != wantOK || string(got) != want {
				t.Errorf("LoadToken = %q, %v, %v; want %q, %v", got, ok, err, want, wantOK)
			}
		}
		save := func(token string, ttl time.Duration) {
			t.Helper()
			if err := keeper.SaveToken(t.Context(), []byte(token), ttl); err != nil {
				t.Fatal(err)
			}
		}
		expect("", false)
		save(`{"access":"a\u0000"}`, time.Minute)
		expect(`{"access":"a\u0000"}`, true)
		save("b", 40*time.Millisecond)
		expect("b", true)
		r.Advance(50 * time.Millisecond)
		expect("", false)
		save("c", 40*time.Millisecond)
		save("d", 0)
		r.Advance(50 * time.Millisecond)
		expect("d", true)
	})
}

func TestRefreshIsForOneAtATime(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		var (
			wg   sync.WaitGroup
			held atomic.Int64
		)
		unlocks := make(chan func(context.Context) error, 8)
		for range 8 {
			wg.Go(func() {
				unlock, ok, err := store.NewTokenKeeper(r.Client, r.Prefix).LockRefresh(t.Context(), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if ok {
					held.Add(1)
					unlocks <- unlock
				}
			})
		}
		wg.Wait()
		if held.Load() != 1 {
			t.Fatalf("%d hold the right to refresh; want 1", held.Load())
		}
		if err := (<-unlocks)(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := store.NewTokenKeeper(r.Client, r.Prefix).LockRefresh(t.Context(), time.Minute); err != nil || !ok {
			t.Errorf("LockRefresh after the unlock = %v, %v; want it", ok, err)
		}
	})
}

func TestLateUnlockLeavesTheNextHolderAlone(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		keeper := store.NewTokenKeeper(r.Client, r.Prefix)
		late, ok, err := keeper.LockRefresh(t.Context(), 40*time.Millisecond)
		if err != nil || !ok {
			t.Fatalf("LockRefresh = %v, %v", ok, err)
		}
		r.Advance(50 * time.Millisecond)
		if _, ok, err := keeper.LockRefresh(t.Context(), time.Minute); err != nil || !ok {
			t.Fatalf("LockRefresh after the first expired = %v, %v; want it", ok, err)
		}
		if err := late(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := keeper.LockRefresh(t.Context(), time.Minute); err != nil || ok {
			t.Errorf("LockRefresh = %v, %v; want it refused, the second holder still has it", ok, err)
		}
	})
}

func TestLockSurvivesALostReply(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, repeat := watched(t, r)
		repeat.twice.Store(true)
		unlock, ok, err := store.NewTokenKeeper(client, r.Prefix).LockRefresh(t.Context(), time.Minute)
		if err != nil || !ok {
			t.Fatalf("LockRefresh, repeated = %v, %v; want it", ok, err)
		}
		if err := unlock(t.Context()); err != nil {
			t.Errorf("unlock, repeated: %v", err)
		}
	})
}

func TestTokenKeeperTellsFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	keeper := store.NewTokenKeeper(r.Client, r.Prefix)
	unlock, _, err := keeper.LockRefresh(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	r.Mini.SetError("ERR out of order")
	if _, _, err := keeper.LoadToken(t.Context()); err == nil {
		t.Error("LoadToken succeeded on a store that fails")
	}
	if err := keeper.SaveToken(t.Context(), []byte("a"), 0); err == nil {
		t.Error("SaveToken succeeded on a store that fails")
	}
	if _, ok, err := keeper.LockRefresh(t.Context(), time.Minute); err == nil || ok {
		t.Error("LockRefresh succeeded on a store that fails")
	}
	if err := unlock(t.Context()); err == nil {
		t.Error("unlock succeeded on a store that fails")
	}
}
