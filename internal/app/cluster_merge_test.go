package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
)

// The ways in which a person is named.
const (
	wayPhone = 'p'
	wayID    = 'i'
	wayBoth  = 'b'
)

// fate is what happens around the webhook that names both ids of a person.
type fate int

const (
	phoneDone  fate = iota // the conversation by phone has ended before: the two become one
	phoneLater             // both go on, so people are told; then the one by phone ends and they become one
	idDone                 // the one by id has ended, but the webhook's own message opens it again: people are told
	bothOpen               // both go on: people are told
)

// spoken is one word as it was accepted.
type spoken struct {
	word   string
	way    rune
	joined bool // after the two had become one
}

// double is a person who is known twice.
type double struct {
	c     *couple
	tag   string
	fate  fate
	named map[rune]*person
	at    map[rune]int64  // tickets
	boxes map[rune]string // mailboxes

	written []spoken
	joined  bool
	took    time.Duration
}

func (c *couple) double(n int) *double {
	d := &double{
		c: c, tag: fmt.Sprintf("d%02d", n), fate: []fate{phoneDone, phoneLater, idDone, phoneDone, phoneLater, bothOpen}[n%6],
		named: map[rune]*person{}, at: map[rune]int64{}, boxes: map[rune]string{},
	}
	for _, way := range []rune{wayPhone, wayID, wayBoth} {
		p := newPerson(200 + n)
		if way == wayPhone {
			p.as.BSUID = ""
		}
		p.as.HidesPhone = way == wayID
		d.named[way] = p
	}
	return d
}

// says writes a word by one of the ways.
func (d *double) says(ways ...rune) {
	way := ways[rand.IntN(len(ways))]
	s := spoken{fmt.Sprintf("%s-%c%03d", d.tag, way, len(d.written)), way, d.joined}
	d.c.post(d.named[way].hook(s.word), rand.IntN(4) == 0)
	d.written = append(d.written, s)
}

// writes goes on writing until ok, or for a while.
func (d *double) writes(within time.Duration, what string, ok func() bool, ways ...rune) {
	began := time.Now()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if since(began) > within {
			if what != "" {
				d.c.t.Errorf("%s: not within %s: %s", d.tag, within, what)
			}
			return
		}
		d.says(ways...)
		<-tick.C
	}
}

func never() bool { return false }

// begin makes the person known twice, each with a ticket.
func (d *double) begin() {
	d.says(wayPhone)
	d.says(wayID)
	eventually(d.c.t, patience, d.tag+" has two tickets", func() bool {
		for _, ticket := range d.c.peers.Zendesk().Tickets() {
			for _, way := range []rune{wayPhone, wayID} {
				if d.at[way] == 0 && len(d.c.wordsOn(ticket.ID, fmt.Sprintf("%s-%c", d.tag, way))) > 0 {
					d.at[way] = ticket.ID
					d.boxes[way], _ = conversation.ThreadOfSession(ticket.ExternalID)
				}
			}
		}
		return len(d.at) == 2
	})
}

// live is the person's story; everything is written by one goroutine, so that there is an order.
func (d *double) live() {
	const while = 2 * time.Second
	d.begin()
	d.writes(time.Duration(rand.Int64N(int64(2*while))), "", never, wayPhone, wayID)
	switch d.fate {
	case phoneDone:
		d.end(wayPhone, wayID)
	case idDone:
		d.end(wayID, wayPhone)
	case phoneLater, bothOpen:
	}
	named := time.Now()
	d.says(wayBoth)
	switch d.fate {
	case phoneLater:
		d.writes(while, "", never, wayPhone, wayID, wayBoth)
		named = time.Now()
		d.end(wayPhone, wayID, wayBoth)
		fallthrough
	case phoneDone:
		d.writes(soon, "the two become one", d.one, wayID, wayBoth)
		d.took = since(named)
	case idDone, bothOpen:
	}
	d.writes(while, "", never, wayPhone, wayID, wayBoth)
}

// one tells whether the two have become one.
func (d *double) one() bool {
	_, at, err := d.c.boxes.Field(context.WithoutCancel(d.c.t.Context()), d.boxes[wayPhone], conversation.StateField)
	d.joined = d.joined || err == nil && at == d.boxes[wayID]
	return d.joined
}

// end has the ticket of one way solved, while the person writes by others.
func (d *double) end(way rune, others ...rune) {
	ctx := context.WithoutCancel(d.c.t.Context())
	state := func() (th conversation.Thread, at string) {
		raw, at, err := d.c.boxes.Field(ctx, d.boxes[way], conversation.StateField)
		if err != nil || conversation.DecodeState(raw, &th) != nil {
			d.c.t.Errorf("%s: unreadable: %v", d.tag, err)
		}
		return th, at
	}
	// An agent solves what is on the ticket.
	d.writes(soon, "everything by that way is on the ticket", func() bool {
		th, _ := state()
		return len(th.Outbox.Ticket) == 0
	}, others...)
	if err := d.c.peers.Zendesk().SetStatus(d.at[way], d.c.ana(), "solved"); err != nil {
		d.c.t.Errorf("%s: %v", d.tag, err)
	}
	d.writes(soon, "the conversation has ended", func() bool {
		th, at := state()
		return at != d.boxes[way] || !th.Open()
	}, others...)
}

