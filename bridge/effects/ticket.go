package effects

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// Keys of an update's metadata: they find our own updates again, and tell which messages are on which ticket.
const (
	MarkEffect   = "ponte_effect"   // session and effect: how the update is found again
	MarkMessages = "ponte_messages" // the WhatsApp messages that its comment carries
)

// idempotencySafe is how long a repeat with the same Idempotency-Key is relied on.
const idempotencySafe = zendesk.IdempotencyLife - 10*time.Minute

// user finds the contact's Zendesk user by phone, or creates one.
func (p *Performer) user(ctx context.Context, j job) conversation.Result {
	// One reservation for both calls: each of two would let the other's time pass.
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 2, UserWrite: true}); !ok {
		return r
	}
	if r, found := p.userByPhone(ctx, j); found {
		return r
	}
	c := j.Thread.Contact
	up := zendesk.UserUpsert{Name: displayName(c), ExternalID: "ponte-" + c.ID, SkipVerifyEmail: true}
	if c.WaID != "" {
		up.Phone = "+" + c.WaID
	}
	u, err := p.Zendesk.UpsertUser(ctx, up)
	if zendesk.KindOf(err) == zendesk.KindInvalid && up.Phone != "" {
		up.Phone = "" // the account may hold the phone as somebody's own line
		u, err = p.Zendesk.UpsertUser(ctx, up)
	}
	if err != nil {
		return p.refused(ctx, j, err)
	}
	return conversation.Result{Outcome: conversation.Done, User: u.ID}
}

// userByPhone looks for the one customer who has the contact's phone, in whichever form the account holds it. found is also true
// when the look-up must be repeated. When several have it nobody is chosen.
func (p *Performer) userByPhone(ctx context.Context, j job) (r conversation.Result, found bool) {
	c := j.Thread.Contact
	if c.WaID == "" {
		return r, false
	}
	forms := c.PhoneForms()
	terms := make([]string, len(forms))
	for i, v := range forms {
		terms[i] = `phone:"+` + v + `"`
	}
	users, err := p.Zendesk.SearchUsers(ctx, strings.Join(terms, " "))
	if err != nil {
		r = p.refused(ctx, j, err)
		return r, r.Outcome == conversation.Later // a search that is refused for good finds nobody
	}
	var id int64
	for _, u := range users {
		if u.Staff() || u.Suspended || !conversation.SamePhone(onlyDigits(u.Phone), c.WaID) {
			continue
		}
		if id != 0 {
			return r, false
		}
		id = u.ID
	}
	return conversation.Result{Outcome: conversation.Done, User: id}, id != 0
}

func onlyDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

func displayName(c conversation.Contact) string {
	for _, name := range []string{c.Name, c.Username} {
		if name != "" {
			return name
		}
	}
	return "Cliente do WhatsApp"
}

// create makes the conversation's ticket.
func (p *Performer) create(ctx context.Context, j job) conversation.Result {
	conv := j.Thread.Conversation
	if conv.Ticket.ID != 0 { // another effect made it meanwhile: the words become a comment
		return p.comment(ctx, j)
	}
	if j.Pending.Unsure {
		if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
			return waiting(ready, "letting the creation settle")
		}
		if p.Now().Sub(firstSent(j)) > idempotencySafe {
			if r, found := p.created(ctx, j); found {
				return r
			}
		}
	}
	write, r, ok := p.written(ctx, j)
	if !ok && j.Pending.Unsure && r.Code == conversation.CodeUploads { // without its files it would be another ticket: is it there?
		if known, found := p.created(ctx, j); found {
			return known
		}
	}
	if !ok {
		return r
	}
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 1}); !ok {
		r.Outcome = keep(j, r.Outcome)
		return r
	}
	sent, err := j.Mark(ctx, false)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, err := p.Zendesk.CreateTicket(ctx, newTicket(j, write), marker(j))
	if err != nil {
		return p.createFailed(ctx, j, sent, err)
	}
	comments := w.CommentIDs
	if len(comments) == 0 {
		if comments, err = p.firstComment(ctx, w.Ticket.ID); err != nil {
			return p.unsure(sent, "first comment not read")
		}
	}
	return p.bound(ctx, j, sent, w.Ticket, comments)
}

// firstSent is a time no later than the first attempt, from which the key's life counts: SentAt is the last one's.
func firstSent(j job) time.Time {
	if first := j.Pending.Effect.Comment.First; first.Before(j.Pending.SentAt) {
		return first
	}
	return j.Pending.SentAt
}

func (p *Performer) createFailed(ctx context.Context, j job, sent time.Time, err error) conversation.Result {
	var ze *zendesk.Error
	if errors.As(err, &ze) && ze.Code == "IdempotentRequestError" { // sent before, with other words: it is there
		if r, found := p.created(ctx, j); found {
			return r
		}
	}
	if zendesk.KindOf(err) == zendesk.KindInvalid && len(j.Pending.Effect.Comment.Uploads()) > 0 { // a file's upload is not known any more
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads, Reason: "uploads refused"}
	}
	return p.failedWrite(ctx, j, sent, err)
}

