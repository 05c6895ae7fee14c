package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/graph"
)

// TestAPI plays an attendance through the API alone: what it answers is what the phone and the ticket show.
func TestAPI(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	session := s.customer("1", app.DemoNumber, "bom dia, meu sistema parou")
	ana := fields{"id": s.ana(), "name": "Ana Beatriz"}

	shown := s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+session, nil)
	contact, _ := shown["contact"].(map[string]any)
	window, _ := shown["window"].(map[string]any)
	if shown["session"] != session || shown["state"] != "queued" || contact["name"] != "Mariana Albuquerque" || contact["phone"] != "+5511987650142" || window["open"] != true {
		t.Errorf("the API shows %v", shown)
	}

	s.command(http.StatusOK, session, "typing", fields{"id": "typing-01", "agent": ana})
	eventually(t, soon, "typing on the phone", func() bool {
		chat, _ := s.demo.Sandbox.WhatsApp().Chat("1", app.DemoNumber, true)
		return chat.Typing
	})

	// A reply reaches the phone once, however often it is asked for, and stands on the ticket in the agent's name.
	reply := fields{"id": "reply-001", "agent": ana, "text": "olá, vou verificar"}
	first := s.command(http.StatusOK, session, "reply", reply)
	if first["delivery"] != "queued" || first["state"] != "active" || first["session"] != session {
		t.Errorf("answer %v", first)
	}
	s.arrives("1", app.DemoNumber, "olá, vou verificar")
	if again := s.command(http.StatusOK, session, "reply", reply); again["id"] != "reply-001" || again["ok"] != true {
		t.Errorf("the same again is answered %v", again)
	}
	if known := s.want(http.StatusOK, http.MethodGet, "/api/v1/conversations/"+session+"/commands/reply-001", nil); known["id"] != "reply-001" || known["session"] != session {
		t.Errorf("known is %v", known)
	}
	s.command(http.StatusOK, session, "reply", fields{"id": "reply-002", "agent": ana, "text": "tente de novo"})
	s.arrives("1", app.DemoNumber, "tente de novo")
	if got := s.phone("1", app.DemoNumber); !slices.Equal(got, []string{"olá, vou verificar", "tente de novo"}) {
		t.Errorf("on the phone: %q", got)
	}
	if author, public := s.commented(session, "olá, vou verificar"); author != s.ana() || !public {
		t.Errorf("on the ticket by %d, public %v", author, public)
	}

	s.command(http.StatusOK, session, "note", fields{"id": "note-0001", "agent": ana, "text": "ver com o N2"})
	if author, public := s.commented(session, "ver com o N2"); author != s.ana() || public {
		t.Errorf("the note is by %d, public %v", author, public)
	}

	s.command(http.StatusOK, session, "template", fields{"id": "template-1", "agent": ana, "template": fields{
		"name": "abrir_atendimento", "language": "pt_BR", "values": []string{"Mariana", "a visita"},
	}})
	s.arrives("1", app.DemoNumber, "Precisamos falar com você sobre a visita.")
	s.commented(session, "Precisamos falar com você sobre a visita.")

	stopped := s.command(http.StatusOK, session, "stop", fields{"id": "stop-0001", "agent": ana, "reason": "pedido do cliente"})
	refused := s.command(http.StatusConflict, session, "reply", fields{"id": "reply-003", "agent": ana, "text": "nunca"})
	if stopped["state"] != "stopped" || refused["code"] != conversation.RefusedStopped || refused["text"] == "" {
		t.Errorf("stopped %v, refused %v", stopped, refused)
	}
	s.command(http.StatusOK, session, "restart", fields{"id": "restart-1", "agent": ana})
	s.command(http.StatusOK, session, "reply", fields{"id": "reply-004", "agent": ana, "text": "voltamos"})
	s.arrives("1", app.DemoNumber, "voltamos")
	if strings.Contains(strings.Join(s.phone("1", app.DemoNumber), "\n"), "nunca") {
		t.Errorf("a stopped conversation speaks: %q", s.phone("1", app.DemoNumber))
	}
	if got := s.command(http.StatusConflict, session, "reply", fields{"id": "reply-005", "text": ""}); got["code"] != conversation.RefusedEmpty {
		t.Errorf("nothing to say: %v", got)
	}

	for format, words := range map[string]string{"text": "voltamos", "html": "voltamos", "json": "voltamos", "csv": "voltamos", "pdf": "%PDF-"} {
		if status, raw := s.ask(http.MethodGet, "/api/v1/conversations/"+session+"/transcript?format="+format, nil); status != http.StatusOK || !strings.Contains(string(raw), words) {
			t.Errorf("transcript as %s: %d, %d bytes", format, status, len(raw))
		}
	}
}

