package desk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// allowed counts how many calls in a row are answered without 429.
func allowed(most int, ask func() *reply) int {
	for n := range most {
		if ask().status == 429 {
			return n
		}
	}
	return most
}

func TestPlans(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		knobs                          desk.Knobs
		requests, updates, incremental int
	}{
		"team":                     {desk.Knobs{Plan: "team"}, 200, 100, 10},
		"growth":                   {desk.Knobs{Plan: "growth"}, 400, 100, 10},
		"professional":             {desk.Knobs{Plan: "professional"}, 400, 100, 10},
		"enterprise":               {desk.Knobs{Plan: "enterprise"}, 700, 100, 10},
		"enterprise plus":          {desk.Knobs{Plan: "enterprise_plus"}, 2500, 100, 10},
		"growth, high volume":      {desk.Knobs{Plan: "growth", HighVolume: true}, 2500, 300, 30},
		"enterprise, high volume":  {desk.Knobs{Plan: "enterprise", HighVolume: true}, 2500, 300, 30},
		"of Config":                {desk.Knobs{}, 333, 7, 3},
		"of Config, high volume":   {desk.Knobs{HighVolume: true}, 2500, 300, 30},
		"professional, whatever":   {desk.Knobs{Plan: "professional", DelayMS: 5}, 400, 100, 10},
		"enterprise plus and more": {desk.Knobs{Plan: "enterprise_plus", HighVolume: true}, 2500, 300, 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, noHooks, func(c *desk.Config) {
				c.Limits = desk.Limits{RequestsPerMinute: 333, TicketUpdatesPerMinute: 7, IncrementalPerMinute: 3, UpdatesPerTicket: -1}
			})
			b.restart("")
			b.knobs(tt.knobs)
			if got := b.get("/api/v2/users/me").want(200).header.Get("X-Rate-Limit"); got != fmt.Sprint(tt.requests) {
				t.Errorf("requests: %s a minute", got)
			}
			b.pass(time.Minute)
			if got := allowed(tt.incremental+5, func() *reply {
				return b.get("/api/v2/incremental/tickets/cursor?start_time=0")
			}); got != tt.incremental {
				t.Errorf("incremental: %d a minute", got)
			}
			b.pass(time.Minute)
			ana := b.user("Ana Beatriz Souza").ID
			n := 0
			if got := allowed(tt.updates+5, func() *reply {
				n++ // of several tickets: the limit per ticket is another one
				return b.page(ana, "PUT", "/tickets/"+itoa(5160+int64(n%3)), object{"subject": fmt.Sprint(n), "comment": object{"body": "x"}})
			}); tt.knobs.Plan == "" && got != tt.updates || tt.knobs.Plan != "" && got != min(tt.updates, 90) {
				t.Errorf("updates: %d a minute", got)
			}
		})
	}
}

func TestTheLimitPerTicketHoldsUnderEveryPlan(t *testing.T) {
	t.Parallel()
	for _, plan := range []string{"team", "growth", "professional", "enterprise", "enterprise_plus"} {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			b := setup(t, noHooks)
			b.restart("")
			b.knobs(desk.Knobs{Plan: plan})
			id := b.ticket(nil)
			n := 0
			if got := allowed(40, func() *reply {
				n++
				return b.put(id, object{"subject": fmt.Sprint(n)})
			}); got != 30 {
				t.Errorf("%d updates of one ticket", got)
			}
			// Another user has 30 of their own, until the account's 100 are spent.
			b.pass(time.Minute)
			ana := b.user("Ana Beatriz Souza").ID
			if got := allowed(40, func() *reply {
				n++
				return b.page(ana, "PUT", "/tickets/"+itoa(id), object{"subject": fmt.Sprint(n)})
			}); got != 30 {
				t.Errorf("%d updates on the page", got)
			}
			b.pass(9 * time.Minute)
			b.put(id, object{"subject": "de novo"}).want(200)
		})
	}
}

