package zendesk_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// fullAnswer is an answer to an update: numeric custom field, null ids, an audit with a comment among other events.
const fullAnswer = `{
 "ticket":{"id":7,"external_id":"s-1","subject":"Oi","status":"open","requester_id":21,"assignee_id":null,"group_id":31,
  "organization_id":41,"tags":["whatsapp"],"via":{"channel":"api"},"is_public":true,"due_at":null,
  "created_at":"2026-11-22T11:00:00Z","updated_at":"2026-11-22T12:00:00Z",
  "custom_fields":[{"id":900000000000001,"value":12.5},{"id":2,"value":["a","b"]},{"id":3,"value":null},{"id":4,"value":true}]},
 "audit":{"id":70,"ticket_id":7,"author_id":99,"created_at":"2026-11-22T12:00:00Z","via":{"channel":"api"},
  "metadata":{"custom":{"effect":"e-1"},"system":{"client":"x"}},
  "events":[{"id":71,"type":"Comment","public":true,"author_id":21,"body":"Oi"},
   {"id":72,"type":"Change","field_name":"tags","value":["whatsapp"],"previous_value":[]},
   {"id":73,"type":"Notification","subject":"x"},{"id":74,"type":"Comment","public":false}]}}`

func TestUpdateTicket(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("PUT /api/v2/tickets/7", http.StatusOK, fullAnswer)
	got, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{
		TicketFields: zendesk.TicketFields{
			Comment: &zendesk.CommentWrite{HTMLBody: "<p>Olá</p>", AuthorID: 21, Uploads: []string{"up-1"}},
			Subject: "Whats - Pendência no Cadastro", Status: zendesk.StatusSolved,
			AssigneeID: zendesk.NoRef(), GroupID: zendesk.RefTo(31), Tags: []string{},
			CustomFields: json.RawMessage(`[{"id":2,"value":12.5}]`),
			Metadata:     map[string]any{"ponte": map[string]any{"effect": "e-1"}},
			EmailCCs:     []zendesk.EmailCC{{UserEmail: "ana@example.com", Action: "put"}},
		},
		SafeUpdate: true, UpdatedStamp: time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("BRT", -3*3600)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{71, 74}, got.CommentIDs); diff != "" {
		t.Errorf("comment ids (-want +got):\n%s", diff)
	}
	if got.Replayed || got.Ticket.ID != 7 || got.Ticket.AssigneeID != 0 || got.Ticket.GroupID != 31 || got.Audit.ID != 70 {
		t.Errorf("write = %+v", got)
	}
	if !got.Ticket.UpdatedAt.Equal(noon()) || !got.Ticket.DueAt.IsZero() || !got.Ticket.IsPublic {
		t.Errorf("ticket = %+v", got.Ticket)
	}
	for id, want := range map[int64]string{900000000000001: "12.5", 2: `["a","b"]`, 3: "", 4: "true", 5: ""} {
		if value := string(got.Ticket.Field(id)); value != want {
			t.Errorf("field %d = %q, want %q", id, value, want)
		}
	}
	wantJSON(t, p.only().Body, `{"ticket":{
		"comment":{"html_body":"<p>Olá</p>","public":false,"author_id":21,"uploads":["up-1"]},
		"subject":"Whats - Pendência no Cadastro","status":"solved","assignee_id":null,"group_id":31,"tags":[],
		"custom_fields":[{"id":2,"value":12.5}],"metadata":{"ponte":{"effect":"e-1"}},
		"email_ccs":[{"user_email":"ana@example.com","action":"put"}],
		"safe_update":true,"updated_stamp":"2026-11-22T12:00:00Z"}}`)
	if key, ok := p.only().Header["Idempotency-Key"]; ok {
		t.Errorf("an update was sent with the key %q, which Zendesk does not know there", key)
	}
}

