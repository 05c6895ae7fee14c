package decide_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestAgentReply(t *testing.T) {
	t.Parallel()
	w := opened(t)
	d := w.pulls("open", reply(5, "Olá!", "Em que posso ajudar?"))
	w.wantPhone("Olá!", "Em que posso ajudar?")
	w.wantState(conversation.StateActive)
	w.wantReason("agent replies")
	c := w.thread.Conversation
	if !c.Attended || c.Owner != agent || c.Ticket.Cursor != 5 || c.Ticket.Status != "open" || len(c.Ticket.Own) != 0 {
		t.Errorf("conversation is %+v", c)
	}
	var effects []string
	for _, p := range w.thread.Outbox.Phone {
		effects = append(effects, p.Effect.ID)
		if p.Effect.Send.Comment != 5 || p.Effect.Send.Automatic {
			t.Errorf("send is %+v", p.Effect.Send)
		}
	}
	want := []conversation.Delivery{
		{Effect: effects[0], Comment: 5, State: conversation.DeliveryQueued, At: at(-60), Send: w.thread.Outbox.Phone[0].Effect.Send},
		{Effect: effects[1], Comment: 5, State: conversation.DeliveryQueued, At: at(-60), Send: w.thread.Outbox.Phone[1].Effect.Send},
	}
	if diff := cmp.Diff(want, w.thread.Deliveries); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	entries := []conversation.Entry{
		{At: at(0), State: conversation.StateActive, Reason: "agent replies"},
		{
			At: at(-60), Author: conversation.AuthorAgent, Effect: effects[0], Type: "text", Text: "Olá!", Comment: 5,
			Delivery: conversation.DeliveryQueued, Agent: agent, Origin: conversation.OriginTicket,
		},
		{
			At: at(-60), Author: conversation.AuthorAgent, Effect: effects[1], Type: "text", Text: "Em que posso ajudar?", Comment: 5,
			Delivery: conversation.DeliveryQueued, Agent: agent, Origin: conversation.OriginTicket,
		},
	}
	if diff := cmp.Diff(entries, d.Transcript); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
}

func TestWhichCommentsAreReplies(t *testing.T) {
	t.Parallel()
	public := func(id, author int64, staff bool) conversation.Pull {
		return conversation.Pull{ID: id, Author: author, Staff: staff, Public: true, Texts: []string{"comentário"}}
	}
	private := reply(5, "só entre nós")
	private.Public = false
	byProgram := public(5, contactUser, false)
	byProgram.Channel = "api"
	tests := []struct {
		name    string
		comment conversation.Pull
		sends   bool
		reason  string
	}{
		{"agent, public", public(5, agent, true), true, "agent replies"},
		{"agent, private", private, false, "private comment"},
		{"Ponte's own", public(1, agent, true), false, "own comment"},
		{"the contact", public(5, contactUser, false), false, "customer answers elsewhere"},
		{"a program in the contact's name", byProgram, false, "comment of no agent"},
		{"the contact, who is staff too", public(5, contactUser, true), false, "comment of no agent"},
		{"another end user", public(5, 900, false), false, "comment of no agent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.pulls("new", tt.comment)
			w.wantReason(tt.reason)
			if got := len(w.phone()) == 1; got != tt.sends {
				t.Errorf("the customer gets %q", w.phone())
			}
			if got := w.thread.Conversation.Attended; got != tt.sends {
				t.Errorf("attended is %v", got)
			}
			if got := w.thread.Conversation.Ticket.Cursor; got != tt.comment.ID {
				t.Errorf("the cursor is at %d, want %d", got, tt.comment.ID)
			}
		})
	}
}

func TestEqualRepliesAreTwoReplies(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", reply(5, "ok"), reply(6, "ok"))
	w.wantPhone("ok", "ok")
	w.pulls("open", reply(7, "ok"))
	w.wantPhone("ok", "ok", "ok")
	w.pulls("open", reply(6, "ok"), reply(7, "ok"), reply(8, "tchau")) // some of them again
	w.wantPhone("ok", "ok", "ok", "tchau")
}

