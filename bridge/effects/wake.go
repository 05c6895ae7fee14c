package effects

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// sweepPage is how many threads are woken at once.
const sweepPage = 500

// othersFirst is how far back the tickets of another bot are looked at in the first run.
const othersFirst = 7 * 24 * time.Hour

// A sweep's cursor says in which part of its run it is.
const (
	ofThreads = "t"
	ofOthers  = "o"
)

// sweep wakes one page of what the auditor should look at: first the threads that are due, then tickets of another bot. Who is woken twice
// by a run hears of it once.
func (p *Performer) sweep(ctx context.Context, j job) conversation.Result {
	s := *j.Pending.Effect.Sweep
	if cursor, ok := strings.CutPrefix(s.Cursor, ofOthers); ok {
		return p.sweepOthers(ctx, j, s, cursor)
	}
	keys, next, err := p.Due(ctx, conversation.ViewAudit, s.Upto, strings.TrimPrefix(s.Cursor, ofThreads), sweepPage)
	if err != nil {
		return p.later(j, "view not read", 0)
	}
	list := make([]conversation.Tell, len(keys))
	for i, key := range keys {
		list[i] = conversation.Tell{Key: key, Event: auditDue(s.Run, p.Now())}
	}
	if err := p.DeliverAll(ctx, list); err != nil {
		return p.later(j, "threads not woken", 0)
	}
	result := conversation.Sweep{Cursor: ofThreads + next, Found: s.Found + len(list), More: true}
	if next == "" {
		result.Cursor = ofOthers
		result.More = p.Account().OtherBot.Tag != ""
	}
	return conversation.Result{Outcome: conversation.Done, Sweep: &result}
}

// auditDue is the event that wakes a mailbox for a run.
func auditDue(run string, at time.Time) conversation.Event {
	return conversation.Event{Kind: conversation.EventAudit, ID: "audit:" + run, At: at}
}

// sweepOthers wakes one page of another bot's tickets, those that became worth a look since the last run, by one request.
func (p *Performer) sweepOthers(ctx context.Context, j job, s conversation.Sweep, cursor string) conversation.Result {
	result := conversation.Sweep{Found: s.Found, Since: s.Upto}
	tag := p.Account().OtherBot.Tag
	if tag == "" { // not any more
		result.Since = time.Time{}
		return conversation.Result{Outcome: conversation.Done, Sweep: &result}
	}
	since := s.Since
	if since.IsZero() {
		since = s.Upto.Add(-othersFirst)
	}
	if r, ok := p.reservedAs(ctx, j, "others", zendesk.LaneAudit, zendesk.Cost{Requests: 1}); !ok {
		return r
	}
	from, to := changedWithin(j.Settings, since, s.Upto)
	query := fmt.Sprintf("tags:%s status<closed updated>=%s updated<=%s", tag, from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339))
	page, err := p.Zendesk.ExportTickets(ctx, query, cursor)
	if err != nil {
		return p.refused(ctx, j, err)
	}
	list, err := p.others(ctx, j, page.Tickets, since, s)
	if err == nil {
		err = p.DeliverAll(ctx, list)
	}
	if err != nil {
		return p.later(j, "tickets not woken", 0)
	}
	result.Found += len(list)
	if page.After != "" {
		result.Cursor, result.More = ofOthers+page.After, true
	}
	return conversation.Result{Outcome: conversation.Done, Sweep: &result}
}

// others are those tickets of a page that no thread of ours knows and that became worth a look.
func (p *Performer) others(ctx context.Context, j job, tickets []zendesk.ChangedTicket, since time.Time, s conversation.Sweep) ([]conversation.Tell, error) {
	ids := make([]int64, len(tickets))
	for i, t := range tickets {
		ids[i] = t.ID
	}
	threads, err := p.Tickets.TicketThreads(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []conversation.Tell
	for _, t := range tickets {
		if _, ours := threads[t.ID]; ours || !worthALook(j.Settings, t.UpdatedAt, since, s.Upto) {
			continue
		}
		if _, ours := conversation.ThreadOfSession(t.ExternalID); ours {
			continue
		}
		e := auditDue(s.Run, p.Now())
		e.Hint = &conversation.Hint{Ticket: t.ID, Status: t.Status, UpdatedAt: t.UpdatedAt}
		list = append(list, conversation.Tell{Key: fmt.Sprint(conversation.TicketPrefix, t.ID), Event: e})
	}
	return list, nil
}

// worthALook tells whether a ticket that last changed at an instant became worth a look within a span: when somebody is late with an
// answer, and when the customer's day has passed.
func worthALook(set settings.Number, changed, since, upto time.Time) bool {
	within := func(at time.Time) bool { return at.After(since) && !at.After(upto) }
	late, ok := set.Calendar().Add(changed, set.Audit.Wait)
	return ok && within(late) || within(changed.Add(conversation.ServiceWindow))
}

// longestClosed is longer than an operation is closed at a stretch.
const longestClosed = 30 * 24 * time.Hour

// changedWithin is the span in which everything last changed that becomes worth a look within another.
func changedWithin(set settings.Number, since, upto time.Time) (from, to time.Time) {
	late := func(end time.Time) time.Time { // the latest change that somebody is late with at the end
		low, high := end.Add(-longestClosed), end
		for high.Sub(low) > time.Second {
			middle := low.Add(high.Sub(low) / 2)
			if at, ok := set.Calendar().Add(middle, set.Audit.Wait); ok && !at.After(end) {
				low = middle
			} else {
				high = middle
			}
		}
		return high
	}
	from, to = since.Add(-conversation.ServiceWindow), upto.Add(-conversation.ServiceWindow)
	if at := late(since).Add(-time.Second); at.Before(from) {
		from = at
	}
	if at := late(upto).Add(time.Second); at.After(to) {
		to = at
	}
	return from, to
}
