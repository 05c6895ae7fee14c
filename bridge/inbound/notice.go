package inbound

import (
	"fmt"
	"strings"

	"github.com/ponte-desk/ponte/whatsapp"
)

// noticeText is what people read about an update that is no customer's message, pt-BR.
func noticeText(u *whatsapp.Update, rule string) string {
	switch rule {
	case RuleEcho:
		return "Respondido pelo aplicativo WhatsApp Business: " + Describe(u.Message)
	case RuleSystem:
		if words := strings.TrimSpace(bounded(readable(system(u.Message.System)))); words != "" {
			return "Aviso do WhatsApp: " + words
		}
		return "Aviso do WhatsApp sobre o contato."
	case RuleGroup:
		return "Mensagem de grupo, que não é atendida: " + Describe(u.Message)
	case RuleNoSender, RuleNoNumber:
		return "Mensagem sem remetente ou sem número de destino: " + Describe(u.Message)
	case RuleNumberError:
		if len(u.Errors) > 0 && u.Errors[0].Code != whatsapp.NoCode {
			return fmt.Sprintf("Erro do número no WhatsApp (%d): %s", u.Errors[0].Code, u.Errors[0].Verdict().Advice)
		}
		return "Erro do número no WhatsApp."
	case RuleAccount:
		event := u.Event
		if u.Call != nil {
			event = u.Call.Event
		}
		return "Aviso da conta do WhatsApp: " + quoted(strings.TrimSpace(u.Field+" "+event))
	}
	return "Aviso do WhatsApp que não foi entendido: " + quoted(u.Field)
}
