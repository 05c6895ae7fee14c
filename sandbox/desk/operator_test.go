package desk_test

import (
	"strings"
	"testing"
	"time"
)

// turn is a ticket before and after a change.
type turn struct{ before, after object }

// TestOperators asks every operator about every kind of change, through a trigger.
func TestOperators(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		field, operator string
		value           any
		turn
		fires bool
	}{
		"status is":                   {"status", "is", "hold", turn{nil, object{"status": "hold"}}, true},
		"status is another":           {"status", "is", "hold", turn{nil, object{"status": "pending"}}, false},
		"status is not":               {"status", "is_not", "hold", turn{nil, object{"status": "pending"}}, true},
		"status is not, but is":       {"status", "is_not", "hold", turn{nil, object{"status": "hold"}}, false},
		"status changed":              {"status", "changed", nil, turn{nil, object{"status": "hold"}}, true},
		"status did not change":       {"status", "changed", nil, turn{nil, object{"priority": "low"}}, false},
		"status not changed":          {"status", "not_changed", nil, turn{nil, object{"priority": "low"}}, true},
		"status not changed, but did": {"status", "not_changed", nil, turn{nil, object{"status": "hold"}}, false},
		"changed to":                  {"status", "value", "hold", turn{nil, object{"status": "hold"}}, true},
		"was already":                 {"status", "value", "hold", turn{object{"status": "hold"}, object{"priority": "low"}}, false},
		"changed to, other word":      {"status", "changed_to", "hold", turn{nil, object{"status": "hold"}}, true},
		"not changed to":              {"status", "not_value", "hold", turn{nil, object{"status": "pending"}}, true},
		"not changed to, but did":     {"status", "not_value", "hold", turn{nil, object{"status": "hold"}}, false},
		"not changed to, stayed":      {"status", "not_changed_to", "hold", turn{object{"status": "hold"}, object{"priority": "low"}}, true},
		"changed from":                {"status", "value_previous", "pending", turn{object{"status": "pending"}, object{"status": "open"}}, true},
		"changed from another":        {"status", "value_previous", "pending", turn{object{"status": "hold"}, object{"status": "open"}}, false},
		"changed from, other word":    {"status", "changed_from", "hold", turn{object{"status": "hold"}, object{"status": "open"}}, true},
		"not changed from":            {"status", "not_value_previous", "pending", turn{object{"status": "hold"}, object{"status": "open"}}, true},
		"not changed from, but did":   {"status", "not_changed_from", "hold", turn{object{"status": "hold"}, object{"status": "open"}}, false},
		"below":                       {"status", "less_than", "solved", turn{nil, object{"status": "hold"}}, true},
		"not below":                   {"status", "less_than", "hold", turn{nil, object{"status": "hold"}}, false},
		"above":                       {"status", "greater_than", "open", turn{nil, object{"status": "pending"}}, true},
		"not above":                   {"status", "greater_than", "pending", turn{nil, object{"status": "pending"}}, false},
		"new is below open":           {"status", "less_than", "open", turn{nil, object{"priority": "low"}}, true},
		"priority below":              {"priority", "less_than", "high", turn{nil, object{"priority": "normal"}}, true},
		"priority above":              {"priority", "greater_than", "normal", turn{nil, object{"priority": "urgent"}}, true},
		"no priority is below":        {"priority", "less_than", "low", turn{nil, object{"status": "open"}}, true},
		"priority is none":            {"priority", "is", "", turn{nil, object{"status": "open"}}, true},
		"priority is":                 {"priority", "is", "high", turn{nil, object{"priority": "high"}}, true},
		"priority present":            {"priority", "present", "true", turn{nil, object{"priority": "high"}}, true},
		"priority absent":             {"priority", "not_present", nil, turn{nil, object{"status": "open"}}, true},
		"priority not absent":         {"priority", "not_present", nil, turn{nil, object{"priority": "high"}}, false},
		"present, asked for absence":  {"priority", "present", "false", turn{nil, object{"status": "open"}}, true},
		"type is":                     {"type", "is", "incident", turn{nil, object{"type": "incident"}}, true},
		"type changed":                {"type", "changed", "", turn{object{"type": "task"}, object{"type": "incident"}}, true},
		"subject is":                  {"subject", "is", "Novo", turn{nil, object{"subject": "Novo"}}, true},
		"subject has a word":          {"subject_includes_word", "includes", "boleto", turn{nil, object{"subject": "O BOLETO venceu"}}, true},
		"subject has one of words":    {"subject_includes_word", "is", "nota boleto", turn{nil, object{"subject": "boleto"}}, true},
		"subject has no such word":    {"subject_includes_word", "not_includes", "nota", turn{nil, object{"subject": "boleto"}}, true},
		"subject has that word":       {"subject_includes_word", "not_includes", "boleto", turn{nil, object{"subject": "boleto"}}, false},
		"tags include":                {"current_tags", "includes", "vip", turn{nil, object{"tags": "vip b"}}, true},
		"tags include one":            {"current_tags", "includes", "x vip", turn{nil, object{"tags": "vip b"}}, true},
		"tags include none":           {"current_tags", "includes", "x y", turn{nil, object{"tags": "vip b"}}, false},
		"tags include all":            {"current_tags", "is", "vip b", turn{nil, object{"tags": "vip b c"}}, true},
		"tags do not include all":     {"current_tags", "is", "vip x", turn{nil, object{"tags": "vip b c"}}, false},
		"tags do not include":         {"current_tags", "not_includes", "x y", turn{nil, object{"tags": "vip"}}, true},
		"tags do include":             {"current_tags", "not_includes", "x vip", turn{nil, object{"tags": "vip"}}, false},
		"value in a list":             {"status", "is", []string{"hold"}, turn{nil, object{"status": "hold"}}, true},
		"value, an empty list":        {"priority", "is", []string{}, turn{nil, object{"status": "hold"}}, true},
		"update type, another":        {"update_type", "is_not", "Create", turn{nil, object{"status": "hold"}}, true},
		"by the API's number":         {"via_id", "is", 5, turn{nil, object{"status": "hold"}}, true},
		"not by the web":              {"via_id", "is", "0", turn{nil, object{"status": "hold"}}, false},
		"no comment":                  {"comment_is_public", "is", "not_relevant", turn{nil, object{"status": "hold"}}, false},
		"no comment, so not public":   {"comment_is_public", "is_not", "true", turn{nil, object{"status": "hold"}}, true},
		"a comment's word":            {"comment_includes_word", "is", "urgente", turn{nil, object{"comment": object{"body": "É URGENTE!"}}}, true},
		"a comment without it":        {"comment_includes_word", "is", "urgente", turn{nil, object{"comment": object{"body": "calma"}}}, false},
		"private ticket":              {"ticket_is_public", "is", "private", turn{nil, object{"status": "hold"}}, false},
		"not a private ticket":        {"ticket_is_public", "is_not", "private", turn{nil, object{"status": "hold"}}, true},
		"brand":                       {"brand_id", "is", "8447346621310", turn{nil, object{"status": "hold"}}, true},
		"role, not an end user":       {"role", "is_not", "end_user", turn{nil, object{"status": "hold"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			if tt.before != nil {
				b.put(id, tt.before).want(200)
			}
			b.withTrigger(t, trigger("type", "question", cond("update_type", "is", "Change"), cond("type", "is_not", "question"),
				cond(tt.field, tt.operator, tt.value)))
			r := b.put(id, tt.after).want(200)
			if fired := r.text("ticket", "type") == "question"; fired != tt.fires {
				t.Errorf("fired %v, want %v: %s", fired, tt.fires, r.raw)
			}
		})
	}
}

