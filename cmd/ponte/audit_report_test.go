package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// keepsRow keeps the row of a conversation.
func keepsRow(t *testing.T, r *testredis.Redis, session, started string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, started)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := report.RowOf(conversation.Summary{
		Session: session, Number: "1", Contact: "c1", State: conversation.StateClosed, Started: at, Ticket: 35436, Subject: "Erro na nota",
	}, nil, settings.Default()).Encode()
	if err != nil {
		t.Fatal(err)
	}
	row := store.Row{Session: session, Contact: "c1", Started: at, Data: raw}
	if err := store.NewSummaries(r.Client, r.Prefix).Keep(t.Context(), row, time.Hour, time.Hour); err != nil {
		t.Fatal(err)
	}
}

// rowsOf lists the sessions of a report in JSON.
func rowsOf(t *testing.T, out string) []string {
	t.Helper()
	var got struct{ Rows []struct{ Session string } }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %.300s", err, out)
	}
	sessions := []string{}
	for _, row := range got.Rows {
		sessions = append(sessions, row.Session)
	}
	return sessions
}

func TestAuditReport(t *testing.T) {
	r := onRedis(t, map[string]string{"ZENDESK_URL": "https://x.zendesk.com/"})
	keepsRow(t, r, "october", "2026-11-01T02:59:59Z") // São Paulo's 31 October
	keepsRow(t, r, "first", "2026-11-01T03:00:00Z")
	keepsRow(t, r, "last", "2026-12-01T02:59:59Z")
	keepsRow(t, r, "december", "2026-12-01T03:00:00Z")
	got := ponte(t, "audit", "report", "--from", "2026-11-01", "--to", "2026-11-30")
	if got.code != 0 || got.err != "" {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	same(t, "november", rowsOf(t, got.out), []string{"first", "last"})
	got = ponte(t, "audit", "report", "--from=2026-10-31", "--to=2026-10-31", "--format=json")
	same(t, "one day", rowsOf(t, got.out), []string{"october"})
	for format, words := range map[string]string{
		"csv": "https://x.zendesk.com/agent/tickets/35436", "html": "</html>", "xlsx": "PK\x03\x04",
	} {
		got := ponte(t, "audit", "report", "--from", "2026-11-01", "--to", "2026-11-30", "--format", format)
		if got.code != 0 || !strings.Contains(got.out, words) {
			t.Errorf("%s: exit %d, %s%.300s", format, got.code, got.err, got.out)
		}
		path := filepath.Join(t.TempDir(), "november."+format) // the ending tells the format
		if got := ponte(t, "audit", "report", "--from", "2026-11-01", "--to", "2026-11-30", "--out", path); got.code != 0 || got.out != "" {
			t.Errorf("%s: exit %d, %s%.300s", path, got.code, got.err, got.out)
		}
		if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), words) {
			t.Errorf("%s: %v, %.300s", path, err, raw)
		}
	}
}

// TestAuditReportOfThisMonth wants this month up to today where nothing else is said.
func TestAuditReportOfThisMonth(t *testing.T) {
	r := onRedis(t, nil)
	zone := settings.Default().Zone
	today := time.Now().In(zone)
	for session, day := range map[string]time.Time{
		"today": today, "first": time.Date(today.Year(), today.Month(), 1, 12, 0, 0, 0, zone), "before": time.Date(today.Year(), today.Month(), 0, 12, 0, 0, 0, zone),
	} {
		keepsRow(t, r, session, day.Format(time.RFC3339))
	}
	got := ponte(t, "audit", "report")
	if got.code != 0 || got.err != "" {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	if rows := rowsOf(t, got.out); len(rows) != 2 || rows[0] == "before" || rows[1] == "before" {
		t.Errorf("this month has %q", rows)
	}
}

// TestAuditReportByStoredSettings wants days by the clock of the settings that are stored.
func TestAuditReportByStoredSettings(t *testing.T) {
	r := onRedis(t, nil)
	op := settings.DefaultOperation()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	op.Default.Zone = tokyo
	if _, err := store.NewSettings(r.Client, r.Prefix, time.Now).Save(t.Context(), op, "test", 0); err != nil {
		t.Fatal(err)
	}
	keepsRow(t, r, "first", "2026-10-31T15:00:00Z") // the first instant of November in Tokyo
	got := ponte(t, "audit", "report", "--from", "2026-11-01", "--to", "2026-11-01")
	same(t, "november", rowsOf(t, got.out), []string{"first"})
}

func TestAuditReportMistakes(t *testing.T) {
	onRedis(t, nil)
	for _, args := range [][]string{{"--form", "csv"}, {"2026-11-01"}, {"--from"}, {"--from", "2026-11-01", "csv"}} {
		if got := ponte(t, append([]string{"audit", "report"}, args...)...); got.code != 2 || !strings.HasPrefix(got.err, "usage: ponte audit ") || got.out != "" {
			t.Errorf("%v: exit %d, %s%s", args, got.code, got.out, got.err)
		}
	}
	missing := filepath.Join(t.TempDir(), "none", "report.csv")
	for _, tt := range []struct {
		args    []string
		message string
	}{
		{[]string{"--format", "pdf"}, `there is no format "pdf": it is json, csv, xlsx or html`},
		{[]string{"--out", "report.pdf"}, `there is no format "pdf": it is json, csv, xlsx or html`},
		{[]string{"--from", "01/11/2026"}, "--from 01/11/2026 is no day: write it as 2026-11-30"},
		{[]string{"--to", "2026-11-31"}, "--to 2026-11-31 is no day: write it as 2026-11-30"},
		{[]string{"--from", "2026-11-30", "--to", "2026-11-01"}, "the report would end on 2026-11-01, before it begins on 2026-11-30"},
		{[]string{"--from", "2025-11-30", "--to", "2026-12-01"}, "a report is about 366 days at the most"},
		{[]string{"--out", missing}, "write the report: open " + missing + ": no such file or directory"},
	} {
		got := ponte(t, append([]string{"audit", "report"}, tt.args...)...)
		stops(t, got, 1, tt.message)
		if got.out != "" {
			t.Errorf("%v says %.300s", tt.args, got.out)
		}
	}
}

func TestAuditReportWithoutRedis(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"})
	if got := ponte(t, "audit", "report"); got.code != 1 || got.err == "" || strings.Contains(got.err, "s3cret") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	environment(t, map[string]string{"REDIS_URL": "redis://:s3cret@x:y"})
	if got := ponte(t, "audit", "report"); got.code != 1 || !strings.HasPrefix(got.err, "PONTE_REDIS_URL: ") || strings.Contains(got.err, "s3cret") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
