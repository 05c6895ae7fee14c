package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// TestAttendanceInZendesk is an attendance by people who never leave Zendesk: they assign, answer, move to another group and solve there.
func TestAttendanceInZendesk(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		ticket := a.derived(mariana)
		session := ticket.ExternalID
		a.edits("Ana Beatriz Souza", ticket, fields{"assignee_id": a.user("Ana Beatriz Souza").ID})
		if got := a.shows(session); got.State != "active" || got.Owner != a.user("Ana Beatriz Souza").ID {
			t.Errorf("assigned: %+v", got)
		}
		a.edits("Ana Beatriz Souza", ticket, fields{"comment": fields{"body": "qual é o erro? r1", "public": true}, "status": "pending"})
		a.edits("Ana Beatriz Souza", ticket, fields{"comment": fields{"body": "parece coisa do fiscal p1", "public": false}})
		a.wantTold(mariana, "r1")
		if got := a.shows(session); got.State != "pending" {
			t.Errorf("waiting: %+v", got)
		}
		a.says(mariana, "rejeição 539")
		a.run(10 * time.Minute)
		if got := a.again(ticket); got.Status != "open" {
			t.Errorf("the customer has answered: %+v", got)
		}

		// It goes to another group: the customer is told, nobody has it.
		a.edits("Ana Beatriz Souza", ticket, fields{"group_id": a.group(queueFinance), "assignee_id": nil})
		a.wantTold(mariana, "foi transferido para Financeiro")
		if got := a.shows(session); got.State != "queued" || got.Owner != 0 || got.Queue != queueFinance {
			t.Errorf("moved: %+v", got)
		}
		a.edits("Gustavo Pires", ticket, fields{"comment": fields{"body": "resolvido aqui r2", "public": true}, "assignee_id": a.user("Gustavo Pires").ID})
		a.wantTold(mariana, "r2")
		if got := a.shows(session); got.State != "active" || got.Owner != a.user("Gustavo Pires").ID {
			t.Errorf("taken over: %+v", got)
		}

		a.edits("Gustavo Pires", ticket, fields{"status": "solved", "subject": "Nota rejeitada"})
		a.run(5 * time.Minute)
		a.wantTold(mariana, "O atendimento foi concluído sob o número 261123-001")
		ticket = a.again(ticket)
		if ticket.Status != "solved" || ticket.Subject != "Nota rejeitada" || ticket.AssigneeID != a.user("Gustavo Pires").ID {
			t.Errorf("solved: %+v", ticket)
		}
		a.wantTranscript(ticket, "r1", "rejeição 539", "r2")
		if a.told(mariana, "p1") > 0 {
			t.Error("an internal note is on the phone")
		}
		a.wantQuiet()
	})
}

// TestSentToN2InZendesk: who moves the ticket to the second level's group in Zendesk ends the chat just the same.
func TestSentToN2InZendesk(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		a := attend(t.T, n)
		ticket := a.derived(mariana)
		a.edits("Ana Beatriz Souza", ticket, fields{"comment": fields{"body": "vou encaminhar r1", "public": true}})
		a.edits("Ana Beatriz Souza", ticket, fields{"group_id": a.group(queueN2), "assignee_id": nil})
		a.run(5 * time.Minute)
		a.wantTold(mariana, "encaminhado à nossa equipe especializada")
		ticket = a.again(ticket)
		if ticket.Status == "solved" || ticket.GroupID != a.group(queueN2) || ticket.AssigneeID != 0 {
			t.Errorf("at N2: %+v", ticket)
		}
		if got := a.shows(ticket.ExternalID); got.State != "closed" || got.Outcome != "n2" || a.told(mariana, "concluído")+a.told(mariana, "transferido para") > 0 {
			t.Errorf("the API shows %+v; told %q", got, a.phone(mariana))
		}
		a.wantTranscript(ticket, "r1")
		a.wantQuiet()
	})
}

