package effects_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const (
	showRoute     = "GET /api/v2/tickets/11"
	updateRoute   = "PUT /api/v2/tickets/11"
	auditsRoute   = "GET /api/v2/tickets/11/audits"
	commentsRoute = "GET /api/v2/tickets/11/comments"
	updated       = `{"ticket":{"id":11,"status":"open"},"audit":{"id":2,"events":[{"id":201,"type":"Comment"},{"id":202,"type":"Change"}]}}`
	shown         = `{"ticket":{"id":11,"status":"pending","updated_at":"2026-03-02T08:59:40Z"}}`
)

func customerComment() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "3", Kind: conversation.EffectComment, Comment: &conversation.Comment{
		Author: conversation.AuthorCustomer, Public: true, First: at(-20), Last: at(-20),
		Lines: []conversation.Line{{MessageID: "wamid.1", Text: "oi"}, {MessageID: "wamid.2", Text: "tudo bem?"}},
	}}}
}

func note() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "4", Kind: conversation.EffectComment, Comment: &conversation.Comment{
		Author: conversation.AuthorPonte, Lines: []conversation.Line{{Text: "não entregue"}},
	}}}
}

func TestComment(t *testing.T) {
	t.Parallel()
	words := object{"body": "oi\n\ntudo bem?", "public": true, "author_id": 7.0}
	meta := object{"ponte_effect": session + "#3", "ponte_messages": []any{"wamid.1", "wamid.2"}}
	opening := object{"comment": words, "metadata": meta, "status": "open"}
	tests := []struct {
		name    string
		status  string
		zendesk int64
		pending conversation.Pending
		want    object
	}{
		{"on an open ticket", "open", 7, customerComment(), object{"comment": words, "metadata": meta}},
		{"new stays new", "new", 7, customerComment(), object{"comment": words, "metadata": meta}},
		{"pending opens", "pending", 7, customerComment(), opening},
		{"hold opens", "hold", 7, customerComment(), opening},
		{"solved opens", "solved", 7, customerComment(), opening},
		{"of nobody known", "open", 0, customerComment(), object{"comment": object{"body": "oi\n\ntudo bem?", "public": false}, "metadata": meta}},
		{"note leaves the status", "pending", 7, note(), object{
			"comment": object{"body": "não entregue", "public": false}, "metadata": object{"ponte_effect": session + "#4"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(updateRoute, says(200, updated))
			th := open()
			th.Conversation.Ticket.Status, th.Contact.Zendesk = tt.status, tt.zendesk
			got := r.done(r.try(th, tt.pending))
			r.same("ticket", got.Ticket, wrote("open", 201))
			r.same("calls: a first comment looks at nothing", r.desk.calls(), []string{updateRoute})
			r.same("body", r.desk.last("PUT").Body, object{"ticket": tt.want})
			r.same("no key", r.desk.last("PUT").Header.Get("Idempotency-Key"), "")
			r.same("marks", r.marks, []bool{false})
		})
	}
}

func TestCommentRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		code   string
	}{
		"closed": {says(422, `{"error":"RecordInvalid","details":{"status":[{"description":"Status: closed prevents ticket update"}]}}`), conversation.CodeTicketClosed},
		"gone":   {says(404, `{"error":"RecordNotFound"}`), conversation.CodeTicketGone},
		"full":   {says(422, `{"error":"RecordInvalid","description":"too many comments"}`), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(updateRoute, tt.answer)
			r.failed(r.try(open(), customerComment()), tt.code)
		})
	}
	t.Run("no ticket", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.failed(r.try(fresh(), customerComment()), conversation.CodeTicketGone)
		r.silent()
	})
}

// audits is a page of a ticket's audits, the newest first; the one with the marker wrote the comments 300 and 301.
func audits(markers ...string) http.HandlerFunc {
	list := ""
	for i, m := range markers {
		if i > 0 {
			list += ","
		}
		list += `{"id":1,"created_at":"2026-03-02T08:59:45Z","metadata":{"system":{},"custom":{"ponte_effect":"` + m +
			`"}},"events":[{"id":300,"type":"Comment"},{"id":301,"type":"Comment"},{"id":302,"type":"Change"}]}`
	}
	return says(200, `{"audits":[`+list+`],"meta":{"has_more":false}}`)
}

