package decide

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// DeskDecision is what an event changes at the desk.
type DeskDecision struct {
	State   conversation.Desk     // the state after it, with what is to be done in its outbox
	Answers []conversation.Answer // what became of commands
	Reasons []string              // why, in fixed words: they are shown and counted
}

// Times of the desk.
const (
	deskPatience = 30 * time.Second // how long a gift may be on its way; longer than any thread accepts one
	deskLeft     = 30 * time.Second // how long a thread that did not take a gift is given none
	deskLooks    = time.Minute      // how often it looks though nothing happens, while somebody waits
	groupsKept   = time.Hour        // how old an agent's groups may be
)

// Sizes of the desk.
const (
	mostWaiting = 50  // read of each queue at once
	mostKnown   = 200 // queues that are remembered
)

// deskDraft is a decision of the desk in the making.
type deskDraft struct {
	DeskDecision

	limit int // how many conversations an agent attends at once, unless the agent has a limit of their own
	now   time.Time
}

func newDeskDraft(s conversation.Desk, limit int, now time.Time) *deskDraft {
	d := &deskDraft{DeskDecision: DeskDecision{State: s.Clone()}, limit: limit, now: now}
	if d.State.Agents == nil {
		d.State.Agents = map[int64]conversation.DeskAgent{}
	}
	if d.State.Left == nil {
		d.State.Left = map[string]time.Time{}
	}
	return d
}

// Desk decides about one event of the desk. limit is how many conversations an agent attends at once, unless the agent has a limit of
// their own.
func Desk(s conversation.Desk, e conversation.Event, limit int, now time.Time) DeskDecision {
	d := newDeskDraft(s, limit, now)
	switch {
	case e.Kind == conversation.EventDesk && e.Desk != nil:
		d.word(*e.Desk)
	case e.Kind == conversation.EventCommand && e.Command != nil:
		d.command(*e.Command)
	case e.Kind == conversation.EventResult && e.Result != nil:
		d.result(*e.Result)
	case e.Kind == conversation.EventWake:
		d.look("woken")
	default:
		d.because("not for the desk")
	}
	d.goOn()
	return d.DeskDecision
}

