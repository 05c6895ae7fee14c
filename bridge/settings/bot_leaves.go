package settings

import (
	"fmt"
	"strconv"
	"strings"
)

const aboutMenu = `What the customer chooses from: up to 9 lines, says.talk is always offered besides; [] = none. Up to two lines
without descriptions and with titles of at most 20 characters become buttons, more become a list. Each has
  title: at most 24 characters
  description: at most 72; it may be left out, like all that follows
  do: queue (hands over to people), answer (says an answer), faq (searches the questions below) or
      position (tells where a ticket stands); left out = queue
  queue: the group that gets the conversation, by title or id; left out = desk.queue
  category: the value of the catalogue field
  answer: what the bot says with do: answer`

const aboutFAQ = `What the bot answers by itself, with do: faq in the menu. Each has a question and an answer, which may hold the
variables of says.`

func botLeaves() []leaf[Number] {
	return []leaf[Number]{
		choice("bot.kind", "Who greets the customer first: none (conversations go straight to people) or own (Ponte's bot).",
			func(n *Number) *BotKind { return &n.Bot.Kind }, BotNone, BotOwn),
		count("bot.tries", "How often a customer may mistype a CNPJ before a person takes over: from 1 to 10.", 1, 10,
			func(n *Number) *int { return &n.Bot.Tries }),
		toggle("bot.ask_email", "true: people whose e-mail address is not known are asked for it.", func(n *Number) *bool { return &n.Bot.AskEmail }),
		records[Number, MenuOption]{
			path: "bot.menu", about: aboutMenu, most: mostMenu, settings: menuLeaves(), blank: MenuOption{Do: MenuQueue},
			at: func(n *Number) *[]MenuOption { return &n.Bot.Menu },
		}.leaf(),
		records[Number, FAQ]{
			path: "bot.faq", about: aboutFAQ, most: mostFAQ, settings: faqLeaves(),
			at: func(n *Number) *[]FAQ { return &n.Bot.FAQ },
		}.leaf(),
	}
}

// menuLeaves are the settings of a line of the menu.
func menuLeaves() []leaf[MenuOption] {
	title := words("title", "", mostRow, func(o *MenuOption) *string { return &o.Title })
	title.check = func(o MenuOption) string { return checkLabel(o.Title, mostRow) }
	description := line("description", "", mostDescription, func(o *MenuOption) *string { return &o.Description })
	description.check = func(o MenuOption) string {
		if o.Description == "" {
			return ""
		}
		return checkLabel(o.Description, mostDescription)
	}
	answer := words("answer", "", mostMessage, func(o *MenuOption) *string { return &o.Answer })
	answer.check = func(o MenuOption) string {
		switch {
		case o.Do == MenuAnswer:
			return checkSaid(o.Answer, mostMessage)
		case o.Answer != "":
			return "is never said: it takes do: answer"
		}
		return ""
	}
	return []leaf[MenuOption]{
		title,
		description,
		choice("do", "", func(o *MenuOption) *MenuAction { return &o.Do }, MenuQueue, MenuAnswer, MenuFAQ, MenuPosition),
		line("queue", "", mostTitle, func(o *MenuOption) *string { return &o.Queue }),
		line("category", "", mostTitle, func(o *MenuOption) *string { return &o.Category }),
		answer,
	}
}

// faqLeaves are the settings of a question that the bot answers.
func faqLeaves() []leaf[FAQ] {
	question := words("question", "", mostQuestion, func(f *FAQ) *string { return &f.Question })
	question.check = func(f FAQ) string {
		if wrong := checkWords(f.Question, mostQuestion); wrong != "" {
			return wrong
		}
		if wrong := checkLine(f.Question, mostQuestion); wrong != "" {
			return wrong
		}
		return checkVariables(f.Question, nil)
	}
	answer := words("answer", "", mostMessage, func(f *FAQ) *string { return &f.Answer })
	answer.check = func(f FAQ) string { return checkSaid(f.Answer, mostMessage) }
	return []leaf[FAQ]{question, answer}
}

// checkBot compares the bot's settings with each other.
func checkBot(path string, n Number) []Mistake {
	var all []Mistake
	var titles []string
	for i, o := range n.Bot.Menu {
		at := path + ".bot.menu." + strconv.Itoa(i+1)
		titles = append(titles, strings.TrimSpace(o.Title))
		switch {
		case o.Title == "": // is told by itself
		case strings.EqualFold(strings.TrimSpace(o.Title), strings.TrimSpace(n.Says.Talk)):
			all = append(all, Mistake{Path: at + ".title", with: path + ".says.talk", What: short(o.Title) + " is what says.talk offers anyway"})
		case again(titles):
			all = append(all, Mistake{Path: at + ".title", What: fmt.Sprintf("%s is the title of another line", short(o.Title))})
		}
		if o.Do == MenuFAQ && len(n.Bot.FAQ) == 0 {
			all = append(all, Mistake{Path: at + ".do", with: path + ".bot.faq", What: "faq takes questions in bot.faq, which has none"})
		}
	}
	var questions []string
	for i, f := range n.Bot.FAQ {
		if questions = append(questions, strings.TrimSpace(f.Question)); f.Question != "" && again(questions) {
			all = append(all, Mistake{Path: path + ".bot.faq." + strconv.Itoa(i+1) + ".question", What: "stands here a second time"})
		}
	}
	return all
}
