package effects_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// TestUpdate wants what changes besides words in one update, with as few look-ups as there are things to look up.
func TestUpdate(t *testing.T) {
	t.Parallel()
	type change = conversation.Change
	catalogue := func(value string) change {
		return change{Fields: map[string]string{conversation.FieldCatalogue: value}}
	}
	own := func(properties object) object { // of a contested change
		properties["safe_update"], properties["updated_stamp"] = true, stamp
		return properties
	}
	fields := func(list ...any) object { return own(object{"custom_fields": list}) }
	closing := []string{"closing"}
	tests := []struct {
		name   string
		change change
		macros []string
		tags   []string // of the ticket
		want   object
		looks  []string // besides the update
		left   []string
	}{
		{"status and who has it", change{Status: "pending", Assignee: 8}, nil, nil, own(object{"status": "pending", "assignee_id": 8.0}), nil, nil},
		{"nobody has it", change{Unassign: true, Subject: "Nota"}, nil, nil, own(object{"assignee_id": nil, "subject": "Nota"}), nil, nil},
		{"repaired", change{Organization: 40, Requester: 6, CC: "ana@example.com"}, nil, nil, own(object{
			"organization_id": 40.0, "requester_id": 6.0, "email_ccs": []any{object{"user_email": "ana@example.com", "action": "put"}},
		}), nil, nil},
		{"a copy alone", change{CC: "ana@example.com"}, nil, nil, object{"email_ccs": []any{object{"user_email": "ana@example.com", "action": "put"}}}, nil, nil},
		{"group by name", change{Group: "suporte  n2"}, nil, nil, own(object{"group_id": 71.0}), []string{groupsRoute}, nil},
		{"group by id", change{Group: "71"}, nil, nil, own(object{"group_id": 71.0}), []string{groupsRoute}, nil},
		{"unknown group", change{Group: "Vendas", Status: "open"}, nil, nil, own(object{"status": "open"}), []string{groupsRoute}, []string{"grupo “Vendas”"}},
		{"fields", change{Fields: map[string]string{conversation.FieldSession: session, conversation.FieldCNPJ: " 1 ", conversation.FieldLink: "no such setting", conversation.FieldExpected: " "}}, nil, nil, fields(field(501, "1"), field(502, session)), []string{fieldsRoute}, nil},
		{"an option by its tag", catalogue("abandono_de_chat"), nil, nil, fields(field(504, "abandono_de_chat")), []string{fieldsRoute}, nil},
		{"by its name", catalogue("Distribuição::Linha Winthor::99::007::Abandono de chat"), nil, nil, fields(field(504, "abandono_de_chat")), []string{fieldsRoute}, nil},
		{"with >>", catalogue("Distribuição>>Linha Winthor>>99>>007>>Abandono de chat"), nil, nil, fields(field(504, "abandono_de_chat")), []string{fieldsRoute}, nil},
		{"with >", catalogue("distribuição > linha winthor > 99 > 007 > abandono de chat"), nil, nil, fields(field(504, "abandono_de_chat")), []string{fieldsRoute}, nil},
		{"with blanks", catalogue("Distribuição  Linha Winthor 99 007 Abandono de chat"), nil, nil, fields(field(504, "abandono_de_chat")), []string{fieldsRoute}, nil},
		{
			"unknown option",
			change{Subject: "x", Fields: map[string]string{conversation.FieldCatalogue: "Abandono"}},
			nil, nil, own(object{"subject": "x"}),
			[]string{fieldsRoute},
			[]string{"“Abandono” em “Catálogo de serviços”"},
		},
		{"tags", change{Tags: []string{"a", "vip", "a"}}, nil, []string{"vip"}, own(object{"tags": []any{"vip", "a"}}), nil, nil},
		{"tags taken off", change{Tags: []string{"b"}, Untags: []string{"a", "z"}}, nil, []string{"a", "vip"}, own(object{"tags": []any{"vip", "b"}}), nil, nil},
		{"the last tag taken off", change{Untags: []string{"vip"}}, nil, []string{"vip"}, own(object{"tags": []any{}}), nil, nil},
		{"taken off after a macro", change{Roles: closing, Untags: []string{"fim"}}, []string{macro(5, "Encerrar", "current_tags", `"fim x"`)}, []string{"vip"}, own(object{"tags": []any{"vip", "x"}}), []string{macrosRoute}, nil},
		{"tags that are there", change{Tags: []string{"vip"}, Status: "open"}, nil, []string{"vip"}, own(object{"status": "open"}), nil, nil},
		{"a macro", change{Roles: closing}, []string{macro(5, "Encerrar",
			"status", `"solved"`, "subject", `"Do macro"`, "group_id", `"70"`, "assignee_id", `""`, "priority", `"high"`, "current_tags", `"fim vip"`, "remove_tags", `"fila"`,
			"custom_fields_504", `"z_outros"`, "cc", `"31"`, "ticket_form_id", `"3"`)}, []string{"fila", "vip"}, own(object{
			"status": "solved", "subject": "Do macro", "group_id": 70.0, "assignee_id": nil, "priority": "high", "tags": []any{"vip", "fim"}, "ticket_form_id": 3.0,
			"custom_fields": []any{field(504, "z_outros")}, "email_ccs": []any{object{"user_id": 31.0, "action": "put"}},
		}), []string{macrosRoute}, nil},
		{
			"and our own over it",
			change{
				Roles: closing, Status: "open", Subject: "Nota", Group: "Suporte N2", Assignee: 9, CC: "a@b.c", Tags: []string{"x"},
				Fields: map[string]string{conversation.FieldCatalogue: "abandono_de_chat"},
			},
			[]string{macro(5, "encerrar",
				"status", `"solved"`, "subject", `"Do macro"`, "group_id", `"70"`, "assignee_id", `"1"`, "custom_fields_504", `"z_outros"`, "custom_fields_900", `true`, "cc", `"31"`)},
			nil, own(object{
				"status": "open", "subject": "Nota", "group_id": 71.0, "assignee_id": 9.0, "tags": []any{"x", "abandono_de_chat"},
				"custom_fields": []any{field(504, "abandono_de_chat"), field(900, true)},
				"email_ccs":     []any{object{"user_id": 31.0, "action": "put"}, object{"user_email": "a@b.c", "action": "put"}},
			}),
			[]string{macrosRoute, fieldsRoute, groupsRoute},
			nil,
		},
		{"a status of the account gives way", change{Roles: closing, Status: "solved"}, []string{macro(5, "Encerrar", "custom_status_id", `"77"`)}, nil, own(object{"status": "solved"}), []string{macrosRoute}, nil},
		{"several macros in their order", change{Roles: []string{"n2", "transfer", "n2"}}, []string{
			macro(8, "Para o N2", "status", `"open"`, "set_tags", `"n2 a"`), macro(9, "Transferir", "status", `"hold"`, "remove_tags", `"a"`),
		}, []string{"old"}, own(object{"status": "open", "tags": []any{"n2", "a"}}), []string{macrosRoute}, nil},
		{"of another option the tag goes", change{Roles: closing, Fields: map[string]string{conversation.FieldCatalogue: "z_outros"}}, []string{
			macro(5, "Encerrar", "current_tags", `"fim"`),
		}, []string{"abandono_de_chat", "vip"}, own(object{"tags": []any{"vip", "fim", "z_outros"}, "custom_fields": []any{field(504, "z_outros")}}), []string{macrosRoute, fieldsRoute}, nil},
		{"all tags go", change{Roles: closing}, []string{macro(5, "Encerrar", "remove_tags", `"vip"`)}, []string{"vip"}, own(object{"tags": []any{}}), []string{macrosRoute}, nil},
		{"unknown macro", change{Roles: closing, Status: "solved"}, []string{macro(6, "Outra")}, nil, own(object{"status": "solved"}), []string{macrosRoute}, []string{"macro “Encerrar”"}},
		{"a role without a macro", change{Roles: []string{"financial_pending", "of a newer version"}, Status: "solved"}, nil, nil, own(object{"status": "solved"}), nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.macros(tt.macros...)
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			got := r.done(r.try(known(tt.tags...), changing(tt.change)))
			tt.want["metadata"] = object{"ponte_effect": session + "#3"}
			r.same("ticket", r.written("PUT"), tt.want)
			r.same("calls", r.desk.calls(), append(tt.looks, updateRoute))
			r.same("left", got.Notes, tt.left)
			result := since(&conversation.TicketResult{ID: 11, Status: "open", Comments: []int64{201}, Facts: factsOf()}, at(-30))
			if _, insisted := tt.want["safe_update"]; insisted {
				result.After = at(-30)
			}
			r.same("result", got.Ticket, result)
			r.same("asked", r.budget.asks, []ask{{thread + "#3", zendesk.LaneMirror, zendesk.Cost{Requests: 1, Update: 11}}})
			r.same("marks", r.marks, []bool{false})
		})
	}
}

