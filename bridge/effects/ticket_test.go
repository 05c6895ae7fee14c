package effects_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const (
	findRoute   = "GET /api/v2/users/search"
	upsertRoute = "POST /api/v2/users/create_or_update"
	createRoute = "POST /api/v2/tickets"
	listRoute   = "GET /api/v2/tickets"
	created     = `{"ticket":{"id":11,"status":"new"},"audit":{"id":1,"events":[{"id":101,"type":"Comment"},{"id":102,"type":"Create"}]}}`
)

func userEffect() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectUser}}
}

// unknown is a thread whose contact Zendesk does not know yet.
func unknown() conversation.Thread {
	t := fresh()
	t.Contact.Zendesk = 0
	return t
}

// fresh is a thread whose ticket is not there yet.
func fresh() conversation.Thread {
	t := open()
	t.Conversation.Ticket = conversation.Ticket{}
	return t
}

func createEffect() conversation.Pending {
	p := customerComment()
	p.Effect.ID, p.Effect.Kind = "2", conversation.EffectCreate
	return p
}

func TestUser(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		contact conversation.Contact
		want    object
	}{
		{
			"whole",
			conversation.Contact{ID: "c1", Name: "Ana", Username: "ana.b", WaID: "5511987654321", UserID: "BR.1"},
			object{"name": "Ana", "external_id": "ponte-c1", "phone": "+5511987654321", "skip_verify_email": true},
		},
		{
			"without a name or phone",
			conversation.Contact{ID: "c1", Username: "ana.b", UserID: "BR.1"},
			object{"name": "ana.b", "external_id": "ponte-c1", "skip_verify_email": true},
		},
		{
			"nameless",
			conversation.Contact{ID: "c1", UserID: "BR.1"},
			object{"name": "Cliente do WhatsApp", "external_id": "ponte-c1", "skip_verify_email": true},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(upsertRoute, says(201, `{"user":{"id":70,"role":"end-user"}}`))
			th := unknown()
			th.Contact = tt.contact
			r.same("user", r.done(r.try(th, userEffect())).User, int64(70))
			r.same("body", r.desk.last("POST").Body, object{"user": tt.want})
			r.same("marks", r.marks, []bool(nil))
		})
	}
}

// TestUserWhosePhoneIsTaken wants a phone that somebody else has to be left out.
func TestUserWhosePhoneIsTaken(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(upsertRoute, says(422, `{"error":"RecordInvalid"}`), says(200, `{"user":{"id":70}}`))
	r.same("user", r.done(r.try(unknown(), userEffect())).User, int64(70))
	r.same("body", r.desk.last("POST").Body, object{"user": object{"name": "Ana", "external_id": "ponte-c1", "skip_verify_email": true}})
}

func TestCreate(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(createRoute, says(201, created))
	r.set.Subject, r.set.Tags = "Atendimento", []string{"whatsapp", "matriz"}
	got := r.done(r.try(fresh(), createEffect()))
	r.same("ticket", got.Ticket, wrote("new", 101))
	req := r.desk.last("POST")
	r.same("body", req.Body, object{"ticket": object{
		"subject": "Atendimento", "external_id": session, "requester_id": 7.0, "tags": []any{"whatsapp", "matriz"},
		"comment":  object{"body": "oi\n\ntudo bem?", "public": true, "author_id": 7.0},
		"metadata": object{"ponte_effect": session + "#2", "ponte_messages": []any{"wamid.1", "wamid.2"}},
	}})
	r.same("key", req.Header.Get("Idempotency-Key"), session+"#2")
	r.same("authorization", req.Header.Get("Authorization"), "Bearer demo")
	r.same("marks", r.marks, []bool{false})
	r.same("bound", r.tickets.bound, map[int64]string{11: thread})
}

