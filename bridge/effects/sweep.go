package effects

import (
	"context"
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// lookup asks Zendesk once whose a ticket is that no thread knows. Its external id tells, or it is nobody's.
func (p *Performer) lookup(ctx context.Context, j job) conversation.Result {
	hint := *j.Pending.Effect.Hint
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	t, err := p.Zendesk.ShowTicket(ctx, hint.Ticket)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Done, Reason: "no such ticket"}
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	thread, ok := conversation.ThreadOfSession(t.ExternalID)
	if !ok {
		return conversation.Result{Outcome: conversation.Done, Reason: "not ours"}
	}
	hint.Status, hint.UpdatedAt = t.Status, t.UpdatedAt
	if err := p.Tickets.BindTicket(ctx, t.ID, thread); err != nil {
		return p.later(j, "ticket not bound", 0)
	}
	if err := p.Deliver(ctx, thread, conversation.Event{Kind: conversation.EventHint, At: p.Now(), Hint: &hint}); err != nil {
		return p.later(j, "hint not delivered", 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// reconcile reads one page of the account's changed tickets and tells their threads.
func (p *Performer) reconcile(ctx context.Context, j job) conversation.Result {
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 1, Incremental: true}); !ok {
		return r
	}
	sweep := *j.Pending.Effect.Sweep
	page, err := p.Zendesk.ChangedTickets(ctx, sweep.Cursor, sweep.Since)
	if kind := zendesk.KindOf(err); sweep.Cursor != "" && (kind == zendesk.KindBad || kind == zendesk.KindInvalid || kind == zendesk.KindNotFound) { // a cursor Zendesk has forgotten: begin anew
		return conversation.Result{Outcome: conversation.Done, Sweep: &conversation.Sweep{Since: p.Now().Add(-zendesk.IdempotencyLife), More: true}}
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	ids := make([]int64, len(page.Tickets))
	for i, t := range page.Tickets {
		ids[i] = t.ID
	}
	threads, err := p.Tickets.TicketThreads(ctx, ids)
	if err != nil {
		return p.later(j, "threads not read", 0)
	}
	for _, t := range page.Tickets {
		thread, ok := threads[t.ID]
		if !ok {
			thread, ok = conversation.ThreadOfSession(t.ExternalID)
		}
		if !ok {
			continue
		}
		hint := conversation.Hint{Ticket: t.ID, Status: t.Status, UpdatedAt: t.UpdatedAt, Sweep: true, Facts: conversation.Facts{
			Subject: t.Subject, Group: &t.GroupID, Assignee: &t.AssigneeID, Organization: &t.OrganizationID, Tags: t.Tags, TagsKnown: true,
		}}
		id := fmt.Sprintf("sweep:%d:%d", t.ID, t.UpdatedAt.Unix())
		if err := p.Deliver(ctx, thread, conversation.Event{Kind: conversation.EventHint, ID: id, At: p.Now(), Hint: &hint}); err != nil {
			return p.later(j, "hint not delivered", 0)
		}
	}
	return conversation.Result{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: page.After, Since: sweep.Since, More: !page.End}}
}

// repair looks at every mailbox for the invariant.
func (p *Performer) repair(ctx context.Context, j job) conversation.Result {
	violations, err := p.Repair(ctx)
	if err != nil {
		return p.later(j, "mailboxes not read", 0)
	}
	if violations > 0 {
		p.Logger.ErrorContext(ctx, "mailboxes that nobody would have woken", "violations", violations)
	}
	return conversation.Result{Outcome: conversation.Done}
}
