package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// cells reads CSV as a spreadsheet does.
func cells(tb interface{ Fatalf(string, ...any) }, data []byte, comma rune) [][]string {
	text, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
	if !ok {
		tb.Fatalf("there is no byte order mark: %q", data[:10])
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = comma
	all, err := r.ReadAll()
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return all
}

// Texts come back as they were, but for the apostrophe before what a spreadsheet could take for a formula.
func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	hostile := rapid.OneOf(
		rapid.SampledFrom([]string{
			"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "a;b,c", "\"", "\"\"", "a\nb", "'=1", "", " ", "\ufeff", "=", "a=1",
		}),
		rapid.StringMatching(`[=+\-@;,"'a \t\n]{0,8}`), rapid.String(),
	)
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	rapid.Check(t, func(rt *rapid.T) {
		text := hostile.Draw(rt, "text")
		o := november(t)
		o.Language = rapid.SampledFrom([]settings.Language{settings.LanguagePT, settings.LanguageEN}).Draw(rt, "language")
		comma := map[settings.Language]rune{settings.LanguagePT: ';', settings.LanguageEN: ','}[o.Language]
		r := row("s", at)
		r.Company, r.Subject, r.Agent.Name, r.Queue = text, text+"x", text, "q"
		var b bytes.Buffer
		if err := build(o, r).WriteCSV(&b); err != nil {
			rt.Fatal(err)
		}
		all := cells(rt, b.Bytes(), comma)
		if len(all) != 2 || len(all[0]) != len(all[1]) {
			rt.Fatalf("%d lines", len(all))
		}
		for _, c := range all[1] {
			if c != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(c)[0]) {
				rt.Fatalf("a formula: %q", c)
			}
		}
		want := strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
		got := strings.TrimPrefix(all[1][3], "'")
		// CSV has one kind of line end.
		if lf := strings.NewReplacer("\r\n", "\n"); lf.Replace(strings.TrimPrefix(want, "'")) != lf.Replace(got) {
			rt.Fatalf("%q came back as %q", text, all[1][3])
		}
	})
}

func TestCSVHasEveryConversation(t *testing.T) {
	t.Parallel()
	r := build(november(t), rowsOf(t, 300)...)
	all := cells(t, written(t, r.WriteCSV), ';')
	if len(all) != 301 {
		t.Fatalf("%d lines", len(all))
	}
	heads := map[string]bool{}
	for _, h := range all[0] {
		if heads[h] || h == "" {
			t.Errorf("heading %q stands twice, or is empty", h)
		}
		heads[h] = true
	}
	for i, line := range all[1:] {
		at, err := time.Parse(time.RFC3339, line[1])
		if err != nil || !at.Equal(r.Rows[i].Started) || !strings.HasSuffix(line[1], "-03:00") {
			t.Fatalf("line %d began at %q", i, line[1])
		}
	}
}

// broken takes so many bytes.
type broken struct{ left int }

var errFull = errors.New("the disk is full")

func (b *broken) Write(p []byte) (int, error) {
	if len(p) > b.left {
		n := b.left
		b.left = 0
		return n, errFull
	}
	b.left -= len(p)
	return len(p), nil
}

// What can't be written is an error, wherever it ends.
func TestWritersTellErrors(t *testing.T) {
	t.Parallel()
	r := build(november(t), rowsOf(t, 100)...)
	for name, write := range writers(r) {
		whole := len(written(t, write))
		for _, left := range []int{0, 2, 5000, whole / 2, whole * 9 / 10} {
			if err := write(&broken{left: left}); !errors.Is(err, errFull) {
				t.Errorf("%s, full after %d of %d bytes: %v", name, left, whole, err)
			}
		}
		if err := write(io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
