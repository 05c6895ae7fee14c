package desk_test

import "testing"

// withMacro makes a macro of the given actions and returns its id.
func (b *bench) withMacro(actions ...object) int64 {
	b.t.Helper()
	return b.call("POST", "/api/v2/macros", object{"macro": object{"title": "M", "actions": actions}}).want(200).id("macro", "id")
}

func action(field string, value any) object { return object{"field": field, "value": value} }

// TestEveryActionOfAMacro applies one action at a time to a ticket; nothing is saved.
func TestEveryActionOfAMacro(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, bruno, n2 := b.user("Ana Beatriz Souza").ID, b.user("Bruno Carvalho").ID, b.group("Suporte N2")
	csat, catalogue := b.field("Avaliação (CSAT)"), b.field("Catálogo de serviços")
	form := b.get("/api/v2/ticket_forms").id("ticket_forms", 0, "id")
	integration := b.user("Ponte (integração)").ID
	for name, tt := range map[string]struct {
		actions []object
		want    object // keys of the ticket as it would be
	}{
		"status":               {[]object{action("status", "pending")}, object{"status": "pending"}},
		"an unknown status":    {[]object{action("status", "aberto")}, object{"status": "open"}},
		"never back to new":    {[]object{action("status", "new")}, object{"status": "open"}},
		"priority":             {[]object{action("priority", "urgent")}, object{"priority": "urgent"}},
		"type":                 {[]object{action("type", "incident")}, object{"type": "incident"}},
		"subject":              {[]object{action("subject", "Novo")}, object{"subject": "Novo"}},
		"tags set":             {[]object{action("set_tags", "b A")}, object{"tags": []string{"a", "b"}}},
		"tags added":           {[]object{action("current_tags", "b a")}, object{"tags": []string{"a", "b", "whatsapp"}}},
		"tags added as a list": {[]object{action("current_tags", []string{"b", "a"})}, object{"tags": []string{"a", "b", "whatsapp"}}},
		"tags removed":         {[]object{action("remove_tags", "whatsapp nada")}, object{"tags": []string{}}},
		"group":                {[]object{action("group_id", itoa(n2))}, object{"group_id": n2, "assignee_id": nil}},
		"group, a number":      {[]object{action("group_id", n2)}, object{"group_id": n2}},
		"an unknown group":     {[]object{action("group_id", "5")}, object{"assignee_id": ana}},
		"assignee":             {[]object{action("assignee_id", itoa(bruno))}, object{"assignee_id": bruno}},
		"who applies it":       {[]object{action("assignee_id", "current_user")}, object{"assignee_id": integration}},
		"an unknown assignee":  {[]object{action("assignee_id", "5")}, object{"assignee_id": ana}},
		"form":                 {[]object{action("ticket_form_id", itoa(form))}, object{"ticket_form_id": form}},
		"a number field":       {[]object{action("custom_fields_"+itoa(csat), "4")}, nil},
		"an impossible value":  {[]object{action("custom_fields_"+itoa(csat), "quatro")}, nil},
		"a catalogue value":    {[]object{action("custom_fields_"+itoa(catalogue), "z_outros")}, object{"tags": []string{"whatsapp", "z_outros"}}},
		"an unknown field":     {[]object{action("custom_fields_5", "x")}, object{"status": "open"}},
		"an unknown action":    {[]object{action("mandar_flores", "x")}, object{"status": "open"}},
		"several": {
			[]object{action("status", "solved"), action("current_tags", "fim"), action("priority", "low")},
			object{"status": "solved", "tags": []string{"fim", "whatsapp"}, "priority": "low"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(object{"assignee_id": ana})
			before := b.get(ticketPath(id))
			r := b.get(ticketPath(id, "/macros/", itoa(b.withMacro(tt.actions...)), "/apply")).want(200)
			for key, want := range tt.want {
				r.is(want, "result", "ticket", key)
			}
			value := any(nil)
			for i := range r.len("result", "ticket", "custom_fields") {
				if r.id("result", "ticket", "custom_fields", i, "id") == csat {
					value = r.at("result", "ticket", "custom_fields", i, "value")
				}
			}
			if want := map[string]any{"a number field": 4.0}[name]; value != want {
				t.Errorf("field %v, want %v", value, want)
			}
			if after := b.get(ticketPath(id)); string(after.raw) != string(before.raw) {
				t.Error("applying saved something")
			}
		})
	}
}

