package effects

import (
	"bytes"
	"context"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// Reports makes reports.
type Reports interface {
	// Make makes a report and keeps it; a second one with its id takes its place.
	Make(ctx context.Context, r conversation.Report) (Made, error)
}

// Made is a report as it is posted: its words, and its files.
type Made struct {
	Summary string
	Files   []MadeFile
}

// MadeFile is a file of a report; MIME is its true type.
type MadeFile struct {
	Name, MIME string
	Content    []byte
}

// report makes a report, keeps it, and posts its words with its files on a ticket where one is named.
func (p *Performer) report(ctx context.Context, j job) conversation.Result {
	r := *j.Pending.Effect.Report
	var stamp time.Time // of the ticket when the words were certainly not on it, after an uncertain outcome
	if j.Pending.Unsure {
		var res conversation.Result
		var absent bool
		if res, stamp, absent = p.posted(ctx, j, r); !absent {
			return res
		}
	}
	made, err := p.Reports.Make(ctx, r)
	if err != nil {
		return p.patient(j, p.later(j, "report not made: "+err.Error(), 0))
	}
	if r.Ticket == 0 {
		return conversation.Result{Outcome: conversation.Done}
	}
	cost := zendesk.Cost{Requests: 1 + len(made.Files), Update: r.Ticket}
	if res, ok := p.reserved(ctx, j, zendesk.LaneReport, cost); !ok {
		res.Outcome = keep(j, res.Outcome)
		return res
	}
	return p.post(ctx, j, made, stamp)
}

// posted looks for the words of a report whose writing had an uncertain outcome. absent is true when they are certainly not there; stamp
// is then when the ticket was last changed before the look, so that a write that lands later is noticed.
func (p *Performer) posted(ctx context.Context, j job, r conversation.Report) (res conversation.Result, stamp time.Time, absent bool) {
	if ready := j.Pending.SentAt.Add(p.Settle); ready.After(p.Now()) {
		return waiting(ready, "letting the write settle"), stamp, false
	}
	if res, ok := p.reservedAs(ctx, j, "look", zendesk.LaneReport, zendesk.Cost{Requests: requestsOfLook}); !ok {
		res.Outcome = keep(j, res.Outcome)
		return res, stamp, false
	}
	t, err := p.Zendesk.ShowTicket(ctx, r.Ticket)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone, Reason: "ticket gone"}, stamp, false
	}
	if err != nil {
		return p.blind(err), stamp, false
	}
	_, found, err := p.Zendesk.FindAudit(ctx, r.Ticket, MarkEffect, reportMarker(j, r), j.Pending.SentAt)
	if err != nil {
		return p.blind(err), stamp, false
	}
	return conversation.Result{Outcome: conversation.Done}, t.UpdatedAt, !found
}

// reportMarker names the writing of a report on a ticket: neither an earlier one of the same report nor another job's has that name.
func reportMarker(j job, r conversation.Report) string { return j.Key + "#" + r.Run }

// post uploads a report's files and writes its words on the ticket.
func (p *Performer) post(ctx context.Context, j job, made Made, stamp time.Time) conversation.Result {
	r := *j.Pending.Effect.Report
	words := &zendesk.CommentWrite{Body: made.Summary, Public: r.Public}
	for _, f := range made.Files {
		up, err := p.Zendesk.Upload(ctx, f.Name, f.MIME, bytes.NewReader(f.Content), "")
		if err != nil {
			return p.patient(j, p.refused(ctx, j, err))
		}
		words.Uploads = append(words.Uploads, up.Token)
	}
	u := zendesk.TicketUpdate{TicketFields: zendesk.TicketFields{Comment: words, Metadata: map[string]any{MarkEffect: reportMarker(j, r)}}}
	if !stamp.IsZero() {
		u.SafeUpdate, u.UpdatedStamp = true, stamp
	}
	sent, err := j.Mark(ctx, j.Pending.Unsure)
	if err != nil {
		return p.unmarked(j, err)
	}
	w, err := p.Zendesk.UpdateTicket(ctx, r.Ticket, u)
	switch {
	case err == nil:
		return conversation.Result{Outcome: conversation.Done, Ticket: written(w.Ticket, w.CommentIDs)}
	case j.Pending.Unsure && zendesk.KindOf(err) == zendesk.KindConflict: // somebody wrote since we looked, maybe we: look again
		return waiting(p.Now().Add(backoffLook), "conflict: look again")
	}
	return p.patient(j, p.failedWrite(ctx, j, sent, err))
}

// Nobody waits for a report, and each attempt makes it anew.
const (
	patienceFirst = time.Minute
	patienceMost  = 15 * time.Minute
)

// patient lets an attempt that has to be repeated be so less often than others. What was unsure stays so.
func (p *Performer) patient(j job, r conversation.Result) conversation.Result {
	if r.Outcome != conversation.Later {
		return r
	}
	r.Outcome = keep(j, r.Outcome)
	if r.Free {
		return r
	}
	wait := patienceMost
	if j.Pending.Attempts < 4 {
		wait = patienceFirst << j.Pending.Attempts
	}
	if at := p.Now().Add(wait); at.After(r.NotBefore) {
		r.NotBefore = at
	}
	return r
}
