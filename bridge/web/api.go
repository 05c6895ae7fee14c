package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Commands carries commands out.
type Commands interface {
	// Command appends a command to a thread's mailbox and waits a while for what became of it; ok is false when that is not
	// known yet. The same command id again is the same command.
	Command(ctx context.Context, key string, c conversation.Command) (a conversation.Answer, ok bool, err error)
	// Answer reads what became of a command; ok is false while that is not known, or not any more.
	Answer(ctx context.Context, key, id string) (a conversation.Answer, ok bool, err error)
}

// Threads reads threads.
type Threads interface {
	// Thread reads the thread of a session, wherever it moved; ok is false when there is none.
	Thread(ctx context.Context, session string) (t conversation.Thread, ok bool, err error)
	// Transcript reads a session's entries, oldest first.
	Transcript(ctx context.Context, session string) ([]conversation.Entry, error)
	// ThreadOfPhone is the mailbox of the thread with a phone, in the digits of an international number; first sight makes a
	// contact.
	ThreadOfPhone(ctx context.Context, number, phone string) (key string, err error)
}

// Templates knows WhatsApp's message templates.
type Templates interface {
	// Templates lists those that a number may use.
	Templates(ctx context.Context, number string) ([]Template, error)
	// Preview is a template's text as the customer reads it, and fills in what its variables are called. An error that tells an HTTP status (`HTTPStatus() int`) and
	// advice (`Advice() string`, pt-BR) says what is wrong with it.
	Preview(ctx context.Context, number string, t *conversation.Template) (string, error)
}

// Template is a message template.
type Template struct {
	Name      string `json:"name"`
	Language  string `json:"language"`
	Status    string `json:"status"`
	Category  string `json:"category"`
	Body      string `json:"body"`
	Variables int    `json:"variables"`
}

// API is what stands behind /api/v1.
type API struct {
	// Secrets are what a request may carry as bearer token, several while rotating. Without any nobody gets in.
	Secrets   []string
	Commands  Commands
	Threads   Threads
	Templates Templates
	Uploads   Uploads
	Desk      Desk
	Lists     Lists
	Reports   Reports
	Live      Live  // nil: there are no live updates
	Notes     Notes // of people; needed where there are Sessions
	Settings  func(number string) settings.Number
	Account   func() settings.Account
	Now       func() time.Time
	// Sessions, Entrance and Exit are about people who come from Zendesk; nil: there are none.
	Sessions Sessions
	Entrance Entrance
	Exit     Exit
	// Lines lists the company's numbers.
	Lines func() []Line
	// Reads is what else the app reads.
	Reads Reads
	// ZendeskURL is the account's address.
	ZendeskURL string
}

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI is the description of /api/v1.
func OpenAPI() []byte { return openAPI }

// api serves API.
type api struct {
	API
	logger  *slog.Logger
	entries entries
}

// apiPrefix is where the API is mounted.
const apiPrefix = "/api/v1"

