package zendesk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// sign signs as Zendesk does: base64(HMAC-SHA256(secret, timestamp + body)).
func sign(secret, timestamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const at, body = "2021-03-25T05:09:27Z", `{"ticket_id":"7"}`
	good := sign("new", at, body)
	for _, tt := range []struct {
		name, timestamp, signature, body string
		secrets                          []string
		want                             bool
	}{
		{"good", at, good, body, []string{"new"}, true},
		{"new secret first", at, good, body, []string{"new", "old"}, true},
		{"new secret last", at, good, body, []string{"old", "new"}, true},
		{"old secret", at, sign("old", at, body), body, []string{"new", "old"}, true},
		{"empty body", at, sign("new", at, ""), "", []string{"new"}, true},
		{"foreign secret", at, sign("x", at, body), body, []string{"new", "old"}, false},
		{"other timestamp", "2021-03-25T05:09:28Z", good, body, []string{"new"}, false},
		{"other body", at, good, body + " ", []string{"new"}, false},
		{"cut signature", at, good[:20], body, []string{"new"}, false},
		{"no signature", at, "", body, []string{"new"}, false},
		{"no base64", at, "%%%", body, []string{"new"}, false},
		{"no secrets", at, good, body, nil, false},
		{"empty secret never matches", at, sign("", at, body), body, []string{"", ""}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := zendesk.Verify(tt.secrets, tt.timestamp, tt.signature, []byte(tt.body)); got != tt.want {
				t.Errorf("Verify = %v, want %v", got, tt.want)
			}
		})
	}
}

// TestVerifyKnownValue holds the scheme against a value computed apart: `printf '%s%s' TIME BODY | openssl dgst -sha256
// -hmac SECRET -binary | base64`.
func TestVerifyKnownValue(t *testing.T) {
	t.Parallel()
	const signature = "DTVufebrf8Pqa+p+sE/OhZ90OpAcfFfW6U8+mhU3Tag="
	if !zendesk.Verify([]string{"dGhpc19zZWNyZXQ="}, "2021-03-25T05:09:27Z", signature, []byte(`{"foo":"bar"}`)) {
		t.Error("a signature made by another program is refused")
	}
}

// event is the envelope of an event webhook.
const event = `{"account_id":22129848,
 "detail":{"actor_id":"8447388090495","assignee_id":"8447388090494","created_at":"2025-01-08T10:12:07Z","external_id":"s-1",
  "id":"5158","is_public":true,"status":"OPEN","subject":"…","tags":["mobile"],"updated_at":"2025-01-08T14:25:30Z",
  "via":{"channel":"web_service"}},
 "event":{"comment":{"id":"9876543210","body":"\"}]{[","is_public":true,"author":{"id":"8447388090495","is_staff":true}}},
 "id":"d4f5c389-8f4a-4c2e-a1b9-8e4f39c71d52","subject":"zen:ticket:5158","time":"2025-01-08T14:25:30.123456789Z",
 "type":"zen:event-type:ticket.comment_added","zendesk_event_version":"2022-11-06"}`

// hints are bodies that tell a ticket.
func hints() map[string]struct {
	body string
	want zendesk.Hint
} {
	eventHint := zendesk.Hint{
		TicketID: 5158, AccountID: 22129848, ExternalID: "s-1", Status: "open", ActorID: 8447388090495,
		UpdatedAt: time.Date(2025, 1, 8, 14, 25, 30, 0, time.UTC),
		EventID:   "d4f5c389-8f4a-4c2e-a1b9-8e4f39c71d52", Type: "ticket.comment_added",
		Assignee: new(int64(8447388090494)), Tags: []string{"mobile"}, TagsKnown: true,
	}
	return map[string]struct {
		body string
		want zendesk.Hint
	}{
		"event": {event, eventHint},
		"event without detail": {
			`{"type":"zen:event-type:ticket.merged","subject":"zen:ticket:9","id":"e","detail":null}`,
			zendesk.Hint{TicketID: 9, EventID: "e", Type: "ticket.merged"},
		},
		"messaging event": {
			`{"type":"zen:event-type:messaging_ticket.message_added","detail":{"id":9}}`,
			zendesk.Hint{TicketID: 9, Type: "messaging_ticket.message_added"},
		},
		"trigger, all texts": {
			`{"ticket_id":"7","external_id":"s-1","status":"Open","updated_at":"2026-11-22T09:00:00-03:00","actor_id":"99"}`,
			zendesk.Hint{TicketID: 7, ExternalID: "s-1", Status: "open", UpdatedAt: noon(), ActorID: 99},
		},
		"trigger, numbers": {`{"ticket_id":7,"actor_id":99,"external_id":12}`, zendesk.Hint{TicketID: 7, ActorID: 99, ExternalID: "12"}},
		"trigger, empty placeholders": {
			`{"ticket_id":" 7 ","external_id":"","status":"","updated_at":"","actor_id":""}`, zendesk.Hint{TicketID: 7},
		},
		"trigger, what is odd is left out": {
			`{"ticket_id":7,"external_id":{"a":1},"status":["x"],"updated_at":"22 de novembro","actor_id":-5}`, zendesk.Hint{TicketID: 7},
		},
		"trigger, nulls":      {`{"ticket_id":7,"external_id":null,"status":null,"actor_id":null}`, zendesk.Hint{TicketID: 7}},
		"trigger, other keys": {`{"ticket_id":7,"more":[{"deep":true}],"type":"incident"}`, zendesk.Hint{TicketID: 7}},
	}
}

