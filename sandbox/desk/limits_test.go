package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// limited sets one limit and lifts the others.
func limited(set func(l *desk.Limits)) func(*desk.Config) {
	return func(c *desk.Config) { set(&c.Limits) }
}

func TestAccountLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.RequestsPerMinute = 3 }))
	for left := 2; left >= 0; left-- {
		r := b.get("/api/v2/users/me").want(200)
		for name, want := range map[string]string{
			"X-Rate-Limit": "3", "X-Rate-Limit-Remaining": fmt.Sprint(left), "ratelimit-limit": "3",
			"ratelimit-remaining": fmt.Sprint(left), "ratelimit-reset": "60",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	b.pass(20 * time.Second)
	r := b.get("/api/v2/users/me").want(429).is("APIRateLimitExceeded", "error")
	if r.header.Get("Retry-After") != "40" || r.header.Get("X-Rate-Limit-Remaining") != "0" {
		t.Errorf("headers %v", r.header)
	}
	// Who is not let in does not count, nor do tokens and files.
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "x").want(401)
	b.call("POST", "/oauth/tokens", grant(nil)).want(201)
	b.pass(40 * time.Second)
	b.get("/api/v2/users/me").want(200)
}

func TestLimitsByDefault(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Limits = desk.Limits{} })
	if got := b.get("/api/v2/users/me").want(200).header.Get("X-Rate-Limit"); got != "400" {
		t.Errorf("account limit %q", got)
	}
	id := b.ticket(nil)
	r := b.put(id, object{"subject": "x"}).want(200)
	if got := r.header.Get("Zendesk-RateLimit-tickets-update"); got != "total=30; remaining=29; resets=600" {
		t.Errorf("ticket limit %q", got)
	}
	if got := r.header.Get("Zendesk-RateLimit-tickets-update-account"); got != "total=100; remaining=99; resets=60" {
		t.Errorf("update limit %q", got)
	}
}

func TestUpdatesPerTicketAndUser(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.UpdatesPerTicket = 30 }))
	id, other := b.ticket(nil), b.ticket(nil)
	ana := b.user("Ana Beatriz Souza")
	for i := range 30 {
		b.put(id, object{"subject": fmt.Sprint(i)}).want(200)
	}
	b.pass(time.Minute)
	r := b.put(id, object{"subject": "x"}).want(429).is("TooManyRequests", "error")
	if r.header.Get("Retry-After") != "540" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.call("PUT", ticketPath(id, "/tags"), object{"tags": []string{"x"}}).want(429)
	b.put(other, object{"subject": "x"}).want(200)
	if _, err := b.desk.AgentComment(id, ana.ID, "outra pessoa", true); err != nil {
		t.Errorf("another user's update: %v", err)
	}
	b.pass(9 * time.Minute)
	b.put(id, object{"subject": "x"}).want(200)
}

func TestPageUpdatesCountForTheAccount(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.TicketUpdatesPerMinute = 3 }))
	id, ana := b.ticket(nil), b.user("Ana Beatriz Souza")
	if err := b.desk.SetStatus(id, ana.ID, "open"); err != nil {
		t.Fatal(err)
	}
	b.page(ana.ID, "PUT", "/tickets/"+itoa(id), object{"status": "pending"}).want(200)
	b.put(id, object{"subject": "x"}).want(200)
	b.put(id, object{"subject": "y"}).want(429)
	b.page(ana.ID, "PUT", "/tickets/"+itoa(id), object{"status": "open"}).want(429)
	if err := b.desk.SetStatus(id, ana.ID, "open"); err == nil || !strings.Contains(err.Error(), "429") {
		t.Errorf("error %v", err)
	}
	b.pass(time.Minute)
	b.put(id, object{"subject": "y"}).want(200)
}

func TestUserWriteLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.UserWritesPerSecond, l.UserWritesPerUser = 1, 5 }))
	path := "/api/v2/users/" + itoa(b.user("Edson Farias").ID)
	write := func(n int) *reply { return b.call("PUT", path, object{"user": object{"notes": fmt.Sprint(n)}}) }
	write(0).want(200)
	if r := write(1).want(429); r.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.call("POST", "/api/v2/users", object{"user": object{"name": "x"}}).want(429)
	b.call("POST", "/api/v2/users/create_or_update", object{"user": object{"name": "x"}}).want(429)
	for n := range 4 {
		b.pass(time.Second)
		write(n).want(200)
	}
	b.pass(time.Second)
	if r := write(9).want(429); r.header.Get("Retry-After") != "55" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.pass(time.Second)
	b.call("POST", "/api/v2/users/create_or_update", object{"user": object{"name": "x", "external_id": "e"}}).want(201)
}

func TestOtherLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) {
		l.IncrementalPerMinute, l.OrganizationUpdates, l.ViewExecutions, l.SearchExportsPerMinute, l.DeepListsPerMinute = 2, 2, 2, 2, 2
	}))
	org := "/api/v2/organizations/" + itoa(b.org("Distribuidora Aurora Ltda"))
	view := "/api/v2/views/" + itoa(b.named("/api/v2/views", "views", "title", "WINTHOR WHATSAPP")) + "/execute"
	for name, ask := range map[string]func() *reply{
		"incremental-exports":  func() *reply { return b.get("/api/v2/incremental/tickets/cursor?start_time=0") },
		"organizations-update": func() *reply { return b.call("PUT", org, object{"organization": object{"notes": "x"}}) },
		"views-execute":        func() *reply { return b.get(view) },
		"search-export":        func() *reply { return b.get("/api/v2/search/export?filter[type]=user&query=role:agent") },
		"deep-pages":           func() *reply { return b.get("/api/v2/tickets?page=501&per_page=10") },
	} {
		ask().want(200)
		if got := ask().want(200).header.Get("Zendesk-RateLimit-" + name); got != "total=2; remaining=0; resets=60" {
			t.Errorf("%s: %q", name, got)
		}
		if r := ask().want(429); r.header.Get("Retry-After") != "60" {
			t.Errorf("%s: Retry-After %q", name, r.header.Get("Retry-After"))
		}
	}
	b.pass(time.Minute)
	b.get(view).want(200)
}

func TestOffsetsEndAtTenThousand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/api/v2/tickets?page=100").want(200)
	b.get("/api/v2/tickets?page=101").want(400)
	b.get("/api/v2/tickets?per_page=1000").want(200).is(nil, "next_page")
	b.get("/api/v2/tickets?page=0&per_page=-3").want(200).is(seededTickets, "count")
}

// TestTheClockGoesBack keeps a moved clock from blocking for ever.
func TestTheClockGoesBack(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.RequestsPerMinute = 1 }))
	b.pass(time.Hour)
	b.get("/api/v2/users/me").want(200)
	b.pass(-time.Hour)
	b.get("/api/v2/users/me").want(200)
}
