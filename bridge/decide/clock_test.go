package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const minute = 60

func (w *world) clock() conversation.Clock { return w.thread.Conversation.Clock }

// told lists what was put on its way to another mailbox, by its kind of word or rule, and takes it away.
func (w *world) told(key string) []string {
	w.t.Helper()
	var all []string
	w.thread.Outbox.Background = slices.DeleteFunc(w.thread.Outbox.Background, func(p conversation.Pending) bool {
		tell := p.Effect.Tell
		if p.Effect.Kind != conversation.EffectTell || tell.Key != key {
			return false
		}
		switch e := tell.Event; {
		case e.Desk != nil:
			all = append(all, strings.TrimSpace(string(e.Desk.Word)+" "+e.Desk.Queue))
		case e.Notice != nil:
			all = append(all, e.Notice.Rule)
		}
		return true
	})
	return all
}

func (w *world) wantTold(key string, want ...string) {
	w.t.Helper()
	if got := w.told(key); !slices.Equal(got, want) {
		w.t.Errorf("%s was told %q, want %q", key, got, want)
	}
}

// silent is a world in which Ana has answered and the customer asked again at second 120.
func silent(t *testing.T, s settings.Silence) *world {
	t.Helper()
	w := attended(t)
	w.set.Silence = s
	w.second = 120
	w.says("e agora?")
	w.writes()
	w.told(conversation.AccountPrefix + "100")
	return w
}

// Whoever writes first waits; thanks after an answer ask for nothing; an answer ends the wait.
func TestWaits(t *testing.T) {
	t.Parallel()
	w := attended(t)
	if k := w.clock(); !k.Waits.IsZero() || !k.Answered.Equal(at(0)) {
		t.Errorf("after the answer: %+v", k)
	}
	w.second = 100
	w.says("obrigado!")
	if k := w.clock(); !k.Waits.IsZero() || !k.Attention {
		t.Errorf("after thanks: %+v", k)
	}
	w.second = 110
	w.says("mas como emito a nota?")
	w.second = 130
	w.says("alô?")
	if k := w.clock(); !k.Waits.Equal(at(110)) {
		t.Errorf("waits since %v, want the first question", k.Waits)
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "assim"})
	if k := w.clock(); !k.Waits.IsZero() || !k.Answered.Equal(at(130)) {
		t.Errorf("after the second answer: %+v", k)
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandResolve, Agent: ana()})
	if w.clock().Attention {
		t.Error("it still needs attention")
	}
}

// A silent agent is told of once, and loses the conversation where settings want that.
func TestSilentAgent(t *testing.T) {
	t.Parallel()
	w := silent(t, settings.Silence{Alert: 15 * time.Minute, Return: 30 * time.Minute})
	w.wantDeadline(at(120 + 15*minute))
	w.passes(120 + 15*minute)
	w.wantReason("agent silent")
	w.wantTold(conversation.AccountPrefix+"100", "agent_silent")
	if k := w.clock(); !k.Alerted || !k.Attention {
		t.Errorf("the clock is %+v", k)
	}
	w.writes()
	w.wantDeadline(at(120 + 30*minute))
	w.passes(120 + 30*minute)
	w.wantState(conversation.StateQueued)
	c := w.thread.Conversation
	if c.Owner != 0 || !c.Clock.First || c.Clock.Returned != 1 || c.Clock.Queued.IsZero() {
		t.Errorf("the conversation is %+v", c)
	}
	if !w.changes().Unassign {
		t.Error("the ticket still has its assignee")
	}
	w.wantTold(conversation.AccountPrefix+"100", "agent_silent")
}

// Nothing of that after an answer, while snoozed, or where nobody has it; the next question begins anew.
func TestAgentIsNotSilent(t *testing.T) {
	t.Parallel()
	set := settings.Silence{Alert: 15 * time.Minute, Return: 30 * time.Minute}
	for name, do := range map[string]func(*world){
		"answered": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "já vejo"})
		},
		"waits for the customer": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		},
		"put off": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(5 * hour)})
		},
		"closed": func(w *world) { w.wantOK(finish()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := silent(t, set)
			do(w)
			w.delivers()
			w.passes(2 * hour)
			w.wantTold(conversation.AccountPrefix + "100")
			if w.clock().Returned != 0 {
				t.Error("it was given back")
			}
		})
	}
	w := silent(t, set)
	w.second = 10 * minute
	w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), To: conversation.Agent{ID: 801, Name: "Bruno"}})
	w.wantDeadline(at(25 * minute)) // Bruno has it only now
}

