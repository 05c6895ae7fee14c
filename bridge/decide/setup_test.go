package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func at(seconds int) time.Time {
	return time.Date(2026, 3, 2, 15, 4, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second)
}

// world is a thread with a clock; the test plays everybody else.
type world struct {
	t      *testing.T
	set    settings.Number
	second int
	thread conversation.Thread

	sayings    int
	transcript []conversation.Entry
	dead       []decide.Dead
	reasons    []string // of the last decision
}

// plain is settings without the support procedure: nobody is identified, no bot, always open, nothing said by itself; every message
// is written on the ticket, and no transcript.
func plain() settings.Number {
	set := settings.Default()
	set.Organizations.Check = false
	set.Attendance = settings.AttendanceTicket
	set.Bot = settings.Bot{Kind: settings.BotNone}
	set.Hours = calendar.Hours{}
	set.Desk = settings.Desk{}
	set.Says = settings.Says{}
	set.Mode, set.Transcript.AtEnd = settings.ModeMirror, settings.TranscriptNone
	return set
}

// waiting is the clock of a conversation that began just now, for people.
func waiting(since time.Time) conversation.Clock {
	return conversation.Clock{Queued: since, Waits: since, Attention: true}
}

func setup(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, set: plain(), thread: conversation.NewThread("100", "c1")}
	w.thread.Registered = true // first sight of a contact has tests of its own
	return w
}

// decide takes one decision, and checks that it is pure.
func (w *world) decide(e conversation.Event) decide.Decision {
	w.t.Helper()
	thread, event := w.thread.Clone(), copyOf(w.t, e)
	d := decide.Thread(w.thread, e, w.set, at(w.second))
	if diff := cmp.Diff(thread, w.thread); diff != "" {
		w.t.Fatalf("%s changes the thread it was given (-before +after):\n%s", e.Kind, diff)
	}
	if diff := cmp.Diff(event, e); diff != "" {
		w.t.Fatalf("%s changes the event it was given (-before +after):\n%s", e.Kind, diff)
	}
	if diff := cmp.Diff(d, decide.Thread(w.thread, e, w.set, at(w.second))); diff != "" {
		w.t.Fatalf("%s decided twice (-first +second):\n%s", e.Kind, diff)
	}
	w.thread, w.reasons = d.Thread, d.Reasons
	w.transcript = append(w.transcript, d.Transcript...)
	w.dead = append(w.dead, d.Dead...)
	return d
}

