package store

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func frozen() time.Time { return time.Unix(1_800_000_000, 0) }

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, -1, 1, 2, 7, 100} {
		c := newRecent[alias, string](size, time.Minute, frozen)
		often := alias{KindWA, "often"}
		for i := range 1000 {
			c.put(alias{KindWA, fmt.Sprint(i)}, "c")
			if _, ok := c.get(often); !ok && i%50 == 1 && i > 1 && size >= 100 {
				t.Errorf("size %d: what is used all the time was forgotten by %d", size, i)
			}
			if i%50 == 0 {
				c.put(often, "often's")
			}
			if n := len(c.young) + len(c.old); n > max(size, 0)+1 {
				t.Fatalf("size %d: %d are kept", size, n)
			}
		}
		if _, ok := c.get(alias{KindPhone, "999"}); ok {
			t.Errorf("size %d: kinds are mixed up", size)
		}
		if contact, ok := c.get(alias{KindWA, "999"}); ok != (size > 0) || ok && contact != "c" {
			t.Errorf("size %d: the last one: %q, %v", size, contact, ok)
		}
	}
}

func TestRecentAll(t *testing.T) {
	t.Parallel()
	c := newRecent[string, int](10, 0, nil)
	sum := func(enough int, keys ...string) (total int, ok bool) {
		ok = c.all(keys, func(i, v int) bool {
			total += v * (i + 1)
			return total < enough
		})
		return total, ok
	}
	c.put("a", 1)
	c.put("b", 10)
	for _, tt := range []struct {
		name   string
		enough int
		keys   []string
		want   int
		wantOK bool
	}{
		{"none", 100, nil, 0, true},
		{"all", 100, []string{"a", "b"}, 21, true},
		{"one is missing", 100, []string{"a", "x", "b"}, 1, false},
		{"enough", 5, []string{"b", "a"}, 10, false},
	} {
		if got, ok := sum(tt.enough, tt.keys...); got != tt.want || ok != tt.wantOK {
			t.Errorf("%s: %d, %v; want %d, %v", tt.name, got, ok, tt.want, tt.wantOK)
		}
	}
	c.put("b", 30)
	if v, _ := c.get("b"); v != 30 {
		t.Errorf("put again: %d", v)
	}
	c.drop("b")
	if v, ok := c.get("b"); ok {
		t.Errorf("dropped: %d", v)
	}
	if none := newRecent[string, int](0, 0, nil); !none.all(nil, nil) || none.all([]string{"a"}, nil) {
		t.Error("a memory of nothing knows something, or not even nothing")
	}
}

// TestRecentForgetsByTime: using a value does not lengthen its life, putting it again does.
func TestRecentForgetsByTime(t *testing.T) {
	t.Parallel()
	now := frozen()
	c := newRecent[string, int](4, time.Minute, func() time.Time { return now })
	c.put("a", 1)
	for range 4 {
		now = now.Add(15 * time.Second)
		for n := range 2 {
			c.put(fmt.Sprint(n), n) // makes new generations
		}
		if _, ok := c.get("a"); !ok {
			t.Fatalf("forgotten after %v", now.Sub(frozen()))
		}
	}
	now = now.Add(time.Nanosecond)
	if _, ok := c.get("a"); ok {
		t.Error("remembered for longer than its life")
	}
	c.put("a", 2)
	now = now.Add(time.Minute)
	if v, ok := c.get("a"); !ok || v != 2 {
		t.Errorf("put again: %d, %v", v, ok)
	}
}

func TestRecentAtOnce(t *testing.T) {
	t.Parallel()
	c := newRecent[string, string](20, time.Minute, frozen)
	var busy sync.WaitGroup
	for w := range 8 {
		busy.Go(func() {
			for i := range 2000 {
				n := fmt.Sprint((w + i) % 40)
				c.put(n, "of "+n)
				if v, ok := c.get(n); ok && v != "of "+n {
					t.Errorf("%s holds %q", n, v)
				}
				if i%7 == 0 {
					c.drop(n)
				}
			}
		})
	}
	busy.Wait()
}
