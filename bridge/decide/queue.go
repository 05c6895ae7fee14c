package decide

import (
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// A conversation that waits for people, and the desk that hands it out.

// keepQueue takes in that the conversation begins to wait for people, or waits no longer, and tells the desk.
func (d *draft) keepQueue(before conversation.Thread) {
	c := d.Thread.Conversation
	queue, waits := d.Thread.Queued()
	had, waited := before.Queued()
	again := waited && before.Conversation.Session == c.Session && had == queue
	switch {
	case waits && !again:
		c.Clock.Queued = d.now
		d.askDesk()
	case waits && c.Clock.Queued.IsZero(): // it began before there were clocks
		c.Clock.Queued = c.Started
		d.askDesk()
	case !waits:
		c.Clock.Queued, c.Clock.First, c.Clock.Told = time.Time{}, false, time.Time{}
	}
	if held := before.Attends(); held != 0 && held != d.Thread.Attends() && d.set.Queue.Automatic {
		d.tellDesk(conversation.DeskNote{Word: conversation.DeskFreed, Agent: conversation.Agent{ID: held}})
	}
}

// askDesk wants an agent, or to know whether anybody is there.
func (d *draft) askDesk() {
	c := d.Thread.Conversation
	if !d.usesDesk() {
		return
	}
	c.Clock.Told = d.now
	d.tellDesk(conversation.DeskNote{Word: conversation.DeskQueued, Queue: c.Procedure.Queue, Automatic: d.set.Queue.Automatic})
}

// usesDesk tells whether the desk has anything to say about the number's conversations.
func (d *draft) usesDesk() bool {
	return d.set.Queue.Automatic || d.set.Says.Waiting != "" || d.set.Says.NoneAvailable != ""
}

// ownerThere asks the desk whether the owner of a conversation that waited for the customer is there.
func (d *draft) ownerThere() {
	c := d.Thread.Conversation
	if d.usesDesk() && c.State == conversation.StateActive && c.Owner != 0 {
		d.tellDesk(conversation.DeskNote{Word: conversation.DeskBack, Agent: conversation.Agent{ID: c.Owner}})
	}
}

// ownerAbsent gives the conversation of an agent who is not there back to its queue, before others.
func (d *draft) ownerAbsent(n conversation.DeskNote) {
	c := d.Thread.Conversation
	if c == nil || c.Session != n.Session || c.State != conversation.StateActive || c.Owner != n.Agent.ID || c.Clock.Waits.IsZero() {
		d.because("owner has answered, or is another one")
		return
	}
	d.because("owner is offline: back to the queue")
	d.backFirst("owner offline")
	d.update(conversation.Change{Unassign: true}, false)
}

// backFirst gives the conversation back to its queue, before others.
func (d *draft) backFirst(reason string) {
	c := d.Thread.Conversation
	c.Give(conversation.Agent{})
	c.Clock.First = true
	d.timeline(handQueue, c.Procedure.Queue, 0)
	d.moveBecause(BackToQueue, reason)
}

func (d *draft) tellDesk(n conversation.DeskNote) {
	c := d.Thread.Conversation
	n.Thread, n.Session, n.At = d.Thread.Key(), c.Session, d.now
	d.tell(conversation.DeskKey, conversation.Event{
		Kind: conversation.EventDesk, ID: fmt.Sprintf("dk:%s:%s:%d", n.Word, c.Session, d.Thread.NextEffect), At: d.now, Desk: &n,
	})
}

// tellsAgain is when a customer who waits is told so again: within business hours; zero when not.
func tellsAgain(t conversation.Thread, set settings.Number) time.Time {
	k := t.Conversation.Clock
	if _, waits := t.Queued(); !waits || k.Told.IsZero() || set.Queue.Every <= 0 || t.Muted {
		return time.Time{}
	}
	if set.Says.Waiting == "" && set.Says.NoneAvailable == "" {
		return time.Time{}
	}
	at, ok := set.Calendar().Opens(k.Told.Add(set.Queue.Every))
	if !ok {
		return time.Time{}
	}
	return at
}

// asksAgain asks the desk whether anybody is there by now.
func (d *draft) asksAgain() {
	d.because("waits still")
	d.askDesk()
}

// deskAnswers is how old an answer of the desk may be to be told to a customer.
const deskAnswers = 2 * time.Minute

// desk takes in a word of the desk.
func (d *draft) desk(n conversation.DeskNote) {
	switch n.Word { //nolint:exhaustive // the others answer a conversation that waits
	case conversation.DeskGive:
		d.given(n)
		return
	case conversation.DeskAbsent:
		d.ownerAbsent(n)
		return
	}
	c := d.Thread.Conversation
	if _, waits := d.Thread.Queued(); !waits || c.Session != n.Session {
		d.because("waits no longer")
		return
	}
	if d.now.Sub(c.Clock.Told) > deskAnswers || !d.set.Calendar().Open(d.now) {
		d.because("nothing to be told now")
		return
	}
	first := c.Clock.Told.Sub(c.Clock.Queued) < time.Second
	switch {
	case n.Word == conversation.DeskNobody && d.set.Says.NoneAvailable != "":
		d.because("none available")
		d.automatic(d.set.Says.NoneAvailable)
	case first && !c.Procedure.Derived.IsZero():
		d.because("the bot has said so")
	default:
		d.because("waits in the queue")
		d.automatic(d.set.Says.Waiting)
	}
}

// given gives the conversation to the agent whom the desk chose, while nobody has it and it waits in that queue. A gift that is too old
// does not count at the desk any more.
func (d *draft) given(n conversation.DeskNote) {
	answer := conversation.DeskNote{Word: conversation.DeskDeclined, Agent: n.Agent, Gift: n.Gift}
	queue, waits := d.Thread.Queued()
	switch {
	case !waits || queue != n.Queue || !d.set.Queue.Automatic:
		d.because("the desk came too late")
	case d.now.Sub(n.At) > conversation.GiftLife:
		d.because("the gift is too old")
	default:
		answer.Word = conversation.DeskAccepted
		d.because("given by the desk")
		d.assign(n.Agent)
	}
	d.answerDesk(answer)
}

// answerDesk says what became of a gift; a thread that has nothing yet answers too.
func (d *draft) answerDesk(n conversation.DeskNote) {
	n.Thread, n.At = d.Thread.Key(), d.now
	d.tell(conversation.DeskKey, conversation.Event{Kind: conversation.EventDesk, ID: "dg:" + n.Gift, At: d.now, Desk: &n})
}

// commandAttention marks the conversation for people, or takes the mark away; neither state nor ticket changes.
func (d *draft) commandAttention(on bool) conversation.Answer {
	d.Thread.Conversation.Clock.Attention = on
	d.because("attention marked by hand")
	return conversation.Answer{}
}

// commandMute lets nothing be said to the contact by itself any more, or again.
func (d *draft) commandMute(on bool) conversation.Answer {
	d.Thread.Muted = on
	d.because("automatic messages switched by hand")
	return conversation.Answer{}
}
