package zendesk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// adminCall is a call of the account's administration with the request it makes and what it reads from a good answer.
type adminCall struct {
	name         string
	method, path string
	body         string // "" = none
	status       int
	answer       string
	want         string // what is read, as JSON
	call         func(context.Context, *zendesk.Client) (any, error)
}

// rule is a condition as JSON knows it.
func rule(field, operator, value string) zendesk.RuleCondition {
	return zendesk.RuleCondition{Field: field, Operator: operator, Value: json.RawMessage(value)}
}

// adminWrites are the calls that write and answer with the record.
func adminWrites() []adminCall {
	type ctx = context.Context
	type client = *zendesk.Client
	option := []zendesk.FieldOptionWrite{{Name: "A::B", Value: "b"}}
	conditions := zendesk.RuleConditions{All: []zendesk.RuleCondition{rule("current_tags", "includes", `"whatsapp"`), rule("assignee_id", "is", `null`)}}
	return []adminCall{
		{
			"CreateTicketField", "POST", "/ticket_fields",
			`{"ticket_field":{"type":"tagger","title":"T","agent_description":"d","custom_field_options":[{"name":"A::B","value":"b"}]}}`,
			201, `{"ticket_field":{"id":7,"type":"tagger","title":"T"}}`, "7 T", func(c ctx, z client) (any, error) {
				f, err := z.CreateTicketField(c, zendesk.TicketFieldCreate{Type: zendesk.FieldTagger, Title: "T", AgentDescription: "d", Options: option})
				return []any{f.ID, f.Title}, err
			},
		},
		{
			"ActivateTicketField", "PUT", "/ticket_fields/7", `{"ticket_field":{"active":true}}`,
			200, `{"ticket_field":{"id":7,"active":true}}`, "7 true", func(c ctx, z client) (any, error) {
				f, err := z.ActivateTicketField(c, 7)
				return []any{f.ID, f.Active}, err
			},
		},
		{
			"AddTicketFieldOption", "POST", "/ticket_fields/7/options", `{"custom_field_option":{"name":"A::B","value":"b"}}`,
			201, `{"custom_field_option":{"id":9,"name":"A::B","value":"b"}}`, "9 b", func(c ctx, z client) (any, error) {
				o, err := z.AddTicketFieldOption(c, 7, option[0])
				return []any{o.ID, o.Value}, err
			},
		},
		{
			"CreateOrganizationField", "POST", "/organization_fields",
			`{"organization_field":{"type":"dropdown","key":"k","title":"T","custom_field_options":[{"name":"A::B","value":"b"}]}}`,
			201, `{"organization_field":{"id":7,"key":"k"}}`, "7 k", func(c ctx, z client) (any, error) {
				f, err := z.CreateOrganizationField(c, zendesk.OrganizationFieldCreate{Type: zendesk.FieldDropdown, Key: "k", Title: "T", Options: option})
				return []any{f.ID, f.Key}, err
			},
		},
		{
			"ActivateOrganizationField", "PUT", "/organization_fields/7", `{"organization_field":{"active":true}}`,
			200, `{"organization_field":{"id":7,"active":true}}`, "7 true", func(c ctx, z client) (any, error) {
				f, err := z.ActivateOrganizationField(c, 7)
				return []any{f.ID, f.Active}, err
			},
		},
		{
			"CreateMacro", "POST", "/macros", `{"macro":{"title":"M","active":true,"actions":[{"field":"comment_value","value":["channel:all","x"]}]}}`,
			200, `{"macro":{"id":7,"title":"M"}}`, "7 M", func(c ctx, z client) (any, error) {
				m, err := z.CreateMacro(c, zendesk.MacroWrite{Title: "M", Active: true, Actions: []zendesk.MacroAction{{Field: "comment_value", Value: json.RawMessage(`["channel:all","x"]`)}}})
				return []any{m.ID, m.Title}, err
			},
		},
		{
			"UpdateMacro", "PUT", "/macros/7", `{"macro":{"title":"M","description":"d","active":false,"actions":[{"field":"status","value":"open"}]}}`,
			200, `{"macro":{"id":7,"title":"M"}}`, "7 M", func(c ctx, z client) (any, error) {
				m, err := z.UpdateMacro(c, 7, zendesk.MacroWrite{Title: "M", Description: "d", Actions: []zendesk.MacroAction{{Field: "status", Value: json.RawMessage(`"open"`)}}})
				return []any{m.ID, m.Title}, err
			},
		},
		{
			"CreateTrigger", "POST", "/triggers",
			`{"trigger":{"title":"T","active":true,"category_id":"1","conditions":{"all":[{"field":"current_tags","operator":"includes","value":"whatsapp"},{"field":"assignee_id","operator":"is","value":null}],"any":[]},"actions":[{"field":"notification_webhook","value":["w","{}"]}]}}`,
			201, `{"trigger":{"id":7,"title":"T","category_id":"1","conditions":{"all":[{"field":"f","operator":"is","value":"v"}]}}}`, "7 T 1 v", func(c ctx, z client) (any, error) {
				t, err := z.CreateTrigger(c, zendesk.TriggerWrite{
					Title: "T", Active: true, CategoryID: "1", Conditions: conditions,
					Actions: []zendesk.RuleAction{{Field: "notification_webhook", Value: json.RawMessage(`["w","{}"]`)}},
				})
				if len(t.Conditions.All) == 0 {
					return nil, err
				}
				return []any{t.ID, t.Title, t.CategoryID, t.Conditions.All[0].Text()}, err
			},
		},
		{
			"UpdateTrigger", "PUT", "/triggers/7", `{"trigger":{"active":false,"conditions":{"all":[],"any":[]},"actions":[{"field":"status","value":"open"}]}}`,
			200, `{"trigger":{"id":7,"active":false,"category_id":null}}`, "7 false", func(c ctx, z client) (any, error) {
				t, err := z.UpdateTrigger(c, 7, zendesk.TriggerWrite{Actions: []zendesk.RuleAction{{Field: "status", Value: json.RawMessage(`"open"`)}}})
				return []any{t.ID, t.Active}, err
			},
		},
		{
			"CreateView", "POST", "/views",
			`{"view":{"title":"V","active":true,"all":[{"field":"status","operator":"less_than","value":"solved"}],"output":{"columns":["status"],"sort_by":"updated"}}}`,
			200, `{"view":{"id":7,"title":"V"}}`, "7 V", func(c ctx, z client) (any, error) {
				v, err := z.CreateView(c, zendesk.ViewWrite{
					Title: "V", Active: true, All: []zendesk.RuleCondition{rule("status", "less_than", `"solved"`)},
					Output: &zendesk.ViewOutput{Columns: []string{"status"}, SortBy: "updated"},
				})
				return []any{v.ID, v.Title}, err
			},
		},
		{
			"UpdateView", "PUT", "/views/7", `{"view":{"title":"V","active":true,"all":[{"field":"status","operator":"less_than","value":"solved"}]}}`,
			200, `{"view":{"id":7,"title":"V"}}`, "7 V", func(c ctx, z client) (any, error) {
				v, err := z.UpdateView(c, 7, zendesk.ViewWrite{Title: "V", Active: true, All: []zendesk.RuleCondition{rule("status", "less_than", `"solved"`)}})
				return []any{v.ID, v.Title}, err
			},
		},
		{
			"CreateGroup", "POST", "/groups", `{"group":{"name":"G","description":"d"}}`,
			201, `{"group":{"id":7,"name":"G"}}`, "7 G", func(c ctx, z client) (any, error) {
				g, err := z.CreateGroup(c, zendesk.GroupCreate{Name: "G", Description: "d"})
				return []any{g.ID, g.Name}, err
			},
		},
	}
}

