package decide

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// candidate is a conversation that may be given away.
type candidate struct {
	conversation.Waiting

	queue string
}

// seen takes in a look: conversations are given away, and those who asked hear whether anybody is there.
func (d *deskDraft) seen(look conversation.Pending, s conversation.DeskSeen) {
	room := d.room(s)
	given, teams := map[string]bool{}, map[string][]int64{}
	for _, c := range d.candidates(s) {
		if given[c.Thread] {
			continue // it was seen in two queues: it moved from one to the other while it was looked
		}
		team, known := teams[c.queue]
		if !known {
			team = d.team(c.queue)
			teams[c.queue] = team
		}
		if a, ok := d.turn(team, room); ok {
			d.give(c, a)
			room[a.ID]--
			given[c.Thread] = true
		}
	}
	d.answerAsks(look, s, room, given)
	d.State.Gifts = slices.DeleteFunc(d.State.Gifts, func(g conversation.Gift) bool { return g.Settled })
	if !d.State.Look { // else one that was not there yet may have come since
		d.State.Queues = slices.DeleteFunc(d.State.Queues, func(q string) bool {
			list, read := s.Queues[q]
			return read && len(list) == 0
		})
	}
	d.State.Next = time.Time{}
	if len(d.State.Queues) > 0 {
		d.State.Next = d.now.Add(deskLooks)
	}
}

// room is how many more conversations each agent who is online may get, as far as the look tells. Every gift that may not have been
// seen counts, even if it was seen as well: nobody gets over the limit.
func (d *deskDraft) room(s conversation.DeskSeen) map[int64]int {
	room := map[int64]int{}
	for _, id := range d.online() {
		if load, read := s.Loads[id]; read {
			room[id] = d.State.Agents[id].Most(d.limit) - load - d.State.OnTheirWay(id)
		}
	}
	return room
}

// candidates lists the conversations that may be given away, those that go before others and waited longest first.
func (d *deskDraft) candidates(s conversation.DeskSeen) []candidate {
	var all []candidate
	taken := map[string]bool{}
	for _, g := range d.State.Gifts {
		taken[g.Thread] = true
	}
	for thread, until := range d.State.Left {
		taken[thread] = taken[thread] || d.now.Before(until)
	}
	for _, queue := range slices.Sorted(maps.Keys(s.Queues)) {
		if !slices.Contains(d.State.Queues, queue) {
			continue // agents pick from it
		}
		for _, w := range s.Queues[queue] {
			if !taken[w.Thread] {
				all = append(all, candidate{w, queue})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		if a.First != b.First {
			if a.First {
				return -1
			}
			return 1
		}
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.Thread, b.Thread))
	})
	return all
}

// team lists the agents of a queue's group who take conversations, in the order of their ids.
func (d *deskDraft) team(queue string) []int64 {
	return slices.DeleteFunc(d.online(), func(id int64) bool { return !d.State.Agents[id].Serves(queue) })
}

// turn is the agent of a team whose turn it is: of those who have room the one who has gone longest without a conversation from the
// queue. Who never got one comes first; then who took up that presence first counts, then the id.
func (d *deskDraft) turn(team []int64, room map[int64]int) (turn conversation.DeskAgent, ok bool) {
	for _, id := range team {
		if room[id] <= 0 {
			continue
		}
		a := d.State.Agents[id]
		if !ok || cmp.Or(d.lastGift(a).Compare(d.lastGift(turn)), a.Since.Compare(turn.Since)) < 0 {
			turn, ok = a, true
		}
	}
	return turn, ok
}

// lastGift is when an agent last got a conversation from the queue, or is getting one.
func (d *deskDraft) lastGift(a conversation.DeskAgent) time.Time {
	last := a.Given
	for _, g := range d.State.Gifts {
		if g.Agent == a.ID && !g.Settled && g.At.After(last) {
			last = g.At
		}
	}
	return last
}

// give puts a conversation on its way to an agent. No two gifts are of one instant, so that turns have an order.
func (d *deskDraft) give(c candidate, a conversation.DeskAgent) {
	at := d.now
	later := func(than time.Time) {
		if !at.After(than) {
			at = than.Add(time.Microsecond)
		}
	}
	for _, g := range d.State.Gifts {
		later(g.At)
	}
	for _, other := range d.State.Agents {
		later(other.Given)
	}
	gift := conversation.Gift{ID: d.name(at), Thread: c.Thread, Agent: a.ID, At: at}
	d.State.Gifts = append(d.State.Gifts, gift)
	d.because("given")
	d.say(conversation.DeskNote{
		Word: conversation.DeskGive, Thread: c.Thread, Queue: c.queue, Agent: a.Agent, Gift: gift.ID, At: at,
	}, "desk:"+gift.ID)
}

// giftTime is the time that a gift's name tells; zero when it is none.
func giftTime(gift string) time.Time {
	text, _, _ := strings.Cut(gift, ".")
	at, err := strconv.ParseInt(text, nameBase, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}

// answerAsks tells those who asked whether anybody is there, but for those who are given away. Who asked after the look began, and
// whose agents it did not see, hears after the next one.
func (d *deskDraft) answerAsks(look conversation.Pending, s conversation.DeskSeen, room map[int64]int, given map[string]bool) {
	var left []conversation.DeskAsk
	for _, ask := range d.State.Asks {
		free, unseen := false, false
		for _, id := range d.team(ask.Queue) {
			n, read := room[id]
			free, unseen = free || n > 0, unseen || !read
		}
		_, read := s.Queues[ask.Queue]
		switch {
		case given[ask.Thread]:
		case !read, ask.At.After(look.Since), unseen && !free:
			left = append(left, ask)
		case free:
			d.tell(ask, conversation.DeskAvailable)
		default:
			d.tell(ask, conversation.DeskNobody)
		}
	}
	d.State.Asks = left
	if len(left) > 0 {
		d.State.Look = true
	}
}