// TestAPIStart begins conversations: outside the window with a template alone, and never a second one.
func TestAPIStart(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	ana := fields{"id": s.ana(), "name": "Ana Beatriz"}
	path := "/api/v1/numbers/" + app.DemoNumber + "/conversations"
	const phone = "(31) 98812-4417" // WhatsApp knows it without the ninth digit

	if got := s.want(http.StatusConflict, http.MethodPost, path, fields{"id": "start-001", "agent": ana, "phone": phone, "text": "olá"}); got["code"] != conversation.RefusedWindow {
		t.Errorf("free words outside the window: %v", got)
	}
	for name, template := range map[string]fields{
		"unknown": {"name": "nenhum", "language": "pt_BR"}, "other language": {"name": "boas_vindas", "language": "en_US"},
		"paused": {"name": "pesquisa_satisfacao", "language": "pt_BR", "values": []string{"Mariana"}}, "too few values": {"name": "abrir_atendimento", "language": "pt_BR"},
	} {
		if got := s.want(http.StatusBadRequest, http.MethodPost, path, fields{"id": "start-002", "agent": ana, "phone": phone, "template": template}); got["code"] != "template" {
			t.Errorf("%s: %v", name, got)
		}
	}
	body := fields{"id": "start-003", "agent": ana, "phone": phone, "template": fields{"name": "boas_vindas", "language": "pt_BR"}}
	begun := s.want(http.StatusOK, http.MethodPost, path, body)
	session, _ := begun["session"].(string)
	s.arrives("2", app.DemoNumber, "Este é o canal de atendimento da nossa empresa.")
	s.commented(session, "Este é o canal de atendimento da nossa empresa.")
	if again := s.want(http.StatusOK, http.MethodPost, path, body); again["session"] != session {
		t.Errorf("the same again: %v", again)
	}
	body["id"], body["phone"] = "start-004", "+55 31 8812-4417"
	if second := s.want(http.StatusConflict, http.MethodPost, path, body); second["code"] != conversation.RefusedOpen || second["session"] != session {
		t.Errorf("a second one: %v", second)
	}
	if got := s.customer("2", app.DemoNumber, "sou eu"); got != session {
		t.Errorf("the answer goes to %s, not %s", got, session)
	}

	other := s.customer("1", app.DemoNumber, "bom dia")
	s.want(http.StatusNotFound, http.MethodGet, "/api/v1/conversations/"+other[:len(other)-1]+"9", nil)
}

// TestAPISameID: clients of different conversations may choose the same id, also when the mailboxes share a partition, as two of
// three do here.
func TestAPISameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &points{})
	defer w.close()
	customers := w.peers.WhatsApp().Customers()[:3]
	for _, c := range customers {
		if _, err := w.peers.WhatsApp().ReceiveFrom(c.ID, "bom dia"); err != nil {
			t.Fatal(err)
		}
	}
	w.run(time.Minute)
	list := w.tickets()
	if len(list) != len(customers) {
		t.Fatalf("%d tickets", len(list))
	}
	for _, ticket := range list {
		reply := func() (int, conversation.Answer) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/conversations/"+ticket.ExternalID+"/reply",
				strings.NewReader(`{"id":"same-id-01","text":"para `+ticket.ExternalID+`"}`))
			r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
			rec := httptest.NewRecorder()
			w.live.Handler().ServeHTTP(rec, r)
			var a conversation.Answer
			if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
				t.Fatalf("%d %s", rec.Code, rec.Body)
			}
			return rec.Code, a
		}
		if code, a := reply(); code != http.StatusAccepted || a.ID != "same-id-01" {
			t.Errorf("before anybody works it is answered %d %+v", code, a)
		}
		w.run(time.Minute)
		if code, a := reply(); code != http.StatusOK || a.ID != "same-id-01" || a.Session != ticket.ExternalID {
			t.Errorf("%s is answered %d %+v", ticket.ExternalID, code, a)
		}
	}
	w.run(time.Minute)
	for _, c := range customers {
		chat, _ := w.peers.WhatsApp().Chat(c.ID, app.DemoNumber, true)
		said := slices.DeleteFunc(chat.Messages, func(m graph.ChatMessage) bool { return m.From != "business" })
		if len(said) != 1 {
			t.Errorf("%s is told %d times", c.Name, len(said))
		}
	}
}
