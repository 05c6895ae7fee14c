package transcript_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

func pdfOf(t interface{ Fatalf(string, ...any) }, c transcript.Conversation) []byte {
	raw, err := transcript.PDF(c)
	if err != nil {
		t.Fatalf("PDF: %v", err)
	}
	if !bytes.HasPrefix(raw, []byte("%PDF-")) || !bytes.Contains(raw[max(0, len(raw)-32):], []byte("%%EOF")) {
		t.Fatalf("no PDF: %d bytes", len(raw))
	}
	return raw
}

func TestPDFIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	want := pdfOf(t, whole(t))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := pdfOf(t, whole(t)); !bytes.Equal(got, want) {
				t.Errorf("%d bytes differ from the %d of before", len(got), len(want))
			}
		})
	}
	wg.Wait()
}

func TestPDFDates(t *testing.T) {
	t.Parallel()
	date := func(c transcript.Conversation) string {
		m := regexp.MustCompile(`/CreationDate \((.*?)\)`).FindSubmatch(pdfOf(t, c))
		if m == nil {
			t.Fatal("no date")
		}
		return strings.TrimRight(string(m[1]), "Z'+")
	}
	c := whole(t)
	if got, want := date(c), at(90).UTC().Format("D:20060102150405"); !strings.HasPrefix(want, got) {
		t.Errorf("dated %s, want %s", got, want)
	}
	c.Written = time.Time{}
	if got, want := date(c), at(80).UTC().Format("D:20060102150405"); !strings.HasPrefix(want, got) {
		t.Errorf("dated %s, want that of the newest line %s", got, want)
	}
	const epoch = "D:19700101000000"
	if got := date(transcript.Conversation{}); !strings.HasPrefix(epoch, got) {
		t.Errorf("empty: dated %s", got)
	}
}

func TestPDFShows(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"accents", "ação, é, ü, ñ", "ação, é, ü, ñ"},
		{"accents apart", "ac\u0327a\u0303o", "ação"},
		{"mark that no letter takes in", "g\u0303 x\u0336y\u0336", "g xy"},
		{"emoji", "oi 👍", "oi [joinha]"},
		{"several of a kind", "😂😂😂 😂", "[chorando de rir ×3] [chorando de rir]"},
		{"two of a kind", "👍👍🏽", "[joinha ×2]"},
		{"colours of skin", "👍🏽 👍🏿", "[joinha] [joinha]"},
		{"drawn as text", "❤︎ ❤️", "[coração] [coração]"},
		{"joined", "👩\u200d💻", "[mulher]"},
		{"family", "👨\u200d👩\u200d👧\u200d👦!", "[homem]!"},
		{"flag", "🇧🇷🇵🇹", "[bandeira BR][bandeira PT]"},
		{"half a flag", "🇧", "[bandeira B]"},
		{"flag of tags", "🏴\U000e0067\U000e0062\U000e007f ok", "[bandeira] ok"},
		{"key", "1️⃣", "1"},
		{"unknown emoji", "🦩🫠", "□□"},
		{"ornamental letters", "𝓜𝓪𝓻𝓲𝓪 Ｍａｒｉａ", "Maria Maria"},
		{"other scripts", "你好 שלום", "□□ □□□□"},
		{"Greek and Russian", "αβγ абв", "αβγ абв"},
		{"symbols of the typeface", "€ → • “x” ☺", "€ → • “x” ☺"},
		{"signs without shape", "a\u200bb\u00adc\ufeffd", "abcd"},
		{"escapes of PDF", `(a) \ b) (`, `(a) \ b) (`},
		{"carriage returns of UTF-16", "č\u0d0dഊ", "č□□"},
		{"tab", "a\tb", "a    b"},
		{"private use", "\ue000\U0010fffd", "□□"},
		{"no characters", "\ufffe\uffff\U0001ffff", "□□□"},
		{"brackets of people", "[x] [x]", "[x] [x]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := textOfPDF(t, pdfOf(t, transcript.Conversation{Entries: []conversation.Entry{from(0, "w1", "text", tt.text)}}))
			if !strings.Contains(got, "  "+tt.want+"\n") {
				t.Errorf("%q: no line %q in\n%s", tt.text, tt.want, got)
			}
			substituted := strings.ContainsAny(tt.want, "□") || tt.name == "mark that no letter takes in" || tt.name == "key" ||
				strings.Contains(tt.want, "[") && tt.name != "brackets of people"
			if noted := strings.Contains(got, "um caractere que a letra deste PDF não tem"); noted != substituted {
				t.Errorf("the note at the end: %v, want %v", noted, substituted)
			}
		})
	}
	english := transcript.Conversation{Language: transcript.English, Entries: []conversation.Entry{from(0, "w1", "text", "👍 🇧🇷")}}
	if got := textOfPDF(t, pdfOf(t, english)); !strings.Contains(got, "[thumbs up] [flag BR]") {
		t.Errorf("in English:\n%s", got)
	}
}

