package decide_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestBotTellsAPosition(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		at      conversation.Position
		failed  bool
		said    []string
		state   conversation.State
		subject string
	}{
		"with a date": {
			conversation.Position{Ticket: 123, Found: true, Status: "open", Expected: "2026-03-09", Organization: alfaID},
			false,
			[]string{"O chamado 123 está aberto, com previsão para 09/03/2026.", "Posso ajudar"},
			conversation.StateBot, "Posicionamento do ticket 123",
		},
		"without a date": {
			conversation.Position{Ticket: 123, Found: true, Status: "open", Organization: alfaID},
			false,
			[]string{"O chamado 123 está aberto e ainda não tem data prevista.", "Vou transferir"},
			conversation.StateQueued, "Posicionamento do ticket 123",
		},
		"of another company": {
			conversation.Position{Ticket: 123, Found: true, Status: "open", Expected: "2026-03-09", Organization: betaID},
			false,
			[]string{"Não localizei o chamado 123", "Posso ajudar"},
			conversation.StateBot, "",
		},
		"refused": {conversation.Position{}, true, []string{"Não localizei o chamado 123", "Posso ajudar"}, conversation.StateBot, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := atMenu(t)
			w.says("Posição de um chamado")
			w.says("chamado 123")
			w.wantStep(conversation.BotWaits)
			w.delivers()
			r := conversation.Result{Outcome: conversation.Done, Position: &tt.at}
			if tt.failed {
				r = conversation.Result{Outcome: conversation.Failed, Reason: "no"}
			}
			w.attempt(conversation.EffectFind, r)
			w.wantSaid(tt.said...)
			w.wantState(tt.state)
			w.wantDeadline(at(aDay)) // nothing is awaited any more
			if w.proc().Subject != tt.subject {
				t.Errorf("the subject is %q", w.proc().Subject)
			}
		})
	}
}

// While a position is asked for, somebody sets the ticket's organisation: both answers count.
func TestTwoAnswersAtOnce(t *testing.T) {
	t.Parallel()
	for _, positionFirst := range []bool{true, false} {
		w := atMenu(t)
		w.creates(of(alfaID, groupN1, 0))
		w.says("Posição de um chamado")
		w.says("123")
		find := w.attempt(conversation.EffectFind, conversation.Result{Outcome: conversation.Later, NotBefore: at(30)})
		told := conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{
			Ticket: 123, Found: true, Status: "solved", Organization: alfaID,
		}}
		w.second = 5
		w.finds("new", of(betaID, groupN1, 0))
		if positionFirst {
			w.result(find, told)
			w.wantStep(conversation.BotMenu)
		}
		w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.beta(conversation.PendingNo)}})
		if !positionFirst {
			w.wantStep(conversation.BotWaits)
			w.wantDeadline(at(15))
			w.result(find, told)
		}
		w.wantStep(conversation.BotMenu)
		if o := w.proc().Organization; o == nil || o.ID != betaID {
			t.Errorf("the organisation is %+v", o)
		}
	}
}

// What an agent asks is told to the customer, however long Zendesk takes.
func TestPositionByCommand(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantRefused(conversation.Command{Kind: conversation.CommandPosition, Agent: ana()}, conversation.RefusedMissing)
	w.wantOK(conversation.Command{Kind: conversation.CommandPosition, Agent: ana(), Ticket: 123})
	p := w.start(conversation.EffectFind)
	w.passes(w.second + 60)
	w.wantFlags()
	w.result(p, conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{
		Ticket: 123, Found: true, Status: "hold", Expected: "2026-03-09", Organization: alfaID,
	}})
	w.wantPhone("O chamado 123 está em espera, com previsão para 09/03/2026.")
	want := conversation.Change{
		Subject: "Posicionamento do ticket 123",
		Fields:  map[string]string{conversation.FieldCatalogue: "Distribuição::Linha Winthor::99::007::Posicionamento de ticket"},
	}
	if diff := cmp.Diff(want, w.changes()); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	w.delivers()
	w.second += 60
	w.writes()
	w.wantOK(conversation.Command{Kind: conversation.CommandPosition, Agent: ana(), Ticket: 124})
	w.attempt(conversation.EffectFind, conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{
		Ticket: 124, Found: true, Status: "open", Organization: betaID,
	}})
	w.wantPhone("Não localizei o chamado 124 para a sua empresa.")
	w.wantLane()
}

func TestPositionAfterTheEnd(t *testing.T) {
	t.Parallel()
	w := attended(t)
	w.wantOK(conversation.Command{Kind: conversation.CommandPosition, Agent: ana(), Ticket: 123})
	p := w.start(conversation.EffectFind)
	w.wantOK(conversation.Command{Kind: conversation.CommandCancel, Agent: ana()})
	w.result(p, conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{
		Ticket: 123, Found: true, Status: "open", Organization: alfaID,
	}})
	w.wantPhone()
	w.wantReason("position comes too late")
}

// An agent's question while the bot waits for another answer does not answer the bot.
func TestPositionByCommandBesideTheBot(t *testing.T) {
	t.Parallel()
	w := atMenu(t)
	w.says("Posição de um chamado")
	w.says("123")
	w.delivers()
	w.attempt(conversation.EffectFind, conversation.Result{Outcome: conversation.Later, NotBefore: at(30)})
	w.wantOK(conversation.Command{Kind: conversation.CommandPosition, Agent: ana(), Ticket: 124})
	w.attempt(conversation.EffectFind, conversation.Result{Outcome: conversation.Done, Position: &conversation.Position{
		Ticket: 124, Found: true, Status: "solved", Organization: alfaID,
	}})
	w.wantPhone("O chamado 124 está resolvido.")
	w.wantStep(conversation.BotWaits)
}
