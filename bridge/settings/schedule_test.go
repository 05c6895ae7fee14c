package settings_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// zoned reads a time by the clock of a zone, with its offset from UTC.
func zoned(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05 -07", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

func TestReportNext(t *testing.T) {
	t.Parallel()
	const brazil, newYork = "America/Sao_Paulo", "America/New_York"
	for name, tt := range map[string]struct {
		schedule, zone, after, want string // want "": never
	}{
		"later today":               {"0 7 * * *", brazil, "2026-11-23 06:59:59 -03", "2026-11-23 07:00:00 -03"},
		"not now":                   {"0 7 * * *", brazil, "2026-11-23 07:00:00 -03", "2026-11-24 07:00:00 -03"},
		"by the zone's clock":       {"0 7 * * *", brazil, "2026-11-23 09:00:00 +00", "2026-11-23 10:00:00 +00"},
		"on Mondays":                {"0 7 * * 1", brazil, "2026-11-23 08:00:00 -03", "2026-11-30 07:00:00 -03"},
		"on Mondays, on a Sunday":   {"0 0 * * 1", brazil, "2026-11-22 23:59:59 -03", "2026-11-23 00:00:00 -03"},
		"on the first":              {"30 6 1 * *", brazil, "2026-12-01 06:30:00 -03", "2027-01-01 06:30:00 -03"},
		"on the 31st":               {"0 6 31 * *", brazil, "2026-08-31 06:00:00 -03", "2026-10-31 06:00:00 -03"},
		"on the leap day":           {"0 6 29 2 *", brazil, "2026-11-23 06:00:00 -03", "2028-02-29 06:00:00 -03"},
		"day or weekday":            {"0 6 25 * 5", brazil, "2026-11-23 06:00:00 -03", "2026-11-25 06:00:00 -03"},
		"every quarter of an hour":  {"*/15 * * * *", brazil, "2026-11-23 06:44:59 -03", "2026-11-23 06:45:00 -03"},
		"at midnight, no midnight":  {"0 0 * * *", brazil, "2018-11-03 12:00:00 -03", "2018-11-04 01:00:00 -02"},
		"and on the day after":      {"0 0 * * *", brazil, "2018-11-04 01:00:00 -02", "2018-11-05 00:00:00 -02"},
		"at midnight, twice 23:00":  {"0 0 * * *", brazil, "2018-02-17 12:00:00 -02", "2018-02-18 00:00:00 -03"},
		"at 23:30, which is twice":  {"30 23 * * *", brazil, "2018-02-17 12:00:00 -02", "2018-02-17 23:30:00 -02"},
		"not the second time":       {"30 23 * * *", brazil, "2018-02-17 23:30:00 -02", "2018-02-18 23:30:00 -03"},
		"between both times":        {"30 23 * * *", brazil, "2018-02-17 23:15:00 -03", "2018-02-18 23:30:00 -03"},
		"in the hour left out":      {"30 2 * * *", newYork, "2026-03-07 12:00:00 -05", "2026-03-08 03:00:00 -04"},
		"hourly over the hour":      {"0 * * * *", newYork, "2026-03-08 01:30:00 -05", "2026-03-08 03:00:00 -04"},
		"both at once":              {"0 2,3 * * *", newYork, "2026-03-08 03:00:00 -04", "2026-03-09 02:00:00 -04"},
		"in the hour that is twice": {"30 1 * * *", newYork, "2026-11-01 00:00:00 -04", "2026-11-01 01:30:00 -04"},
		"but once":                  {"30 1 * * *", newYork, "2026-11-01 01:30:00 -04", "2026-11-02 01:30:00 -05"},
		"every minute, once":        {"* * * * *", newYork, "2026-11-01 01:59:00 -04", "2026-11-01 02:00:00 -05"},
		"no schedule":               {"", brazil, "2026-11-23 06:00:00 -03", ""},
		"a wrong schedule":          {"@daily", brazil, "2026-11-23 06:00:00 -03", ""},
		"a day that never comes":    {"0 7 30 2 *", brazil, "2026-11-23 06:00:00 -03", ""},
		"no leap day for years":     {"0 6 29 2 *", brazil, "2097-01-01 06:00:00 -03", ""},
		"left out, in the east":     {"15 0 * * *", "Asia/Beirut", "2022-03-26 12:00:00 +02", "2022-03-27 01:00:00 +03"},
		"half an hour twice":        {"45 1 * * *", "Australia/Lord_Howe", "2026-04-04 12:00:00 +11", "2026-04-05 01:45:00 +11"},
		"no zone":                   {"0 7 * * *", "", "2026-11-23 06:59:59 -03", "2026-11-24 07:00:00 +00"},
		"a day that a place skips":  {"0 7 30 12 *", "Pacific/Apia", "2011-12-29 12:00:00 -10", "2011-12-31 00:00:00 +14"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var at *time.Location
			if tt.zone != "" {
				at = zone(t, tt.zone)
			}
			got, ok := settings.Report{Schedule: tt.schedule}.Next(zoned(t, tt.after), at)
			switch {
			case tt.want == "":
				if ok || !got.IsZero() {
					t.Errorf("got %v, want none", got)
				}
			case !ok || !got.Equal(zoned(t, tt.want)):
				t.Errorf("got %v, %v; want %s", got, ok, tt.want)
			}
		})
	}
}

