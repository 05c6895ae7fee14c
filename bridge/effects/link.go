package effects

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
	"github.com/ponte-desk/ponte/zendesk"
)

// linkTag is what a ticket has that was made for linked messages. It has no tag of a conversation: it is none.
const linkTag = "whatsapp_vinculado"

// link copies messages onto a ticket as one internal comment.
func (p *Performer) link(ctx context.Context, j job) conversation.Result {
	l := *j.Pending.Effect.Link
	if l.Ticket == 0 {
		return p.linkNew(ctx, j, l)
	}
	var seen zendesk.Ticket
	if j.Pending.Unsure {
		var r conversation.Result
		var absent bool
		if r, seen, absent = p.linked(ctx, j, l); !absent {
			return r
		}
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: requestsOfLink, Update: l.Ticket}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	words, count, r, ok := p.chosen(ctx, j, l)
	if !ok {
		return r
	}
	u := zendesk.TicketUpdate{TicketFields: zendesk.TicketFields{Comment: words, Metadata: linkMetadata(j, l)}}
	if !seen.UpdatedAt.IsZero() { // a write that lands later is noticed
		u.SafeUpdate, u.UpdatedStamp = true, seen.UpdatedAt
	}
	sent, err := j.Mark(ctx, j.Pending.Unsure)
	if err != nil {
		return p.unmarked(j, err)
	}
	_, err = p.Zendesk.UpdateTicket(ctx, l.Ticket, u)
	switch {
	case err == nil:
		return linkedTo(l, l.Ticket, count)
	case j.Pending.Unsure && zendesk.KindOf(err) == zendesk.KindConflict: // somebody wrote since we looked, maybe we: look again
		return waiting(p.Now().Add(backoffLook), "conflict: look again")
	}
	return p.failedWrite(ctx, j, sent, err)
}

// requestsOfLink is what writing linked messages costs: they may have to go along as a file.
const requestsOfLink = 2

// linkedTo is the result of messages that are on a ticket.
func linkedTo(l conversation.Link, ticket int64, count int) conversation.Result {
	return conversation.Result{Outcome: conversation.Done, Linked: &conversation.Linked{Ticket: ticket, Count: count, New: l.Ticket == 0}}
}

// linkMarker names a link over all threads; the conversation may be another by now.
func linkMarker(j job, l conversation.Link) string { return l.Session + "#" + j.Pending.Effect.ID }

func linkMetadata(j job, l conversation.Link) map[string]any {
	return map[string]any{MarkEffect: linkMarker(j, l)}
}

// linked looks for messages whose linking had an uncertain outcome. absent is true when they are certainly not there; t is the ticket as
// it was before the look.
func (p *Performer) linked(ctx context.Context, j job, l conversation.Link) (r conversation.Result, t zendesk.Ticket, absent bool) {
	if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
		return waiting(ready, "letting the write settle"), t, false
	}
	if r, ok := p.reservedAs(ctx, j, "look", zendesk.LaneMirror, zendesk.Cost{Requests: requestsOfLook}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r, t, false
	}
	t, err := p.Zendesk.ShowTicket(ctx, l.Ticket)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "ticket gone"}, t, false
	}
	if err != nil {
		return p.blind(err), t, false
	}
	_, found, err := p.Zendesk.FindAudit(ctx, l.Ticket, MarkEffect, linkMarker(j, l), j.Pending.SentAt)
	if err != nil {
		return p.blind(err), t, false
	}
	if !found {
		return conversation.Result{}, t, true
	}
	return linkedTo(l, l.Ticket, p.count(ctx, j, l)), t, false
}

// chosen is the messages as a comment, and how many they are. ok is false when they can't be put together now; r then is the attempt's
// result.
func (p *Performer) chosen(ctx context.Context, j job, l conversation.Link) (w *zendesk.CommentWrite, count int, r conversation.Result, ok bool) {
	entries, err := p.entries(ctx, j, l.Session)
	if err != nil {
		r = p.later(j, err.Error(), 0)
		r.Outcome = keep(j, r.Outcome)
		return nil, 0, r, false
	}
	if count = len(ofLink(entries, l)); count == 0 {
		return nil, 0, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeNothing, Reason: "no messages to link"}, false
	}
	w = &zendesk.CommentWrite{HTMLBody: linkHead(l, count)}
	w, r, ok = p.rendered(ctx, j, transcript.Conversation{
		Session: l.Session, Number: j.Settings.Name, Contact: j.Thread.Contact.Name, Phone: phone(j.Thread.Contact), Ticket: l.Origin,
		Zone: j.Settings.Zone, Written: l.First, Mask: j.Settings.Mask.Text, Language: transcript.Language(j.Settings.Language), Entries: entries,
		Only: func(m transcript.Message) bool { return inLink(m, l) },
	}, w)
	return w, count, r, ok
}

