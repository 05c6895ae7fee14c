package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// model is what the rules say of one ticket, kept beside the account's own.
type model struct {
	status   string
	assignee int64
	tags     map[string]bool
	comments []string // visibility and text
	updates  int
}

// TestATicketKeepsItsRules does things to a ticket in any order and compares it with a model after each, and with what is
// there after a restart.
func TestATicketKeepsItsRules(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	dir := t.TempDir()
	b.restart(dir)
	ana, bruno := b.user("Ana Beatriz Souza").ID, b.user("Bruno Carvalho").ID
	queue := b.group("WINTHOR WHATSAPP")
	rapid.Check(t, func(rt *rapid.T) {
		id := b.ticket(object{"group_id": queue, "comment": object{"body": "abertura"}})
		m := &model{status: "new", tags: map[string]bool{"whatsapp": true}, comments: []string{"true abertura"}}
		settle := func() {
			if m.status == "new" && m.assignee != 0 {
				m.status = "open"
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) { m.compare(rt, b, id) },
			"status": func(rt *rapid.T) {
				to := rapid.SampledFrom([]string{"new", "open", "pending", "hold", "solved"}).Draw(rt, "status")
				r := b.put(id, object{"status": to})
				if to == "new" && m.status != "new" {
					if r.status != 422 {
						rt.Fatalf("back to new: %d", r.status)
					}
					return
				}
				m.did(rt, r)
				m.status = to
				settle()
			},
			"assign": func(rt *rapid.T) {
				to := rapid.SampledFrom([]int64{ana, bruno, 0}).Draw(rt, "assignee")
				m.did(rt, b.put(id, object{"assignee_id": to}))
				m.assignee = to
				settle()
			},
			"tags": func(rt *rapid.T) {
				tag := rapid.SampledFrom([]string{"a", "b", "C", "d e"}).Draw(rt, "tag")
				method := rapid.SampledFrom([]string{"POST", "PUT", "DELETE"}).Draw(rt, "method")
				r := b.call(method, ticketPath(id, "/tags"), object{"tags": []string{tag}})
				if r.status >= 300 {
					rt.Fatalf("%d %s", r.status, r.raw)
				}
				if method == "POST" {
					m.tags = map[string]bool{}
				}
				for one := range strings.FieldsSeq(strings.ToLower(tag)) {
					m.tags[one] = method != "DELETE"
				}
				m.updates++
			},
			"comment": func(rt *rapid.T) {
				public := rapid.Bool().Draw(rt, "public")
				text := rapid.StringMatching(`[a-z]{1,12}`).Draw(rt, "text")
				m.did(rt, b.put(id, object{"comment": object{"body": text, "public": public}}))
				m.comments = append(m.comments, fmt.Sprint(public, " ", text))
			},
			"agent": func(rt *rapid.T) {
				text := rapid.StringMatching(`[a-z]{1,12}`).Draw(rt, "text")
				m.did(rt, b.page(ana, "PUT", "/tickets/"+itoa(id), object{"comment": object{"body": text, "public": true}}))
				m.comments = append(m.comments, "true "+text)
			},
			"customer": func(rt *rapid.T) {
				text := rapid.StringMatching(`[a-z]{1,12}`).Draw(rt, "text")
				m.did(rt, b.page(ana, "POST", "/tickets/"+itoa(id)+"/customer", object{"body": text}))
				m.comments = append(m.comments, "true "+text)
				if slices.Contains([]string{"pending", "hold", "solved"}, m.status) {
					m.status = "open"
				}
			},
			"refused": func(rt *rapid.T) {
				bad := rapid.SampledFrom([]object{
					{"status": "x"}, {"priority": "x"}, {"assignee_id": 5}, {"group_id": 5}, {"comment": object{"body": "x", "author_id": 5}},
				}).Draw(rt, "bad")
				bad["subject"] = "mudou"
				if r := b.put(id, bad); r.status != 422 {
					rt.Fatalf("%v: %d", bad, r.status)
				}
			},
		})
	})
	before := b.desk.Tickets()
	b.restart(dir)
	if diff := cmp.Diff(before, b.desk.Tickets()); diff != "" {
		t.Errorf("after a restart: %s", diff)
	}
}

func (m *model) did(rt *rapid.T, r *reply) {
	if r.status != 200 {
		rt.Fatalf("%d %s", r.status, r.raw)
	}
	m.updates++
}

