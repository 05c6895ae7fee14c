package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// saying is one of the texts for customers: its name in the file, when it is said, how long it may be and whether it may be
// empty.
type saying struct {
	key, about string
	kind       sayingKind
	at         func(*Says) *string
}

// sayingKind is what a text for customers is.
type sayingKind int

const (
	asked    sayingKind = iota // above buttons or a list, or may be
	remarked                   // the same, but it may be empty
	told                       // a message of its own
	extra                      // the same, but it may be empty
	labelled                   // on a button
	rowed                      // on a line of a list
)

// sayings names all texts for customers.
func sayings() []saying {
	return []saying{
		{"opening", "The bot's first words.", remarked, func(s *Says) *string { return &s.Opening }},
		{"ask_cnpj", "The bot asks for the company's CNPJ.", asked, func(s *Says) *string { return &s.AskCNPJ }},
		{"wrong_cnpj", "What was typed is no CNPJ; {{tentativas}} = the tries that are left.", asked, func(s *Says) *string { return &s.WrongCNPJ }},
		{"unknown_cnpj", "No organisation has the CNPJ.", remarked, func(s *Says) *string { return &s.UnknownCNPJ }},
		{"no_cnpj", "After the last try.", remarked, func(s *Says) *string { return &s.NoCNPJ }},
		{"choose", "Which one of several organisations it is about.", asked, func(s *Says) *string { return &s.Choose }},
		{"ask_email", "The bot asks for the e-mail address.", asked, func(s *Says) *string { return &s.AskEmail }},
		{"wrong_email", "What was typed is no e-mail address.", asked, func(s *Says) *string { return &s.WrongEmail }},
		{"menu", "Above the menu.", asked, func(s *Says) *string { return &s.Menu }},
		{"menu_button", "Opens the menu's list.", labelled, func(s *Says) *string { return &s.MenuButton }},
		{"talk", "The choice that leads to people; it is always offered.", labelled, func(s *Says) *string { return &s.Talk }},
		{"not_understood", "None of the choices.", asked, func(s *Says) *string { return &s.NotUnderstood }},
		{"ask_faq", "The bot asks for the question.", asked, func(s *Says) *string { return &s.AskFAQ }},
		{"no_faq", "It has no answer.", asked, func(s *Says) *string { return &s.NoFAQ }},
		{"ask_position", "The bot asks which ticket it is about.", asked, func(s *Says) *string { return &s.AskPosition }},
		{"position", "Where the ticket stands, when a date is known.", asked, func(s *Says) *string { return &s.Position }},
		{"position_open", "Where it stands, without a date.", asked, func(s *Says) *string { return &s.PositionOpen }},
		{"position_done", "It is solved.", asked, func(s *Says) *string { return &s.PositionDone }},
		{"no_position", "There is no such ticket of this customer's company.", asked, func(s *Says) *string { return &s.NoPosition }},
		{"hand_over", "The bot hands over to people.", extra, func(s *Says) *string { return &s.HandOver }},
		{"hand_over_flags", "It hands over without knowing for sure who the customer is.", extra, func(s *Says) *string { return &s.HandOverFlags }},
		{"after_hours", "Outside business hours, once in each closed period.", extra, func(s *Says) *string { return &s.AfterHours }},
		{"pending", "The organisation's registration has a financial pending; the conversation ends with this.", told, func(s *Says) *string { return &s.Pending }},
		{"refused", "Zendesk does not know the person, and organizations.unknown is refuse.", extra, func(s *Says) *string { return &s.Refused }},
		{"greeting", "An agent opens the conversation for the first time.", extra, func(s *Says) *string { return &s.Greeting }},
		{"morning", "Follows the greeting; see greeting.", extra, func(s *Says) *string { return &s.Morning }},
		{"afternoon", "", extra, func(s *Says) *string { return &s.Afternoon }},
		{"evening", "", extra, func(s *Says) *string { return &s.Evening }},
		{"transferred", "The conversation goes to another queue or agent.", extra, func(s *Says) *string { return &s.Transferred }},
		{"closing", "The conversation was concluded.", extra, func(s *Says) *string { return &s.Closing }},
		{"n2", "The ticket goes on to the second level, and the conversation ends.", extra, func(s *Says) *string { return &s.N2 }},
		{"expiring", "The window closes soon; see ending.warning.", extra, func(s *Says) *string { return &s.Expiring }},
		{"ask_anything_more", "After an answer of the bot.", remarked, func(s *Says) *string { return &s.AskAnythingMore }},
		{"waiting", "In the queue, on arrival and every so often; see queue.every.", extra, func(s *Says) *string { return &s.Waiting }},
		{"none_available", "The same, while no agent is online or all have as many conversations as they may.", extra, func(s *Says) *string { return &s.NoneAvailable }},
		{"reminder_1", "The customer went silent; see reminders. An empty one says what the one before it says.", extra, func(s *Says) *string { return &s.Reminders[0] }},
		{"reminder_2", "", extra, func(s *Says) *string { return &s.Reminders[1] }},
		{"reminder_3", "", extra, func(s *Says) *string { return &s.Reminders[2] }},
		{"survey", "The survey's question, where survey.questions has none.", asked, func(s *Says) *string { return &s.Survey }},
		{"survey_button", "Opens the list of its answers.", labelled, func(s *Says) *string { return &s.SurveyButton }},
		{"survey_1", "Its answers, the worst one first: at most 24 characters.", rowed, func(s *Says) *string { return &s.SurveyScale[0] }},
		{"survey_2", "", rowed, func(s *Says) *string { return &s.SurveyScale[1] }},
		{"survey_3", "", rowed, func(s *Says) *string { return &s.SurveyScale[2] }},
		{"survey_4", "", rowed, func(s *Says) *string { return &s.SurveyScale[3] }},
		{"survey_5", "", rowed, func(s *Says) *string { return &s.SurveyScale[4] }},
		{"survey_thanks", "After the last answer.", extra, func(s *Says) *string { return &s.SurveyThanks }},
	}
}

