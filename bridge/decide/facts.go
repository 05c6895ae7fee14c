package decide

import (
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// What people do in Zendesk itself: they assign, move to another group, set an organisation.

// learn takes in how the ticket is now; what people changed moves the conversation along.
func (d *draft) learn(f conversation.Facts) {
	c := d.Thread.Conversation
	seen := f.Against(c.Ticket)
	before := c.Ticket
	status := c.Ticket.Status
	c.Ticket.Take(f)
	c.Ticket.Status = status // the caller follows it
	if f.Group != nil {
		c.Procedure.Group = *f.Group
	}
	if seen.Group && f.GroupName != "" {
		c.Procedure.Queue = f.GroupName
	}
	if c.State.Ended() {
		d.judgeAnew(seen)
		return
	}
	if seen.Organization && c.Ticket.Organization != 0 {
		d.organizationSet()
	}
	if c.State.Ended() {
		return
	}
	switch {
	case seen.Group && d.isN2(f):
		d.sentToN2()
	case seen.Assignee && c.Ticket.Assignee != 0 && c.Ticket.Assignee != c.Owner:
		d.assigned(c.Ticket.Assignee, f.AssigneeName)
	case seen.Group && before.Group != 0 && c.Ticket.Group != 0 && c.Ticket.Assignee == 0:
		d.regrouped(f.GroupName)
	case seen.Assignee && c.Ticket.Assignee == 0 && c.Owner != 0:
		d.because("unassigned in zendesk")
		c.Owner = 0
		d.timeline(handQueue, c.Procedure.Queue, 0)
		d.move(BackToQueue)
	}
}

// isN2 tells whether the ticket went to the second level's group.
func (d *draft) isN2(f conversation.Facts) bool {
	return d.set.Desk.N2 != "" && f.Group != nil && *f.Group != 0 && (f.GroupName == d.set.Desk.N2 || fmt.Sprint(*f.Group) == d.set.Desk.N2)
}

// organizationSet takes in that somebody gave the ticket an organisation: it is the customer's from now on.
func (d *draft) organizationSet() {
	c := d.Thread.Conversation
	if have := c.Procedure.Organization; have != nil && have.ID == c.Ticket.Organization || !d.set.Organizations.Check {
		return
	}
	d.because("organisation set in zendesk")
	d.ask(conversation.Identify{Organization: c.Ticket.Organization})
}

// assigned takes in that an agent has the conversation now.
func (d *draft) assigned(agent int64, name string) {
	c := d.Thread.Conversation
	had := c.Owner
	c.Give(conversation.Agent{ID: agent, Name: name})
	d.because("assigned in zendesk")
	d.timeline(handAgent, nameOf(conversation.Agent{ID: agent, Name: name}), agent)
	d.move(AgentTakes)
	if had != 0 && c.Attended {
		d.transferred(name)
	}
}

// regrouped takes in that the ticket went to another queue.
func (d *draft) regrouped(name string) {
	c := d.Thread.Conversation
	c.Owner, c.Procedure.Queue = 0, fmt.Sprint(c.Ticket.Group)
	if name != "" {
		c.Procedure.Queue = name
	}
	d.because("moved to another group in zendesk")
	d.timeline(handQueue, c.Procedure.Queue, 0)
	attended := c.Attended
	d.move(BackToQueue)
	if attended {
		d.transferred(name)
	}
}

// transferred tells the customer who has the conversation now.
func (d *draft) transferred(to string) {
	if to == "" {
		return
	}
	v := d.values()
	v["{{fila.nome}}"] = to
	d.automaticWith(d.set.Says.Transferred, v)
}

// What changes hands, as the transcript names it.
const (
	handAgent = "Atendente"
	handQueue = "Fila"
)

// timeline notes that the conversation changed hands: to a queue, or to an agent.
func (d *draft) timeline(what, to string, agent int64) {
	if to == "" {
		return
	}
	d.log(conversation.Entry{
		Type: "hands", Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Agent: agent, Text: what + ": " + to, Private: true,
	})
}

// yield takes out of what waits to be written what people have changed themselves since it was decided.
func (d *draft) yield(f conversation.Facts) {
	c := d.Thread.Conversation
	seen := f.Against(c.Ticket)
	if c.Ticket.Status == "" || !seen.Any() {
		return
	}
	var left []conversation.Pending
	twice, verdict := false, false
	for _, p := range d.Thread.Outbox.Ticket {
		if p.Effect.Change == nil || p.Frozen || p.Running || p.Unsure {
			left = append(left, p)
			continue
		}
		if p.Effect.Change.Verdict {
			verdict = true
			continue
		}
		twice = twice || seen.Status && p.Effect.Change.Status == statusSolved && ofTicketStatus(f.Status) == TicketSolved
		change := p.Effect.Change.Without(seen)
		if seen.Group { // whom it belongs to there is theirs to say
			change.Assignee, change.Unassign = 0, false
		}
		p.Effect.Change = &change
		if change.Empty() {
			p.Effect.Change = nil
		}
		if p.Effect.Change != nil || p.Effect.Comment != nil {
			left = append(left, p)
		}
	}
	d.Thread.Outbox.Ticket = left
	if verdict {
		d.verdictLeft(f.Status)
	}
	if twice {
		d.because("closed by two at once")
		d.note(d.set.Texts.ClosedTwice)
	}
}

// mostConflicts is how often an update that meets somebody else's is decided anew.
const mostConflicts = 3

// conflicted decides anew about an update that met somebody else's: what that one changed stays as they wanted it.
func (d *draft) conflicted(p conversation.Pending, t conversation.TicketResult) {
	c := d.Thread.Conversation
	e := p.Effect
	if e.Change == nil {
		e.Change = &conversation.Change{}
	}
	seen := t.Facts.Against(c.Ticket)
	if e.Change.Verdict {
		d.verdictLeft(t.Status)
		d.learn(t.Facts)
		c.Ticket.Status, c.Ticket.UpdatedAt = t.Status, t.UpdatedAt
		d.follow(ofTicketStatus(t.Status))
		return
	}
	e.Tries++
	solved := seen.Status && (t.Status == statusSolved || t.Status == "closed")
	ours := e.Change.Status == statusSolved && !solved // our end counts more than what was done on the way to it
	kept := seen
	kept.Status = seen.Status && !ours
	change := e.Change.Without(kept)
	switch {
	case e.Tries >= mostConflicts:
		d.because("somebody else was faster three times: fields left")
		change = conversation.Change{}
		d.note(d.set.Texts.FieldsLeft)
	case solved && e.Change.Status == statusSolved:
		d.because("closed by two at once")
		d.note(d.set.Texts.ClosedTwice)
	default:
		d.because("somebody else changed the ticket: decided anew")
	}
	d.learn(t.Facts)
	c.Ticket.Status = t.Status
	c.Ticket.UpdatedAt = t.UpdatedAt
	if on := ofTicketStatus(t.Status); kept.Status && on != "" {
		d.follow(on)
	}
	e.ID, e.Change = d.Thread.EffectID(), nil
	if !change.Empty() {
		e.Change = &change
	}
	switch {
	case e.Comment == nil && e.Change == nil:
		return
	case e.Comment == nil:
		e.Kind = conversation.EffectUpdate
	}
	d.Thread.Outbox.Ticket = append([]conversation.Pending{{Effect: e, Since: p.Since}}, d.Thread.Outbox.Ticket...)
}
