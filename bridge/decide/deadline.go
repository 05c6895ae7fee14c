package decide

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// deadline is one time at which a thread has something to do though nothing happens.
type deadline struct {
	at time.Time
	do func(*draft)
}

// deadlines lists what the time brings to a thread; those that are zero never come.
func deadlines(t conversation.Thread, set settings.Number) []deadline {
	c := t.Conversation
	if c == nil {
		return nil
	}
	var all []deadline
	if len(c.Files)+len(c.Attached) > 0 && !c.FilesSince.IsZero() {
		all = append(all, deadline{c.FilesSince.Add(conversation.MediaLife), (*draft).filesBeforeTheyGo})
	}
	if s := c.Survey; s != nil && !s.Done && c.State.Ended() {
		all = append(all, deadline{s.Until, (*draft).surveyOver})
	}
	if c.State.Ended() {
		return all
	}
	all = append(all, deadline{c.Procedure.Patience, (*draft).gaveUp}, deadline{expiry(t), (*draft).expire})
	all = append(all, clockDeadlines(t, set)...)
	if warning := set.Ending.Warning; c.State == conversation.StatePending && warning > 0 && !c.Procedure.Warned && c.Clock.Snoozed.IsZero() {
		all = append(all, deadline{expiry(t).Add(-warning), (*draft).warn})
	}
	return all
}

// expiry is when a conversation ends because the customer has not written for 24 hours. One that was put off ends so long after it
// came back; zero = not before that.
func expiry(t conversation.Thread) time.Time {
	k := t.Conversation.Clock
	if !k.Snoozed.IsZero() {
		return time.Time{}
	}
	return latest(latest(t.Conversation.Started, t.LastInbound), k.Woken).Add(conversation.ServiceWindow)
}

// Deadline is when a thread has something to do though nothing happens; zero when never.
func Deadline(t conversation.Thread, set settings.Number) time.Time {
	var first time.Time
	for _, dl := range deadlines(t, set) {
		if !dl.at.IsZero() && (first.IsZero() || dl.at.Before(first)) {
			first = dl.at
		}
	}
	return first
}

// Due decides what the time itself brings.
func Due(t conversation.Thread, set settings.Number, now time.Time) Decision {
	d := &draft{Decision: Decision{Thread: t.Clone()}, set: set, now: now}
	defer func() { d.keepTime(t) }()
	for _, dl := range deadlines(t, set) {
		if !dl.at.IsZero() && !now.Before(dl.at) {
			dl.do(d)
			break // what it changed may have moved the others; they come with the next look
		}
	}
	return d.Decision
}

// filesBeforeTheyGo fetches what nobody has fetched yet.
func (d *draft) filesBeforeTheyGo() {
	d.because("files fetched before whatsapp forgets them")
	d.fetchFiles()
	d.Thread.Conversation.Fetching = nil // the conversation goes on: they go onto the ticket as they come
}

// expire ends a conversation whose customer is silent; the ticket stays as it is.
func (d *draft) expire() {
	d.Thread.Conversation.Procedure.Outcome = conversation.EndExpired
	d.moveBecause(Expires, d.set.Texts.Expired)
}

// warn tells the customer of a conversation that waits that its end is near.
func (d *draft) warn() {
	d.Thread.Conversation.Procedure.Warned = true
	if now := d.now; now.Before(expiry(d.Thread)) {
		d.because("warned before the end")
		d.automatic(d.set.Says.Expiring)
	}
}