func TestReportSpan(t *testing.T) {
	t.Parallel()
	const brazil = "America/Sao_Paulo"
	for name, tt := range map[string]struct {
		period             settings.ReportPeriod
		zone, at, from, to string
	}{
		"a day":                  {settings.PeriodDay, brazil, "2026-11-23 07:00:00 -03", "2026-11-22 00:00:00 -03", "2026-11-23 00:00:00 -03"},
		"a day, at its end":      {settings.PeriodDay, brazil, "2026-11-23 00:00:00 -03", "2026-11-22 00:00:00 -03", "2026-11-23 00:00:00 -03"},
		"a day, just before":     {settings.PeriodDay, brazil, "2026-11-22 23:59:59 -03", "2026-11-21 00:00:00 -03", "2026-11-22 00:00:00 -03"},
		"by the zone's clock":    {settings.PeriodDay, brazil, "2026-11-23 02:00:00 +00", "2026-11-21 00:00:00 -03", "2026-11-22 00:00:00 -03"},
		"over the year's end":    {settings.PeriodDay, brazil, "2027-01-01 07:00:00 -03", "2026-12-31 00:00:00 -03", "2027-01-01 00:00:00 -03"},
		"a day of 23 hours":      {settings.PeriodDay, brazil, "2018-11-05 07:00:00 -02", "2018-11-04 01:00:00 -02", "2018-11-05 00:00:00 -02"},
		"the day before it":      {settings.PeriodDay, brazil, "2018-11-04 01:00:00 -02", "2018-11-03 00:00:00 -03", "2018-11-04 01:00:00 -02"},
		"a day of 25 hours":      {settings.PeriodDay, brazil, "2018-02-18 07:00:00 -03", "2018-02-17 00:00:00 -02", "2018-02-18 00:00:00 -03"},
		"a week, on a Monday":    {settings.PeriodWeek, brazil, "2026-11-23 00:00:00 -03", "2026-11-16 00:00:00 -03", "2026-11-23 00:00:00 -03"},
		"a week, on a Sunday":    {settings.PeriodWeek, brazil, "2026-11-22 23:59:59 -03", "2026-11-09 00:00:00 -03", "2026-11-16 00:00:00 -03"},
		"a week, on a Wednesday": {settings.PeriodWeek, brazil, "2026-11-25 12:00:00 -03", "2026-11-16 00:00:00 -03", "2026-11-23 00:00:00 -03"},
		"a week over the year":   {settings.PeriodWeek, brazil, "2027-01-01 12:00:00 -03", "2026-12-21 00:00:00 -03", "2026-12-28 00:00:00 -03"},
		"a week over a change":   {settings.PeriodWeek, "Europe/Lisbon", "2026-10-26 07:00:00 +00", "2026-10-19 00:00:00 +01", "2026-10-26 00:00:00 +00"},
		"a month":                {settings.PeriodMonth, brazil, "2026-11-23 07:00:00 -03", "2026-10-01 00:00:00 -03", "2026-11-01 00:00:00 -03"},
		"a month, on the 31st":   {settings.PeriodMonth, brazil, "2026-12-31 07:00:00 -03", "2026-11-01 00:00:00 -03", "2026-12-01 00:00:00 -03"},
		"a month, on the first":  {settings.PeriodMonth, brazil, "2026-03-01 00:00:00 -03", "2026-02-01 00:00:00 -03", "2026-03-01 00:00:00 -03"},
		"a month, in January":    {settings.PeriodMonth, brazil, "2027-01-15 00:00:00 -03", "2026-12-01 00:00:00 -03", "2027-01-01 00:00:00 -03"},
		"a leap February":        {settings.PeriodMonth, brazil, "2028-03-31 00:00:00 -03", "2028-02-01 00:00:00 -03", "2028-03-01 00:00:00 -03"},
		"no zone":                {settings.PeriodDay, "", "2026-11-22 22:00:00 -03", "2026-11-22 00:00:00 +00", "2026-11-23 00:00:00 +00"},
		"no period":              {"", brazil, "2026-11-23 07:00:00 -03", "2026-11-22 00:00:00 -03", "2026-11-23 00:00:00 -03"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in *time.Location
			if tt.zone != "" {
				in = zone(t, tt.zone)
			}
			from, to := settings.Report{Period: tt.period}.Span(zoned(t, tt.at), in)
			if !from.Equal(zoned(t, tt.from)) || !to.Equal(zoned(t, tt.to)) {
				t.Errorf("got %v to %v, want %s to %s", from, to, tt.from, tt.to)
			}
		})
	}
}

