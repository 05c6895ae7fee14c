package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// agent is somebody at the helpdesk page.
type agent struct {
	b    *bench
	id   int64
	name string
}

func (b *bench) agent(name string) agent { b.t.Helper(); return agent{b, b.user(name).ID, name} }

func (a agent) get(path string) *reply { a.b.t.Helper(); return a.b.page(a.id, "GET", path, nil) }

func (a agent) put(ticket int64, body any) *reply {
	a.b.t.Helper()
	return a.b.page(a.id, "PUT", "/tickets/"+itoa(ticket), body)
}

func (a agent) post(path string, body any) *reply {
	a.b.t.Helper()
	return a.b.page(a.id, "POST", path, body)
}

func (a agent) upload(name, kind, content string) string {
	a.b.t.Helper()
	r := request(a.b.t, "POST", "/uploads?filename="+name, content)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Desk-Agent", itoa(a.id))
	return a.b.serve(a.b.desk.HelpdeskAPI(), r).want(201).text("upload", "token")
}

// TestWhatAnAgentDoes goes through everything that the page's JSON lets an agent do to a ticket.
func TestWhatAnAgentDoes(t *testing.T) {
	t.Parallel()
	type seen struct {
		want any
		path []any
	}
	b := setup(t)
	bruno, n2 := b.user("Bruno Carvalho").ID, b.group("Suporte N2")
	edson := b.user("Edson Farias").ID
	csat := b.field("Avaliação (CSAT)")
	for name, tt := range map[string]struct {
		body object
		see  []seen
	}{
		"answers": {
			object{"comment": object{"body": "Olá", "public": true}},
			[]seen{{"Olá", []any{"comments", 1, "body"}}, {true, []any{"comments", 1, "public"}}, {"web", []any{"comments", 1, "channel"}}},
		},
		"answers with markup": {
			object{"comment": object{"html_body": "<p>Olá, <strong>Marcos</strong></p>", "public": true}},
			[]seen{{"Olá, **Marcos**", []any{"comments", 1, "body"}}, {framed("<p>Olá, <strong>Marcos</strong></p>"), []any{"comments", 1, "html_body"}}},
		},
		"notes": {
			object{"comment": object{"body": "Só nós", "public": false}},
			[]seen{{false, []any{"comments", 1, "public"}}},
		},
		"answers and waits": {
			object{"comment": object{"body": "E agora?", "public": true}, "status": "pending"},
			[]seen{{"pending", []any{"ticket", "status"}}, {"E agora?", []any{"comments", 1, "body"}}},
		},
		"takes it": {
			object{"assignee_id": "me"}, nil, // filled in below
		},
		"hands it over": {
			object{"assignee_id": bruno},
			[]seen{{bruno, []any{"ticket", "assignee_id"}}, {"Bruno Carvalho", []any{"ticket", "assignee", "name"}}, {"open", []any{"ticket", "status"}}},
		},
		"moves it to N2": {
			object{"group_id": n2},
			[]seen{{n2, []any{"ticket", "group_id"}}, {"Suporte N2", []any{"ticket", "group", "name"}}, {nil, []any{"ticket", "assignee"}}},
		},
		"renames it":  {object{"subject": "Outro"}, []seen{{"Outro", []any{"ticket", "subject"}}}},
		"tags it":     {object{"tags": []string{"Vip", "b"}}, []seen{{[]string{"b", "vip"}, []any{"ticket", "tags"}}}},
		"hurries":     {object{"priority": "urgent"}, []seen{{"urgent", []any{"ticket", "priority"}}}},
		"classifies":  {object{"type": "incident"}, []seen{{"incident", []any{"ticket", "type"}}}},
		"fills in":    {object{"custom_fields": []object{{"id": csat, "value": 5}}}, nil},
		"puts it off": {object{"status": "hold"}, []seen{{"hold", []any{"ticket", "status"}}}},
		"solves it": {
			object{"status": "solved"},
			[]seen{{"solved", []any{"ticket", "status"}}, {"Ana Beatriz Souza", []any{"ticket", "assignee", "name"}}},
		},
		"changes who asks": {
			object{"requester_id": edson},
			[]seen{{"Edson Farias", []any{"ticket", "requester", "name"}}, {"Mercantil Serra Azul Ltda", []any{"ticket", "organization", "name"}}},
		},
		"copies somebody": {
			object{"email_ccs": []object{{"user_email": "chefe@novo.example", "user_name": "Chefe", "action": "put"}}},
			[]seen{{"Chefe", []any{"ticket", "email_cc_users", 0, "name"}}, {"chefe@novo.example", []any{"ticket", "email_cc_users", 0, "email"}}},
		},
		"nothing at all": {object{}, []seen{{1, []any{"comment_count"}}}},
		"what is not theirs": {
			object{"external_id": "x", "created_at": "2020-01-01T00:00:00Z", "id": 7, "via": object{"channel": "x"}, "metadata": object{"a": 1}},
			[]seen{{nil, []any{"ticket", "external_id"}}, {"api", []any{"ticket", "via", "channel"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ana := b.agent("Ana Beatriz Souza")
			id := b.ticket(object{"group_id": b.group("WINTHOR WHATSAPP")})
			if tt.body["assignee_id"] == "me" {
				tt.body, tt.see = object{"assignee_id": ana.id}, []seen{{ana.name, []any{"ticket", "assignee", "name"}}, {"open", []any{"ticket", "status"}}}
			}
			r := ana.put(id, tt.body).want(200)
			for _, s := range tt.see {
				r.is(s.want, s.path...)
			}
			again := ana.get("/tickets/" + itoa(id)).want(200)
			if string(again.raw) != string(r.raw) {
				t.Errorf("read again: %s, answered %s", again.raw, r.raw)
			}
			if list := b.desk.Comments(id); len(list) > 1 && (list[1].AuthorID != ana.id || list[1].UpdaterID != ana.id) {
				t.Errorf("comment %+v", list[1])
			}
		})
	}
}

func TestAnAgentWritesInNobodyElsesName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.ticket(nil)
	ana.put(id, object{"comment": object{"body": "x", "author_id": b.user("Bruno Carvalho").ID}}).want(200).is(ana.id, "comments", 1, "author_id")
}

func TestAgentsAndTheirFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.ticket(nil)
	tokens := []string{
		ana.upload("tela.png", "image/png", "PNG"), ana.upload("voz.ogg", "audio/ogg", "OggS"), ana.upload("manual.pdf", "application/pdf", "%PDF"),
	}
	r := ana.put(id, object{"comment": object{"html_body": "<p>Segue</p>", "public": true, "uploads": tokens}}).want(200)
	for i, kind := range []string{"image/png", "audio/ogg", "application/pdf"} {
		r.is(kind, "comments", 1, "attachments", i, "content_type")
		if w := b.download(r.text("comments", 1, "attachments", i, "content_url")); w.Code != 200 {
			t.Errorf("%s: %d", kind, w.Code)
		}
	}
	// In a note, and alone.
	ana.put(id, object{"comment": object{"public": false, "uploads": []string{ana.upload("a.txt", "text/plain", "x")}}}).want(200).
		is(false, "comments", 2, "public").is("a.txt", "comments", 2, "attachments", 0, "file_name").is("", "comments", 2, "body")
	ana.put(id, object{"comment": object{"body": "x", "uploads": tokens[:1]}}).want(422)
	r = ana.post("/tickets", object{
		"subject": "Pelo telefone", "requester_id": b.user("Edson Farias").ID,
		"comment": object{"body": "Ligou", "public": false, "uploads": []string{ana.upload("b.txt", "text/plain", "x")}},
	}).want(201)
	r.is(false, "comments", 0, "public").is("b.txt", "comments", 0, "attachments", 0, "file_name")
}

