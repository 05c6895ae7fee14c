package effects_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

const linkMark = session + "#6"

// linking is the wish for messages of the session on ticket 11.
func linking(l conversation.Link) conversation.Pending {
	l.Session, l.Origin, l.By, l.First = session, 9, conversation.Agent{ID: 8, Name: "João <b>"}, at(-1)
	return conversation.Pending{Effect: conversation.Effect{ID: "6", Kind: conversation.EffectLink, Link: &l}}
}

// spoken is a conversation with two messages, a note and two lines of its timeline.
func (r *rig) spoken() {
	r.boxes.keeps(r.T, thread, session,
		conversation.Entry{At: at(-7200), State: conversation.StateQueued, Reason: "customer writes"},
		conversation.Entry{At: at(-7200), Author: conversation.AuthorCustomer, Message: "wamid.1", Type: "text", Text: "Meu CPF é 529.982.247-25"},
		conversation.Entry{At: at(-600), Author: conversation.AuthorAgent, Who: "João", Effect: "4", Type: "document", Text: "segue", File: &conversation.File{ID: "up-1", Kind: "document", Name: "nota.pdf"}},
		conversation.Entry{At: at(-500), Author: conversation.AuthorAgent, Who: "João", Type: "note", Text: "ver com o N2", Private: true},
		conversation.Entry{At: at(-400), Author: conversation.AuthorPonte, Type: "tags", Text: "Etiquetas incluídas: vip"},
	)
}

// words is the comment that was written.
func (r *rig) words(method string) (html string) {
	r.Helper()
	c, _ := r.written(method)["comment"].(object)
	r.same("public", c["public"], any(false))
	r.same("in nobody else's name", c["author_id"], any(nil))
	html, _ = c["html_body"].(string)
	return html
}

// TestLink wants the chosen messages on the ticket as one internal comment of Ponte's that says where they come from.
func TestLink(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		link     conversation.Link
		count    int
		has, not []string
	}{
		"chosen ones": {
			conversation.Link{Messages: []string{"wamid.1", "l3", "l4"}},
			2,
			[]string{"2 mensagens da conversa " + session + " (ticket #9), por João &lt;b&gt;.", "Meu CPF é", "ver com o N2"},
			[]string{"nota.pdf", "Etiquetas"},
		},
		"one with a file": {conversation.Link{Messages: []string{"e4"}}, 1, []string{"1 mensagem da conversa", "segue", "nota.pdf"}, []string{"Meu CPF"}},
		"of the last hour": {
			conversation.Link{Since: at(-3600), Until: at(0)},
			1,
			[]string{"segue", "João"},
			[]string{"Meu CPF", "ver com o N2", "Etiquetas"},
		},
		"of some hours": {conversation.Link{Since: at(-7200), Until: at(0)}, 2, []string{"segue", "Meu CPF é"}, []string{"ver com o N2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.spoken()
			r.desk.on(updateRoute, says(200, updated))
			tt.link.Ticket = 11
			got := r.done(r.try(open(), linking(tt.link)))
			r.same("linked", got.Linked, &conversation.Linked{Ticket: 11, Count: tt.count})
			html := r.words("PUT")
			for _, w := range tt.has {
				r.same("has "+w, strings.Contains(html, w), true)
			}
			for _, w := range tt.not {
				r.same("has "+w, strings.Contains(html, w), false)
			}
			r.without("ticket", r.written("PUT"), object{"metadata": object{"ponte_effect": linkMark}}, "comment")
			r.same("calls", r.desk.calls(), []string{updateRoute})
			r.same("budget", r.budget.asks, []ask{{thread + "#6", zendesk.LaneMirror, zendesk.Cost{Requests: 2, Update: 11}}})
			r.same("marks", r.marks, []bool{false})
		})
	}
}

// TestLinkMasked wants what settings hide hidden there too.
func TestLinkMasked(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set.Mask.CPF = true
	r.spoken()
	r.desk.on(updateRoute, says(200, updated))
	r.done(r.try(open(), linking(conversation.Link{Ticket: 11, Messages: []string{"wamid.1"}})))
	r.same("hidden", strings.Contains(r.words("PUT"), "529.982"), false)
}

