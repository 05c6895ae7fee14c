package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// button is the quick reply of a template.
func button(b *whatsapp.Button) string {
	switch {
	case b == nil:
		return ""
	case b.Text != "" || b.Payload == "":
		return b.Text
	}
	return "(tocou no botão " + quoted(b.Payload) + ")"
}