// TestCommentUnsure is what happens after an uncertain update: wait, the ticket's stamp, its audits, and only then a repeat.
func TestCommentUnsure(t *testing.T) {
	t.Parallel()
	look, again := []string{showRoute, auditsRoute}, []string{showRoute, auditsRoute, updateRoute}
	tests := []struct {
		name    string
		sent    time.Time
		prepare func(r *rig)
		calls   []string
		check   func(r *rig, got conversation.Result)
	}{
		{"still settling", at(-14), func(*rig) {}, nil, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
		{"found", at(-15), func(r *rig) { r.desk.on(auditsRoute, audits("other#3", session+"#3")) }, look, func(r *rig, got conversation.Result) {
			r.same("ticket", r.done(got).Ticket, since(wrote("pending", 300, 301), at(-20)))
		}},
		{"absent", at(-15), func(*rig) {}, again, func(r *rig, got conversation.Result) {
			want := wrote("open", 201)
			want.After = at(-20)
			r.same("ticket", r.done(got).Ticket, want)
			ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
			r.same("safe", []any{ticket["safe_update"], ticket["updated_stamp"]}, []any{true, "2026-03-02T08:59:40Z"})
			r.same("marks", r.marks, []bool{true})
		}},
		{"absent, changed since", at(-15), func(r *rig) { r.desk.on(updateRoute, says(409, `{"error":"UpdateConflict"}`)) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, 2*time.Second)
			r.same("sent: the first one still counts", got.SentAt, time.Time{})
		}},
		{"absent, uncertain again", at(-15), func(r *rig) { r.desk.on(updateRoute, cut) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, settle)
			r.same("sent", got.SentAt, r.now)
		}},
		{"absent, limited", at(-15), func(r *rig) { r.desk.on(updateRoute, says(429, `{}`, "Retry-After", "30")) }, again, func(r *rig, got conversation.Result) {
			r.unsure(got, 30*time.Second)
			r.same("free", got.Free, true)
		}},
		{"absent, closed meanwhile", at(-15), func(r *rig) {
			r.desk.on(updateRoute, says(422, `{"error":"RecordInvalid","description":"ticket is closed"}`))
		}, again, func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketClosed) }},
		{"ticket gone", at(-15), func(r *rig) { r.desk.on(showRoute, says(404, `{}`)) }, []string{showRoute}, func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketGone)
		}},
		{"no ticket read", at(-15), func(r *rig) { r.desk.on(showRoute, says(403, `{}`)) }, []string{showRoute}, func(r *rig, got conversation.Result) {
			r.unsure(got, 2*time.Second)
		}},
		{"no audits read", at(-15), func(r *rig) { r.desk.on(auditsRoute, says(403, `{}`)) }, look, func(r *rig, got conversation.Result) {
			r.unsure(got, 2*time.Second)
		}},
		{"look-up limited", at(-15), func(r *rig) { r.desk.on(auditsRoute, says(429, `{}`, "Retry-After", "40")) }, look, func(r *rig, got conversation.Result) {
			r.unsure(got, 40*time.Second)
		}},
		{"look-up cut", at(-15), func(r *rig) { r.desk.on(showRoute, cut) }, []string{showRoute, showRoute, showRoute}, func(r *rig, got conversation.Result) {
			r.unsure(got, 2*time.Second)
		}},
		{"no budget, not even for the look", at(-15), func(r *rig) { r.budget.at = at(33) }, nil, func(r *rig, got conversation.Result) { r.unsure(got, 33*time.Second) }},
		{"absent, no journal", at(-15), func(r *rig) { r.markErr = errBroken }, look, func(r *rig, got conversation.Result) {
			r.same("outcome", got.Outcome, conversation.Unsure)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, shown))
			r.desk.on(auditsRoute, audits("other#3"))
			r.desk.on(updateRoute, says(200, updated))
			tt.prepare(r)
			got := r.try(open(), unsure(customerComment(), tt.sent))
			r.same("calls", r.desk.calls(), tt.calls)
			tt.check(r, got)
		})
	}
}

// TestSettle wants the wait before a look to be settable.
func TestSettle(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.perform.Settle = time.Hour
	r.unsure(r.try(open(), unsure(customerComment(), at(-15))), time.Hour-15*time.Second)
	r.silent()
}
