package decide_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// counter is a desk with a clock; the test plays everybody else.
type counter struct {
	t       *testing.T
	limit   int
	quick   bool // decisions are not checked to be pure: others do
	second  int
	desk    conversation.Desk
	answers []conversation.Answer
	reasons []string // of the last decision
}

// deskLimit is how many conversations an agent attends at once in these tests.
const deskLimit = 2

func openDesk(t *testing.T) *counter {
	t.Helper()
	return &counter{t: t, limit: deskLimit}
}

// decide takes one decision, and checks that it is pure.
func (c *counter) decide(e conversation.Event) {
	c.t.Helper()
	if c.quick {
		c.take(decide.Desk(c.desk, e, c.limit, at(c.second)))
		return
	}
	before, event := c.desk.Clone(), copyOf(c.t, e)
	d := decide.Desk(c.desk, e, c.limit, at(c.second))
	if diff := cmp.Diff(before, c.desk); diff != "" {
		c.t.Fatalf("%s changes the desk it was given (-before +after):\n%s", e.Kind, diff)
	}
	if e.Result == nil { // what a look saw is no part of what is stored
		if diff := cmp.Diff(event, e); diff != "" {
			c.t.Fatalf("%s changes the event it was given (-before +after):\n%s", e.Kind, diff)
		}
	}
	if diff := cmp.Diff(d, decide.Desk(c.desk, e, c.limit, at(c.second))); diff != "" {
		c.t.Fatalf("%s decided twice (-first +second):\n%s", e.Kind, diff)
	}
	c.take(d)
}

func (c *counter) take(d decide.DeskDecision) {
	c.t.Helper()
	c.desk, c.reasons = d.State, d.Reasons
	c.answers = append(c.answers, d.Answers...)
	looks := 0
	for _, p := range c.desk.Outbox.Background {
		if p.Effect.Kind == conversation.EffectDesk {
			looks++
		}
	}
	if looks > 1 {
		c.t.Fatalf("%d looks at once", looks)
	}
}

// passes lets time pass, and what is due happen.
func (c *counter) passes(seconds int) {
	c.t.Helper()
	end := c.second + seconds
	for {
		due := decide.DeskDeadline(c.desk)
		if due.IsZero() || due.After(at(end)) {
			c.second = end
			return
		}
		c.second = max(c.second, int(due.Sub(at(0)).Seconds()+0.999))
		before := c.desk.Clone()
		d := decide.DeskDue(c.desk, c.limit, at(c.second))
		if diff := cmp.Diff(before, c.desk); diff != "" {
			c.t.Fatalf("a deadline changes the desk it was given (-before +after):\n%s", diff)
		}
		c.take(d)
		if next := decide.DeskDeadline(c.desk); !next.IsZero() && !next.After(at(c.second)) {
			c.t.Fatalf("the deadline of %v is not over at %v", next, at(c.second))
		}
	}
}

// command lets an agent ask for something, and returns what became of it; nil while that is not known.
func (c *counter) command(cmd conversation.Command) *conversation.Answer {
	c.t.Helper()
	cmd.ID = "cmd" + strconv.Itoa(len(c.answers)) + "-" + strconv.FormatInt(c.desk.NextEffect, 10)
	had := len(c.answers)
	c.decide(conversation.Event{Kind: conversation.EventCommand, ID: "c:" + cmd.ID, At: at(c.second), Command: &cmd})
	if len(c.answers) == had {
		return nil
	}
	return &c.answers[had]
}

// presence is the command that sets one.
func presence(id int64, p conversation.Presence) conversation.Command {
	return conversation.Command{Kind: conversation.CommandPresence, Agent: conversation.Agent{ID: id}, Presence: p}
}

// pending is the effect of a kind that may go now.
func (c *counter) pending(kind conversation.EffectKind) *conversation.Pending {
	for _, p := range c.desk.Outbox.Ready(at(c.second)) {
		if p.Effect.Kind == kind {
			return &p
		}
	}
	return nil
}

