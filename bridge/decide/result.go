package decide

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// result takes in what an attempt at an effect brought.
func (d *draft) result(r conversation.Result) {
	if d.confirmed(r) {
		r.Outcome = conversation.Done
	}
	p, ok := d.Thread.Outbox.Settle(r)
	if !ok {
		d.because("result of an effect that is settled")
		return
	}
	switch r.Outcome {
	case conversation.Done:
		d.done(p, r)
	case conversation.Failed:
		d.failed(p, r)
	case conversation.Later, conversation.Unsure:
		d.because(string(r.Kind) + " " + string(r.Outcome))
	}
}

// confirmed tells whether a status overtook the lost answer of a send.
func (d *draft) confirmed(r conversation.Result) bool {
	lost := r.Outcome == conversation.Unsure || r.Outcome == conversation.Failed && r.Code == conversation.CodeNoAnswer
	have := d.Thread.Delivery(r.Effect, "")
	return lost && r.Kind == conversation.EffectSend && have != nil && have.State != conversation.DeliveryQueued
}

func (d *draft) done(p conversation.Pending, r conversation.Result) {
	d.notTaken(r.Notes)
	switch r.Kind {
	case conversation.EffectUser:
		d.Thread.Contact.Zendesk = r.User
	case conversation.EffectCreate:
		d.created(*r.Ticket)
		d.wroteContext()
	case conversation.EffectComment, conversation.EffectUpdate:
		d.own(r.Ticket.Comments)
		d.changed(p.Effect, *r.Ticket)
		d.commented(p.Effect.Comment, r.Ticket.Status)
		if r.Words != "" && d.Thread.Conversation.Ticket.ID == r.Ticket.ID {
			d.note(r.Words)
		}
		if p.Effect.Change != nil && p.Effect.Change.Fields[conversation.FieldSession] != "" {
			d.wroteContext()
		}
	case conversation.EffectReopen:
		d.changed(p.Effect, *r.Ticket)
	case conversation.EffectIdentify:
		d.identified(r.Effect, *r.Identity)
	case conversation.EffectFind:
		d.found(r.Effect, *r.Position)
	case conversation.EffectNumber:
		d.numbered(r.Number)
	case conversation.EffectAudit:
		d.audited(*r.Audit)
	case conversation.EffectPull:
		d.pulled(*r.Pulled)
	case conversation.EffectLink:
		d.linked(*p.Effect.Link, *r.Linked)
	case conversation.EffectSend:
		d.sent(p, r)
	case conversation.EffectTell, conversation.EffectForward, conversation.EffectRead, conversation.EffectRegister,
		conversation.EffectAdopt, conversation.EffectIdentity, conversation.EffectErase, conversation.EffectSummary:
	case conversation.EffectLookup, conversation.EffectReconcile, conversation.EffectRepair, conversation.EffectStream, conversation.EffectDesk,
		conversation.EffectAgent, conversation.EffectSweep, conversation.EffectReport:
		d.because("not a thread's effect")
	}
}

// commented takes in the ticket's status after a comment. A customer's words open a ticket: when they went onto one that was
// pending or solved without our knowing, it is opened now.
func (d *draft) commented(c *conversation.Comment, status string) {
	if status == "" {
		return
	}
	d.Thread.Conversation.Ticket.Status = status
	if c != nil && c.Customers() && conversation.Resting(status) && d.Thread.Open() {
		d.because("opened again for the customer's words")
		d.add(conversation.Effect{Kind: conversation.EffectReopen})
	}
}

// changed keeps how the ticket is after a write of ours. A write that did not insist on the ticket being as it was known may have met
// somebody else's: what that one did is learnt from its own hint.
func (d *draft) changed(e conversation.Effect, t conversation.TicketResult) {
	ticket := &d.Thread.Conversation.Ticket
	expected := *ticket
	switch c := e.Comment; {
	case c == nil || c.Customers():
		expected.Status = t.Status
	case c.Assign:
		expected.Status, expected.Assignee = t.Status, c.Agent
	}
	if e.Change == nil && !ticket.UpdatedAt.IsZero() && t.Facts.Against(expected).Any() {
		return
	}
	d.took(t)
}

// took keeps how the ticket is.
func (d *draft) took(t conversation.TicketResult) {
	ticket := &d.Thread.Conversation.Ticket
	if !t.After.IsZero() && !ticket.Seen.Before(t.After) { // nobody wrote in between: there is nothing to be read
		ticket.Seen = t.UpdatedAt
	}
	ticket.Take(t.Facts)
	if t.Status != "" {
		ticket.Status = t.Status
	}
	if t.UpdatedAt.After(ticket.UpdatedAt) {
		ticket.UpdatedAt = t.UpdatedAt
	}
	if t.Facts.Group != nil {
		d.proc().Group = *t.Facts.Group
	}
}

// wroteContext notes that the ticket's fields tell this conversation.
func (d *draft) wroteContext() {
	c := d.Thread.Conversation
	c.Ticket.Session = c.Session
}

