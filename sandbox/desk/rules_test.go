package desk_test

import (
	"strings"
	"testing"
)

func TestSeededMacros(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.get("/api/v2/macros.json?active=true").want(200)
	titles := map[string]bool{}
	arrays := 0
	for i := range r.len("macros") {
		titles[r.text("macros", i, "title")] = true
		for a := range r.len("macros", i, "actions") {
			if _, isList := r.at("macros", i, "actions", a, "value").([]any); isList {
				arrays++
			}
		}
	}
	for _, title := range []string{
		"Atendimento Whatsapp (Oficial)", "1. Atendimento Whatsapp Transferência N2(oficial)",
		"3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)", "Auditoria Whatsapp |Ticket não assumido",
		"Auditoria Whatsapp | Abandono do Cliente", "Auditoria Whatsapp | Abandono do analista", "Auditoria Whatsapp | Fora do horário",
		"Auditoria Whatsapp | Indisponibilidade do analista", "Auditoria Whatsapp | Título incorreto",
	} {
		if !titles[title] {
			t.Errorf("no macro %q", title)
		}
	}
	if arrays == 0 {
		t.Error("no action with a list")
	}
	b.get("/api/v2/macros/active").want(200).is(11, "count")
	b.get("/api/v2/macros/search?query=abandono").want(200).is(2, "count")
	b.get("/api/v2/macros?Access=&Active=&Category=0").want(200).is(11, "count")
	b.get("/api/v2/macros/5").want(404)
}

func TestApplyMacroToTicket(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	before := b.get(ticketPath(id))
	macro := b.macro("Auditoria Whatsapp | Abandono do Cliente")
	r := b.get(ticketPath(id, "/macros/", itoa(macro), "/apply.json")).want(200)
	r.is(id, "result", "ticket", "id").is("solved", "result", "ticket", "status").is(nil, "result", "ticket", "comment")
	r.is([]string{"abandono_de_chat", "auditoria_abandono_cliente", "whatsapp"}, "result", "ticket", "tags")
	found := false
	for i := range r.len("result", "ticket", "custom_fields") {
		found = found || r.at("result", "ticket", "custom_fields", i, "value") == "abandono_de_chat"
	}
	if !found {
		t.Error("the catalogue is not set")
	}
	list := b.get(ticketPath(id, "/macros/", itoa(b.macro("Pedir mais informações")), "/apply")).want(200)
	text := "Olá, Marcos! Para continuar, envie por favor o número da rotina e uma imagem da tela."
	list.is(text, "result", "ticket", "comment", "body").is(true, "result", "ticket", "comment", "public").
		is([][]string{{"channel:all", text}}, "result", "ticket", "comment", "scoped_body")
	b.get(ticketPath(id, "/macros/", itoa(b.macro("1. Atendimento Whatsapp Transferência N2(oficial)")), "/apply")).want(200).
		is(false, "result", "ticket", "comment", "public").is(b.group("Suporte N2"), "result", "ticket", "group_id")
	if after := b.get(ticketPath(id)); string(after.raw) != string(before.raw) {
		t.Error("applying saved something")
	}
	b.get(ticketPath(id, "/macros/5/apply")).want(404)
	b.get(ticketPath(1, "/macros/", itoa(macro), "/apply")).want(404)
}

func TestApplyMacro(t *testing.T) {
	t.Parallel()
	b := setup(t)
	field := itoa(b.field("Catálogo de serviços"))
	path := func(title string) string { return "/api/v2/macros/" + itoa(b.macro(title)) + "/apply" }
	b.get(path("Auditoria Whatsapp | Fora do horário")).want(200).is(object{
		"status": "solved", "tags": []string{"auditoria_fora_do_horario", "z_outros"},
		"fields": object{field: "z_outros"}, "custom_fields": object{field: "z_outros"},
	}, "result", "ticket")
	b.get(path("Atendimento Whatsapp Transferência")).want(200).is(object{"tags": []string{"whatsapp_transferido"}}, "result", "ticket")
	b.get("/api/v2/macros/5/apply").want(404)
}

func TestWriteMacro(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.call("POST", "/api/v2/macros", object{"macro": object{
		"title": "Novo", "actions": []object{{"field": "comment_value_html", "value": "<p>Olá <b>{{ticket.requester.first_name}}</b></p><script>x</script>"}},
	}}).want(200).is(true, "macro", "active").id("macro", "id")
	r := b.get(ticketPath(b.ticket(nil), "/macros/", itoa(id), "/apply")).want(200).is("Olá **Marcos**", "result", "ticket", "comment", "body")
	if !strings.Contains(r.text("result", "ticket", "comment", "html_body"), "<b>Marcos</b></p></div>") {
		t.Errorf("html %s", r.raw)
	}
	path := "/api/v2/macros/" + itoa(id)
	b.call("PUT", path, object{"macro": object{"active": false}}).want(200).is("Novo", "macro", "title").is(false, "macro", "active")
	b.get("/api/v2/macros?active=false").want(200).is(1, "count")
	b.call("POST", "/api/v2/macros", object{"macro": object{"title": "x"}}).want(422)
	b.call("POST", "/api/v2/macros", object{"macro": object{"actions": []object{{"field": "status", "value": "open"}}}}).want(422)
	b.call("DELETE", path, nil).want(204)
	b.call("DELETE", path, nil).want(404)
}