func TestFirstAgentOwns(t *testing.T) {
	t.Parallel()
	w := opened(t)
	other := reply(6, "também ajudo")
	other.Author = 801
	w.pulls("open", reply(5, "olá"), other)
	if got := w.thread.Conversation.Owner; got != agent {
		t.Errorf("the owner is %d, want %d", got, agent)
	}
}

func TestAttachmentsAreNoted(t *testing.T) {
	t.Parallel()
	w := opened(t)
	with := reply(5)
	with.Attachments = 2
	w.pulls("open", with)
	w.wantPhone()
	w.wantLane("comment ponte private: 2 anexo(s) desta resposta não foram enviados ao WhatsApp: por enquanto só o texto é enviado.")
}

func TestOwnCommentsAreForgottenBehindTheCursor(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.thread.Conversation.Ticket.Own = []int64{1, 4, 9}
	w.pulls("open", reply(3, "olá"), reply(4, "o cliente disse"))
	if got := w.thread.Conversation.Ticket.Own; !cmp.Equal(got, []int64{9}) {
		t.Errorf("own comments are %v, want 9 alone", got)
	}
	w.wantPhone("olá")
}

func TestHintBeforeTheTicketIsKnown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.hint(conversation.Hint{Ticket: ticket})
	w.wantReason("hint before the ticket is known")
	w.wantLane("user", "create customer public: oi")
	w.attempt(conversation.EffectUser, conversation.Result{Outcome: conversation.Done, User: contactUser})
	w.attempt(conversation.EffectCreate, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "new"}})
	w.wantLane("pull")
	if got := *w.thread.Outbox.Ticket[0].Effect.Hint; got.Ticket != ticket {
		t.Errorf("it pulls %+v", got)
	}
	if w.thread.Conversation.Hinted {
		t.Error("the hint is kept though it was followed")
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		hint   conversation.Hint
		pulls  bool
		reason string
	}{
		{"webhook", conversation.Hint{Ticket: ticket}, true, ""},
		{"webhook that is old", conversation.Hint{Ticket: ticket, UpdatedAt: at(-99)}, true, ""},
		{"sweep, newer", conversation.Hint{Ticket: ticket, UpdatedAt: at(1), Sweep: true}, true, ""},
		{"sweep, as read", conversation.Hint{Ticket: ticket, UpdatedAt: at(0), Sweep: true}, false, "nothing new since the last read"},
		{"sweep, older", conversation.Hint{Ticket: ticket, UpdatedAt: at(-99), Sweep: true}, false, "nothing new since the last read"},
		{"another ticket", conversation.Hint{Ticket: 99}, false, "hint about an earlier ticket"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.thread.Conversation.Ticket.Seen = at(0)
			w.hint(tt.hint)
			if got := w.thread.Outbox.Has(conversation.EffectPull); got != tt.pulls {
				t.Errorf("pulls: %v, want %v", got, tt.pulls)
			}
			if tt.reason != "" {
				w.wantReason(tt.reason)
			}
		})
	}
	w := setup(t)
	w.hint(conversation.Hint{Ticket: ticket})
	w.wantReason("hint without conversation")
}

func TestSeen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                     string
		before, hint, read, want int
	}{
		{"read long after the change", 0, 100, 200, 100},
		{"read soon after the change", 0, 100, 103, 98}, // by a clock that may be wrong by 5 s
		{"never back", 99, 100, 103, 99},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.thread.Conversation.Ticket.Seen = at(tt.before)
			w.second = tt.read
			w.hint(conversation.Hint{Ticket: ticket, UpdatedAt: at(tt.hint), Sweep: true})
			w.answer("new")
			if got := w.thread.Conversation.Ticket.Seen; !got.Equal(at(tt.want)) {
				t.Errorf("seen is %v, want %v", got, at(tt.want))
			}
		})
	}
	w := opened(t)
	w.pulls("new") // a hint that knows no stamp
	if got := w.thread.Conversation.Ticket.Seen; !got.IsZero() {
		t.Errorf("seen is %v, want nothing", got)
	}
}

