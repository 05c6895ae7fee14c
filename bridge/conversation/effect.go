package conversation

import (
	"slices"
	"strings"
	"time"
)

// EffectKind names what is to be done to the world.
type EffectKind string

// Every effect.
const (
	EffectUser      EffectKind = "user"      // find or create the contact's Zendesk user
	EffectCreate    EffectKind = "create"    // create the ticket, with its first comment
	EffectComment   EffectKind = "comment"   // add a comment to the ticket
	EffectReopen    EffectKind = "reopen"    // set the ticket to open, when the customer wrote on one that waited or was solved
	EffectPull      EffectKind = "pull"      // read the ticket's comments after the cursor
	EffectSend      EffectKind = "send"      // send a text to the customer
	EffectLookup    EffectKind = "lookup"    // find the thread of a ticket that no thread knows
	EffectReconcile EffectKind = "reconcile" // ask the account which tickets changed
	EffectRepair    EffectKind = "repair"    // look at all mailboxes for one that nobody would wake
	// Since schema 2.
	EffectTell     EffectKind = "tell"     // append an event to another mailbox
	EffectForward  EffectKind = "forward"  // the same, in order: what still comes for a thread that moved
	EffectStream   EffectKind = "stream"   // carry a file from one peer to the other
	EffectRead     EffectKind = "read"     // show the customer that the message was read, and maybe that somebody writes
	EffectRegister EffectKind = "register" // remember that the contact has a thread on the number
	EffectAdopt    EffectKind = "adopt"    // let the ids of a contact that moved name the one it moved into
	EffectIdentity EffectKind = "identity" // add the phone to the contact's Zendesk user
	EffectErase    EffectKind = "erase"    // remove what names the contact, here and at WhatsApp
	// Since schema 3.
	EffectUpdate   EffectKind = "update"   // change the ticket without a word
	EffectIdentify EffectKind = "identify" // find the contact's organisation, and who of it should be the ticket's requester
	EffectFind     EffectKind = "find"     // read where a ticket stands
	EffectNumber   EffectKind = "number"   // count the conversation among those of the day
	// Since schema 4.
	EffectAudit   EffectKind = "audit"   // read what the auditor judges by
	EffectSummary EffectKind = "summary" // keep the conversation's row for reports
	EffectDesk    EffectKind = "desk"    // read who waits in queues, and how much agents have
	EffectAgent   EffectKind = "agent"   // read the groups of an agent
	EffectSweep   EffectKind = "sweep"   // wake the threads that the auditor should look at
	EffectReport  EffectKind = "report"  // make a report, keep it and post it
	// Since schema 5.
	EffectLink EffectKind = "link" // copy messages onto another ticket, or onto a new one
)

// Effect is something to be done, decided on and not yet done. Exactly the part that Kind needs is set.
type Effect struct {
	ID      string     `json:"id"` // unique in its mailbox
	Kind    EffectKind `json:"k"`
	Comment *Comment   `json:"c,omitempty"`  // create, comment
	Change  *Change    `json:"ch,omitempty"` // update; create and comment where something rides along
	Tries   int        `json:"tr,omitempty"` // how often somebody else was faster at changing the ticket
	Ask     *Identify  `json:"as,omitempty"` // identify
	Hint    *Hint      `json:"h,omitempty"`  // pull, lookup; find: the ticket
	Send    *Send      `json:"s,omitempty"`  // send
	Sweep   *Sweep     `json:"w,omitempty"`  // reconcile, sweep
	Tell    *Tell      `json:"t,omitempty"`  // tell, forward
	Stream  *Transfer  `json:"st,omitempty"`
	Read    *Read      `json:"r,omitempty"`
	From    string     `json:"fr,omitempty"` // adopt: the contact that moved; erase: the user id
	Lists   []string   `json:"ls,omitempty"` // erase: the sessions whose transcripts are removed
	Phone   string     `json:"ph,omitempty"` // identity, erase: in digits
	Look    *AuditLook `json:"lk,omitempty"` // audit
	Summary *Summary   `json:"sm,omitempty"` // summary
	Desk    *DeskLook  `json:"dk,omitempty"` // desk
	Agent   int64      `json:"ag,omitempty"` // agent
	Report  *Report    `json:"rp,omitempty"` // report
	Link    *Link      `json:"ln,omitempty"` // link
}

// Comment is what is to be written on the ticket. It may grow until it is frozen.
type Comment struct {
	Author Author `json:"a"`
	Agent  int64  `json:"ag,omitempty"` // with AuthorAgent: the Zendesk user
	Assign bool   `json:"as,omitempty"` // the agent takes the ticket with it
	Public bool   `json:"p,omitempty"`
	Lines  []Line `json:"l"`
	// Transcript makes it the whole transcript of the session, read when it is written; Lines then hold its files only.
	Transcript string    `json:"tr,omitempty"`
	First      time.Time `json:"f"` // when the first line came
	Last       time.Time `json:"la"`
}

// Line is one message within a comment.
type Line struct {
	MessageID string    `json:"m,omitempty"`
	Text      string    `json:"x"`
	Re        string    `json:"r,omitempty"` // the message it answers, reacts to, edits or takes back: it is shown with it
	Who       string    `json:"w,omitempty"` // pt-BR: whose words, in a comment that stands for several people
	File      *Attached `json:"f,omitempty"`
}

