package live_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
)

const number = "106540352242922"

// shelf is an installation in memory.
type shelf struct {
	mu       sync.Mutex
	seq      int
	at       map[string]int // mailbox → its newest change
	threads  map[string]*conversation.Thread
	unread   map[string]bool // can't be read
	visitors map[string][]live.Visitor
	reset    bool                   // the next question can't be answered
	wrong    func(call string) bool // what goes wrong
	calls    map[string]int
	between  func() // runs once, after changes were told and before threads are read
}

var errDown = errors.New("down")

func (s *shelf) called(call string) error {
	s.calls[call]++
	if s.wrong != nil && s.wrong(call) {
		return errDown
	}
	return nil
}

func (s *shelf) Cursor(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strconv.Itoa(s.seq), s.called("cursor")
}

func (s *shelf) Changes(_ context.Context, cursor string) (live.Changed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.called("changes"); err != nil {
		return live.Changed{}, err
	}
	c := live.Changed{Cursor: strconv.Itoa(s.seq)}
	from, err := strconv.Atoi(cursor)
	if s.reset || err != nil {
		s.reset, c.Reset = false, true
		return c, nil
	}
	for key, at := range s.at {
		if at > from {
			c.Keys = append(c.Keys, key)
		}
	}
	slices.SortFunc(c.Keys, func(a, b string) int { return s.at[a] - s.at[b] })
	return c, nil
}

func (s *shelf) Threads(_ context.Context, keys []string) (map[string]*conversation.Thread, error) {
	s.mu.Lock()
	if between := s.between; between != nil {
		s.between = nil
		s.mu.Unlock()
		between()
		s.mu.Lock()
	}
	defer s.mu.Unlock()
	threads := map[string]*conversation.Thread{}
	for _, key := range keys {
		if !s.unread[key] {
			threads[key] = s.threads[key]
		}
	}
	return threads, s.called("threads")
}

func (s *shelf) Standing(context.Context) ([]conversation.Thread, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []conversation.Thread
	for _, t := range s.threads {
		if t.Open() {
			list = append(list, *t)
		}
	}
	return list, s.called("standing")
}

func (s *shelf) Of(_ context.Context, sessions []string) ([][]live.Visitor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([][]live.Visitor, len(sessions))
	for i, session := range sessions {
		out[i] = slices.Clone(s.visitors[session])
	}
	return out, s.called("visitors")
}

// count tells how often something was asked.
func (s *shelf) count(call string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[call]
}

// commit changes the mailbox of a contact; nil forgets it.
func (s *shelf) commit(contact string, t *conversation.Thread) {
	key := conversation.Key(number, contact)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	s.at[key] = s.seq
	s.threads[key] = t
	if t == nil {
		delete(s.threads, key)
	}
}

// touch changes a mailbox that is no thread's.
func (s *shelf) touch(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	s.at[key] = s.seq
}

// stands is a thread whose conversation goes on in a queue.
func stands(contact string, n int, queue string) *conversation.Thread {
	t := conversation.NewThread(number, contact)
	t.Count = n
	t.Conversation = &conversation.Conversation{Session: conversation.SessionID(number, contact, n), State: conversation.StateQueued}
	t.Conversation.Procedure.Queue = queue
	return &t
}

// house is a hub over a shelf, in a bubble of time.
type house struct {
	*shelf
	t        *testing.T
	hub      *live.Hub
	registry *prometheus.Registry
}

// bubble runs f with a hub whose time passes only when everybody waits. At its end nothing of the hub may run on.
func bubble(t *testing.T, f func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{t: t, registry: prometheus.NewRegistry(), shelf: &shelf{
			at: map[string]int{}, threads: map[string]*conversation.Thread{}, unread: map[string]bool{},
			visitors: map[string][]live.Visitor{}, calls: map[string]int{},
		}}
		h.hub = live.New(live.Config{Reader: h.shelf, Visits: h.shelf, Registry: h.registry, Logger: slog.New(slog.DiscardHandler), Buffer: 8})
		defer h.hub.Close()
		f(h)
	})
}

// pass lets time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// got is a batch as tests write it down.
type got struct {
	Cursor  string
	First   bool
	Reset   bool
	Desk    bool
	Changes []change
	Here    []live.Here
}

// change is a change as tests write it down: contact, its session's number and queue now, and the queue before.
type change struct {
	Contact, Now, Before string
	Known                bool
}

func noted(b live.Batch) got {
	g := got{Cursor: b.Cursor, First: b.First, Reset: b.Reset, Desk: b.Desk, Here: b.Here}
	for _, c := range b.Changes {
		_, contact, _ := conversation.ParseKey(c.Key)
		n := change{Contact: contact, Known: c.Known}
		if c.Thread != nil && c.Thread.Conversation != nil {
			n.Now = c.Thread.Conversation.Session[len("wa-"+number+"-"):] + " " + c.Thread.Conversation.Procedure.Queue
		}
		if c.Before.Session != "" {
			n.Before = c.Before.Session[len("wa-"+number+"-"):] + " " + c.Before.Queue
		}
		g.Changes = append(g.Changes, n)
	}
	return g
}

// gets wants batches to be there, and no others.
func (h *house) gets(f *live.Feed, want ...got) {
	h.t.Helper()
	synctest.Wait()
	var all []got
	for {
		select {
		case b := <-f.Batches():
			all = append(all, noted(b))
			continue
		default:
		}
		break
	}
	if diff := cmp.Diff(want, all); diff != "" {
		h.t.Fatalf("batches (-want +got):\n%s", diff)
	}
}

// now is the shelf's cursor.
func (h *house) now() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strconv.Itoa(h.seq)
}

func (h *house) metric(name string, want float64) {
	h.t.Helper()
	families, err := h.registry.Gather()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == name {
			m := family.GetMetric()[0]
			if got := m.GetGauge().GetValue() + m.GetCounter().GetValue(); got != want {
				h.t.Errorf("%s = %v; want %v", name, got, want)
			}
			return
		}
	}
	h.t.Errorf("no metric %s", name)
}
