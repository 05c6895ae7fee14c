package desk_test

import (
	"strings"
	"testing"
	"time"
)

func TestAudits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza")
	id := b.ticket(object{"metadata": object{"effect": "criar"}})
	b.pass(time.Minute)
	b.put(id, object{
		"status": "pending", "assignee_id": ana.ID, "tags": []string{"whatsapp", "vip"}, "metadata": object{"effect": "mudar"},
		"custom_fields": []object{{"id": b.field("Avaliação (CSAT)"), "value": 4}},
	}).want(200)
	path := ticketPath(id, "/audits")

	r := b.get(path+".json").want(200).is(2, "count")
	r.is("criar", "audits", 0, "metadata", "custom", "effect").is("127.0.0.1", "audits", 0, "metadata", "system", "ip_address")
	r.is("Comment", "audits", 0, "events", 0, "type").is("Create", "audits", 0, "events", 1, "type")
	changes := map[string][2]any{}
	for i := range r.len("audits", 1, "events") {
		e := at(r.body, "audits", 1, "events", i)
		if at(e, "type") == "Change" {
			name, _ := at(e, "field_name").(string)
			changes[name] = [2]any{at(e, "previous_value"), at(e, "value")}
		}
	}
	for name, want := range map[string][2]any{
		"status":                          {"new", "pending"},
		"assignee_id":                     {nil, itoa(ana.ID)},
		"group_id":                        {nil, itoa(b.group("Suporte N1"))},
		"tags":                            {[]string{"whatsapp"}, []string{"vip", "whatsapp"}},
		itoa(b.field("Avaliação (CSAT)")): {nil, 4},
	} {
		if asJSON(changes[name]) != asJSON(want) {
			t.Errorf("%s: %s, want %s", name, asJSON(changes[name]), asJSON(want))
		}
		delete(changes, name)
	}
	if len(changes) > 0 {
		t.Errorf("more changes than made: %v", changes)
	}
	one := path + "/" + itoa(r.id("audits", 1, "id"))
	b.get(one).want(200).is("mudar", "audit", "metadata", "custom", "effect")
	b.get(path + "/5").want(404)
	b.get(path+"/count").want(200).is(2, "count", "value")
	b.get(ticketPath(1, "/audits")).want(404)
	b.get(ticketPath(1, "/audits/count")).want(404)
}

func TestAuditsByCursor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.talk(4)
	for _, sort := range []string{"sort=-created_at", "sort=-id", "sort_order=desc"} {
		var seen []string
		next := ticketPath(id, "/audits?page[size]=2&include=users&"+sort)
		for next != "" {
			r := b.get(next).want(200)
			for i := range r.len("audits") {
				seen = append(seen, r.text("audits", i, "events", 0, "body"))
			}
			next = strings.TrimPrefix(r.text("links", "next"), baseURL)
		}
		want := "resposta 4|resposta 3|resposta 2|resposta 1|Bom dia, preciso de ajuda."
		if got := strings.Join(seen, "|"); got != want {
			t.Errorf("%s: %s", sort, got)
		}
	}
	b.get(ticketPath(id, "/audits?sort=created_at")).want(200).is("Bom dia, preciso de ajuda.", "audits", 0, "events", 0, "body")
}

func TestWithoutMetadataCustomIsEmpty(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, metadata := range []any{nil, "texto", 5, []string{}} {
		id := b.ticket(object{"metadata": metadata})
		b.get(ticketPath(id, "/audits")).want(200).is(object{}, "audits", 0, "metadata", "custom")
		b.get(ticketPath(id, "/comments")).want(200).is(object{}, "comments", 0, "metadata", "custom")
	}
}
