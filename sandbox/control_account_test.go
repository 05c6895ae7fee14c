package sandbox_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestMailsOfTheAccount lists, narrows and clears them.
func TestMailsOfTheAccount(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	const mails = "/sandbox/control/mails"
	if got := w.want(200, "GET", mails, "").([]any); len(got) != 0 {
		t.Errorf("at first: %v", got)
	}
	for range 2 {
		w.want(201, "POST", zendeskAPI+"/tickets", `{"ticket":{"subject":"Erro 539","comment":{"body":"oi"},"requester":{"name":"Juliana","email":"juliana@ipe.example"}}}`)
	}
	list := w.want(200, "GET", mails, "").([]any)
	if len(list) != 2 {
		t.Fatalf("%d mails: %v", len(list), list)
	}
	one := list[0].(object)
	if one["to"] != "juliana@ipe.example" || one["subject"] != "[Solicitação recebida] Erro 539" || one["cc"] != false ||
		one["trigger"] != "Notificar solicitante e CCs sobre solicitação recebida" || one["at"] != "2026-11-20T12:00:00Z" {
		t.Errorf("mail %v", one)
	}
	for query, want := range map[string]int{
		"?ticket_id=5185": 1, "?ticket_id=5186&to=Juliana@ipe.example": 1, "?ticket_id=1": 0, "?to=ninguem@x.example": 0, "?to=juliana@ipe.example": 2,
	} {
		if got := w.want(200, "GET", mails+query, "").([]any); len(got) != want {
			t.Errorf("%s: %d mails, want %d", query, len(got), want)
		}
	}
	w.want(200, "POST", "/sandbox/control/reset", "")
	if got := w.want(200, "GET", mails, "").([]any); len(got) != 0 {
		t.Errorf("after reset: %v", got)
	}
}

// TestBeginningWithAnotherAccount leaves WhatsApp alone and goes back to the configured seed with all data.
func TestBeginningWithAnotherAccount(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	const account = "/sandbox/control/zendesk/account"
	if _, err := w.WhatsApp().ReceiveFrom("1", "oi"); err != nil {
		t.Fatal(err)
	}
	agents := func() int {
		t.Helper()
		list, _ := value(w.want(200, "GET", "/sandbox/helpdesk/api/agents", ""), "agents").([]any)
		return len(list)
	}
	full := agents()
	w.want(200, "POST", account, `{"seed":"empty"}`)
	if got := agents(); got != 1 || full < 8 {
		t.Errorf("%d agents, %d at first", got, full)
	}
	if chat, _ := w.WhatsApp().Chat("1", "", true); len(chat.Messages) != 1 {
		t.Errorf("WhatsApp forgot %v", chat)
	}
	w.want(200, "POST", account, `{"seed":"muted"}`)
	ticket := w.want(201, "POST", zendeskAPI+"/tickets", `{"ticket":{"tags":["whatsapp"],"comment":{"body":"oi"},"requester":{"name":"Juliana","email":"juliana@ipe.example"}}}`)
	if value(ticket, "ticket", "id") != 5185.0 {
		t.Errorf("ticket %v", value(ticket, "ticket", "id"))
	}
	if got := w.want(200, "GET", "/sandbox/control/mails", "").([]any); len(got) != 0 {
		t.Errorf("mails of a muted account: %v", got)
	}
	w.want(200, "POST", account, `{"seed":"full"}`)
	for _, bad := range []string{`{"seed":""}`, `{"seed":"vazia"}`, `{}`, ``, `{"kind":"empty"}`} {
		if message, _ := value(w.want(400, "POST", account, bad), "error").(string); message == "" {
			t.Errorf("%s: no reason", bad)
		}
	}
	w.want(200, "POST", account, `{"seed":"empty"}`)
	w.want(200, "POST", "/sandbox/control/reset?data=1", "")
	if got := agents(); got != full {
		t.Errorf("%d agents after all data went", got)
	}
}

func TestTheConfiguredAccount(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.Close()
	w.cfg.Zendesk.Seed = desk.SeedEmpty
	w.open()
	if list, _ := value(w.want(200, "GET", zendeskAPI+"/users", ""), "users").([]any); len(list) != 1 {
		t.Errorf("%d users", len(list))
	}
}

