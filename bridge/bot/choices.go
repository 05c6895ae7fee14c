package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// option is one of the answers that the customer is offered.
type option struct {
	id   string
	name string // whole, of any length
	// about stands below the name, in a list; an option with it is never a button.
	about string
}

// offer puts a question with its answers and the way to people.
func (t *turn) offer(question string, list []option) {
	all := pieces(cmp.Or(t.fill(question), t.own.Menu), longestBody)
	for _, before := range all[:len(all)-1] {
		t.say(before)
	}
	choices := conversation.Choices{
		Button:  short(cmp.Or(t.fill(t.says.MenuButton), t.own.MenuButton), longestButton),
		Options: shown(append(slices.Clone(list), t.talk())),
	}
	t.out.Say = append(t.out.Say, conversation.Send{Text: all[len(all)-1], Automatic: true, Choices: &choices})
}

// talk is the option that leads to people.
func (t *turn) talk() option {
	return option{id: talkID, name: cmp.Or(t.fill(t.says.Talk), t.own.Talk)}
}

// onButtons tells whether names fit on buttons and can be told apart there, one of them being left to the way to people.
func onButtons(list []option) bool {
	names := map[string]bool{}
	for _, o := range list {
		if units(o.name) > longestButton || names[o.name] {
			return false
		}
		names[o.name] = true
	}
	return len(list) <= mostButtons
}

// shown is the options within WhatsApp's limits: on buttons where they fit, else in a list, which has descriptions.
func shown(list []option) []conversation.Option {
	all := make([]conversation.Option, len(list))
	described := false
	for i, o := range list {
		all[i] = conversation.Option{ID: o.id, Title: short(o.name, longestTitle), Description: short(describe(o), longestDescription)}
		described = described || all[i].Description != ""
	}
	if len(list) <= mostButtons && !described && !onButtons(list) { // nothing else tells that it is to be a list
		for i, o := range list {
			all[i].Description = short(o.name, longestDescription)
		}
	}
	return all
}

// describe is what stands below an option: its whole name where the title has to be cut, and what is to be said about it.
func describe(o option) string {
	switch {
	case units(o.name) <= longestTitle:
		return o.about
	case o.about == "":
		return o.name
	}
	room := longestDescription - units(o.about) - len(" - ")
	if room < longestTitle {
		return o.about
	}
	return short(o.name, room) + " - " + o.about
}

// options is what the step's question offers, without the way to people.
func (t *turn) options() []option {
	switch t.m.Step {
	case conversation.BotChoose:
		return organizationOptions(t.Procedure.Offers)
	case conversation.BotMenu:
		return t.lines()
	case conversation.BotFAQHits:
		return t.hits()
	case conversation.BotStart, conversation.BotWaits, conversation.BotCNPJ, conversation.BotEmail, conversation.BotFAQ,
		conversation.BotPosition, conversation.BotDone:
	}
	return nil
}

// picked is the id of the option that the customer means, "" for none: what was chosen, else what was typed, by its number, its
// name or the beginning of one name only. The way to people can be chosen in any step, and a line of the menu in those after it.
func (t *turn) picked(in Input) string {
	list := t.options()
	if in.Choice == talkID || slices.ContainsFunc(list, func(o option) bool { return o.id == in.Choice }) || t.afterMenu() && t.line(in.Choice) >= 0 {
		return in.Choice
	}
	if len(list) == 0 {
		return ""
	}
	list = append(list, t.talk())
	words := plain(in.Text)
	if i := typed(words); i >= 1 && i <= len(list) {
		return list[i-1].id
	}
	return named(list, words)
}

// afterMenu tells whether the step is the menu or one that it leads to.
func (t *turn) afterMenu() bool {
	return slices.Contains([]conversation.BotStep{
		conversation.BotMenu, conversation.BotFAQ, conversation.BotFAQHits, conversation.BotPosition,
	}, t.m.Step)
}

// typed is the number that stands for an option, 0 for none.
func typed(words string) int {
	for _, before := range []string{"opcao ", "numero ", "option ", "number "} {
		words = strings.TrimPrefix(words, before)
	}
	n, err := strconv.Atoi(words)
	if err != nil {
		return 0
	}
	return n
}

// leastBeginning is how many bytes of a name are enough.
const leastBeginning = 3

// named is the id of the option with that name, or the one whose name begins so.
func named(list []option, words string) string {
	var whole, begun []string
	for _, o := range list {
		name := plain(o.name)
		if words != "" && name == words {
			whole = append(whole, o.id)
		}
		if len(words) >= leastBeginning && strings.HasPrefix(name, words) {
			begun = append(begun, o.id)
		}
	}
	switch {
	case len(whole) == 1:
		return whole[0]
	case len(whole) == 0 && len(begun) == 1:
		return begun[0]
	}
	return ""
}
