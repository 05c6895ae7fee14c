package decide_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// The conversation that waited longest goes to who has gone longest without one; nobody gets more than they may.
func TestHandsOut(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.second++
	c.online(2, n1)
	c.online(3, n2)
	c.wantLook() // nobody waits
	c.queues("100|a", n1, true)
	c.wantLook(n1)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b", "100|c", "100|d", "100|e")}, map[int64]int{2: 1})
	c.wantSays("give 100|a 1", "give 100|b 2", "give 100|c 1")
	c.wantReason("given")
	for _, thread := range []string{"100|a", "100|b", "100|c"} {
		c.answersGift(conversation.DeskAccepted, c.gift(thread))
	}
	c.sees(map[string][]conversation.Waiting{n1: waits("100|d", "100|e")}, map[int64]int{1: 2, 2: 2})
	c.wantSays()
	// Somebody has room again.
	c.word(conversation.DeskNote{Word: conversation.DeskFreed, Agent: conversation.Agent{ID: 1}})
	c.sees(map[string][]conversation.Waiting{n1: waits("100|d", "100|e")}, map[int64]int{1: 1, 2: 2})
	c.wantSays("give 100|d 1")
}

// Who goes before others goes before others, whoever waited longer.
func TestHandsOutFirst(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1, n2)
	c.queues("100|a", n1, true)
	c.queues("100|b", n2, true)
	list := waits("100|a", "100|b")
	list[1].First = true
	c.sees(map[string][]conversation.Waiting{n1: list[:1]}, nil)
	c.says()
	c.answersGift(conversation.DeskDeclined, c.gift("100|a"))
	c.passes(60)
	c.sees(map[string][]conversation.Waiting{n1: list[:1], n2: list[1:]}, map[int64]int{1: 1})
	c.wantSays("give 100|b 1")
}

// What agents got by hand is no turn; what a thread declined is none either.
func TestTurns(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.second++
	c.online(2, n1)
	c.queues("100|a", n1, true)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, map[int64]int{1: 1}) // by hand
	c.wantSays("give 100|a 1")
	c.answersGift(conversation.DeskDeclined, c.gift("100|a"))
	c.wantReason("gift declined")
	c.second++
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, map[int64]int{1: 1})
	c.wantSays("give 100|b 1") // the view may be older than the thread's answer
	g := c.gift("100|b")
	c.answersGift(conversation.DeskAccepted, g)
	if got := c.desk.Agents[1].Given; !got.Equal(g.At) {
		t.Errorf("the last turn was %v, want %v", got, g.At)
	}
	c.answersGift(conversation.DeskAccepted, g) // said twice
	c.queues("100|a", n1, true)                 // it waits again
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, nil)
	c.wantSays("give 100|a 2")
}

// A gift counts until the views tell of it; nobody gets over the limit, whenever they were read.
func TestGiftsCountUntilSeen(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.limit = 1
	c.online(1, n1)
	c.queues("100|a", n1, true)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, nil)
	c.wantSays("give 100|a 1")
	c.queues("100|b", n1, true) // a look begins, which may see the views as they were
	c.answersGift(conversation.DeskAccepted, c.gift("100|a"))
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, nil)
	c.wantSays("nobody 100|b")
	c.sees(map[string][]conversation.Waiting{n1: waits("100|b")}, map[int64]int{1: 1})
	c.wantSays()
	if n := len(c.desk.Gifts); n != 0 {
		t.Errorf("%d gifts are on their way", n)
	}
}

