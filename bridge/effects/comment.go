package effects

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// comment adds words to the ticket, and changes what is to be changed with them, in one update.
func (p *Performer) comment(ctx context.Context, j job) conversation.Result {
	ticket := j.Thread.Conversation.Ticket
	if ticket.ID == 0 {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "no ticket"}
	}
	var seen zendesk.Ticket
	if j.Pending.Unsure {
		if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
			return waiting(ready, "letting the write settle")
		}
		if r, ok := p.reservedAs(ctx, j, "look", writeLane(j), zendesk.Cost{Requests: requestsOfLook}); !ok {
			r.Outcome = keep(j, r.Outcome)
			return r
		}
		var r conversation.Result
		var absent bool
		if r, seen, absent = p.looked(ctx, j, ticket); !absent {
			return r
		}
	}
	if r, ok := p.reserved(ctx, j, writeLane(j), zendesk.Cost{Requests: requestsOf(j.Pending.Effect.Comment), Update: ticket.ID}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	u, c, r, ok := p.composed(ctx, j, seen)
	if !ok {
		return r
	}
	sent, err := j.Mark(ctx, j.Pending.Unsure)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, more, err := p.updated(ctx, ticket.ID, u)
	if err == nil {
		t := written(w.Ticket, w.CommentIDs)
		t.After = u.UpdatedStamp
		return conversation.Result{Outcome: conversation.Done, Ticket: t, Notes: slices.Concat(c.left, more), Words: c.apart}
	}
	if zendesk.KindOf(err) == zendesk.KindInvalid && len(uploads(j)) > 0 { // a file's upload is not known any more
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads, Reason: "uploads refused"}
	}
	if zendesk.KindOf(err) == zendesk.KindConflict && j.Pending.Effect.Change != nil && !j.Pending.Unsure {
		return p.conflict(ctx, j)
	}
	if j.Pending.Unsure && zendesk.KindOf(err) == zendesk.KindConflict { // somebody wrote since we looked, maybe we: look again
		return waiting(p.Now().Add(backoffLook), "conflict: look again")
	}
	r = p.failedWrite(ctx, j, sent, err)
	r.Notes = slices.Concat(c.left, more)
	return r
}

// uploads is the files that go along.
func uploads(j job) []conversation.Attached {
	if j.Pending.Effect.Comment == nil {
		return nil
	}
	return j.Pending.Effect.Comment.Uploads()
}

// composed is the effect as an update: its words and what it changes. seen is the ticket when it was looked at after an uncertain
// outcome, so that a write that lands later is noticed. ok is false when it can't be put together now; r then is the attempt's result.
func (p *Performer) composed(ctx context.Context, j job, seen zendesk.Ticket) (u zendesk.TicketUpdate, c *changed, r conversation.Result, ok bool) {
	stamp := seen.UpdatedAt
	c = &changed{}
	if j.Pending.Effect.Change != nil {
		if c, stamp, r, ok = p.prepared(ctx, j, seen); !ok {
			return u, nil, r, false
		}
	}
	var words *zendesk.CommentWrite
	if j.Pending.Effect.Comment != nil {
		if words, r, ok = p.written(ctx, j); !ok {
			return u, nil, r, false
		}
	}
	return joined(j, words, c, stamp), c, r, true
}

// prepared is what the effect changes, and the stamp of the ticket that it is meant for: zero where nothing is changed that people may
// be editing. ok is false when that can't be said now; r then is the attempt's result.
func (p *Performer) prepared(ctx context.Context, j job, seen zendesk.Ticket) (c *changed, stamp time.Time, r conversation.Result, ok bool) {
	change, ticket := *j.Pending.Effect.Change, j.Thread.Conversation.Ticket
	tagged := len(change.Roles)+len(change.Tags)+len(change.Untags) > 0 // all tags are written, so that somebody else's would be lost
	safe := tagged || change.Contested()
	switch {
	case seen.ID != 0:
		ticket.Tags, ticket.TagsKnown, stamp = seen.Tags, true, seen.UpdatedAt
	case safe:
		stamp = ticket.UpdatedAt
	}
	if safe && stamp.IsZero() || tagged && !ticket.TagsKnown { // what people did meanwhile must be known
		t, err := p.Zendesk.ShowTicket(ctx, ticket.ID)
		if err != nil {
			return nil, stamp, p.kept(ctx, j, err), false
		}
		if ticket.Status != "" && facts(t).Against(ticket).Any() && !ticket.UpdatedAt.IsZero() {
			return nil, stamp, p.conflicting(ctx, j, t), false
		}
		ticket.Tags, stamp = t.Tags, t.UpdatedAt
	}
	c, err := p.changed(ctx, j, change, ticket.Tags)
	if err != nil {
		return nil, stamp, p.kept(ctx, j, err), false
	}
	return c, stamp, r, true
}

