package effects_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

func reopen() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "7", Kind: conversation.EffectReopen}}
}

// TestReopen wants a ticket that waits or is solved to be opened, and any other to be left alone.
func TestReopen(t *testing.T) {
	t.Parallel()
	for status, opens := range map[string]bool{
		"pending": true, "hold": true, "solved": true, "open": false, "new": false, "closed": false,
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, `{"ticket":{"id":11,"status":"`+status+`","updated_at":"2026-03-02T08:59:40Z"}}`))
			r.desk.on(updateRoute, says(200, updated))
			got := r.done(r.try(open(), reopen()))
			r.same("asked", r.budget.asks, []ask{{thread + "#7", zendesk.LaneMirror, zendesk.Cost{Requests: 2, Update: 11}}})
			r.same("marks: it may be repeated", r.marks, []bool(nil))
			if !opens {
				r.same("ticket", got.Ticket, since(wrote(status), at(-20)))
				r.same("calls", r.desk.calls(), []string{showRoute})
				return
			}
			r.same("ticket", got.Ticket, wrote("open"))
			r.same("body", r.desk.last("PUT").Body, object{"ticket": object{
				"status": "open", "safe_update": true, "updated_stamp": "2026-03-02T08:59:40Z",
			}})
		})
	}
}

// TestReopenRefused wants every failure but a vanished or closed ticket to be tried again from the start.
func TestReopenRefused(t *testing.T) {
	t.Parallel()
	quick := func(r *rig, got conversation.Result) {
		r.Helper()
		r.later(got, 800*time.Millisecond, time.Second)
	}
	tests := map[string]struct {
		prepare func(r *rig)
		check   func(r *rig, got conversation.Result)
	}{
		"edited meanwhile": {func(r *rig) { r.desk.on(updateRoute, says(409, `{"error":"UpdateConflict"}`)) }, quick},
		"cut":              {func(r *rig) { r.desk.on(updateRoute, cut) }, quick},
		"not read":         {func(r *rig) { r.desk.on(showRoute, says(500, `{}`)) }, quick},
		"limited": {func(r *rig) { r.desk.on(updateRoute, says(429, `{}`, "Retry-After", "8")) }, func(r *rig, got conversation.Result) {
			r.later(got, 8*time.Second, 8*time.Second)
		}},
		"budget": {func(r *rig) { r.budget.at = at(6) }, func(r *rig, got conversation.Result) {
			r.later(got, 6*time.Second, 6*time.Second)
			r.silent()
		}},
		"gone": {func(r *rig) { r.desk.on(showRoute, says(404, `{}`)) }, func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketGone)
		}},
		"closed meanwhile": {func(r *rig) { r.desk.on(updateRoute, says(422, `{"description":"ticket is closed"}`)) }, func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeTicketClosed)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(showRoute, says(200, shown))
			tt.prepare(r)
			tt.check(r, r.try(open(), reopen()))
		})
	}
}