// DeskDeadline is when the desk has something to do though nothing happens; zero when never.
func DeskDeadline(s conversation.Desk) time.Time {
	first := s.Next
	earlier := func(at time.Time) {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, g := range s.Gifts {
		if !g.Settled {
			earlier(g.At.Add(deskPatience))
		}
	}
	for _, until := range s.Left {
		earlier(until)
	}
	return first
}

// DeskDue decides what the time itself brings.
func DeskDue(s conversation.Desk, limit int, now time.Time) DeskDecision {
	d := newDeskDraft(s, limit, now)
	for _, g := range s.Gifts {
		if !g.Settled && !now.Before(g.At.Add(deskPatience)) {
			d.settle(g.ID)
			d.State.Left[g.Thread] = now.Add(deskLeft)
			d.look("gift given up")
		}
	}
	for thread, until := range s.Left {
		if !now.Before(until) {
			delete(d.State.Left, thread)
			d.look("thread asked again")
		}
	}
	if next := s.Next; !next.IsZero() && !now.Before(next) {
		d.State.Next = time.Time{}
		d.look("looked again")
	}
	d.goOn()
	return d.DeskDecision
}

func (d *deskDraft) because(reason string) { d.Reasons = append(d.Reasons, reason) }

// look wants the queues to be looked at.
func (d *deskDraft) look(reason string) {
	d.because(reason)
	d.State.Look = true
}

// word takes in what a thread says.
func (d *deskDraft) word(n conversation.DeskNote) {
	switch n.Word {
	case conversation.DeskQueued:
		d.queued(n)
	case conversation.DeskFreed:
		d.look("agent freed")
	case conversation.DeskAccepted:
		d.accepted(n)
	case conversation.DeskDeclined:
		d.declined(n)
	case conversation.DeskBack:
		d.back(n)
	case conversation.DeskGive, conversation.DeskAvailable, conversation.DeskNobody, conversation.DeskAbsent:
		d.because("not for the desk")
	}
}

// queued remembers the queue of a thread that waits, and that it wants to hear whether anybody is there.
func (d *deskDraft) queued(n conversation.DeskNote) {
	delete(d.State.Left, n.Thread)
	if !slices.Contains(d.State.Known, n.Queue) {
		d.State.Known = append(d.State.Known, n.Queue)
		d.State.Known = d.State.Known[max(len(d.State.Known)-mostKnown, 0):]
	}
	if n.Automatic && !slices.Contains(d.State.Queues, n.Queue) {
		d.State.Queues = append(d.State.Queues, n.Queue)
	}
	d.State.Asks = append(without(d.State.Asks, n.Thread), conversation.DeskAsk{Thread: n.Thread, Session: n.Session, Queue: n.Queue, At: d.now})
	d.look("conversation waits")
}

// back tells a thread whose customer wrote again that its owner is offline. Of who does not use presence nothing is known.
func (d *deskDraft) back(n conversation.DeskNote) {
	a, known := d.State.Agents[n.Agent.ID]
	if !known || a.Presence != conversation.PresenceOffline {
		d.because("owner there")
		return
	}
	d.because("owner offline")
	d.say(conversation.DeskNote{
		Word: conversation.DeskAbsent, Thread: n.Thread, Session: n.Session, Agent: n.Agent, At: d.now,
	}, "desk:"+d.name(d.now))
}

// without is the asks of other threads.
func without(asks []conversation.DeskAsk, thread string) []conversation.DeskAsk {
	return slices.DeleteFunc(asks, func(a conversation.DeskAsk) bool { return a.Thread == thread })
}

// accepted counts a gift as received; from the next look on the views tell of it.
func (d *deskDraft) accepted(n conversation.DeskNote) {
	delete(d.State.Left, n.Thread)
	if a, ok := d.State.Agents[n.Agent.ID]; ok {
		if at := giftTime(n.Gift); at.After(a.Given) {
			a.Given = at
			d.State.Agents[a.ID] = a
		}
	}
	d.settle(n.Gift)
	d.look("gift accepted")
}

// declined takes a gift back. The thread is left alone for a while: what it says in the views may be older than what it said.
func (d *deskDraft) declined(n conversation.DeskNote) {
	i := slices.IndexFunc(d.State.Gifts, func(g conversation.Gift) bool { return g.ID == n.Gift && !g.Settled })
	if i >= 0 {
		d.State.Left[d.State.Gifts[i].Thread] = d.now.Add(deskLeft)
		d.State.Gifts = slices.Delete(d.State.Gifts, i, i+1)
	}
	d.look("gift declined")
}

// settle ends the wait for a gift. While a look is under way that may have begun before, it goes on counting.
func (d *deskDraft) settle(gift string) {
	i := slices.IndexFunc(d.State.Gifts, func(g conversation.Gift) bool { return g.ID == gift })
	switch {
	case i < 0:
	case d.State.Outbox.Has(conversation.EffectDesk):
		d.State.Gifts[i].Settled = true
	default:
		d.State.Gifts = slices.Delete(d.State.Gifts, i, i+1)
	}
}

// command carries out what an agent asks for. Of an agent who is not known yet Zendesk is asked first.
func (d *deskDraft) command(c conversation.Command) {
	a, known := d.State.Agents[c.Agent.ID]
	if !known {
		a = conversation.DeskAgent{Agent: c.Agent, Presence: conversation.PresenceOffline, Since: d.now}
	}
	if c.Agent.Name != "" {
		a.Name = c.Agent.Name
	}
	switch {
	case c.Agent.ID <= 0:
		d.answer(c.ID, refuse(conversation.RefusedNoAgent, "Informe o atendente."))
		return
	case c.Kind == conversation.CommandPresence && c.Presence.Valid():
		if a.Presence != c.Presence {
			a.Presence, a.Since = c.Presence, d.now
		}
	case c.Kind == conversation.CommandPresence:
		d.answer(c.ID, refuse(conversation.RefusedUnknown, "A presença é online, away ou offline."))
		return
	case c.Kind == conversation.CommandLimit && c.Limit >= 0:
		a.Limit = c.Limit
	default:
		d.answer(c.ID, refuse(conversation.RefusedUnknown, "Este comando não existe nesta versão."))
		return
	}
	if a.Read.IsZero() {
		a.Waits = append(a.Waits, c.ID)
	} else {
		d.answer(c.ID, conversation.Answer{})
	}
	d.State.Agents[a.ID] = a
	d.learn(a)
	d.look("agent " + string(c.Kind))
}

// answer tells what became of a command.
func (d *deskDraft) answer(id string, a conversation.Answer) {
	a.ID, a.OK = id, a.Code == ""
	d.Answers = append(d.Answers, a)
}

// learn has Zendesk asked of an agent whose groups are not known, or for too long.
func (d *deskDraft) learn(a conversation.DeskAgent) {
	stale := a.Read.IsZero() || a.Presence == conversation.PresenceOnline && d.now.Sub(a.Read) > groupsKept
	asked := slices.ContainsFunc(d.State.Outbox.Background, func(p conversation.Pending) bool {
		return p.Effect.Kind == conversation.EffectAgent && p.Effect.Agent == a.ID
	})
	if stale && !asked {
		d.State.Enqueue(conversation.Effect{Kind: conversation.EffectAgent, Agent: a.ID}, d.now)
	}
}

// result takes in what became of an effect.
func (d *deskDraft) result(r conversation.Result) {
	p, ok := d.State.Outbox.Settle(r)
	switch over := r.Outcome == conversation.Done || r.Outcome == conversation.Failed; {
	case !ok || !over:
	case p.Effect.Kind == conversation.EffectAgent:
		d.told(p.Effect.Agent, r.Agent)
	case p.Effect.Kind == conversation.EffectDesk && r.Desk != nil:
		d.seen(p, *r.Desk)
	case p.Effect.Kind == conversation.EffectDesk:
		d.because("not seen")
		d.State.Next = d.now.Add(deskLooks)
	}
}

// told takes in what Zendesk says of an agent; nil when it can't be asked.
func (d *deskDraft) told(id int64, s *conversation.AgentSeen) {
	a, known := d.State.Agents[id]
	if !known {
		return
	}
	answer := conversation.Answer{}
	switch {
	case s == nil:
		d.because("agent not read")
		if !a.Read.IsZero() {
			a.Read = d.now // what is known holds for another while
		}
	case s.Gone:
		d.because("no such agent")
		answer = refuse(conversation.RefusedNoAgent, "O Zendesk não tem um agente com esse número.")
	default:
		a.Groups, a.Read = s.Groups, d.now
		if s.Name != "" {
			a.Name = s.Name
		}
		d.look("agent read")
	}
	for _, id := range a.Waits {
		d.answer(id, answer)
	}
	a.Waits = nil
	d.State.Agents[id] = a
	if answer.Code != "" {
		delete(d.State.Agents, id)
	}
}

// online lists the agents who take conversations, in the order of their ids.
func (d *deskDraft) online() []int64 {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.State.Agents)), func(id int64) bool {
		return d.State.Agents[id].Presence != conversation.PresenceOnline
	})
}

