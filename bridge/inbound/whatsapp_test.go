package inbound_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func (h *house) empty() {
	h.t.Helper()
	h.same("stored", h.stored(), map[string][]conversation.Event{})
	h.same("parked", h.lot.parked, map[string][]conversation.Status{})
	if len(h.notified) > 0 {
		h.t.Errorf("notified of %v", h.notified)
	}
}

func TestWhatsAppStores(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		h.ok(h.post(s.body))
		stored := h.stored()
		h.same("stored", bare(stored), s.events)
		h.same("parked", h.lot.parked, s.parked)
		if len(h.notified) != len(keysOf(stored)) {
			h.t.Errorf("notified of %v; want %v", h.notified, keysOf(stored))
		}
		if n := h.counted()["ponte_webhooks_total{accepted,whatsapp}"]; n != 1 {
			h.t.Errorf("accepted = %v", n)
		}
	})
}

func TestWhatsAppOldSecret(t *testing.T) {
	t.Parallel()
	h := setup(t)
	body := webhook(of(number, list("messages", text("wamid.1", ana, "olá"))))
	h.ok(h.WhatsApp(t.Context(), signed(body, "next-secret"), []byte(body)))
	h.same("mailboxes", keysOf(h.stored()), []string{number + "|c." + ana})
}

func TestWhatsAppBadSignature(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		for _, header := range []http.Header{{}, signed(s.body, "wrong"), signed(s.body, ""), signed(s.body+" ", secret)} {
			h.refused(h.WhatsApp(h.t.Context(), header, []byte(s.body)), "signature", http.StatusUnauthorized)
		}
		h.empty()
		if h.people.calls+h.people.looks > 0 {
			h.t.Error("a stranger's people were looked up")
		}
		h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{signature,whatsapp}": 4})
	})
}

func TestWhatsAppTwice(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		h.ok(h.post(s.body))
		h.ok(h.post(s.body))
		total, first := 0, 0
		stored := h.stored()
		for key, events := range stored {
			total, first = total+len(events), first+len(s.events[key])
		}
		if total != first+s.repeats {
			h.t.Errorf("%d events after two deliveries, %d after one", total, first)
		}
		h.ok(h.post(s.body))
		again := 0
		for _, events := range h.stored() {
			again += len(events)
		}
		if again != s.repeats {
			h.t.Errorf("%d events come again after they were consumed; want %d", again, s.repeats)
		}
	})
}

// Whoever posts it, half a webhook is none.
func TestWhatsAppCutShort(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		for _, n := range []int{0, 1, len(s.body) / 2, len(s.body) - 1} {
			cut := s.body[:n]
			h.refused(h.post(cut), "malformed", http.StatusBadRequest)
			h.refused(h.WhatsApp(h.t.Context(), signed(s.body, secret), []byte(cut)), "signature", http.StatusUnauthorized)
		}
		h.empty()
		h.same("counted", h.counted(), map[string]float64{
			"ponte_webhooks_total{malformed,whatsapp}": 4, "ponte_webhooks_total{signature,whatsapp}": 4,
		})
	})
}

