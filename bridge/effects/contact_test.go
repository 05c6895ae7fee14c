package effects_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

const (
	identityRoute = "POST /api/v2/users/7/identities"
	bookRoute     = "DELETE /v26.0/100/contact_book"
	success       = `{"success":true}`
)

// short wants an attempt to be repeated at once, as far as that goes.
func (r *rig) short(got conversation.Result) {
	r.Helper()
	r.later(got, 800*time.Millisecond, time.Second)
}

// doing is an effect of a kind that needs nothing else.
func doing(e conversation.Effect) conversation.Pending {
	e.ID = "8"
	return conversation.Pending{Effect: e}
}

// TestTell wants an event in another mailbox as it is, whatever its kind.
func TestTell(t *testing.T) {
	t.Parallel()
	event := conversation.Event{Kind: conversation.EventTransfer, ID: "t:1", At: at(0), Ask: &conversation.Transfer{Thread: thread}}
	for _, kind := range []conversation.EffectKind{conversation.EffectTell, conversation.EffectForward} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			p := doing(conversation.Effect{Kind: kind, Tell: &conversation.Tell{Key: "media|x", Event: event}})
			r.done(r.try(open(), p))
			r.same("delivered", r.delivered, []delivery{{"media|x", event}})
			r.same("handed over", r.boxes.told, []string(nil))
			r.deliverErr = errBroken
			r.short(r.try(open(), p))
		})
	}
}

// TestAbsorbed wants a thread's memory of events to be where it moves before it says that it does, without those that it still sends
// after itself.
func TestAbsorbed(t *testing.T) {
	t.Parallel()
	moved := open()
	for _, id := range []string{"wamid.8", "wamid.9"} {
		moved.Outbox.Ticket = append(moved.Outbox.Ticket, doing(conversation.Effect{
			Kind: conversation.EffectForward, Tell: &conversation.Tell{Event: conversation.Event{ID: id}},
		}))
	}
	moved.Outbox.Ticket = append(moved.Outbox.Ticket, customerComment())
	state, err := json.Marshal(moved)
	if err != nil {
		t.Fatal(err)
	}
	p := doing(conversation.Effect{Kind: conversation.EffectTell, Tell: &conversation.Tell{
		Key: "100|c2", Event: conversation.Event{Kind: conversation.EventAbsorb, ID: "ab:1", Absorb: &conversation.Absorb{Thread: open()}},
	}})
	for name, tt := range map[string]struct {
		state []byte
		told  string
	}{
		"with events on their way": {state, "hand over 100|c1 100|c2 s but for wamid.8 wamid.9"},
		"with nothing":             {nil, "hand over 100|c1 100|c2 s but for"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.boxes.state = tt.state
			r.boxes.err = errBroken
			r.short(r.try(open(), p))
			r.same("told too early", len(r.delivered), 0)
			r.boxes.err, r.boxes.told = nil, nil
			r.done(r.try(open(), p))
			r.same("handed over", r.boxes.told, []string{tt.told})
			r.same("delivered", len(r.delivered), 1)
		})
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	r := setup(t)
	p := doing(conversation.Effect{Kind: conversation.EffectRegister})
	r.done(r.try(open(), p))
	r.same("told", r.contacts.told, []string{"register c1 100"})
	r.contacts.fails = "register"
	r.short(r.try(open(), p))
}

// TestAdopt wants a contact's threads on other numbers to hear that it is another one before its ids say so.
func TestAdopt(t *testing.T) {
	t.Parallel()
	p := doing(conversation.Effect{Kind: conversation.EffectAdopt, From: "c0"})
	all := []string{"numbers c0", "deliver 200|c0", "deliver 300|c0", "adopt c0 c1"}
	tests := []struct {
		name string
		fail func(r *rig)
		told []string
	}{
		{"numbers", func(r *rig) { r.contacts.fails = "numbers" }, nil},
		{"deliver", func(r *rig) { r.deliverErr = errBroken }, all[:1]},
		{"adopt", func(r *rig) { r.contacts.fails = "adopt" }, all[:3]},
		{"nothing", func(*rig) {}, all},
	}
	for _, tt := range tests {
		t.Run(tt.name+" fails", func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.contacts.numbers["c0"] = []string{"200", "100", "300"}
			tt.fail(r)
			got := r.try(open(), p)
			r.same("told", r.contacts.told, tt.told)
			if len(tt.told) < len(all) {
				r.short(got)
				return
			}
			r.done(got)
			event := conversation.Event{Kind: conversation.EventMerge, ID: "mg:c0:c1", At: r.now, Merge: &conversation.Merge{With: "c1"}}
			r.same("delivered", r.delivered, []delivery{{"200|c0", event}, {"300|c0", event}})
		})
	}
}