// TestMacroThatZendeskApplies wants a macro that says what only Zendesk knows to be asked for there, and one that is gone or refused to be
// left out.
func TestMacroThatZendeskApplies(t *testing.T) {
	t.Parallel()
	const applyRoute = "GET /api/v2/tickets/11/macros/5/apply"
	tests := map[string]struct {
		answer http.HandlerFunc
		want   object
		left   []string
	}{
		"applied": {says(200, `{"result":{"ticket":{"id":11,"subject":"Nota de sexta","status":"open"}}}`), object{"subject": "Nota de sexta"}, nil},
		"gone":    {says(404, `{"error":"RecordNotFound"}`), object{}, []string{"macro “Encerrar”"}},
		"refused": {says(422, `{"error":"RecordInvalid"}`), object{}, []string{"macro “Encerrar”"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.macros(macro(5, "Encerrar", "subject", `"Nota de {{ticket.created_at}}"`))
			r.desk.on(applyRoute, tt.answer)
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			got := r.done(r.try(known(), changing(conversation.Change{Roles: []string{"closing"}, Status: "solved"})))
			r.same("calls", r.desk.calls(), []string{macrosRoute, applyRoute, updateRoute})
			tt.want["status"] = "solved"
			r.without("ticket", r.written("PUT"), tt.want, "safe_update", "updated_stamp", "metadata")
			r.same("left", got.Notes, tt.left)
		})
	}
}

