package desk

import "net/http"

// Knobs disturb the account on purpose; the zero value disturbs nothing. Percentages are from 0 to 100.
type Knobs struct {
	DuplicatePercent int  `json:"duplicate_percent"` // webhooks sent twice, under two invocation ids
	DropPercent      int  `json:"drop_percent"`      // webhooks lost
	DropNext         int  `json:"drop_next"`         // how many of the next webhooks are lost
	DelayMS          int  `json:"delay_ms"`          // webhooks later by this
	Shuffle          bool `json:"shuffle"`           // webhooks later by up to two seconds each, so out of order
	ConflictPercent  int  `json:"conflict_percent"`  // ticket updates answered with 409 without reason

	// The following are what Zendesk's documents leave open, so that both ways can be tried.
	ClosedStatus     int  `json:"closed_status"`      // answer to updates of closed tickets; 0 is 422
	NoTimeoutRetries bool `json:"no_timeout_retries"` // webhooks that timed out are not repeated
	IgnoreRetryAfter bool `json:"ignore_retry_after"` // webhooks answered 429 or 503 are not repeated
}

func (k Knobs) closedStatus() int {
	orDefault(&k.ClosedStatus, http.StatusUnprocessableEntity)
	return k.ClosedStatus
}

// SetKnobs replaces the knobs; they outlive a restart.
func (s *Server) SetKnobs(k Knobs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepKnobs(k)
}

// Knobs returns the knobs as they stand.
func (s *Server) Knobs() Knobs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.knobs
}

// DropWebhooks has the next n webhooks lost, besides those that are to be lost already.
func (s *Server) DropWebhooks(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.knobs
	k.DropNext += n
	s.keepKnobs(k)
}

func (s *Server) keepKnobs(k Knobs) {
	s.knobs = k
	if err := s.store("meta", "knobs", k); err != nil {
		s.log.Error("storing the knobs failed", "error", err)
	}
}

func (s *Server) loadKnobs() error { return loadOne(s, "meta", "knobs", &s.knobs) }

func (s *Server) chance(percent int) bool {
	return percent > 0 && s.cfg.Rand()*100 < float64(percent)
}
