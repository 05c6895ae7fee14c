package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

const heartbeat = 20 * time.Second

// hub tells the open pages which chats changed.
type hub struct {
	mu   sync.Mutex
	subs map[*subscriber]struct{}
}

// subscriber gathers what changed until its page has been told.
type subscriber struct {
	wake    chan struct{}
	changed []string // guarded by hub.mu
}

func newHub() *hub { return &hub{subs: map[*subscriber]struct{}{}} }

func (h *hub) subscribe() *subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	sub := &subscriber{wake: make(chan struct{}, 1)}
	h.subs[sub] = struct{}{}
	return sub
}

func (h *hub) unsubscribe(sub *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, sub)
}

// tell announces that a customer's chat changed; "" means the list of customers.
func (h *hub) tell(customer string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sub := range h.subs {
		sub.add(customer)
	}
}

func (sub *subscriber) add(customer string) {
	if slices.Contains(sub.changed, customer) {
		return
	}
	sub.changed = append(sub.changed, customer)
	select {
	case sub.wake <- struct{}{}:
	default:
	}
}

func (h *hub) take(sub *subscriber) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := sub.changed
	sub.changed = nil
	return out
}

func (s *Server) tellLater(customer string) func(context.Context) {
	return func(context.Context) { s.hub.tell(customer) }
}

// getEvents streams what changes until the page goes away.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	sub := s.hub.subscribe()
	defer s.hub.unsubscribe(sub)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	fmt.Fprint(w, "retry: 1000\n\n")
	for out.Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-sub.wake:
			for _, customer := range s.hub.take(sub) {
				data, err := json.Marshal(map[string]string{"customer": customer})
				if err != nil {
					return
				}
				fmt.Fprintf(w, "data: %s\n\n", data)
			}
		}
	}
}
