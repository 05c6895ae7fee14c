package conversation

import (
	"slices"
	"time"
)

// Hurry lets no write of the ticket lane wait for company any more.
func (o *Outbox) Hurry(now time.Time) {
	for i := range o.Ticket {
		if p := &o.Ticket[i]; !p.Effect.Kind.Reads() && !p.Frozen && !p.Tried && p.NotBefore.After(now) {
			p.NotBefore = now
		}
	}
}

// DropWrites takes back what was to be written on the ticket, as far as it can't have been written.
func (o *Outbox) DropWrites() {
	o.Ticket = slices.DeleteFunc(o.Ticket, Pending.unwritten)
}

// unwritten tells whether the effect is to change Zendesk and has certainly not done so.
func (p Pending) unwritten() bool {
	return !p.Frozen && !p.Effect.Kind.Reads() && p.Effect.Kind != EffectForward
}

// Hold keeps what is to be written on the ticket until Unhold.
func (o *Outbox) Hold(h Hold) {
	for i := range o.Ticket {
		if o.Ticket[i].unwritten() {
			o.Ticket[i].Held = h
		}
	}
}

// Unhold lets the ticket lane go on.
func (o *Outbox) Unhold() {
	for i := range o.Ticket {
		o.Ticket[i].Held = HoldNone
	}
}

// Release lets everything go to the customer that was held so, and returns what it was.
func (o *Outbox) Release(h Hold) []Pending {
	var released []Pending
	for i := range o.Phone {
		if o.Phone[i].Held == h {
			o.Phone[i].Held = HoldNone
			released = append(released, o.Phone[i])
		}
	}
	return released
}
