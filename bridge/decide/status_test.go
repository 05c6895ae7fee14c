package decide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// replied is a world in which an agent's reply waits to be sent.
func replied(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	w.pulls("open", reply(5, "olá"))
	return w
}

// accepted lets WhatsApp take the reply.
func accepted(t *testing.T, parked ...conversation.Status) *world {
	t.Helper()
	w := replied(t)
	w.attempt(conversation.EffectSend, conversation.Result{
		Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "wamid.out", WaID: "551187654321", Parked: parked},
	})
	return w
}

func TestSend(t *testing.T) {
	t.Parallel()
	w := accepted(t)
	w.wantPhone()
	w.wantDelivery(conversation.DeliveryAccepted)
	if got := w.thread.Contact.WaID; got != "551187654321" {
		t.Errorf("the customer is written to at %q, want where WhatsApp says", got)
	}
	if got := w.thread.Deliveries[0].MessageID; got != "wamid.out" {
		t.Errorf("the message's id is %q", got)
	}
	w.wantLane()
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	const failed = conversation.DeliveryFailed
	tests := []struct {
		name   string
		states []conversation.DeliveryState
		want   conversation.DeliveryState
		notes  int
		told   int // entries of the transcript
	}{
		{"in order", []conversation.DeliveryState{"sent", "delivered", "read"}, conversation.DeliveryRead, 0, 3},
		{"out of order", []conversation.DeliveryState{"read", "delivered", "sent"}, conversation.DeliveryRead, 0, 1},
		{"twice", []conversation.DeliveryState{"sent", "sent"}, conversation.DeliverySent, 0, 1},
		{"unknown", []conversation.DeliveryState{"deleted"}, conversation.DeliveryAccepted, 0, 0},
		{"failed", []conversation.DeliveryState{failed}, failed, 1, 1},
		{"failed twice", []conversation.DeliveryState{"sent", failed, failed}, failed, 1, 2},
		{"failed, then sent", []conversation.DeliveryState{failed, "sent"}, failed, 1, 1},
		{"failed after delivery", []conversation.DeliveryState{"delivered", failed}, conversation.DeliveryDelivered, 0, 1},
		{"failed and yet delivered", []conversation.DeliveryState{failed, "delivered"}, conversation.DeliveryDelivered, 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := accepted(t)
			before := len(w.transcript)
			for _, s := range tt.states {
				w.status(conversation.Status{MessageID: "wamid.out", State: s, At: at(5), Reason: "número sem WhatsApp"})
			}
			w.wantDelivery(tt.want)
			if got := len(w.transcript) - before; got != tt.told {
				t.Errorf("the transcript gains %d entries, want %d", got, tt.told)
			}
			if tt.notes == 0 {
				w.wantLane()
			} else {
				w.wantLane("comment ponte private: A resposta das 12:03 não foi entregue no WhatsApp: número sem WhatsApp")
			}
		})
	}
}

func TestStatusOfAnUnknownMessage(t *testing.T) {
	t.Parallel()
	w := accepted(t)
	before := w.thread.Clone()
	w.status(conversation.Status{MessageID: "wamid.other", Effect: "99", State: conversation.DeliveryFailed})
	w.wantReason("status of an unknown message")
	if diff := cmp.Diff(before, w.thread); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
}

func TestStatusBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := replied(t)
	p := w.start(conversation.EffectSend)
	w.status(conversation.Status{MessageID: "wamid.out", Effect: p.Effect.ID, State: conversation.DeliveryDelivered})
	w.wantPhone("olá") // the answer is on its way
	w.result(p, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "wamid.out"}})
	w.wantDelivery(conversation.DeliveryDelivered)
	w.wantPhone()
	if got := w.thread.Contact.WaID; got != "5511987654321" {
		t.Errorf("an answer without number changes the customer's to %q", got)
	}
}

func TestParkedStatuses(t *testing.T) {
	t.Parallel()
	w := accepted(
		t, conversation.Status{MessageID: "wamid.out", State: conversation.DeliveryFailed, Reason: "número sem WhatsApp"},
		conversation.Status{MessageID: "wamid.out", State: conversation.DeliverySent},
	)
	w.wantDelivery(conversation.DeliveryFailed)
	w.wantLane("comment ponte private: A resposta das 12:03 não foi entregue no WhatsApp: número sem WhatsApp")
}

// lost is a world in which the answer to a send never came.
func lost(t *testing.T) (*world, conversation.Pending) {
	t.Helper()
	w := replied(t)
	p := w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Unsure, SentAt: at(0), NotBefore: at(20)})
	w.wantPhone("olá")
	w.wantReason("send unsure")
	return w, p
}

func TestUnsureSendIsConfirmedByStatus(t *testing.T) {
	t.Parallel()
	w, p := lost(t)
	w.status(conversation.Status{MessageID: "wamid.out", Effect: p.Effect.ID, State: conversation.DeliverySent})
	w.wantReason("confirmed by status")
	w.wantPhone()
	w.wantDelivery(conversation.DeliverySent)
	w.wantLane()
	if got := w.thread.Deliveries[0]; got.MessageID != "wamid.out" || got.Repeated {
		t.Errorf("delivery is %+v", got)
	}
}

func TestStatusTakesNothingThatHasNotGone(t *testing.T) {
	t.Parallel()
	w := replied(t)
	p := w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Later, NotBefore: at(20)})
	w.status(conversation.Status{MessageID: "wamid.out", Effect: p.Effect.ID, State: conversation.DeliverySent})
	w.wantPhone("olá")
}

