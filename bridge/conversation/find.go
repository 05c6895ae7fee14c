package conversation

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

// mostFound is how much of a name is kept to find a conversation by, in bytes once it is folded.
const mostFound = 80

// FindText is what the thread's newest conversation is found by, folded: words of the names of contact and company, the digits of phone,
// CNPJ and ticket, and the attendance number, each once, with spaces between them. It is "" when there is no conversation.
func (t Thread) FindText() string {
	c := t.Conversation
	if c == nil {
		return ""
	}
	var words []string
	add := func(text string) {
		for word := range strings.FieldsSeq(within(folded(text), mostFound)) {
			if !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	add(t.Contact.Name)
	add(t.Contact.Username)
	p := c.Procedure
	cnpj := ""
	if p.Bot != nil {
		cnpj = p.Bot.CNPJ
	}
	if o := p.Organization; o != nil {
		add(o.Name)
		cnpj = o.CNPJ
	}
	add(brazil.CanonicalPhone(t.Contact.WaID))
	add(t.Contact.WaID)
	add(cnpj)
	if c.Ticket.ID != 0 {
		add(strconv.FormatInt(c.Ticket.ID, 10))
	}
	add(p.Number)
	return strings.Join(words, " ")
}

// within cuts a folded text to at most so many bytes, between characters.
func within(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xC0 == 0x80 {
		most--
	}
	return text[:most]
}

// folded is a text as it is searched: letters and digits in lower case without accents, with single spaces between words; other signs
// are left out, so that "12.345-6" is "123456".
func folded(text string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Wanted is what is searched: all words must occur in a text, each in one of its forms.
type Wanted [][]string

// leastWanted is the shortest search, in characters.
const leastWanted = 2

// mostWanted is how many words are searched; more add nothing.
const mostWanted = 8

// ParseWanted reads what people type. It is empty when that is too little to search: nothing is found then. Digits may have signs and
// spaces between them, and a Brazilian mobile may lack its ninth digit.
func ParseWanted(typed string) Wanted {
	text := folded(typed)
	if digits := strings.ReplaceAll(text, " ", ""); digits != "" && strings.Trim(digits, "0123456789") == "" {
		text = digits // one number, however it is written
	}
	if len([]rune(strings.ReplaceAll(text, " ", ""))) < leastWanted {
		return nil
	}
	var w Wanted
	for word := range strings.FieldsSeq(text) {
		if len(w) == mostWanted {
			break
		}
		w = append(w, forms(word))
	}
	return w
}

// forms are those in which a word may occur: a number that could be an old mobile's also with its ninth digit.
func forms(word string) []string {
	const country = "55"
	list := []string{word}
	for _, head := range []string{"", country} {
		whole := head + word
		if with := brazil.CanonicalPhone(whole); with != whole {
			list = append(list, strings.TrimPrefix(with, head))
		}
	}
	return list
}

// Part is the longest string that occurs in every text that is found.
func (w Wanted) Part() string {
	longest := ""
	for _, forms := range w {
		part := forms[0]
		for _, form := range forms[1:] {
			part = commonEnd(part, form)
		}
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// commonEnd is how both strings end.
func commonEnd(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return a[len(a)-n:]
}

// In tells whether a text is found.
func (w Wanted) In(text string) bool {
	for _, forms := range w {
		if !slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			return false
		}
	}
	return len(w) > 0
}
