package bot

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Limits of WhatsApp, in UTF-16 units, which is the count that is never too small.
//
// Sources, below https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/: text-messages,
// interactive-reply-buttons-messages and interactive-list-messages.
const (
	longestText        = 4096
	longestBody        = 1024 // above buttons; a list takes more
	longestButton      = 20   // the one that opens a list, too
	longestTitle       = 24   // of a list's row
	longestDescription = 72
	mostButtons        = 3
	mostRows           = 10
)

// completed is a number's texts; those that the script can't do without are the language's own where they are empty.
func completed(s, own settings.Says) settings.Says {
	for _, text := range []struct {
		have *string
		own  string
	}{
		{&s.AskCNPJ, own.AskCNPJ},
		{&s.WrongCNPJ, own.WrongCNPJ},
		{&s.Choose, own.Choose},
		{&s.AskEmail, own.AskEmail},
		{&s.WrongEmail, own.WrongEmail},
		{&s.Menu, own.Menu},
		{&s.MenuButton, own.MenuButton},
		{&s.Talk, own.Talk},
		{&s.NotUnderstood, own.NotUnderstood},
		{&s.AskFAQ, own.AskFAQ},
		{&s.NoFAQ, own.NoFAQ},
		{&s.AskPosition, own.AskPosition},
		{&s.Position, own.Position},
		{&s.PositionOpen, own.PositionOpen},
		{&s.PositionDone, own.PositionDone},
		{&s.NoPosition, own.NoPosition},
	} {
		if strings.TrimSpace(*text.have) == "" {
			*text.have = text.own
		}
	}
	return s
}

// fill puts what is known into a text; more is variables and their values in turn.
func (t *turn) fill(text string, more ...string) string {
	known := map[string]string{
		"{{atendimento.numero}}": t.Procedure.Number,
		"{{contato.nome}}":       t.Contact.Name,
	}
	if o := t.Procedure.Organization; o != nil {
		known["{{organizacao.nome}}"] = o.Name
	}
	for i := 0; i+1 < len(more); i += 2 {
		known[more[i]] = more[i+1]
	}
	return settings.Fill(text, known)
}

// say tells the customer a text, in as many messages as it takes; an empty one is not sent.
func (t *turn) say(text string) {
	for _, piece := range pieces(text, longestText) {
		t.out.Say = append(t.out.Say, conversation.Send{Text: piece, Automatic: true})
	}
}

// pieces divides a text into messages, at the ends of lines or words where there are any.
func pieces(text string, most int) []string {
	var all []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		piece := firstUnits(text, most)
		if len(piece) < len(text) {
			for _, end := range []string{"\n\n", "\n", " "} {
				if i := strings.LastIndex(piece, end); i > len(piece)/2 {
					piece = piece[:i]
					break
				}
			}
		}
		text = text[len(piece):]
		if piece = strings.TrimSpace(piece); piece != "" {
			all = append(all, piece)
		}
	}
	return all
}

// units is a text's length as WhatsApp may count it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// firstUnits is the beginning of a text that has so many units.
func firstUnits(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += unitsOf(r); n > most {
			return s[:i]
		}
	}
	return s
}

// longestSaid is how many runes of one message are kept.
const longestSaid = 300

// kept is as much of a text as is kept.
func kept(s string) string {
	n := 0
	for i := range s {
		if n++; n > longestSaid {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// short is a text that fits, with an ellipsis where it was too long.
func short(s string, most int) string {
	if units(s) <= most {
		return s
	}
	return strings.TrimSpace(firstUnits(s, most-1)) + "…"
}

// plain is a text as it is compared: small, without accents, its words divided by single spaces, nothing else in it.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFKD.String(s))
	return strings.Join(strings.Fields(s), " ")
}
