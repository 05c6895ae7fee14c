package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

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
	Tags       []string `json:"tags,omitempty"`
	OwnerName  string   `json:"owner_name,omitempty"`
	// Lines counts what was added to the transcript: another number means that there is something new to read.
	Lines int `json:"lines"`
	// Allowed are the commands that are not refused at once, for this caller.
	Allowed    []conversation.CommandKind `json:"allowed"`
	NumberName string                     `json:"number_name,omitempty"`
	Email      string                     `json:"email,omitempty"`
	Requester  string                     `json:"requester,omitempty"` // who of the company the ticket belongs to, where it is not the contact
	Subject    string                     `json:"subject,omitempty"`
	Now        time.Time                  `json:"now"`

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
	return c.JSON(http.StatusOK, a.view(t, callerOf(c)))
}

// ticketsConversation shows the newest conversation of the thread that a ticket belongs to.
func (a *api) ticketsConversation(c echo.Context) error {
	ticket, err := strconv.ParseInt(c.Param("ticket"), 10, 64)
	if err != nil || ticket < 1 {
		return problem(c, http.StatusNotFound, "not_found", "Conversa não encontrada.")
	}
	t, ok, err := a.Lists.OfTicket(c.Request().Context(), ticket)
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok, t.Conversation == nil, !callerOf(c).Sees(t, a.Settings(t.Number).Desk.Queue):
		return problem(c, http.StatusNotFound, "not_found", "Conversa não encontrada.")
	}
	return c.JSON(http.StatusOK, a.view(t, callerOf(c)))
}

// allowed lists the commands on a thread's newest conversation that are not refused to a caller at once.
func (a *api) allowed(t conversation.Thread, caller Caller) []conversation.CommandKind {
	list := []conversation.CommandKind{}
	for _, kind := range conversation.CommandKinds() {
		switch {
		case t.Forbids(kind, caller.Agent.ID):
		case kind == conversation.CommandN2 && a.Settings(t.Number).Desk.N2 == "":
		case caller.Role < needs(http.MethodPost, "/conversations/:session/"+string(kind)):
		default:
			list = append(list, kind)
		}
	}
	return list
}

func (a *api) view(t conversation.Thread, caller Caller) view {
	conv, set, now := t.Conversation, a.Settings(t.Number), a.now()
	v := view{
		Session: conv.Session, Number: t.Number, State: conv.State, Ticket: conv.Ticket.ID, Owner: conv.Owner, Started: conv.Started,
		Contact: contactOf(t.Contact), Window: windowOf(t, set, now), Organization: organizationOf(conv.Procedure.Organization),
		Waiting:  waitingView{Ticket: len(t.Outbox.Ticket), Phone: len(t.Outbox.Phone)},
		Sessions: t.Sessions(), clockView: clockOf(t), Tags: conv.Tags, OwnerName: conv.Clock.Name, Lines: conv.Lines,
		Allowed: a.allowed(t, caller), NumberName: set.Name, Now: now,
	}
	p := conv.Procedure
	v.Email, v.Requester, v.Subject = cmp.Or(p.Email, t.Contact.Email), p.RequesterName, p.Subject
	v.Attendance, v.Queue, v.Category, v.Outcome, v.Flags, v.Previous = p.Number, p.Queue, p.Category, p.Outcome, p.Flags, p.Previous
	for _, m := range t.Match() {
		v.Mismatches = append(v.Mismatches, string(m))
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
