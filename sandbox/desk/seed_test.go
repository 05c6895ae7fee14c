package desk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// The seeded tickets are numbered from firstSeeded to lastSeeded.
const (
	seededTickets = 27
	firstSeeded   = 5158
	lastSeeded    = firstSeeded + seededTickets - 1
)

// assigned lists the tickets that an agent has, oldest first.
func (b *bench) assigned(agent int64) []int64 {
	b.t.Helper()
	var out []int64
	for _, v := range b.desk.Tickets() {
		if v.AssigneeID == agent {
			out = append(out, v.ID)
		}
	}
	return out
}

// TestWhoOpenedMostTickets wants one person in every company, whether all their tickets are counted or the company's alone.
func TestWhoOpenedMostTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := map[string][]string{ // the first is who opened most
		"Distribuidora Aurora Ltda":    {"Marcos Vinícius Teixeira 3", "Mariana Albuquerque 2", "Patrícia Nogueira 2"},
		"Atacado Boa Vista S.A.":       {"Roberto Sampaio 3", "Sebastião Farias 2", "Cláudia Menezes 1"},
		"Comercial Ipê Alimentos Ltda": {"Antônio Resende 3", "Juliana Castro 2", "Otávio Brandão 1"},
		"Mercantil Serra Azul Ltda":    {"Lívia Sarmento 3", "Juliana Castro 2", "Tadeu Quaresma 1", "Edson Farias 0"},
		"Laticínios Campo Novo S.A.":   {"Rafael Toledo 3", "Simone Albuquerque 1", "Beatriz Lemos 0"},
	}
	for org, people := range want {
		var got []string
		users := b.get("/api/v2/organizations/" + itoa(b.org(org)) + "/users").want(200)
		for i := range users.len("users") {
			n := b.get("/api/v2/users/"+itoa(users.id("users", i, "id"))+"/related").want(200).id("user_related", "requested_tickets")
			got = append(got, users.text("users", i, "name")+" "+itoa(n))
		}
		slices.SortFunc(got, func(a, c string) int {
			if n := strings.Compare(c[len(c)-1:], a[len(a)-1:]); n != 0 {
				return n
			}
			return strings.Compare(a, c)
		})
		if diff := cmp.Diff(people, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", org, diff)
		}
	}
	both := b.get("/api/v2/users/" + itoa(b.user("Juliana Castro").ID) + "/organizations").want(200)
	both.is("Comercial Ipê Alimentos Ltda", "organizations", 0, "name").is("Mercantil Serra Azul Ltda", "organizations", 1, "name").is(2, "count")
}