// TestMacroSpeaksOfTheConversation wants a macro's placeholders to be filled in without asking Zendesk.
func TestMacroSpeaksOfTheConversation(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.macros(macro(5, "Encerrar", "comment_value",
		`"{{current_user.name}} {{ticket.id}} {{ticket.external_id}} {{ticket.organization.name}} {{ticket.requester.name}} {{ponte.atendimento}} {{ticket.title}}"`))
	r.desk.on(agentRoute, says(200, `{"user":{"id":8,"role":"agent","name":"João"}}`))
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	th := known()
	th.Conversation.Procedure.Number, th.Conversation.Procedure.Organization = "261122-001", &conversation.Organization{ID: 40, Name: "Aurora"}
	c := conversation.Change{Roles: []string{"closing"}, Agent: conversation.Agent{ID: 8}, Subject: "Nota"}
	for range 2 { // the name is looked up once
		r.done(r.try(th, changing(c)))
		r.same("comment", r.comment(), object{"body": "João 11 " + session + " Aurora Ana 261122-001 Nota", "public": false})
	}
	r.same("calls", r.desk.calls(), []string{agentRoute, macrosRoute, updateRoute, updateRoute})
}

// TestMacroWords is where a macro's own words stand, and who sees them.
func TestMacroWords(t *testing.T) {
	t.Parallel()
	const private, public = "false", "true"
	text := func(mode string) string {
		return macro(5, "Encerrar", "comment_value", `"Feito & dito\nadeus"`, "comment_mode_is_public", `"`+mode+`"`)
	}
	html := func(mode string) string {
		return macro(5, "Encerrar", "comment_value_html", `"<p>Feito</p>"`, "comment_mode_is_public", `"`+mode+`"`)
	}
	wordsOf := func(public bool) conversation.Pending {
		return commenting(conversation.Comment{Author: conversation.AuthorPonte, Public: public, Lines: []conversation.Line{{Text: "nota"}}})
	}
	update := changing(conversation.Change{})
	tests := []struct {
		name    string
		macro   string
		pending conversation.Pending
		want    object // its html_body is what a transcript begins with
	}{
		{"alone, for agents", text(private), update, object{"body": "Feito & dito\nadeus", "public": false}},
		{"alone, for the customer", text(public), update, object{"body": "Feito & dito\nadeus", "public": true}},
		{"alone, for nobody says whom", macro(5, "Encerrar", "comment_value", `"Feito"`), update, object{"body": "Feito", "public": false}},
		{"alone, as html", html(public), update, object{"html_body": "<p>Feito</p>", "public": true}},
		{"above a note", text(private), wordsOf(false), object{"body": "Feito & dito\nadeus\n\nnota", "public": false}},
		{"above a note, as html", html(private), wordsOf(false), object{"body": "Feito\n\nnota", "public": false}},
		{"a note is no customer's", text(public), wordsOf(false), object{"body": "Feito & dito\nadeus\n\nnota", "public": false}},
		{"for both to see", text(public), wordsOf(true), object{"body": "Feito & dito\nadeus\n\nnota", "public": true}},
		{"what is for agents stays theirs", text(private), wordsOf(true), object{"body": "Feito & dito\nadeus\n\nnota", "public": false}},
		{"above a private transcript", text(public), transcribing(false), object{"html_body": "<p>Feito &amp; dito<br>adeus</p><hr>", "public": false}},
		{"above a public transcript", html(public), transcribing(true), object{"html_body": "<p>Feito</p><hr>", "public": true}},
		{"for agents above a public transcript", html(private), transcribing(true), object{"html_body": "<p>Feito</p><hr>", "public": false}},
		{"a macro without words", macro(5, "Encerrar", "comment_mode_is_public", `"false"`), wordsOf(true), object{"body": "nota", "public": true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.macros(tt.macro)
			r.boxes.keeps(t, thread, session, talk()...)
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			p := tt.pending
			got := r.done(r.try(known(), along(p, conversation.Change{Roles: []string{"closing"}, Status: "solved"})))
			r.same("one update", r.desk.calls(), []string{macrosRoute, updateRoute})
			r.same("status", r.written("PUT")["status"], any("solved"))
			comment := r.comment()
			if body, ok := comment["html_body"].(string); ok && p.Effect.Comment != nil {
				begin, _ := tt.want["html_body"].(string)
				if len(body) < len(begin)+100 || body[:len(begin)] != begin {
					t.Errorf("the transcript is not below the macro's words: %.200s", body)
				}
				comment["html_body"] = begin
			}
			r.same("comment", comment, tt.want)
			r.same("comments", got.Ticket.Comments, []int64{201})
		})
	}
}

