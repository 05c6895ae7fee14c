package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// identified takes the organisations that Zendesk found.
func (t *turn) identified(list []conversation.Organization) {
	list = distinct(list)
	start, asked := t.m.Next == conversation.BotStart, t.m.Next == conversation.BotCNPJ
	switch {
	case t.m.Step != conversation.BotWaits || !start && !asked:
		t.tooLate(list)
	case len(list) == 1:
		t.choose(list[0])
	case len(list) > 1:
		t.several(list)
	case asked:
		t.flag(conversation.FlagNoOrganization)
		t.giveAway(t.says.UnknownCNPJ, "no organisation has the CNPJ")
	case t.Contact.Zendesk == 0 && t.Settings.Organizations.Unknown == settings.UnknownQueue:
		t.flag(conversation.FlagNoOrganization)
		t.because("unknown people are not asked")
		t.menu(t.says.Menu)
	case t.m.CNPJ != "":
		t.because("a CNPJ was in the customer's words")
		t.identify(t.m.CNPJ)
	default:
		t.askCNPJ()
	}
}

// tooLate takes an answer that came when the conversation had gone on without it: it can still be checked.
func (t *turn) tooLate(list []conversation.Organization) {
	if len(list) == 1 && t.Procedure.Organization == nil && t.Procedure.Has(conversation.FlagUnverified) {
		t.out.Choose = &list[0]
		t.because("identified late")
		return
	}
	t.because("not awaited")
}

// distinct is organisations, each once.
func distinct(list []conversation.Organization) []conversation.Organization {
	var all []conversation.Organization
	for _, o := range list {
		if !slices.ContainsFunc(all, func(have conversation.Organization) bool { return have.ID == o.ID }) {
			all = append(all, o)
		}
	}
	return all
}

// several asks which of several organisations it is about.
func (t *turn) several(list []conversation.Organization) {
	if i := withCNPJ(list, t.m.CNPJ); i >= 0 {
		t.choose(list[i])
		return
	}
	t.out.Offers = list
	if len(list) > mostRows-1 {
		t.because("too many organisations for a list")
		t.askCNPJ()
		return
	}
	t.ask(conversation.BotChoose)
	t.offer(t.says.Choose, organizationOptions(list))
}

// withCNPJ is the place of the organisation that has it, -1 when none does.
func withCNPJ(list []conversation.Organization, cnpj string) int {
	return slices.IndexFunc(list, func(o conversation.Organization) bool { return cnpj != "" && o.CNPJ == cnpj })
}

// organizationOptions is organisations as they are offered: with their CNPJs, unless they fit on buttons.
func organizationOptions(list []conversation.Organization) []option {
	all := make([]option, min(len(list), mostRows-1))
	for i := range all {
		o := list[i]
		all[i].id = "org:" + strconv.FormatInt(o.ID, 10)
		all[i].name = cmp.Or(strings.TrimSpace(o.Name), brazil.FormatCNPJ(o.CNPJ), "#"+strconv.FormatInt(o.ID, 10))
	}
	if len(all) < mostButtons && onButtons(all) {
		return all
	}
	for i := range all {
		if cnpj := brazil.FormatCNPJ(list[i].CNPJ); cnpj != all[i].name {
			all[i].about = cnpj
		}
	}
	return all
}

// choose has the organisation's registration checked.
func (t *turn) choose(o conversation.Organization) {
	if o.CNPJ != "" && t.m.CNPJ != o.CNPJ {
		t.m.CNPJ = "" // of another company
	}
	t.out.Choose = &o
	t.because("organisation found")
	t.wait(conversation.BotChoose)
}

// answerChoose takes an option, or the CNPJ of one of the organisations or of another.
func (t *turn) answerChoose(picked, text string) {
	for _, o := range t.Procedure.Offers {
		if picked == "org:"+strconv.FormatInt(o.ID, 10) {
			t.choose(o)
			return
		}
	}
	if cnpjs := findCNPJs(text); len(cnpjs) == 1 {
		t.gaveCNPJ(cnpjs[0])
		return
	}
	if len(t.Procedure.Offers) == 0 { // nothing to choose from any more
		t.keep(text)
		t.askCNPJ()
		return
	}
	t.misunderstood(text, func() { t.offer(t.says.NotUnderstood, t.options()) })
}

func (t *turn) askCNPJ() {
	t.ask(conversation.BotCNPJ)
	t.say(t.fill(t.says.AskCNPJ))
}