// TestPeopleEditWhileChangesWait: where changes wait for company, what people do in Zendesk meanwhile counts more.
func TestPeopleEditWhileChangesWait(t *testing.T) {
	t.Parallel()
	a := attend(t, procedure(settings.ModeTranscript))
	ticket := a.derived(mariana)
	a.does(ticket.ExternalID, "take", fields{"agent": a.staff("Ana Beatriz Souza")})
	a.edits("Helena Prado", ticket, fields{"assignee_id": a.user("Bruno Carvalho").ID})
	a.run(20 * time.Minute)
	if got, shows := a.again(ticket), a.shows(ticket.ExternalID); got.AssigneeID != a.user("Bruno Carvalho").ID || shows.Owner != got.AssigneeID {
		t.Errorf("%+v; the API shows %+v", got, shows)
	}
	a.wantQuiet()
}

// TestLeftAlone: a customer who goes away in the middle of the script, or does not answer, is warned where somebody waits; after 24 hours
// the conversation has expired, and the next message begins another.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := t.number
		n.Audit.On = false // what the auditor makes of them has stories of its own
		a := attend(t.T, n)
		a.says(padaria, "bom dia m1") // asked for the CNPJ, and gone
		ticket := a.derived(mariana)
		a.does(ticket.ExternalID, "take", fields{"agent": a.staff("Ana Beatriz Souza")})
		a.does(ticket.ExternalID, "close", fields{"agent": a.staff("Ana Beatriz Souza"), "folder": "pendentes"})
		a.run(10 * time.Minute)
		if got := a.again(ticket); got.Status != "pending" {
			t.Errorf("waiting for the customer: %+v", got)
		}
		if said := a.told(mariana, "concluído"); said > 0 {
			t.Errorf("the customer is told %q", a.phone(mariana))
		}
		a.run(23 * time.Hour)
		a.wantTold(mariana, "Ainda aguardamos a sua resposta")
		a.run(2 * time.Hour)
		for _, session := range []string{ticket.ExternalID, a.sessionOfThread(padaria)} {
			if got := a.shows(session); got.State != "expired" || got.Outcome != "expired" {
				t.Errorf("after a day: %+v", got)
			}
		}
		if got := a.again(ticket); got.Status != "pending" {
			t.Errorf("expired: %+v", got)
		}
		a.says(padaria, "voltei m2")
		a.says(padaria, cnpjAurora)
		a.says(padaria, "padaria@bela.example")
		a.chooses(padaria, menuInvoices)
		a.run(2 * time.Minute)
		back := a.ticket()
		if back.Status != "new" || back.OrganizationID != a.organization("Distribuidora Aurora Ltda") {
			t.Errorf("back again: %+v", back)
		}
		a.wantQuiet()
	})
}

// sessionOfThread is a customer's newest session, which is their first one here.
func (a *attendance) sessionOfThread(customer string) string {
	a.t.Helper()
	if customer != padaria {
		a.fatalf("of %s it is not known", customer)
	}
	return strings.Replace(a.tickets()[0].ExternalID, "-id2-", "-id1-", 1)
}

// TestMailsAreSeen: the same attendance in an account whose triggers know nothing of WhatsApp does send e-mails to customers. That none
// left is seen by the others.
func TestMailsAreSeen(t *testing.T) {
	t.Parallel()
	p := procedurePoints(procedure(settings.ModeMirror))
	p.seed = desk.SeedFull
	w := newWorld(t, p)
	t.Cleanup(w.close)
	a := &attendance{world: w, alone: true}
	ticket := a.derived(mariana)
	a.edits("Ana Beatriz Souza", ticket, fields{"comment": fields{"body": "bom dia", "public": true}})
	sent := 0
	for _, m := range a.peers.Zendesk().MailLog() {
		if m.TicketID == ticket.ID && m.UserID == ticket.RequesterID {
			sent++
		}
	}
	if sent == 0 {
		t.Errorf("no e-mail to the customer among %+v", a.peers.Zendesk().MailLog())
	}
}
