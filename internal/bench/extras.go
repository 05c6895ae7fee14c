package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// extras play both peers: every effect goes well at once.
type extras struct{ s *stage }

// Perform answers as the peers would.
func (x extras) Perform(
	ctx context.Context, a conversation.Attempt, _ settings.Number, _ func(context.Context, bool) (time.Time, error),
) conversation.Result {
	done := conversation.Result{Outcome: conversation.Done}
	s := x.s
	switch effect := a.Pending.Effect; effect.Kind { //nolint:exhaustive // the others bring nothing back
	case conversation.EffectUser:
		done.User = s.acting.zendesk
	case conversation.EffectCreate:
		s.fail(s.tickets.BindTicket(ctx, s.acting.ticket, a.Key))
		done.Ticket = x.ticket(a, "new")
	case conversation.EffectComment, conversation.EffectReopen, conversation.EffectUpdate:
		done.Ticket = x.ticket(a, a.Thread.Conversation.Ticket.Status)
	case conversation.EffectPull:
		done.Pulled = &conversation.Pulled{Status: effect.Hint.Status, At: s.now, Hint: *effect.Hint, Facts: effect.Hint.Facts}
	case conversation.EffectSend:
		done.Sent = &conversation.Sent{MessageID: s.wamid(), WaID: s.acting.phone}
		s.acting.sent = append(s.acting.sent, done.Sent.MessageID)
	case conversation.EffectIdentify:
		done.Identity = &conversation.Identity{Ask: *effect.Ask, User: s.acting.zendesk, Organizations: []conversation.Organization{s.company()}}
	case conversation.EffectFind:
		done.Position = &conversation.Position{Ticket: effect.Hint.Ticket}
	case conversation.EffectNumber:
		done.Number = fmt.Sprintf("%s-%03d", s.now.Format("060102"), len(s.cast))
	}
	return done
}

// company is the one that the acting customer works for.
func (s *stage) company() conversation.Organization {
	return conversation.Organization{
		ID: 39_872_000_000_000 + int64(len(s.cast)), Name: "Distribuidora Serra Azul Ltda", CNPJ: "11222333000181",
		Pending: conversation.PendingNo, At: s.now,
	}
}

// ticket is a ticket after a write.
func (x extras) ticket(a conversation.Attempt, status string) *conversation.TicketResult {
	s, none, company := x.s, int64(0), x.s.company().ID
	id := a.Thread.Conversation.Ticket.ID
	if id == 0 {
		id = s.acting.ticket
	}
	r := &conversation.TicketResult{
		ID: id, Status: status, Comments: []int64{s.comment()}, UpdatedAt: s.now.Truncate(time.Second),
		After: a.Thread.Conversation.Ticket.UpdatedAt,
		Facts: conversation.Facts{
			Status: status, Group: &none, Assignee: &none, Organization: &company, Subject: a.Thread.Conversation.Ticket.Subject,
			Tags: []string{"whatsapp"}, TagsKnown: true,
		},
	}
	if a.Pending.Effect.Comment == nil {
		r.Comments = nil
	}
	if c := a.Pending.Effect.Change; c != nil {
		if c.Status != "" {
			r.Status, r.Facts.Status = c.Status, c.Status
		}
		if c.Assignee != 0 {
			r.Facts.Assignee = &c.Assignee
		}
		if c.Subject != "" {
			r.Facts.Subject = c.Subject
		}
	}
	return r
}
