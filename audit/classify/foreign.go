package classify

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// handOver is how long after its hand-over a bot may still write down its own script.
const handOver = 2 * time.Minute

// ForeignLook tells whether what was said on a ticket of another bot must be read, or whether nothing can be found by it anyway: it is
// fresh, or settled, or not to be touched. f is the ticket of a first look.
func ForeignLook(f conversation.Foreign, now time.Time, set settings.Number, rules Rules) bool {
	switch {
	case f.Status == statusClosed, f.Status == statusHold, f.N2:
		return false
	case f.Status != statusSolved:
		return now.Sub(f.Created) >= rules.sane().Wait // no wait can be longer than the ticket is old
	case slices.ContainsFunc(endings(), func(o Outcome) bool { return found(f, string(o)) }):
		return false // the auditor itself solved it
	}
	return f.Assignee == 0 || f.API && f.Assignee == f.Submitter || f.Organization == 0 && !found(f, string(CorrectionNoOrganization)) ||
		BadTitle(f.Subject, f.RequesterName, set.Subject) && !found(f, string(CorrectionWrongTitle))
}

// found tells whether the ticket's tags say that the auditor found something.
func found(f conversation.Foreign, finding string) bool {
	return slices.Contains(f.Tags, conversation.VerdictTag+finding)
}

// endings are the outcomes by which the auditor solves a ticket.
func endings() []Outcome {
	return []Outcome{OutcomeNotAssumed, OutcomeClientAbandonment, OutcomeAfterHours, OutcomeBotAbandoned}
}

// Foreign judges a ticket of another bot by what Zendesk tells of it, which may be less than what was said: what depends on words that
// do not stand on the ticket is not guessed but left to a supervisor (OpenOutcome).
func Foreign(f conversation.Foreign, now time.Time, set settings.Number, rules Rules) Verdict {
	set.Bot.Kind = settings.BotNone // its own bot tells nobody the hours: what came while closed counts once it has expired
	v := Classify(FromForeign(f, now, set), now, set, rules)
	if v.Action.Repair && f.Repair == nil { // whose it is can't be told for certain
		v.Action.Repair = false
		v.Action.Open = append(v.Action.Open, OpenOrganization)
	}
	return v
}

// FromForeign is the case of a ticket of another bot.
func FromForeign(f conversation.Foreign, now time.Time, set settings.Number) Case {
	r := foreignReader{f: f, begun: f.Created}
	r.derived, r.legible = ParseInstant(f.Derived, set.Zone)
	for _, c := range f.Changes {
		r.change(c)
	}
	if r.derived.Before(r.begun) && r.begun.After(f.Created) { // it was opened again, and the field tells of the first time
		r.derived, r.legible = time.Time{}, false
	}
	for _, c := range f.Comments {
		r.comment(c)
	}
	slices.SortStableFunc(r.steps, func(a, b Step) int { return a.At.Compare(b.At) })
	c := Case{
		Owner: r.owner(), Queue: set.Desk.Queue, Created: r.begun, Derived: r.derived, Ended: r.ended(), Contact: f.RequesterName,
		Ticket: Ticket{
			ID: f.Ticket, Status: f.Status, Assignee: r.person(f.Assignee), Group: f.Group, Organization: f.Organization, Subject: f.Subject,
			Catalogue: f.Catalogue, N2: f.N2,
		},
		Steps: r.steps,
	}
	if f.Status == statusHold { // somebody waits for a third party
		c.Snoozed = now.Add(time.Second)
	}
	c.State = r.state(now, c.Owner)
	c.Untold = r.untold()
	return c
}

