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

const changedRoute = "GET /api/v2/incremental/tickets/cursor"

func lookup() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectLookup, Hint: &conversation.Hint{Ticket: 11}}}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer http.HandlerFunc
		thread string
	}{
		{"ours", says(200, `{"ticket":{"id":11,"external_id":"wa-200-c9-3","status":"hold","updated_at":"2026-03-02T08:59:40Z"}}`), "200|c9"},
		{"somebody else's", says(200, `{"ticket":{"id":11,"external_id":"ORDER-1"}}`), ""},
		{"made up by somebody", says(200, `{"ticket":{"id":11,"external_id":"wa-sys-reconcile-1"}}`), ""},
		{"without external id", says(200, `{"ticket":{"id":11,"external_id":null}}`), ""},
		{"deleted", says(404, `{}`), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, tt.answer)
			r.done(r.try(conversation.Thread{}, lookup()))
			r.same("asked", r.budget.asks, []ask{{thread + "#1", zendesk.LaneMirror, zendesk.Cost{Requests: 1}}})
			if tt.thread == "" {
				r.same("delivered", r.delivered, []delivery(nil))
				r.same("bound", r.tickets.bound, map[int64]string{})
				return
			}
			r.same("bound", r.tickets.bound, map[int64]string{11: tt.thread})
			r.same("delivered", r.delivered, []delivery{{tt.thread, conversation.Event{
				Kind: conversation.EventHint, At: r.now, Hint: &conversation.Hint{Ticket: 11, Status: "hold", UpdatedAt: at(-20)},
			}}})
		})
	}
}

func TestLookupFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare     func(r *rig)
		least, most time.Duration
	}{
		"server":      {func(r *rig) { r.desk.on(showRoute, says(500, `{}`)) }, 800 * time.Millisecond, time.Second},
		"limited":     {func(r *rig) { r.desk.on(showRoute, says(429, `{}`, "Retry-After", "9")) }, 9 * time.Second, 9 * time.Second},
		"not bound":   {func(r *rig) { r.tickets.err = errBroken }, 800 * time.Millisecond, time.Second},
		"not told on": {func(r *rig) { r.deliverErr = errBroken }, 800 * time.Millisecond, time.Second},
		"budget":      {func(r *rig) { r.budget.at = at(6) }, 6 * time.Second, 6 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, `{"ticket":{"id":11,"external_id":"wa-200-c9-3"}}`))
			tt.prepare(r)
			r.later(r.try(conversation.Thread{}, lookup()), tt.least, tt.most)
			r.same("delivered", r.delivered, []delivery(nil))
		})
	}
}

func reconcile(s conversation.Sweep) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectReconcile, Sweep: &s}}
}

const changed = `{"tickets":[
 {"id":11,"status":"open","updated_at":"2026-03-02T08:50:00Z","external_id":"ORDER-1"},
 {"id":12,"status":"solved","updated_at":"2026-03-02T08:51:00Z","external_id":"wa-200-c9-3"},
 {"id":13,"status":"new","updated_at":"2026-03-02T08:52:00Z","external_id":"ORDER-2"},
 {"id":14,"status":"new","updated_at":"2026-03-02T08:52:00Z","external_id":null},
 {"id":11,"status":"pending","updated_at":"2026-03-02T08:53:00Z","external_id":"ORDER-1","group_id":70,"assignee_id":8,"organization_id":40,"tags":["a"]}],
 "after_cursor":"next","end_of_stream":END}`

