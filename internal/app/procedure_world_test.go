package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// The seeded customers whom the procedure's stories are about.
const (
	mariana   = "1" // of Distribuidora Aurora: nothing is pending
	antonio   = "2" // of Comercial Ipê, with an alphanumeric CNPJ: nothing is pending
	sebastiao = "4" // of Atacado Boa Vista: something is
	padaria   = "5" // Zendesk does not know it
)

// CNPJs of the seeded organisations, as customers type them.
const (
	cnpjAurora   = "11.222.333/0001-81" // nothing pending
	cnpjBoaVista = "45312789000154"     // pending
	cnpjIpe      = "12abc34501de35"     // nothing pending
	cnpjNobody   = "60.701.190/0001-04" // good check digits, no organisation
)

// The queues of the seeded account.
const (
	queueN1      = "Suporte N1"
	queueN2      = "Suporte N2"
	queueFinance = "Financeiro"
)

// Titles of the demo's menu, and values of the seeded catalogue.
const (
	menuInvoices  = "Faturamento e NF-e"
	menuPosition  = "Posição de um chamado"
	invoices      = "Distribuição::Linha Winthor::14::1400::Emissão de NF-e"
	invoicesTag   = `"emissao_de_nf_e"`
	positionTag   = `"posicionamento_de_ticket"`
	fieldCatalog  = "Catálogo de serviços"
	fieldCNPJ     = "CNPJ"
	fieldSession  = "Sessão WhatsApp"
	fieldContact  = "Nome do contato"
	fieldPhone    = "Telefone do contato"
	fieldDerived  = "Data e hora da derivação"
	fieldSummary  = "Resumo do atendimento"
	fieldExpected = "Data prevista"
)

// attendance is a world in which the procedure is held as settings have it by default, with the demo's bot. It is a Monday morning.
type attendance struct {
	*world

	alone bool // it is told by a test of its own, which may end at once
	ids   int
}

// fatalf ends a story that can't go on.
func (a *attendance) fatalf(format string, args ...any) {
	a.t.Helper()
	if a.alone {
		a.t.Fatalf(format, args...)
	}
	a.world.fatalf(format, args...)
}

// procedure is the settings of these stories.
func procedure(mode settings.Mode) settings.Number {
	n := app.DemoSettings().Numbers[app.DemoNumber]
	n.Mode, n.Hours, n.Window.Invite, n.Read = mode, settings.Default().Hours, nil, settings.ReadNever
	n.Quiet, n.Longest = 2*time.Second, 5*time.Second
	return n
}

// mondayMorning is within business hours: 10:00 in São Paulo.
func mondayMorning() time.Time { return time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC) }

// points of a world with the procedure.
func procedurePoints(n settings.Number) *points {
	return &points{began: mondayMorning(), seed: desk.SeedMuted, number: func() settings.Number { return n }}
}

// attend starts one.
func attend(t *testing.T, n settings.Number) *attendance {
	t.Helper()
	w := newWorld(t, procedurePoints(n))
	t.Cleanup(w.close)
	return &attendance{world: w, alone: true}
}

// moded is the test of a story in one of the modes.
type moded struct {
	*testing.T

	number settings.Number
}

// bothModes tells a story in each mode.
func bothModes(t *testing.T, story func(moded)) {
	t.Helper()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			story(moded{t, procedure(mode)})
		})
	}
}

// says has a customer write, and lets the answer come.
func (a *attendance) says(customer, text string) {
	a.t.Helper()
	if _, err := a.peers.WhatsApp().ReceiveFrom(customer, text); err != nil {
		a.fatalf("%v", err)
	}
	a.run(3 * time.Second)
}

// chooses has a customer tap a line of the list, or a button, that was offered last.
func (a *attendance) chooses(customer, title string) {
	a.t.Helper()
	kind, id := a.offered(customer, title)
	a.control("/sandbox/phone/api/customers/"+customer+"/messages", map[string]any{
		"type": "interactive", "interactive": map[string]any{"type": kind, kind: map[string]any{"id": id, "title": title}},
	})
	a.run(3 * time.Second)
}

// offer is what the bot puts below a text.
type offer struct {
	Body   struct{ Text string }
	Action struct {
		Buttons  []struct{ Reply row }
		Sections []struct{ Rows []row }
	}
}

type row struct{ ID, Title string }

// offered finds the answer with a title among those that were offered last.
func (a *attendance) offered(customer, title string) (kind, id string) {
	a.t.Helper()
	chat, _ := a.peers.WhatsApp().Chat(customer, app.DemoNumber, true)
	for _, m := range slices.Backward(chat.Messages) {
		if m.Type != "interactive" || m.From != "business" {
			continue
		}
		var o offer
		if err := json.Unmarshal(m.Content, &o); err != nil {
			a.fatalf("%v", err)
		}
		for _, b := range o.Action.Buttons {
			if b.Reply.Title == title {
				return "button_reply", b.Reply.ID
			}
		}
		for _, s := range o.Action.Sections {
			for _, r := range s.Rows {
				if r.Title == title {
					return "list_reply", r.ID
				}
			}
		}
		break
	}
	a.fatalf("%q is not offered: %q", title, a.phone(customer))
	return "", ""
}