// adminHooks are the calls of webhooks, which the vendor's description of the API leaves out.
func adminHooks() []adminCall {
	type ctx = context.Context
	type client = *zendesk.Client
	hook := zendesk.Webhook{
		ID: "01A/B", Name: "W", Status: zendesk.WebhookActive, Endpoint: "https://x", HTTPMethod: "POST", RequestFormat: "json",
		Subscriptions: []string{zendesk.WebhookForTriggers},
	}
	const wire = `{"webhook":{"name":"W","status":"active","endpoint":"https://x","http_method":"POST","request_format":"json","subscriptions":["conditional_ticket_events"]}}`
	return []adminCall{
		{
			"CreateWebhook", "POST", "/webhooks", wire, 201, `{"webhook":{"id":"01C","name":"W"}}`, "01C W", func(c ctx, z client) (any, error) {
				w, err := z.CreateWebhook(c, hook)
				return []any{w.ID, w.Name}, err
			},
		},
		{
			"UpdateWebhook", "PUT", "/webhooks/01A%2FB", wire, 204, "", "", func(c ctx, z client) (any, error) {
				return []any{}, z.UpdateWebhook(c, hook)
			},
		},
		{
			"WebhookSecret", "GET", "/webhooks/01C/signing_secret", "", 200, `{"signing_secret":{"algorithm":"SHA256","secret":"s3"}}`, "s3",
			func(c ctx, z client) (any, error) {
				s, err := z.WebhookSecret(c, "01C")
				return []any{string(s)}, err
			},
		},
	}
}