// TestLinkLong wants messages that fill no comment whole in a file.
func TestLinkLong(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.boxes.keeps(t, thread, session,
		conversation.Entry{At: at(-9), Author: conversation.AuthorCustomer, Message: "wamid.1", Type: "text", Text: strings.Repeat("a ", 20_000) + "fim"},
		conversation.Entry{At: at(-8), Author: conversation.AuthorCustomer, Message: "wamid.2", Type: "text", Text: strings.Repeat("b ", 20_000) + "fim"})
	r.desk.on(uploadsRoute, says(201, `{"upload":{"token":"whole"}}`))
	r.desk.on(updateRoute, says(200, updated))
	r.done(r.try(open(), linking(conversation.Link{Ticket: 11, Since: at(-60), Until: at(0)})))
	c, _ := r.written("PUT")["comment"].(object)
	r.same("uploads", c["uploads"], any([]any{"whole"}))
	html, _ := c["html_body"].(string)
	r.same("fits", len(html) <= conversation.MostCommentBytes && strings.HasPrefix(html, "<p>Mensagens vinculadas"), true)
	r.same("whole", strings.Count(string(r.desk.last("POST").Raw), "fim"), 2)
}

// TestLinkUnsure wants an uncertain copy looked for, and repeated only when it is certainly not there.
func TestLinkUnsure(t *testing.T) {
	t.Parallel()
	look := []string{showRoute, auditsRoute}
	again := []string{showRoute, auditsRoute, updateRoute}
	for name, tt := range map[string]struct {
		sent    time.Time
		prepare func(r *rig)
		calls   []string
		check   func(r *rig, got conversation.Result)
	}{
		"settling": {at(-14), func(*rig) {}, nil, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
		"found": {at(-15), func(r *rig) { r.desk.on(auditsRoute, audits("other#6", linkMark)) }, look, func(r *rig, got conversation.Result) {
			r.same("linked", r.done(got).Linked, &conversation.Linked{Ticket: 11, Count: 1})
		}},
		"absent": {at(-15), func(*rig) {}, again, func(r *rig, got conversation.Result) {
			r.done(got)
			r.same("safe", []any{r.written("PUT")["safe_update"], r.written("PUT")["updated_stamp"]}, []any{true, "2026-03-02T08:59:40Z"})
			r.same("marks", r.marks, []bool{true})
		}},
		"absent, changed since":   {at(-15), func(r *rig) { r.desk.on(updateRoute, says(409, `{"error":"UpdateConflict"}`)) }, again, func(r *rig, got conversation.Result) { r.unsure(got, 2*time.Second) }},
		"absent, uncertain again": {at(-15), func(r *rig) { r.desk.on(updateRoute, cut) }, again, func(r *rig, got conversation.Result) { r.unsure(got, settle) }},
		"absent, limited":         {at(-15), func(r *rig) { r.desk.on(updateRoute, says(429, `{}`, "Retry-After", "90")) }, again, func(r *rig, got conversation.Result) { r.unsure(got, 90*time.Second) }},
		"absent, no journal":      {at(-15), func(r *rig) { r.markErr = errBroken }, look, func(r *rig, got conversation.Result) { r.same("outcome", got.Outcome, conversation.Unsure) }},
		"absent, no transcript":   {at(-15), func(r *rig) { r.boxes.err = errBroken }, look, func(r *rig, got conversation.Result) { r.same("outcome", got.Outcome, conversation.Unsure) }},
		"the ticket is gone":      {at(-15), func(r *rig) { r.desk.on(showRoute, says(404, `{}`)) }, look[:1], func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketGone) }},
		"the ticket is not read":  {at(-15), func(r *rig) { r.desk.on(showRoute, says(500, `{}`)) }, nil, func(r *rig, got conversation.Result) { r.unsure(got, 2*time.Second) }},
		"its audits are not read": {at(-15), func(r *rig) { r.desk.on(auditsRoute, says(403, `{}`)) }, look, func(r *rig, got conversation.Result) { r.unsure(got, 2*time.Second) }},
		"no budget for that":      {at(-15), func(r *rig) { r.budget.at = at(33) }, nil, func(r *rig, got conversation.Result) { r.unsure(got, 33*time.Second) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.spoken()
			r.desk.on(showRoute, says(200, shown))
			r.desk.on(auditsRoute, audits("other#6"))
			r.desk.on(updateRoute, says(200, updated))
			tt.prepare(r)
			tt.check(r, r.try(open(), unsure(linking(conversation.Link{Ticket: 11, Messages: []string{"e4"}}), tt.sent)))
			if tt.calls != nil {
				r.same("calls", r.desk.calls(), tt.calls)
			}
		})
	}
}