// Spans follow each other without gaps, none reaches beyond its instant, and each run comes after the one before it.
func TestReportGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_262_304_000, 1_893_456_000).Draw(t, "at"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		in, err := time.LoadLocation(rapid.SampledFrom([]string{
			"UTC", "America/Sao_Paulo", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "Pacific/Apia",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		r := settings.Report{
			Schedule: rapid.SampledFrom([]string{"0 0 * * *", "30 2 * * *", "*/20 0-3 * * *", "0 7 1 * *", "0 0 * * 1", "59 23 31 * *"}).Draw(t, "schedule"),
			Period:   rapid.SampledFrom([]settings.ReportPeriod{settings.PeriodDay, settings.PeriodWeek, settings.PeriodMonth}).Draw(t, "period"),
		}
		from, to := r.Span(at, in)
		if to.After(at) || !from.Before(to) {
			t.Fatalf("%v to %v at %v", from, to, at)
		}
		if before, end := r.Span(from, in); !end.Equal(from) || !before.Before(end) {
			t.Fatalf("the span before %v ends %v", from, end)
		}
		if again, end := r.Span(to, in); !again.Equal(from) || !end.Equal(to) {
			t.Fatalf("at the end it is %v to %v", again, end)
		}
		next, ok := r.Next(at, in)
		if !ok || !next.After(at) {
			t.Fatalf("after %v comes %v, %v", at, next, ok)
		}
		if again, _ := r.Next(next.Add(-1), in); !again.Equal(next) {
			t.Fatalf("just before %v comes %v", next, again)
		}
		if again, _ := r.Next(at.Add(next.Sub(at)/2), in); !again.Equal(next) {
			t.Fatalf("between %v and %v comes %v", at, next, again)
		}
	})
}
