package effects_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// writes are the effects that call Zendesk to change something, with the route of their call.
func writes() map[string]struct {
	pending conversation.Pending
	thread  conversation.Thread
	route   string
} {
	return map[string]struct {
		pending conversation.Pending
		thread  conversation.Thread
		route   string
	}{
		"user":    {userEffect(), unknown(), upsertRoute},
		"create":  {createEffect(), fresh(), createRoute},
		"comment": {customerComment(), open(), updateRoute},
	}
}

// TestRefusedWrites is the table of answers that certainly changed nothing, for every write.
func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	second := time.Second
	tests := []struct {
		name        string
		answer      http.HandlerFunc
		least, most time.Duration
		free        bool
		loud        bool
	}{
		{"limited", says(429, `{}`, "Retry-After", "93"), 93 * second, 93 * second, true, false},
		{"limited, no time told", says(429, `{}`), 800 * time.Millisecond, second, true, false},
		{"collision", says(409, `{"error":"UpdateConflict"}`), 800 * time.Millisecond, second, false, false},
		{"credentials", says(401, `{}`), time.Minute, time.Minute, false, true},
		{"role", says(403, `{}`), time.Minute, time.Minute, false, true},
	}
	for kind, w := range writes() {
		for _, tt := range tests {
			t.Run(kind+" "+tt.name, func(t *testing.T) {
				t.Parallel()
				r := setup(t)
				r.desk.on(w.route, tt.answer)
				got := r.try(w.thread, w.pending)
				r.later(got, tt.least, tt.most)
				if got.Free != tt.free || (r.log.Len() > 0) != tt.loud {
					t.Errorf("free = %v, want %v; logged %q", got.Free, tt.free, r.log)
				}
			})
		}
	}
}

// TestUncertainWrites wants answers after which nobody knows to leave a ticket's write unsure, and a user's to be repeated:
// its call is idempotent.
func TestUncertainWrites(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"500": says(500, `{}`), "502": says(502, `<html>`), "503": says(503, `{}`), "504": says(504, ``), "408": says(408, `{}`),
		"cut": cut, "unreadable": says(200, `{"ticket":`), "empty": says(200, `{}`), "accepted for later": says(202, `{}`),
	}
	for kind, w := range writes() {
		for name, answer := range answers {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				r := setup(t)
				r.desk.on(w.route, answer)
				got := r.try(w.thread, w.pending)
				if kind == "user" {
					if name != "accepted for later" {
						r.later(got, 800*time.Millisecond, time.Second)
					}
					return
				}
				r.unsure(got, settle)
				if !got.SentAt.Equal(r.now) || got.Free {
					t.Errorf("result = %+v; want the time of sending, and an attempt that counts", got)
				}
			})
		}
	}
}

// TestNoConnection wants a peer that can't be reached to leave nothing unsure.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	for kind, w := range writes() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.deaf()
			r.later(r.try(w.thread, w.pending), 800*time.Millisecond, time.Second)
		})
	}
}

// TestRefusedForGood wants a request that can't help to be repeated to fail, loudly.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	for kind, w := range writes() {
		for _, status := range []int{400, 422} {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				r := setup(t)
				r.desk.on(w.route, says(status, `{"error":"RecordInvalid"}`))
				r.failed(r.try(w.thread, w.pending), "")
				if r.log.Len() == 0 {
					t.Error("nothing was logged")
				}
			})
		}
	}
}

// TestBudget wants a write to wait for its reserved time, without a request or a journal entry, and an unsure one to stay so.
func TestBudget(t *testing.T) {
	t.Parallel()
	asked := map[string]ask{
		"user":    {thread + "#1", zendesk.LanePeople, zendesk.Cost{Requests: 2, UserWrite: true}},
		"create":  {thread + "#2", zendesk.LanePeople, zendesk.Cost{Requests: 1}},
		"comment": {thread + "#3", zendesk.LaneMirror, zendesk.Cost{Requests: 1, Update: 11}},
	}
	for kind, w := range writes() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.budget.at = at(42)
			got := r.try(w.thread, w.pending)
			if got.Outcome != conversation.Later || !got.NotBefore.Equal(at(42)) || !got.Free {
				t.Errorf("result = %+v; want later, free, at the reserved time", got)
			}
			r.budget.err = errBroken
			r.later(r.try(w.thread, w.pending), 800*time.Millisecond, time.Second)
			r.same("asked", r.budget.asks, []ask{asked[kind], asked[kind]})
			r.same("marks", r.marks, []bool(nil))
			r.silent()
		})
	}
}

// TestUnmarked wants nothing to leave the house when the journal could not be written.
func TestUnmarked(t *testing.T) {
	t.Parallel()
	tries := writes()
	delete(tries, "user") // is idempotent and needs no journal
	for kind, w := range tries {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.markErr = errBroken
			r.later(r.try(w.thread, w.pending), 800*time.Millisecond, time.Second)
			r.silent()
		})
	}
	t.Run("send", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.markErr = errBroken
		r.later(r.try(open(), reply()), 800*time.Millisecond, time.Second)
		r.silent()
	})
}

// TestBackoff wants the waits to double up to half a minute.
func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, most := range map[int]time.Duration{
		0: time.Second, 1: 2 * time.Second, 4: 16 * time.Second, 5: 30 * time.Second, 6: 30 * time.Second, 500: 30 * time.Second,
	} {
		r := setup(t)
		r.desk.on(updateRoute, says(409, `{}`))
		p := customerComment()
		p.Attempts = attempts
		r.later(r.try(open(), p), most*4/5, most)
	}
}

func TestUnknownEffect(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.failed(r.try(open(), conversation.Pending{Effect: conversation.Effect{ID: "1", Kind: "of a newer version"}}), "")
	r.silent()
}
