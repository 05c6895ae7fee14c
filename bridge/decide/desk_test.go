package decide_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// What the customers' companies are called in the tests of the procedure.
const (
	alfaCNPJ = "11222333000181"
	betaCNPJ = "11444777000161"
	alfaID   = 51
	betaID   = 52
)

// hour is an hour in the tests' seconds.
const hour = 3600

// procedural is a world with the whole procedure of the reference operation, open at any time, without a bot.
func procedural(t *testing.T) *world {
	t.Helper()
	w := setup(t)
	w.set = settings.Default()
	w.set.Hours = calendar.Hours{}
	w.set.Queue, w.set.Silence = settings.Queue{}, settings.Silence{} // what goes by time has tests of its own
	w.set.Says.Waiting, w.set.Says.NoneAvailable = "", ""
	w.set.Mode, w.set.Transcript.AtEnd = settings.ModeMirror, settings.TranscriptNone
	return w
}

// alfa is a company as Zendesk tells of it now.
func (w *world) alfa(p conversation.PendingAnswer) conversation.Organization {
	return conversation.Organization{ID: alfaID, Name: "Alfa", CNPJ: alfaCNPJ, Pending: p, At: at(w.second)}
}

func (w *world) beta(p conversation.PendingAnswer) conversation.Organization {
	return conversation.Organization{ID: betaID, Name: "Beta", CNPJ: betaCNPJ, Pending: p, At: at(w.second)}
}

// identifies lets Zendesk answer the question for the customer's organisation that waits.
func (w *world) identifies(id conversation.Identity) decide.Decision {
	w.t.Helper()
	p := w.start(conversation.EffectIdentify)
	id.Ask = *p.Effect.Ask
	return w.result(p, conversation.Result{Outcome: conversation.Done, Identity: &id})
}

// knows is an answer that the contact is a user with those organisations.
func knows(list ...conversation.Organization) conversation.Identity {
	return conversation.Identity{User: contactUser, Organizations: list}
}

// asks is the question that waits for Zendesk, nil when none does.
func (w *world) asks() *conversation.Identify {
	for _, p := range w.thread.Outbox.Ticket {
		if p.Effect.Kind == conversation.EffectIdentify {
			return p.Effect.Ask
		}
	}
	return nil
}

// numbers lets the conversation be counted.
func (w *world) numbers() decide.Decision {
	w.t.Helper()
	return w.result(w.start(conversation.EffectNumber), conversation.Result{Outcome: conversation.Done, Number: "260302-007"})
}

// creates lets the ticket be made; with no user yet, that first.
func (w *world) creates(f conversation.Facts) {
	w.t.Helper()
	if w.thread.Outbox.Has(conversation.EffectUser) {
		w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
	}
	w.attempt(conversation.EffectCreate, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new", Comments: []int64{1}, Facts: f, UpdatedAt: at(w.second)},
	})
}

// of is facts of a ticket.
func of(organization, group, assignee int64) conversation.Facts {
	return conversation.Facts{Organization: new(organization), Group: new(group), Assignee: new(assignee)}
}

// Groups of the tests.
const (
	groupN1      = 61
	groupN2      = 62
	groupFinance = 63
)

// queued is a world whose customer, of Alfa, waits in the queue, with a ticket.
func queued(t *testing.T) *world {
	t.Helper()
	w := procedural(t)
	w.says("oi")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.creates(of(alfaID, groupN1, 0))
	return w
}

// attended is a world in which Ana has answered.
func attended(t *testing.T) *world {
	t.Helper()
	w := queued(t)
	w.ask(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.second += 60
	w.writes()
	w.delivers()
	return w
}

// writes carries out everything that waits for the ticket and may go; it tells what each write changed.
func (w *world) writes() []conversation.Change {
	w.t.Helper()
	var all []conversation.Change
	for {
		ready := w.thread.Outbox.Ready(at(w.second))
		i := slices.IndexFunc(ready, func(p conversation.Pending) bool {
			return p.Effect.Kind == conversation.EffectComment || p.Effect.Kind == conversation.EffectUpdate
		})
		if i < 0 {
			return all
		}
		all = append(all, w.write(ready[i]))
	}
}

// write carries one write out on a ticket that does as it is told.
func (w *world) write(ready conversation.Pending) conversation.Change {
	w.t.Helper()
	own := w.thread.Outbox.Find(ready.Effect.ID)
	own.Running, own.Frozen = true, true
	var c conversation.Change
	if own.Effect.Change != nil {
		c = *own.Effect.Change
	}
	know := w.thread.Conversation.Ticket
	status, organization, assignee := know.Status, know.Organization, know.Assignee
	if c.Status != "" {
		status = c.Status
	}
	if c.Organization != 0 {
		organization = c.Organization
	}
	if c.Assignee != 0 || c.Unassign {
		assignee = c.Assignee
	}
	f := of(organization, know.Group, assignee)
	f.Status = status
	w.result(*own, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: know.ID, Status: status, Facts: f, UpdatedAt: at(w.second)},
	})
	return c
}

