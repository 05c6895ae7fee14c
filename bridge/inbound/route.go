package inbound

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// Target is the sort of place that an update goes to.
type Target int

// The targets.
const (
	Nowhere   Target = iota // nothing to keep
	ToPerson                // the thread of a person, who must be resolved
	ToThread                // a thread known by its key
	ToAccount               // the number's mailbox, for the supervisor
	ToParking               // until its message is known
)

// Route says where an update goes and by which rule.
type Route struct {
	To     Target
	Rule   string
	Key    string              // with ToThread and ToAccount
	Person conversation.Person // with ToPerson
}

// Rules by which an update goes elsewhere than onto a ticket as a customer's message.
const (
	RuleMessage     = "message"          // a customer's message: onto the ticket
	RuleSystem      = "system"           // WhatsApp's notice about a person: told on an open ticket, opens none
	RuleEcho        = "echo"             // a colleague's answer from the Business app: told on an open ticket, opens none
	RuleGroup       = "group"            // a group is no one-to-one conversation: kept for the supervisor
	RuleNoSender    = "no_sender"        // nobody to answer: kept for the supervisor
	RuleNoNumber    = "no_number"        // no number it came to: kept for the supervisor
	RuleNumberError = "number_error"     // an error of the number: kept for the supervisor
	RuleAccount     = "account"          // an event of the account: kept for the supervisor
	RuleUnknown     = "unknown"          // could not be understood: kept for the supervisor
	RuleStatus      = "status"           // becomes the state of a message we sent
	RuleStranger    = "status_of_others" // of a message whose sender we do not know: parked
)

// RouteOf decides where an update goes.
func RouteOf(u whatsapp.Update) Route {
	switch u.Kind {
	case whatsapp.KindMessage:
		return routeMessage(u)
	case whatsapp.KindEcho:
		return routePerson(u, personOf(u.Message.To, u.Message.ToUserID, u.Message.ToParentUserID, u.Contact), RuleEcho)
	case whatsapp.KindStatus:
		return routeStatus(u)
	case whatsapp.KindNumberError:
		return toAccount(u, RuleNumberError)
	case whatsapp.KindAccount:
		return toAccount(u, RuleAccount)
	case whatsapp.KindUnknown:
	}
	return toAccount(u, RuleUnknown)
}

func routeMessage(u whatsapp.Update) Route {
	m := u.Message
	if m.GroupID != "" {
		return toAccount(u, RuleGroup)
	}
	if m.Type == whatsapp.TypeSystem {
		p := personOf(m.From, m.FromUserID, m.FromParentUserID, u.Contact)
		if p.WaID == "" && p.UserID == "" && m.System != nil {
			p.UserID = m.System.PreviousUserID
		}
		return routePerson(u, p, RuleSystem)
	}
	return routePerson(u, personOf(m.From, m.FromUserID, m.FromParentUserID, u.Contact), RuleMessage)
}

// routePerson sends an update to a person's thread, if there are a person and a number.
func routePerson(u whatsapp.Update, p conversation.Person, rule string) Route {
	switch {
	case !plain(u.NumberID):
		return toAccount(u, RuleNoNumber)
	case p.WaID == "" && p.UserID == "":
		return toAccount(u, RuleNoSender)
	}
	return Route{To: ToPerson, Rule: rule, Person: p}
}

// personOf is who is meant: by the message itself, completed by the webhook's contact entry.
func personOf(phone, userID, parentID string, c *whatsapp.Contact) conversation.Person {
	p := conversation.Person{UserID: userID, ParentUserID: parentID, WaID: phone}
	if c != nil {
		if p.UserID == "" {
			p.UserID, p.ParentUserID = c.UserID, c.ParentUserID
		}
		if p.WaID == "" {
			p.WaID = c.WaID
		}
	}
	if p.WaID != "" {
		p.Phone = brazil.CanonicalPhone(p.WaID)
	}
	return p
}

func routeStatus(u whatsapp.Update) Route {
	key, _, ok := conversation.ParseCallbackData(u.Status.CallbackData)
	if number, _, _ := conversation.ParseKey(key); ok && number == u.NumberID && plain(number) {
		return Route{To: ToThread, Rule: RuleStatus, Key: key}
	}
	return Route{To: ToParking, Rule: RuleStranger}
}

func toAccount(u whatsapp.Update, rule string) Route {
	number := u.NumberID
	if !plain(number) {
		number = "none"
	}
	return Route{To: ToAccount, Rule: rule, Key: conversation.AccountPrefix + number}
}

// plain tells whether an id can be the number in a mailbox key: it must neither split one nor name another kind of mailbox.
func plain(id string) bool {
	switch id + "|" {
	case conversation.AccountPrefix, conversation.TicketPrefix, conversation.SystemPrefix, "media|":
		return false
	}
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c == '|' || c == '#' || c > '~' })
}

// eventOf is the event that an update becomes at its target.
func eventOf(u whatsapp.Update, r Route, now time.Time) conversation.Event {
	e := conversation.Event{At: now, Raw: u.Raw}
	switch r.To {
	case ToPerson:
		e.Contact = contactOf(u, r.Person)
		if r.Rule == RuleMessage {
			e.Kind, e.ID = conversation.EventMessage, eventID("m", u.Message.ID)
			e.Message = &conversation.Message{
				ID: u.Message.ID, Type: u.Message.Type, Text: Describe(u.Message), Sent: u.Message.Timestamp, Re: answered(u.Message),
			}
			return e
		}
		e.Kind, e.ID = conversation.EventNotice, eventID("n", u.Message.ID)
		e.Notice = &conversation.Notice{Rule: r.Rule, Text: noticeText(u, r.Rule)}
	case ToThread:
		e.Kind, e.Raw = conversation.EventStatus, nil
		s := statusOf(u.Status)
		_, s.Effect, _ = conversation.ParseCallbackData(u.Status.CallbackData)
		e.Status = &s
	case ToAccount:
		e.Kind = conversation.EventNotice
		sum := sha256.Sum256(u.Raw)
		e.ID = "a:" + hex.EncodeToString(sum[:16])
		e.Notice = &conversation.Notice{Rule: r.Rule, Text: noticeText(u, r.Rule)}
	case ToParking, Nowhere:
	}
	return e
}

func contactOf(u whatsapp.Update, p conversation.Person) *conversation.Contact {
	c := conversation.Contact{WaID: p.WaID, UserID: p.UserID}
	if u.Contact != nil {
		c.Name, c.Username = u.Contact.Name, u.Contact.Username
	}
	return &c
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

func statusOf(s *whatsapp.Status) conversation.Status {
	out := conversation.Status{MessageID: s.ID, State: conversation.DeliveryState(s.State), At: s.Timestamp}
	if len(s.Errors) > 0 {
		out.Code, out.Reason = s.Errors[0].Code, s.Errors[0].Verdict().Advice
	}
	if s.State == whatsapp.StateFailed && out.Reason == "" {
		out.Reason = whatsapp.ClassUnknown.Advice()
	}
	return out
}