// TestWordsAndChange wants the customer's words and what changes with them in one update, in the customer's name.
func TestWordsAndChange(t *testing.T) {
	t.Parallel()
	words := object{"body": "oi\n\ntudo bem?", "public": true, "author_id": 7.0}
	tests := []struct {
		name   string
		status string
		change conversation.Change
		want   object
	}{
		{"nothing of weight", "open", conversation.Change{CC: "a@b.c"}, object{"comment": words, "email_ccs": []any{object{"user_email": "a@b.c", "action": "put"}}}},
		{"nothing left", "open", conversation.Change{}, object{"comment": words}},
		{"the customer's words open it", "pending", conversation.Change{Assignee: 9}, object{"comment": words, "status": "open", "assignee_id": 9.0, "safe_update": true, "updated_stamp": stamp}},
		{"but for a status of our own", "pending", conversation.Change{Status: "hold"}, object{"comment": words, "status": "hold", "safe_update": true, "updated_stamp": stamp}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			th := known()
			th.Conversation.Ticket.Status = tt.status
			r.done(r.try(th, along(customerComment(), tt.change)))
			r.without("ticket", r.written("PUT"), tt.want, "metadata")
			r.same("calls", r.desk.calls(), []string{updateRoute})
		})
	}
	t.Run("an agent takes it with their words", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(updateRoute, says(200, ticketOf(nil)))
		p := commenting(conversation.Comment{Author: conversation.AuthorAgent, Agent: 8, Assign: true, Public: true, Lines: []conversation.Line{{Text: "Olá"}}})
		r.done(r.try(known(), along(p, conversation.Change{Subject: "Nota"})))
		r.without("ticket", r.written("PUT"), object{
			"comment": object{"body": "Olá", "public": true, "author_id": 8.0}, "assignee_id": 8.0, "subject": "Nota", "safe_update": true, "updated_stamp": stamp,
		}, "metadata")
	})
}

