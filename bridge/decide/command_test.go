package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// ask gives a command and returns its answer.
func (w *world) ask(c conversation.Command) conversation.Answer {
	w.t.Helper()
	if c.ID == "" {
		c.ID = "ask"
	}
	if c.Session == "" && w.thread.Conversation != nil {
		c.Session = w.thread.Conversation.Session
	}
	d := w.decide(conversation.Event{Kind: conversation.EventCommand, ID: "c:" + c.ID, At: at(w.second), Command: &c})
	if len(d.Answers) != 1 || d.Answers[0].ID != c.ID {
		w.t.Fatalf("answers are %+v", d.Answers)
	}
	return d.Answers[0]
}

func ana() conversation.Agent { return conversation.Agent{ID: agent, Name: "Ana Beatriz"} }

func TestCommandReply(t *testing.T) {
	t.Parallel()
	w := opened(t)
	a := w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá", ReplyTo: "wamid.1"})
	if !a.OK || a.Session != "wa-100-c1-1" || a.Ticket != ticket || a.State != conversation.StateActive || a.Delivery != conversation.DeliveryQueued || len(a.Effects) != 1 {
		t.Errorf("answer is %+v", a)
	}
	w.wantPhone("olá")
	w.wantLane("comment agent public: olá")
	c := w.thread.Outbox.Ticket[0].Effect.Comment
	if c.Agent != agent || !c.Assign || c.Lines[0].Re != "wamid.1" {
		t.Errorf("comment is %+v", c)
	}
	if p := w.thread.Outbox.Phone[0].Effect.Send; p.ReplyTo != "wamid.1" {
		t.Errorf("send is %+v", p)
	}
	if got := w.thread.Conversation; got.Owner != agent || !got.Attended {
		t.Errorf("conversation is %+v", got)
	}
	w.ask(conversation.Command{ID: "2", Kind: conversation.CommandReply, Agent: conversation.Agent{ID: 801}, Text: "eu também"})
	if got := w.thread.Conversation.Owner; got != agent {
		t.Errorf("a second agent took the conversation over: %d", got)
	}
	if w.thread.Outbox.Ticket[1].Effect.Comment.Assign {
		t.Error("a second agent took the ticket over")
	}
}

func TestCommandReplyOutsideTheWindow(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day
	a := w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	if !a.OK || a.Delivery != conversation.DeliveryKept {
		t.Errorf("answer is %+v", a)
	}
	w.wantHeld("window: olá")
}

func TestCommandReplyInTranscriptOnly(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Mode = settings.ModeTranscript
	w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
	w.wantPhone("olá")
	w.wantLane("update") // whose it is
	want := &conversation.Change{Agent: ana(), Assignee: agent, Status: "open"}
	if diff := cmp.Diff(want, w.thread.Outbox.Ticket[0].Effect.Change); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
}

func TestCommandNote(t *testing.T) {
	t.Parallel()
	w := opened(t)
	if a := w.ask(conversation.Command{Kind: conversation.CommandNote, Agent: ana(), Text: "ver com o N2"}); !a.OK {
		t.Errorf("answer is %+v", a)
	}
	w.wantPhone()
	w.wantLane("comment agent private: ver com o N2")
	w.wantState(conversation.StateQueued)
}

func TestCommandTemplate(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.second = day + 5
	a := w.ask(conversation.Command{
		Kind: conversation.CommandTemplate, Agent: ana(), Text: "Olá, Ana!", Template: &conversation.Template{Name: "ola", Language: "pt_BR", Values: []string{"Ana"}},
	})
	if !a.OK || a.Delivery != conversation.DeliveryQueued {
		t.Errorf("answer is %+v", a)
	}
	if got := w.sends(); !slices.Equal(got, []string{"Olá, Ana!"}) {
		t.Errorf("went out: %q", got)
	}
	w.wantLane("comment agent public: Modelo “ola” enviado ao cliente: Olá, Ana!")
	w.set.Window.Invite = invite()
	w.pulls("open", reply(9, "oi"))
	if got := w.sends(); len(got) > 0 {
		t.Errorf("the customer was invited twice: %q", got)
	}
}

func TestCommandStart(t *testing.T) {
	t.Parallel()
	start := func(w *world, c conversation.Command) conversation.Answer {
		c.Kind, c.Agent, c.Contact = conversation.CommandStart, ana(), &conversation.Contact{WaID: "5511987654321"}
		return w.ask(c)
	}
	template := &conversation.Template{Name: "ola", Language: "pt_BR"}
	t.Run("with a stranger, by template", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		a := start(w, conversation.Command{Text: "Olá!", Template: template})
		if !a.OK || a.Session != "wa-100-c1-1" || a.State != conversation.StateActive {
			t.Errorf("answer is %+v", a)
		}
		w.wantPhone("Olá!")
		w.wantLane("user", "create ponte private: Conversa iniciada pela empresa no WhatsApp por Ana Beatriz.",
			"comment agent public: Modelo “ola” enviado ao cliente: Olá!")
		if c := w.thread.Contact; c.WaID != "5511987654321" {
			t.Errorf("contact is %+v", c)
		}
	})
	t.Run("with a stranger, without template", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		if a := start(w, conversation.Command{Text: "Olá!"}); a.OK || a.Code != conversation.RefusedWindow {
			t.Errorf("answer is %+v", a)
		}
		if w.thread.Conversation != nil {
			t.Error("a conversation was begun")
		}
	})
	t.Run("a second one", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		a := start(w, conversation.Command{Text: "Olá!", Template: template})
		if a.OK || a.Code != conversation.RefusedOpen || a.Session != "wa-100-c1-1" || a.Ticket != ticket ||
			a.Text != "Este contato já tem uma conversa aberta no ticket 11 (wa-100-c1-1)." {
			t.Errorf("answer is %+v", a)
		}
		w.wantPhone()
	})
	t.Run("again within the window", func(t *testing.T) {
		t.Parallel()
		w := opened(t)
		w.pulls("solved")
		if a := start(w, conversation.Command{Text: "Mais uma coisa"}); !a.OK || a.Session != "wa-100-c1-2" {
			t.Errorf("answer is %+v", a)
		}
		w.wantPhone("Mais uma coisa")
	})
	t.Run("from a ticket", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		start(w, conversation.Command{Text: "Olá!", Template: template, Ticket: 77})
		p := w.start(conversation.EffectPull)
		if !p.Effect.Hint.Bind || p.Effect.Hint.Ticket != 77 {
			t.Fatalf("pull is %+v", p.Effect.Hint)
		}
		w.result(p, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{
			Status: "open", At: at(0), Hint: *p.Effect.Hint, Comments: []conversation.Pull{reply(5, "de antes, por e-mail")},
		}})
		w.wantPhone("Olá!")
		if got := w.thread.Conversation.Ticket.Cursor; got != 5 {
			t.Errorf("the cursor is at %d", got)
		}
	})
}

