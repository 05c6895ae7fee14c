package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// CannedReplies are the replies that were written beforehand.
type CannedReplies interface {
	// List is all of them, by folder and title.
	List(ctx context.Context) ([]Canned, error)
	// Add keeps a new one and returns its id. Errors are ErrShortTaken, ErrCannedFull, or the store's.
	Add(ctx context.Context, r Canned) (id string, err error)
	// Change keeps one over the one with its id. Errors are ErrNoCanned, ErrShortTaken, or the store's.
	Change(ctx context.Context, r Canned) error
	// Drop removes one. Errors are ErrNoCanned, or the store's.
	Drop(ctx context.Context, id string) error
}

// Errors of CannedReplies.
var (
	ErrNoCanned   = errors.New("no such canned reply")
	ErrShortTaken = errors.New("another canned reply has this short name")
	ErrCannedFull = errors.New("there are too many canned replies")
)

// Canned is a reply that was written beforehand.
type Canned struct {
	ID     string `json:"id"`
	Folder string `json:"folder,omitempty"`
	Title  string `json:"title"`
	Short  string `json:"short,omitempty"` // what is typed after "/"
	Text   string `json:"text"`
	// Filled is the text with a session's variables; Missing are those without a value, which stand in it as they are.
	Filled  string   `json:"filled,omitempty"`
	Missing []string `json:"missing,omitempty"`
}

// Limits of a canned reply, in UTF-16 units.
const (
	maxCannedName  = 100
	maxCannedShort = 40
	maxCannedText  = 4096
)

// canned lists the replies, filled in for a session where one is named.
func (a *api) canned(c echo.Context) error {
	var values map[string]string
	session := c.QueryParam("session")
	if session != "" {
		t, ok, err := a.threadOf(c, session)
		if !ok {
			return err
		}
		values = a.valuesOf(t, callerOf(c))
	}
	list, err := a.Reads.Canned.List(c.Request().Context())
	if err != nil {
		return a.unavailable(c, err)
	}
	list = append([]Canned{}, list...)
	for i := range list {
		if values != nil {
			list[i].Filled, list[i].Missing = settings.FillKnown(list[i].Text, values)
		}
	}
	return c.JSON(http.StatusOK, struct {
		Replies []Canned `json:"replies"`
	}{list})
}

// valuesOf is what the variables stand for in a thread's texts when the caller writes them.
func (a *api) valuesOf(t conversation.Thread, caller Caller) map[string]string {
	values := maps.Clone(t.Values())
	values["{{agente.nome}}"] = caller.Agent.Name
	if strings.TrimSpace(values["{{fila.nome}}"]) == "" {
		values["{{fila.nome}}"] = a.Settings(t.Number).Desk.Queue
	}
	return values
}

// cannedText is what people say of a reply.
type cannedText struct {
	Folder string `json:"folder"`
	Title  string `json:"title"`
	Short  string `json:"short"`
	Text   string `json:"text"`
}

// wrong says what is wrong with a reply, pt-BR; "" when nothing is.
func (t cannedText) wrong() string {
	switch {
	case strings.TrimSpace(t.Title) == "", units(t.Title) > maxCannedName, units(t.Folder) > maxCannedName:
		return "Informe um título. Título e pasta têm no máximo 100 caracteres."
	case strings.TrimSpace(t.Text) == "", units(t.Text) > maxCannedText:
		return "Informe o texto da resposta, com no máximo 4096 caracteres."
	case units(t.Short) > maxCannedShort, strings.ContainsFunc(t.Short, func(r rune) bool { return r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "O atalho é uma só palavra, sem barra, com no máximo 40 caracteres."
	}
	return ""
}

// cannedBody reads a reply from a request; when it can't, the answer has been written and ok is false.
func (a *api) cannedBody(c echo.Context, id string) (r Canned, ok bool, err error) {
	var t cannedText
	if err := body(c, &t); err != nil {
		return r, false, badBody(c, err)
	}
	t.Folder, t.Title = strings.TrimSpace(t.Folder), strings.TrimSpace(t.Title)
	if why := t.wrong(); why != "" {
		return r, false, problem(c, http.StatusBadRequest, "bad_request", why)
	}
	return Canned{ID: id, Folder: t.Folder, Title: t.Title, Short: t.Short, Text: t.Text}, true, nil
}

func (a *api) addCanned(c echo.Context) error {
	r, ok, err := a.cannedBody(c, "")
	if !ok {
		return err
	}
	if r.ID, err = a.Reads.Canned.Add(c.Request().Context(), r); err != nil {
		return a.notCanned(c, err)
	}
	return c.JSON(http.StatusOK, r)
}

func (a *api) changeCanned(c echo.Context) error {
	r, ok, err := a.cannedBody(c, param(c, "id"))
	if !ok {
		return err
	}
	if err := a.Reads.Canned.Change(c.Request().Context(), r); err != nil {
		return a.notCanned(c, err)
	}
	return c.JSON(http.StatusOK, r)
}

func (a *api) dropCanned(c echo.Context) error {
	if err := a.Reads.Canned.Drop(c.Request().Context(), param(c, "id")); err != nil {
		return a.notCanned(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// notCanned answers why a reply was not kept or removed.
func (a *api) notCanned(c echo.Context, err error) error {
	switch {
	case errors.Is(err, ErrNoCanned):
		return problem(c, http.StatusNotFound, "not_found", "Resposta pronta não encontrada.")
	case errors.Is(err, ErrShortTaken):
		return problem(c, http.StatusConflict, "short_taken", "Outra resposta pronta já usa este atalho.")
	case errors.Is(err, ErrCannedFull):
		return problem(c, http.StatusConflict, "too_many", "Há respostas prontas demais. Remova alguma antes de criar outra.")
	}
	return a.unavailable(c, err)
}
