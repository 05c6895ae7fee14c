package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Desk reads who is there and who waits.
type Desk interface {
	// Desk is the desk as it was last committed.
	Desk(ctx context.Context) (conversation.Desk, error)
	// Loads counts the conversations that agents attend.
	Loads(ctx context.Context, agents []int64) (map[int64]int, error)
	// Queues tells how many conversations wait in queues.
	Queues(ctx context.Context, names []string) (map[string]QueueState, error)
}

// QueueState is how a queue stands.
type QueueState struct {
	Waiting int
	Longest time.Time // since when the one waits that waits longest; zero = none does
}

// agentView is an agent as the API shows one.
type agentView struct {
	ID       int64                 `json:"id"`
	Name     string                `json:"name,omitempty"`
	Presence conversation.Presence `json:"presence"`
	Since    time.Time             `json:"since,omitzero"`
	Groups   []groupView           `json:"groups"`
	Limit    int                   `json:"limit"`
	// Own says that the limit is the agent's own, not the installation's.
	Own  bool `json:"own_limit,omitempty"`
	Load int  `json:"load"`
	// Coming are conversations on their way to the agent.
	Coming int       `json:"coming,omitempty"`
	Given  time.Time `json:"given,omitzero"`
}

type groupView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// room is how many more conversations the agent may get.
func (v agentView) room() int { return v.Limit - v.Load - v.Coming }

// team reads all agents that the desk knows, in the order of their ids.
func (a *api) team(ctx context.Context) ([]agentView, conversation.Desk, error) {
	desk, err := a.Desk.Desk(ctx)
	if err != nil {
		return nil, desk, err
	}
	ids := slices.Sorted(maps.Keys(desk.Agents))
	loads, err := a.Desk.Loads(ctx, ids)
	if err != nil {
		return nil, desk, err
	}
	team := make([]agentView, len(ids))
	for i, id := range ids {
		team[i] = a.agentView(desk, desk.Agents[id], loads[id])
	}
	return team, desk, nil
}

// agentView is one agent of the desk.
func (a *api) agentView(desk conversation.Desk, g conversation.DeskAgent, load int) agentView {
	v := agentView{
		ID: g.ID, Name: g.Name, Presence: g.Presence, Since: g.Since, Groups: []groupView{}, Limit: g.Most(a.Account().AgentLimit), Own: g.Limit > 0,
		Load: load, Coming: desk.OnTheirWay(g.ID), Given: g.Given,
	}
	for _, group := range g.Groups {
		v.Groups = append(v.Groups, groupView{group.ID, group.Name})
	}
	return v
}

// agents lists who is known at the desk; online=1 only those who take conversations.
func (a *api) agents(c echo.Context) error {
	online := c.QueryParam("online")
	if online != "" && online != "0" && online != "1" {
		return problem(c, http.StatusBadRequest, "bad_request", "O filtro online é 0 ou 1.")
	}
	team, _, err := a.team(c.Request().Context())
	if err != nil {
		return a.unavailable(c, err)
	}
	if online == "1" {
		team = slices.DeleteFunc(team, func(v agentView) bool { return v.Presence != conversation.PresenceOnline })
	}
	return c.JSON(http.StatusOK, map[string][]agentView{"agents": team})
}

// queueView is a queue as the API shows one.
type queueView struct {
	Queue    string    `json:"queue"`
	Waiting  int       `json:"waiting"`
	Longest  time.Time `json:"longest_since,omitzero"`
	Online   int       `json:"online"`
	WithRoom int       `json:"with_room"`
}

// queues lists the queues that conversations have waited in, and how each stands.
func (a *api) queues(c echo.Context) error {
	ctx := c.Request().Context()
	team, desk, err := a.team(ctx)
	if err != nil {
		return a.unavailable(c, err)
	}
	list, err := a.queueViews(ctx, desk, team)
	if err != nil {
		return a.unavailable(c, err)
	}
	return c.JSON(http.StatusOK, map[string][]queueView{"queues": list})
}

// queueViews tells how each queue stands, in the order of their names.
func (a *api) queueViews(ctx context.Context, desk conversation.Desk, team []agentView) ([]queueView, error) {
	states, err := a.Desk.Queues(ctx, desk.Known)
	if err != nil {
		return nil, err
	}
	list := make([]queueView, len(desk.Known))
	for i, name := range desk.Known {
		list[i] = queueView{Queue: name, Waiting: states[name].Waiting, Longest: states[name].Longest}
		for _, v := range team {
			if v.Presence != conversation.PresenceOnline || !desk.Agents[v.ID].Serves(name) {
				continue
			}
			list[i].Online++
			if v.room() > 0 {
				list[i].WithRoom++
			}
		}
	}
	slices.SortFunc(list, func(a, b queueView) int { return cmp.Compare(a.Queue, b.Queue) })
	return list, nil
}

