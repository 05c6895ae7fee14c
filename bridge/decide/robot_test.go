package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// robotic is a procedural world whose number has a bot with a menu.
func robotic(t *testing.T) *world {
	t.Helper()
	w := procedural(t)
	w.set.Bot = settings.Bot{
		Kind: settings.BotOwn, Tries: 3,
		Menu: []settings.MenuOption{
			{Title: "Fiscal", Do: settings.MenuQueue, Queue: "Fiscal", Category: "99::007::Fiscal"},
			{Title: "Endereço", Do: settings.MenuAnswer, Answer: "Rua A, 1."},
			{Title: "Posição de um chamado", Do: settings.MenuPosition},
		},
	}
	return w
}

// atMenu is a robotic world whose customer, of Alfa, sees the menu.
func atMenu(t *testing.T) *world {
	t.Helper()
	w := robotic(t)
	w.says("nota fiscal rejeitada")
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.numbers()
	w.wantStep(conversation.BotMenu)
	w.delivers()
	return w
}

func (w *world) wantStep(step conversation.BotStep) {
	w.t.Helper()
	if b := w.proc().Bot; b == nil || b.Step != step {
		w.t.Errorf("the bot is at %+v, want %q", b, step)
	}
}

// wantSaid checks the words that each of the messages on their way begins with.
func (w *world) wantSaid(begin ...string) {
	w.t.Helper()
	got := w.phone()
	if len(got) != len(begin) {
		w.t.Fatalf("the customer is told %q, want %q", got, begin)
	}
	for i := range begin {
		if !strings.HasPrefix(got[i], begin[i]) {
			w.t.Errorf("the customer is told %q, want %q", got[i], begin[i])
		}
	}
}

// The bot opens with the number; whether that or the organisation comes first is all one.
func TestBotBegins(t *testing.T) {
	t.Parallel()
	t.Run("the number first", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.says("oi")
		w.wantState(conversation.StateBot)
		w.wantPhone()
		w.numbers()
		w.wantSaid("Olá, Ana! O atendimento foi iniciado sob o número 260302-007.")
		w.wantStep(conversation.BotWaits)
		w.wantDeadline(at(10))
		w.identifies(knows(w.alfa(conversation.PendingNo)))
		w.wantStep(conversation.BotMenu)
	})
	t.Run("the organisation first", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.says("oi")
		w.identifies(knows(w.alfa(conversation.PendingNo)))
		w.wantPhone()
		w.numbers()
		w.wantStep(conversation.BotMenu)
		w.wantSaid("Olá, Ana!", "Como podemos ajudar?")
	})
	t.Run("several organisations first", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.says("oi")
		w.identifies(knows(w.alfa(conversation.PendingNo), w.beta(conversation.PendingNo)))
		w.numbers()
		w.wantStep(conversation.BotChoose)
		w.says("Beta")
		w.wantStep(conversation.BotMenu)
		if o := w.proc().Organization; o == nil || o.ID != betaID || len(w.proc().Offers) != 0 {
			t.Errorf("the organisation is %+v of %+v", o, w.proc().Offers)
		}
	})
	t.Run("nobody first", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.says("oi")
		w.identifies(conversation.Identity{})
		w.numbers()
		w.wantStep(conversation.BotCNPJ)
	})
	t.Run("the number of the ticket", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.set.Attendance = settings.AttendanceTicket
		w.says("oi")
		w.identifies(knows(w.alfa(conversation.PendingNo)))
		w.wantPhone()
		w.creates(of(alfaID, groupN1, 0))
		w.wantSaid("Olá, Ana! O atendimento foi iniciado sob o número 11.", "Como podemos ajudar?")
	})
	t.Run("two messages before it", func(t *testing.T) {
		t.Parallel()
		w := robotic(t)
		w.says("nota rejeitada")
		w.says("é urgente")
		w.identifies(knows(w.alfa(conversation.PendingNo)))
		w.numbers()
		if said := w.proc().Bot.Said; !slices.Equal(said, []string{"nota rejeitada é urgente"}) {
			t.Errorf("the bot heard %q", said)
		}
	})
}

