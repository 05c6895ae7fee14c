// Package classify judges a conversation as an auditor of a support desk does: who abandoned whom, what is wrong with its ticket,
// what is to be done, and by which evidence. It is pure: no context, no clock, no input or output.
package classify

import (
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Outcome is how an attendance went wrong; "" = it did not, or not yet.
type Outcome string

// The outcomes, in the order in which they are looked for: the first that holds counts.
const (
	OutcomeNone              Outcome = ""
	OutcomeNotAssumed        Outcome = "not_assumed"        // attended and finished, but nobody took the ticket
	OutcomeClientAbandonment Outcome = "client_abandonment" // the customer went silent
	OutcomeAgentAbandonment  Outcome = "agent_abandonment"  // an agent owes an answer
	OutcomeAfterHours        Outcome = "after_hours"        // nobody attended, and it came while closed
	OutcomeAgentUnavailable  Outcome = "agent_unavailable"  // asked for people while open, nobody ever had it
	OutcomeBotAbandoned      Outcome = "bot_abandoned"      // the customer quit during the bot
)

// Outcomes lists the outcomes in the order in which they are looked for.
func Outcomes() []Outcome {
	return []Outcome{
		OutcomeNotAssumed, OutcomeClientAbandonment, OutcomeAgentAbandonment, OutcomeAfterHours, OutcomeAgentUnavailable, OutcomeBotAbandoned,
	}
}

// Correction is something about the ticket that is put right besides the outcome.
type Correction string

// The corrections.
const (
	CorrectionNoOrganization Correction = "no_organization" // the ticket belongs to no organisation
	CorrectionWrongTitle     Correction = "wrong_title"     // the ticket is solved, and its title says nothing
)

// Reason says in one fixed word why the verdict is what it is.
type Reason string

// The reasons. Those of an outcome tell by which rule it was found, the others why there is none.
const (
	ReasonUnassumed    Reason = "ticket_unassumed"     // not_assumed: the ticket is new or has no assignee
	ReasonSilent       Reason = "customer_silent"      // client_abandonment
	ReasonUnanswered   Reason = "unanswered"           // agent_abandonment: the customer's words have no answer
	ReasonTransferred  Reason = "transferred_silent"   // agent_abandonment: nobody wrote after a transfer
	ReasonNeverWrote   Reason = "assigned_silent"      // agent_abandonment: an agent had it and never wrote
	ReasonClosedHours  Reason = "created_while_closed" // after_hours
	ReasonNobody       Reason = "nobody_took_it"       // agent_unavailable
	ReasonQuit         Reason = "quit_during_bot"      // bot_abandoned
	ReasonEmpty        Reason = "no_conversation"      // there is nothing to judge
	ReasonFinal        Reason = "ticket_closed"        // Zendesk takes no changes of a closed ticket
	ReasonSettling     Reason = "writes_waiting"       // what was decided is still on its way to the ticket
	ReasonN2           Reason = "second_level"         //
	ReasonSnoozed      Reason = "snoozed"              //
	ReasonRefused      Reason = "refused"              // for a financial pending, or as unknown
	ReasonCancelled    Reason = "cancelled"            //
	ReasonStopped      Reason = "stopped"              // goes on outside of WhatsApp
	ReasonFinished     Reason = "finished"             // and in order
	ReasonWaiting      Reason = "waits"                // not for long enough
	ReasonPending      Reason = "waits_for_customer"   // with pending, until it expires
	ReasonBot          Reason = "with_bot"             // until it expires
	ReasonJudged       Reason = "judged_before"        // and nothing happened since
	ReasonLateHandOver Reason = "derived_while_closed" // created while open, handed over while closed: no rule is about it
	ReasonUntold       Reason = "said_elsewhere"       // what was said does not stand on the ticket
)

// Verdict is what was found, why, and what is to be done.
type Verdict struct {
	Outcome     Outcome
	Corrections []Correction
	Reason      Reason
	Evidence    Evidence
	// Action is empty where there is nothing to do.
	Action Action
}

// Nothing tells whether the conversation is left alone.
func (v Verdict) Nothing() bool { return v.Outcome == OutcomeNone && len(v.Corrections) == 0 }

// Classify judges a case at an instant, by the settings of its number. It changes nothing that it is given; the same arguments
// always give the same verdict.
func Classify(c Case, now time.Time, set settings.Number, rules Rules) Verdict {
	j := judge{c: c, now: now, set: set, rules: rules.sane(), course: read(c)}
	j.hours = set.Calendar()
	j.begin()
	v := Verdict{}
	if reason := j.untouchable(); reason != "" {
		v.Reason = reason
	} else {
		v.Outcome, v.Reason = j.outcome()
		if v.Outcome != OutcomeNone && j.course.judgedSince(j.basis(v.Outcome), string(v.Outcome)) {
			v.Outcome, v.Reason = OutcomeNone, ReasonJudged
		}
		untold := v.Outcome != OutcomeNone && slices.Contains(c.Untold, v.Outcome)
		if untold {
			v.Outcome, v.Reason = OutcomeNone, ReasonUntold
		}
		v.Action = j.action(v.Outcome)
		j.correct(&v)
		if untold {
			v.Action.Open = append(v.Action.Open, OpenOutcome)
		}
	}
	j.evidence.Outcome, j.evidence.Reason, j.evidence.Corrections = v.Outcome, v.Reason, v.Corrections
	v.Evidence = j.evidence
	return v
}

// judge is one judgement on its way.
type judge struct {
	c        Case
	now      time.Time
	set      settings.Number
	rules    Rules
	course   course
	hours    calendar.Hours
	evidence Evidence
}

// untouchable says why a conversation is left alone whatever else is true, "" when it is not.
func (j *judge) untouchable() Reason {
	c := j.c
	switch {
	case c.State == conversation.StateNone:
		return ReasonEmpty
	case c.Ticket.Status == statusClosed:
		return ReasonFinal
	case c.N2 || c.Ticket.N2:
		return ReasonN2
	case c.State == conversation.StateCancelled:
		return ReasonCancelled
	case c.End == conversation.EndFinancial || c.End == conversation.EndRefused:
		return ReasonRefused
	case j.now.Before(c.Snoozed):
		return ReasonSnoozed
	case c.Settling:
		return ReasonSettling
	}
	return ""
}

// outcome finds the first row that holds, and why it is that or none.
func (j *judge) outcome() (Outcome, Reason) {
	switch {
	case j.finished():
		return j.afterEnd()
	case j.course.stopped:
		return OutcomeNone, ReasonStopped
	case j.course.attended:
		return j.attended()
	case j.course.had:
		return j.neverAnswered()
	}
	return j.nobody()
}

// finished tells whether somebody ended the attendance, here or by solving the ticket.
func (j *judge) finished() bool {
	return j.c.State == conversation.StateClosed || j.c.Ticket.Status == statusSolved
}

func (j *judge) expired() bool { return j.c.State == conversation.StateExpired }

// afterEnd judges a conversation that was finished.
func (j *judge) afterEnd() (Outcome, Reason) {
	t := j.c.Ticket
	for _, o := range []Outcome{OutcomeNotAssumed, OutcomeClientAbandonment, OutcomeAfterHours} {
		if j.course.judgedSince(j.course.lastSign, string(o)) { // the auditor itself ended it
			return OutcomeNone, ReasonJudged
		}
	}
	attended := j.course.attended || slices.Contains(j.c.Untold, OutcomeNotAssumed)
	if attended && t.ID != 0 && (t.Status == statusNew || t.Assignee == 0) {
		j.decidedBy(settingMacros)
		j.evidence.Since = j.c.Ended
		return OutcomeNotAssumed, ReasonUnassumed
	}
	return OutcomeNone, ReasonFinished
}

// attended judges a conversation in which an agent wrote, and that nobody finished.
func (j *judge) attended() (Outcome, Reason) {
	if !j.course.owed {
		if j.c.State == conversation.StatePending {
			j.since(j.course.lastSign)
			j.decidedBy(settingExpiry)
			return OutcomeNone, ReasonPending
		}
		if !j.waited(j.course.lastSign) {
			return OutcomeNone, ReasonWaiting
		}
		return OutcomeClientAbandonment, ReasonSilent
	}
	if !j.waited(j.course.owedSince()) {
		return OutcomeNone, ReasonWaiting
	}
	if j.course.byTransfer {
		return OutcomeAgentAbandonment, ReasonTransferred
	}
	return OutcomeAgentAbandonment, ReasonUnanswered
}

// neverAnswered judges a conversation that an agent had without ever writing in it.
func (j *judge) neverAnswered() (Outcome, Reason) {
	if !j.waited(j.course.owedSince()) {
		return OutcomeNone, ReasonWaiting
	}
	return OutcomeAgentAbandonment, ReasonNeverWrote
}

// nobody judges a conversation that no agent ever had.
func (j *judge) nobody() (Outcome, Reason) {
	bot := j.set.Bot.Kind != settings.BotNone
	queued := j.course.queued
	if !j.evidence.OpenAtStart {
		j.decidedBy(settingHours)
		switch {
		case j.expired():
			j.since(j.c.Created)
			return OutcomeAfterHours, ReasonClosedHours
		case !bot:
			j.since(j.c.Created)
			j.decidedBy(settingBot)
			return OutcomeNone, ReasonWaiting
		}
		if !j.waited(later(j.course.lastCustomer, queued)) {
			return OutcomeNone, ReasonWaiting
		}
		j.decidedBy(settingHours)
		return OutcomeAfterHours, ReasonClosedHours
	}
	if queued.IsZero() {
		j.since(j.course.lastCustomer)
		if !j.expired() {
			j.decidedBy(settingExpiry)
			return OutcomeNone, ReasonBot
		}
		j.decidedBy(settingBotAbandoned)
		return OutcomeBotAbandoned, ReasonQuit
	}
	if !j.hours.Open(queued) {
		j.since(queued)
		j.decidedBy(settingHours)
		return OutcomeNone, ReasonLateHandOver
	}
	if !j.waited(queued) {
		return OutcomeNone, ReasonWaiting
	}
	return OutcomeAgentUnavailable, ReasonNobody
}

// waited tells whether it is late since an instant: so much open time has passed, or the conversation has expired.
func (j *judge) waited(since time.Time) bool {
	j.since(since)
	if j.expired() {
		j.decidedBy(settingExpiry)
		return true
	}
	j.decidedBy(settingWait)
	return j.evidence.Waited >= j.rules.Wait
}
