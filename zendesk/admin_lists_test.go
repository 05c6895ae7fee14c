package zendesk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestTriggers(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages(
		"GET /api/v2/triggers",
		`"triggers":[{"id":1,"title":"A","active":true,"position":3,"category_id":"9","description":null,
			"conditions":{"all":[{"field":"status","operator":"is_not","value":"solved"},{"field":"x","operator":"changed","value":null},{"field":"y","operator":"is","value":["a"]}],"any":[]},
			"actions":[{"field":"notification_user","value":["requester_and_ccs","s","b"]},{"field":"status","value":"open"},{"field":"n","value":7}]}]`,
		`"triggers":[{"id":2,"title":"B","active":false}]`,
	)
	got, err := c.Triggers(t.Context())
	if err != nil || len(got) != 2 {
		t.Fatalf("%d triggers, %v", len(got), err)
	}
	a := got[0]
	if a.ID != 1 || !a.Active || a.Position != 3 || a.CategoryID != "9" || got[1].Active || got[1].Title != "B" {
		t.Errorf("%+v", got)
	}
	var values [][]string
	for _, x := range a.Actions {
		values = append(values, x.Texts())
	}
	if diff := cmp.Diff([][]string{{"requester_and_ccs", "s", "b"}, {"open"}, nil}, values); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	texts := []string{a.Conditions.All[0].Text(), a.Conditions.All[1].Text(), a.Conditions.All[2].Text()}
	if diff := cmp.Diff([]string{"solved", "", ""}, texts); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
}

func TestAdminLists(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/views", `"views":[{"id":1,"title":"V","active":true,"conditions":{"all":[{"field":"status","operator":"less_than","value":"solved"}]}}]`, `"views":[{"id":2}]`)
	p.pages("GET /api/v2/macros", `"macros":[{"id":1,"active":false,"description":"d"}]`, `"macros":[{"id":2,"active":true}]`)
	p.pages("GET /api/v2/ticket_fields", `"ticket_fields":[{"id":1,"title":"T","agent_description":"d"},{"id":2,"agent_description":null}]`)
	p.handle("GET /api/v2/trigger_categories", http.StatusOK, `{"trigger_categories":[{"id":"10026","name":"N"}]}`)
	views, err := c.Views(t.Context())
	if err != nil || len(views) != 2 || views[0].Title != "V" || views[0].Conditions.All[0].Text() != "solved" {
		t.Errorf("%+v, %v", views, err)
	}
	macros, err := c.AllMacros(t.Context())
	if err != nil || len(macros) != 2 || macros[0].Active || !macros[1].Active || macros[0].Description != "d" {
		t.Errorf("%+v, %v", macros, err)
	}
	fields, err := c.DescribedTicketFields(t.Context())
	if err != nil || len(fields) != 2 || fields[0].Title != "T" || fields[0].AgentDescription != "d" || fields[1].ID != 2 {
		t.Errorf("%+v, %v", fields, err)
	}
	folders, err := c.TriggerCategories(t.Context())
	if diff := cmp.Diff([]zendesk.TriggerCategory{{ID: "10026", Name: "N"}}, folders); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, r := range p.requests() {
		if r.Query.Get("page[size]") != "100" || r.Query.Has("active") {
			t.Errorf("%s?%s", r.Path, r.Query.Encode())
		}
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	c := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/webhooks" {
			t.Errorf("path %s", r.URL.Path)
		}
		body := `{"webhooks":[{"id":"01A","name":"W","status":"active","endpoint":"https://x","subscriptions":["conditional_ticket_events"],"authentication":{"type":"bearer_token"}}],"meta":{"has_more":true,"after_cursor":"c"}}`
		if r.URL.Query().Get("page[after]") == "c" {
			body = `{"webhooks":[{"id":"01B"}],"meta":{"has_more":false}}`
		}
		answer(w, http.StatusOK, body)
	})
	got, err := c.Webhooks(t.Context())
	want := []zendesk.Webhook{
		{ID: "01A", Name: "W", Status: zendesk.WebhookActive, Endpoint: "https://x", Subscriptions: []string{zendesk.WebhookForTriggers}}, {ID: "01B"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A list that is none is an error, whichever page it stands on.
func TestAdminListsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]func(context.Context, *zendesk.Client) error{
		"triggers": func(ctx context.Context, c *zendesk.Client) error { return errOnly(c.Triggers(ctx)) },
		"views":    func(ctx context.Context, c *zendesk.Client) error { return errOnly(c.Views(ctx)) },
		"macros":   func(ctx context.Context, c *zendesk.Client) error { return errOnly(c.AllMacros(ctx)) },
		"webhooks": func(ctx context.Context, c *zendesk.Client) error { return errOnly(c.Webhooks(ctx)) },
	} {
		for _, body := range []string{`{"` + name + `":7}`, `{}`, `[]`} {
			c := elsewhere(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, body) })
			wantKind(t, list(t.Context(), c), zendesk.KindServer)
		}
	}
}

func TestProbes(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/search/count", http.StatusOK, `{"count":12}`)
	p.handle("GET /api/v2/incremental/tickets/cursor", http.StatusOK, `{"tickets":[],"end_of_stream":true}`)
	p.handle("GET /api/v2/users/7/related", http.StatusOK, `{"user_related":{"assigned_tickets":3}}`)
	if n, err := c.ProbeSearch(t.Context(), "type:ticket"); err != nil || n != 12 {
		t.Errorf("search: %d, %v", n, err)
	}
	if err := c.ProbeChanges(t.Context(), 1_700_000_000); err != nil {
		t.Errorf("changes: %v", err)
	}
	if n, err := c.AssignedTickets(t.Context(), 7); err != nil || n != 3 {
		t.Errorf("assigned: %d, %v", n, err)
	}
	seen := p.requests()
	if seen[0].Query.Get("query") != "type:ticket" || seen[1].Query.Get("start_time") != "1700000000" || seen[1].Query.Get("per_page") != "1" {
		t.Errorf("%v %v", seen[0].Query, seen[1].Query)
	}
}

// That a ticket is not there tells that the token may write; nothing else does.
func TestProbeWrite(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]zendesk.Kind{
		404: 0, 422: 0, 400: 0, 403: zendesk.KindForbidden, 401: zendesk.KindUnauthorized, 429: zendesk.KindLimited, 500: zendesk.KindServer, 405: zendesk.KindBad,
	} {
		p, c := setup(t)
		p.handle("PUT /api/v2/tickets/0", status, `{"error":"X"}`)
		wantKind(t, c.ProbeWrite(t.Context()), want)
		var sent struct{ Ticket map[string]any }
		if err := json.Unmarshal([]byte(p.only().Body), &sent); err != nil || len(sent.Ticket) != 0 {
			t.Errorf("%d: it sent %s", status, p.only().Body)
		}
	}
}
