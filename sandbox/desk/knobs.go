package desk

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

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
	TooLargeStatus   int  `json:"too_large_status"`   // answer to files that are too large, 413 or 422; 0 is 413

	// SolveUnassigned is what solving a ticket that nobody has does: "" assigns it to the updater where they are in its group,
	// "keep" leaves it to nobody, "refuse" answers 422.
	SolveUnassigned string `json:"solve_unassigned"`
	IgnoreRequired  bool   `json:"ignore_required"` // fields that are required to solve are not asked for

	// Plan sets every rate limit to a Suite's: team, growth, professional, enterprise or enterprise_plus. Without one
	// those of Config hold. HighVolume is the add-on, which needs more than team.
	Plan       string `json:"plan"`
	HighVolume bool   `json:"high_volume"`
	// RateHeaders names the families of rate-limit headers that are sent: "" all, "legacy" X-Rate-Limit, "standard"
	// ratelimit-limit, "none" not even the endpoints'. Retry-After stays.
	RateHeaders string `json:"rate_headers"`

	SearchLagSeconds   int    `json:"search_lag_seconds"`  // how late searches are; 0 is Config's, -1 not at all
	ValidatePhones     bool   `json:"validate_phones"`     // the account's setting: a user's phone must be E.164
	MaxFileSize        int    `json:"max_file_size"`       // bytes; 0 is Config's
	AttachmentRedirect string `json:"attachment_redirect"` // "" none, cdn, foreign (cdn under another host name), evil

	// AppToken is what is wrong with the tokens that the installed app's pages are opened with: "" nothing, "other_key" (signed
	// by a stranger), "expired", "early" (begins in an hour), "other_account", "other_installation", "no_algorithm" (none, without
	// signature), "hmac" (HS256 keyed with the public key), "replayed" (the last good one again).
	AppToken string `json:"app_token"`
}

// Values of Knobs.SolveUnassigned.
const (
	solveKeep   = "keep"
	solveRefuse = "refuse"
)

// Validate tells what is wrong with knobs somebody wrote by hand.
func (k Knobs) Validate() error {
	for name, n := range map[string]int{
		"duplicate_percent": k.DuplicatePercent, "drop_percent": k.DropPercent, "conflict_percent": k.ConflictPercent,
	} {
		if n < 0 || n > 100 {
			return fmt.Errorf("%s is not between 0 and 100", name)
		}
	}
	_, planned := planRequests(k.Plan)
	switch {
	case k.DropNext < 0 || k.DelayMS < 0 || k.MaxFileSize < 0:
		return fmt.Errorf("drop_next, delay_ms or max_file_size is negative")
	case k.ClosedStatus != 0 && (k.ClosedStatus < 400 || k.ClosedStatus > 499):
		return fmt.Errorf("closed_status %d is not from 400 to 499", k.ClosedStatus)
	case !slices.Contains([]int{0, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}, k.TooLargeStatus):
		return fmt.Errorf("too_large_status %d is neither 413 nor 422", k.TooLargeStatus)
	case !slices.Contains([]string{"", solveKeep, solveRefuse}, k.SolveUnassigned):
		return fmt.Errorf("solve_unassigned %q is not known", k.SolveUnassigned)
	case k.Plan != "" && !planned:
		return fmt.Errorf("plan %q is not known", k.Plan)
	case k.HighVolume && k.Plan == planTeam:
		return fmt.Errorf("high_volume needs the plan growth or more")
	case !slices.Contains([]string{"", headersLegacy, headersStandard, headersNone}, k.RateHeaders):
		return fmt.Errorf("rate_headers %q is not known", k.RateHeaders)
	case k.SearchLagSeconds < -1:
		return fmt.Errorf("search_lag_seconds is less than -1")
	case !slices.Contains([]string{"", redirectCDN, redirectForeign, redirectEvil}, k.AttachmentRedirect):
		return fmt.Errorf("attachment_redirect %q is not known", k.AttachmentRedirect)
	case !slices.Contains(forgeries(), k.AppToken):
		return fmt.Errorf("app_token %q is not known", k.AppToken)
	}
	return nil
}

// searchLag is how late searches are.
func (s *Server) searchLag() time.Duration {
	if n := s.knobs.SearchLagSeconds; n != 0 {
		return time.Duration(max(n, 0)) * time.Second
	}
	return max(s.cfg.SearchLag, 0)
}

func (k Knobs) closedStatus() int {
	orDefault(&k.ClosedStatus, http.StatusUnprocessableEntity)
	return k.ClosedStatus
}

// SetKnobs replaces the knobs; they outlive a restart. Impossible ones are refused.
func (s *Server) SetKnobs(k Knobs) error {
	if err := k.Validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepKnobs(k)
	return nil
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

func (s *Server) loadKnobs() error { return loadOne(s, "knobs", &s.knobs) }

func (s *Server) chance(percent int) bool {
	return percent > 0 && s.cfg.Rand()*100 < float64(percent)
}
