package decide

import (
	"slices"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// sweepLooks is how often the sweep's job looks at its settings though nothing happens: a schedule that was changed, or switched on,
// holds from then on.
const sweepLooks = 5 * time.Minute

// Sweep decides about the job that wakes what the auditor should look at: it runs once every so often, 0 = only when somebody asks for
// it. A run goes on page by page; one that fails for good is over, and the next one comes in its time.
func Sweep(j conversation.Job, e conversation.Event, now time.Time) conversation.Job {
	j = j.Clone()
	switch {
	case e.Kind == conversation.EventWake && e.Run != "":
		j.Sweep.Asked = remember(j.Sweep.Asked, e.Run)
	case e.Kind == conversation.EventResult:
		if _, ok := j.Outbox.Settle(*e.Result); ok {
			j.Sweep = swept(j.Sweep, *e.Result, now)
		}
	}
	return j
}

// swept takes in what a page brought.
func swept(s conversation.Sweep, r conversation.Result, now time.Time) conversation.Sweep {
	switch {
	case r.Outcome == conversation.Done && r.Sweep != nil:
		s.Cursor, s.Found = r.Sweep.Cursor, r.Sweep.Found
		if r.Sweep.More {
			return s
		}
		s.Since = r.Sweep.Since
	case r.Outcome != conversation.Failed && r.Outcome != conversation.Done:
		return s
	}
	return conversation.Sweep{
		Since: s.Since, Last: now, Woken: s.Found, Asked: s.Asked, Served: remember(s.Served, s.Serving...),
	}
}

// remember adds to a list of which the oldest are forgotten.
func remember(list []string, more ...string) []string {
	list = slices.Concat(list, more)
	return list[max(0, len(list)-conversation.MostServed):]
}

// SweepDue adds the next page to the outbox, of the run that is under way or of one whose time has come. What was missed is made up
// for by one run.
func SweepDue(j conversation.Job, every time.Duration, now time.Time) conversation.Job {
	s := j.Sweep
	j.Due = time.Time{}
	if every > 0 {
		j.Due = s.Last.Add(every)
	}
	due := every > 0 && (!j.Due.After(now) || s.Last.After(now)) // or the clock was put back
	if !j.Outbox.Empty() || s.Run == "" && len(s.Asked) == 0 && !due {
		return j
	}
	j = j.Clone()
	if s.Run == "" {
		j.Sweep.Run = strconv.FormatInt(now.UnixMilli(), 10) + "-" + strconv.FormatInt(j.NextEffect, 10)
		j.Sweep.Upto, j.Sweep.Cursor, j.Sweep.Found = now, "", 0
		j.Sweep.Serving, j.Sweep.Asked = s.Asked, nil
	}
	page := j.Sweep
	page.Asked, page.Serving, page.Served = nil, nil, nil
	j.Enqueue(conversation.Effect{Kind: conversation.EffectSweep, Sweep: &page}, now)
	return j
}

// SweepNext is when the job looks again.
func SweepNext(j conversation.Job, now time.Time) time.Time {
	next := now.Add(sweepLooks)
	if !j.Due.IsZero() && j.Due.Before(next) {
		next = j.Due
	}
	return next
}
