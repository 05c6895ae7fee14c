package live

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is what a Hub works with; all fields are required but for those that have a default.
type Config struct {
	Reader   Reader
	Visits   Visits
	Registry prometheus.Registerer
	Logger   *slog.Logger
	Every    time.Duration // how often changes are looked for; default 150 ms
	Least    time.Duration // how long two looks are apart at least; default 20 ms
	Buffer   int           // how many batches a page may let lie; default 256
}

const (
	defaultEvery  = 150 * time.Millisecond
	defaultLeast  = 20 * time.Millisecond
	defaultBuffer = 256
	// firstWait and mostWait are how long is waited after a look that failed.
	firstWait = 200 * time.Millisecond
	mostWait  = 2 * time.Second
)

// Hub hands what changes to the pages of one instance. It is safe for concurrent use.
type Hub struct {
	reader       Reader
	visits       Visits
	logger       *slog.Logger
	every, least time.Duration
	buffer       int
	pages        prometheus.Gauge
	dropped      prometheus.Counter
	nudge        chan struct{}
	moved        atomic.Bool // somebody came, left or wrote at a conversation

	mu      sync.Mutex
	closed  bool
	feeds   map[*Feed]bool // whether it has joined: it has got its first batch
	current *poller        // nil while there are no feeds
	stop    context.CancelFunc
	busy    sync.WaitGroup
}

// New makes a hub and registers its metrics; nothing runs yet.
func New(c Config) *Hub {
	h := &Hub{
		reader: c.Reader, visits: c.Visits, logger: c.Logger, every: c.Every, least: c.Least, buffer: c.Buffer,
		pages: prometheus.NewGauge(prometheus.GaugeOpts{Name: "ponte_live_pages", Help: "Pages that are connected to this instance and told of changes."}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ponte_live_dropped_total", Help: "Pages that were disconnected because they did not take what they were told.",
		}),
		nudge: make(chan struct{}, 1), feeds: map[*Feed]bool{},
	}
	if h.every == 0 {
		h.every = defaultEvery
	}
	if h.least == 0 {
		h.least = defaultLeast
	}
	if h.buffer == 0 {
		h.buffer = defaultBuffer
	}
	c.Registry.MustRegister(h.pages, h.dropped)
	return h
}

// Follow begins a feed at a cursor: the page first gets what changed since, then what changes. Of the sessions in watch it is told who is
// there. The caller ends it with Close. After the hub's own Close the feed is one that has ended.
func (h *Hub) Follow(cursor string, watch []string) *Feed {
	f := newFeed(h, cursor, watch)
	h.mu.Lock()
	closed := h.closed
	if !closed {
		h.feeds[f] = false
		h.pages.Inc()
		if h.current == nil {
			h.begin()
		}
	}
	h.mu.Unlock()
	if closed {
		f.end(ErrClosed)
		return f
	}
	h.Nudge()
	return f
}

// begin starts a poller.
func (h *Hub) begin() {
	ctx, stop := context.WithCancel(context.Background())
	p := &poller{Hub: h, here: map[string]Here{}}
	h.current, h.stop = p, stop
	h.busy.Go(func() {
		defer stop()
		p.run(ctx)
	})
}

// leave takes a feed out, and ends the poller with the last one.
func (h *Hub) leave(f *Feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.feeds[f]; !ok {
		return
	}
	delete(h.feeds, f)
	h.pages.Dec()
	if len(h.feeds) == 0 {
		h.stop()
		h.current, h.stop = nil, nil
	}
}

// Moved says that this instance has noted who is at a conversation. It never blocks.
func (h *Hub) Moved() {
	h.moved.Store(true)
	h.Nudge()
}

// Nudge says that this instance has committed something, so that pages need not wait for the next look. It never blocks.
func (h *Hub) Nudge() {
	select {
	case h.nudge <- struct{}{}:
	default:
	}
}

// Close ends all feeds and waits for the poller. Twice is fine.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	feeds := slices.Collect(maps.Keys(h.feeds))
	h.mu.Unlock()
	for _, f := range feeds {
		f.end(ErrClosed)
	}
	h.busy.Wait()
}

// of lists a poller's feeds: those that have joined, and those that have not. It has none when another one has taken over.
func (h *Hub) of(p *poller) (joined, fresh []*Feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.current != p {
		return nil, nil
	}
	for f, in := range h.feeds {
		if in {
			joined = append(joined, f)
		} else {
			fresh = append(fresh, f)
		}
	}
	return joined, fresh
}

// join notes that a feed has got its first batch.
func (h *Hub) join(f *Feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.feeds[f]; ok {
		h.feeds[f] = true
	}
}
