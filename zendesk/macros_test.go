package zendesk_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestMacros(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.pages("GET /api/v2/macros",
		`"macros":[{"id":3,"title":"WhatsApp::Encerrar","active":true,"position":1,"description":null,"restriction":null,
			"updated_at":"2026-11-22T12:00:00Z","actions":[
				{"field":"comment_value","value":["channel:all","Olá"]},{"field":"comment_mode_is_public","value":true},
				{"field":"status","value":"solved"},{"field":"custom_fields_360","value":null}]},
			{"id":4,"title":"Desligada","active":false}]`,
		`"macros":[{"id":5,"title":"Outra","active":true,"actions":[],"restriction":{"type":"Group","id":70,"ids":[70]}}]`)
	got, err := c.Macros(t.Context())
	want := []zendesk.Macro{
		{
			ID: 3, Title: "WhatsApp::Encerrar", Active: true, Position: 1, Restriction: json.RawMessage(`null`), UpdatedAt: noon(),
			Actions: []zendesk.MacroAction{
				{Field: "comment_value", Value: json.RawMessage(`["channel:all","Olá"]`)},
				{Field: "comment_mode_is_public", Value: json.RawMessage(`true`)},
				{Field: "status", Value: json.RawMessage(`"solved"`)},
				{Field: "custom_fields_360", Value: json.RawMessage(`null`)},
			},
		},
		{
			ID: 5, Title: "Outra", Active: true, Actions: []zendesk.MacroAction{},
			Restriction: json.RawMessage(`{"type":"Group","id":70,"ids":[70]}`),
		},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	for _, r := range p.requests() {
		if r.Query.Get("active") != "true" {
			t.Errorf("query = %s", r.Query.Encode())
		}
	}
}

func TestShowMacro(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/macros/3", http.StatusOK, `{"macro":{"id":3,"title":"Encerrar","active":false}}`)
	got, err := c.ShowMacro(t.Context(), 3)
	if err != nil || got.ID != 3 || got.Active {
		t.Errorf("ShowMacro = %+v, %v", got, err)
	}
}

// applied are answers to an apply call: result.ticket and what is read of it.
func applied() map[string]struct {
	ticket string
	want   zendesk.Applied
} {
	type cases = map[string]struct {
		ticket string
		want   zendesk.Applied
	}
	text := func(body string) *zendesk.AppliedComment { return &zendesk.AppliedComment{Body: body} }
	field := func(value string) zendesk.Applied {
		return zendesk.Applied{Ticket: zendesk.Ticket{CustomFields: []zendesk.CustomField{{ID: 360, Value: json.RawMessage(value)}}}}
	}
	return cases{
		"whole ticket": {
			`{"id":7,"status":"solved","group_id":null,"assignee_id":31,"tags":["a","b"],"subject":"s","due_at":null,
				"custom_fields":[{"id":360,"value":12.5}],"fields":[{"id":361,"value":"other"}],
				"comment":{"body":"Olá","html_body":"<p>Olá</p>","scoped_body":[["channel:all","Olá"]],"public":true}}`,
			zendesk.Applied{
				Ticket: zendesk.Ticket{
					ID: 7, Status: "solved", AssigneeID: 31, Tags: []string{"a", "b"}, Subject: "s",
					CustomFields: []zendesk.CustomField{{ID: 360, Value: json.RawMessage(`12.5`)}},
				},
				Comment: &zendesk.AppliedComment{
					Body: "Olá", HTMLBody: "<p>Olá</p>", Public: new(true), Scoped: []zendesk.ScopedBody{{Channel: "channel:all", Body: "Olá"}},
				},
			},
		},
		"fields as one object":        {`{"fields":{"id":360,"value":"745"}}`, field(`"745"`)},
		"fields by id":                {`{"fields":{"360":["a","b"]}}`, field(`["a","b"]`)},
		"custom fields by id":         {`{"custom_fields":{"360":null}}`, field(`null`)},
		"a field whose id is missing": {`{"custom_fields":{"x":1}}`, zendesk.Applied{}},
		"fields of a strange shape":   {`{"custom_fields":"x"}`, zendesk.Applied{}},
		"no comment":                  {`{"id":7}`, zendesk.Applied{Ticket: zendesk.Ticket{ID: 7}}},
		"comment is null":             {`{"comment":null}`, zendesk.Applied{}},
		"comment is empty":            {`{"comment":{"body":"","public":null}}`, zendesk.Applied{}},
		"comment is no object":        {`{"comment":"x"}`, zendesk.Applied{}},
		"only who sees it":            {`{"comment":{"public":"false"}}`, zendesk.Applied{Comment: &zendesk.AppliedComment{Public: new(false)}}},
		"body with its channel":       {`{"comment":{"body":["channel:all","x"]}}`, zendesk.Applied{Comment: text("x")}},
		"bodies with their channels": {
			`{"comment":{"body":[["channel:chat","c"],["channel:web","w"]]}}`, zendesk.Applied{Comment: text("w")},
		},
		"html body with its channel": {
			`{"comment":{"html_body":["channel:all","<b>x</b>"]}}`, zendesk.Applied{Comment: &zendesk.AppliedComment{HTMLBody: "<b>x</b>"}},
		},
		"scoped body alone": {
			`{"comment":{"scoped_body":[["channel:chat","c"],["channel:all","x"],["odd"]]}}`,
			zendesk.Applied{Comment: &zendesk.AppliedComment{
				Body: "x", Scoped: []zendesk.ScopedBody{{Channel: "channel:chat", Body: "c"}, {Channel: "channel:all", Body: "x"}},
			}},
		},
	}
}

func TestApplyMacro(t *testing.T) {
	t.Parallel()
	for name, tt := range applied() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("GET /api/v2/tickets/7/macros/3/apply", http.StatusOK, `{"result":{"ticket":`+tt.ticket+`}}`)
			got, err := c.ApplyMacro(t.Context(), 7, 3)
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestApplyMacroWithoutTicket(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"result":null}`, `{"result":{}}`, `{"result":{"ticket":null}}`, `{"result":{"ticket":7}}`, `{"result":{"ticket":{"id":"x"}}}`,
	} {
		p, c := setup(t)
		p.handle("GET /api/v2/tickets/7/macros/3/apply", http.StatusOK, body)
		_, err := c.ApplyMacro(t.Context(), 7, 3)
		wantKind(t, err, zendesk.KindServer)
	}
}