// described, as the CNPJ question's Next, marks that words which are no CNPJ were taken for the customer's description once.
const described = conversation.BotCNPJ

// answerCNPJ takes a CNPJ, alone or in a sentence. The first words without anything like one tell what the customer wants.
func (t *turn) answerCNPJ(text string) {
	cnpjs := findCNPJs(text)
	if i := slices.IndexFunc(cnpjs, func(c string) bool { return withCNPJ(t.Procedure.Offers, c) >= 0 }); i >= 0 {
		cnpjs = cnpjs[i : i+1]
	}
	t.keepSentence(text, cnpjs)
	switch {
	case len(cnpjs) == 1:
		t.gaveCNPJ(cnpjs[0])
	case len(cnpjs) > 1:
		t.wrongCNPJ(t.says.AskCNPJ)
	case declines(text):
		t.noCNPJ("no CNPJ to be had")
	case t.m.Next != described && !likeCNPJ(text):
		t.m.Next, t.m.Asked = described, t.Now
		t.because("took the words for a description")
		t.say(t.fill(t.says.AskCNPJ))
	default:
		t.wrongCNPJ(t.says.WrongCNPJ)
	}
}

// wrongCNPJ counts a try.
func (t *turn) wrongCNPJ(text string) {
	t.m.Tries++
	left := t.Settings.Bot.Tries - t.m.Tries
	if left <= 0 {
		t.noCNPJ("no CNPJ in so many tries")
		return
	}
	t.m.Asked = t.Now
	t.because("no CNPJ")
	t.say(t.fill(text, "{{tentativas}}", strconv.Itoa(left)))
}

func (t *turn) noCNPJ(reason string) {
	t.flag(conversation.FlagNoCNPJ)
	t.giveAway(t.says.NoCNPJ, reason)
}

// gaveCNPJ has a CNPJ looked up, unless its organisation is one of those that were found already.
func (t *turn) gaveCNPJ(cnpj string) {
	t.m.CNPJ = cnpj
	if i := withCNPJ(t.Procedure.Offers, cnpj); i >= 0 {
		t.choose(t.Procedure.Offers[i])
		return
	}
	t.identify(cnpj)
}

func (t *turn) identify(cnpj string) {
	t.out.Identify = cnpj
	t.because("CNPJ given")
	t.wait(conversation.BotCNPJ)
}

// overhear takes words that answer no question: they are kept, and a CNPJ in them saves asking for it.
func (t *turn) overhear(in Input) {
	if in.Choice != "" {
		return
	}
	t.keep(in.Text)
	starts := t.m.Step == conversation.BotStart || t.m.Step == conversation.BotWaits && t.m.Next == conversation.BotStart
	if cnpjs := findCNPJs(in.Text); starts && len(cnpjs) == 1 {
		t.m.CNPJ = cnpjs[0]
	}
}

// keepSentence keeps words that hold more than the answer.
func (t *turn) keepSentence(text string, cnpjs []string) {
	const few = 2 // such as "da Alfa"
	words := slices.DeleteFunc(keywords(text), func(w string) bool { return w == "cnpj" || strings.ContainsFunc(w, unicode.IsDigit) })
	if len(cnpjs) == 0 && !declines(text) && !likeCNPJ(text) || len(words) > few {
		t.keep(text)
	}
}

// findCNPJs is the CNPJs in a text, normalised. One that is the whole text may be written in any way.
func findCNPJs(text string) []string {
	if cnpj, ok := brazil.NormalizeCNPJ(text); ok {
		return []string{cnpj}
	}
	return brazil.FindCNPJ(text)
}

// What makes something like a CNPJ: so many letters and digits in a row, punctuation and spaces between digits left out, and so
// many digits among them.
const (
	leastRow    = 8
	leastDigits = 4
)

// likeCNPJ tells whether somebody seems to have tried to write a CNPJ.
func likeCNPJ(text string) bool {
	row, digits := 0, 0
	var last rune
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			row, digits, last = row+1, digits+1, r
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			if unicode.IsSpace(last) {
				row, digits = 0, 0
			}
			row, last = row+1, r
		case strings.ContainsRune("./-–", r) || unicode.IsSpace(r) && digits > 0 && digits == row:
			last = r
		default:
			row, digits, last = 0, 0, 0
		}
		if row >= leastRow && digits >= leastDigits {
			return true
		}
	}
	return false
}
