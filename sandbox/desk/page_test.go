package desk_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.page(0, "GET", "/agents", nil).want(200)
	if r.len("agents") != 8 || strings.Contains(string(r.raw), "Ponte (integração)") {
		t.Errorf("agents: %s", r.raw)
	}
	ana := b.user("Ana Beatriz Souza")
	b.page(0, "POST", "/session", object{"agent_id": ana.ID}).want(200).is("WINTHOR WHATSAPP", "agent", "groups", 1, "name")
	b.page(0, "POST", "/session", object{"agent_id": b.user("Edson Farias").ID}).want(404)
	b.page(ana.ID, "GET", "/me", nil).want(200).is(ana.Name, "agent", "name")
	for _, nobody := range []int64{0, 5, b.user("Edson Farias").ID} {
		for _, path := range []string{"/me", "/tickets", "/changes", "/stream", "/knobs"} {
			b.page(nobody, "GET", path, nil).want(401)
		}
	}
	b.page(ana.ID, "GET", "/nada", nil).want(404)
	b.page(ana.ID, "PATCH", "/me", nil).want(405)
}

func TestPageList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	queue := b.group("WINTHOR WHATSAPP")
	one := b.ticket(object{"group_id": queue, "subject": "Primeiro"})
	b.pass(time.Minute)
	two := b.ticket(object{"assignee_id": ana.ID, "status": "pending", "requester_id": b.user("Edson Farias").ID})
	view := itoa(b.named("/api/v2/views", "views", "title", "Seus tickets não resolvidos"))
	mine := []int64{two, firstSeeded + 22, firstSeeded + 16, firstSeeded + 11, firstSeeded + 7, firstSeeded + 3, firstSeeded}
	b.page(ana.ID, "GET", "/tickets", nil).want(200).is(seededTickets+2, "count").is(two, "tickets", 0, "id").is(one, "tickets", 1, "id")
	for query, want := range map[string][]int64{
		"?tag=WhatsApp":                {two, one},
		"?status=new":                  {one, lastSeeded},
		"?status=new,pending":          {two, one, lastSeeded, firstSeeded + 19},
		"?group_id=" + itoa(queue):     {one},
		"?assignee_id=me":              mine,
		"?assignee_id=none":            {one, lastSeeded},
		"?assignee_id=" + itoa(ana.ID): mine,
		"?view_id=" + view:             {two, firstSeeded + 22},
		"?q=primeiro":                  {one},
		"?q=edson":                     {two},
		"?q=%2B5585954320005":          {two},
		"?q=aurora&status=new":         {one, lastSeeded},
		"?q=" + itoa(one):              {one},
		"?per_page=1&page=2":           {one},
	} {
		r := b.page(ana.ID, "GET", "/tickets"+query, nil).want(200)
		if got := r.ids("tickets"); asJSON(got) != asJSON(want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	r := b.page(ana.ID, "GET", "/tickets?tag=whatsapp", nil).is("Edson Farias", "tickets", 0, "requester", "name")
	r.is("Mercantil Serra Azul Ltda", "tickets", 0, "organization", "name").is("WINTHOR WHATSAPP", "tickets", 1, "group", "name").
		is(ana.Name, "tickets", 0, "assignee", "name").is(nil, "tickets", 1, "assignee").is(1, "page")
}

func TestPageWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	id := b.ticket(object{"group_id": b.group("WINTHOR WHATSAPP")})
	path := "/tickets/" + itoa(id)
	b.page(ana.ID, "GET", path, nil).want(200).is("Bom dia, preciso de ajuda.", "comments", 0, "body").
		is("Marcos Vinícius Teixeira", "comments", 0, "author", "name").is("end-user", "comments", 0, "author", "role").is("new", "ticket", "status")
	up := b.page(ana.ID, "POST", "/uploads?filename=tela.png", "PNG").want(201)
	r := b.page(ana.ID, "PUT", path, object{
		"assignee_id": ana.ID, "status": "pending", "subject": "Novo assunto", "tags": []string{"whatsapp", "vip"}, "external_id": "não pode",
		"comment": object{"html_body": "<p>Olá <b>Marcos</b></p>", "public": true, "uploads": []string{up.text("upload", "token")}},
	}).want(200)
	r.is("pending", "ticket", "status").is("Novo assunto", "ticket", "subject").is(nil, "ticket", "external_id").is(ana.ID, "ticket", "assignee_id")
	r.is("Olá **Marcos**", "comments", 1, "body").is("tela.png", "comments", 1, "attachments", 0, "file_name").is("web", "comments", 1, "channel")
	if c := b.desk.Comments(id)[1]; c.AuthorID != ana.ID || c.UpdaterID != ana.ID {
		t.Errorf("comment %+v", c)
	}
	b.pump()
	got := b.hooks.take()
	if len(got) != 1 || got[0].json(t)["actor_id"] != itoa(ana.ID) {
		t.Errorf("webhooks %v", got)
	}
	b.page(ana.ID, "POST", path+"/customer", object{"body": "Respondo por e-mail"}).want(200).is("open", "ticket", "status").
		is("email", "comments", 2, "channel")
	b.page(ana.ID, "PUT", path, object{"status": "nada"}).want(422)
	b.page(ana.ID, "PUT", path, "{").want(400)
	b.page(ana.ID, "GET", path+"/macros/"+itoa(b.macro("Pedir mais informações")), nil).want(200).is("pending", "result", "ticket", "status")
	b.page(ana.ID, "GET", "/tickets/1", nil).want(404)
	b.page(ana.ID, "PUT", "/tickets/1", object{}).want(404)
	b.page(ana.ID, "POST", "/tickets/1/customer", object{"body": "x"}).want(404)
	made := b.page(ana.ID, "POST", "/tickets", object{"subject": "Pelo telefone", "requester_id": b.user("Edson Farias").ID, "comment": object{"body": "Ligou"}}).want(201)
	made.is(ana.ID, "comments", 0, "author_id").is("Edson Farias", "ticket", "requester", "name")
	b.page(ana.ID, "POST", "/tickets", object{"subject": "x"}).want(422)
}

