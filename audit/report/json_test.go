package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/report"
)

// Programs read the JSON without knowing Go: names in small letters, lists that are never null, no figure that is not a number.
func TestJSONForPrograms(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]report.Report{"month": build(november(t), rowsOf(t, 300)...), "empty": build(november(t))} {
		var v map[string]any
		if err := json.Unmarshal(written(t, r.WriteJSON), &v); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"outcomes", "days", "queues", "agents", "numbers", "hours", "weekdays", "heat", "paid", "corrections", "overrulings", "questions", "rows"} {
			if _, ok := v[key].([]any); !ok {
				t.Errorf("%s: %s is %v, no list", name, key, v[key])
			}
		}
		walk(t, name, v)
	}
}

// walk goes through a JSON value for what no program likes.
func walk(t *testing.T, where string, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil:
		t.Errorf("%s is null", where)
	case map[string]any:
		for key, inner := range v {
			if key != strings.ToLower(key) {
				t.Errorf("%s.%s is not in small letters", where, key)
			}
			walk(t, where+"."+key, inner)
		}
	case []any:
		for _, inner := range v {
			walk(t, where, inner)
		}
	}
}

// The rows of the JSON can be read as they were stored, all of what was measured included; the verdict is told in whole words.
func TestJSONRows(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, 200)
	slices.SortStableFunc(rows, func(a, b report.Row) int { return a.Started.Compare(b.Started) })
	var v struct {
		Rows []struct {
			report.Row

			Outcome report.Outcome `json:"outcome"`
			Judged  *report.Judged `json:"audited"`
		} `json:"rows"`
	}
	if err := json.Unmarshal(written(t, build(november(t), rows...).WriteJSON), &v); err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	verdicts := 0
	for i, got := range v.Rows {
		want := rows[i]
		if got.Outcome != want.Outcome() {
			t.Errorf("%s: %q, want %q", want.Session, got.Outcome, want.Outcome())
		}
		if (got.Judged == nil) != (want.Audited == nil) {
			t.Errorf("%s: verdict %v", want.Session, got.Judged)
		}
		if a := want.Audited; a != nil {
			verdicts++
			if got.Judged.Outcome != a.Outcome || got.Judged.Evidence != a.Evidence || !got.Judged.At.Equal(a.At) {
				t.Errorf("%s: %+v, want %+v", want.Session, got.Judged, a)
			}
		}
		want.Audited = nil
		if diff := cmp.Diff(want, got.Row, same); diff != "" {
			t.Error(diff)
		}
	}
	if verdicts == 0 || len(v.Rows) != len(rows) {
		t.Errorf("%d verdicts in %d rows", verdicts, len(v.Rows))
	}
}

// Where the clocks change every day of the calendar stands once, and every conversation in its own.
func TestDaysWhereClocksChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone     string
		from, to string
		days     int
	}{
		{"America/Sao_Paulo", "2018-10-28T00:00:00-03:00", "2018-11-12T00:00:00-02:00", 15}, // midnight was skipped on 4 November
		{"America/Sao_Paulo", "2018-11-04T01:00:00-02:00", "2018-11-12T00:00:00-02:00", 8},
		{"America/Sao_Paulo", "2018-02-10T00:00:00-02:00", "2018-02-25T00:00:00-03:00", 15}, // the evening came twice on 17 February
		{"Europe/Berlin", "2026-10-20T00:00:00+02:00", "2026-10-30T00:00:00+01:00", 10},
		{"Pacific/Apia", "2011-12-28T00:00:00-10:00", "2012-01-02T00:00:00+14:00", 4}, // 30 December was left out
	} {
		z, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		parse := func(text string) time.Time {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		o := report.Options{From: parse(tt.from), To: parse(tt.to), Zone: z}
		var rows []report.Row
		for at := o.From; at.Before(o.To); at = at.Add(30 * time.Minute) {
			rows = append(rows, row(at.UTC().Format(time.RFC3339), at))
		}
		r := build(o, rows...)
		want := map[string]int{}
		for _, row := range rows {
			want[row.Started.In(z).Format(time.DateOnly)]++
		}
		got := map[string]int{}
		for _, d := range r.Days {
			got[d.Key] += d.Conversations
		}
		if diff := cmp.Diff(want, got); diff != "" || len(r.Days) != tt.days {
			t.Errorf("%s from %s: %d days, want %d: %s", tt.zone, tt.from, len(r.Days), tt.days, diff)
		}
		if empty := build(o); len(empty.Days) != tt.days {
			t.Errorf("%s from %s: %d days without conversations, want %d", tt.zone, tt.from, len(empty.Days), tt.days)
		}
	}
}