func TestCommentsOfAnEarlierTicket(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.hint(conversation.Hint{Ticket: ticket})
	p := w.start(conversation.EffectPull)
	w.thread.Conversation.Ticket = conversation.Ticket{ID: 12}
	w.result(p, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{
		Comments: []conversation.Pull{reply(5, "olá")}, Status: "solved", At: at(0), Hint: *p.Effect.Hint,
	}})
	w.wantReason("comments of an earlier ticket")
	w.wantPhone()
	w.wantState(conversation.StateQueued)
}

func TestTicketStatusMovesTheConversation(t *testing.T) {
	t.Parallel()
	const (
		queued, active  = conversation.StateQueued, conversation.StateActive
		pending, closed = conversation.StatePending, conversation.StateClosed
	)
	tests := []struct {
		statuses []string
		want     conversation.State
	}{
		{[]string{"new"}, queued},
		{[]string{""}, queued},
		{[]string{"deleted"}, queued},
		{[]string{"open"}, active},
		{[]string{"hold"}, active},
		{[]string{"pending"}, pending},
		{[]string{"solved"}, closed},
		{[]string{"closed"}, closed},
		{[]string{"open", "pending"}, pending},
		{[]string{"open", "solved"}, closed},
		{[]string{"open", "new"}, active},
		{[]string{"pending", "open"}, active},
		{[]string{"pending", "solved"}, closed},
		{[]string{"solved", "open"}, active},
		{[]string{"solved", "pending"}, pending},
		{[]string{"solved", "closed"}, closed},
	}
	for i, tt := range tests {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			for _, s := range tt.statuses {
				w.pulls(s)
			}
			w.wantState(tt.want)
		})
	}
}

func TestMessageOnPendingReopens(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("pending")
	d := w.says("voltei")
	w.wantState(conversation.StateActive)
	if len(d.Transcript) != 2 || d.Transcript[0].State != conversation.StateActive || d.Transcript[0].Reason != "customer writes" {
		t.Errorf("transcript is %+v", d.Transcript)
	}
	if w.thread.Count != 1 {
		t.Errorf("%d conversations, want one", w.thread.Count)
	}
}

func TestMessageAfterSolved(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("solved", reply(5, "resolvido"))
	w.wantState(conversation.StateClosed)
	w.second = 10
	w.says("mais uma coisa")
	want := &conversation.Conversation{
		Session: "wa-100-c1-2", State: conversation.StateQueued, Started: at(10), First: "wamid.2",
		Ticket: conversation.Ticket{ID: ticket, Status: "solved", Cursor: 5, Own: []int64{}, Session: "wa-100-c1-1"},
		Lines:  2, Clock: waiting(at(10)),
	}
	if diff := cmp.Diff(want, w.thread.Conversation); diff != "" {
		t.Errorf("conversation (-want +got):\n%s", diff)
	}
	w.wantLane("comment customer public: mais uma coisa")
}

// A read of the solved ticket that comes while the customer's new words still wait tells of the conversation before.
func TestSolvedTicketDoesNotEndWhatTheCustomerBegan(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("solved")
	w.says("mais uma coisa")
	w.pulls("solved")
	w.wantState(conversation.StateQueued)
	w.wantReason("the customer wrote after the end")
	w.says("e outra")
	if w.thread.Count != 2 {
		t.Errorf("%d conversations, want two", w.thread.Count)
	}
	w.wantLane("comment customer public: mais uma coisa | e outra")
	w.second = 20
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: ticket, Status: "open"}})
	w.pulls("solved") // now it is the agent's answer to them
	w.wantState(conversation.StateClosed)
}

func TestNoteDoesNotKeepASolvedTicketOpen(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.notice("mudou de número")
	w.pulls("solved")
	w.wantState(conversation.StateClosed)
}

func TestMessageAfterClosed(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("closed", reply(5, "resolvido"))
	w.says("voltei")
	w.says("depois de um mês")
	w.wantLane("create customer public: voltei | depois de um mês")
	if diff := cmp.Diff(conversation.Ticket{FollowUp: ticket}, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	w.attempt(conversation.EffectCreate, conversation.Result{
		Outcome: conversation.Done, Ticket: &conversation.TicketResult{ID: 12, Status: "new", Comments: []int64{20}},
	})
	if diff := cmp.Diff(conversation.Ticket{ID: 12, Status: "new", Own: []int64{20}, Session: "wa-100-c1-2"}, w.thread.Conversation.Ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
}
