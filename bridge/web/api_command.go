package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// request is the body of every command; which fields count depends on the command.
type request struct {
	ID       string        `json:"id"`
	Agent    agent         `json:"agent"`
	Text     string        `json:"text"`
	ReplyTo  string        `json:"reply_to"`
	Choices  *choices      `json:"choices"`
	Template *templateCall `json:"template"`
	Phone    string        `json:"phone"`
	Ticket   int64         `json:"ticket"`
	Reason   string        `json:"reason"`
	// Of the support procedure.
	To        agent             `json:"to"`
	Group     string            `json:"group"`
	Subject   string            `json:"subject"`
	Catalogue string            `json:"catalogue"`
	Folder    string            `json:"folder"`
	Fields    map[string]string `json:"fields"`
	CNPJ      string            `json:"cnpj"`
	// Of what goes by time.
	Until   time.Time `json:"until"`
	Outcome string    `json:"outcome"`
	// Force lets an agent have more conversations than the agent's limit.
	Force bool `json:"force"`
	// Of tag, and of link.
	Add      []string `json:"add"`
	Remove   []string `json:"remove"`
	Messages []string `json:"messages"`
	Hours    int      `json:"hours"`
	// File is the id of an upload.
	File string `json:"file"`
}

type agent struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type choices struct {
	Header  string   `json:"header"`
	Footer  string   `json:"footer"`
	Button  string   `json:"button"`
	Options []option `json:"options"`
}

type option struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type templateCall struct {
	Name     string   `json:"name"`
	Language string   `json:"language"`
	Header   string   `json:"header"`
	Values   []string `json:"values"`
}

// Limits of what a command may say, in UTF-16 units as WhatsApp may count them.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
const (
	maxReply      = 4096
	maxChoiceText = 1024 // and of a caption
	maxNote       = 60_000
	maxReason     = 200
	maxName       = 100
)

// wrong is what is wrong with a command, pt-BR; "" when nothing is.
func (r request) wrong(kind conversation.CommandKind) string {
	most := maxReply
	switch {
	case kind == conversation.CommandNote:
		most = maxNote
	case r.Choices != nil, r.File != "":
		most = maxChoiceText
	}
	switch {
	case !commandID.MatchString(r.ID):
		return "O campo id precisa ter de 8 a 64 letras, algarismos, hífens ou sublinhados."
	case r.foreign(kind):
		return "O pedido tem campos que não servem aqui."
	case units(r.Text) > most:
		return "O texto é longo demais para uma mensagem."
	case units(r.Reason) > maxReason, units(r.Agent.Name) > maxName, r.Agent.ID < 0, r.Ticket < 0:
		return "Um dos campos está fora dos limites."
	case kind == conversation.CommandTemplate && r.Template == nil, r.Template != nil && (r.Template.Name == "" || r.Template.Language == ""):
		return "Informe o nome e o idioma do modelo."
	case kind == conversation.CommandSnooze && r.Until.IsZero():
		return "Informe até quando a conversa é adiada."
	}
	if r.Choices != nil {
		return r.Choices.wrong()
	}
	if wrong := r.wrongLists(); wrong != "" {
		return wrong
	}
	return r.wrongProcedure()
}

// Limits of what goes onto the ticket.
const (
	maxSubject = 150 // of Zendesk's
	maxField   = 5000
	maxFields  = 20
)

// wrongProcedure is what is wrong with the fields of the support procedure, pt-BR; "" when nothing is.
func (r request) wrongProcedure() string {
	switch {
	case units(r.Subject) > maxSubject, units(r.Catalogue) > maxSubject, units(r.Group) > maxName, units(r.To.Name) > maxName, units(r.CNPJ) > maxName,
		units(r.Outcome) > maxName, r.To.ID < 0, len(r.Fields) > maxFields:
		return "Um dos campos está fora dos limites."
	case r.Folder != "" && r.Folder != conversation.FolderDone && r.Folder != conversation.FolderPending:
		return "A pasta é finalizados ou pendentes."
	}
	for name, value := range r.Fields {
		if !slices.Contains(conversation.FieldNames(), name) {
			return "O campo " + strconv.Quote(name) + " não é conhecido; os conhecidos são: " + strings.Join(conversation.FieldNames(), ", ") + "."
		}
		if units(value) > maxField {
			return "Um dos campos está fora dos limites."
		}
	}
	return ""
}

// Limits of quick answers, in UTF-16 units. Titles on buttons are shorter than those in a list.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages
const (
	maxOptions     = 10
	maxOptionID    = 200
	maxRowTitle    = 24
	maxButtonTitle = 20
	maxDescription = 72
	maxEnds        = 60 // header and footer
)

// wrong is what is wrong with the choices, pt-BR; "" when nothing is.
func (ch choices) wrong() string {
	if len(ch.Options) < 1 || len(ch.Options) > maxOptions {
		return "As opções precisam ser de 1 a 10."
	}
	if units(ch.Header) > maxEnds || units(ch.Footer) > maxEnds || units(ch.Button) > maxButtonTitle {
		return "Um dos textos das opções é longo demais."
	}
	title, ids := maxRowTitle, map[string]bool{}
	if ch.command().Buttons() {
		title = maxButtonTitle
	}
	for _, o := range ch.Options {
		switch {
		case o.ID == "" || o.Title == "" || ids[o.ID]:
			return "Cada opção precisa de um id próprio e de um título."
		case units(o.ID) > maxOptionID, units(o.Title) > title, units(o.Description) > maxDescription:
			return "Um dos textos das opções é longo demais."
		}
		ids[o.ID] = true
	}
	return ""
}

