package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// lastWords is the newest of what customer and desk said to each other.
type lastWords struct {
	At       time.Time                  `json:"at"`
	Author   conversation.Author        `json:"author"`
	Text     string                     `json:"text,omitempty"`
	Type     string                     `json:"type,omitempty"`
	Delivery conversation.DeliveryState `json:"delivery,omitempty"`
}

// mostPreview is how much of the newest words is shown, in characters.
const mostPreview = 120

// lastOf finds the newest words at the end of a transcript: what customer and desk said to each other, an agent's note where there is
// nothing else; nil where there is neither.
func lastOf(end []conversation.Entry) *lastWords {
	messages := transcript.Fold(end)
	slices.Reverse(messages)
	for _, kind := range []transcript.Kind{transcript.KindMessage, transcript.KindNote} {
		i := slices.IndexFunc(messages, func(m transcript.Message) bool {
			return m.Kind == kind && m.Author != "" && !m.At.IsZero() && (kind == transcript.KindMessage || m.Author == conversation.AuthorAgent)
		})
		if i >= 0 {
			return wordsOf(messages[i])
		}
	}
	return nil
}

// Said tells whether an entry is words of customer or desk, before which nothing need be read to find the newest ones.
func Said(e conversation.Entry) bool {
	switch e.Type {
	case "reaction", "edit", "revoke", "file":
		return false
	}
	notice := e.Author == conversation.AuthorPonte && e.Effect == "" && e.Message == "" && e.Comment == 0
	return e.Author != "" && !e.At.IsZero() && !e.Private && !notice && e.State == conversation.StateNone && (e.Text != "" || e.File != nil)
}

// wordsOf is a message as lists show it.
func wordsOf(m transcript.Message) *lastWords {
	text := m.Text
	if n := len(m.Edits); n > 0 {
		text = m.Edits[n-1].Text
	}
	w := &lastWords{At: m.At, Author: m.Author, Type: m.Type, Delivery: m.Delivery, Text: beginning(text)}
	if w.Text == "" && len(m.Files) > 0 {
		w.Text, w.Type = beginning(m.Files[0].Name), cmp.Or(m.Type, m.Files[0].Kind)
	}
	return w
}

// beginning is the beginning of a text, on one line.
func beginning(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > mostPreview {
		return string(runes[:mostPreview-1]) + "…"
	}
	return text
}
