package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
)

// ledger makes reports about one conversation.
type ledger struct {
	office *office // whose error is the reports' too
	mu     sync.Mutex
	asked  []string
	list   []web.KeptReport
}

// saoPaulo is where the reports' days begin.
func saoPaulo() *time.Location { return settings.Default().Zone }

func (l *ledger) Zone() *time.Location { return saoPaulo() }

func (l *ledger) Report(_ context.Context, first, last time.Time) (report.Report, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, first.Format(time.DateOnly)+" "+last.Format(time.DateOnly))
	return reportOf(first, last.AddDate(0, 0, 1)), l.office.err
}

func (l *ledger) Kept(context.Context) ([]web.KeptReport, error) { return l.list, l.office.err }

func (l *ledger) KeptReport(_ context.Context, id string) (report.Report, bool, error) {
	return reportOf(apiNow().Add(-24*time.Hour), apiNow()), id == "day-2026-11-19", l.office.err
}

// reportOf is a report about a time in which Mariana asked one thing.
func reportOf(from, to time.Time) report.Report {
	b := report.New(report.Options{From: from, To: to, Zone: saoPaulo(), Now: apiNow(), TicketURL: "https://x.zendesk.com/agent/tickets/"})
	b.Add(report.RowOf(conversation.Summary{
		Session: session, Number: apiNumber, Contact: apiContact, State: conversation.StateClosed, Started: from.Add(time.Hour), Ticket: 35436, Subject: "Erro na nota",
	}, nil, settings.Default()))
	return b.Report()
}

const reportPath = "/api/v1/reports"

func TestReportFormats(t *testing.T) {
	t.Parallel()
	const csp = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	c := openCounter(t, newSecret)
	for path, name := range map[string]string{
		reportPath + "?from=2026-11-01&to=2026-11-20": "relatorio-2026-11-01-a-2026-11-20",
		reportPath + "/kept/day-2026-11-19?":          "relatorio-day-2026-11-19",
	} {
		for format, want := range map[string][4]string{ // type, disposition, policy, words
			"":             {"application/json", "", "", session},
			"&format=json": {"application/json", "", "", "Erro na nota"},
			"&format=csv":  {"text/csv; charset=utf-8", `attachment; filename="` + name + `.csv"`, "", "Erro na nota"},
			"&format=xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", `attachment; filename="` + name + `.xlsx"`, "", "PK\x03\x04"},
			"&format=html": {"text/html; charset=UTF-8", "", csp, "<html"},
		} {
			rec := c.ask("GET", path+format, "")
			c.tells(rec, 200, want[3])
			h := rec.Header()
			got := [3]string{h.Get("Content-Type"), h.Get("Content-Disposition"), h.Get("Content-Security-Policy")}
			if got != [3]string(want[:3]) {
				t.Errorf("%s: %q", path+format, got)
			}
			if h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept by others: %v", path+format, h)
			}
		}
		c.tells(c.ask("GET", strings.Split(path, "?")[0]+"?format=pdf", ""), 400, `"bad_request"`, "json, csv, xlsx ou html")
	}
}

// TestReportPeriod wants both ends to be included; without them it is this month, by the zone's calendar.
func TestReportPeriod(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	for query, want := range map[string]string{
		"":                                   "2026-11-01 2026-11-20",
		"?from=2026-11-18":                   "2026-11-18 2026-11-20",
		"?from=2026-11-18&to=2026-11-18":     "2026-11-18 2026-11-18",
		"?from=2025-12-01&to=2026-12-01":     "2025-12-01 2026-12-01",
		"?to=2026-11-01&format=csv":          "2026-11-01 2026-11-01",
		"?from=2027-01-01&to=2028-01-01":     "2027-01-01 2028-01-01",
		"?from=2028-01-01&to=2028-12-31":     "2028-01-01 2028-12-31", // a leap year
		"?from=2026-11-18&to=2026-11-19&to=": "2026-11-18 2026-11-19",
	} {
		c.ledger.asked = nil
		c.ask("GET", reportPath+query, "")
		if diff := cmp.Diff([]string{want}, c.ledger.asked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	c.ledger.asked = nil
	for query, words := range map[string]string{
		"?from=2026-11-20&to=2026-11-19": "termina antes de começar",
		"?from=2026-11-21":               "termina antes de começar",
		"?from=2025-11-30&to=2026-12-01": "no máximo 366 dias",
		"?from=0001-01-01":               "no máximo 366 dias",
		"?from=2026-02-30":               "como 2026-11-30",
		"?to=30/11/2026":                 "como 2026-11-30",
		"?to=2026-11-30T00:00:00Z":       "como 2026-11-30",
		"?from=hoje":                     "como 2026-11-30",
	} {
		c.tells(c.ask("GET", reportPath+query, ""), 400, `"bad_request"`, "O período", words)
	}
	if len(c.ledger.asked) > 0 {
		t.Errorf("made: %v", c.ledger.asked)
	}
}

func TestKeptReports(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.ask("GET", reportPath+"/kept", ""), 200, `{"reports":[]}`)
	c.ledger.list = []web.KeptReport{{ID: "day-2026-11-19", From: apiNow().Add(-24 * time.Hour), To: apiNow(), Made: apiNow(), Conversations: 7}}
	c.tells(c.ask("GET", reportPath+"/kept", ""), 200,
		`{"reports":[{"id":"day-2026-11-19","from":"2026-11-19T15:00:00Z","to":"2026-11-20T15:00:00Z","made":"2026-11-20T15:00:00Z","conversations":7}]}`)
	for _, id := range []string{"day-2026-11-18", "x", "..%2F..", "%00"} {
		c.tells(c.ask("GET", reportPath+"/kept/"+id, ""), 404, `"not_found"`)
	}
	var got struct{ Rows []struct{ Session string } }
	rec := c.ask("GET", reportPath+"/kept/day-2026-11-19", "")
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || len(got.Rows) != 1 || got.Rows[0].Session != session {
		t.Errorf("%v %s", err, rec.Body)
	}
}

// deaf takes no more than a part of an answer.
type deaf struct {
	*httptest.ResponseRecorder
	left int
}

func (d *deaf) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errors.New("nobody reads that")
	}
	return d.ResponseRecorder.Write(p)
}

// A report that can't be written to its end must not look whole.
func TestReportBreaksOff(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	for _, format := range []string{"json", "csv", "xlsx", "html"} {
		c.logs.Reset()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, reportPath+"?format="+format, nil)
		r.Header.Set("Authorization", "Bearer "+newSecret)
		broken := func() (p any) {
			defer func() { p = recover() }()
			c.echo.ServeHTTP(&deaf{httptest.NewRecorder(), 10}, r)
			return nil
		}()
		if broken != http.ErrAbortHandler { //nolint:errorlint // as it is thrown
			t.Errorf("%s ends with %v", format, broken)
		}
		if !bytes.Contains(c.logs.Bytes(), []byte("report not written")) || strings.Contains(c.logs.String(), "Erro na nota") {
			t.Errorf("%s: logged %s", format, c.logs)
		}
	}
}
