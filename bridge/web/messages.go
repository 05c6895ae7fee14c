package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// messageList is what is new of a session's messages.
type messageList struct {
	Session  string        `json:"session"`
	Rev      int           `json:"rev"`
	Messages []messageView `json:"messages"`
	Gone     []string      `json:"gone,omitempty"`
}

// messageView is a message as the API shows it.
type messageView struct {
	ID       string              `json:"id"`
	Rev      int                 `json:"rev"`
	Place    int                 `json:"place"`
	At       time.Time           `json:"at"`
	Kind     string              `json:"kind"`
	Author   conversation.Author `json:"author,omitempty"`
	Agent    int64               `json:"agent,omitempty"`
	Who      string              `json:"who,omitempty"`
	Origin   conversation.Origin `json:"origin,omitempty"`
	Type     string              `json:"type,omitempty"`
	Text     string              `json:"text,omitempty"`
	Command  string              `json:"command,omitempty"`
	WAMID    string              `json:"wamid,omitempty"`
	Template string              `json:"template,omitempty"`
	Quote    *quoteView          `json:"quote,omitempty"`
	Files    []fileView          `json:"files,omitempty"`
	// Reactions are those that stand.
	Reactions []reactionView             `json:"reactions,omitempty"`
	Edited    time.Time                  `json:"edited,omitzero"`
	Original  string                     `json:"original,omitempty"`
	Revoked   time.Time                  `json:"revoked,omitzero"`
	Delivery  conversation.DeliveryState `json:"delivery,omitempty"`
	Delivered time.Time                  `json:"delivered_at,omitzero"`
	Reason    string                     `json:"reason,omitempty"`
	State     conversation.State         `json:"state,omitempty"`
	Before    conversation.State         `json:"before,omitempty"`
}

type quoteView struct {
	ID      string              `json:"id"`
	Missing bool                `json:"missing,omitempty"`
	Author  conversation.Author `json:"author,omitempty"`
	Who     string              `json:"who,omitempty"`
	Text    string              `json:"text,omitempty"`
	Type    string              `json:"type,omitempty"`
}