// result ends the effect of a kind that may go now.
func (c *counter) result(kind conversation.EffectKind, r conversation.Result) {
	c.t.Helper()
	p := c.pending(kind)
	if p == nil {
		c.t.Fatalf("no %s is ready: %+v", kind, c.desk.Outbox.Background)
	}
	r.Effect, r.Kind = p.Effect.ID, kind
	c.decide(conversation.Event{Kind: conversation.EventResult, At: at(c.second), Result: &r})
}

// online lets an agent of groups take conversations.
func (c *counter) online(id int64, groups ...string) {
	c.t.Helper()
	c.command(presence(id, conversation.PresenceOnline))
	if c.pending(conversation.EffectAgent) == nil {
		return
	}
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{
		ID: id, Name: "Agente " + strconv.FormatInt(id, 10), Groups: groupsOf(groups...),
	}})
}

// groupsOf are groups by name; their ids are their place among the tests' queues.
func groupsOf(names ...string) []conversation.Group {
	var groups []conversation.Group
	for _, name := range names {
		groups = append(groups, conversation.Group{ID: int64(61 + slices.Index(deskQueues(), name)), Name: name})
	}
	return groups
}

// deskQueues are the queues of these tests.
func deskQueues() []string { return []string{"Suporte N1", "Suporte N2", "Financeiro"} }

// n1 and n2 are two of them.
const (
	n1 = "Suporte N1"
	n2 = "Suporte N2"
)

// word lets a thread say something.
func (c *counter) word(n conversation.DeskNote) {
	c.t.Helper()
	c.decide(conversation.Event{Kind: conversation.EventDesk, At: at(c.second), Desk: &n})
}

// queues lets a thread begin to wait.
func (c *counter) queues(thread, queue string, automatic bool) {
	c.t.Helper()
	c.word(conversation.DeskNote{Word: conversation.DeskQueued, Thread: thread, Session: thread + "-s", Queue: queue, Automatic: automatic})
}

// sees ends the look that is under way: who waits in the first queue that hands out by itself, how much agents have.
func (c *counter) sees(waiting map[string][]conversation.Waiting, loads map[int64]int) {
	c.t.Helper()
	p := c.pending(conversation.EffectDesk)
	if p == nil {
		c.t.Fatalf("nobody looks: %+v", c.desk)
	}
	seen := conversation.DeskSeen{Queues: map[string][]conversation.Waiting{}, Loads: map[int64]int{}}
	for _, q := range p.Effect.Desk.Queues {
		seen.Queues[q] = waiting[q]
	}
	for _, id := range p.Effect.Desk.Agents {
		seen.Loads[id] = loads[id]
	}
	c.result(conversation.EffectDesk, conversation.Result{Outcome: conversation.Done, Desk: &seen})
}

// waits is conversations that wait one second each longer than the next.
func waits(threads ...string) []conversation.Waiting {
	var list []conversation.Waiting
	for i, t := range threads {
		list = append(list, conversation.Waiting{Thread: t, Since: at(i - 1000)})
	}
	return list
}

// says takes the words on their way to threads out, in order: word, thread, and agent of a gift.
func (c *counter) says() []string {
	c.t.Helper()
	var words []string
	for _, p := range slices.Clone(c.desk.Outbox.Background) {
		if p.Effect.Kind != conversation.EffectTell {
			continue
		}
		c.desk.Outbox.Take(p.Effect.ID)
		n := *p.Effect.Tell.Event.Desk
		line := string(n.Word) + " " + p.Effect.Tell.Key
		if n.Word == conversation.DeskGive || n.Word == conversation.DeskAbsent {
			line += " " + strconv.FormatInt(n.Agent.ID, 10)
		}
		if p.Effect.Tell.Key != n.Thread || p.Effect.Tell.Event.ID == "" || n.At.IsZero() {
			c.t.Errorf("the word %+v is told so: %+v", n, p.Effect.Tell)
		}
		words = append(words, line)
	}
	return words
}

