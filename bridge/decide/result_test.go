package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestResultOfWhatIsSettled(t *testing.T) {
	t.Parallel()
	for _, outcome := range []conversation.Outcome{conversation.Done, conversation.Later, conversation.Unsure, conversation.Failed} {
		w := opened(t)
		before := w.thread.Clone()
		w.result(conversation.Pending{Effect: conversation.Effect{ID: "99", Kind: conversation.EffectComment}}, conversation.Result{Outcome: outcome})
		w.wantReason("result of an effect that is settled")
		if diff := cmp.Diff(before, w.thread); diff != "" {
			t.Errorf("%s changes the thread (-want +got):\n%s", outcome, diff)
		}
		if len(w.dead) != 0 {
			t.Errorf("dead letters are %+v", w.dead)
		}
	}
}

func TestLaterAndUnsureWait(t *testing.T) {
	t.Parallel()
	for _, outcome := range []conversation.Outcome{conversation.Later, conversation.Unsure} {
		w := opened(t)
		w.says("mais")
		w.second = 20
		w.attempt(conversation.EffectComment, conversation.Result{Outcome: outcome, NotBefore: at(50), SentAt: at(20)})
		w.wantReason("comment " + string(outcome))
		w.wantLane("comment customer public: mais")
		if p := w.thread.Outbox.Ticket[0]; !p.NotBefore.Equal(at(50)) || p.Attempts != 1 || p.Unsure != (outcome == conversation.Unsure) {
			t.Errorf("pending is %+v", p)
		}
		w.says("e mais")
		if outcome == conversation.Later { // nothing has left the house: it grows, and keeps its time
			w.wantLane("comment customer public: mais | e mais")
			if p := w.thread.Outbox.Ticket[0]; !p.NotBefore.Equal(at(50)) {
				t.Errorf("it goes at %v", p.NotBefore)
			}
			continue
		}
		w.wantLane("comment customer public: mais", "comment customer public: e mais")
	}
}

// refused makes a comment fail with a code, while a note, a pull and another comment wait.
func refused(t *testing.T, code string) *world {
	t.Helper()
	w := opened(t)
	w.thread.Conversation.Ticket.Cursor = 4
	w.says("voltei")
	w.second = 20
	p := w.start(conversation.EffectComment)
	w.hint(conversation.Hint{Ticket: ticket})
	w.notice("mudou de número")
	w.says("alô?")
	w.result(p, conversation.Result{Outcome: conversation.Failed, Code: code})
	return w
}

func TestCommentOnAClosedTicketBecomesAFollowUp(t *testing.T) {
	t.Parallel()
	w := refused(t, conversation.CodeTicketClosed)
	w.wantReason("ticket closed: follow-up")
	w.wantLane("create customer public: voltei", "comment ponte private: mudou de número", "comment customer public: alô?")
	if diff := cmp.Diff(conversation.Ticket{FollowUp: ticket}, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	if len(w.dead) != 0 {
		t.Errorf("dead letters are %+v", w.dead)
	}
	if got := w.thread.Outbox.Ready(at(20)); len(got) != 1 || got[0].Effect.Kind != conversation.EffectCreate {
		t.Errorf("ready is %+v, want the creation", got)
	}
	w.attempt(conversation.EffectCreate, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: 12, Status: "new", Comments: []int64{30}},
	})
	if diff := cmp.Diff(conversation.Ticket{ID: 12, Status: "new", Own: []int64{30}, Session: "wa-100-c1-1"}, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	w.wantState(conversation.StateQueued)
}

func TestCommentOnAVanishedTicketBecomesANewOne(t *testing.T) {
	t.Parallel()
	w := refused(t, conversation.CodeTicketGone)
	w.wantReason("ticket gone: new one")
	w.wantLane("create customer public: voltei", "comment ponte private: mudou de número", "comment customer public: alô?")
	if diff := cmp.Diff(conversation.Ticket{}, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
}

func TestNoteOnAClosedTicketSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.notice("mudou de número")
	w.second = 20
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketClosed})
	w.wantLane("create ponte private: Continuação do ticket 11, que está fechado. | mudou de número")
}

// The ticket was closed, and the customer's next conversation begun, while words for the closed one still waited.
func TestWordsForTheTicketBeforeComeFirstOnTheNext(t *testing.T) {
	t.Parallel()
	for _, code := range []string{conversation.CodeTicketClosed, conversation.CodeTicketGone} {
		w := opened(t)
		w.notice("mudou de número")
		w.pulls("closed")
		w.thread.Contact.Zendesk = 0 // so that the new conversation asks for the user as well
		w.says("voltei")
		w.wantLane("comment ponte private: mudou de número", "user", "create customer public: voltei")
		w.second = 20
		w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Code: code})
		w.wantLane(
			"user", "create ponte private: Continuação do ticket 11, que está fechado. | mudou de número", "comment customer public: voltei",
		)
		if diff := cmp.Diff(conversation.Ticket{FollowUp: ticket}, w.thread.Conversation.Ticket); diff != "" {
			t.Errorf("%s: ticket (-want +got):\n%s", code, diff)
		}
	}
}

func TestCommentWithoutTicketMakesOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.notice("mudou de número")
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
	w.attempt(conversation.EffectCreate, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
	w.wantLane("comment ponte private: mudou de número")
	w.second = 20
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone})
	w.wantLane("create ponte private: mudou de número")
	if len(w.dead) != 1 || w.dead[0].Effect.Kind != conversation.EffectCreate {
		t.Errorf("dead letters are %+v", w.dead)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	t.Run("comment for another reason", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.says("mais")
		w.second = 20
		w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
		w.wantReason("comment failed")
		w.wantLane()
		if len(w.dead) != 1 || w.dead[0].Effect.Comment.Body() != "mais" {
			t.Errorf("dead letters are %+v", w.dead)
		}
	})
	t.Run("pull of a vanished ticket", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.hint(conversation.Hint{Ticket: ticket})
		w.attempt(conversation.EffectPull, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketGone})
		w.wantReason("ticket gone or closed")
		w.wantLane()
		if len(w.dead) != 0 {
			t.Errorf("dead letters are %+v", w.dead)
		}
	})
	t.Run("pull for another reason", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.hint(conversation.Hint{Ticket: ticket})
		w.attempt(conversation.EffectPull, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
		w.wantReason("pull failed")
		if len(w.dead) != 1 {
			t.Errorf("dead letters are %+v", w.dead)
		}
	})
}

// retry lets an operator bring the only dead effect back.
func (w *world) retry() {
	w.t.Helper()
	if len(w.dead) != 1 {
		w.t.Fatalf("dead letters are %+v", w.dead)
	}
	w.decide(conversation.Event{Kind: conversation.EventRetry, At: at(w.second), Effect: &w.dead[0].Effect})
}

func TestRetryOfASend(t *testing.T) {
	t.Parallel()
	w := replied(t)
	old := w.attempt(conversation.EffectSend, conversation.Result{Outcome: conversation.Failed, Advice: "tente mais tarde"}).Effect.ID
	w.retry()
	w.wantReason("retried by an operator")
	w.wantPhone("olá")
	w.wantDelivery(conversation.DeliveryQueued)
	p := w.start(conversation.EffectSend)
	if p.Effect.ID == old || w.thread.Deliveries[0].Effect != p.Effect.ID {
		t.Errorf("effect %s was %s, delivery is %+v", p.Effect.ID, old, w.thread.Deliveries[0])
	}
	w.result(p, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "wamid.out"}})
	w.wantDelivery(conversation.DeliveryAccepted)
}

func TestRetryOfAComment(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.says("mais")
	w.second = 20
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
	w.retry()
	w.wantLane("comment customer public: mais")
}

func TestRetryOfACreation(t *testing.T) {
	t.Parallel()
	fails := func(t *testing.T) *world {
		t.Helper()
		w := setup(t)
		w.says("oi")
		w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
		w.attempt(conversation.EffectCreate, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
		w.wantLane()
		return w
	}
	t.Run("when there is no ticket", func(t *testing.T) {
		t.Parallel()
		w := fails(t)
		w.retry()
		w.wantLane("create customer public: oi")
	})
	t.Run("when one is being created", func(t *testing.T) {
		t.Parallel()
		w := fails(t)
		w.says("alô?")
		w.retry()
		w.wantLane("create customer public: alô? | oi")
	})
	t.Run("when there is one by now", func(t *testing.T) {
		t.Parallel()
		w := fails(t)
		w.says("alô?")
		w.attempt(conversation.EffectCreate, conversation.Result{
			Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new", Comments: []int64{1}},
		})
		w.retry()
		w.wantLane("comment customer public: oi")
	})
}

func TestRetryOfAPull(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.hint(conversation.Hint{Ticket: ticket})
	w.attempt(conversation.EffectPull, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
	w.retry()
	w.wantLane("pull")
}

func TestRetryWithoutConversation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.decide(conversation.Event{Kind: conversation.EventRetry, Effect: &conversation.Effect{ID: "1", Kind: conversation.EffectSend, Send: &conversation.Send{Text: "olá"}}})
	w.wantReason("retry without conversation")
	if !w.thread.Outbox.Empty() {
		t.Errorf("outbox is %+v", w.thread.Outbox)
	}
}

// A creation that finds its ticket made already must not forget how far the ticket was read.
func TestCreationOfTheTicketThatIsThere(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", reply(5, "olá"))
	known := w.thread.Conversation.Ticket
	w.thread.Outbox.Ticket = append(w.thread.Outbox.Ticket, conversation.Pending{Effect: conversation.Effect{
		ID: w.thread.EffectID(), Kind: conversation.EffectCreate, Comment: &conversation.Comment{Author: conversation.AuthorCustomer},
	}})
	w.attempt(conversation.EffectCreate, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "open", Comments: []int64{9}},
	})
	known.Own = slices.Concat(known.Own, []int64{9})
	if diff := cmp.Diff(known, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
}

func TestEffectsThatAreNoThreads(t *testing.T) {
	t.Parallel()
	for _, kind := range []conversation.EffectKind{conversation.EffectLookup, conversation.EffectReconcile, conversation.EffectRepair} {
		w := opened(t)
		w.thread.Outbox.Add(conversation.Effect{ID: "50", Kind: kind}, conversation.Coalescing{}, at(0))
		w.attempt(kind, conversation.Result{Outcome: conversation.Done})
		w.wantReason("not a thread's effect")
		if !w.thread.Outbox.Empty() {
			t.Errorf("outbox is %+v", w.thread.Outbox)
		}
	}
}
