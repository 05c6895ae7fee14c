package effects

import (
	"context"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// audit reads what the auditor judges by: the transcript of the thread's newest conversation, and where that is asked for its ticket, by
// one request.
func (p *Performer) audit(ctx context.Context, j job) conversation.Result {
	if j.Pending.Effect.Hint != nil { // in the mailbox of a ticket that no thread knows
		return p.foreign(ctx, j)
	}
	seen := conversation.AuditSeen{Look: *j.Pending.Effect.Look}
	c := j.Thread.Conversation
	if c == nil {
		return conversation.Result{Outcome: conversation.Done, Audit: &seen}
	}
	seen.Session, seen.Lines = c.Session, c.Lines
	var err error
	if seen.Entries, err = p.entries(ctx, j, c.Session); err != nil {
		return p.later(j, err.Error(), 0)
	}
	if !seen.Look.Ticket || c.Ticket.ID == 0 {
		return conversation.Result{Outcome: conversation.Done, Audit: &seen}
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneAudit, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	t, err := p.Zendesk.ShowTicket(ctx, c.Ticket.ID)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		seen.Gone = true
		return conversation.Result{Outcome: conversation.Done, Audit: &seen}
	}
	if err == nil {
		seen.Catalogue, seen.N2, err = p.standing(ctx, j, t)
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	seen.Facts, seen.UpdatedAt = p.told(ctx, facts(t), c.Ticket), t.UpdatedAt
	return conversation.Result{Outcome: conversation.Done, Audit: &seen}
}

// standing is what a ticket says in the catalogue's field, as people read it, and whether the second level has it.
func (p *Performer) standing(ctx context.Context, j job, t zendesk.Ticket) (catalogue string, n2 bool, err error) {
	f, ok, err := p.directory.field(ctx, j.Settings.Desk.Fields.Catalogue)
	if err != nil {
		return "", false, err
	}
	if ok {
		catalogue = shown(f, fieldText(t.Field(f.ID)))
	}
	if t.GroupID == 0 {
		return catalogue, false, nil
	}
	g, ok, err := p.directory.group(ctx, j.Settings.Desk.N2)
	return catalogue, ok && g.ID == t.GroupID, err
}

// shown is a field's value as people read it: of a drop-down the option's name.
func shown(f zendesk.TicketField, value string) string {
	for _, o := range f.Options {
		if f.Type == zendesk.FieldTagger && o.Value == value {
			return o.Name
		}
	}
	return value
}
