package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const faqPrefix = "faq:"

// hits is the questions that were offered; one that is gone from the settings is left out.
func (t *turn) hits() []option {
	var all []option
	for _, i := range t.m.Hits {
		if i >= 0 && i < len(t.Settings.Bot.FAQ) && len(all) < mostRows-1 {
			question := cmp.Or(t.fill(t.Settings.Bot.FAQ[i].Question), strconv.Itoa(i+1))
			all = append(all, option{id: faqPrefix + strconv.Itoa(i), name: question})
		}
	}
	return all
}

// answerFAQ takes the customer's question.
func (t *turn) answerFAQ(picked, text string) {
	if t.elsewhere(picked, text) {
		return
	}
	t.keep(text)
	if !t.search(text) {
		t.because("faq: nothing found")
		t.say(t.fill(t.says.NoFAQ))
		t.menu(t.says.Menu)
	}
}

// answerFAQHits takes one of the offered questions, or another one in words.
func (t *turn) answerFAQHits(picked, text string) {
	if i, err := strconv.Atoi(strings.TrimPrefix(picked, faqPrefix)); err == nil && strings.HasPrefix(picked, faqPrefix) {
		t.answer(i)
		return
	}
	if t.elsewhere(picked, text) {
		return
	}
	tries := t.m.Tries
	if tries+1 < mostMisunderstood && t.search(text) {
		t.keep(text)
		if t.m.Step == conversation.BotFAQHits {
			t.m.Tries = tries + 1
		}
		return
	}
	t.misunderstood(text, func() {
		if list := t.hits(); len(list) > 0 {
			t.offer(t.says.NotUnderstood, list)
			return
		}
		t.menu(t.says.NotUnderstood)
	})
}

// answer says an entry's answer and asks whether there is anything more.
func (t *turn) answer(i int) {
	t.because("faq: answered")
	t.m.Hits = nil
	t.say(t.fill(t.Settings.Bot.FAQ[i].Answer))
	t.anythingMore()
}

// search answers a question, or offers those that it may be; false when there is none.
func (t *turn) search(text string) bool {
	words := keywords(text)
	found := t.rank(words)
	switch {
	case len(found) == 0:
		return false
	case clearly(found, len(words)):
		t.answer(found[0].place)
		return true
	}
	t.m.Hits = nil
	for _, f := range found {
		if 2*f.score >= found[0].score && len(t.m.Hits) < mostRows-1 {
			t.m.Hits = append(t.m.Hits, f.place)
		}
	}
	t.because("faq: several found")
	t.ask(conversation.BotFAQHits)
	t.offer(t.says.Menu, t.hits())
	return true
}

// clearly tells whether the best entry is meant: no other comes near, or no other's question has all of the words.
func clearly(found []entry, words int) bool {
	best := found[0].score
	if best < inQuestion {
		return false
	}
	if len(found) == 1 {
		return true
	}
	next := found[1].score
	return best >= 2*next || best == words*inQuestion && next < best
}

// What a word of the customer counts.
const (
	inQuestion = 2
	inAnswer   = 1
)

// entry is an entry of the FAQ that has to do with what was asked.
type entry struct{ place, score int }

// rank is the entries that have to do with words, best first.
func (t *turn) rank(words []string) []entry {
	var all []entry
	for i, f := range t.Settings.Bot.FAQ {
		question, answer := keywords(f.Question), keywords(f.Answer)
		e := entry{place: i}
		for _, w := range words {
			alike := func(other string) bool { return same(w, other) }
			switch {
			case slices.ContainsFunc(question, alike):
				e.score += inQuestion
			case slices.ContainsFunc(answer, alike):
				e.score += inAnswer
			}
		}
		if e.score > 0 {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return b.score - a.score })
	return all
}

// leastStem is how many bytes of two words must be alike for them to be forms of one.
const leastStem = 5

// same tells whether two plain words are one, or forms of one: singular and plural, noun and verb.
func same(a, b string) bool {
	if strings.TrimSuffix(a, "s") == strings.TrimSuffix(b, "s") {
		return true
	}
	alike := 0
	for alike < min(len(a), len(b)) && a[alike] == b[alike] {
		alike++
	}
	return alike >= max(leastStem, min(len(a), len(b))-1)
}

// keywords is the words of a text that say something, plain, each once.
func keywords(text string) []string {
	var all []string
	for w := range strings.FieldsSeq(plain(text)) {
		if len(w) > 1 && !common(w) && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}
