package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// newestWords is the newest message in a transcript, as people read it.
func newestWords(entries []conversation.Entry) (text string, delivery conversation.DeliveryState) {
	for _, m := range slices.Backward(transcript.Fold(entries)) {
		if m.Kind == transcript.KindMessage && m.Author != "" {
			if n := len(m.Edits); n > 0 {
				m.Text = m.Edits[n-1].Text
			}
			return m.Text, m.Delivery
		}
	}
	return "", ""
}

// TestEndOf wants the newest words at the end of a transcript to be those of all of it.
func TestEndOf(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(11, 12))
	shorter := 0
	for range 2000 {
		var all []conversation.Entry
		for j := range rnd.IntN(9) {
			e := conversation.Entry{At: noon().Add(time.Duration(j) * time.Second)}
			before := fmt.Sprint("m", max(j-1-rnd.IntN(2), 0))
			switch rnd.IntN(7) {
			case 0:
				e.Author, e.Message, e.Type, e.Text = conversation.AuthorCustomer, fmt.Sprint("m", j), "text", fmt.Sprint("words ", j)
			case 1:
				e.Author, e.Message, e.Effect, e.Text, e.Delivery = conversation.AuthorAgent, fmt.Sprint("m", j), fmt.Sprint("e", j), fmt.Sprint("answer ", j), conversation.DeliveryQueued
			case 2:
				e.Message, e.Delivery = before, conversation.DeliveryRead
			case 3:
				e.State = conversation.StateActive
			case 4:
				e.Author, e.Type, e.Text, e.Private = conversation.AuthorAgent, "note", "a note", true
			case 5:
				e.Author, e.Type, e.Re, e.Message, e.Text = conversation.AuthorCustomer, "reaction", before, fmt.Sprint("r", j), "👍"
			case 6:
				e.Author, e.Text = conversation.AuthorPonte, "a notice"
			}
			all = append(all, e)
		}
		var lines []string
		for _, e := range all {
			raw, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(raw))
		}
		end := endOf(append(lines, "{broken"))
		if len(end) < len(all) {
			shorter++
		}
		text, state := newestWords(end)
		wantText, wantState := newestWords(all)
		if text == "👍" || wantText == "👍" { // of a reaction without its message either may be left
			continue
		}
		if text != wantText || state != wantState {
			t.Fatalf("%q %s, want %q %s, of %+v", text, state, wantText, wantState, all)
		}
	}
	if shorter < 500 {
		t.Errorf("%d ends are shorter than all there is", shorter)
	}
}
