package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// unsupported is a message that WhatsApp does not hand over, with the way out.
func unsupported(m *whatsapp.Message) string {
	if reason := withheld(m); reason != "" {
		return "[Mensagem não recebida] " + reason
	}
	kind := ""
	if m.Unsupported != nil {
		kind = m.Unsupported.Type
	}
	if kind == whatsapp.TypeEdit {
		return unseenEdit()
	}
	what := "mensagem"
	if kind != "" {
		what = unsupportedName(kind)
	}
	return "(" + what + ": o WhatsApp não entrega esse conteúdo por aqui; peça ao cliente que o envie de outra forma)"
}

// unsupportedName is what people call a kind of message that WhatsApp does not hand over.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/unsupported
func unsupportedName(kind string) string {
	switch kind {
	case "button", "interactive", "hsm":
		return "mensagem com botões"
	case "errors":
		return "mensagem com erro"
	case "gif":
		return "GIF"
	case "group_invite":
		return "convite para um grupo"
	case "image":
		return "imagem"
	case "keep_in_chat":
		return "mensagem mantida na conversa"
	case "link_preview":
		return "mensagem com prévia de link"
	case "list":
		return "lista"
	case "location":
		return "localização em tempo real"
	case "media_placeholder":
		return "arquivo"
	case "order":
		return "pedido"
	case "pin":
		return "mensagem fixada na conversa"
	case "poll_creation":
		return "enquete"
	case "poll_update":
		return "voto em uma enquete"
	case "product":
		return "produto"
	case "reaction":
		return "reação"
	}
	return "mensagem do tipo " + quoted(kind)
}
