package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// TestWrongTitle: a solved ticket whose title says nothing is called after what it was about.
func TestWrongTitle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*settings.Number)
		subject string // at the end
		later   string // by somebody in Zendesk, afterwards
		want    string
	}{
		"what was said at the end":    {nil, "Rejeição 539 na NF-e", "teste", "Rejeição 539 na NF-e"},
		"what was chosen in the menu": {nil, "whats", "", menuInvoices},
		"what the customer wrote":     {withoutBot, "atendimento", "", "a nota do pedido 88 não sai"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome{
				begin: func(a *attendance) string {
					if tt.change == nil {
						a.answeredBy(anaName)
					} else {
						a.says(mariana, "bom dia! a nota do pedido 88 não sai")
						a.run(time.Minute)
						a.does(a.ticket().ExternalID, "reply", fields{"agent": a.staff(anaName), "text": "resolvido"})
						a.run(10 * time.Minute)
					}
					session := a.ticket().ExternalID
					a.does(session, "close", fields{"agent": a.staff(anaName), "subject": tt.subject, "reason": "orientado", "catalogue": invoices})
					a.run(30 * time.Second)
					if tt.later != "" {
						a.edits(brunoName, a.ticket(), fields{"subject": tt.later})
					}
					return session
				},
				late: 25 * time.Minute, corrections: []string{"wrong_title"}, writes: 1, state: "closed", end: "closed", attention: true,
				change: func(_ *attendance, s *standing) {
					s.Subject = tt.want
					s.tagged("auditoria_titulo_incorreto")
				},
			}.everywhere(t, tt.change)
		})
	}
}

// TestNoOrganizationIsRepaired: a ticket without organisation gets it, before the outcome: known, in the same update; else by the CNPJ
// that the bot was told.
func TestNoOrganizationIsRepaired(t *testing.T) {
	t.Parallel()
	t.Run("known", func(t *testing.T) {
		t.Parallel()
		outcome{
			begin: func(a *attendance) string {
				session := a.answeredBy(anaName)
				a.edits(brunoName, a.ticket(), fields{"organization_id": nil})
				return session
			},
			early: 70 * time.Minute, late: 105 * time.Minute, want: "client_abandonment", corrections: []string{"no_organization"}, writes: 1,
			state: "closed", end: "audited", attention: true,
			change: func(_ *attendance, s *standing) {
				s.Status, s.Organization = "solved", aurora
				s.recatalogued(abandonTag)
				s.tagged("auditoria_abandono_cliente")
				s.says("public " + transcript)
			},
		}.everywhere(t, nil)
	})
	t.Run("by the CNPJ", func(t *testing.T) {
		t.Parallel()
		bothModes(t, func(t moded) {
			a := attend(t.T, quiet(t.number))
			a.says(padaria, "bom dia, meu pedido não fatura")
			a.says(padaria, cnpjNobody)
			a.run(time.Minute)
			ticket := a.ticket()
			session := ticket.ExternalID
			a.does(session, "take", fields{"agent": a.staff(anaName)})
			a.does(session, "reply", fields{"agent": a.staff(anaName), "text": "vou verificar o cadastro"})
			a.run(10 * time.Minute)
			before := a.stands(ticket.ID)
			if before.Organization != "" {
				t.Fatalf("before: %+v", before)
			}
			owner := a.registers("Padaria Bela Vista Ltda", "60701190000104")
			cost := a.costs()
			a.passes(105 * time.Minute)
			after := a.stands(ticket.ID)
			if after.Organization != "Padaria Bela Vista Ltda" || after.Requester != owner || after.Status != "solved" || after.Assignee != anaName ||
				after.Catalogue != abandonTag || after.Subject != "meu pedido não fatura" {
				t.Errorf("after: %+v", after)
			}
			a.wantComment(ticket, "O ticket foi corrigido: organização Padaria Bela Vista Ltda, solicitante "+owner, false)
			if last := after.Comments[len(after.Comments)-1]; last != "public "+transcript {
				t.Errorf("the last comment is %q", last)
			}
			v := a.mind(session).Conversation.Audited
			if v.Outcome != "client_abandonment" || !slices.Equal(v.Corrections, []string{"no_organization", "wrong_title"}) {
				t.Errorf("the verdict is %+v", v)
			}
			if spent := a.costs().since(cost).writing(); spent.sum() != 2 {
				t.Errorf("%s", spent)
			}
			cost = a.costs()
			a.passes(3 * time.Hour)
			a.wantSame("later", ticket.ID, after)
			if spent := a.costs().since(cost).writing(); spent.sum() > 0 {
				t.Errorf("later: %s", spent)
			}
			a.wantQuiet()
		})
	})
}
