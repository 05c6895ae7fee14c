package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func mark(t *testing.T, s *store.Seen, session string, agent int64, at time.Time) {
	t.Helper()
	if err := s.Mark(t.Context(), session, agent, at); err != nil {
		t.Fatal(err)
	}
}

func seenBy(t *testing.T, s *store.Seen, agent int64, want map[string]time.Time) {
	t.Helper()
	got, err := s.Times(t.Context(), agent)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Times(%d) (-want +got):\n%s", agent, diff)
	}
}

func TestSeenIsEachAgentsOwn(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		s := store.NewSeen(client, r.Prefix)
		at := time.Date(2026, 11, 23, 12, 0, 0, int(345*time.Millisecond), time.UTC)
		mark(t, s, "s1", 7, at)
		mark(t, s, "s2", 7, at.Add(time.Minute))
		mark(t, s, "s1", 8, at.Add(time.Hour))
		before := count.n.Load()
		seenBy(t, s, 7, map[string]time.Time{"s1": at, "s2": at.Add(time.Minute)})
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("Times took %d round trips; want 1", n)
		}
		mark(t, s, "s2", 7, at.Add(-time.Hour)) // unread again
		seenBy(t, s, 7, map[string]time.Time{"s1": at, "s2": at.Add(-time.Hour)})
		seenBy(t, s, 9, map[string]time.Time{})
	})
}

func TestSeenIsBounded(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	s := store.NewSeen(r.Client, r.Prefix)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var marks []redis.Z
	for i := range store.MaxSeen {
		marks = append(marks, redis.Z{Score: float64(at.UnixMilli()), Member: fmt.Sprint("s", i)})
	}
	if err := r.Client.ZAdd(t.Context(), r.Prefix+"seen:7", marks...).Err(); err != nil {
		t.Fatal(err)
	}
	mark(t, s, "older", 7, at.Add(-time.Second))
	mark(t, s, "newer", 7, at.Add(time.Second))
	got, err := s.Times(t.Context(), 7)
	if err != nil || len(got) != store.MaxSeen || got["newer"].IsZero() || !got["older"].IsZero() {
		t.Errorf("%d marks are kept, newer at %v, older at %v, %v; want the newest %d", len(got), got["newer"], got["older"], err, store.MaxSeen)
	}
	r.Advance(store.SeenFor)
	seenBy(t, s, 7, map[string]time.Time{})
	r.Mini.SetError("LOADING")
	if err := s.Mark(t.Context(), "s", 7, at); err == nil {
		t.Error("Mark succeeded on a store that fails")
	}
	if _, err := s.Times(t.Context(), 7); err == nil {
		t.Error("Times succeeded on a store that fails")
	}
}

// BenchmarkSeen reads as many marks as an agent can have.
func BenchmarkSeen(b *testing.B) {
	r := testredis.Server(b)
	s := store.NewSeen(r.Client, r.Prefix)
	for i := range store.MaxSeen {
		if err := s.Mark(b.Context(), fmt.Sprintf("wa-106540352242922-01JCONTACT%018d-1", i), 7, time.UnixMilli(int64(i))); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := s.Times(b.Context(), 7); err != nil {
			b.Fatal(err)
		}
	}
}