func TestViews(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"group_id": b.group("WINTHOR WHATSAPP")})
	queue := "/api/v2/views/" + itoa(b.named("/api/v2/views", "views", "title", "WINTHOR WHATSAPP"))
	b.get(queue+"/tickets.json").want(200).is(1, "count").is(id, "tickets", 0, "id")
	b.get(queue+"/count").want(200).is(1, "view_count", "value")
	b.get(queue+"/execute").want(200).is(id, "rows", 0, "ticket_id").is("WINTHOR WHATSAPP", "view", "title").is("status", "columns", 0, "id")
	b.get("/api/v2/views/active").want(200).is(6, "count")
	b.put(id, object{"status": "solved"}).want(200)
	b.get(queue+"/tickets").want(200).is(0, "count")
	ids := ""
	for _, v := range b.get("/api/v2/views/compact").want(200).ids("views") {
		ids += "," + itoa(v)
	}
	counts := b.get("/api/v2/views/count_many?ids=" + ids[1:]).want(200)
	if counts.len("view_counts") != 6 {
		t.Errorf("counts: %s", counts.raw)
	}
	for _, rest := range []string{"", "/tickets", "/execute", "/count"} {
		b.get("/api/v2/views/5" + rest).want(404)
	}
	b.get("/api/v2/views/count_many?ids=x").want(400)
}

func TestWriteView(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.call("POST", "/api/v2/views", object{"view": object{
		"title": "Fila nova", "all": []object{cond("current_tags", "includes", "whatsapp")},
		"output": object{"columns": []string{"status", "subject"}, "sort_by": "created_at", "sort_order": "asc"},
	}}).want(200)
	r.is("created_at", "view", "execution", "sort_by").is("subject", "view", "execution", "columns", 1, "id").
		is("current_tags", "view", "conditions", "all", 0, "field")
	id := b.ticket(nil)
	path := "/api/v2/views/" + itoa(r.id("view", "id"))
	b.get(path+"/tickets").want(200).is(id, "tickets", 0, "id").is(1, "count")
	b.call("PUT", path, object{"view": object{"title": "Outra"}}).want(200).is("current_tags", "view", "conditions", "all", 0, "field")
	b.call("POST", "/api/v2/views", object{"view": object{"title": "x"}}).want(422)
	b.call("POST", "/api/v2/views", object{"view": object{"all": []object{cond("status", "is", "new")}}}).want(422)
	b.call("POST", "/api/v2/views", object{"view": object{"title": "x", "all": []object{cond("humor", "is", "bom")}}}).want(422)
}

