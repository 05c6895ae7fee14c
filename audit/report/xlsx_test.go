package report_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// opened is the workbook of a report.
func opened(t *testing.T, r report.Report) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, r.WriteXLSX)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// rawRows are a sheet's values as they are stored.
func rawRows(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// columnOf is the place of a heading.
func columnOf(t *testing.T, rows [][]string, heading string) int {
	t.Helper()
	for i, h := range rows[0] {
		if h == heading {
			return i
		}
	}
	t.Fatalf("no heading %q in %v", heading, rows[0])
	return 0
}

// total adds up a column.
func total(t *testing.T, rows [][]string, heading string) float64 {
	t.Helper()
	k, sum := columnOf(t, rows, heading), 0.0
	for _, row := range rows[1:] {
		if k >= len(row) || row[k] == "" {
			continue
		}
		v, err := strconv.ParseFloat(row[k], 64)
		if err != nil {
			t.Fatalf("%s: %q is no number", heading, row[k])
		}
		sum += v
	}
	return sum
}

// The workbook's columns add up to the figures of the report.
func TestXLSXAgreesWithTheFigures(t *testing.T) {
	t.Parallel()
	r := build(november(t), rowsOf(t, 1500)...)
	f := opened(t, r)
	want := []string{"Resumo", "Resultados", "Conversas", "Atendentes", "Filas", "Números", "Dias", "Horários", "Mensagens pagas", "Auditoria", "Definições"}
	if got := f.GetSheetList(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Fatalf("sheets %v", got)
	}
	rows := rawRows(t, f, "Conversas")
	if len(rows) != 1501 {
		t.Fatalf("%d rows", len(rows))
	}
	s := r.Total
	firsts, waits := 0.0, 0.0
	for _, l := range r.Rows {
		if l.First != nil {
			firsts += float64(l.First.Open)
		}
		waits += float64(l.Waiting.Total.Wall)
	}
	for heading, sum := range map[string]float64{
		"Mensagens do cliente": float64(s.Messages.In), "Mensagens de atendentes": float64(s.Messages.Out), "Mensagens pagas": float64(s.Paid),
		"Devoluções à fila": float64(r.Returned), "Primeira resposta (expediente)": firsts / 86400, "Soma das esperas (corrida)": waits / 86400,
		"Não entregues": float64(s.Messages.Undelivered),
	} {
		if got := total(t, rows, heading); got < sum-1e-6 || got > sum+1e-6 {
			t.Errorf("%s: %v, want %v", heading, got, sum)
		}
	}
	for _, sheet := range []string{"Resultados", "Atendentes", "Filas", "Números", "Dias"} {
		if got := total(t, rawRows(t, f, sheet), "Conversas"); got != float64(s.Conversations) {
			t.Errorf("%s: %v of %d conversations", sheet, got, s.Conversations)
		}
	}
	for _, o := range r.Outcomes {
		if got := total(t, rawRows(t, f, "Dias"), o.Name); got != float64(o.Count) {
			t.Errorf("%s: %v, want %d", o.Name, got, o.Count)
		}
	}
	if got := total(t, rawRows(t, f, "Horários"), "Total"); got != float64(s.Conversations) {
		t.Errorf("hours: %v", got)
	}
}

// Dates are dates, times are times, tickets are links, and the headings stay in sight.
func TestXLSXTypes(t *testing.T) {
	t.Parallel()
	f := opened(t, build(november(t), few(t)...))
	shown, err := f.GetRows("Conversas")
	if err != nil {
		t.Fatal(err)
	}
	raw := rawRows(t, f, "Conversas")
	if k := columnOf(t, raw, "Início"); shown[1][k] != "03/11/2026 09:00:00" || !strings.HasPrefix(raw[1][k], "46329.375") {
		t.Errorf("began %q, stored as %q", shown[1][k], raw[1][k])
	}
	if k := columnOf(t, raw, "Maior espera (corrida)"); shown[2][k] != "23:53:20" {
		t.Errorf("waited %q, stored as %q", shown[2][k], raw[2][k])
	}
	ok, link, err := f.GetCellHyperLink("Conversas", "A2")
	if err != nil || !ok || link != "https://acme.zendesk.com/agent/tickets/35001" || raw[1][0] != "35001" {
		t.Errorf("ticket %q with link %v %q %v", raw[1][0], ok, link, err)
	}
	if ok, _, _ := f.GetCellHyperLink("Conversas", "A5"); ok {
		t.Error("a link without a ticket")
	}
	for _, sheet := range f.GetSheetList() {
		heads := map[string]bool{}
		for _, h := range rawRows(t, f, sheet)[0] {
			if heads[h] || h == "" {
				t.Errorf("%s: heading %q stands twice, or is empty", sheet, h)
			}
			heads[h] = true
		}
		p, err := f.GetPanes(sheet)
		if err != nil || !p.Freeze || p.YSplit != 1 {
			t.Errorf("%s: panes %+v, %v", sheet, p, err)
		}
	}
	day, err := f.GetCellValue("Dias", "A4")
	if err != nil || day != "03/11/2026" {
		t.Errorf("day %q, %v", day, err)
	}
}

// parts are the files that a workbook is made of.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		list[f.Name] = string(text)
	}
	return list
}

