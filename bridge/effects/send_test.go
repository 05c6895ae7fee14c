package effects_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

const (
	sendRoute = "POST /v26.0/100/messages"
	accepted  = `{"messaging_product":"whatsapp","contacts":[{"input":"+5511987654321","wa_id":"551187654321"}],"messages":[{"id":"wamid.out"}]}`
)

// reply is an agent's words.
func reply() conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "6", Kind: conversation.EffectSend, Send: &conversation.Send{Text: "Olá", Comment: 103}}}
}

// notice is automatic words.
func notice() conversation.Pending {
	p := reply()
	p.Effect.Send = &conversation.Send{Text: "Recebemos", Automatic: true}
	return p
}

// turnsAway is automatic words that are all the customer is told.
func turnsAway() conversation.Pending {
	p := notice()
	p.Effect.Send.Insist = true
	return p
}

// repeatedOnce is words that were sent a second time.
func repeatedOnce(p conversation.Pending) conversation.Pending {
	p.Repeated = true
	return p
}

// refusal is an answer that carries an error code of WhatsApp.
func refusal(status int, code string, headers ...string) http.HandlerFunc {
	return says(status, `{"error":{"message":"m","code":`+code+`,"fbtrace_id":"T"}}`, headers...)
}

func TestSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		waID, user string
		to         object
	}{
		{"to the phone WhatsApp gave", "5511987654321", "BR.123456", object{"to": "+5511987654321"}},
		{"to the user id where no phone is known", "", "BR.123456", object{"recipient": "BR.123456"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, says(200, accepted))
			th := open()
			th.Contact.WaID, th.Contact.UserID = tt.waID, tt.user
			got := r.done(r.try(th, reply()))
			r.same("sent", got.Sent, &conversation.Sent{MessageID: "wamid.out", WaID: "551187654321"})
			want := object{
				"messaging_product": "whatsapp", "recipient_type": "individual", "type": "text", "text": object{"body": "Olá"},
				"biz_opaque_callback_data": "100|c1#6",
			}
			maps.Copy(want, tt.to)
			r.same("body", r.phone.last("POST").Body, want)
			r.same("authorization", r.phone.last("POST").Header.Get("Authorization"), "Bearer demo")
			r.same("marks", r.marks, []bool{false})
			r.same("repeated", got.Repeated, false)
		})
	}
}

// TestSendFindsParkedStatuses wants statuses that overtook the answer to come with it.
func TestSendFindsParkedStatuses(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.phone.on(sendRoute, says(200, accepted))
	status := conversation.Status{MessageID: "wamid.out", State: conversation.DeliveryFailed, Code: 131026, Reason: "não entregue", At: at(0)}
	raw, err := json.Marshal(status)
	if err != nil {
		t.Fatal(err)
	}
	r.parking.held["wamid.out"] = [][]byte{raw, []byte("{")}
	r.same("parked", r.done(r.try(open(), reply())).Sent.Parked, []conversation.Status{status})

	r.parking.err = errBroken // costs the statuses, never the message
	r.same("parked", r.done(r.try(open(), reply())).Sent.Parked, []conversation.Status(nil))
	if !strings.Contains(r.log.String(), "parked statuses not read") {
		t.Errorf("logged %q", r.log)
	}
}

func TestSendUncertain(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"cut": cut, "500": says(500, `oops`), "502 of a proxy": says(502, `<html>`), "no id": says(200, `{}`), "no JSON": says(200, `<html>`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, answer)
			got := r.try(open(), reply())
			r.unsure(got, r.set.StatusWait)
			if !got.SentAt.Equal(r.now) || got.Repeated || len(r.phone.calls()) != 1 {
				t.Errorf("result = %+v after %d requests", got, len(r.phone.calls()))
			}
		})
	}
}

// TestSendAfterSilence is what happens when no status came for a send whose outcome is unknown.
func TestSendAfterSilence(t *testing.T) {
	t.Parallel()
	twice := reply()
	twice.Repeated = true
	tests := []struct {
		name    string
		pending conversation.Pending
		sent    time.Time
		calls   int
		check   func(r *rig, got conversation.Result)
	}{
		{"still waiting for a status", reply(), at(-19), 0, func(r *rig, got conversation.Result) {
			r.unsure(got, time.Second)
			r.same("free", got.Free, true)
		}},
		{"agent's words go again, marked", reply(), at(-20), 1, func(r *rig, got conversation.Result) {
			r.same("repeated", r.done(got).Repeated, true)
			r.same("marks", r.marks, []bool{true})
		}},
		{"agent's words, twice", twice, at(-20), 0, func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeNoAnswer) }},
		{"agent's words, twice, still waiting", twice, at(-19), 0, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
		{"notice is not repeated", notice(), at(-20), 0, func(r *rig, got conversation.Result) {
			if r.done(got).Sent != nil || got.Repeated {
				r.Errorf("result = %+v", got)
			}
		}},
		{"what turns a customer away", turnsAway(), at(-20), 1, func(r *rig, got conversation.Result) {
			r.same("repeated", r.done(got).Repeated, true)
			r.same("marks", r.marks, []bool{true})
		}},
		{"what turns a customer away, still waiting", turnsAway(), at(-19), 0, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
		{"what turns a customer away, twice", repeatedOnce(turnsAway()), at(-20), 0, func(r *rig, got conversation.Result) { r.failed(got, conversation.CodeNoAnswer) }},
		{"notice still waiting", notice(), at(-19), 0, func(r *rig, got conversation.Result) { r.unsure(got, time.Second) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, says(200, accepted))
			tt.check(r, r.try(open(), unsure(tt.pending, tt.sent)))
			r.same("requests", len(r.phone.calls()), tt.calls)
		})
	}
}

