package decide_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// The tests' clock begins on a Monday at 12:04 in São Paulo.
const (
	evening     = 7 * hour  // 19:04
	lateEvening = 8 * hour  // 20:04
	morning     = 21 * hour // Tuesday, 9:04
	nextEvening = 31 * hour // Tuesday, 19:04
)

const closedText = "Nosso horário de atendimento"

// office is a world with business hours.
func office(t *testing.T, kind settings.BotKind) *world {
	t.Helper()
	w := robotic(t)
	w.set.Bot.Kind = kind
	w.set.Hours = settings.Default().Hours
	return w
}

func TestAfterHoursWithoutBot(t *testing.T) {
	t.Parallel()
	w := office(t, settings.BotNone)
	w.second = evening
	w.says("oi")
	w.wantState(conversation.StateQueued)
	w.wantReason("after hours")
	w.wantSaid(closedText)
	w.second = lateEvening
	w.says("alguém?")
	w.wantSaid(closedText) // once in the period
	w.second = morning
	w.says("bom dia")
	w.wantSaid(closedText)
	w.second = nextEvening
	w.says("e agora?")
	w.wantSaid(closedText, closedText)
}

func TestAfterHoursWithBot(t *testing.T) {
	t.Parallel()
	w := office(t, settings.BotOwn)
	w.second = evening
	w.says("oi")
	w.numbers()
	w.identifies(knows(w.alfa(conversation.PendingNo)))
	w.wantState(conversation.StateBot)
	w.wantSaid(closedText) // instead of the script
	if w.proc().Bot != nil {
		t.Errorf("the bot has begun: %+v", w.proc().Bot)
	}
	w.creates(of(alfaID, groupN1, 0)) // the ticket is kept for the audit
	w.second = lateEvening
	w.says("alguém?")
	w.wantSaid(closedText)
	w.delivers()
	w.second = morning
	w.says("bom dia")
	w.wantSaid("Olá, Ana!")
	w.wantStep(conversation.BotWaits) // last night's check is too old
	w.identifies(conversation.Identity{Organizations: []conversation.Organization{w.alfa(conversation.PendingNo)}})
	w.wantStep(conversation.BotMenu)
}

// Nobody answers: what was written in the evening expires without having been queued.
func TestAfterHoursExpires(t *testing.T) {
	t.Parallel()
	w := office(t, settings.BotOwn)
	w.second = evening
	w.says("oi")
	w.numbers()
	w.identifies(conversation.Identity{})
	w.passes(evening + 24*hour)
	w.wantState(conversation.StateExpired)
}

func TestNoAfterHoursOverALiveChat(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(*world){
		"an agent answered": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandReply, Agent: ana(), Text: "olá"})
			w.wantOK(conversation.Command{Kind: conversation.CommandTransfer, Agent: ana(), Group: "Fiscal"})
		},
		"an agent took it": func(w *world) { w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()}) },
		"an agent waits": func(w *world) {
			w.wantOK(conversation.Command{Kind: conversation.CommandClose, Agent: ana(), Folder: conversation.FolderPending})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := office(t, settings.BotNone)
			w.says("oi")
			story(w)
			w.delivers()
			w.second = evening
			w.says("ainda aí?")
			w.wantPhone()
		})
	}
}
