package desk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestFieldsRequiredToSolve wants a ticket refused until its form's required fields are filled.
func TestFieldsRequiredToSolve(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	summary, cnpj := b.field("Resumo do atendimento"), b.field("CNPJ")
	for _, id := range []int64{summary, cnpj} {
		b.call("PUT", "/api/v2/ticket_fields/"+itoa(id), object{"ticket_field": object{"required": true}}).want(200).is(true, "ticket_field", "required")
	}
	id := b.ticket(object{"assignee_id": ana})
	refused := func(r *reply, fields ...string) {
		t.Helper()
		r.want(422).is("RecordInvalid", "error")
		var got []string
		for i := range r.len("details", "base") {
			got = append(got, r.text("details", "base", i, "description"))
		}
		if diff := cmp.Diff(fields, got); diff != "" {
			t.Errorf("details (-want +got):\n%s", diff)
		}
	}
	filled := []object{{"id": summary, "value": "Senha trocada"}}
	b.put(id, object{"status": "pending"}).want(200) // only solving asks for them
	refused(b.put(id, object{"status": "solved", "comment": object{"body": "fim"}}), "CNPJ: needed", "Resumo do atendimento: needed")
	if n := len(b.desk.Comments(id)); n != 1 {
		t.Errorf("%d comments after a refusal", n)
	}
	refused(b.page(ana, "PUT", "/tickets/"+itoa(id), object{"status": "solved", "custom_fields": filled}), "CNPJ: needed")
	refused(b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "x", "status": "solved"}}), "CNPJ: needed", "Resumo do atendimento: needed")
	b.put(id, object{"status": "solved", "custom_fields": append(filled, object{"id": cnpj, "value": "112"})}).want(200).is("solved", "ticket", "status")
}

// TestFieldsThatAreNotAskedFor are those of other forms, those switched off, and all of them by knob or to the account's own rules.
func TestFieldsThatAreNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(b *bench, field int64){
		"filled": func(b *bench, field int64) {
			b.put(lastSeeded, object{"custom_fields": []object{{"id": field, "value": "sim"}}}).want(200)
		},
		"inactive": func(b *bench, field int64) {
			b.call("PUT", "/api/v2/ticket_fields/"+itoa(field), object{"ticket_field": object{"active": false}}).want(200)
		},
		"by knob": func(b *bench, _ int64) { b.knobs(desk.Knobs{IgnoreRequired: true}) },
		"of another form": func(b *bench, _ int64) {
			form := b.call("POST", "/api/v2/ticket_forms", object{"ticket_form": object{"name": "Curto", "ticket_field_ids": []int64{b.field("CNPJ")}}}).want(201)
			b.put(lastSeeded, object{"ticket_form_id": form.id("ticket_form", "id")}).want(200)
		},
		"solved before": func(b *bench, field int64) {
			b.call("PUT", "/api/v2/ticket_fields/"+itoa(field), object{"ticket_field": object{"required": false}}).want(200)
			b.put(lastSeeded, object{"status": "solved"}).want(200)
			b.call("PUT", "/api/v2/ticket_fields/"+itoa(field), object{"ticket_field": object{"required": true}}).want(200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			field := b.field("Resumo do atendimento")
			b.call("PUT", "/api/v2/ticket_fields/"+itoa(field), object{"ticket_field": object{"required": true}}).want(200)
			prepare(b, field)
			b.put(lastSeeded, object{"status": "solved", "subject": "x"}).want(200).is("solved", "ticket", "status")
		})
	}
}

// TestARequiredBoxMustBeTicked is about a tick box, whose unset value is no.
func TestARequiredBoxMustBeTicked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	box := b.call("POST", "/api/v2/ticket_fields", object{"ticket_field": object{"title": "Lido", "type": "checkbox", "required": true}}).want(201).id("ticket_field", "id")
	form := b.get("/api/v2/ticket_forms").want(200)
	b.call("PUT", "/api/v2/ticket_forms/"+itoa(form.id("ticket_forms", 0, "id")), object{"ticket_form": object{"ticket_field_ids": []int64{box}}}).want(200)
	b.put(lastSeeded, object{"status": "solved", "custom_fields": []object{{"id": box, "value": false}}}).want(422)
	b.put(lastSeeded, object{"status": "solved", "custom_fields": []object{{"id": box, "value": true}}}).want(200)
}

