package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// counts wants a thing to have a place.
func counts(t *testing.T, c *store.Counter, name, thing string, want int) {
	t.Helper()
	if got, err := c.Count(t.Context(), name, thing); err != nil || got != want {
		t.Errorf("%s of %s has place %d, %v; want %d", thing, name, got, err, want)
	}
}

func TestCounter(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		c := store.NewCounter(r.Client, r.Prefix)
		counts(t, c, "2026-11-22", "a", 1)
		counts(t, c, "2026-11-22", "b", 2)
		counts(t, c, "2026-11-22", "a", 1) // the same thing again
		counts(t, c, "2026-11-23", "b", 1) // another day begins anew
		counts(t, c, "2026-11-22", "c", 3)
		counts(t, c, "2026-11-22", "", 4)
		counts(t, c, "2026-11-22", "", 4)
		counts(t, c, "", "a", 1)
		counts(t, store.NewCounter(r.Client, r.Prefix), "2026-11-22", "b", 2) // another instance
		counts(t, store.NewCounter(r.Client, r.Prefix+"other:"), "2026-11-22", "b", 1)
	})
}

// TestCounterAtOnce wants things that are counted by many at once to have a place each, without gaps.
func TestCounterAtOnce(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		const things, times = 20, 3
		c := store.NewCounter(r.Client, r.Prefix)
		var (
			wg     sync.WaitGroup
			mu     sync.Mutex
			places = map[string][]int{}
		)
		for i := range things * times {
			wg.Go(func() {
				thing := fmt.Sprint(i % things)
				n, err := c.Count(t.Context(), "day", thing)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				places[thing] = append(places[thing], n)
			})
		}
		wg.Wait()
		var all []int
		for thing, list := range places {
			if slices.Min(list) != slices.Max(list) {
				t.Errorf("%s has the places %v", thing, list)
			}
			all = append(all, list[0])
		}
		slices.Sort(all)
		for i, n := range all {
			if n != i+1 {
				t.Fatalf("places: %v", all)
			}
		}
	})
}

// TestCounterForgets wants a count to stay for eight days after its last new thing, and no longer.
func TestCounterForgets(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	c := store.NewCounter(r.Client, r.Prefix)
	const life = 8 * 24 * time.Hour
	counts(t, c, "day", "a", 1)
	r.Advance(life - time.Second)
	counts(t, c, "day", "b", 2)
	r.Advance(life - time.Second)
	counts(t, c, "day", "a", 1)
	r.Advance(2 * time.Second)
	counts(t, c, "day", "b", 1)
}

// TestCounterOnRealStores wants the life of a count to be the store's matter, whichever it is.
func TestCounterOnRealStores(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		counts(t, store.NewCounter(r.Client, r.Prefix), "day", "a", 1)
		left, err := r.Client.PTTL(t.Context(), r.Prefix+"count:day").Result()
		if err != nil || left <= 7*24*time.Hour || left > 8*24*time.Hour {
			t.Errorf("the count lives for %v, %v", left, err)
		}
	})
}

func TestCounterWithoutStore(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	c := store.NewCounter(r.Client, r.Prefix)
	if err := r.Client.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Count(t.Context(), "day", "a"); err == nil || n != 0 {
		t.Errorf("counted %d, %v", n, err)
	}
}
