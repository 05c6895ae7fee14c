package effects

import (
	"context"
	"errors"
	"html"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
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
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: 1, Update: ticket.ID}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	sent, err := j.Mark(ctx, j.Pending.Unsure)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, err := p.Zendesk.UpdateTicket(ctx, ticket.ID, update(j, stamp))
	if err == nil {
		return conversation.Result{
			Outcome: conversation.Done,
			Ticket:  &conversation.TicketResult{ID: ticket.ID, Status: w.Ticket.Status, Comments: w.CommentIDs},
		}
	}
	if j.Pending.Unsure && zendesk.KindOf(err) == zendesk.KindConflict { // somebody wrote since we looked, maybe we: look again
		return waiting(p.Now().Add(backoffLook), "conflict: look again")
	}
	return p.failedWrite(ctx, j, sent, err)
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
func update(j job, stamp time.Time) zendesk.TicketUpdate {
	u := zendesk.TicketUpdate{TicketFields: zendesk.TicketFields{Comment: comment(j), Metadata: metadata(j)}}
	if j.Pending.Effect.Comment.Author == conversation.AuthorCustomer && conversation.Resting(j.Thread.Conversation.Ticket.Status) {
		u.Status = zendesk.StatusOpen
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
	requests := 1
	if hint.Status == "" {
		requests = 2
	}
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: requests}); !ok {
		return r
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
		pulled.Comments = append(pulled.Comments, conversation.Pull{
			ID: c.ID, Author: c.AuthorID, Staff: users[c.AuthorID].Staff(), Public: c.Public, Texts: texts(c),
			Attachments: len(c.Attachments), Created: c.CreatedAt,
		})
	}
	return conversation.Result{Outcome: conversation.Done, Pulled: &pulled}
}

// texts is a comment as WhatsApp shows it, in as few messages as it fits in.
func texts(c zendesk.Comment) []string {
	body := c.PlainBody
	if body == "" {
		body = c.Body
	}
	body = strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(body), "\u00a0", " "))
	return whatsapp.SplitText(body, whatsapp.MaxText)
}