func TestWhatsAppTooDeep(t *testing.T) {
	t.Parallel()
	const levels = 10_000
	each(t, func(h *house, s stock) {
		arrays := `{"deep":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "," + s.body[1:]
		h.refused(h.post(arrays), "malformed", http.StatusBadRequest)
		objects := `{"deep":` + strings.Repeat(`{"a":`, levels) + "1" + strings.Repeat("}", levels) + "," + s.body[1:]
		h.refused(h.post(objects), "malformed", http.StatusBadRequest)
		h.refused(h.post(strings.Repeat("[", levels)), "malformed", http.StatusBadRequest)
		h.empty()
	})
}

// A webhook that could not be stored is stored when it comes again, once.
func TestWhatsAppStoreFails(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		if len(s.events) == 0 {
			return
		}
		h.r.Mini.SetError("OOM command not allowed when used memory > 'maxmemory'")
		err := h.post(s.body)
		h.r.Mini.SetError("")
		h.unavailable(err, nil)
		h.same("stored", h.stored(), map[string][]conversation.Event{})
		if n := h.counted()["ponte_webhooks_total{unavailable,whatsapp}"]; n != 1 {
			h.t.Errorf("unavailable = %v", n)
		}
		h.ok(h.post(s.body))
		h.same("stored when delivered again", bare(h.stored()), s.events)
	})
}

func TestWhatsAppContactsFail(t *testing.T) {
	t.Parallel()
	each(t, func(h *house, s stock) {
		h.people.fail = errDown
		err := h.post(s.body)
		if h.people.calls+h.people.looks == 0 {
			h.ok(err)
			return
		}
		h.unavailable(err, errDown)
		h.empty()
		h.people.fail = nil
		h.ok(h.post(s.body))
		h.same("stored when delivered again", bare(h.stored()), s.events)
	})
}

func TestWhatsAppParkingFails(t *testing.T) {
	t.Parallel()
	h, s := setup(t), statuses()
	h.lot.fail = errDown
	h.unavailable(h.post(s.body), errDown)
	h.same("stored", h.stored(), map[string][]conversation.Event{})
	h.lot.fail = nil
	h.ok(h.post(s.body))
	h.same("stored when delivered again", bare(h.stored()), s.events)
	h.same("parked", h.lot.parked, s.parked)
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{unavailable,whatsapp}": 1, "ponte_webhooks_total{accepted,whatsapp}": 1, "ponte_events_total{new}": 3,
		"ponte_statuses_parked_total{}": 3,
	})
}

// The people of a whole webhook are looked up together.
func TestWhatsAppResolvesAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.post(stocks()["two numbers, two people, in order"].body))
	if h.people.calls != 1 {
		h.t.Errorf("%d look-ups", h.people.calls)
	}
	h.same("people", h.people.asked, []conversation.Person{
		{WaID: ana, Phone: ana},
		{WaID: rui, Phone: rui},
		{WaID: ana, Phone: ana},
		{WaID: ana, Phone: ana},
		{WaID: ana, Phone: ana},
	})
}

// Each event keeps the peer's own words about itself, and a status does not.
func TestWhatsAppKeepsTheUpdate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	one, two := text("wamid.1", ana, "um <b>"), text("wamid.2", ana, "dois")
	status := `{"id":"wamid.o","status":"sent","biz_opaque_callback_data":"` + number + `|c.` + ana + `#1"}`
	h.ok(h.post(webhook(of(number, list("messages", one, two)+","+list("statuses", status)))))
	events := h.stored()[number+"|c."+ana]
	if len(events) != 3 {
		t.Fatalf("%d events", len(events))
	}
	unescaped := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">")
	h.same("first", unescaped.Replace(string(events[0].Raw)), one)
	h.same("second", string(events[1].Raw), two)
	h.same("status", string(events[2].Raw), "")
}

// An id is the peer's own where that is short and plain, else a digest that fits into an inbox.
func TestWhatsAppOddIDs(t *testing.T) {
	t.Parallel()
	long := "wamid." + strings.Repeat("A", 300)
	h := setup(t)
	h.ok(h.post(webhook(of(number, list("messages",
		text("wamid.\n1", ana, "um"), text("wamid.\n2", ana, "dois"), text(long+"1", ana, "três"), text(long+"2", ana, "quatro"),
		text("wamid.\n1", ana, "de novo"), text(long+"1", ana, "de novo"))))))
	events := h.stored()[number+"|c."+ana]
	got := make([]string, 0, len(events))
	for _, e := range events {
		got = append(got, e.Message.Text)
		if len(e.ID) != len("m:")+64 || strings.ContainsFunc(e.ID, func(c rune) bool { return c < ' ' }) {
			t.Errorf("id = %q", e.ID)
		}
	}
	h.same("texts", got, []string{"um", "dois", "três", "quatro"})
}

func TestWhatsAppThousandUpdates(t *testing.T) {
	t.Parallel()
	h := setup(t)
	var messages, reports []string
	for i := range 600 {
		messages = append(messages, text(fmt.Sprint("wamid.", i), fmt.Sprint("55119876543", 10+i%20), fmt.Sprint(i)))
	}
	for i := range 400 {
		callback := ""
		if i%2 == 0 {
			callback = fmt.Sprintf(`,"biz_opaque_callback_data":"%s|c.%d#%d"`, number, i%10, i)
		}
		reports = append(reports, fmt.Sprintf(`{"id":"wamid.o%d","status":"delivered","timestamp":"1795300000"%s}`, i, callback))
	}
	body := webhook(of(number, list("messages", messages...)), of(number, list("statuses", reports...)))
	h.ok(h.post(body))
	newest, got := map[string]int{}, 0
	for key, events := range h.stored() {
		for _, e := range events {
			got++
			if e.Message == nil {
				continue
			}
			var i int
			if _, err := fmt.Sscan(e.Message.Text, &i); err != nil || (i <= newest[key] && newest[key] > 0) {
				t.Fatalf("%s: %d after %d, %v", key, i, newest[key], err)
			}
			newest[key] = i
		}
	}
	if got != 800 || len(h.lot.parked) != 200 || h.people.calls != 1 {
		t.Errorf("%d events, %d parked, %d look-ups", got, len(h.lot.parked), h.people.calls)
	}
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{accepted,whatsapp}": 1, "ponte_events_total{new}": 800, "ponte_statuses_parked_total{}": 200,
	})
	h.ok(h.post(body))
	if n := h.counted()["ponte_events_total{duplicate}"]; n != 600 {
		t.Errorf("%v duplicates, want the 600 messages", n)
	}
}

// One person's flood in one webhook is stored whole.
func TestWhatsAppManyOfOnePerson(t *testing.T) {
	t.Parallel()
	h := setup(t)
	messages := make([]string, 0, 4000)
	for i := range cap(messages) {
		messages = append(messages, text(fmt.Sprint("w", i), ana, "x"))
	}
	h.ok(h.post(webhook(of(number, list("messages", messages...)))))
	if n := len(h.stored()[number+"|c."+ana]); n != len(messages) {
		t.Errorf("%d events of %d", n, len(messages))
	}
}

// Eight connections deliver the same fifty messages at once.
func TestWhatsAppAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	done := make(chan error)
	for range 8 {
		go func() {
			for i := range 50 {
				body := webhook(of(number, `"contacts":[],`+list("messages", text(fmt.Sprint("wamid.", i), ana, "x"))))
				if err := h.WhatsApp(t.Context(), signed(body, secret), []byte(body)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		h.ok(<-done)
	}
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{accepted,whatsapp}": 400, "ponte_events_total{new}": 50, "ponte_events_total{duplicate}": 350,
	})
	if n := len(h.stored()[number+"|c."+ana]); n != 50 {
		t.Errorf("%d events", n)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	h := setup(t)
	q := map[string][]string{"hub.mode": {"subscribe"}, "hub.verify_token": {"token"}, "hub.challenge": {"1158201444"}}
	if challenge, ok := h.Handshake(q); !ok || challenge != "1158201444" {
		t.Errorf("Handshake = %q, %v", challenge, ok)
	}
	q["hub.verify_token"] = []string{"wrong"}
	if challenge, ok := h.Handshake(q); ok || challenge != "" {
		t.Errorf("Handshake with a wrong token = %q, %v", challenge, ok)
	}
}

// A message without a time has none, rather than ours.
func TestWhatsAppNoTimestamp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.post(webhook(of(number, list("messages", `{"id":"wamid.1","from":"`+ana+`","type":"text","text":{"body":"x"}}`)))))
	e := h.stored()[number+"|c."+ana][0]
	h.same("sent", e.Message.Sent, time.Time{})
	h.same("accepted", e.At, noon())
}