func (m *model) compare(rt *rapid.T, b *bench, id int64) {
	var v desk.TicketView
	for _, one := range b.desk.Tickets() {
		if one.ID == id {
			v = one
		}
	}
	var tags []string
	for tag, on := range m.tags {
		if on {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	if v.Status != m.status || v.AssigneeID != m.assignee || !slices.Equal(v.Tags, tags) || v.Subject == "mudou" {
		rt.Fatalf("ticket %+v, model %+v", v, m)
	}
	var comments []string
	for _, c := range b.desk.Comments(id) {
		comments = append(comments, fmt.Sprint(c.Public, " ", c.Body))
	}
	if !slices.Equal(comments, m.comments) {
		rt.Fatalf("comments %v, model %v", comments, m.comments)
	}
}

// TestAuditsTellTheWholeStory builds tickets up from their audits alone and compares them with what the account shows.
func TestAuditsTellTheWholeStory(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	ana, edson := b.user("Ana Beatriz Souza").ID, b.user("Edson Farias").ID
	n2 := b.group("Suporte N2")
	changes := []object{
		{"status": "open"},
		{"status": "pending"},
		{"status": "hold"},
		{"status": "solved"},
		{"priority": "high"},
		{"priority": nil},
		{"type": "incident"},
		{"subject": "Um"},
		{"subject": "Dois"},
		{"assignee_id": ana},
		{"assignee_id": nil},
		{"group_id": n2},
		{"requester_id": edson},
		{"tags": []string{"a", "b"}},
		{"tags": []string{}},
		{"external_id": "s1"},
		{"external_id": nil},
		{"email_ccs": []object{{"user_id": edson}}},
		{"followers": []object{{"user_id": ana}}},
		{"custom_fields": []object{{"id": b.field("CNPJ"), "value": "1"}}},
		{"custom_fields": []object{{"id": b.field("CNPJ"), "value": nil}}},
	}
	rapid.Check(t, func(rt *rapid.T) {
		id := b.ticket(nil)
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(changes)-1), 0, 12).Draw(rt, "changes") {
			b.put(id, changes[i])
		}
		built := map[string]string{}
		r := b.get(ticketPath(id, "/audits")).want(200)
		for a := range r.len("audits") {
			for e := range r.len("audits", a, "events") {
				field := r.text("audits", a, "events", e, "field_name")
				switch r.text("audits", a, "events", e, "type") {
				case "Create":
					built[field] = asJSON(r.at("audits", a, "events", e, "value"))
				case "Change":
					if before, known := built[field]; known && before != asJSON(r.at("audits", a, "events", e, "previous_value")) {
						rt.Fatalf("%s was %s, the audit says %s", field, before, asJSON(r.at("audits", a, "events", e, "previous_value")))
					}
					built[field] = asJSON(r.at("audits", a, "events", e, "value"))
				}
			}
		}
		shown := b.get(ticketPath(id)).want(200)
		for field, key := range map[string]string{
			"status": "status", "priority": "priority", "type": "type", "subject": "subject", "tags": "tags", "external_id": "external_id",
			"email_ccs": "email_cc_ids", "followers": "follower_ids",
		} {
			want := asJSON(shown.at("ticket", key))
			got, told := built[field]
			if !told {
				got = map[bool]string{true: "[]", false: "null"}[strings.HasPrefix(want, "[")]
			}
			if got != want {
				rt.Fatalf("%s is %s, its audits say %s", field, want, got)
			}
		}
		for field, key := range map[string]string{"requester_id": "requester_id", "assignee_id": "assignee_id", "group_id": "group_id"} {
			want := "null"
			if v, isNumber := shown.at("ticket", key).(float64); isNumber {
				want = `"` + itoa(int64(v)) + `"`
			}
			got, told := built[field]
			if !told {
				got = "null"
			}
			if got != want {
				rt.Fatalf("%s is %s, its audits say %s", field, want, got)
			}
		}
	})
}

// TestExportsMissNothing walks the cursor export while tickets change, and wants every last state once it ends.
func TestExportsMissNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	var ids []int64
	for range 8 {
		ids = append(ids, b.ticket(nil))
	}
	b.pass(2 * time.Minute)
	rapid.Check(t, func(rt *rapid.T) {
		cursor := ""
		seen := map[int64]string{}
		step := func() bool {
			path := "/api/v2/incremental/tickets/cursor?per_page=" + fmt.Sprint(rapid.IntRange(1, 5).Draw(rt, "size"))
			if cursor == "" {
				path += "&start_time=1"
			} else {
				path += "&cursor=" + cursor
			}
			r := b.get(path).want(200)
			for i := range r.len("tickets") {
				seen[r.id("tickets", i, "id")] = r.text("tickets", i, "subject")
			}
			cursor = r.text("after_cursor")
			return r.at("end_of_stream") == true
		}
		want := map[int64]string{}
		for range rapid.IntRange(0, 10).Draw(rt, "changes") {
			id := rapid.SampledFrom(ids).Draw(rt, "ticket")
			want[id] = rapid.StringMatching(`[a-z]{8}`).Draw(rt, "subject")
			b.put(id, object{"subject": want[id]}).want(200)
			if rapid.Bool().Draw(rt, "walks") {
				step()
			}
			b.pass(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
		}
		b.pass(2 * time.Minute)
		for range 100 {
			if step() {
				break
			}
		}
		for id, subject := range want {
			if seen[id] != subject {
				rt.Fatalf("ticket %d was last seen as %q, it is %q", id, seen[id], subject)
			}
		}
	})
}

// TestNumbersGrow is about ids: comments' grow within a ticket, nothing has two owners.
func TestNumbersGrow(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	dir := t.TempDir()
	b.restart(dir)
	seen := map[int64]bool{}
	last, lastTicket := int64(0), int64(0)
	for range 3 {
		for range 20 {
			id := b.ticket(nil)
			if id <= lastTicket {
				t.Fatalf("ticket %d after %d", id, lastTicket)
			}
			lastTicket = id
			b.put(id, object{"comment": object{"body": "x"}}).want(200)
			for _, c := range b.desk.Comments(id) {
				if c.ID <= last || seen[c.ID] {
					t.Fatalf("comment %d after %d", c.ID, last)
				}
				last = c.ID
				seen[c.ID] = true
			}
		}
		b.restart(dir)
	}
}
