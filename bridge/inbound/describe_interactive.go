package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// interactive is the answer to buttons, a list, a form or a request.
func interactive(i *whatsapp.Interactive) string {
	switch {
	case i == nil:
		return ""
	case i.Reply != nil:
		return chosen(i.Reply)
	case i.Flow != nil:
		return flow(i.Flow)
	case i.Call != nil && i.Call.Response == "accept":
		return "(o cliente permitiu ligações pelo WhatsApp)"
	case i.Call != nil:
		return "(o cliente não permitiu ligações pelo WhatsApp)"
	}
	return ""
}

// choice is the id of what was chosen, "" for any other message.
func choice(m *whatsapp.Message) string {
	if m.Interactive == nil || m.Interactive.Reply == nil {
		return ""
	}
	return m.Interactive.Reply.ID
}

// chosen is a button or a row of a list.
func chosen(r *whatsapp.Reply) string {
	if r.Title == "" && r.ID != "" {
		return "(escolheu a opção " + quoted(r.ID) + ")"
	}
	return lines(r.Title, r.Description)
}
