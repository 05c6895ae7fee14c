package settings

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fill puts values into a text for customers, by variable. A variable whose value is blank leaves no hole in the sentence:
//
//   - in brackets, it takes what is in the brackets along;
//   - ContactName goes with the comma or space before it, or, where it begins a sentence, with those after it;
//   - any other one takes its sentence along, and a line on which nothing is left.
//
// A sentence ends in . ! ? or … before a space, or with its line. Values are put in as they are: what looks like a variable in one
// is not filled. What is neither one of Variables nor among the values stays as it is.
func Fill(text string, values map[string]string) string {
	known := Variables()
	empty := func(name string) bool {
		value, given := values[name]
		_, is := known[name]
		return (given || is) && strings.TrimSpace(value) == ""
	}
	text = variable.ReplaceAllStringFunc(spare(text, empty), func(name string) string {
		if value, given := values[name]; given {
			return value
		}
		return name
	})
	return strings.TrimSpace(text)
}

// spare takes empty variables out of a text, line by line; no two blank lines follow each other because of that.
func spare(text string, empty func(string) bool) string {
	var kept []string
	dropped := false
	for line := range strings.SplitSeq(text, "\n") {
		left := line
		if holds(line, empty) {
			left = spareLine(line, empty)
		}
		blank := strings.TrimSpace(left) == ""
		switch {
		case blank && left != line:
			dropped = true
			continue
		case blank && dropped && (len(kept) == 0 || strings.TrimSpace(kept[len(kept)-1]) == ""):
			continue
		case !blank:
			dropped = false
		}
		kept = append(kept, left)
	}
	return strings.Join(kept, "\n")
}

// holds tells whether a text holds an empty variable.
func holds(text string, empty func(string) bool) bool {
	return slices.ContainsFunc(variable.FindAllString(text, -1), empty)
}

func spareLine(line string, empty func(string) bool) string {
	var left strings.Builder
	for _, s := range sentences(line) {
		if holds(s, empty) {
			s = spareSentence(s, empty)
		}
		left.WriteString(s)
	}
	return strings.TrimRight(left.String(), " ")
}

var brackets = regexp.MustCompile(` ?\([^()]*\)`)

// spareSentence takes empty variables out of a sentence, or gives "" where it can't do without them.
func spareSentence(s string, empty func(string) bool) string {
	s = brackets.ReplaceAllStringFunc(s, func(in string) string {
		if holds(in, empty) {
			return ""
		}
		return in
	})
	if empty(ContactName) {
		s = withoutName(s)
	}
	if holds(s, empty) || !strings.ContainsFunc(s, speaks) {
		return ""
	}
	return s
}

// speaks tells what says something from what only divides or decorates.
func speaks(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// withoutName takes the customer's name out of a sentence, with WhatsApp's marks around it.
func withoutName(s string) string {
	for {
		before, after, ok := strings.Cut(s, ContactName)
		if !ok {
			return s
		}
		for before != "" && after != "" && before[len(before)-1] == after[0] && strings.IndexByte("*_~", after[0]) >= 0 {
			before, after = before[:len(before)-1], after[1:]
		}
		if strings.ContainsFunc(before, speaks) {
			s = strings.TrimSuffix(strings.TrimRight(before, " "), ",") + after
			continue
		}
		s = before + capital(strings.TrimLeft(after, ", "))
	}
}

// capital begins with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// ending is where a sentence may end.
var ending = regexp.MustCompile(`[.!?…]+[)"”*_~]*\s+`)

// sentences cuts a line into its sentences, each with the space after it; the number of a list's line is none.
func sentences(line string) []string {
	var all []string
	begun := 0
	for _, at := range ending.FindAllStringIndex(line, -1) {
		if strings.ContainsFunc(line[begun:at[1]], unicode.IsLetter) {
			all = append(all, line[begun:at[1]])
			begun = at[1]
		}
	}
	return append(all, line[begun:])
}
