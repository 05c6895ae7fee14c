package store_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// archive is a keeper of reports in a test.
type archive struct {
	*testing.T
	*store.Reports
}

func openArchive(t *testing.T, r *testredis.Redis) archive {
	t.Helper()
	return archive{t, store.NewReports(r.Client, r.Prefix, func() time.Time { return noon(23) })}
}

// keeps keeps a report about a day, made at noon of another one.
func (a archive) keeps(id string, day, made int, rows ...string) {
	a.Helper()
	w := a.Write(id)
	for _, session := range rows {
		if err := w.Add(a.Context(), store.ReportRow{Session: session, Data: []byte("row of " + session)}); err != nil {
			a.Fatal(err)
		}
	}
	about := store.Report{From: noon(day).Add(-12 * time.Hour), To: noon(day).Add(12 * time.Hour), Made: noon(made), Zone: "UTC", Language: "pt-BR"}
	if err := w.Close(a.Context(), about, month); err != nil {
		a.Fatal(err)
	}
}

// sessions lists the rows of a kept report, in order.
func (a archive) sessions(id string) (list []string) {
	a.Helper()
	about, ok, err := a.Report(a.Context(), id)
	if err != nil || !ok {
		a.Fatalf("%s: %v %v", id, ok, err)
	}
	err = a.Rows(a.Context(), about, func(session string, data []byte) error {
		if string(data) != "row of "+session {
			a.Errorf("%s has the row %q", session, data)
		}
		list = append(list, session)
		return nil
	})
	if err != nil {
		a.Fatal(err)
	}
	return list
}

