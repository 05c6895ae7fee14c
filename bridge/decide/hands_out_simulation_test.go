package decide_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Forty agents of three overlapping groups, four hundred customers who come within half an hour, people who come and go, close, pick, transfer
// and put off, and words that are lost, late or repeated: the rule is kept at every gift, nobody gets over the limit, no conversation is
// given twice, and in the end nobody waits while somebody has room.
func TestHallOfAgents(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			h := openHall(t, seed)
			for id := range int64(hallAgents) {
				h.later(h.within(time.Minute), func() { h.presence(id+1, conversation.PresenceOnline) })
			}
			for i := range hallCustomers {
				h.later(h.within(30*time.Minute), func() { h.writes(fmt.Sprintf("%d|c%d", 100+i%3, i)) })
			}
			h.often(20*time.Second, h.flips)
			h.often(12*time.Second, h.closes)
			h.often(30*time.Second, h.picks)
			h.often(30*time.Second, h.transfers)
			h.often(40*time.Second, h.putsOff)
			h.often(10*time.Second, h.moves)
			h.often(time.Minute, h.limits)
			h.run(at(0).Add(50 * time.Minute))
			h.settles()
			for name, least := range map[string]int{
				"given": 250, "picked": 2, "transferred": 2, "returned": 2, "moved": 20, "closed": 200, "lost": 10, "late": 10, "repeated": 10, "put off": 10, "gone": 20,
			} {
				if h.counts[name] < least {
					t.Errorf("%s: %d times, want %d at least: the hall is too quiet", name, h.counts[name], least)
				}
			}
		})
	}
}

// often lets something happen again and again while people do as they like.
func (h *hall) often(every time.Duration, do func()) {
	h.later(h.within(2*every), func() {
		if h.roughly {
			do()
			h.often(every, do)
		}
	})
}

// settles lets people stay where they are: all who can be given away are, and nobody waits while somebody has room. Then everybody comes
// and works, until nobody is left.
func (h *hall) settles() {
	h.t.Helper()
	h.roughly = false
	h.rest(6 * time.Minute)
	h.noneInVain()
	for id := range int64(hallAgents) {
		h.presence(id+1, conversation.PresenceOnline)
	}
	for range hallCustomers {
		key := h.some(func(t conversation.Thread) bool { return t.Attends() != 0 })
		if key == "" {
			break
		}
		h.ends(key)
		h.rest(10 * time.Second)
		h.noneInVain()
	}
	h.rest(6 * time.Minute)
	for key, thread := range h.threads {
		if queue, waits := thread.Queued(); waits {
			h.t.Errorf("%s waits in %s for good: %+v", key, queue, h.desk)
		}
	}
	if len(h.desk.Gifts)+len(h.desk.Queues)+len(h.desk.Asks)+len(h.desk.Left) > 0 {
		h.t.Errorf("the desk does not come to rest: %+v", h.desk)
	}
}

// rest lets time pass, and threads that wait ask again.
func (h *hall) rest(d time.Duration) {
	h.t.Helper()
	h.run(h.now.Add(d))
}

// noneInVain wants nobody to wait while somebody of the group has room.
func (h *hall) noneInVain() {
	h.t.Helper()
	loads := map[int64]int{}
	for _, thread := range h.threads {
		loads[thread.Attends()]++
	}
	for key, thread := range h.threads {
		queue, waits := thread.Queued()
		if !waits {
			continue
		}
		for id, a := range h.desk.Agents {
			if a.Presence == conversation.PresenceOnline && loads[id]+h.desk.OnTheirWay(id) < a.Most(hallLimit) && a.Serves(queue) {
				h.t.Errorf("%s waits in %s, and agent %d has %d: %+v", key, queue, id, loads[id], h.desk)
			}
		}
	}
}

// writes lets a customer write; one who waits asks the desk again every so often.
func (h *hall) writes(key string) {
	h.seq++
	id := fmt.Sprint("wamid.", h.seq)
	h.toThread(key, conversation.Event{
		Kind: conversation.EventMessage, ID: id, At: h.now, Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321"},
		Message: &conversation.Message{ID: id, Type: "text", Text: "Preciso de ajuda?", Sent: h.now},
	})
	h.minds(key)
}

// ask lets an agent ask for something, and tells whether it was done.
func (h *hall) ask(key string, c conversation.Command) bool {
	h.seq++
	c.ID, c.Session = fmt.Sprint("cmd", h.seq), h.threads[key].Conversation.Session
	d := h.toThread(key, conversation.Event{Kind: conversation.EventCommand, ID: "c:" + c.ID, At: h.now, Command: &c})
	h.minds(key)
	return d.Answers[0].OK
}