// TestCompaniesOfTheSeed holds what the financial check and the look-up by CNPJ are tried on.
func TestCompaniesOfTheSeed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := map[string][]any{}
	r := b.get("/api/v2/organizations").want(200)
	for i := range r.len("organizations") {
		fields := []any{"organizations", i, "organization_fields"}
		got[r.text("organizations", i, "name")] = []any{
			r.at(append(fields, "cnpj")...), r.at("organizations", i, "external_id"), r.at(append(fields, "pendencia_financeira")...),
		}
	}
	want := map[string][]any{
		"Distribuidora Aurora Ltda":    {"11.222.333/0001-81", "11222333000181", "não"},
		"Atacado Boa Vista S.A.":       {"45312789000154", "45312789000154", "sim"},
		"Comercial Ipê Alimentos Ltda": {"12.ABC.345/01DE-35", "12ABC34501DE35", "não"},
		"Mercantil Serra Azul Ltda":    {"60741852000161", nil, nil},
		"Laticínios Campo Novo S.A.":   {"7Q4ZT81K000135", "7Q4ZT81K000135", "sim"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestExpectedDatesOfTheSeed wants tickets with an expected date, with a task's due date, and with neither.
func TestExpectedDatesOfTheSeed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := map[string]string{}
	r := b.get("/api/v2/tickets?sort_by=created_at").want(200)
	date := b.field("Data prevista")
	for i := range r.len("tickets") {
		status := r.text("tickets", i, "status")
		if status == "closed" {
			continue
		}
		said := status + " "
		if due := r.text("tickets", i, "due_at"); due != "" {
			said += r.text("tickets", i, "type") + " " + due
		}
		for n := range r.len("tickets", i, "custom_fields") {
			if r.id("tickets", i, "custom_fields", n, "id") == date {
				said += r.text("tickets", i, "custom_fields", n, "value")
			}
		}
		got[r.text("tickets", i, "subject")] = said
	}
	want := map[string]string{
		"Integração com o coletor de leite":   "open 2026-12-01",
		"Segunda via de boleto":               "pending ",
		"Implantar a rotina 1203 na filial 3": "open task 2026-11-27T12:00:00Z",
		"Erro ao registrar boleto":            "open 2026-11-26",
		"Relatório de vencimento por lote":    "solved 2026-11-21",
		"Usuário sem acesso à rotina 316":     "open ",
		"Treinamento da rotina 1400":          "solved task 2026-11-21T12:00:00Z",
		"Dúvida sobre tabela de preços":       "new ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What was solved lately is still to be closed; nobody is told of it.
	b.pass(48 * time.Hour)
	if n := len(b.hooks.take()); n != 0 {
		t.Errorf("%d webhooks", n)
	}
}

// TestANewAccount has what every account has and nothing else.
func TestANewAccount(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Seed = desk.SeedEmpty })
	b.get("/api/v2/users").want(200).is(1, "count").is("admin", "users", 0, "role").is("admin", "users", 0, "role")
	b.get("/api/v2/groups").want(200).is(1, "count").is(true, "groups", 0, "default")
	b.get("/api/v2/group_memberships").want(200).is(1, "count")
	for _, none := range []string{"tickets", "organizations", "organization_memberships", "organization_fields", "user_fields", "macros"} {
		b.get("/api/v2/"+none).want(200).is(0, "count")
	}
	b.get("/api/v2/webhooks").want(200).is([]any{}, "webhooks")
	b.get("/api/v2/views").want(200).is(5, "count")
	fields := b.get("/api/v2/ticket_fields").want(200).is(7, "count")
	for i := range 7 {
		fields.is(false, "ticket_fields", i, "removable")
	}
	b.get("/api/v2/ticket_forms").want(200).is(1, "count").is(true, "ticket_forms", 0, "default")
	r := b.get("/api/v2/triggers").want(200)
	var titles []string
	for i := range r.len("triggers") {
		r.is(true, "triggers", i, "active").is(true, "triggers", i, "default")
		titles = append(titles, r.text("triggers", i, "title"))
	}
	want := []string{
		mailReceived, mailComment, mailAssignee, mailAssigned, mailReopened, mailGroup,
		"Notificar todos os agentes sobre solicitação recebida", "Atribuir ao primeiro agente que responder por e-mail",
	}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
	// Its admin can sit at the page, and its first ticket goes out by e-mail.
	b.page(0, "GET", "/agents", nil).want(200).is("Dona da conta", "agents", 0, "name")
	id := b.call("POST", "/api/v2/tickets", object{"ticket": object{
		"comment": "Oi", "requester": object{"name": "Primeira", "email": "primeira@x.example"},
	}}).want(201).id("ticket", "id")
	if id != firstSeeded {
		t.Errorf("ticket %d", id)
	}
	if got := b.posted(); len(got) != 1 || got[0] != "primeira@x.example: "+mailReceived {
		t.Errorf("mails %v", got)
	}
}

// TestReseed begins with another seed, which a restart keeps as data.
func TestReseed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	b.ticket(nil)
	if err := b.desk.Reseed("cheia"); err == nil || !strings.Contains(err.Error(), `"cheia"`) {
		t.Errorf("error %v", err)
	}
	b.get("/api/v2/tickets/count").want(200).is(seededTickets+1, "count", "value")
	if err := b.desk.Reseed(desk.SeedEmpty); err != nil {
		t.Fatal(err)
	}
	b.get("/api/v2/tickets/count").want(200).is(0, "count", "value")
	b.restart(dir)
	b.get("/api/v2/tickets/count").want(200).is(0, "count", "value")
	b.get("/api/v2/webhooks").want(200).is([]any{}, "webhooks")
	if err := b.desk.Reseed(desk.SeedFull); err != nil {
		t.Fatal(err)
	}
	b.get("/api/v2/tickets/count").want(200).is(seededTickets, "count", "value")
	if n := b.get("/api/v2/webhooks").want(200).len("webhooks"); n != 1 {
		t.Errorf("%d webhooks", n)
	}
	b.cfg.Seed = "nenhuma"
	if _, err := desk.New(b.cfg); err == nil {
		t.Error("an unknown seed was taken")
	}
}

