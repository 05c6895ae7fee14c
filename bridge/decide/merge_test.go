package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

// pair is two threads of one person, with the events that they send each other.
type pair struct {
	t       *testing.T
	threads map[string]conversation.Thread
	now     time.Time
	seen    map[string]bool
	account []conversation.Event
	adopted []string
}

func newPair(t *testing.T, first, second conversation.Thread) *pair {
	t.Helper()
	return &pair{t: t, now: at(0), seen: map[string]bool{}, threads: map[string]conversation.Thread{first.Key(): first, second.Key(): second}}
}

// open is a thread in which a conversation goes on, or has ended.
func thread(contact string, state conversation.State) conversation.Thread {
	t := conversation.NewThread("100", contact)
	t.Registered, t.Count, t.Contact.Zendesk, t.Contact.WaID = true, 1, 700, "5511987654321"
	t.LastInbound = at(-60)
	t.Conversation = &conversation.Conversation{Session: conversation.SessionID("100", contact, 1), State: state, Started: at(-60), Ticket: conversation.Ticket{ID: 11, Status: "open"}}
	return t
}

// send delivers an event, each id once, and carries out what it brings until nothing is left.
func (p *pair) send(key string, e conversation.Event) {
	p.t.Helper()
	if e.ID != "" && p.seen[key+e.ID] {
		return
	}
	p.seen[key+e.ID] = true
	if strings.HasPrefix(key, conversation.AccountPrefix) {
		p.account = append(p.account, e)
		return
	}
	t, ok := p.threads[key]
	if !ok {
		p.t.Fatalf("event for %s", key)
	}
	p.threads[key] = decide.Thread(t, e, plain(), p.now).Thread
	p.work(key)
}

func (p *pair) work(key string) {
	for range 20 {
		t := p.threads[key]
		ready := t.Outbox.Ready(p.now.Add(time.Hour))
		if len(ready) == 0 {
			return
		}
		next := ready[0]
		r := conversation.Result{Outcome: conversation.Done, Effect: next.Effect.ID, Kind: next.Effect.Kind}
		switch {
		case next.Effect.Tell != nil:
			p.send(next.Effect.Tell.Key, next.Effect.Tell.Event)
		case next.Effect.Kind == conversation.EffectAdopt:
			p.adopted = append(p.adopted, next.Effect.From)
		case next.Effect.Comment != nil:
			r.Ticket = &conversation.TicketResult{ID: 11, Status: "open"}
		}
		p.threads[key] = decide.Thread(p.threads[key], conversation.Event{Kind: conversation.EventResult, At: p.now, Result: &r}, plain(), p.now).Thread
	}
	p.t.Fatalf("%s always has something to do", key)
}

func merge(with string) conversation.Event {
	return conversation.Event{Kind: conversation.EventMerge, ID: "mg:" + with, At: at(0), Merge: &conversation.Merge{With: with}}
}

func message(id, text string) conversation.Event {
	return conversation.Event{Kind: conversation.EventMessage, ID: "m:" + id, At: at(0), Message: &conversation.Message{ID: id, Type: "text", Text: text, Sent: at(0)}}
}

// TestMerge is which of two threads moves: the one of the weaker ids, "phone", hears of it first.
func TestMerge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		phone, bsuid conversation.State
		moved        string
		conflict     bool
	}{
		{"nothing goes on", conversation.StateClosed, conversation.StateClosed, "100|phone", false},
		{"a conversation with the stronger ids", conversation.StateClosed, conversation.StateActive, "100|phone", false},
		{"a conversation with the weaker ids", conversation.StateActive, conversation.StateClosed, "100|bsuid", false},
		{"both", conversation.StateActive, conversation.StateQueued, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, thread("phone", tt.phone), thread("bsuid", tt.bsuid))
			p.send("100|phone", merge("bsuid"))
			for key, other := range map[string]string{"100|phone": "100|bsuid", "100|bsuid": "100|phone"} {
				want := ""
				if key == tt.moved {
					want = other
				}
				if got := decide.MovedTo(p.threads[key]); got != want {
					t.Errorf("%s moved to %q, want %q", key, got, want)
				}
			}
			if got := len(p.account) > 0; got != tt.conflict {
				t.Errorf("the supervisor is told %+v", p.account)
			}
			if tt.moved == "" {
				return
			}
			contact := strings.TrimPrefix(tt.moved, "100|")
			if diff := cmp.Diff([]string{contact}, p.adopted); diff != "" {
				t.Errorf("adopted (-want +got):\n%s", diff)
			}
			stays := p.threads[map[string]string{"100|phone": "100|bsuid", "100|bsuid": "100|phone"}[tt.moved]]
			if want := []conversation.Earlier{{Contact: contact, Count: 1}}; !slices.Equal(stays.Absorbed, want) {
				t.Errorf("absorbed %+v", stays.Absorbed)
			}
			if gone := p.threads[tt.moved]; gone.Contact.WaID != "" || gone.Conversation != nil {
				t.Errorf("what moved still holds %+v", gone)
			}
		})
	}
}

