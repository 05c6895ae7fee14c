package bot

import (
	"slices"
	"strings"
)

// talkID is the id of the option that leads to people.
const talkID = "talk"

// longestWish is how many words a sentence may have in which the mere word "atendente", or "falar com" alone, is such a wish.
const longestWish = 8

// asksForPeople tells whether the customer wants to talk to people; talk is the title of the option for that. In a long sentence
// it takes words such as "falar com" and a word for people, wherever they stand.
func asksForPeople(text, talk string) bool {
	wish := plain(text)
	if wish == "" {
		return false
	}
	if wish == plain(talk) {
		return true
	}
	words := strings.Fields(wish)
	speaks := slices.ContainsFunc(ways(), func(way string) bool { return holds(wish, way) })
	if len(words) <= longestWish {
		return speaks || slices.ContainsFunc(words, attendant)
	}
	return speaks && slices.ContainsFunc(words, anybody)
}

// ways are the words with which people ask for people.
func ways() []string {
	return []string{"falar com", "falar ao", "conversar com", "falar c", "talk to", "talk with", "speak to", "speak with", "chat with"}
}

// attendant tells whether a word alone means people of the company.
func attendant(word string) bool {
	switch word {
	case "atendente", "atendentes", "humano", "humana", "agent", "human":
		return true
	}
	return false
}

// anybody tells whether a word names people of the company, after a word such as "falar com".
func anybody(word string) bool {
	switch word {
	case "pessoa", "pessoas", "alguem", "analista", "operador", "operadora", "suporte", "consultor", "consultora", "gente", "vivo",
		"person", "people", "someone", "somebody", "operator", "support", "representative":
		return true
	}
	return attendant(word)
}

// holds tells whether words stand in a plain text, whole and in that order.
func holds(text, words string) bool { return strings.Contains(" "+text+" ", " "+words+" ") }
