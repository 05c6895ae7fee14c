package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// message takes in what the customer wrote: it opens a conversation where none goes on, and the words go onto the ticket.
func (d *draft) message(e conversation.Event) {
	m := *e.Message
	d.register()
	if e.Contact != nil {
		d.know(*e.Contact)
	}
	at := m.Sent
	if at.IsZero() {
		at = e.At
	}
	entry := conversation.Entry{
		At: at, Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: m.ID, Type: m.Type, Text: m.Text, Re: m.Re,
		File: m.File,
	}
	gesture := m.Type == "reaction" || m.Type == "edit" || m.Type == "revoke"
	if gesture && d.Thread.Conversation != nil && !d.Thread.Open() {
		d.because("a gesture opens no conversation")
		d.log(entry)
		return
	}
	if answer, counts := d.surveyed(m); answer {
		d.log(entry)
		d.wrote(m)
		if counts {
			d.surveyGoesOn()
		}
		return
	}
	if !d.Thread.Open() && d.courtesy(m) {
		d.because("thanks open no conversation")
		d.log(entry)
		d.wrote(m)
		return
	}
	fresh := !d.Thread.Open()
	if fresh {
		d.begin(m.ID, d.begins())
	} else {
		waited := d.Thread.Conversation.State == conversation.StatePending
		d.move(CustomerWrites)
		d.awake()
		if waited && !gesture {
			defer d.ownerThere()
		}
	}
	d.log(entry)
	if m.Type != "reaction" { // whether one opens the window is not known
		d.wrote(m)
	}
	if !gesture {
		d.Thread.Newest = m.ID
		d.heardFrom(m)
		d.arrivedRead()
	}
	d.onTicket(m)
	if fresh {
		d.listPrevious()
	}
	if gesture {
		return
	}
	d.afterHours()
	d.heard(m)
	if !d.scripted() && d.Thread.Open() {
		d.typedCNPJ(m.Text)
	}
}

// courtesy tells whether a message after the end only says thank you.
func (d *draft) courtesy(m conversation.Message) bool {
	c := d.Thread.Conversation
	return c != nil && c.State == conversation.StateClosed && d.now.Sub(c.Ended) < d.set.Ending.Thanks && m.File == nil && conversation.Courtesy(m.Text)
}

// awake lets the ticket of a conversation that waited for the customer be open again, where no words on it do so.
func (d *draft) awake() {
	c := d.Thread.Conversation
	c.Procedure.Warned = false
	if d.set.Mode == modeTranscript && c.Ticket.ID != 0 && conversation.Resting(c.Ticket.Status) {
		d.update(conversation.Change{Status: "open"}, false)
	}
}

// onTicket puts a message on the ticket: its words at once, its file when it is there.
func (d *draft) onTicket(m conversation.Message) {
	c := d.Thread.Conversation
	if d.set.Mode == modeTranscript {
		d.ensureTicket()
		if m.File != nil {
			if len(c.Files) == 0 {
				c.FilesSince = d.now
			}
			c.Files = append(c.Files, *m.File)
		}
		return
	}
	d.comment(conversation.AuthorCustomer, true, conversation.Line{MessageID: m.ID, Text: m.Text, Re: m.Re})
	if m.File != nil {
		d.fetch(*m.File, conversation.PeerZendesk)
	}
}

// arrivedRead shows the customer that the message was read, when settings want that on arrival.
func (d *draft) arrivedRead() {
	if d.set.Read == settings.ReadArrival {
		d.read()
	}
}

// seen shows the customer that everything was read, when settings want that with an answer.
func (d *draft) seen() {
	if d.set.Read == settings.ReadReply {
		d.read()
	}
}

func (d *draft) read() {
	if d.Thread.Newest == "" || d.Thread.Outbox.Has(conversation.EffectRead) {
		return
	}
	d.add(conversation.Effect{Kind: conversation.EffectRead, Read: &conversation.Read{MessageID: d.Thread.Newest}})
}

// call takes in that the customer called: nobody can answer here, but the window is open.
func (d *draft) call(e conversation.Event) {
	if e.Contact != nil {
		d.know(*e.Contact)
	}
	d.because("the customer called")
	d.wrote(*e.Message)
	if d.Thread.Open() {
		d.log(conversation.Entry{
			At: e.Message.Sent, Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Type: e.Message.Type, Text: e.Message.Text,
		})
		d.note(e.Message.Text)
	}
}