// TestSendConfirmedEarlier is a send whose status was taken in while its answer was awaited, by an instance that ended then: the
// words have gone out, however late somebody comes here again.
func TestSendConfirmedEarlier(t *testing.T) {
	t.Parallel()
	for state, calls := range map[conversation.DeliveryState]int{
		conversation.DeliveryQueued: 1, conversation.DeliverySent: 0, conversation.DeliveryRead: 0, conversation.DeliveryFailed: 0,
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, says(200, accepted))
			th := open()
			th.Deliveries = []conversation.Delivery{{Effect: "5", State: conversation.DeliveryRead}, {Effect: "6", State: state}}
			got := r.done(r.try(th, unsure(reply(), at(-3600))))
			r.same("requests", len(r.phone.calls()), calls)
			r.same("repeated", got.Repeated, calls > 0)
		})
	}
}

// TestRepeatRefused wants a repeat that certainly did not go out to leave the first sending unsure: its status may still
// come, and the words were not sent twice.
func TestRepeatRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(r *rig)
		check   func(r *rig, got conversation.Result)
	}{
		"too fast": {func(r *rig) { r.phone.on(sendRoute, refusal(400, "131056")) }, func(r *rig, got conversation.Result) {
			r.unsure(got, time.Second)
		}},
		"token": {func(r *rig) { r.phone.on(sendRoute, refusal(401, "190")) }, func(r *rig, got conversation.Result) {
			r.unsure(got, time.Minute)
		}},
		"no journal": {func(r *rig) { r.markErr = errBroken }, func(r *rig, got conversation.Result) {
			r.same("outcome", got.Outcome, conversation.Unsure)
		}},
		"uncertain again": {func(r *rig) { r.phone.on(sendRoute, cut) }, func(r *rig, got conversation.Result) {
			r.unsure(got, r.set.StatusWait)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			tt.prepare(r)
			got := r.try(open(), unsure(reply(), at(-30)))
			tt.check(r, got)
			went := name == "uncertain again"
			if got.Repeated != went || got.SentAt.IsZero() == went {
				t.Errorf("result = %+v; went out again: %v", got, went)
			}
		})
	}
}

// TestSendRefused is the table of what WhatsApp refuses.
func TestSendRefused(t *testing.T) {
	t.Parallel()
	second := time.Second
	later := func(least, most time.Duration) func(*rig, conversation.Result) {
		return func(r *rig, got conversation.Result) {
			r.Helper()
			r.later(got, least, most)
		}
	}
	failed := func(advice string) func(*rig, conversation.Result) {
		return func(r *rig, got conversation.Result) {
			r.Helper()
			r.failed(got, "")
			if !strings.Contains(got.Advice, advice) {
				r.Errorf("advice = %q; want %q in it", got.Advice, advice)
			}
		}
	}
	tests := []struct {
		name     string
		answer   http.HandlerFunc
		attempts int
		check    func(*rig, conversation.Result)
		loud     bool
	}{
		{"pair rate, first", refusal(400, "131056"), 0, later(second, second), false},
		{"pair rate, third", refusal(400, "131056"), 2, later(16*second, 16*second), false},
		{"number rate", refusal(429, "130429", "Retry-After", "12"), 0, later(12*second, 12*second), false},
		{"transient", refusal(503, "131016"), 1, later(1600*time.Millisecond, 2*second), false},
		{"spam rate", refusal(400, "131048"), 0, later(800*time.Millisecond, second), true},
		{"token", refusal(401, "190"), 0, later(time.Minute, time.Minute), true},
		{"permission", refusal(403, "10"), 0, later(time.Minute, time.Minute), true},
		{"account", refusal(400, "131042"), 0, later(time.Minute, time.Minute), true},
		{"window closed", refusal(400, "131047"), 0, func(r *rig, got conversation.Result) {
			r.failed(got, conversation.CodeWindow)
			if !strings.Contains(got.Advice, "Envie um modelo aprovado") {
				r.Errorf("advice = %q", got.Advice)
			}
		}, false},
		{"undeliverable", refusal(400, "131026"), 0, failed("A mensagem não pôde ser entregue"), false},
		{"our bug", refusal(400, "100"), 0, failed("avise o administrador do sistema"), false},
		{"unknown code", refusal(400, "999999"), 0, failed("motivo não identificado"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.phone.on(sendRoute, tt.answer)
			p := reply()
			p.Attempts = tt.attempts
			got := r.try(open(), p)
			tt.check(r, got)
			if got.Repeated || got.Sent != nil {
				t.Errorf("result = %+v", got)
			}
			if strings.Contains(r.log.String(), "whatsapp refuses the number") != tt.loud {
				t.Errorf("logged %q; want it loud: %v", r.log, tt.loud)
			}
		})
	}
}

func TestSendNoConnection(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.deaf()
	r.later(r.try(open(), reply()), 800*time.Millisecond, time.Second)
}

// TestSendOfNothing wants words that WhatsApp would never take to fail before they are sent, and to say so to the agent.
func TestSendOfNothing(t *testing.T) {
	t.Parallel()
	nobody, empty := open(), reply()
	nobody.Contact.WaID, nobody.Contact.UserID = "", ""
	empty.Effect.Send = &conversation.Send{Comment: 103}
	for name, tt := range map[string]struct {
		thread  conversation.Thread
		pending conversation.Pending
	}{"no recipient": {nobody, reply()}, "no words": {open(), empty}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			got := r.try(tt.thread, tt.pending)
			r.failed(got, "")
			r.same("advice", got.Advice, whatsapp.ClassOurBug.Advice())
			r.silent()
		})
	}
}
