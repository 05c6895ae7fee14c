package calendar_test

import (
	"testing"
	"time"
	_ "time/tzdata" // zones are needed wherever the tests run

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// layout shows an instant in a zone.
const layout = "2006-01-02 15:04:05"

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// at reads 2026-11-23 08:00:00 by the clock of a zone, or an instant with its offset from UTC where the clock shows a time twice.
func at(tb testing.TB, loc *time.Location, text string) time.Time {
	tb.Helper()
	if got, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return got
	}
	got, err := time.ParseInLocation(layout, text, loc)
	if err != nil {
		tb.Fatal(err)
	}
	if back := got.Format(layout); back != text {
		tb.Fatalf("%s is %s in %s", text, back, loc)
	}
	return got
}

func intervals(tb testing.TB, text string) []calendar.Interval {
	tb.Helper()
	list, err := calendar.ParseIntervals(text)
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

func holidays(tb testing.TB, texts ...string) []calendar.Holiday {
	tb.Helper()
	list := make([]calendar.Holiday, len(texts))
	for i, text := range texts {
		var err error
		if list[i], err = calendar.ParseHoliday(text); err != nil {
			tb.Fatal(err)
		}
	}
	return list
}

// everyDay are the same hours on all seven days.
func everyDay(tb testing.TB, loc *time.Location, text string) calendar.Hours {
	tb.Helper()
	h := calendar.Hours{Zone: loc}
	for day := range h.Week {
		h.Week[day] = intervals(tb, text)
	}
	return valid(tb, h)
}

// reference is the operation of reference: Monday to Friday up to and including 18:00:59, closed on national holidays.
func reference(tb testing.TB) calendar.Hours {
	tb.Helper()
	h := everyDay(tb, zone(tb, "America/Sao_Paulo"), "08:00-18:01")
	h.Week[time.Sunday], h.Week[time.Saturday], h.National = nil, nil, true
	return valid(tb, h)
}

func valid(tb testing.TB, h calendar.Hours) calendar.Hours {
	tb.Helper()
	if err := h.Validate(); err != nil {
		tb.Fatal(err)
	}
	return h
}