// mount puts the API under apiPrefix.
func (a *api) mount(e *echo.Echo) {
	e.GET(apiPrefix+"/openapi.yaml", func(c echo.Context) error { return c.Blob(http.StatusOK, "application/yaml", openAPI) })
	g := e.Group(apiPrefix, a.authorized)
	a.sessions(e, g)
	g.GET("/conversations", a.list)
	g.GET("/tickets/:ticket/conversation", a.ticketsConversation)
	g.GET("/overview", a.overview)
	g.GET("/conversations/:session", a.conversation)
	g.GET("/conversations/:session/transcript", a.transcript)
	g.GET("/conversations/:session/commands/:id", a.answer)
	for _, kind := range []conversation.CommandKind{
		conversation.CommandReply, conversation.CommandNote, conversation.CommandTemplate, conversation.CommandStop,
		conversation.CommandRestart, conversation.CommandTyping, conversation.CommandOpen, conversation.CommandTake, conversation.CommandTransfer,
		conversation.CommandN2, conversation.CommandClose, conversation.CommandCancel, conversation.CommandIdentify, conversation.CommandOverride,
		conversation.CommandPosition, conversation.CommandSnooze, conversation.CommandWake, conversation.CommandAttention, conversation.CommandResolve,
		conversation.CommandMute, conversation.CommandUnmute, conversation.CommandOverrule, conversation.CommandTag,
		conversation.CommandLink,
	} {
		g.POST("/conversations/:session/"+string(kind), a.command(kind))
	}
	g.POST("/conversations/:session/uploads", a.upload)
	g.POST("/numbers/:number/conversations", a.start)
	g.GET("/numbers/:number/templates", a.templates)
	g.GET("/agents", a.agents)
	g.PUT("/agents/:agent/presence", a.presence)
	g.PUT("/agents/:agent/limit", a.limit)
	g.GET("/agents/:agent/commands/:id", a.deskAnswer)
	g.GET("/queues", a.queues)
	a.reports(g)
	a.reading(g)
	a.beside(g)
}

// problem answers an error: its code for programs, its text for people.
func problem(c echo.Context, status int, code, text string) error {
	return c.JSON(status, struct {
		Code string `json:"code"`
		Text string `json:"text"`
	}{code, text})
}

// MaxCommand is the largest command taken in, in bytes.
const MaxCommand = 256 << 10

// body reads a request strictly: what is not known is refused, so that a misspelt field is no silent default.
func body(c echo.Context, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, MaxCommand))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	switch _, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return errors.New("more than one object")
}

// badBody answers a request that can't be read.
func badBody(c echo.Context, err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return problem(c, http.StatusRequestEntityTooLarge, "too_large", "O pedido é grande demais.")
	}
	return problem(c, http.StatusBadRequest, "bad_request", "O pedido não pôde ser lido: confira o JSON e os nomes dos campos.")
}

// commandID is the form of ids that clients choose, and numberID that of a phone_number_id: a mailbox's key begins with it.
var (
	commandID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	numberID  = regexp.MustCompile(`^[0-9]{1,32}$`)
)

// number is the path's phone_number_id; when it can't be one the answer has been written and ok is false.
func (a *api) number(c echo.Context) (number string, ok bool, err error) {
	if number = c.Param("number"); !numberID.MatchString(number) {
		return "", false, problem(c, http.StatusBadRequest, "bad_request", "O número é o phone_number_id: só algarismos.")
	}
	return number, true, nil
}

// now is the time of the decisions.
func (a *api) now() time.Time { return a.Now() }

// unavailable answers what went wrong on our side or a peer's: nothing of the cause, but that it is worth another try.
func (a *api) unavailable(c echo.Context, err error) error {
	ctx := c.Request().Context()
	if ctx.Err() == nil {
		a.logger.ErrorContext(ctx, "api request failed", "error", err)
	}
	return problem(c, http.StatusServiceUnavailable, "unavailable", "O serviço está indisponível agora. Tente de novo em instantes.")
}

// thread finds the thread of the path's session; without one, and when the caller may not see it, the answer has been written and ok is
// false. Both are answered alike: nobody learns of a conversation by asking.
func (a *api) thread(c echo.Context) (t conversation.Thread, ok bool, err error) {
	return a.threadOf(c, c.Param("session"))
}

// threadOf is thread for a session that stands elsewhere.
func (a *api) threadOf(c echo.Context, session string) (t conversation.Thread, ok bool, err error) {
	t, ok, err = a.Threads.Thread(c.Request().Context(), session)
	switch {
	case err != nil:
		return t, false, a.unavailable(c, err)
	case !ok, !slices.Contains(t.Sessions(), session), !callerOf(c).Sees(t, a.Settings(t.Number).Desk.Queue):
		return t, false, problem(c, http.StatusNotFound, "not_found", "Conversa não encontrada.")
	}
	return t, true, nil
}