// TestRequestsByEndpoint takes requests together that differ in their ids only.
func TestRequestsByEndpoint(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	for _, path := range []string{"/tickets/5158.json", "/tickets/5159", "/tickets/5158/audits", "/webhooks/" + w.hookID(), "/users/me.json"} {
		w.want(200, "GET", zendeskAPI+path, "")
	}
	got := map[string]any{}
	for _, one := range w.want(200, "GET", "/sandbox/control/requests?by=endpoint", "").([]any) {
		o := one.(object)
		got[o["path"].(string)] = o["count"]
	}
	for path, want := range map[string]float64{
		"/api/v2/tickets/*": 2, "/api/v2/tickets/*/audits": 1, "/api/v2/webhooks/*": 1, "/api/v2/users/me": 1, "/api/v2/webhooks": 1,
	} {
		if got[path] != want {
			t.Errorf("%s: %v, want %v in %v", path, got[path], want, got)
		}
	}
	if n := len(w.want(200, "GET", "/sandbox/control/requests?by=path", "").([]any)); n != 6 {
		t.Errorf("%d paths", n)
	}
	w.want(400, "GET", "/sandbox/control/requests?by=nome", "")
}

// hookID is the seeded webhook's.
func (w *world) hookID() string {
	w.t.Helper()
	list, _ := value(w.want(200, "GET", zendeskAPI+"/webhooks", ""), "webhooks").([]any)
	id, _ := value(list[0], "id").(string)
	return id
}

// TestFaultsOfEveryCallOfASetUp orders one fault for each path and wants it to hit once, before anything happened.
func TestFaultsOfEveryCallOfASetUp(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	org := func(v any) string {
		list, _ := value(v, "organizations").([]any)
		id, _ := value(list[0], "url").(string)
		_, rest, _ := strings.Cut(id, zendeskAPI)
		return strings.TrimSuffix(rest, ".json")
	}(w.want(200, "GET", zendeskAPI+"/organizations", ""))
	for _, call := range []struct{ method, path, pattern string }{
		{"GET", org + "/users", "/api/v2/organizations/*/users"},
		{"GET", org + "/related", "/api/v2/organizations/*/related"},
		{"GET", "/organizations/search?external_id=1", "/api/v2/organizations/search"},
		{"POST", "/organizations/create_or_update", "/api/v2/organizations/create_or_update"},
		{"POST", "/organization_memberships", "/api/v2/organization_memberships"},
		{"POST", "/ticket_fields", "/api/v2/ticket_fields"},
		{"GET", "/ticket_fields/5/options", "/api/v2/ticket_fields/*/options"},
		{"POST", "/organization_fields", "/api/v2/organization_fields"},
		{"GET", "/macros/definitions", "/api/v2/macros/*"},
		{"GET", "/triggers/definitions", "/api/v2/triggers/*"},
		{"POST", "/triggers", "/api/v2/triggers"},
		{"POST", "/webhooks", "/api/v2/webhooks"},
		{"GET", "/webhooks/x/signing_secret", "/api/v2/webhooks/*/signing_secret"},
		{"GET", "/views/search?query=x", "/api/v2/views/search"},
		{"POST", "/ticket_forms", "/api/v2/ticket_forms"},
		{"GET", "/users/me", "/api/v2/users/me"},
		{"GET", "/oauth/tokens/current", "/api/v2/oauth/tokens/current"},
		{"GET", "/custom_roles", "/api/v2/custom_roles"},
		{"PUT", "/tickets/5158", "/api/v2/tickets/*"},
	} {
		w.want(200, "POST", "/sandbox/control/faults", `[{"peer":"zendesk","method":"`+call.method+`","path":"`+call.pattern+`","status":503,"times":1}]`)
		if status, _ := w.do(call.method, zendeskAPI+call.path, "{}"); status != 503 {
			t.Errorf("%s %s: %d", call.method, call.path, status)
		}
		if status, _ := w.do(call.method, zendeskAPI+call.path, "{}"); status == 503 {
			t.Errorf("%s %s: hit twice", call.method, call.path)
		}
	}
}
