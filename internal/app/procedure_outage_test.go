package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// patienceOfCustomers is how long after each of their messages customers have an answer, whatever Zendesk does.
const patienceOfCustomers = 30 * time.Second

// answered has something done for a customer and waits for the answer.
func (a *attendance) answered(customer string, do func()) {
	a.t.Helper()
	had, began := len(a.phone(customer)), a.clock()
	do()
	for len(a.phone(customer)) == had {
		if took := a.clock().Sub(began); took > patienceOfCustomers {
			a.fatalf("no answer within %s to %q", took, a.phone(customer))
		}
		a.run(time.Second)
	}
	a.run(2 * time.Second)
}

// walks has a customer answer whatever the bot asks, until people take over.
func (a *attendance) walks(customer, cnpj string) {
	a.t.Helper()
	a.answered(customer, func() { a.says(customer, "bom dia, o sistema parou m1") })
	for range 10 {
		said := a.phone(customer)
		last := said[len(said)-1]
		switch {
		case strings.Contains(last, "informe o CNPJ"):
			a.answered(customer, func() { a.says(customer, cnpj) })
		case strings.Contains(last, "Qual é o seu e-mail"):
			a.answered(customer, func() { a.says(customer, "contato@cliente.example") })
		case strings.Contains(last, "Escolha uma opção"):
			a.answered(customer, func() { a.chooses(customer, menuInvoices) })
		case strings.Contains(last, "Vou transferir você"), strings.Contains(last, "pendência"):
			return
		default: // it waits for Zendesk, and goes on by itself
			a.run(time.Second)
		}
	}
	a.fatalf("the bot does not come to its end: %q", a.phone(customer))
}

// sessionOf is a customer's open conversation, as who wants to begin a second one is told.
func (a *attendance) sessionOf(customer string) string {
	a.t.Helper()
	for _, c := range a.peers.WhatsApp().Customers() {
		if c.ID == customer {
			_, answer := a.commandAt("/api/v1/numbers/"+app.DemoNumber+"/conversations", "start", fields{"phone": "+" + c.Phone, "text": "olá"})
			return answer.Session
		}
	}
	a.fatalf("no customer %s", customer)
	return ""
}

// attends is what an agent does with a conversation by the API, to its end.
func (a *attendance) attends(customer string) {
	a.t.Helper()
	ana := a.staff("Ana Beatriz Souza")
	session := a.sessionOf(customer)
	a.does(session, "open", fields{"agent": ana})
	a.does(session, "take", fields{"agent": ana})
	a.answered(customer, func() { a.does(session, "reply", fields{"agent": ana, "text": "qual é o erro? r1"}) })
	a.says(customer, "o 539 m2")
	a.run(time.Minute)
	a.answered(customer, func() {
		a.does(session, "close", fields{"agent": ana, "subject": "Erro 539", "reason": "resolvido", "catalogue": invoices})
	})
	a.run(time.Minute)
}

// wantAttended wants everything done as if nothing had ever been wrong.
func (a *attendance) wantAttended(customer string, organization int64) {
	a.t.Helper()
	list := a.tickets()
	if len(list) != 1 {
		a.t.Errorf("%d tickets", len(list))
		return
	}
	ticket := list[0]
	if ticket.Status != "solved" || ticket.Subject != "Erro 539" || ticket.AssigneeID != a.user("Ana Beatriz Souza").ID ||
		ticket.OrganizationID != organization || ticket.GroupID != a.group(queueN1) {
		a.t.Errorf("the ticket is %+v", ticket)
	}
	a.wantTags(ticket, "whatsapp", "atendimento_whatsapp")
	a.wantFields(ticket, map[string]string{fieldSession: `"` + ticket.ExternalID + `"`, fieldCatalog: invoicesTag})
	a.wantTranscript(ticket, "m1", "r1", "m2")
	a.wantTold(customer, "O atendimento foi iniciado", "Vou transferir você", "Meu nome é Ana Beatriz Souza", "r1", "O atendimento foi concluído")
	a.wantQuiet()
}

