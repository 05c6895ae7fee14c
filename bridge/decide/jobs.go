package decide

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// AccountNotice keeps a notice for the supervisor.
func AccountNotice(a conversation.Account, n conversation.Notice, at time.Time) conversation.Account {
	kept := append([]conversation.KeptNotice{}, a.Notices...)
	kept = append(kept, conversation.KeptNotice{At: at, Rule: n.Rule, Text: n.Text})
	if extra := len(kept) - conversation.MostNotices; extra > 0 {
		kept = kept[extra:]
	}
	return conversation.Account{Notices: kept}
}

// Lookup decides about a ticket that no thread knows: look at it once for the thread that its external id encodes.
func Lookup(j conversation.Job, e conversation.Event, now time.Time) conversation.Job {
	j = j.Clone()
	switch {
	case e.Kind == conversation.EventHint && j.Outbox.Empty():
		j.Enqueue(conversation.Effect{Kind: conversation.EffectLookup, Hint: e.Hint}, now)
	case e.Kind == conversation.EventResult:
		j.Outbox.Settle(*e.Result)
	}
	return j
}

// Job decides about one of the installation's own jobs, which runs once every so often. A reconciliation whose page is not
// the last goes on with the next at once.
func Job(j conversation.Job, e conversation.Event, every time.Duration, now time.Time) conversation.Job {
	j = j.Clone()
	if e.Kind == conversation.EventResult {
		j.Outbox.Settle(*e.Result)
		if e.Result.Outcome == conversation.Done || e.Result.Outcome == conversation.Failed {
			j.Due = now.Add(every)
		}
		if next := e.Result.Sweep; next != nil && e.Result.Outcome == conversation.Done {
			j.Sweep = *next
			j.Sweep.More = false
			if next.More {
				j.Due = now
			}
		}
	}
	if j.Due.IsZero() {
		j.Due = now
		j.Sweep.Since = now.Add(-every)
	}
	return j
}

// JobDue adds the job's effect to the outbox when its time has come.
func JobDue(j conversation.Job, kind conversation.EffectKind, now time.Time) conversation.Job {
	if j.Due.IsZero() || j.Due.After(now) || !j.Outbox.Empty() {
		return j
	}
	j = j.Clone()
	sweep := j.Sweep
	j.Enqueue(conversation.Effect{Kind: kind, Sweep: &sweep}, now)
	return j
}

// Transfer decides about the mailbox of a file: it is carried, and whoever asked is told how that ended.
func Transfer(j conversation.Job, e conversation.Event, now time.Time) conversation.Job {
	j = j.Clone()
	if e.Kind == conversation.EventTransfer {
		j.Enqueue(conversation.Effect{Kind: conversation.EffectStream, Stream: e.Ask}, now)
	}
	if e.Kind != conversation.EventResult {
		return j
	}
	p, ok := j.Outbox.Settle(*e.Result)
	if t := p.Effect.Stream; ok && t != nil && e.Result.File != nil {
		j.Enqueue(conversation.Effect{Kind: conversation.EffectTell, Tell: &conversation.Tell{Key: t.Thread, Event: conversation.Event{
			Kind: conversation.EventFile, ID: "f:" + t.Ask, At: now, File: e.Result.File,
		}}}, now)
	}
	return j
}
