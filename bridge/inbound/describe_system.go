package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// system is WhatsApp's own notice about a person. Its words are English, so what it says is said anew where that is known.
func system(s *whatsapp.System) string {
	switch {
	case s == nil:
		return ""
	case s.Type == whatsapp.SystemChangedNumber && s.WaID != "":
		return "o cliente trocou de número: o novo é +" + oneLine(s.WaID) + ". As próximas mensagens vão para ele."
	case s.Type == whatsapp.SystemChangedUserID && s.UserID != "":
		return "a identificação do cliente no WhatsApp mudou. A conversa continua com a mesma pessoa."
	case s.Type == whatsapp.SystemIdentityChanged:
		return "o código de segurança do cliente mudou: ele pode ter trocado de aparelho ou reinstalado o aplicativo. " +
			"Confirme a identidade antes de tratar de dados sigilosos."
	}
	return s.Body
}
