package decide

import "github.com/ponte-desk/ponte/bridge/conversation"

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
	return []Transition{
		{conversation.StateNone, CustomerWrites, conversation.StateQueued},
		{conversation.StateQueued, AgentReplies, conversation.StateActive},
		{conversation.StateQueued, TicketOpen, conversation.StateActive},
		{conversation.StateQueued, TicketPending, conversation.StatePending},
		{conversation.StateQueued, TicketSolved, conversation.StateClosed},
		{conversation.StateActive, TicketPending, conversation.StatePending},
		{conversation.StateActive, TicketSolved, conversation.StateClosed},
		{conversation.StatePending, CustomerWrites, conversation.StateActive},
		{conversation.StatePending, TicketOpen, conversation.StateActive},
		{conversation.StatePending, TicketSolved, conversation.StateClosed},
		{conversation.StateClosed, CustomerWrites, conversation.StateQueued},
		{conversation.StateClosed, TicketOpen, conversation.StateActive},
		{conversation.StateClosed, TicketPending, conversation.StatePending},
		{conversation.StateNone, AgentStarts, conversation.StateActive},
		{conversation.StateClosed, AgentStarts, conversation.StateActive},
		{conversation.StateQueued, AgentStops, conversation.StateStopped},
		{conversation.StateActive, AgentStops, conversation.StateStopped},
		{conversation.StatePending, AgentStops, conversation.StateStopped},
		{conversation.StateQueued, AnswersElsewhere, conversation.StateStopped},
		{conversation.StateActive, AnswersElsewhere, conversation.StateStopped},
		{conversation.StatePending, AnswersElsewhere, conversation.StateStopped},
		{conversation.StateStopped, AgentRestarts, conversation.StateActive},
		{conversation.StateStopped, CustomerWrites, conversation.StateActive},
		{conversation.StateStopped, TicketSolved, conversation.StateClosed},
	}
}

// Next is the state after a trigger; ok is false when the trigger changes nothing.
func Next(from conversation.State, on Trigger) (to conversation.State, ok bool) {
	for _, t := range Transitions() {
		if t.From == from && t.On == on {
			return t.To, true
		}
	}
	return from, false
}

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
