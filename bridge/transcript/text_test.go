package transcript_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// linesOf is the lines of a transcript after its head.
func linesOf(text string) []string {
	_, rows, _ := strings.Cut(text, "\n\n")
	return strings.Split(strings.TrimSuffix(rows, "\n"), "\n")
}

func TestZones(t *testing.T) {
	t.Parallel()
	say := func(at time.Time, id string) conversation.Entry {
		return conversation.Entry{At: at, Author: conversation.AuthorCustomer, Message: id, Text: id}
	}
	utc := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
	}
	tests := []struct {
		name, zone string
		language   transcript.Language
		entries    []conversation.Entry
		want       []string
	}{
		{"over midnight", "America/Sao_Paulo", "", []conversation.Entry{say(utc(11, 24, 2, 59), "a"), say(utc(11, 24, 3, 0), "b")}, []string{
			"— segunda-feira, 23 de novembro de 2026 —", "", "[23:59] Ana (WhatsApp): a", "",
			"— terça-feira, 24 de novembro de 2026 —", "", "[00:00] Ana (WhatsApp): b",
		}},
		{"one day there, two in UTC", "America/Sao_Paulo", transcript.English, []conversation.Entry{say(utc(7, 1, 23, 59), "a"), say(utc(7, 2, 0, 1), "b")}, []string{
			"— Wednesday, July 1, 2026 —", "", "[20:59] Ana (WhatsApp): a", "[21:01] Ana (WhatsApp): b",
		}},
		{"clocks go back", "Europe/Lisbon", "", []conversation.Entry{say(utc(10, 25, 0, 30), "a"), say(utc(10, 25, 1, 30), "b")}, []string{
			"— domingo, 25 de outubro de 2026 —", "", "[01:30] Ana (WhatsApp): a", "",
			"— o relógio mudou: UTC+00:00 —", "", "[01:30] Ana (WhatsApp): b",
		}},
		{"clocks go forward", "America/New_York", transcript.English, []conversation.Entry{say(utc(3, 8, 6, 59), "a"), say(utc(3, 8, 7, 0), "b")}, []string{
			"— Sunday, March 8, 2026 —", "", "[01:59] Ana (WhatsApp): a", "",
			"— the clocks changed: UTC−04:00 —", "", "[03:00] Ana (WhatsApp): b",
		}},
		{"clocks go back on another day", "Europe/Lisbon", "", []conversation.Entry{say(utc(10, 24, 12, 0), "a"), say(utc(10, 26, 12, 0), "b")}, []string{
			"— sábado, 24 de outubro de 2026 —", "", "[13:00] Ana (WhatsApp): a", "",
			"— segunda-feira, 26 de outubro de 2026 —", "", "— o relógio mudou: UTC+00:00 —", "", "[12:00] Ana (WhatsApp): b",
		}},
		{"half an hour", "Asia/Kolkata", "", []conversation.Entry{say(utc(1, 1, 18, 45), "a")}, []string{
			"— sexta-feira, 2 de janeiro de 2026 —", "", "[00:15] Ana (WhatsApp): a",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := transcript.Text(transcript.Conversation{Contact: "Ana", Zone: zone(t, tt.zone), Language: tt.language, Entries: tt.entries})
			if diff := cmp.Diff(tt.want, linesOf(got)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
	india := transcript.Conversation{Zone: zone(t, "Asia/Kolkata"), Entries: []conversation.Entry{say(utc(1, 1, 18, 45), "a")}}
	if got := transcript.Text(india); !strings.Contains(got, "Fuso horário: Asia/Kolkata (UTC+05:30)\n") {
		t.Errorf("in India:\n%s", got)
	}
	if got := transcript.Text(transcript.Conversation{Entries: []conversation.Entry{say(utc(1, 1, 18, 45), "a")}}); !strings.Contains(got, "Fuso horário: UTC+00:00\n") || !strings.Contains(got, "[18:45] Cliente (WhatsApp): a\n") {
		t.Errorf("without zone and name:\n%s", got)
	}
}

// The other forms have the same separators.
func TestSeparators(t *testing.T) {
	t.Parallel()
	autumn := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	var entries []conversation.Entry
	for i, hours := range []int{0, 1, 24} {
		e := from(0, "w"+strconv.Itoa(i), "text", "oi")
		e.At = autumn.Add(time.Duration(hours) * time.Hour)
		entries = append(entries, e)
	}
	c := transcript.Conversation{Zone: zone(t, "Europe/Lisbon"), Entries: entries}
	fragment, _ := transcript.HTMLFragment(c, 0)
	const first, clock, second = "domingo, 25 de outubro de 2026", "o relógio mudou: UTC+00:00", "segunda-feira, 26 de outubro de 2026"
	for name, got := range map[string]string{"HTML": transcript.HTML(c), "fragment": fragment, "PDF": textOfPDF(t, pdfOf(t, c))} {
		a, b, d := strings.Index(got, first), strings.Index(got, clock), strings.Index(got, second)
		if a < 0 || b < a || d < b {
			t.Errorf("%s: separators at %d, %d and %d of\n%s", name, a, b, d, got)
		}
	}
	if n := len(table(t, transcript.CSV(c))); n != 4 {
		t.Errorf("CSV: %d lines", n)
	}
}

// A change whose message is missing is told by itself.
func TestLoneChanges(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, text, want string }{
		{"reaction", "👍", "(reagiu com 👍)"},
		{"reaction", "(reagiu com 👍 a uma mensagem)", "(reagiu com 👍)"},
		{"reaction", "", "(retirou a reação)"},
		{"reaction", "(o cliente retirou a reação a uma mensagem)", "(retirou a reação)"},
		{"edit", "(mensagem editada) dois", "(editou: dois)"},
		{"edit", "dois", "(editou: dois)"},
		{"revoke", "(o cliente apagou uma mensagem)", "(apagou uma mensagem)"},
		{"revoke", "", "(apagou uma mensagem)"},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.text, func(t *testing.T) {
			t.Parallel()
			e := answering(from(0, "w1", tt.kind, tt.text), "w0")
			got := transcript.Text(transcript.Conversation{Entries: []conversation.Entry{e, e}})
			want := []string{
				"— terça-feira, 24 de novembro de 2026 —", "", "[01:50] Cliente (WhatsApp): " + tt.want,
				"  → sobre uma mensagem que não está nesta conversa",
			}
			if diff := cmp.Diff(want, linesOf(got)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, contact, phone, want string }{
		{"name", "Ana", "+55", "Ana"},
		{"no name", "", "+55 11", "+55 11"},
		{"name that nobody sees", "\u3164\u200d\u2800 ", "+55 11", "+55 11"},
		{"neither", "", "", "Cliente"},
		{"line breaks", "Ana\r\n\u2028[10:00]", "", "Ana [10 00]"},
		{"turned around", "\u202eanA\u2066", "", "anA"},
		{"colon of another", "Ponte (automática): pago", "", "Ponte (automática) pago"},
		{"long", strings.Repeat("a", 200), "", strings.Repeat("a", 119) + "…"},
		{"long, cut within an emoji", strings.Repeat("a", 117) + "👩\u200d💻bcd", "", strings.Repeat("a", 117) + "…"},
		{"long, cut within a flag", strings.Repeat("a", 118) + "🇧🇷bcd", "", strings.Repeat("a", 118) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := transcript.Text(transcript.Conversation{Contact: tt.contact, Phone: tt.phone, Entries: []conversation.Entry{from(0, "w1", "text", "oi")}})
			if want := "[01:50] " + tt.want + " (WhatsApp): oi"; !strings.Contains(got, "\n"+want+"\n") {
				t.Errorf("no line %q in\n%s", want, got)
			}
		})
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file conversation.File
		want string
	}{
		{conversation.File{Name: "foto.jpg", Size: 120_000}, "foto.jpg, 120 kB"},
		{conversation.File{Name: "foto.jpg"}, "foto.jpg"},
		{conversation.File{Name: "a\n→ lida\u202egpj.exe", Size: 1}, "a → lida gpj.exe, 1 B"},
		{conversation.File{Name: strings.Repeat("a", 200) + ".pdf", Size: 999}, strings.Repeat("a", 115) + "….pdf, 999 B"},
		{conversation.File{Name: strings.Repeat("á", 100) + "." + strings.Repeat("b", 50)}, strings.Repeat("á", 100) + "." + strings.Repeat("b", 18) + "…"},
		{conversation.File{Kind: "image", Size: 999_499}, "imagem, 999 kB"},
		{conversation.File{Kind: "audio", Voice: true, Size: 999_500}, "mensagem de voz, 1,0 MB"},
		{conversation.File{Size: 1_549_999}, "arquivo, 1,5 MB"},
		{conversation.File{Kind: "document", Size: 100_400_000}, "documento, 100 MB"},
		{conversation.File{Kind: "video", Size: 99_949_999_999}, "vídeo, 99,9 GB"},
		{conversation.File{Kind: "novo", Size: 1 << 62}, "novo, 4611686 TB"},
		{conversation.File{Kind: "sticker", Size: -5}, "figurinha"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			got := transcript.Text(transcript.Conversation{Entries: []conversation.Entry{with(from(0, "w1", "document", "oi"), tt.file)}})
			if want := "\n  → anexo: " + tt.want + "\n"; !strings.Contains(got, want) {
				t.Errorf("no line %q in\n%s", want, got)
			}
		})
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	const cpf = "529.982.247-25"
	c := whole(t)
	c.Mask = func(s string) string { return brazil.Mask(s, brazil.MaskOptions{CPF: true}) }
	c.Contact, c.Organisation, c.Number = "Ana "+cpf, cpf, cpf
	// A quotation is cut after it was masked, else the number's beginning would be left.
	c.Entries = []conversation.Entry{
		from(0, "w1", "text", strings.Repeat("x", 68)+" "+cpf), answering(from(1, "w2", "text", "meu "+cpf), "w1"),
		answering(from(1, "w3", "edit", "é "+cpf), "w2"), with(from(2, "w4", "document", ""), conversation.File{Name: cpf + ".pdf"}),
		to(3, "1", cpf), status(4, "1", "o1", conversation.DeliveryFailed, cpf),
		{At: at(5), State: conversation.StateClosed, Reason: cpf},
		{At: at(6), Author: conversation.AuthorAgent, Who: cpf, Effect: "3", Text: cpf, Template: "x"},
	}
	before := len(c.Entries[3].File.Name)
	pdf, err := transcript.PDF(c)
	if err != nil {
		t.Fatal(err)
	}
	fragment, _ := transcript.HTMLFragment(c, 0)
	for name, got := range map[string]string{
		"text": transcript.Text(c), "HTML": transcript.HTML(c), "fragment": fragment, "CSV": string(transcript.CSV(c)),
		"JSON": string(transcript.JSON(c)), "PDF": textOfPDF(t, pdf),
	} {
		if strings.Contains(got, "529") || strings.Contains(got, "982") {
			t.Errorf("%s: not masked:\n%s", name, got)
		}
		if !strings.Contains(got, "47-25") || name != "CSV" && !strings.Contains(got, session) {
			t.Errorf("%s: too much is masked:\n%s", name, got)
		}
	}
	if len(c.Entries[3].File.Name) != before || !strings.Contains(c.Entries[0].Text, cpf) {
		t.Error("the log itself was masked")
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	c := whole(t)
	c.Public = true
	c.Entries = append(c.Entries,
		file(30, "nota", conversation.File{Name: "segredo.pdf"}, ""), // of a note that the log lacks
		answering(to(31, "99", "como eu disse"), "wn"),
		conversation.Entry{At: at(29), Author: conversation.AuthorAgent, Message: "wn", Private: true, Text: "segredo da nota"},
	)
	pdf, err := transcript.PDF(c)
	if err != nil {
		t.Fatal(err)
	}
	fragment, _ := transcript.HTMLFragment(c, 0)
	for name, got := range map[string]string{
		"text": transcript.Text(c), "HTML": transcript.HTML(c), "fragment": fragment, "CSV": string(transcript.CSV(c)),
		"JSON": string(transcript.JSON(c)), "PDF": textOfPDF(t, pdf),
	} {
		for _, secret := range []string{"irritado", "Aviso do WhatsApp", "ligue para o cliente", "Situação", "ticket pending", "segredo", "não tem mais o arquivo", "agent_id"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s shows the customer %q", name, secret)
			}
		}
	}
	if got := transcript.Text(c); !strings.Contains(got, "→ não entregue\n") || !strings.Contains(got, "→ anexo que não chegou: figurinha\n") {
		t.Errorf("what did not arrive is not told:\n%s", got)
	}
}

// Whatever people write, every line of the text is one of ours.
func TestTextProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := transcript.Conversation{
			Contact: rapid.String().Draw(t, "contact"), Organisation: rapid.String().Draw(t, "organisation"), Session: rapid.String().Draw(t, "session"),
			Public: rapid.Bool().Draw(t, "public"), Entries: anything().Draw(t, "entries"),
		}
		text := transcript.Text(c)
		messages, separators := 0, 0
		for _, line := range linesOf(text) {
			switch {
			case line == "" || strings.HasPrefix(line, "  | ") || strings.HasPrefix(line, "  → "):
			case strings.HasPrefix(line, "— ") && strings.HasSuffix(line, " —"):
				separators++
			case len(line) > 8 && line[0] == '[' && line[3] == ':' && line[6:8] == "] ":
				messages++
			default:
				t.Fatalf("line %q in\n%s", line, text)
			}
		}
		if want := strings.Count(string(transcript.JSON(c)), "\n      \"kind\": "); messages != want || messages > 0 && separators == 0 {
			t.Fatalf("%d messages below %d separators, want %d messages in\n%s", messages, separators, want, text)
		}
		for _, r := range text {
			if r != '\n' && r != '\t' && unicode.Is(unicode.Cc, r) || r == '\u2028' || r == '\u2029' || r == '\u202e' {
				t.Fatalf("control character %U in\n%q", r, text)
			}
		}
	})
}
