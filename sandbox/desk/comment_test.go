package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// talk makes a ticket with n more comments, a minute apart, the even ones private.
func (b *bench) talk(n int) int64 {
	b.t.Helper()
	id := b.ticket(nil)
	ana := b.user("Ana Beatriz Souza")
	for i := 1; i <= n; i++ {
		b.pass(time.Minute)
		if _, err := b.desk.AgentComment(id, ana.ID, fmt.Sprint("resposta ", i), i%2 == 1); err != nil {
			b.t.Fatal(err)
		}
	}
	return id
}

func TestListComments(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.talk(5)
	path := ticketPath(id, "/comments")
	r := b.get(path+".json").want(200).is(6, "count").is("Bom dia, preciso de ajuda.", "comments", 0, "body")
	r.is("resposta 5", "comments", 5, "body").is(true, "comments", 5, "public").is(false, "comments", 4, "public")
	r.is("web", "comments", 5, "via", "channel").is("api", "comments", 0, "via", "channel").is("2026-11-22T12:05:00Z", "comments", 5, "created_at")
	b.get(path+"?sort_order=desc&per_page=2").want(200).is("resposta 5", "comments", 0, "body").
		is(baseURL+path+"?page=2&per_page=2&sort_order=desc", "next_page")
	b.get(path+"/count").want(200).is(6, "count", "value")
	b.get(ticketPath(1, "/comments")).want(404)
}

func TestCommentsByCursor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.talk(4)
	for sort, want := range map[string][]string{
		"created_at":  {"Bom dia, preciso de ajuda.", "resposta 1", "resposta 2", "resposta 3", "resposta 4"},
		"-created_at": {"resposta 4", "resposta 3", "resposta 2", "resposta 1", "Bom dia, preciso de ajuda."},
	} {
		t.Run(sort, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.talk(4)
			var got []string
			next := ticketPath(id, "/comments.json?include=users&page[size]=2&sort="+sort)
			for next != "" {
				r := b.get(next).want(200)
				for i := range r.len("comments") {
					got = append(got, r.text("comments", i, "body"))
				}
				next = strings.TrimPrefix(r.text("links", "next"), baseURL)
				if more := next != ""; r.at("meta", "has_more") != more {
					t.Errorf("has_more %v beside the link %q", r.at("meta", "has_more"), next)
				}
			}
			if strings.Join(got, "|") != strings.Join(want, "|") {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	r := b.get(ticketPath(id, "/comments?page[size]=3&include=users")).want(200)
	roles := map[string]bool{}
	for i := range r.len("users") {
		roles[r.text("users", i, "role")] = true
	}
	if !roles["agent"] || !roles["end-user"] || r.len("users") != 2 {
		t.Errorf("users: %v", r.at("users"))
	}
	back := b.get(ticketPath(id, "/comments?page[size]=2&page[before]=") + r.text("meta", "after_cursor")).want(200)
	if back.text("comments", 0, "body") != "Bom dia, preciso de ajuda." || back.text("comments", 1, "body") != "resposta 1" {
		t.Errorf("back: %s", back.raw)
	}
	b.get(ticketPath(id, "/comments?page[after]=x")).want(400)
	// What came after the cursor was taken is found from it.
	last := b.get(ticketPath(id, "/comments?page[size]=100")).text("meta", "after_cursor")
	if _, err := b.desk.AgentComment(id, b.user("Ana Beatriz Souza").ID, "mais uma", true); err != nil {
		t.Fatal(err)
	}
	b.get(ticketPath(id, "/comments?page[size]=100&page[after]=")+last).want(200).is("mais uma", "comments", 0, "body").is(false, "meta", "has_more")
}

func TestPublicByDefault(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first any
		want  bool
	}{
		"nothing said":  {nil, true},
		"public first":  {true, true},
		"private first": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			comment := object{"body": "Um"}
			if tt.first != nil {
				comment["public"] = tt.first
			}
			id := b.ticket(object{"comment": comment})
			b.put(id, object{"comment": object{"body": "Dois"}}).want(200)
			if c := b.desk.Comments(id); c[1].Public != tt.want {
				t.Errorf("the second comment's public is %v", c[1].Public)
			}
			// A public comment makes public the default from then on.
			b.put(id, object{"comment": object{"body": "Três", "public": true}}).want(200).is(true, "ticket", "is_public")
			b.put(id, object{"comment": object{"body": "Quatro"}}).want(200)
			if c := b.desk.Comments(id); !c[3].Public {
				t.Error("the fourth comment is private")
			}
		})
	}
}

func TestAtMost5000Comments(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Limits.Comments = 3 })
	id := b.talk(2)
	r := b.put(id, object{"comment": object{"body": "demais"}, "subject": "x"}).want(422)
	if !strings.Contains(string(r.raw), "more than 3 comments") {
		t.Errorf("%s", r.raw)
	}
	if b.show(id).Subject == "x" {
		t.Error("half of the refused update was done")
	}
	b.put(id, object{"subject": "x"}).want(200)
}

func TestTheDefaultLimitOfComments(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.WebhookURL = "" })
	b.restart("")
	id, ana := b.ticket(nil), b.user("Ana Beatriz Souza")
	for range 4999 {
		if _, err := b.desk.AgentComment(id, ana.ID, "x", false); err != nil {
			t.Fatal(err)
		}
	}
	b.put(id, object{"comment": object{"body": "demais"}}).want(422)
}

func TestMakePrivateAndRedact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	body := `{"ticket":{"comment":{"body":"Meu CPF é 123 <ok>"}}}`
	made := b.call("POST", "/api/v2/tickets", body, "Idempotency-Key", "k").want(201)
	id := made.id("ticket", "id")
	comment := ticketPath(id, "/comments/", itoa(b.desk.Comments(id)[0].ID))
	b.pass(time.Minute)
	b.call("PUT", comment+"/make_private", nil).want(200)
	b.call("PUT", comment+"/redact", object{"text": "123 <ok>"}).want(200)
	b.call("PUT", comment+"/redact", object{"text": ""}).want(422)
	b.call("PUT", ticketPath(id, "/comments/5/redact"), object{"text": "x"}).want(404)
	for range 2 {
		c := b.desk.Comments(id)[0]
		if c.Public || c.Body != "Meu CPF é ▇▇▇▇▇▇▇▇" || strings.Contains(c.HTMLBody, "ok") {
			t.Errorf("comment %+v", c)
		}
		b.get(ticketPath(id, "/audits")).want(200).is("CommentPrivacyChange", "audits", 1, "events", 0, "type").
			is("CommentRedactionEvent", "audits", 2, "events", 0, "type").is("2026-11-22T12:01:00Z", "audits", 2, "created_at")
		b.call("POST", "/api/v2/tickets", body, "Idempotency-Key", "k").want(201).is(id, "ticket", "id")
		b.restart(dir)
	}
}
