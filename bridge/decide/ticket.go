package decide

import (
	"fmt"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// hint makes the ticket lane read the ticket's new comments.
func (d *draft) hint(h conversation.Hint) {
	c := d.Thread.Conversation
	switch {
	case c == nil:
		d.because("hint without conversation")
	case c.Ticket.ID == 0:
		c.Hinted = true // the ticket is being created: read it as soon as it is known
		d.because("hint before the ticket is known")
	case c.Ticket.ID != h.Ticket:
		d.because("hint about an earlier ticket")
	case h.Sweep && !h.UpdatedAt.After(c.Ticket.Seen):
		d.because("nothing new since the last read")
		if !h.UpdatedAt.Before(c.Ticket.UpdatedAt) {
			d.retitled(h.Facts.Subject)
		}
	default:
		d.add(conversation.Effect{Kind: conversation.EffectPull, Hint: &h})
	}
}

// retitled takes in what the ticket is called, which not every hint tells.
func (d *draft) retitled(subject string) {
	seen := conversation.Facts{Subject: subject}.Against(d.Thread.Conversation.Ticket)
	if !seen.Subject {
		return
	}
	d.Thread.Conversation.Ticket.Subject = subject
	if d.Thread.Conversation.State.Ended() {
		d.judgeAnew(seen)
	}
}

// skew is how far Zendesk's clock and ours may differ, and how coarse its updated_at is.
const skew = 5 * time.Second

// pulled takes in the comments after the cursor: what agents said in public goes to the customer, once.
func (d *draft) pulled(p conversation.Pulled) {
	c := d.Thread.Conversation
	if c == nil || c.Ticket.ID != p.Hint.Ticket {
		d.because("comments of an earlier ticket")
		return
	}
	for _, m := range p.Comments {
		if m.ID <= c.Ticket.Cursor {
			continue
		}
		c.Ticket.Cursor = m.ID
		if !p.Hint.Bind {
			d.pulledOne(m)
		}
	}
	c.Ticket.Own = slices.DeleteFunc(c.Ticket.Own, func(id int64) bool { return id <= c.Ticket.Cursor })
	seen := p.Hint.UpdatedAt
	if safe := p.At.Add(-skew); safe.Before(seen) {
		seen = safe
	}
	if seen.After(c.Ticket.Seen) {
		c.Ticket.Seen = seen
	}
	stale := p.Hint.UpdatedAt.Before(c.Ticket.UpdatedAt) && !p.Hint.UpdatedAt.IsZero()
	if stale && !p.Hint.Bind {
		d.because("how the ticket was before our last write")
		return
	}
	if !p.Hint.Bind {
		d.yield(p.Facts)
	}
	if p.Hint.UpdatedAt.After(c.Ticket.UpdatedAt) {
		c.Ticket.UpdatedAt = p.Hint.UpdatedAt
	}
	d.learn(p.Facts)
	d.assigneeFollows(p.Facts)
	if p.Status != "" {
		before := c.Ticket.Status
		c.Ticket.Status = p.Status
		on := ofTicketStatus(p.Status)
		if on == TicketOpen && before == p.Status && c.State == conversation.StateQueued {
			return // the customer's words opened it: nobody has taken it yet
		}
		if d.auditorsOwn(on, before == p.Status) {
			return
		}
		if c.State == conversation.StateClosed && (c.Procedure.Outcome == conversation.EndN2 && before != statusSolved || d.solving()) {
			return // it goes on there without the chat, or what solves it is on its way
		}
		d.follow(on)
	}
}

// auditorsOwn tells whether a status is the auditor's own doing, which moves no conversation: a ticket that waits for somebody to become
// available, one whose customer quit during the bot.
func (d *draft) auditorsOwn(on Trigger, same bool) bool {
	c := d.Thread.Conversation
	if c.Audited == nil || !same {
		return false
	}
	return on == TicketPending && c.Audited.Outcome == string(classify.OutcomeAgentUnavailable) ||
		on == TicketSolved && c.Audited.Outcome == string(classify.OutcomeBotAbandoned)
}

// solving tells whether a write that solves the ticket is on its way.
func (d *draft) solving() bool {
	c := d.Thread.Conversation
	return c.Closing != nil && c.Closing.Status == statusSolved || slices.ContainsFunc(d.Thread.Outbox.Ticket, func(p conversation.Pending) bool {
		return p.Effect.Change != nil && p.Effect.Change.Status == statusSolved
	})
}

// assigneeFollows gives the ticket to the agent who answered on it, while nobody has it.
func (d *draft) assigneeFollows(f conversation.Facts) {
	c := d.Thread.Conversation
	if c.State == conversation.StateActive && c.Owner != 0 && f.Assignee != nil && *f.Assignee == 0 {
		d.update(conversation.Change{Agent: conversation.Agent{ID: c.Owner}, Assignee: c.Owner}, false)
	}
}

// follow moves the conversation with its ticket. What the customer has written since and the ticket does not have yet opens
// a solved ticket again, so that such a conversation is not over.
func (d *draft) follow(on Trigger) {
	unwritten := slices.ContainsFunc(d.Thread.Outbox.Ticket, func(p conversation.Pending) bool {
		return p.Effect.Comment != nil && p.Effect.Comment.Customers()
	})
	if on == TicketSolved && unwritten {
		d.because("the customer wrote after the end")
		return
	}
	d.move(on)
}

func (d *draft) pulledOne(m conversation.Pull) {
	c := d.Thread.Conversation
	switch {
	case slices.Contains(c.Ticket.Own, m.ID):
		d.because("own comment")
	case !m.Public:
		d.because("private comment")
	case m.Author == d.Thread.Contact.Zendesk && !m.Staff:
		d.elsewhere(m)
	case !m.Staff || m.Author == d.Thread.Contact.Zendesk:
		d.because("comment of no agent")
	case c.State == conversation.StateStopped:
		d.because("reply while stopped")
		d.note(d.set.Texts.StoppedReply)
	default:
		d.reply(m)
	}
}

// elsewhere takes in that the customer answered by another channel: from then on the conversation goes on there.
func (d *draft) elsewhere(m conversation.Pull) {
	if m.Channel == "api" {
		d.because("comment of no agent") // written in the customer's name by a program
		return
	}
	origin := conversation.OriginPortal
	if m.Channel == "email" {
		origin = conversation.OriginEmail
	}
	e := conversation.Entry{At: m.Created, Author: conversation.AuthorCustomer, Origin: origin, Type: "text", Comment: m.ID}
	for _, part := range m.Messages() {
		e.Text = part.Text
		d.log(e)
	}
	d.stop(AnswersElsewhere, "customer answered by "+string(origin))
}

// reply sends an agent's words to the customer, in as many messages as they need.
func (d *draft) reply(m conversation.Pull) {
	d.attended(conversation.Agent{ID: m.Author})
	for _, part := range m.Messages() {
		d.say(conversation.Send{Text: part.Text, File: part.File, Comment: m.ID, Agent: m.Author}, conversation.Entry{
			At: m.Created, Author: conversation.AuthorAgent, Agent: m.Author, Origin: conversation.OriginTicket,
		})
	}
	for _, refusal := range m.Refused {
		d.because("file refused")
		d.note(refusal)
	}
	if m.Attachments > 0 {
		d.note(fmt.Sprintf(d.set.Texts.NoAttachments, m.Attachments))
	}
	d.seen()
}