// agentID is the path's agent; when it can't be one the answer has been written and ok is false.
func (a *api) agentID(c echo.Context) (id int64, ok bool, err error) {
	id, bad := strconv.ParseInt(c.Param("agent"), 10, 64)
	if bad != nil || id <= 0 {
		return 0, false, problem(c, http.StatusBadRequest, "bad_request", "O agente é o número do usuário no Zendesk.")
	}
	return id, true, nil
}

// badID is what is wrong with a command's id, pt-BR; "" when nothing is.
func badID(id string) string {
	if !commandID.MatchString(id) {
		return "O campo id precisa ter de 8 a 64 letras, algarismos, hífens ou sublinhados."
	}
	return ""
}

// presence lets an agent take conversations, or not.
func (a *api) presence(c echo.Context) error {
	var r struct {
		ID       string                `json:"id"`
		Presence conversation.Presence `json:"presence"`
		Name     string                `json:"name"`
	}
	return a.deskCommand(c, &r, func(cmd *conversation.Command) string {
		cmd.ID, cmd.Kind, cmd.Presence, cmd.Agent.Name = r.ID, conversation.CommandPresence, r.Presence, r.Name
		if own := callerOf(c).Agent; own.ID == cmd.Agent.ID {
			cmd.Agent.Name = own.Name
		}
		switch {
		case !r.Presence.Valid():
			return "A presença é online, away ou offline."
		case units(r.Name) > maxName:
			return "Um dos campos está fora dos limites."
		}
		return badID(r.ID)
	})
}

// mostAtOnce is the largest limit that an agent may have.
const mostAtOnce = 500

// limit says how many conversations an agent attends at once.
func (a *api) limit(c echo.Context) error {
	var r struct {
		ID    string `json:"id"`
		Limit *int   `json:"limit"`
	}
	return a.deskCommand(c, &r, func(cmd *conversation.Command) string {
		if r.Limit == nil || *r.Limit < 0 || *r.Limit > mostAtOnce {
			return fmt.Sprintf("O limite é um número de 0 a %d; 0 é o da instalação.", mostAtOnce)
		}
		cmd.ID, cmd.Kind, cmd.Limit = r.ID, conversation.CommandLimit, *r.Limit
		return badID(r.ID)
	})
}

// deskCommand reads a request about an agent and has the desk carry it out. fill makes it the command and tells what is wrong with it.
func (a *api) deskCommand(c echo.Context, into any, fill func(*conversation.Command) string) error {
	if err := body(c, into); err != nil {
		return badBody(c, err)
	}
	id, ok, err := a.agentID(c)
	if !ok {
		return err
	}
	if ok, err := a.themself(c, id); !ok {
		return err
	}
	cmd := conversation.Command{Agent: conversation.Agent{ID: id}}
	if wrong := fill(&cmd); wrong != "" {
		return problem(c, http.StatusBadRequest, "bad_request", wrong)
	}
	return a.run(c, conversation.DeskKey, cmd)
}

// deskAnswer tells what became of a command that was answered 202.
func (a *api) deskAnswer(c echo.Context) error {
	id, ok, err := a.agentID(c)
	if !ok {
		return err
	}
	if ok, err := a.themself(c, id); !ok {
		return err
	}
	return a.answerOf(c, conversation.DeskKey)
}

// room refuses to give an agent more conversations than the agent may have. It reads and does not reserve: of two requests at once both
// may find the last place free.
func (a *api) room(c echo.Context, t conversation.Thread, cmd conversation.Command, force bool) (ok bool, err error) {
	who := cmd.Agent
	if cmd.Kind == conversation.CommandTransfer {
		who = cmd.To
	} else if cmd.Kind != conversation.CommandTake {
		return true, nil
	}
	if force || who.ID == 0 || t.Attends() == who.ID {
		return true, nil
	}
	ctx := c.Request().Context()
	desk, err := a.Desk.Desk(ctx)
	if err != nil {
		return false, a.unavailable(c, err)
	}
	loads, err := a.Desk.Loads(ctx, []int64{who.ID})
	if err != nil {
		return false, a.unavailable(c, err)
	}
	v := a.agentView(desk, desk.Agents[who.ID], loads[who.ID])
	v.Coming = desk.OnTheirWay(who.ID)
	if v.room() > 0 {
		return true, nil
	}
	refusal := conversation.Answer{
		ID: cmd.ID, Code: conversation.RefusedFull, Session: cmd.Session,
		Text: fmt.Sprintf("O atendente já tem %d conversas e o limite é %d.", v.Load+v.Coming, v.Limit),
	}
	if callerOf(c).Program() {
		refusal.Text += " Escolha outro, ou repita o pedido com force."
	}
	if now := t.Conversation; now != nil && now.Session == cmd.Session {
		refusal.Ticket, refusal.State = now.Ticket.ID, now.State
	}
	return false, answered(c, refusal)
}