func TestParseHint(t *testing.T) {
	t.Parallel()
	for name, tt := range hints() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := zendesk.ParseHint([]byte(tt.body))
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestParseHintStatuses(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string]string{
		"new":     "NEW,New,new,Novo,Nuevo",
		"open":    "OPEN,Open,Aberto,ABERTO,Abierto",
		"pending": "PENDING,Pending,Pendente,Pendiente",
		"hold":    "HOLD,On-hold,On hold,Em espera,En espera",
		"solved":  "SOLVED,Solved,Resolvido,Resuelto",
		"closed":  "CLOSED,Closed,Fechado,Cerrado",
		"deleted": "DELETED", "archived": "ARCHIVED", "scrubbed": "SCRUBBED",
		"": "Erledigt,{{ticket.status}},7",
	} {
		for spelling := range strings.SplitSeq(spellings, ",") {
			got, err := zendesk.ParseHint([]byte(`{"ticket_id":7,"status":"` + spelling + `"}`))
			if err != nil || got.Status != want {
				t.Errorf("%q: status = %q, %v; want %q", spelling, got.Status, err, want)
			}
		}
	}
}

func TestParseHintRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		want       error
	}{
		{"empty", ``, zendesk.ErrMalformed},
		{"cut", event[:300], zendesk.ErrMalformed},
		{"list", `[{"ticket_id":7}]`, zendesk.ErrMalformed},
		{"text", `"x"`, zendesk.ErrMalformed},
		{"null", `null`, zendesk.ErrMalformed},
		{"two bodies", `{"ticket_id":7}{"ticket_id":8}`, zendesk.ErrMalformed},
		{"no ticket", `{"external_id":"x"}`, zendesk.ErrMalformed},
		{"placeholder left", `{"ticket_id":"{{ticket.id}}"}`, zendesk.ErrMalformed},
		{"negative", `{"ticket_id":-7}`, zendesk.ErrMalformed},
		{"fraction", `{"ticket_id":7.5}`, zendesk.ErrMalformed},
		{"too large", `{"ticket_id":99999999999999999999}`, zendesk.ErrMalformed},
		{"event without ticket", `{"type":"zen:event-type:ticket.created","detail":{}}`, zendesk.ErrMalformed},
		{"event of a strange shape", `{"type":"zen:event-type:ticket.created","detail":7}`, zendesk.ErrMalformed},
		{"user event", `{"type":"zen:event-type:user.created","detail":{"id":"5"},"subject":"zen:user:5"}`, zendesk.ErrNoTicket},
		{"too deep", `{"ticket_id":7,"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, zendesk.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := zendesk.ParseHint([]byte(tt.body))
			if !errors.Is(err, tt.want) || !cmp.Equal(got, zendesk.Hint{}) {
				t.Errorf("ParseHint = %+v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestParseHintDepth(t *testing.T) {
	t.Parallel()
	allowed := `{"ticket_id":7,"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`
	if _, err := zendesk.ParseHint([]byte(allowed)); err != nil {
		t.Errorf("64 levels: %v", err)
	}
	text := `{"ticket_id":7,"x":"` + strings.Repeat(`[{\"`, 100) + `"}`
	if _, err := zendesk.ParseHint([]byte(text)); err != nil {
		t.Errorf("brackets in a text: %v", err)
	}
}

func FuzzParseHint(f *testing.F) {
	for _, h := range hints() {
		f.Add([]byte(h.body))
	}
	f.Add([]byte(strings.Repeat(`{"a":[`, 50)))
	f.Add([]byte(`{"ticket_id":"7","status":"\ud800"}`))
	f.Add([]byte(`{"ticket_id":"7","group_id":"","assignee_id":null,"organization_id":-1,"tags":"a b"}`))
	statuses := []string{"", "new", "open", "pending", "hold", "solved", "closed", "deleted", "archived", "scrubbed"}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := zendesk.ParseHint(body)
		if err != nil {
			if !errors.Is(err, zendesk.ErrMalformed) && !errors.Is(err, zendesk.ErrNoTicket) {
				t.Errorf("foreign error: %v", err)
			}
			return
		}
		if got.TicketID <= 0 || got.ActorID < 0 || got.AccountID < 0 || !slices.Contains(statuses, got.Status) {
			t.Errorf("hint = %+v", got)
		}
		for _, id := range []*int64{got.Group, got.Assignee, got.Organization, got.Form} {
			if id != nil && *id < 0 {
				t.Errorf("hint = %+v", got)
			}
		}
		if len(got.Tags) > 0 && !got.TagsKnown {
			t.Errorf("tags that are not known: %v", got.Tags)
		}
		if strings.HasPrefix(got.Type, "zen:") {
			t.Errorf("type = %q", got.Type)
		}
	})
}
