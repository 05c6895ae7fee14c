package inbound

import (
	"fmt"
	"strings"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Bounds of what is shown of contact cards.
const (
	mostCards  = 30
	mostOfCard = 20 // phones, and e-mails
)

// cards is the people whose contact cards a message holds.
func cards(list []whatsapp.Card) string {
	shown := make([]string, 0, min(len(list), mostCards)+1)
	for i, c := range list {
		if i == mostCards {
			shown = append(shown, fmt.Sprintf("… e mais %d contatos", len(list)-mostCards))
			break
		}
		shown = append(shown, card(c))
	}
	return strings.Join(shown, "\n\n")
}

// card is one card: name, organisation, phones and e-mails, also those that only its vCard tells.
func card(c whatsapp.Card) string {
	c = withVCard(c)
	head := "[Contato] "
	if c.Origin == whatsapp.OriginRequest {
		head = "[Contato do próprio cliente] "
	}
	name := oneLine(c.Name)
	if strings.TrimSpace(name) == "" {
		name = "sem nome"
	}
	list := []string{head + name, oneLine(c.Company)}
	for _, p := range c.Phones[:min(len(c.Phones), mostOfCard)] {
		switch {
		case p.Phone != "":
			list = append(list, oneLine(p.Phone))
		case p.WaID != "":
			list = append(list, "+"+oneLine(p.WaID))
		}
	}
	for _, address := range c.Emails[:min(len(c.Emails), mostOfCard)] {
		list = append(list, oneLine(address))
	}
	return lines(list...)
}

// withVCard completes a card by what its vCard tells.
func withVCard(c whatsapp.Card) whatsapp.Card {
	if c.VCard == "" {
		return c
	}
	told := readVCard(c.VCard)
	if c.Name == "" {
		c.Name = told.Name
	}
	if c.Company == "" {
		c.Company = told.Company
	}
	if len(c.Phones) == 0 {
		c.Phones = told.Phones
	}
	if len(c.Emails) == 0 {
		c.Emails = told.Emails
	}
	return c
}
