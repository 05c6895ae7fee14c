package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

const (
	minute = 60
	hour   = 60 * minute
)

// wants checks an error: that there is none, or that it says something.
func wants(t *testing.T, err error, says string) {
	t.Helper()
	switch {
	case says == "" && err != nil:
		t.Errorf("error %q, want none", err)
	case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
		t.Errorf("error %v, want one that says %q", err, says)
	case err != nil && strings.Contains(err.Error(), "\n"):
		t.Errorf("error %q has more than one line", err)
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want calendar.Clock
		says string
	}{
		{"00:00", 0, ""},
		{"8:00", 8 * hour, ""},
		{"08:05", 8*hour + 5*minute, ""},
		{"18:00:59", 18*hour + 59, ""},
		{"23:59:59", 24*hour - 1, ""},
		{"24:00", 24 * hour, ""},
		{"24:00:00", 24 * hour, ""},
		{"24:00:01", 0, "later than 24:00"},
		{"25:00", 0, "later than 24:00"},
		{"99:59", 0, "later than 24:00"},
		{"12:60", 0, "more than 59 minutes"},
		{"12:00:60", 0, "more than 59 seconds"},
		{"12", 0, "no time of day"},
		{"12:0", 0, "no time of day"},
		{"8h", 0, "no time of day"},
		{"-1:00", 0, "no time of day"},
		{"08:00 ", 0, "no time of day"},
		{"008:00", 0, "no time of day"},
		{"٠٨:00", 0, "no time of day"},
		{"", 0, "no time of day"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := calendar.ParseClock(tt.text)
			if got != tt.want {
				t.Errorf("ParseClock(%q) = %d, want %d", tt.text, got, tt.want)
			}
			wants(t, err, tt.says)
		})
	}
}

func TestParseIntervals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, shown string
		want        []calendar.Interval
		says        string
	}{
		{"08:00-12:00", "08:00-12:00", []calendar.Interval{{8 * hour, 12 * hour}}, ""},
		{"08:00:00-18:01:00", "08:00-18:01", []calendar.Interval{{8 * hour, 18*hour + minute}}, ""},
		{"8:00:30 – 18:00:59", "08:00:30-18:00:59", []calendar.Interval{{8*hour + 30, 18*hour + 59}}, ""},
		{"08:00-12:00,13:00-18:00", "08:00-12:00, 13:00-18:00", []calendar.Interval{{8 * hour, 12 * hour}, {13 * hour, 18 * hour}}, ""},
		{" 08:00 - 12:00 , 12:00 - 24:00 ", "08:00-12:00, 12:00-24:00", []calendar.Interval{{8 * hour, 12 * hour}, {12 * hour, 24 * hour}}, ""},
		{"00:00-24:00", "00:00-24:00", []calendar.Interval{{0, 24 * hour}}, ""},
		{"", "", nil, ""},
		{" ", "", nil, ""},
		{"22:00-06:00", "", nil, "22:00-06:00 ends before it begins: hours after midnight belong to the next day"},
		{"08:00-08:00", "", nil, "08:00-08:00 has no time in it"},
		{"13:00-18:00, 08:00-12:00", "", nil, "08:00-12:00 comes after 13:00-18:00: put them in order"},
		{"08:00-12:00, 11:59-18:00", "", nil, "11:59-18:00 overlaps with 08:00-12:00"},
		{"08:00-12:00, 08:00-18:00", "", nil, "08:00-18:00 overlaps with 08:00-12:00"},
		{"08:00-24:01", "", nil, `end of "08:00-24:01": "24:01" is later than 24:00`},
		{"8-12", "", nil, `beginning of "8-12": "8" is no time of day`},
		{"08:00", "", nil, `"08:00" are no hours such as 08:00-12:00`},
		{"08:00-12:00,", "", nil, `"" are no hours`},
		{"08:00-12:00 13:00-18:00", "", nil, `"12:00 13:00-18:00" is no time of day`},
		{"fechado", "", nil, `"fechado" are no hours`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := calendar.ParseIntervals(tt.text)
			wants(t, err, tt.says)
			if err != nil {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("hours (-want +got):\n%s", diff)
			}
			if shown := calendar.FormatIntervals(got); shown != tt.shown {
				t.Errorf("shown as %q, want %q", shown, tt.shown)
			}
		})
	}
}

