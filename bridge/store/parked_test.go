package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestParkedStatusesComeBackInOrderOnce(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		parked := store.NewParked(r.Client, r.Prefix)
		for _, s := range []string{"sent", "delivered\x00\xff", "read"} {
			park(t, parked, "wamid.A", s, time.Minute)
		}
		park(t, parked, "wamid.B", "failed", time.Minute)
		unparks(t, parked, "wamid.A", "sent", "delivered\x00\xff", "read")
		unparks(t, parked, "wamid.A")
		unparks(t, parked, "wamid.B", "failed")
		unparks(t, parked, "wamid.C")
	})
}

func TestParkedStatusesAreBounded(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		parked := store.NewParked(r.Client, r.Prefix)
		var want []string
		for i := range store.MaxParked + 5 {
			s := fmt.Sprintf("status %d", i)
			park(t, parked, "wamid.A", s, time.Minute)
			if i >= 5 {
				want = append(want, s)
			}
		}
		unparks(t, parked, "wamid.A", want...)
	})
}

func TestParkedStatusesExpire(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		parked := store.NewParked(r.Client, r.Prefix)
		park(t, parked, "wamid.A", "sent", 50*time.Millisecond)
		park(t, parked, "wamid.B", "sent", 50*time.Millisecond)
		park(t, parked, "wamid.B", "delivered", time.Minute)
		r.Advance(60 * time.Millisecond)
		unparks(t, parked, "wamid.A")
		unparks(t, parked, "wamid.B", "sent", "delivered")
	})
}

func TestParkedStatusesGoToOneCaller(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		parked := store.NewParked(r.Client, r.Prefix)
		for range 10 {
			park(t, parked, "wamid.A", "sent", time.Minute)
		}
		var (
			wg    sync.WaitGroup
			mu    sync.Mutex
			taken []int
		)
		for range 6 {
			wg.Go(func() {
				got, err := parked.Unpark(t.Context(), "wamid.A")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if len(got) > 0 {
					taken = append(taken, len(got))
				}
			})
		}
		wg.Wait()
		if diff := cmp.Diff([]int{10}, taken); diff != "" {
			t.Errorf("sizes of what was taken (-want +got):\n%s", diff)
		}
	})
}

func park(t *testing.T, p *store.Parked, wamid, status string, ttl time.Duration) {
	t.Helper()
	if err := p.Park(t.Context(), wamid, []byte(status), ttl); err != nil {
		t.Fatal(err)
	}
}

func unparks(t *testing.T, p *store.Parked, wamid string, want ...string) {
	t.Helper()
	statuses, err := p.Unpark(t.Context(), wamid)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range statuses {
		got = append(got, string(s))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Unpark(%s) (-want +got):\n%s", wamid, diff)
	}
}

func TestManyStatusesAreParkedAtOnce(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		parked := store.NewParked(client, r.Prefix)
		var list []store.ParkedStatus
		for n := range 200 { // few enough for a busy machine: a client that repeats would park them twice
			list = append(list, store.ParkedStatus{MessageID: fmt.Sprint("wamid.", n%100), Raw: fmt.Append(nil, n)})
		}
		if err := parked.ParkAll(t.Context(), list, time.Minute); err != nil {
			t.Fatal(err)
		}
		if n := count.n.Load(); n != 1 {
			t.Errorf("%d round trips; want 1", n)
		}
		unparks(t, parked, "wamid.7", "7", "107")
		unparks(t, parked, "wamid.99", "99", "199")
		before := count.n.Load()
		if err := parked.ParkAll(t.Context(), nil, time.Minute); err != nil || count.n.Load() != before {
			t.Errorf("ParkAll of none: %v, %d round trips", err, count.n.Load()-before)
		}
		short := []store.ParkedStatus{{MessageID: "wamid.x", Raw: []byte("sent")}}
		if err := parked.ParkAll(t.Context(), short, 50*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		r.Advance(60 * time.Millisecond)
		unparks(t, parked, "wamid.x")
		if r.Mini != nil {
			r.Mini.SetError("LOADING")
			if err := parked.ParkAll(t.Context(), list, time.Minute); err == nil {
				t.Error("ParkAll succeeded on a store that fails")
			}
		}
	})
}
