package live

import "github.com/ponte-desk/ponte/bridge/conversation"

// roster remembers where threads stand, as pages were last told.
type roster struct {
	places map[string]standing // by mailbox
	// holders are the mailboxes that have a session: it goes along when a thread moves into another.
	holders map[string]string
	most    int
}

// standing is where a thread stands.
type standing struct {
	Place

	there bool // it has a conversation
	ended bool
}

// roomFor is how many threads more than at the beginning a roster takes before it forgets some that ended.
const roomFor = 10_000

func newRoster(threads []conversation.Thread) *roster {
	r := &roster{places: make(map[string]standing, len(threads)), holders: make(map[string]string, len(threads)), most: len(threads) + roomFor}
	for i := range threads {
		r.put(threads[i].Key(), &threads[i])
	}
	return r
}

// put notes where a thread stands now.
func (r *roster) put(key string, t *conversation.Thread) {
	if before, ok := r.places[key]; ok && before.there && r.holders[before.Session] == key {
		delete(r.holders, before.Session)
	}
	s := standing{}
	s.Place, s.there = placeOf(t)
	s.ended = t != nil && !t.Open()
	r.places[key] = s
	if s.there {
		r.holders[s.Session] = key
	}
}

// take makes changes of threads and notes them.
func (r *roster) take(keys []string, threads map[string]*conversation.Thread) []*Change {
	var changes []*Change
	for _, key := range keys {
		t, ok := threads[key]
		if !ok {
			continue // it stays as it was for those who can read it no better
		}
		c := &Change{Key: key, Thread: t}
		before, known := r.places[key]
		c.Before, c.Known = before.Place, known
		changes = append(changes, c)
		r.put(key, t)
	}
	for _, c := range changes {
		if holder, ok := r.holders[c.Before.Session]; ok && holder != c.Key {
			c.Before = Place{} // another thread has taken the conversation over and is told of
		}
	}
	r.shrink()
	return changes
}

// shrink forgets threads that ended when there are too many.
func (r *roster) shrink() {
	if len(r.places) <= r.most {
		return
	}
	for key, s := range r.places {
		if s.ended {
			delete(r.places, key)
			delete(r.holders, s.Session)
		}
	}
	r.most = len(r.places) + roomFor
}
