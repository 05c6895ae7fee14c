package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Rebuilt is what a rebuilding of the views came to.
type Rebuilt struct {
	Threads int // that were looked at
	Mended  int // of these, those that did not stand where they belong
	Left    int // that were committed again and again meanwhile
	Unread  int // that can't be read, and are left as they are
}

// How much is rebuilt at once, and how often what is committed meanwhile is looked at.
const (
	rebuiltAtOnce = 500
	rebuildTries  = 3
)

// RebuildViews puts every thread into the views, and under the text by which it is found, where its state belongs, and takes it out of all
// others. It may run while instances work: what one of them commits meanwhile stays.
func RebuildViews(ctx context.Context, boxes *mailbox.Store, set func(number string) settings.Number) (Rebuilt, error) {
	var sum Rebuilt
	inventories, err := boxes.Inventories(ctx)
	if err != nil {
		return sum, err
	}
	for _, inventory := range inventories {
		r := &rebuilder{boxes: boxes, set: set, partition: inventory.Partition, views: inventory.Views, sum: &sum}
		if err := r.run(ctx, inventory.Keys); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// rebuilder rebuilds the views of a partition.
type rebuilder struct {
	boxes     *mailbox.Store
	set       func(number string) settings.Number
	partition int
	views     []string
	sum       *Rebuilt
}

func (r *rebuilder) run(ctx context.Context, keys []string) error {
	for try := range rebuildTries {
		stand, err := r.boxes.Standings(ctx, r.partition, r.views) // before the states: what comes to stand later is right
		if err != nil {
			return err
		}
		if try == 0 {
			keys = threadsOf(keys, stand)
			r.sum.Threads += len(keys)
		}
		var left []string
		for some := range slices.Chunk(keys, rebuiltAtOnce) {
			busy, err := r.place(ctx, some, stand)
			if err != nil {
				return err
			}
			left = append(left, busy...)
		}
		if keys = left; len(keys) == 0 {
			return nil
		}
	}
	r.sum.Left += len(keys)
	return nil
}

// threadsOf lists the threads among mailboxes that hold something and those that stand in views, each once.
func threadsOf(keys []string, stand map[string]mailbox.Standing) []string {
	keys = append(slices.Clone(keys), slices.Collect(maps.Keys(stand))...)
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(key string) bool { return kindOf(key) != kindThread })
}

// place puts some threads where they belong, and returns those that were committed meanwhile.
func (r *rebuilder) place(ctx context.Context, keys []string, stand map[string]mailbox.Standing) (left []string, err error) {
	states, err := r.boxes.Versioned(ctx, keys, stateField)
	if err != nil {
		return nil, err
	}
	var list []mailbox.Placement
	for i, key := range keys {
		p, err := placement(key, states[i], stand[key], r.set)
		if err != nil { // its mailbox is halted, or will be
			r.sum.Unread++
			continue
		}
		list = append(list, p)
		if len(p.Index)+len(p.Stays)+len(p.Leave) > 0 || p.Come != "" {
			r.sum.Mended++
		}
	}
	if left, err = r.boxes.Place(ctx, list); err != nil {
		return nil, fmt.Errorf("rebuild views: %w", err)
	}
	return left, nil
}

// placement is what changes so that a thread stands where it belongs.
func placement(key string, state mailbox.Versioned, stands mailbox.Standing, set func(string) settings.Number) (mailbox.Placement, error) {
	number, contact, _ := conversation.ParseKey(key)
	t := conversation.NewThread(number, contact)
	p := mailbox.Placement{Key: key, Version: state.Version}
	if err := conversation.DecodeState(state.Value, &t); err != nil {
		return p, err
	}
	want := stored(t, set(number), conversation.Schema)
	for name, at := range want {
		score, there := stands.Views[name]
		switch {
		case at.since && !there:
			p.Stays = append(p.Stays, mailbox.IndexChange{Name: name, Score: float64(since(t).UnixMilli())})
		case !at.since && (!there || score != at.score):
			p.Index = append(p.Index, mailbox.IndexChange{Name: name, Score: at.score})
		}
	}
	for name := range stands.Views {
		if _, ok := want[name]; !ok {
			p.Index = append(p.Index, mailbox.IndexChange{Name: name, Remove: true})
		}
	}
	text := t.FindText()
	for _, have := range stands.Texts {
		if have != text {
			p.Leave = append(p.Leave, have)
		}
	}
	if text != "" && !slices.Contains(stands.Texts, text) {
		p.Come = text
	}
	return p, nil
}

// since is about since when a thread's newest conversation is in its state.
func since(t conversation.Thread) time.Time {
	c := t.Conversation
	at := c.Started
	switch {
	case c.State.Ended():
		at = c.Ended
	case c.State == conversation.StateQueued:
		at = c.Clock.Queued
	case c.State == conversation.StateActive:
		at = c.Clock.Had
	}
	if at.IsZero() {
		return c.Started
	}
	return at
}
