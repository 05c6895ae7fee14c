package decide

import (
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Two contacts that are one person become one: the thread in which no conversation goes on hands itself over to the other.
// Who hears of it first, the thread of the weaker ids, moves if it can, else asks the other to; when a conversation goes on in
// both, people decide.

// same takes in that another contact is the same person.
func (d *draft) same(m conversation.Merge) {
	t := &d.Thread
	switch {
	case m.With == t.Contact.ID, t.Merging != nil && t.Merging.Moved:
		d.because("merge is under way")
		return
	case m.Refused:
		if t.Merging != nil {
			t.Merging.Asked = true // it is tried again when the conversation here has ended
		}
		d.conflict()
		return
	case m.Asked && t.Open():
		d.because("merge refused: a conversation is open here as well")
		d.tellOther(m.With, conversation.Merge{With: t.Contact.ID, Refused: true}, "refused")
		d.conflict()
		return
	}
	t.Merging = &conversation.Merging{With: m.With}
	if t.Open() {
		t.Merging.Asked = true
		d.because("merge: the other one is asked to move")
		d.tellOther(m.With, conversation.Merge{With: t.Contact.ID, Asked: true}, "asked")
	}
}

// conflict leaves it to people: on the ticket and with what the supervisor sees.
func (d *draft) conflict() {
	d.because("merge: conflict")
	if d.Thread.Open() {
		d.note(d.set.Texts.Conflict)
	}
	d.tell(conversation.AccountPrefix+d.Thread.Number, conversation.Event{
		Kind: conversation.EventNotice, ID: "mc:" + d.Thread.Key(), At: d.now,
		Notice: &conversation.Notice{Rule: "identity_conflict", Text: d.set.Texts.Conflict + " (" + d.Thread.Key() + ")"},
	})
}

func (d *draft) tellOther(contact string, m conversation.Merge, what string) {
	d.tell(conversation.Key(d.Thread.Number, contact), conversation.Event{
		Kind: conversation.EventMerge, ID: "mg:" + d.Thread.Contact.ID + ":" + contact + ":" + what + ":" + d.conversationID(), At: d.now, Merge: &m,
	})
}

// conversationID tells the thread's conversations apart in event ids, so that a later try is not taken for a repeat.
func (d *draft) conversationID() string {
	if c := d.Thread.Conversation; c != nil {
		return c.Session
	}
	return "none"
}

// tell appends an event to another mailbox.
func (d *draft) tell(key string, e conversation.Event) {
	d.add(conversation.Effect{Kind: conversation.EffectTell, Tell: &conversation.Tell{Key: key, Event: e}})
}

// moveOut hands the thread over once nothing goes on in it: what is known of it goes first, what still comes is sent after it.
func (d *draft) moveOut() {
	t := &d.Thread
	m := t.Merging
	if m == nil || m.Moved || t.Open() || !t.Outbox.Empty() {
		return
	}
	m.Moved = true
	d.because("merge: moved")
	state := t.Clone()
	rest := conversation.NewThread(t.Number, t.Contact.ID)
	rest.NextEffect, rest.Merging = t.NextEffect, m
	d.Thread = rest
	d.forward(conversation.Event{
		Kind: conversation.EventAbsorb, ID: "ab:" + state.Key() + ":" + m.With, At: d.now, Absorb: &conversation.Absorb{Thread: state},
	})
}

// forward sends an event after a thread that moved, in order.
func (d *draft) forward(e conversation.Event) {
	id := d.Thread.EffectID()
	d.Thread.Outbox.Ticket = append(d.Thread.Outbox.Ticket, conversation.Pending{Since: d.now, Effect: conversation.Effect{
		ID: id, Kind: conversation.EffectForward,
		Tell: &conversation.Tell{Key: conversation.Key(d.Thread.Number, d.Thread.Merging.With), Event: e},
	}})
}

// MovedTo is the mailbox that takes over from a thread that has handed everything over; "" while it has not.
func MovedTo(t conversation.Thread) string {
	if t.Merging == nil || !t.Merging.Moved || !t.Outbox.Empty() {
		return ""
	}
	return conversation.Key(t.Number, t.Merging.With)
}

// absorb takes over from a thread that moved here.
func (d *draft) absorb(other conversation.Thread) {
	t := &d.Thread
	d.because("merge: absorbed")
	have, from := &t.Contact, other.Contact
	if have.WaID == "" {
		have.WaID = from.WaID
	}
	if have.UserID == "" {
		have.UserID = from.UserID
	}
	if have.Name == "" {
		have.Name = from.Name
	}
	if have.Zendesk == 0 {
		have.Zendesk = from.Zendesk
	}
	if other.LastInbound.After(t.LastInbound) {
		t.LastInbound, t.WindowShut = other.LastInbound, other.WindowShut
	}
	for _, delivery := range other.Deliveries {
		delivery.Effect = foreign(from.ID, delivery.Effect) // that thread counted its effects for itself
		delivery.Line = ""
		delivery.Send = nil
		t.Deliveries = append(t.Deliveries, delivery)
	}
	if c := other.Conversation; c != nil && (t.Conversation == nil || !t.Open() && c.Started.After(t.Conversation.Started)) {
		earlier := *c
		t.Conversation = &earlier
	}
	t.Merging = nil
	t.Absorbed = append(append(t.Absorbed, other.Absorbed...), conversation.Earlier{Contact: from.ID, Count: other.Count})
	d.add(conversation.Effect{Kind: conversation.EffectAdopt, From: from.ID})
	if t.Conversation != nil {
		d.release()
	}
}

// foreign is the name here of an effect that another contact's thread counted.
func foreign(contact, effect string) string { return contact + "#" + effect }

// gone takes in that the contact's phone belongs to somebody else now: nothing goes there any more.
func (d *draft) gone(e conversation.Event) {
	c := &d.Thread.Contact
	if c.UserID == "" || c.WaID == "" || e.Contact != nil && !conversation.SamePhone(e.Contact.WaID, c.WaID) {
		d.because("phone was not the contact's any more")
		return
	}
	d.because("phone belongs to somebody else now")
	c.WaID = ""
	if d.Thread.Open() {
		d.note(d.set.Texts.PhoneLost)
	}
}

// erase forgets a person: words that wait, what is known of them, and their transcripts.
func (d *draft) erase(e conversation.Erase) {
	t := &d.Thread
	d.because("erased")
	known, sessions := t.Contact, t.Sessions()
	next := conversation.NewThread(t.Number, t.Contact.ID)
	next.Count, next.NextEffect, next.Erasing = t.Count, t.NextEffect, true
	d.Thread = next
	d.add(conversation.Effect{Kind: conversation.EffectErase, From: known.UserID, Phone: known.WaID, Lists: sessions})
	d.tell(conversation.AccountPrefix+t.Number, conversation.Event{
		Kind: conversation.EventNotice, ID: "er:" + e.Request + ":" + next.Key(), At: d.now,
		Notice: &conversation.Notice{Rule: "erased", Text: "Dados do contato " + next.Contact.ID + " apagados (pedido " + e.Request + ")."},
	})
}