// TestSetUpFromNothing makes in a new account all that a set-up needs, reads it back, and has it work.
func TestSetUpFromNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Seed = desk.SeedEmpty })
	added := func(path, key string, body object) int64 {
		t.Helper()
		r := b.call("POST", "/api/v2/"+path, object{key: body})
		if r.status != 200 && r.status != 201 {
			t.Fatalf("%s: %d %s", path, r.status, r.raw)
		}
		id := r.id(key, "id")
		back := b.get("/api/v2/" + path + "/" + itoa(id)).want(200)
		for name, value := range body {
			if got := back.at(key, name); asJSON(got) != asJSON(value) && name != "custom_field_options" && name != "all" {
				t.Errorf("%s: %s is %s, written %s", path, name, asJSON(got), asJSON(value))
			}
		}
		return id
	}
	queue := added("groups", "group", object{"name": "Fila do WhatsApp"})
	agent := b.call("POST", "/api/v2/users", object{"user": object{"name": "Nina", "email": "nina@desk.example", "role": "agent"}}).want(201).id("user", "id")
	b.call("POST", "/api/v2/group_memberships", object{"group_membership": object{"user_id": agent, "group_id": queue}}).want(201)
	added("organization_fields", "organization_field", object{"key": "cnpj", "title": "CNPJ", "type": "text"})
	added("organization_fields", "organization_field", object{
		"key": "pendencia_financeira", "title": "Pendência Financeira", "type": "dropdown",
		"custom_field_options": []object{{"name": "Sim", "value": "sim"}, {"name": "Não", "value": "não"}},
	})
	session := added("ticket_fields", "ticket_field", object{"title": "Sessão WhatsApp", "type": "text"})
	catalogue := added("ticket_fields", "ticket_field", object{
		"title": "Catálogo de serviços", "type": "tagger", "custom_field_options": []object{{"name": "A::B", "value": "a_b"}},
	})
	macro := added("macros", "macro", object{
		"title": "Atendimento Whatsapp (Oficial)", "active": true,
		"actions": []object{{"field": "status", "value": "solved"}, {"field": "custom_fields_" + itoa(catalogue), "value": "a_b"}},
	})
	hookID := b.call("POST", "/api/v2/webhooks", hook(object{"endpoint": b.hooks.url("/ponte")})).want(201).text("webhook", "id")
	if b.get("/api/v2/webhooks/"+hookID+"/signing_secret").want(200).text("signing_secret", "secret") == "" {
		t.Error("no secret")
	}
	hint := added("triggers", "trigger", object{
		"title":      "Ponte",
		"conditions": object{"all": []object{cond("update_type", "is", "Change"), cond("current_tags", "includes", "whatsapp")}, "any": []any{}},
		"actions": []object{{"field": "notification_webhook", "value": []string{
			hookID, `{"ticket_id":"{{ticket.id}}","group_id":"{{ticket.group.id}}","assignee_id":"{{ticket.assignee.id}}","organization_id":"{{ticket.organization.id}}","tags":"{{ticket.tags}}"}`,
		}}},
	})
	view := added("views", "view", object{"title": "WINTHOR WHATSAPP", "all": []object{cond("status", "less_than", "solved"), cond("group_id", "is", itoa(queue))}})
	added("ticket_forms", "ticket_form", object{"name": "WhatsApp", "ticket_field_ids": []int64{session, catalogue}})

	org := b.call("POST", "/api/v2/organizations", object{"organization": object{
		"name": "Cliente Ltda", "external_id": "11222333000181", "organization_fields": object{"cnpj": "11222333000181", "pendencia_financeira": "sim"},
	}}).want(201).id("organization", "id")
	b.get("/api/v2/organizations/search?external_id=11222333000181").want(200).is("sim", "organizations", 0, "organization_fields", "pendencia_financeira")
	customer := b.call("POST", "/api/v2/users", object{"user": object{"name": "Cliente", "organization_id": org}}).want(201).id("user", "id")
	id := b.call("POST", "/api/v2/tickets", object{"ticket": object{
		"comment": "Oi", "requester_id": customer, "group_id": queue, "tags": []string{"whatsapp"}, "custom_fields": []object{{"id": session, "value": "s1"}},
	}}).want(201).id("ticket", "id")
	b.get("/api/v2/views/"+itoa(view)+"/tickets").want(200).is(id, "tickets", 0, "id").is(1, "count")
	b.put(id, object{"assignee_id": agent}).want(200).is("open", "ticket", "status")
	b.pump()
	told := b.hooks.take()
	if len(told) != 1 {
		t.Fatalf("%d webhooks", len(told))
	}
	want := object{
		"ticket_id": itoa(id), "group_id": itoa(queue), "assignee_id": itoa(agent), "organization_id": itoa(org), "tags": "whatsapp",
	}
	if diff := cmp.Diff(want, told[0].json(t)); diff != "" {
		t.Errorf("hint (-want +got):\n%s", diff)
	}
	r := b.get(ticketPath(id, "/macros/", itoa(macro), "/apply")).want(200).is("solved", "result", "ticket", "status")
	r.is([]string{"a_b", "whatsapp"}, "result", "ticket", "tags")
	// A second run finds everything by its title and changes nothing.
	b.get("/api/v2/macros/search?query=oficial").want(200).is(1, "count")
	b.get("/api/v2/triggers/search?query=ponte").want(200).is(hint, "triggers", 0, "id").is(1, "count")
	b.get("/api/v2/views/search?query=winthor").want(200).is(view, "views", 0, "id").is(1, "count")
	before := b.get("/api/v2/ticket_fields/" + itoa(catalogue)).want(200)
	b.call("PUT", "/api/v2/ticket_fields/"+itoa(catalogue), object{"ticket_field": object{
		"custom_field_options": []json.RawMessage{json.RawMessage(asJSON(before.at("ticket_field", "custom_field_options", 0)))},
	}}).want(200).is(before.at("ticket_field", "custom_field_options"), "ticket_field", "custom_field_options")
}
