package inbound_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

const stamp = "2026-11-20T15:00:00Z"

// stamped is what Zendesk's request carries.
func stamped(body, key string) http.Header {
	h := http.Header{}
	h.Set(zendesk.HeaderTimestamp, stamp)
	h.Set(zendesk.HeaderSignature, base64.StdEncoding.EncodeToString(digest(stamp+body, key)))
	return h
}

// tell hands a webhook of Zendesk over, signed.
func (h *house) tell(body string) error {
	h.t.Helper()
	return h.Zendesk(h.t.Context(), stamped(body, secret), []byte(body))
}

const event = `{"account_id":1,"id":"ev-1","type":"zen:event-type:ticket.comment_added","subject":"zen:ticket:7",` +
	`"detail":{"id":"7","actor_id":"5","external_id":"","status":"OPEN","updated_at":"2026-11-20T14:59:00Z"}}`

func hinted(id string, h conversation.Hint) conversation.Event {
	return conversation.Event{Kind: conversation.EventHint, ID: id, At: noon(), Hint: &h}
}

type hintCase struct {
	body   string
	key    string
	want   conversation.Event
	repeat bool // the webhook has no id: it is stored each time, which does no harm
}

func hintCases() map[string]hintCase {
	full := conversation.Hint{Ticket: 7, Status: "open", UpdatedAt: time.Date(2026, 11, 20, 14, 59, 0, 0, time.UTC)}
	return map[string]hintCase{
		"event of a ticket nobody knows": {body: event, key: "ticket|7", want: hinted("z:ev-1", full)},
		"event of a known ticket":        {body: strings.ReplaceAll(event, "7", "8"), key: number + "|c1", want: hinted("z:ev-1", conversation.Hint{Ticket: 8, Status: "open", UpdatedAt: full.UpdatedAt})},
		"event with an external id": {
			body: strings.Replace(event, `"external_id":""`, `"external_id":"wa-`+number+`-c9-3"`, 1),
			key:  number + "|c9", want: hinted("z:ev-1", full),
		},
		"known ticket with another external id": {
			body: `{"ticket_id":"8","external_id":"wa-` + number + `-c9-3"}`, key: number + "|c1",
			want: hinted("", conversation.Hint{Ticket: 8}), repeat: true,
		},
		"trigger": {
			body: `{"ticket_id":"7","external_id":"","status":"Aberto","updated_at":"2026-11-20T11:59:00-03:00","actor_id":"5"}`,
			key:  "ticket|7", want: hinted("", full), repeat: true,
		},
		"somebody else's external id":  {body: `{"ticket_id":7,"external_id":"ERP-1"}`, key: "ticket|7", want: hinted("", conversation.Hint{Ticket: 7}), repeat: true},
		"external id of an account":    {body: `{"ticket_id":7,"external_id":"wa-account-x-1"}`, key: "ticket|7", want: hinted("", conversation.Hint{Ticket: 7}), repeat: true},
		"external id of another shape": {body: `{"ticket_id":7,"external_id":"wa-1|2-c-1"}`, key: "ticket|7", want: hinted("", conversation.Hint{Ticket: 7}), repeat: true},
		"actor unknown":                {body: `{"ticket_id":7,"actor_id":0}`, key: "ticket|7", want: hinted("", conversation.Hint{Ticket: 7}), repeat: true},
	}
}

// eachHint runs f on every hint with a fresh house that knows ticket 8.
func eachHint(t *testing.T, f func(h *house, c hintCase)) {
	t.Helper()
	for name, c := range hintCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.desk.threads[8] = number + "|c1"
			f(h, c)
		})
	}
}

func TestZendeskStores(t *testing.T) {
	t.Parallel()
	eachHint(t, func(h *house, c hintCase) {
		h.ok(h.tell(c.body))
		h.same("stored", h.stored(), map[string][]conversation.Event{c.key: {c.want}})
		h.same("notified", h.notified, []string{c.key})
		h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{accepted,zendesk}": 1, "ponte_events_total{new}": 1})
	})
}

