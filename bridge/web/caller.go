package web

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Role is what a caller may do. Each may do what those before it may.
type Role int

// The roles.
const (
	RoleNone Role = iota
	// RoleAgent sees the conversations of their own queues and works on them.
	RoleAgent
	// RoleSupervisor sees all, judges, reads reports and edits canned replies.
	RoleSupervisor
	// RoleAdmin changes settings and ends sessions.
	RoleAdmin
)

// String is the role as the API names it.
func (r Role) String() string {
	switch r {
	case RoleAgent:
		return "agent"
	case RoleSupervisor:
		return "supervisor"
	case RoleAdmin:
		return "admin"
	case RoleNone:
	}
	return "none"
}

// Caller is who asks.
type Caller struct {
	// Agent is the Zendesk user of a session with their groups, which are the queues they serve; without an id it is a program, which
	// names the agent that it acts for in each request.
	Agent conversation.DeskAgent
	Role  Role
	// Everything lets an agent see the conversations of all queues: `segmented_views` is off, or the role is above agent.
	Everything bool
	// Locale is the language that Zendesk shows the agent.
	Locale string
	// Session is the id of the caller's session; it opens nothing.
	Session string
}

// program is a caller that knows an API secret.
func program() Caller { return Caller{Role: RoleAdmin, Everything: true} }

// Program tells whether a program asks, not a person.
func (c Caller) Program() bool { return c.Agent.ID == 0 && c.Role == RoleAdmin }

// Sees tells whether the caller may see a thread's newest conversation. fallback is the number's own queue: one that has no queue yet is
// seen by those who serve that.
func (c Caller) Sees(t conversation.Thread, fallback string) bool {
	conv := t.Conversation
	if c.Everything || conv == nil {
		return c.Everything
	}
	return conv.Owner != 0 && conv.Owner == c.Agent.ID || c.Agent.Serves(cmp.Or(conv.Procedure.Queue, fallback))
}

// acting is the agent that a command is of: a program says so, anybody else is who they are.
func (c Caller) acting(said agent) agent {
	if c.Program() {
		return said
	}
	return agent{ID: c.Agent.ID, Name: c.Agent.Name}
}

// callerKey is where a request's caller is kept.
const callerKey = "ponte.caller"

// callerOf is who asks; nobody when the request was not let in.
func callerOf(c echo.Context) Caller {
	caller, _ := c.Get(callerKey).(Caller)
	return caller
}