// TestCreateFollowUp wants the follow-up of a closed ticket to say whose it is, and a note to carry no author and no messages.
func TestCreateFollowUp(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(createRoute, says(201, created))
	th, p := fresh(), createEffect()
	th.Conversation.Ticket.FollowUp = 9
	p.Effect.Comment = &conversation.Comment{Author: conversation.AuthorPonte, Lines: []conversation.Line{{Text: "nota"}}}
	r.done(r.try(th, p))
	r.same("body", r.desk.last("POST").Body, object{"ticket": object{
		"subject": "Atendimento iniciado via WhatsApp", "external_id": session, "requester_id": 7.0, "tags": []any{"whatsapp"},
		"comment":  object{"body": "nota", "public": false},
		"metadata": object{"ponte_effect": session + "#2"}, "via_followup_source_id": 9.0,
	}})
}

// TestCreateForNobody wants a customer's words not to be published as those of the integration user.
func TestCreateForNobody(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(createRoute, says(201, created))
	r.done(r.try(unknown(), createEffect()))
	ticket, _ := r.desk.last("POST").Body["ticket"].(object)
	r.same("comment", ticket["comment"], any(object{"body": "oi\n\ntudo bem?", "public": false}))
	if _, there := ticket["requester_id"]; there {
		t.Error("a requester was named")
	}
}

// TestCreateWithoutAudit reads the first comment when the answer does not tell it.
func TestCreateWithoutAudit(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(createRoute, says(201, `{"ticket":{"id":11,"status":"new"}}`))
	r.desk.on(commentsRoute, says(200, `{"comments":[{"id":105},{"id":101},{"id":109}]}`))
	r.same("comments", r.done(r.try(fresh(), createEffect())).Ticket.Comments, []int64{101})

	r.desk.on(commentsRoute, says(500, `{}`))
	r.unsure(r.try(fresh(), createEffect()), settle) // a repeat brings the same ticket
}

// TestCreateAgain is what happens after an uncertain creation, by its age.
func TestCreateAgain(t *testing.T) {
	t.Parallel()
	ours := `{"tickets":[{"id":9,"status":"closed"},{"id":12,"status":"open"}]}`
	tests := []struct {
		name   string
		sent   time.Time // of the last attempt
		first  time.Time // of the words
		list   string
		calls  []string
		ticket int64
	}{
		{"still settling", at(-14), at(-14), "", nil, 0},
		{"within the key's life", at(-15), at(-15), "", []string{createRoute}, 11},
		{"just within the key's life", at(-110 * 60), at(-110 * 60), "", []string{createRoute}, 11},
		{"after it: found", at(-110*60 - 1), at(-110*60 - 1), ours, []string{listRoute, "GET /api/v2/tickets/12/comments"}, 12},
		{"after it: absent", at(-110*60 - 1), at(-110*60 - 1), `{"tickets":[]}`, []string{listRoute, createRoute}, 11},
		{"after it: only the one it follows", at(-110*60 - 1), at(-110*60 - 1), `{"tickets":[{"id":9}]}`, []string{listRoute, createRoute}, 11},
		// The key's life counts from the first attempt, not from the last repeat.
		{"repeated until after it", at(-20), at(-110*60 - 1), ours, []string{listRoute, "GET /api/v2/tickets/12/comments"}, 12},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(createRoute, says(201, created, "X-Idempotency-Lookup", "hit"))
			r.desk.on(listRoute, says(200, tt.list))
			r.desk.on("GET /api/v2/tickets/12/comments", says(200, `{"comments":[{"id":121}]}`))
			th, p := fresh(), unsure(createEffect(), tt.sent)
			th.Conversation.Ticket.FollowUp = 9
			p.Effect.Comment.First = tt.first
			got := r.try(th, p)
			r.same("calls", r.desk.calls(), tt.calls)
			if tt.ticket == 0 {
				r.unsure(got, time.Second)
				r.same("free", got.Free, true)
				return
			}
			r.same("ticket", r.done(got).Ticket.ID, tt.ticket)
			r.same("bound", r.tickets.bound, map[int64]string{tt.ticket: thread})
			for _, req := range r.desk.seen {
				if req.Method == "POST" && req.Header.Get("Idempotency-Key") != session+"#2" {
					t.Errorf("another key: %q", req.Header.Get("Idempotency-Key"))
				}
				if req.Path == "/api/v2/tickets" && req.Method == "GET" {
					r.same("query", req.Query, url.Values{"external_id": {session}, "page[size]": {"100"}})
				}
			}
		})
	}
}