// TestPeopleInConditions is about fields that hold ids.
func TestPeopleInConditions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, bruno := b.user("Ana Beatriz Souza").ID, b.user("Bruno Carvalho").ID
	marcos, edson := b.user("Marcos Vinícius Teixeira"), b.user("Edson Farias")
	n2, queue := b.group("Suporte N2"), b.group("WINTHOR WHATSAPP")
	integration := b.user("Ponte (integração)").ID
	csat, cnpj := b.field("Avaliação (CSAT)"), b.field("CNPJ")
	form := b.get("/api/v2/ticket_forms").id("ticket_forms", 0, "id")
	value := func(field int64, v any) object { return object{"custom_fields": []object{{"id": field, "value": v}}} }
	for name, tt := range map[string]struct {
		field, operator string
		value           any
		after           object
		fires           bool
	}{
		"assignee":                 {"assignee_id", "is", itoa(ana), object{"assignee_id": ana}, true},
		"assignee is another":      {"assignee_id", "is", itoa(bruno), object{"assignee_id": ana}, false},
		"assignee, a number":       {"assignee_id", "is", ana, object{"assignee_id": ana}, true},
		"nobody":                   {"assignee_id", "is", "", object{"priority": "low"}, true},
		"assignee is who updates":  {"assignee_id", "is", "current_user", object{"assignee_id": ana}, false},
		"group":                    {"group_id", "is", itoa(n2), object{"group_id": n2}, true},
		"group is not":             {"group_id", "is_not", itoa(queue), object{"group_id": n2}, true},
		"group changed":            {"group_id", "changed", nil, object{"group_id": n2}, true},
		"requester":                {"requester_id", "is", itoa(edson.ID), object{"requester_id": edson.ID}, true},
		"requester changed":        {"requester_id", "changed", nil, object{"requester_id": edson.ID}, true},
		"requester did not change": {"requester_id", "changed", nil, object{"priority": "low"}, false},
		"submitter":                {"submitter_id", "is", itoa(marcos.ID), object{"priority": "low"}, true},
		"organisation":             {"organization_id", "is", itoa(edson.OrganizationID), object{"requester_id": edson.ID}, true},
		"form":                     {"ticket_form_id", "is", itoa(form), object{"priority": "low"}, true},
		"a number field":           {"custom_fields_" + itoa(csat), "is", "4", value(csat, 4), true},
		"a number field changed":   {"custom_fields_" + itoa(csat), "changed", nil, value(csat, 4), true},
		"a number field is empty":  {"custom_fields_" + itoa(csat), "not_present", nil, object{"priority": "low"}, true},
		"a text field":             {"custom_fields_" + itoa(cnpj), "is", "112", value(cnpj, "112"), true},
		"a text field is another":  {"custom_fields_" + itoa(cnpj), "is", "113", value(cnpj, "112"), false},
		"an unknown field":         {"custom_fields_5", "is", "x", object{"priority": "low"}, false},
		"who updates":              {"role", "is", itoa(integration), object{"priority": "low"}, true},
		"who does not":             {"role", "is", itoa(ana), object{"priority": "low"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(object{"group_id": b.group("WINTHOR WHATSAPP")})
			b.withTrigger(t, trigger("current_tags", "fired", cond("update_type", "is", "Change"), cond(tt.field, tt.operator, tt.value)))
			r := b.put(id, tt.after).want(200)
			if fired := strings.Contains(string(r.raw), `"fired"`); fired != tt.fires {
				t.Errorf("fired %v, want %v", fired, tt.fires)
			}
		})
	}
}

