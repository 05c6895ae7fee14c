package decide_test

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// hall is a desk among many threads: the real decisions of both, on one clock, with everything between them late, repeated or lost. What
// threads commit is in the views at once, and these are read partition by partition, each at an instant of its own.
type hall struct {
	t    *testing.T
	rand *rand.Rand
	now  time.Time
	plan plan
	seq  int

	threads map[string]conversation.Thread
	keys    []string
	sets    map[string]settings.Number
	desk    conversation.Desk
	seen    map[string]bool // event ids that a mailbox has taken in

	lookBegan time.Time
	byHand    map[int64][]time.Time // when agents got conversations otherwise than from the queue
	coming    map[string]onItsWay   // gifts that may still be accepted
	counts    map[string]int        // of what happened
	roughly   bool                  // words are lost and repeated, people do as they like
}

type onItsWay struct {
	thread string
	agent  int64
	at     time.Time
	began  time.Time // when the look began by which it was given
	limit  int       // of the agent, then
}

// plan is what will happen, the next first.
type plan []planned

type planned struct {
	at  time.Time
	seq int
	do  func()
}

func (p plan) Len() int { return len(p) }
func (p plan) Less(i, j int) bool {
	return p[i].at.Before(p[j].at) || p[i].at.Equal(p[j].at) && p[i].seq < p[j].seq
}
func (p plan) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plan) Push(x any)   { *p = append(*p, x.(planned)) } //nolint:forcetypeassert // nothing else is planned
func (p *plan) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// The size of the hall.
const (
	hallAgents     = 40
	hallCustomers  = 400
	hallPartitions = 8
	hallLimit      = 2
)

func openHall(t *testing.T, seed uint64) *hall {
	t.Helper()
	h := &hall{
		t: t, rand: rand.New(rand.NewPCG(seed, 1)), now: at(0), threads: map[string]conversation.Thread{}, sets: map[string]settings.Number{},
		seen: map[string]bool{}, byHand: map[int64][]time.Time{}, coming: map[string]onItsWay{}, counts: map[string]int{},
		roughly: true,
	}
	for i, queue := range deskQueues() {
		set := plain()
		set.Desk.Queue, set.Queue = queue, settings.Queue{Automatic: true, Every: 5 * time.Minute}
		set.Says.Waiting = "Você está na fila."
		h.sets[fmt.Sprint(100+i)] = set
	}
	return h
}

func (h *hall) within(most time.Duration) time.Duration {
	return time.Duration(h.rand.Int64N(int64(most)))
}
func (h *hall) chance(percent int) bool { return h.roughly && h.rand.IntN(100) < percent }

// later plans something.
func (h *hall) later(d time.Duration, do func()) {
	h.seq++
	heap.Push(&h.plan, planned{h.now.Add(d), h.seq, do})
}

// run lets everything happen until an instant.
func (h *hall) run(until time.Time) {
	h.t.Helper()
	for len(h.plan) > 0 && !h.plan[0].at.After(until) {
		next := heap.Pop(&h.plan).(planned) //nolint:forcetypeassert // nothing else is planned
		h.now = next.at
		next.do()
		if h.t.Failed() {
			h.t.FailNow()
		}
	}
	h.now = until
}

// send lets a word arrive at a mailbox: mostly at once, sometimes late, twice, or never.
func (h *hall) send(e conversation.Event, arrive func(conversation.Event)) {
	delay := h.within(300 * time.Millisecond)
	switch luck := h.rand.IntN(100); {
	case !h.roughly || luck >= 10:
	case luck < 2:
		h.counts["lost"]++
		return
	case luck < 6:
		h.counts["late"]++
		delay = h.within(2 * time.Minute)
	default:
		h.counts["repeated"]++
		h.later(delay+h.within(time.Minute), func() { arrive(e) }) // the mailbox has forgotten the first one
	}
	h.later(delay, func() {
		if e.ID == "" || !h.seen[e.ID] {
			h.seen[e.ID] = true
			arrive(e)
		}
	})
}

// toThread lets a thread decide, and commits.
func (h *hall) toThread(key string, e conversation.Event) decide.Decision {
	h.t.Helper()
	number, contact, _ := conversation.ParseKey(key)
	before, ok := h.threads[key]
	if !ok {
		before = conversation.NewThread(number, contact)
		before.Registered = true
		h.keys = append(h.keys, key)
	}
	d := decide.Thread(before, e, h.sets[number], h.now)
	h.commit(key, before, d.Thread, e)
	return d
}

