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
)

// Effect is something to be done, decided on and not yet done. Exactly the part that Kind needs is set.
type Effect struct {
	ID      string     `json:"id"` // unique in its mailbox
	Kind    EffectKind `json:"k"`
	Comment *Comment   `json:"c,omitempty"` // create, comment
	Hint    *Hint      `json:"h,omitempty"` // pull, lookup
	Send    *Send      `json:"s,omitempty"` // send
	Sweep   *Sweep     `json:"w,omitempty"` // reconcile
}

// Comment is what is to be written on the ticket. It may grow until it is frozen.
type Comment struct {
	Author Author    `json:"a"`
	Public bool      `json:"p,omitempty"`
	Lines  []Line    `json:"l"`
	First  time.Time `json:"f"` // when the first line came
	Last   time.Time `json:"la"`
}

// Line is one message within a comment.
type Line struct {
	MessageID string `json:"m,omitempty"`
	Text      string `json:"x"`
}

// Send is a text for the customer.
type Send struct {
	Text      string `json:"x"`
	Comment   int64  `json:"c,omitempty"` // the agent's comment whose words these are; 0 = automatic
	Automatic bool   `json:"a,omitempty"` // a notice that is not repeated after an uncertain outcome
}

// Sweep is where the account's reconciliation stands.
type Sweep struct {
	Cursor string    `json:"c,omitempty"`
	Since  time.Time `json:"s,omitzero"`  // where to begin without a cursor
	More   bool      `json:"m,omitempty"` // as a result: there is another page
}

// between separates the messages of a comment.
const between = "\n\n"

// Body is the comment's text: its lines, a blank line between messages.
func (c Comment) Body() string {
	texts := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, between)
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
)

// fits tells whether more lines still fit into the comment.
func (c Comment) fits(more []Line) bool {
	size := 0
	for _, l := range slices.Concat(c.Lines, more) {
		size += len(l.Text) + len(between)
	}
	return len(c.Lines)+len(more) <= MostCommentLines && size-len(between) <= MostCommentBytes
}

func (e Effect) clone() Effect {
	if e.Comment != nil {
		comment := *e.Comment
		comment.Lines = slices.Clone(comment.Lines)
		e.Comment = &comment
	}
	if e.Hint != nil {
		hint := *e.Hint
		e.Hint = &hint
	}
	if e.Send != nil {
		send := *e.Send
		e.Send = &send
	}
	if e.Sweep != nil {
		sweep := *e.Sweep
		e.Sweep = &sweep
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

// Lane tells which queue an effect of this kind waits in.
func (k EffectKind) Lane() Lane {
	switch k {
	case EffectUser, EffectCreate, EffectComment, EffectReopen, EffectPull:
		return LaneTicket
	case EffectSend:
		return LanePhone
	case EffectLookup, EffectReconcile, EffectRepair:
		return LaneBackground
	}
	return LaneBackground
}
