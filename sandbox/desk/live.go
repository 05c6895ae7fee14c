package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// keptChanges is how many changes a page may have missed before it must read everything again.
const keptChanges = 1000

// maxWait is the longest long-poll.
const maxWait = 60 * time.Second

// hub tells the helpdesk page which tickets changed.
type hub struct {
	mu      sync.Mutex
	seq     int64
	changes []liveChange
	wake    chan struct{} // closed and replaced at every change
}

type liveChange struct {
	Seq      int64 `json:"seq"`
	TicketID int64 `json:"ticket_id"`
}

func (h *hub) init() { h.wake = make(chan struct{}) }

func (h *hub) tell(ticketID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	h.changes = append(h.changes, liveChange{h.seq, ticketID})
	if len(h.changes) > keptChanges {
		h.changes = h.changes[len(h.changes)-keptChanges:]
	}
	close(h.wake)
	h.wake = make(chan struct{})
}

// restart makes every page read everything again.
func (h *hub) restart() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq += keptChanges
	h.changes = nil
	close(h.wake)
	h.wake = make(chan struct{})
}

// since returns what came after a sequence, whether something is missing, and a channel closed at the next change.
func (h *hub) since(seq int64) (list []liveChange, now int64, reset bool, wake <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list = []liveChange{}
	for _, c := range h.changes {
		if c.Seq > seq {
			list = append(list, c)
		}
	}
	reset = seq > h.seq || int64(len(list)) < h.seq-seq
	return list, h.seq, reset, h.wake
}

// Changes returns the number of the latest change of any ticket and a channel that is closed at the next one.
func (s *Server) Changes() (int64, <-chan struct{}) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	return s.live.seq, s.live.wake
}

// poll answers GET /changes.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) {
	if err := s.signedIn(r); err != nil {
		s.fail(w, err)
		return
	}
	since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	secs, _ := strconv.Atoi(r.URL.Query().Get("wait"))
	timer := time.NewTimer(min(time.Duration(secs)*time.Second, maxWait))
	defer timer.Stop()
	for waiting := true; ; {
		list, seq, reset, wake := s.live.since(since)
		if len(list) > 0 || reset || !waiting {
			w.Header().Set("Cache-Control", "no-store")
			writeJSON(w, http.StatusOK, mustJSON(map[string]any{"seq": seq, "reset": reset, "changes": list}))
			return
		}
		select {
		case <-wake:
		case <-timer.C:
			waiting = false
		case <-r.Context().Done():
			return
		}
	}
}

// stream answers GET /stream with server-sent events, from now on or from ?since= (or Last-Event-ID).
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	if err := s.signedIn(r); err != nil {
		s.fail(w, err)
		return
	}
	_, at, _, _ := s.live.since(0)
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.URL.Query().Get("since")
	}
	if n, err := strconv.ParseInt(from, 10, 64); err == nil {
		at = n
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	fmt.Fprintf(w, "event: hello\ndata: {\"seq\":%d}\n\n", at)
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		if out.Flush() != nil {
			return
		}
		list, seq, reset, wake := s.live.since(at)
		at = seq
		if reset {
			fmt.Fprintf(w, "id: %d\nevent: reset\ndata: {\"seq\":%d}\n\n", seq, seq)
		}
		for _, c := range list {
			raw, err := json.Marshal(c)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "id: %d\nevent: change\ndata: %s\n\n", c.Seq, raw)
		}
		if reset || len(list) > 0 {
			continue
		}
		select {
		case <-wake:
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
