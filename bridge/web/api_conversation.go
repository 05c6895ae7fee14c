package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// view is a conversation as the API shows it.
type view struct {
	Session  string             `json:"session"`
	Number   string             `json:"number"`
	Contact  contactView        `json:"contact"`
	State    conversation.State `json:"state"`
	Ticket   int64              `json:"ticket,omitempty"`
	Owner    int64              `json:"owner,omitempty"`
	Started  time.Time          `json:"started"`
	Window   windowView         `json:"window"`
	Waiting  waitingView        `json:"waiting"`
	Sessions []string           `json:"sessions"`
	// Attendance is the number that the customer was told, Queue the group that has the conversation.
	Attendance   string              `json:"attendance,omitempty"`
	Queue        string              `json:"queue,omitempty"`
	Category     string              `json:"category,omitempty"`
	Outcome      string              `json:"outcome,omitempty"`
	Organization *organizationView   `json:"organization,omitempty"`
	Flags        []conversation.Flag `json:"flags,omitempty"`
	// Mismatches say what is wrong with the ticket; none when it matches.
	Mismatches []string `json:"mismatches,omitempty"`
	Previous   []int64  `json:"previous_tickets,omitempty"`

	clockView
}

// organizationView is the customer's company.
type organizationView struct {
	ID      int64                      `json:"id"`
	Name    string                     `json:"name"`
	CNPJ    string                     `json:"cnpj,omitempty"`
	Pending conversation.PendingAnswer `json:"pending,omitempty"`
	Checked time.Time                  `json:"checked"`
}

type contactView struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Username string `json:"username,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Zendesk  int64  `json:"zendesk,omitempty"`
}

type windowView struct {
	Open bool      `json:"open"`
	Ends time.Time `json:"ends,omitzero"`
}

// waitingView counts what is on its way.
type waitingView struct {
	Ticket int `json:"ticket"` // writes for the ticket
	Phone  int `json:"phone"`  // messages for the customer
	Kept   int `json:"kept"`   // of these, waiting for the customer to write
	Files  int `json:"files"`  // of these, waiting for their file
}

// conversation shows one conversation: the thread's newest, whichever of its sessions is asked for.
func (a *api) conversation(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	if t.Conversation == nil {
		return problem(c, http.StatusNotFound, "not_found", "Conversa não encontrada.")
	}
	return c.JSON(http.StatusOK, a.view(t))
}

func (a *api) view(t conversation.Thread) view {
	conv := t.Conversation
	v := view{
		Session: conv.Session, Number: t.Number, State: conv.State, Ticket: conv.Ticket.ID, Owner: conv.Owner, Started: conv.Started,
		Contact:  contactView{ID: t.Contact.ID, Name: t.Contact.Name, Username: t.Contact.Username, Zendesk: t.Contact.Zendesk},
		Window:   windowView{Open: t.WindowOpen(a.now(), a.Settings(t.Number).Window.Margin), Ends: t.WindowEnds()},
		Waiting:  waitingView{Ticket: len(t.Outbox.Ticket), Phone: len(t.Outbox.Phone)},
		Sessions: t.Sessions(), clockView: clockOf(t),
	}
	p := conv.Procedure
	v.Attendance, v.Queue, v.Category, v.Outcome, v.Flags, v.Previous = p.Number, p.Queue, p.Category, p.Outcome, p.Flags, p.Previous
	if o := p.Organization; o != nil {
		v.Organization = &organizationView{ID: o.ID, Name: o.Name, CNPJ: brazil.FormatCNPJ(o.CNPJ), Pending: o.Pending, Checked: o.At}
	}
	for _, m := range t.Match() {
		v.Mismatches = append(v.Mismatches, string(m))
	}
	if t.Contact.WaID != "" {
		v.Contact.Phone = "+" + t.Contact.WaID
	}
	for _, p := range t.Outbox.Phone {
		switch p.Held {
		case conversation.HoldWindow:
			v.Waiting.Kept++
		case conversation.HoldFile:
			v.Waiting.Files++
		case conversation.HoldNone, conversation.HoldBot:
		}
	}
	return v
}

// transcript hands out a session's transcript as text, HTML, CSV, JSON or PDF.
func (a *api) transcript(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	session := c.Param("session")
	entries, err := a.Threads.Transcript(c.Request().Context(), session)
	if err != nil {
		return a.unavailable(c, err)
	}
	set := a.Settings(t.Number)
	whole := transcript.Conversation{
		Session: session, Number: set.Name, Contact: t.Contact.Name, Zone: set.Zone, Written: a.now(), Mask: set.Mask.Text, Entries: entries,
	}
	if conv := t.Conversation; conv != nil && conv.Session == session {
		whole.Ticket = conv.Ticket.ID
	}
	if t.Contact.WaID != "" {
		whole.Phone = "+" + t.Contact.WaID
	}
	return a.file(c, whole, c.QueryParam("format"))
}

// file answers a transcript in a format; "" is text.
func (a *api) file(c echo.Context, whole transcript.Conversation, format string) error {
	name := func(ending string) {
		c.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", whole.Session+"."+ending))
	}
	switch format {
	case "", "text":
		return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, []byte(transcript.Text(whole)))
	case "html":
		c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		return c.Blob(http.StatusOK, echo.MIMETextHTMLCharsetUTF8, []byte(transcript.HTML(whole)))
	case "json":
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, transcript.JSON(whole))
	case "csv":
		name("csv")
		return c.Blob(http.StatusOK, "text/csv; charset=utf-8", transcript.CSV(whole))
	case "pdf":
		raw, err := transcript.PDF(whole)
		if err != nil {
			return a.unavailable(c, err)
		}
		name("pdf")
		return c.Blob(http.StatusOK, "application/pdf", raw)
	}
	return problem(c, http.StatusBadRequest, "bad_request", "O formato é text, html, json, csv ou pdf.")
}
