package app

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/web"
)

// views reads what threads write into views beside their states.
type views struct{ boxes *mailbox.Store }

// Look tells who waits in queues, those that go first before others, and how much agents have.
func (v views) Look(ctx context.Context, l conversation.DeskLook) (conversation.DeskSeen, error) {
	queues, agents := make([]string, len(l.Queues)), make([]string, len(l.Agents))
	for i, q := range l.Queues {
		queues[i] = conversation.ViewQueue + q
	}
	for i, id := range l.Agents {
		agents[i] = conversation.ViewActive + strconv.FormatInt(id, 10)
	}
	got, err := v.boxes.Look(ctx, queues, l.Most, agents)
	if err != nil {
		return conversation.DeskSeen{}, err
	}
	seen := conversation.DeskSeen{Queues: map[string][]conversation.Waiting{}, Loads: map[int64]int{}}
	for i, q := range l.Queues {
		seen.Queues[q] = []conversation.Waiting{}
		for _, m := range got.First[queues[i]] {
			since, first := conversation.ParseWaitScore(m.Score)
			seen.Queues[q] = append(seen.Queues[q], conversation.Waiting{Thread: m.Key, Since: since.UTC(), First: first})
		}
	}
	for i, id := range l.Agents {
		seen.Loads[id] = got.Count[agents[i]]
	}
	return seen, nil
}

// Desk reads the desk as it was last committed.
func (d threads) Desk(ctx context.Context) (s conversation.Desk, err error) {
	raw, _, err := d.a.Mailboxes.Field(ctx, conversation.DeskKey, conversation.StateField)
	if err != nil || raw == nil {
		return s, err
	}
	if err := conversation.DecodeState(raw, &s); err != nil {
		return s, fmt.Errorf("read the desk: %w", err)
	}
	return s, nil
}

// Loads counts the conversations that agents attend.
func (d threads) Loads(ctx context.Context, agents []int64) (map[int64]int, error) {
	seen, err := views{d.a.Mailboxes}.Look(ctx, conversation.DeskLook{Agents: agents})
	return seen.Loads, err
}

// mostFirst is how many conversations that go before others are looked through for the one that waits longest.
const mostFirst = 100

// Queues tells how many conversations wait in queues.
func (d threads) Queues(ctx context.Context, names []string) (map[string]web.QueueState, error) {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = conversation.ViewQueue + name
	}
	got, err := d.a.Mailboxes.Look(ctx, list, mostFirst, list)
	if err != nil {
		return nil, err
	}
	states := map[string]web.QueueState{}
	for i, name := range names {
		state := web.QueueState{Waiting: got.Count[list[i]]}
		for _, m := range got.First[list[i]] {
			if since, _ := conversation.ParseWaitScore(m.Score); state.Longest.IsZero() || since.Before(state.Longest) {
				state.Longest = since.UTC()
			}
		}
		states[name] = state
	}
	return states, nil
}
