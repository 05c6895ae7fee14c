package effects_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

func pull(status string) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "5", Kind: conversation.EffectPull, Hint: &conversation.Hint{
		Ticket: 11, Status: status, UpdatedAt: at(-3), Sweep: true,
	}}}
}

const replies = `{"comments":[
 {"id":103,"author_id":8,"public":true,"html_body":"<p>Ol&aacute;,&nbsp;<b>Ana</b> &amp; cia</p>","plain_body":"ignored","body":"ignored","created_at":"2026-03-02T08:59:50Z",
  "attachments":[{"id":1,"file_name":"tela.png","content_type":"image/png","size":9,"content_url":"https://desk.example/1"}]},
 {"id":102,"author_id":7,"public":true,"body":" oi ","via":{"channel":"web"},"created_at":"2026-03-02T08:59:45Z"},
 {"id":101,"author_id":9,"public":false,"plain_body":"nota","created_at":"2026-03-02T08:59:40Z"},
 {"id":100,"author_id":8,"public":true,"plain_body":"antigo","created_at":"2026-03-02T08:00:00Z"}],
 "users":[{"id":7,"role":"end-user"},{"id":8,"role":"agent"},{"id":9,"role":"admin"}],"meta":{"has_more":false}}`

func TestPull(t *testing.T) {
	t.Parallel()
	want := []conversation.Pull{
		{ID: 101, Author: 9, Staff: true, Parts: []conversation.Part{{Text: "nota"}}, Created: at(-20)},
		{ID: 102, Author: 7, Public: true, Channel: "web", Parts: []conversation.Part{{Text: "oi"}}, Created: at(-15)},
		{ID: 103, Author: 8, Staff: true, Public: true, Parts: []conversation.Part{{
			Text: "Olá, *Ana* & cia", File: &conversation.File{ID: "103.0", Kind: "image", Name: "tela.png", MIME: "image/png", Size: 9, URL: "https://desk.example/1"},
		}}, Created: at(-10)},
	}
	tests := []struct {
		name   string
		hint   string
		calls  []string
		status string
		facts  conversation.Facts
		stamp  time.Time
		cost   int
	}{
		{"status by the hint", "pending", []string{commentsRoute}, "pending", conversation.Facts{Status: "pending"}, at(-3), 1},
		{"status by the ticket", "", []string{showRoute, commentsRoute}, "solved", facts("solved"), at(-2), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, `{"ticket":{"id":11,"status":"solved","updated_at":"2026-03-02T08:59:58Z"}}`))
			r.desk.on(commentsRoute, says(200, replies))
			p := pull(tt.hint)
			got := r.done(r.try(open(), p)).Pulled
			hint := *p.Effect.Hint
			hint.UpdatedAt = tt.stamp
			r.same("pulled", got, &conversation.Pulled{Comments: want, Status: tt.status, At: r.now, Hint: hint, Facts: tt.facts})
			r.same("calls", r.desk.calls(), tt.calls)
			r.same("asked", r.budget.asks, []ask{{thread + "#5", zendesk.LanePeople, zendesk.Cost{Requests: tt.cost}}})
			r.same("query", r.desk.last("GET").Query, url.Values{"include": {"users"}, "sort": {"-created_at"}, "page[size]": {"100"}})
			r.same("marks", r.marks, []bool(nil))
		})
	}
}

// TestPullFromTheStart wants the cursor of another ticket not to count.
func TestPullFromTheStart(t *testing.T) {
	t.Parallel()
	other, none := open(), open()
	other.Conversation.Ticket.ID, other.Conversation.Ticket.Cursor = 10, 5000
	none.Conversation = nil
	for name, th := range map[string]conversation.Thread{"another ticket": other, "no conversation": none} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(commentsRoute, says(200, replies))
			r.same("comments", len(r.done(r.try(th, pull("open"))).Pulled.Comments), 4)
		})
	}
}

// TestPullLongText wants a long comment in as many messages as WhatsApp needs, and an empty one in none.
func TestPullLongText(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(commentsRoute, says(200, `{"comments":[{"id":201,"plain_body":"`+strings.Repeat("palavra ", 1000)+`"},{"id":202,"plain_body":"&nbsp;"}]}`))
	got := r.done(r.try(open(), pull("open"))).Pulled.Comments
	if len(got) != 2 || len(got[0].Parts) != 2 || len(got[1].Parts) != 0 {
		t.Fatalf("comments: %d; messages of the first: %d", len(got), len(got[0].Parts))
	}
	r.same("words", got[0].Parts[0].Text+" "+got[0].Parts[1].Text, strings.TrimSpace(strings.Repeat("palavra ", 1000)))
}

func TestPullRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		route  string
		answer http.HandlerFunc
		check  func(r *rig, got conversation.Result)
	}{
		"ticket gone":    {showRoute, says(404, `{}`), func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketGone) }},
		"comments gone":  {commentsRoute, says(404, `{}`), func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketGone) }},
		"server":         {commentsRoute, says(503, `{}`), func(r *rig, got conversation.Result) { r.later(got, 800*time.Millisecond, time.Second) }},
		"cut":            {showRoute, cut, func(r *rig, got conversation.Result) { r.later(got, 800*time.Millisecond, time.Second) }},
		"limited":        {showRoute, says(429, `{}`, "Retry-After", "77"), func(r *rig, got conversation.Result) { r.later(got, 77*time.Second, 77*time.Second) }},
		"server, waits":  {showRoute, says(503, `{}`, "Retry-After", "20"), func(r *rig, got conversation.Result) { r.later(got, 20*time.Second, 20*time.Second) }},
		"role":           {showRoute, says(403, `{}`), func(r *rig, got conversation.Result) { r.later(got, time.Minute, time.Minute) }},
		"refused for it": {showRoute, says(400, `{}`), func(r *rig, got conversation.Result) { r.failed(got, "") }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, shown))
			r.desk.on(tt.route, tt.answer)
			tt.check(r, r.try(open(), pull("")))
		})
	}
	t.Run("budget", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.budget.at = at(5)
		r.later(r.try(open(), pull("")), 5*time.Second, 5*time.Second)
		r.silent()
	})
}
