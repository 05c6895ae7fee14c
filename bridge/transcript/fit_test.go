package transcript_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

func TestFit(t *testing.T) {
	t.Parallel()
	var numbers strings.Builder
	for i := range 100 {
		fmt.Fprintf(&numbers, "linha %02d\n", i)
	}
	long := strings.Repeat("é", 100) + "\n"
	tests := []struct {
		name, s  string
		limit    int
		language transcript.Language
		want     string
		cut      bool
	}{
		{"fits", "a\nb\n", 4, "", "a\nb\n", false},
		{"empty", "", 0, "", "", false},
		{"many lines", numbers.String(), 90, "", "linha 00\nlinha 01\n[… 95 linhas no arquivo anexo …]\nlinha 97\nlinha 98\nlinha 99\n", true},
		{"English", numbers.String(), 90, transcript.English, "linha 00\nlinha 01\n[… 95 lines in the attached file …]\nlinha 97\nlinha 98\nlinha 99\n", true},
		{"one line", "a\n" + long + "b\n", 50, "", "a\n[… 1 linha no arquivo anexo …]\nb\n", true},
		{"long first line", long + "b\n", 50, "", "[… 1 linha no arquivo anexo …]\nb\n", true},
		{"long last line", "a\n" + long, 50, "", "a\n[… 1 linha no arquivo anexo …]\n", true},
		{"no line fits", long, 50, "", "éééé\n[… o resto está no arquivo anexo …]", true},
		{"nothing fits", long, 3, "", "é", true},
		{"no room at all", long, 0, "", "", true},
		{"no line break", strings.Repeat("x", 60), 50, "", "xxxxxxxxx\n[… o resto está no arquivo anexo …]", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, cut := transcript.Fit(tt.s, tt.limit, tt.language)
			if got != tt.want || cut != tt.cut {
				t.Errorf("Fit(%q, %d) = %q, %v, want %q, %v", tt.s, tt.limit, got, cut, tt.want, tt.cut)
			}
		})
	}
}

func TestFitProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[a-zé]{0,40}`), 0, 60).Draw(t, "lines")
		s := strings.Join(lines, "\n")
		limit := rapid.IntRange(0, 400).Draw(t, "limit")
		got, cut := transcript.Fit(s, limit, transcript.Portuguese)
		if len(got) > limit && cut || !cut && got != s || !utf8.ValidString(got) {
			t.Fatalf("Fit(%q, %d) = %q, %v", s, limit, got, cut)
		}
		before, after, marked := strings.Cut(got, "[… ")
		if !marked || strings.Contains(got, "o resto") {
			return
		}
		count, after, _ := strings.Cut(after, " ")
		_, after, _ = strings.Cut(after, "\n")
		left, err := strconv.Atoi(count)
		all := strings.SplitAfter(strings.TrimSuffix(s, "\n")+"\n", "\n")
		all = all[:len(all)-1]
		head, tail := strings.Count(before, "\n"), strings.Count(after, "\n")
		if err != nil || head+left+tail != len(all) || strings.Join(all[:head], "") != before || strings.Join(all[head+left:], "") != after {
			t.Fatalf("Fit(%q, %d) = %q: %d + %d + %d lines of %d", s, limit, got, head, left, tail, len(all))
		}
	})
}

func TestFragmentIsCut(t *testing.T) {
	t.Parallel()
	var entries []conversation.Entry
	for i := range 300 {
		entries = append(entries, from(i, "w"+strconv.Itoa(i), "text", "mensagem "+strconv.Itoa(i)))
	}
	c := transcript.Conversation{Contact: "Ana", Entries: entries}
	whole, _ := transcript.HTMLFragment(c, 0)
	for _, limit := range []int{1, 60, 200, 1000, 5000, len(whole) - 1} {
		got, cut := transcript.HTMLFragment(c, limit)
		if !cut || len(got) > limit {
			t.Fatalf("limit %d: %d bytes, cut %v", limit, len(got), cut)
		}
		checkTags(t, got, "p", "b", "i", "br", "blockquote", "hr")
		if limit < 200 {
			continue
		}
		shown := strings.Count(got, "<br>mensagem ")
		want := fmt.Sprintf("<p><i>[… %d mensagens no arquivo anexo …]</i></p>", 300-shown)
		if shown == 299 {
			want = "<p><i>[… 1 mensagem no arquivo anexo …]</i></p>"
		}
		if !strings.Contains(got, want) {
			t.Errorf("limit %d: %d messages shown, no %q", limit, shown, want)
		}
		if limit >= 1000 && (!strings.HasPrefix(got, "<p><b>Conversa pelo WhatsApp</b>") || !strings.HasSuffix(got, "mensagem 299</p>\n")) {
			t.Errorf("limit %d: beginning or end is missing", limit)
		}
	}
	if got, cut := transcript.HTMLFragment(c, len(whole)); cut || got != whole {
		t.Error("what fits was cut")
	}
	c.Entries = []conversation.Entry{from(0, "a", "text", "a"), from(1, "b", "text", strings.Repeat("b", 900)), from(2, "c", "text", "c")}
	if got, _ := transcript.HTMLFragment(c, 900); !strings.Contains(got, "[… 1 mensagem no arquivo anexo …]") {
		t.Errorf("one long message:\n%s", got)
	}
}