func (c *counter) wantSays(words ...string) {
	c.t.Helper()
	if diff := cmp.Diff(words, c.says()); diff != "" {
		c.t.Errorf("words (-want +got):\n%s", diff)
	}
}

// gift is the gift on its way to a thread.
func (c *counter) gift(thread string) conversation.Gift {
	c.t.Helper()
	i := slices.IndexFunc(c.desk.Gifts, func(g conversation.Gift) bool { return g.Thread == thread })
	if i < 0 {
		c.t.Fatalf("no gift for %s: %+v", thread, c.desk.Gifts)
	}
	return c.desk.Gifts[i]
}

// answersGift lets a thread answer to its gift.
func (c *counter) answersGift(word conversation.DeskWord, g conversation.Gift) {
	c.t.Helper()
	c.word(conversation.DeskNote{Word: word, Thread: g.Thread, Agent: conversation.Agent{ID: g.Agent}, Gift: g.ID})
}

func (c *counter) wantReason(reason string) {
	c.t.Helper()
	if !slices.Contains(c.reasons, reason) {
		c.t.Errorf("reasons are %q, want %q among them", c.reasons, reason)
	}
}

// wantLook wants a look to be under way at queues, or none.
func (c *counter) wantLook(queues ...string) {
	c.t.Helper()
	var got []string
	if p := c.pending(conversation.EffectDesk); p != nil {
		got = p.Effect.Desk.Queues
	}
	if diff := cmp.Diff(queues, got); diff != "" {
		c.t.Errorf("looks at (-want +got):\n%s", diff)
	}
}

// handed is one conversation given to an agent.
type handed struct {
	Thread string
	Agent  int64
}

// ruled is what the rule wants of a desk that saw this: again and again the conversation that goes first, of those that anybody may get,
// goes to who has gone longest without.
func ruled(desk conversation.Desk, seen conversation.DeskSeen, limit int, now time.Time) []handed {
	var all []handed
	load := maps.Clone(seen.Loads)
	turn := map[int64]int64{} // when each last got one, in nanoseconds and then in turns
	for id, a := range desk.Agents {
		if !a.Given.IsZero() {
			turn[id] = a.Given.UnixNano()
		}
	}
	gone := map[string]bool{}
	for _, g := range desk.Gifts {
		gone[g.Thread] = true
		load[g.Agent]++
		if !g.Settled {
			turn[g.Agent] = max(turn[g.Agent], g.At.UnixNano())
		}
	}
	for thread, until := range desk.Left {
		gone[thread] = gone[thread] || until.After(now)
	}
	for last := int64(1 << 62); ; last++ {
		next, ok := nextOf(desk, seen, gone, load, turn, limit)
		if !ok {
			return all
		}
		gone[next.Thread], turn[next.Agent] = true, last
		load[next.Agent]++
		all = append(all, next)
	}
}

// nextOf compares every pair of a conversation and an agent.
func nextOf(
	desk conversation.Desk, seen conversation.DeskSeen, gone map[string]bool, load map[int64]int, turn map[int64]int64, limit int,
) (next handed, found bool) {
	var best []int64
	for _, queue := range desk.Queues {
		for _, w := range seen.Queues[queue] {
			for id, a := range desk.Agents {
				most := limit
				if a.Limit > 0 {
					most = a.Limit
				}
				_, read := seen.Loads[id]
				mine := slices.ContainsFunc(a.Groups, func(g conversation.Group) bool {
					return strings.EqualFold(g.Name, queue) || strconv.FormatInt(g.ID, 10) == queue
				})
				if gone[w.Thread] || a.Presence != conversation.PresenceOnline || !read || !mine && queue != "" || load[id] >= most {
					continue
				}
				than := int64(strings.Compare(w.Thread, next.Thread)) // the best one's own is 0
				place := []int64{1, w.Since.UnixNano(), than, turn[id], a.Since.UnixNano(), id}
				if w.First {
					place[0] = 0
				}
				if !found || slices.Compare(place, best) < 0 {
					next, best, found = handed{w.Thread, id}, place, true
					best[2] = 0
				}
			}
		}
	}
	return next, found
}
