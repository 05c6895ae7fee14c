package bridge

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// place is where a thread stands in a view.
type place struct {
	score float64
	since bool // the score is when it came there, which is not known beforehand
}

// places lists the views in which a thread stands.
func places(t conversation.Thread, set settings.Number) map[string]place {
	all := map[string]place{}
	c := t.Conversation
	if c == nil {
		return all
	}
	at := func(t time.Time) place { return place{score: float64(t.UnixMilli())} }
	all[conversation.ViewState+string(c.State)] = place{since: true}
	if queue, ok := t.Queued(); ok {
		all[conversation.ViewQueue+queue] = place{score: conversation.WaitScore(c.Clock.Queued, c.Clock.First)}
	}
	if agent := t.Attends(); agent != 0 {
		all[conversation.ViewActive+strconv.FormatInt(agent, 10)] = place{since: true}
	}
	if c.State == conversation.StatePending && c.Owner != 0 {
		all[conversation.ViewPending+strconv.FormatInt(c.Owner, 10)] = place{since: true}
	}
	if !c.Clock.Snoozed.IsZero() {
		all[conversation.ViewSnoozed] = at(c.Clock.Snoozed)
	}
	if look := decide.NextLook(t, set); !look.IsZero() {
		all[conversation.ViewAudit] = at(look)
	}
	for name, since := range waitsOf(t.Outbox) {
		all[name] = at(since)
	}
	return all
}

// listsSince is the schema from which on commits put threads into the views for lists.
const listsSince = 5

// perhaps is the score of a place where a thread may stand or not.
const perhaps = -1

// stored lists the views in which a thread stands that is stored so. Those of schema 4 come with the first decision under it. Those for
// lists come with the first commit under theirs: before that a thread stands there where a rebuilding has put it.
func stored(t conversation.Thread, set settings.Number, schema int) map[string]place {
	all := places(t, set)
	if t.Conversation != nil && t.Conversation.Lines == 0 {
		maps.DeleteFunc(all, func(name string, _ place) bool {
			return !strings.HasPrefix(name, conversation.ViewState) && !strings.HasPrefix(name, WaitPrefix)
		})
	}
	for name, score := range t.Listed() {
		if schema < listsSince {
			score = perhaps
		}
		all[name] = place{score: score}
	}
	return all
}

// moved lists what changes in the views.
func moved(before, after map[string]place, now time.Time) []mailbox.IndexChange {
	var changes []mailbox.IndexChange
	for name, p := range after {
		had, ok := before[name]
		switch {
		case p.since && !ok:
			changes = append(changes, mailbox.IndexChange{Name: name, Score: float64(now.UnixMilli())})
		case !p.since && (!ok || had != p):
			changes = append(changes, mailbox.IndexChange{Name: name, Score: p.score})
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			changes = append(changes, mailbox.IndexChange{Name: name, Remove: true})
		}
	}
	return changes
}

// Views of threads by what waits in them, scored by since when.
const (
	WaitPrefix = "wait:"
	WaitTicket = WaitPrefix + "ticket" // for Zendesk
	WaitPhone  = WaitPrefix + "phone"  // for WhatsApp
	WaitWindow = WaitPrefix + "window" // for the customer to write
	WaitFile   = WaitPrefix + "file"   // for a file to be at WhatsApp
)

// Waits lists the views of what waits.
func Waits() []string { return []string{WaitTicket, WaitPhone, WaitWindow, WaitFile} }

// waitsOf tells since when what waits in an outbox.
func waitsOf(o conversation.Outbox) map[string]time.Time {
	var waits map[string]time.Time
	note := func(name string, p conversation.Pending) {
		if waits == nil {
			waits = map[string]time.Time{}
		}
		if since, ok := waits[name]; !ok || p.Since.Before(since) {
			waits[name] = p.Since
		}
	}
	for _, p := range o.Ticket {
		if p.Held == conversation.HoldNone {
			note(WaitTicket, p)
		}
	}
	for _, p := range o.Phone {
		switch p.Held {
		case conversation.HoldNone:
			note(WaitPhone, p)
		case conversation.HoldWindow:
			note(WaitWindow, p)
		case conversation.HoldFile:
			note(WaitFile, p)
		case conversation.HoldBot: // nothing of this lane is
		}
	}
	return waits
}
