package bot

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// menu puts the menu below a text, or hands over where there is none.
func (t *turn) menu(text string) {
	if len(t.Settings.Bot.Menu) == 0 {
		t.handOver("there is no menu")
		return
	}
	t.ask(conversation.BotMenu)
	t.offer(text, t.lines())
}

// anythingMore puts the menu again after an answer.
func (t *turn) anythingMore() { t.menu(cmp.Or(t.says.AskAnythingMore, t.says.Menu)) }

const menuPrefix = "menu:"

// lines is the menu's lines as they are offered.
func (t *turn) lines() []option {
	all := make([]option, min(len(t.Settings.Bot.Menu), mostRows-1))
	for i := range all {
		line := t.Settings.Bot.Menu[i]
		all[i] = option{
			id: menuPrefix + strconv.Itoa(i), name: cmp.Or(t.fill(line.Title), strconv.Itoa(i+1)), about: t.fill(line.Description),
		}
	}
	return all
}

// line is the place of the menu's line with that id, -1 when there is none.
func (t *turn) line(id string) int {
	return slices.IndexFunc(t.lines(), func(o option) bool { return o.id == id })
}

// answerMenu takes a line of the menu, or that nothing more is wanted.
func (t *turn) answerMenu(picked, text string) {
	switch {
	case t.line(picked) >= 0:
		t.chooseLine(t.line(picked))
	case t.m.Choice != "" && content(text):
		t.out.Satisfied = true
		t.because("the customer needs nothing more")
	case asksForMenu(text) || t.m.Choice != "" && agrees(text):
		t.misunderstood("", func() { t.offer(t.says.Menu, t.lines()) }) // it costs a try: machines may answer each other
	default:
		t.misunderstood(text, func() { t.offer(t.says.NotUnderstood, t.lines()) })
	}
}

// elsewhere takes a line of the menu, or the wish to see it, as the answer to another question.
func (t *turn) elsewhere(picked, text string) bool {
	switch {
	case t.line(picked) >= 0:
		t.chooseLine(t.line(picked))
	case asksForMenu(text):
		t.menu(t.says.Menu)
	default:
		return false
	}
	return true
}

func (t *turn) chooseLine(i int) {
	line := t.Settings.Bot.Menu[i]
	t.m.Choice = kept(t.lines()[i].name)
	t.out.Queue, t.out.Category = line.Queue, line.Category
	t.because("menu: " + string(line.Do))
	switch line.Do {
	case settings.MenuAnswer:
		t.say(t.fill(line.Answer))
		t.anythingMore()
	case settings.MenuFAQ:
		t.ask(conversation.BotFAQ)
		t.say(t.fill(t.says.AskFAQ))
	case settings.MenuPosition:
		t.ask(conversation.BotPosition)
		t.say(t.fill(t.says.AskPosition))
	case settings.MenuQueue:
		t.toQueue()
	default: // settings know no other
		t.toQueue()
	}
}

func (t *turn) toQueue() {
	t.out.Subject = t.m.Choice
	t.handOver("chose a queue")
}
