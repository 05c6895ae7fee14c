package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// sheet is what a list is called in a language, as a file for spreadsheets.
type sheet struct {
	name    string
	columns []string
	states  map[conversation.State]string
	endings map[string]string // how conversations end, and what the auditor finds
	yes     string
}

// sheetOf is the sheet in a caller's language.
func sheetOf(locale string) sheet {
	if strings.HasPrefix(strings.ToLower(locale), "en") {
		return english()
	}
	return portuguese()
}

func portuguese() sheet {
	return sheet{
		name: "conversas", yes: "sim",
		columns: []string{
			"Sessão", "Estado", "Fila", "Atendente", "Contato", "Telefone", "Empresa", "CNPJ", "Ticket", "Atendimento", "Início", "Fim",
			"Sem resposta desde", "Última mensagem do cliente", "Adiada até", "Etiquetas", "Desfecho", "Auditoria", "Precisa de atenção", "Última mensagem",
		},
		states: map[conversation.State]string{
			conversation.StateBot: "Pré-atendimento", conversation.StateQueued: "Fila / Novo", conversation.StateActive: "Em andamento",
			conversation.StatePending: "Com pendência", conversation.StateStopped: "Conversa encerrada no WhatsApp",
			conversation.StateClosed: "Concluído", conversation.StateExpired: "Expirado", conversation.StateCancelled: "Cancelado",
		},
		endings: map[string]string{
			conversation.EndClosed: "Concluído", conversation.EndN2: "Encaminhado ao N2", conversation.EndFinancial: "Recusado por pendência",
			conversation.EndRefused: "Recusado: não é cliente", conversation.EndCancelled: "Cancelado", conversation.EndExpired: "Expirado",
			conversation.EndAudited: "Concluído pela auditoria", "not_assumed": "Ticket não assumido", "client_abandonment": "Abandono do cliente",
			"agent_abandonment": "Abandono do atendente", "after_hours": "Fora do horário", "agent_unavailable": "Atendente indisponível",
			"bot_abandoned": "Abandono no robô",
		},
	}
}

func english() sheet {
	return sheet{
		name: "conversations", yes: "yes",
		columns: []string{
			"Session", "State", "Queue", "Agent", "Contact", "Phone", "Company", "CNPJ", "Ticket", "Attendance", "Started", "Ended",
			"Unanswered since", "Customer's newest message", "Snoozed until", "Tags", "Outcome", "Audit", "Needs attention", "Newest message",
		},
		states: map[conversation.State]string{
			conversation.StateBot: "Bot", conversation.StateQueued: "Queue / New", conversation.StateActive: "In progress",
			conversation.StatePending: "Pending", conversation.StateStopped: "Ended on WhatsApp", conversation.StateClosed: "Closed",
			conversation.StateExpired: "Expired", conversation.StateCancelled: "Cancelled",
		},
		endings: map[string]string{
			conversation.EndClosed: "Closed", conversation.EndN2: "Sent to second level", conversation.EndFinancial: "Refused: financial pending",
			conversation.EndRefused: "Refused: not a customer", conversation.EndCancelled: "Cancelled", conversation.EndExpired: "Expired",
			conversation.EndAudited: "Closed by the auditor", "not_assumed": "Ticket not assumed", "client_abandonment": "Abandoned by the customer",
			"agent_abandonment": "Abandoned by the agent", "after_hours": "After hours", "agent_unavailable": "No agent available",
			"bot_abandoned": "Abandoned in the bot",
		},
	}
}

// csv writes a list for spreadsheets; zone is that of a number's times.
func (s sheet) csv(rows []listRow, zone func(number string) *time.Location) []byte {
	lines := [][]string{s.columns}
	for _, r := range rows {
		lines = append(lines, s.cells(r, zone(r.Number)))
	}
	return transcript.Table(lines)
}

// sheetTime is a time as spreadsheets read one.
const sheetTime = "2006-01-02 15:04:05"

func (s sheet) cells(r listRow, zone *time.Location) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(sheetTime)
	}
	company, cnpj, last, attention, ticket := "", "", "", "", ""
	if o := r.Company; o != nil {
		company, cnpj = o.Name, o.CNPJ
	}
	if r.Last != nil {
		last = r.Last.Text
	}
	if r.Attention {
		attention = s.yes
	}
	if r.Ticket != 0 {
		ticket = strconv.FormatInt(r.Ticket, 10)
	}
	return []string{
		r.Session, s.state(r.State), r.Queue, r.OwnerName, r.Contact.Name, spacedPhone(r.Contact.Phone), company, cnpj, ticket, r.Attendance,
		at(r.Started), at(r.Ended), at(r.Unanswered), at(r.Inbound), at(r.Snoozed), strings.Join(r.Tags, ", "), s.ending(r.Outcome), s.ending(r.Verdict),
		attention, last,
	}
}

func (s sheet) state(state conversation.State) string {
	if name, ok := s.states[state]; ok {
		return name
	}
	return string(state)
}

func (s sheet) ending(code string) string {
	if name, ok := s.endings[code]; ok {
		return name
	}
	return code
}

// spacedPhone is a phone that no spreadsheet takes for a number or a formula.
func spacedPhone(phone string) string {
	digits := strings.TrimPrefix(phone, "+")
	if len(digits) > 4 && strings.HasPrefix(digits, "55") {
		return digits[:2] + " " + digits[2:4] + " " + digits[4:]
	}
	if len(digits) > 3 {
		return digits[:3] + " " + digits[3:]
	}
	return digits
}
