package inbound

import (
	"strings"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// personOf is who is meant: by the message itself, completed by the webhook's contact entry.
func personOf(phone, userID, parentID string, c *whatsapp.Contact) conversation.Person {
	if c != nil {
		if userID == "" {
			userID, parentID = c.UserID, c.ParentUserID
		}
		if phone == "" {
			phone = c.WaID
		}
	}
	return person(phone, userID, parentID)
}

// person is somebody by ids alone.
func person(phone, userID, parentID string) conversation.Person {
	p := conversation.Person{UserID: userID, ParentUserID: parentID, WaID: phone}
	if phone != "" {
		p.Phone = brazil.CanonicalPhone(phone)
	}
	return p
}

// nobody tells whether a person has no id to be found by.
func nobody(p conversation.Person) bool { return p.WaID == "" && p.UserID == "" }

// sender is who wrote a message. People who show a username only may reveal their phone with a card of their own.
func sender(m *whatsapp.Message, c *whatsapp.Contact) conversation.Person {
	p := personOf(m.From, m.FromUserID, m.FromParentUserID, c)
	if m.Type == whatsapp.TypeContacts && p.WaID == "" && p.UserID != "" {
		if phone := ownPhone(m.Contacts); phone != "" {
			return person(phone, p.UserID, p.ParentUserID)
		}
	}
	return p
}

// ownPhone is the phone that people gave of themselves in answer to our request, in digits; "" when there is none, or more than
// one. Any other card is about somebody else.
func ownPhone(cards []whatsapp.Card) string {
	own := ""
	for _, c := range cards {
		if c.Origin != whatsapp.OriginRequest {
			continue
		}
		phone := phoneOf(c)
		switch {
		case phone == "" || phone == own:
		case own != "":
			return ""
		default:
			own = phone
		}
	}
	return own
}

// phoneOf is a card's phone in digits: the first one on WhatsApp, else the first one written as an international number.
func phoneOf(c whatsapp.Card) string {
	for _, p := range c.Phones {
		if p.WaID != "" {
			return p.WaID
		}
	}
	for _, p := range c.Phones {
		if !strings.HasPrefix(p.Phone, "+") {
			continue
		}
		if digits, err := brazil.ParsePhone(p.Phone); err == nil {
			return digits
		}
	}
	return ""
}

// changed is the person of a system message that tells of new ids: those, with the old ones as Before. ok is false when it tells
// of none.
//
// The webhook's contact entry is not asked: these messages have none, so it is somebody else's.
func changed(m *whatsapp.Message) (p conversation.Person, ok bool) {
	s := m.System
	if s == nil || s.Type != whatsapp.SystemChangedNumber && s.Type != whatsapp.SystemChangedUserID {
		return p, false
	}
	p = person(s.WaID, s.UserID, s.ParentUserID)
	if nobody(p) {
		return p, false
	}
	for _, old := range [...]conversation.Person{
		person(m.From, s.PreviousUserID, s.PreviousParentUserID), person(s.Customer, m.FromUserID, m.FromParentUserID),
	} {
		if old = without(old, p); !nobody(old) {
			p.Before = append(p.Before, old)
		}
	}
	return p, true
}

// without is a person without the ids that another one has, now or before.
func without(old, p conversation.Person) conversation.Person {
	for _, have := range append([]conversation.Person{p}, p.Before...) {
		if old.UserID == have.UserID {
			old.UserID = ""
		}
		if old.ParentUserID == have.ParentUserID {
			old.ParentUserID = ""
		}
		if old.WaID == have.WaID {
			old.WaID, old.Phone = "", ""
		}
	}
	return old
}

// contactOf is what an update tells about the person it belongs to.
func contactOf(c *whatsapp.Contact, p conversation.Person) *conversation.Contact {
	known := conversation.Contact{WaID: p.WaID, UserID: p.UserID}
	if c != nil && (p.Before == nil || c.UserID == p.UserID && c.UserID != "" || c.WaID == p.WaID && c.WaID != "") {
		known.Name, known.Username = SafeName(c.Name), SafeName(c.Username)
	}
	return &known
}
