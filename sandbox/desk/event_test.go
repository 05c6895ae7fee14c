package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const eventPrefix = "zen:event-type:ticket."

// listen subscribes a webhook to events and returns what was told after f ran, by kind, in order.
func (b *bench) listen(kinds ...string) func(f func()) []object {
	b.t.Helper()
	subs := make([]string, len(kinds))
	for i, k := range kinds {
		subs[i] = eventPrefix + k
	}
	b.call("POST", "/api/v2/webhooks", hook(object{
		"endpoint": b.hooks.url("/events"), "subscriptions": subs, "signing_secret": object{"algorithm": "SHA256", "secret": "e"},
	})).want(201)
	return func(f func()) []object {
		b.t.Helper()
		f()
		b.pump()
		var out []object
		for _, d := range b.hooks.take() {
			if d.path != "/events" {
				continue
			}
			if d.header.Get("X-Zendesk-Webhook-Signature") != signature("e", d) {
				b.t.Error("wrong signature")
			}
			out = append(out, d.json(b.t))
		}
		return out
	}
}

func kinds(events []object) string {
	var out []string
	for _, e := range events {
		kind, _ := e["type"].(string)
		out = append(out, strings.TrimPrefix(kind, eventPrefix))
	}
	return strings.Join(out, " ")
}

func allKinds() []string {
	return []string{
		"created", "comment_added", "status_changed", "agent_assignment_changed", "group_assignment_changed", "tags_changed", "subject_changed",
		"priority_changed", "requester_changed", "organization_changed", "external_id_changed", "soft_deleted",
	}
}

func TestEventsByChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := b.listen(allKinds()...)
	ana := b.user("Ana Beatriz Souza")
	var id int64
	for _, tt := range []struct {
		name string
		do   func()
		want string
	}{
		{"creation", func() { id = b.ticket(nil) }, "created comment_added"},
		{"status", func() { b.put(id, object{"status": "pending"}).want(200) }, "status_changed"},
		{"assignment", func() { b.put(id, object{"assignee_id": ana.ID}).want(200) }, "agent_assignment_changed group_assignment_changed"},
		{"comment", func() { b.put(id, object{"comment": object{"body": "x"}}).want(200) }, "comment_added"},
		{"tags and subject", func() { b.put(id, object{"tags": []string{"a"}, "subject": "y"}).want(200) }, "subject_changed tags_changed"},
		{"people", func() { b.put(id, object{"requester_id": b.user("Edson Farias").ID}).want(200) }, "requester_changed organization_changed"},
		{"the rest", func() { b.put(id, object{"priority": "high", "external_id": "e"}).want(200) }, "priority_changed external_id_changed"},
		{"field alone", func() { b.put(id, object{"custom_fields": []object{{"id": b.field("CNPJ"), "value": "1"}}}).want(200) }, ""},
		{"nothing", func() { b.put(id, object{"subject": "y"}).want(200) }, ""},
		{"deletion", func() { b.call("DELETE", ticketPath(id), nil).want(204) }, "soft_deleted"},
	} {
		if got := kinds(told(tt.do)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestEventEnvelope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := b.listen(allKinds()...)
	ana, marcos := b.user("Ana Beatriz Souza"), b.user("Marcos Vinícius Teixeira")
	id := b.ticket(object{"group_id": b.group("WINTHOR WHATSAPP"), "external_id": "s1", "type": "task", "priority": "high"})
	b.pump()
	b.hooks.take()
	b.pass(90 * time.Second)
	events := told(func() {
		if _, err := b.desk.AgentComment(id, ana.ID, "Olá!", true); err != nil {
			t.Fatal(err)
		}
		if err := b.desk.Assign(id, ana.ID, ana.ID); err != nil {
			t.Fatal(err)
		}
		b.put(id, object{"tags": []string{"whatsapp", "vip"}}).want(200)
	})
	if kinds(events) != "comment_added status_changed agent_assignment_changed tags_changed" {
		t.Fatalf("kinds %s", kinds(events))
	}
	e := events[0]
	comment := b.desk.Comments(id)[1]
	for want, got := range map[any]any{
		"2022-11-06":                e["zendesk_event_version"],
		"zen:ticket:" + itoa(id):    e["subject"],
		float64(22129848):           e["account_id"],
		itoa(ana.ID):                at(e, "detail", "actor_id"),
		itoa(id):                    at(e, "detail", "id"),
		itoa(marcos.ID):             at(e, "detail", "requester_id"),
		itoa(marcos.OrganizationID): at(e, "detail", "organization_id"),
		"NEW":                       at(e, "detail", "status"),
		"HIGH":                      at(e, "detail", "priority"),
		"TASK":                      at(e, "detail", "type"),
		"s1":                        at(e, "detail", "external_id"),
		"web_service":               at(e, "detail", "via", "channel"),
		"2026-11-22T12:01:30Z":      at(e, "detail", "updated_at"),
		itoa(comment.ID):            at(e, "event", "comment", "id"),
		"Olá!":                      at(e, "event", "comment", "body"),
		"Ana Beatriz Souza":         at(e, "event", "comment", "author", "name"),
	} {
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if at(e, "event", "comment", "is_public") != true || at(e, "event", "comment", "author", "is_staff") != true || at(e, "detail", "assignee_id") != nil {
		t.Errorf("event %v", e)
	}
	if at(events[1], "event", "current") != "OPEN" || at(events[1], "event", "previous") != "NEW" {
		t.Errorf("status: %v", events[1]["event"])
	}
	if at(events[2], "event", "current") != itoa(ana.ID) || at(events[2], "event", "previous") != nil {
		t.Errorf("assignment: %v", events[2]["event"])
	}
	if asJSON(at(events[3], "event", "tags_added")) != `["vip"]` || asJSON(at(events[3], "event", "tags_removed")) != `[]` {
		t.Errorf("tags: %v", events[3]["event"])
	}
	// The events of one change share a sequence.
	if at(events[1], "event", "meta", "sequence", "id") != at(events[2], "event", "meta", "sequence", "id") ||
		at(events[2], "event", "meta", "sequence", "position") != float64(3) { // custom_status_changed stands between them
		t.Errorf("sequences: %v %v", events[1]["event"], events[2]["event"])
	}
	ids := map[any]bool{}
	for _, e := range events {
		ids[e["id"]] = true
	}
	if len(ids) != len(events) {
		t.Error("events share an id")
	}
}

func TestOnlyWhatWasSubscribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := b.listen("status_changed", "created")
	id := int64(0)
	got := told(func() {
		id = b.ticket(nil)
		b.put(id, object{"status": "open", "subject": "x", "comment": object{"body": "y"}}).want(200)
	})
	if kinds(got) != "created status_changed" {
		t.Errorf("kinds %s", kinds(got))
	}
	for _, w := range []int{0, 1} {
		path := "/api/v2/webhooks/" + b.get("/api/v2/webhooks").text("webhooks", w, "id")
		b.call("PATCH", path, object{"webhook": object{"status": "inactive"}}).want(204)
	}
	if got := told(func() { b.put(id, object{"status": "solved"}).want(200) }); len(got) != 0 {
		t.Errorf("inactive webhooks were called: %s", kinds(got))
	}
}

func TestOwnWritesComeBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := b.listen("comment_added")
	marcos, ponte := b.user("Marcos Vinícius Teixeira"), b.user("Ponte (integração)")
	id := b.ticket(nil)
	events := told(func() {
		b.put(id, object{"comment": object{"body": "x", "author_id": marcos.ID}}).want(200)
	})
	if len(events) != 2 || at(events[1], "detail", "actor_id") != itoa(ponte.ID) || at(events[1], "event", "comment", "author", "id") != itoa(marcos.ID) {
		t.Errorf("events %v", events)
	}
	if slices.Contains(strings.Fields(kinds(events)), "created") {
		t.Error("not subscribed")
	}
}
