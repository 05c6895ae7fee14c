package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

const month = 30 * 24 * time.Hour

// noon is noon of a day of November 2026, UTC.
func noon(day int) time.Time { return time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC) }

// shelf is a keeper of rows in a test.
type shelf struct {
	*testing.T
	*store.Summaries
}

func (s shelf) puts(session, contact string, started time.Time, data string) {
	s.Helper()
	if err := s.Keep(s.Context(), store.Row{Session: session, Contact: contact, Started: started, Data: []byte(data)}, month, month); err != nil {
		s.Fatal(err)
	}
}

// between reads the rows of a time; a row that comes twice is an error.
func (s shelf) between(from, to time.Time) map[string]string {
	s.Helper()
	rows := map[string]string{}
	err := s.Between(s.Context(), from, to, func(session string, data []byte) error {
		if _, ok := rows[session]; ok {
			s.Errorf("%s comes twice", session)
		}
		rows[session] = string(data)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return rows
}

func (s shelf) same(what string, got, want any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestSummariesByDay(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := shelf{t, store.NewSummaries(r.Client, r.Prefix)}
		saoPaulo := time.FixedZone("BRT", -3*60*60)
		s.puts("s1", "c1", noon(20), "one")
		s.puts("s2", "c1", time.Date(2026, 11, 20, 22, 0, 0, 0, saoPaulo), "two") // the 21st in UTC
		s.puts("s3", "c2", noon(22), "three")
		s.puts("s1", "c1", noon(20), "one again")

		s.same("all", s.between(noon(1), noon(30)), map[string]string{"s1": "one again", "s2": "two", "s3": "three"})
		s.same("one day", s.between(noon(20), noon(20).Add(time.Hour)), map[string]string{"s1": "one again"})
		s.same("up to midnight", s.between(noon(20), noon(20).Add(12*time.Hour)), map[string]string{"s1": "one again"})
		s.same("past midnight", s.between(noon(20), noon(20).Add(12*time.Hour+1)), map[string]string{"s1": "one again", "s2": "two"})
		s.same("of a day elsewhere", s.between(time.Date(2026, 11, 20, 0, 0, 0, 0, saoPaulo), time.Date(2026, 11, 21, 0, 0, 0, 0, saoPaulo)),
			map[string]string{"s1": "one again", "s2": "two"})
		s.same("no time", s.between(noon(20), noon(20)), map[string]string{"s1": "one again"})
		s.same("backwards", s.between(noon(22), noon(20)), map[string]string{})
		s.same("none", s.between(noon(2), noon(9)), map[string]string{})
		s.same("of another installation", shelf{t, store.NewSummaries(r.Client, r.Prefix+"other:")}.between(noon(1), noon(30)), map[string]string{})

		row, ok, err := s.Row(t.Context(), "s2", noon(21))
		if err != nil || !ok || string(row) != "two" {
			t.Errorf("row: %q %v %v", row, ok, err)
		}
		if row, ok, err := s.Row(t.Context(), "s2", noon(20)); err != nil || ok || row != nil {
			t.Errorf("a row on a day that it does not lie on: %q %v %v", row, ok, err)
		}
	})
}

// TestSummariesEndEarly wants the visitor's error, and nothing handed out after it.
func TestSummariesEndEarly(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	s := shelf{t, store.NewSummaries(r.Client, r.Prefix)}
	s.puts("s1", "c1", noon(20), "one")
	s.puts("s2", "c1", noon(21), "two")
	enough, n := errors.New("enough"), 0
	err := s.Between(t.Context(), noon(1), noon(30), func(string, []byte) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// TestManySummaries wants every row of a big day once, whatever Redis does to its hash meanwhile.
func TestManySummaries(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := shelf{t, store.NewSummaries(r.Client, r.Prefix)}
		const first, second = 700, 1400
		for i := range first {
			s.puts(fmt.Sprintf("s%d", i), "c1", noon(20), "row")
		}
		seen, more := map[string]int{}, first
		err := s.Between(t.Context(), noon(20), noon(21), func(session string, _ []byte) error {
			for ; more < second; more++ {
				s.puts(fmt.Sprintf("s%d", more), "c1", noon(20), "row")
			}
			seen[session]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range first {
			if n := seen[fmt.Sprintf("s%d", i)]; n != 1 {
				t.Fatalf("s%d was told %d times", i, n)
			}
		}
		if n := len(s.between(noon(20), noon(20))); n != second {
			t.Errorf("%d rows", n)
		}
	})
}

func TestSummariesOfContacts(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := shelf{t, store.NewSummaries(r.Client, r.Prefix)}
		s.puts("s1", "c1", noon(20), "one")
		s.puts("s2", "c1", noon(21), "two")
		s.puts("s3", "c2", noon(21), "three")
		rows, err := s.Of(t.Context(), "c1")
		if err != nil {
			t.Fatal(err)
		}
		s.same("rows", rows, map[string][]byte{"s1": []byte("one"), "s2": []byte("two")})
		places, err := s.Places(t.Context(), "c2")
		if err != nil {
			t.Fatal(err)
		}
		s.same("places", places, []store.Place{{Day: "2026-11-21", Session: "s3"}})
		for range 2 {
			if err := s.Forget(t.Context(), "c1"); err != nil {
				t.Fatal(err)
			}
			s.same("left", s.between(noon(1), noon(30)), map[string]string{"s3": "three"})
			if rows, err := s.Of(t.Context(), "c1"); err != nil || len(rows) > 0 {
				t.Errorf("rows of a forgotten contact: %q %v", rows, err)
			}
		}
		if keys, err := r.Client.Exists(t.Context(), r.Prefix+"contact:c1:rows").Result(); err != nil || keys != 0 {
			t.Errorf("the forgotten contact's list is there: %d %v", keys, err)
		}
	})
}

// TestSummariesLive wants a day's rows to stay as long as the longest of them, and what is kept for good to stay so.
func TestSummariesLive(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := store.NewSummaries(r.Client, r.Prefix)
		const short, long, longest = 10 * 24 * time.Hour, 20 * 24 * time.Hour, 40 * 24 * time.Hour
		for i, tt := range []struct {
			keep, traced time.Duration
			row, list    time.Duration // how long they live then; -1ns = for good
		}{
			{short, long, short, long},
			{long, 0, long, -1},
			{short, longest, long, -1},
			{longest, short, longest, -1},
			{0, longest, -1, -1},
			{short, longest, -1, -1},
		} {
			if err := s.Keep(t.Context(), store.Row{Session: "s1", Contact: "c1", Started: noon(20), Data: []byte("row")}, tt.keep, tt.traced); err != nil {
				t.Fatal(err)
			}
			for key, want := range map[string]time.Duration{"row:2026-11-20": tt.row, "contact:c1:rows": tt.list} {
				left, err := r.Client.PTTL(t.Context(), r.Prefix+key).Result()
				if err != nil || (want < 0) != (left == -1) || want > 0 && (left > want || left < want-time.Minute) {
					t.Errorf("%d: %s lives for %v, %v; want %v", i, key, left, err, want)
				}
			}
		}
	})
}

func TestSummariesTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	s := shelf{t, store.NewSummaries(r.Client, r.Prefix)}
	s.puts("s1", "c1", noon(20), "one")
	r.Mini.SetError("LOADING")
	for name, err := range map[string]error{
		"keep":    s.Keep(t.Context(), store.Row{Session: "s1", Contact: "c1", Started: noon(20)}, month, month),
		"between": s.Between(t.Context(), noon(20), noon(21), func(string, []byte) error { return nil }),
		"forget":  s.Forget(t.Context(), "c1"),
	} {
		if err == nil {
			t.Errorf("%s succeeded on a store that fails", name)
		}
	}
	if _, ok, err := s.Row(t.Context(), "s1", noon(20)); err == nil || ok {
		t.Error("Row succeeded on a store that fails")
	}
	if _, err := s.Of(t.Context(), "c1"); err == nil {
		t.Error("Of succeeded on a store that fails")
	}
	r.Mini.SetError("")
	s.same("left", s.between(noon(1), noon(30)), map[string]string{"s1": "one"})
}
