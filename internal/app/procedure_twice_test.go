package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// solves has an agent solve a ticket in Zendesk, at this very moment.
func (a *attendance) solves(agent string, ticket int64) {
	a.t.Helper()
	raw, err := json.Marshal(fields{"status": "solved", "assignee_id": a.user(agent).ID, "subject": "Pelo Zendesk"})
	if err != nil {
		a.fatalf("%v", err)
	}
	a.call(http.MethodPut, fmt.Sprintf("/sandbox/helpdesk/api/tickets/%d", ticket), a.as(agent), "application/json", raw)
}

// closes asks for the end by the API, at this very moment, and tells how to learn what became of it.
func (a *attendance) closes(agent, session string) (answer func() (int, conversation.Answer)) {
	a.t.Helper()
	path := "/api/v1/conversations/" + session + "/close"
	a.ids++
	body := fields{
		"id": fmt.Sprintf("closing-%d", a.ids), "agent": a.staff(agent), "subject": "Pela conversa de " + agent, "reason": "resolvido", "catalogue": invoices,
	}
	if status, got := a.ask(http.MethodPost, path, "close", body); status != http.StatusAccepted {
		a.fatalf("before anybody works the closing is answered %d %+v", status, got)
	}
	return func() (int, conversation.Answer) { return a.ask(http.MethodPost, path, "close", body) }
}

// TestTwoAgentsClose: however two agents end a conversation at once, the customer reads one closing text, the ticket is solved once, and
// who came second is told.
func TestTwoAgentsClose(t *testing.T) {
	t.Parallel()
	const ana, bruno = "Ana Beatriz Souza", "Bruno Carvalho"
	for name, story := range map[string]func(a *attendance, ticket int64, session string) (subject string, told bool){
		"both by the API": func(a *attendance, _ int64, session string) (string, bool) {
			first, second := a.closes(ana, session), a.closes(bruno, session)
			a.run(5 * time.Minute)
			one, _ := first()
			two, answer := second()
			return "Pela conversa de " + ana, one == http.StatusOK && two == http.StatusConflict && answer.Code == conversation.RefusedEnded && answer.Text != ""
		},
		"in Zendesk, then by the API": func(a *attendance, ticket int64, session string) (string, bool) {
			a.solves(ana, ticket)
			a.closes(bruno, session)
			a.run(10 * time.Minute)
			return "Pelo Zendesk", len(a.comments(a.ticket(), "já estava concluído")) == 1
		},
		"by the API, then in Zendesk before it is written": func(a *attendance, ticket int64, session string) (string, bool) {
			a.closes(bruno, session)
			a.solves(ana, ticket)
			a.run(10 * time.Minute)
			return "Pelo Zendesk", len(a.comments(a.ticket(), "já estava concluído")) == 1
		},
		"in Zendesk, the API when the webhook has come": func(a *attendance, ticket int64, session string) (string, bool) {
			a.solves(ana, ticket)
			a.run(5 * time.Second)
			status, answer := a.command(session, "close", fields{"agent": a.staff(bruno), "subject": "x", "reason": "y", "catalogue": invoices})
			a.run(10 * time.Minute)
			return "Pelo Zendesk", status == http.StatusConflict && answer.Code == conversation.RefusedEnded
		},
		"both in Zendesk": func(a *attendance, ticket int64, _ string) (string, bool) {
			a.solves(ana, ticket)
			a.solves(ana, ticket)
			a.run(10 * time.Minute)
			return "Pelo Zendesk", true // by Zendesk itself
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothModes(t, func(t moded) {
				n := t.number
				a := attend(t.T, n)
				ticket := a.derived(mariana)
				session := ticket.ExternalID
				a.does(session, "take", fields{"agent": a.staff(ana)})
				a.does(session, "reply", fields{"agent": a.staff(ana), "text": "resolvido r1"})
				a.run(10 * time.Minute)
				subject, told := story(a, ticket.ID, session)
				if !told {
					t.Errorf("nobody is told: %q", a.bodies(ticket))
				}
				a.wantTold(mariana, "O atendimento foi concluído sob o número 261123-001")
				ticket = a.again(ticket)
				if ticket.Status != "solved" || ticket.Subject != subject {
					t.Errorf("the ticket is %+v", ticket)
				}
				if n := len(a.tickets()); n != 1 {
					t.Errorf("%d tickets", n)
				}
				if got := a.shows(session); got.State != "closed" || got.Outcome != "closed" {
					t.Errorf("the API shows %+v", got)
				}
				a.wantTranscript(ticket, "resolvido r1")
				a.wantQuiet()
			})
		})
	}
}
