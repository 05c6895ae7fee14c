package decide

import (
	"cmp"
	"fmt"
	"reflect"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// What time brings to a conversation that goes on: silence of its agent, reminders to its customer, and when it was put off.

// heardFrom takes in that the customer wrote: somebody owes an answer from then on, unless the words only said thank you.
func (d *draft) heardFrom(m conversation.Message) {
	c := d.Thread.Conversation
	k := &c.Clock
	k.Reminded, k.Attention = 0, true
	if !k.Snoozed.IsZero() {
		d.wake("customer writes")
	}
	if k.Waits.IsZero() && (!c.Attended || m.File != nil || !conversation.Courtesy(m.Text)) {
		k.Waits, k.Alerted = d.now, false
	}
}

// answered takes in that an agent wrote to the customer.
func (d *draft) answered() {
	k := &d.Thread.Conversation.Clock
	k.Waits, k.Answered, k.Reminded, k.Alerted = time.Time{}, d.now, 0, false
}

// keepTime brings the clock up to date with what a decision changed, and tells the desk and the reports of it.
func (d *draft) keepTime(before conversation.Thread) {
	c := d.Thread.Conversation
	if c == nil {
		return
	}
	c.Lines = max(c.Lines, 1) // it may be from before they were counted
	was, same := before.Conversation, before.Conversation != nil && before.Conversation.Session == c.Session
	if !same {
		was = &conversation.Conversation{}
	}
	if c.Owner != was.Owner && c.Owner != 0 {
		c.Clock.Had, c.Clock.Alerted = d.now, false
	}
	if c.State != was.State && c.State.Ended() {
		c.Clock.Snoozed, c.Clock.Queued, c.Clock.First = time.Time{}, time.Time{}, false
	}
	d.keepQueue(before)
	d.keepSummary(before, same)
}

// keepSummary has the row for reports kept, of a conversation that has ended or was judged. One that ended before there were rows gets its
// row with the first that happens to it since.
func (d *draft) keepSummary(before conversation.Thread, same bool) {
	after, ok := d.Thread.Summary()
	if !ok || !after.State.Ended() && after.Audited == nil && (!same || !before.Conversation.State.Ended()) {
		return
	}
	if had, ok := before.Summary(); ok && same && reflect.DeepEqual(had, after) && (before.Conversation.Lines > 0 || d.Thread.Merging != nil) {
		return
	}
	for i := range d.Thread.Outbox.Background {
		p := &d.Thread.Outbox.Background[i]
		if s := p.Effect.Summary; s != nil && s.Session == after.Session && !p.Frozen {
			p.Effect.Summary = &after
			return
		}
	}
	d.add(conversation.Effect{Kind: conversation.EffectSummary, Summary: &after})
}

// clockDeadlines are what the clock brings to a conversation that goes on.
func clockDeadlines(t conversation.Thread, set settings.Number) []deadline {
	c, k := t.Conversation, t.Conversation.Clock
	if !k.Snoozed.IsZero() {
		return []deadline{{k.Snoozed, (*draft).wakeUp}}
	}
	var all []deadline
	if at := tellsAgain(t, set); !at.IsZero() {
		all = append(all, deadline{at, (*draft).asksAgain})
	}
	if c.State != conversation.StateActive || c.Owner == 0 {
		return all
	}
	if since := latest(k.Waits, k.Had); !k.Waits.IsZero() {
		if s := set.Silence; s.Alert > 0 && !k.Alerted {
			all = append(all, deadline{openTime(set, since, s.Alert), (*draft).alert})
		}
		if s := set.Silence; s.Return > 0 {
			all = append(all, deadline{openTime(set, since, s.Return), (*draft).takeBack})
		}
	}
	if k.Waits.IsZero() && !k.Answered.IsZero() && k.Reminded < len(set.Reminders) {
		all = append(all, deadline{openTime(set, k.Answered, set.Reminders[k.Reminded]), (*draft).remind})
	}
	return all
}

// openTime is when so much open time has passed since an instant; zero when it never has.
func openTime(set settings.Number, since time.Time, open time.Duration) time.Time {
	at, ok := set.Calendar().Add(since, open)
	if !ok {
		return time.Time{}
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// silentFor is for how many minutes the customer has waited for the agent.
func (d *draft) silentFor() int {
	k := d.Thread.Conversation.Clock
	return int(d.now.Sub(latest(k.Waits, k.Had)).Minutes())
}

// alert tells people that an agent does not answer.
func (d *draft) alert() {
	c := d.Thread.Conversation
	c.Clock.Alerted, c.Clock.Attention = true, true
	d.because("agent silent")
	text := fmt.Sprintf(d.set.Texts.AgentSilent, d.ownerName(), d.silentFor())
	d.note(text)
	d.supervisor("agent_silent", text)
}

// takeBack gives the conversation of a silent agent back to its queue, before others.
func (d *draft) takeBack() {
	c := d.Thread.Conversation
	d.because("agent silent: back to the queue")
	text := fmt.Sprintf(d.set.Texts.AgentReturned, d.ownerName(), d.silentFor())
	c.Clock.Attention = true
	c.Clock.Returned++
	d.backFirst("agent silent")
	d.noteWith(text, conversation.Change{Unassign: true})
	d.supervisor("agent_silent", text)
}

// ownerName is what the owner is called, as far as it is known.
func (d *draft) ownerName() string {
	return nameOf(conversation.Agent{ID: d.Thread.Conversation.Owner, Name: d.Thread.Conversation.Clock.Name})
}

// supervisor puts something on the list of the number's supervisors.
func (d *draft) supervisor(rule, text string) {
	c := d.Thread.Conversation
	if c.Ticket.ID != 0 {
		text = fmt.Sprintf("#%d: %s", c.Ticket.ID, text)
	}
	d.tell(conversation.AccountPrefix+d.Thread.Number, conversation.Event{
		Kind: conversation.EventNotice, ID: fmt.Sprintf("sv:%s:%s:%d", rule, c.Session, d.Thread.NextEffect), At: d.now,
		Notice: &conversation.Notice{Rule: rule, Text: text},
	})
}

// remind says something to a customer who went silent: one text, however many are due.
func (d *draft) remind() {
	k := &d.Thread.Conversation.Clock
	text := ""
	for k.Reminded < len(d.set.Reminders) {
		at := openTime(d.set, k.Answered, d.set.Reminders[k.Reminded])
		if at.IsZero() || at.After(d.now) {
			break
		}
		k.Reminded++
	}
	for _, own := range d.set.Says.Reminders[:min(k.Reminded, len(d.set.Says.Reminders))] {
		text = cmp.Or(own, text) // an empty one says what the one before it says
	}
	d.because("customer reminded")
	d.automatic(text)
}

// snoozeForm is how people read such a time.
const snoozeForm = "02/01/2006 15:04"

// mostSnooze is how far off a conversation can be put.
const mostSnooze = 366 * 24 * time.Hour

// commandSnooze puts a conversation off.
func (d *draft) commandSnooze(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	switch {
	case conv.State != conversation.StateActive && conv.State != conversation.StatePending:
		return refuse(conversation.RefusedTime, "Só uma conversa em andamento ou com pendência pode ser adiada.")
	case !c.Until.After(d.now) || c.Until.After(d.now.Add(mostSnooze)):
		return refuse(conversation.RefusedTime, "Informe uma data futura, de no máximo um ano.")
	}
	conv.Clock.Snoozed = c.Until
	d.because("snoozed")
	d.log(conversation.Entry{
		Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "snooze", Private: true, Agent: c.Agent.ID, Who: c.Agent.Name,
		Text: c.Until.In(d.set.Zone).Format(snoozeForm),
	})
	return conversation.Answer{}
}

// commandWake ends that.
func (d *draft) commandWake(conversation.Command) conversation.Answer {
	if !d.Thread.Conversation.Clock.Snoozed.IsZero() {
		d.wake("woken by an agent")
	}
	return conversation.Answer{}
}

// wakeUp brings a conversation back at its time.
func (d *draft) wakeUp() {
	d.wake("snooze is over")
	d.Thread.Conversation.Clock.Attention = true
}

func (d *draft) wake(reason string) {
	k := &d.Thread.Conversation.Clock
	k.Snoozed, k.Woken = time.Time{}, d.now
	d.because(reason)
	d.log(conversation.Entry{Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "wake", Private: true, Text: d.now.In(d.set.Zone).Format(snoozeForm)})
}