// goOn answers what needs no look, and looks when something changed: one look at a time.
func (d *deskDraft) goOn() {
	s := &d.State
	online := d.online()
	if len(online) == 0 {
		word := conversation.DeskNobody
		if len(s.Agents) == 0 {
			word = conversation.DeskAvailable // presence is not used
		}
		for _, a := range s.Asks {
			d.tell(a, word)
		}
		s.Asks, s.Next, s.Look = nil, time.Time{}, false
		return
	}
	if !s.Look || s.Outbox.Has(conversation.EffectDesk) {
		return
	}
	s.Look = false
	queues := slices.Clone(s.Queues)
	for _, a := range s.Asks {
		queues = append(queues, a.Queue)
	}
	slices.Sort(queues)
	if queues = slices.Compact(queues); len(queues) == 0 {
		return
	}
	for _, id := range online {
		d.learn(s.Agents[id])
	}
	s.Next = time.Time{}
	s.Enqueue(conversation.Effect{
		Kind: conversation.EffectDesk, Desk: &conversation.DeskLook{Queues: queues, Agents: online, Most: mostWaiting},
	}, d.now)
}

// tell answers a thread that wants to know whether anybody is there.
func (d *deskDraft) tell(a conversation.DeskAsk, word conversation.DeskWord) {
	d.because("told " + string(word))
	d.say(conversation.DeskNote{Word: word, Thread: a.Thread, Session: a.Session, Queue: a.Queue, At: d.now}, "desk:"+d.name(d.now))
}

// say puts a word to a thread on its way.
func (d *deskDraft) say(n conversation.DeskNote, id string) {
	d.State.Enqueue(conversation.Effect{Kind: conversation.EffectTell, Tell: &conversation.Tell{Key: n.Thread, Event: conversation.Event{
		Kind: conversation.EventDesk, ID: id, At: d.now, Desk: &n,
	}}}, d.now)
}

// name is a name that nothing else of the desk has, and that tells a time.
func (d *deskDraft) name(at time.Time) string {
	return strconv.FormatInt(at.UnixNano(), nameBase) + "." + strconv.FormatInt(d.State.NextEffect+1, nameBase)
}

const nameBase = 36
