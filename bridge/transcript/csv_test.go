package transcript_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
)

// table reads a CSV as a spreadsheet does.
func table(t interface{ Fatalf(string, ...any) }, raw []byte) [][]string {
	rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf"))
	if !ok {
		t.Fatalf("no byte order mark: %q", raw)
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return lines
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"oi", "oi"},
		{"=1+1", "'=1+1"},
		{"+55 11", "'+55 11"},
		{"-23.5", "'-23.5"},
		{"@ana", "'@ana"},
		{" =1+1", "' =1+1"},
		{"\u00a0=1", "'\u00a0=1"},
		{"＝1", "'＝1"},
		{"\toi", "'\toi"},
		{"\roi", "'\noi"},
		{"\n=1", "'\n'=1"},
		{"a;b", "a;b"},
		{"diz \"oi\"", "diz \"oi\""},
		{"1,-2", "1,-2"},
		{"lista:\n- um\n- dois", "lista:\n- um\n- dois"},
		{"a,=1", "a,'=1"},
		{"a, =1", "a,' =1"},
		{"a\n=1", "a\n'=1"},
		{"a\t=1", "a\t'=1"},
		{"a\n-2+cmd|' /C calc'!A0", "a\n'-2+cmd|' /C calc'!A0"},
		{"a,@SUM(A1)", "a,'@SUM(A1)"},
		{"a,+b,=c", "a,+b,'=c"},
		{"=a,=b", "'=a,'=b"},
		{",", ","},
		{"'=1", "'=1"},
		{"", "(sem texto: texto)"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			lines := table(t, transcript.CSV(transcript.Conversation{Entries: []conversation.Entry{from(0, "w1", "text", tt.text)}}))
			if got := lines[1][5]; got != tt.want {
				t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestCSVForm(t *testing.T) {
	t.Parallel()
	raw := transcript.CSV(whole(t))
	if bytes.Count(raw, []byte("\n")) != bytes.Count(raw, []byte("\r\n")) {
		t.Error("a line does not end with CR LF")
	}
	lines := table(t, raw)
	columns := []string{"data", "hora", "autor", "origem", "tipo", "texto", "arquivos", "estado", "id"} //nolint:misspell // Portuguese
	if diff := cmp.Diff(columns, lines[0]); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	c := transcript.Conversation{Zone: zone(t, "America/Sao_Paulo"), Contact: "=Ana", Entries: []conversation.Entry{
		with(from(0, "=w1", "voice", "oi"), conversation.File{Kind: "audio", Voice: true, Name: "+a.ogg", Size: 1000}), to(1, "1", "tudo bem?"),
	}}
	want := [][]string{
		{"2026-11-23", "22:50:00", "'=Ana", "WhatsApp", "mensagem de voz", "oi", "'+a.ogg, 1 kB", "", "'=w1"},
		{"2026-11-23", "22:51:00", "João Lima", "ticket", "texto", "tudo bem?", "", "na fila", "1"},
	}
	if diff := cmp.Diff(want, table(t, transcript.CSV(c))[1:]); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCSVProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := transcript.Conversation{Contact: rapid.String().Draw(t, "contact"), Entries: anything().Draw(t, "entries")}
		lines := table(t, transcript.CSV(c))
		if want := len(transcript.Fold(c.Entries)) + 1; len(lines) != want {
			t.Fatalf("%d lines, want %d", len(lines), want)
		}
		for _, cells := range lines {
			for _, cell := range cells {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
					t.Fatalf("cell %q", cell)
				}
			}
		}
	})
}
