package bot

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Summary is the private note with which agents get the conversation: what the bot learned, one thing a line, in the language of
// the settings. The customer's words are masked as the settings say. Its World is that of after the hand-over: the output's memory,
// flags, organisation and the rest are in the procedure.
func Summary(w World) string {
	l, p := labelsIn(w.Settings.Language), w.Procedure
	m := conversation.BotMemory{}
	if p.Bot != nil {
		m = *p.Bot
	}
	n := note{lines: []string{l.title}}
	n.add(l.number, p.Number)
	n.add(l.contact, w.Contact.Name)
	if o := p.Organization; o != nil {
		n.add(l.organization, joined(" - ", cmp.Or(o.Name, "#"+strconv.FormatInt(o.ID, 10)), cnpjOf(o.CNPJ)))
	} else {
		n.add(l.organization, l.unknown)
	}
	if m.CNPJ != "" && (p.Organization == nil || p.Organization.CNPJ != m.CNPJ) {
		n.add(l.cnpj, brazil.FormatCNPJ(m.CNPJ))
	}
	n.add(l.email, p.Email)
	n.add(l.choice, m.Choice)
	if m.Ticket > 0 {
		n.add(l.ticket, strconv.FormatInt(m.Ticket, 10))
	}
	if len(m.Said) > 0 {
		n.lines = append(n.lines, l.said+":")
	}
	for _, words := range m.Said {
		n.lines = append(n.lines, "- "+w.Settings.Mask.Text(words))
	}
	flags := make([]string, len(p.Flags))
	for i, f := range p.Flags {
		flags[i] = l.flag(f)
	}
	n.add(l.flags, strings.Join(flags, "; "))
	return strings.Join(n.lines, "\n")
}

// note is lines with labels.
type note struct{ lines []string }

// add adds a line; what is not known has none.
func (n *note) add(label, value string) {
	if value = strings.TrimSpace(value); value != "" {
		n.lines = append(n.lines, label+": "+value)
	}
}

func joined(with string, parts ...string) string {
	var all []string
	for _, part := range parts {
		if part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, with)
}

func cnpjOf(cnpj string) string {
	if cnpj == "" {
		return ""
	}
	return "CNPJ " + brazil.FormatCNPJ(cnpj)
}

// labels are the summary's words in a language.
type labels struct {
	title, number, contact, organization, unknown, cnpj, email, choice, ticket, said, flags string

	flag func(conversation.Flag) string
}

func labelsIn(l settings.Language) labels {
	if l == settings.LanguageEN {
		return labels{
			title: "Handed over by the automatic attendance", number: "Attendance", contact: "Contact", organization: "Organization",
			unknown: "not identified", cnpj: "CNPJ as given", email: "E-mail", choice: "Chosen option", ticket: "Ticket asked about",
			said: "The customer wrote", flags: "Attention", flag: flagEnglish,
		}
	}
	return labels{
		title: "Derivado pelo atendimento automático", number: "Atendimento", contact: "Contato", organization: "Organização",
		unknown: "não identificada", cnpj: "CNPJ informado", email: "E-mail", choice: "Opção escolhida", ticket: "Chamado consultado",
		said: "O cliente escreveu", flags: "Atenção", flag: flagPortuguese,
	}
}

func flagPortuguese(f conversation.Flag) string {
	switch f {
	case conversation.FlagNoCNPJ:
		return "CNPJ não informado"
	case conversation.FlagNoOrganization:
		return "organização não encontrada"
	case conversation.FlagUnverified:
		return "pendência não verificada"
	case conversation.FlagPendingEmpty:
		return "campo Pendência Financeira vazio"
	case conversation.FlagPending:
		return "pendência encontrada depois de iniciado o atendimento"
	case conversation.FlagOverridden:
		return "atendido apesar da pendência"
	case conversation.FlagNoEmail:
		return "e-mail não informado"
	}
	return string(f)
}

func flagEnglish(f conversation.Flag) string {
	switch f {
	case conversation.FlagNoCNPJ:
		return "no CNPJ given"
	case conversation.FlagNoOrganization:
		return "organization not found"
	case conversation.FlagUnverified:
		return "financial pending not verified"
	case conversation.FlagPendingEmpty:
		return "field of the financial pending is empty"
	case conversation.FlagPending:
		return "financial pending found after the conversation began"
	case conversation.FlagOverridden:
		return "attended in spite of a financial pending"
	case conversation.FlagNoEmail:
		return "no e-mail given"
	}
	return string(f)
}