func TestParseHoliday(t *testing.T) {
	t.Parallel()
	morning := []calendar.Interval{{8 * hour, 12 * hour}}
	tests := []struct {
		text, shown string
		want        calendar.Holiday
		says        string
	}{
		{"25/01 Aniversário de São Paulo", "25/01 Aniversário de São Paulo", calendar.Holiday{Month: 1, Day: 25, Name: "Aniversário de São Paulo"}, ""},
		{
			"24/12/2026 08:00-12:00 Véspera de Natal", "24/12/2026 08:00-12:00 Véspera de Natal",
			calendar.Holiday{Year: 2026, Month: 12, Day: 24, Name: "Véspera de Natal", Hours: morning},
			"",
		},
		{
			"31/12  8:00 - 12:00 ,13:00–14:00:30\tRéveillon ", "31/12 08:00-12:00, 13:00-14:00:30 Réveillon",
			calendar.Holiday{Month: 12, Day: 31, Name: "Réveillon", Hours: []calendar.Interval{{8 * hour, 12 * hour}, {13 * hour, 14*hour + 30}}},
			"",
		},
		{"24/12 08:00-12:00", "24/12 08:00-12:00", calendar.Holiday{Month: 12, Day: 24, Hours: morning}, ""},
		{"9/7", "09/07", calendar.Holiday{Month: 7, Day: 9}, ""},
		{"29/02 Bissexto", "29/02 Bissexto", calendar.Holiday{Month: 2, Day: 29, Name: "Bissexto"}, ""},
		{"29/02/2028", "29/02/2028", calendar.Holiday{Year: 2028, Month: 2, Day: 29}, ""},
		{"08/12 2º padroeiro - cidade", "08/12 2º padroeiro - cidade", calendar.Holiday{Month: 12, Day: 8, Name: "2º padroeiro - cidade"}, ""},
		{"08/12 8-12 é só um nome", "08/12 8-12 é só um nome", calendar.Holiday{Month: 12, Day: 8, Name: "8-12 é só um nome"}, ""},
		{"29/02/2027 Bissexto", "", calendar.Holiday{}, "there is no day 29/02/2027"},
		{"31/04 Nunca", "", calendar.Holiday{}, "there is no day 31/04"},
		{"30/02", "", calendar.Holiday{}, "there is no day 30/02"},
		{"00/01", "", calendar.Holiday{}, "there is no day 00/01"},
		{"12/25 Christmas", "", calendar.Holiday{}, "there is no month 25"},
		{"01/00", "", calendar.Holiday{}, "there is no month 0"},
		{"01/01/0000", "", calendar.Holiday{}, "there is no year 0"},
		{"2026-12-24 Natal", "", calendar.Holiday{}, `"2026-12-24" is no day such as 25/01 or 24/12/2026`},
		{"24/12/26 Natal", "", calendar.Holiday{}, `"24/12/26" is no day`},
		{"Natal", "", calendar.Holiday{}, `"Natal" is no day`},
		{"", "", calendar.Holiday{}, `"" is no day`},
		{"24/12 08:00 Natal", "", calendar.Holiday{}, `"08:00 Natal" does not begin with hours such as 08:00-12:00`},
		{"24/12 08:00-12:00, Natal", "", calendar.Holiday{}, "does not begin with hours"},
		{"24/12 08:00-12:00Natal", "", calendar.Holiday{}, "does not begin with hours"},
		{"24/12 12:00-08:00 Natal", "", calendar.Holiday{}, "12:00-08:00 ends before it begins"},
		{"24/12 08:00-25:00 Natal", "", calendar.Holiday{}, `"25:00" is later than 24:00`},
		{"24/12 08:00-12:00 13:00-14:00 Natal", "", calendar.Holiday{}, `name "13:00-14:00 Natal" begins like hours`},
		{"24/12 Natal\ndia 25", "", calendar.Holiday{}, "line break"},
		{"24/12 Natal\xff", "", calendar.Holiday{}, "line break or the like"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := calendar.ParseHoliday(tt.text)
			wants(t, err, tt.says)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("holiday (-want +got):\n%s", diff)
			}
			if shown := got.String(); err == nil && shown != tt.shown {
				t.Errorf("shown as %q, want %q", shown, tt.shown)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	day := [7][]calendar.Interval{time.Monday: {{8 * hour, 12 * hour}, {12 * hour, 18 * hour}}}
	for name, tt := range map[string]struct {
		hours calendar.Hours
		says  string
	}{
		"none":          {calendar.Hours{}, ""},
		"touching":      {calendar.Hours{Week: day}, ""},
		"the whole day": {calendar.Hours{Week: [7][]calendar.Interval{{{0, 24 * hour}}}}, ""},
		"one year and every year": {calendar.Hours{Week: day, Holidays: []calendar.Holiday{
			{Month: 12, Day: 24}, {Year: 2026, Month: 12, Day: 24},
		}}, ""},
		"out of order": {
			calendar.Hours{Week: [7][]calendar.Interval{time.Friday: {{13 * hour, 18 * hour}, {8 * hour, 12 * hour}}}},
			"Friday: 08:00-12:00 comes after 13:00-18:00",
		},
		"before midnight":    {calendar.Hours{Week: [7][]calendar.Interval{{{-1, hour}}}}, "is outside of the day"},
		"after the day":      {calendar.Hours{Week: [7][]calendar.Interval{{{hour, 24*hour + 1}}}}, "is outside of the day, which is 00:00-24:00"},
		"no such day":        {calendar.Hours{Holidays: []calendar.Holiday{{Month: 4, Day: 31, Name: "Nunca"}}}, `holiday "31/04 Nunca": there is no day 31/04`},
		"no such month":      {calendar.Hours{Holidays: []calendar.Holiday{{Month: 13, Day: 1}}}, "there is no month 13"},
		"day before all":     {calendar.Hours{Holidays: []calendar.Holiday{{Month: 1, Day: -1}}}, "there is no day -1/01"},
		"year before all":    {calendar.Hours{Holidays: []calendar.Holiday{{Year: -1, Month: 1, Day: 1}}}, "year -1 is not within 1 to 9999"},
		"year after all":     {calendar.Hours{Holidays: []calendar.Holiday{{Year: 10000, Month: 1, Day: 1}}}, "year 10000 is not within 1 to 9999"},
		"name with a line":   {calendar.Hours{Holidays: []calendar.Holiday{{Month: 1, Day: 1, Name: "a\nb"}}}, "line break"},
		"name with space":    {calendar.Hours{Holidays: []calendar.Holiday{{Month: 1, Day: 1, Name: " a"}}}, "space around it"},
		"name like hours":    {calendar.Hours{Holidays: []calendar.Holiday{{Month: 1, Day: 1, Name: "8:00"}}}, "begins like hours"},
		"hours of a holiday": {calendar.Hours{Holidays: []calendar.Holiday{{Month: 1, Day: 1, Hours: []calendar.Interval{{2, 1}}}}}, "ends before it begins"},
		"one day twice": {calendar.Hours{Week: day, Holidays: []calendar.Holiday{
			{Month: 12, Day: 24, Name: "Véspera"}, {Month: 12, Day: 25}, {Month: 12, Day: 24, Name: "Natal"},
		}}, `holiday "24/12 Natal": this day is there already`},
		"all of it": {
			calendar.Hours{Week: [7][]calendar.Interval{{{2, 1}}, {{1, 1}}}, Holidays: []calendar.Holiday{{Month: 4, Day: 31}}},
			`Sunday: 00:00:02-00:00:01 ends before it begins: hours after midnight belong to the next day; Monday: 00:00:01-00:00:01 has no ` +
				`time in it; holiday "31/04": there is no day 31/04`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wants(t, tt.hours.Validate(), tt.says)
		})
	}
}

func TestTextProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawIntervals(t, 1)
		text := calendar.FormatIntervals(list)
		if back, err := calendar.ParseIntervals(text); err != nil || !cmp.Equal(back, list) {
			t.Fatalf("%v is shown as %q and read back as %v, %v", list, text, back, err)
		}
		d := calendar.Holiday{
			Year: rapid.SampledFrom([]int{0, 1, 999, 2026, 9999}).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			Day: rapid.IntRange(1, 31).Draw(t, "day"), Name: rapid.String().Draw(t, "name"), Hours: list,
		}
		if d.Validate() != nil {
			return
		}
		if back, err := calendar.ParseHoliday(d.String()); err != nil || !cmp.Equal(back, d) {
			t.Fatalf("%#v is shown as %q and read back as %#v, %v", d, d, back, err)
		}
	})
}

func FuzzParseHoliday(f *testing.F) {
	for _, text := range []string{"", "25/01 Aniversário", "24/12/2026 08:00-12:00, 13:00-14:00 Véspera", "29/02", "1/1 8:00 – 9:00\u00a0a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseHoliday(text)
		if err != nil {
			return
		}
		if back, err := calendar.ParseHoliday(d.String()); err != nil || !cmp.Equal(back, d) {
			t.Fatalf("%q is shown as %q and read back as %#v, %v", text, d, back, err)
		}
	})
}
