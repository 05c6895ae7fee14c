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
		if err := p.Mailboxes.HandOver(ctx, j.Key, t.Key, conversation.StateField, toForward); err != nil {
			return p.later(j, "hand over: "+err.Error(), 0)
		}
	}
	if err := p.Deliver(ctx, t.Key, t.Event); err != nil {
		return p.later(j, "append: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// toForward lists the ids of events that a thread that moved still has to send after itself.
func toForward(state []byte) []string {
	var t conversation.Thread
	if conversation.DecodeState(state, &t) != nil {
		return nil
	}
	var ids []string
	for _, p := range t.Outbox.Ticket {
		if p.Effect.Kind == conversation.EffectForward {
			ids = append(ids, p.Effect.Tell.Event.ID)
		}
	}
	return ids
}
