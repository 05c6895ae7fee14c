package bot

import (
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Step is what the bot does with what it is told. It has no memory of its own: Output.Memory is to be kept as World.Procedure.Bot,
// Output.Offers as its Offers, and all else of the output's answers in the procedure, before the next call. Nothing that w or in
// point to is changed.
//
// While the memory's step is BotWaits, an Identified, Checked, Found or GaveUp is to follow; whatever comes without being awaited
// changes nothing. Once the conversation is handed over, Step has no words for anything.
func Step(w World, in Input) Output {
	t := newTurn(w)
	if t.m.Step == conversation.BotDone {
		t.because("people have it")
	} else {
		t.take(in)
	}
	t.out.Memory = t.m
	return t.out
}

// turn is one call of Step.
type turn struct {
	World

	own  settings.Says // the language's
	says settings.Says // the number's
	m    conversation.BotMemory
	out  Output
}

func newTurn(w World) *turn {
	own := settings.DefaultIn(w.Settings.Language).Says
	t := &turn{World: w, own: own, says: completed(w.Settings.Says, own)}
	if w.Procedure.Bot != nil {
		t.m = *w.Procedure.Bot
		t.m.Hits, t.m.Said = slices.Clone(t.m.Hits), slices.Clone(t.m.Said)
	}
	return t
}

func (t *turn) take(in Input) {
	switch in.Kind {
	case Opened:
		t.opened(in)
	case Said:
		t.said(in)
	case Identified:
		t.identified(in.Organizations)
	case Checked:
		if t.awaits(conversation.BotChoose) {
			t.checked()
		}
	case Found:
		if t.awaits(conversation.BotPosition) {
			t.found(in.Position)
		}
	case GaveUp:
		t.gaveUp()
	}
}

// opened begins the script; the conversation's first words may come with it.
func (t *turn) opened(in Input) {
	if t.m.Step != conversation.BotStart {
		t.because("opened before")
		return
	}
	t.because("opened")
	t.say(t.fill(t.says.Opening))
	switch {
	case in.Choice == talkID || in.Choice == "" && asksForPeople(in.Text, t.talk().name):
		t.handOver("asked for people")
	case !t.Settings.Organizations.Check:
		t.keep(in.Text)
		t.because("nobody is identified on this number")
		t.checked()
	default:
		t.overhear(in)
		t.wait(conversation.BotStart)
	}
}

// said takes the customer's words or choice.
func (t *turn) said(in Input) {
	picked := t.picked(in)
	if picked == talkID || picked == "" && in.Choice == "" && asksForPeople(in.Text, t.talk().name) {
		t.wantsPeople()
		return
	}
	switch t.m.Step {
	case conversation.BotStart: // the bot was not there when it began
		t.overhear(in)
		t.begin()
	case conversation.BotWaits:
		t.overhear(in)
		t.because("waits for zendesk")
	case conversation.BotCNPJ:
		t.answerCNPJ(in.Text)
	case conversation.BotChoose:
		t.answerChoose(picked, in.Text)
	case conversation.BotEmail:
		t.answerEmail(in.Text)
	case conversation.BotMenu:
		t.answerMenu(picked, in.Text)
	case conversation.BotFAQ:
		t.answerFAQ(picked, in.Text)
	case conversation.BotFAQHits:
		t.answerFAQHits(picked, in.Text)
	case conversation.BotPosition:
		t.answerPosition(picked, in.Text)
	case conversation.BotDone: // Step has answered
	}
}

// begin asks who the customer is, where nobody has asked Zendesk.
func (t *turn) begin() {
	switch {
	case t.Procedure.Organization != nil || !t.Settings.Organizations.Check:
		t.checked()
	case t.m.CNPJ != "":
		t.identify(t.m.CNPJ)
	default:
		t.askCNPJ()
	}
}

// gaveUp goes on without Zendesk's answer.
func (t *turn) gaveUp() {
	if t.m.Step != conversation.BotWaits {
		t.because("not awaited")
		return
	}
	switch t.m.Next {
	case conversation.BotStart, conversation.BotCNPJ:
		t.flag(conversation.FlagUnverified)
		t.because("zendesk did not tell who the customer is")
		t.menu(t.says.Menu)
	case conversation.BotChoose:
		t.flag(conversation.FlagUnverified)
		t.because("zendesk did not tell of a pending")
		t.checked()
	case conversation.BotPosition:
		t.aboutPosition()
		t.handOver("zendesk did not tell where the ticket stands")
	case conversation.BotWaits, conversation.BotEmail, conversation.BotMenu, conversation.BotFAQ, conversation.BotFAQHits, conversation.BotDone:
		t.handOver("zendesk did not answer")
	}
}

// wantsPeople hands over because the customer asks for it; what was to be answered stays open.
func (t *turn) wantsPeople() {
	switch t.m.Step {
	case conversation.BotCNPJ:
		t.flag(conversation.FlagNoCNPJ)
	case conversation.BotEmail:
		t.flag(conversation.FlagNoEmail)
	case conversation.BotStart, conversation.BotWaits, conversation.BotChoose, conversation.BotMenu, conversation.BotFAQ,
		conversation.BotFAQHits, conversation.BotPosition, conversation.BotDone:
	}
	t.handOver("asked for people")
}

// handOver gives the conversation to people and says so.
func (t *turn) handOver(reason string) {
	text := t.says.HandOver
	if t.unsure() {
		text = t.says.HandOverFlags
	}
	t.giveAway(text, reason)
}

// giveAway gives the conversation to people with a text of its own.
func (t *turn) giveAway(text, reason string) {
	t.say(t.fill(text))
	t.because(reason)
	t.m.Step, t.m.Next, t.m.Tries, t.m.Hits = conversation.BotDone, conversation.BotStart, 0, nil
	t.m.Asked = t.Now
	t.out.HandOver = true
}

// unsure tells whether nobody knows who the customer is, in spite of having asked.
func (t *turn) unsure() bool {
	if t.Procedure.Organization != nil {
		return false
	}
	for _, f := range []conversation.Flag{conversation.FlagNoCNPJ, conversation.FlagNoOrganization, conversation.FlagUnverified} {
		if t.Procedure.Has(f) || slices.Contains(t.out.Flags, f) {
			return true
		}
	}
	return false
}

// ask notes that a step's question is put for the first time.
func (t *turn) ask(step conversation.BotStep) {
	t.m.Step, t.m.Next, t.m.Tries, t.m.Asked = step, conversation.BotStart, 0, t.Now
	t.because("asks: " + string(step))
}

// wait notes that Zendesk is asked, and what for.
func (t *turn) wait(next conversation.BotStep) {
	t.m.Step, t.m.Next, t.m.Tries, t.m.Asked = conversation.BotWaits, next, 0, t.Now
}

// awaits tells whether Zendesk was asked that.
func (t *turn) awaits(next conversation.BotStep) bool {
	if t.m.Step == conversation.BotWaits && t.m.Next == next {
		return true
	}
	t.because("not awaited")
	return false
}

// mostMisunderstood is how often in a row one question is misunderstood until people take over.
const mostMisunderstood = 3

// misunderstood puts the question again, with put, or hands over.
func (t *turn) misunderstood(text string, put func()) {
	t.keep(text)
	t.m.Tries++
	if t.m.Tries >= mostMisunderstood {
		t.handOver("not understood three times")
		return
	}
	t.because("not understood")
	t.m.Asked = t.Now
	put()
}

func (t *turn) flag(f conversation.Flag) {
	if !slices.Contains(t.out.Flags, f) {
		t.out.Flags = append(t.out.Flags, f)
	}
}

func (t *turn) because(reason string) { t.out.Reasons = append(t.out.Reasons, reason) }

// keep keeps the customer's free words for the summary. When there are MostSaid of them, later ones join the last.
func (t *turn) keep(text string) {
	text = strings.Join(strings.Fields(text), " ")
	last := len(t.m.Said) - 1
	switch {
	case text == "" || last >= 0 && t.m.Said[last] == kept(text):
	case last+1 < conversation.MostSaid:
		t.m.Said = append(t.m.Said, kept(text))
	default:
		t.m.Said[last] = kept(t.m.Said[last] + " / " + text)
	}
}
