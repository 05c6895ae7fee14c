package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestOptionsOneByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/api/v2/ticket_fields/" + itoa(b.field("Catálogo de serviços")) + "/options"
	list := b.get(path).want(200).is(7, "count")
	first := itoa(list.id("custom_field_options", 0, "id"))
	b.get(path+"/"+first).want(200).is("emissao_de_nf_e", "custom_field_option", "value")

	option := func(o object) *reply { t.Helper(); return b.call("POST", path, object{"custom_field_option": o}) }
	made := option(object{"name": "Distribuição::Nova", "value": "nova"}).want(201).is("nova", "custom_field_option", "value")
	if made.header.Get("Location") == "" {
		t.Error("no Location")
	}
	id := made.id("custom_field_option", "id")
	option(object{"id": id, "name": "Distribuição::Renomeada"}).want(200).is("nova", "custom_field_option", "value").
		is("Distribuição::Renomeada", "custom_field_option", "raw_name").is(id, "custom_field_option", "id")
	option(object{"name": "Outra", "value": "nova"}).want(422) // the value is taken
	option(object{"name": "Sem valor"}).want(422)
	b.call("POST", path, object{"custom_field_option": 7}).want(400)
	b.get(path).want(200).is(8, "count").is(list.at("custom_field_options", 0), "custom_field_options", 0)

	ticket := b.ticket(object{"custom_fields": []object{{"id": b.field("Catálogo de serviços"), "value": "nova"}}})
	b.call("DELETE", path+"/"+itoa(id), nil).want(204)
	b.call("DELETE", path+"/"+itoa(id), nil).want(404)
	b.get(path + "/" + itoa(id)).want(404)
	if got := b.show(ticket); !slices.Contains(got.Tags, "nova") || string(got.Fields["Catálogo de serviços"]) != `"nova"` {
		t.Errorf("ticket %+v", got)
	}
	for _, wrong := range []string{"/api/v2/ticket_fields/5/options", "/api/v2/ticket_fields/" + itoa(b.field("CNPJ")) + "/options"} {
		b.get(wrong).want(404)
		b.call("POST", wrong, object{"custom_field_option": object{"name": "x", "value": "x"}}).want(404)
		b.call("DELETE", wrong+"/"+first, nil).want(404)
	}
	b.get("/api/v2/ticket_fields/count").want(200).is(21, "count", "value")
}

// TestAWrittenListReplacesTheOldOne wants nothing of the old options to slip into the new ones.
func TestAWrittenListReplacesTheOldOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/api/v2/ticket_fields/" + itoa(b.field("Catálogo de serviços"))
	before := b.get(path).id("ticket_field", "custom_field_options", 0, "id")
	r := b.call("PUT", path, object{"ticket_field": object{"custom_field_options": []object{{"name": "Só", "value": "so"}}}}).want(200)
	if r.len("ticket_field", "custom_field_options") != 1 || r.id("ticket_field", "custom_field_options", 0, "id") == before {
		t.Errorf("options %s", r.raw)
	}
	b.call("PUT", path, object{"ticket_field": object{"description": "x"}}).want(200).is(r.at("ticket_field", "custom_field_options"), "ticket_field", "custom_field_options")
	b.call("PUT", path, object{"ticket_field": 7}).want(400)
}

func TestWhatRulesMayDo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	names := func(r *reply, path ...any) map[string]int {
		out := map[string]int{}
		for i := range r.want(200).len(path...) {
			at := append(slices.Clone(path), i)
			out[r.text(append(at, "field")...)] = r.len(append(at, "values")...)
		}
		return out
	}
	catalogue := "custom_fields_" + itoa(b.field("Catálogo de serviços"))
	macros := names(b.get("/api/v2/macros/actions"), "actions")
	for field, values := range map[string]int{"status": 4, "group_id": 4, "comment_value": 0, "comment_mode_is_public": 2, catalogue: 7, "assignee_id": 10} {
		if n, known := macros[field]; !known || n != values {
			t.Errorf("macros: %s has %d values, want %d (known: %v)", field, n, values, known)
		}
	}
	if _, mails := macros["notification_webhook"]; mails {
		t.Error("macros call webhooks")
	}
	if got := names(b.get("/api/v2/macros/definitions"), "definitions", "actions"); len(got) != len(macros) {
		t.Errorf("definitions %v", got)
	}
	triggers := b.get("/api/v2/triggers/definitions")
	actions := names(triggers, "definitions", "actions")
	if n, known := actions["notification_webhook"]; !known || n != 1 {
		t.Errorf("actions %v", actions)
	}
	conditions := names(triggers, "definitions", "conditions_all")
	for _, field := range []string{"role", "comment_is_public", "current_tags", "update_type", "group_id", "organization_id", catalogue} {
		if _, known := conditions[field]; !known {
			t.Errorf("no condition on %s", field)
		}
	}
	if triggers.len("definitions", "conditions_any", 0, "operators") < 10 {
		t.Error("conditions without operators")
	}
	b.get("/api/v2/macros/categories").want(200).is([]any{}, "categories")
	b.call("POST", "/api/v2/macros", object{"macro": object{"title": "Fiscal::Nota", "actions": []object{{"field": "status", "value": "open"}}}}).want(200)
	b.get("/api/v2/macros/categories").want(200).is([]string{"Fiscal"}, "categories")
}