// A gift that nobody answers is given up after a while; its thread and its agent are not stuck on each other.
func TestGiftGivenUp(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.limit = 1
	c.online(1, n1)
	c.queues("100|a", n1, true)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, nil)
	c.wantSays("give 100|a 1")
	old := c.gift("100|a")
	c.passes(29)
	c.wantLook()
	c.passes(1)
	c.wantLook(n1)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a", "100|b")}, nil)
	c.wantSays("give 100|b 1")
	c.answersGift(conversation.DeskAccepted, c.gift("100|b"))
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, map[int64]int{1: 1})
	c.wantSays()
	c.answersGift(conversation.DeskAccepted, old) // its word comes at last
	if got := c.desk.Agents[1].Given; !got.After(old.At) {
		t.Errorf("an old word sets the turn back to %v", got)
	}
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, nil)
	c.wantSays("give 100|a 1")
	c.answersGift(conversation.DeskDeclined, old) // of a gift that is over
	if n := len(c.desk.Gifts); n != 1 {
		t.Errorf("%d gifts are on their way, want 1", n)
	}
}

// Who has groups of the queue gets from it: by name, whatever case and accents, or by id. A queue without a name is everybody's.
func TestWhoServes(t *testing.T) {
	t.Parallel()
	for queue, want := range map[string]bool{
		n1: true, "suporte n1": true, " SUPORTE  N1 ": true, "Súporte N1": true, "61": true, "": true, n2: false, "62": false, "Suporte": false, "Suporte N1+": false,
	} {
		c := openDesk(t)
		c.online(1, n1)
		c.queues("100|a", queue, true)
		c.sees(map[string][]conversation.Waiting{queue: waits("100|a")}, nil)
		if got := len(c.says()) == 1; got != want || len(c.desk.Gifts) == 1 != want {
			if !want && len(c.desk.Gifts) == 0 {
				continue // it hears that nobody is there
			}
			t.Errorf("%q: given %v, want %v", queue, c.desk.Gifts, want)
		}
	}
}

// Where agents pick, nothing is given away.
func TestPickedByHand(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.queues("100|a", n1, false)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, nil)
	c.wantSays("available 100|a")
	if !c.desk.Next.IsZero() || len(c.desk.Queues) != 0 {
		t.Errorf("the desk looks again at %v: %q", c.desk.Next, c.desk.Queues)
	}
}

// Who waits hears whether anybody is there.
func TestWhetherAnybodyIsThere(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.queues("100|a", n1, false)
	c.wantSays("available 100|a") // presence is not used
	c.command(presence(1, conversation.PresenceAway))
	c.result(conversation.EffectAgent, conversation.Result{Outcome: conversation.Done, Agent: &conversation.AgentSeen{ID: 1, Groups: groupsOf(n1)}})
	c.queues("100|a", n1, false)
	c.wantSays("nobody 100|a")
	c.wantLook()
	c.command(presence(1, conversation.PresenceOnline))
	c.wantLook()
	c.queues("100|a", n1, false)
	c.queues("100|b", n2, false)
	c.queues("100|a", n1, false) // said twice
	c.sees(nil, map[int64]int{1: 1})
	c.wantSays("available 100|a")
	c.sees(nil, map[int64]int{1: 2}) // the other one asked while it was looked
	c.wantSays("nobody 100|b")
	c.queues("100|a", n1, false)
	c.sees(nil, map[int64]int{1: 2})
	c.wantSays("nobody 100|a")
	// Somebody came whom the look did not see.
	c.queues("100|a", n1, false)
	c.online(2, n1)
	c.sees(nil, map[int64]int{1: 2})
	c.wantSays()
	c.sees(nil, map[int64]int{1: 2})
	c.wantSays("available 100|a")
}

// The owner of a conversation whose customer wrote again may be gone.
func TestOwnerThere(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	back := func(id int64) {
		c.word(conversation.DeskNote{Word: conversation.DeskBack, Thread: "100|a", Session: "s", Agent: conversation.Agent{ID: id}})
	}
	back(1)
	back(2) // does not use presence
	c.wantSays()
	c.command(presence(1, conversation.PresenceAway))
	back(1)
	c.wantSays()
	c.command(presence(1, conversation.PresenceOffline))
	back(1)
	c.wantSays("absent 100|a 1")
}

