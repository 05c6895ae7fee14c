package conversation

import "strconv"

// Views of threads for lists; since schema 5. Together with ViewActive and ViewPending they hold what an agent may see.
const (
	// ViewTeam + state + ":" + the queue's name as it is compared: scored by when the conversation began, or ended.
	ViewTeam = "team:"
	// ViewOwner + state + ":" + agent: those of an agent that are neither in ViewActive nor in ViewPending, scored likewise.
	ViewOwner = "owner:"
	// ViewAttention holds those that go on and need attention, scored by when they began.
	ViewAttention = "attention"
)

// GoingStates lists the states of conversations that go on, EndedStates those of the others.
func GoingStates() []State {
	return []State{StateBot, StateQueued, StateActive, StatePending, StateStopped}
}

// EndedStates lists the states of conversations that ended.
func EndedStates() []State { return []State{StateClosed, StateExpired, StateCancelled} }

// StateViews names the views of some states, over all queues.
func StateViews(states ...State) (views []string) {
	for _, s := range states {
		views = append(views, ViewState+string(s))
	}
	return views
}

// TeamViews names the views of some states of a queue; "" is that of conversations without one.
func TeamViews(queue string, states ...State) (views []string) {
	for _, s := range states {
		views = append(views, ViewTeam+string(s)+":"+queueName(queue))
	}
	return views
}

// TeamViews names the views of some states of the queues that the agent serves, by their names and by their ids.
func (a DeskAgent) TeamViews(states ...State) (views []string) {
	seen := map[string]bool{}
	for _, g := range a.Groups {
		for _, name := range []string{queueName(g.Name), strconv.FormatInt(g.ID, 10)} {
			if !seen[name] {
				seen[name] = true
				views = append(views, TeamViews(name, states...)...)
			}
		}
	}
	return views
}

// OwnerViews names the views of some states of an agent's conversations.
func OwnerViews(agent int64, states ...State) (views []string) {
	id := strconv.FormatInt(agent, 10)
	for _, s := range states {
		switch s { //nolint:exhaustive // the others have no such views
		case StateActive:
			views = append(views, ViewActive+id)
		case StatePending:
			views = append(views, ViewPending+id)
		}
		if s != StatePending {
			views = append(views, ViewOwner+string(s)+":"+id)
		}
	}
	return views
}

// Listed lists the views for lists in which the thread's newest conversation stands, with their scores.
func (t Thread) Listed() map[string]float64 {
	views := map[string]float64{}
	c := t.Conversation
	if c == nil {
		return views
	}
	at := c.Started
	if c.State.Ended() && !c.Ended.IsZero() {
		at = c.Ended
	}
	score := float64(at.UnixMilli())
	views[TeamViews(c.Procedure.Queue, c.State)[0]] = score
	if c.Owner != 0 && t.Attends() == 0 && c.State != StatePending {
		views[ViewOwner+string(c.State)+":"+strconv.FormatInt(c.Owner, 10)] = score
	}
	if t.Open() && c.Clock.Attention {
		views[ViewAttention] = score
	}
	return views
}

// SameQueue tells whether two names are of one queue, whatever their case and accents.
func SameQueue(a, b string) bool { return queueName(a) == queueName(b) }