// Send is one message for the customer: a text, a file with the text below it, a template whose preview the text is, or a
// text with quick answers.
type Send struct {
	Text      string    `json:"x,omitempty"`
	Comment   int64     `json:"c,omitempty"` // the agent's comment whose words these are, 0 for none
	Agent     int64     `json:"ag,omitempty"`
	Automatic bool      `json:"a,omitempty"` // a notice that is not repeated after an uncertain outcome
	File      *File     `json:"f,omitempty"`
	Template  *Template `json:"t,omitempty"`
	Choices   *Choices  `json:"ch,omitempty"`
	ReplyTo   string    `json:"r,omitempty"` // the wamid of the message that is quoted
	// Insist lets an automatic notice be repeated, once and marked, as an agent's words are: without it the customer would be told nothing
	// at all. Since schema 5.
	Insist bool `json:"in,omitempty"`
}

// Free tells whether WhatsApp takes the message within the window only.
func (s Send) Free() bool { return s.Template == nil }

func (s *Send) clone() *Send {
	if s == nil {
		return nil
	}
	c := *s
	if c.File != nil {
		file := *c.File
		c.File = &file
	}
	return &c
}

// Read shows the customer that everything up to a message was read.
type Read struct {
	MessageID string `json:"m"`
	Typing    bool   `json:"t,omitempty"` // and that somebody writes an answer
}

// Identify is the question which organisation the contact belongs to: that of a CNPJ, one by its id, or those of its user.
type Identify struct {
	CNPJ         string `json:"c,omitempty"`
	Organization int64  `json:"o,omitempty"`
	Repair       bool   `json:"r,omitempty"` // the contact is none of its people: who of them opened most tickets is asked as well
}

// Sweep is where the account's reconciliation stands, or the auditor's sweep.
type Sweep struct {
	Cursor string    `json:"c,omitempty"`
	Since  time.Time `json:"s,omitzero"`  // where to begin without a cursor
	More   bool      `json:"m,omitempty"` // as a result: there is another page
	// Since schema 4, of the auditor's and the report's jobs.
	Run   string    `json:"r,omitempty"`  // names the run that is under way
	Found int       `json:"f,omitempty"`  // threads woken by it so far
	Upto  time.Time `json:"u,omitzero"`   // it wakes what was due then
	Last  time.Time `json:"l,omitzero"`   // when the last run was finished
	Woken int       `json:"wk,omitempty"` // by that run
	// Who asked for a run: for the next one, for the one under way, and for those that are over, the newest last.
	Asked   []string `json:"as,omitempty"`
	Serving []string `json:"sv,omitempty"`
	Served  []string `json:"sd,omitempty"`
}

// MostServed is how many of those who asked for a run are remembered.
const MostServed = 16

// between separates the messages of a comment.
const between = "\n\n"

// Body is the comment's text: its lines, a blank line between messages.
func (c Comment) Body() string {
	texts := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		texts[i] = l.Text
		if l.Who != "" {
			texts[i] = l.Who + ": " + l.Text
		}
	}
	return strings.Join(texts, between)
}

// Uploads is the files that the comment carries.
func (c Comment) Uploads() []Attached {
	var files []Attached
	for _, l := range c.Lines {
		if l.File != nil {
			files = append(files, *l.File)
		}
	}
	return files
}

// MessageIDs is the messages that the comment carries.
func (c Comment) MessageIDs() []string {
	var ids []string
	for _, l := range c.Lines {
		if l.MessageID != "" {
			ids = append(ids, l.MessageID)
		}
	}
	return ids
}

// Limits of one comment, below Zendesk's 65,535 characters and what an update's metadata should hold.
const (
	MostCommentBytes = 60_000
	MostCommentLines = 100
	// MostQuote is room for what a line shows of the message it refers to, in bytes.
	MostQuote = 300
)

// fits tells whether more lines still fit into the comment.
func (c Comment) fits(more []Line) bool {
	size := 0
	for _, l := range slices.Concat(c.Lines, more) {
		size += len(l.Text) + len(l.Who) + len(between)
		if l.Re != "" {
			size += MostQuote
		}
	}
	return len(c.Lines)+len(more) <= MostCommentLines && size-len(between) <= MostCommentBytes
}

func (e Effect) clone() Effect {
	if e.Comment != nil {
		comment := *e.Comment
		comment.Lines = slices.Clone(comment.Lines)
		e.Comment = &comment
	}
	if e.Change != nil {
		change := e.Change.clone()
		e.Change = &change
	}
	if e.Hint != nil {
		hint := *e.Hint
		e.Hint = &hint
	}
	if e.Send != nil {
		e.Send = e.Send.clone()
	}
	if e.Sweep != nil {
		sweep := *e.Sweep
		e.Sweep = &sweep
	}
	if e.Report != nil {
		report := *e.Report
		e.Report = &report
	}
	return e
}

// Lane is a queue of the outbox.
type Lane int

// The lanes: those of ticket and phone are first-in first-out, background is not ordered.
const (
	LaneTicket Lane = iota
	LanePhone
	LaneBackground
)

// Reads tells whether an effect of the ticket lane only reads: it goes before writes that have not been sent, so that no
// growing or refused comment delays an agent's reply or a customer's question.
func (k EffectKind) Reads() bool { return k == EffectPull || k == EffectIdentify || k == EffectFind }

// Lane tells which queue an effect of this kind waits in.
func (k EffectKind) Lane() Lane {
	switch k {
	case EffectUser, EffectCreate, EffectComment, EffectReopen, EffectPull, EffectForward, EffectUpdate, EffectIdentify, EffectFind:
		return LaneTicket
	case EffectSend:
		return LanePhone
	case EffectLookup, EffectReconcile, EffectRepair, EffectTell, EffectStream, EffectRead, EffectRegister, EffectAdopt,
		EffectIdentity, EffectErase, EffectNumber, EffectAudit, EffectSummary, EffectDesk, EffectAgent, EffectSweep, EffectReport, EffectLink:
		return LaneBackground
	}
	return LaneBackground
}
