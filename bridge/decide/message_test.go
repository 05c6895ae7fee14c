package decide_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestFirstMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	d := w.says("oi")

	w.wantState(conversation.StateQueued)
	w.wantLane("user", "create customer public: oi")
	w.wantReason("customer writes")
	want := conversation.Thread{
		Number: "100", Contact: conversation.Contact{ID: "c1", Name: "Ana", WaID: "5511987654321", UserID: "BR.1"},
		Conversation: &conversation.Conversation{Session: "wa-100-c1-1", State: conversation.StateQueued, Started: at(0), First: "wamid.1", Lines: 2, Clock: waiting(at(0))},
		Count:        1, NextEffect: 2, LastInbound: at(-1), Newest: "wamid.1", Registered: true, Outbox: w.thread.Outbox,
	}
	if diff := cmp.Diff(want, w.thread); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
	entries := []conversation.Entry{
		{At: at(0), State: conversation.StateQueued, Reason: "customer writes"},
		{
			At: at(-1), Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: "wamid.1", Type: "text", Text: "oi",
		},
	}
	if diff := cmp.Diff(entries, d.Transcript); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
	if c := w.thread.Outbox.Ticket[1].Effect.Comment; !c.First.Equal(at(0)) || !c.Last.Equal(at(0)) || c.MessageIDs()[0] != "wamid.1" {
		t.Errorf("first comment is %+v", c)
	}
}

func TestBurstBeforeTheTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.says("tudo bem?")
	w.says("preciso de ajuda")
	w.wantLane("user", "create customer public: oi | tudo bem? | preciso de ajuda")
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})

	p := w.start(conversation.EffectCreate)
	w.says("ainda aí?")
	w.says("alô?")
	w.wantLane("create customer public: oi | tudo bem? | preciso de ajuda", "comment customer public: ainda aí? | alô?")
	w.result(p, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new", Comments: []int64{1}}})
	w.wantLane("comment customer public: ainda aí? | alô?")
	if got := w.thread.Contact.Zendesk; got != contactUser {
		t.Errorf("the contact's user is %d", got)
	}
	want := conversation.Ticket{ID: ticket, Status: "new", Own: []int64{1}, Session: "wa-100-c1-1"}
	if diff := cmp.Diff(want, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	if w.thread.Count != 1 {
		t.Errorf("%d conversations, want one", w.thread.Count)
	}
}

func TestLaterMessagesCoalesce(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = 100
	w.says("a")
	w.second = 110
	w.says("b")
	w.wantLane("comment customer public: a | b")
	if wake := w.thread.Outbox.NextWake(); !wake.Equal(at(130)) {
		t.Errorf("the comment goes at %v, want %v", wake, at(130))
	}
	w.notice("mudou de número")
	w.says("c")
	w.wantLane("comment customer public: a | b", "comment ponte private: mudou de número", "comment customer public: c")
	w.second = 130
	w.attempt(conversation.EffectComment, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "open", Comments: []int64{2}},
	})
	w.wantLane("comment ponte private: mudou de número", "comment customer public: c")
	if got := w.thread.Conversation.Ticket; got.Status != "open" || !cmp.Equal(got.Own, []int64{1, 2}) {
		t.Errorf("ticket is %+v", got)
	}
}

func TestKnownContactNeedsNoUser(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.thread.Contact.Zendesk = contactUser
	w.says("oi")
	w.wantLane("create customer public: oi")
}

func TestFailedUserIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
	w.wantReason("user failed")
	w.attempt(conversation.EffectCreate, conversation.Result{Outcome: conversation.Failed, Reason: "refused"})
	if len(w.dead) != 2 || w.dead[1].Effect.Comment.Body() != "oi" || w.dead[1].Reason != "refused" {
		t.Errorf("dead letters are %+v", w.dead)
	}
	w.says("alô?")
	w.wantLane("user", "create customer public: alô?")
}

