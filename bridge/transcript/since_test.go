package transcript_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// screen is what a reader who asks again and again knows.
type screen struct {
	lines    int
	messages map[string]transcript.Message
}

// read asks for what is new of the first lines of a log.
func (s *screen) read(entries []conversation.Entry) {
	changed, gone := transcript.Since(entries, s.lines)
	for _, key := range gone {
		delete(s.messages, key)
	}
	for _, m := range changed {
		s.messages[m.Key] = m
	}
	s.lines = len(entries)
}

// list is what the reader shows.
func (s *screen) list() []transcript.Message {
	list := make([]transcript.Message, 0, len(s.messages))
	for _, m := range s.messages {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b transcript.Message) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Place, b.Place)) })
	return list
}

// sameMessages compares all but when a message changed last, which a reader who knows less may be told later.
func sameMessages(want, got []transcript.Message) string {
	return gocmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(transcript.Message{}, "Rev"),
		cmpopts.IgnoreUnexported(transcript.Reaction{}, transcript.Edit{}, transcript.Quote{}))
}

// However a log is cut into pieces, whoever reads them one after the other knows what the whole of it says.
func TestDeltasAreTheWhole(t *testing.T) {
	t.Parallel()
	check := func(t interface {
		Helper()
		Fatalf(string, ...any)
	}, entries []conversation.Entry, cuts []int,
	) {
		t.Helper()
		s := screen{messages: map[string]transcript.Message{}}
		for _, cut := range append(cuts, len(entries)) {
			before := s.lines
			changed, _ := transcript.Since(entries[:cut], s.lines)
			for _, m := range changed {
				if m.Rev <= before || m.Rev > cut {
					t.Fatalf("rev %d of %q between %d and %d lines", m.Rev, m.Key, before, cut)
				}
			}
			s.read(entries[:cut])
		}
		if diff := sameMessages(transcript.Fold(entries), s.list()); diff != "" {
			t.Fatalf("cut at %v (-whole +read):\n%s", cuts, diff)
		}
	}
	golden := everything()
	for cut := range golden {
		check(t, golden, []int{cut})
	}
	each := make([]int, len(golden))
	for i := range each {
		each[i] = i
	}
	check(t, golden, each)
	rapid.Check(t, func(t *rapid.T) {
		entries := anything().Draw(t, "entries")
		cuts := rapid.SliceOfN(rapid.IntRange(0, len(entries)), 0, 6).Draw(t, "cuts")
		slices.Sort(cuts)
		check(t, entries, cuts)
	})
}

// A message has one name in its log, from its first line on, and no two have the same.
func TestKeys(t *testing.T) {
	t.Parallel()
	reply := to(1, "4", "oi")
	reply.Command = "cmd-00000001"
	lines := []conversation.Entry{
		from(0, "w1", "text", "bom dia"), reply,
		{At: at(2), State: conversation.StateActive},
		status(2, "4", "o4", conversation.DeliverySent, ""),
		{At: at(3), Author: conversation.AuthorAgent, Type: "note", Private: true, Text: "ver", Command: "cmd-00000002"},
		answering(from(4, "w2", "text", "sim"), "o4"), answering(from(5, "w3", "reaction", "👍"), "o4"),
		status(6, "4", "o4", conversation.DeliveryRead, ""),
	}
	type name struct {
		Key, Command string
		Place, Rev   int
	}
	tests := []struct {
		lines int
		want  []name
	}{
		{1, []name{{"w1", "", 0, 1}}},
		{2, []name{{"w1", "", 0, 1}, {"e4", "cmd-00000001", 1, 2}}},
		{4, []name{{"w1", "", 0, 1}, {"e4", "cmd-00000001", 1, 4}, {"l2", "", 2, 3}}},
		{8, []name{{"w1", "", 0, 1}, {"e4", "cmd-00000001", 1, 8}, {"l2", "", 2, 3}, {"l4", "cmd-00000002", 4, 5}, {"w2", "", 5, 6}}},
	}
	for _, tt := range tests {
		var got []name
		for _, m := range transcript.Fold(lines[:tt.lines]) {
			got = append(got, name{m.Key, m.Command, m.Place, m.Rev})
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("after %d lines (-want +got):\n%s", tt.lines, diff)
		}
	}
	changes := []conversation.Entry{
		from(0, "w1", "text", "um"), answering(from(1, "w2", "edit", "dois"), "w1"), answering(from(2, "w3", "reaction", "👍"), "w1"),
		answering(from(3, "w4", "revoke", ""), "w1"), file(4, "w1", conversation.File{ID: "w1", Name: "a.png"}, ""),
	}
	for n := 1; n <= len(changes); n++ {
		if got := transcript.Fold(changes[:n]); len(got) != 1 || got[0].Rev != n {
			t.Errorf("after %d changes: %+v", n, got)
		}
	}
	if q := transcript.Fold(lines)[4].Quote; q == nil || q.Key != "e4" {
		t.Errorf("the quote names %+v", q)
	}
	rapid.Check(t, func(t *rapid.T) {
		known := map[string]bool{}
		for _, m := range transcript.Fold(anything().Draw(t, "entries")) {
			if m.Key == "" || known[m.Key] {
				t.Fatalf("key %q twice", m.Key)
			}
			known[m.Key] = true
		}
	})
}

