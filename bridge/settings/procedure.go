package settings

import (
	"maps"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// Bot is the automatic pre-attendance of a number.
type Bot struct {
	// Kind says who greets the customer first.
	Kind BotKind
	// Tries is how often a customer may mistype a CNPJ before a person takes over.
	Tries int
	// AskEmail asks a person whose e-mail address is not known for it.
	AskEmail bool
	// Menu is what the customer chooses from; "falar com atendente" is always offered besides. None: straight to the queue.
	Menu []MenuOption
	// FAQ is what the bot can answer by itself.
	FAQ []FAQ
}

// BotKind says who greets the customer first.
type BotKind string

// The kinds of bots.
const (
	BotNone BotKind = "none" // the conversation goes straight to people
	BotOwn  BotKind = "own"  // Ponte's own
)

// MenuOption is one line of the bot's menu.
type MenuOption struct {
	// Title is at most 24 characters long, Description at most 72: WhatsApp's limits of a list.
	Title, Description string
	// Do is what choosing it does.
	Do MenuAction
	// Queue is the group that gets the conversation, by name or id; "" = the number's.
	Queue string
	// Category is the value of the catalogue field; "" = left alone.
	Category string
	// Answer is what MenuAnswer says.
	Answer string
}

// MenuAction is what choosing a line of the menu does.
type MenuAction string

// The menu's actions.
const (
	MenuQueue    MenuAction = "queue"    // hands the conversation to a queue
	MenuAnswer   MenuAction = "answer"   // answers with a text of its own
	MenuFAQ      MenuAction = "faq"      // searches the FAQ
	MenuPosition MenuAction = "position" // tells where a ticket stands
)

// FAQ is a question that the bot answers by itself.
type FAQ struct {
	Question, Answer string
}

// Organizations says how the customer's organisation is found and judged.
type Organizations struct {
	// Check has every conversation that reaches people identified and checked.
	Check bool
	// CNPJField and PendingField are the keys of the organisation fields with the CNPJ and with the financial pending.
	CNPJField, PendingField string
	// CheckAge is how old the answer of a financial check may be.
	CheckAge time.Duration
	// Patience is how long a customer waits for Zendesk's answer before the conversation goes on without it.
	Patience time.Duration
	// Unknown is what is done with people whom Zendesk does not know.
	Unknown UnknownContact
}

// UnknownContact is what is done with people whom Zendesk does not know.
type UnknownContact string

// The ways with unknown people.
const (
	UnknownCreate UnknownContact = "create" // they become users of Zendesk
	UnknownRefuse UnknownContact = "refuse" // they get a text, and no ticket
	UnknownQueue  UnknownContact = "queue"  // they go to people without being asked who they are
)

// Desk names things of the Zendesk account, each by its title or its id; "" = there is none, and it is left out.
type Desk struct {
	// Queue is the group that takes conversations, N2 the one that takes what it can't solve.
	Queue, N2 string
	// Fields are the ticket fields that are filled in.
	Fields TicketFields
	// Macros are the account's macros, by role; a role without one is skipped.
	Macros map[MacroRole]string
}

// Macro is the title or id of the macro of a role; "" = the account has none.
func (d Desk) Macro(r MacroRole) string { return d.Macros[r] }

// TicketFields are the ticket fields that Ponte fills in, each by its title or its id; "" = there is none.
type TicketFields struct {
	CNPJ         string // of the customer's organisation
	Session      string // the conversation's public id
	Number       string // the WhatsApp number, as people call it
	ContactName  string
	ContactPhone string
	Derived      string // when the bot handed over
	Link         string // the conversation in the app
	Catalogue    string // the service catalogue, a drop-down with levels joined by "::"
	Summary      string // of the conversation, for N2
	Expected     string // the date at which the customer may expect the solution
	Reason       string // why a conversation was closed
	Survey       string // what the customer answered to the survey, 1 to 5
}

// MacroRole is what a macro is for.
type MacroRole string

// The roles of macros.
const (
	RoleClosing           MacroRole = "closing"
	RoleN2                MacroRole = "n2"
	RoleFinancial         MacroRole = "financial_pending"
	RoleTransfer          MacroRole = "transfer"
	RoleNotAssumed        MacroRole = "audit.not_assumed"
	RoleClientAbandonment MacroRole = "audit.client_abandonment"
	RoleAgentAbandonment  MacroRole = "audit.agent_abandonment"
	RoleAfterHours        MacroRole = "audit.after_hours"
	RoleAgentUnavailable  MacroRole = "audit.agent_unavailable"
	RoleWrongTitle        MacroRole = "audit.wrong_title"
)

// MacroRoles lists the roles; those of the procedure come first.
func MacroRoles() []MacroRole {
	return []MacroRole{
		RoleClosing, RoleN2, RoleFinancial, RoleTransfer, RoleNotAssumed, RoleClientAbandonment, RoleAgentAbandonment, RoleAfterHours,
		RoleAgentUnavailable, RoleWrongTitle,
	}
}

// Required tells whether the procedure can't do without a macro of the role.
func (r MacroRole) Required() bool { return r == RoleClosing || r == RoleN2 || r == RoleFinancial }

// Greeting is what the customer hears when an agent first opens the conversation: a text by the time of day follows the
// first one. Times are counted from midnight.
type Greeting struct {
	Morning, Afternoon, Evening time.Duration
}

// Of is the text that follows the greeting at a time, by the clock of its zone, which is to be the number's; "" = none. The evening
// lasts until the morning.
func (g Greeting) Of(t time.Time, s Says) string {
	hour, minute, second := t.Clock()
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	switch {
	case at >= g.Evening || at < g.Morning:
		return s.Evening
	case at >= g.Afternoon:
		return s.Afternoon
	}
	return s.Morning
}

// Ending says how conversations end and what comes after.
type Ending struct {
	// AfterSolved says where a message after the end goes when the ticket is solved.
	AfterSolved AfterSolved
	// Thanks is how long after the end a mere "obrigado" opens nothing.
	Thanks time.Duration
	// Warning is how long before its expiry the customer of a pending conversation is warned; 0 = never.
	Warning time.Duration
	// Settle is how long changes of owner and status wait for others, in transcript_only, so that they cost one update.
	Settle time.Duration
}

// AfterSolved says where a message after the end goes when the ticket is solved.
type AfterSolved string

// The ways after the end.
const (
	AfterReopen AfterSolved = "reopen" // the ticket is opened again
	AfterNew    AfterSolved = "new"    // a new ticket, which names the old one
)

// N2 says what a conversation must bring along to the second level.
type N2 struct {
	// Needs are the fields that must be filled, see the Need values.
	Needs []string
}

// What the second level can ask for.
const (
	NeedContactName  = "contact_name"
	NeedContactPhone = "contact_phone"
	NeedSummary      = "summary"
	NeedCNPJ         = "cnpj"
	NeedCatalogue    = "catalogue"
)

// Attendance is the number that the customer is told.
type Attendance string

// The kinds of attendance numbers.
const (
	AttendanceDaily  Attendance = "daily"  // AAMMDD-NNN, counted a day
	AttendanceTicket Attendance = "ticket" // the ticket's number
)

// TicketAsked stands for the number of the ticket that was asked about, in Subjects.
const TicketAsked = "{{chamado}}"

// Subjects are what tickets are called; Position may hold TicketAsked. Fill fills them too.
type Subjects struct {
	Financial, Position string
}

// Catalogue are values of the catalogue field that Ponte sets by itself; "" = none.
type Catalogue struct {
	Position string // of a ticket that asked where another one stands
	// The auditor's: of talks that somebody left, and of those that came while closed.
	Abandoned, Others string
}

// clone shares nothing that can be changed.
func (b Bot) clone() Bot {
	b.Menu, b.FAQ = slices.Clone(b.Menu), slices.Clone(b.FAQ)
	return b
}

// clone shares nothing that can be changed.
func (d Desk) clone() Desk {
	d.Macros = maps.Clone(d.Macros)
	return d
}

// cloneHours shares nothing that can be changed.
func cloneHours(h calendar.Hours) calendar.Hours {
	for i, list := range h.Week {
		h.Week[i] = slices.Clone(list)
	}
	h.Holidays = slices.Clone(h.Holidays)
	for i, own := range h.Holidays {
		h.Holidays[i].Hours = slices.Clone(own.Hours)
	}
	return h
}

// defaultHours is when the reference operation is open: up to and including 18:00:59.
func defaultHours() calendar.Hours {
	const open, end = calendar.Clock(8 * 60 * 60), calendar.Clock(18*60*60 + 60)
	h := calendar.Hours{National: true}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []calendar.Interval{{From: open, To: end}}
	}
	return h
}

