package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

func cond(field, operator string, value any) object {
	return object{"field": field, "operator": operator, "value": value}
}

// trigger has one action and fires at every change, or under the conditions given.
func trigger(action string, value any, all ...object) object {
	if all == nil {
		all = []object{cond("update_type", "is", "Change")}
	}
	return object{"trigger": object{
		"title": "T", "conditions": object{"all": all, "any": []object{}}, "actions": []object{{"field": action, "value": value}},
	}}
}

// deeds are ways to change a ticket, each told by one word.
func (b *bench) deeds() map[string]func(id int64) {
	byAna := func(id int64) {
		if _, err := b.desk.AgentComment(id, b.user("Ana Beatriz Souza").ID, "resposta do agente", true); err != nil {
			b.t.Fatal(err)
		}
	}
	note := func(id int64) { b.put(id, object{"comment": object{"body": "nota", "public": false}}).want(200) }
	byCustomer := func(id int64) {
		if _, err := b.desk.CustomerEmail(id, 0, "sou eu"); err != nil {
			b.t.Fatal(err)
		}
	}
	solve := func(id int64) { b.put(id, object{"status": "solved"}).want(200) }
	subject := func(id int64) { b.put(id, object{"subject": "Boleto atrasado"}).want(200) }
	assign := func(id int64) { b.put(id, object{"assignee_id": b.user("Bruno Carvalho").ID}).want(200) }
	rate := func(id int64) {
		b.put(id, object{"custom_fields": []object{{"id": b.field("Avaliação (CSAT)"), "value": 4}}}).want(200)
	}
	return map[string]func(int64){
		"agent": byAna, "note": note, "customer": byCustomer, "solve": solve, "subject": subject, "assign": assign, "rate": rate,
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	queue := itoa(b.group("WINTHOR WHATSAPP"))
	csat := "custom_fields_" + itoa(b.field("Avaliação (CSAT)"))
	for name, tt := range map[string]struct {
		all   []object
		fires string // on which deeds
	}{
		"public comment":           {[]object{cond("comment_is_public", "is", "true")}, "agent customer"},
		"no public comment":        {[]object{cond("comment_is_public", "is_not", "true")}, "note solve subject assign rate"},
		"private comment":          {[]object{cond("comment_is_public", "is", "false")}, "note"},
		"any comment":              {[]object{cond("comment_is_public", "is", "not_relevant")}, "agent note customer"},
		"visible comment":          {[]object{cond("comment_is_public", "is", "requester_can_see_comment")}, "agent customer"},
		"by an agent":              {[]object{cond("role", "is", "agent")}, "agent note solve subject assign rate"},
		"by a customer":            {[]object{cond("role", "is", "end_user")}, "customer"},
		"by Ana":                   {[]object{cond("role", "is", itoa(ana.ID))}, "agent"},
		"not by the API":           {[]object{cond("current_via_id", "is_not", "5")}, "agent customer"},
		"by the API":               {[]object{cond("current_via_id", "is", 5)}, "note solve subject assign rate"},
		"by e-mail":                {[]object{cond("current_via_id", "is", "4")}, "customer"},
		"status is":                {[]object{cond("status", "is", "solved")}, "solve"},
		"status changed":           {[]object{cond("status", "changed", nil)}, "solve customer"},
		"status changed to":        {[]object{cond("status", "value", "solved")}, "solve"},
		"status changed from":      {[]object{cond("status", "value_previous", "pending")}, "solve customer"},
		"status not changed":       {[]object{cond("status", "not_changed", nil)}, "agent note subject assign rate"},
		"status below":             {[]object{cond("status", "less_than", "pending")}, "customer"},
		"status above":             {[]object{cond("status", "greater_than", "pending")}, "solve"},
		"assignee is nobody":       {[]object{cond("assignee_id", "is", "")}, "agent note customer solve subject rate"},
		"assignee changed":         {[]object{cond("assignee_id", "changed", "")}, "assign"},
		"group":                    {[]object{cond("group_id", "is", queue)}, "agent note customer solve subject assign rate"},
		"subject's word":           {[]object{cond("subject_includes_word", "is", "boleto nota")}, "subject"},
		"comment's word":           {[]object{cond("comment_includes_word", "is", "agente")}, "agent"},
		"without comment's word":   {[]object{cond("comment_includes_word", "not_includes", "agente")}, "note customer solve subject assign rate"},
		"custom field":             {[]object{cond(csat, "is", "4")}, "rate"},
		"custom field present":     {[]object{cond(csat, "present", "true")}, "rate"},
		"no tag":                   {[]object{cond("current_tags", "not_includes", "whatsapp vip")}, ""},
		"one of the tags":          {[]object{cond("current_tags", "includes", "vip whatsapp"), cond("status", "is", "solved")}, "solve"},
		"creation":                 {[]object{cond("update_type", "is", "Create")}, ""},
		"public ticket and change": {[]object{cond("ticket_is_public", "is", "public"), cond("status", "value", "solved")}, "solve"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			all := append([]object{cond("update_type", "is", "Change")}, tt.all...)
			b.withTrigger(t, trigger("current_tags", "fired", all...))
			for what, f := range b.deeds() {
				id := b.ticket(object{"status": "pending", "group_id": queue})
				f(id)
				fired := strings.Contains(strings.Join(b.show(id).Tags, " "), "fired")
				if want := strings.Contains(" "+tt.fires+" ", " "+what+" "); fired != want {
					t.Errorf("%s: fired %v, want %v", what, fired, want)
				}
			}
		})
	}
}

