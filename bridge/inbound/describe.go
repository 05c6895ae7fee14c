package inbound

import (
	"strings"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Describe is a message as people read it on the ticket, pt-BR, also without the file that comes with it. It is never empty: what
// can't be shown is named.
func Describe(m *whatsapp.Message) string {
	text := strings.TrimSpace(readable(content(m)))
	if text == "" {
		text = "(mensagem sem conteúdo legível, tipo " + quoted(m.Type) + "; peça ao cliente que a envie de outra forma)"
	}
	if m.Context != nil {
		text = inContext(text, m.Context)
	}
	if m.Referral != nil {
		text = lines(text, referral(m.Referral))
	}
	return bounded(text)
}

// content is what a message of its type says.
func content(m *whatsapp.Message) string {
	switch m.Type {
	case whatsapp.TypeText:
		return m.Text
	case whatsapp.TypeImage, whatsapp.TypeVideo, whatsapp.TypeAudio, whatsapp.TypeVoice, whatsapp.TypeDocument, whatsapp.TypeSticker:
		return media(m)
	case whatsapp.TypeLocation:
		return location(m.Location)
	case whatsapp.TypeContacts:
		return cards(m.Contacts)
	case whatsapp.TypeInteractive:
		return interactive(m.Interactive)
	case whatsapp.TypeButton:
		return button(m.Button)
	case whatsapp.TypeReaction:
		return reaction(m.Reaction)
	case whatsapp.TypeOrder:
		return order(m.Order)
	case whatsapp.TypeSystem:
		return system(m.System)
	case whatsapp.TypeEdit:
		return edit(m.Edit)
	case whatsapp.TypeRevoke:
		return revoke()
	case whatsapp.TypeRequestWelcome:
		return requestWelcome()
	case whatsapp.TypeUnsupported, whatsapp.TypeUnknown:
		return unsupported(m)
	}
	return ""
}
