package whatsapp

import "strings"

// The documented values of Card.Origin.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
const (
	// OriginRequest marks the sender's own card, given in answer to our request: it links the person's user id and phone.
	OriginRequest = "contact_request"
	// OriginOther marks any other card.
	OriginOther = "other"
)

// Card is one contact card of a contacts message.
type Card struct {
	// Origin is OriginRequest, OriginOther or empty.
	Origin string
	// VCard is the card in vCard format, when sent.
	VCard string
	// Name is the formatted name, else put together from first and last name; it may be empty.
	Name    string
	Company string
	Phones  []CardPhone
	Emails  []string
}

// CardPhone is a phone of a contact card.
type CardPhone struct {
	// Phone is as the sender wrote it.
	Phone string
	// WaID is in digits, empty when the phone is not on WhatsApp.
	WaID string
	Type string
}

func (d *decoder) cards(v value) []Card {
	var cards []Card
	for v := range d.array(v) {
		cards = append(cards, d.card(v))
	}
	return cards
}

func (d *decoder) card(v value) Card {
	var c Card
	for key, v := range d.object(v) {
		switch key {
		case "origin":
			c.Origin = d.text(v)
		case "vcard":
			c.VCard = d.text(v)
		case "name":
			c.Name = d.cardName(v)
		case "org":
			for key, v := range d.object(v) {
				if key == "company" {
					c.Company = d.text(v)
				}
			}
		case "phones":
			for v := range d.array(v) {
				c.Phones = append(c.Phones, d.cardPhone(v))
			}
		case "emails":
			for v := range d.array(v) {
				for key, v := range d.object(v) {
					if key == "email" {
						c.Emails = append(c.Emails, d.text(v))
					}
				}
			}
		}
	}
	return c
}

func (d *decoder) cardName(v value) string {
	var formatted, first, last string
	for key, v := range d.object(v) {
		switch key {
		case "formatted_name":
			formatted = d.text(v)
		case "first_name":
			first = d.text(v)
		case "last_name":
			last = d.text(v)
		}
	}
	if formatted != "" {
		return formatted
	}
	return strings.TrimSpace(first + " " + last)
}

func (d *decoder) cardPhone(v value) CardPhone {
	var p CardPhone
	for key, v := range d.object(v) {
		switch key {
		case "phone":
			p.Phone = d.text(v)
		case "wa_id":
			p.WaID = d.text(v)
		case "type":
			p.Type = d.text(v)
		}
	}
	return p
}
