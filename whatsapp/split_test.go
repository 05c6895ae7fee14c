package whatsapp_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestSplitText(t *testing.T) {
	t.Parallel()
	family := "👨\u200d👩\u200d👧"
	tests := map[string]struct {
		text  string
		limit int
		want  []string
	}{
		"empty":                {"", 10, nil},
		"blank":                {" \n ", 10, nil},
		"long blank":           {strings.Repeat(" ", 30), 10, nil},
		"fits":                 {" ab \n", 10, []string{" ab \n"}},
		"fits exactly":         {"abcde fghi", 10, []string{"abcde fghi"}},
		"paragraph":            {"Um. Dois.\n\nTres quatro", 16, []string{"Um. Dois.", "Tres quatro"}},
		"paragraph, CRLF":      {"Um. Dois.\r\n\r\nTres quatro", 16, []string{"Um. Dois.", "Tres quatro"}},
		"line before sentence": {"linha um\nA. B cinco seis", 14, []string{"linha um", "A. B cinco", "seis"}},
		"sentence":             {"Ola mundo! Tudo bem com todos", 18, []string{"Ola mundo!", "Tudo bem com todos"}},
		"early paragraph":      {"A\n\nbbb ccc ddd eee", 12, []string{"A\n\nbbb ccc", "ddd eee"}},
		"space at the limit":   {"abcde fghij", 5, []string{"abcde", "fghij"}},
		"early space":          {"a bcdefghi", 9, []string{"a", "bcdefghi"}},
		"long word":            {"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		"indented":             {"  abc def", 6, []string{"  abc", "def"}},
		"no-break space":       {"R$\u00a0100 R$\u00a0200", 8, []string{"R$\u00a0100", "R$\u00a0200"}},
		"emoji count twice":    {"😀😀😀", 5, []string{"😀😀", "😀"}},
		"limit too small":      {"a😀b", 0, []string{"a", "😀", "b"}},
		"family stays whole":   {"xx" + family + "yy", 9, []string{"xx", family + "y", "y"}},
		"skin stays on":        {"abc👍🏽d", 6, []string{"abc", "👍🏽d"}},
		"accent stays on":      {"abce\u0301f", 4, []string{"abc", "e\u0301f"}},
		"nowhere to cut":       {"e" + strings.Repeat("\u0301", 5), 4, []string{"e\u0301\u0301\u0301", "\u0301\u0301"}},
		"not Unicode":          {"ab\xff\xfecd", 3, []string{"ab\xff", "\xfecd"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, whatsapp.SplitText(test.text, test.limit)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSplitTextProperties(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{
		"a", "palavra", "ção", "fim.", "sim?", "😀", "👩\u200d🚀", "e\u0301", "\u00a0", " ", "  ", "\n", "\n\n", "\r\n", "\t", "\u2003", "https://example.com/a/b", "\xff",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(words, rapid.String()), 0, 40).Draw(t, "words"), "")
		limit := rapid.IntRange(2, 60).Draw(t, "limit")
		pieces := whatsapp.SplitText(text, limit)
		rest := text
		for i, piece := range pieces {
			if n := len(utf16.Encode([]rune(piece))); n == 0 || n > limit {
				t.Fatalf("piece %d of %q has %d units, at most %d", i, text, n, limit)
			}
			if strings.TrimSpace(piece) == "" && !strings.ContainsAny(piece, "\u00a0\u2007\u202f") {
				t.Fatalf("piece %d of %q is blank", i, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(piece) {
				t.Fatalf("piece %d of %q is cut within a character", i, text)
			}
			between, after, found := strings.Cut(rest, piece)
			if !found || strings.TrimSpace(between) != "" {
				t.Fatalf("%q is lost before piece %d of %q", between, i, text)
			}
			rest = after
		}
		if strings.TrimSpace(rest) != "" {
			t.Fatalf("%q is lost at the end of %q", rest, text)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) }) && len(utf16.Encode([]rune(text))) <= limit &&
			(len(pieces) != 1 || pieces[0] != text) {
			t.Fatalf("%q fits and became %q", text, pieces)
		}
	})
}
