package decide

import (
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// mostReports is how many reports wait to be posted at the most: while Zendesk is away for days their schedule goes on, but not for ever.
const mostReports = 32

// Report decides about the job that makes reports by themselves. What failed for good is returned beside: it can be asked for again.
func Report(j conversation.Job, e conversation.Event, now time.Time) (conversation.Job, []Dead) {
	j = j.Clone()
	switch {
	case e.Kind == conversation.EventRetry && e.Effect != nil && e.Effect.Report != nil:
		j.Enqueue(*e.Effect, now)
	case e.Kind == conversation.EventResult:
		if p, ok := j.Outbox.Settle(*e.Result); ok && e.Result.Outcome == conversation.Failed {
			return j, []Dead{{Effect: p.Effect, Reason: e.Result.Reason}}
		}
	}
	return j, nil
}

// ReportDue adds the report whose time has come to the outbox. What was missed, because nothing ran then, is made up for by one report:
// the last.
func ReportDue(j conversation.Job, r settings.Report, zone *time.Location, now time.Time) conversation.Job {
	last := j.Sweep.Last
	first, scheduled := r.Next(last, zone)
	j.Due = time.Time{}
	switch {
	case !scheduled, last.IsZero(), last.After(now): // there is no schedule, or it begins now, or the clock was put back
		j.Sweep.Last = now
	case first.After(now), len(j.Outbox.Background) >= mostReports:
	default:
		at := latestDue(r, zone, last, now)
		from, to := r.Span(at, zone)
		j = j.Clone()
		j.Enqueue(conversation.Effect{Kind: conversation.EffectReport, Report: &conversation.Report{
			ID: reportID(r.Period, from, zone), Run: reportID(r.Period, from, zone) + "@" + strconv.FormatInt(at.Unix(), 10),
			From: from, To: to, Ticket: r.Ticket, Public: r.Public,
		}}, now)
		j.Sweep.Last = now
	}
	if next, ok := r.Next(j.Sweep.Last, zone); ok {
		j.Due = next
	}
	return j
}

// reportID names a report by its period's first day.
func reportID(p settings.ReportPeriod, from time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return string(p) + "-" + from.In(zone).Format(time.DateOnly)
}

// latestDue is the last time of a schedule up to now that comes after another; there is at least one. It is looked for near now first: a
// schedule of every minute that was missed for a year is not gone through.
func latestDue(r settings.Report, zone *time.Location, after, now time.Time) (at time.Time) {
	for _, back := range []time.Duration{time.Hour, 32 * 24 * time.Hour, now.Sub(after)} {
		begin := now.Add(-back)
		if begin.Before(after) {
			begin = after
		}
		for next, ok := r.Next(begin, zone); ok && !next.After(now); next, ok = r.Next(next, zone) {
			at = next
		}
		if !at.IsZero() {
			break
		}
	}
	return at
}
