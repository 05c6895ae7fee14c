package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// overview is the counts of the lists, the queues and the agents, as far as a caller may see them.
type overview struct {
	Now    time.Time        `json:"now"`
	Counts map[ListView]int `json:"counts"`
	Queues []queueView      `json:"queues"`
	Agents []agentView      `json:"agents"`
}

// overview shows what there is.
func (a *api) overview(c echo.Context) error {
	ctx, caller := c.Request().Context(), callerOf(c)
	view := overview{Now: a.now()}
	team, desk, err := a.team(ctx)
	if err != nil {
		return a.unavailable(c, err)
	}
	if view.Queues, err = a.queueViews(ctx, desk, team); err != nil {
		return a.unavailable(c, err)
	}
	if view.Counts, err = a.Lists.Counts(ctx, caller, view.Now); err != nil {
		return a.unavailable(c, err)
	}
	view.Agents = team
	if !caller.Everything {
		view.Queues = slices.DeleteFunc(view.Queues, func(q queueView) bool { return !caller.Agent.Serves(q.Queue) })
		view.Agents = slices.DeleteFunc(team, func(v agentView) bool { return v.ID != caller.Agent.ID && !mates(caller.Agent, desk.Agents[v.ID]) })
	}
	return c.JSON(http.StatusOK, view)
}

// mates tells whether two agents share a group.
func mates(a, b conversation.DeskAgent) bool {
	return slices.ContainsFunc(a.Groups, func(g conversation.Group) bool {
		return slices.ContainsFunc(b.Groups, func(other conversation.Group) bool { return other.ID == g.ID })
	})
}
