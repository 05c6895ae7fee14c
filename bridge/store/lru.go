package store

import (
	"container/list"
	"sync"
)

// lru remembers the contacts of the aliases put last, at most size of them; who uses one puts it again. It is safe for concurrent use.
type lru struct {
	mu    sync.Mutex
	size  int
	order *list.List // of entry, the one put last in front
	items map[alias]*list.Element
}

type entry struct {
	alias   alias
	contact string
}

// newLRU makes a cache; with a size of zero or less it stays empty.
func newLRU(size int) *lru {
	return &lru{size: size, order: list.New(), items: make(map[alias]*list.Element)}
}

func (c *lru) get(a alias) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[a]
	if !ok {
		return "", false
	}
	return contactOf(e), true
}

func (c *lru) put(a alias, contact string) {
	if c.size <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[a]; ok {
		e.Value = entry{alias: a, contact: contact}
		c.order.MoveToFront(e)
		return
	}
	c.items[a] = c.order.PushFront(entry{alias: a, contact: contact})
	for c.order.Len() > c.size {
		oldest := c.order.Back()
		if e, ok := c.order.Remove(oldest).(entry); ok {
			delete(c.items, e.alias)
		}
	}
}

func contactOf(e *list.Element) string {
	v, _ := e.Value.(entry) // nothing else is ever stored
	return v.contact
}