// One look at a time; another follows when something changed since it began; and every minute one, while somebody waits.
func TestLooks(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.queues("100|a", n1, true)
	c.queues("100|b", n2, true)
	c.wantLook(n1) // the second one waits for it
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, map[int64]int{1: 2})
	c.wantLook(n1, n2)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, map[int64]int{1: 2})
	c.wantLook()
	if diff := cmp.Diff([]string{n1}, c.desk.Queues); diff != "" {
		t.Errorf("an empty queue is looked at again (-want +got):\n%s", diff)
	}
	c.passes(59)
	c.wantLook()
	c.passes(1)
	c.wantLook(n1)
	c.sees(nil, nil)
	c.wantLook()
	if !c.desk.Next.IsZero() || len(c.desk.Queues) != 0 {
		t.Errorf("the desk looks again at %v: %q", c.desk.Next, c.desk.Queues)
	}
	if diff := cmp.Diff([]string{n1, n2}, c.desk.Known); diff != "" {
		t.Errorf("queues heard of (-want +got):\n%s", diff)
	}
	c.decide(conversation.Event{Kind: conversation.EventWake})
	c.wantLook()
}

// A look that can't be taken is taken again, and no queue is forgotten for it.
func TestLookFails(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.queues("100|a", n1, true)
	c.result(conversation.EffectDesk, conversation.Result{Outcome: conversation.Later, NotBefore: at(5)})
	c.wantLook()
	c.passes(5)
	c.wantLook(n1)
	c.result(conversation.EffectDesk, conversation.Result{Outcome: conversation.Failed})
	c.wantReason("not seen")
	c.wantLook()
	c.passes(60)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|a")}, nil)
	c.wantSays("give 100|a 1")
	c.decide(conversation.Event{Kind: conversation.EventResult, Result: &conversation.Result{Effect: "999", Kind: conversation.EffectDesk, Outcome: conversation.Done}})
	c.wantSays()
}

// A queue that was empty when it was looked is not forgotten when somebody came meanwhile.
func TestQueueThatFills(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.online(1, n1)
	c.queues("100|a", n1, true)
	c.queues("100|b", n1, true)
	c.sees(nil, nil)
	c.sees(map[string][]conversation.Waiting{n1: waits("100|b")}, nil)
	if got := c.says(); got[len(got)-1] != "give 100|b 1" {
		t.Errorf("words are %q", got)
	}
}

// What is not for the desk changes nothing there.
func TestNotForTheDesk(t *testing.T) {
	t.Parallel()
	for _, e := range []conversation.Event{
		{Kind: conversation.EventMessage, Message: &conversation.Message{ID: "m"}},
		{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: 1}},
		{Kind: conversation.EventDesk},
		{Kind: conversation.EventCommand},
		{Kind: conversation.EventResult},
		{Kind: conversation.EventDesk, Desk: &conversation.DeskNote{Word: conversation.DeskGive}},
		{Kind: conversation.EventDesk, Desk: &conversation.DeskNote{Word: "later"}},
	} {
		c := openDesk(t)
		c.online(1, n1)
		before := c.desk.Clone()
		c.decide(e)
		if diff := cmp.Diff(before, c.desk); diff != "" {
			t.Errorf("%s (-before +after):\n%s", e.Kind, diff)
		}
	}
}

// A desk with nothing to do has no deadline, and its time brings nothing.
func TestDeskAtRest(t *testing.T) {
	t.Parallel()
	if at := decide.DeskDeadline(conversation.Desk{}); !at.IsZero() {
		t.Errorf("a deadline at %v", at)
	}
	d := decide.DeskDue(conversation.Desk{}, deskLimit, at(0))
	if len(d.State.Outbox.Background)+len(d.Answers)+len(d.Reasons) > 0 {
		t.Errorf("the time brings %+v", d)
	}
}

// Many queues are heard of over the years; the latest are remembered.
func TestKnownQueues(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	for i := range 250 {
		c.queues("100|a", time.Duration(i).String(), false)
		c.says()
	}
	if n := len(c.desk.Known); n != 200 || c.desk.Known[199] != "249ns" || c.desk.Known[0] != "50ns" {
		t.Errorf("%d queues from %q to %q", n, c.desk.Known[0], c.desk.Known[n-1])
	}
}