// A bot that nobody answers any more does not wait for ever.
func TestBotGoesOn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		story func(*world)
		step  conversation.BotStep
		state conversation.State
	}{
		"zendesk is slow": {func(w *world) {
			w.says("oi")
			w.numbers()
			w.passes(10)
		}, conversation.BotMenu, conversation.StateBot},
		"zendesk refuses": {func(w *world) {
			w.says("oi")
			w.numbers()
			w.attempt(conversation.EffectIdentify, conversation.Result{Outcome: conversation.Failed, Reason: "no"})
		}, conversation.BotMenu, conversation.StateBot},
		"zendesk is slow, and the number is slower": {func(w *world) {
			w.says("oi")
			w.passes(10)
			w.numbers()
			w.wantStep(conversation.BotWaits)
			w.passes(20)
		}, conversation.BotMenu, conversation.StateBot},
		"the answer comes after the slow number": {func(w *world) {
			w.says("oi")
			w.passes(10)
			w.numbers()
			w.identifies(knows(w.alfa(conversation.PendingNo)))
		}, conversation.BotMenu, conversation.StateBot},
		"the organisation is gone when it is checked": {func(w *world) {
			w.says("oi")
			w.identifies(knows(w.alfa(conversation.PendingNo)))
			w.second = 100
			w.numbers()
			w.identifies(conversation.Identity{})
		}, conversation.BotMenu, conversation.StateBot},
		"an agent tells the company meanwhile": {func(w *world) {
			w.says("oi")
			w.numbers()
			first := w.start(conversation.EffectIdentify)
			w.ask(conversation.Command{Kind: conversation.CommandIdentify, Agent: ana(), CNPJ: alfaCNPJ})
			id := knows(w.alfa(conversation.PendingNo))
			id.Ask = *first.Effect.Ask
			w.result(first, conversation.Result{Outcome: conversation.Done, Identity: &id})
			w.identifies(conversation.Identity{Organizations: id.Organizations})
		}, conversation.BotMenu, conversation.StateBot},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := robotic(t)
			tt.story(w)
			w.wantState(tt.state)
			w.wantStep(tt.step)
		})
	}
}

// A late answer is still checked: a pending ends what nobody attends.
func TestBotLateAnswer(t *testing.T) {
	t.Parallel()
	w := robotic(t)
	w.says("oi")
	w.numbers()
	p := w.start(conversation.EffectIdentify)
	w.passes(10)
	w.wantFlags(conversation.FlagUnverified)
	id := knows(w.alfa(conversation.PendingYes))
	id.Ask = *p.Effect.Ask
	w.result(p, conversation.Result{Outcome: conversation.Done, Identity: &id})
	w.wantState(conversation.StateClosed)
	w.wantOutcome(conversation.EndFinancial)
}

// The ticket is made when it is known whose it is.
func TestTicketWaitsForTheBot(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		story func(*world)
		goes  bool
	}{
		"nobody is known yet":  {func(*world) {}, false},
		"the company is known": {func(w *world) { w.numbers(); w.identifies(knows(w.alfa(conversation.PendingNo))) }, true},
		"it has a pending":     {func(w *world) { w.numbers(); w.identifies(knows(w.alfa(conversation.PendingYes))) }, true},
		"nobody has the phone": {func(w *world) { w.identifies(conversation.Identity{}) }, false},
		"the customer goes on": {func(w *world) { w.says("alô?") }, false},
		"handed over":          {func(w *world) { w.numbers(); w.says("quero falar com atendente") }, true},
		"an agent takes it":    {func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()}) }, true},
		"an agent writes": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "oi"})
		}, true},
		"an agent waits": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: "pendentes"})
		}, true},
		"an agent stops it":   {func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandStop, Agent: ana()}) }, true},
		"an agent cancels it": {func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()}) }, true},
		"to a queue": {func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), Group: "Fiscal"})
		}, true},
		"24 hours later":         {func(w *world) { w.passes(24 * hour) }, true},
		"the ticket's number":    {func(*world) {}, true},
		"outside business hours": {func(*world) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := robotic(t)
			switch name {
			case "the ticket's number":
				w.set.Attendance = settings.AttendanceTicket
			case "outside business hours":
				w.set.Hours = settings.Default().Hours
				w.second = 7 * hour
			}
			w.says("oi")
			tt.story(w)
			if held := w.heldForBot(); held > 0 == tt.goes {
				t.Errorf("%d of %q wait for the bot", held, w.lane())
			}
			if !slices.ContainsFunc(w.thread.Outbox.Ticket, func(p conversation.Pending) bool { return p.Effect.Kind == conversation.EffectCreate }) {
				t.Errorf("no ticket is made: %q", w.lane())
			}
		})
	}
}

