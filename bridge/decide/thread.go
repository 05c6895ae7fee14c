// Package decide holds the decisions: what an event changes in a thread and what is to be done about it. Everything here is a
// pure function of state, event, settings and time, and says its reasons.
package decide

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Decision is what an event changes.
type Decision struct {
	Thread     conversation.Thread   // the state after it, with what is to be done in its outbox
	Transcript []conversation.Entry  // what the conversation's transcript gains
	Dead       []Dead                // what failed for good
	Answers    []conversation.Answer // what became of commands
	Keeps      []Keep                // how long transcripts are kept from now on
	Reasons    []string              // why, in fixed words: they are shown and counted
}

// Dead is an effect that failed for good.
type Dead struct {
	Effect conversation.Effect
	Reason string
}

// draft is a decision in the making.
type draft struct {
	Decision
	set settings.Number
	now time.Time
}

// Thread decides about one event of a thread.
func Thread(t conversation.Thread, e conversation.Event, set settings.Number, now time.Time) Decision {
	d := &draft{Decision: Decision{Thread: t.Clone()}, set: set, now: now}
	d.take(e)
	d.goOn()
	d.lookAgain()
	d.untag()
	d.keepTime(t)
	d.moveOut()
	return d.Decision
}

// take decides about the event itself.
func (d *draft) take(e conversation.Event) {
	if m := d.Thread.Merging; m != nil && m.Moved && e.Kind != conversation.EventResult && e.Kind != conversation.EventRetry {
		d.because("forwarded after a move")
		d.forward(e)
		return
	}
	switch e.Kind {
	case conversation.EventMessage:
		d.message(e)
	case conversation.EventNotice:
		d.notice(e)
	case conversation.EventStatus:
		d.status(*e.Status)
	case conversation.EventHint:
		d.hint(*e.Hint)
	case conversation.EventResult:
		d.result(*e.Result)
	case conversation.EventRetry:
		d.retry(*e.Effect)
	case conversation.EventFile:
		d.arrived(*e.File)
	case conversation.EventCommand:
		d.register()
		d.command(*e.Command)
	case conversation.EventCall:
		d.call(e)
	case conversation.EventMerge:
		d.same(*e.Merge)
	case conversation.EventAbsorb:
		d.absorb(e.Absorb.Thread)
	case conversation.EventGone:
		d.gone(e)
	case conversation.EventErase:
		d.erase(*e.Erase)
	case conversation.EventAudit:
		d.auditDue()
	case conversation.EventDesk:
		d.desk(*e.Desk)
	case conversation.EventWake, conversation.EventTransfer:
		d.because("not for a thread")
	}
}

// register lets the contact's list of threads have this one.
func (d *draft) register() {
	if !d.Thread.Registered {
		d.Thread.Registered, d.Thread.Erasing = true, false
		d.add(conversation.Effect{Kind: conversation.EffectRegister})
	}
}

func (d *draft) because(reason string) { d.Reasons = append(d.Reasons, reason) }

func (d *draft) log(e conversation.Entry) {
	if e.At.IsZero() {
		e.At = d.now
	}
	if c := d.Thread.Conversation; c != nil {
		c.Lines++
	}
	d.Transcript = append(d.Transcript, e)
}

// add puts an effect into the outbox under a new id, which it returns.
func (d *draft) add(e conversation.Effect) string {
	e.ID = d.Thread.EffectID()
	d.Thread.Outbox.Add(e, conversation.Coalescing{Quiet: d.set.Quiet, Longest: d.set.Longest, Settle: d.settle()}, d.now)
	return e.ID
}

// settle is how long changes of the ticket wait for company: where messages are mirrored, as long as words do.
func (d *draft) settle() time.Duration {
	if d.set.Mode == modeTranscript {
		return d.set.Ending.Settle
	}
	return d.set.Quiet
}

