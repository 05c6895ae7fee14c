package conversation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestNormalTag is tags as people write them, and as Zendesk keeps them.
func TestNormalTag(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"vip":                    "vip",
		"VIP":                    "vip",
		"\tNota \n Fiscal\r":     "nota_fiscal",
		"Emissão":                "emissão",
		"a-b_c:d/e9":             "a-b_c:d/e9",
		strings.Repeat("é", 100): strings.Repeat("é", 100),
	} {
		if got, ok := conversation.NormalTag(written); !ok || got != want {
			t.Errorf("%q becomes %q (%v), want %q", written, got, ok, want)
		}
	}
	for _, written := range []string{"", " \t", "#vip", "a,b", "a;b", `"a"`, "a.b", "a\x00b", "👍", "a\u202eb", strings.Repeat("é", 101)} {
		if got, ok := conversation.NormalTag(written); ok {
			t.Errorf("%q becomes %q, want it refused", written, got)
		}
	}
}

// TestTag wants only what changes to be told, and others' tags kept.
func TestTag(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		have, add, remove    []string
		want, added, removed []string
	}{
		"added":               {nil, []string{"a", "b"}, nil, []string{"a", "b"}, []string{"a", "b"}, nil},
		"there already":       {[]string{"a"}, []string{"a", "b", "b"}, nil, []string{"a", "b"}, []string{"b"}, nil},
		"taken off":           {[]string{"a", "b"}, nil, []string{"a", "a", "c"}, []string{"b"}, nil, []string{"a"}},
		"the last":            {[]string{"a"}, nil, []string{"a"}, nil, nil, []string{"a"}},
		"nothing":             {[]string{"a"}, nil, nil, []string{"a"}, nil, nil},
		"one for the other":   {[]string{"a"}, []string{"b"}, []string{"a"}, []string{"b"}, []string{"b"}, []string{"a"}},
		"nothing of the kind": {nil, nil, []string{"a"}, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := conversation.Conversation{Tags: tt.have}
			added, removed := c.Tag(tt.add, tt.remove)
			if diff := cmp.Diff([][]string{tt.want, tt.added, tt.removed}, [][]string{c.Tags, added, removed}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTagsOfChanges wants the last word of several changes to count.
func TestTagsOfChanges(t *testing.T) {
	t.Parallel()
	type change = conversation.Change
	for name, tt := range map[string]struct{ first, next, want change }{
		"both add":            {change{Tags: []string{"a"}}, change{Tags: []string{"b"}}, change{Tags: []string{"a", "b"}}},
		"added, taken off":    {change{Tags: []string{"a", "b"}}, change{Untags: []string{"a"}}, change{Tags: []string{"b"}, Untags: []string{"a"}}},
		"taken off, added":    {change{Untags: []string{"a", "b"}}, change{Tags: []string{"a"}}, change{Tags: []string{"a"}, Untags: []string{"b"}}},
		"with something else": {change{Subject: "x"}, change{Untags: []string{"a"}}, change{Subject: "x", Untags: []string{"a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.first.With(tt.next)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if c := (change{Untags: []string{"a"}}); c.Empty() || c.Contested() {
		t.Error("taking a tag off changes the ticket, but nothing that people edit")
	}
}
