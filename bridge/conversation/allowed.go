package conversation

// CommandKinds lists the commands on a conversation, and that which begins one.
func CommandKinds() []CommandKind {
	return []CommandKind{
		CommandReply, CommandNote, CommandTemplate, CommandStart, CommandStop, CommandRestart, CommandTyping, CommandOpen, CommandTake,
		CommandTransfer, CommandN2, CommandClose, CommandCancel, CommandIdentify, CommandOverride, CommandPosition, CommandSnooze, CommandWake,
		CommandAttention, CommandResolve, CommandMute, CommandUnmute, CommandOverrule, CommandTag, CommandLink,
	}
}

// Forbids tells whether the state of a thread's newest conversation forbids a command of an agent, whatever the command says; agent is 0
// where nobody is known to ask. What it allows may still be refused for what the command lacks, or for the number's settings.
func (t Thread) Forbids(kind CommandKind, agent int64) bool {
	c := t.Conversation
	switch {
	case kind == CommandStart:
		return t.Open()
	case c == nil:
		return true
	}
	p := c.Procedure
	switch kind { //nolint:exhaustive // the others go by the state alone
	case CommandNote, CommandAttention, CommandResolve, CommandMute, CommandUnmute, CommandLink:
		return false
	case CommandTag:
		return c.Ticket.Status == "closed"
	case CommandOverrule:
		return c.Audited == nil || c.Audited.At.IsZero()
	case CommandOverride:
		return p.Organization == nil || c.State.Ended() && (c.State != StateClosed || p.Outcome != EndFinancial)
	case CommandRestart:
		return c.State.Ended() || c.Ticket.Status == "solved" || c.Ticket.Status == "closed"
	case CommandReply, CommandTemplate, CommandTyping, CommandPosition:
		return c.State.Ended() || c.State == StateStopped
	case CommandSnooze:
		return c.State != StateActive && c.State != StatePending
	case CommandTake:
		return c.State.Ended() || c.Owner != 0 && c.Owner != agent && c.State != StateQueued
	}
	return c.State.Ended()
}
