package effects

import (
	"context"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// tell appends an event to another mailbox, whose memory of event ids makes a repeat harmless. The state of a thread that moves
// takes that memory along.
func (p *Performer) tell(ctx context.Context, j job) conversation.Result {
	t := *j.Pending.Effect.Tell
	if t.Event.Kind == conversation.EventAbsorb {
		if err := p.Mailboxes.HandOver(ctx, j.Key, t.Key); err != nil {
			return p.later(j, "hand over: "+err.Error(), 0)
		}
	}
	if err := p.Deliver(ctx, t.Key, t.Event); err != nil {
		return p.later(j, "append: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}