// TestMergeAfterTheConflict lets two contacts become one when one of their conversations has ended.
func TestMergeAfterTheConflict(t *testing.T) {
	t.Parallel()
	p := newPair(t, thread("phone", conversation.StateActive), thread("bsuid", conversation.StateQueued))
	p.send("100|phone", merge("bsuid"))
	own := p.threads["100|phone"]
	own.Outbox = conversation.Outbox{}
	own.Conversation.State = conversation.StateClosed
	p.threads["100|phone"] = own
	p.send("100|phone", conversation.Event{Kind: conversation.EventWake})
	if got := decide.MovedTo(p.threads["100|phone"]); got != "100|bsuid" {
		t.Errorf("moved to %q", got)
	}
}

// TestForwarded wants everything that comes for a thread that moved to reach the other, in order and once.
func TestForwarded(t *testing.T) {
	t.Parallel()
	p := newPair(t, thread("phone", conversation.StateClosed), thread("bsuid", conversation.StateActive))
	before := thread("phone", conversation.StateClosed)
	d := decide.Thread(before, merge("bsuid"), plain(), at(0))
	d = decide.Thread(d.Thread, message("1", "um"), plain(), at(0))
	d = decide.Thread(d.Thread, message("2", "dois"), plain(), at(0))
	if decide.MovedTo(d.Thread) != "" {
		t.Error("it moved before everything was forwarded")
	}
	p.threads["100|phone"] = d.Thread
	p.work("100|phone")
	p.send("100|bsuid", message("1", "um")) // delivered again
	if got := decide.MovedTo(p.threads["100|phone"]); got != "100|bsuid" {
		t.Errorf("moved to %q", got)
	}
	if got := p.threads["100|bsuid"]; got.Newest != "2" {
		t.Errorf("the newest message is %q", got.Newest)
	}
}

// TestStatusOfAMovedThread wants a status to find the message of the thread that sent it, not another's with the same effect id.
func TestStatusOfAMovedThread(t *testing.T) {
	t.Parallel()
	loser := thread("phone", conversation.StateClosed)
	loser.Follow(conversation.Delivery{Effect: "7", MessageID: "wamid.old", State: conversation.DeliveryAccepted})
	winner := thread("bsuid", conversation.StateActive)
	winner.Follow(conversation.Delivery{Effect: "7", MessageID: "wamid.own", State: conversation.DeliveryAccepted})
	p := newPair(t, loser, winner)
	p.send("100|phone", merge("bsuid"))
	p.send("100|bsuid", conversation.Event{Kind: conversation.EventStatus, Status: &conversation.Status{
		MessageID: "wamid.old", Effect: "7", Contact: "phone", State: conversation.DeliveryRead,
	}})
	states := map[string]conversation.DeliveryState{}
	for _, d := range p.threads["100|bsuid"].Deliveries {
		states[d.MessageID] = d.State
	}
	want := map[string]conversation.DeliveryState{"wamid.old": conversation.DeliveryRead, "wamid.own": conversation.DeliveryAccepted}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	w := opened(t)
	gone := func(phone string) {
		w.decide(conversation.Event{Kind: conversation.EventGone, At: at(0), Contact: &conversation.Contact{WaID: phone}})
	}
	gone("5521911112222")
	if w.thread.Contact.WaID == "" {
		t.Error("another phone took the contact's away")
	}
	gone("551187654321") // the same mobile in its old form
	if got := w.thread.Contact; got.WaID != "" || got.UserID != "BR.1" {
		t.Errorf("contact is %+v", got)
	}
	w.wantLane("comment ponte private: " + w.set.Texts.PhoneLost)
}

func TestErase(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", reply(5, "segredo"))
	d := w.decide(conversation.Event{Kind: conversation.EventErase, At: at(0), Erase: &conversation.Erase{Request: "r1"}})
	left := d.Thread.Clone()
	left.Outbox = conversation.Outbox{} // what is to be forgotten elsewhere stands there until it is
	raw, err := conversation.Event{Absorb: &conversation.Absorb{Thread: left}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Ana", "5511987654321", "segredo", "wamid"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%q is still there", secret)
		}
	}
	var erased *conversation.Effect
	for _, p := range d.Thread.Outbox.Background {
		if p.Effect.Kind == conversation.EffectErase {
			erased = &p.Effect
		}
	}
	if erased == nil || erased.From != "BR.1" || erased.Phone != "5511987654321" || !slices.Equal(erased.Lists, []string{"wa-100-c1-1"}) {
		t.Errorf("effect is %+v", erased)
	}
	w.says("voltei")
	if w.thread.Erasing || w.thread.Conversation.Session != "wa-100-c1-2" {
		t.Errorf("thread is %+v", w.thread)
	}
}
