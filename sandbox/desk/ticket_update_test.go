package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestUpdateAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	b.pass(time.Minute)
	marcos, ponte := b.user("Marcos Vinícius Teixeira"), b.user("Ponte (integração)")
	r := b.put(id, object{
		"comment":  object{"body": "Minha dúvida é outra", "author_id": marcos.ID},
		"subject":  "Outra dúvida",
		"metadata": object{"ponte_effect": "e7"},
	}).want(200)
	r.is("2026-11-22T12:01:00Z", "ticket", "updated_at").is("new", "ticket", "status")
	r.is(ponte.ID, "audit", "author_id").is("e7", "audit", "metadata", "custom", "ponte_effect").is(id, "audit", "ticket_id")
	r.is("Comment", "audit", "events", 0, "type").is(marcos.ID, "audit", "events", 0, "author_id").is(true, "audit", "events", 0, "public")
	r.is("Change", "audit", "events", 1, "type").is("subject", "audit", "events", 1, "field_name").
		is("Outra dúvida", "audit", "events", 1, "value").is("Conversa pelo WhatsApp", "audit", "events", 1, "previous_value")
	comments := b.desk.Comments(id)
	if got := comments[len(comments)-1].ID; got != r.id("audit", "events", 0, "id") {
		t.Errorf("comment %d, audit says %d", got, r.id("audit", "events", 0, "id"))
	}
	// Nothing changed: no audit, and the ticket keeps its time.
	b.pass(time.Minute)
	b.put(id, object{"subject": "Outra dúvida", "comment": object{"body": " "}}).want(200).
		is(nil, "audit").is("2026-11-22T12:01:00Z", "ticket", "updated_at")
}

