package desk_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCreateTicket(t *testing.T) {
	t.Parallel()
	b := setup(t)
	marcos := b.user("Marcos Vinícius Teixeira")
	r := b.call("POST", "/api/v2/tickets.json", object{"ticket": object{
		"subject": "Atendimento iniciado via WhatsApp", "requester_id": marcos.ID, "external_id": "sessao-1",
		"tags":     []string{"WhatsApp", "campanha_natal", "whatsapp"},
		"group_id": b.group("WINTHOR WHATSAPP"),
		"comment":  object{"body": "Bom dia\n\n<b>tudo</b> bem?", "public": true},
		"custom_fields": []object{
			{"id": b.field("CNPJ"), "value": "11222333000181"},
			{"id": b.field("Avaliação (CSAT)"), "value": 5},
			{"id": b.field("Catálogo de serviços"), "value": "z_outros"},
			{"id": 12, "value": "there is no such field"},
		},
		"metadata": object{"ponte": object{"effect": "e1"}},
	}}).want(201)
	id := r.id("ticket", "id")
	if want := baseURL + "/api/v2/tickets/" + itoa(id) + ".json"; r.header.Get("Location") != want || r.text("ticket", "url") != want {
		t.Errorf("location %q, url %q, want %q", r.header.Get("Location"), r.text("ticket", "url"), want)
	}
	r.is("new", "ticket", "status").is("sessao-1", "ticket", "external_id").is(nil, "ticket", "assignee_id")
	r.is([]string{"campanha_natal", "whatsapp", "z_outros"}, "ticket", "tags")
	r.is(marcos.OrganizationID, "ticket", "organization_id").is("api", "ticket", "via", "channel")
	r.is("2026-11-22T12:00:00Z", "ticket", "created_at").is("2026-11-22T12:00:00Z", "ticket", "updated_at")
	r.is("e1", "audit", "metadata", "custom", "ponte", "effect")
	r.is("Comment", "audit", "events", 0, "type").is(marcos.ID, "audit", "events", 0, "author_id")
	r.is("<div class=\"zd-comment\" dir=\"auto\"><p dir=\"auto\">Bom dia</p>\n\n<p dir=\"auto\">&lt;b&gt;tudo&lt;/b&gt; bem?</p></div>",
		"audit", "events", 0, "html_body")

	v := b.show(id)
	fields := map[string]string{}
	for title, raw := range v.Fields {
		fields[title] = string(raw)
	}
	want := map[string]string{"CNPJ": `"11222333000181"`, "Avaliação (CSAT)": "5", "Catálogo de serviços": `"z_outros"`}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Error(diff)
	}
	c := b.desk.Comments(id)
	if len(c) != 1 || c[0].AuthorID != marcos.ID || c[0].UpdaterID != b.user("Ponte (integração)").ID || !c[0].Public {
		t.Errorf("comments: %+v", c)
	}
	if string(c[0].Custom) != `{"ponte":{"effect":"e1"}}` {
		t.Errorf("custom: %s", c[0].Custom)
	}
}

func TestCreateTicketFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, tt := range map[string]struct {
		ticket object
		status string
		author string // of the first comment
	}{
		"nobody named: the API's user":  {object{}, "new", "Ponte (integração)"},
		"somebody new, by name":         {object{"requester": object{"name": "Cliente Novo"}}, "new", "Cliente Novo"},
		"somebody known, by e-mail":     {object{"requester": object{"email": "juliana@ipe.example"}}, "new", "Juliana Castro"},
		"a submitter writes":            {object{"requester": object{"email": "juliana@ipe.example"}, "submitter_id": b.user("Ana Beatriz Souza").ID}, "new", "Ana Beatriz Souza"},
		"a named author writes":         {object{"comment": object{"body": "Oi", "author_id": b.user("Edson Farias").ID}}, "new", "Edson Farias"},
		"assigned tickets are open":     {object{"assignee_id": b.user("Ana Beatriz Souza").ID}, "open", "Ponte (integração)"},
		"the description is a comment":  {object{"comment": nil, "description": "Oi"}, "new", "Ponte (integração)"},
		"the comment is a text":         {object{"comment": "Oi"}, "new", "Ponte (integração)"},
		"ids as texts":                  {object{"assignee_id": itoa(b.user("Bruno Carvalho").ID)}, "open", "Ponte (integração)"},
		"solved, and closed when asked": {object{"status": "closed"}, "closed", "Ponte (integração)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			obj := object{"subject": name, "comment": object{"body": "Oi"}}
			maps.Copy(obj, tt.ticket)
			r := b.call("POST", "/api/v2/tickets", object{"ticket": obj}).want(201).is(tt.status, "ticket", "status")
			r.is(b.user(tt.author).ID, "audit", "events", 0, "author_id").is("Oi", "ticket", "description")
		})
	}
}

func TestCreateTicketRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	comment := object{"body": "Oi"}
	for name, tt := range map[string]struct {
		body   any
		status int
		code   string
		what   string // in the answer
	}{
		"no ticket":                  {object{"x": 1}, 400, "InvalidAttribute", "ticket"},
		"not JSON":                   {`{"ticket":`, 400, "InvalidJSON", ""},
		"wrong type":                 {`{"ticket":{"tags":7}}`, 400, "InvalidJSON", ""},
		"no comment":                 {object{"ticket": object{"subject": "x"}}, 422, "RecordInvalid", "Description: cannot be blank"},
		"blank comment":              {object{"ticket": object{"comment": object{"body": "  \n"}}}, 422, "RecordInvalid", "BlankValue"},
		"unknown requester":          {object{"ticket": object{"comment": comment, "requester_id": 5}}, 422, "RecordInvalid", "Requester"},
		"requester without name":     {object{"ticket": object{"comment": comment, "requester": object{"email": "novo@x.example"}}}, 422, "RecordInvalid", "too short"},
		"requester with bad e-mail":  {object{"ticket": object{"comment": comment, "requester": object{"name": "X", "email": "novo@"}}}, 422, "RecordInvalid", "not properly formatted"},
		"unknown author":             {object{"ticket": object{"comment": object{"body": "x", "author_id": 5}}}, 422, "RecordInvalid", "Author"},
		"unknown group":              {object{"ticket": object{"comment": comment, "group_id": 5}}, 422, "RecordInvalid", "Group"},
		"assignee is a customer":     {object{"ticket": object{"comment": comment, "assignee_id": b.user("Edson Farias").ID}}, 422, "RecordInvalid", "Assignee"},
		"assignee of another group":  {object{"ticket": object{"comment": comment, "group_id": b.group("Financeiro"), "assignee_id": b.user("Ana Beatriz Souza").ID}}, 422, "RecordInvalid", "member"},
		"organisation of another":    {object{"ticket": object{"comment": comment, "requester_id": b.user("Edson Farias").ID, "organization_id": b.org("Laticínios Campo Novo S.A.")}}, 422, "RecordInvalid", "Organization"},
		"unknown status":             {object{"ticket": object{"comment": comment, "status": "resolvido"}}, 422, "RecordInvalid", "Status"},
		"unknown priority":           {object{"ticket": object{"comment": comment, "priority": "alta"}}, 422, "RecordInvalid", "Priority"},
		"unknown form":               {object{"ticket": object{"comment": comment, "ticket_form_id": 5}}, 422, "RecordInvalid", "form"},
		"no option of the catalogue": {object{"ticket": object{"comment": comment, "custom_fields": []object{{"id": b.field("Catálogo de serviços"), "value": "x"}}}}, 422, "RecordInvalid", "Catálogo"},
		"no number":                  {object{"ticket": object{"comment": comment, "custom_fields": []object{{"id": b.field("Avaliação (CSAT)"), "value": "cinco"}}}}, 422, "RecordInvalid", "CSAT"},
		"no date":                    {object{"ticket": object{"comment": comment, "custom_fields": []object{{"id": b.field("Data prevista"), "value": "amanhã"}}}}, 422, "RecordInvalid", "Data"},
		"comment too long":           {object{"ticket": object{"comment": object{"body": strings.Repeat("ã", 65536)}}}, 422, "RecordInvalid", "too long"},
		"unknown upload":             {object{"ticket": object{"comment": object{"body": "x", "uploads": []string{"x"}}}}, 422, "RecordInvalid", "token"},
		"follow-up of a living one":  {object{"ticket": object{"comment": comment, "via_followup_source_id": lastSeeded}}, 422, "RecordInvalid", "closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			before := len(b.desk.Tickets())
			r := b.call("POST", "/api/v2/tickets", tt.body).want(tt.status).is(tt.code, "error")
			if !strings.Contains(string(r.raw), tt.what) {
				t.Errorf("%s lacks %q", r.raw, tt.what)
			}
			if len(b.desk.Tickets()) != before {
				t.Error("a ticket was made")
			}
		})
	}
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": object{"body": strings.Repeat("ã", 65535)}}}).want(201)
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	body := `{"ticket":{"subject":"Um","comment":{"body":"Oi"},"external_id":"s1"}}`
	first := b.call("POST", "/api/v2/tickets", body, "Idempotency-Key", "k1").want(201)
	if got := first.header.Get("x-idempotency-lookup"); got != "miss" {
		t.Errorf("lookup %q", got)
	}
	b.put(first.id("ticket", "id"), object{"status": "pending"}).want(200)
	again := func(key string) *reply {
		t.Helper()
		return b.call("POST", "/api/v2/tickets", ` { "ticket": {"comment":{"body":"Oi"},"subject":"Um","external_id":"s1"}}`, "Idempotency-Key", key)
	}
	for _, when := range []string{"at once", "after a restart"} {
		r := again("k1").want(201)
		if r.header.Get("x-idempotency-lookup") != "hit" || string(r.raw) != string(first.raw) {
			t.Errorf("%s: lookup %q, body %s", when, r.header.Get("x-idempotency-lookup"), r.raw)
		}
		b.restart(dir)
	}
	other := strings.Replace(body, "Um", "Dois", 1)
	b.call("POST", "/api/v2/tickets", other, "Idempotency-Key", "k1").want(400).is("IdempotentRequestError", "error").
		is("Request parameters don't match the given idempotency key", "description")
	b.call("POST", "/api/v2/tickets", other, "Idempotency-Key", "k2").want(201)
	b.call("POST", "/api/v2/tickets", other, "Idempotency-Key", strings.Repeat("k", 256)).want(400)
	b.call("POST", "/api/v2/tickets", other, "Idempotency-Key", strings.Repeat("k", 255)).want(201)

	b.pass(2*time.Hour - time.Second)
	again("k1").want(201).is(first.id("ticket", "id"), "ticket", "id")
	b.pass(time.Second)
	if r := again("k1").want(201); r.id("ticket", "id") == first.id("ticket", "id") || r.header.Get("x-idempotency-lookup") != "miss" {
		t.Error("the key outlived its two hours")
	}
	b.get("/api/v2/tickets.json?external_id=s1").want(200).is(4, "count")
}

