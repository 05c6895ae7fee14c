package inbound

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Describe is a message as people read it on the ticket, pt-BR. It is never empty: what can't be shown yet is named.
func Describe(m *whatsapp.Message) string {
	text := strings.TrimSpace(body(m))
	if text == "" {
		text = "(mensagem sem conteúdo legível, tipo " + quoted(m.Type) + ")"
	}
	if m.Context != nil && m.Context.Forwarded {
		text = "(encaminhada) " + text
	}
	return text
}

func body(m *whatsapp.Message) string {
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
		if m.Button != nil {
			return m.Button.Text
		}
	case whatsapp.TypeReaction:
		return reaction(m.Reaction)
	case whatsapp.TypeOrder:
		return order(m.Order)
	case whatsapp.TypeEdit:
		if m.Edit != nil && m.Edit.Message != nil {
			return "(mensagem editada) " + Describe(m.Edit.Message)
		}
		return "(o cliente editou uma mensagem; o WhatsApp não informou o novo texto)"
	case whatsapp.TypeRevoke:
		return "(o cliente apagou uma mensagem)"
	case whatsapp.TypeSystem:
		if m.System != nil {
			return m.System.Body
		}
	case whatsapp.TypeUnsupported, whatsapp.TypeUnknown:
		return unsupported(m)
	}
	return ""
}

// mediaName is what people call a kind of file.
func mediaName(m *whatsapp.Message) string {
	switch m.Type {
	case whatsapp.TypeImage:
		return "Imagem"
	case whatsapp.TypeVideo:
		return "Vídeo"
	case whatsapp.TypeSticker:
		return "Figurinha"
	case whatsapp.TypeDocument:
		return "Documento"
	}
	if m.Type == whatsapp.TypeVoice || (m.Media != nil && m.Media.Voice) {
		return "Mensagem de voz"
	}
	return "Áudio"
}

func media(m *whatsapp.Message) string {
	text := "[" + mediaName(m) + "]"
	if m.Media == nil {
		return text
	}
	if m.Media.Filename != "" {
		text += " " + oneLine(m.Media.Filename)
	}
	if m.Media.Caption != "" {
		text += " " + m.Media.Caption
	}
	return text + " (o arquivo ainda não é anexado automaticamente)"
}

func location(l *whatsapp.Location) string {
	if l == nil {
		return ""
	}
	var lines []string
	for _, s := range []string{l.Name, l.Address} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	lines = append(lines, fmt.Sprintf("%.6f, %.6f", l.Latitude, l.Longitude),
		fmt.Sprintf("https://www.google.com/maps?q=%.6f,%.6f", l.Latitude, l.Longitude))
	return "[Localização] " + strings.Join(lines, "\n")
}

func cards(list []whatsapp.Card) string {
	shown := make([]string, len(list))
	for i, c := range list {
		name := c.Name
		if name == "" {
			name = "sem nome"
		}
		lines := []string{"[Contato] " + name}
		for _, p := range c.Phones {
			if p.Phone != "" {
				lines = append(lines, p.Phone)
			} else if p.WaID != "" {
				lines = append(lines, "+"+p.WaID)
			}
		}
		shown[i] = strings.Join(lines, "\n")
	}
	return strings.Join(shown, "\n\n")
}

func interactive(i *whatsapp.Interactive) string {
	switch {
	case i == nil:
		return ""
	case i.Reply != nil:
		if i.Reply.Description != "" {
			return i.Reply.Title + "\n" + i.Reply.Description
		}
		return i.Reply.Title
	case i.Flow != nil:
		return "[Formulário] " + i.Flow.Body + "\n" + i.Flow.ResponseJSON
	case i.Call != nil && i.Call.Response == "accept":
		return "(o cliente permitiu ligações pelo WhatsApp)"
	case i.Call != nil:
		return "(o cliente não permitiu ligações pelo WhatsApp)"
	}
	return ""
}

func reaction(r *whatsapp.Reaction) string {
	if r == nil || r.Removed() {
		return "(o cliente retirou a reação a uma mensagem)"
	}
	return "(reagiu com " + r.Emoji + " a uma mensagem)"
}

func order(o *whatsapp.Order) string {
	if o == nil {
		return ""
	}
	lines := []string{"[Pedido]"}
	for _, it := range o.Items {
		lines = append(lines, fmt.Sprintf("%s × %s (%s %s)", it.Quantity, it.ProductID, it.Price, it.Currency))
	}
	if o.Text != "" {
		lines = append(lines, o.Text)
	}
	return strings.Join(lines, "\n")
}

func unsupported(m *whatsapp.Message) string {
	kind := ""
	if m.Unsupported != nil {
		kind = m.Unsupported.Type
	}
	if kind == whatsapp.TypeEdit {
		return "(o cliente editou uma mensagem; o WhatsApp não informou o novo texto)"
	}
	if kind != "" {
		return "(mensagem que o WhatsApp não entrega por aqui: " + quoted(kind) + "; peça ao cliente que a envie de outra forma)"
	}
	return "(mensagem que o WhatsApp não entrega por aqui; peça ao cliente que a envie de outra forma)"
}

// noticeText is what people read about an update that is no customer's message, pt-BR.
func noticeText(u whatsapp.Update, rule string) string {
	switch rule {
	case RuleEcho:
		return "Respondido pelo aplicativo WhatsApp Business: " + Describe(u.Message)
	case RuleSystem:
		if u.Message.System != nil && u.Message.System.Body != "" {
			return "Aviso do WhatsApp: " + u.Message.System.Body
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
		return "Aviso da conta do WhatsApp: " + quoted(strings.TrimSpace(u.Field+" "+u.Event))
	}
	return "Aviso do WhatsApp que não foi entendido: " + quoted(u.Field)
}

// quoted shows a word of the peer's on one line.
func quoted(s string) string { return "“" + oneLine(s) + "”" }

// oneLine takes line breaks, other control characters and those that turn the direction of writing out of a hostile word and
// shortens it.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return c
	}, s)
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "…"
	}
	return s
}