// linkHead says where the messages come from and who wanted them there.
func linkHead(l conversation.Link, count int) string {
	what := fmt.Sprintf("%d mensagens", count)
	if count == 1 {
		what = "1 mensagem"
	}
	from := "da conversa " + l.Session
	if l.Origin != 0 {
		from += fmt.Sprintf(" (ticket #%d)", l.Origin)
	}
	by := ""
	if l.By.Name != "" {
		by = ", por " + html.EscapeString(l.By.Name)
	}
	return "<p>Mensagens vinculadas: " + what + " " + html.EscapeString(from) + by + ".</p>\n"
}

// count is how many messages a link is about, 0 when that can't be read.
func (p *Performer) count(ctx context.Context, j job, l conversation.Link) int {
	entries, err := p.entries(ctx, j, l.Session)
	if err != nil {
		return 0
	}
	return len(ofLink(entries, l))
}

// ofLink lists the messages of a log that a link is about.
func ofLink(entries []conversation.Entry, l conversation.Link) []transcript.Message {
	return slices.DeleteFunc(transcript.Fold(entries), func(m transcript.Message) bool { return !inLink(m, l) })
}

// inLink tells whether a link is about a message: about those that were chosen, else about those of people of its time, notes left out.
func inLink(m transcript.Message, l conversation.Link) bool {
	if len(l.Messages) > 0 {
		return (m.Kind == transcript.KindMessage || m.Kind == transcript.KindNote) && slices.Contains(l.Messages, m.Key)
	}
	return m.Kind == transcript.KindMessage && !m.At.Before(l.Since) && !m.At.After(l.Until)
}

// linkExternalID names the ticket that a link makes; it is no session's, so that the ticket is not taken for a conversation's.
func linkExternalID(j job, l conversation.Link) string { return "ponte-link:" + linkMarker(j, l) }

// linkNew creates a ticket with the messages.
func (p *Performer) linkNew(ctx context.Context, j job, l conversation.Link) conversation.Result {
	if j.Pending.Unsure {
		if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
			return waiting(ready, "letting the creation settle")
		}
		if p.Now().Sub(l.First) > idempotencySafe {
			if r, found := p.linkMade(ctx, j, l); found {
				return r
			}
		}
	}
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: requestsOfLink}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	t, count, r, ok := p.linkTicket(ctx, j, l)
	if !ok {
		return r
	}
	sent, err := j.Mark(ctx, false)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, left, err := p.newTicket(ctx, j, t, linkMarker(j, l))
	if err != nil {
		if ze, ok := errors.AsType[*zendesk.Error](err); ok && ze.Code == "IdempotentRequestError" { // sent before, with other words: it is there
			if r, found := p.linkMade(ctx, j, l); found {
				return r
			}
		}
		return p.failedWrite(ctx, j, sent, err)
	}
	r = linkedTo(l, w.Ticket.ID, count)
	r.Linked.Left = left
	return r
}

// linkTicket is the ticket that is to be created. ok is false when it can't be put together now; r then is the attempt's result.
func (p *Performer) linkTicket(ctx context.Context, j job, l conversation.Link) (t zendesk.TicketCreate, count int, r conversation.Result, ok bool) {
	words, count, r, ok := p.chosen(ctx, j, l)
	if !ok {
		return t, 0, r, false
	}
	change := conversation.Change{Agent: l.By, Subject: l.Subject, Tags: []string{linkTag}, Requester: j.Thread.Contact.Zendesk}
	if c := j.Thread.Conversation; c != nil {
		change.Group = c.Procedure.Queue
		if o := c.Procedure.Organization; o != nil {
			change.Organization = o.ID
			if c.Procedure.Requester != 0 {
				change.Requester, change.CC = c.Procedure.Requester, c.Procedure.Email
			}
		}
	}
	c, err := p.changed(ctx, j, change, nil)
	if err != nil {
		r := p.refused(ctx, j, err)
		r.Outcome, r.Code = keep(j, r.Outcome), ""
		return t, 0, r, false
	}
	t.TicketFields = c.TicketFields
	t.ExternalID, t.Comment, t.Metadata = linkExternalID(j, l), words, linkMetadata(j, l)
	return t, count, r, true
}

// linkMade looks for the ticket by its external id. found is also true when the look-up failed and the creation must wait.
func (p *Performer) linkMade(ctx context.Context, j job, l conversation.Link) (r conversation.Result, found bool) {
	tickets, err := p.Zendesk.TicketsByExternalID(ctx, linkExternalID(j, l))
	if err != nil {
		return p.blind(err), true
	}
	if len(tickets) == 0 {
		return r, false
	}
	return linkedTo(l, tickets[0].ID, p.count(ctx, j, l)), true
}
