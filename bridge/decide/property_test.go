package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// desk is a Zendesk and a phone that may lose their answers, and a thread between them.
type desk struct {
	set    settings.Number
	thread conversation.Thread
	now    time.Time
	nextID int64

	tickets []*deskTicket
	heard   []string          // what reached the phone
	landed  map[string]string // effects whose answer was lost though they happened: comment or message
	said    []string
	replied []string
}

type deskTicket struct {
	id       int64
	status   string
	comments []conversation.Pull
	updated  time.Time
}

func (d *desk) id() int64 {
	d.nextID++
	return d.nextID
}

func (d *desk) decide(t *rapid.T, e conversation.Event) {
	e.At = d.now
	before := d.thread.Clone()
	got := decide.Thread(d.thread, e, d.set, d.now)
	if diff := cmp.Diff(before, d.thread); diff != "" {
		t.Fatalf("%s changes the thread it was given (-before +after):\n%s", e.Kind, diff)
	}
	if len(got.Dead) != 0 {
		t.Fatalf("%s leaves dead effects: %+v", e.Kind, got.Dead)
	}
	d.thread = got.Thread
}

func (d *desk) ticket(id int64) *deskTicket {
	for _, k := range d.tickets {
		if k.id == id {
			return k
		}
	}
	return nil
}

// current is the conversation's ticket, nil before it is known.
func (d *desk) current() *deskTicket {
	if d.thread.Conversation == nil {
		return nil
	}
	return d.ticket(d.thread.Conversation.Ticket.ID)
}

func (d *desk) say(t *rapid.T) {
	text := fmt.Sprintf("m%d", d.id())
	d.said = append(d.said, text)
	d.decide(t, conversation.Event{Kind: conversation.EventMessage, Message: &conversation.Message{ID: text, Type: "text", Text: text, Sent: d.now}})
}

// reply is an agent's; the webhook about it may be lost.
func (d *desk) reply(t *rapid.T) {
	k := d.current()
	if k == nil || k.status == "closed" {
		return
	}
	id := d.id()
	text := fmt.Sprintf("r%d", id)
	d.replied = append(d.replied, text)
	k.comments = append(k.comments, conversation.Pull{ID: id, Author: agent, Staff: true, Public: true, Texts: []string{text}, Created: d.now})
	k.updated = d.now
	d.mayHint(t, k)
}

func (d *desk) setStatus(t *rapid.T) {
	k := d.current()
	if k == nil || k.status == "closed" {
		return
	}
	k.status = rapid.SampledFrom([]string{"open", "pending", "solved", "closed"}).Draw(t, "status")
	if k.status == "closed" && len(k.comments) > 0 && k.comments[len(k.comments)-1].ID > d.thread.Conversation.Ticket.Cursor {
		k.status = "solved" // Zendesk closes long after the last word
	}
	k.updated = d.now
	d.mayHint(t, k)
}

func (d *desk) mayHint(t *rapid.T, k *deskTicket) {
	if rapid.Bool().Draw(t, "hint") {
		d.decide(t, conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: k.id}})
	}
}

func (d *desk) sweep(t *rapid.T) {
	for _, k := range d.tickets {
		d.decide(t, conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: k.id, Status: k.status, UpdatedAt: k.updated, Sweep: true}})
	}
}

func (d *desk) wait(t *rapid.T) {
	d.now = d.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "seconds")) * time.Second)
}

// work carries out what is ready; how it ends is drawn.
func (d *desk) work(t *rapid.T) {
	d.carryOut(t, func() string {
		return rapid.SampledFrom([]string{"done", "done", "done", "later", "lost before", "lost after"}).Draw(t, "outcome")
	})
}

func (d *desk) carryOut(t *rapid.T, draw func() string) {
	for _, p := range d.thread.Outbox.Ready(d.now) {
		own := d.thread.Outbox.Find(p.Effect.ID)
		own.Running, own.Frozen = true, true
		r := d.attempt(p, draw())
		r.Effect, r.Kind = p.Effect.ID, p.Effect.Kind
		d.decide(t, conversation.Event{Kind: conversation.EventResult, Result: &r})
	}
}

func (d *desk) attempt(p conversation.Pending, how string) conversation.Result {
	retry := d.now.Add(5 * time.Second)
	write := p.Effect.Comment != nil || p.Effect.Send != nil
	switch {
	case how == "later" && !p.Unsure, how != "done" && !write:
		return conversation.Result{Outcome: conversation.Later, NotBefore: retry}
	case p.Unsure && d.landed[p.Effect.ID] == "": // looked for and not found
	case p.Unsure:
		return d.found(p)
	}
	if how == "lost before" && !p.Unsure {
		return conversation.Result{Outcome: conversation.Unsure, NotBefore: retry, SentAt: d.now}
	}
	r := d.perform(p)
	if how == "lost after" && r.Outcome == conversation.Done {
		d.landed[p.Effect.ID] = p.Effect.ID
		return conversation.Result{Outcome: conversation.Unsure, NotBefore: retry, SentAt: d.now}
	}
	return r
}

// found is what a look after an uncertain write shows.
func (d *desk) found(p conversation.Pending) conversation.Result {
	if p.Effect.Send != nil {
		return conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "w" + p.Effect.ID}}
	}
	for _, k := range d.tickets {
		for _, c := range k.comments {
			if len(c.Texts) == 1 && c.Texts[0] == p.Effect.Comment.Body() {
				return conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: k.id, Status: k.status, Comments: []int64{c.ID}}}
			}
		}
	}
	return conversation.Result{Outcome: conversation.Failed, Reason: "not found"}
}