func TestStatusOvertakesTheLostAnswer(t *testing.T) {
	t.Parallel()
	w := replied(t)
	p := w.start(conversation.EffectSend)
	w.status(conversation.Status{MessageID: "wamid.out", Effect: p.Effect.ID, State: conversation.DeliverySent})
	w.result(p, conversation.Result{Outcome: conversation.Unsure, SentAt: at(0), NotBefore: at(20)})
	w.wantPhone()
	w.wantDelivery(conversation.DeliverySent)
}

func TestStatusDuringTheRepeatSettlesNothing(t *testing.T) {
	t.Parallel()
	w, _ := lost(t)
	w.second = 20
	p := w.start(conversation.EffectSend)
	w.status(conversation.Status{MessageID: "wamid.first", Effect: p.Effect.ID, State: conversation.DeliverySent})
	w.wantPhone("olá")
	w.result(p, conversation.Result{Outcome: conversation.Done, Repeated: true, Sent: &conversation.Sent{MessageID: "wamid.second"}})
	w.wantPhone()
	w.wantRepeated()
}

func (w *world) wantRepeated() {
	w.t.Helper()
	w.wantReason("repeated after an uncertain outcome")
	w.wantLane("comment ponte private: A resposta das 12:03 foi enviada outra vez, porque o WhatsApp não confirmou a primeira; " +
		"o cliente pode tê-la recebido em dobro.")
	if !w.thread.Deliveries[0].Repeated {
		w.t.Error("the delivery is not marked as repeated")
	}
}

func TestRepeatedSendIsMarked(t *testing.T) {
	t.Parallel()
	t.Run("and answered", func(t *testing.T) {
		t.Parallel()
		w, _ := lost(t)
		w.second = 20
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Done, Repeated: true, Sent: &conversation.Sent{MessageID: "wamid.2"}})
		w.wantRepeated()
		w.wantDelivery(conversation.DeliveryAccepted)
	})
	t.Run("and answered after a refusal", func(t *testing.T) {
		t.Parallel()
		w, _ := lost(t)
		w.second = 20
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Later, Repeated: true, NotBefore: at(30)})
		w.second = 30
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "wamid.2"}})
		w.wantRepeated()
	})
	t.Run("and confirmed by status", func(t *testing.T) {
		t.Parallel()
		w, p := lost(t)
		w.second = 20
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Unsure, Repeated: true, SentAt: at(20), NotBefore: at(40)})
		w.status(conversation.Status{MessageID: "wamid.2", Effect: p.Effect.ID, State: conversation.DeliveryDelivered})
		w.wantPhone()
		w.wantRepeated()
	})
	t.Run("and confirmed before its lost answer", func(t *testing.T) {
		t.Parallel()
		w, _ := lost(t)
		w.second = 20
		p := w.start(conversation.EffectSend)
		w.status(conversation.Status{MessageID: "wamid.2", Effect: p.Effect.ID, State: conversation.DeliveryDelivered})
		w.result(p, conversation.Result{Outcome: conversation.Unsure, Repeated: true, SentAt: at(20), NotBefore: at(40)})
		w.wantPhone()
		w.wantRepeated()
	})
}

func TestSendNeverConfirmed(t *testing.T) {
	t.Parallel()
	w, _ := lost(t)
	w.second = 20
	w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeNoAnswer, Reason: "never confirmed"})
	w.wantPhone()
	w.wantLane("comment ponte private: O WhatsApp não confirmou a resposta das 12:03. Verifique com o cliente se ela chegou antes de escrevê-la de novo.")
	w.wantDelivery(conversation.DeliveryQueued)
	if len(w.dead) != 1 || w.dead[0].Reason != "never confirmed" || w.dead[0].Effect.Send.Text != "olá" {
		t.Errorf("dead letters are %+v", w.dead)
	}
}

func TestStatusOvertakesGivingUp(t *testing.T) {
	t.Parallel()
	w, _ := lost(t)
	w.second = 20
	p := w.start(conversation.EffectSend)
	w.status(conversation.Status{MessageID: "wamid.out", Effect: p.Effect.ID, State: conversation.DeliveryRead})
	w.result(p, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeNoAnswer})
	w.wantPhone()
	w.wantLane()
	w.wantDelivery(conversation.DeliveryRead)
	if len(w.dead) != 0 {
		t.Errorf("dead letters are %+v", w.dead)
	}
}

func TestSendRefused(t *testing.T) {
	t.Parallel()
	w := replied(t)
	p := w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Reason: "131047", Advice: "a janela de 24 horas fechou"})
	w.wantReason("send failed")
	w.wantReason("not delivered")
	w.wantLane("comment ponte private: A resposta das 12:03 não foi entregue no WhatsApp: a janela de 24 horas fechou")
	w.wantDelivery(conversation.DeliveryFailed)
	if len(w.dead) != 1 || w.dead[0].Reason != "131047" {
		t.Errorf("dead letters are %+v", w.dead)
	}
	w.status(conversation.Status{Effect: p.Effect.ID, MessageID: "wamid.out", State: conversation.DeliveryFailed, Reason: "de novo"})
	if n := len(w.lane()); n != 1 {
		t.Errorf("%d notes about one failure", n)
	}
}

func TestAutomaticSendIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, outcome := range []conversation.Outcome{conversation.Done, conversation.Failed} {
		w := opened(t)
		w.thread.Outbox.Add(conversation.Effect{
			ID: w.thread.EffectID(), Kind: conversation.EffectSend, Send: &conversation.Send{Text: "aviso", Automatic: true},
		}, conversation.Coalescing{}, at(0))
		w.attempt(conversation.EffectSend, conversation.Result{Outcome: outcome, Sent: &conversation.Sent{MessageID: "wamid.out"}})
		w.wantPhone()
		w.wantLane()
	}
}