func TestMessageTellsAboutTheContact(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.thread.Contact.Username = "ana"
	message := &conversation.Message{ID: "x", Type: "text", Text: "x", Sent: at(5)}
	w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(5), Message: message, Contact: &conversation.Contact{Name: "Ana Lima", UserID: "BR.2"}})
	w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(5), Message: message})
	want := conversation.Contact{ID: "c1", Name: "Ana Lima", Username: "ana", WaID: "5511987654321", UserID: "BR.2"}
	if diff := cmp.Diff(want, w.thread.Contact); diff != "" {
		t.Errorf("contact (-want +got):\n%s", diff)
	}
}

func TestWindowCountsTheNewestMessage(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.second = 40
	for _, second := range []int{10, 30, 20} { // the last one was held up on its way
		w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(40), Message: &conversation.Message{ID: "x", Text: "x", Sent: at(second)}})
	}
	if !w.thread.LastInbound.Equal(at(30)) {
		t.Errorf("the newest message is of %v, want %v", w.thread.LastInbound, at(30))
	}
	d := w.decide(conversation.Event{Kind: conversation.EventMessage, At: at(50), Message: &conversation.Message{ID: "y", Text: "sem hora"}})
	if got := d.Transcript[0].At; !got.Equal(at(50)) {
		t.Errorf("a message without time is told at %v, want when it was accepted", got)
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text string }{
		{"one byte each", strings.Repeat("a", conversation.MostCommentBytes+1)},
		{"two bytes each", strings.Repeat("é", conversation.MostCommentBytes/2+1)},
		{"two bytes each, shifted", "a" + strings.Repeat("é", conversation.MostCommentBytes/2)},
		{"four bytes each", "ab" + strings.Repeat("👍", conversation.MostCommentBytes/4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.thread.Contact.Zendesk = contactUser
			w.says(tt.text)
			body := w.thread.Outbox.Ticket[0].Effect.Comment.Body()
			head, marked := strings.CutSuffix(body, " […] (texto cortado)")
			if len(body) > conversation.MostCommentBytes || len(body) < conversation.MostCommentBytes-3 {
				t.Errorf("the comment has %d bytes, want at most %d and few less", len(body), conversation.MostCommentBytes)
			}
			if !marked || !utf8.ValidString(body) || !strings.HasPrefix(tt.text, head) {
				t.Errorf("the comment is not a marked beginning of the text: …%q", body[len(body)-40:])
			}
			if got := w.transcript[1].Text; got != tt.text {
				t.Errorf("the transcript has %d bytes of %d", len(got), len(tt.text))
			}
		})
	}
	w := setup(t)
	text := strings.Repeat("a", conversation.MostCommentBytes)
	w.says(text)
	if got := w.thread.Outbox.Ticket[1].Effect.Comment.Body(); got != text {
		t.Errorf("a text that just fits became %d bytes", len(got))
	}
}

func TestNotice(t *testing.T) {
	t.Parallel()
	t.Run("without conversation", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		d := w.notice("mudou de número")
		w.wantReason("notice without conversation: system")
		if !w.thread.Outbox.Empty() || w.thread.Conversation != nil || len(d.Transcript) != 0 {
			t.Errorf("it changed the thread: %+v", d)
		}
	})
	t.Run("after the end", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.pulls("solved")
		w.wantState(conversation.StateClosed)
		w.notice("mudou de número")
		w.wantReason("notice without conversation: system")
		w.wantLane()
	})
	t.Run("in a conversation", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		d := w.notice("mudou de número")
		w.wantLane("comment ponte private: mudou de número")
		want := []conversation.Entry{{
			At: at(0), Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "system", Text: "mudou de número", Private: true,
		}}
		if diff := cmp.Diff(want, d.Transcript); diff != "" {
			t.Errorf("transcript (-want +got):\n%s", diff)
		}
	})
	t.Run("before the ticket", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		w.says("oi")
		w.notice("mudou de número")
		w.wantLane("user", "create customer public: oi", "comment ponte private: mudou de número")
	})
}

func TestWake(t *testing.T) {
	t.Parallel()
	w := opened(t)
	before := w.thread.Clone()
	w.decide(conversation.Event{Kind: conversation.EventWake, At: at(0)})
	w.wantReason("not for a thread")
	if diff := cmp.Diff(before, w.thread); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
}
