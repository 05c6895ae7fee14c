package transcript

import (
	"strings"
	"unicode"
)

// oneLine makes a name or the like safe to stand within a line: line breaks, other control characters and those that turn the
// direction of writing become spaces, and several spaces one.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

// lineBreaks are all ways in which Unicode ends a line.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// body makes a text safe to be shown on lines of its own: its line breaks become "\n", and control characters and those that force
// a direction of writing "\ufffd".
func body(s string) string {
	s = lineBreaks.Replace(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r), r == '\u202d', r == '\u202e':
			return unicode.ReplacementChar
		}
		return r
	}, s)
	return strings.TrimRight(s, "\n")
}

// short cuts a text to at most limit characters, "…" included, and not within a character that is made of several.
func short(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	end := limit - 1
	for end > 0 && within(r[end-1], r[end]) {
		end--
	}
	return strings.TrimRight(string(r[:end]), " ") + "…"
}

// zwj joins emoji to one.
const zwj = '\u200d'

// within tells whether two characters are shown as one.
func within(before, r rune) bool {
	return before == zwj || r == zwj || unicode.Is(unicode.M, r) || modifier(r) || regional(before) && regional(r)
}

// modifier tells whether a character is the colour of skin of the emoji before it.
func modifier(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// regional tells whether a character is a half of a flag.
func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// mostName is how much of a name is shown, in characters.
const mostName = 120

// personName is the name of a person as it is shown, "" when nothing of it could be seen. It loses its colons, because what
// follows one are the words of whoever is named before.
func personName(s string) string {
	if !strings.ContainsFunc(s, visible) {
		return ""
	}
	return name(strings.Map(func(r rune) rune {
		if r == ':' || r == '\uff1a' || r == '\ua789' || r == '\u2236' {
			return ' '
		}
		return r
	}, s))
}

// name is what somebody called something, on one line.
func name(s string) string { return short(oneLine(s), mostName) }

// visible tells whether a character leaves a mark. Some letters are made to leave none.
func visible(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.M, r)
}

// fileName is a file's name as it is shown. A long one keeps its extension.
func fileName(s string) string {
	s = oneLine(s)
	dot := strings.LastIndexByte(s, '.')
	if r := []rune(s); len(r) <= mostName || dot < 0 || len(s)-dot > 10 {
		return short(s, mostName)
	}
	return short(s[:dot], mostName-(len(s)-dot)) + s[dot:]
}
