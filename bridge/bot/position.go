package bot

import (
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// answerPosition takes the number of a ticket.
func (t *turn) answerPosition(picked, text string) {
	if t.elsewhere(picked, text) {
		return
	}
	ticket := findTicket(text)
	switch {
	case ticket == 0:
		t.misunderstood(text, func() { t.say(t.fill(t.says.AskPosition)) })
	case t.Procedure.Organization == nil: // nobody may hear of a ticket that could be another's
		t.m.Ticket = ticket
		t.aboutPosition()
		t.handOver("no organisation to ask for")
	default:
		t.m.Ticket = ticket
		t.out.Position = ticket
		t.because("position asked for")
		t.wait(conversation.BotPosition)
	}
}

// found tells where the ticket stands, and asks whether there is anything more.
func (t *turn) found(p conversation.Position) {
	text, how := t.where(p, t.ours(p))
	t.because("position: " + string(how))
	t.say(text)
	if how != missing {
		t.aboutPosition()
	}
	if how == undated {
		t.handOver("no date is known")
		return
	}
	t.anythingMore()
}

// standing is how a ticket stands, as far as the texts differ.
type standing string

const (
	missing standing = "no such ticket"
	solved  standing = "solved"
	dated   standing = "expected"
	undated standing = "open"
)

// where is what the customer is told of a ticket; ours says that it is there and of the customer's organisation.
func (t *turn) where(p conversation.Position, ours bool) (string, standing) {
	status, date := t.status(p.Status), day(p.Expected)
	switch {
	case !ours:
		return t.position(t.says.NoPosition, "", ""), missing
	case p.Status == "solved" || p.Status == "closed":
		return t.position(t.says.PositionDone, status, date), solved
	case date == "":
		return t.position(t.says.PositionOpen, status, date), undated
	}
	return t.position(t.says.Position, status, date), dated
}

// ours tells whether a ticket is there and of the customer's organisation.
func (t *turn) ours(p conversation.Position) bool {
	o := t.Procedure.Organization
	return p.Found && p.Status != "deleted" && o != nil && (p.Organization == 0 || p.Organization == o.ID)
}

// aboutPosition calls the conversation's ticket after the one that was asked about.
func (t *turn) aboutPosition() {
	t.out.Subject = t.fill(strings.ReplaceAll(t.Settings.Subjects.Position, settings.TicketAsked, strconv.FormatInt(t.m.Ticket, 10)))
	t.out.Category = t.Settings.Catalogue.Position
}

func (t *turn) position(text, status, date string) string {
	return t.fill(text, "{{chamado.id}}", strconv.FormatInt(t.m.Ticket, 10), "{{chamado.status}}", status, "{{chamado.data}}", date)
}

// status is a ticket's status in the customer's language.
func (t *turn) status(s string) string {
	if t.Settings.Language == settings.LanguageEN {
		if s == "hold" {
			return "on hold"
		}
		return s
	}
	switch s {
	case "new":
		return "novo"
	case "open":
		return "aberto"
	case "pending":
		return "pendente"
	case "hold":
		return "em espera"
	case "solved":
		return "resolvido"
	case "closed":
		return "fechado"
	}
	return s
}

// day is a date as it is written in Brazil, "" when it is none.
func day(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return at.Format("02/01/2006")
}