// A ticket whose requester is somebody else waits for the e-mail address that gets copies, too.
func TestTicketWaitsForTheEmail(t *testing.T) {
	t.Parallel()
	w := robotic(t)
	w.set.Bot.AskEmail = true
	w.says("oi")
	w.numbers()
	w.identifies(conversation.Identity{})
	w.says("11.222.333/0001-81")
	w.identifies(conversation.Identity{
		Organizations: []conversation.Organization{w.alfa(conversation.PendingNo)}, Requester: 701, RequesterName: "Bento",
	})
	w.wantStep(conversation.BotEmail)
	if w.heldForBot() == 0 {
		t.Errorf("the ticket is made: %q", w.lane())
	}
	w.says("ana@alfa.example")
	w.wantStep(conversation.BotMenu)
	if w.proc().Email != "ana@alfa.example" || w.thread.Contact.Email != "ana@alfa.example" {
		t.Errorf("the e-mail is %q", w.proc().Email)
	}
	w.says("Fiscal")
	if w.heldForBot() != 0 {
		t.Errorf("the ticket waits still: %q", w.lane())
	}
}

// People get a summary, the queue of the menu's line and its category.
func TestHandOver(t *testing.T) {
	t.Parallel()
	w := atMenu(t)
	w.creates(of(alfaID, groupN1, 0))
	w.says("Fiscal")
	w.wantState(conversation.StateQueued)
	w.wantSaid("Vou transferir você")
	if p := w.proc(); p.Queue != "Fiscal" || p.Category != "99::007::Fiscal" || p.Subject != "Fiscal" || !p.Derived.Equal(at(w.second)) {
		t.Errorf("the procedure knows %+v", p)
	}
	c := w.changes()
	if c.Group != "Fiscal" || c.Subject != "Fiscal" || c.Fields[conversation.FieldDerived] != "02/03/2026 12:04:00" ||
		c.Fields[conversation.FieldCatalogue] != "99::007::Fiscal" {
		t.Errorf("the ticket is changed by %+v", c)
	}
	lane := strings.Join(w.lane(), "\n")
	for _, part := range []string{"comment ponte private: Derivado pelo atendimento automático", "260302-007", "Alfa - CNPJ 11.222.333/0001-81", "- nota fiscal rejeitada"} {
		if !strings.Contains(lane, part) {
			t.Errorf("the lane is %q, want %q in it", lane, part)
		}
	}
	w.says("obrigado")
	w.wantSaid("Vou transferir você")
}

// A hand-over before the ticket is made costs no group of its own.
func TestHandOverToTheUsualQueue(t *testing.T) {
	t.Parallel()
	w := atMenu(t)
	w.says("falar com atendente")
	w.wantState(conversation.StateQueued)
	if c := w.changes(); c.Group != "" {
		t.Errorf("the ticket is changed by %+v", c)
	}
	if w.proc().Queue != "Suporte N1" {
		t.Errorf("the queue is %q", w.proc().Queue)
	}
}

// The bot could answer everything: nobody has to attend.
func TestBotAnswersEverything(t *testing.T) {
	t.Parallel()
	w := atMenu(t)
	w.creates(of(alfaID, groupN1, 0))
	w.says("Endereço")
	w.wantSaid("Rua A, 1.", "Posso ajudar em algo mais?")
	w.delivers()
	w.says("não, obrigada")
	w.wantState(conversation.StateClosed)
	w.wantOutcome(conversation.EndClosed)
	w.wantSaid("O atendimento foi concluído sob o número 260302-007.")
	w.second += 60
	writes := w.writes()
	if last := writes[len(writes)-1]; last.Status != "solved" || !slices.Equal(last.Tags, []string{"whatsapp_bot"}) {
		t.Errorf("the ticket is changed by %+v", writes)
	}
}
