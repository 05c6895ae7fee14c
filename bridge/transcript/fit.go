package transcript

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fit cuts a transcript in plain text to at most limit bytes: whole lines of its beginning and of its end stay, and a line between
// them says in the language given how many are in the attached file. cut tells whether anything was left out. Where not even one
// line fits, the beginning of the first is kept.
func Fit(s string, limit int, language Language) (short string, cut bool) {
	if len(s) <= limit {
		return s, false
	}
	l := labelsOf(language)
	lines := strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	room := limit - len(l.lines(len(lines))) - len("\n")
	from, to := keep(lines, room)
	if from == 0 && to == len(lines) || room < 0 {
		return head(s, limit, l), true
	}
	return strings.Join(lines[:from], "") + l.lines(to-from) + "\n" + strings.Join(lines[to:], ""), true
}

// keep chooses the first lines and the last ones that fit into room bytes together: half of it for the beginning, and the rest for
// the end. Lines from the first number up to the second are left out.
func keep(lines []string, room int) (from, to int) {
	to = len(lines)
	left := room
	for from < to && len(lines[from]) <= left-room/2 {
		left -= len(lines[from])
		from++
	}
	for to > from && len(lines[to-1]) <= left {
		to--
		left -= len(lines[to])
	}
	for from < to && len(lines[from]) <= left {
		left -= len(lines[from])
		from++
	}
	return from, to
}

// lines is the line that stands in the place of n others.
func (l labels) lines(n int) string {
	if n == 1 {
		return l.cutOne
	}
	return fmt.Sprintf(l.cut, n)
}

// head is the beginning of a text that has no line short enough, in at most limit bytes.
func head(s string, limit int, l labels) string {
	end := limit - len(l.cutText) - len("\n")
	if end <= 0 {
		return strings.ToValidUTF8(s[:max(0, limit)], "")
	}
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "\n" + l.cutText
}