// endpoints are those of the procedure, as an undisturbed attendance asks them.
func endpoints(t *testing.T, n settings.Number, customer string) []string {
	t.Helper()
	a := attend(t, n)
	before := a.costs()
	a.walks(customer, cnpjAurora)
	a.attends(customer)
	a.run(10 * time.Minute)
	a.wantAttended(customer, a.organization("Distribuidora Aurora Ltda"))
	used := a.costs().since(before)
	t.Logf("undisturbed: %s", used)
	var all []string
	for endpoint := range used {
		all = append(all, endpoint)
	}
	slices.Sort(all)
	return all
}

// TestZendeskFailsInTheProcedure takes each endpoint of the procedure away in turn, and all together: the customer has an answer all the
// same, and everything is done once it is back.
func TestZendeskFailsInTheProcedure(t *testing.T) {
	t.Parallel()
	for name, customer := range map[string]string{"known": mariana, "unknown": padaria} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothModes(t, func(t moded) {
				n := t.number
				for _, endpoint := range append(endpoints(t.T, n, customer), "* *") {
					t.Run(endpoint, func(t *testing.T) {
						t.Parallel()
						a := attend(t, n)
						method, path, _ := strings.Cut(endpoint, " ")
						fault := rig.Fault{Peer: "zendesk", Method: method, Path: "/api/v2" + path, Status: http.StatusServiceUnavailable}
						if method == "*" {
							fault.Method, fault.Path = "", "*"
						}
						a.faults(fault)
						a.walks(customer, cnpjAurora)
						a.attends(customer)
						a.faults()
						a.run(20 * time.Minute)
						// Who could not be looked for was never asked for a CNPJ: no organisation is known until somebody tells it.
						organization := a.organization("Distribuidora Aurora Ltda")
						if customer == padaria && (method == "*" || path == "/users/search") {
							organization = 0
						}
						a.wantAttended(customer, organization)
					})
				}
			})
		})
	}
}

// TestPendingIsFoundLater: while Zendesk can't tell of a pending the conversation goes on, marked; as soon as it can the customer is
// refused, unless people attend already: they are told.
func TestPendingIsFoundLater(t *testing.T) {
	t.Parallel()
	for _, attended := range []bool{false, true} {
		bothModes(t, func(t moded) {
			n := t.number
			a := attend(t.T, n)
			a.faults(rig.Fault{Peer: "zendesk", Method: "GET", Path: "/api/v2/users/*", Status: http.StatusServiceUnavailable})
			a.walks(sebastiao, "")
			a.run(time.Minute)
			session := a.sessionOf(sebastiao)
			if got := a.shows(session); got.State != "queued" || strings.Join(got.Flags, " ") != "unverified" {
				t.Errorf("meanwhile: %+v", got)
			}
			if attended {
				a.does(session, "reply", fields{"agent": a.staff("Ana Beatriz Souza"), "text": "olá r1"})
			}
			a.faults()
			a.run(10 * time.Minute)
			ticket, got := a.ticket(), a.shows(session)
			if attended {
				if got.State != "active" || strings.Join(got.Flags, " ") != "pending" || ticket.Status == "solved" || a.told(sebastiao, "pendência") > 0 {
					t.Errorf("attended: %+v %+v %q", got, ticket, a.phone(sebastiao))
				}
				a.wantComment(ticket, "tem pendência financeira no cadastro", false)
			} else {
				a.wantTold(sebastiao, "Identificamos uma pendência")
				if got.Outcome != "financial" || ticket.Status != "solved" || ticket.Subject != "Whats - Pendência no Cadastro" {
					t.Errorf("not attended: %+v %+v", got, ticket)
				}
				a.wantTags(ticket, "whatsapp_pendencia_cadastro")
			}
			a.wantQuiet()
		})
	}
}
