package whatsapp

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// boundary is how good a place is for cutting a text; higher is better.
type boundary int

const (
	atSpace boundary = iota
	atSentence
	atLine
	atParagraph
	boundaries
)

// SplitText cuts a text into pieces of at most limit UTF-16 units, in order.
//
// A text that fits stays as it is. Otherwise a cut is made at the end of a paragraph, a line or a sentence if one ends in the second
// half of the piece, else between words, else within a word but not within a character and its marks, as far as limit
// allows. White space at a cut is dropped, nothing else is. No piece is blank; a blank text has none. A limit below 2 counts
// as 2, the size of the largest character.
func SplitText(s string, limit int) []string {
	limit = max(limit, 2)
	var pieces []string
	for s != "" {
		end := fit(s, limit)
		if end < len(s) {
			end = cut(s, end)
		}
		piece := s[:end]
		s = s[end:]
		if s != "" {
			piece = strings.TrimRightFunc(piece, isBreak)
			s = strings.TrimLeftFunc(s, isBreak)
		}
		if strings.ContainsFunc(piece, func(r rune) bool { return !isBreak(r) }) {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// fit returns the length in bytes of the longest beginning of s within limit units.
func fit(s string, limit int) int {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit {
			return i
		}
	}
	return len(s)
}

// cut returns where the piece that may be as long as end is best ended. It is never 0.
func cut(s string, end int) int {
	var best [boundaries]int
	lines, last, start := 0, rune(0), 0
	for i, r := range s {
		if isBreak(r) {
			if lines < 0 {
				lines, start = 0, i
			}
			if start > 0 {
				if r == '\n' {
					lines++
				}
				best[quality(lines, last)] = start
			}
		} else {
			last, lines = r, -1
		}
		if i >= end {
			break
		}
	}
	for q := atParagraph; q > atSpace; q-- {
		if best[q] > end/2 {
			return best[q]
		}
	}
	if longest := max(best[atSpace], best[atSentence], best[atLine], best[atParagraph]); longest > 0 {
		return longest
	}
	return hardCut(s, end)
}

func quality(lines int, last rune) boundary {
	switch {
	case lines > 1:
		return atParagraph
	case lines == 1:
		return atLine
	case strings.ContainsRune(".!?…", last):
		return atSentence
	}
	return atSpace
}

// isBreak reports whether a text may be cut at r: white space that is not meant to hold words together.
func isBreak(r rune) bool {
	switch r {
	case '\u00a0', '\u2007', '\u202f':
		return false
	}
	return unicode.IsSpace(r)
}

const joiner = '\u200d'

// hardCut moves end back to where no character is parted from its marks, modifiers or what it is joined with; when there is no such
// place it stays.
func hardCut(s string, end int) int {
	next, _ := utf8.DecodeRuneInString(s[end:])
	for at := end; at > 0; {
		before, size := utf8.DecodeLastRuneInString(s[:at])
		if !clings(next) && before != joiner {
			return at
		}
		next = before
		at -= size
	}
	return end
}

// clings reports whether r belongs to the character before it.
func clings(r rune) bool {
	return r == joiner || unicode.Is(unicode.M, r) || r >= 0x1F3FB && r <= 0x1F3FF
}