// TestIdentity wants a phone that came late to be the user's as well, unless it is somebody's already.
func TestIdentity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		check  func(r *rig, got conversation.Result)
	}{
		"created":   {says(201, `{"identity":{"id":5}}`), func(r *rig, got conversation.Result) { r.done(got) }},
		"taken":     {says(422, `{"error":"RecordInvalid"}`), func(r *rig, got conversation.Result) { r.done(got) }},
		"limited":   {says(429, `{}`, "Retry-After", "70"), func(r *rig, got conversation.Result) { r.later(got, 70*time.Second, 70*time.Second) }},
		"uncertain": {cut, (*rig).short},
		"user gone": {says(404, `{}`), func(r *rig, got conversation.Result) { r.failed(got, "") }},
	}
	p := doing(conversation.Effect{Kind: conversation.EffectIdentity, Phone: "5511987654321"})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(identityRoute, tt.answer)
			tt.check(r, r.try(open(), p))
			r.same("body", r.desk.last("POST").Body, object{"identity": object{
				"type": "phone_number", "value": "+5511987654321", "verified": true, "skip_verify_email": true,
			}})
			r.same("asked", r.budget.asks, []ask{{thread + "#8", zendesk.LaneMirror, zendesk.Cost{Requests: 1, UserWrite: true}}})
		})
	}
	t.Run("no budget", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.budget.at = at(4)
		r.later(r.try(open(), p), 4*time.Second, 4*time.Second)
		r.silent()
	})
}

// TestErase wants everything that names the contact to be removed, here and at WhatsApp.
func TestErase(t *testing.T) {
	t.Parallel()
	lists := []string{"wa-100-c1-1", "wa-100-c1-2", "wa-100-c0-4", "of nobody"}
	dropped := []string{"drop 100|c1 wa-100-c1-1", "drop 100|c1 wa-100-c1-2", "drop 100|c0 wa-100-c0-4"}
	done := func(r *rig, got conversation.Result) { r.done(got) }
	tests := []struct {
		name   string
		user   string
		answer http.HandlerFunc
		check  func(r *rig, got conversation.Result)
		loud   bool
	}{
		{"by user id", "BR.123456", says(200, success), done, false},
		{"nobody at whatsapp", "", nil, done, false},
		{"of a company's user id", "BR.ENT.123456", nil, done, false},
		{"refused", "BR.123456", refusal(400, "100"), done, true},
		{"whatsapp 500", "BR.123456", says(500, ``), (*rig).short, false},
		{"whatsapp busy", "BR.123456", refusal(503, "131016"), (*rig).short, false},
		{"answer lost", "BR.123456", cut, (*rig).short, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			if tt.answer != nil {
				r.phone.on(bookRoute, tt.answer)
			}
			tt.check(r, r.try(open(), doing(conversation.Effect{Kind: conversation.EffectErase, From: tt.user, Lists: lists})))
			r.same("dropped", r.boxes.told, dropped)
			r.same("told", r.contacts.told, []string{"register c1 100", "forget c1"})
			r.same("loud", strings.Contains(r.log.String(), "whatsapp does not erase a contact"), tt.loud)
			if tt.answer == nil {
				r.silent()
				return
			}
			r.same("query", r.phone.last("DELETE").Query, url.Values{"messaging_product": {"whatsapp"}, "bsuid": {"BR.123456"}})
			r.same("nothing personal is logged", strings.Contains(r.log.String(), "BR.123456"), false)
		})
	}
	t.Run("transcripts stay", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.boxes.err = errBroken
		r.short(r.try(open(), doing(conversation.Effect{Kind: conversation.EffectErase, From: "BR.123456", Lists: lists})))
		r.same("forgotten too early", r.contacts.told, []string(nil))
		r.silent()
	})
	t.Run("ids stay", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.contacts.fails = "forget"
		r.short(r.try(open(), doing(conversation.Effect{Kind: conversation.EffectErase, From: "BR.123456", Lists: lists})))
		r.silent()
	})
}

// TestRead wants the customer to see that a message was read, and nothing to depend on it.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		typing bool
		answer http.HandlerFunc
		reason bool
	}{
		{"read", false, says(200, success), false},
		{"read, and somebody writes", true, says(200, success), false},
		{"refused", false, refusal(400, "100"), true},
		{"lost", true, cut, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, tt.answer)
			got := r.done(r.try(open(), doing(conversation.Effect{Kind: conversation.EffectRead, Read: &conversation.Read{MessageID: "wamid.1", Typing: tt.typing}})))
			want := object{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}
			if tt.typing {
				want["typing_indicator"] = object{"type": "text"}
			}
			r.same("body", r.phone.last("POST").Body, want)
			r.same("a reason", got.Reason != "", tt.reason)
			r.same("requests", len(r.phone.calls()), 1)
		})
	}
}