func TestWhatCountsAsAnUpdateOfATicket(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		act    func(b *bench, id, agent int64) int
		counts int
		status int
	}{
		"PUT":                     {func(b *bench, id, _ int64) int { return b.put(id, object{"subject": "x"}).status }, 1, 200},
		"PUT that changes naught": {func(b *bench, id, _ int64) int { return b.put(id, object{}).status }, 1, 200},
		"PUT refused":             {func(b *bench, id, _ int64) int { return b.put(id, object{"status": "x"}).status }, 1, 422},
		"PUT without JSON":        {func(b *bench, id, _ int64) int { return b.call("PUT", ticketPath(id), "{").status }, 1, 400},
		"PUT of no ticket":        {func(b *bench, _, _ int64) int { return b.put(1, object{}).status }, 0, 404},
		"a PUT let in nowhere": {func(b *bench, id, _ int64) int {
			return b.call("PUT", ticketPath(id), "{}", "Authorization", "").status
		}, 0, 401},
		"GET": {func(b *bench, id, _ int64) int { return b.get(ticketPath(id)).status }, 0, 200},
		"tags set": {func(b *bench, id, _ int64) int {
			return b.call("POST", ticketPath(id, "/tags"), object{"tags": []string{"a"}}).status
		}, 1, 201},
		"tags added": {func(b *bench, id, _ int64) int {
			return b.call("PUT", ticketPath(id, "/tags"), object{"tags": []string{"a"}}).status
		}, 1, 200},
		"tags removed": {func(b *bench, id, _ int64) int {
			return b.call("DELETE", ticketPath(id, "/tags"), object{"tags": []string{"a"}}).status
		}, 1, 200},
		"a creation": {func(b *bench, _, _ int64) int {
			return b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "x"}}).status
		}, 0, 201},
		"on the page": {func(b *bench, id, agent int64) int {
			return b.page(agent, "PUT", "/tickets/"+itoa(id), object{"status": "open"}).status
		}, 1, 200},
		"a customer's e-mail": {func(b *bench, id, agent int64) int {
			return b.page(agent, "POST", "/tickets/"+itoa(id)+"/customer", object{"body": "x"}).status
		}, 0, 200},
		"an upload": {func(b *bench, _, _ int64) int { return b.upload("filename=a.txt", "text/plain", "x").status }, 0, 201},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id, agent := b.ticket(nil), b.user("Ana Beatriz Souza").ID
			b.desk.ResetCounters()
			if got := tt.act(b, id, agent); got != tt.status {
				t.Errorf("status %d, want %d", got, tt.status)
			}
			if got := b.desk.Counters().UpdatesPerMinute; got != tt.counts {
				t.Errorf("%d updates counted, want %d", got, tt.counts)
			}
		})
	}
}

func TestFamiliesOfRateHeaders(t *testing.T) {
	t.Parallel()
	legacy := []string{"X-Rate-Limit", "X-Rate-Limit-Remaining"}
	standard := []string{"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset"}
	endpoint := []string{"Zendesk-Ratelimit-Tickets-Update", "Zendesk-Ratelimit-Tickets-Update-Account"}
	for knob, want := range map[string][]string{
		"":         append(append(append([]string{}, legacy...), standard...), endpoint...),
		"legacy":   append(append([]string{}, legacy...), endpoint...),
		"standard": append(append([]string{}, standard...), endpoint...),
		"none":     nil,
	} {
		t.Run("knob "+knob, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *desk.Config) { c.Limits = desk.Limits{UpdatesPerTicket: 1} })
			id := b.ticket(nil)
			b.knobs(desk.Knobs{RateHeaders: knob})
			for _, status := range []int{200, 429} {
				r := b.put(id, object{"subject": fmt.Sprint(status)}).want(status)
				sent := map[string]bool{}
				for name := range r.header {
					sent[name] = strings.Contains(strings.ToLower(name), "ratelimit") || strings.HasPrefix(name, "X-Rate-Limit")
				}
				n := 0
				for _, is := range sent {
					if is {
						n++
					}
				}
				for _, name := range want {
					if !sent[name] && (status == 200 || !strings.HasSuffix(name, "Account")) {
						t.Errorf("%d: no %s in %v", status, name, r.header)
					}
				}
				if n > len(want) {
					t.Errorf("%d: %d headers of limits: %v", status, n, r.header)
				}
				if (r.header.Get("Retry-After") != "") != (status == 429) {
					t.Errorf("%d: Retry-After %q", status, r.header.Get("Retry-After"))
				}
			}
		})
	}
}

