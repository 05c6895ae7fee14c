package classify

import (
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// The settings that decide, by the names that they have in the settings file.
const (
	settingWait         = "audit.wait"
	settingHours        = "hours"
	settingBot          = "bot"
	settingExpiry       = "expiry"
	settingBotAbandoned = "audit.bot_abandoned"
	settingMacros       = "desk.macros"
)

// Evidence is what a verdict rests on. Times are in the zone of the number.
type Evidence struct {
	Outcome     Outcome
	Corrections []Correction
	Reason      Reason
	// Setting is the one that decided, by its name.
	Setting string
	// Looked is when it was judged, Created when the conversation began, Queued when people were asked for, Since from when on the
	// wait counts; zero = that did not happen.
	Looked, Created, Queued, Since time.Time
	OpenAtStart                    bool // it began within business hours
	// Last tells who of the people spoke last, "" = nobody, LastWho by which name, and LastAt when.
	Last    Kind
	LastWho string
	LastAt  time.Time
	// Waited is the open time since Since, Limit what is allowed of it.
	Waited, Limit time.Duration
	// Title is the ticket's title as it was found.
	Title string
}

// begin notes what every verdict rests on.
func (j *judge) begin() {
	zone := j.set.Zone
	if zone == nil {
		zone = time.UTC
	}
	in := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.In(zone)
	}
	e := Evidence{
		Looked: in(j.now), Created: in(j.c.Created), Queued: in(j.course.queued), Limit: j.rules.Wait, Setting: settingWait,
		OpenAtStart: j.hours.Open(j.c.Created), Title: j.c.Ticket.Subject,
	}
	if last := j.course.last; last != nil {
		e.Last, e.LastWho, e.LastAt = last.Kind, last.Who, in(last.At)
	}
	j.evidence = e
}

// since notes from when on the wait counts.
func (j *judge) since(t time.Time) {
	if t.IsZero() {
		return
	}
	j.evidence.Since = t.In(j.evidence.Looked.Location())
	j.evidence.Waited = j.hours.Between(t, j.now)
}

func (j *judge) decidedBy(setting string) { j.evidence.Setting = setting }

// Text is the evidence as sentences that a supervisor understands, one a line.
func (e Evidence) Text(l settings.Language) string {
	w := portuguese()
	if l == settings.LanguageEN {
		w = english()
	}
	lines := []string{w.reasons[e.Reason]}
	for _, c := range e.Corrections {
		switch c {
		case CorrectionNoOrganization:
			lines = append(lines, w.noOrganization)
		case CorrectionWrongTitle:
			lines = append(lines, fmt.Sprintf(w.wrongTitle, e.Title))
		}
	}
	if !e.Created.IsZero() {
		within := w.closed
		if e.OpenAtStart {
			within = w.open
		}
		lines = append(lines, fmt.Sprintf(w.created, w.when(e.Created), within))
	}
	if !e.Queued.IsZero() {
		lines = append(lines, fmt.Sprintf(w.queued, w.when(e.Queued)))
	}
	lines = append(lines, e.spoken(w))
	if !e.Since.IsZero() {
		lines = append(lines, fmt.Sprintf(w.waited, span(e.Waited), w.when(e.Since), span(e.Limit)))
	}
	setting := e.Setting
	if name := w.settings[e.Setting]; name != "" {
		setting = fmt.Sprintf("%s (%s)", name, e.Setting)
	}
	lines = append(lines, fmt.Sprintf(w.looked, w.when(e.Looked)), fmt.Sprintf(w.setting, setting))
	return strings.Join(lines, "\n")
}

// spoken says who spoke last.
func (e Evidence) spoken(w words) string {
	switch {
	case e.Last == "":
		return w.nobodySpoke
	case e.Last == StepCustomer:
		return fmt.Sprintf(w.customerSpoke, w.when(e.LastAt))
	case e.LastWho != "":
		return fmt.Sprintf(w.agentSpoke, e.LastWho, w.when(e.LastAt))
	}
	return fmt.Sprintf(w.someoneSpoke, w.when(e.LastAt))
}

// span shows a length of time as 1 h 30 min.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	h, m, s := int64(d/time.Hour), int64(d%time.Hour/time.Minute), int64(d%time.Minute/time.Second)
	var parts []string
	if h > 0 {
		parts = append(parts, fmt.Sprintf("%d h", h))
	}
	if m > 0 {
		parts = append(parts, fmt.Sprintf("%d min", m))
	}
	if s > 0 || len(parts) == 0 {
		parts = append(parts, fmt.Sprintf("%d s", s))
	}
	return strings.Join(parts, " ")
}
