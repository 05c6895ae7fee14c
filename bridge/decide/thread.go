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
	Thread     conversation.Thread  // the state after it, with what is to be done in its outbox
	Transcript []conversation.Entry // what the conversation's transcript gains
	Dead       []Dead               // what failed for good
	Reasons    []string             // why, in fixed words: they are shown and counted
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
	switch e.Kind {
	case conversation.EventMessage:
		d.message(e)
	case conversation.EventNotice:
		d.notice(*e.Notice)
	case conversation.EventStatus:
		d.status(*e.Status)
	case conversation.EventHint:
		d.hint(*e.Hint)
	case conversation.EventResult:
		d.result(*e.Result)
	case conversation.EventRetry:
		d.retry(*e.Effect)
	case conversation.EventWake:
		d.because("a thread has no schedule")
	}
	return d.Decision
}

func (d *draft) because(reason string) { d.Reasons = append(d.Reasons, reason) }

func (d *draft) log(e conversation.Entry) {
	if e.At.IsZero() {
		e.At = d.now
	}
	d.Transcript = append(d.Transcript, e)
}

// add puts an effect into the outbox under a new id, which it returns.
func (d *draft) add(e conversation.Effect) string {
	e.ID = d.Thread.EffectID()
	d.Thread.Outbox.Add(e, conversation.Coalescing{Quiet: d.set.Quiet, Longest: d.set.Longest})
	return e.ID
}

// move applies a trigger to the conversation.
func (d *draft) move(on Trigger) {
	c := d.Thread.Conversation
	if c == nil || on == "" {
		return
	}
	to, ok := Next(c.State, on)
	if !ok {
		return
	}
	c.State = to
	d.log(conversation.Entry{State: to, Reason: string(on)})
	d.because(string(on))
}

// note writes an internal note on the ticket.
func (d *draft) note(text string) {
	d.comment(conversation.AuthorPonte, false, conversation.Line{Text: text})
}

// comment writes a line on the ticket, or on the one that is being created.
func (d *draft) comment(author conversation.Author, public bool, line conversation.Line) {
	line.Text = cut(line.Text, conversation.MostCommentBytes)
	d.write(conversation.Comment{Author: author, Public: public, Lines: []conversation.Line{line}, First: d.now, Last: d.now})
}

// write puts a comment on its way: with the creation of the ticket while that neither exists nor is being created.
func (d *draft) write(c conversation.Comment) {
	kind := conversation.EffectComment
	if d.Thread.Conversation.Ticket.ID == 0 && !d.Thread.Outbox.Has(conversation.EffectCreate) {
		kind = conversation.EffectCreate
	}
	if kind == conversation.EffectCreate && d.Thread.Contact.Zendesk == 0 && !d.Thread.Outbox.Has(conversation.EffectUser) {
		d.add(conversation.Effect{Kind: conversation.EffectUser})
	}
	d.add(conversation.Effect{Kind: kind, Comment: &c})
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