// ids lists the kept reports.
func (a archive) ids() (list []string) {
	a.Helper()
	all, err := a.List(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	for _, about := range all {
		list = append(list, about.ID)
	}
	return list
}

func (a archive) same(what string, got, want []string) {
	a.Helper()
	if strings.Join(got, " ") != strings.Join(want, " ") {
		a.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestReportsAreKept(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		a := openArchive(t, r)
		a.same("before", a.ids(), nil)
		if _, ok, err := a.Report(t.Context(), "day-2026-11-20"); err != nil || ok {
			t.Errorf("a report that nobody made: %v %v", ok, err)
		}
		a.keeps("day-2026-11-20", 20, 21, "s1", "s2")
		a.keeps("day-2026-11-21", 21, 22)
		a.same("rows", a.sessions("day-2026-11-20"), []string{"s1", "s2"})
		a.same("no rows", a.sessions("day-2026-11-21"), nil)
		a.same("list", a.ids(), []string{"day-2026-11-21", "day-2026-11-20"})
		about, _, err := a.Report(t.Context(), "day-2026-11-20")
		if err != nil || about.Rows != 2 || !about.From.Equal(noon(20).Add(-12*time.Hour)) || !about.Made.Equal(noon(21)) || about.Zone != "UTC" || about.Language != "pt-BR" {
			t.Errorf("about: %+v %v", about, err)
		}

		a.keeps("day-2026-11-20", 20, 23, "s1", "s3") // made again
		a.same("rows", a.sessions("day-2026-11-20"), []string{"s1", "s3"})
		a.same("list", a.ids(), []string{"day-2026-11-20", "day-2026-11-21"})
		if n, err := r.Client.Exists(t.Context(), r.Prefix+"report:rows:"+about.List).Result(); err != nil || n != 0 {
			t.Errorf("the rows of a report that was made again are left: %d %v", n, err)
		}
	})
}

// TestBigReport wants rows in the order in which they came, beyond one piece.
func TestBigReport(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := openArchive(t, r)
	var rows []string
	for i := range 2500 {
		rows = append(rows, fmt.Sprintf("s%d", i))
	}
	a.keeps("big", 20, 21, rows...)
	a.same("rows", a.sessions("big"), rows)
	enough, n := errors.New("enough"), 0
	about, _, _ := a.Report(t.Context(), "big")
	if err := a.Rows(t.Context(), about, func(string, []byte) error { n++; return enough }); !errors.Is(err, enough) || n != 1 || about.Rows != 2500 {
		t.Errorf("%d rows of %d, %v", n, about.Rows, err)
	}
}

// TestUnfinishedReport wants a report that was never finished to be seen by nobody and to go.
func TestUnfinishedReport(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := openArchive(t, r)
	w := a.Write("day")
	for i := range 1001 {
		if err := w.Add(t.Context(), store.ReportRow{Session: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	a.same("list", a.ids(), nil)
	if n := len(r.Mini.Keys()); n != 1 {
		t.Errorf("%d keys", n)
	}
	r.Advance(25 * time.Hour)
	if left := r.Mini.Keys(); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}

// TestReportsEnd wants reports to be gone when their time is up, but for those that are kept for good.
func TestReportsEnd(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	now := noon(23)
	a := archive{t, store.NewReports(r.Client, r.Prefix, func() time.Time { return now })}
	a.keeps("short", 20, 21, "s1")
	w := a.Write("long")
	if err := w.Add(t.Context(), store.ReportRow{Session: "s2", Data: []byte("row of s2")}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(t.Context(), store.Report{Made: noon(21)}, 0); err != nil {
		t.Fatal(err)
	}
	r.Advance(month - time.Hour)
	now = now.Add(month - time.Hour)
	a.same("list", a.ids(), []string{"short", "long"})
	r.Advance(2 * time.Hour)
	now = now.Add(2 * time.Hour)
	a.same("list", a.ids(), []string{"long"})
	a.same("rows", a.sessions("long"), []string{"s2"})
	for _, key := range r.Mini.Keys() {
		if strings.Contains(key, "short") {
			t.Errorf("left: %s", key)
		}
	}
}

// TestReportsForget wants an erased contact's rows out of the reports about their days, those in the making included.
func TestReportsForget(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		a := openArchive(t, r)
		a.keeps("20", 20, 21, "s1", "s2", "s3")
		a.keeps("21", 21, 22, "s2", "s4") // no conversation of two days: it is not looked at
		w := a.Write("again")
		if err := w.Add(t.Context(), store.ReportRow{Session: "s2", Data: []byte("row of s2")}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := a.Forget(t.Context(), []store.Place{{Day: "2026-11-20", Session: "s2"}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(t.Context(), store.Report{From: noon(19), To: noon(21), Made: noon(23)}, month); err != nil {
			t.Fatal(err)
		}
		a.same("20", a.sessions("20"), []string{"s1", "s3"})
		a.same("21", a.sessions("21"), []string{"s2", "s4"})
		a.same("again", a.sessions("again"), nil)
		if about, _, err := a.Report(t.Context(), "20"); err != nil || about.Rows != 3 {
			t.Errorf("%+v %v", about, err)
		}
		if err := a.Forget(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
}

// packed is rows as they are stored, whole or damaged.
func packed(t *testing.T, plain string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestReportsTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := openArchive(t, r)
	a.keeps("20", 20, 21, "s1")
	about, _, _ := a.Report(t.Context(), "20")
	visit := func(string, []byte) error { return nil }
	if err := r.Client.Set(t.Context(), r.Prefix+"report:broken", "{", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := a.Report(t.Context(), "broken"); !errors.Is(err, store.ErrReportDamaged) || ok {
		t.Errorf("a damaged report: %v %v", ok, err)
	}
	for _, piece := range []string{"no rows", packed(t, "\x05abc"), packed(t, "\x01s\x05row"), packed(t, "\x01s"), packed(t, "\xff"), packed(t, "\x01s\x03row")[:20]} {
		if err := r.Client.LSet(t.Context(), r.Prefix+"report:rows:"+about.List, 0, piece).Err(); err != nil {
			t.Fatal(err)
		}
		if err := a.Rows(t.Context(), about, visit); !errors.Is(err, store.ErrReportDamaged) {
			t.Errorf("damaged rows %q: %v", piece, err)
		}
	}
	r.Mini.SetError("LOADING")
	w := a.Write("21")
	if err := w.Add(t.Context(), store.ReportRow{Session: "s"}); err != nil {
		t.Errorf("a row that waits for others: %v", err)
	}
	for name, err := range map[string]error{
		"close": w.Close(t.Context(), store.Report{}, month), "rows": a.Rows(t.Context(), about, visit),
		"forget": a.Forget(t.Context(), []store.Place{{Day: "2026-11-20", Session: "s1"}}),
	} {
		if err == nil {
			t.Errorf("%s succeeded on a store that fails", name)
		}
	}
	if _, err := a.List(t.Context()); err == nil {
		t.Error("List succeeded on a store that fails")
	}
}