// withTrigger keeps a trigger for the rest of t.
func (b *bench) withTrigger(t *testing.T, tr object) {
	t.Helper()
	id := b.call("POST", "/api/v2/triggers", tr).want(201).id("trigger", "id")
	t.Cleanup(func() { b.call("DELETE", "/api/v2/triggers/"+itoa(id), nil).want(204) })
}

func TestAnyConditions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tr := trigger("current_tags", "fired")
	tr["trigger"].(object)["conditions"].(object)["any"] = []object{cond("status", "is", "hold"), cond("priority", "is", "high")}
	b.call("POST", "/api/v2/triggers", tr).want(201)
	for _, tt := range []struct {
		update object
		want   bool
	}{{object{"status": "hold"}, true}, {object{"priority": "high"}, true}, {object{"priority": "low"}, false}} {
		id := b.ticket(nil)
		b.put(id, tt.update).want(200)
		if got := strings.Contains(strings.Join(b.show(id).Tags, " "), "fired"); got != tt.want {
			t.Errorf("%v: fired %v", tt.update, got)
		}
	}
}

func TestTriggerActions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, n2, cnpj := b.user("Ana Beatriz Souza"), b.group("Suporte N2"), b.field("CNPJ")
	for name, tt := range map[string]struct {
		action string
		value  any
		want   any
		path   []any
	}{
		"status":                       {"status", "hold", "hold", []any{"status"}},
		"priority":                     {"priority", "urgent", "urgent", []any{"priority"}},
		"type":                         {"type", "incident", "incident", []any{"type"}},
		"subject":                      {"subject", "Novo", "Novo", []any{"subject"}},
		"set tags":                     {"set_tags", "b a", []string{"a", "b"}, []any{"tags"}},
		"add tags":                     {"current_tags", []string{"b", "a"}, []string{"a", "b", "whatsapp"}, []any{"tags"}},
		"remove tags":                  {"remove_tags", "whatsapp x", []string{}, []any{"tags"}},
		"group":                        {"group_id", itoa(n2), n2, []any{"group_id"}},
		"assignee":                     {"assignee_id", itoa(ana.ID), ana.ID, []any{"assignee_id"}},
		"nobody":                       {"assignee_id", "5", nil, []any{"assignee_id"}},
		"unknown group":                {"group_id", "5", nil, []any{"group_id"}},
		"an assignee opens the ticket": {"assignee_id", itoa(ana.ID), "open", []any{"status"}},
		"a field":                      {"custom_fields_" + itoa(cnpj), "123", []object{{"id": cnpj, "value": "123"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			made := b.call("POST", "/api/v2/triggers", trigger(tt.action, tt.value, cond("external_is", "is", "x"))).status
			if made != 422 {
				t.Fatalf("a condition on an unknown field was taken: %d", made)
			}
			b.withTrigger(t, trigger(tt.action, tt.value, cond("subject", "is", name)))
			id := b.ticket(nil)
			after := b.put(id, object{"subject": name}).want(200)
			if tt.path == nil {
				if got := string(b.show(id).Fields["CNPJ"]); got != `"123"` {
					t.Errorf("field %s", got)
				}
				return
			}
			after.is(tt.want, append([]any{"ticket"}, tt.path...)...)
		})
	}
}

func TestTriggersSeeEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// The later one makes the earlier one's condition true; each fires once.
	b.call("POST", "/api/v2/triggers", trigger("current_tags", "segundo", cond("current_tags", "includes", "primeiro"))).want(201)
	b.call("POST", "/api/v2/triggers", trigger("current_tags", "primeiro", cond("status", "value", "hold"))).want(201)
	id := b.ticket(nil)
	b.put(id, object{"status": "hold"}).want(200).is([]string{"primeiro", "segundo", "whatsapp"}, "ticket", "tags")
	// Inactive ones do not.
	last := b.named("/api/v2/triggers", "triggers", "title", "T")
	b.call("PUT", "/api/v2/triggers/"+itoa(last), object{"trigger": object{"active": false}}).want(200).is("T", "trigger", "title")
	id = b.ticket(nil)
	b.put(id, object{"status": "hold"}).want(200).is([]string{"primeiro", "whatsapp"}, "ticket", "tags")
	b.get("/api/v2/triggers?active=true").want(200).is(9, "count")
	b.get("/api/v2/triggers/active").want(200).is(9, "count")
	b.get("/api/v2/triggers/search?query=ponte").want(200).is(1, "count")
}

func TestTriggersRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	events := b.call("POST", "/api/v2/webhooks", hook(object{"subscriptions": []string{"zen:event-type:ticket.created"}})).want(201).text("webhook", "id")
	for name, tr := range map[string]object{
		"no title":          {"title": "", "conditions": object{"all": []object{cond("status", "is", "new")}}, "actions": []object{{"field": "status", "value": "open"}}},
		"no conditions":     {"title": "x", "actions": []object{{"field": "status", "value": "open"}}},
		"no actions":        {"title": "x", "conditions": object{"all": []object{cond("status", "is", "new")}}},
		"unknown operator":  trigger("status", "open", cond("status", "equals", "new"))["trigger"].(object),
		"unknown webhook":   trigger("notification_webhook", []string{"x", "{}"})["trigger"].(object),
		"an events webhook": trigger("notification_webhook", []string{events, "{}"})["trigger"].(object),
	} {
		if r := b.call("POST", "/api/v2/triggers", object{"trigger": tr}); r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{
		"external_id": "s1", "priority": "low", "type": "question", "group_id": b.group("WINTHOR WHATSAPP"),
		"custom_fields": []object{{"id": b.field("CNPJ"), "value": "112"}, {"id": b.field("Catálogo de serviços"), "value": "z_outros"}},
	})
	ana, marcos := b.user("Ana Beatriz Souza"), b.user("Marcos Vinícius Teixeira")
	if err := b.desk.Assign(id, ana.ID, ana.ID); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"ticket.id": itoa(id), "ticket.external_id": "s1", "ticket.title": "Conversa pelo WhatsApp", "ticket.status": "open",
		"ticket.priority": "low", "ticket.ticket_type": "question", "ticket.tags": "whatsapp z_outros", "ticket.via": "api",
		"ticket.description": "Bom dia, preciso de ajuda.", "ticket.created_at_with_timestamp": "2026-11-22T12:00:00Z",
		"ticket.updated_at_with_timestamp": "2026-11-22T12:00:00Z", "ticket.url": baseURL + "/agent/tickets/" + itoa(id),
		"ticket.requester.name": marcos.Name, "ticket.requester.first_name": "Marcos", "ticket.requester.id": itoa(marcos.ID),
		"ticket.requester.email": marcos.Email, "ticket.requester.phone": marcos.Phone, "ticket.assignee.name": ana.Name,
		"ticket.assignee.email": ana.Email, "ticket.group.name": "WINTHOR WHATSAPP", "ticket.group.id": itoa(b.group("WINTHOR WHATSAPP")),
		"ticket.organization.name": "Distribuidora Aurora Ltda", "ticket.organization.external_id": "11222333000181",
		"ticket.organization.id": itoa(marcos.OrganizationID), "ticket.ticket_field_" + itoa(b.field("CNPJ")): "112",
		"current_user.id": itoa(ana.ID), "current_user.name": ana.Name, "current_user.role": "agent", "current_user.external_id": "",
		"ticket.latest_comment": "nota do agente", "ticket.latest_public_comment": "Bom dia, preciso de ajuda.",
		"ticket.latest_comment.author.id": itoa(ana.ID), "ticket.latest_public_comment.author.name": marcos.Name,
		"ticket.latest_public_comment_html": `<div class="zd-comment" dir="auto"><p dir="auto">Bom dia, preciso de ajuda.</p></div>`,
		"ticket.nothing":                    "", "dc.nothing": "",
		"ticket.assignee.id": itoa(ana.ID), "ticket.ticket_form": "Suporte Winthor", "ticket.cc_names": "", "ticket.brand.id": "8447346621310",
		"ticket.submitter.id": itoa(marcos.ID), "ticket.organization.custom_fields.cnpj": "11.222.333/0001-81",
		"ticket.organization.custom_fields.nada": "", "ticket.requester.custom_fields.nada": "", "ticket.due_date_with_timestamp": "",
		"ticket.ticket_field_option_title_" + itoa(b.field("Catálogo de serviços")): "Distribuição::Linha Winthor::99::007::Z-Outros",
		"ticket.ticket_field_" + itoa(b.field("Catálogo de serviços")):              "z_outros",
		"ticket.ticket_field_option_title_" + itoa(b.field("CNPJ")):                 "112",
	} {
		webhook := b.call("POST", "/api/v2/webhooks", hook(object{"endpoint": b.hooks.url("/p")})).want(201).text("webhook", "id")
		tr := b.call("POST", "/api/v2/triggers", trigger("notification_webhook", []string{webhook, `{"v":"{{ ` + name + ` }}"}`})).want(201)
		if _, err := b.desk.AgentComment(id, ana.ID, "nota do agente", false); err != nil {
			t.Fatal(err)
		}
		b.pump()
		for _, d := range b.hooks.take() {
			if d.path == "/p" && d.json(t)["v"] != want {
				t.Errorf("%s: %q, want %q", name, d.json(t)["v"], want)
			}
		}
		b.call("DELETE", "/api/v2/triggers/"+itoa(tr.id("trigger", "id")), nil).want(204)
	}
}

