package decide

import (
	"sync"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Trigger is what moves a conversation from one state to another.
type Trigger string

// The triggers of the state machine.
const (
	CustomerWrites   Trigger = "customer writes"
	AgentReplies     Trigger = "agent replies"
	TicketOpen       Trigger = "ticket open"
	TicketPending    Trigger = "ticket pending"
	TicketSolved     Trigger = "ticket solved"
	AgentStarts      Trigger = "agent starts"
	AgentStops       Trigger = "agent stops"
	AgentRestarts    Trigger = "agent restarts"
	AnswersElsewhere Trigger = "customer answers elsewhere"
	// Of the support procedure.
	BotGreets   Trigger = "bot greets"
	HandsOver   Trigger = "bot hands over"
	AgentTakes  Trigger = "agent takes"
	BackToQueue Trigger = "back to a queue"
	AgentWaits  Trigger = "agent waits for the customer"
	AgentCloses Trigger = "agent closes"
	GoesToN2    Trigger = "goes to the second level"
	Refused     Trigger = "refused"
	Expires     Trigger = "24 hours without the customer"
	Cancels     Trigger = "opened by mistake"
	Overrides   Trigger = "agent overrides a refusal"
	// Of the auditor.
	AuditorCloses Trigger = "auditor closes"
	VerdictLeft   Trigger = "verdict left alone"
)

// Transition is one arrow of the state machine.
type Transition struct {
	From conversation.State
	On   Trigger
	To   conversation.State
}

// Transitions is the whole state machine of a conversation; docs/state-machine.md draws it. What is not listed changes
// nothing. A message after the end starts the thread's next conversation.
func Transitions() []Transition {
	const (
		none      = conversation.StateNone
		bot       = conversation.StateBot
		queued    = conversation.StateQueued
		active    = conversation.StateActive
		pending   = conversation.StatePending
		stopped   = conversation.StateStopped
		closed    = conversation.StateClosed
		expired   = conversation.StateExpired
		cancelled = conversation.StateCancelled
	)
	all := []Transition{
		{none, CustomerWrites, queued},
		{none, BotGreets, bot},
		{none, AgentStarts, active},

		{bot, HandsOver, queued},
		{bot, AgentReplies, active},
		{bot, AgentTakes, active},
		{bot, TicketPending, pending},

		{queued, AgentReplies, active},
		{queued, AgentTakes, active},
		{queued, TicketOpen, active},
		{queued, TicketPending, pending},

		{active, BackToQueue, queued},
		{active, TicketPending, pending},
		{active, AgentWaits, pending},

		{pending, CustomerWrites, active},
		{pending, AgentTakes, active},
		{pending, TicketOpen, active},
		{pending, BackToQueue, queued},

		{stopped, AgentRestarts, active},
		{stopped, CustomerWrites, active},
		{stopped, TicketSolved, closed},
		{stopped, AgentCloses, closed},
		{stopped, GoesToN2, closed},
		{stopped, Cancels, cancelled},
		{stopped, Expires, expired},

		{closed, CustomerWrites, queued},
		{closed, BotGreets, bot},
		{closed, AgentStarts, active},
		{closed, TicketOpen, active},
		{closed, TicketPending, pending},
		{closed, Overrides, queued},
		{closed, VerdictLeft, queued},

		{expired, CustomerWrites, queued},
		{expired, BotGreets, bot},
		{expired, AgentStarts, active},
		{expired, TicketSolved, closed},
		{expired, AuditorCloses, closed},

		{cancelled, CustomerWrites, queued},
		{cancelled, BotGreets, bot},
		{cancelled, AgentStarts, active},
	}
	for _, from := range []conversation.State{bot, queued, active, pending} {
		all = append(all,
			Transition{from, AgentStops, stopped},
			Transition{from, AnswersElsewhere, stopped},
			Transition{from, AgentCloses, closed},
			Transition{from, TicketSolved, closed},
			Transition{from, GoesToN2, closed},
			Transition{from, Refused, closed},
			Transition{from, Expires, expired},
			Transition{from, Cancels, cancelled},
			Transition{from, AuditorCloses, closed},
		)
	}
	return append(all, Transition{queued, AgentWaits, pending}, Transition{bot, AgentWaits, pending}, Transition{bot, BackToQueue, queued})
}

// Next is the state after a trigger; ok is false when the trigger changes nothing.
func Next(from conversation.State, on Trigger) (to conversation.State, ok bool) {
	if to, ok = arrows()[Transition{From: from, On: on}]; !ok {
		return from, false
	}
	return to, true
}

// arrows finds the transitions by where and on what they begin: every event asks for one.
var arrows = sync.OnceValue(func() map[Transition]conversation.State {
	index := map[Transition]conversation.State{}
	for _, t := range Transitions() {
		index[Transition{From: t.From, On: t.On}] = t.To
	}
	return index
})

// ofTicketStatus is the trigger that a ticket's status stands for; "" when it stands for none.
func ofTicketStatus(status string) Trigger {
	switch status {
	case "open", "hold":
		return TicketOpen
	case "pending":
		return TicketPending
	case "solved", "closed":
		return TicketSolved
	}
	return ""
}