// TestReconcile wants the threads of changed tickets to be told, by what is remembered or else by the external id.
func TestReconcile(t *testing.T) {
	t.Parallel()
	told := func(key, id string, h conversation.Hint) delivery {
		h.Sweep = true
		if h.Facts.Group == nil {
			h.Facts = facts("")
		}
		return delivery{key, conversation.Event{Kind: conversation.EventHint, ID: id, At: at(0), Hint: &h}}
	}
	group, assignee, organization := int64(70), int64(8), int64(40)
	taken := conversation.Facts{Group: &group, Assignee: &assignee, Organization: &organization, Tags: []string{"a"}, TagsKnown: true}
	want := []delivery{
		told(thread, "sweep:11:1772441400", conversation.Hint{Ticket: 11, Status: "open", UpdatedAt: at(-600)}),
		told("200|c9", "sweep:12:1772441460", conversation.Hint{Ticket: 12, Status: "solved", UpdatedAt: at(-540)}),
		told(thread, "sweep:11:1772441580", conversation.Hint{Ticket: 11, Status: "pending", UpdatedAt: at(-420), Facts: taken}),
	}
	tests := []struct {
		name  string
		sweep conversation.Sweep
		end   string
		query url.Values
		more  bool
	}{
		{"first page", conversation.Sweep{Since: at(-3600)}, "false", url.Values{"start_time": {"1772438400"}}, true},
		{"last page", conversation.Sweep{Cursor: "here", Since: at(-3600)}, "true", url.Values{"cursor": {"here"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.tickets.bound[11] = thread
			r.desk.on(changedRoute, says(200, strings.Replace(changed, "END", tt.end, 1)))
			got := r.done(r.try(conversation.Thread{}, reconcile(tt.sweep))).Sweep
			if got.Cursor != "next" || got.More != tt.more {
				t.Errorf("sweep = %+v", got)
			}
			r.same("query", r.desk.last("GET").Query, tt.query)
			r.same("delivered", r.delivered, want)
			r.same("asked", r.budget.asks, []ask{{thread + "#1", zendesk.LanePeople, zendesk.Cost{Requests: 1, Incremental: true}}})
		})
	}
}

// TestReconcileWithoutCursor wants a page that names no cursor to be asked for again from where it began.
func TestReconcileWithoutCursor(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(changedRoute, says(200, `{"tickets":[],"after_cursor":null,"end_of_stream":true}`))
	got := r.done(r.try(conversation.Thread{}, reconcile(conversation.Sweep{Since: at(-3600)}))).Sweep
	r.same("sweep", got, &conversation.Sweep{Since: at(-3600)})
}

// TestReconcileForgottenCursor wants a cursor that Zendesk does not know any more to begin anew, hours back.
func TestReconcileForgottenCursor(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(changedRoute, says(400, `{"error":"InvalidCursor"}`))
	got := r.done(r.try(conversation.Thread{}, reconcile(conversation.Sweep{Cursor: "old"}))).Sweep
	r.same("sweep", got, &conversation.Sweep{Since: at(-7200), More: true})

	r.failed(r.try(conversation.Thread{}, reconcile(conversation.Sweep{Since: at(-7200)})), "") // no cursor, no excuse
}

func TestReconcileFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare     func(r *rig)
		least, most time.Duration
	}{
		"server":      {func(r *rig) { r.desk.on(changedRoute, says(500, `{}`)) }, 800 * time.Millisecond, time.Second},
		"limited":     {func(r *rig) { r.desk.on(changedRoute, says(429, `{}`, "Retry-After", "61")) }, 61 * time.Second, 61 * time.Second},
		"no admin":    {func(r *rig) { r.desk.on(changedRoute, says(403, `{}`)) }, time.Minute, time.Minute},
		"threads":     {func(r *rig) { r.tickets.err = errBroken }, 800 * time.Millisecond, time.Second},
		"not told on": {func(r *rig) { r.deliverErr = errBroken }, 800 * time.Millisecond, time.Second},
		"budget":      {func(r *rig) { r.budget.at = at(6) }, 6 * time.Second, 6 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(changedRoute, says(200, strings.Replace(changed, "END", "true", 1)))
			tt.prepare(r)
			got := r.try(conversation.Thread{}, reconcile(conversation.Sweep{Cursor: "here"}))
			r.later(got, tt.least, tt.most)
			if got.Sweep != nil {
				t.Error("the cursor moved on")
			}
		})
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	p := conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: conversation.EffectRepair}}
	for violations, loud := range map[int]bool{0: false, 2: true} {
		r := setup(t)
		r.violations = violations
		r.done(r.try(conversation.Thread{}, p))
		if (r.log.Len() > 0) != loud {
			t.Errorf("%d violations: logged %q", violations, r.log)
		}
	}
	r := setup(t)
	r.repairErr = errBroken
	r.later(r.try(conversation.Thread{}, p), 800*time.Millisecond, time.Second)
}