// created binds the ticket to the conversation.
func (d *draft) created(t conversation.TicketResult) {
	c := d.Thread.Conversation
	if c.Ticket.ID != t.ID { // else it was there already and what is known of it stays
		c.Ticket = conversation.Ticket{ID: t.ID, Status: t.Status, Seen: t.UpdatedAt}
	}
	d.took(t)
	d.own(t.Comments)
	if d.set.Attendance == settings.AttendanceTicket {
		d.numbered(strconv.FormatInt(t.ID, 10))
	}
	d.confirmTicket()
	if c.Hinted {
		c.Hinted = false
		d.add(conversation.Effect{Kind: conversation.EffectPull, Hint: &conversation.Hint{Ticket: t.ID}})
	}
}

// own remembers comments that Ponte wrote until the cursor has passed them.
func (d *draft) own(comments []int64) {
	t := &d.Thread.Conversation.Ticket
	for _, id := range comments {
		if id > t.Cursor {
			t.Own = append(t.Own, id)
		}
	}
}

// sent keeps what WhatsApp answered.
func (d *draft) sent(p conversation.Pending, r conversation.Result) {
	have := d.Thread.Delivery(r.Effect, "")
	if have == nil {
		return
	}
	d.twice(have, p.Repeated || r.Repeated)
	if r.Sent == nil {
		return // confirmed by a status
	}
	have.MessageID = r.Sent.MessageID
	d.merge(have, conversation.Status{State: conversation.DeliveryAccepted, At: d.now})
	for _, s := range r.Sent.Parked {
		d.merge(have, s)
	}
	if r.Sent.WaID != "" {
		d.Thread.Contact.WaID = r.Sent.WaID
	}
}

// twice says on the ticket that the words may have arrived twice, when they were sent twice.
func (d *draft) twice(have *conversation.Delivery, repeated bool) {
	if !repeated {
		return
	}
	have.Repeated = true
	d.because("repeated after an uncertain outcome")
	d.note(fmt.Sprintf(d.set.Texts.Repeated, d.clock(have)))
}

// notTaken names what Zendesk did not take of an update.
func (d *draft) notTaken(what []string) {
	if len(what) > 0 {
		d.note(fmt.Sprintf(d.set.Texts.NotTaken, strings.Join(what, ", ")))
	}
}

// failed buries an effect that will never happen, where its words can't take another way.
func (d *draft) failed(p conversation.Pending, r conversation.Result) {
	switch {
	case r.Code == conversation.CodeConflict:
		d.conflicted(p, *r.Ticket)
		return
	case p.Effect.Kind == conversation.EffectUpdate && len(r.Notes) > 0:
		d.because("zendesk takes nothing of a change")
		d.notTaken(r.Notes)
		return
	case p.Effect.Kind == conversation.EffectIdentify:
		d.because("identification refused")
		d.unidentified(r.Effect)
		return
	case p.Effect.Kind == conversation.EffectLink:
		d.notLinked(p.Effect, r)
		return
	case p.Effect.Kind == conversation.EffectFind:
		d.found(r.Effect, conversation.Position{Ticket: p.Effect.Hint.Ticket})
		return
	case p.Effect.Kind == conversation.EffectComment && r.Code == conversation.CodeTicketClosed:
		d.followUp(p, true)
		return
	case p.Effect.Kind == conversation.EffectComment && r.Code == conversation.CodeTicketGone:
		d.followUp(p, false)
		return
	case p.Effect.Comment != nil && r.Code == conversation.CodeUploads:
		d.uploadsGone(p)
		return
	case p.Effect.Send != nil && r.Code == conversation.CodeWindow:
		if have := d.Thread.Delivery(r.Effect, ""); have != nil {
			d.keep(have, *p.Effect.Send)
			return
		}
	case p.Effect.Kind == conversation.EffectRead:
		d.because("read mark refused")
		return
	case p.Effect.Comment == nil && p.Effect.Send == nil && r.Code != "":
		d.because("ticket gone or closed")
		return
	}
	d.because(string(p.Effect.Kind) + " failed")
	d.Dead = append(d.Dead, Dead{Effect: p.Effect, Reason: r.Reason})
	have := d.Thread.Delivery(r.Effect, "")
	if have == nil {
		return
	}
	if r.Code == conversation.CodeNoAnswer {
		d.note(fmt.Sprintf(d.set.Texts.Unconfirmed, d.clock(have)))
		return
	}
	d.merge(have, conversation.Status{State: conversation.DeliveryFailed, At: d.now, Reason: r.Advice})
}

// retry puts a dead effect into its lane again.
func (d *draft) retry(e conversation.Effect) {
	if d.Thread.Conversation == nil {
		d.because("retry without conversation")
		return
	}
	d.because("retried by an operator")
	if e.Comment != nil {
		d.writeWith(*e.Comment, e.Change) // its ticket may be there by now
		return
	}
	old := e.ID
	id := d.add(e)
	if have := d.Thread.Delivery(old, ""); have != nil {
		have.Line = have.Entry()
		have.Effect, have.State = id, conversation.DeliveryQueued
	}
}
