package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// edit is the new version of a message.
func edit(e *whatsapp.Edit) string {
	if e == nil || e.Message == nil {
		return unseenEdit()
	}
	return "(editou a mensagem) " + Describe(e.Message)
}

// unseenEdit is an edit whose new words WhatsApp keeps to itself.
func unseenEdit() string {
	return "(editou uma mensagem; o WhatsApp não informou o novo texto: se fizer falta, pergunte ao cliente)"
}