// words joins what was read.
func words(t *testing.T, v any) string {
	t.Helper()
	list, ok := v.([]any)
	if !ok {
		return ""
	}
	out := make([]string, len(list))
	for i, one := range list {
		raw, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = strings.Trim(string(raw), `"`)
	}
	return strings.Join(out, " ")
}

func TestAdminWrites(t *testing.T) {
	t.Parallel()
	for _, tt := range adminWrites() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle(tt.method+" /api/v2"+tt.path, tt.status, tt.answer)
			got, err := tt.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if words(t, got) != tt.want {
				t.Errorf("read %v, want %s", got, tt.want)
			}
			wantJSON(t, p.only().Body, tt.body)
		})
	}
}

func TestAdminHooks(t *testing.T) {
	t.Parallel()
	for _, tt := range adminHooks() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var seen []string
			c := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
				seen = append(seen, r.Method+" "+r.URL.EscapedPath())
				if tt.body != "" {
					var got any
					if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
						t.Error(err)
					}
					raw, err := json.Marshal(got)
					if err != nil {
						t.Error(err)
					}
					wantJSON(t, string(raw), tt.body)
				}
				answer(w, tt.status, tt.answer)
			})
			got, err := tt.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.method + " /api/v2" + tt.path}, seen); diff != "" || words(t, got) != tt.want {
				t.Errorf("read %v (-want +got):\n%s", got, diff)
			}
		})
	}
}

// elsewhere is a client of a server that is not held against the vendor's description.
func elsewhere(t *testing.T, h http.HandlerFunc) *zendesk.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := zendesk.New(zendesk.Config{BaseURL: srv.URL, StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An answer of a good status without the record is a failure after which the record may be there.
func TestAdminAnswersWithoutRecord(t *testing.T) {
	t.Parallel()
	for _, tt := range append(adminWrites(), adminHooks()...) {
		for _, body := range []string{`{}`, `{"other":{}}`, `{"macro":null,"trigger":[],"group":7}`, `[`} {
			if tt.status == http.StatusNoContent {
				continue
			}
			c := elsewhere(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, tt.status, body) })
			_, err := tt.call(t.Context(), c)
			wantKind(t, err, zendesk.KindServer)
		}
	}
}

// A refusal of every call keeps its meaning.
func TestAdminRefusals(t *testing.T) {
	t.Parallel()
	for _, tt := range append(adminWrites(), adminHooks()...) {
		for status, kind := range map[int]zendesk.Kind{
			401: zendesk.KindUnauthorized, 403: zendesk.KindForbidden, 404: zendesk.KindNotFound, 422: zendesk.KindInvalid, 429: zendesk.KindLimited, 503: zendesk.KindServer,
		} {
			c := elsewhere(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, status, `{"error":"X"}`) })
			_, err := tt.call(t.Context(), c)
			wantKind(t, err, kind)
		}
	}
}