// TestStamp wants the ticket to be read before it is changed where it is not known how it is, and only then.
func TestStamp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(k *conversation.Ticket)
		change  conversation.Change
		shown   object
		calls   []string
		want    object
	}{
		{"all is known", func(*conversation.Ticket) {}, conversation.Change{Tags: []string{"b"}}, nil, []string{updateRoute}, object{"tags": []any{"a", "b"}, "updated_stamp": stamp}},
		{
			"no stamp", func(k *conversation.Ticket) { k.UpdatedAt = time.Time{} },
			conversation.Change{Status: "solved"},
			object{"status": "hold", "updated_at": "2026-03-02T08:59:50Z"},
			[]string{showRoute, updateRoute},
			object{"status": "solved", "updated_stamp": "2026-03-02T08:59:50Z"},
		},
		{
			"no tags, and they matter", func(k *conversation.Ticket) { k.Tags, k.TagsKnown = nil, false },
			conversation.Change{Tags: []string{"b"}},
			object{"tags": []string{"c"}, "updated_at": "2026-03-02T08:59:50Z"},
			[]string{showRoute, updateRoute},
			object{"tags": []any{"c", "b"}, "updated_stamp": "2026-03-02T08:59:50Z"},
		},
		{"no tags, and they don't matter", func(k *conversation.Ticket) { k.TagsKnown = false }, conversation.Change{Status: "solved"}, nil, []string{updateRoute}, object{"status": "solved", "updated_stamp": stamp}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(showRoute, says(200, ticketOf(tt.shown)))
			r.desk.on(updateRoute, says(200, ticketOf(nil)))
			th := known("a")
			tt.prepare(&th.Conversation.Ticket)
			r.done(r.try(th, changing(tt.change)))
			r.same("calls", r.desk.calls(), tt.calls)
			tt.want["safe_update"] = true
			r.without("ticket", r.written("PUT"), tt.want, "metadata")
		})
	}
	t.Run("not read", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(showRoute, says(500, `{}`))
		th := known()
		th.Conversation.Ticket.UpdatedAt = time.Time{}
		r.later(r.try(th, changing(conversation.Change{Status: "solved"})), 800*time.Millisecond, time.Second)
		r.same("marks", r.marks, []bool(nil))
	})
}

// TestLookUpsFail wants a change to wait for what it needs to know.
func TestLookUpsFail(t *testing.T) {
	t.Parallel()
	change := conversation.Change{Roles: []string{"closing"}, Group: "Suporte N1", Fields: map[string]string{conversation.FieldCNPJ: "1"}}
	for _, route := range []string{macrosRoute, fieldsRoute, groupsRoute} {
		for _, kind := range []string{"update", "create"} {
			t.Run(kind+" "+route, func(t *testing.T) {
				t.Parallel()
				r := procedural(t)
				r.macros(macro(5, "Encerrar"))
				r.desk.on(route, says(429, `{}`, "Retry-After", "44"))
				th, p := known(), changing(change)
				if kind == "create" {
					th, p = fresh(), along(createEffect(), change)
				}
				r.later(r.try(th, p), 44*time.Second, 44*time.Second)
				r.same("marks", r.marks, []bool(nil))
				r.desk.on(showRoute, says(200, ticketOf(nil)))
				r.desk.on(auditsRoute, audits("other#3"))
				got := r.try(th, unsure(p, at(-15)))
				r.same("outcome", got.Outcome, conversation.Unsure)
			})
		}
	}
}

// TestAccountWithoutLists wants an account that does not have such lists to be written to without.
func TestAccountWithoutLists(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	for _, route := range []string{macrosRoute, fieldsRoute, groupsRoute} {
		r.desk.on(route, says(404, `{"error":"InvalidEndpoint"}`))
	}
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	got := r.done(r.try(known(), changing(conversation.Change{
		Roles: []string{"closing"}, Group: "Suporte N1", Subject: "Nota", Fields: map[string]string{conversation.FieldCNPJ: "1"},
	})))
	r.without("ticket", r.written("PUT"), object{"subject": "Nota", "safe_update": true, "updated_stamp": stamp}, "metadata")
	r.same("left", got.Notes, []string{"macro “Encerrar”", "campo “CNPJ”", "grupo “Suporte N1”"})
}

// TestFieldsByID wants fields to be found by their ids too, before their titles.
func TestFieldsByID(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.set.Desk.Fields = settings.TicketFields{CNPJ: "502", Session: " 777 ", Number: "2", Link: "Nada"}
	r.desk.on(updateRoute, says(200, ticketOf(nil)))
	got := r.done(r.try(known(), changing(conversation.Change{Fields: map[string]string{
		conversation.FieldCNPJ: "a", conversation.FieldSession: "b", conversation.FieldNumber: "c", conversation.FieldLink: "d",
	}})))
	r.same("fields", r.written("PUT")["custom_fields"], any([]any{field(502, "a"), field(505, "b")}))
	r.same("left: inactive ones are not there", got.Notes, []string{"campo “Nada”", "campo “2”"})
	r.same("one reading", r.desk.calls(), []string{fieldsRoute, updateRoute})
	r.same("of the whole list", r.desk.seen[0].Query, page())
}

// without compares objects but for some of their properties.
func (r *rig) without(what string, got, want object, ignored ...string) {
	r.Helper()
	drop := cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return slices.Contains(ignored, name) })
	if diff := cmp.Diff(want, got, drop); diff != "" {
		r.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