func TestSince(t *testing.T) {
	t.Parallel()
	lines := []conversation.Entry{
		answering(from(3, "w2", "reaction", "👍"), "w1"), to(4, "1", "oi"), from(1, "w1", "text", "bom dia"), status(5, "1", "o1", conversation.DeliverySent, ""),
	}
	tests := []struct {
		name        string
		known, upTo int
		keys, gone  []string
	}{
		{"everything", 0, 4, []string{"w1", "e1"}, nil},
		{"nothing new", 4, 4, nil, nil},
		{"a state", 3, 4, []string{"e1"}, nil},
		{"a message that came late takes its reaction to itself", 2, 3, []string{"w1"}, []string{"w2"}},
		{"a longer log than there is", 9, 4, []string{"w1", "e1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, gone := transcript.Since(lines[:tt.upTo], tt.known)
			var keys []string
			for _, m := range list {
				keys = append(keys, m.Key)
			}
			if diff := gocmp.Diff(tt.keys, keys); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(tt.gone, gone, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("gone (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWording(t *testing.T) {
	t.Parallel()
	edited := []conversation.Entry{
		from(0, "w1", "text", "um"), answering(from(1, "w2", "edit", "(mensagem editada) dois"), "w1"), answering(from(2, "w3", "edit", "três"), "w1"),
	}
	tests := []struct {
		name          string
		lines         []conversation.Entry
		text, at, why string
	}{
		{"as it was written", edited[:1], "um", "", ""},
		{"edited", edited, "três", "um", ""},
		{"a lone edit", edited[1:2], "dois", "", ""},
		{"a lone reaction", []conversation.Entry{answering(from(0, "w1", "reaction", "(reagiu com 👍 a uma mensagem)"), "w0")}, "👍", "", ""},
		{"a code word", []conversation.Entry{{At: at(0), State: conversation.StateActive, Reason: "agent takes"}}, "", "", "um atendente assumiu"},
		{"words", []conversation.Entry{to(0, "1", "oi"), status(1, "1", "", conversation.DeliveryFailed, "sem WhatsApp")}, "oi", "", "sem WhatsApp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := transcript.Fold(tt.lines)[0]
			if text, original := m.Present(); text != tt.text || original != tt.at || m.Why(transcript.Portuguese) != tt.why {
				t.Errorf("%q, first %q, why %q", text, original, m.Why(transcript.Portuguese))
			}
		})
	}
	reacted := transcript.Fold([]conversation.Entry{
		from(0, "w1", "text", "um"), answering(from(1, "w2", "reaction", "👍"), "w1"), answering(from(2, "w3", "reaction", "❤️"), "w1"),
	})[0].Standing()
	if len(reacted) != 1 || reacted[0].Emoji != "❤️" {
		t.Errorf("standing: %+v", reacted)
	}
	if m := transcript.Fold([]conversation.Entry{{At: at(0), Author: conversation.AuthorPonte, Type: "verdict", Reason: "quieto"}})[0]; !m.Audit() {
		t.Error("a verdict is not the auditor's")
	}
}
