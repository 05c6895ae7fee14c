package app

import (
	"context"
	"maps"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// Counts tells, for each list, how many are in it of what a caller may see. Nothing is read of the conversations themselves where all
// threads stand in the views for lists.
func (l lists) Counts(ctx context.Context, caller web.Caller, now time.Time) (map[web.ListView]int, error) {
	whole, err := l.complete(ctx)
	if err != nil {
		return nil, err
	}
	counts := map[web.ListView]int{}
	for _, view := range web.ListViews() {
		counts[view] = 0
	}
	switch {
	case caller.Everything:
		err = l.countAll(ctx, caller, counts)
	case whole:
		err = l.countSeen(ctx, caller, counts)
	default:
		err = l.countRead(ctx, caller, now, counts)
	}
	if err != nil {
		return nil, err
	}
	return counts, l.countEnded(ctx, caller, whole, now, counts)
}

// countEnded counts what ended, for agents in their queues alone: their own of other queues, and those without any, are not worth a look
// at each.
func (l lists) countEnded(ctx context.Context, caller web.Caller, whole bool, now time.Time, counts map[web.ListView]int) error {
	views := caller.Agent.TeamViews
	if caller.Everything || !whole {
		views = conversation.StateViews
	}
	for _, part := range []struct {
		list   web.ListView
		states []conversation.State
		upto   time.Time
	}{
		{web.ListEnded, conversation.EndedStates(), time.Time{}},
		{web.ListExpired, []conversation.State{conversation.StateExpired}, time.Time{}},
		{web.ListExpired, []conversation.State{conversation.StateClosed}, now.Add(-web.LongClosed)},
	} {
		_, n, err := l.a.Mailboxes.Latest(ctx, views(part.states...), time.Time{}, part.upto, 0)
		if err != nil {
			return err
		}
		counts[part.list] += n
	}
	return nil
}

// countAll counts what goes on, of everything.
func (l lists) countAll(ctx context.Context, caller web.Caller, counts map[web.ListView]int) error {
	names := append(conversation.StateViews(conversation.GoingStates()...), conversation.ViewSnoozed, conversation.ViewAttention)
	got, err := l.a.Mailboxes.Look(ctx, nil, 0, names)
	if err != nil {
		return err
	}
	of := func(s conversation.State) int { return got.Count[conversation.ViewState+string(s)] }
	for _, s := range conversation.GoingStates() {
		counts[web.ListAll] += of(s)
	}
	counts[web.ListNew], counts[web.ListSnoozed] = of(conversation.StateQueued), got.Count[conversation.ViewSnoozed]
	counts[web.ListAttention] = got.Count[conversation.ViewAttention]
	mine, err := l.mine(ctx, caller)
	if err != nil {
		return err
	}
	counts[web.ListMine] = len(mine)
	counts[web.ListOthers] = max(of(conversation.StateActive)+of(conversation.StatePending)-counts[web.ListSnoozed]-len(mine), 0)
	return nil
}

// mine lists the mailboxes of the caller's own conversations that go on, snoozed ones aside.
func (l lists) mine(ctx context.Context, caller web.Caller) (map[string]bool, error) {
	if caller.Program() {
		return nil, nil
	}
	mine, err := l.a.Mailboxes.Keys(ctx, going(web.Listing{View: web.ListMine, Caller: caller}), mostGoing)
	if err != nil {
		return nil, err
	}
	snoozed, err := l.a.Mailboxes.Keys(ctx, []string{conversation.ViewSnoozed}, mostGoing)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(mine, func(key string, _ bool) bool { return snoozed[key] })
	return mine, nil
}

// countSeen counts what goes on and a caller may see, by the mailboxes' keys.
func (l lists) countSeen(ctx context.Context, caller web.Caller, counts map[web.ListView]int) error {
	waiting, err := l.seen(ctx, caller.Agent, conversation.StateQueued)
	if err != nil {
		return err
	}
	attended, err := l.seen(ctx, caller.Agent, conversation.StateActive, conversation.StatePending)
	if err != nil {
		return err
	}
	all, err := l.seen(ctx, caller.Agent, conversation.StateBot, conversation.StateStopped)
	if err != nil {
		return err
	}
	counts[web.ListNew] = len(waiting)
	maps.Copy(all, waiting)
	maps.Copy(all, attended)
	counts[web.ListAll] = len(all)
	for view, name := range marks() {
		marked, err := l.a.Mailboxes.Keys(ctx, []string{name}, mostGoing)
		if err != nil {
			return err
		}
		maps.DeleteFunc(marked, func(key string, _ bool) bool { return !all[key] })
		counts[view] = len(marked)
		if view == web.ListSnoozed {
			maps.DeleteFunc(attended, func(key string, _ bool) bool { return marked[key] })
		}
	}
	mine, err := l.mine(ctx, caller)
	if err != nil {
		return err
	}
	maps.DeleteFunc(attended, func(key string, _ bool) bool { return mine[key] })
	counts[web.ListMine], counts[web.ListOthers] = len(mine), len(attended)
	return nil
}

// seen lists the mailboxes of some states that an agent may see: of those without a queue, the ones whose number's own queue the agent
// serves.
func (l lists) seen(ctx context.Context, agent conversation.DeskAgent, states ...conversation.State) (map[string]bool, error) {
	keys, err := l.a.Mailboxes.Keys(ctx, append(agent.TeamViews(states...), conversation.OwnerViews(agent.ID, states...)...), mostGoing)
	if err != nil {
		return nil, err
	}
	without, err := l.a.Mailboxes.Keys(ctx, conversation.TeamViews("", states...), mostGoing)
	if err != nil {
		return nil, err
	}
	for key := range without {
		if number, _, ok := conversation.ParseKey(key); ok && agent.Serves(l.a.parts.Settings(number).Desk.Queue) {
			keys[key] = true
		}
	}
	return keys, nil
}

// countRead counts what goes on and a caller may see by reading it: not all threads stand in the views for lists yet.
func (l lists) countRead(ctx context.Context, caller web.Caller, now time.Time, counts map[web.ListView]int) error {
	got, err := l.Listed(ctx, web.Listing{View: web.ListAll, Caller: caller, Now: now})
	if err != nil {
		return err
	}
	for _, t := range got.Threads {
		if !caller.Sees(t, l.a.parts.Settings(t.Number).Desk.Queue) {
			continue
		}
		for _, view := range web.ListViews() {
			if !view.Past() && view.Has(t, caller.Agent.ID, now) {
				counts[view]++
			}
		}
	}
	return nil
}
