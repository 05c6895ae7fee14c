package conversation

import "time"

// Outcome says how an attempt at an effect ended.
type Outcome string

// The outcomes.
const (
	Done   Outcome = "done"
	Later  Outcome = "later"  // it has certainly not happened; again at NotBefore
	Unsure Outcome = "unsure" // it may have happened; look at NotBefore, before anything is repeated
	Failed Outcome = "failed" // it never will
)

// Result is what an attempt at an effect brought.
type Result struct {
	Effect    string        `json:"e"` // the effect's id
	Kind      EffectKind    `json:"k"`
	Outcome   Outcome       `json:"o"`
	NotBefore time.Time     `json:"nb,omitzero"`  // with Later and Unsure
	SentAt    time.Time     `json:"sa,omitzero"`  // with Unsure: when it was sent
	Free      bool          `json:"fr,omitempty"` // the attempt costs none: it waited for a limit
	Repeated  bool          `json:"rp,omitempty"` // the words were sent a second time after an uncertain outcome
	Reason    string        `json:"r,omitempty"`  // for people who operate; never a message's text
	Advice    string        `json:"ad,omitempty"` // pt-BR, for the agent
	Code      string        `json:"c,omitempty"`  // see the Code constants
	User      int64         `json:"u,omitempty"`  // EffectUser
	Ticket    *TicketResult `json:"t,omitempty"`  // EffectCreate, EffectComment
	Pulled    *Pulled       `json:"p,omitempty"`  // EffectPull
	Sent      *Sent         `json:"s,omitempty"`  // EffectSend
	Sweep     *Sweep        `json:"w,omitempty"`  // EffectReconcile, EffectSweep
	File      *FileResult   `json:"f,omitempty"`  // EffectStream
	Identity  *Identity     `json:"i,omitempty"`  // EffectIdentify
	Position  *Position     `json:"po,omitempty"` // EffectFind
	Number    string        `json:"n,omitempty"`  // EffectNumber
	Notes     []string      `json:"ns,omitempty"` // pt-BR, for the agent: what of a change could not be written
	Words     string        `json:"ws,omitempty"` // a macro's words for agents only, which do not go with what the customer may see
	Audit     *AuditSeen    `json:"au,omitempty"` // EffectAudit
	Desk      *DeskSeen     `json:"dk,omitempty"` // EffectDesk
	Agent     *AgentSeen    `json:"ag,omitempty"` // EffectAgent
	Linked    *Linked       `json:"ln,omitempty"` // EffectLink; since schema 5
}

// Codes of failures that a decision tells apart.
const (
	CodeTicketClosed = "ticket_closed" // closed tickets take no comment: a follow-up does
	CodeTicketGone   = "ticket_gone"   // deleted or never there
	CodeNoAnswer     = "no_answer"     // twice sent, never confirmed
	CodeWindow       = "window_closed" // WhatsApp takes templates only: the words are kept
	CodeUploads      = "uploads_gone"  // a file's upload has expired: it is fetched anew, the words go without it
	CodeConflict     = "conflict"      // somebody else changed the ticket meanwhile: Ticket says how it is now
	CodeNothing      = "nothing"       // none of the messages that were to be linked is there
)

// TicketResult is what a write to Zendesk brought.
type TicketResult struct {
	ID       int64   `json:"id"`
	Status   string  `json:"s,omitempty"`
	Comments []int64 `json:"c,omitempty"` // the comments that the write made
	// Facts is the ticket after the write, or, after a conflict, as it is now; UpdatedAt is when that was.
	Facts     Facts     `json:"f,omitzero"`
	UpdatedAt time.Time `json:"u,omitzero"`
	// After is the updated_at that the write insisted on: nobody else wrote in between. Zero when it did not insist.
	After time.Time `json:"a,omitzero"`
}

// Identity is what Zendesk says of a contact.
type Identity struct {
	User          int64          `json:"u,omitempty"` // the contact's user, 0 = nobody has its phone
	Email         string         `json:"e,omitempty"`
	Organizations []Organization `json:"o,omitempty"`
	// Requester is the user of the organisation who opened most tickets, where that was asked.
	Requester     int64    `json:"r,omitempty"`
	RequesterName string   `json:"rn,omitempty"`
	Ask           Identify `json:"a,omitzero"` // the question
}

// Pulled is the comments after a cursor, oldest first.
type Pulled struct {
	Comments []Pull    `json:"c,omitempty"`
	Status   string    `json:"s,omitempty"` // the ticket's, when known
	At       time.Time `json:"at"`          // when they were read
	Hint     Hint      `json:"h"`           // what asked for it
	Facts    Facts     `json:"f,omitzero"`  // since schema 3: the ticket, as far as known
}

// Pull is one comment as Zendesk has it.
type Pull struct {
	ID          int64     `json:"id"`
	Author      int64     `json:"a"`
	Staff       bool      `json:"st,omitempty"` // the author is an agent or admin
	Public      bool      `json:"p,omitempty"`
	Channel     string    `json:"ch,omitempty"` // how it was written: web, email, api …
	Parts       []Part    `json:"pt,omitempty"` // as WhatsApp shows it, in as few messages as it fits in
	Refused     []string  `json:"rf,omitempty"` // pt-BR: files that can't go, each with its reason and the way out
	Texts       []string  `json:"x,omitempty"`  // of schema 1: a message each
	Attachments int       `json:"at,omitempty"` // of schema 1: files that were not sent
	Created     time.Time `json:"cr,omitzero"`
}

// Part is one message of a comment: a text, or a file with the text below it.
type Part struct {
	Text string `json:"x,omitempty"`
	File *File  `json:"f,omitempty"`
}

// Sent is what WhatsApp answered to a send.
type Sent struct {
	MessageID string   `json:"id"`
	WaID      string   `json:"wa,omitempty"` // where it really goes
	Parked    []Status `json:"pk,omitempty"` // statuses that were there before the answer
}

// Messages is what the comment becomes on WhatsApp.
func (p Pull) Messages() []Part {
	parts := p.Parts
	for _, text := range p.Texts {
		parts = append(parts, Part{Text: text})
	}
	return parts
}