func TestZendeskTwice(t *testing.T) {
	t.Parallel()
	eachHint(t, func(h *house, c hintCase) {
		h.ok(h.tell(c.body))
		h.ok(h.tell(c.body))
		want := []conversation.Event{c.want}
		if c.repeat {
			want = append(want, c.want)
		}
		h.same("stored", h.stored(), map[string][]conversation.Event{c.key: want})
	})
}

func TestZendeskBadSignature(t *testing.T) {
	t.Parallel()
	eachHint(t, func(h *house, c hintCase) {
		later := stamped(c.body, secret)
		later.Set(zendesk.HeaderTimestamp, "2026-11-20T15:00:01Z")
		for _, header := range []http.Header{{}, stamped(c.body, "wrong"), stamped(c.body, ""), stamped(c.body+" ", secret), later} {
			h.refused(h.Zendesk(h.t.Context(), header, []byte(c.body)), "signature", http.StatusUnauthorized)
		}
		h.empty()
		h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{signature,zendesk}": 5})
	})
}

func TestZendeskOtherSecret(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.Zendesk(t.Context(), stamped(event, "next-secret"), []byte(event)))
	h.same("mailboxes", keysOf(h.stored()), []string{"ticket|7"})
}

func TestZendeskMalformed(t *testing.T) {
	t.Parallel()
	const levels = 10_000
	eachHint(t, func(h *house, c hintCase) {
		bodies := []string{
			"", c.body[:1], c.body[:len(c.body)/2], c.body[:len(c.body)-1], "[]", "null", "{}", `{"ticket_id":"{{ticket.id}}"}`,
			`{"deep":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "," + c.body[1:],
			`{"deep":` + strings.Repeat(`{"a":`, levels) + "1" + strings.Repeat("}", levels) + "," + c.body[1:],
		}
		for _, body := range bodies {
			h.refused(h.tell(body), "malformed", http.StatusBadRequest)
		}
		h.empty()
		h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{malformed,zendesk}": float64(len(bodies))})
	})
}

func TestZendeskStoreFails(t *testing.T) {
	t.Parallel()
	eachHint(t, func(h *house, c hintCase) {
		h.desk.fail = errDown
		h.unavailable(h.tell(c.body), errDown)
		h.desk.fail = nil
		h.r.Mini.SetError("OOM command not allowed when used memory > 'maxmemory'")
		err := h.tell(c.body)
		h.r.Mini.SetError("")
		h.unavailable(err, nil)
		h.empty()
		h.ok(h.tell(c.body))
		h.same("stored when delivered again", h.stored(), map[string][]conversation.Event{c.key: {c.want}})
		if n := h.counted()["ponte_webhooks_total{unavailable,zendesk}"]; n != 2 {
			h.t.Errorf("unavailable = %v", n)
		}
	})
}

// Ponte's own updates and what is about no ticket are taken with thanks and left alone.
func TestZendeskIgnores(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, outcome string }{
		"own trigger":   {`{"ticket_id":7,"actor_id":"99"}`, "own"},
		"own event":     {strings.Replace(event, `"actor_id":"5"`, `"actor_id":"99"`, 1), "own"},
		"user event":    {`{"type":"zen:event-type:user.created","id":"e","subject":"zen:user:5","detail":{"id":"5"}}`, "ignored"},
		"article event": {`{"type":"zen:event-type:article.published","id":"e","detail":{"id":"5"}}`, "ignored"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.desk.fail = errDown // nobody is asked
			h.ok(h.tell(tt.body))
			h.empty()
			h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{" + tt.outcome + ",zendesk}": 1})
		})
	}
}

// While Ponte does not know who it is, no hint is taken for its own.
func TestZendeskOwnUserUnknown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.OwnUser = func() int64 { return 0 }
	h.ok(h.tell(`{"ticket_id":7}`))
	h.ok(h.tell(`{"ticket_id":7,"actor_id":"99"}`))
	h.same("stored", len(h.stored()["ticket|7"]), 2)
}
