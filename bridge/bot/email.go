package bot

import (
	"net/mail"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// checked goes on with a customer whose organisation has no pending.
func (t *turn) checked() {
	if t.Settings.Bot.AskEmail && t.Procedure.Email == "" {
		t.ask(conversation.BotEmail)
		t.say(t.fill(t.says.AskEmail))
		return
	}
	t.menu(t.says.Menu)
}

// mostEmails is how many wrong answers to the question for the e-mail address are enough.
const mostEmails = 2

// answerEmail takes an address, alone or in a sentence; the conversation goes on without one as well.
func (t *turn) answerEmail(text string) {
	email := findEmail(text)
	switch {
	case email != "":
		t.out.Email = email
		t.because("e-mail given")
	case declines(text):
		t.flag(conversation.FlagNoEmail)
		t.because("no e-mail to be had")
	default:
		if t.m.Tries++; t.m.Tries < mostEmails {
			t.keepUnlessAddress(text)
			t.m.Asked = t.Now
			t.because("no e-mail")
			t.say(t.fill(t.says.WrongEmail))
			return
		}
		t.keepUnlessAddress(text)
		t.flag(conversation.FlagNoEmail)
		t.because("no e-mail in so many tries")
	}
	t.menu(t.says.Menu)
}

// keepUnlessAddress keeps words that are about something else.
func (t *turn) keepUnlessAddress(text string) {
	if !strings.Contains(text, "@") {
		t.keep(text)
	}
}

// longestEmail is how long an address may be.
//
// Source: RFC 5321, section 4.5.3.1.3, less the angle brackets.
const longestEmail = 254

// findEmail is the first e-mail address in a text, "" when there is none: a bare one, whose domain has a point.
func findEmail(text string) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>()[],;:\"\u00a0", r) }) {
		word = strings.ToLower(strings.Trim(word, ".!?'*_~`"))
		a, err := mail.ParseAddress(word)
		if err != nil || a.Address != word || a.Name != "" || len(word) > longestEmail {
			continue
		}
		if domain := word[strings.LastIndexByte(word, '@')+1:]; strings.Contains(domain, ".") {
			return word
		}
	}
	return ""
}
