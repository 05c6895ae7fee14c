package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// States of invocations.
const (
	statePending = "pending"
	stateSuccess = "success"
	stateFailed  = "failed"
	stateBroken  = "circuit_broken"
)

// maxHistory is how many finished invocations are kept.
const maxHistory = 500

// invocation is one webhook call with its retries, which share its id.
type invocation struct {
	ID        string    `json:"id"`
	WebhookID string    `json:"webhook_id"`
	Kind      string    `json:"kind"` // the event's type, or conditional_ticket_events
	Body      string    `json:"body"`
	Status    string    `json:"status"`
	Due       time.Time `json:"due"`
	CreatedAt time.Time `json:"created_at"`
	Attempts  []attempt `json:"attempts"`
}

// attempt is one request of an invocation; HTTPStatus is 504 after a time-out and 0 when nobody answered.
type attempt struct {
	ID          string    `json:"id"`
	HTTPStatus  int       `json:"http_status"`
	Result      string    `json:"status"`
	CompletedAt time.Time `json:"completed_at"`
}

// enqueue has a webhook called with body, as the knobs allow.
func (s *Server) enqueue(w *webhook, kind, body string) error {
	if s.knobs.DropNext > 0 {
		s.knobs.DropNext--
		return nil
	}
	if s.chance(s.knobs.DropPercent) {
		return nil
	}
	if err := s.schedule(w, kind, body, 0); err != nil {
		return err
	}
	if s.chance(s.knobs.DuplicatePercent) {
		return s.schedule(w, kind, body, second)
	}
	return nil
}

// shuffleSpan is how far apart reordered deliveries may be.
const shuffleSpan = 2 * time.Second

func (s *Server) schedule(w *webhook, kind, body string, later time.Duration) error {
	later += time.Duration(s.knobs.DelayMS) * time.Millisecond
	if s.knobs.Shuffle {
		later += time.Duration(s.cfg.Rand() * float64(shuffleSpan))
	}
	i := &invocation{
		ID: "01" + rand.Text()[:24], WebhookID: w.ID, Kind: kind, Body: body, Status: statePending,
		CreatedAt: s.now(), Due: s.now().Add(later), Attempts: []attempt{},
	}
	if err := s.keepInvocation(i); err != nil {
		return err
	}
	s.webhooks.history = append(s.webhooks.history, i.ID)
	s.queueInvocation(i)
	return s.trimHistory()
}

func (s *Server) keepInvocation(i *invocation) error {
	if err := s.store("invocation", i.ID, i); err != nil {
		return err
	}
	s.webhooks.invocations[i.ID] = i
	return nil
}

func (s *Server) trimHistory() error {
	for len(s.webhooks.history) > maxHistory {
		oldest := s.webhooks.history[0]
		if s.webhooks.invocations[oldest].Status == statePending {
			return nil
		}
		if err := s.cfg.Store.Delete("invocation", oldest); err != nil {
			return fmt.Errorf("delete invocation: %w", err)
		}
		delete(s.webhooks.invocations, oldest)
		s.webhooks.history = s.webhooks.history[1:]
	}
	return nil
}

// loadInvocations also takes up what is still to be delivered.
func (s *Server) loadInvocations() error {
	return s.cfg.Store.Each("invocation", func(id string, raw json.RawMessage) error {
		i := &invocation{}
		if err := json.Unmarshal(raw, i); err != nil {
			return fmt.Errorf("load invocation %s: %w", id, err)
		}
		s.webhooks.invocations[id] = i
		s.webhooks.history = append(s.webhooks.history, id)
		if i.Status == statePending {
			s.queueInvocation(i)
		}
		return nil
	})
}

func (s *Server) listInvocations(c *call, w *webhook) (answer, error) {
	var list []*invocation
	for _, id := range slices.Backward(s.webhooks.history) {
		if i := s.webhooks.invocations[id]; i.WebhookID == w.ID {
			list = append(list, i)
		}
	}
	out, err := page(s, c, listing[*invocation]{
		key: "invocations", items: list,
		id: func(i *invocation) int64 { return int64(slices.Index(s.webhooks.history, i.ID)) },
		show: func(i *invocation) any {
			shown := map[string]any{"id": i.ID, "status": i.Status, "event_type": i.Kind, "created_at": i.CreatedAt, "latest_completed_at": nil}
			if n := len(i.Attempts); n > 0 {
				shown["latest_completed_at"], shown["status_code"] = i.Attempts[n-1].CompletedAt, i.Attempts[n-1].HTTPStatus
			}
			return shown
		},
	})
	return answer{body: out}, err
}

func (s *Server) listAttempts(c *call, w *webhook) (answer, error) {
	i := s.webhooks.invocations[c.vars["id-key"]]
	if i == nil || i.WebhookID != w.ID {
		return answer{}, notFound()
	}
	return ok(map[string]any{"attempts": i.Attempts})
}