// A customer who went silent hears one reminder at a time, and one alone after the service was down.
func TestReminders(t *testing.T) {
	t.Parallel()
	reminded := func(t *testing.T) *world {
		t.Helper()
		w := attended(t)
		w.set.Reminders = []time.Duration{30 * time.Minute, time.Hour, 80 * time.Minute}
		w.set.Says.Reminders = [3]string{"Ainda está aí?", "", "Vamos encerrar em breve."}
		return w
	}
	w := reminded(t)
	w.wantDeadline(at(30 * minute))
	w.passes(30 * minute)
	w.wantPhone("Ainda está aí?")
	w.delivers()
	w.passes(60 * minute)
	w.wantPhone("Ainda está aí?")
	w.delivers()
	w.passes(80 * minute)
	w.wantPhone("Vamos encerrar em breve.")
	w.delivers()
	w.passes(10 * hour)
	w.wantPhone()

	w = reminded(t)
	w.passes(5 * hour) // the service was down
	w.wantPhone("Vamos encerrar em breve.")

	for name, do := range map[string]func(*world){
		"the customer answered": func(w *world) { w.second = 100; w.says("estou sim, já vejo") },
		"the window is shut":    func(w *world) { w.thread.WindowShut = true },
		"muted":                 func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandMute, Agent: ana()}) },
		"put off": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(9 * hour)})
		},
		"waits for the customer": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := reminded(t)
			do(w)
			w.passes(2 * hour)
			w.wantPhone()
		})
	}
}

func TestSnooze(t *testing.T) {
	t.Parallel()
	w := attended(t)
	snooze := conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(30 * hour)}
	for name, until := range map[string]time.Time{"the past": at(1), "too far": at(367 * aDay), "no time": {}} {
		c := snooze
		c.Until = until
		w.wantRefused(c, conversation.RefusedTime)
		_ = name
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandResolve, Agent: ana()})
	w.wantOK(snooze)
	w.wantState(conversation.StateActive)
	w.wantDeadline(at(30 * hour)) // it does not expire meanwhile
	if w.thread.Attends() != 0 {
		t.Error("it counts among what the agent attends")
	}
	w.passes(30 * hour)
	w.wantReason("snooze is over")
	if k := w.clock(); !k.Snoozed.IsZero() || !k.Attention {
		t.Errorf("the clock is %+v", k)
	}
	w.wantDeadline(at(54 * hour)) // a day after it came back

	w = attended(t)
	w.wantOK(snooze)
	w.second = 200
	w.says("voltei antes")
	if k := w.clock(); !k.Snoozed.IsZero() {
		t.Error("the customer's words do not wake it")
	}
	w.wantOK(snooze)
	w.wantOK(conversation.Command{Kind: conversation.CommandWake, Agent: ana()})
	if k := w.clock(); !k.Snoozed.IsZero() {
		t.Error("it sleeps on")
	}
	queued(t).wantRefused(snooze, conversation.RefusedTime)
}

// One that waits for the customer is not warned of an end that does not come while it is put off.
func TestSnoozedIsNotWarned(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.wantOK(conversation.Command{Kind: conversation.CommandSnooze, Agent: ana(), Until: at(40 * hour)})
	w.wantDeadline(at(40 * hour))
	w.passes(23*hour + 30*minute)
	if w.proc().Warned {
		t.Error("the customer was warned")
	}
	w.passes(40 * hour)
	w.wantDeadline(at(63 * hour)) // now it ends a day later
	w.wantState(conversation.StatePending)
}

// A conversation's row for reports is kept at its end, and again when something about it changes.
func TestSummaryIsKept(t *testing.T) {
	t.Parallel()
	w := attended(t)
	if w.thread.Outbox.Has(conversation.EffectSummary) {
		t.Fatal("a conversation that goes on is kept already")
	}
	w.wantOK(finish())
	p := w.attempt(conversation.EffectSummary, conversation.Result{Outcome: conversation.Done})
	s := p.Effect.Summary
	if s.State != conversation.StateClosed || s.End != conversation.EndClosed || s.Owner != agent || s.Ticket != ticket || s.Subject != "Nota rejeitada" {
		t.Errorf("the row is %+v", s)
	}
	w.says("obrigado")
	if w.thread.Outbox.Has(conversation.EffectSummary) {
		t.Error("thanks change the row")
	}
	w.second = 10 * hour
	w.says("tenho outra dúvida")
	if w.thread.Outbox.Has(conversation.EffectSummary) {
		t.Error("the next conversation has a row already")
	}
}

func TestDeadlineIsPure(t *testing.T) {
	t.Parallel()
	w := silent(t, settings.Silence{Alert: time.Minute})
	before := w.thread.Clone()
	one, two := decide.Due(w.thread, w.set, at(hour)), decide.Due(w.thread, w.set, at(hour))
	if len(one.Reasons) == 0 || !slices.Equal(one.Reasons, two.Reasons) || w.thread.Conversation.Clock != before.Conversation.Clock {
		t.Errorf("decided %q and %q", one.Reasons, two.Reasons)
	}
}