// know keeps what an update told about the sender; what it did not tell stays. A phone that comes late goes to the contact's
// Zendesk user as well.
func (d *draft) know(c conversation.Contact) {
	have := &d.Thread.Contact
	late := c.WaID != "" && have.Zendesk != 0 && !conversation.SamePhone(c.WaID, have.WaID)
	for _, f := range []struct {
		to   *string
		from string
	}{{&have.Name, c.Name}, {&have.Username, c.Username}, {&have.WaID, c.WaID}, {&have.UserID, c.UserID}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if late {
		d.add(conversation.Effect{Kind: conversation.EffectIdentity, Phone: c.WaID})
	}
}

// begin starts the thread's next conversation. It goes on in the old ticket while that takes comments, and in a follow-up of
// a closed one.
func (d *draft) begin(first string, on Trigger) {
	t := &d.Thread
	state, _ := Next(conversation.StateNone, on)
	var ticket conversation.Ticket
	var previous []int64
	var queue string
	if old := t.Conversation; old != nil {
		ticket, previous = d.nextTicket(old)
		queue = old.Procedure.Queue
	}
	t.Count++
	t.Conversation = &conversation.Conversation{
		Session: conversation.SessionID(t.Number, t.Contact.ID, t.Count),
		State:   state, Started: d.now, First: first, Ticket: ticket, Before: ticket.Assignee,
	}
	t.Conversation.Procedure.Previous = previous
	d.log(conversation.Entry{State: state, Reason: string(on)})
	d.because(string(on))
	d.prepare()
	if ticket.ID != 0 {
		t.Conversation.Procedure.Queue = cmp.Or(queue, d.set.Desk.Queue) // the ticket stays where it is
		d.update(d.contextChange(), false)
	}
}

// listPrevious names the contact's earlier tickets on a new one that follows none of them in Zendesk itself.
func (d *draft) listPrevious() {
	c := d.Thread.Conversation
	if len(c.Procedure.Previous) == 0 || c.Ticket.ID != 0 || c.Ticket.FollowUp != 0 {
		return
	}
	list := make([]string, len(c.Procedure.Previous))
	for i, id := range c.Procedure.Previous {
		list[i] = "#" + strconv.FormatInt(id, 10)
	}
	d.note(fmt.Sprintf(d.set.Texts.Previous, strings.Join(list, ", ")))
}

// mostPrevious is how many earlier tickets an agent is shown.
const mostPrevious = 10

// nextTicket is where a new conversation goes on: in the old ticket while that takes comments, unless settings want a new one
// after a solved one; in a follow-up of a closed one.
func (d *draft) nextTicket(old *conversation.Conversation) (next conversation.Ticket, previous []int64) {
	next, previous = old.Ticket, slices.Clone(old.Procedure.Previous)
	fresh := next.Status == "closed" ||
		next.Status == statusSolved && d.set.Ending.AfterSolved == settings.AfterNew && !d.owes() // what waits goes where it belongs
	if fresh && next.ID != 0 {
		previous = append([]int64{next.ID}, previous...)
		previous = previous[:min(len(previous), mostPrevious)]
		next = conversation.Ticket{FollowUp: next.ID}
		if old.Ticket.Status != "closed" {
			next.FollowUp = 0 // Zendesk lets closed ones be followed only
		}
	}
	return next, previous
}

// owes tells whether words or changes still wait to be written on the ticket.
func (d *draft) owes() bool {
	return d.Thread.Outbox.Has(conversation.EffectComment) || d.Thread.Outbox.Has(conversation.EffectUpdate)
}

// statusSolved is a ticket's status, as Zendesk spells it.
const statusSolved = "solved"

// notice is told on the ticket while a conversation goes on; it never opens one.
func (d *draft) notice(e conversation.Event) {
	n := *e.Notice
	if e.Contact != nil && n.Rule == "system" {
		d.know(*e.Contact) // it may tell a new phone or a new id
	}
	if !d.Thread.Open() {
		d.because("notice without conversation: " + n.Rule)
		return
	}
	origin := conversation.OriginAutomatic
	if n.Rule == "echo" {
		origin = conversation.OriginPhone
	}
	d.log(conversation.Entry{Author: conversation.AuthorPonte, Origin: origin, Type: n.Rule, Text: n.Text, Private: origin == conversation.OriginAutomatic})
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
		ID: d.Thread.EffectID(), Kind: conversation.EffectCreate, Comment: &comment, Change: d.withTags(nil),
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