// defaultDesk is the reference operation's account.
func defaultDesk() Desk {
	return Desk{
		Queue: "Suporte N1", N2: "Suporte N2",
		Fields: TicketFields{
			CNPJ: "CNPJ", Session: "Sessão WhatsApp", Number: "Número WhatsApp", ContactName: "Nome do contato", ContactPhone: "Telefone do contato",
			Derived: "Data e hora da derivação", Link: "Link da conversa", Catalogue: "Catálogo de serviços", Summary: "Resumo do atendimento", Expected: "Data prevista",
			Survey: "Pesquisa de satisfação",
		},
		Macros: map[MacroRole]string{
			RoleClosing:           "Atendimento Whatsapp (Oficial)",
			RoleN2:                "1. Atendimento Whatsapp Transferência N2(oficial)",
			RoleFinancial:         "3. Atendimento Whatsapp - Pendência no Cadastro do Cliente (oficial)",
			RoleTransfer:          "Atendimento Whatsapp Transferência",
			RoleNotAssumed:        "Auditoria Whatsapp |Ticket não assumido",
			RoleClientAbandonment: "Auditoria Whatsapp | Abandono do Cliente",
			RoleAgentAbandonment:  "Auditoria Whatsapp | Abandono do analista",
			RoleAfterHours:        "Auditoria Whatsapp | Fora do horário",
			RoleAgentUnavailable:  "Auditoria Whatsapp | Indisponibilidade do analista",
			RoleWrongTitle:        "Auditoria Whatsapp | Título incorreto",
		},
	}
}

// withProcedure fills the procedure's settings in.
func (n Number) withProcedure() Number {
	n.Hours = defaultHours()
	n.Bot = Bot{Kind: BotNone, Tries: 3, AskEmail: true}
	n.Organizations = Organizations{
		Check: true, CNPJField: "cnpj", PendingField: "pendencia_financeira", CheckAge: time.Minute, Patience: 10 * time.Second, Unknown: UnknownCreate,
	}
	n.Desk = defaultDesk()
	n.Greeting = Greeting{Morning: 5 * time.Hour, Afternoon: 12 * time.Hour, Evening: 18 * time.Hour}
	n.Ending = Ending{AfterSolved: AfterReopen, Thanks: 30 * time.Minute, Warning: time.Hour, Settle: 5 * time.Minute}
	n.N2 = N2{Needs: []string{NeedContactName, NeedContactPhone, NeedSummary}}
	n.Attendance = AttendanceDaily
	n.Subjects = Subjects{Financial: "Whats - Pendência no Cadastro", Position: "Posicionamento do ticket " + TicketAsked}
	n.Catalogue = Catalogue{Position: "Distribuição::Linha Winthor::99::007::Posicionamento de ticket"}
	return n
}