// presence lets an agent come or go.
func (h *hall) presence(id int64, p conversation.Presence) {
	h.seq++
	c := presence(id, p)
	c.ID = fmt.Sprint("cmd", h.seq)
	h.toDesk(conversation.Event{Kind: conversation.EventCommand, Command: &c})
}

func (h *hall) flips() {
	id := 1 + h.rand.Int64N(hallAgents)
	p := conversation.PresenceOnline
	if h.desk.Agents[id].Presence == p {
		p = []conversation.Presence{conversation.PresenceAway, conversation.PresenceOffline}[h.rand.IntN(2)]
		h.counts["gone"]++
		h.later(h.within(5*time.Minute), func() { h.presence(id, conversation.PresenceOnline) })
	}
	h.presence(id, p)
}

// limits gives an agent more room, or less.
func (h *hall) limits() {
	id := 1 + h.rand.Int64N(hallAgents)
	h.seq++
	c := conversation.Command{ID: fmt.Sprint("cmd", h.seq), Kind: conversation.CommandLimit, Agent: conversation.Agent{ID: id}, Limit: 1 + h.rand.IntN(3)}
	h.toDesk(conversation.Event{Kind: conversation.EventCommand, Command: &c})
}

func (h *hall) closes() {
	if key := h.some(func(t conversation.Thread) bool { return t.Attends() != 0 }); key != "" {
		h.ends(key)
	}
}

func (h *hall) ends(key string) {
	c := finish()
	c.Agent = conversation.Agent{ID: h.threads[key].Conversation.Owner}
	if !h.ask(key, c) {
		h.t.Errorf("%s can't be closed", key)
	}
	h.counts["closed"]++
}

// room tells whether an agent may get one more by hand, as far as can be seen beforehand.
func (h *hall) room(id int64) bool {
	return h.load(id)+h.desk.OnTheirWay(id) < h.desk.Agents[id].Most(hallLimit)
}

// picks lets two agents take a conversation that waits: one wins.
func (h *hall) picks() {
	key := h.some(func(t conversation.Thread) bool { _, waits := t.Queued(); return waits })
	one, other := 1+h.rand.Int64N(hallAgents), 1+h.rand.Int64N(hallAgents)
	if key == "" || !h.room(one) || one == other {
		return
	}
	h.counts["picked"]++
	take := func(id int64) bool {
		return h.ask(key, conversation.Command{Kind: conversation.CommandTake, Agent: conversation.Agent{ID: id, Name: "x"}})
	}
	if !take(one) || take(other) || h.threads[key].Attends() != one {
		h.t.Errorf("%s was taken by %d and by %d: %+v", key, one, other, h.threads[key].Conversation)
	}
}

func (h *hall) transfers() {
	key := h.some(func(t conversation.Thread) bool { return t.Attends() != 0 })
	to := 1 + h.rand.Int64N(hallAgents)
	if key == "" {
		return
	}
	owner := conversation.Agent{ID: h.threads[key].Attends()}
	if h.rand.IntN(2) == 0 {
		h.counts["returned"]++
		h.ask(key, conversation.Command{Kind: conversation.CommandTransfer, Agent: owner, Group: deskQueues()[h.rand.IntN(3)]})
		return
	}
	if h.room(to) && to != owner.ID {
		h.counts["transferred"]++
		h.ask(key, conversation.Command{Kind: conversation.CommandTransfer, Agent: owner, To: conversation.Agent{ID: to, Name: "x"}})
	}
}

// moves lets a conversation that waits go to another queue.
func (h *hall) moves() {
	key := h.some(func(t conversation.Thread) bool { _, waits := t.Queued(); return waits })
	if key != "" {
		h.counts["moved"]++
		h.ask(key, conversation.Command{Kind: conversation.CommandTransfer, Agent: conversation.Agent{ID: 1, Name: "x"}, Group: deskQueues()[h.rand.IntN(3)]})
	}
}

// putsOff lets an agent put a conversation off, which comes back whatever else the agent has by then.
func (h *hall) putsOff() {
	key := h.some(func(t conversation.Thread) bool { return t.Attends() != 0 })
	if key == "" {
		return
	}
	h.counts["put off"]++
	owner := conversation.Agent{ID: h.threads[key].Attends()}
	h.ask(key, conversation.Command{Kind: conversation.CommandSnooze, Agent: owner, Until: h.now.Add(time.Hour)})
	h.later(h.within(10*time.Minute), func() {
		if c := h.threads[key].Conversation; !c.Clock.Snoozed.IsZero() && !c.State.Ended() {
			h.writes(key)
		}
	})
}
