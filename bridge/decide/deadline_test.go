package decide_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const aDay = 24 * hour

func TestNothingIsDue(t *testing.T) {
	t.Parallel()
	w := procedural(t)
	w.wantDeadline(time.Time{})
	for name, end := range map[string]conversation.Command{
		"closed":    {Kind: conversation.CommandClose, Agent: ana(), Subject: "s", Catalogue: "c", Reason: "r"},
		"cancelled": {Kind: conversation.CommandCancel, Agent: ana()},
	} {
		w := queued(t)
		w.wantOK(end)
		if due := decide.Deadline(w.thread, w.set); !due.IsZero() {
			t.Errorf("%s: something is due at %v", name, due)
		}
		if d := decide.Due(w.thread, w.set, at(3*aDay)); len(d.Reasons) > 0 {
			t.Errorf("%s: %q", name, d.Reasons)
		}
	}
}

// 24 hours after the customer's last message, or after the beginning, a conversation expires; its ticket stays as it is.
func TestExpiry(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		story func(*world)
		at    int
	}{
		"queued":  {func(*world) {}, aDay},
		"active":  {func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()}) }, aDay},
		"stopped": {func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()}) }, aDay},
		"pending": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		}, aDay},
		"the customer wrote again": {func(w *world) { w.second = 100; w.says("alô?") }, 99 + aDay},
		"an agent writes late": {func(w *world) {
			w.second = 23 * hour
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
		}, aDay},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := queued(t)
			w.set.Ending.Warning = 0
			tt.story(w)
			w.delivers()
			w.second += 60
			w.writes()
			w.wantDeadline(at(tt.at))
			before := w.thread.Conversation.State
			w.passes(tt.at - 1)
			w.wantState(before)
			w.passes(tt.at)
			w.wantState(conversation.StateExpired)
			w.wantOutcome(conversation.EndExpired)
			w.wantDeadline(time.Time{})
			w.wantPhone()
			w.wantLane()
			last := w.transcript[len(w.transcript)-1]
			if last.State != conversation.StateExpired || last.Reason != "Conversa finalizada por tempo de inatividade" {
				t.Errorf("the timeline says %+v", last)
			}
		})
	}
}

// A conversation that the company begins lives for 24 hours from there.
func TestExpiryOfWhatAnAgentBegan(t *testing.T) {
	t.Parallel()
	w := queued(t)
	w.passes(aDay)
	w.second = 3 * aDay
	w.wantOK(conversation.Command{
		Kind: conversation.CommandStart, ID: "start", Agent: ana(), Text: "Olá", Template: &conversation.Template{Name: "oi", Language: "pt_BR"},
	})
	w.passes(3*aDay + 60) // the question who the customer is
	w.wantDeadline(at(4 * aDay))
}

func TestAfterExpiry(t *testing.T) {
	t.Parallel()
	t.Run("the customer goes on in the same ticket", func(t *testing.T) {
		t.Parallel()
		w := queued(t)
		w.passes(aDay)
		w.says("voltei")
		w.wantState(conversation.StateQueued)
		if c := w.thread.Conversation; c.Session != "wa-100-c1-2" || c.Ticket.ID != ticket {
			t.Errorf("the conversation is %+v", c)
		}
	})
	t.Run("the ticket is solved, and gets its transcript", func(t *testing.T) {
		t.Parallel()
		w := queued(t)
		w.set.Transcript.AtEnd = settings.TranscriptPrivate
		w.passes(aDay)
		w.wantLane()
		w.second = 2 * aDay
		w.finds("solved", of(alfaID, groupN1, agent))
		w.wantState(conversation.StateClosed)
		w.wantLane("comment ponte private: ")
		w.wantPhone()
	})
	t.Run("thanks begin a conversation", func(t *testing.T) {
		t.Parallel()
		w := queued(t)
		w.passes(aDay)
		w.says("obrigado")
		if w.thread.Count != 2 {
			t.Errorf("%d conversations", w.thread.Count)
		}
	})
}

// Only who is waited for is warned, once, and again only after they wrote.
func TestWarning(t *testing.T) {
	t.Parallel()
	const text = "Ainda aguardamos a sua resposta."
	w := attended(t)
	w.wantDeadline(at(aDay))
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.wantDeadline(at(23 * hour))
	w.passes(23*hour - 1)
	w.wantPhone()
	w.passes(23 * hour)
	w.wantSaid(text)
	w.wantReason("warned before the end")
	w.wantDeadline(at(aDay))
	w.delivers()
	w.says("estou aqui")
	w.wantState(conversation.StateActive)
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.passes(23*hour - 1 + 23*hour)
	w.wantSaid(text)
	w.delivers()
	w.passes(23*hour - 1 + aDay)
	w.wantState(conversation.StateExpired)
	w.wantPhone()
}

// Who slept through the time for a warning does not warn of what is over.
func TestWarningComesTooLate(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.passes(aDay + 5)
	w.wantState(conversation.StateExpired)
	w.wantPhone()
	if w.proc().Warned {
		t.Error("it was warned")
	}
}

// WhatsApp says that the window is shut already: nothing is said by itself.
func TestNoWarningOutsideTheWindow(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
	w.thread.WindowShut = true
	w.passes(23 * hour)
	w.wantPhone()
	w.wantReason("automatic words left out")
}

// Automatic words that WhatsApp refuses for the window are not kept: they would tell of something long over.
func TestAutomaticWordsAreNotKept(t *testing.T) {
	t.Parallel()
	w := office(t, settings.BotNone)
	w.second = evening
	w.says("oi")
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "amanhã respondo"})
	w.wantSaid(closedText, "amanhã")
	w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeWindow, Reason: "131047"})
	w.wantHeld("window: amanhã respondo")
	if d := w.thread.Deliveries[0]; d.State != conversation.DeliveryFailed {
		t.Errorf("the delivery is %+v", d)
	}
	if len(w.dead) != 0 {
		t.Errorf("dead letters are %+v", w.dead)
	}
	w.second = lateEvening
	w.says("oi?")
	w.wantPhone("amanhã respondo")
}

// Nor are those that wait behind an agent's words which are.
func TestAutomaticWordsBehindKeptOnes(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "resolvido"})
	w.wantOK(finish())
	w.wantSaid("resolvido", "O atendimento foi concluído")
	w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeWindow, Reason: "131047"})
	w.wantHeld("window: resolvido")
}
