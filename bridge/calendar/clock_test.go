package calendar_test

import (
	"testing"
	"time"
)

// An hour that the clock skips is not open, one that it shows twice is open twice.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone, hours string
		from, to          string
		want              time.Duration
		next              string // the first change after from
	}{
		{"skipped", "Europe/Berlin", "02:00-03:00", "2026-03-29 00:00:00", "2026-03-30 00:00:00", 0, "2026-03-30T02:00:00+02:00"},
		{"half skipped", "Europe/Berlin", "01:30-03:30", "2026-03-29 00:00:00", "2026-03-30 00:00:00", time.Hour, "2026-03-29T01:30:00+01:00"},
		{"begins while skipped", "Europe/Berlin", "02:30-04:00", "2026-03-29 00:00:00", "2026-03-30 00:00:00", time.Hour, "2026-03-29T03:00:00+02:00"},
		{"twice", "Europe/Berlin", "02:00-03:00", "2026-10-25 00:00:00", "2026-10-26 00:00:00", 2 * time.Hour, "2026-10-25T02:00:00+02:00"},
		{"parts twice", "Europe/Berlin", "02:15-02:30", "2026-10-25 00:00:00", "2026-10-26 00:00:00", 30 * time.Minute, "2026-10-25T02:15:00+02:00"},
		{"the first time ends", "Europe/Berlin", "02:15-02:30", "2026-10-25T02:15:00+02:00", "2026-10-25T02:15:00+01:00", 15 * time.Minute, "2026-10-25T02:30:00+02:00"},
		{"the second begins", "Europe/Berlin", "02:15-02:30", "2026-10-25T02:30:00+02:00", "2026-10-26 00:00:00", 15 * time.Minute, "2026-10-25T02:15:00+01:00"},
		{"skipped in New York", "America/New_York", "00:00-24:00", "2026-03-08 00:00:00", "2026-03-09 00:00:00", 23 * time.Hour, ""},
		{"twice in New York", "America/New_York", "01:00-02:00", "2026-11-01 00:00:00", "2026-11-02 00:00:00", 2 * time.Hour, "2026-11-01T01:00:00-04:00"},
		{"midnight skipped", "America/Sao_Paulo", "00:00-01:00", "2018-11-03 12:00:00", "2018-11-05 00:00:00", 0, "2018-11-05T00:00:00-02:00"},
		{"midnight skipped in part", "America/Sao_Paulo", "00:30-02:00", "2018-11-03 12:00:00", "2018-11-05 00:00:00", time.Hour, "2018-11-04T01:00:00-02:00"},
		{"the evening twice", "America/Sao_Paulo", "23:00-24:00", "2018-02-17 00:00:00", "2018-02-18 12:00:00", 2 * time.Hour, "2018-02-17T23:00:00-02:00"},
		{"no change since 2019", "America/Sao_Paulo", "00:00-02:00", "2026-11-01 00:00:00", "2026-11-02 00:00:00", 2 * time.Hour, "2026-11-01T02:00:00-03:00"},
		{"half an hour skipped", "Australia/Lord_Howe", "01:45-02:45", "2026-10-04 00:00:00", "2026-10-05 00:00:00", 30 * time.Minute, "2026-10-04T01:45:00+10:30"},
		{"half an hour twice", "Australia/Lord_Howe", "01:45-02:45", "2026-04-05 00:00:00", "2026-04-06 00:00:00", 75 * time.Minute, "2026-04-05T01:45:00+11:00"},
		{"half hours ahead", "Asia/Kolkata", "08:00-18:01", "2026-11-23 00:00:00", "2026-11-24 00:00:00", 601 * time.Minute, "2026-11-23T08:00:00+05:30"},
		{"a day left out", "Pacific/Apia", "08:00-12:00", "2011-12-29 00:00:00", "2012-01-01 00:00:00", 8 * time.Hour, "2011-12-29T08:00:00-10:00"},
		{"by rule, end of a leap year", "America/New_York", "22:00-23:00", "2048-12-31 00:00:00", "2049-01-01 12:00:00", time.Hour, "2048-12-31T22:00:00-05:00"},
		{"by rule, in autumn", "Europe/Berlin", "02:00-03:00", "2048-10-25 00:00:00", "2048-10-26 00:00:00", 2 * time.Hour, "2048-10-25T02:00:00+02:00"},
		{"before 1970", "Europe/Berlin", "08:00-12:00", "1965-06-01 00:00:00", "1965-06-03 00:00:00", 8 * time.Hour, "1965-06-01T08:00:00+01:00"},
		{"seconds ahead", "Europe/Amsterdam", "08:00-12:00", "1930-01-06 00:00:00", "1930-01-07 00:00:00", 4 * time.Hour, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := everyDay(t, zone(t, tt.zone), tt.hours)
			from, to := at(t, h.Zone, tt.from), at(t, h.Zone, tt.to)
			if got := h.Between(from, to); got != tt.want {
				t.Errorf("between %s and %s %s are open, want %s", tt.from, tt.to, got, tt.want)
			}
			if tt.next == "" {
				return
			}
			if got, ok := h.Next(from); !ok || !got.Equal(at(t, h.Zone, tt.next)) {
				t.Errorf("next change at %s, %v, want %s", got, ok, tt.next)
			}
		})
	}
}

// What the clock shows twice is one period where it is open all the time, two where it closes in between.
func TestPeriodOfRepeatedHour(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	first, second := at(t, berlin, "2026-10-25T02:20:00+02:00"), at(t, berlin, "2026-10-25T02:20:00+01:00")
	whole, part := everyDay(t, berlin, "01:00-04:00"), everyDay(t, berlin, "02:15-02:30")
	if a, b := whole.Period(first), whole.Period(second); a != b || a != "2026-10-24T23:00:00Z" {
		t.Errorf("open all the time: %s and %s", a, b)
	}
	if a, b := part.Period(first), part.Period(second); a != "2026-10-25T00:15:00Z" || b != "2026-10-25T01:15:00Z" {
		t.Errorf("closed in between: %s and %s", a, b)
	}
}

// Many years are walked by days.
func TestBetweenIsFast(t *testing.T) {
	t.Parallel()
	h := reference(t)
	deadline := time.Now().Add(20 * time.Second)
	from := at(t, h.Zone, "1990-01-01 00:00:00")
	for range 20 {
		if h.Between(from, from.AddDate(200, 0, 0)) == 0 {
			t.Error("never open")
		}
	}
	if time.Now().After(deadline) {
		t.Error("20 times 200 years took more than 20 s")
	}
}

func BenchmarkOpen(b *testing.B) {
	h := reference(b)
	now := at(b, h.Zone, "2026-11-19 12:00:00")
	for b.Loop() {
		h.Open(now)
	}
}

func BenchmarkBetween(b *testing.B) {
	h := reference(b)
	from := at(b, h.Zone, "2026-11-19 12:00:00")
	for name, to := range map[string]time.Time{"hours": from.Add(6 * time.Hour), "week": from.AddDate(0, 0, 7), "year": from.AddDate(1, 0, 0)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.Between(from, to)
			}
		})
	}
}

func BenchmarkPeriod(b *testing.B) {
	h := reference(b)
	now := at(b, h.Zone, "2026-11-22 12:00:00")
	for b.Loop() {
		h.Period(now)
	}
}