// update changes the ticket with the next write; soon lets that not wait for company.
func (d *draft) update(c conversation.Change, soon bool) {
	if c.Empty() {
		return
	}
	d.add(conversation.Effect{Kind: conversation.EffectUpdate, Change: &c})
	if soon {
		d.Thread.Outbox.Hurry(d.now)
	}
}

// noteWith writes an internal note together with a change, in one update.
func (d *draft) noteWith(text string, c conversation.Change) {
	if text == "" {
		d.update(c, true)
		return
	}
	d.note(text)
	d.update(c, true)
}

// move applies a trigger to the conversation.
func (d *draft) move(on Trigger) { d.moveBecause(on, string(on)) }

// moveBecause is move with a reason for the timeline; the trigger's own name when it is "".
func (d *draft) moveBecause(on Trigger, reason string) {
	c := d.Thread.Conversation
	if c == nil || on == "" {
		return
	}
	from := c.State
	to, ok := Next(from, on)
	if !ok {
		return
	}
	if reason == "" {
		reason = string(on)
	}
	c.State = to
	d.log(conversation.Entry{State: to, Reason: reason})
	d.because(string(on))
	if from == conversation.StateBot {
		d.Thread.Outbox.Unhold() // people, or nobody, have it now
	}
	switch {
	case to.Ended() && !from.Ended():
		c.Procedure.Silent = c.Procedure.Silent || from == conversation.StateStopped
		d.ended()
	case from == conversation.StateExpired && to == conversation.StateClosed:
		d.ended() // the ticket is judged: it gets its transcript
	case from.Ended() && !to.Ended():
		d.resumed()
	}
}

// note writes an internal note on the ticket.
func (d *draft) note(text string) {
	d.comment(conversation.AuthorPonte, false, conversation.Line{Text: text})
}

// comment writes a line on the ticket, or on the one that is being created.
func (d *draft) comment(author conversation.Author, public bool, line conversation.Line) {
	d.commentOf(conversation.Comment{Author: author, Public: public}, line)
}

// commentOf writes a line as part of such a comment. What settings want masked is masked here, on its way to the ticket.
func (d *draft) commentOf(c conversation.Comment, line conversation.Line) {
	line.Text = cut(d.set.Mask.Text(line.Text), conversation.MostCommentBytes)
	c.Lines, c.First, c.Last = []conversation.Line{line}, d.now, d.now
	d.write(c)
}

// ensureTicket has the ticket created, without any words of the conversation on it.
func (d *draft) ensureTicket() {
	if d.Thread.Conversation.Ticket.ID == 0 && !d.Thread.Outbox.Has(conversation.EffectCreate) {
		d.note(d.set.Texts.StartedText)
	}
}

// write puts a comment on its way: with the creation of the ticket while that neither exists nor is being created.
func (d *draft) write(c conversation.Comment) { d.writeWith(c, nil) }

// writeWith is write with what changes together with the words.
func (d *draft) writeWith(c conversation.Comment, change *conversation.Change) {
	kind := conversation.EffectComment
	if d.Thread.Conversation.Ticket.ID == 0 && !d.Thread.Outbox.Has(conversation.EffectCreate) {
		kind = conversation.EffectCreate
	}
	if kind == conversation.EffectCreate && d.Thread.Contact.Zendesk == 0 && !d.Thread.Outbox.Has(conversation.EffectUser) {
		d.add(conversation.Effect{Kind: conversation.EffectUser})
	}
	if kind == conversation.EffectCreate {
		change = d.withTags(change)
	}
	d.add(conversation.Effect{Kind: kind, Comment: &c, Change: change})
	if d.waitsForBot() {
		d.Thread.Outbox.Hold(conversation.HoldBot)
	}
}

// cutMark ends a text that was too long for a comment.
const cutMark = " […] (texto cortado)"

// cut shortens a text to at most limit bytes, between characters, and says so.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len(cutMark)
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + cutMark
}
