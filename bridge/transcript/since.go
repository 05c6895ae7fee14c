package transcript

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Since folds a log and returns what is new to somebody who knows the fold of its first lines: the messages that are another than they
// were, in order, each with a Rev above lines, and the keys of those that are no message of their own any more. Whoever puts the
// messages into a map by Key, takes the others out of it, and sorts by At, then Place, has the fold of the whole log. With no lines
// known everything is new.
func Since(entries []conversation.Entry, lines int) (messages []Message, gone []string) {
	whole := Fold(entries)
	if lines <= 0 || lines > len(entries) {
		return whole, nil
	}
	before := map[string]Message{}
	for _, m := range Fold(entries[:lines]) {
		before[m.Key] = m
	}
	for _, m := range whole {
		known, ok := before[m.Key]
		delete(before, m.Key)
		if ok && m.Rev <= lines && reflect.DeepEqual(known, m) {
			continue
		}
		if m.Rev <= lines { // it changed by what became of another one
			m.Rev = len(entries)
		}
		messages = append(messages, m)
	}
	return messages, slices.Sorted(maps.Keys(before))
}

// Present is a message's present wording, and Original its first one when that is another.
func (m Message) Present() (text, original string) {
	if n := len(m.Edits); n > 0 {
		return m.Edits[n-1].Text, m.Text
	}
	switch m.Type {
	case typeReaction:
		return emoji(m.Text), ""
	case typeEdit:
		return strings.TrimPrefix(m.Text, editedBefore), ""
	}
	return m.Text, ""
}

// Audit tells whether a message is about what the auditor found.
func (m Message) Audit() bool { return m.Type == typeVerdict || m.Type == typeOverruled }

// Why is a message's reason in words for people: what the log names by code words is told in the language.
func (m Message) Why(l Language) string { return known(labelsOf(l).reasons, m.Reason) }

// Standing lists the reactions that stand.
func (m Message) Standing() []Reaction {
	var list []Reaction
	for _, r := range m.Reactions {
		if r.Until.IsZero() {
			list = append(list, r)
		}
	}
	return list
}