// Whatever texts say, there is no formula in the workbook, and the texts are what they were.
func TestXLSXHasNoFormulas(t *testing.T) {
	t.Parallel()
	texts := []string{"=1+1", "+1", "-1", "@A1", "\t=1", "=HYPERLINK(\"http://x\")", "<f>1</f>", "a\x00b\x1f", "_x003D_1", strings.Repeat("ç", 40_000), "\xff"}
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	var rows []report.Row
	for i, text := range texts {
		r := row(string(rune('a'+i)), at)
		r.Company, r.Subject, r.Queue, r.Agent.Name, r.NumberName, r.Category = text, text, text, text, text, text
		r.Paid = map[string]int{text: 1}
		r.Audited = &conversation.Audited{Outcome: text, Evidence: text, Open: []string{text}, Corrections: []string{text}, Overruled: &conversation.Overruled{
			Reason: text, By: conversation.Agent{Name: text}, Outcome: text, At: at,
		}}
		rows = append(rows, r)
	}
	o := november(t)
	o.Title = "=cmd|' /C calc'!A0"
	r := build(o, rows...)
	data := written(t, r.WriteXLSX)
	for name, text := range parts(t, data) {
		if strings.Contains(text, "<f>") || strings.Contains(text, "<f ") {
			t.Errorf("%s has a formula", name)
		}
	}
	f := opened(t, r)
	raw := rawRows(t, f, "Conversas")
	k := columnOf(t, raw, "Empresa")
	for i, text := range texts[:7] {
		if got := raw[i+1][k]; got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := raw[8][k]; got != "ab" {
		t.Errorf("signs that no cell has: %q", got)
	}
	for sheet := range map[string]bool{"Conversas": true, "Resumo": true, "Auditoria": true} {
		for i := range rawRows(t, f, sheet) {
			for c := 1; c <= 12; c++ {
				ref, err := excelize.CoordinatesToCellName(c, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(sheet, ref); err != nil || formula != "" {
					t.Errorf("%s!%s: %q, %v", sheet, ref, formula, err)
				}
			}
		}
	}
}

// Addresses that are no web pages are no links.
func TestTicketURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "", "https://x.zendesk.com/agent/tickets/": "https://x.zendesk.com/agent/tickets/35001", "http://127.0.0.1:8080/t/": "http://127.0.0.1:8080/t/35001",
		"javascript:alert(1)//": "", "file:///etc/": "", "//x/": "", "x": "", "https://": "", "https://x y/": "", "data:text/html,": "",
	} {
		o := november(t)
		o.TicketURL = address
		if got := build(o, few(t)...).Rows[0].URL; got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestXLSXWithoutConversations(t *testing.T) {
	t.Parallel()
	o := november(t)
	o.Language = settings.LanguageEN
	f := opened(t, build(o))
	if rows := rawRows(t, f, "Conversations"); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
	if rows := rawRows(t, f, "Days"); len(rows) != 31 {
		t.Errorf("%d days", len(rows))
	}
	for _, row := range rawRows(t, f, "Summary") {
		for _, c := range row {
			if strings.Contains(c, "NaN") || strings.Contains(c, "Inf") {
				t.Errorf("%v", row)
			}
		}
	}
}
