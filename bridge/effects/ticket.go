package effects

import (
	"context"
	"errors"
	"slices"
	"strconv"
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

// ownPrefix begins the external ids of users that Ponte made.
const ownPrefix = "ponte-"

// user finds the contact's Zendesk user by phone, or creates one.
func (p *Performer) user(ctx context.Context, j job) conversation.Result {
	c := j.Thread.Contact
	if c.Zendesk != 0 { // found meanwhile
		return conversation.Result{Outcome: conversation.Done, User: c.Zendesk}
	}
	// One reservation for both calls: each of two would let the other's time pass.
	if r, ok := p.reserved(ctx, j, zendesk.LanePeople, zendesk.Cost{Requests: 2, UserWrite: true}); !ok {
		return r
	}
	if !j.Thread.Conversation.Procedure.Nobody {
		u, found, err := p.userWithPhone(ctx, c)
		if err != nil {
			return p.refused(ctx, j, err)
		}
		if found {
			return conversation.Result{Outcome: conversation.Done, User: u.ID}
		}
	}
	up := zendesk.UserUpsert{Name: displayName(c), ExternalID: ownPrefix + c.ID, SkipVerifyEmail: true}
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

// userWithPhone looks for the one customer who has the contact's phone, in whichever form the account holds it. When several have
// it nobody is chosen; a search that is refused for good finds nobody.
func (p *Performer) userWithPhone(ctx context.Context, c conversation.Contact) (user zendesk.User, found bool, err error) {
	if c.WaID == "" {
		return user, false, nil
	}
	forms := c.PhoneForms()
	terms := make([]string, len(forms))
	for i, v := range forms {
		terms[i] = `phone:"+` + v + `"`
	}
	users, err := p.Zendesk.SearchUsers(ctx, strings.Join(terms, " "))
	switch zendesk.KindOf(err) { //nolint:exhaustive // all others are to be tried again
	case zendesk.KindInvalid, zendesk.KindBad, zendesk.KindNotFound:
		return user, false, nil
	}
	if err != nil {
		return user, false, err
	}
	for _, u := range users {
		if u.Staff() || u.Suspended || !conversation.SamePhone(onlyDigits(u.Phone), c.WaID) {
			continue
		}
		if found {
			return zendesk.User{}, false, nil
		}
		user, found = u, true
	}
	return user, found, nil
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
	t, left, err := p.drafted(ctx, j, write)
	if err != nil {
		r := p.refused(ctx, j, err)
		r.Outcome, r.Code = keep(j, r.Outcome), ""
		return r
	}
	sent, err := j.Mark(ctx, false)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, more, err := p.newTicket(ctx, j, t, marker(j))
	if err != nil {
		return p.createFailed(ctx, j, sent, err)
	}
	comments := w.CommentIDs
	if len(comments) == 0 {
		if comments, err = p.firstComment(ctx, w.Ticket.ID); err != nil {
			return p.unsure(sent, "first comment not read")
		}
	}
	r = p.bound(ctx, j, sent, w.Ticket, comments)
	r.Notes = slices.Concat(left, more)
	return r
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
	return conversation.Result{Outcome: conversation.Done, Ticket: written(t, comments)}
}

// drafted is the ticket as it is to be created, and what of it the account has no place for, pt-BR.
func (p *Performer) drafted(ctx context.Context, j job, words *zendesk.CommentWrite) (t zendesk.TicketCreate, left []string, err error) {
	conv := j.Thread.Conversation
	proc := conv.Procedure
	change := conversation.Change{
		Subject: j.Settings.Subject, Group: proc.Queue, Tags: j.Settings.Tags, Fields: j.Thread.Context(j.Settings.Name, j.Settings.Zone),
		Requester: j.Thread.Contact.Zendesk,
	}
	if own := j.Pending.Effect.Change; own != nil {
		change = change.With(*own)
	}
	if o := proc.Organization; o != nil {
		change.Organization = o.ID
		if proc.Requester != 0 {
			change.Requester, change.CC = proc.Requester, proc.Email
		}
	}
	c, err := p.changed(ctx, j, change, nil)
	if err != nil {
		return t, nil, err
	}
	t.TicketFields = c.TicketFields
	t.ExternalID, t.Comment, t.Metadata, t.FollowupSourceID = conv.Session, words, metadata(j), conv.Ticket.FollowUp
	return t, c.left, nil
}

// newTicket creates a ticket under an idempotency key; of what Zendesk does not take as much is given up as must be, and named.
func (p *Performer) newTicket(ctx context.Context, j job, t zendesk.TicketCreate, key string) (w zendesk.TicketWrite, left []string, err error) {
	w, err = p.Zendesk.CreateTicket(ctx, t, key)
	for _, less := range lessens() {
		if zendesk.KindOf(err) != zendesk.KindInvalid || len(uploads(j)) > 0 {
			break
		}
		if !less.of(&t.TicketFields) {
			continue
		}
		if less.what == "organização" {
			t.RequesterID = j.Thread.Contact.Zendesk
		}
		left = append(left, less.what)
		w, err = p.Zendesk.CreateTicket(ctx, t, key+"~"+strconv.Itoa(len(left)))
	}
	return w, left, err
}

// marker names an effect over all threads.
func marker(j job) string { return j.Thread.Conversation.Session + "#" + j.Pending.Effect.ID }

func metadata(j job) map[string]any {
	m := map[string]any{MarkEffect: marker(j)}
	if found := verdictIn(j.Pending.Effect.Change); found != "" {
		m[MarkVerdict] = found
	}
	if c := j.Pending.Effect.Comment; c != nil {
		if ids := c.MessageIDs(); len(ids) > 0 {
			m[MarkMessages] = ids
		}
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
