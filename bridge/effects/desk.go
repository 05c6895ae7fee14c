package effects

import (
	"context"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// Views reads the views that threads write with their commits.
type Views interface {
	// Look tells who waits in queues, those that go first before others, and how much agents have.
	Look(ctx context.Context, l conversation.DeskLook) (conversation.DeskSeen, error)
}

// desk reads who waits in queues and how much agents have.
func (p *Performer) desk(ctx context.Context, j job) conversation.Result {
	seen, err := p.Views.Look(ctx, *j.Pending.Effect.Desk)
	if err != nil {
		return p.later(j, "views not read", 0)
	}
	return conversation.Result{Outcome: conversation.Done, Desk: &seen}
}

// agentRequests is what reading an agent costs.
const agentRequests = 2

// agent reads who an agent is and which groups the agent belongs to. Who is no agent any more, or never was, is gone.
func (p *Performer) agent(ctx context.Context, j job) conversation.Result {
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: agentRequests}); !ok {
		return r
	}
	id := j.Pending.Effect.Agent
	u, err := p.Zendesk.ShowUser(ctx, id)
	var groups []zendesk.Group
	if staff := u.Staff() && u.Active && !u.Suspended; err == nil && staff {
		groups, err = p.Zendesk.UserGroups(ctx, id)
	} else if err == nil {
		return conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: id, Name: u.Name, Gone: true}}
	}
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: id, Gone: true}}
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	seen := conversation.AgentSeen{ID: id, Name: u.Name}
	for _, g := range groups {
		if !g.Deleted {
			seen.Groups = append(seen.Groups, conversation.Group{ID: g.ID, Name: g.Name})
		}
	}
	return conversation.Result{Outcome: conversation.Done, Agent: &seen}
}