// settled tells whether all that was written is on tickets.
func (d *double) settled() bool {
	n := 0
	for _, id := range d.at {
		n += len(d.c.wordsOn(id, d.tag+"-"))
	}
	return n >= len(d.written)
}

// judge wants each word once, in the order of its way, and what was written after the two became one in order on one ticket.
func (d *double) judge() {
	t, seen := d.c.t, map[string]int{}
	for _, ticket := range d.c.peers.Zendesk().Tickets() {
		words := d.c.wordsOn(ticket.ID, d.tag+"-")
		for _, word := range words {
			seen[word]++
		}
		for _, way := range []rune{wayPhone, wayID, wayBoth} {
			own := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, fmt.Sprintf("%s-%c", d.tag, way)) })
			if !d.inOrder(own) {
				t.Errorf("%s, fate %d: ticket %d out of order: %v", d.tag, d.fate, ticket.ID, own)
			}
		}
		if len(words) > 0 && len(words) != len(d.c.messagesOn(ticket.ID)) {
			t.Errorf("%s: %d words, but %d messages named by ticket %d", d.tag, len(words), len(d.c.messagesOn(ticket.ID)), ticket.ID)
		}
	}
	var after []string
	for _, s := range d.written {
		if seen[s.word] != 1 {
			t.Errorf("%s, fate %d: %s is there %d times", d.tag, d.fate, s.word, seen[s.word])
		}
		if s.joined {
			after = append(after, s.word)
		}
	}
	if len(seen) != len(d.written) {
		t.Errorf("%s: %d words of %d", d.tag, len(seen), len(d.written))
	}
	on := d.c.wordsOn(d.at[wayID], d.tag+"-")
	if len(after) > len(on) || !slices.Equal(on[len(on)-len(after):], after) {
		t.Errorf("%s, fate %d: after the two became one %v; ticket %v", d.tag, d.fate, after, on)
	}
	told := 0
	for _, id := range d.at {
		for _, c := range d.c.peers.Zendesk().Comments(id) {
			if strings.Contains(c.Body, "mesma pessoa") && !c.Public {
				told++
			}
		}
	}
	if want := map[fate]bool{phoneLater: true, idDone: true, bothOpen: true}[d.fate]; want != (told > 0) {
		t.Errorf("%s, fate %d: a conflict told %d times", d.tag, d.fate, told)
	}
	if d.joined != (d.fate == phoneDone || d.fate == phoneLater) {
		t.Errorf("%s, fate %d: one: %v", d.tag, d.fate, d.joined)
	}
}

// inOrder tells whether words are in the order of their numbers.
func (d *double) inOrder(words []string) bool {
	return slices.IsSortedFunc(words, func(a, b string) int { return strings.Compare(a[len(d.tag)+2:], b[len(d.tag)+2:]) })
}

// notices is the mailboxes that the supervisor was told of.
func (c *couple) notices() (keys []string) {
	c.t.Helper()
	raw, _, err := c.boxes.Field(c.t.Context(), conversation.AccountPrefix+app.DemoNumber, conversation.StateField)
	var account conversation.Account
	if err != nil || conversation.DecodeState(raw, &account) != nil {
		c.t.Fatalf("the account's notices can't be read: %v", err)
	}
	for _, n := range account.Notices {
		if n.Rule == "identity_conflict" {
			_, key, _ := strings.Cut(n.Text, "(")
			keys = append(keys, strings.TrimSuffix(key, ")"))
		}
	}
	return keys
}

// TestClusterMergesUnderLoad has thirty people, each known twice, write without end to two instances on a cluster, while it comes
// out that they are one each.
func TestClusterMergesUnderLoad(t *testing.T) {
	const people = 30
	c := newCouple(t)
	all := make([]*double, people)
	began := time.Now()
	var busy sync.WaitGroup
	for i := range all {
		all[i] = c.double(i)
		busy.Go(all[i].live)
	}
	busy.Wait()
	wrote := since(began)
	eventually(t, patience, "everything is on tickets", func() bool {
		return c.quiet() && !slices.ContainsFunc(all, func(d *double) bool { return !d.settled() })
	})
	words, merges, conflicts, longest := 0, 0, 0, time.Duration(0)
	told := c.notices()
	for _, d := range all {
		d.judge()
		words, longest = words+len(d.written), max(longest, d.took)
		if d.joined {
			merges++
		}
		supervisor := slices.Contains(told, d.boxes[wayPhone]) || slices.Contains(told, d.boxes[wayID])
		if supervisor {
			conflicts++
		}
		if supervisor == (d.fate == phoneDone) {
			t.Errorf("%s, fate %d: the supervisor was told: %v", d.tag, d.fate, supervisor)
		}
	}
	st, err := c.boxes.Stats(t.Context())
	if err != nil || st.Dead > 0 || st.Halted > 0 {
		t.Errorf("%d dead letters, %d halted (%v)", st.Dead, st.Halted, err)
	}
	if n, err := c.boxes.Repair(t.Context()); n != 0 || err != nil {
		t.Errorf("%d mailboxes that nobody would have woken (%v)", n, err)
	}
	t.Logf("%d people, %d messages, %d merges (longest %s), %d conflicts told; written in %s, all settled after %s",
		people, words, merges, longest.Round(time.Millisecond), conflicts, wrote.Round(time.Millisecond), since(began).Round(time.Millisecond))
}