func copyOf(t *testing.T, e conversation.Event) conversation.Event {
	t.Helper()
	raw, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	c, err := conversation.DecodeEvent(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// says lets the customer write.
func (w *world) says(text string) decide.Decision {
	w.t.Helper()
	w.sayings++
	id := fmt.Sprintf("wamid.%d", w.sayings)
	return w.decide(conversation.Event{
		Kind: conversation.EventMessage, ID: id, At: at(w.second), Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321", UserID: "BR.1"},
		Message: &conversation.Message{ID: id, Type: "text", Text: text, Sent: at(w.second - 1)},
	})
}

func (w *world) hint(h conversation.Hint) decide.Decision {
	w.t.Helper()
	return w.decide(conversation.Event{Kind: conversation.EventHint, At: at(w.second), Hint: &h})
}

func (w *world) status(s conversation.Status) decide.Decision {
	w.t.Helper()
	return w.decide(conversation.Event{Kind: conversation.EventStatus, At: at(w.second), Status: &s})
}

func (w *world) notice(text string) decide.Decision {
	w.t.Helper()
	return w.decide(conversation.Event{Kind: conversation.EventNotice, At: at(w.second), Notice: &conversation.Notice{Rule: "system", Text: text}})
}

// start begins the one effect of the kind that may go now.
func (w *world) start(kind conversation.EffectKind) conversation.Pending {
	w.t.Helper()
	for _, p := range w.thread.Outbox.Ready(at(w.second)) {
		if p.Effect.Kind == kind {
			own := w.thread.Outbox.Find(p.Effect.ID)
			own.Running, own.Frozen = true, true
			return *own
		}
	}
	w.t.Fatalf("no %s is ready at %d s: %+v", kind, w.second, w.thread.Outbox)
	return conversation.Pending{}
}

// attempt carries out the effect of the kind that may go now, with that result.
func (w *world) attempt(kind conversation.EffectKind, r conversation.Result) conversation.Pending {
	w.t.Helper()
	p := w.start(kind)
	w.result(p, r)
	return p
}

func (w *world) result(p conversation.Pending, r conversation.Result) decide.Decision {
	w.t.Helper()
	r.Effect, r.Kind = p.Effect.ID, p.Effect.Kind
	return w.decide(conversation.Event{Kind: conversation.EventResult, At: at(w.second), Result: &r})
}

// The contact's and an agent's users, and the ticket, as the tests know them.
const (
	contactUser = 700
	agent       = 800
	ticket      = 11
)

// opened is a world whose conversation has its ticket.
func opened(t *testing.T) *world {
	t.Helper()
	w := setup(t)
	w.says("oi")
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
	w.attempt(conversation.EffectCreate, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new", Comments: []int64{1}},
	})
	return w
}

// pulls lets Zendesk answer a pull with comments and the ticket's status.
func (w *world) pulls(status string, comments ...conversation.Pull) decide.Decision {
	w.t.Helper()
	w.hint(conversation.Hint{Ticket: w.thread.Conversation.Ticket.ID})
	return w.answer(status, comments...)
}

func (w *world) answer(status string, comments ...conversation.Pull) decide.Decision {
	w.t.Helper()
	p := w.start(conversation.EffectPull)
	return w.result(p, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{
		Comments: comments, Status: status, At: at(w.second), Hint: *p.Effect.Hint,
	}})
}

// reply is an agent's public comment.
func reply(id int64, texts ...string) conversation.Pull {
	return conversation.Pull{ID: id, Author: agent, Staff: true, Public: true, Texts: texts, Created: at(-60)}
}

// lane shows what waits for the ticket: kind, author and words.
func (w *world) lane() []string {
	var all []string
	for _, p := range w.thread.Outbox.Ticket {
		line := string(p.Effect.Kind)
		if c := p.Effect.Comment; c != nil {
			visibility := "private"
			if c.Public {
				visibility = "public"
			}
			line += " " + string(c.Author) + " " + visibility + ": " + strings.ReplaceAll(c.Body(), "\n\n", " | ")
		}
		all = append(all, line)
	}
	return all
}

// phone shows what waits for the customer.
func (w *world) phone() []string {
	var all []string
	for _, p := range w.thread.Outbox.Phone {
		all = append(all, p.Effect.Send.Text)
	}
	return all
}

func (w *world) wantLane(lines ...string) {
	w.t.Helper()
	if diff := cmp.Diff(lines, w.lane()); diff != "" {
		w.t.Errorf("ticket lane (-want +got):\n%s", diff)
	}
}

func (w *world) wantPhone(texts ...string) {
	w.t.Helper()
	if diff := cmp.Diff(texts, w.phone()); diff != "" {
		w.t.Errorf("phone lane (-want +got):\n%s", diff)
	}
}

func (w *world) wantState(s conversation.State) {
	w.t.Helper()
	if got := w.thread.Conversation.State; got != s {
		w.t.Errorf("the conversation is %q, want %q", got, s)
	}
}

func (w *world) wantReason(reason string) {
	w.t.Helper()
	if !slices.Contains(w.reasons, reason) {
		w.t.Errorf("reasons are %q, want %q among them", w.reasons, reason)
	}
}

func (w *world) wantDelivery(s conversation.DeliveryState) {
	w.t.Helper()
	if n := len(w.thread.Deliveries); n == 0 || w.thread.Deliveries[n-1].State != s {
		w.t.Errorf("deliveries are %+v, want the last to be %s", w.thread.Deliveries, s)
	}
}
