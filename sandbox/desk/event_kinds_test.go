package desk_test

import (
	"strings"
	"testing"
)

// everyKind lists the events that the account can tell of a ticket.
func everyKind() []string {
	return append(allKinds(), "type_changed", "form_changed", "problem_link_changed", "task_due_at_changed", "email_ccs_changed",
		"followers_changed", "custom_status_changed", "custom_field_changed", "attachment_linked_to_comment", "comment_made_private",
		"comment_redacted")
}

// TestEventsOfEveryAttribute changes one thing after the other and reads what is told of it.
func TestEventsOfEveryAttribute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, edson, juliana := b.user("Ana Beatriz Souza"), b.user("Edson Farias"), b.user("Juliana Castro")
	marcos := b.user("Marcos Vinícius Teixeira")
	queue, n2 := b.group("WINTHOR WHATSAPP"), b.group("Suporte N2")
	csat, catalogue := b.field("Avaliação (CSAT)"), b.field("Catálogo de serviços")
	form := b.call("POST", "/api/v2/ticket_forms", object{"ticket_form": object{"name": "Outro"}}).want(201).id("ticket_form", "id")
	before := b.get("/api/v2/ticket_forms").id("ticket_forms", 0, "id")
	for name, tt := range map[string]struct {
		first, change object
		kinds         string
		event         object // of the first of the kinds
	}{
		"status": {
			nil, object{"status": "pending"}, "status_changed custom_status_changed", object{"current": "PENDING", "previous": "NEW"},
		},
		"priority": {object{"priority": "low"}, object{"priority": "urgent"}, "priority_changed", object{"current": "URGENT", "previous": "LOW"}},
		"no priority any more": {
			object{"priority": "low"}, object{"priority": nil}, "priority_changed", object{"current": nil, "previous": "LOW"},
		},
		"type":        {nil, object{"type": "question"}, "type_changed", object{"current": "QUESTION", "previous": nil}},
		"subject":     {nil, object{"subject": "Novo"}, "subject_changed", object{"current": "Novo", "previous": "Conversa pelo WhatsApp"}},
		"external id": {nil, object{"external_id": "s1"}, "external_id_changed", object{"current": "s1", "previous": nil}},
		"group":       {object{"group_id": queue}, object{"group_id": n2}, "group_assignment_changed", object{"current": itoa(n2), "previous": itoa(queue)}},
		"assignee": {
			object{"group_id": queue, "status": "open"},
			object{"assignee_id": ana.ID},
			"agent_assignment_changed",
			object{"current": itoa(ana.ID), "previous": nil},
		},
		"requester": {
			nil, object{"requester_id": edson.ID}, "requester_changed organization_changed", object{"current": itoa(edson.ID), "previous": itoa(marcos.ID)},
		},
		"tags": {
			object{"tags": []string{"a", "b"}},
			object{"tags": []string{"b", "c"}},
			"tags_changed",
			object{"tags_added": []string{"c"}, "tags_removed": []string{"a"}},
		},
		"form":    {nil, object{"ticket_form_id": form}, "form_changed", object{"current": itoa(form), "previous": itoa(before)}},
		"copies":  {nil, object{"email_ccs": []object{{"user_id": juliana.ID}}}, "email_ccs_changed", object{"current": []int64{juliana.ID}, "previous": []any{}}},
		"watched": {nil, object{"followers": []object{{"user_id": ana.ID}}}, "followers_changed", object{"current": []int64{ana.ID}, "previous": []any{}}},
		"due date": {
			object{"type": "task"}, object{"due_at": "2026-12-01T12:00:00Z"}, "task_due_at_changed", object{"current": "2026-12-01T12:00:00Z", "previous": nil},
		},
		"a number field": {
			nil,
			object{"custom_fields": []object{{"id": csat, "value": 4}}},
			"custom_field_changed",
			object{"current": 4, "previous": nil, "field": object{"id": itoa(csat), "title": "Avaliação (CSAT)", "type": "integer", "is_system": false}},
		},
		"the catalogue": {
			nil,
			object{"custom_fields": []object{{"id": catalogue, "value": "z_outros"}}},
			"tags_changed custom_field_changed",
			object{"tags_added": []string{"z_outros"}, "tags_removed": []any{}},
		},
		"a comment": {
			nil, object{"comment": object{"body": "x"}}, "comment_added", nil,
		},
		"much at once": {
			nil,
			object{"subject": "y", "priority": "high", "comment": object{"body": "x"}, "status": "hold"},
			"comment_added subject_changed status_changed custom_status_changed priority_changed", nil,
		},
		"nothing": {nil, object{"subject": "Conversa pelo WhatsApp"}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if name == "form" {
				b.call("POST", "/api/v2/ticket_forms", object{"ticket_form": object{"name": "Outro"}}).want(201).is(form, "ticket_form", "id")
			}
			id := b.ticket(tt.first)
			told := b.listen(everyKind()...)
			events := told(func() { b.put(id, tt.change).want(200) })
			if got := kinds(events); got != tt.kinds {
				t.Fatalf("told %q, want %q", got, tt.kinds)
			}
			sequence := ""
			for i, e := range events {
				body, _ := e["event"].(object)
				own, _ := at(body, "meta", "sequence", "id").(string)
				if i == 0 {
					sequence = own
				}
				if at(body, "meta", "sequence", "position") != float64(i+1) || own != sequence || own == "" {
					t.Errorf("sequence %v", at(body, "meta"))
				}
				delete(body, "meta")
				if i == 0 && tt.event != nil && asJSON(body) != asJSON(tt.event) {
					t.Errorf("event %s, want %s", asJSON(body), asJSON(tt.event))
				}
				if at(e, "detail", "id") != itoa(id) || e["subject"] != "zen:ticket:"+itoa(id) {
					t.Errorf("about %v, %v", e["subject"], at(e, "detail", "id"))
				}
			}
		})
	}
}

func TestEventsOfFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	told := b.listen(everyKind()...)
	up := b.upload("filename=tela.png", "image/png", "PNG").want(201)
	b.upload("filename=voz.ogg&token="+up.text("upload", "token"), "audio/ogg", "OggS").want(201)
	events := told(func() {
		b.put(id, object{"comment": object{"body": "veja", "public": false, "uploads": []string{up.text("upload", "token")}}}).want(200)
	})
	if got := kinds(events); got != "comment_added attachment_linked_to_comment attachment_linked_to_comment" {
		t.Fatalf("told %q", got)
	}
	comment := b.desk.Comments(id)[1]
	for i, f := range comment.Files {
		want := object{
			"comment": object{"id": itoa(comment.ID)},
			"attachment": object{
				"id": itoa(f.ID), "filename": f.Name, "content_type": f.ContentType, "content_url": f.ContentURL, "is_public": false,
			},
		}
		body, _ := events[i+1]["event"].(object)
		delete(body, "meta")
		if asJSON(body) != asJSON(want) {
			t.Errorf("event %s, want %s", asJSON(body), asJSON(want))
		}
	}
}

func TestEventsOfTidiedComments(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"comment": object{"body": "CPF 123"}})
	told := b.listen(everyKind()...)
	comment := ticketPath(id, "/comments/", itoa(b.desk.Comments(id)[0].ID))
	events := told(func() {
		b.call("PUT", comment+"/redact", object{"text": "123"}).want(200)
		b.call("PUT", comment+"/make_private", nil).want(200)
	})
	if got := kinds(events); got != "comment_redacted comment_made_private" {
		t.Fatalf("told %q", got)
	}
	if got := at(events[0], "event", "comment", "body"); got != "CPF ▇▇▇" {
		t.Errorf("body %v", got)
	}
	if got := at(events[1], "event", "comment", "is_public"); got != false {
		t.Errorf("public %v", got)
	}
}

// TestEventsOfEveryWay is about who is named as the one who did it, by whichever way.
func TestEventsOfEveryWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	ana, marcos, integration := b.user("Ana Beatriz Souza").ID, b.user("Marcos Vinícius Teixeira").ID, b.user("Ponte (integração)").ID
	told := b.listen(everyKind()...)
	for name, tt := range map[string]struct {
		do    func()
		actor int64
		staff any
	}{
		"the API":                   {func() { b.put(id, object{"comment": object{"body": "x"}}) }, integration, true},
		"the API, in their name":    {func() { b.put(id, object{"comment": object{"body": "x", "author_id": marcos}}) }, integration, false},
		"an agent on the page":      {func() { b.page(ana, "PUT", "/tickets/"+itoa(id), object{"comment": object{"body": "x"}}) }, ana, true},
		"the customer by e-mail":    {func() { b.page(ana, "POST", "/tickets/"+itoa(id)+"/customer", object{"body": "x"}) }, marcos, false},
		"the customer's portal":     {func() { b.page(ana, "POST", "/tickets/"+itoa(id)+"/customer", object{"body": "x", "channel": "web"}) }, marcos, false},
		"an agent's note, by hand":  {func() { _, _ = b.desk.AgentComment(id, ana, "x", false) }, ana, true},
		"the customer, as in tests": {func() { _, _ = b.desk.CustomerEmail(id, 0, "x") }, marcos, false},
	} {
		events := told(tt.do)
		var comment object
		for _, e := range events {
			if kinds([]object{e}) == "comment_added" {
				comment = e
			}
		}
		if at(comment, "detail", "actor_id") != itoa(tt.actor) || at(comment, "event", "comment", "author", "is_staff") != tt.staff {
			t.Errorf("%s: actor %v, staff %v in %v", name, at(comment, "detail", "actor_id"), at(comment, "event", "comment", "author", "is_staff"), kinds(events))
		}
	}
}

func TestChannelsInEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := b.listen("created")
	ana := b.user("Ana Beatriz Souza").ID
	for want, do := range map[string]func(){
		"web_service": func() { b.ticket(nil) },
		"web_form": func() {
			b.page(ana, "POST", "/tickets", object{"subject": "x", "requester_id": b.user("Edson Farias").ID, "comment": object{"body": "x"}}).want(201)
		},
	} {
		events := told(do)
		if len(events) != 1 || at(events[0], "detail", "via", "channel") != want {
			t.Errorf("told %v, want %s", events, want)
		}
	}
	if !strings.HasPrefix(eventPrefix, "zen:") {
		t.Error("the prefix is not Zendesk's")
	}
}
