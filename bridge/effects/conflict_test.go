package effects_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

const conflictAnswer = `{"error":"UpdateConflict"}`

// edited is ticket 11 after somebody else gave it to agent 9 of group 71.
func edited() string {
	return ticketOf(object{"group_id": 71, "assignee_id": 9, "updated_at": "2026-03-02T08:59:55Z"})
}

// metEdited is the result that tells so.
func metEdited(r *rig, got conversation.Result) {
	r.Helper()
	r.failed(got, conversation.CodeConflict)
	want := factsOf()
	group, assignee := int64(71), int64(9)
	want.Group, want.Assignee, want.GroupName, want.AssigneeName = &group, &assignee, "Suporte N2", "Rui"
	r.same("ticket", got.Ticket, since(&conversation.TicketResult{ID: 11, Status: "open", Facts: want}, at(-5)))
}

// conflicting is a rig whose ticket somebody else has edited.
func conflicting(t *testing.T) *rig {
	t.Helper()
	r := procedural(t)
	r.desk.on(updateRoute, says(409, conflictAnswer))
	r.desk.on(showRoute, says(200, edited()))
	r.desk.on("GET /api/v2/users/9", says(200, `{"user":{"id":9,"role":"agent","name":"Rui"}}`))
	return r
}

// TestConflict wants a change that meets somebody else's to come back with what that one did, in words.
func TestConflict(t *testing.T) {
	t.Parallel()
	change := conversation.Change{Status: "solved"}
	for name, p := range map[string]conversation.Pending{"update": changing(change), "with words": along(note(), change), "with the transcript": along(transcribing(false), change)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := conflicting(t)
			metEdited(r, r.try(known(), p))
			r.same("calls", r.desk.calls(), []string{updateRoute, showRoute, groupsRoute, "GET /api/v2/users/9"})
		})
	}
	t.Run("of what is not known", func(t *testing.T) {
		t.Parallel()
		r := conflicting(t)
		th := known()
		th.Conversation.Ticket.TagsKnown = false
		metEdited(r, r.try(th, changing(conversation.Change{Tags: []string{"a"}})))
		r.same("nothing is written", r.marks, []bool(nil))
	})
	t.Run("not read", func(t *testing.T) {
		t.Parallel()
		r := conflicting(t)
		r.desk.on(showRoute, says(500, `{}`))
		r.later(r.try(known(), changing(change)), 800*time.Millisecond, time.Second)
	})
	t.Run("the ticket is gone", func(t *testing.T) {
		t.Parallel()
		r := conflicting(t)
		r.desk.on(showRoute, says(404, `{}`))
		r.failed(r.try(known(), changing(change)), conversation.CodeTicketGone)
	})
	t.Run("names that can't be had", func(t *testing.T) {
		t.Parallel()
		r := conflicting(t)
		r.desk.on(groupsRoute, says(500, `{}`))
		r.desk.on("GET /api/v2/users/9", says(200, `{"user":{"id":9,"role":"end-user","name":"Ana"}}`))
		got := r.try(known(), changing(change))
		r.failed(got, conversation.CodeConflict)
		r.same("names", []string{got.Ticket.Facts.GroupName, got.Ticket.Facts.AssigneeName}, []string{"", ""})
	})
	t.Run("words alone meet nobody", func(t *testing.T) {
		t.Parallel()
		r := conflicting(t)
		r.later(r.try(known(), customerComment()), 800*time.Millisecond, time.Second) // two updates at once
		r.same("calls", r.desk.calls(), []string{updateRoute})
		r.same("no stamp", r.written("PUT")["safe_update"], nil)
	})
}

// TestUnsureChange is what happens after an uncertain update that changes something.
func TestUnsureChange(t *testing.T) {
	t.Parallel()
	look := []string{showRoute, auditsRoute}
	change := conversation.Change{Status: "solved", Tags: []string{"fim"}}
	for name, p := range map[string]conversation.Pending{"update": changing(change), "with words": along(customerComment(), change)} {
		tests := []struct {
			name    string
			prepare func(r *rig)
			calls   []string
			check   func(r *rig, got conversation.Result)
		}{
			{"done", func(r *rig) { r.desk.on(auditsRoute, audits(session+"#3")) }, look, func(r *rig, got conversation.Result) {
				r.same("comments", r.done(got).Ticket.Comments, []int64{300, 301})
			}},
			{"absent", func(*rig) {}, append(look, updateRoute), func(r *rig, got conversation.Result) {
				r.done(got)
				ticket := r.written("PUT")
				// Somebody added a tag meanwhile: it stays, and the stamp is that of the look.
				r.same("tags", ticket["tags"], any([]any{"whatsapp", "novo", "fim"}))
				r.same("safe", []any{ticket["safe_update"], ticket["updated_stamp"]}, []any{true, "2026-03-02T08:59:58Z"})
				r.same("marks", r.marks, []bool{true})
			}},
			{"absent, and edited", func(r *rig) {
				r.desk.on(showRoute, says(200, edited()))
				r.desk.on("GET /api/v2/users/9", says(200, `{"user":{"id":9,"role":"agent","name":"Rui"}}`))
			}, append(look, groupsRoute, "GET /api/v2/users/9"), metEdited},
			{"absent, edited since the look", func(r *rig) { r.desk.on(updateRoute, says(409, conflictAnswer)) }, append(look, updateRoute), func(r *rig, got conversation.Result) {
				r.unsure(got, 2*time.Second)
			}},
			{"refused again", func(r *rig) { r.desk.on(updateRoute, cut) }, append(look, updateRoute), func(r *rig, got conversation.Result) { r.unsure(got, settle) }},
		}
		for _, tt := range tests {
			t.Run(name+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				r := procedural(t)
				r.desk.on(showRoute, says(200, ticketOf(object{"updated_at": "2026-03-02T08:59:58Z", "tags": []string{"whatsapp", "novo"}})))
				r.desk.on(auditsRoute, audits("other#3"))
				r.desk.on(updateRoute, says(200, ticketOf(nil)))
				tt.prepare(r)
				got := r.try(known("whatsapp"), unsure(p, at(-15)))
				r.same("calls", r.desk.calls(), tt.calls)
				tt.check(r, got)
				r.same("asked", r.budget.asks[0], ask{thread + "#3look", zendesk.LaneMirror, zendesk.Cost{Requests: 2}})
			})
		}
	}
}

