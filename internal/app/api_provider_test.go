package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
)

// TestAPIProviders: a number's messages go where its settings say.
func TestAPIProviders(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	for number, path := range map[string]string{app.DemoNumber: "/" + app.DemoNumber + "/messages", app.DemoSecondNumber: "/360/messages"} {
		session := s.customer("1", number, "bom dia ao "+number)
		s.command(http.StatusOK, session, "reply", fields{"id": "reply-001", "text": "olá do " + number})
		s.arrives("1", number, "olá do "+number)
		if s.requests(http.MethodPost, path) == 0 {
			t.Errorf("nothing was sent by %s", path)
		}
	}
	if n := s.requests(http.MethodPost, "/"+app.DemoSecondNumber+"/messages"); n != 0 {
		t.Errorf("%d messages of 360dialog's number went to Meta", n)
	}
}

// TestAPIWithoutKey: a number of 360dialog that has no key sends nothing and says so in the log; the words wait for the key.
func TestAPIWithoutKey(t *testing.T) {
	t.Parallel()
	s := openShop(t, func(c *app.Config) { c.Dialog360APIKeys = "999=another" })
	session := s.customer("1", app.DemoSecondNumber, "bom dia")
	s.command(http.StatusOK, session, "reply", fields{"id": "reply-001", "agent": fields{"id": s.ana()}, "text": "ninguém me ouve"})
	eventually(t, soon, "a refusal in the log", func() bool {
		return slices.ContainsFunc(s.logs.log(), func(line logLine) bool { return line.Level == "ERROR" && line.Msg == "whatsapp refuses the number" })
	})
	waiting, _ := s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+session, nil)["waiting"].(map[string]any)
	if waiting["phone"] != 1. {
		t.Errorf("what waits: %v", waiting)
	}
	if got := s.phone("1", app.DemoSecondNumber); len(got) > 0 {
		t.Errorf("sent all the same: %q", got)
	}
	if n := s.requests(http.MethodPost, "/"+app.DemoSecondNumber+"/messages"); n != 0 {
		t.Errorf("%d messages went to Meta", n)
	}
}

// TestAPITemplates: the list is read once in ten minutes, and an old one is better than none.
func TestAPITemplates(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	status := func(template string) (found string) {
		t.Helper()
		list, _ := s.want(http.StatusOK, http.MethodGet, "/api/v1/numbers/"+app.DemoNumber+"/templates", nil)["templates"].([]any)
		for _, entry := range list {
			if one, _ := entry.(map[string]any); one["name"] == template {
				found, _ = one["status"].(string)
			}
		}
		return found
	}
	fail := []fields{{"peer": "whatsapp", "path": "*message_templates*", "status": 500, "percent": 100}}
	s.ask(http.MethodPost, "/sandbox/control/faults", fail)
	if got := s.want(http.StatusServiceUnavailable, http.MethodGet, "/api/v1/numbers/"+app.DemoNumber+"/templates", nil); got["code"] != "unavailable" {
		t.Errorf("without any list: %v", got)
	}
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{})
	if got := status("boas_vindas"); got != "APPROVED" {
		t.Fatalf("boas_vindas is %q", got)
	}
	s.want(http.StatusOK, http.MethodPatch, "/sandbox/control/whatsapp/templates/1127003459201847", fields{"status": "PAUSED"})
	asked := s.requests(http.MethodGet, "message_templates")
	if got := status("boas_vindas"); got != "APPROVED" || s.requests(http.MethodGet, "message_templates") != asked {
		t.Errorf("within ten minutes: %q", got)
	}
	s.ask(http.MethodPost, "/sandbox/control/faults", fail)
	s.want(http.StatusOK, http.MethodPost, "/sandbox/control/clock", fields{"offset_seconds": (11 * time.Minute).Seconds()})
	if got := status("boas_vindas"); got != "APPROVED" || s.requests(http.MethodGet, "message_templates") == asked {
		t.Errorf("while WhatsApp fails: %q", got)
	}
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{})
	if got := status("boas_vindas"); !strings.EqualFold(got, "PAUSED") {
		t.Errorf("after ten minutes: %q", got)
	}
}