func TestUpdateRules(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, diego := b.user("Ana Beatriz Souza"), b.user("Diego Martins")
	queue, n1, n2 := b.group("WINTHOR WHATSAPP"), b.group("Suporte N1"), b.group("Suporte N2")
	catalogue := b.field("Catálogo de serviços")
	type state struct {
		Status          string
		Assignee, Group int64
		Tags            string
	}
	for name, tt := range map[string]struct {
		first, update object // written on creation and then
		want          state
	}{
		"an assignee opens a new ticket": {
			object{"group_id": queue}, object{"assignee_id": ana.ID}, state{"open", ana.ID, queue, "whatsapp"},
		},
		"an assignee brings their default group": {
			nil, object{"assignee_id": ana.ID}, state{"open", ana.ID, n1, "whatsapp"},
		},
		"an assignee of another team moves the ticket": {
			object{"group_id": queue}, object{"assignee_id": diego.ID}, state{"open", diego.ID, n2, "whatsapp"},
		},
		"a group the assignee is not in frees the ticket": {
			object{"assignee_id": ana.ID}, object{"group_id": n2}, state{"open", 0, n2, "whatsapp"},
		},
		"a group the assignee is in keeps them": {
			object{"assignee_id": ana.ID}, object{"group_id": queue}, state{"open", ana.ID, queue, "whatsapp"},
		},
		"the assignee can be taken away": {
			object{"assignee_id": ana.ID}, object{"assignee_id": nil}, state{"open", 0, n1, "whatsapp"},
		},
		"solving leaves a ticket whose group the updater is not in unassigned": {
			object{"group_id": queue}, object{"status": "solved"}, state{"solved", 0, queue, "whatsapp"},
		},
		"a comment in the customer's name by the API reopens nothing": {
			object{"status": "pending"},
			object{"comment": object{"body": "x", "author_id": b.user("Marcos Vinícius Teixeira").ID}},
			state{"pending", 0, 0, "whatsapp"},
		},
		"a solved ticket can be reopened": {
			object{"status": "solved"}, object{"status": "open"}, state{"open", 0, 0, "whatsapp"},
		},
		"tags are replaced": {
			nil, object{"tags": []string{"B", "a", "b"}}, state{"new", 0, 0, "a b"},
		},
		"tags are emptied": {
			nil, object{"tags": []string{}}, state{"new", 0, 0, ""},
		},
		"a catalogue value brings its tag": {
			nil, object{"custom_fields": []object{{"id": catalogue, "value": "z_outros"}}}, state{"new", 0, 0, "whatsapp z_outros"},
		},
		"another catalogue value takes the old tag away": {
			object{"custom_fields": []object{{"id": catalogue, "value": "z_outros"}}},
			object{"custom_fields": []object{{"id": catalogue, "value": "abandono_de_chat"}}},
			state{"new", 0, 0, "abandono_de_chat whatsapp"},
		},
		"an emptied catalogue value takes its tag away": {
			object{"custom_fields": []object{{"id": catalogue, "value": "z_outros"}}},
			object{"custom_fields": []object{{"id": catalogue, "value": ""}}},
			state{"new", 0, 0, "whatsapp"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(tt.first)
			b.put(id, tt.update).want(200)
			v := b.show(id)
			if got := (state{v.Status, v.AssigneeID, v.GroupID, strings.Join(v.Tags, " ")}); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestTagsAndCatalogueFollowEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"custom_fields": []object{{"id": b.field("Catálogo de serviços"), "value": "z_outros"}}})
	value := func() string { return string(b.show(id).Fields["Catálogo de serviços"]) }
	b.put(id, object{"tags": []string{"whatsapp"}}).want(200)
	if value() != "" {
		t.Errorf("the catalogue kept %s without its tag", value())
	}
	b.put(id, object{"tags": []string{"whatsapp", "abandono_de_chat"}}).want(200)
	if value() != `"abandono_de_chat"` {
		t.Errorf("the catalogue is %s", value())
	}
	b.put(id, object{"tags": []string{"whatsapp", "abandono_de_chat", "z_outros"}}).want(200).
		is([]string{"whatsapp", "z_outros"}, "ticket", "tags")
}

func TestSolvingAssignsAnAgentWhoIsInTheGroup(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, queue := b.user("Ana Beatriz Souza"), b.group("WINTHOR WHATSAPP")
	id := b.ticket(object{"group_id": queue})
	if err := b.desk.SetStatus(id, ana.ID, "solved"); err != nil {
		t.Fatal(err)
	}
	if v := b.show(id); v.AssigneeID != ana.ID || v.GroupID != queue || v.Status != "solved" {
		t.Errorf("got %+v", v)
	}
}

func TestUpdateRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, closed := b.ticket(object{"status": "open"}), b.ticket(object{"status": "closed"})
	b.desk.SetKnobs(desk.Knobs{ClosedStatus: 403})
	b.put(closed, object{"status": "open"}).want(403)
	for name, tt := range map[string]struct {
		id     int64
		ticket object
		status int
		what   string
	}{
		"closed":              {closed, object{"status": "open"}, 422, "closed prevents ticket update"},
		"closed, comment":     {closed, object{"comment": object{"body": "x"}}, 422, "closed prevents ticket update"},
		"back to new":         {open, object{"status": "new"}, 422, "Status"},
		"stamp missing":       {open, object{"safe_update": true}, 400, "updated_stamp"},
		"unknown problem":     {open, object{"problem_id": open}, 422, "Problem"},
		"unknown type":        {open, object{"type": "chamado"}, 422, "Type"},
		"organisation's none": {open, object{"organization_id": 5}, 422, "Organization"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.ticket(object{"status": "open"})
			b.ticket(object{"status": "closed"})
			if r := b.put(tt.id, tt.ticket).want(tt.status); !strings.Contains(string(r.raw), tt.what) {
				t.Errorf("%s lacks %q", r.raw, tt.what)
			}
		})
	}
}

func TestSafeUpdate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	stamp := b.get(ticketPath(id)).text("ticket", "updated_at")
	safe := func(subject string) object {
		return object{"subject": subject, "safe_update": true, "updated_stamp": stamp}
	}
	b.pass(time.Minute)
	b.put(id, safe("Um")).want(200)
	b.pass(time.Minute)
	b.put(id, safe("Dois")).want(409).is("UpdateConflict", "error")
	stamp = b.get(ticketPath(id)).text("ticket", "updated_at")
	b.put(id, safe("Três")).want(200)
	if got := b.show(id).Subject; got != "Três" {
		t.Errorf("subject %q", got)
	}
}

func TestConflictsWithoutReason(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Rand = func() float64 { return 0.25 } })
	id := b.ticket(nil)
	b.desk.SetKnobs(desk.Knobs{ConflictPercent: 30})
	b.put(id, object{"subject": "x"}).want(409).is("UpdateConflict", "error")
	b.desk.SetKnobs(desk.Knobs{ConflictPercent: 25})
	b.put(id, object{"subject": "x"}).want(200)
}