// units counts UTF-16 units.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// command is the handler of one kind of command on a conversation.
func (a *api) command(kind conversation.CommandKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		var r request
		if err := body(c, &r); err != nil {
			return badBody(c, err)
		}
		r.Agent = callerOf(c).acting(r.Agent)
		if wrong := r.wrong(kind); wrong != "" {
			return problem(c, http.StatusBadRequest, "bad_request", wrong)
		}
		t, ok, err := a.thread(c)
		if !ok {
			return err
		}
		cmd := r.as(kind, c.Param("session"))
		if r.Force && callerOf(c).Role < RoleSupervisor {
			return forbidden(c)
		}
		if ok, err := a.preview(c, t.Number, &cmd); !ok {
			return err
		}
		if ok, err := a.attach(c, t.Key(), r.File, &cmd); !ok {
			return err
		}
		if ok, err := a.chosen(c, t.Key(), cmd); !ok {
			return err
		}
		if ok, err := a.room(c, t, cmd, r.Force); !ok {
			return err
		}
		return a.run(c, t.Key(), cmd)
	}
}

// as is the request as a command.
func (r request) as(kind conversation.CommandKind, session string) conversation.Command {
	cmd := conversation.Command{
		ID: r.ID, Kind: kind, Session: session, Agent: conversation.Agent{ID: r.Agent.ID, Name: r.Agent.Name}, Text: r.Text,
		ReplyTo: r.ReplyTo, Ticket: r.Ticket, Reason: r.Reason,
		To: conversation.Agent{ID: r.To.ID, Name: r.To.Name}, Group: r.Group, Subject: r.Subject, Catalogue: r.Catalogue, Folder: r.Folder,
		Fields: r.Fields, CNPJ: r.CNPJ, Until: r.Until, Outcome: r.Outcome,
		Add: r.Add, Remove: r.Remove, Messages: r.Messages, Hours: r.Hours,
	}
	if t := r.Template; t != nil {
		cmd.Template = &conversation.Template{Name: t.Name, Language: t.Language, Header: t.Header, Values: t.Values}
	}
	if ch := r.Choices; ch != nil {
		cmd.Choices = ch.command()
	}
	return cmd
}

// command is the choices as a command has them.
func (ch choices) command() *conversation.Choices {
	out := &conversation.Choices{Header: ch.Header, Footer: ch.Footer, Button: ch.Button}
	for _, o := range ch.Options {
		out.Options = append(out.Options, conversation.Option{ID: o.ID, Title: o.Title, Description: o.Description})
	}
	return out
}

// start begins a conversation that the company opens. The phone gets a contact only after nothing is wrong with the rest.
func (a *api) start(c echo.Context) error {
	var r request
	if err := body(c, &r); err != nil {
		return badBody(c, err)
	}
	r.Agent = callerOf(c).acting(r.Agent)
	number, ok, err := a.number(c)
	if !ok {
		return err
	}
	wrong := r.wrong(conversation.CommandStart)
	phone, err := brazil.ParsePhone(r.Phone)
	if err != nil && wrong == "" {
		wrong = "O telefone não é válido: informe o DDD e o número, ou + e o código do país."
	}
	if wrong != "" {
		return problem(c, http.StatusBadRequest, "bad_request", wrong)
	}
	cmd := r.as(conversation.CommandStart, "")
	cmd.Contact = &conversation.Contact{WaID: phone}
	if ok, err := a.preview(c, number, &cmd); !ok {
		return err
	}
	key, err := a.Threads.ThreadOfPhone(c.Request().Context(), number, phone)
	if err != nil {
		return a.unavailable(c, err)
	}
	return a.run(c, key, cmd)
}

// preview fills the template's text in, where there is one; when that fails the answer has been written and ok is false.
func (a *api) preview(c echo.Context, number string, cmd *conversation.Command) (ok bool, err error) {
	if cmd.Template == nil {
		return true, nil
	}
	text, err := a.Templates.Preview(c.Request().Context(), number, cmd.Template)
	if refusal := (interface {
		HTTPStatus() int
		Advice() string
	})(nil); errors.As(err, &refusal) {
		return false, problem(c, refusal.HTTPStatus(), "template", refusal.Advice())
	}
	if err != nil {
		return false, a.unavailable(c, err)
	}
	cmd.Text = text
	return true, nil
}

// run carries the command out and answers what became of it.
func (a *api) run(c echo.Context, key string, cmd conversation.Command) error {
	answer, ok, err := a.Commands.Command(c.Request().Context(), key, cmd)
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok:
		return c.JSON(http.StatusAccepted, conversation.Answer{ID: cmd.ID})
	}
	return answered(c, answer)
}

// answered tells what became of a command.
func answered(c echo.Context, a conversation.Answer) error {
	if !a.OK {
		return c.JSON(http.StatusConflict, a)
	}
	return c.JSON(http.StatusOK, a)
}

// answer tells what became of a command that was answered 202.
func (a *api) answer(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	return a.answerOf(c, t.Key())
}

// answerOf tells what became of the path's command in a mailbox.
func (a *api) answerOf(c echo.Context, key string) error {
	answer, ok, err := a.Commands.Answer(c.Request().Context(), key, c.Param("id"))
	switch {
	case err != nil:
		return a.unavailable(c, err)
	case !ok:
		return problem(c, http.StatusNotFound, "not_found", "O pedido não é conhecido, ainda não foi executado ou já foi esquecido.")
	}
	return answered(c, answer)
}

// templates lists what a number may send outside the window.
func (a *api) templates(c echo.Context) error {
	number, ok, err := a.number(c)
	if !ok {
		return err
	}
	list, err := a.Templates.Templates(c.Request().Context(), number)
	if err != nil {
		return a.unavailable(c, err)
	}
	if list == nil {
		list = []Template{}
	}
	return c.JSON(http.StatusOK, map[string][]Template{"templates": list})
}
