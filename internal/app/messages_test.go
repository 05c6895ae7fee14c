package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/internal/app"
)

// message is a message as the app reads it.
type message struct {
	ID, Kind, Author, Who, Text, Command, Delivery, Reason, WAMID string
	Rev                                                           int
	Files                                                         []struct {
		ID, Name, MIME, Kind string
		Size                 int64
	}
}

// page is what a page knows of a session's messages: it asks for what is new only.
type page struct {
	s       *shop
	session string
	rev     int
	known   map[string]message
}

func (s *shop) page(session string) *page {
	return &page{s: s, session: session, known: map[string]message{}}
}

// refresh asks for what is new.
func (p *page) refresh() {
	p.s.t.Helper()
	status, raw := p.s.ask(http.MethodGet, fmt.Sprintf("/api/v1/conversations/%s/messages?since=%d", p.session, p.rev), nil)
	var list struct {
		Rev      int
		Messages []message
		Gone     []string
	}
	if err := json.Unmarshal(raw, &list); err != nil || status != http.StatusOK {
		p.s.t.Fatalf("messages: %d %s", status, raw)
	}
	for _, m := range list.Messages {
		if m.Rev <= p.rev || m.Rev > list.Rev {
			p.s.t.Errorf("message %s has rev %d of %d to %d", m.ID, m.Rev, p.rev, list.Rev)
		}
		p.known[m.ID] = m
	}
	for _, id := range list.Gone {
		delete(p.known, id)
	}
	p.rev = list.Rev
}

// until refreshes until a message is as it should be, which it returns.
func (p *page) until(what string, ok func(message) bool) (found message) {
	p.s.t.Helper()
	eventually(p.s.t, soon, what, func() bool {
		p.refresh()
		for _, m := range p.known {
			if ok(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// TestMessages follows what agents write by the ids that their page chose, from the bubble to the phone.
func TestMessages(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	session := s.customer("1", app.DemoNumber, "bom dia")
	p := s.page(session)
	p.until("the customer's words", func(m message) bool {
		return m.Author == "customer" && m.Text == "bom dia" && m.Who == "Mariana Albuquerque"
	})

	ana := fields{"id": s.ana(), "name": "Ana Beatriz"}
	s.command(http.StatusOK, session, "reply", fields{"id": "bubble-0001", "agent": ana, "text": "olá"})
	p.refresh()
	mine := func(command string) func(message) bool {
		return func(m message) bool { return m.Command == command }
	}
	first := p.until("the bubble's message", mine("bubble-0001"))
	if first.Kind != "message" || first.Author != "agent" || first.Who != "Ana Beatriz" || first.Text != "olá" || first.Delivery == "" {
		t.Errorf("the bubble became %+v", first)
	}
	read := p.until("it is delivered", func(m message) bool {
		return m.Command == "bubble-0001" && (m.Delivery == "delivered" || m.Delivery == "read")
	})
	if read.ID != first.ID || !strings.HasPrefix(read.WAMID, "wamid.") {
		t.Errorf("%q became %q at WhatsApp %q", first.ID, read.ID, read.WAMID)
	}

	s.command(http.StatusOK, session, "note", fields{"id": "bubble-0002", "agent": ana, "text": "ver com o N2"})
	if note := p.until("the note", mine("bubble-0002")); note.Kind != "note" || note.Text != "ver com o N2" {
		t.Errorf("the note is %+v", note)
	}
	s.command(http.StatusOK, session, "template", fields{"id": "bubble-0003", "agent": ana, "template": fields{"name": "boas_vindas", "language": "pt_BR"}})
	p.until("the template", mine("bubble-0003"))

	var fresh *page
	eventually(t, soon, "both at the same place", func() bool {
		fresh = s.page(session)
		fresh.refresh()
		p.refresh()
		return fresh.rev == p.rev
	})
	if len(fresh.known) != len(p.known) {
		t.Errorf("%d messages anew, %d by and by", len(fresh.known), len(p.known))
	}
	for id, m := range fresh.known {
		if have := p.known[id]; have.Text != m.Text || have.Delivery != m.Delivery || have.Kind != m.Kind {
			t.Errorf("%s is %+v, was read as %+v", id, m, have)
		}
	}
}

// TestMessageThatFails: a number that is not on WhatsApp answers every message with an error, which agents read in their language.
func TestMessageThatFails(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	begun := s.want(http.StatusOK, http.MethodPost, "/api/v1/numbers/"+app.DemoNumber+"/conversations", fields{
		"id": "bubble-0001", "phone": "(11) 9 0013-1026", "template": fields{"name": "boas_vindas", "language": "pt_BR"},
	})
	session, _ := begun["session"].(string)
	failed := s.page(session).until("a failure", func(m message) bool { return m.Command == "bubble-0001" && m.Delivery == "failed" })
	if !strings.Contains(failed.Reason, "WhatsApp") {
		t.Errorf("the reason is %q", failed.Reason)
	}
}
