package inbound

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what strangers write, in characters, and in bytes for a whole message: longer than WhatsApp lets anybody write.
const (
	mostName    = 100
	mostWord    = 120
	mostLink    = 500
	mostMessage = 24_000
)

// SafeName is a name that strangers chose, fit for a user's name in Zendesk, where it also ends up in exports: on one line of at
// most 100 characters, without control characters and those that turn the direction of writing, and without the characters at
// its beginning that a spreadsheet takes for a formula. It is "" when nothing is left that people would see.
func SafeName(name string) string {
	if safeAlready(name) {
		return name
	}
	const room = 10 // times as much as is kept: most of it may be invisible
	name = strings.Join(strings.Fields(strings.Map(shown, start(name, room*mostName))), " ")
	name = strings.TrimLeftFunc(name, func(c rune) bool { return c == ' ' || joins(c) || formula(c) })
	if n := utf8.RuneCountInString(name); n > mostName {
		name = string([]rune(name)[:mostName])
	}
	name = strings.TrimRight(name, " "+string(joiner)+string(nonJoiner))
	if !strings.ContainsFunc(name, func(c rune) bool { return !joins(c) && !unicode.Is(unicode.Mn, c) }) {
		return ""
	}
	return name
}

// safeAlready tells of the names that most people have that SafeName would change nothing.
func safeAlready(name string) bool {
	if name == "" || len(name) > mostName {
		return name == ""
	}
	space := true
	for i, c := range name {
		switch {
		case c == ' ':
			if space {
				return false
			}
		case i == 0 && formula(c), !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsPunct(c), blank(c):
			return false
		}
		space = c == ' '
	}
	return !space
}

// formula tells whether a spreadsheet would compute a text that begins so.
//
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func formula(c rune) bool { return strings.ContainsRune("=+-@＝＋－＠", c) }

// shown maps what could do harm or can't be seen within a word: white space and blank letters to a space, control and format
// characters to nothing, but for those that join emoji.
func shown(c rune) rune {
	switch {
	case unicode.IsSpace(c), blank(c), unicode.Is(unicode.Cc, c):
		return ' '
	case joins(c):
		return c
	case unicode.Is(unicode.Cf, c):
		return -1
	}
	return c
}

// What joins emoji, and letters of some scripts, or parts them.
const joiner, nonJoiner = '\u200d', '\u200c'

// joins tells of characters that are seen only through their neighbours.
func joins(c rune) bool {
	const (
		firstStyle, lastStyle = '\ufe00', '\ufe0f'         // such as that of coloured emoji
		firstTag, lastTag     = '\U000e0020', '\U000e007f' // such as those of flags
	)
	return c == nonJoiner || c == joiner || c >= firstStyle && c <= lastStyle || c >= firstTag && c <= lastTag
}

// blank tells of letters and symbols that leave a blank: people use them to have no name.
func blank(c rune) bool { return strings.ContainsRune("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", c) }

// readable takes control characters out of a text, and writes its line breaks as people's programs do.
func readable(s string) string {
	if strings.IndexFunc(s, odd) < 0 {
		return s
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\u2028' || c == '\u2029' || c == '\u0085':
			return '\n'
		case odd(c):
			return -1
		}
		return c
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

func odd(c rune) bool {
	return c != '\n' && c != '\t' && (c < ' ' || c >= '\u007f' && c <= '\u009f' || c == '\u2028' || c == '\u2029')
}

// quoted shows a word of the peer's on one line.
func quoted(s string) string { return "“" + oneLine(s) + "”" }

// oneLine takes line breaks, other control characters and those that turn the direction of writing out of a hostile word and
// shortens it.
func oneLine(s string) string { return shortLine(s, mostWord) }

// shortLine is oneLine with another bound, in characters.
func shortLine(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return c
	}, start(s, most+1))
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// start is enough of a text to hold so many characters of it: nobody works through a hostile one to its end.
func start(s string, characters int) string { return cut(s, characters*utf8.UTFMax) }

// cut is at most so many bytes of a text, whole characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// bounded cuts a whole message that no comment could hold.
func bounded(s string) string {
	if len(s) <= mostMessage {
		return s
	}
	return strings.TrimSpace(cut(s, mostMessage)) + "…\n(mensagem longa demais: o restante não é mostrado)"
}

// link shows an address of the peer's, "" for what is none.
func link(address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return ""
	}
	if len(address) > mostLink || strings.ContainsFunc(address, func(c rune) bool { return c <= ' ' || c >= '\u007f' }) {
		return ""
	}
	return address
}

// lines joins what is not empty.
func lines(parts ...string) string { return joined("\n", parts) }

// joined is what is not empty, with something between.
func joined(between string, parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between)
		}
		b.WriteString(p)
	}
	return b.String()
}