// TestCommentsOfMacros is about the words a macro proposes.
func TestCommentsOfMacros(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		actions []object
		body    any
		html    string
		scope   any
		public  any
	}{
		"words": {
			[]object{action("comment_value", "Olá, {{ticket.requester.first_name}}!")},
			"Olá, Marcos!", framed(`<p dir="auto">Olá, Marcos!</p>`),
			[][]string{{"channel:all", "Olá, Marcos!"}},
			true,
		},
		"for all channels": {
			[]object{action("comment_value", []string{"channel:all", "Olá"})},
			"Olá", framed(`<p dir="auto">Olá</p>`),
			[][]string{{"channel:all", "Olá"}},
			true,
		},
		"for one channel": {
			[]object{action("comment_value", []string{"channel:web", "Olá"})},
			"Olá", framed(`<p dir="auto">Olá</p>`),
			[][]string{{"channel:web", "Olá"}},
			true,
		},
		"with markup": {
			[]object{action("comment_value_html", "<p>Olá, <b>{{ticket.requester.first_name}}</b></p><script>evil()</script>")},
			"Olá, **Marcos**", framed("<p>Olá, <b>Marcos</b></p>"),
			[][]string{{"channel:all", "Olá, **Marcos**"}},
			true,
		},
		"private": {
			[]object{action("comment_mode_is_public", "false"), action("comment_value", "Só nós")},
			"Só nós", framed(`<p dir="auto">Só nós</p>`),
			[][]string{{"channel:all", "Só nós"}},
			false,
		},
		"private, said later": {
			[]object{action("comment_value", "Só nós"), action("comment_mode_is_public", false)},
			"Só nós", framed(`<p dir="auto">Só nós</p>`),
			[][]string{{"channel:all", "Só nós"}},
			false,
		},
		"the last words count": {
			[]object{action("comment_value", "um"), action("comment_value", "dois")},
			"dois", framed(`<p dir="auto">dois</p>`),
			[][]string{{"channel:all", "dois"}},
			true,
		},
		"without words": {[]object{action("status", "open"), action("comment_mode_is_public", "true")}, nil, "", nil, nil},
		"placeholders of the future": {
			[]object{action("subject", "Novo"), action("comment_value", "{{ticket.title}} / {{ticket.id}} / {{current_user.name}}")},
			"Novo / " + itoa(lastSeeded+1) + " / Ponte (integração)", framed(`<p dir="auto">Novo / ` + itoa(lastSeeded+1) + ` / Ponte (integração)</p>`),
			[][]string{{"channel:all", "Novo / " + itoa(lastSeeded+1) + " / Ponte (integração)"}},
			true,
		},
		"lines": {
			[]object{action("comment_value", "Contato: \nTelefone: ")},
			"Contato: \nTelefone:", framed(`<p dir="auto">Contato: <br>Telefone:</p>`),
			[][]string{{"channel:all", "Contato: \nTelefone:"}},
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			macro := itoa(b.withMacro(tt.actions...))
			r := b.get(ticketPath(id, "/macros/", macro, "/apply")).want(200)
			r.is(tt.body, "result", "ticket", "comment", "body").is(tt.scope, "result", "ticket", "comment", "scoped_body").
				is(tt.public, "result", "ticket", "comment", "public")
			if got := r.text("result", "ticket", "comment", "html_body"); got != tt.html {
				t.Errorf("html %q, want %q", got, tt.html)
			}
			// The page shows an agent the same.
			page := b.page(b.user("Ana Beatriz Souza").ID, "GET", "/tickets/"+itoa(id)+"/macros/"+macro, nil).want(200)
			if name != "placeholders of the future" {
				page.is(tt.body, "result", "ticket", "comment", "body")
			}
			// Without a ticket there is nobody to name.
			bare := b.get("/api/v2/macros/" + macro + "/apply").want(200)
			if (bare.at("result", "ticket", "comment") == nil) != (tt.body == nil) {
				t.Errorf("without a ticket: %s", bare.raw)
			}
		})
	}
}

func TestOnlyWhatAMacroChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tt := range map[string]struct {
		actions []object
		want    object
	}{
		"status":          {[]object{action("status", "solved")}, object{"status": "solved"}},
		"tags":            {[]object{action("current_tags", "b a")}, object{"tags": []string{"a", "b"}}},
		"nothing removed": {[]object{action("remove_tags", "a")}, object{}},
		"subject":         {[]object{action("subject", "x")}, object{"subject": "x"}},
		"two":             {[]object{action("priority", "low"), action("type", "task")}, object{"priority": "low", "type": "task"}},
		"what is unknown": {[]object{action("mandar_flores", "x")}, object{}},
	} {
		b.get("/api/v2/macros/"+itoa(b.withMacro(tt.actions...))+"/apply").want(200).is(tt.want, "result", "ticket")
	}
}

func TestListsOfMacros(t *testing.T) {
	t.Parallel()
	b := setup(t)
	off := b.withMacro(action("status", "open"))
	b.call("PUT", "/api/v2/macros/"+itoa(off), object{"macro": object{"active": false, "title": "Desligada"}}).want(200)
	for path, want := range map[string]int{
		"/api/v2/macros": 12, "/api/v2/macros?active=true": 11, "/api/v2/macros?active=false": 1, "/api/v2/macros?active=TRUE": 11,
		"/api/v2/macros?active=": 12, "/api/v2/macros?active=talvez": 12, "/api/v2/macros/active": 11,
		"/api/v2/macros/search?query=AUDITORIA": 6, "/api/v2/macros/search?query=desligada": 1, "/api/v2/macros/search?query=": 12,
		"/api/v2/macros/search?query=nada": 0,
	} {
		b.get(path).want(200).is(want, "count")
	}
	for name, macro := range map[string]object{
		"no title":      {"actions": []object{action("status", "open")}},
		"a white title": {"title": " ", "actions": []object{action("status", "open")}},
		"no actions":    {"title": "x"},
		"empty actions": {"title": "x", "actions": []object{}},
	} {
		if r := b.call("POST", "/api/v2/macros", object{"macro": macro}); r.status != 422 {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	b.call("PUT", "/api/v2/macros/"+itoa(off), object{"macro": object{"title": ""}}).want(422)
	b.get("/api/v2/macros/"+itoa(off)).want(200).is("Desligada", "macro", "title")
}
