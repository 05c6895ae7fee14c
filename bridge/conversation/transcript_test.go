package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestInOrder(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 23, 13, minute, 0, 0, time.UTC) }
	given := []conversation.Entry{
		{Text: "first of all"}, {At: at(3), Text: "late"}, {Text: "after late"}, {At: at(1), Text: "early"}, {At: at(1), Text: "early too"},
	}
	sorted := conversation.InOrder(given)
	var words []string
	for _, e := range sorted {
		words = append(words, e.Text)
	}
	if got := strings.Join(words, ", "); got != "early, early too, first of all, late, after late" {
		t.Errorf("in order: %s", got)
	}
	if !sorted[2].At.Equal(at(3)) || !sorted[4].At.Equal(at(3)) {
		t.Errorf("times %v and %v, want those of the lines around", sorted[2].At, sorted[4].At)
	}
	if !given[0].At.IsZero() || given[0].Text != "first of all" {
		t.Error("what was given has changed")
	}
	if _, places := conversation.Ordered(given); !slices.Equal(places, []int{3, 4, 0, 1, 2}) {
		t.Errorf("places %v", places)
	}
	if list, places := conversation.Ordered(given[3:]); !slices.Equal(places, []int{0, 1}) || list[0].Text != "early" {
		t.Errorf("in order already: %v %v", list, places)
	}
	if got := conversation.InOrder([]conversation.Entry{{Text: "a"}, {Text: "b"}}); got[0].Text != "a" || !got[1].At.IsZero() {
		t.Errorf("without any time: %+v", got)
	}
}

func TestDecodeEntries(t *testing.T) {
	t.Parallel()
	lines := [][]byte{[]byte(`{"at":"2026-11-23T13:00:00Z","x":"oi"}`), []byte(`{"at":`), []byte(`{"at":"2026-11-23T13:01:00Z","x":"alô"}`)}
	if got := conversation.DecodeEntries(lines); len(got) != 2 || got[0].Text != "oi" || got[1].Text != "alô" {
		t.Errorf("read %+v", got)
	}
}
