package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// replies is the business' words on the phone, by their last word.
func (w *world) replies() []string {
	w.t.Helper()
	chat, _ := w.peers.WhatsApp().Chat(w.peers.WhatsApp().Customers()[0].ID, app.DemoNumber, true)
	var words []string
	for _, m := range chat.Messages {
		var text struct {
			Body string `json:"body"`
		}
		if m.From != "business" || json.Unmarshal(m.Content, &text) != nil {
			continue
		}
		f := strings.Fields(text.Body)
		words = append(words, f[len(f)-1])
	}
	return words
}

// faults replaces the peers' faults.
func (w *world) faults(list ...rig.Fault) {
	raw, err := json.Marshal(append([]rig.Fault{}, list...))
	if err != nil {
		w.fatalf("faults: %v", err)
	}
	req := httptest.NewRequest(http.MethodPost, base+"/sandbox/control/faults", bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.peers.RoundTripper().RoundTrip(req)
	if err != nil || resp.StatusCode >= http.StatusBadRequest {
		w.fatalf("faults: %v %v", resp, err)
	}
}

// until lets the world live until ok, and returns how long that took; at most most.
func (w *world) until(most time.Duration, ok func() bool) time.Duration {
	w.t.Helper()
	began := w.clock()
	for !ok() {
		if w.clock().Sub(began) > most {
			w.fatalf("not within %s", most)
		}
		w.run(time.Second)
	}
	return w.clock().Sub(began)
}

// TestLostWebhookIsFound drops every webhook of Zendesk: the reply is on the phone within five minutes all the same.
func TestLostWebhookIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	w.customer("bom dia m1")
	w.run(30 * time.Second)
	w.peers.Zendesk().DropWebhooks(1000)
	w.agent("olá r1", true)
	took := w.until(5*time.Minute, func() bool { return slices.Equal(w.replies(), []string{"r1"}) })
	t.Logf("on the phone after %s without a webhook", took)
	w.run(10 * time.Minute)
	if got := w.replies(); !slices.Equal(got, []string{"r1"}) {
		t.Errorf("on the phone: %v", got)
	}
}

// TestTwinReplies writes the same reply twice within a second: both arrive, in order with what follows.
func TestTwinReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	w.customer("bom dia m1")
	w.run(5 * time.Second)
	w.agent("certo r1", true)
	w.agent("certo r1", true)
	w.agent("até logo r2", true)
	w.run(time.Minute)
	if got := w.replies(); !slices.Equal(got, []string{"r1", "r1", "r2"}) {
		t.Errorf("on the phone: %v", got)
	}
}

// TestZendeskDown takes Zendesk away for ten minutes: customers' messages wait in order, and replies written before still go
// out meanwhile, though WhatsApp held them back at first.
func TestZendeskDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	w.customer("bom dia m1")
	w.run(30 * time.Second)
	w.faults(rig.Fault{
		Peer: "whatsapp", Path: "*/messages", Status: http.StatusTooManyRequests,
		Body: `{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429}}`,
	})
	w.agent("olá r1", true)
	w.agent("um instante r2", true)
	w.run(5 * time.Second)
	w.faults(rig.Fault{Peer: "zendesk", Path: "*", Status: http.StatusServiceUnavailable})
	down := w.clock()
	for _, m := range []string{"m2", "m3", "m4", "m5"} {
		w.customer("ainda aí? " + m)
		w.run(time.Minute)
	}
	if got := w.replies(); !slices.Equal(got, []string{"r1", "r2"}) {
		t.Errorf("on the phone while Zendesk is down: %v", got)
	}
	if n := len(w.peers.Zendesk().Comments(w.tickets()[0].ID)); n != 3 {
		t.Errorf("%d comments while Zendesk is down", n)
	}
	w.run(10*time.Minute - w.clock().Sub(down))
	w.faults()
	took := w.until(30*time.Second, func() bool { return len(w.onTickets()) == 5 })
	t.Logf("all on the ticket %s after Zendesk came back", took)
	w.run(5 * time.Minute)
	var v verdict
	w.judgeTickets(&v)
	// The story's ticket stays new: nobody but the customer and a plain reply touched its status.
	v.wrong = slices.DeleteFunc(v.wrong, func(s string) bool { return strings.HasPrefix(s, "ticket is") })
	if len(v.wrong) > 0 {
		t.Error(v.wrong)
	}
	if got := w.replies(); !slices.Equal(got, []string{"r1", "r2"}) {
		t.Errorf("on the phone: %v", got)
	}
}

// TestBadInput sends what must not get in: it is refused shortly, nothing is stored, and the metrics count it.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	w.run(time.Second)
	keys := func() []string { return w.r.Mini.Keys() }
	before := keys()
	good := []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[{"from":"5511987650142","id":"wamid.bad","timestamp":"1","type":"text","text":{"body":"oi"}}]}}]}]}`)
	nested := []byte(strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000))
	cases := map[string]struct {
		request func() *http.Request
		status  int
	}{
		"bad signature": {func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/webhooks/whatsapp", bytes.NewReader(good))
			r.Header.Set("X-Hub-Signature-256", "sha256="+strings.Repeat("0", 64))
			return r
		}, http.StatusUnauthorized},
		"no signature": {func() *http.Request {
			return httptest.NewRequest(http.MethodPost, "/webhooks/whatsapp", bytes.NewReader(good))
		}, http.StatusUnauthorized},
		"cut body": {func() *http.Request {
			r := signed(good)
			r.Body = http.NoBody
			return r
		}, http.StatusBadRequest},
		"cut JSON": {func() *http.Request { return signed(good[:len(good)-20]) }, http.StatusBadRequest},
		"5 MiB":    {func() *http.Request { return signed(bytes.Repeat([]byte(" "), 5<<20)) }, http.StatusRequestEntityTooLarge},
		"nested":   {func() *http.Request { return signed(nested) }, http.StatusBadRequest},
		"no token": {func() *http.Request {
			return httptest.NewRequest(http.MethodGet, "/webhooks/whatsapp?hub.mode=subscribe", nil)
		}, http.StatusForbidden},
		"zendesk's, unsigned": {func() *http.Request {
			return httptest.NewRequest(http.MethodPost, "/webhooks/zendesk", strings.NewReader(`{"ticket_id":"1"}`))
		}, http.StatusUnauthorized},
	}
	for name, c := range cases {
		rec := httptest.NewRecorder()
		w.live.Handler().ServeHTTP(rec, c.request())
		if rec.Code != c.status || rec.Body.Len() > 64 {
			t.Errorf("%s: %d %q", name, rec.Code, rec.Body)
		}
	}
	if after := keys(); !slices.Equal(before, after) {
		t.Errorf("stored: %v", after)
	}
	if counted := w.refused(); counted != len(cases) {
		t.Errorf("metrics count %d of %d", counted, len(cases))
	}
}

// signed is a webhook of WhatsApp with its signature.
func signed(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/webhooks/whatsapp", bytes.NewReader(body))
	r.Header.Set("X-Hub-Signature-256", signature(body))
	return r
}

// refused is how many webhooks the metrics count as refused.
func (w *world) refused() int {
	families, err := w.live.Registry.Gather()
	if err != nil {
		w.fatalf("metrics: %v", err)
	}
	n := 0.0
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				refusal := f.GetName() == "ponte_requests_refused_total" && l.GetName() == "reason" ||
					f.GetName() == "ponte_webhooks_total" && (l.GetValue() == "signature" || l.GetValue() == "malformed")
				if refusal {
					n += m.GetCounter().GetValue()
				}
			}
		}
	}
	return int(n)
}