func TestARefusedCreationKeepsItsKeyFree(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("POST", "/api/v2/tickets", object{"ticket": object{}}, "Idempotency-Key", "k").want(422)
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "Oi"}}, "Idempotency-Key", "k").want(201)
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"custom_fields": []object{{"id": b.field("CNPJ"), "value": "1"}}})
	b.put(id, object{"status": "solved"}).want(200)
	follow := object{"ticket": object{"comment": object{"body": "Voltou a acontecer"}, "via_followup_source_id": id}}
	b.call("POST", "/api/v2/tickets", follow).want(422)
	b.put(id, object{"status": "closed"}).want(200)
	r := b.call("POST", "/api/v2/tickets", follow).want(201)
	r.is("follow_up", "ticket", "via", "source", "rel").is(id, "ticket", "via", "source", "from", "ticket_id")
	r.is([]string{"whatsapp"}, "ticket", "tags").is("new", "ticket", "status").is("Conversa pelo WhatsApp", "ticket", "subject")
	r.is(b.user("Marcos Vinícius Teixeira").ID, "ticket", "requester_id")
	b.get(ticketPath(id)).want(200).is([]int64{r.id("ticket", "id")}, "ticket", "followup_ids")
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.call("POST", "/api/v2/tickets", `{"ticket":{"comment":{"body":"Oi","created_at":"0001-01-01T00:00:00Z"},"id":7,"strange":1,"additional_tags":["x"]}}`).want(201)
	want := `Removed restricted keys ["additional_tags", "created_at", "id", "strange"] from parameters`
	if got := r.header.Get("X-Zendesk-API-Warn"); got != want {
		t.Errorf("warning %q, want %q", got, want)
	}
	r.is([]string{}, "ticket", "tags")
	r = b.call("POST", "/api/v2/tickets", object{"ticket": object{"comment": "Oi"}}).want(201)
	if got := r.header.Get("X-Zendesk-API-Warn"); got != "" {
		t.Errorf("warning %q", got)
	}
}

func TestListTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a, c := b.ticket(object{"external_id": "s1"}), b.ticket(object{"external_id": "s2"})
	b.get("/api/v2/tickets.json?external_id=s2").want(200).is(1, "count").is(c, "tickets", 0, "id")
	b.get("/api/v2/tickets.json?external_id=S2").want(200).is(0, "count")
	b.get("/api/v2/tickets/show_many?ids="+itoa(a)+","+itoa(c)+",1").want(200).is(2, "count")
	b.get("/api/v2/tickets/show_many?ids=x").want(400)
	b.get("/api/v2/tickets/count").want(200).is(seededTickets+2, "count", "value")
	b.get("/api/v2/tickets?sort_by=created_at&sort_order=desc&per_page=1").want(200).is(c, "tickets", 0, "id").
		is(baseURL+"/api/v2/tickets?page=2&per_page=1&sort_by=created_at&sort_order=desc", "next_page")
	r := b.get(ticketPath(a) + "?include=users,organizations,groups,comment_count").want(200)
	r.is(1, "ticket", "comment_count").is("Distribuidora Aurora Ltda", "organizations", 0, "name")
	if r.len("users") != 1 {
		t.Errorf("users: %s", r.raw)
	}
	user := "/api/v2/users/" + itoa(b.user("Marcos Vinícius Teixeira").ID)
	b.get(user+"/tickets/requested").want(200).is(5, "count")
	b.get(user+"/tickets/requested/count").want(200).is(5, "count", "value")
	b.get("/api/v2/users/5/tickets/requested").want(404)
	b.get("/api/v2/organizations/"+itoa(b.org("Distribuidora Aurora Ltda"))+"/tickets").want(200).is(9, "count")
}

func TestDeleteTicket(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id := b.ticket(nil)
	b.call("DELETE", ticketPath(id), nil).want(204)
	for range 2 {
		b.get(ticketPath(id)).want(404)
		b.put(id, object{"subject": "x"}).want(404)
		b.call("DELETE", ticketPath(id), nil).want(404)
		b.restart(dir)
	}
	if next := b.ticket(nil); next != id+1 {
		t.Errorf("the next ticket is %d after %d was deleted", next, id)
	}
}
