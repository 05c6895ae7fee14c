package report

import (
	"slices"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Outcome is how a conversation went, in one fixed word: the auditor's, or one of those below.
type Outcome string

// The outcomes of conversations in which the auditor found nothing.
const (
	OutcomeClosed    Outcome = "closed"    // an agent finished it
	OutcomeN2        Outcome = "n2"        // it went on to the second level
	OutcomeFinancial Outcome = "financial" // refused for a financial pending
	OutcomeRefused   Outcome = "refused"   // not a customer
	OutcomeCancelled Outcome = "cancelled"
	OutcomeExpired   Outcome = "expired"
	OutcomeOpen      Outcome = "open" // it goes on
)

// The auditor's outcomes.
const (
	outcomeNotAssumed  = Outcome(classify.OutcomeNotAssumed)
	outcomeClient      = Outcome(classify.OutcomeClientAbandonment)
	outcomeAgent       = Outcome(classify.OutcomeAgentAbandonment)
	outcomeUnavailable = Outcome(classify.OutcomeAgentUnavailable)
	outcomeAfterHours  = Outcome(classify.OutcomeAfterHours)
	outcomeBot         = Outcome(classify.OutcomeBotAbandoned)
)

// Outcomes lists all outcomes in the order in which reports show them.
func Outcomes() []Outcome {
	return []Outcome{
		OutcomeClosed, OutcomeN2, outcomeNotAssumed, outcomeClient, outcomeAgent, outcomeUnavailable, outcomeAfterHours, outcomeBot,
		OutcomeExpired, OutcomeCancelled, OutcomeFinancial, OutcomeRefused, OutcomeOpen,
	}
}

// abandoned tells whether somebody gave up, or was given up: what the abandonment rate counts.
func (o Outcome) abandoned() bool {
	return slices.Contains([]Outcome{outcomeClient, outcomeAgent, outcomeUnavailable, outcomeBot}, o)
}

// ended is how a conversation ended, or that it has not.
func ended(s conversation.Summary) Outcome {
	switch s.State {
	case conversation.StateExpired:
		return OutcomeExpired
	case conversation.StateCancelled:
		return OutcomeCancelled
	case conversation.StateClosed:
		return closed(s.End)
	case conversation.StateNone, conversation.StateBot, conversation.StateQueued, conversation.StateActive, conversation.StatePending,
		conversation.StateStopped:
		return OutcomeOpen
	}
	return OutcomeOpen
}

func closed(end string) Outcome {
	switch end {
	case conversation.EndN2:
		return OutcomeN2
	case conversation.EndFinancial:
		return OutcomeFinancial
	case conversation.EndRefused:
		return OutcomeRefused
	case conversation.EndCancelled:
		return OutcomeCancelled
	case conversation.EndExpired:
		return OutcomeExpired
	}
	return OutcomeClosed
}

// series is one colour of the charts: outcomes that say much the same stand together.
type series int

const (
	seriesDone series = iota
	seriesNotAssumed
	seriesClient
	seriesAgent
	seriesUnavailable
	seriesAfterHours
	seriesBot
	seriesOther
	seriesOpen
	allSeries
)

// series is the colour of an outcome.
func (o Outcome) series() series {
	switch o {
	case OutcomeClosed, OutcomeN2:
		return seriesDone
	case outcomeNotAssumed:
		return seriesNotAssumed
	case outcomeClient:
		return seriesClient
	case outcomeAgent:
		return seriesAgent
	case outcomeUnavailable:
		return seriesUnavailable
	case outcomeAfterHours:
		return seriesAfterHours
	case outcomeBot:
		return seriesBot
	case OutcomeOpen:
		return seriesOpen
	case OutcomeExpired, OutcomeCancelled, OutcomeFinancial, OutcomeRefused:
		return seriesOther
	}
	return seriesOther
}
