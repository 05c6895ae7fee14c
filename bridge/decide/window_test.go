package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const day = 24 * 60 * 60

// invite is a template that asks the customer to write again.
func invite() *settings.Invite {
	return &settings.Invite{
		Template: "retomar_conversa", Language: "pt_BR", Values: []string{"{{contato.nome}}"}, Preview: "Olá, {{1}}! Toque para continuar.",
	}
}

// held shows what waits for the customer and by what it is held.
func (w *world) held() []string {
	var all []string
	for _, p := range w.thread.Outbox.Phone {
		if p.Held != conversation.HoldNone {
			all = append(all, string(p.Held)+": "+p.Effect.Send.Text)
		}
	}
	return all
}

func (w *world) wantHeld(lines ...string) {
	w.t.Helper()
	if diff := cmp.Diff(lines, w.held()); diff != "" {
		w.t.Errorf("held (-want +got):\n%s", diff)
	}
}

// sends lets everything go to WhatsApp that may go now, and returns it.
func (w *world) sends() []string {
	w.t.Helper()
	var all []string
	for {
		var next *conversation.Pending
		for _, p := range w.thread.Outbox.Ready(at(w.second)) {
			if p.Effect.Kind == conversation.EffectSend {
				next = &p
			}
		}
		if next == nil {
			return all
		}
		own := w.thread.Outbox.Find(next.Effect.ID)
		own.Running, own.Frozen = true, true
		all = append(all, next.Effect.Send.Text)
		w.result(*next, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "out." + next.Effect.ID}})
	}
}

// TestKeptWords is the whole way of words that are written after the window: kept, invited for, sent in order.
func TestKeptWords(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Window.Invite = invite()
	w.second = day + 60
	w.pulls("open", reply(5, "primeira"))
	w.pulls("open", reply(6, "segunda"))

	w.wantHeld("window: primeira", "window: segunda")
	w.wantDelivery(conversation.DeliveryKept)
	w.wantLane("comment ponte private: A resposta das 12:03 está guardada: Aguardando resposta do cliente para ser entregue via WhatsApp. " +
		"O cliente foi convidado a responder com o modelo: Olá, Ana! Toque para continuar.")
	if got := w.sends(); !slices.Equal(got, []string{"Olá, Ana! Toque para continuar."}) {
		t.Errorf("went out: %q", got)
	}
	if wake := w.thread.Outbox.NextWake(); wake.Before(at(w.second)) && !wake.IsZero() {
		t.Errorf("the outbox wakes at %v for words that wait for the customer", wake)
	}

	w.second += 300
	w.says("Conversar agora")
	w.wantHeld()
	if got := w.sends(); !slices.Equal(got, []string{"primeira", "segunda"}) {
		t.Errorf("went out after the answer: %q", got)
	}
	if got := w.thread.Deliveries; got[0].State != conversation.DeliveryAccepted || got[1].State != conversation.DeliveryAccepted && got[2].State != conversation.DeliveryAccepted {
		t.Errorf("deliveries are %+v", got)
	}
}

func TestKeptWithoutAnInvitation(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day
	w.pulls("open", reply(5, "primeira"))
	w.wantHeld("window: primeira")
	w.wantLane("comment ponte private: A resposta das 12:03 está guardada: Aguardando resposta do cliente para ser entregue via WhatsApp. " +
		w.set.Texts.NotInvited)
}

// TestWindowIsTheMessagesOwnTime wants a message that comes late to open the window only for what is left of it.
func TestWindowIsTheMessagesOwnTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		sent int // when the customer wrote
		now  int
		open bool
	}{
		{"just now", 0, 1, true},
		{"to the margin", 0, day - 61, true},
		{"within the margin", 0, day - 60, false},
		{"after it", 0, day + 1, false},
		{"held up for two days", 0, 2 * day, false},
		{"from the future", day, 10, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.second = tt.now
			w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(tt.now), Message: &conversation.Message{ID: "x", Type: "text", Text: "oi", Sent: at(tt.sent)}})
			if got := w.thread.WindowOpen(at(tt.now), w.set.Window.Margin); got != tt.open {
				t.Errorf("the window is open: %v, want %v", got, tt.open)
			}
			if w.thread.LastInbound.After(at(tt.now)) {
				t.Errorf("the last message is of %v", w.thread.LastInbound)
			}
		})
	}
}

func TestReactionOpensNoWindow(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day + 10
	w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(w.second), Message: &conversation.Message{ID: "r", Type: "reaction", Text: "(reagiu com 👍)", Sent: at(w.second), Re: "wamid.1"}})
	if w.thread.WindowOpen(at(w.second), 0) {
		t.Error("a reaction opened the window")
	}
	if w.thread.Newest != "wamid.1" {
		t.Errorf("the newest message is %q", w.thread.Newest)
	}
}

func TestCallOpensTheWindow(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day
	w.pulls("open", reply(5, "primeira"))
	w.second += 10
	w.decide(conversation.Event{Kind: conversation.EventCall, At: at(w.second), Message: &conversation.Message{ID: "c", Type: "call", Text: "(ligação)", Sent: at(w.second)}})
	w.wantHeld()
	w.wantPhone("primeira")
}

