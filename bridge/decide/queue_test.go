package decide_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// waitsIn is a world in which a customer waits for people, on a number that says so.
func waitsIn(t *testing.T, automatic bool) *world {
	t.Helper()
	w := procedural(t)
	w.set.Queue = settings.Queue{Automatic: automatic, Every: 10 * time.Minute}
	w.set.Says.Waiting, w.set.Says.NoneAvailable = "Você está na fila.", "Ninguém disponível agora."
	w.says("oi")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.creates(of(alfaID, groupN1, 0))
	w.delivers()
	return w
}

// word lets the desk say something.
func (w *world) word(word conversation.DeskWord) {
	w.t.Helper()
	now := w.thread.Conversation
	n := conversation.DeskNote{Word: word, Session: now.Session, Queue: now.Procedure.Queue, Gift: "g1", Agent: ana(), At: at(w.second)}
	w.decide(conversation.Event{Kind: conversation.EventDesk, At: at(w.second), Desk: &n})
}

func TestQueueTellsTheDesk(t *testing.T) {
	t.Parallel()
	w := waitsIn(t, true)
	w.wantTold(conversation.DeskKey, "queued Suporte N1")
	if k := w.clock(); !k.Queued.Equal(at(0)) || !k.Told.Equal(at(0)) {
		t.Errorf("the clock is %+v", k)
	}
	w.word(conversation.DeskGive)
	w.wantTold(conversation.DeskKey, "accepted")
	w.wantState(conversation.StateActive)
	if c := w.thread.Conversation; c.Owner != agent || !c.Clock.Had.Equal(at(0)) || !c.Clock.Queued.IsZero() {
		t.Errorf("the conversation is %+v", c)
	}
	if w.changes().Assignee != agent {
		t.Error("the ticket is nobody's")
	}
	w.word(conversation.DeskGive)
	w.wantTold(conversation.DeskKey, "declined")
	w.wantOK(finish())
	w.wantTold(conversation.DeskKey, "freed")
}

// Another queue is another wait; the agent who had it has room again.
func TestTransferTellsTheDesk(t *testing.T) {
	t.Parallel()
	w := waitsIn(t, true)
	w.word(conversation.DeskGive)
	w.told(conversation.DeskKey)
	w.second = 60
	w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), Group: "Financeiro"})
	w.wantTold(conversation.DeskKey, "queued Financeiro", "freed")
	if k := w.clock(); !k.Queued.Equal(at(60)) {
		t.Errorf("the clock is %+v", k)
	}
}

// The customer hears where they stand, on arrival and every so often.
func TestWaitingMessages(t *testing.T) {
	t.Parallel()
	w := waitsIn(t, false)
	w.told(conversation.DeskKey)
	w.word(conversation.DeskAvailable)
	w.wantPhone("Você está na fila.")
	w.delivers()
	w.wantDeadline(at(10 * minute))
	w.passes(10 * minute)
	w.wantTold(conversation.DeskKey, "queued Suporte N1")
	w.word(conversation.DeskNobody)
	w.wantPhone("Ninguém disponível agora.")
	w.delivers()
	w.passes(5 * hour) // the service was down: one look, one word
	w.wantTold(conversation.DeskKey, "queued Suporte N1")
	w.word(conversation.DeskAvailable)
	w.wantPhone("Você está na fila.")
	w.delivers()
	w.wantDeadline(at(5*hour + 10*minute))
	w.wantState(conversation.StateQueued)
}

func TestNoWaitingMessage(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*world){
		"somebody has it": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
			w.delivers()
		},
		"the answer is late":    func(w *world) { w.second = 3 * minute },
		"muted":                 func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandMute, Agent: ana()}) },
		"the window is shut":    func(w *world) { w.thread.WindowShut = true },
		"it has ended":          func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()}) },
		"the bot has said so":   func(w *world) { w.thread.Conversation.Procedure.Derived = at(0) },
		"closed at that hour":   func(w *world) { w.set.Hours = never(); w.second = 1 },
		"there is no such text": func(w *world) { w.set.Says.Waiting = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := waitsIn(t, false)
			do(w)
			w.word(conversation.DeskAvailable)
			w.wantPhone()
		})
	}
}

// never is hours that are over at the time of the tests.
func never() calendar.Hours {
	var h calendar.Hours
	h.Week[time.Sunday] = []calendar.Interval{{From: 0, To: 3600}}
	return h
}

// Overnight nobody is told that they wait.
func TestWaitingMessagesWithinHours(t *testing.T) {
	t.Parallel()
	w := waitsIn(t, false)
	w.set.Hours = settings.Default().Hours // until 18:01 in São Paulo, 21:01 UTC
	w.second = 5*hour + 55*minute          // 20:59 UTC
	w.passes(5*hour + 55*minute)
	morning := time.Date(2026, 3, 3, 11, 0, 0, 0, time.UTC)
	w.wantDeadline(morning)
}

// Where nothing is said and nothing handed out the desk hears nothing.
func TestQuietQueue(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.wantTold(conversation.DeskKey)
	if k := w.clock(); !k.Told.IsZero() || k.Queued.IsZero() {
		t.Errorf("the clock is %+v", k)
	}
	w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
	w.wantOK(finish())
	w.wantTold(conversation.DeskKey)
}

// The customer of a conversation that waited goes to its owner; where that one is not there, to the queue before others.
func TestOwnerOffline(t *testing.T) {
	t.Parallel()
	pending := func(t *testing.T) *world {
		t.Helper()
		w := waitsIn(t, false)
		w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
		w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		w.delivers()
		w.told(conversation.DeskKey)
		w.second = 100
		w.says("segue o arquivo")
		w.wantTold(conversation.DeskKey, "back")
		w.wantState(conversation.StateActive)
		return w
	}
	w := pending(t)
	w.word(conversation.DeskAbsent)
	w.wantState(conversation.StateQueued)
	if c := w.thread.Conversation; c.Owner != 0 || !c.Clock.First || !w.changes().Unassign {
		t.Errorf("the conversation is %+v", c)
	}
	w = pending(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "recebi"})
	w.word(conversation.DeskAbsent)
	w.wantState(conversation.StateActive)
}

// A thread that knows nothing declines what it is given.
func TestGiftForNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	n := conversation.DeskNote{Word: conversation.DeskGive, Gift: "g1", Agent: ana()}
	w.decide(conversation.Event{Kind: conversation.EventDesk, At: at(0), Desk: &n})
	w.wantTold(conversation.DeskKey, "declined")
	n.Word = conversation.DeskNobody
	w.decide(conversation.Event{Kind: conversation.EventDesk, At: at(0), Desk: &n})
	w.wantPhone()
}

// Of a contact to whom nothing is said by itself, the bot says nothing either: people have it at once.
func TestMuted(t *testing.T) {
	t.Parallel()
	w := robotic(t)
	w.thread.Muted = true
	w.says("oi")
	w.wantState(conversation.StateQueued)
	w.numbers()
	w.wantPhone()
	w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.wantPhone("olá")
	w.wantOK(conversation.Command{Kind: conversation.CommandUnmute, Agent: ana()})
	w.delivers()
	w.wantOK(finish())
	w.wantSaid("O atendimento foi concluído")
}