// kept is the result of a call that certainly changed nothing, on the way to a write that may have been made before.
func (p *Performer) kept(ctx context.Context, j job, err error) conversation.Result {
	r := p.refused(ctx, j, err)
	r.Outcome = keep(j, r.Outcome)
	return r
}

// joined is words and a change as one update. A macro's own words go above the others, or alone where there are none; what it means for
// agents only makes the whole comment so, but for what the auditor shows to the customer: there it is written apart.
func joined(j job, words *zendesk.CommentWrite, c *changed, stamp time.Time) zendesk.TicketUpdate {
	u := update(j, words, stamp)
	own := u.TicketFields
	u.TicketFields = c.TicketFields
	u.Comment, u.Metadata = own.Comment, own.Metadata
	if u.AssigneeID.IsZero() {
		u.AssigneeID = own.AssigneeID
	}
	if u.Status == "" && u.CustomStatusID == 0 {
		u.Status = own.Status
	}
	said := c.macro.Comment
	if change := j.Pending.Effect.Change; change != nil {
		said.Text = filledIn(said.Text, change.Fields)
	}
	switch {
	case said.Empty():
		return u
	case u.Comment == nil:
		u.Comment = &zendesk.CommentWrite{Body: said.Text, HTMLBody: said.HTML, Public: said.PublicSet && said.Public}
		return u
	case j.Pending.Effect.Change.Verdict && u.Comment.Public && said.PublicSet && !said.Public:
		c.apart = asText(said)
		return u
	case u.Comment.HTMLBody != "":
		u.Comment.HTMLBody = asHTML(said) + "<hr>" + u.Comment.HTMLBody
	default:
		u.Comment.Body = asText(said) + "\n\n" + u.Comment.Body
	}
	u.Comment.Public = u.Comment.Public && (said.Public || !said.PublicSet)
	return u
}

// updated writes an update; of what Zendesk does not take as much is given up as must be, and named.
func (p *Performer) updated(ctx context.Context, ticket int64, u zendesk.TicketUpdate) (w zendesk.TicketWrite, left []string, err error) {
	w, err = p.Zendesk.UpdateTicket(ctx, ticket, u)
	for _, less := range lessens() {
		if zendesk.KindOf(err) != zendesk.KindInvalid {
			break
		}
		if !less.of(&u.TicketFields) {
			continue
		}
		if left = append(left, less.what); u.Comment == nil && nothing(u.TicketFields) {
			break
		}
		w, err = p.Zendesk.UpdateTicket(ctx, ticket, u)
	}
	return w, left, err
}

// nothing tells whether an update has nothing left to say.
func nothing(f zendesk.TicketFields) bool {
	return f.Subject == "" && f.Status == "" && f.CustomStatusID == 0 && f.Type == "" && f.Priority == "" && f.AssigneeID.IsZero() && f.GroupID.IsZero() && f.OrganizationID.IsZero() && f.RequesterID == 0 &&
		len(f.CustomFields) == 0 && f.Tags == nil && len(f.EmailCCs) == 0
}

// conflict reads what somebody else made of the ticket; it is decided anew.
func (p *Performer) conflict(ctx context.Context, j job) conversation.Result {
	t, err := p.Zendesk.ShowTicket(ctx, j.Thread.Conversation.Ticket.ID)
	if err != nil {
		return p.refused(ctx, j, err)
	}
	return p.conflicting(ctx, j, t)
}

// conflicting is the result of an update that met somebody else's.
func (p *Performer) conflicting(ctx context.Context, j job, t zendesk.Ticket) conversation.Result {
	w := written(t, nil)
	w.Facts = p.told(ctx, w.Facts, j.Thread.Conversation.Ticket)
	return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeConflict, Reason: "somebody else changed the ticket", Ticket: w}
}

// written is what a write to a ticket brought.
func written(t zendesk.Ticket, comments []int64) *conversation.TicketResult {
	return &conversation.TicketResult{ID: t.ID, Status: t.Status, Comments: comments, Facts: facts(t), UpdatedAt: t.UpdatedAt}
}