// created looks for the ticket among those with the session's external id. found is also true when the look-up failed and
// the creation must wait.
func (p *Performer) created(ctx context.Context, j job) (r conversation.Result, found bool) {
	tickets, err := p.Zendesk.TicketsByExternalID(ctx, j.Thread.Conversation.Session)
	if err != nil {
		return p.blind(err), true
	}
	for _, t := range tickets {
		if t.ID == j.Thread.Conversation.Ticket.FollowUp || t.Status == zendesk.StatusClosed { // an earlier one of the session
			continue
		}
		comments, err := p.firstComment(ctx, t.ID)
		if err != nil {
			return p.blind(err), true
		}
		return p.bound(ctx, j, j.Pending.SentAt, t, comments), true
	}
	return conversation.Result{}, false
}

// firstComment is the comment that a ticket was created with.
func (p *Performer) firstComment(ctx context.Context, ticket int64) ([]int64, error) {
	comments, _, err := p.Zendesk.CommentsAfter(ctx, ticket, 0)
	if err != nil || len(comments) == 0 {
		return nil, err
	}
	first := slices.MinFunc(comments, func(a, b zendesk.Comment) int { return int(a.ID - b.ID) })
	return []int64{first.ID}, nil
}

// bound remembers the ticket's thread, then reports the creation.
func (p *Performer) bound(ctx context.Context, j job, sent time.Time, t zendesk.Ticket, comments []int64) conversation.Result {
	if err := p.Tickets.BindTicket(ctx, t.ID, j.Key); err != nil {
		return p.unsure(sent, "ticket not bound")
	}
	return conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: t.ID, Status: t.Status, Comments: comments},
	}
}

func newTicket(j job, words *zendesk.CommentWrite) zendesk.TicketCreate {
	conv := j.Thread.Conversation
	return zendesk.TicketCreate{
		TicketFields: zendesk.TicketFields{
			Subject: j.Settings.Subject, ExternalID: conv.Session, RequesterID: j.Thread.Contact.Zendesk,
			Tags: j.Settings.Tags, Comment: words, Metadata: metadata(j),
		},
		FollowupSourceID: conv.Ticket.FollowUp,
	}
}

// marker names an effect over all threads.
func marker(j job) string { return j.Thread.Conversation.Session + "#" + j.Pending.Effect.ID }

func metadata(j job) map[string]any {
	m := map[string]any{MarkEffect: marker(j)}
	if ids := j.Pending.Effect.Comment.MessageIDs(); len(ids) > 0 {
		m[MarkMessages] = ids
	}
	return m
}

// keep is the outcome of an attempt that did nothing new: what was unsure stays so.
func keep(j job, o conversation.Outcome) conversation.Outcome {
	if j.Pending.Unsure && o == conversation.Later {
		return conversation.Unsure
	}
	return o
}

func (p *Performer) unsure(sent time.Time, reason string) conversation.Result {
	return conversation.Result{
		Outcome: conversation.Unsure, SentAt: sent, NotBefore: p.Now().Add(p.Settle), Reason: reason,
	}
}

// unmarked is the result when the journal could not be written: nothing has left the house.
func (p *Performer) unmarked(j job, err error) conversation.Result {
	r := p.later(j, "journal: "+err.Error(), 0)
	r.Outcome = keep(j, r.Outcome)
	return r
}

// failedWrite is the result of a write that Zendesk did not confirm.
func (p *Performer) failedWrite(ctx context.Context, j job, sent time.Time, err error) conversation.Result {
	var ze *zendesk.Error
	if !errors.As(err, &ze) || ze.Uncertain() {
		return p.unsure(sent, "zendesk: uncertain")
	}
	r := p.refused(ctx, j, err)
	r.Outcome = keep(j, r.Outcome)
	return r
}

// refused is the result of a call that certainly changed nothing.
func (p *Performer) refused(ctx context.Context, j job, err error) conversation.Result {
	var ze *zendesk.Error
	if !errors.As(err, &ze) {
		return p.later(j, "zendesk: "+err.Error(), 0)
	}
	switch ze.Kind {
	case zendesk.KindLimited:
		r := p.later(j, ze.Error(), ze.RetryAfter)
		r.Free = true
		return r
	case zendesk.KindNetwork, zendesk.KindServer:
		return p.later(j, ze.Error(), ze.RetryAfter)
	case zendesk.KindConflict:
		return p.later(j, ze.Error(), 0)
	case zendesk.KindUnauthorized, zendesk.KindForbidden:
		p.Logger.ErrorContext(ctx, "zendesk refuses our credentials or role", "op", ze.Op, "status", ze.Status, "code", ze.Code)
		return p.later(j, ze.Error(), backoffHelp)
	case zendesk.KindNotFound:
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: ze.Error()}
	case zendesk.KindClosed:
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketClosed, Reason: ze.Error()}
	case zendesk.KindInvalid, zendesk.KindBad:
	}
	p.Logger.ErrorContext(ctx, "zendesk refuses a request for good", "op", ze.Op, "status", ze.Status, "code", ze.Code)
	return conversation.Result{Outcome: conversation.Failed, Reason: ze.Error()}
}
