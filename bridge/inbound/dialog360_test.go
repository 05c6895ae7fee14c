package inbound_test

import (
	"net/http"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// passed is what 360dialog's request carries.
func passed(secret string) http.Header { return http.Header{"Authorization": {secret}} }

// pass hands a webhook of 360dialog over.
func (h *house) pass(body string) error {
	h.t.Helper()
	return h.Dialog360(h.t.Context(), passed(secret), []byte(body))
}

func TestDialog360(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"plain": secret, "bearer": "Bearer " + secret, "the next": "next-secret"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			body := webhook(of(second, list("messages", text("wamid.1", ana, "olá"))))
			h.ok(h.Dialog360(t.Context(), passed(key), []byte(body)))
			h.ok(h.Dialog360(t.Context(), passed(key), []byte(body)))
			h.same("stored", bare(h.stored()), map[string][]conversation.Event{second + "|c." + ana: {message("wamid.1", ana, "olá")}})
			h.same("counted", h.counted(), map[string]float64{
				"ponte_webhooks_total{360dialog,accepted}": 2, "ponte_events_total{new}": 1, "ponte_events_total{duplicate}": 1,
			})
		})
	}
}

func TestDialog360WithoutTheSecret(t *testing.T) {
	t.Parallel()
	h := setup(t)
	body := webhook(of(second, list("messages", text("wamid.1", ana, "olá"))))
	for _, header := range []http.Header{{}, passed(""), passed("wrong"), passed("Bearer "), passed(secret + " "), signed(body, secret)} {
		h.refused(h.Dialog360(t.Context(), header, []byte(body)), "signature", http.StatusUnauthorized)
	}
	h.Dialog360Secrets = nil
	h.refused(h.pass(body), "signature", http.StatusUnauthorized)
	h.Dialog360Secrets = []string{""}
	h.refused(h.Dialog360(t.Context(), passed(""), []byte(body)), "signature", http.StatusUnauthorized)
	h.empty()
	h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{360dialog,signature}": 8})
}

// Who has the secret speaks for the numbers that 360dialog carries, and for no other.
func TestDialog360ForeignNumbers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ours := text("wamid.1", ana, "olá")
	status := func(key string) string {
		return `{"id":"w","status":"failed","biz_opaque_callback_data":"` + key + `|c1#1"}`
	}
	h.ok(h.pass(webhook(
		of(number, list("messages", text("wamid.2", ana, "intruso"))+","+list("statuses", status(number))),
		of(second, list("messages", ours)),
		change("account_update", `{"event":"ACCOUNT_DELETED"}`),
		of("account", list("messages", text("wamid.3", ana, "intruso"))),
	)))
	h.same("stored", bare(h.stored()), map[string][]conversation.Event{second + "|c." + ana: {message("wamid.1", ana, "olá")}})
	h.same("parked", h.lot.parked, map[string][]conversation.Status{})
	h.ok(h.pass(webhook(of(number, list("messages", text("wamid.2", ana, "intruso"))))))
	h.ok(h.pass(`{"object":"whatsapp_business_account","entry":[]}`))
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{360dialog,accepted}": 2, "ponte_webhooks_total{360dialog,foreign}": 1, "ponte_updates_foreign_total{}": 5,
		"ponte_events_total{new}": 1,
	})
}

// A number that can't be one is nobody's, whatever the settings say of numbers without settings of their own.
func TestDialog360OddNumbers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Dialog360Number = func(string) bool { return true }
	h.ok(h.pass(webhook(of("account", list("messages", text("wamid.1", ana, "intruso"))), of("", list("messages", text("wamid.2", ana, "intruso"))))))
	h.empty()
	h.same("counted", h.counted(), map[string]float64{"ponte_webhooks_total{360dialog,foreign}": 1, "ponte_updates_foreign_total{}": 2})
}

// A status on a number that 360dialog carries can't name another number's thread.
func TestDialog360ForeignThread(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.pass(webhook(of(second, list("statuses", `{"id":"w","status":"failed","biz_opaque_callback_data":"`+number+`|c1#1"}`)))))
	h.same("stored", h.stored(), map[string][]conversation.Event{})
	h.same("parked", len(h.lot.parked["w"]), 1)
}

// A webhook that WhatsApp signed counts for any number, whoever carries it.
func TestSignedForANumberOf360Dialog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.ok(h.post(webhook(of(second, list("messages", text("wamid.1", ana, "olá"))))))
	h.same("mailboxes", keysOf(h.stored()), []string{second + "|c." + ana})
}

func TestDialog360Malformed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	body := webhook(of(second, list("messages", text("wamid.1", ana, "olá"))))
	for _, cut := range []string{"", body[:1], body[:len(body)-1], "[]", "null"} {
		h.refused(h.pass(cut), "malformed", http.StatusBadRequest)
	}
	h.empty()
}

func TestDialog360StoreFails(t *testing.T) {
	t.Parallel()
	h := setup(t)
	body := webhook(of(second, list("messages", text("wamid.1", ana, "olá"))))
	h.people.fail = errDown
	h.unavailable(h.pass(body), errDown)
	h.people.fail = nil
	h.ok(h.pass(body))
	h.same("stored when delivered again", bare(h.stored()), map[string][]conversation.Event{second + "|c." + ana: {message("wamid.1", ana, "olá")}})
	h.same("counted", h.counted(), map[string]float64{
		"ponte_webhooks_total{360dialog,unavailable}": 1, "ponte_webhooks_total{360dialog,accepted}": 1, "ponte_events_total{new}": 1,
	})
}