func TestFields(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/api/v2/ticket_fields.json").want(200).is("subject", "ticket_fields", 0, "type").is(false, "ticket_fields", 0, "removable")
	b.call("DELETE", "/api/v2/ticket_fields/"+itoa(b.field("Status")), nil).want(403)
	made := b.call("POST", "/api/v2/ticket_fields", object{"ticket_field": object{
		"type": "tagger", "title": "Etapa", "custom_field_options": []object{{"name": "Início", "value": "inicio"}, {"name": "Fim", "value": "fim"}},
	}}).want(201).is("Etapa", "ticket_field", "title_in_portal").is(true, "ticket_field", "active")
	path := "/api/v2/ticket_fields/" + itoa(made.id("ticket_field", "id"))
	if made.id("ticket_field", "custom_field_options", 0, "id") == 0 {
		t.Error("an option has no id")
	}
	b.call("PUT", path, object{"ticket_field": object{"title": "Etapas"}}).want(200).is("inicio", "ticket_field", "custom_field_options", 0, "value")
	id := b.ticket(object{"custom_fields": []object{{"id": made.id("ticket_field", "id"), "value": "fim"}}})
	if got := string(b.show(id).Fields["Etapas"]); got != `"fim"` {
		t.Errorf("value %s", got)
	}
	b.get("/api/v2/ticket_forms").want(200).is(true, "ticket_forms", 0, "default").is("Suporte Winthor", "ticket_forms", 0, "name")
	b.call("POST", "/api/v2/ticket_forms", object{"ticket_form": object{"name": "Novo"}}).want(201)
	b.call("POST", "/api/v2/ticket_forms", object{"ticket_form": object{}}).want(422)
	for name, f := range map[string]object{
		"no title":      {"type": "text"},
		"unknown type":  {"type": "cor", "title": "x"},
		"no options":    {"type": "tagger", "title": "x"},
		"nameless":      {"type": "tagger", "title": "x", "custom_field_options": []object{{"value": "x"}}},
		"twice":         {"type": "tagger", "title": "x", "custom_field_options": []object{{"name": "a", "value": "x"}, {"name": "b", "value": "x"}}},
		"tag in use":    {"type": "tagger", "title": "x", "custom_field_options": []object{{"name": "a", "value": "z_outros"}}},
		"no expression": {"type": "regexp", "title": "x", "regexp_for_validation": "("},
	} {
		if r := b.call("POST", "/api/v2/ticket_fields", object{"ticket_field": f}); r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestFieldValues(t *testing.T) {
	t.Parallel()
	option := []object{{"name": "A", "value": "va"}, {"name": "B", "value": "vb"}}
	for name, tt := range map[string]struct {
		field  object
		value  any
		status int
		stored string // "" when unset
		tags   string
	}{
		"text":              {object{"type": "text"}, "a", 200, `"a"`, "whatsapp"},
		"number as text":    {object{"type": "text"}, 5, 200, `"5"`, "whatsapp"},
		"object as text":    {object{"type": "text"}, object{}, 422, "", ""},
		"integer":           {object{"type": "integer"}, "12", 200, "12", "whatsapp"},
		"integer as number": {object{"type": "integer"}, 12, 200, "12", "whatsapp"},
		"no integer":        {object{"type": "integer"}, 1.5, 422, "", ""},
		"decimal":           {object{"type": "decimal"}, 1.5, 200, "1.5", "whatsapp"},
		"no decimal":        {object{"type": "decimal"}, "um", 422, "", ""},
		"date":              {object{"type": "date"}, "2026-11-22", 200, `"2026-11-22"`, "whatsapp"},
		"no date":           {object{"type": "date"}, "22/11/26", 422, "", ""},
		"checked":           {object{"type": "checkbox", "tag": "marcado"}, true, 200, "true", "marcado whatsapp"},
		"not checked":       {object{"type": "checkbox", "tag": "marcado"}, false, 200, "", "whatsapp"},
		"several":           {object{"type": "multiselect", "custom_field_options": option}, []string{"va", "vb"}, 200, `["va","vb"]`, "va vb whatsapp"},
		"several, wrong":    {object{"type": "multiselect", "custom_field_options": option}, []string{"vc"}, 422, "", ""},
		"several, text":     {object{"type": "multiselect", "custom_field_options": option}, "va", 422, "", ""},
		"fits expression":   {object{"type": "regexp", "regexp_for_validation": `\A\d{2}\z`}, "12", 200, `"12"`, "whatsapp"},
		"does not fit":      {object{"type": "regexp", "regexp_for_validation": `\A\d{2}\z`}, "123", 422, "", ""},
		"emptied":           {object{"type": "text"}, nil, 200, "", "whatsapp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			tt.field["title"] = name
			field := b.call("POST", "/api/v2/ticket_fields", object{"ticket_field": tt.field}).want(201).id("ticket_field", "id")
			defer func() { b.call("DELETE", "/api/v2/ticket_fields/"+itoa(field), nil).want(204) }()
			id := b.ticket(nil)
			b.put(id, object{"custom_fields": []object{{"id": field, "value": tt.value}}}).want(tt.status)
			if tt.status != 200 {
				return
			}
			v := b.show(id)
			if got := string(v.Fields[name]); got != tt.stored || strings.Join(v.Tags, " ") != tt.tags {
				t.Errorf("stored %s, tags %v", got, v.Tags)
			}
			// The other spelling: an object of id → value.
			b.put(id, object{"fields": object{itoa(field): tt.value}}).want(200).is(nil, "audit")
		})
	}
}

func TestEntityFields(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.get("/api/v2/organization_fields.json").want(200).is(3, "count")
	r.is("pendencia_financeira", "organization_fields", 1, "key").is("Pendência Financeira", "organization_fields", 1, "title").
		is("Não", "organization_fields", 1, "custom_field_options", 1, "name")
	for _, plural := range []string{"organization_fields", "user_fields"} {
		singular := strings.TrimSuffix(plural, "s")
		made := b.call("POST", "/api/v2/"+plural, object{singular: object{"type": "text", "title": "Nova", "key": "nova"}}).want(201)
		path := "/api/v2/" + plural + "/" + itoa(made.id(singular, "id"))
		b.call("POST", "/api/v2/"+plural, object{singular: object{"type": "text", "title": "Nova", "key": "nova"}}).want(422)
		b.call("POST", "/api/v2/"+plural, object{singular: object{"type": "text", "title": "Nova"}}).want(422)
		b.call("POST", "/api/v2/"+plural, object{singular: object{"type": "tagger", "title": "x", "key": "x"}}).want(422)
		b.call("PUT", path, object{singular: object{"key": "outra"}}).want(422)
		b.call("PUT", path, object{singular: object{"description": "d"}}).want(200).is("d", singular, "description")
	}
	user := b.call("POST", "/api/v2/users", object{"user": object{"name": "x", "user_fields": object{"nova": 7, "y": 1}}}).want(201)
	user.is(object{"nova": "7"}, "user", "user_fields")
}