func TestStopAndRestart(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", reply(5, "uma", "duas"))
	p := w.start(conversation.EffectSend)
	if a := w.ask(conversation.Command{Kind: conversation.CommandStop, Agent: ana()}); !a.OK || a.State != conversation.StateStopped {
		t.Errorf("answer is %+v", a)
	}
	w.wantPhone("uma") // it was under way
	w.result(p, conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{MessageID: "o"}})
	w.pulls("open", reply(6, "depois"))
	w.wantPhone()
	if a := w.ask(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "x"}); a.Code != conversation.RefusedStopped {
		t.Errorf("answer is %+v", a)
	}
	if a := w.ask(conversation.Command{Kind: conversation.CommandRestart, Agent: ana()}); !a.OK || a.State != conversation.StateActive {
		t.Errorf("answer is %+v", a)
	}
	w.pulls("open", reply(7, "de novo"))
	w.wantPhone("de novo")
}

func TestRestartNeedsAnUnsolvedTicket(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.ask(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
	w.thread.Conversation.Ticket.Status = "solved"
	if a := w.ask(conversation.Command{Kind: conversation.CommandRestart}); a.Code != conversation.RefusedTicket {
		t.Errorf("answer is %+v", a)
	}
}

func TestCustomerWritesAfterAStop(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.ask(conversation.Command{Kind: conversation.CommandStop, Agent: ana()})
	w.says("alô?")
	w.wantState(conversation.StateActive)
}

func TestCustomerAnswersElsewhere(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.pulls("open", reply(5, "uma"), conversation.Pull{ID: 6, Author: contactUser, Public: true, Channel: "email", Texts: []string{"respondo por aqui"}, Created: at(0)})
	w.wantState(conversation.StateStopped)
	w.wantPhone()
	last := w.transcript[len(w.transcript)-1]
	if !slices.ContainsFunc(w.transcript, func(e conversation.Entry) bool {
		return e.State == conversation.StateStopped && e.Reason == "customer answered by email"
	}) {
		t.Errorf("the timeline says %+v", last)
	}
}

func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*world)
		ask    conversation.Command
		code   string
	}{
		{"an earlier conversation", nil, conversation.Command{Kind: conversation.CommandReply, Session: "wa-100-c1-9", Text: "x"}, conversation.RefusedOtherSession},
		{"nothing to say", nil, conversation.Command{Kind: conversation.CommandReply}, conversation.RefusedEmpty},
		{"an empty note", nil, conversation.Command{Kind: conversation.CommandNote}, conversation.RefusedEmpty},
		{"no template", nil, conversation.Command{Kind: conversation.CommandTemplate}, conversation.RefusedEmpty},
		{"an ended one", func(w *world) { w.pulls("solved") }, conversation.Command{Kind: conversation.CommandReply, Text: "x"}, conversation.RefusedEnded},
		{"of a newer version", nil, conversation.Command{Kind: "sing"}, conversation.RefusedUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			if tt.change != nil {
				tt.change(w)
			}
			a := w.ask(tt.ask)
			if a.OK || a.Code != tt.code || a.Text == "" {
				t.Errorf("answer is %+v, want %s", a, tt.code)
			}
			w.wantPhone()
		})
	}
}

func TestReadMarks(t *testing.T) {
	t.Parallel()
	reads := func(w *world) (all []conversation.Read) {
		for _, p := range w.thread.Outbox.Background {
			if p.Effect.Read != nil {
				all = append(all, *p.Effect.Read)
			}
		}
		return all
	}
	w := opened(t)
	w.set.Read = settings.ReadReply
	w.says("alô")
	if got := reads(w); len(got) > 0 {
		t.Errorf("read before anybody answered: %+v", got)
	}
	w.pulls("open", reply(5, "oi"))
	if got := reads(w); len(got) != 1 || got[0].MessageID != "wamid.2" || got[0].Typing {
		t.Errorf("read marks are %+v", got)
	}
	w = opened(t)
	w.set.Read, w.set.Typing = settings.ReadArrival, true
	w.says("alô")
	if got := reads(w); len(got) != 1 {
		t.Errorf("read marks on arrival are %+v", got)
	}
	w.ask(conversation.Command{Kind: conversation.CommandTyping, Agent: ana()})
	if got := reads(w); len(got) != 2 || !got[1].Typing {
		t.Errorf("typing is %+v", got)
	}
}