func (d *desk) perform(p conversation.Pending) conversation.Result {
	done := conversation.Result{Outcome: conversation.Done}
	switch {
	case p.Effect.Kind.Lane() == conversation.LaneBackground: // nothing that people see
	case p.Effect.Kind == conversation.EffectUser:
		done.User = contactUser
	case p.Effect.Send != nil:
		d.heard = append(d.heard, p.Effect.Send.Text)
		done.Sent = &conversation.Sent{MessageID: "w" + p.Effect.ID}
	case p.Effect.Kind == conversation.EffectPull:
		k := d.ticket(p.Effect.Hint.Ticket)
		done.Pulled = &conversation.Pulled{Comments: slices.Clone(k.comments), Status: k.status, At: d.now, Hint: *p.Effect.Hint}
	case p.Effect.Kind == conversation.EffectCreate:
		k := &deskTicket{id: 1000 + d.id(), status: "new"}
		d.tickets = append(d.tickets, k)
		done.Ticket = d.write(k, *p.Effect.Comment)
	case p.Effect.Kind == conversation.EffectIdentify:
		done.Identity = &conversation.Identity{User: contactUser, Ask: *p.Effect.Ask, Organizations: []conversation.Organization{
			{ID: alfaID, Name: "Alfa", Pending: conversation.PendingNo, At: d.now},
		}}
	case p.Effect.Kind == conversation.EffectUpdate:
		k := d.current()
		if k.status == "closed" {
			return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketClosed}
		}
		k.updated = d.now
		done.Ticket = &conversation.TicketResult{ID: k.id, Status: k.status}
	case p.Effect.Kind == conversation.EffectReopen:
		k := d.current()
		if conversation.Resting(k.status) {
			k.status, k.updated = "open", d.now
		}
		done.Ticket = &conversation.TicketResult{ID: k.id, Status: k.status}
	default:
		k := d.current()
		if k == nil {
			return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone}
		}
		if k.status == "closed" {
			return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketClosed}
		}
		done.Ticket = d.write(k, *p.Effect.Comment)
	}
	return done
}

func (d *desk) write(k *deskTicket, c conversation.Comment) *conversation.TicketResult {
	comment := conversation.Pull{ID: d.id(), Author: contactUser, Public: c.Public, Texts: []string{c.Body()}, Created: d.now}
	k.comments = append(k.comments, comment)
	k.updated = d.now
	if c.Author == conversation.AuthorCustomer && (k.status == "pending" || k.status == "solved") {
		k.status = "open"
	}
	return &conversation.TicketResult{ID: k.id, Status: k.status, Comments: []int64{comment.ID}}
}

// written lists the customer's messages on all tickets, in their order.
func (d *desk) written() []string {
	var all []string
	for _, k := range d.tickets {
		for _, c := range k.comments {
			for _, text := range c.Texts {
				all = append(all, slices.DeleteFunc(strings.Split(text, "\n\n"), func(s string) bool { return !strings.HasPrefix(s, "m") })...)
			}
		}
	}
	return all
}

func (d *desk) check(t *rapid.T) {
	creations := slices.DeleteFunc(slices.Clone(d.thread.Outbox.Ticket), func(p conversation.Pending) bool {
		return p.Effect.Kind != conversation.EffectCreate
	})
	if len(creations) > 1 || len(creations) == 1 && d.thread.Conversation.Ticket.ID != 0 {
		t.Fatalf("%d tickets are being created, ticket %d is known", len(creations), d.thread.Conversation.Ticket.ID)
	}
}

// settle lets time pass without faults, until nothing is left to do.
func (d *desk) settle(t *rapid.T) {
	for range 200 {
		if wake := d.thread.Outbox.NextWake(); wake.After(d.now) {
			d.now = wake
		}
		d.carryOut(t, func() string { return "done" })
		d.check(t)
		if d.thread.Outbox.Empty() {
			return
		}
	}
	t.Fatalf("there is always something to do: %+v", d.thread.Outbox)
}

// Whatever is lost on the way: each of the customer's messages is on a ticket once, in order, and each of the agents' replies
// reaches the phone once.
func TestEveryWordArrivesOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{set: plain(), thread: conversation.NewThread("100", "c1"), now: at(0), landed: map[string]string{}}
		d.set.Organizations.Check = rapid.Bool().Draw(t, "check")
		d.set.Ending.AfterSolved = rapid.SampledFrom([]settings.AfterSolved{settings.AfterReopen, settings.AfterNew}).Draw(t, "after solved")
		t.Repeat(map[string]func(*rapid.T){
			"say": d.say, "reply": d.reply, "status": d.setStatus, "sweep": d.sweep, "wait": d.wait, "work": d.work, "": d.check,
		})
		d.settle(t)
		d.now = d.now.Add(time.Minute)
		d.sweep(t)
		d.settle(t)
		if diff := cmp.Diff(d.said, d.written()); diff != "" {
			t.Errorf("on the tickets (-said +written):\n%s", diff)
		}
		if d.set.Ending.AfterSolved == settings.AfterNew { // what nobody has read yet on a ticket that is left behind goes nowhere
			d.replied = slices.DeleteFunc(d.replied, func(r string) bool { return !slices.Contains(d.heard, r) })
		}
		if diff := cmp.Diff(d.replied, d.heard); diff != "" && len(d.replied)+len(d.heard) > 0 {
			t.Errorf("on the phone (-replied +heard):\n%s", diff)
		}
		if k := d.current(); k != nil && (k.status == "solved" || k.status == "closed") == d.thread.Open() {
			t.Errorf("the ticket is %s and the conversation %s", k.status, d.thread.Conversation.State)
		}
	})
}
