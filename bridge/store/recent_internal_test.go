package store

import (
	"fmt"
	"sync"
	"testing"
)

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, -1, 1, 2, 7, 100} {
		c := newRecent(size)
		often := alias{kindWA, "often"}
		for i := range 1000 {
			c.put(alias{kindWA, fmt.Sprint(i)}, "c")
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
		if _, ok := c.get(alias{kindPhone, "999"}); ok {
			t.Errorf("size %d: kinds are mixed up", size)
		}
		if contact, ok := c.get(alias{kindWA, "999"}); ok != (size > 0) || ok && contact != "c" {
			t.Errorf("size %d: the last one: %q, %v", size, contact, ok)
		}
	}
}

func TestRecentPerson(t *testing.T) {
	t.Parallel()
	c := newRecent(10)
	a, b := alias{kindBSUID, "a"}, alias{kindWA, "b"}
	if contact, ok := c.person(nil); !ok || contact != "" {
		t.Errorf("nobody: %q, %v", contact, ok)
	}
	c.put(a, "c1")
	if contact, ok := c.person([]alias{a, b}); ok || contact != "" {
		t.Errorf("half known: %q, %v", contact, ok)
	}
	c.put(b, "c2")
	if contact, ok := c.person([]alias{a, b}); !ok || contact != "c1" {
		t.Errorf("known: %q, %v; the first alias decides", contact, ok)
	}
	c.put(b, "c3")
	if contact, _ := c.get(b); contact != "c3" {
		t.Errorf("put again: %q", contact)
	}
}

func TestRecentAtOnce(t *testing.T) {
	t.Parallel()
	c := newRecent(20)
	var busy sync.WaitGroup
	for w := range 8 {
		busy.Go(func() {
			for i := range 2000 {
				n := alias{kindWA, fmt.Sprint((w + i) % 40)}
				c.put(n, "of "+n.value)
				if contact, ok := c.get(n); ok && contact != "of "+n.value {
					t.Errorf("%s names %q", n.value, contact)
				}
			}
		})
	}
	busy.Wait()
}