// ParseInstant reads a time as another bot writes it on a ticket, in the operation's zone where it names none: day first, or RFC 3339.
// Empty is the zero time; ok is false when it can't be read.
func ParseInstant(text string, zone *time.Location) (t time.Time, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return t, true
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"02/01/2006 15:04:05", "02/01/2006 15:04", time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// foreignReader turns what Zendesk tells into steps.
type foreignReader struct {
	f        conversation.Foreign
	steps    []Step
	begun    time.Time // when the ticket was made, or opened again
	derived  time.Time
	legible  bool      // the field of that says when, or that it was not
	assignee int64     // by the changes so far
	solved   bool      // likewise
	talk     time.Time // when the bot last wrote down what may be the talk with people
	own      time.Time // the last words of people that stand on the ticket as such
	mirrored bool      // what the customer says stands there as such
	attended bool      // what agents say
}

// person is who of the people has a ticket: what the bot's own user has, nobody has.
func (r *foreignReader) person(assignee int64) int64 {
	if assignee == r.f.Bot {
		return 0
	}
	return assignee
}

// change takes in an update. What the auditor did itself is no change of hands.
func (r *foreignReader) change(c conversation.ForeignChange) {
	had := r.assignee
	if c.Assignee != nil {
		r.assignee = r.person(*c.Assignee)
	}
	if c.Status != "" {
		if r.solved && c.Status != statusSolved && c.Status != statusClosed {
			r.begun = c.At
		}
		r.solved = c.Status == statusSolved
	}
	switch {
	case len(c.Verdict) > 0:
		r.steps = append(r.steps, Step{At: c.At, Kind: StepVerdict, Agent: r.assignee, Found: c.Verdict})
	case r.assignee != 0 && r.assignee != had:
		r.steps = append(r.steps, Step{At: c.At, Kind: StepAssigned, Agent: r.assignee})
	case had != 0 && r.assignee == 0, c.Group != nil && r.assignee == 0:
		r.steps = append(r.steps, Step{At: c.At, Kind: StepQueue})
	}
}

func (r *foreignReader) comment(c conversation.ForeignComment) {
	s := Step{At: c.At, Agent: c.Agent, Who: c.Who}
	made := c.First && c.API // a program made the ticket with it, in the customer's name or its own
	switch {
	case c.Author == conversation.AuthorAgent && c.Public:
		s.Kind, r.attended = StepAgent, true
	case c.Author == conversation.AuthorAgent:
		s.Kind = StepNote
	case r.talks(c, made):
		s.Kind, r.talk = StepGesture, later(r.talk, c.At)
	case c.Author != conversation.AuthorCustomer || !c.Public:
		s.Kind = StepAutomatic
	case made && script(c.Text):
		s.Kind = StepGesture
	default:
		s.Kind, s.Text, s.Courtesy = StepCustomer, c.Text, !c.Files && conversation.Courtesy(c.Text)
		r.mirrored = r.mirrored || !made
	}
	if s.Kind == StepAgent || s.Kind == StepCustomer && !made {
		r.own = later(r.own, c.At)
	}
	r.steps = append(r.steps, s)
}

// talks tells whether a comment may be the whole talk of customer and people, written down by the bot. Before it hands over, and with
// its hand-over, a bot writes down its own script.
func (r *foreignReader) talks(c conversation.ForeignComment, made bool) bool {
	if c.Author != conversation.AuthorPonte && !made || !c.Files && !script(c.Text) {
		return false
	}
	if r.derived.IsZero() {
		return !c.First
	}
	return c.At.After(r.derived.Add(handOver))
}

// script tells whether a text is a talk written down: several lines that begin with a time, or with who says it.
func script(text string) bool {
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(line, " \t*_[(<>-•")
		who, said, colon := strings.Cut(line, ":")
		clock := len(line) > 4 && line[0] >= '0' && line[0] <= '9' && strings.ContainsRune(line[:min(len(line), 20)], ':')
		if clock || colon && strings.TrimSpace(said) != "" && len(strings.Fields(who)) <= mostNames && !strings.HasPrefix(said, "//") {
			n++
		}
	}
	return n >= leastLines
}

const (
	leastLines = 3 // of a talk written down
	mostNames  = 5 // words of a name before a colon
)

// owner is who has the ticket: its assignee, else who answered without taking it.
func (r *foreignReader) owner() int64 {
	var last int64
	for _, s := range r.steps {
		switch s.Kind { //nolint:exhaustive // nothing else gives it to anybody
		case StepAgent:
			last = s.Agent
		case StepQueue:
			last = 0
		}
	}
	return cmp.Or(r.person(r.f.Assignee), last)
}

// ended is when the ticket was last solved, zero when it is not.
func (r *foreignReader) ended() time.Time {
	if r.f.Status != statusSolved && r.f.Status != statusClosed {
		return time.Time{}
	}
	at := r.f.UpdatedAt
	for _, c := range r.f.Changes {
		if c.Status == statusSolved {
			at = c.At
		}
	}
	return at
}

// state is the one that a conversation of ours would be in.
func (r *foreignReader) state(now time.Time, owner int64) conversation.State {
	sign := later(r.begun, r.derived)
	for _, s := range r.steps {
		if s.Kind == StepCustomer || s.Kind == StepGesture {
			sign = later(sign, s.At)
		}
	}
	switch {
	case r.f.Status == statusSolved, r.f.Status == statusClosed:
		return conversation.StateClosed
	case now.Sub(sign) >= conversation.ServiceWindow:
		return conversation.StateExpired
	case r.f.Status == statusPending:
		return conversation.StatePending
	case owner != 0:
		return conversation.StateActive
	case !r.derived.IsZero():
		return conversation.StateQueued
	}
	return conversation.StateBot
}

// untold lists the outcomes that the ticket can't tell: they rest on words that do not stand on it.
func (r *foreignReader) untold() []Outcome {
	elsewhere := !r.talk.IsZero() && !r.own.After(r.talk)
	var list []Outcome
	if elsewhere || !r.mirrored {
		list = append(list, OutcomeClientAbandonment, OutcomeAgentAbandonment)
	}
	if elsewhere && !r.attended {
		list = append(list, OutcomeNotAssumed)
	}
	if elsewhere || r.f.Cut {
		list = append(list, OutcomeAfterHours, OutcomeAgentUnavailable, OutcomeBotAbandoned)
	} else if !r.legible {
		list = append(list, OutcomeAgentUnavailable, OutcomeBotAbandoned)
	}
	return list
}
