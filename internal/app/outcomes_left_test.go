package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestAuditLeavesAlone: what the second level has, what was put off, what waits for the customer and what goes on elsewhere is not judged.
func TestAuditLeavesAlone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		does  func(a *attendance, session string)
		state string
	}{
		"at the second level": {func(a *attendance, session string) {
			a.does(session, "n2", fields{"agent": a.staff(anaName), "fields": fields{"summary": "rejeição 539"}})
		}, "closed"},
		"at the second level, by Zendesk": {func(a *attendance, _ string) {
			a.edits(anaName, a.ticket(), fields{"group_id": a.group(queueN2), "assignee_id": nil})
		}, "closed"},
		"put off": {func(a *attendance, session string) {
			a.does(session, "snooze", fields{"agent": a.staff(anaName), "until": a.clock().Add(48 * time.Hour)})
		}, "active"},
		"waits for the customer": {func(a *attendance, session string) {
			a.does(session, "close", fields{"agent": a.staff(anaName), "folder": "pendentes"})
		}, "pending"},
		"ended on WhatsApp": {func(a *attendance, session string) { a.does(session, "stop", fields{"agent": a.staff(anaName)}) }, "stopped"},
		"cancelled": {func(a *attendance, session string) {
			a.does(session, "cancel", fields{"agent": a.staff(anaName), "reason": "engano"})
		}, "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothModes(t, func(t moded) {
				a := attend(t.T, quiet(t.number))
				session := a.asksAgain(anaName)
				tt.does(a, session)
				a.run(15 * time.Minute)
				ticket := a.ticket().ID
				want, told, cost := a.stands(ticket), a.phone(mariana), a.costs()
				a.passes(8 * time.Hour) // well into the evening
				a.wantSame("later", ticket, want)
				a.wantNoVerdict(session)
				if spent := a.costs().since(cost).writing(); spent.sum() > 0 || len(a.phone(mariana)) != len(told) {
					t.Errorf("%s; told %q", spent, a.phone(mariana)[len(told):])
				}
				if got := a.shows(session); got.State != tt.state {
					t.Errorf("the API shows %+v", got)
				}
				a.wantQuiet()
			})
		})
	}
}

// showTicket is how Ponte reads a ticket.
var showTicket = regexp.MustCompile(`/api/v2/tickets/\d+(\.json)?$`)

// meanwhile has something done at the very moment at which Ponte reads a ticket, the first time; it counts how often that is.
func (a *attendance) meanwhile(do func()) *atomic.Int32 {
	var reads atomic.Int32
	a.p.without.response = func(r *http.Request, resp *http.Response) *http.Response {
		if r.Method == http.MethodGet && showTicket.MatchString(r.URL.Path) && reads.Add(1) == 1 {
			do()
		}
		return resp
	}
	return &reads
}

// TestCustomerWritesMeanwhile: who comes back while the auditor looks at the ticket is not left, and hears and loses nothing.
func TestCustomerWritesMeanwhile(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		a := attend(t.T, quiet(t.number))
		session := a.answeredBy(anaName)
		ticket := a.ticket().ID
		told := a.phone(mariana)
		looked := a.meanwhile(func() {
			if _, err := a.peers.WhatsApp().ReceiveFrom(mariana, "voltei, continua dando erro"); err != nil {
				a.fatalf("%v", err)
			}
			a.peers.Pump(t.Context())
		})
		a.passes(105 * time.Minute)
		if looked.Load() != 1 {
			t.Errorf("the auditor looked %d times at the ticket", looked.Load())
		}
		a.wantNoVerdict(session)
		if got := a.shows(session); got.State != "active" || len(a.phone(mariana)) != len(told) {
			t.Errorf("the API shows %+v; told %q", got, a.phone(mariana)[len(told):])
		}
		if s := a.stands(ticket); s.Status != "open" || s.Assignee != anaName || s.Catalogue == abandonTag {
			t.Errorf("the ticket is %+v", s)
		}
		// Now it is she who waits.
		a.passes(110 * time.Minute)
		if v := a.mind(session).Conversation.Audited; v == nil || v.Outcome != "agent_abandonment" {
			t.Errorf("later: %+v", v)
		}
		a.wantQuiet()
	})
}