// TestARefusedUpdateLeavesTheTicketsOwnLimitAlone is about the two limits of one update.
func TestARefusedUpdateLeavesTheTicketsOwnLimitAlone(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.TicketUpdatesPerMinute, l.UpdatesPerTicket = 1, 3 }))
	id := b.ticket(nil)
	b.put(id, object{"subject": "1"}).want(200)
	for range 5 {
		b.put(id, object{"subject": "x"}).want(429)
	}
	b.pass(time.Minute)
	r := b.put(id, object{"subject": "2"}).want(200)
	if got := r.header.Get("Zendesk-RateLimit-tickets-update"); got != "total=3; remaining=1; resets=540" {
		t.Errorf("limit %q", got)
	}
}

func TestKnobs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	good := desk.Knobs{
		DuplicatePercent: 100, DropPercent: 1, DropNext: 2, DelayMS: 3, Shuffle: true, ConflictPercent: 4, ClosedStatus: 400,
		NoTimeoutRetries: true, IgnoreRetryAfter: true, TooLargeStatus: 422, Plan: "growth", HighVolume: true, RateHeaders: "standard",
		SearchLagSeconds: -1, ValidatePhones: true, MaxFileSize: 5, AttachmentRedirect: "foreign",
	}
	b.knobs(good)
	if got := b.desk.Knobs(); got != good {
		t.Errorf("knobs %+v", got)
	}
	b.restart(dir)
	if got := b.desk.Knobs(); got != good {
		t.Errorf("after a restart: %+v", got)
	}
	ana := b.user("Ana Beatriz Souza").ID
	for name, bad := range map[string]desk.Knobs{
		"duplicates below":  {DuplicatePercent: -1},
		"duplicates above":  {DuplicatePercent: 101},
		"drops above":       {DropPercent: 101},
		"conflicts below":   {ConflictPercent: -1},
		"negative drops":    {DropNext: -1},
		"negative delay":    {DelayMS: -1},
		"negative size":     {MaxFileSize: -1},
		"closed is fine":    {ClosedStatus: 200},
		"closed is broken":  {ClosedStatus: 500},
		"too large, oddly":  {TooLargeStatus: 400},
		"unknown plan":      {Plan: "Suite"},
		"team, high volume": {Plan: "team", HighVolume: true},
		"unknown headers":   {RateHeaders: "all"},
		"negative lag":      {SearchLagSeconds: -2},
		"unknown redirect":  {AttachmentRedirect: "http://x.example"},
	} {
		if err := b.desk.SetKnobs(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
		if r := b.page(ana, "PUT", "/knobs", bad); r.status != 400 || r.text("error") != "InvalidKnobs" || r.text("description") == "" {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
	b.page(ana, "PUT", "/knobs", `{"plan":1}`).want(400)
	if got := b.desk.Knobs(); got != good {
		t.Errorf("refused knobs changed something: %+v", got)
	}
	b.page(ana, "PUT", "/knobs", `{}`).want(200).is(0, "drop_next").is("", "plan")
	if got := b.desk.Knobs(); got != (desk.Knobs{}) {
		t.Errorf("an empty object leaves %+v", got)
	}
}

// TestKnobsNames holds the JSON that scripts write.
func TestKnobsNames(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(desk.Knobs{})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"duplicate_percent", "drop_percent", "drop_next", "delay_ms", "shuffle", "conflict_percent", "closed_status", "no_timeout_retries",
		"ignore_retry_after", "too_large_status", "solve_unassigned", "ignore_required", "plan", "high_volume", "rate_headers", "search_lag_seconds", "validate_phones",
		"max_file_size", "attachment_redirect", "app_token",
	}
	for _, name := range want {
		if _, known := got[name]; !known {
			t.Errorf("no %s", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d knobs, want %d: %s", len(got), len(want), raw)
	}
}

func TestClosedStatus(t *testing.T) {
	t.Parallel()
	for knob, want := range map[int]int{0: 422, 400: 400, 403: 403, 422: 422} {
		b := setup(t)
		b.knobs(desk.Knobs{ClosedStatus: knob})
		r := b.put(5158, object{"comment": object{"body": "x"}}).want(want)
		if !strings.Contains(string(r.raw), "closed prevents ticket update") || r.header.Get("Content-Type") == "" {
			t.Errorf("%d: %s", knob, r.raw)
		}
		if got := http.StatusText(want); got == "" {
			t.Errorf("%d is no status", want)
		}
	}
}
