package decide_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// askers are the agents of these tests: the owner, another one, and a program.
func askers() []int64 { return []int64{7, 8, 0} }

// complete is a command that lacks nothing.
func complete(kind conversation.CommandKind, session string, agent int64, now time.Time) conversation.Command {
	c := conversation.Command{
		ID: "command-1", Kind: kind, Session: session, Agent: conversation.Agent{ID: agent, Name: "Ana"}, Text: "Olá", Reason: "motivo",
		Subject: "Assunto", Catalogue: "A::B", CNPJ: "11222333000181", Ticket: 99, Until: now.Add(time.Hour),
		Fields: map[string]string{conversation.FieldSummary: "resumo", conversation.FieldContactName: "Ana", conversation.FieldContactPhone: "+55"},
	}
	switch kind { //nolint:exhaustive // the others need no more
	case conversation.CommandTemplate:
		c.Template = &conversation.Template{Name: "abrir", Language: "pt_BR"}
	case conversation.CommandStart:
		c.Template, c.Session = &conversation.Template{Name: "abrir", Language: "pt_BR"}, ""
	case conversation.CommandTransfer:
		c.Group = "Suporte N2"
	case conversation.CommandTag:
		c.Add = []string{"vip"}
	case conversation.CommandLink:
		c.Hours = 24
	}
	return c
}

// circumstances are conversations of one state that differ in all that may matter to a command.
func circumstances(state conversation.State) (list []conversation.Conversation) {
	verdict := &conversation.Audited{At: at(-60), Outcome: "client_abandonment"}
	company := &conversation.Organization{ID: 3, Name: "Aurora", CNPJ: "11222333000181", Pending: conversation.PendingYes, At: at(-60)}
	for _, owner := range []int64{0, 7} {
		for _, status := range []string{"new", "open", "pending", "solved", "closed"} {
			for _, outcome := range []string{"", conversation.EndClosed, conversation.EndFinancial} {
				for _, rich := range []bool{false, true} {
					c := conversation.Conversation{
						Session: conversation.SessionID("100", "c1", 1), State: state, Started: at(-600), Owner: owner, Lines: 3, Attended: owner != 0,
						Ticket: conversation.Ticket{ID: 11, Status: status}, Procedure: conversation.Procedure{Outcome: outcome, Queue: "Suporte N1"},
					}
					if state.Ended() {
						c.Ended = at(-60)
					}
					if rich {
						c.Audited, c.Procedure.Organization = verdict, company
						c.Clock.Snoozed = map[bool]time.Time{true: at(3600)}[state == conversation.StateActive]
					}
					list = append(list, c)
				}
			}
		}
	}
	return list
}

// TestForbidsAsDecisionsDo wants what lists and pages are told of a command to be what the decision says, in every state and for everybody.
func TestForbidsAsDecisionsDo(t *testing.T) {
	t.Parallel()
	both := map[bool]int{}
	for _, state := range append(conversation.GoingStates(), conversation.EndedStates()...) {
		for _, c := range circumstances(state) {
			for _, kind := range conversation.CommandKinds() {
				for _, agent := range askers() {
					if kind == conversation.CommandTake && agent == 0 {
						continue // it names nobody who takes it
					}
					both[wantForbidden(t, c, kind, agent)]++
				}
			}
		}
	}
	if both[true] < 100 || both[false] < 100 {
		t.Errorf("forbidden and not: %v", both)
	}
	thread := conversation.NewThread("100", "c1")
	for _, kind := range conversation.CommandKinds() {
		d := decide.Thread(thread, conversation.Event{Kind: conversation.EventCommand, At: at(0), Command: new(complete(kind, "wa-100-c1-1", 7, at(0)))}, plain(), at(0))
		if got, want := thread.Forbids(kind, 7), !d.Answers[0].OK; got != want {
			t.Errorf("%s without a conversation: forbidden %v, answered %+v", kind, got, d.Answers[0])
		}
	}
}

// wantForbidden holds a command on a conversation against the decision.
func wantForbidden(t *testing.T, c conversation.Conversation, kind conversation.CommandKind, agent int64) bool {
	t.Helper()
	thread := conversation.NewThread("100", "c1")
	thread.Registered, thread.Count, thread.LastInbound = true, 1, at(-30)
	thread.Contact.WaID, thread.Contact.Name = "5511987654321", "Ana"
	conv := c
	thread.Conversation = &conv
	set := plain()
	set.Desk.N2 = "Suporte N2"
	forbidden := thread.Forbids(kind, agent)
	cmd := complete(kind, c.Session, agent, at(0))
	d := decide.Thread(thread, conversation.Event{Kind: conversation.EventCommand, ID: "c:command-1", At: at(0), Command: &cmd}, set, at(0))
	what := fmt.Sprintf("%s by %d in %s of %d (ticket %s, outcome %q, verdict %v)", kind, agent, c.State, c.Owner, c.Ticket.Status, c.Procedure.Outcome, c.Audited != nil)
	if len(d.Answers) != 1 {
		t.Fatalf("%s: %d answers", what, len(d.Answers))
	}
	if answer := d.Answers[0]; answer.OK == forbidden {
		t.Errorf("%s: forbidden %v, answered %q %s", what, forbidden, answer.Code, answer.Text)
	}
	return forbidden
}
