package effects

import (
	"context"
	"errors"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// comment adds words to the ticket.
func (p *Performer) comment(ctx context.Context, j job) conversation.Result {
	ticket := j.Thread.Conversation.Ticket
	if ticket.ID == 0 {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "no ticket"}
	}
	var stamp time.Time
	if j.Pending.Unsure {
		if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
			return waiting(ready, "letting the write settle")
		}
		if r, ok := p.reservedAs(ctx, j, "look", zendesk.LaneMirror, zendesk.Cost{Requests: requestsOfLook}); !ok {
			r.Outcome = keep(j, r.Outcome)
			return r
		}
		var r conversation.Result
		var absent bool
		if r, stamp, absent = p.looked(ctx, j, ticket.ID); !absent {
			return r
		}
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: requestsOf(*j.Pending.Effect.Comment), Update: ticket.ID}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	words, r, ok := p.written(ctx, j)
	if !ok {
		return r
	}
	sent, err := j.Mark(ctx, j.Pending.Unsure)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, err := p.Zendesk.UpdateTicket(ctx, ticket.ID, update(j, words, stamp))
	if j.Pending.Effect.Comment.Assign && zendesk.KindOf(err) == zendesk.KindInvalid { // the agent may not be of the ticket's group
		alone := update(j, words, stamp)
		alone.AssigneeID = zendesk.Ref{}
		w, err = p.Zendesk.UpdateTicket(ctx, ticket.ID, alone)
	}
	if err == nil {
		return conversation.Result{
			Outcome: conversation.Done,
			Ticket:  &conversation.TicketResult{ID: ticket.ID, Status: w.Ticket.Status, Comments: w.CommentIDs},
		}
	}
	if zendesk.KindOf(err) == zendesk.KindInvalid && len(j.Pending.Effect.Comment.Uploads()) > 0 { // a file's upload is not known any more
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads, Reason: "uploads refused"}
	}
	if j.Pending.Unsure && zendesk.KindOf(err) == zendesk.KindConflict { // somebody wrote since we looked, maybe we: look again
		return waiting(p.Now().Add(backoffLook), "conflict: look again")
	}
	return p.failedWrite(ctx, j, sent, err)
}

// requestsOf is what writing a comment costs: a transcript may have to go along as a file.
func requestsOf(c conversation.Comment) int {
	if c.Transcript != "" {
		return 2
	}
	return 1
}

// requestsOfLook is what looking for an uncertain write costs.
const requestsOfLook = 2

// looked looks for the marker of an uncertain write that has had time to settle. absent is true when it is certainly not
// there; stamp is the ticket's updated_at as it was before the look, so that a write that lands later is noticed.
func (p *Performer) looked(ctx context.Context, j job, ticket int64) (r conversation.Result, stamp time.Time, absent bool) {
	t, err := p.Zendesk.ShowTicket(ctx, ticket)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "ticket gone"}, stamp, false
	}
	if err != nil {
		return p.blind(err), stamp, false
	}
	audit, found, err := p.Zendesk.FindAudit(ctx, ticket, MarkEffect, marker(j), j.Pending.SentAt)
	if err != nil {
		return p.blind(err), stamp, false
	}
	if found {
		return conversation.Result{
			Outcome: conversation.Done,
			Ticket:  &conversation.TicketResult{ID: ticket, Status: t.Status, Comments: audit.CommentIDs()},
		}, stamp, false
	}
	return conversation.Result{}, t.UpdatedAt, true
}

// blind is the result of a look-up that failed: nothing is written before one succeeds.
func (p *Performer) blind(err error) conversation.Result {
	wait := backoffLook
	if ze, ok := errors.AsType[*zendesk.Error](err); ok {
		wait = max(wait, ze.RetryAfter)
	}
	return waiting(p.Now().Add(wait), "look-up failed")
}

// update is the effect's words as an update. A customer's words open a ticket that is pending or solved: for Zendesk the
// updater is the API user, so it would not do that by itself. stamp makes it a safe update.
func update(j job, words *zendesk.CommentWrite, stamp time.Time) zendesk.TicketUpdate {
	c := j.Pending.Effect.Comment
	u := zendesk.TicketUpdate{TicketFields: zendesk.TicketFields{Comment: words, Metadata: metadata(j)}}
	if c.Customers() && c.Transcript == "" && conversation.Resting(j.Thread.Conversation.Ticket.Status) {
		u.Status = zendesk.StatusOpen
	}
	if c.Assign {
		u.AssigneeID = zendesk.RefTo(c.Agent)
	}
	if !stamp.IsZero() {
		u.SafeUpdate, u.UpdatedStamp = true, stamp
	}
	return u
}

// reopen sets a ticket to open that waits or is solved; it may be repeated. Somebody who edits the ticket meanwhile goes
// first.
func (p *Performer) reopen(ctx context.Context, j job) conversation.Result {
	ticket := j.Thread.Conversation.Ticket.ID
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: 2, Update: ticket}); !ok {
		return r
	}
	t, err := p.Zendesk.ShowTicket(ctx, ticket)
	if err == nil && conversation.Resting(t.Status) {
		var w zendesk.TicketWrite
		w, err = p.Zendesk.UpdateTicket(ctx, ticket, zendesk.TicketUpdate{
			TicketFields: zendesk.TicketFields{Status: zendesk.StatusOpen}, SafeUpdate: true, UpdatedStamp: t.UpdatedAt,
		})
		t.Status = w.Ticket.Status
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	return conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: t.Status}}
}

// pull reads the comments after the cursor.
func (p *Performer) pull(ctx context.Context, j job) conversation.Result {
	hint := *j.Pending.Effect.Hint
	cost := zendesk.Cost{Requests: 1}
	if hint.Status == "" {
		cost.Requests++
	}
	if hint.Bind {
		cost.Requests++
		cost.Update = hint.Ticket
	}
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, cost); !ok {
		return r
	}
	if hint.Bind {
		if err := p.bind(ctx, j, hint.Ticket); err != nil {
			return p.refused(ctx, j, err)
		}
	}
	at := p.Now()
	status := hint.Status
	if status == "" {
		t, err := p.Zendesk.ShowTicket(ctx, hint.Ticket)
		if err != nil {
			return p.refused(ctx, j, err)
		}
		status = t.Status
	}
	var cursor int64
	if c := j.Thread.Conversation; c != nil && c.Ticket.ID == hint.Ticket {
		cursor = c.Ticket.Cursor
	}
	comments, users, err := p.Zendesk.CommentsAfter(ctx, hint.Ticket, cursor)
	if err != nil {
		return p.refused(ctx, j, err)
	}
	pulled := conversation.Pulled{Status: status, At: at, Hint: hint}
	for _, c := range comments {
		pull := conversation.Pull{
			ID: c.ID, Author: c.AuthorID, Staff: users[c.AuthorID].Staff(), Public: c.Public, Channel: c.Via.Channel, Created: c.CreatedAt,
		}
		pull.Parts, pull.Refused = parts(c, j.Settings.Files.MostCaption)
		pulled.Comments = append(pulled.Comments, pull)
	}
	return conversation.Result{Outcome: conversation.Done, Pulled: &pulled}
}

// bind lets a ticket that was there before name its thread, and marks it so that its changes are told.
func (p *Performer) bind(ctx context.Context, j job, ticket int64) error {
	if err := p.Tickets.BindTicket(ctx, ticket, j.Key); err != nil {
		return err
	}
	return p.Zendesk.AddTags(ctx, ticket, j.Settings.Tags)
}
