package inbound

import (
	"strings"

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
	ToParking               // until its message is known; also the thread of Person, when that is somebody known
)

// Route says where an update goes and by which rule.
type Route struct {
	To     Target
	Rule   string
	Key    string              // with ToThread and ToAccount
	Person conversation.Person // with ToPerson, and with ToParking when the status names somebody
}

// Rules by which an update goes elsewhere than onto a ticket as a customer's message.
const (
	RuleMessage     = "message"          // a customer's message: onto the ticket
	RuleCall        = "call"             // a customer's call: opens the window, but no conversation
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
		return routeMessage(&u)
	case whatsapp.KindEcho:
		return routePerson(&u, personOf(u.Message.To, u.Message.ToUserID, u.Message.ToParentUserID, u.Contact), RuleEcho)
	case whatsapp.KindStatus:
		return routeStatus(&u)
	case whatsapp.KindCall:
		return routeCall(&u)
	case whatsapp.KindNumberError:
		return toAccount(&u, RuleNumberError)
	case whatsapp.KindAccount:
		return toAccount(&u, RuleAccount)
	case whatsapp.KindUnknown:
	}
	return toAccount(&u, RuleUnknown)
}

func routeMessage(u *whatsapp.Update) Route {
	m := u.Message
	switch {
	case m.GroupID != "":
		return toAccount(u, RuleGroup)
	case m.Type == whatsapp.TypeSystem:
		return routePerson(u, subject(m, u.Contact), RuleSystem)
	}
	return routePerson(u, sender(m, u.Contact), RuleMessage)
}

// subject is whom a system message is about.
func subject(m *whatsapp.Message, c *whatsapp.Contact) conversation.Person {
	if p, ok := changed(m); ok {
		return p
	}
	p := personOf(m.From, m.FromUserID, m.FromParentUserID, c)
	if nobody(p) && m.System != nil {
		p.UserID, p.ParentUserID = m.System.PreviousUserID, m.System.PreviousParentUserID
	}
	return p
}

// routePerson sends an update to a person's thread, if there are a person and a number.
func routePerson(u *whatsapp.Update, p conversation.Person, rule string) Route {
	switch {
	case !plain(u.NumberID):
		return toAccount(u, RuleNoNumber)
	case nobody(p):
		return toAccount(u, RuleNoSender)
	}
	return Route{To: ToPerson, Rule: rule, Person: p}
}

// routeCall sends a customer's call to the customer's thread. The other steps of calls are for the supervisor.
func routeCall(u *whatsapp.Update) Route {
	if c := u.Call; c.OpensWindow() {
		return routePerson(u, personOf(c.From, c.UserID, c.ParentUserID, u.Contact), RuleCall)
	}
	return toAccount(u, RuleAccount)
}

// routeStatus sends a status home by what its message carried. Else the answer to the send may still be on its way, or its
// message was sent without that: the person that it went to tells the thread.
func routeStatus(u *whatsapp.Update) Route {
	key, _, ok := conversation.ParseCallbackData(u.Status.CallbackData)
	if number, _, _ := conversation.ParseKey(key); ok && number == u.NumberID && plain(number) {
		return Route{To: ToThread, Rule: RuleStatus, Key: key}
	}
	route := Route{To: ToParking, Rule: RuleStranger}
	if s := u.Status; s.RecipientType == "" && plain(u.NumberID) {
		route.Person = personOf(s.RecipientID, s.RecipientUserID, s.RecipientParentUserID, u.Contact)
	}
	return route
}

// named tells whether the route has a person.
func (r *Route) named() bool { return !nobody(r.Person) }

func toAccount(u *whatsapp.Update, rule string) Route {
	number := u.NumberID
	if !plain(number) {
		number = "none"
	}
	return Route{To: ToAccount, Rule: rule, Key: conversation.AccountPrefix + number}
}

// plain tells whether an id can be the number in a mailbox key: it must neither split one nor name another kind of mailbox.
func plain(id string) bool {
	switch id + "|" {
	case conversation.AccountPrefix, conversation.TicketPrefix, conversation.SystemPrefix, conversation.MediaPrefix:
		return false
	}
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c == '|' || c == '#' || c > '~' })
}
