package report_test

import (
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	r := build(november(t), rowsOf(t, 3000)...)
	text := r.Summary()
	for _, part := range []string{"Relatório de atendimento pelo WhatsApp: 01/11/2026 a 30/11/2026\n", "Conversas: 3.000; atendidas: ", "Primeira resposta: ", "Satisfação: ", "Utilidade "} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if n := strings.Count(text, "\n"); n != 9 || strings.Contains(text, "%!") || len(text) > 1200 {
		t.Errorf("%d lines, %d bytes:\n%s", n+1, len(text), text)
	}
	for _, name := range []string{"Ana Beatriz", "Marina"} {
		if strings.Contains(text, name) {
			t.Errorf("the summary names %s", name)
		}
	}
}

// What is not known is left out rather than shown as nought.
func TestSummaryLeavesOut(t *testing.T) {
	t.Parallel()
	o := november(t)
	o.Language = settings.LanguageEN
	text := build(o, few(t)[3]).Summary()
	for _, part := range []string{"Satisfaction", "Paid", "Overruled", "Open questions", "NaN"} {
		if strings.Contains(text, part) {
			t.Errorf("%q in\n%s", part, text)
		}
	}
	if text := (report.Report{}).Summary(); !strings.Contains(text, "Não houve conversas") || !strings.Contains(text, "sem dados") {
		t.Errorf("a report of nothing says %q", text)
	}
}

// A day is called by its date, part of a day by its times.
func TestSummaryNamesThePeriod(t *testing.T) {
	t.Parallel()
	o := november(t)
	o.To = o.From.AddDate(0, 0, 1)
	if text := build(o).Summary(); !strings.Contains(text, "WhatsApp: 01/11/2026\n") {
		t.Errorf("a day: %q", text)
	}
	o.To = o.From.AddDate(0, 0, 1).Add(-90 * 60e9)
	if text := build(o).Summary(); !strings.Contains(text, "01/11/2026 00:00 a 01/11/2026 22:30") {
		t.Errorf("part of a day: %q", text)
	}
}