// everything is a change of all that Zendesk may refuse.
func everything() conversation.Change {
	return conversation.Change{
		Assignee: 9, CC: "a@b.c", Organization: 41, Requester: 6, Group: "Suporte N2", Status: "pending", Subject: "Nota", Fields: map[string]string{conversation.FieldCNPJ: "1"},
	}
}

// refusals answers so many updates with 422.
func refusals(n int) []http.HandlerFunc {
	var steps []http.HandlerFunc
	for range n {
		steps = append(steps, says(422, unprocessable))
	}
	return append(steps, says(200, ticketOf(nil)))
}

// given is what may be given up, in its order: what people call it and the properties that go.
func given() []struct {
	what string
	keys []string
} {
	return []struct {
		what string
		keys []string
	}{
		{"responsável", []string{"assignee_id"}},
		{"cópia por e-mail", []string{"email_ccs"}},
		{"organização", []string{"organization_id", "requester_id"}},
		{"campos", []string{"custom_fields"}},
		{"grupo", []string{"group_id"}},
		{"status", []string{"status"}},
	}
}

// TestLessened wants what Zendesk does not take to be given up step by step, and named.
func TestLessened(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]conversation.Pending{"update": changing(everything()), "with words": along(note(), everything())} {
		for n := range len(given()) + 1 {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := procedural(t)
				r.desk.on(updateRoute, refusals(n)...)
				got := r.done(r.try(known(), p))
				var left []string
				gone := map[string]bool{}
				for _, g := range given()[:n] {
					left = append(left, g.what)
					for _, key := range g.keys {
						gone[key] = true
					}
				}
				r.same("left", got.Notes, left)
				r.same("calls", len(r.desk.calls()), 2+n+1) // fields and groups once
				for _, g := range given() {
					for _, key := range g.keys {
						if _, there := r.written("PUT")[key]; there == gone[key] {
							t.Errorf("after %d refusals %q is there: %v", n, key, there)
						}
					}
				}
				r.same("subject", r.written("PUT")["subject"], any("Nota"))
				r.same("safe", r.written("PUT")["updated_stamp"], any(stamp))
				r.same("marks", r.marks, []bool{false})
			})
		}
	}
}

// TestNothingLeft wants an update of which nothing is taken to fail, and words never to be given up.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.desk.on(updateRoute, says(422, unprocessable))
	r.failed(r.try(known(), changing(conversation.Change{Assignee: 9})), "")
	r.same("calls", r.desk.calls(), []string{updateRoute})

	r = procedural(t)
	r.desk.on(updateRoute, says(422, unprocessable))
	r.failed(r.try(known(), along(note(), conversation.Change{Unassign: true, Status: "open"})), "")
	r.same("calls", r.desk.calls(), []string{updateRoute, updateRoute, updateRoute})
	r.same("words", r.comment(), object{"body": "não entregue", "public": false})
	r.same("nobody", r.written("PUT")["assignee_id"], nil)
}

// TestLessenedAndThen wants whatever comes after a refusal to count.
func TestLessenedAndThen(t *testing.T) {
	t.Parallel()
	p := changing(conversation.Change{Assignee: 9, Status: "open"})
	tests := map[string]struct {
		answer http.HandlerFunc
		check  func(r *rig, got conversation.Result)
	}{
		"cut":     {cut, func(r *rig, got conversation.Result) { r.unsure(got, settle) }},
		"limited": {says(429, `{}`, "Retry-After", "9"), func(r *rig, got conversation.Result) { r.later(got, 9*time.Second, 9*time.Second) }},
		"closed": {says(422, `{"error":"RecordInvalid","description":"ticket is closed"}`), func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketClosed)
		}},
		"gone": {says(404, `{}`), func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeTicketGone) }},
		"edited": {says(409, conflictAnswer), func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeConflict)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := procedural(t)
			r.desk.on(showRoute, says(200, ticketOf(nil)))
			r.desk.on(updateRoute, says(422, unprocessable), tt.answer)
			tt.check(r, r.try(known(), p))
		})
	}
}