func TestRequesterAndOrganisation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	juliana, ipe, serra := b.user("Juliana Castro"), b.org("Comercial Ipê Alimentos Ltda"), b.org("Mercantil Serra Azul Ltda")
	id := b.ticket(nil)
	b.put(id, object{"requester_id": juliana.ID}).want(200).is(ipe, "ticket", "organization_id")
	b.put(id, object{"organization_id": serra}).want(200).is(serra, "ticket", "organization_id")
	b.put(id, object{"organization_id": nil}).want(200).is(nil, "ticket", "organization_id")
	b.put(id, object{"email_ccs": []object{
		{"user_email": "contato@novo.example", "user_name": "Contato Novo", "action": "put"},
		{"user_id": itoa(b.user("Edson Farias").ID)},
	}}).want(200)
	if v := b.show(id); len(v.EmailCCs) != 2 || v.EmailCCs[0] != b.user("Contato Novo").ID {
		t.Errorf("ccs %v", v.EmailCCs)
	}
	b.put(id, object{"email_ccs": []object{{"user_email": "contato@novo.example", "action": "delete"}}}).want(200).
		is([]int64{b.user("Edson Farias").ID}, "ticket", "email_cc_ids")
	b.put(id, object{"followers": []object{{"user_id": juliana.ID}, {"user_email": "ana.souza@desk.example"}}}).want(200).
		is([]int64{b.user("Ana Beatriz Souza").ID}, "ticket", "follower_ids")
}

func TestTasksHaveADueDate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"type": "task", "due_at": "2026-12-01T15:00:00Z", "priority": "high"})
	b.get(ticketPath(id)).is("2026-12-01T15:00:00Z", "ticket", "due_at").is("task", "ticket", "type").is("high", "ticket", "priority")
	b.put(id, object{"type": "question", "due_at": "2026-12-01T15:00:00Z"}).want(200).is(nil, "ticket", "due_at")
}

func TestProblemsAndTheirIncidents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	problem := b.ticket(object{"type": "problem"})
	b.get(ticketPath(problem)).is(false, "ticket", "has_incidents")
	b.get(ticketPath(b.ticket(object{"type": "incident", "problem_id": problem}))).is(problem, "ticket", "problem_id")
	b.get(ticketPath(problem)).is(true, "ticket", "has_incidents")
}

func TestTagCalls(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	path := ticketPath(id, "/tags")
	b.call("PUT", path, object{"tags": []string{"B", "c"}}).want(200).is([]string{"b", "c", "whatsapp"}, "tags")
	b.call("DELETE", path, object{"tags": []string{"c"}}).want(200).is([]string{"b", "whatsapp"}, "tags")
	b.call("POST", path, object{"tags": "x y"}).want(201).is([]string{"x", "y"}, "tags")
	b.get(path).want(200).is([]string{"x", "y"}, "tags")
	b.call("PUT", path, object{"tags": []string{"z"}, "safe_update": true, "updated_stamp": "2026-11-22T11:59:59Z"}).want(409)
	b.get(ticketPath(1, "/tags")).want(404)
}

func TestSolvedTicketsAreClosedByTheAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id, again := b.ticket(nil), b.ticket(nil)
	b.put(id, object{"status": "solved"}).want(200)
	b.put(again, object{"status": "solved"}).want(200)
	b.pass(48 * time.Hour)
	b.put(again, object{"status": "open"}).want(200)
	b.put(again, object{"status": "solved"}).want(200)
	b.restart(dir)
	b.pass(48*time.Hour - time.Second)
	if got := b.show(id).Status; got != "solved" {
		t.Fatalf("closed too early: %s", got)
	}
	b.pass(time.Second)
	if b.show(id).Status != "closed" || b.show(again).Status != "solved" {
		t.Errorf("status %s and %s", b.show(id).Status, b.show(again).Status)
	}
	b.get(ticketPath(id, "/audits?sort=-created_at")).want(200).is(-1, "audits", 0, "author_id").is("rule", "audits", 0, "via", "channel")
}

func TestTheCustomerAnswersByEmail(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for before, after := range map[string]string{"new": "new", "open": "open", "pending": "open", "hold": "open", "solved": "open"} {
		id := b.ticket(object{"status": before})
		comment, err := b.desk.CustomerEmail(id, 0, "Respondo por e-mail")
		if err != nil {
			t.Fatal(err)
		}
		if got := b.show(id).Status; got != after {
			t.Errorf("%s became %s, want %s", before, got, after)
		}
		c := b.desk.Comments(id)[1]
		if c.ID != comment || !c.Public || c.AuthorID != b.show(id).RequesterID || c.UpdaterID != c.AuthorID {
			t.Errorf("comment %+v", c)
		}
		b.get(ticketPath(id, "/comments")).is("email", "comments", 1, "via", "channel")
	}
	if _, err := b.desk.CustomerEmail(b.ticket(nil), 0, " "); err == nil {
		t.Error("an empty e-mail became a comment")
	}
}

func TestMethodHead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodHead, ticketPath(b.ticket(nil)), nil).want(200)
}