// TestLightAgents read everything, write notes only, and are given nothing.
func TestLightAgents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	roles := b.get("/api/v2/custom_roles").want(200).is(3, "count")
	ivo := b.person("Ivo Menezes")
	ivo.is("agent", "role")
	ivo.is(1, "role_type")
	ivo.is(roles.at("custom_roles", 1, "id"), "custom_role_id")
	b.person("Ana Beatriz Souza").is(0, "role_type")
	b.person("Helena Prado").is(4, "role_type")
	b.person("Edson Farias").is(nil, "role_type")

	id := b.ticket(nil)
	b.put(id, object{"assignee_id": ivo.id}).want(422)
	r := b.page(ivo.id, "PUT", "/tickets/"+itoa(id), object{"status": "solved", "subject": "mudou", "comment": object{"body": "Vi isso", "public": true}}).want(200)
	r.is("new", "ticket", "status").is("Conversa pelo WhatsApp", "ticket", "subject").is(false, "comments", 1, "public")
	b.page(ivo.id, "GET", "/me", nil).want(200).is(true, "agent", "light")
	// An admin makes them a plain agent.
	ivo.change(object{"custom_role_id": nil, "role_type": 4}).want(200).is(0, "user", "role_type")
	b.page(ivo.id, "PUT", "/tickets/"+itoa(id), object{"comment": object{"body": "Agora sim", "public": true}}).want(200).is(true, "comments", 2, "public")
}

func TestOrganisationsByKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	aurora, boavista := b.org("Distribuidora Aurora Ltda"), b.org("Atacado Boa Vista S.A.")
	many := "/api/v2/organizations/show_many?"
	b.get(many+"ids="+itoa(aurora)+",5").want(200).is(1, "count").is(aurora, "organizations", 0, "id")
	b.get(many+"external_ids=7q4zt81k000135,45312789000154,nada").want(200).is(2, "count")
	b.get(many + "ids=x").want(400)
	b.get("/api/v2/organizations/"+itoa(aurora)+"/related").want(200).is(7, "organization_related", "tickets_count").is(3, "organization_related", "users_count")
	b.get("/api/v2/organizations/5/related").want(404)

	upsert := func(o object) *reply {
		t.Helper()
		return b.call("POST", "/api/v2/organizations/create_or_update", object{"organization": o})
	}
	upsert(object{"id": aurora, "notes": "pelo id"}).want(200).is(aurora, "organization", "id").is("pelo id", "organization", "notes")
	upsert(object{"external_id": "45312789000154", "organization_fields": object{"pendencia_financeira": "não"}}).want(200).
		is(boavista, "organization", "id").is("45312789000154", "organization", "organization_fields", "cnpj")
	upsert(object{"name": "mercantil serra azul ltda", "external_id": "60741852000161"}).want(200).is("60741852000161", "organization", "external_id")
	upsert(object{"name": "Nova Ltda", "external_id": "n1"}).want(201).is("Nova Ltda", "organization", "name")
	upsert(object{"notes": "sem nome"}).want(422)
	b.call("POST", "/api/v2/organizations/create_or_update", `{"organization":{"name":[]}}`).want(400)
}

// TestSearchingOrganisations finds them by their fields once the index has seen them, and no longer after they are gone.
func TestSearchingOrganisations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.knobs(desk.Knobs{SearchLagSeconds: 60})
	id := b.call("POST", "/api/v2/organizations", object{"organization": object{
		"name": "Papelaria Ouro Ltda", "external_id": "33014556000196", "organization_fields": object{"cnpj": "33.014.556/0001-96"},
	}}).want(201).id("organization", "id")
	queries := []string{
		`type:organization cnpj:"33.014.556/0001-96"`, "type:organization external_id:33014556000196", "type:organization cnpj:33.014*",
		`cnpj:33.014.556/0001-96`, "type:organization papelaria",
	}
	seen := func(want ...int64) {
		t.Helper()
		for _, q := range queries {
			if got := b.found(q); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", q, got, want)
			}
		}
	}
	path := "/api/v2/organizations/" + itoa(id)
	seen()
	b.get("/api/v2/organizations/search?external_id=33014556000196").want(200).is(id, "organizations", 0, "id") // the records do not lag
	b.pass(time.Minute)
	seen(id)
	b.call("PUT", path, object{"organization": object{"organization_fields": object{"cnpj": "outro"}}}).want(200).is("33014556000196", "organization", "external_id")
	seen(id) // as it was
	b.pass(time.Minute)
	if got := b.found(queries[0]); len(got) != 0 {
		t.Errorf("by the old CNPJ: %v", got)
	}
	b.call("DELETE", path, nil).want(204)
	if got := b.found("type:organization papelaria"); !slices.Equal(got, []int64{id}) {
		t.Errorf("just deleted: %v", got)
	}
	b.pass(time.Minute)
	if got := b.found("type:organization papelaria"); len(got) != 0 {
		t.Errorf("deleted: %v", got)
	}
	for q, want := range map[string]int64{
		"type:organization cnpj:12.abc.345/01de-35":                                           b.org("Comercial Ipê Alimentos Ltda"),
		"type:organization cnpj:60741852000161":                                               b.org("Mercantil Serra Azul Ltda"),
		`type:user phone:"+5511987650142"`:                                                    b.user("Mariana Albuquerque").ID,
		"type:user organization:" + itoa(b.org("Atacado Boa Vista S.A.")) + " name:sebastião": b.user("Sebastião Farias").ID,
	} {
		if got := b.found(q); !slices.Equal(got, []int64{want}) {
			t.Errorf("%s: %v, want %d", q, got, want)
		}
	}
	// Groups too.
	group := b.call("POST", "/api/v2/groups", object{"group": object{"name": "Plantão"}}).want(201).id("group", "id")
	b.pass(time.Minute)
	if got := b.found("type:group plantão"); !slices.Equal(got, []int64{group}) {
		t.Errorf("groups %v", got)
	}
}