// TestTheAccountsOwnMails shows what setup has to prevent: comments on a WhatsApp ticket e-mail the customer.
func TestTheAccountsOwnMails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, marcos, edson := b.user("Ana Beatriz Souza"), b.user("Marcos Vinícius Teixeira"), b.user("Edson Farias")
	id := b.ticket(nil)
	reply := func(public bool) {
		if _, err := b.desk.AgentComment(id, ana.ID, "Olá", public); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.desk.Mails(id, marcos.ID); got != 1 {
		t.Errorf("%d mails at the creation", got)
	}
	reply(false)
	if got := b.desk.Mails(id, marcos.ID); got != 1 {
		t.Errorf("%d mails after a note", got)
	}
	reply(true)
	if got := b.desk.Mails(id, marcos.ID); got != 2 {
		t.Errorf("%d mails after a public comment", got)
	}
	for _, title := range []string{"CCs sobre solicitação", "CCs sobre atualização"} {
		r := b.get("/api/v2/triggers/search?query="+url.QueryEscape(title)).want(200).is(1, "count")
		conditions, _ := r.at("triggers", 0, "conditions").(object)
		all, _ := conditions["all"].([]any)
		conditions["all"] = append(all, cond("current_tags", "not_includes", "whatsapp"))
		b.call("PUT", "/api/v2/triggers/"+itoa(r.id("triggers", 0, "id")), object{"trigger": object{"conditions": conditions}}).want(200)
	}
	reply(true)
	if got := b.desk.Mails(id, marcos.ID); got != 2 {
		t.Errorf("%d mails in spite of the tag", got)
	}
	// Who has no e-mail address gets none.
	other := b.ticket(object{"requester_id": edson.ID, "tags": []string{}})
	if got := b.desk.Mails(other, edson.ID); got != 0 {
		t.Errorf("%d mails to nowhere", got)
	}
	b.put(id, object{"assignee_id": ana.ID}).want(200)
	if got := b.desk.Mails(id, ana.ID); got != 1 {
		t.Errorf("%d mails to the assignee", got)
	}
}
