package effects_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

func look(ticket bool) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "3", Kind: conversation.EffectAudit, Look: &conversation.AuditLook{Ticket: ticket}}}
}

// talk is a conversation with two lines in its transcript, of which the thread has heard.
func (r *rig) talk() conversation.Thread {
	t := open()
	t.Conversation.Lines = 2
	r.boxes.keeps(r.T, thread, session,
		conversation.Entry{At: at(-60), Author: conversation.AuthorCustomer, Message: "m1", Text: "oi"},
		conversation.Entry{At: at(-30), Author: conversation.AuthorAgent, Agent: 8, Effect: "1", Text: "bom dia"})
	return t
}

// lines are the texts that a look saw.
func lines(seen *conversation.AuditSeen) (texts []string) {
	for _, e := range seen.Entries {
		texts = append(texts, e.Text)
	}
	return texts
}

func TestAuditReadsTheTranscript(t *testing.T) {
	t.Parallel()
	r := setup(t)
	got := r.done(r.try(r.talk(), look(false))).Audit
	r.same("lines", lines(got), []string{"oi", "bom dia"})
	r.same("seen", *got, conversation.AuditSeen{Session: session, Lines: 2, Entries: got.Entries})
	r.silent()
	r.same("asked for", r.budget.asks, []ask(nil))

	r.same("of nobody", r.done(r.try(conversation.NewThread("100", "c1"), look(true))).Audit, &conversation.AuditSeen{Look: conversation.AuditLook{Ticket: true}})
	without := r.talk()
	without.Conversation.Ticket = conversation.Ticket{}
	r.done(r.try(without, look(true)))
	r.silent()
	r.boxes.err = errBroken
	r.later(r.try(r.talk(), look(true)), 800*time.Millisecond, time.Second)
	r.silent()
}

const (
	// catalogueField is a drop-down, and a field of text under another name.
	catalogueField = `{"ticket_fields":[
	 {"id":501,"type":"tagger","title":"Catálogo","active":true,"removable":true,"custom_field_options":[{"id":1,"name":"A::B::Nota","value":"a_b_nota"}]},
	 {"id":502,"type":"text","title":"Assunto do serviço","active":true,"removable":true}]}`
	twoGroups = `{"groups":[{"id":70,"name":"Suporte N1"},{"id":71,"name":"Suporte N2"}]}`
	// audited is ticket 11 with a value in the drop-down, at the second level.
	audited = `{"ticket":{"id":11,"status":"new","subject":"Ajuda","group_id":71,"assignee_id":null,"organization_id":40,"tags":["a"],
	 "updated_at":"2026-03-02T08:59:40Z","custom_fields":[{"id":501,"value":"a_b_nota"},{"id":502,"value":"Nota fiscal"}]}}`
)

// desked answers for the account's fields and groups, which settings name.
func (r *rig) desked() {
	r.set.Desk = settings.Desk{N2: "suporte n2", Fields: settings.TicketFields{Catalogue: "Catálogo"}}
	r.desk.on(fieldsRoute, says(200, catalogueField))
	r.desk.on(groupsRoute, says(200, twoGroups))
}

func TestAuditReadsTheTicket(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desked()
	r.desk.on(showRoute, says(200, audited))
	got := r.done(r.try(r.talk(), look(true))).Audit
	r.same("lines", lines(got), []string{"oi", "bom dia"})
	group, nobody, organization := int64(71), int64(0), int64(40)
	r.same("seen", *got, conversation.AuditSeen{
		Look: conversation.AuditLook{Ticket: true}, Session: session, Lines: 2, Entries: got.Entries, Catalogue: "A::B::Nota", N2: true, UpdatedAt: at(-20),
		Facts: conversation.Facts{
			Status: "new", Subject: "Ajuda", Group: &group, GroupName: "Suporte N2", Assignee: &nobody, Organization: &organization, Tags: []string{"a"}, TagsKnown: true,
		},
	})
	r.same("asked for", r.budget.asks, []ask{{thread + "#3", zendesk.LaneAudit, zendesk.Cost{Requests: 1}}})
	r.same("requests", r.desk.calls(), []string{showRoute, fieldsRoute, groupsRoute})
	r.done(r.try(r.talk(), look(true)))
	r.same("one request the next time", r.desk.calls()[3:], []string{showRoute})
}

// TestAuditReadsTheCatalogue wants the field's value as people read it, whatever kind of field it is.
func TestAuditReadsTheCatalogue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, field, ticket, want string
	}{
		{"drop-down", "Catálogo", `{"id":501,"value":"a_b_nota"}`, "A::B::Nota"},
		{"by id", "501", `{"id":501,"value":"a_b_nota"}`, "A::B::Nota"},
		{"an option that is gone", "501", `{"id":501,"value":"old_tag"}`, "old_tag"},
		{"text", "Assunto do serviço", `{"id":502,"value":"Nota fiscal"}`, "Nota fiscal"},
		{"empty", "Catálogo", `{"id":501,"value":null}`, ""},
		{"no such field", "Nada", `{"id":501,"value":"a_b_nota"}`, ""},
		{"none is named", "", `{"id":501,"value":"a_b_nota"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desked()
			r.set.Desk.Fields.Catalogue = tt.field
			r.desk.on(showRoute, says(200, `{"ticket":{"id":11,"status":"open","group_id":70,"custom_fields":[`+tt.ticket+`]}}`))
			got := r.done(r.try(r.talk(), look(true))).Audit
			if got.Catalogue != tt.want || got.N2 {
				t.Errorf("catalogue %q, at the second level: %v; want %q", got.Catalogue, got.N2, tt.want)
			}
		})
	}
}

func TestAuditOfATicketThatIsGone(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desked()
	r.desk.on(showRoute, says(404, `{"error":"RecordNotFound"}`))
	got := r.done(r.try(r.talk(), look(true))).Audit
	if !got.Gone || got.Session != session || got.Lines != 2 {
		t.Errorf("seen: %+v", got)
	}
}

func TestAuditFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare     func(r *rig)
		least, most time.Duration
	}{
		"server":    {func(r *rig) { r.desk.on(showRoute, says(500, `{}`)) }, 800 * time.Millisecond, time.Second},
		"limited":   {func(r *rig) { r.desk.on(showRoute, says(429, `{}`, "Retry-After", "9")) }, 9 * time.Second, 9 * time.Second},
		"no scope":  {func(r *rig) { r.desk.on(showRoute, says(403, `{}`)) }, time.Minute, time.Minute},
		"no fields": {func(r *rig) { r.desk.on(fieldsRoute, says(503, `{}`)) }, 800 * time.Millisecond, time.Second},
		"no groups": {func(r *rig) { r.desk.on(groupsRoute, says(503, `{}`)) }, 800 * time.Millisecond, time.Second},
		"budget":    {func(r *rig) { r.budget.at = at(6) }, 6 * time.Second, 6 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desked()
			r.desk.on(showRoute, says(200, audited))
			tt.prepare(r)
			got := r.try(r.talk(), look(true))
			r.later(got, tt.least, tt.most)
			if got.Audit != nil {
				t.Error("half a look is told")
			}
		})
	}
}
