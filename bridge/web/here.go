package web

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
)

// Doing is what an agent does at a conversation.
type Doing string

// What an agent can do there.
const (
	Viewing Doing = "viewing"
	Typing  Doing = "typing" // and viewing
	Left    Doing = "left"
)

// Notes keeps what agents leave beside conversations.
type Notes interface {
	// Here notes what an agent does at a session, and tells who is there.
	Here(ctx context.Context, session string, agent conversation.Agent, doing Doing) ([]live.Visitor, error)
	// Draft is what an agent has begun to write at a session.
	Draft(ctx context.Context, session string, agent int64) (Draft, error)
	// KeepDraft keeps it; an empty one is forgotten.
	KeepDraft(ctx context.Context, session string, agent int64, d Draft) error
	// MarkSeen notes that an agent has read a session up to a time; an earlier one than before marks as unread again.
	MarkSeen(ctx context.Context, session string, agent int64, at time.Time) error
}

// Draft is what an agent has begun to write: words for the customer and a note.
type Draft struct {
	Reply string `json:"reply,omitempty"`
	Note  string `json:"note,omitempty"`
}

// mostDraft is how long each text of a draft may be, in characters.
const mostDraft = 60_000

// herePerson is who looks at a conversation, as the API shows it.
type herePerson struct {
	ID     int64  `json:"id"`
	Name   string `json:"name,omitempty"`
	Typing bool   `json:"typing"`
}

// hereView is who looks at a conversation.
type hereView struct {
	Session string       `json:"session"`
	Agents  []herePerson `json:"agents"`
}

// hereOf is who is at a session, but for one agent, who knows.
func hereOf(session string, visitors []live.Visitor, but int64) hereView {
	v := hereView{Session: session, Agents: []herePerson{}}
	for _, a := range visitors {
		if a.ID != but {
			v.Agents = append(v.Agents, herePerson{a.ID, a.Name, a.Typing})
		}
	}
	return v
}

// beside mounts what agents leave beside conversations.
func (a *api) beside(g *echo.Group) {
	g.GET("/stream", a.follow)
	g.PUT("/conversations/:session/here", a.beHere)
	g.GET("/conversations/:session/draft", a.showDraft)
	g.PUT("/conversations/:session/draft", a.keepDraft)
	g.PUT("/conversations/:session/seen", a.markSeen)
}

// visit finds the agent who asks, and sees to it that they may see the path's session; when not, the answer has been written and ok is
// false. A program is nobody who looks, writes or reads.
func (a *api) visit(c echo.Context) (agent conversation.Agent, session string, ok bool, err error) {
	caller := callerOf(c)
	if caller.Program() {
		return agent, "", false, problem(c, http.StatusBadRequest, "no_agent", "Isto é de cada agente: entre com a sessão de uma pessoa, não com um segredo.")
	}
	if _, ok, err := a.thread(c); !ok {
		return agent, "", false, err
	}
	return caller.Agent.Agent, c.Param("session"), true, nil
}

// beHere notes that the caller looks at a conversation.
func (a *api) beHere(c echo.Context) error {
	agent, session, ok, err := a.visit(c)
	if !ok {
		return err
	}
	var in struct {
		Doing Doing `json:"doing"`
	}
	if err := body(c, &in); err != nil {
		return badBody(c, err)
	}
	switch in.Doing {
	case Viewing, Typing, Left:
	default:
		return problem(c, http.StatusBadRequest, "bad_request", "O campo doing é viewing, typing ou left.")
	}
	visitors, err := a.Notes.Here(c.Request().Context(), session, agent, in.Doing)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, hereOf(session, visitors, agent.ID))
}

// showDraft tells what the caller has begun to write.
func (a *api) showDraft(c echo.Context) error {
	agent, session, ok, err := a.visit(c)
	if !ok {
		return err
	}
	draft, err := a.Notes.Draft(c.Request().Context(), session, agent.ID)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, draft)
}

// keepDraft keeps what the caller has begun to write.
func (a *api) keepDraft(c echo.Context) error {
	agent, session, ok, err := a.visit(c)
	if !ok {
		return err
	}
	var draft Draft
	if err := body(c, &draft); err != nil {
		return badBody(c, err)
	}
	if utf8.RuneCountInString(draft.Reply) > mostDraft || utf8.RuneCountInString(draft.Note) > mostDraft {
		return problem(c, http.StatusBadRequest, "too_long", "O rascunho é longo demais: no máximo 60.000 caracteres por texto.")
	}
	if err := a.Notes.KeepDraft(c.Request().Context(), session, agent.ID, draft); err != nil {
		return a.unavailable(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// markSeen notes up to when the caller has read a conversation. Nobody has read what is yet to come.
func (a *api) markSeen(c echo.Context) error {
	agent, session, ok, err := a.visit(c)
	if !ok {
		return err
	}
	var in struct {
		At *time.Time `json:"at"`
	}
	if err := body(c, &in); err != nil {
		return badBody(c, err)
	}
	if in.At == nil {
		return problem(c, http.StatusBadRequest, "bad_request", "O campo at é obrigatório: até quando a conversa foi lida.")
	}
	at := *in.At
	if now := a.now(); at.After(now) {
		at = now
	}
	if err := a.Notes.MarkSeen(c.Request().Context(), session, agent.ID, at); err != nil {
		return a.unavailable(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}