// places reads the left and the lower end of each piece of text.
func places(t *testing.T, text string) (x, y []float64) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if strings.HasPrefix(line, "==") {
			continue
		}
		f := strings.Fields(line)
		a, errA := strconv.ParseFloat(f[0], 64)
		b, errB := strconv.ParseFloat(f[1], 64)
		if errA != nil || errB != nil {
			t.Fatalf("line %q", line)
		}
		x, y = append(x, a), append(y, b)
	}
	return x, y
}

// A message longer than pages, of words longer than lines, stays within the margins, and none of it is lost.
func TestPDFDividesLongMessages(t *testing.T) {
	t.Parallel()
	var words []string
	for i := range 3000 {
		words = append(words, fmt.Sprintf("p%d", i))
	}
	c := transcript.Conversation{
		Session: strings.Repeat("s", 300), Contact: strings.Repeat("Maria ", 40), Organisation: strings.Repeat("o", 400),
		Entries: []conversation.Entry{
			from(0, "w1", "text", strings.Join(words, " ")), from(1, "w2", "text", strings.Repeat("x", 9000)),
			from(2, "w3", "text", strings.Repeat("linha\n", 300)), answering(to(3, "1", "sim"), "w2"),
		},
	}
	text := textOfPDF(t, pdfOf(t, c))
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Fatalf("%s is missing", w)
		}
	}
	if n := strings.Count(text, "x"); n < 9000 {
		t.Errorf("%d of 9,000 letters", n)
	}
	if n := strings.Count(text, "linha"); n < 300 {
		t.Errorf("%d of 300 lines", n)
	}
	pages := strings.Count(text, "== page")
	if pages < 8 || strings.Count(text, fmt.Sprintf("Página %d de %d", pages, pages)) != 1 {
		t.Errorf("%d pages", pages)
	}
	const a4, side, bottom = 595.0, 45.0, 40.0
	x, y := places(t, text)
	for i := range x {
		if x[i] < side || x[i] > a4-side || y[i] < bottom {
			t.Errorf("text at %v, %v", x[i], y[i])
		}
	}
}

// Who writes stands on the page on which the words begin.
func TestPDFKeepsTheSenderWithTheWords(t *testing.T) {
	t.Parallel()
	var entries []conversation.Entry
	for i := range 150 {
		entries = append(entries, from(0, "w"+strconv.Itoa(i), "text", strings.Repeat("linha\n", 22+i%17)))
	}
	pages := strings.Split(textOfPDF(t, pdfOf(t, transcript.Conversation{Contact: "Maria", Entries: entries})), "== page")
	for i, page := range pages[1:] {
		if strings.HasSuffix(strings.TrimSpace(page), "WhatsApp · 01:50") {
			t.Errorf("page %d ends with the name of who writes", i+1)
		}
	}
	if len(pages) < 80 {
		t.Errorf("%d pages", len(pages))
	}
}

// Each document takes a while, so there are few, and each has many lines.
func TestPDFOfAnything(t *testing.T) {
	t.Parallel()
	for seed := range 8 {
		var entries []conversation.Entry
		for i := range 12 {
			entries = append(entries, anything().Example(seed*100+i)...)
		}
		pdfOf(t, transcript.Conversation{
			Session: rapid.String().Example(seed), Contact: rapid.String().Example(seed + 1), Number: rapid.String().Example(seed + 2), Entries: entries,
		})
	}
}

// Every character there is passes through, in all faces.
func TestPDFTakesAllOfUnicode(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		return
	}
	var entries []conversation.Entry
	const step = 0x2000
	for r := rune(0); r <= 0x10ffff; r += step {
		if r > 0x30000 && r < 0xe0000 {
			continue // nothing there
		}
		var b strings.Builder
		for c := r; c < r+step; c += 1 + c/0x3000*7 {
			b.WriteRune(c)
		}
		e := to(int(r/step), "e"+strconv.Itoa(int(r)), b.String())
		e.Who = b.String()
		entries = append(entries, e, answering(from(int(r/step), "w"+strconv.Itoa(int(r)), "text", "a"+b.String()), e.Effect))
	}
	pdfOf(t, transcript.Conversation{Entries: entries})
}

func FuzzPDF(f *testing.F) {
	for _, s := range []string{"", "a", "\xff", "👩\u200d💻", "🇧", "\U0001f1e7", "\uffff", "a\u0301", strings.Repeat("\u0301", 50)} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		c := transcript.Conversation{Contact: name, Session: name, Entries: []conversation.Entry{from(0, "w1", "text", text), answering(to(1, "1", name), "w1")}}
		pdfOf(t, c)
		transcript.Text(c)
		transcript.HTML(c)
		table(t, transcript.CSV(c))
	})
}
