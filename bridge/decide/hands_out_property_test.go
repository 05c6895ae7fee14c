package decide_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// anyDesk is a desk in the middle of its work: a look is under way.
func anyDesk(t *rapid.T) conversation.Desk {
	second := rapid.IntRange(-3600, 0)
	d := conversation.Desk{Agents: map[int64]conversation.DeskAgent{}, Left: map[string]time.Time{}, NextEffect: 7}
	for id := range int64(rapid.IntRange(0, 6).Draw(t, "agents")) {
		a := conversation.DeskAgent{
			Agent:    conversation.Agent{ID: id + 1},
			Presence: rapid.SampledFrom([]conversation.Presence{conversation.PresenceOnline, conversation.PresenceOnline, conversation.PresenceAway}).Draw(t, "presence"),
			Since:    at(rapid.SampledFrom([]int{-100, -100, -200}).Draw(t, "since")), Limit: rapid.IntRange(0, 3).Draw(t, "limit"), Read: at(-1),
			Groups: groupsOf(rapid.SliceOfNDistinct(rapid.SampledFrom(deskQueues()), 0, 3, rapid.ID[string]).Draw(t, "groups")...),
		}
		if rapid.Bool().Draw(t, "had one") {
			a.Given = at(second.Draw(t, "given"))
		}
		d.Agents[a.ID] = a
	}
	d.Queues = rapid.SliceOfNDistinct(rapid.SampledFrom(append(deskQueues(), "62", "suporte n1", "")), 0, 4, rapid.ID[string]).Draw(t, "queues")
	for i := range rapid.IntRange(0, 4).Draw(t, "gifts") {
		d.Gifts = append(d.Gifts, conversation.Gift{
			ID: fmt.Sprintf("g%d", i), Thread: anyThread(t), Agent: int64(rapid.IntRange(1, 7).Draw(t, "agent")),
			At: at(rapid.IntRange(-29, 0).Draw(t, "gift")), Settled: rapid.Bool().Draw(t, "settled"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "left") {
		d.Left[anyThread(t)] = at(rapid.IntRange(-1, 9).Draw(t, "until"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "asks") {
		thread := anyThread(t)
		d.Asks = append(d.Asks, conversation.DeskAsk{Thread: thread, Session: thread, Queue: rapid.SampledFrom(deskQueues()).Draw(t, "queue"), At: at(-1)})
	}
	return d
}

func anyThread(t *rapid.T) string {
	return fmt.Sprintf("100|%d", rapid.IntRange(1, 12).Draw(t, "thread"))
}

// anySight is what a look at the desk's queues may see.
func anySight(t *rapid.T, d conversation.Desk) conversation.DeskSeen {
	seen := conversation.DeskSeen{Queues: map[string][]conversation.Waiting{}, Loads: map[int64]int{}}
	stood := map[conversation.Waiting]bool{}
	for _, q := range d.Queues {
		for range rapid.IntRange(0, 6).Draw(t, "waiting") {
			w := conversation.Waiting{
				Thread: anyThread(t), Since: at(-rapid.IntRange(0, 5).Draw(t, "since")), First: rapid.IntRange(0, 3).Draw(t, "first") == 0,
			}
			if !stood[w] { // in two queues it has waited since two instants
				seen.Queues[q] = append(seen.Queues[q], w)
			}
			stood[w] = true
		}
		if seen.Queues[q] == nil {
			seen.Queues[q] = []conversation.Waiting{}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.Agents)) {
		if rapid.IntRange(0, 4).Draw(t, "seen") > 0 {
			seen.Loads[id] = rapid.IntRange(0, 3).Draw(t, "load")
		}
	}
	return seen
}

// given lists what a decision hands out, in order.
func given(d decide.DeskDecision) []handed {
	var all []handed
	for _, p := range d.State.Outbox.Background {
		if tell := p.Effect.Tell; tell != nil && tell.Event.Desk.Word == conversation.DeskGive {
			all = append(all, handed{tell.Key, tell.Event.Desk.Agent.ID})
		}
	}
	return all
}

// Whatever a look sees, the rule is kept: the model compares every pair of a conversation and an agent, again and again.
func TestRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		desk := anyDesk(t)
		seen := anySight(t, desk)
		look := desk.Enqueue(conversation.Effect{Kind: conversation.EffectDesk, Desk: &conversation.DeskLook{Queues: desk.Queues}}, at(-1))
		r := conversation.Result{Effect: look, Kind: conversation.EffectDesk, Outcome: conversation.Done, Desk: &seen}
		d := decide.Desk(desk, conversation.Event{Kind: conversation.EventResult, Result: &r}, deskLimit, at(0))
		if diff := cmp.Diff(ruled(desk, seen, deskLimit, at(0)), given(d)); diff != "" {
			t.Fatalf("(-rule +given):\n%s\ndesk %+v\nseen %+v", diff, desk, seen)
		}
		wantSound(t, desk, seen, d)
	})
}

// wantSound wants what holds of every decision after a look.
func wantSound(t *rapid.T, before conversation.Desk, seen conversation.DeskSeen, d decide.DeskDecision) {
	load, threads, names := map[int64]int{}, map[string]int{}, map[string]bool{}
	for _, g := range before.Gifts {
		if g.Settled {
			load[g.Agent]++
		}
	}
	for _, g := range d.State.Gifts {
		load[g.Agent]++
		if !g.At.IsZero() && names[g.ID] || g.Settled {
			t.Fatalf("gift %+v is of a name used twice, or over", g)
		}
		names[g.ID] = true
	}
	for _, h := range given(d) {
		threads[h.Thread]++
		a := before.Agents[h.Agent]
		if threads[h.Thread] > 1 || a.Presence != conversation.PresenceOnline {
			t.Fatalf("%+v is given twice, or to who is not there", h)
		}
		if n := seen.Loads[h.Agent] + load[h.Agent]; n > a.Most(deskLimit) {
			t.Fatalf("agent %d gets up to %d", h.Agent, n)
		}
	}
	told := map[string]bool{}
	for _, p := range d.State.Outbox.Background {
		if tell := p.Effect.Tell; tell != nil {
			if told[tell.Event.ID] {
				t.Fatalf("two words are called %s", tell.Event.ID)
			}
			told[tell.Event.ID] = true
		}
	}
}

// Who is passed over while others are served is never far behind: with one group and room for all, turns differ by one at most.
func TestTurnsAreFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := &counter{t: t, limit: 3, quick: true}
		agents := rapid.IntRange(1, 5).Draw(rt, "agents")
		for id := range agents {
			c.online(int64(id+1), n1)
		}
		turns, thread := map[int64]int{}, 0
		for range rapid.IntRange(1, 20).Draw(rt, "rounds") {
			var list []string
			for range rapid.IntRange(1, agents).Draw(rt, "waiting") {
				thread++
				list = append(list, fmt.Sprintf("100|%d", thread))
			}
			c.second++
			c.queues(list[0], n1, true)
			c.sees(map[string][]conversation.Waiting{n1: waits(list...)}, nil)
			for _, g := range append([]conversation.Gift{}, c.desk.Gifts...) {
				turns[g.Agent]++
				c.answersGift(conversation.DeskAccepted, g)
			}
			if c.pending(conversation.EffectDesk) != nil {
				c.sees(nil, nil)
			}
			c.says()
			low, high := thread, 0
			for id := range agents {
				low, high = min(low, turns[int64(id+1)]), max(high, turns[int64(id+1)])
			}
			if high-low > 1 {
				rt.Fatalf("turns are %v", turns)
			}
		}
		if len(c.desk.Gifts) != 0 {
			rt.Fatalf("gifts are left: %+v", c.desk.Gifts)
		}
	})
}
