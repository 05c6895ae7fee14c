package conversation

import (
	"slices"
	"strconv"
	"time"
)

// Organization is a customer's company as Zendesk has it.
type Organization struct {
	ID      int64         `json:"id"`
	Name    string        `json:"n,omitempty"`
	CNPJ    string        `json:"c,omitempty"` // 14 characters, "" where the account has none
	Pending PendingAnswer `json:"p,omitempty"`
	At      time.Time     `json:"at,omitzero"` // when Zendesk said so
}

// PendingAnswer is what an organisation's field says of its financial pending.
type PendingAnswer string

// The answers.
const (
	PendingUnknown PendingAnswer = ""      // nobody has looked, or Zendesk did not answer
	PendingNo      PendingAnswer = "no"    // Não
	PendingYes     PendingAnswer = "yes"   // Sim
	PendingEmpty   PendingAnswer = "empty" // the field has no value, or none that means anything
)

// Flag is something about a conversation that an agent should see at a glance.
type Flag string

// The flags.
const (
	FlagNoCNPJ         Flag = "no_cnpj"         // CNPJ não informado
	FlagNoOrganization Flag = "no_organization" // organização não encontrada
	FlagUnverified     Flag = "unverified"      // pendência não verificada
	FlagPendingEmpty   Flag = "pending_empty"   // o campo Pendência Financeira está vazio
	FlagPending        Flag = "pending"         // pendência encontrada depois de iniciado o atendimento
	FlagOverridden     Flag = "overridden"      // atendido apesar da pendência
	FlagNoEmail        Flag = "no_email"        // e-mail não informado
)

// Outcome values of a conversation's end that are not its state.
const (
	EndClosed    = "closed"    // an agent closed it, here or by solving the ticket
	EndN2        = "n2"        // the ticket went on to the second level
	EndFinancial = "financial" // refused for a financial pending
	EndRefused   = "refused"   // not a customer
	EndCancelled = "cancelled"
	EndExpired   = "expired"
	EndAudited   = "audited" // the auditor closed it; since schema 4
)

// Procedure is what the support procedure knows of a conversation.
type Procedure struct {
	Number        string         `json:"nu,omitempty"` // the attendance number, as the customer was told
	Organization  *Organization  `json:"o,omitempty"`
	Offers        []Organization `json:"of,omitempty"` // those the contact belongs to, until one is chosen
	Flags         []Flag         `json:"f,omitempty"`
	Override      string         `json:"ov,omitempty"` // why an agent attends in spite of a pending
	Email         string         `json:"e,omitempty"`  // as the customer gave it, or as Zendesk has it
	Bot           *BotMemory     `json:"b,omitempty"`  // while, and after, the bot has it
	Requester     int64          `json:"rq,omitempty"` // who of the organisation the ticket should belong to, 0 = the contact
	RequesterName string         `json:"rn,omitempty"`
	Nobody        bool           `json:"no,omitempty"` // Zendesk knows nobody with the contact's phone
	First         string         `json:"fi,omitempty"` // the customer's words that the bot has not heard yet
	Queue         string         `json:"q,omitempty"`  // the group that has it, by name or id, as settings or a command name it
	Group         int64          `json:"g,omitempty"`  // the ticket's group, as last heard
	Category      string         `json:"ca,omitempty"` // value of the catalogue field
	Subject       string         `json:"su,omitempty"` // what it is about, as the bot or an agent says
	Derived       time.Time      `json:"d,omitzero"`   // when the bot handed over
	Greeted       bool           `json:"gr,omitempty"`
	Hours         string         `json:"h,omitempty"`  // the closed period for which the customer was told so
	Patience      time.Time      `json:"pa,omitzero"`  // until when an answer of Zendesk is awaited
	Awaits        string         `json:"aw,omitempty"` // the effect whose answer is awaited
	Warned        bool           `json:"w,omitempty"`  // that the window closes
	Outcome       string         `json:"oc,omitempty"` // how it ended, see the End values
	Silent        bool           `json:"si,omitempty"` // its end is told to nobody
	Previous      []int64        `json:"pr,omitempty"` // the contact's earlier tickets, newest first
}

// BotStep is the question that the customer is to answer.
type BotStep string

// The bot's questions.
const (
	BotStart    BotStep = ""         // nothing was asked yet
	BotWaits    BotStep = "waits"    // Zendesk is asked who the customer is, or where a ticket stands
	BotCNPJ     BotStep = "cnpj"     // for the company
	BotChoose   BotStep = "choose"   // for one of several
	BotEmail    BotStep = "email"    //
	BotMenu     BotStep = "menu"     //
	BotFAQ      BotStep = "faq"      // for a question
	BotFAQHits  BotStep = "faq_hits" // for one of several answers
	BotPosition BotStep = "position" // for a ticket's number
	BotDone     BotStep = "done"     // people have it
)

// BotMemory is what the bot remembers of a conversation. A closed conversation's is forgotten; a pending one keeps it.
type BotMemory struct {
	Step   BotStep   `json:"s,omitempty"`
	Next   BotStep   `json:"n,omitempty"`  // with BotWaits: what was going on
	Tries  int       `json:"t,omitempty"`  // wrong answers to the step's question
	CNPJ   string    `json:"c,omitempty"`  // as the customer gave it
	Ticket int64     `json:"k,omitempty"`  // whose position was asked for
	Hits   []int     `json:"h,omitempty"`  // places in the FAQ that were offered
	Said   []string  `json:"sd,omitempty"` // the customer's free words, for the summary: at most MostSaid of them
	Choice string    `json:"ch,omitempty"` // the menu's line that was chosen
	Asked  time.Time `json:"a,omitzero"`   // when the step's question was put
}

// MostSaid is how many of the customer's words the bot keeps for its summary.
const MostSaid = 5

// Position is where a ticket stands.
type Position struct {
	Ticket       int64  `json:"t"`
	Found        bool   `json:"f,omitempty"` // it is there, and of the same organisation
	Status       string `json:"s,omitempty"` // as Zendesk spells it
	Expected     string `json:"e,omitempty"` // a date, YYYY-MM-DD; "" = none is known
	Organization int64  `json:"o,omitempty"`
}

// clone copies deeply.
func (p Procedure) clone() Procedure {
	if p.Organization != nil {
		o := *p.Organization
		p.Organization = &o
	}
	if p.Bot != nil {
		b := *p.Bot
		b.Hits, b.Said = slices.Clone(b.Hits), slices.Clone(b.Said)
		p.Bot = &b
	}
	p.Offers, p.Flags, p.Previous = slices.Clone(p.Offers), slices.Clone(p.Flags), slices.Clone(p.Previous)
	return p
}

// Has tells whether a flag is set.
func (p Procedure) Has(f Flag) bool { return slices.Contains(p.Flags, f) }

// Set sets a flag, or takes it away.
func (p *Procedure) Set(f Flag, on bool) {
	i := slices.Index(p.Flags, f)
	switch {
	case on && i < 0:
		p.Flags = append(p.Flags, f)
	case !on && i >= 0:
		p.Flags = slices.Delete(p.Flags, i, i+1)
	}
}

// DailyNumber is the n-th attendance number of a day: AAMMDD-NNN.
func DailyNumber(day time.Time, n int) string {
	digits := strconv.Itoa(n)
	for len(digits) < 3 {
		digits = "0" + digits
	}
	return day.Format("060102") + "-" + digits
}