// TestTheCustomerByOtherWays is about answers that do not come over WhatsApp.
func TestTheCustomerByOtherWays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body    object
		status  int
		channel string
		said    string
	}{
		"e-mail":            {object{"body": "Respondo"}, 200, "email", "Respondo"},
		"e-mail, said so":   {object{"body": "Respondo", "channel": "email"}, 200, "email", "Respondo"},
		"portal":            {object{"body": "Pelo portal", "channel": "web"}, 200, "web", "Pelo portal"},
		"with markup":       {object{"html_body": "<p>Com <b>força</b></p>"}, 200, "email", "Com **força**"},
		"another channel":   {object{"body": "x", "channel": "whatsapp"}, 422, "", ""},
		"nothing said":      {object{"body": "  "}, 422, "", ""},
		"nothing at all":    {object{}, 422, "", ""},
		"an unknown token":  {object{"body": "x", "uploads": []string{"x"}}, 422, "", ""},
		"an unknown person": {object{"body": "x", "user_id": 5}, 404, "", ""},
		"no object":         {nil, 400, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ana, marcos := b.agent("Ana Beatriz Souza"), b.user("Marcos Vinícius Teixeira").ID
			id := b.ticket(object{"status": "pending"})
			var body any = tt.body
			if tt.body == nil {
				body = "["
			}
			r := ana.post("/tickets/"+itoa(id)+"/customer", body).want(tt.status)
			if tt.status != 200 {
				if n := len(b.desk.Comments(id)); n != 1 {
					t.Errorf("%d comments", n)
				}
				return
			}
			r.is("open", "ticket", "status").is(tt.said, "comments", 1, "body").is(tt.channel, "comments", 1, "channel").
				is(marcos, "comments", 1, "author_id").is(true, "comments", 1, "public")
			b.get(ticketPath(id, "/comments")).is(tt.channel, "comments", 1, "via", "channel")
			b.get(ticketPath(id, "/audits")).is(marcos, "audits", 1, "author_id")
		})
	}
}

