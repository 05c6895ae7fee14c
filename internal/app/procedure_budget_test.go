package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// twenty is a conversation of twenty messages with replies by the API: from the bot's menu to the closing, with a change of owner and all
// changes of status. It returns what it cost.
func (a *attendance) twenty(customer string, identify func()) costs {
	a.t.Helper()
	before := a.costs()
	ana := a.staff("Ana Beatriz Souza")
	a.says(customer, "bom dia, não consigo emitir a nota m1")
	identify()
	a.chooses(customer, menuInvoices)
	a.run(30 * time.Second)
	ticket := a.ticket()
	session := a.session(ticket.ExternalID)
	a.does(session, "open", fields{"agent": ana})
	a.does(session, "take", fields{"agent": ana})
	for i := 2; i < 20; i += 2 {
		a.does(session, "reply", fields{"agent": ana, "text": fmt.Sprintf("resposta r%d", i)})
		a.run(20 * time.Second)
		a.says(customer, fmt.Sprintf("mensagem m%d", i+1))
		a.run(20 * time.Second)
	}
	a.does(session, "reply", fields{"agent": ana, "text": "resposta r20"})
	a.run(time.Minute)
	a.does(session, "close", fields{"agent": ana, "subject": "Emissão de NF-e", "reason": "resolvido"})
	a.run(10 * time.Minute)
	ticket = a.again(ticket)
	if ticket.Status != "solved" || ticket.AssigneeID != a.user("Ana Beatriz Souza").ID || ticket.Subject != "Emissão de NF-e" {
		a.t.Errorf("closed: %+v", ticket)
	}
	if n := a.told(customer, "resposta r20"); n == 0 {
		a.t.Error("the last reply is not on the phone")
	}
	a.wantNoMails()
	return a.costs().since(before)
}

// TestRequestsOfAConversation holds a whole conversation of twenty messages to its budget. Not counted is what is looked up now and then
// for all conversations together (ticket fields, groups, macros): they are held to one each. A conversation of Antônio's goes before, in which
// Ponte also learns who it is itself, and so which changes are its own.
func TestRequestsOfAConversation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		customer string
		most     int
		identify func(a *attendance)
	}{
		{"known contact", antonio, 4, func(*attendance) {}},
		{"known contact, by its phone for the first time", mariana, 5, func(*attendance) {}},
		{"unknown contact", padaria, 7, func(a *attendance) {
			a.says(padaria, cnpjAurora)
			a.says(padaria, "padaria@bela.example")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := procedure(settings.ModeTranscript)
			n.Ending.AfterSolved = settings.AfterNew // else a second conversation needs no ticket of its own
			a := attend(t, n)
			a.twenty(antonio, func() {})
			own, shared := a.twenty(tt.customer, func() { tt.identify(a) }).lookups()
			t.Logf("%s; looked up for all: %s", own, shared)
			if own.sum() > tt.most {
				t.Errorf("%d requests, at most %d: %s", own.sum(), tt.most, own)
			}
			for endpoint, times := range shared {
				if times > 1 {
					t.Errorf("%s was looked up %d times", endpoint, times)
				}
			}
			a.wantTranscript(a.ticket(), "m1", "r2", "m3", "m19", "r20")
			a.wantQuiet()
		})
	}
}

// TestRequestsInMirror tells what the same costs where every message becomes a comment: one for each that is written, as none of them
// waits for another here.
func TestRequestsInMirror(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeMirror))
	a.twenty(antonio, func() {})
	own, shared := a.twenty(mariana, func() {}).lookups()
	t.Logf("%s; looked up for all: %s", own, shared)
	if most := 27; own.sum() > most {
		t.Errorf("%d requests, at most %d: %s", own.sum(), most, own)
	}
	a.wantQuiet()
}
