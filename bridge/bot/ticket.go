package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// longestTicket is how many digits a ticket's number may have.
const longestTicket = 12

// findTicket is the ticket's number in a text, 0 when there is none, or more than one could be it. Numbers after a word or mark for
// a ticket come before others.
func findTicket(text string) int64 {
	var called, all []int64
	after := false // such a word or mark
	for _, word := range strings.FieldsFunc(text, between) {
		head := strings.TrimRightFunc(word, func(r rune) bool { return r >= '0' && r <= '9' || r == '.' }) // what adjoins a number
		if head != "" && !linking(plain(head)) || calls(head) {
			after = calls(head)
		}
		n := ticketNumber(word[len(head):])
		if n == 0 || head != "" && !calls(head) {
			continue
		}
		if after && !slices.Contains(called, n) {
			called = append(called, n)
		}
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
		after = false
	}
	for _, list := range [][]int64{called, all} {
		if len(list) == 1 {
			return list[0]
		}
	}
	return 0
}

// between tells what stands between words here: neither the marks of dates and codes nor those of thousands.
func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;:!?()[]{}<>\"'“”*_~`", r)
}

// calls tells whether a word or mark says that a ticket's number follows.
func calls(word string) bool {
	if strings.HasSuffix(word, "#") {
		return true
	}
	switch plain(word) {
	case "chamado", "chamados", "ticket", "tickets", "tiquete", "protocolo", "numero", "num", "n", "no", "nr", "number", "atendimento":
		return true
	}
	return false
}

// linking tells whether a word may stand between the word for a ticket and its number.
func linking(word string) bool {
	switch word {
	case "", "de", "do", "e", "eh", "o", "is", "the", "of":
		return true
	}
	return false
}

// ticketNumber reads digits, with points between thousands or one at the end; 0 for anything else.
func ticketNumber(s string) int64 {
	groups := strings.Split(strings.TrimRight(s, "."), ".")
	for i, g := range groups {
		if g == "" || i > 0 && len(g) != 3 {
			return 0
		}
	}
	digits := strings.Join(groups, "")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || len(digits) > longestTicket {
		return 0
	}
	return n
}
