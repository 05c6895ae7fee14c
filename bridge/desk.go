package bridge

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// deskActor hands conversations that wait to agents.
type deskActor struct {
	s conversation.Desk
	e *Engine
}

func (a *deskActor) apply(ev conversation.Event, now time.Time, c *mailbox.Commit) {
	a.take(string(ev.Kind), decide.Desk(a.s, ev, a.limit(), now), c)
}

// limit is how many conversations an agent attends at once.
func (a *deskActor) limit() int { return a.e.Account().AgentLimit }

// take makes a decision part of the commit.
func (a *deskActor) take(kind string, d decide.DeskDecision, c *mailbox.Commit) {
	a.s = d.State
	a.e.explain(kind, d.Reasons, d.Answers, c)
}

func (a *deskActor) outbox() *conversation.Outbox { return &a.s.Outbox }
func (a *deskActor) state() any                   { return a.s }
func (a *deskActor) thread() conversation.Thread  { return conversation.Thread{} }

func (a *deskActor) finish(now time.Time, c *mailbox.Commit) {
	if at := decide.DeskDeadline(a.s); !at.IsZero() && !at.After(now) {
		a.take("deadline", decide.DeskDue(a.s, a.limit(), now), c)
	}
	c.Deadline = decide.DeskDeadline(a.s)
}