func TestPageLists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	b.page(ana, "GET", "/users?q=juliana", nil).want(200).is("Juliana Castro", "users", 0, "name").is(1, "count")
	b.page(ana, "GET", "/organizations", nil).want(200).is(5, "count")
	b.page(ana, "GET", "/groups", nil).want(200).is(4, "count")
	b.page(ana, "GET", "/macros", nil).want(200).is(11, "count")
	b.page(ana, "GET", "/views", nil).want(200).is(6, "count")
	b.page(ana, "GET", "/fields", nil).want(200).is("subject", "fields", 0, "type").is("Suporte Winthor", "forms", 0, "name")
	b.page(ana, "PUT", "/knobs", desk.Knobs{DropPercent: 7}).want(200).is(7, "drop_percent")
	b.page(ana, "GET", "/knobs", nil).want(200).is(7, "drop_percent")
	if got := b.desk.Knobs().DropPercent; got != 7 {
		t.Errorf("knob %d", got)
	}
}

func TestPageChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	seq, _ := b.desk.Changes()
	since := func() string { return "/changes?since=" + itoa(seq) }
	b.page(ana, "GET", since()+"&wait=0", nil).want(200).is([]any{}, "changes").is(seq, "seq").is(false, "reset")
	id := b.ticket(nil)
	r := b.page(ana, "GET", since(), nil).want(200).is([]object{{"seq": seq + 1, "ticket_id": id}}, "changes")
	seq = r.id("seq")
	// A waiting poll is answered by the next change.
	waiting := make(chan *reply)
	go func() {
		w := httptest.NewRecorder()
		req := httptest.NewRequestWithContext(t.Context(), "GET", since()+"&wait=50", nil)
		req.Header.Set("X-Desk-Agent", itoa(ana))
		b.desk.HelpdeskAPI().ServeHTTP(w, req)
		waiting <- &reply{t: t, status: w.Code, raw: w.Body.Bytes()}
	}()
	b.put(id, object{"status": "open"}).want(200)
	if got := string((<-waiting).raw); !strings.Contains(got, `"ticket_id":`+itoa(id)) {
		t.Errorf("answer %s", got)
	}
	b.page(ana, "GET", "/changes?since=999999", nil).want(200).is(true, "reset")
	if err := b.desk.Reset(); err != nil {
		t.Fatal(err)
	}
	b.page(b.user("Ana Beatriz Souza").ID, "GET", since(), nil).want(200).is(true, "reset")
}

func TestPageStream(t *testing.T) {
	t.Parallel()
	b := setup(t)
	server := httptest.NewServer(b.desk.HelpdeskAPI())
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/stream?agent="+itoa(b.user("Ana Beatriz Souza").ID), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	next := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended before %q", want)
	}
	next("event: hello")
	id := b.ticket(nil)
	next("event: change")
	next(`"ticket_id":` + itoa(id))
	if err := b.desk.Reset(); err != nil {
		t.Fatal(err)
	}
	next("event: reset")
}

// TestByHand does on the page what the support procedure asks of an agent: repair the requester and organisation, plan a task.
func TestByHand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	diego := b.agent("Diego Martins")
	stranger := b.newPerson(object{"name": "Pelo WhatsApp"})
	juliana, serra := b.user("Juliana Castro"), b.org("Mercantil Serra Azul Ltda")
	id := b.ticket(object{"requester_id": stranger.id})
	path := "/tickets/" + itoa(id)
	diego.get(path).want(200).is([]any{}, "ticket", "requester_organizations").is(nil, "ticket", "organization")
	r := diego.put(id, object{
		"requester_id": juliana.ID, "email_ccs": []object{{"user_id": stranger.id}}, "group_id": b.group("Suporte N2"), "assignee_id": diego.id,
		"organization_id": serra, "type": "task", "due_at": "2026-12-01T12:00:00Z", "subject": "Posicionamento do ticket 5180",
	}).want(200)
	r.is("Mercantil Serra Azul Ltda", "ticket", "organization", "name").is("2026-12-01T12:00:00Z", "ticket", "due_at").
		is("Pelo WhatsApp", "ticket", "email_cc_users", 0, "name").is("Posicionamento do ticket 5180", "ticket", "subject").
		is("Comercial Ipê Alimentos Ltda", "ticket", "requester_organizations", 0, "name").
		is(serra, "ticket", "requester_organizations", 1, "id")
	diego.put(id, object{"organization_id": b.org("Atacado Boa Vista S.A.")}).want(422)
	diego.put(id, object{"organization_id": nil}).want(200).is(nil, "ticket", "organization")
}
