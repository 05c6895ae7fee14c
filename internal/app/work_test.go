package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
)

// TestWork: what failed for good is seen, tried again and given up; what stands still goes on.
func TestWork(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	const path = "/api/v1/work"
	if got := s.want(http.StatusOK, http.MethodGet, path, nil); len(got.list("dead"))+len(got.list("halted")) > 0 {
		t.Errorf("at first: %v", got)
	}
	const phone = "(21) 9 0013-1026"
	for i := range 2 {
		begun := s.want(http.StatusOK, http.MethodPost, "/api/v1/numbers/"+app.DemoNumber+"/conversations", fields{
			"id": fmt.Sprintf("start-%03d", i), "phone": strings.Replace(phone, "1026", fmt.Sprint(1026+25*i), 1), "template": fields{"name": "boas_vindas", "language": "pt_BR"},
		})
		session, _ := begun["session"].(string)
		s.page(session).until("a failure", func(m message) bool { return m.Delivery == "failed" })
	}
	var dead []fields
	eventually(t, soon, "dead letters", func() bool {
		dead = s.want(http.StatusOK, http.MethodGet, path, nil).list("dead")
		return len(dead) == 2
	})
	for _, d := range dead {
		if d["kind"] != "send" || !strings.HasPrefix(fmt.Sprint(d["session"]), "wa-"+app.DemoNumber) || d["reason"] == "" || d["at"] == nil {
			t.Errorf("dead letter %v", d)
		}
	}
	at := func(d fields) string { return path + "/dead/" + pathOf(fmt.Sprint(d["id"])) }
	if status, raw := s.ask(http.MethodDelete, at(dead[0]), nil); status != http.StatusNoContent {
		t.Errorf("given up: %d %s", status, raw)
	}
	s.want(http.StatusNotFound, http.MethodDelete, at(dead[0]), nil)
	s.want(http.StatusNotFound, http.MethodPost, at(dead[0]), nil)
	if status, raw := s.ask(http.MethodPost, at(dead[1]), nil); status != http.StatusNoContent {
		t.Errorf("tried again: %d %s", status, raw)
	}
	eventually(t, soon, "it fails again", func() bool {
		again := s.want(http.StatusOK, http.MethodGet, path, nil).list("dead")
		return len(again) == 1 && again[0]["id"] != dead[1]["id"]
	})

	session := s.customer("1", app.DemoNumber, "bom dia")
	key, _ := conversation.ThreadOfSession(session)
	if err := s.demo.App.Mailboxes.Pause(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	s.want(http.StatusOK, http.MethodPost, "/sandbox/phone/api/customers/1/messages?number="+app.DemoNumber, fields{"type": "text", "text": fields{"body": "alguém aí?"}})
	var halted []fields
	eventually(t, soon, "the customer's words wait", func() bool {
		halted = s.want(http.StatusOK, http.MethodGet, path, nil).list("halted")
		return len(halted) == 1 && halted[0]["waiting"] != nil
	})
	if h := halted[0]; h["key"] != key || h["session"] != session || h["reason"] != "paused" || h["since"] == nil {
		t.Errorf("halted %v", h)
	}
	if status, raw := s.ask(http.MethodPost, path+"/halted/"+pathOf(key), nil); status != http.StatusNoContent {
		t.Errorf("resumed: %d %s", status, raw)
	}
	s.commented(session, "alguém aí?")
	s.want(http.StatusNotFound, http.MethodPost, path+"/halted/"+pathOf(key), nil)
	s.want(http.StatusNotFound, http.MethodPost, path+"/halted/nobody", nil)
}
