package desk

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// LimitCounters tell how close the callers came to the account's limits, since the last ResetCounters.
type LimitCounters struct {
	// MaxUpdatesPerTicket is the largest number of updates that one user made to one ticket within any ten minutes.
	MaxUpdatesPerTicket int             `json:"max_updates_per_ticket_10min"`
	Tickets             []TicketUpdates `json:"tickets"` // by id
	// UpdatesPerMinute is the largest number of updates of all tickets, by everybody, within any minute.
	UpdatesPerMinute int `json:"updates_per_minute_max"`
	Answered429      int `json:"answered_429"`
	// CredentialsLeaked counts requests to the file store that carried an Authorization.
	CredentialsLeaked int             `json:"credentials_leaked"`
	Requests          []EndpointCount `json:"requests"` // sorted by path, method, status
}

// TicketUpdates is the largest number of updates of one ticket within any ten minutes, by one user and by everybody.
type TicketUpdates struct {
	ID  int64 `json:"id"`
	Max int   `json:"max"`
	All int   `json:"all"`
}

// PagePrefix begins the paths of the helpdesk page's calls in EndpointCount.
const PagePrefix = "/helpdesk/"

// EndpointCount is how many requests an endpoint answered with a status; Path has its variables in braces.
type EndpointCount struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"`
	Count  int    `json:"count"`
}

// counters is what LimitCounters are made from.
type counters struct {
	mu       sync.Mutex
	requests map[EndpointCount]int // keyed without Count
	tickets  map[int64]*ticketSpans
	minute   span
	leaked   int
}

type ticketSpans struct {
	all    span
	byUser map[int64]*span
}

// span counts what happened within a stretch of time that moves along, and remembers the most.
type span struct {
	times []time.Time // in order, not older than the stretch
	most  int
}

func (s *span) add(now time.Time, stretch time.Duration) {
	for n := len(s.times); n > 0 && s.times[n-1].After(now); n-- { // the clock was put back
		s.times = s.times[:n-1]
	}
	gone := 0
	for gone < len(s.times) && now.Sub(s.times[gone]) >= stretch {
		gone++
	}
	s.times = append(s.times[gone:], now)
	s.most = max(s.most, len(s.times))
}

func (c *counters) request(rt *route, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.requests == nil {
		c.requests = map[EndpointCount]int{}
	}
	path := "/" + strings.Join(rt.path, "/")
	if rt.page {
		path = PagePrefix + path[1:]
	}
	c.requests[EndpointCount{Method: rt.method, Path: path, Status: status}]++
}

func (c *counters) update(now time.Time, ticketID, userID int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tickets == nil {
		c.tickets = map[int64]*ticketSpans{}
	}
	t := c.tickets[ticketID]
	if t == nil {
		t = &ticketSpans{byUser: map[int64]*span{}}
		c.tickets[ticketID] = t
	}
	if t.byUser[userID] == nil {
		t.byUser[userID] = &span{}
	}
	t.byUser[userID].add(now, 10*time.Minute)
	t.all.add(now, 10*time.Minute)
	c.minute.add(now, time.Minute)
}

func (c *counters) leak() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leaked++
}

// Counters returns how close the callers came to the limits.
func (s *Server) Counters() LimitCounters {
	c := &s.counters
	c.mu.Lock()
	defer c.mu.Unlock()
	out := LimitCounters{
		Tickets: []TicketUpdates{}, Requests: []EndpointCount{}, UpdatesPerMinute: c.minute.most, CredentialsLeaked: c.leaked,
	}
	for _, id := range slices.Sorted(maps.Keys(c.tickets)) {
		t := TicketUpdates{ID: id, All: c.tickets[id].all.most}
		for _, user := range c.tickets[id].byUser {
			t.Max = max(t.Max, user.most)
		}
		out.MaxUpdatesPerTicket = max(out.MaxUpdatesPerTicket, t.Max)
		out.Tickets = append(out.Tickets, t)
	}
	for k, n := range c.requests {
		if k.Status == http.StatusTooManyRequests {
			out.Answered429 += n
		}
		k.Count = n
		out.Requests = append(out.Requests, k)
	}
	slices.SortFunc(out.Requests, func(a, b EndpointCount) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status))
	})
	return out
}

// ResetCounters begins counting anew; the limits themselves go on as they were.
func (s *Server) ResetCounters() {
	c := &s.counters
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests, c.tickets, c.minute, c.leaked = nil, nil, span{}, 0
}
