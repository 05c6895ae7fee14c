package store

import (
	"sync"
	"time"
)

// recent remembers about as many values as its size, those used last, none for longer than its life. It is safe for concurrent use.
//
// It keeps two generations: what is used while the younger one is full moves on to a new one, and what nobody used in all the time that
// a generation lasts is forgotten with the older.
type recent[K comparable, V any] struct {
	size int // of one generation
	life time.Duration
	now  func() time.Time

	mu         sync.Mutex
	young, old map[K]kept[V]
}

// kept is a value and when it was put, in ns.
type kept[V any] struct {
	value V
	at    int64
}

// newRecent makes a memory; with a size of zero or less it stays empty, with a life of zero it forgets nothing by time.
func newRecent[K comparable, V any](size int, life time.Duration, now func() time.Time) *recent[K, V] {
	return &recent[K, V]{size: (size + 1) / 2, life: life, now: now, young: map[K]kept[V]{}, old: map[K]kept[V]{}}
}

func (c *recent[K, V]) get(key K) (value V, ok bool) {
	c.all([]K{key}, func(_ int, v V) bool {
		value, ok = v, true
		return true
	})
	return value, ok
}

// all visits the values of the keys in order and tells whether all of them are remembered and visit never returned false.
func (c *recent[K, V]) all(keys []K, visit func(i int, value V) bool) bool {
	if c.size <= 0 {
		return len(keys) == 0
	}
	oldest := c.oldest()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, key := range keys {
		k, ok := c.use(key)
		if !ok || k.at < oldest || !visit(i, k.value) {
			return false
		}
	}
	return true
}

// oldest is when a value must have been put to count still.
func (c *recent[K, V]) oldest() int64 {
	if c.life <= 0 {
		return 0
	}
	return c.now().Add(-c.life).UnixNano()
}

func (c *recent[K, V]) use(key K) (kept[V], bool) {
	if k, ok := c.young[key]; ok {
		return k, true
	}
	k, ok := c.old[key]
	if ok {
		delete(c.old, key)
		c.keep(key, k)
	}
	return k, ok
}

// put remembers a value as of now.
func (c *recent[K, V]) put(key K, value V) {
	if c.size <= 0 {
		return
	}
	k := kept[V]{value: value}
	if c.life > 0 {
		k.at = c.now().UnixNano()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, k)
}

func (c *recent[K, V]) keep(key K, k kept[V]) {
	if _, ok := c.young[key]; !ok && len(c.young) >= c.size {
		c.old, c.young = c.young, c.old
		clear(c.young)
	}
	delete(c.old, key)
	c.young[key] = k
}

func (c *recent[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, key)
	delete(c.old, key)
}