// commit keeps a thread's new state, and sends what it says to the desk. Its other effects are as good as done.
func (h *hall) commit(key string, before, after conversation.Thread, e conversation.Event) {
	h.t.Helper()
	for _, p := range after.Outbox.Background {
		if tell := p.Effect.Tell; tell != nil && tell.Key == conversation.DeskKey {
			h.send(tell.Event, h.toDesk)
		}
	}
	after.Outbox = conversation.Outbox{}
	h.threads[key] = after
	var gift onItsWay
	if e.Kind == conversation.EventDesk && e.Desk.Word == conversation.DeskGive {
		gift = h.coming[e.Desk.Gift]
		delete(h.coming, e.Desk.Gift)
	}
	had, has := before.Attends(), after.Attends()
	if has == 0 || has == had {
		return
	}
	if e.Kind != conversation.EventDesk {
		h.byHand[has] = append(h.byHand[has], h.now)
		return
	}
	h.counts["given"]++
	if queue, waited := before.Queued(); !waited || queue != e.Desk.Queue || had != 0 || has != e.Desk.Agent.ID {
		h.t.Errorf("%s went from %d to %d by %+v; it waited in %q", key, had, has, *e.Desk, queue)
	}
	if n := h.load(has) - h.late(has, gift.began); n > gift.limit {
		h.t.Errorf("agent %d has %d by the gift %+v; the limit was %d", has, n, *e.Desk, gift.limit)
	}
}

// toDesk lets the desk decide, and sends what it says.
func (h *hall) toDesk(e conversation.Event) {
	h.t.Helper()
	h.took(decide.Desk(h.desk, e, hallLimit, h.now))
}

// took keeps the desk's new state, and begins what it wants done.
func (h *hall) took(d decide.DeskDecision) {
	h.t.Helper()
	h.desk = d.State
	for _, p := range slices.Clone(h.desk.Outbox.Background) {
		switch own := h.desk.Outbox.Find(p.Effect.ID); {
		case own.Running:
		case p.Effect.Kind == conversation.EffectTell:
			h.desk.Outbox.Take(p.Effect.ID)
			h.send(p.Effect.Tell.Event, func(e conversation.Event) { h.toThread(p.Effect.Tell.Key, e) })
		case p.Effect.Kind == conversation.EffectAgent:
			own.Running = true
			h.later(h.within(2*time.Second), func() { h.reads(p) })
		case p.Effect.Kind == conversation.EffectDesk:
			own.Running = true
			h.lookBegan = h.now
			h.looks(p)
		}
	}
	if due := decide.DeskDeadline(h.desk); !due.IsZero() {
		h.later(max(due.Sub(h.now), 0), func() {
			if due := decide.DeskDeadline(h.desk); !due.IsZero() && !due.After(h.now) {
				h.took(decide.DeskDue(h.desk, hallLimit, h.now))
			}
		})
	}
}

// groupsOfAgent are an agent's groups: one, two or all three.
func groupsOfAgent(id int64) []conversation.Group {
	all := groupsOf(deskQueues()...)
	switch {
	case id%10 == 0:
		return all
	case id%3 == 0:
		return []conversation.Group{all[id%2], all[2]}
	}
	return all[id%3 : id%3+1]
}

// reads tells of an agent.
func (h *hall) reads(p conversation.Pending) {
	r := conversation.Result{
		Effect: p.Effect.ID, Kind: p.Effect.Kind, Outcome: conversation.Done,
		Agent: &conversation.AgentSeen{ID: p.Effect.Agent, Groups: groupsOfAgent(p.Effect.Agent)},
	}
	h.toDesk(conversation.Event{Kind: conversation.EventResult, Result: &r})
}

// looks reads the views, partition by partition; now and then only at the second attempt.
func (h *hall) looks(p conversation.Pending) {
	if h.chance(3) {
		h.later(h.within(time.Second), func() { h.looks(p) })
		return
	}
	seen := conversation.DeskSeen{Queues: map[string][]conversation.Waiting{}, Loads: map[int64]int{}}
	for _, q := range p.Effect.Desk.Queues {
		seen.Queues[q] = []conversation.Waiting{}
	}
	for _, id := range p.Effect.Desk.Agents {
		seen.Loads[id] = 0
	}
	slowest := time.Duration(0)
	for partition := range hallPartitions {
		at := h.within(400 * time.Millisecond)
		if h.chance(1) {
			at = h.within(8 * time.Second)
		}
		slowest = max(slowest, at)
		h.later(at, func() { h.reading(partition, p.Effect.Desk.Most, &seen) })
	}
	h.later(slowest+h.within(200*time.Millisecond)+time.Millisecond, func() { h.looked(p, seen) })
}