// aboutSays explains the texts for customers and their variables.
func aboutSays() string {
	var b strings.Builder
	b.WriteString(`What Ponte says to customers. A text that starts with # follows the language; take the # away to change it.
"" = it is not said; those that a conversation can't go on without have to say something. Variables:
`)
	all := Variables()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "  %s = %s\n", name, all[name])
	}
	b.WriteString(`One without a value takes its sentence along, or what stands in the brackets around it; {{contato.nome}} only
the comma before it.`)
	return b.String()
}

// sayLeaf is one of the texts for customers.
func sayLeaf(s saying) leaf[Number] {
	l := words("says."+s.key, s.about, mostMessage, func(n *Number) *string { return s.at(&n.Says) })
	l.own = true
	l.check = func(n Number) string { return s.check(*s.at(&n.Says)) }
	return l
}

// check says what is wrong with a text for customers.
func (s saying) check(text string) string {
	switch s.kind {
	case labelled:
		return checkLabel(text, mostButton)
	case rowed:
		return checkLabel(text, mostRow)
	case remarked, extra:
		if text == "" {
			return ""
		}
	case asked, told:
	}
	most := mostMessage
	if s.kind == asked || s.kind == remarked {
		most = mostBody
	}
	return checkSaid(text, most)
}

// checkSaid says what is wrong with a message to customers, which may hold variables.
func checkSaid(text string, most int) string {
	if wrong := checkUnits(text, most); wrong != "" {
		return wrong
	}
	return checkVariables(text, slices.Sorted(maps.Keys(Variables())))
}

// checkLabel says what is wrong with a word or two that WhatsApp shows on a button or in a list.
func checkLabel(text string, most int) string {
	if wrong := checkUnits(text, most); wrong != "" {
		return wrong
	}
	if wrong := checkLine(text, most); wrong != "" {
		return wrong
	}
	return checkVariables(text, nil)
}

// checkVariables wants a text to hold no variables but those that are known.
func checkVariables(text string, known []string) string {
	for _, v := range variable.FindAllString(text, -1) {
		switch {
		case slices.Contains(known, v):
		case len(known) == 0:
			return fmt.Sprintf("holds %s, but it takes no variables", short(v))
		default:
			return fmt.Sprintf("holds %s; known here: %s", short(v), strings.Join(known, ", "))
		}
	}
	if rest := variable.ReplaceAllString(text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return "holds {{ or }} without the other: variables are written such as " + ContactName
	}
	return ""
}
