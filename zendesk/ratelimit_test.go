package zendesk_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestParseLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		header map[string]string
		want   zendesk.Limits
	}{
		{"none", nil, zendesk.Limits{}},
		{
			"older family",
			map[string]string{"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "0"},
			zendesk.Limits{Account: zendesk.Limit{Known: true, Total: 700}},
		},
		{
			"newer family wins",
			map[string]string{
				"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699",
				"ratelimit-limit": "400", "ratelimit-remaining": "12", "ratelimit-reset": "41",
			},
			zendesk.Limits{Account: zendesk.Limit{Known: true, Total: 400, Remaining: 12, Reset: 41 * time.Second}},
		},
		{
			"half a family is none",
			map[string]string{"ratelimit-limit": "400", "X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "5"},
			zendesk.Limits{Account: zendesk.Limit{Known: true, Total: 700, Remaining: 5}},
		},
		{
			"endpoints",
			map[string]string{
				"Zendesk-RateLimit-tickets-index": "total=100; remaining=99; resets=46",
				"zendesk-ratelimit-Exports":       "TOTAL=10;remaining=0",
				"Zendesk-RateLimit-broken":        "total=ten; remaining=1",
				"Zendesk-RateLimit-empty":         "",
			},
			zendesk.Limits{Endpoints: []zendesk.EndpointLimit{
				{Endpoint: "exports", Limit: zendesk.Limit{Known: true, Total: 10}},
				{Endpoint: "tickets-index", Limit: zendesk.Limit{Known: true, Total: 100, Remaining: 99, Reset: 46 * time.Second}},
			}},
		},
		{"wait", map[string]string{"Retry-After": " 93 "}, zendesk.Limits{RetryAfter: 93 * time.Second}},
		{"date", map[string]string{"Retry-After": "Sun, 22 Nov 2026 12:01:00 GMT"}, zendesk.Limits{RetryAfter: time.Minute}},
		{
			"nonsense",
			map[string]string{"X-Rate-Limit": "-1", "X-Rate-Limit-Remaining": "99999999999999999999", "Retry-After": "x"},
			zendesk.Limits{},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for name, value := range tt.header {
				h.Set(name, value)
			}
			tt.want.At, tt.want.Status = noon(), http.StatusOK
			if diff := cmp.Diff(tt.want, zendesk.ParseLimits(http.StatusOK, h, noon())); diff != "" {
				t.Errorf("limits (-want +got):\n%s", diff)
			}
		})
	}
}

// ledger is a Budget that writes down what it observes.
type ledger struct {
	mu   sync.Mutex
	seen []zendesk.Limits
}

func (l *ledger) Reserve(context.Context, string, zendesk.Lane, zendesk.Cost) (time.Time, error) {
	panic("the client reserves nothing")
}

func (l *ledger) Observe(_ context.Context, limits zendesk.Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, limits)
}

func TestBudgetObserves(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.mux.HandleFunc("GET /api/v2/users/me", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Ratelimit-Limit", "400")
		w.Header().Set("Ratelimit-Remaining", "399")
		answer(w, http.StatusOK, `{"user":{"id":1}}`)
	})
	p.handle("GET /api/v2/groups", http.StatusOK, `{"groups":[]}`) // tells nothing
	p.handle("PUT /api/v2/tickets/7", http.StatusTooManyRequests, ``)
	p.mux.HandleFunc("POST /api/v2/uploads", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Rate-Limit", "400")
		w.Header().Set("X-Rate-Limit-Remaining", "398")
		answer(w, http.StatusCreated, uploadAnswer)
	})
	budget := &ledger{}
	c := p.client(func(cfg *zendesk.Config) { cfg.Budget = budget })
	for _, o := range operations() {
		switch o.name {
		case "Me", "Groups", "UpdateTicket", "Upload":
			o.call(t.Context(), c)
		}
	}
	want := []zendesk.Limits{
		{Status: 429, At: noon(), Update: true},
		{Status: 200, At: noon(), Account: zendesk.Limit{Known: true, Total: 400, Remaining: 399}},
		{Status: 201, At: noon(), Account: zendesk.Limit{Known: true, Total: 400, Remaining: 398}},
	}
	if diff := cmp.Diff(want, budget.seen); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

func TestUpdateLimits(t *testing.T) {
	t.Parallel()
	type told struct {
		Remaining int
		Reset     time.Duration
		OK        bool
	}
	account := map[string]string{"ratelimit-limit": "400", "ratelimit-remaining": "12"}
	for name, tt := range map[string]struct {
		status int
		update bool
		header map[string]string
		want   told
	}{
		"a good update":              {200, true, nil, told{}},
		"refused, requests are left": {429, true, map[string]string{"Retry-After": "7"}, told{0, 7 * time.Second, true}},
		"refused without a wait":     {429, true, nil, told{0, 0, true}},
		"refused, none is left":      {429, true, map[string]string{"ratelimit-remaining": "0"}, told{}},
		"refused, nothing is told":   {429, true, map[string]string{"ratelimit-remaining": ""}, told{}},
		"a refused read":             {429, false, map[string]string{"Retry-After": "7"}, told{}},
		"the account's, told":        {200, true, map[string]string{"Zendesk-RateLimit-tickets-update-account": "total=100; remaining=0; resets=31"}, told{0, 31 * time.Second, true}},
		"the account's by its size":  {200, false, map[string]string{"Zendesk-RateLimit-update-ticket": "total=300; remaining=250; resets=31"}, told{250, 31 * time.Second, true}},
		"the ticket's alone":         {429, true, map[string]string{"Zendesk-RateLimit-tickets-update": "total=30; remaining=0; resets=500", "Retry-After": "500"}, told{}},
		"the ticket's, some left":    {429, true, map[string]string{"Zendesk-RateLimit-tickets-update": "total=30; remaining=9; resets=500", "Retry-After": "7"}, told{0, 7 * time.Second, true}},
		"the ticket's and the account's": {429, true, map[string]string{
			"Zendesk-RateLimit-tickets-update": "total=30; remaining=0; resets=500", "Zendesk-RateLimit-tickets-update-account": "total=100; remaining=4; resets=31",
		}, told{4, 31 * time.Second, true}},
		"another endpoint's": {429, false, map[string]string{"Zendesk-RateLimit-tickets-index": "total=100; remaining=0; resets=31"}, told{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for _, values := range []map[string]string{account, tt.header} {
				for name, value := range values {
					h.Set(name, value)
				}
			}
			limits := zendesk.ParseLimits(tt.status, h, noon())
			limits.Update = tt.update
			var got told
			got.Remaining, got.Reset, got.OK = limits.Updates()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("updates (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdatesAreMarked(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	budget := &ledger{}
	c := p.client(func(cfg *zendesk.Config) { cfg.Budget = budget })
	marked := map[string]bool{}
	for _, o := range operations() {
		o.call(t.Context(), c)
		for _, l := range budget.seen {
			if l.Update {
				marked[o.name] = true
			}
		}
		budget.seen = nil
	}
	if diff := cmp.Diff(map[string]bool{"UpdateTicket": true}, marked); diff != "" {
		t.Errorf("updates (-want +got):\n%s", diff)
	}
}