// TestCreateLookUpFails wants a creation whose look-up fails to wait, unsure, with nothing written.
func TestCreateLookUpFails(t *testing.T) {
	t.Parallel()
	tests := map[string]func(r *rig){
		"list":    func(r *rig) { r.desk.on(listRoute, says(500, `{}`)) },
		"comment": func(r *rig) { r.desk.on(commentsRoute, says(500, `{}`)) },
	}
	for name, breaks := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(listRoute, says(200, `{"tickets":[{"id":11}]}`))
			breaks(r)
			r.unsure(r.try(fresh(), unsure(createEffect(), at(-7000))), 2*time.Second)
			r.same("marks", r.marks, []bool(nil))
		})
	}
	t.Run("limited", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(listRoute, says(429, `{}`, "Retry-After", "50"))
		r.unsure(r.try(fresh(), unsure(createEffect(), at(-7000))), 50*time.Second)
	})
}

// TestCreateWithAnotherBody wants the ticket of a key that was used with other words to be found by its external id.
func TestCreateWithAnotherBody(t *testing.T) {
	t.Parallel()
	refusal := says(400, `{"error":"IdempotentRequestError","description":"Request parameters don't match the given idempotency key"}`)
	t.Run("found", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(createRoute, refusal)
		r.desk.on(listRoute, says(200, `{"tickets":[{"id":11,"status":"open"}]}`))
		r.desk.on(commentsRoute, says(200, `{"comments":[{"id":101}]}`))
		got := r.done(r.try(fresh(), unsure(createEffect(), at(-60))))
		r.same("ticket", got.Ticket, wrote("open", 101))
	})
	t.Run("absent", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(createRoute, refusal)
		r.desk.on(listRoute, says(200, `{"tickets":[]}`))
		r.failed(r.try(fresh(), unsure(createEffect(), at(-60))), "")
	})
	t.Run("look-up fails", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(createRoute, refusal)
		r.desk.on(listRoute, says(503, `{}`))
		r.unsure(r.try(fresh(), unsure(createEffect(), at(-60))), 2*time.Second)
	})
}

// TestCreateStaysUnsure wants an uncertain creation to stay so when its repeat certainly did nothing.
func TestCreateStaysUnsure(t *testing.T) {
	t.Parallel()
	p := unsure(createEffect(), at(-60))
	tests := map[string]struct {
		prepare func(r *rig)
		wait    time.Duration
	}{
		"limited": {func(r *rig) { r.desk.on(createRoute, says(429, `{}`, "Retry-After", "30")) }, 30 * time.Second},
		"role":    {func(r *rig) { r.desk.on(createRoute, says(403, `{}`)) }, time.Minute},
		"budget":  {func(r *rig) { r.budget.at = at(9) }, 9 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.prepare(r)
			got := r.try(fresh(), p)
			r.unsure(got, tt.wait)
			if !got.SentAt.IsZero() {
				t.Errorf("sent at %v: nothing was", got.SentAt)
			}
		})
	}
	t.Run("journal", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.markErr = errBroken
		r.same("outcome", r.try(fresh(), p).Outcome, conversation.Unsure)
		r.silent()
	})
}

// TestCreateUnbound wants a ticket whose thread could not be remembered to be asked for again: the key brings the same one.
func TestCreateUnbound(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(createRoute, says(201, created))
	r.tickets.err = errBroken
	got := r.try(fresh(), createEffect())
	r.unsure(got, settle)
	r.same("sent", got.SentAt, r.now)
}

// TestCreateBecomesComment wants the words of a creation to go onto a ticket that is there meanwhile.
func TestCreateBecomesComment(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(updateRoute, says(200, updated))
	r.same("comments", r.done(r.try(open(), createEffect())).Ticket.Comments, []int64{201})
	r.same("calls", r.desk.calls(), []string{updateRoute})
}
