// Package settings holds the operation's settings: their types, their pt-BR defaults and what is wrong with them. It is pure.
package settings

import "time"

// Number is the settings of one WhatsApp number.
type Number struct {
	// Quiet and Longest say how long messages of one author are gathered into one ticket comment: so long after the last
	// one, but never longer than that after the first.
	Quiet, Longest time.Duration
	// StatusWait is how long a send whose outcome is unknown waits for a delivery status before it is decided on.
	StatusWait time.Duration
	// Subject and Tags are what a ticket is created with.
	Subject string
	Tags    []string
	// Zone is the operation's time zone, for times that people read.
	Zone *time.Location
	// Texts are what Ponte itself writes.
	Texts Texts
}

// Texts are Ponte's own words on tickets, pt-BR.
type Texts struct {
	NotDelivered  string // a reply did not reach the customer: time, reason
	Repeated      string // a reply was sent a second time: time
	Unconfirmed   string // a reply was never confirmed: time
	NoAttachments string // attachments of a reply that did not go out: number of them
	FollowUp      string // first line of a ticket that follows a closed one: ticket number
}

// Default is what holds for every number that has no settings of its own.
func Default() Number {
	return Number{
		Quiet: 20 * time.Second, Longest: time.Minute, StatusWait: 20 * time.Second,
		Subject: "Atendimento iniciado via WhatsApp", Tags: []string{"whatsapp"},
		Zone: time.FixedZone("BRT", -3*60*60),
		Texts: Texts{
			NotDelivered:  "A resposta das %s não foi entregue no WhatsApp: %s",
			Repeated:      "A resposta das %s foi enviada outra vez, porque o WhatsApp não confirmou a primeira; o cliente pode tê-la recebido em dobro.",
			Unconfirmed:   "O WhatsApp não confirmou a resposta das %s. Verifique com o cliente se ela chegou antes de escrevê-la de novo.",
			NoAttachments: "%d anexo(s) desta resposta não foram enviados ao WhatsApp: por enquanto só o texto é enviado.",
			FollowUp:      "Continuação do ticket %d, que está fechado.",
		},
	}
}