// TestAgentWritesMeanwhile: the same with an agent who works on the ticket in Zendesk while the auditor looks.
func TestAgentWritesMeanwhile(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*attendance) fields{
		"she gives it away": func(a *attendance) fields { return fields{"assignee_id": a.user(brunoName).ID} },
		"she writes": func(*attendance) fields {
			return fields{"comment": fields{"body": "ainda preciso do XML", "public": true}}
		},
		"she waits": func(*attendance) fields { return fields{"status": "pending"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothModes(t, func(t moded) {
				a := attend(t.T, quiet(t.number))
				session := a.answeredBy(anaName)
				ticket := a.ticket()
				looked := a.touches(ticket.ID, edit(a))
				a.passes(100 * time.Minute)
				if looked.Load() == 0 {
					t.Error("nobody looked at the ticket")
				}
				c := a.mind(session).Conversation
				a.wantNoVerdict(session)
				if c.State.Ended() || a.stands(ticket.ID).Catalogue == abandonTag {
					t.Errorf("the conversation is %s, the ticket %+v", c.State, a.stands(ticket.ID))
				}
				a.wantQuiet()
			})
		})
	}
}

// touches has Ana change a ticket in Zendesk once, right after the auditor has read it.
func (a *attendance) touches(ticket int64, change fields) *atomic.Int32 {
	return a.meanwhile(func() {
		raw, err := json.Marshal(change)
		if err != nil {
			a.fatalf("%v", err)
		}
		a.call(http.MethodPut, fmt.Sprintf("/sandbox/helpdesk/api/tickets/%d", ticket), a.as(anaName), "application/json", raw)
	})
}

// TestTwoOutcomes: two conversations of one contact, one after the other, each keep their own.
func TestTwoOutcomes(t *testing.T) {
	t.Parallel()
	bothModes(t, func(t moded) {
		n := quiet(t.number)
		n.Ending.AfterSolved = settings.AfterReopen
		a := attend(t.T, n)
		first := a.answeredBy(anaName)
		a.passes(105 * time.Minute)
		one := a.mind(first).Conversation
		if one.Audited == nil || one.Audited.Outcome != "client_abandonment" {
			t.Fatalf("the first is %+v", one.Audited)
		}
		a.says(mariana, "voltei com outra dúvida")
		a.chooses(mariana, menuInvoices)
		a.run(10 * time.Minute)
		two := a.mind(first).Conversation
		if two.Session == first || two.State != "queued" {
			t.Fatalf("the second is %+v", two)
		}
		ticket := a.ticket().ID
		a.passes(110 * time.Minute)
		two = a.mind(first).Conversation
		if two.Audited == nil || two.Audited.Outcome != "agent_unavailable" || two.State != "queued" {
			t.Errorf("the second is %s, %+v", two.State, two.Audited)
		}
		rows := []string{a.rowOf(first, one.Started).Audited.Outcome, a.rowOf(two.Session, two.Started).Audited.Outcome}
		if rows[0] != "client_abandonment" || rows[1] != "agent_unavailable" {
			t.Errorf("the rows say %q", rows)
		}
		s := a.stands(ticket)
		if s.Status != "pending" || s.Catalogue != abandonTag {
			t.Errorf("the ticket is %+v", s)
		}
		a.wantTags(a.ticket(), "auditoria_abandono_cliente", "auditoria_indisponibilidade")
		cost := a.costs()
		a.passes(3 * time.Hour)
		a.wantSame("later", ticket, s)
		if spent := a.costs().since(cost).writing(); spent.sum() > 0 {
			t.Errorf("later: %s", spent)
		}
		a.wantQuiet()
	})
}