// TestWindowShutByWhatsApp believes error 131047 over our own clock, told at once or as a status.
func TestWindowShutByWhatsApp(t *testing.T) {
	t.Parallel()
	failed := func(w *world, message string) {
		w.status(conversation.Status{MessageID: message, State: conversation.DeliveryFailed, Code: 131047, Reason: "fora da janela"})
	}
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.pulls("open", reply(5, "primeira", "segunda"))
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeWindow, Reason: "131047"})
		w.wantHeld("window: primeira", "window: segunda")
		if len(w.dead) > 0 {
			t.Errorf("dead letters: %+v", w.dead)
		}
		w.second += 20
		w.says("voltei")
		if got := w.sends(); !slices.Equal(got, []string{"primeira", "segunda"}) {
			t.Errorf("went out: %q", got)
		}
	})
	t.Run("as statuses, in any order", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.pulls("open", reply(5, "primeira", "segunda"))
		w.pulls("open", reply(6, "terceira"))
		w.sends()
		third, first, second := w.thread.Deliveries[2].MessageID, w.thread.Deliveries[0].MessageID, w.thread.Deliveries[1].MessageID
		failed(w, third)
		failed(w, first)
		failed(w, first) // repeated
		failed(w, second)
		w.wantHeld("window: primeira", "window: segunda", "window: terceira")
		w.second += 20
		w.says("voltei")
		if got := w.sends(); !slices.Equal(got, []string{"primeira", "segunda", "terceira"}) {
			t.Errorf("went out: %q", got)
		}
		for _, e := range w.thread.Deliveries {
			if e.Entry() == "" || e.State != conversation.DeliveryAccepted {
				t.Errorf("delivery %+v", e)
			}
		}
	})
	t.Run("not after it left WhatsApp", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.pulls("open", reply(5, "primeira"))
		w.sends()
		id := w.thread.Deliveries[0].MessageID
		w.status(conversation.Status{MessageID: id, State: conversation.DeliverySent})
		if w.thread.Deliveries[0].Send != nil {
			t.Error("the words are still kept after they left")
		}
		failed(w, id)
		w.wantHeld()
		w.wantDelivery(conversation.DeliveryFailed)
	})
}

func TestNoSecondInvitation(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Window.Invite = invite()
	w.second = day
	w.pulls("open", reply(5, "primeira"))
	w.sends()
	w.status(conversation.Status{MessageID: w.thread.Deliveries[1].MessageID, State: conversation.DeliveryDelivered})
	w.second += 3600
	w.pulls("open", reply(6, "segunda"))
	if got := w.sends(); len(got) > 0 {
		t.Errorf("went out: %q", got)
	}
	w.second += 10
	w.says("oi")
	w.sends()
	w.second += 2 * day
	w.pulls("open", reply(7, "terceira"))
	if got := w.sends(); len(got) != 1 {
		t.Errorf("the customer was not invited anew: %q", got)
	}
}

// TestFilesWait wants a file's message to wait for its file and to be overtaken by words, and the files of one comment to
// keep their order.
func TestFilesWait(t *testing.T) {
	t.Parallel()
	w := opened(t)
	file := func(n string) *conversation.File {
		return &conversation.File{ID: n, Kind: "document", Name: n + ".pdf", URL: "https://x/" + n}
	}
	w.pulls("open", conversation.Pull{ID: 5, Author: agent, Staff: true, Public: true, Created: at(-60), Parts: []conversation.Part{
		{Text: "segue", File: file("5.0")}, {File: file("5.1")},
	}})
	w.wantHeld("file: segue", "file: ")
	w.pulls("open", reply(6, "depois"))
	if got := w.sends(); len(got) > 0 {
		t.Errorf("went out before the files had a chance: %q", got)
	}
	w.second++
	if got := w.sends(); !slices.Equal(got, []string{"depois"}) {
		t.Errorf("went out while the files were on their way: %q", got)
	}
	asked := w.asked(conversation.PeerWhatsApp)
	if len(asked) != 2 {
		t.Fatalf("asked for %+v", asked)
	}
	w.arrives(asked[1], "media1")
	if got := w.sends(); len(got) > 0 {
		t.Errorf("the second file overtook the first: %q", got)
	}
	w.arrives(asked[0], "media0")
	if got := w.sends(); !slices.Equal(got, []string{"segue", ""}) {
		t.Errorf("went out: %q", got)
	}
}

// asked lists the transfers that wait to be asked for, and lets them go.
func (w *world) asked(to conversation.Peer) []conversation.Transfer {
	w.t.Helper()
	var all []conversation.Transfer
	for _, p := range slices.Clone(w.thread.Outbox.Background) {
		if p.Effect.Kind == conversation.EffectTell && p.Effect.Tell.Event.Ask != nil && p.Effect.Tell.Event.Ask.To == to {
			all = append(all, *p.Effect.Tell.Event.Ask)
			w.result(p, conversation.Result{Outcome: conversation.Done})
		}
	}
	return all
}

// arrives lets a file be at WhatsApp.
func (w *world) arrives(ask conversation.Transfer, media string) {
	w.t.Helper()
	f := ask.File
	f.Media, f.MIME = media, "application/pdf"
	w.decide(conversation.Event{Kind: conversation.EventFile, At: at(w.second), File: &conversation.FileResult{Ask: ask.Ask, To: ask.To, File: f, At: at(w.second)}})
}

func TestRefusedFileLetsItsWordsGo(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", conversation.Pull{ID: 5, Author: agent, Staff: true, Public: true, Created: at(-60), Parts: []conversation.Part{
		{Text: "segue o manual", File: &conversation.File{ID: "5.0", Kind: "document", Name: "x.pdf"}},
	}})
	ask := w.asked(conversation.PeerWhatsApp)[0]
	w.decide(conversation.Event{Kind: conversation.EventFile, At: at(0), File: &conversation.FileResult{Ask: ask.Ask, To: ask.To, File: ask.File, Refusal: "não cabe"}})
	if got := w.sends(); !slices.Equal(got, []string{"segue o manual"}) {
		t.Errorf("went out: %q", got)
	}
	w.wantLane("comment ponte private: A resposta das 12:03 não foi entregue no WhatsApp: não cabe")
}