// delivers carries out everything that waits for the customer and may go, and returns it.
func (w *world) delivers() []string {
	w.t.Helper()
	var all []string
	for {
		ready := w.thread.Outbox.Ready(at(w.second))
		i := slices.IndexFunc(ready, func(p conversation.Pending) bool { return p.Effect.Kind == conversation.EffectSend })
		if i < 0 {
			return all
		}
		own := w.thread.Outbox.Find(ready[i].Effect.ID)
		own.Running, own.Frozen = true, true
		all = append(all, own.Effect.Send.Text)
		w.result(*own, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "wamid.out." + own.Effect.ID}})
	}
}

// finds lets Zendesk tell how the ticket is at that time.
func (w *world) finds(status string, f conversation.Facts, comments ...conversation.Pull) decide.Decision {
	w.t.Helper()
	w.hint(conversation.Hint{Ticket: ticket, Status: status, UpdatedAt: at(w.second), Facts: f})
	p := w.start(conversation.EffectPull)
	return w.result(p, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{
		Comments: comments, Status: status, At: at(w.second), Hint: *p.Effect.Hint, Facts: f,
	}})
}

// passes lets time pass until a second, and what it brings happen.
func (w *world) passes(until int) {
	w.t.Helper()
	w.second = until
	for range 10 {
		due := decide.Deadline(w.thread, w.set)
		if due.IsZero() || due.After(at(w.second)) {
			return
		}
		before := w.thread.Clone()
		d := decide.Due(w.thread, w.set, at(w.second))
		if diff := cmp.Diff(before, w.thread); diff != "" {
			w.t.Fatalf("the deadline changes the thread it was given (-before +after):\n%s", diff)
		}
		w.thread, w.reasons = d.Thread, d.Reasons
		w.transcript = append(w.transcript, d.Transcript...)
	}
	w.t.Fatalf("there is always something due: %v", decide.Deadline(w.thread, w.set))
}

// proc is what the procedure knows.
func (w *world) proc() conversation.Procedure { return w.thread.Conversation.Procedure }

// changes is all that waits to be changed on the ticket.
func (w *world) changes() conversation.Change {
	var c conversation.Change
	for _, p := range w.thread.Outbox.Ticket {
		if p.Effect.Change != nil {
			c = c.With(*p.Effect.Change)
		}
	}
	return c
}

// held lists what of the ticket's lane waits for the bot.
func (w *world) heldForBot() int {
	n := 0
	for _, p := range w.thread.Outbox.Ticket {
		if p.Held == conversation.HoldBot {
			n++
		}
	}
	return n
}

func (w *world) wantFlags(flags ...conversation.Flag) {
	w.t.Helper()
	if diff := cmp.Diff(flags, slices.Clip(w.proc().Flags)); diff != "" && len(flags)+len(w.proc().Flags) > 0 {
		w.t.Errorf("flags (-want +got):\n%s", diff)
	}
}

func (w *world) wantOutcome(outcome string) {
	w.t.Helper()
	if got := w.proc().Outcome; got != outcome {
		w.t.Errorf("the outcome is %q, want %q", got, outcome)
	}
}

// wantRefused checks a command's refusal.
func (w *world) wantRefused(c conversation.Command, code string) {
	w.t.Helper()
	before := w.thread.Clone()
	a := w.ask(c)
	if a.OK || a.Code != code || a.Text == "" {
		w.t.Errorf("%s is answered %+v, want it refused with %q", c.Kind, a, code)
	}
	if diff := cmp.Diff(before, w.thread); diff != "" {
		w.t.Errorf("a refused %s changes the thread (-before +after):\n%s", c.Kind, diff)
	}
}

// wantOK checks that a command is obeyed.
func (w *world) wantOK(c conversation.Command) {
	w.t.Helper()
	if a := w.ask(c); !a.OK {
		w.t.Errorf("%s is refused: %+v", c.Kind, a)
	}
}

func (w *world) wantDeadline(want time.Time) {
	w.t.Helper()
	if got := decide.Deadline(w.thread, w.set); !got.Equal(want) {
		w.t.Errorf("the deadline is %v, want %v", got, want)
	}
}
