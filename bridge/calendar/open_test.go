package calendar_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// Around 20 November 2026, a Friday, and other holidays.
func TestReference(t *testing.T) {
	t.Parallel()
	h := reference(t)
	tests := []struct {
		at     string
		open   bool
		next   string
		period string // when it began
	}{
		{"2026-11-19 07:59:59", false, "2026-11-19 08:00:00", "2026-11-18 18:01:00"},
		{"2026-11-19 08:00:00", true, "2026-11-19 18:01:00", "2026-11-19 08:00:00"},
		{"2026-11-19 18:00:59", true, "2026-11-19 18:01:00", "2026-11-19 08:00:00"},
		{"2026-11-19 18:01:00", false, "2026-11-23 08:00:00", "2026-11-19 18:01:00"},
		{"2026-11-20 12:00:00", false, "2026-11-23 08:00:00", "2026-11-19 18:01:00"}, // Zumbi, a Friday
		{"2026-11-21 12:00:00", false, "2026-11-23 08:00:00", "2026-11-19 18:01:00"},
		{"2026-11-22 23:59:59", false, "2026-11-23 08:00:00", "2026-11-19 18:01:00"},
		{"2026-11-23 08:00:01", true, "2026-11-23 18:01:00", "2026-11-23 08:00:00"},
		{"2026-12-25 12:00:00", false, "2026-12-28 08:00:00", "2026-12-24 18:01:00"},
		{"2026-02-16 12:00:00", true, "2026-02-16 18:01:00", "2026-02-16 08:00:00"}, // carnival is optional
		{"2026-06-04 12:00:00", true, "2026-06-04 18:01:00", "2026-06-04 08:00:00"}, // Corpus Christi too
		{"2026-04-03 12:00:00", false, "2026-04-06 08:00:00", "2026-04-02 18:01:00"},
		{"2023-11-20 12:00:00", true, "2023-11-20 18:01:00", "2023-11-20 08:00:00"}, // not yet a holiday
	}
	for _, tt := range tests {
		t.Run(tt.at, func(t *testing.T) {
			t.Parallel()
			now := at(t, h.Zone, tt.at)
			if got := h.Open(now); got != tt.open {
				t.Errorf("open is %v", got)
			}
			if got, ok := h.Next(now); !ok || got.Format(layout) != tt.next {
				t.Errorf("next change at %s, %v, want %s", got.Format(layout), ok, tt.next)
			}
			opens := tt.next
			if tt.open {
				opens = tt.at
			}
			if got, ok := h.Opens(now.UTC()); !ok || got.Format(layout) != opens {
				t.Errorf("opens at %s, %v, want %s", got.Format(layout), ok, opens)
			}
			if got, want := h.Period(now), at(t, h.Zone, tt.period).UTC().Format(time.RFC3339); got != want {
				t.Errorf("period %s, want %s", got, want)
			}
		})
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	h := reference(t)
	for _, tt := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-19 17:00:00", "2026-11-23 08:29:00", 90 * time.Minute}, // over a holiday and the weekend
		{"2026-11-19 17:00:00", "2026-11-19 17:30:00", 30 * time.Minute},
		{"2026-11-19 18:01:00", "2026-11-23 08:00:00", 0},
		{"2026-11-19 18:00:59", "2026-11-23 08:00:01", 2 * time.Second},
		{"2026-11-19 17:30:00", "2026-11-19 17:00:00", 0},
		{"2026-11-19 17:00:00", "2026-11-19 17:00:00", 0},
		// 261 working days less nine holidays on them (15 November is a Sunday), of 10 h 1 min.
		{"2026-01-01 00:00:00", "2027-01-01 00:00:00", (261 - 9) * 601 * time.Minute},
		{"1965-06-04 17:01:00", "1965-06-07 08:30:00", 90 * time.Minute},  // from a Friday to a Monday
		{"2018-11-03 00:00:00", "2018-11-06 00:00:00", 601 * time.Minute}, // the clock is put forward in between
	} {
		if got := h.Between(at(t, h.Zone, tt.from), at(t, h.Zone, tt.to)); got != tt.want {
			t.Errorf("between %s and %s %s are open, want %s", tt.from, tt.to, got, tt.want)
		}
	}
	second := at(t, h.Zone, "2026-11-19 08:00:00")
	for _, tt := range []struct{ from, to, want time.Duration }{
		{250 * time.Millisecond, 300 * time.Millisecond, 50 * time.Millisecond},
		{-250 * time.Millisecond, 300 * time.Millisecond, 300 * time.Millisecond},
		{-300 * time.Millisecond, -200 * time.Millisecond, 0},
		{10*time.Hour + 59*time.Second + 1, 30 * time.Hour, time.Second - 1}, // from the last second on
		{10*time.Hour + 59*time.Second + 1, 11 * time.Hour, time.Second - 1},
	} {
		if got := h.Between(second.Add(tt.from), second.Add(tt.to)); got != tt.want {
			t.Errorf("between %s and %s after opening %s are open, want %s", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	h := reference(t)
	for _, tt := range []struct {
		from string
		open time.Duration
		want string
	}{
		{"2026-11-19 16:30:00", 90 * time.Minute, "2026-11-19 18:00:00"},
		{"2026-11-19 16:31:00", 90 * time.Minute, "2026-11-19 18:01:00"}, // at the closing
		{"2026-11-19 16:31:01", 90 * time.Minute, "2026-11-23 08:00:01"},
		{"2026-11-21 12:00:00", 90 * time.Minute, "2026-11-23 09:30:00"},
		{"2026-11-21 12:00:00", 0, "2026-11-21 12:00:00"},
		{"2026-11-21 12:00:00", -time.Hour, "2026-11-21 12:00:00"},
		{"2026-01-01 00:00:00", (261 - 9) * 601 * time.Minute, "2026-12-31 18:01:00"},
	} {
		got, ok := h.Add(at(t, h.Zone, tt.from).UTC(), tt.open)
		if !ok || got.Format(layout) != tt.want {
			t.Errorf("%s and %s of open time are %s, %v, want %s", tt.from, tt.open, got.Format(layout), ok, tt.want)
		}
	}
	from := at(t, h.Zone, "2026-11-19 18:00:59").Add(300 * time.Millisecond)
	if got, _ := h.Add(from, 700*time.Millisecond); !got.Equal(at(t, h.Zone, "2026-11-19 18:01:00")) {
		t.Errorf("the last 700 ms end at %s", got)
	}
	if got, _ := h.Add(from, 701*time.Millisecond); !got.Equal(at(t, h.Zone, "2026-11-23 08:00:00").Add(time.Millisecond)) {
		t.Errorf("701 ms end at %s", got)
	}
	if got, ok := h.Add(from, math.MaxInt64); ok {
		t.Errorf("292 years end at %s", got)
	}
}

// Without hours it is always open, whatever else is set; hours that never begin or end are not looked for without end.
func TestNoChange(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.December, 25, 12, 0, 0, 1, time.UTC)
	every := everyDay(t, nil, "00:00-24:00")
	everyNight := every
	everyNight.Zone = zone(t, "America/New_York")
	for name, h := range map[string]calendar.Hours{
		"none": {}, "holidays only": {National: true, Holidays: holidays(t, "25/12 Natal")}, "around the clock": every, "in a zone": everyNight,
	} {
		if !h.Open(now) {
			t.Errorf("%s: closed", name)
		}
		if got, ok := h.Next(now); ok {
			t.Errorf("%s: changes at %s", name, got)
		}
		if got, ok := h.Opens(now); !ok || !got.Equal(now) {
			t.Errorf("%s: opens at %s, %v", name, got, ok)
		}
		if got := h.Between(now, now.AddDate(10, 0, 0)); got != now.AddDate(10, 0, 0).Sub(now) {
			t.Errorf("%s: %s of ten years are open", name, got)
		}
		if got := h.Between(time.Time{}, now); got != math.MaxInt64 {
			t.Errorf("%s: %s of two thousand years are open", name, got)
		}
		if got, ok := h.Add(now, 90*time.Minute); !ok || !got.Equal(now.Add(90*time.Minute)) {
			t.Errorf("%s: 90 minutes end at %s, %v", name, got, ok)
		}
		if got := h.Period(now); got != calendar.Never {
			t.Errorf("%s: period %s", name, got)
		}
	}
	// The one day of the week that has hours is a holiday for years.
	var closed calendar.Hours
	closed.Week[time.Friday] = intervals(t, "08:00-12:00")
	for day := now.AddDate(0, 0, -800); day.Before(now.AddDate(0, 0, 800)); day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Friday {
			closed.Holidays = append(closed.Holidays, calendar.Holiday{Year: day.Year(), Month: day.Month(), Day: day.Day()})
		}
	}
	if got, ok := closed.Next(now); ok {
		t.Errorf("closed for years: changes at %s", got)
	}
	if got, ok := closed.Opens(now); ok {
		t.Errorf("closed for years: opens at %s", got)
	}
	if got := closed.Period(now); got != calendar.Never {
		t.Errorf("closed for years: period %s", got)
	}
	if got := closed.Between(now, now.AddDate(1, 0, 0)); got != 0 {
		t.Errorf("closed for years: %s are open", got)
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	h := reference(t)
	h.Optional = true
	h.Holidays = holidays(t,
		"24/12 08:00-12:00 Véspera de Natal", "25/01 Aniversário de São Paulo", "31/12/2026 Recesso", "20/11/2026 09:00-11:00 Plantão",
		"12/12/2026 08:00-10:00 Sábado de trabalho", "25/12/2027 00:00-24:00 Natal em casa", "24/12/2027 Folga",
	)
	valid(t, h)
	tests := []struct {
		day, name, hours string
	}{
		{"2026-12-24", "Véspera de Natal", "08:00-12:00"},
		{"2027-12-24", "Folga", ""}, // that year's before every year's
		{"2028-12-24", "Véspera de Natal", ""},
		{"2027-01-25", "Aniversário de São Paulo", ""},
		{"2026-12-31", "Recesso", ""},
		{"2027-12-31", "", "08:00-18:01"},
		{"2026-11-20", "Plantão", "09:00-11:00"}, // before the national one
		{"2028-11-20", "Dia Nacional de Zumbi e da Consciência Negra", ""},
		{"2026-12-12", "Sábado de trabalho", "08:00-10:00"},
		{"2027-12-25", "Natal em casa", "00:00-24:00"},
		{"2026-02-16", "Carnaval", ""},
		{"2026-02-17", "Carnaval", ""},
		{"2026-02-18", "Quarta-feira de Cinzas", "14:00-18:01"},
		{"2026-06-04", "Corpus Christi", ""},
		{"2026-11-15", "Proclamação da República", ""}, // a Sunday
		{"2026-11-18", "", "08:00-18:01"},
		{"2026-11-21", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.day, func(t *testing.T) {
			t.Parallel()
			noon := at(t, h.Zone, tt.day+" 12:00:00")
			if got, ok := h.Holiday(noon); got.Name != tt.name || ok != (tt.name != "") {
				t.Errorf("holiday %q, %v, want %q", got, ok, tt.name)
			}
			if diff := cmp.Diff(tt.hours, hoursOf(h, noon)); diff != "" {
				t.Errorf("hours (-want +got):\n%s", diff)
			}
		})
	}
}

// hoursOf asks for every minute of a day.
func hoursOf(h calendar.Hours, noon time.Time) string {
	var list []calendar.Interval
	for m := range 24 * 60 {
		if !h.Open(time.Date(noon.Year(), noon.Month(), noon.Day(), 0, m, 0, 0, noon.Location())) {
			continue
		}
		now := calendar.Clock(m * minute)
		if n := len(list); n > 0 && list[n-1].To == now {
			list[n-1].To += minute
		} else {
			list = append(list, calendar.Interval{From: now, To: now + minute})
		}
	}
	return calendar.FormatIntervals(list)
}

// Only the optional days, without the national ones, and the other way round.
func TestKindsOfHolidays(t *testing.T) {
	t.Parallel()
	carnival, friday := "2026-02-17 12:00:00", "2026-04-03 12:00:00"
	for _, tt := range []struct{ national, optional bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		h := reference(t)
		h.National, h.Optional = tt.national, tt.optional
		if got := h.Open(at(t, h.Zone, carnival)); got == tt.optional {
			t.Errorf("%+v: carnival open %v", tt, got)
		}
		if got := h.Open(at(t, h.Zone, friday)); got == tt.national {
			t.Errorf("%+v: Good Friday open %v", tt, got)
		}
	}
}
