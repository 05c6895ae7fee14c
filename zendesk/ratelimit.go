package zendesk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limit is one limit as an answer's headers tell it. Known is false when they do not.
type Limit struct {
	// Known says that total and remaining were told.
	Known bool
	// Total is the number of requests per window.
	Total int
	// Remaining is what is left of Total.
	Remaining int
	// Reset is the time until the window starts anew, 0 when unknown.
	Reset time.Duration
}

// EndpointLimit is the limit of one endpoint, from a Zendesk-RateLimit-<endpoint> header.
type EndpointLimit struct {
	// Endpoint is the header's suffix in lower case, for example "tickets-index".
	Endpoint string
	// Limit holds the numbers.
	Limit
}

// Limits is everything an answer's headers tell about limits.
type Limits struct {
	// Account is the account-wide limit per minute.
	Account Limit
	// Endpoints are the limits of single endpoints, sorted by name.
	Endpoints []EndpointLimit
	// Status is the answer's HTTP status; 429 says that a limit was hit.
	Status int
	// RetryAfter is the wait that was asked for, 0 for none.
	RetryAfter time.Duration
	// At is when the answer was read, on the client's clock.
	At time.Time
	// Update says that the request updated a ticket.
	Update bool
}

// Updates returns what the answer says about the account's limit of ticket updates: how many remain and the time until they start anew, 0
// when unknown. ok is false when it says nothing.
//
// A 429 for an update while the account has requests left is about updates, unless a header says that it is about this one ticket.
func (l Limits) Updates() (remaining int, reset time.Duration, ok bool) {
	own := false // the ticket's own limit is used up
	for _, e := range l.Endpoints {
		switch {
		case !strings.Contains(e.Endpoint, "ticket") || !strings.Contains(e.Endpoint, "update"):
		case strings.Contains(e.Endpoint, "account") || e.Total > UpdatesPerTicket:
			return e.Remaining, e.Reset, true
		case e.Remaining == 0:
			own = true
		}
	}
	if l.Update && !own && l.Status == http.StatusTooManyRequests && l.Account.Known && l.Account.Remaining > 0 {
		return 0, l.RetryAfter, true
	}
	return 0, 0, false
}

// updatesTicket reports whether a request counts as an update of a ticket.
func updatesTicket(req *http.Request) bool {
	return req.Method == http.MethodPut && strings.Contains(req.URL.Path, apiPath+"/tickets")
}

// known reports whether there is anything worth telling a Budget.
func (l Limits) known() bool {
	return l.Account.Known || len(l.Endpoints) > 0 || l.RetryAfter > 0 || l.Status == http.StatusTooManyRequests
}

// endpointPrefix starts the per-endpoint headers, in net/http's canonical form.
const endpointPrefix = "Zendesk-Ratelimit-"

// ParseLimits reads all families of limit headers of an answer received at now.
//
// It knows X-Rate-Limit and X-Rate-Limit-Remaining, ratelimit-limit, -remaining and -reset (the newer family wins),
// Zendesk-RateLimit-<endpoint> ("total=..; remaining=..; resets=..") and Retry-After (seconds or a date). What cannot be
// read counts as absent. Source: https://developer.zendesk.com/api-reference/introduction/rate-limits.
func ParseLimits(status int, h http.Header, now time.Time) Limits {
	l := Limits{Status: status, At: now, RetryAfter: retryAfter(h, now)}
	l.Account = accountLimit(h, "X-Rate-Limit", "X-Rate-Limit-Remaining", "")
	if newer := accountLimit(h, "Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset"); newer.Known {
		l.Account = newer
	}
	for name, values := range h {
		endpoint, ok := strings.CutPrefix(name, endpointPrefix)
		if !ok || len(values) == 0 {
			continue
		}
		if limit := endpointLimit(values[0]); limit.Known {
			l.Endpoints = append(l.Endpoints, EndpointLimit{Endpoint: strings.ToLower(endpoint), Limit: limit})
		}
	}
	slices.SortFunc(l.Endpoints, func(a, b EndpointLimit) int { return strings.Compare(a.Endpoint, b.Endpoint) })
	return l
}

// accountLimit reads one family of account headers.
func accountLimit(h http.Header, total, remaining, reset string) Limit {
	t, okTotal := count(h.Get(total))
	r, okRemaining := count(h.Get(remaining))
	if !okTotal || !okRemaining {
		return Limit{}
	}
	l := Limit{Known: true, Total: t, Remaining: r}
	if s, ok := count(h.Get(reset)); ok && reset != "" {
		l.Reset = time.Duration(s) * time.Second
	}
	return l
}

// endpointLimit reads "total=100; remaining=99; resets=46".
func endpointLimit(value string) Limit {
	numbers := make(map[string]int, 3)
	for part := range strings.SplitSeq(value, ";") {
		name, number, ok := strings.Cut(part, "=")
		if !ok {
			continue
		}
		if n, ok := count(number); ok {
			numbers[strings.ToLower(strings.TrimSpace(name))] = n
		}
	}
	total, okTotal := numbers["total"]
	remaining, okRemaining := numbers["remaining"]
	if !okTotal || !okRemaining {
		return Limit{}
	}
	return Limit{
		Known: true, Total: total, Remaining: remaining,
		Reset: time.Duration(numbers["resets"]) * time.Second,
	}
}

// maxCount bounds every number read from a header, so that no arithmetic on it can overflow.
const maxCount = 1 << 30

// count reads a number that is neither negative nor absurd.
func count(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > maxCount {
		return 0, false
	}
	return n, true
}

// retryAfter reads Retry-After, in seconds or as a date; 0 when absent, unreadable or past.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if n, ok := count(value); ok {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