// requestsOf is what writing a comment costs: a transcript may have to go along as a file.
func requestsOf(c *conversation.Comment) int {
	if c != nil && c.Transcript != "" {
		return 2
	}
	return 1
}

// requestsOfLook is what looking for an uncertain write costs.
const requestsOfLook = 2

// looked looks for the marker of an uncertain write that has had time to settle. absent is true when it is certainly not
// there; t is the ticket as it was before the look, so that a write that lands later is noticed.
func (p *Performer) looked(ctx context.Context, j job, known conversation.Ticket) (r conversation.Result, t zendesk.Ticket, absent bool) {
	t, err := p.Zendesk.ShowTicket(ctx, known.ID)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "ticket gone"}, t, false
	}
	if err != nil {
		return p.blind(err), t, false
	}
	audit, found, err := p.Zendesk.FindAudit(ctx, known.ID, MarkEffect, marker(j), j.Pending.SentAt)
	if err != nil {
		return p.blind(err), t, false
	}
	if found {
		return conversation.Result{Outcome: conversation.Done, Ticket: written(t, audit.CommentIDs())}, t, false
	}
	if j.Pending.Effect.Change != nil && !known.UpdatedAt.IsZero() && facts(t).Against(known).Any() {
		return p.conflicting(ctx, j, t), t, false
	}
	return conversation.Result{}, t, true
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
	if !stamp.IsZero() {
		u.SafeUpdate, u.UpdatedStamp = true, stamp
	}
	if c == nil {
		return u
	}
	if c.Customers() && c.Transcript == "" && conversation.Resting(j.Thread.Conversation.Ticket.Status) {
		u.Status = zendesk.StatusOpen
	}
	if c.Assign {
		u.AssigneeID = zendesk.RefTo(c.Agent)
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
		t = w.Ticket
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	return conversation.Result{Outcome: conversation.Done, Ticket: written(t, nil)}
}

// pull reads the comments after the cursor.
func (p *Performer) pull(ctx context.Context, j job) conversation.Result {
	hint := *j.Pending.Effect.Hint
	cost := zendesk.Cost{Requests: 1}
	if p.unclear(j, hint) {
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
	known := hint.Facts
	known.Status = hint.Status
	if p.unclear(j, hint) {
		t, err := p.Zendesk.ShowTicket(ctx, hint.Ticket)
		if err != nil {
			return p.refused(ctx, j, err)
		}
		known, hint.UpdatedAt = facts(t), t.UpdatedAt
	}
	if c := j.Thread.Conversation; c != nil && c.Ticket.ID == hint.Ticket {
		known = p.told(ctx, known, c.Ticket)
	}
	var cursor int64
	if c := j.Thread.Conversation; c != nil && c.Ticket.ID == hint.Ticket {
		cursor = c.Ticket.Cursor
	}
	comments, users, err := p.Zendesk.CommentsAfter(ctx, hint.Ticket, cursor)
	if err != nil {
		return p.refused(ctx, j, err)
	}
	pulled := conversation.Pulled{Status: known.Status, At: at, Hint: hint, Facts: known}
	for _, c := range comments {
		pull := conversation.Pull{
			ID: c.ID, Author: c.AuthorID, Staff: users[c.AuthorID].Staff(), Public: c.Public, Channel: c.Via.Channel, Created: c.CreatedAt,
		}
		pull.Parts, pull.Refused = parts(c, j.Settings.Files.MostCaption)
		pulled.Comments = append(pulled.Comments, pull)
	}
	return conversation.Result{Outcome: conversation.Done, Pulled: &pulled}
}

// unclear tells whether the ticket itself must be read: the hint does not say how it is, or it is as old as what was written last.
func (p *Performer) unclear(j job, h conversation.Hint) bool {
	c := j.Thread.Conversation
	same := c != nil && c.Ticket.ID == h.Ticket && !h.UpdatedAt.IsZero() && h.UpdatedAt.Equal(c.Ticket.UpdatedAt)
	if same {
		f := h.Facts
		f.Status = h.Status
		return f.Against(c.Ticket).Any()
	}
	return h.Status == ""
}

// bind lets a ticket that was there before name its thread, and marks it so that its changes are told.
func (p *Performer) bind(ctx context.Context, j job, ticket int64) error {
	if err := p.Tickets.BindTicket(ctx, ticket, j.Key); err != nil {
		return err
	}
	return p.Zendesk.AddTags(ctx, ticket, j.Settings.Tags)
}