type fileView struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
	MIME    string `json:"mime,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Voice   bool   `json:"voice,omitempty"`
	Refused string `json:"refused,omitempty"`
}

type reactionView struct {
	Emoji  string              `json:"emoji"`
	Author conversation.Author `json:"author"`
	Who    string              `json:"who,omitempty"`
}

// Reads is what stands behind the parts of the API that the app reads besides conversations.
type Reads struct {
	Canned  CannedReplies
	Files   Files
	Past    Past
	Zendesk Account
	Work    Work
}

// reading mounts what the app reads.
func (a *api) reading(g *echo.Group) {
	g.GET("/conversations/:session/messages", a.messages)
	g.GET("/canned", a.canned)
	g.POST("/canned", a.addCanned)
	g.PUT("/canned/:id", a.changeCanned)
	g.DELETE("/canned/:id", a.dropCanned)
	g.GET("/conversations/:session/files/:file", a.showFile)
	g.GET("/conversations/:session/history", a.past)
	g.GET("/catalogue", a.catalogue)
	g.GET("/tickets", a.findTickets)
	g.GET("/work", a.work)
	g.POST("/work/dead/:id", a.operate("id", Work.Replay))
	g.DELETE("/work/dead/:id", a.operate("id", Work.Drop))
	g.POST("/work/halted/:key", a.operate("key", Work.Resume))
}

// messages answers the messages of a session, or those that changed since a rev.
func (a *api) messages(c echo.Context) error {
	t, ok, err := a.thread(c)
	if !ok {
		return err
	}
	since := 0
	if text := c.QueryParam("since"); text != "" {
		if since, err = strconv.Atoi(text); err != nil || since < 0 {
			return problem(c, http.StatusBadRequest, "bad_request", "O parâmetro since é o rev de uma resposta anterior.")
		}
	}
	ctx, session := c.Request().Context(), c.Param("session")
	entries, err := a.Threads.Transcript(ctx, session)
	if err != nil {
		return a.unavailable(c, err)
	}
	changed, gone := transcript.Since(entries, since)
	list := messageList{Session: session, Rev: len(entries), Messages: make([]messageView, 0, len(changed)), Gone: gone}
	names := names{customer: t.Contact.Name}
	if names.agents, err = a.agentNames(ctx, changed); err != nil {
		return a.unavailable(c, err)
	}
	for _, m := range changed {
		list.Messages = append(list.Messages, names.view(m))
	}
	return c.JSON(http.StatusOK, list)
}

// names is what the people of a conversation are called.
type names struct {
	customer string
	agents   map[int64]string
}

// agentNames is what those agents are called whom the log knows by their ids alone, as far as the desk knows them.
func (a *api) agentNames(ctx context.Context, list []transcript.Message) (map[int64]string, error) {
	called := map[int64]string{}
	for _, m := range list {
		if m.Agent != 0 && m.Who == "" {
			called[m.Agent] = ""
		}
	}
	if len(called) == 0 {
		return called, nil
	}
	desk, err := a.Desk.Desk(ctx)
	if err != nil {
		return nil, err
	}
	for id := range called {
		called[id] = desk.Agents[id].Name
	}
	return called, nil
}

// of is what an author is called: as the log says, else as is known of them.
func (n names) of(author conversation.Author, agent int64, who string) string {
	switch author {
	case conversation.AuthorCustomer:
		return cmp.Or(who, n.customer)
	case conversation.AuthorAgent:
		return cmp.Or(who, n.agents[agent])
	case conversation.AuthorPonte:
	}
	return who
}

// view is a message as the API shows it.
func (n names) view(m transcript.Message) messageView {
	v := messageView{
		ID: m.Key, Rev: m.Rev, Place: m.Place, At: m.At, Kind: kindOf(m), Author: m.Author, Agent: m.Agent, Who: n.of(m.Author, m.Agent, m.Who),
		Origin: m.Origin, Type: m.Type, Command: m.Command, Template: m.Template, Delivery: m.Delivery, Delivered: m.DeliveredAt,
		Reason: m.Why(transcript.Portuguese), State: m.State, Before: m.Before,
	}
	v.Text, v.Original = m.Present()
	if m.ID != m.Effect {
		v.WAMID = m.ID
	}
	if q := m.Quote; q != nil {
		v.Quote = &quoteView{ID: cmp.Or(q.Key, q.ID), Missing: q.Missing, Author: q.Author, Who: n.of(q.Author, 0, q.Who), Text: q.Text, Type: q.Type}
	}
	for _, f := range m.Files {
		v.Files = append(v.Files, fileOf(f))
	}
	for _, r := range m.Standing() {
		v.Reactions = append(v.Reactions, reactionView{Emoji: r.Emoji, Author: r.Author, Who: n.of(r.Author, 0, r.Who)})
	}
	if k := len(m.Edits); k > 0 {
		v.Edited = m.Edits[k-1].At
	}
	if m.Revoked != nil {
		v.Revoked = m.Revoked.At
	}
	return v
}

// fileOf is a file of a message as the API shows it.
func fileOf(f transcript.File) fileView {
	v := fileView{ID: f.ID, Kind: cmp.Or(f.Kind, "document"), Name: f.Name, MIME: f.MIME, Size: f.Size, Voice: f.Voice}
	if f.Refused {
		v.Refused = cmp.Or(f.Reason, "O arquivo não chegou.")
	}
	return v
}

// kindOf is what a message is in the app: notes are people's words, notices Ponte's own.
func kindOf(m transcript.Message) string {
	switch {
	case m.Audit():
		return "verdict"
	case m.Kind == transcript.KindNote && m.Author == conversation.AuthorPonte:
		return string(transcript.KindNotice)
	}
	return string(m.Kind)
}

// param is a path parameter as it was meant: where the path holds escapes that a path needs, the router leaves them.
func param(c echo.Context, name string) string {
	value := c.Param(name)
	if c.Request().URL.RawPath == "" {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}
