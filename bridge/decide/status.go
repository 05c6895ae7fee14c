package decide

import (
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// status merges what WhatsApp says became of a message. A status of a send whose outcome was unknown settles it.
func (d *draft) status(s conversation.Status) {
	if s.Effect != "" && s.Contact != "" && s.Contact != d.Thread.Contact.ID {
		s.Effect = foreign(s.Contact, s.Effect) // sent by a thread that moved into this one
	}
	have := d.Thread.Delivery(s.Effect, s.MessageID)
	if have == nil {
		d.because("status of an unknown message")
		return
	}
	if have.MessageID == "" {
		have.MessageID = s.MessageID
	}
	p := d.Thread.Outbox.Find(have.Effect)
	if p != nil && p.Held != conversation.HoldNone {
		d.because("status of words that wait") // late, of an earlier try
		return
	}
	if p != nil && p.Unsure && !p.Running {
		d.because("confirmed by status")
		d.twice(have, p.Repeated)
		d.Thread.Outbox.Take(have.Effect)
	}
	if s.State == conversation.DeliveryFailed && s.Code == codeReengagement && have.Send != nil {
		d.keep(have, *have.Send)
		return
	}
	d.merge(have, s)
}

// codeReengagement is WhatsApp's error for free words outside the window.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
const codeReengagement = 131047

// merge applies one report to a delivery, and tells the agent once when it says that the message did not arrive.
func (d *draft) merge(have *conversation.Delivery, s conversation.Status) {
	before := have.State
	have.State = before.Merge(s.State)
	if have.State == before {
		return
	}
	if have.State != conversation.DeliveryAccepted {
		have.Send = nil // it left WhatsApp, or never will
	}
	d.log(conversation.Entry{At: s.At, Effect: have.Entry(), Message: have.MessageID, Delivery: have.State, Reason: s.Reason, Paid: s.Paid})
	if have.State == conversation.DeliveryFailed {
		d.because("not delivered")
		d.note(fmt.Sprintf(d.set.Texts.NotDelivered, d.clock(have), s.Reason))
	}
}

// clock is the time of day at which a reply was written, as people read it.
func (d *draft) clock(have *conversation.Delivery) string {
	return have.At.In(d.set.Zone).Format("15:04")
}