func TestWhoElseAnswersByEmail(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.ticket(object{"email_ccs": []object{{"user_email": "chefe@novo.example"}}})
	chief := b.show(id).EmailCCs[0]
	path := "/tickets/" + itoa(id) + "/customer"
	ana.post(path, object{"body": "Sou o chefe", "user_id": chief, "uploads": []string{ana.upload("a.txt", "text/plain", "x")}}).want(200).
		is("chefe", "comments", 1, "author", "name").is("a.txt", "comments", 1, "attachments", 0, "file_name")
	ana.post("/tickets/1/customer", object{"body": "x"}).want(404)
	ana.post("/tickets/5158/customer", object{"body": "x"}).want(422) // closed
	b.put(id, object{"status": "solved"}).want(200)
	b.call("DELETE", "/api/v2/users/"+itoa(chief), nil).want(200)
	ana.post(path, object{"body": "x", "user_id": chief}).want(404)
}

func TestAgentsTidyUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.ticket(object{"comment": object{"body": "Meu cartão é 4111"}})
	comment := "/tickets/" + itoa(id) + "/comments/" + itoa(b.desk.Comments(id)[0].ID)
	b.page(ana.id, "PUT", comment+"/redact", object{"text": "4111"}).want(200).is("Meu cartão é ▇▇▇▇", "comment", "body")
	b.page(ana.id, "PUT", comment+"/make_private", nil).want(200).is(false, "comment", "public")
	ana.get("/tickets/"+itoa(id)).want(200).is(false, "comments", 0, "public")
	b.page(ana.id, "DELETE", "/tickets/"+itoa(id), nil).want(204)
	ana.get("/tickets/" + itoa(id)).want(404)
	b.page(ana.id, "DELETE", "/tickets/"+itoa(id), nil).want(404)
}

func TestTheLatestCommentsOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.talk(5)
	for query, want := range map[string][]string{
		"":          {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4", "resposta 5"},
		"?last=2":   {"resposta 4", "resposta 5"},
		"?last=0":   nil,
		"?last=6":   {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4", "resposta 5"},
		"?last=999": {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4", "resposta 5"},
		"?last=-1":  {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4", "resposta 5"},
		"?last=x":   {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4", "resposta 5"},
	} {
		r := ana.get("/tickets/"+itoa(id)+query).want(200).is(6, "comment_count")
		var got []string
		for i := range r.len("comments") {
			got = append(got, r.text("comments", i, "body"))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %v", query, got)
		}
	}
	// The answer to a change is cut in the same way.
	b.page(ana.id, "PUT", "/tickets/"+itoa(id)+"?last=1", object{"comment": object{"body": "fim"}}).want(200).
		is("fim", "comments", 0, "body").is(7, "comment_count")
}

func TestPeopleOnThePage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	juliana := b.user("Juliana Castro").ID
	for n := range 10 {
		b.pass(time.Minute)
		b.ticket(object{"requester_id": juliana, "subject": fmt.Sprint("ticket ", n)})
	}
	r := ana.get("/users/" + itoa(juliana)).want(200)
	r.is("Juliana Castro", "user", "name").is("juliana@ipe.example", "identities", 0, "value").is("+5531965430004", "identities", 1, "value").
		is("Comercial Ipê Alimentos Ltda", "organization", "name").is("não", "organization", "organization_fields", "pendencia_financeira").
		is(12, "ticket_count").is("ticket 9", "tickets", 0, "subject").is("Juliana Castro", "tickets", 0, "requester", "name")
	if r.len("tickets") != 8 {
		t.Errorf("%d tickets", r.len("tickets"))
	}
	ana.get("/users/"+itoa(b.user("Gustavo Pires").ID)).want(200).is(nil, "organization").is([]any{}, "tickets")
	ana.get("/users/5").want(404)

	made := ana.post("/users", object{"user": object{"name": "Nova Pessoa", "phone": "+5511900001111"}}).want(201)
	id := made.id("user", "id")
	path := "/users/" + itoa(id)
	b.page(ana.id, "PUT", path, object{"user": object{"notes": "VIP"}}).want(200).is("VIP", "user", "notes")
	mail := ana.post(path+"/identities", object{"identity": object{"type": "email", "value": "nova@x.example"}}).want(201)
	second := ana.post(path+"/identities", object{"identity": object{"type": "email", "value": "outra@x.example"}}).want(201)
	b.page(ana.id, "PUT", path+"/identities/"+itoa(second.id("identity", "id"))+"/make_primary", nil).want(200)
	b.page(ana.id, "DELETE", path+"/identities/"+itoa(mail.id("identity", "id")), nil).want(204)
	ana.get(path).want(200).is("outra@x.example", "user", "email")
	for query, want := range map[string]string{
		"nova pessoa": "Nova Pessoa", "NOVA": "Nova Pessoa", "outra@x": "Nova Pessoa", "11900001111": "Nova Pessoa", "(11) 90000-1111": "Nova Pessoa",
		"+5531965430004": "Juliana Castro", "ninguém": "",
	} {
		if got := ana.get("/users?q="+escape(query)).want(200).text("users", 0, "name"); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestLongListsOnThePage(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	ana := b.agent("Ana Beatriz Souza")
	var want []int64
	for n := range 250 {
		b.clock.SetOffset(time.Duration(n+1) * time.Second)
		want = append(want, b.ticket(object{"subject": fmt.Sprint("n", n)}))
	}
	seen := map[int64]bool{}
	for page := 1; ; page++ {
		r := ana.get(fmt.Sprintf("/tickets?tag=whatsapp&per_page=100&page=%d", page)).want(200).is(250, "count").is(page, "page")
		for _, id := range r.ids("tickets") {
			if seen[id] || id != want[len(want)-1-len(seen)] {
				t.Fatalf("page %d: ticket %d out of order", page, id)
			}
			seen[id] = true
		}
		if r.at("next_page") == nil {
			break
		}
	}
	if len(seen) != 250 {
		t.Errorf("%d tickets seen", len(seen))
	}
	if got := ana.get("/tickets?per_page=1000").want(200).len("tickets"); got != 100 {
		t.Errorf("%d at once", got)
	}
	if got := ana.get("/tickets").want(200).len("tickets"); got != 30 {
		t.Errorf("%d by default", got)
	}
	ana.get("/tickets?page=9999&per_page=100").want(400)
	ana.get("/tickets?page=4&per_page=100&tag=whatsapp").want(200).is([]any{}, "tickets")
}

func TestRowsOfTheList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.agent("Ana Beatriz Souza")
	id := b.ticket(object{
		"group_id": b.group("WINTHOR WHATSAPP"), "assignee_id": ana.id, "priority": "high", "external_id": "s1", "tags": []string{"whatsapp", "vip"},
	})
	r := ana.get("/tickets?q=s1").want(200)
	for _, tt := range []struct {
		want any
		path []any
	}{
		{id, []any{"id"}},
		{"Conversa pelo WhatsApp", []any{"subject"}},
		{"open", []any{"status"}},
		{"high", []any{"priority"}},
		{"s1", []any{"external_id"}},
		{[]string{"vip", "whatsapp"}, []any{"tags"}},
		{"2026-11-22T12:00:00Z", []any{"created_at"}},
		{"2026-11-22T12:00:00Z", []any{"updated_at"}},
		{"api", []any{"via", "channel"}},
		{"Marcos Vinícius Teixeira", []any{"requester", "name"}},
		{"+5511987650001", []any{"requester", "phone"}},
		{"Ana Beatriz Souza", []any{"assignee", "name"}},
		{ana.id, []any{"assignee_id"}},
		{"WINTHOR WHATSAPP", []any{"group", "name"}},
		{"Distribuidora Aurora Ltda", []any{"organization", "name"}},
	} {
		r.is(tt.want, append([]any{"tickets", 0}, tt.path...)...)
	}
	bare := b.ticket(object{"requester_id": b.user("Gustavo Pires").ID, "group_id": nil})
	ana.get("/tickets?q="+itoa(bare)).want(200).is(nil, "tickets", 0, "assignee").is(nil, "tickets", 0, "organization").is(nil, "tickets", 0, "group")
}

func TestThePageKeepsAgentsFromOverwritingEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, bruno := b.agent("Ana Beatriz Souza"), b.agent("Bruno Carvalho")
	id := b.ticket(nil)
	stamp := ana.get("/tickets/"+itoa(id)).text("ticket", "updated_at")
	b.pass(time.Second)
	bruno.put(id, object{"priority": "low"}).want(200)
	ana.put(id, object{"priority": "high", "safe_update": true, "updated_stamp": stamp}).want(409).is("UpdateConflict", "error")
	ana.put(id, object{"priority": "high"}).want(200).is("high", "ticket", "priority")
	b.knobs(desk.Knobs{ConflictPercent: 100})
	ana.put(id, object{"priority": "low"}).want(409)
}
