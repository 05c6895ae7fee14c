package web

import (
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// fields names what is set of a request, besides id and agent.
func (r request) fields() []string {
	var set []string
	for name, is := range map[string]bool{
		"text": r.Text != "", "reply_to": r.ReplyTo != "", "choices": r.Choices != nil, "template": r.Template != nil, "phone": r.Phone != "",
		"ticket": r.Ticket != 0, "reason": r.Reason != "", "to": r.To != agent{}, "group": r.Group != "", "subject": r.Subject != "",
		"catalogue": r.Catalogue != "", "folder": r.Folder != "", "fields": len(r.Fields) > 0, "cnpj": r.CNPJ != "",
		"until": !r.Until.IsZero(), "outcome": r.Outcome != "", "force": r.Force, "add": len(r.Add) > 0, "remove": len(r.Remove) > 0,
		"messages": len(r.Messages) > 0, "hours": r.Hours != 0, "file": r.File != "",
	} {
		if is {
			set = append(set, name)
		}
	}
	return set
}

// uses lists the fields that a command has a use for, besides id and agent.
func uses(kind conversation.CommandKind) []string {
	switch kind {
	case conversation.CommandReply:
		return []string{"text", "reply_to", "choices", "file"}
	case conversation.CommandNote:
		return []string{"text"}
	case conversation.CommandTemplate:
		return []string{"template"}
	case conversation.CommandStart:
		return []string{"text", "template", "phone", "ticket"}
	case conversation.CommandStop, conversation.CommandRestart, conversation.CommandTyping, conversation.CommandCancel, conversation.CommandOverride:
		return []string{"reason"}
	case conversation.CommandTake:
		return []string{"force"}
	case conversation.CommandTransfer:
		return []string{"to", "group", "text", "force"}
	case conversation.CommandN2:
		return []string{"fields"}
	case conversation.CommandClose:
		return []string{"subject", "catalogue", "reason", "folder", "fields"}
	case conversation.CommandIdentify:
		return []string{"cnpj"}
	case conversation.CommandPosition:
		return []string{"ticket"}
	case conversation.CommandSnooze:
		return []string{"until"}
	case conversation.CommandOverrule:
		return []string{"outcome", "reason"}
	case conversation.CommandTag:
		return []string{"add", "remove"}
	case conversation.CommandLink:
		return []string{"ticket", "subject", "messages", "hours"}
	case conversation.CommandOpen, conversation.CommandWake, conversation.CommandAttention, conversation.CommandResolve, conversation.CommandMute,
		conversation.CommandUnmute, conversation.CommandPresence, conversation.CommandLimit:
	}
	return nil
}

// foreign tells whether a field is set that the command has no use for: what is ignored in silence is missed later.
func (r request) foreign(kind conversation.CommandKind) bool {
	use := uses(kind)
	return slices.ContainsFunc(r.fields(), func(name string) bool { return !slices.Contains(use, name) })
}

// Limits of the lists in a command.
const (
	maxTags      = 20
	maxMessages  = 500
	maxMessageID = 300
	maxHours     = 24
)

// wrongLists is what is wrong with tags, or with the choice of messages, pt-BR; "" when nothing is.
func (r request) wrongLists() string {
	long := func(most int) func(string) bool {
		return func(s string) bool { return s == "" || units(s) > most }
	}
	switch {
	case len(r.Add) > maxTags, len(r.Remove) > maxTags, slices.ContainsFunc(slices.Concat(r.Add, r.Remove), long(conversation.MostTag)):
		return "Informe até 20 etiquetas por vez, cada uma com 1 a 100 caracteres."
	case len(r.Messages) > maxMessages, slices.ContainsFunc(r.Messages, long(maxMessageID)):
		return "Escolha até 500 mensagens."
	case r.Hours < 0, r.Hours > maxHours:
		return "Informe de 1 a 24 horas."
	case r.Hours != 0 && len(r.Messages) > 0:
		return "Escolha as mensagens ou informe as horas, não as duas coisas."
	}
	return ""
}