// TestViewsByConditions asks the same conditions of tickets that lie there.
func TestViewsByConditions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	ids := map[int64]string{
		b.ticket(object{"status": "open", "priority": "high", "tags": "vip", "assignee_id": ana}): "A",
		b.ticket(object{"status": "pending", "priority": "low", "type": "incident"}):              "B",
		b.ticket(object{"status": "solved", "subject": "Boleto"}):                                 "C",
		b.ticket(object{"external_id": "x", "comment": object{"body": "oi", "public": false}}):    "D",
	}
	for name, tt := range map[string]struct {
		all, any []object
		want     string
	}{
		"open":               {[]object{cond("status", "is", "open")}, nil, "A"},
		"unsolved":           {[]object{cond("status", "less_than", "solved")}, nil, "ABD"},
		"not open":           {[]object{cond("status", "is_not", "open")}, nil, "BCD"},
		"any of two":         {[]object{cond("status", "less_than", "closed")}, []object{cond("priority", "is", "high"), cond("type", "is", "incident")}, "AB"},
		"all and any":        {[]object{cond("status", "is", "pending")}, []object{cond("priority", "is", "high"), cond("type", "is", "incident")}, "B"},
		"any of none":        {[]object{cond("status", "less_than", "closed")}, []object{cond("priority", "is", "urgent")}, ""},
		"tagged":             {[]object{cond("current_tags", "includes", "vip")}, nil, "A"},
		"untagged":           {[]object{cond("current_tags", "not_includes", "vip")}, nil, "BCD"},
		"mine":               {[]object{cond("assignee_id", "is", itoa(ana))}, nil, "A"},
		"who looks":          {[]object{cond("assignee_id", "is", "current_user")}, nil, ""},
		"word in subject":    {[]object{cond("subject_includes_word", "is", "boleto")}, nil, "C"},
		"changes never hold": {[]object{cond("status", "changed", nil)}, nil, ""},
		"creations neither":  {[]object{cond("update_type", "is", "Create")}, nil, ""},
		"private ones":       {[]object{cond("ticket_is_public", "is", "private")}, nil, "D"},
	} {
		r := b.call("POST", "/api/v2/views", object{"view": object{"title": name, "all": tt.all, "any": tt.any}}).want(200)
		got := ""
		for _, id := range b.get("/api/v2/views/" + itoa(r.id("view", "id")) + "/tickets").want(200).ids("tickets") {
			got += ids[id]
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestMailsOfTriggers is about who is written to.
func TestMailsOfTriggers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, bruno := b.user("Ana Beatriz Souza").ID, b.user("Bruno Carvalho").ID
	marcos, edson, juliana := b.user("Marcos Vinícius Teixeira").ID, b.user("Edson Farias").ID, b.user("Juliana Castro").ID
	for name, tt := range map[string]struct {
		who   string
		more  object
		wrote map[int64]int
	}{
		"the requester":            {"requester_id", nil, map[int64]int{marcos: 1}},
		"requester and copies":     {"requester_and_ccs", object{"email_ccs": []object{{"user_id": juliana}}}, map[int64]int{marcos: 1, juliana: 1}},
		"copies without address":   {"requester_and_ccs", object{"email_ccs": []object{{"user_id": edson}}}, map[int64]int{marcos: 1, edson: 0}},
		"the assignee":             {"assignee_id", object{"assignee_id": bruno}, map[int64]int{bruno: 1, marcos: 0}},
		"the assignee is nobody":   {"assignee_id", nil, map[int64]int{marcos: 0}},
		"who wrote it":             {"current_user", nil, map[int64]int{ana: 0}},
		"somebody":                 {itoa(bruno), nil, map[int64]int{bruno: 1}},
		"somebody unknown":         {"5", nil, map[int64]int{marcos: 0}},
		"a word nobody knows":      {"todos", nil, map[int64]int{marcos: 0}},
		"the assignee wrote it":    {"assignee_id", object{"assignee_id": ana}, map[int64]int{ana: 0}},
		"requester without e-mail": {"requester_id", object{"requester_id": edson}, map[int64]int{edson: 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			for _, tr := range b.get("/api/v2/triggers").ids("triggers") {
				b.call("PUT", "/api/v2/triggers/"+itoa(tr), object{"trigger": object{"active": false}}).want(200)
			}
			id := b.ticket(tt.more)
			b.withTrigger(t, trigger("notification_user", []string{tt.who, "[{{ticket.id}}] {{ticket.title}}", "Olá, {{ticket.requester.first_name}}"}))
			b.pass(time.Second)
			if _, err := b.desk.AgentComment(id, ana, "oi", true); err != nil {
				t.Fatal(err)
			}
			for user, want := range tt.wrote {
				if got := b.desk.Mails(id, user); got != want {
					t.Errorf("%d mails to %d, want %d", got, user, want)
				}
			}
		})
	}
}

func TestWhatAMailSays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(object{"subject": `Nota "539"`})
	ana := b.user("Ana Beatriz Souza").ID
	if _, err := b.desk.AgentComment(id, ana, "Resolvido <b>hoje</b>", true); err != nil {
		t.Fatal(err)
	}
	r := b.get(ticketPath(id, "/audits")).want(200)
	r.is("Notification", "audits", 1, "events", 1, "type").
		is("["+itoa(id)+`] Nota "539"`, "audits", 1, "events", 1, "subject").
		is("Resolvido <b>hoje</b>", "audits", 1, "events", 1, "body").
		is("rule", "audits", 1, "events", 1, "via", "channel").
		is("trigger", "audits", 1, "events", 1, "via", "source", "rel").
		is("Notificar solicitante e CCs sobre atualização de comentário", "audits", 1, "events", 1, "via", "source", "from", "title")
}