// phone is what a customer was told, in order.
func (a *attendance) phone(customer string) []string {
	a.t.Helper()
	chat, _ := a.peers.WhatsApp().Chat(customer, app.DemoNumber, true)
	var texts []string
	for _, m := range chat.Messages {
		if m.From != "business" || m.State == "failed" {
			continue
		}
		var content struct {
			Body json.RawMessage `json:"body"`
		}
		var text string
		var o offer
		if err := json.Unmarshal(m.Content, &content); err != nil {
			a.fatalf("%v", err)
		}
		if json.Unmarshal(content.Body, &text) != nil && json.Unmarshal(m.Content, &o) == nil {
			text = o.Body.Text
		}
		texts = append(texts, text)
	}
	return texts
}

// told counts how often a customer was told something.
func (a *attendance) told(customer, words string) (n int) {
	a.t.Helper()
	for _, text := range a.phone(customer) {
		if strings.Contains(text, words) {
			n++
		}
	}
	return n
}

// wantTold wants a customer to have been told words once.
func (a *attendance) wantTold(customer string, words ...string) {
	a.t.Helper()
	for _, w := range words {
		if n := a.told(customer, w); n != 1 {
			a.t.Errorf("%q stands on the phone %d times: %q", w, n, a.phone(customer))
		}
	}
}

// ticket is the newest that Ponte made.
func (a *attendance) ticket() desk.TicketView {
	a.t.Helper()
	list := a.tickets()
	if len(list) == 0 {
		a.fatalf("no ticket")
	}
	return list[len(list)-1]
}

// session is the customer's present conversation, of whose thread another session is known.
func (a *attendance) session(known string) string {
	a.t.Helper()
	s := a.shows(known)
	return s.Session
}

// again reads a ticket again.
func (a *attendance) again(t desk.TicketView) desk.TicketView {
	a.t.Helper()
	for _, now := range a.peers.Zendesk().Tickets() {
		if now.ID == t.ID {
			return now
		}
	}
	a.fatalf("ticket %d is gone", t.ID)
	return t
}

// comment finds the comments of a ticket that hold words.
func (a *attendance) comments(t desk.TicketView, words string) (found []desk.CommentView) {
	for _, c := range a.peers.Zendesk().Comments(t.ID) {
		if strings.Contains(c.Body, words) {
			found = append(found, c)
		}
	}
	return found
}

// wantComment wants words on a ticket once, private or public.
func (a *attendance) wantComment(t desk.TicketView, words string, public bool) {
	a.t.Helper()
	found := a.comments(t, words)
	if len(found) != 1 || found[0].Public != public {
		a.t.Errorf("%q is on ticket %d in %d comments, want one, public %v; there are %+v", words, t.ID, len(found), public, a.bodies(t))
	}
}

// bodies is a ticket's comments.
func (a *attendance) bodies(t desk.TicketView) (all []string) {
	for _, c := range a.peers.Zendesk().Comments(t.ID) {
		all = append(all, fmt.Sprintf("[public %v by %d] %s", c.Public, c.AuthorID, c.Body))
	}
	return all
}

// user finds somebody of the account by name.
func (a *attendance) user(name string) desk.UserView {
	a.t.Helper()
	for _, u := range a.peers.Zendesk().Users() {
		if u.Name == name {
			return u
		}
	}
	a.fatalf("no user %q", name)
	return desk.UserView{}
}

// agent is somebody of the staff, as commands name them.
func (a *attendance) staff(name string) fields {
	a.t.Helper()
	return fields{"id": a.user(name).ID, "name": name}
}

// group and organization are ids of the seeded account.
func (a *attendance) group(name string) int64        { return a.listed("groups", name) }
func (a *attendance) organization(name string) int64 { return a.listed("organizations", name) }

// listed finds something of a list of the helpdesk by name.
func (a *attendance) listed(list, name string) int64 {
	a.t.Helper()
	for _, item := range a.list(list) {
		if item["name"] == name {
			id, _ := item["id"].(float64)
			return int64(id)
		}
	}
	a.fatalf("no %q among the %s", name, list)
	return 0
}

// list is a list of the helpdesk.
func (a *attendance) list(name string) (items []map[string]any) {
	a.t.Helper()
	out := a.call(http.MethodGet, "/sandbox/helpdesk/api/"+name, a.as("Ana Beatriz Souza"), "application/json", nil)
	all, _ := out[name].([]any)
	for _, item := range all {
		if o, ok := item.(map[string]any); ok {
			items = append(items, o)
		}
	}
	return items
}

func (a *attendance) as(agent string) map[string]string {
	return map[string]string{"X-Desk-Agent": strconv.FormatInt(a.user(agent).ID, 10)}
}

// edits has an agent change a ticket in Zendesk, and lets that come home.
func (a *attendance) edits(agent string, t desk.TicketView, change fields) {
	a.t.Helper()
	raw, err := json.Marshal(change)
	if err != nil {
		a.fatalf("%v", err)
	}
	a.call(http.MethodPut, fmt.Sprintf("/sandbox/helpdesk/api/tickets/%d", t.ID), a.as(agent), "application/json", raw)
	a.run(3 * time.Second)
}