// TestLinkRefused is what Zendesk or the conversation does not have.
func TestLinkRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		link   conversation.Link
		code   string
	}{
		"closed":          {says(422, `{"error":"RecordInvalid","description":"ticket is closed"}`), conversation.Link{Messages: []string{"e4"}}, conversation.CodeTicketClosed},
		"gone":            {says(404, `{}`), conversation.Link{Messages: []string{"e4"}}, conversation.CodeTicketGone},
		"invalid":         {says(422, `{"error":"RecordInvalid"}`), conversation.Link{Messages: []string{"e4"}}, ""},
		"unknown message": {nil, conversation.Link{Messages: []string{"e5"}}, conversation.CodeNothing},
		"nothing then":    {nil, conversation.Link{Since: at(-60), Until: at(0)}, conversation.CodeNothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.spoken()
			if tt.answer != nil {
				r.desk.on(updateRoute, tt.answer)
			}
			tt.link.Ticket = 11
			r.failed(r.try(open(), linking(tt.link)), tt.code)
		})
	}
	r := setup(t)
	r.spoken()
	r.desk.on(updateRoute, cut)
	r.unsure(r.try(open(), linking(conversation.Link{Ticket: 11, Messages: []string{"e4"}})), settle)
	r = setup(t)
	r.boxes.err = errBroken
	r.later(r.try(open(), linking(conversation.Link{Ticket: 11, Messages: []string{"e4"}})), 800*time.Millisecond, time.Second)
	r = setup(t)
	r.budget.at = at(9)
	r.later(r.try(open(), linking(conversation.Link{Ticket: 11, Messages: []string{"e4"}})), 9*time.Second, 9*time.Second)
	r.silent()
}

// TestLinkNew wants a new ticket of the same customer with the messages, made once, that is no conversation's.
func TestLinkNew(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.spoken()
	r.desk.on(createRoute, says(201, `{"ticket":{"id":90,"status":"new"},"audit":{"id":1,"events":[{"id":101,"type":"Comment"}]}}`))
	th := belonging()
	th.Conversation.Procedure.Requester, th.Conversation.Procedure.Email = 6, "ana@example.com"
	got := r.done(r.try(th, linking(conversation.Link{Subject: "Nota", Messages: []string{"e4"}})))
	r.same("linked", got.Linked, &conversation.Linked{Ticket: 90, Count: 1, New: true})
	r.same("says", strings.Contains(r.words("POST"), "segue"), true)
	r.without("ticket", r.written("POST"), object{
		"subject": "Nota", "requester_id": 6.0, "organization_id": 40.0, "group_id": 70.0, "tags": []any{"whatsapp_vinculado"},
		"email_ccs":   []any{object{"user_email": "ana@example.com", "action": "put"}},
		"external_id": "ponte-link:" + linkMark, "metadata": object{"ponte_effect": linkMark},
	}, "comment")
	r.same("key", r.desk.last("POST").Header.Get("Idempotency-Key"), linkMark)
	r.same("marks", r.marks, []bool{false})
	r.same("nothing is bound", r.tickets.bound, map[int64]string{})
	if key, ok := conversation.ThreadOfSession("ponte-link:" + linkMark); ok {
		t.Errorf("its external id is that of the thread %s", key)
	}
}

// TestLinkNewUnsure wants a creation repeated under its key, and looked for when the key may be forgotten or the words are others.
func TestLinkNewUnsure(t *testing.T) {
	t.Parallel()
	const listed = `{"tickets":[{"id":90,"status":"new"}]}`
	other := says(400, `{"error":"IdempotentRequestError"}`)
	made := says(201, `{"ticket":{"id":90,"status":"new"}}`)
	for name, tt := range map[string]struct {
		first  time.Time
		sent   time.Time
		create http.HandlerFunc
		list   string
		calls  []string
		done   bool
	}{
		"settling":            {at(-20), at(-10), made, listed, []string{}, false},
		"again":               {at(-30), at(-20), made, listed, []string{createRoute}, true},
		"with other words":    {at(-30), at(-20), other, listed, []string{createRoute, listRoute}, true},
		"hours later, found":  {at(-9000), at(-20), made, listed, []string{listRoute}, true},
		"hours later, absent": {at(-9000), at(-20), made, `{"tickets":[]}`, []string{listRoute, createRoute}, true},
		"uncertain once more": {at(-30), at(-20), cut, listed, []string{createRoute}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.spoken()
			r.desk.on(createRoute, tt.create)
			r.desk.on(listRoute, says(200, tt.list))
			p := unsure(linking(conversation.Link{Subject: "Nota", Messages: []string{"e4"}}), tt.sent)
			p.Effect.Link.First = tt.first
			got := r.try(open(), p)
			r.same("calls", r.desk.calls(), tt.calls)
			if !tt.done {
				r.same("outcome", got.Outcome, conversation.Unsure)
				return
			}
			r.same("linked", r.done(got).Linked, &conversation.Linked{Ticket: 90, Count: 1, New: true})
		})
	}
}