// reading reads one partition's views.
func (h *hall) reading(partition, most int, seen *conversation.DeskSeen) {
	own := map[string][]conversation.Waiting{}
	for i, key := range h.keys {
		if i%hallPartitions != partition {
			continue
		}
		thread := h.threads[key]
		if q, ok := thread.Queued(); ok {
			since, first := conversation.ParseWaitScore(conversation.WaitScore(thread.Conversation.Clock.Queued, thread.Conversation.Clock.First))
			own[q] = append(own[q], conversation.Waiting{Thread: key, Since: since.UTC(), First: first})
		}
		if _, asked := seen.Loads[thread.Attends()]; asked {
			seen.Loads[thread.Attends()]++
		}
	}
	for q := range seen.Queues {
		list := slices.Concat(seen.Queues[q], own[q])
		slices.SortFunc(list, func(a, b conversation.Waiting) int {
			if a.First != b.First {
				return map[bool]int{true: -1, false: 1}[a.First]
			}
			return a.Since.Compare(b.Since)
		})
		seen.Queues[q] = list[:min(len(list), most)]
	}
}

// looked hands the look in, and holds what comes of it against the rule and against what is true.
func (h *hall) looked(p conversation.Pending, seen conversation.DeskSeen) {
	h.t.Helper()
	r := conversation.Result{Effect: p.Effect.ID, Kind: p.Effect.Kind, Outcome: conversation.Done, Desk: &seen}
	before, began := h.desk.Clone(), h.lookBegan
	d := decide.Desk(h.desk, conversation.Event{Kind: conversation.EventResult, Result: &r}, hallLimit, h.now)
	gifts := given(d)
	if diff := cmp.Diff(ruled(before, seen, hallLimit, h.now), gifts); diff != "" {
		h.t.Errorf("at %v (-rule +given):\n%s", h.now, diff)
	}
	for _, g := range d.State.Gifts {
		if slices.ContainsFunc(before.Gifts, func(old conversation.Gift) bool { return old.ID == g.ID }) {
			continue
		}
		h.unique(g)
		h.coming[g.ID] = onItsWay{g.Thread, g.Agent, g.At, began, h.desk.Agents[g.Agent].Most(hallLimit)}
		h.withinLimit(g, began)
	}
	h.took(d)
}

// unique wants no other gift to be under way that its thread may accept.
func (h *hall) unique(g conversation.Gift) {
	h.t.Helper()
	for _, other := range h.coming {
		if h.now.Sub(other.at) > conversation.GiftLife {
			continue // nobody accepts it any more
		} else if other.thread == g.Thread {
			h.t.Errorf("%s is given to %d, and is on its way to %d", g.Thread, g.Agent, other.agent)
		}
	}
}

// withinLimit wants nobody to have more than they may, counting what is on its way: but for what they got by hand since the look began.
func (h *hall) withinLimit(g conversation.Gift, began time.Time) {
	h.t.Helper()
	has := h.load(g.Agent)
	for _, other := range h.coming {
		if other.agent == g.Agent && h.now.Sub(other.at) <= conversation.GiftLife {
			has++
		}
	}
	late, most := h.late(g.Agent, began), h.desk.Agents[g.Agent].Most(hallLimit)
	if has-late > most {
		h.t.Errorf("agent %d has %d, %d of them by hand since %v; the limit is %d", g.Agent, has, late, began, most)
	}
}

// late counts what an agent got otherwise than from the queue since a look began: it may not have seen that.
func (h *hall) late(agent int64, began time.Time) (n int) {
	for _, at := range h.byHand[agent] {
		if !at.Before(began) {
			n++
		}
	}
	return n
}

// load is how many conversations an agent attends.
func (h *hall) load(agent int64) (n int) {
	for _, thread := range h.threads {
		if thread.Attends() == agent {
			n++
		}
	}
	return n
}

// minds sees to a thread's deadlines.
func (h *hall) minds(key string) {
	number, _, _ := conversation.ParseKey(key)
	at := decide.Deadline(h.threads[key], h.sets[number])
	if at.IsZero() {
		return
	}
	h.later(max(at.Sub(h.now), time.Millisecond), func() {
		if due := decide.Deadline(h.threads[key], h.sets[number]); due.IsZero() || due.After(h.now) {
			return // another one minds it
		}
		before := h.threads[key]
		h.commit(key, before, decide.Due(before, h.sets[number], h.now).Thread, conversation.Event{})
		h.minds(key)
	})
}

// some is a thread of which something holds, "" when there is none.
func (h *hall) some(holds func(conversation.Thread) bool) string {
	var all []string
	for _, key := range h.keys {
		if holds(h.threads[key]) {
			all = append(all, key)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[h.rand.IntN(len(all))]
}
