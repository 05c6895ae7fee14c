package store

import (
	"strings"
	"sync"
)

// recent remembers the contacts of about as many aliases as its size, those used last. It is safe for concurrent use.
//
// It keeps two generations: what is used while the younger one is full moves on to a new one, and what nobody used in all the time that
// a generation lasts is forgotten with the older.
type recent struct {
	mu         sync.Mutex
	size       int // of one generation
	young, old map[alias]string
}

// newRecent makes a memory; with a size of zero or less it stays empty.
func newRecent(size int) *recent {
	return &recent{size: (size + 1) / 2, young: map[alias]string{}, old: map[alias]string{}}
}

func (c *recent) get(a alias) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.use(a)
}

// person gives the contact of the first of a person's aliases, if all of them are remembered.
func (c *recent) person(named []alias) (contact string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, a := range named {
		got, ok := c.use(a)
		if !ok {
			return "", false
		}
		if i == 0 {
			contact = got
		}
	}
	return contact, true
}

func (c *recent) use(a alias) (string, bool) {
	if contact, ok := c.young[a]; ok {
		return contact, true
	}
	contact, ok := c.old[a]
	if ok {
		delete(c.old, a)
		c.keep(a, contact)
	}
	return contact, ok
}

// put remembers an alias with a copy of its value, which may be a piece of something large.
func (c *recent) put(a alias, contact string) {
	if c.size <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.use(a); !ok {
		a.value = strings.Clone(a.value)
	}
	c.keep(a, contact)
}

func (c *recent) keep(a alias, contact string) {
	if _, ok := c.young[a]; !ok && len(c.young) >= c.size {
		c.old, c.young = c.young, c.old
		clear(c.young)
	}
	c.young[a] = contact
}
