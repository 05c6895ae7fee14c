package live

import (
	"errors"
	"sync"
)

// Reasons for the end of a feed.
var (
	// ErrSlow says that the page did not take what it got: it may connect again and go on from its cursor.
	ErrSlow = errors.New("live: too slow")
	// ErrClosed says that the hub has ended.
	ErrClosed = errors.New("live: closed")
	// ErrLeft says that the page itself ended it.
	ErrLeft = errors.New("live: left")
)

// Feed is one page's changes.
type Feed struct {
	hub     *Hub
	cursor  string // where the page begins
	batches chan Batch
	done    chan struct{}

	once sync.Once
	err  error // why it ended; set before done is closed

	mu      sync.Mutex
	watches map[string]bool // sessions, whether who is there was told once
}

func newFeed(h *Hub, cursor string, watch []string) *Feed {
	f := &Feed{hub: h, cursor: cursor, batches: make(chan Batch, h.buffer), done: make(chan struct{}), watches: map[string]bool{}}
	for _, session := range watch {
		f.watches[session] = false
	}
	return f
}

// Batches are what the page gets, in order.
func (f *Feed) Batches() <-chan Batch { return f.batches }

// Done is closed when nothing more comes; Err tells why.
func (f *Feed) Done() <-chan struct{} { return f.done }

// Err is why the feed ended; nil while it goes on.
func (f *Feed) Err() error {
	select {
	case <-f.done:
		return f.err
	default:
		return nil
	}
}

// Unwatch lets the page hear no more of who is at a session.
func (f *Feed) Unwatch(session string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watches, session)
}

// Close ends the feed. Twice is fine.
func (f *Feed) Close() { f.end(ErrLeft) }

// end ends the feed for a reason; only the first counts.
func (f *Feed) end(err error) {
	f.once.Do(func() {
		f.err = err
		close(f.done)
		f.hub.leave(f)
	})
}

// offer hands a batch over, or ends the feed when the page has let too many lie.
func (f *Feed) offer(b Batch) {
	select {
	case <-f.done:
		return
	default:
	}
	select {
	case f.batches <- b:
	default:
		f.hub.dropped.Inc()
		f.end(ErrSlow)
	}
}

// watched lists the sessions that the page watches.
func (f *Feed) watched() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]string, 0, len(f.watches))
	for session := range f.watches {
		list = append(list, session)
	}
	return list
}

// tells lists who is at the sessions that the page watches: where that changed, and where the page has not been told yet.
func (f *Feed) tells(now map[string]Here, changed map[string]bool) []Here {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []Here
	for session, told := range f.watches {
		here, ok := now[session]
		if ok && (!told || changed[session]) {
			list = append(list, here)
			f.watches[session] = true
		}
	}
	return list
}
