package decide

import (
	"fmt"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// message takes in what the customer wrote: it opens a conversation where none goes on, and the words go onto the ticket.
func (d *draft) message(e conversation.Event) {
	m := *e.Message
	if e.Contact != nil {
		d.know(*e.Contact)
	}
	if m.Sent.After(d.Thread.LastInbound) {
		d.Thread.LastInbound = m.Sent
	}
	if !d.Thread.Open() {
		d.begin(e)
	} else {
		d.move(CustomerWrites)
	}
	at := m.Sent
	if at.IsZero() {
		at = e.At
	}
	d.log(conversation.Entry{At: at, Author: conversation.AuthorCustomer, Message: m.ID, Type: m.Type, Text: m.Text})
	d.comment(conversation.AuthorCustomer, true, conversation.Line{MessageID: m.ID, Text: m.Text})
}

// know keeps what an update told about the sender; what it did not tell stays.
func (d *draft) know(c conversation.Contact) {
	have := &d.Thread.Contact
	for _, f := range []struct {
		to   *string
		from string
	}{{&have.Name, c.Name}, {&have.Username, c.Username}, {&have.WaID, c.WaID}, {&have.UserID, c.UserID}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
}

// begin starts the thread's next conversation. It goes on in the old ticket while that takes comments, and in a follow-up of
// a closed one.
func (d *draft) begin(e conversation.Event) {
	t := &d.Thread
	var ticket conversation.Ticket
	if old := t.Conversation; old != nil {
		ticket = old.Ticket
		if ticket.Status == "closed" {
			ticket = conversation.Ticket{FollowUp: ticket.ID}
		}
	}
	t.Count++
	t.Conversation = &conversation.Conversation{
		Session: conversation.SessionID(t.Number, t.Contact.ID, t.Count),
		State:   conversation.StateQueued, Started: e.At, First: e.Message.ID, Ticket: ticket,
	}
	d.log(conversation.Entry{State: conversation.StateQueued, Reason: string(CustomerWrites)})
	d.because(string(CustomerWrites))
}

// notice is told on the ticket while a conversation goes on; it never opens one.
func (d *draft) notice(n conversation.Notice) {
	if !d.Thread.Open() {
		d.because("notice without conversation: " + n.Rule)
		return
	}
	d.log(conversation.Entry{Author: conversation.AuthorPonte, Type: n.Rule, Text: n.Text})
	d.note(n.Text)
}

// followUp turns a comment that a closed or vanished ticket refused into the first comment of a new one. Where a new one is
// waiting to be created already, the older words come first on it.
func (d *draft) followUp(p conversation.Pending, closed bool) {
	c := d.Thread.Conversation
	old := c.Ticket.ID
	if old == 0 {
		old, closed = c.Ticket.FollowUp, c.Ticket.FollowUp != 0
	}
	c.Ticket = conversation.Ticket{}
	comment := *p.Effect.Comment
	if closed {
		c.Ticket.FollowUp = old
		d.because("ticket closed: follow-up")
		if comment.Author == conversation.AuthorPonte {
			head := conversation.Line{Text: fmt.Sprintf(d.set.Texts.FollowUp, old)}
			comment.Lines = append([]conversation.Line{head}, comment.Lines...)
		}
	} else {
		d.because("ticket gone: new one")
	}
	create := conversation.Pending{Effect: conversation.Effect{
		ID: d.Thread.EffectID(), Kind: conversation.EffectCreate, Comment: &comment,
	}}
	var first, rest []conversation.Pending
	for _, waiting := range d.Thread.Outbox.Ticket {
		switch kind := waiting.Effect.Kind; {
		case kind == conversation.EffectUser:
			first = append(first, waiting)
		case kind == conversation.EffectCreate:
			waiting.Effect.Kind = conversation.EffectComment
			rest = append(rest, waiting)
		case kind != conversation.EffectPull: // there is nothing to be read of the old ticket
			rest = append(rest, waiting)
		}
	}
	d.Thread.Outbox.Ticket = slices.Concat(first, []conversation.Pending{create}, rest)
}
