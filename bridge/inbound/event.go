package inbound

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// eventOf is the event that an update becomes at its target; at is the time of its entry, for account events.
func eventOf(u *whatsapp.Update, r *Route, now time.Time, at string) conversation.Event {
	switch r.To {
	case ToPerson:
		return personEvent(u, r, now)
	case ToThread, ToParking:
		return statusEvent(u.Status, r, now)
	case ToAccount:
		return accountEvent(u, r, now, at)
	case Nowhere:
	}
	return conversation.Event{}
}

func personEvent(u *whatsapp.Update, r *Route, now time.Time) conversation.Event {
	e := conversation.Event{At: now, Raw: u.Raw, Contact: contactOf(u.Contact, r.Person)}
	switch m := u.Message; r.Rule {
	case RuleMessage:
		e.Kind, e.ID = conversation.EventMessage, eventID("m", m.ID)
		e.Message = &conversation.Message{ID: m.ID, Type: m.Type, Text: Describe(m), Sent: m.Timestamp, Re: answered(m), File: fileOf(m), Choice: choice(m)}
	case RuleCall:
		e.Kind, e.ID = conversation.EventCall, eventID("c", u.Call.ID)
		e.Message = &conversation.Message{ID: u.Call.ID, Type: typeCall, Text: describeCall(), Sent: u.Call.At}
	default:
		e.Kind, e.ID = conversation.EventNotice, eventID("n", m.ID)
		e.Notice = &conversation.Notice{Rule: r.Rule, Text: noticeText(u, r.Rule)}
	}
	return e
}

// statusEvent is a status for the thread that counted the effect, or, without effect, for the thread of whom it is about.
func statusEvent(s *whatsapp.Status, r *Route, now time.Time) conversation.Event {
	out := statusOf(s)
	if r.To == ToThread {
		_, out.Effect, _ = conversation.ParseCallbackData(s.CallbackData)
		_, out.Contact, _ = conversation.ParseKey(r.Key)
	}
	return conversation.Event{Kind: conversation.EventStatus, At: now, Status: &out}
}

// accountEvent is kept for the supervisor. It has no id of the peer's: what it says and when tell it apart.
func accountEvent(u *whatsapp.Update, r *Route, now time.Time, at string) conversation.Event {
	digest := sha256.New()
	digest.Write(u.Raw)
	if at != "" {
		digest.Write([]byte(" at " + at))
	}
	return conversation.Event{
		Kind: conversation.EventNotice, ID: "a:" + hex.EncodeToString(digest.Sum(nil)[:16]), At: now, Raw: u.Raw,
		Notice: &conversation.Notice{Rule: r.Rule, Text: noticeText(u, r.Rule)},
	}
}

// answered is the message that a message refers to.
func answered(m *whatsapp.Message) string {
	switch {
	case m.Reaction != nil:
		return m.Reaction.MessageID
	case m.Edit != nil:
		return m.Edit.OriginalID
	case m.Revoke != nil:
		return m.Revoke.OriginalID
	case m.Context != nil:
		return m.Context.ID
	}
	return ""
}

// pricingRegular is the pricing of messages that cost money.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing
const pricingRegular = "regular"

func statusOf(s *whatsapp.Status) conversation.Status {
	out := conversation.Status{MessageID: s.ID, State: conversation.DeliveryState(s.State), At: s.Timestamp}
	if p := s.Pricing; p != nil && (p.Type == pricingRegular || p.Type == "" && p.Billable) {
		out.Paid = p.Category
	}
	if len(s.Errors) > 0 {
		out.Code, out.Reason = s.Errors[0].Code, s.Errors[0].Verdict().Advice
	}
	if s.State == whatsapp.StateFailed && out.Reason == "" {
		out.Reason = whatsapp.ClassUnknown.Advice()
	}
	return out
}

// eventID is a dedupe id: the peer's own where that is short and plain, else its digest.
func eventID(kind, id string) string {
	if len(id) > 200 || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' }) {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	return kind + ":" + id
}