// TestSolvingWhatNobodyHas tries the three answers to what the documents leave open.
func TestSolvingWhatNobodyHas(t *testing.T) {
	t.Parallel()
	for knob, tt := range map[string]struct {
		status   int
		assignee bool
	}{"": {200, true}, "keep": {200, false}, "refuse": {422, false}} {
		b := setup(t)
		b.knobs(desk.Knobs{SolveUnassigned: knob})
		ana := b.user("Ana Beatriz Souza").ID
		r := b.page(ana, "PUT", "/tickets/"+itoa(lastSeeded), object{"status": "solved"}).want(tt.status)
		if knob == "refuse" {
			r.is("Assignee: is required when solving a ticket", "details", "base", 0, "description")
			b.page(ana, "PUT", "/tickets/"+itoa(lastSeeded), object{"status": "solved", "assignee_id": ana}).want(200)
			continue
		}
		if got := b.show(lastSeeded); (got.AssigneeID == ana) != tt.assignee || got.Status != "solved" {
			t.Errorf("%q: %+v", knob, got)
		}
	}
	if err := (desk.Knobs{SolveUnassigned: "talvez"}).Validate(); err == nil {
		t.Error("an unknown knob was taken")
	}
}

// TestOneUpdateIsOneAudit closes a conversation as a macro would: everything in one request.
func TestOneUpdateIsOneAudit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, queue := b.user("Ana Beatriz Souza").ID, b.group("WINTHOR WHATSAPP")
	id := b.ticket(nil)
	r := b.put(id, object{
		"subject": "Senha do portal", "status": "solved", "assignee_id": ana, "group_id": queue, "type": "question", "priority": "low",
		"tags":          []string{"whatsapp", "atendimento_whatsapp"},
		"custom_fields": []object{{"id": b.field("Catálogo de serviços"), "value": "z_outros"}, {"id": b.field("Horas apontadas"), "value": 0.5}},
		"email_ccs":     []object{{"user_email": "novo@aurora.example", "user_name": "Novo"}},
		"comment":       object{"html_body": "<p>Transcrição</p>", "public": false},
		"metadata":      object{"ponte": "e1"},
		"macro_ids":     []int64{b.macro("Atendimento Whatsapp (Oficial)")},
	}).want(200)
	b.get(ticketPath(id, "/audits")).want(200).is(2, "count").is(r.at("audit", "id"), "audits", 1, "id")
	got := map[string]bool{}
	for i := range r.len("audit", "events") {
		name := r.text("audit", "events", i, "field_name")
		if name == "" {
			name = r.text("audit", "events", i, "type")
		}
		got[name] = true
	}
	for _, name := range []string{
		"Comment", "subject", "status", "assignee_id", "group_id", "type", "priority", "tags", "email_ccs",
		itoa(b.field("Catálogo de serviços")), itoa(b.field("Horas apontadas")),
	} {
		if !got[name] {
			t.Errorf("the audit does not tell %s: %v", name, got)
		}
	}
	r.is([]string{"atendimento_whatsapp", "whatsapp", "z_outros"}, "ticket", "tags").is("e1", "audit", "metadata", "custom", "ponte")
	b.pump()
	if n := len(b.hooks.take()); n != 1 {
		t.Errorf("%d webhooks", n)
	}
}

// TestSafeUpdates refuse to overwrite what somebody changed since, whatever it was.
func TestSafeUpdates(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]object{
		"status": {"status": "pending"}, "group": {"group_id": "{queue}"}, "assignee": {"assignee_id": "{ana}"}, "organisation": {"organization_id": nil},
		"tags": {"tags": []string{"x"}}, "a comment": {"comment": object{"body": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			fill := map[any]any{"{queue}": b.group("WINTHOR WHATSAPP"), "{ana}": b.user("Ana Beatriz Souza").ID}
			id := b.ticket(nil)
			stamp := b.get(ticketPath(id)).text("ticket", "updated_at")
			b.pass(2e9)
			written := object{}
			for k, v := range change {
				written[k] = v
				if text, isText := v.(string); isText && fill[text] != nil {
					written[k] = fill[text]
				}
			}
			b.put(id, written).want(200)
			safe := object{"subject": "x", "safe_update": true, "updated_stamp": stamp}
			b.put(id, safe).want(409).is("UpdateConflict", "error")
			safe["updated_stamp"] = b.get(ticketPath(id)).text("ticket", "updated_at")
			b.put(id, safe).want(200).is("x", "ticket", "subject")
			b.put(id, object{"subject": "y", "safe_update": true}).want(400)
		})
	}
}
