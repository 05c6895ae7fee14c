package decide

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// commandLink copies messages onto another ticket, or onto a new one.
func (d *draft) commandLink(c conversation.Command) conversation.Answer {
	conv := d.Thread.Conversation
	switch {
	case len(c.Messages) == 0 && c.Hours <= 0:
		return refuse(conversation.RefusedEmpty, "Escolha as mensagens que devem ser vinculadas, ou de quantas horas.")
	case c.Ticket != 0 && c.Ticket == conv.Ticket.ID:
		return refuse(conversation.RefusedNowhere, "As mensagens já são deste ticket: informe outro.")
	case c.Ticket == 0 && strings.TrimSpace(c.Subject) == "":
		return refuse(conversation.RefusedMissing, "Informe o assunto do novo ticket.")
	case c.Ticket == 0 && d.Thread.Contact.Zendesk == 0:
		return refuse(conversation.RefusedMissing, "O contato ainda não tem usuário no Zendesk. Tente de novo quando o ticket da conversa existir.")
	}
	l := conversation.Link{
		Session: conv.Session, Origin: conv.Ticket.ID, Ticket: c.Ticket, By: c.Agent, Messages: slices.Clone(c.Messages), First: d.now,
	}
	if c.Ticket == 0 {
		l.Subject = strings.TrimSpace(c.Subject)
	}
	if len(c.Messages) == 0 {
		l.Since, l.Until = d.now.Add(-time.Duration(c.Hours)*time.Hour), d.now
	}
	d.because("messages are to be linked")
	return conversation.Answer{Effects: []string{d.add(conversation.Effect{Kind: conversation.EffectLink, Link: &l})}}
}

// linked says in the timeline where the messages are now.
func (d *draft) linked(l conversation.Link, r conversation.Linked) {
	text := fmt.Sprintf("Mensagens vinculadas ao ticket #%d", r.Ticket)
	if r.New {
		text = fmt.Sprintf("Mensagens vinculadas ao novo ticket #%d", r.Ticket)
	}
	switch {
	case r.Count == 1:
		text += ": 1 mensagem"
	case r.Count > 1:
		text += fmt.Sprintf(": %d mensagens", r.Count)
	}
	if len(r.Left) > 0 {
		text += "; o Zendesk não aceitou: " + strings.Join(r.Left, ", ")
	}
	d.because("messages linked")
	d.linkTold(l, text)
}

// notLinked says why messages are not where they were to be; what nobody can tell the reason of is buried as well.
func (d *draft) notLinked(e conversation.Effect, r conversation.Result) {
	l := *e.Link
	to := "novo ticket"
	if l.Ticket != 0 {
		to = fmt.Sprintf("ticket #%d", l.Ticket)
	}
	why := "o Zendesk recusou o pedido"
	switch r.Code {
	case conversation.CodeTicketClosed:
		why = "ele está fechado"
	case conversation.CodeTicketGone:
		why = "ele não existe ou foi excluído"
	case conversation.CodeNothing:
		why = "nenhuma das mensagens escolhidas foi encontrada nesta conversa"
	default:
		d.Dead = append(d.Dead, Dead{Effect: e, Reason: r.Reason})
	}
	d.because("messages not linked")
	d.linkTold(l, fmt.Sprintf("As mensagens não foram vinculadas ao %s: %s", to, why))
}

// linkTold puts a line about a link into the timeline, of the next conversation when the one that it is about is over.
func (d *draft) linkTold(l conversation.Link, text string) {
	c := d.Thread.Conversation
	if c == nil {
		return
	}
	if c.Session != l.Session {
		text += ", da conversa " + l.Session
	}
	if l.By.ID != 0 || l.By.Name != "" {
		text = fmt.Sprintf("%s (%s)", text, nameOf(l.By))
	}
	d.log(conversation.Entry{Type: "linked", Author: conversation.AuthorPonte, Origin: conversation.OriginApp, Agent: l.By.ID, Who: l.By.Name, Text: text})
}