func TestEmptyWritesSendNothingElse(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("PUT /api/v2/tickets/7", http.StatusOK, fullAnswer)
	p.handle("POST /api/v2/tickets", http.StatusCreated, fullAnswer)
	if _, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateTicket(t.Context(), zendesk.TicketCreate{}, "k"); err != nil {
		t.Fatal(err)
	}
	for _, r := range p.requests() {
		wantJSON(t, r.Body, `{"ticket":{}}`)
	}
}

func TestCreateTicket(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.mux.HandleFunc("POST /api/v2/tickets", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Idempotency-Lookup", map[string]string{"first": "miss", "again": "hit"}[r.Header.Get("Idempotency-Key")])
		answer(w, http.StatusCreated, `{"ticket":{"id":8,"status":"new"}}`)
	})
	ticket := zendesk.TicketCreate{
		TicketFields: zendesk.TicketFields{
			Comment: &zendesk.CommentWrite{Body: "Oi", Public: true}, ExternalID: "s-1",
			DueAt: noon(), RequesterID: 21, OrganizationID: zendesk.RefTo(41), Tags: []string{"whatsapp"},
		},
		SubmitterID: 21, FollowupSourceID: 5, Requester: &zendesk.Requester{Name: "Ana"},
	}
	for key, replayed := range map[string]bool{"first": false, "again": true, "other": false} {
		got, err := c.CreateTicket(t.Context(), ticket, key)
		if err != nil || got.Ticket.ID != 8 || got.Replayed != replayed {
			t.Errorf("%s: %+v, %v; want replayed %v", key, got, err, replayed)
		}
		if len(got.CommentIDs) != 0 {
			t.Errorf("%s: comment ids = %v from an answer without audit", key, got.CommentIDs)
		}
	}
	for _, r := range p.requests() {
		wantJSON(t, r.Body, `{"ticket":{"comment":{"body":"Oi","public":true},"external_id":"s-1","requester_id":21,
			"requester":{"name":"Ana"},"organization_id":41,"due_at":"2026-11-22T12:00:00Z","tags":["whatsapp"],
			"submitter_id":21,"via_followup_source_id":5}}`)
	}
	seen := len(p.requests())
	for _, key := range []string{"", strings.Repeat("x", 256)} {
		_, err := c.CreateTicket(t.Context(), ticket, key)
		wantKind(t, err, zendesk.KindBad)
	}
	if _, err := c.CreateTicket(t.Context(), ticket, strings.Repeat("é", 255)); err != nil {
		t.Errorf("a key of 255 characters: %v", err)
	}
	if n := len(p.requests()); n != seen+1 {
		t.Errorf("%d requests, want %d", n, seen+1)
	}
}

func TestRefRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ref  zendesk.Ref
		want string
	}{
		{"left alone", zendesk.Ref{}, `{}`},
		{"set", zendesk.RefTo(900000000000001), `{"group_id":900000000000001}`},
		{"cleared", zendesk.NoRef(), `{"group_id":null}`},
		{"no id", zendesk.RefTo(0), `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			frozen, err := json.Marshal(zendesk.TicketFields{GroupID: tt.ref})
			if err != nil || string(frozen) != tt.want {
				t.Errorf("marshal = %s, %v; want %s", frozen, err, tt.want)
			}
			var thawed zendesk.TicketFields
			if err := json.Unmarshal(frozen, &thawed); err != nil || thawed.GroupID != tt.ref {
				t.Errorf("unmarshal = %+v, %v", thawed.GroupID, err)
			}
			if thawed.GroupID.ID() != tt.ref.ID() {
				t.Errorf("id = %d", thawed.GroupID.ID())
			}
		})
	}
	var ref zendesk.Ref
	if err := json.Unmarshal([]byte(`"x"`), &ref); err == nil {
		t.Error("a text passed for an id")
	}
}

func TestClosedTicket(t *testing.T) {
	t.Parallel()
	const invalid = `{"error":"RecordInvalid","description":"Record validation errors","details":`
	for _, tt := range []struct {
		name, body string
		want       zendesk.Kind
	}{
		{"details of status", invalid + `{"status":[{"description":"Status: closed prevents ticket update"}]}}`, zendesk.KindClosed},
		{"details of base", invalid + `{"base":[{"description":"Ticket is closed"}]}}`, zendesk.KindClosed},
		{"Portuguese", invalid + `{"status":[{"description":"Status: fechado impede a atualização do ticket"}]}}`, zendesk.KindClosed},
		{"Spanish", invalid + `{"status":[{"description":"Estado: cerrado"}]}}`, zendesk.KindClosed},
		{"description", `{"error":"RecordInvalid","description":"closed tickets cannot be updated"}`, zendesk.KindClosed},
		{"another field", invalid + `{"closed_reason":[{"description":"closed reason: cannot be blank"}]}}`, zendesk.KindInvalid},
		{"another fault", invalid + `{"status":[{"description":"Status: is not valid"}]}}`, zendesk.KindInvalid},
		{"comments", invalid + `{"comments":[{"description":"too many comments"}]}}`, zendesk.KindInvalid},
		{"odd details", invalid + `{"status":"closed","base":[7]}}`, zendesk.KindInvalid},
		{"no JSON", `closed`, zendesk.KindInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("/", http.StatusUnprocessableEntity, tt.body)
			_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
			wantKind(t, err, tt.want)
			// A creation meets no closed ticket; there the word is about the source of a follow-up.
			_, err = c.CreateTicket(t.Context(), zendesk.TicketCreate{}, "k")
			wantKind(t, err, zendesk.KindInvalid)
		})
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("PUT /api/v2/tickets/7", http.StatusConflict, `{"error":"UpdateConflict","description":"Safe Update prevented"}`)
	_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{SafeUpdate: true})
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindConflict || got.Code != "UpdateConflict" || got.Uncertain() {
		t.Errorf("error = %#v", err)
	}
}

func TestReadTickets(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/tickets/7", http.StatusOK, fullAnswer)
	p.handle("GET /api/v2/tickets", http.StatusOK, `{"tickets":[{"id":7},{"id":8}]}`)
	if ticket, err := c.ShowTicket(t.Context(), 7); err != nil || ticket.Subject != "Oi" {
		t.Errorf("ShowTicket = %+v, %v", ticket, err)
	}
	tickets, err := c.TicketsByExternalID(t.Context(), "a|b&c=d")
	if err != nil || len(tickets) != 2 || tickets[1].ID != 8 {
		t.Errorf("TicketsByExternalID = %+v, %v", tickets, err)
	}
	if q := p.requests()[1].Query; q.Get("external_id") != "a|b&c=d" || q.Get("page[size]") != "100" {
		t.Errorf("query = %v", q)
	}
}

func TestChangedTickets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, cursor string
		start        time.Time
		query        string
	}{
		{"first", "", noon().Add(-time.Hour), "start_time=1795345200"},
		{"too young a start", "", noon(), "start_time=1795348739"},
		{"cursor wins", "MTU3=", noon(), "cursor=MTU3%3D"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("GET /api/v2/incremental/tickets/cursor", http.StatusOK, `{"tickets":[
				{"id":7,"updated_at":"2026-11-22T11:58:00Z","external_id":null,"status":"deleted","tags":["a"],"group_id":70,
				"assignee_id":31,"organization_id":40,"subject":"Nota fiscal"},
				{"id":8,"updated_at":"2026-11-22T11:58:00Z","group_id":null,"assignee_id":null,"organization_id":null,"subject":null}],
				"after_cursor":"next","end_of_stream":true}`)
			got, err := c.ChangedTickets(t.Context(), tt.cursor, tt.start)
			want := zendesk.ChangedPage{
				Tickets: []zendesk.ChangedTicket{
					{
						ID: 7, UpdatedAt: noon().Add(-2 * time.Minute), Status: "deleted", Tags: []string{"a"}, GroupID: 70, AssigneeID: 31,
						OrganizationID: 40, Subject: "Nota fiscal",
					},
					{ID: 8, UpdatedAt: noon().Add(-2 * time.Minute)},
				},
				After: "next", End: true,
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if q := p.only().Query.Encode(); q != tt.query {
				t.Errorf("query = %s, want %s", q, tt.query)
			}
		})
	}
}

func TestChangedTicketsEdges(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/incremental/tickets/cursor", http.StatusOK, `{"tickets":[],"after_cursor":null,"end_of_stream":true}`)
	got, err := c.ChangedTickets(t.Context(), "here", time.Time{})
	if err != nil || got.After != "here" || !got.End {
		t.Errorf("an empty page moved the cursor: %+v, %v", got, err)
	}
	_, err = c.ChangedTickets(t.Context(), "", time.Time{})
	wantKind(t, err, zendesk.KindBad)
	p.only()
}

func TestErrorsTellNothingPersonal(t *testing.T) {
	t.Parallel()
	const body = `{"error":"RecordInvalid","description":"Email ana@example.com or +5511987654321 taken, token ` +
		`abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz","details":{"email":[{"description":"ana@example.com taken"}]}}`
	p, c := setup(t)
	p.handle("/", http.StatusUnprocessableEntity, body)
	_, err := c.UpsertUser(t.Context(), zendesk.UserUpsert{Name: "Ana Maria", Email: "ana@example.com"})
	var got *zendesk.Error
	if !errors.As(err, &got) {
		t.Fatalf("error = %v", err)
	}
	if want := "Email *** or *** taken, token ***"; got.Description != want {
		t.Errorf("description = %q, want %q", got.Description, want)
	}
	if want := "zendesk: create or update user: invalid (status 422, RecordInvalid)"; got.Error() != want {
		t.Errorf("error = %q, want %q", got.Error(), want)
	}
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body, code, description string }{
		{"plain", `{"error":"RecordNotFound","description":"Not found"}`, "RecordNotFound", "Not found"},
		{"nested", `{"error":{"title":"Forbidden","message":"You do not have access"}}`, "Forbidden", "You do not have access"},
		{"OAuth", `{"error":"invalid_token","error_description":"The token expired"}`, "invalid_token", "The token expired"},
		{"sentence", `{"error":"Couldn't authenticate you"}`, "Couldn't authenticate you", ""},
		{"long", `{"error":"X","description":"` + strings.Repeat("so ", 100) + `"}`, "X", strings.Repeat("so ", 66) + "so…"},
		{"list", `["x"]`, "", ""},
		{"page", `<html>Bad gateway</html>`, "", ""},
		{"empty", ``, "", ""},
		{"numbers", `{"error":7,"description":8}`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("/", http.StatusForbidden, tt.body)
			_, err := c.ShowTicket(t.Context(), 7)
			var got *zendesk.Error
			if !errors.As(err, &got) || got.Code != tt.code || got.Description != tt.description {
				t.Errorf("error = %#v", err)
			}
		})
	}
}

func TestKindNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := zendesk.KindNetwork; k <= zendesk.KindBad; k++ {
		if k.String() == "unknown" || seen[k.String()] {
			t.Errorf("kind %d is called %q", k, k)
		}
		seen[k.String()] = true
	}
	for l := zendesk.LanePeople; l <= zendesk.LaneReport; l++ {
		if l.String() == "unknown" || seen[l.String()] {
			t.Errorf("lane %d is called %q", l, l)
		}
		seen[l.String()] = true
	}
	if zendesk.Kind(0).String() != "unknown" || zendesk.Lane(99).String() != "unknown" {
		t.Error("unknown values have names")
	}
	if zendesk.KindOf(io.EOF) != 0 || zendesk.KindOf(nil) != 0 {
		t.Error("a foreign error has a kind")
	}
}
