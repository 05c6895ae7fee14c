package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// limiter counts in fixed windows that begin with their first hit, on the sandbox's clock.
type limiter struct {
	windows map[string]*window
}

type window struct {
	start time.Time
	count int
}

// maxWindows is how many windows are kept before the ended ones are swept.
const maxWindows = 4096

func newLimiter() *limiter { return &limiter{windows: map[string]*window{}} }

// take counts one hit on key. It returns what is left, how long until the window ends, and whether the hit was within
// limit; a refused hit is not counted.
func (l *limiter) take(now time.Time, key string, limit int, period time.Duration) (left int, reset time.Duration, within bool) {
	if limit < 0 {
		return 0, 0, true
	}
	if len(l.windows) > maxWindows {
		l.sweep(now)
	}
	w := l.windows[key]
	if w == nil || now.Before(w.start) || now.Sub(w.start) >= period {
		w = &window{start: now}
		l.windows[key] = w
	}
	reset = w.start.Add(period).Sub(now)
	if w.count >= limit {
		return 0, reset, false
	}
	w.count++
	return limit - w.count, reset, true
}

// sweep drops windows that ended for even the longest period.
func (l *limiter) sweep(now time.Time) {
	for k, w := range l.windows {
		if now.Sub(w.start) >= 10*time.Minute || now.Before(w.start) {
			delete(l.windows, k)
		}
	}
}

// giveBack takes back one hit that is not to count after all.
func (l *limiter) giveBack(key string) {
	if w := l.windows[key]; w != nil && w.count > 0 {
		w.count--
	}
}

// Plans of the Suite, and the families of headers that tell of limits.
const (
	planTeam        = "team"
	headersLegacy   = "legacy"
	headersStandard = "standard"
	headersNone     = "none"
)

// planRequests is a Suite's requests per minute
// (https://developer.zendesk.com/api-reference/introduction/rate-limits).
func planRequests(plan string) (int, bool) {
	switch plan {
	case planTeam:
		return 200, true
	case "growth", "professional":
		return 400, true
	case "enterprise":
		return 700, true
	case "enterprise_plus":
		return 2500, true
	default:
		return 0, false
	}
}

// limits are those in force: Config's, or the knobs' plan's.
func (s *Server) limits() Limits {
	l := s.cfg.Limits
	if most, planned := planRequests(s.knobs.Plan); planned {
		l = Limits{RequestsPerMinute: most, Comments: l.Comments}.withDefaults()
	}
	if s.knobs.HighVolume {
		l.RequestsPerMinute, l.TicketUpdatesPerMinute, l.IncrementalPerMinute = 2500, 300, 30
	}
	return l
}

// limit is one endpoint's limit: its header name, the counted key, how many in which time.
type limit struct {
	endpoint string
	key      string
	most     int
	period   time.Duration
}

func (l limit) window() string { return l.endpoint + "|" + l.key }

// spend counts a hit on an endpoint's limit and writes its header; it fails with 429.
func (s *Server) spend(h http.Header, l limit) error {
	if l.most < 0 {
		return nil
	}
	left, reset, within := s.limiter.take(s.now(), l.window(), l.most, l.period)
	if h != nil && s.knobs.RateHeaders != headersNone {
		h.Set("Zendesk-Ratelimit-"+l.endpoint, fmt.Sprintf("total=%d; remaining=%d; resets=%d", l.most, left, seconds(reset)))
	}
	if !within {
		return tooMany("TooManyRequests", "Rate limit for "+l.endpoint+" exceeded, please wait before trying again", reset)
	}
	return nil
}

// spendRequest counts a request against the account's limit per minute.
func (s *Server) spendRequest(h http.Header) error {
	most := s.limits().RequestsPerMinute
	if most < 0 {
		return nil
	}
	left, reset, within := s.limiter.take(s.now(), "account", most, time.Minute)
	if family := s.knobs.RateHeaders; family == "" || family == headersLegacy {
		h.Set("X-Rate-Limit", strconv.Itoa(most))
		h.Set("X-Rate-Limit-Remaining", strconv.Itoa(left))
	}
	if family := s.knobs.RateHeaders; family == "" || family == headersStandard {
		h.Set("Ratelimit-Limit", strconv.Itoa(most))
		h.Set("Ratelimit-Remaining", strconv.Itoa(left))
		h.Set("Ratelimit-Reset", strconv.Itoa(seconds(reset)))
	}
	if !within {
		return tooMany("APIRateLimitExceeded", "Number of allowed API requests per minute exceeded", reset)
	}
	return nil
}

// spendTicketUpdate counts one update of a ticket, whoever makes it and by whichever way. A refused one counts nowhere.
func (s *Server) spendTicketUpdate(h http.Header, ticketID, userID int64) error {
	l := s.limits()
	own := limit{"tickets-update", fmt.Sprintf("%d/%d", ticketID, userID), l.UpdatesPerTicket, 10 * time.Minute}
	if err := s.spend(h, own); err != nil {
		return err
	}
	if err := s.spend(h, limit{"tickets-update-account", "", l.TicketUpdatesPerMinute, time.Minute}); err != nil {
		s.limiter.giveBack(own.window())
		return err
	}
	s.counters.update(s.now(), ticketID, userID)
	return nil
}

// spendUserWrite counts one write of a user; subject names the user.
func (s *Server) spendUserWrite(h http.Header, subject string) error {
	l := s.limits()
	if err := s.spend(h, limit{"users-write-account", "", l.UserWritesPerSecond, time.Second}); err != nil {
		return err
	}
	if subject == "" {
		return nil
	}
	return s.spend(h, limit{"users-write", subject, l.UserWritesPerUser, time.Minute})
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
