package brazil_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

// date shows a day as 12-25.
func date(month time.Month, day int) string { return fmt.Sprintf("%02d-%02d", month, day) }

// dates lists the days of a name.
func dates(list []brazil.Holiday, name string) []string {
	var found []string
	for _, h := range list {
		if h.Name == name {
			found = append(found, date(h.Month, h.Day))
		}
	}
	return found
}

// The movable days are those of the federal lists, and computed for later years.
func TestMovableHolidays(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]struct {
		easter                string
		carnival              []string
		ashes, friday, corpus string
	}{
		2018: {easter: "04-01", carnival: []string{"02-12", "02-13"}, ashes: "02-14", friday: "03-30", corpus: "05-31"},
		2024: {easter: "03-31", carnival: []string{"02-12", "02-13"}, ashes: "02-14", friday: "03-29", corpus: "05-30"},
		2025: {easter: "04-20", carnival: []string{"03-03", "03-04"}, ashes: "03-05", friday: "04-18", corpus: "06-19"},
		2026: {easter: "04-05", carnival: []string{"02-16", "02-17"}, ashes: "02-18", friday: "04-03", corpus: "06-04"},
		2027: {easter: "03-28", carnival: []string{"02-08", "02-09"}, ashes: "02-10", friday: "03-26", corpus: "05-27"},
		2028: {easter: "04-16", carnival: []string{"02-28", "02-29"}, ashes: "03-01", friday: "04-14", corpus: "06-15"},
		2029: {easter: "04-01", carnival: []string{"02-12", "02-13"}, ashes: "02-14", friday: "03-30", corpus: "05-31"},
		2030: {easter: "04-21", carnival: []string{"03-04", "03-05"}, ashes: "03-06", friday: "04-19", corpus: "06-20"},
	} {
		t.Run(fmt.Sprint(year), func(t *testing.T) {
			t.Parallel()
			if got := date(brazil.Easter(year)); got != want.easter {
				t.Errorf("Easter is on %s, want %s", got, want.easter)
			}
			list := brazil.Holidays(year)
			for name, days := range map[string][]string{
				"Carnaval": want.carnival, "Quarta-feira de Cinzas": {want.ashes}, "Sexta-feira Santa": {want.friday}, "Corpus Christi": {want.corpus},
			} {
				if diff := cmp.Diff(days, dates(list, name)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	want := []brazil.Holiday{
		{Month: 1, Day: 1, Name: "Confraternização Universal"},
		{Month: 2, Day: 16, Name: "Carnaval", Optional: true},
		{Month: 2, Day: 17, Name: "Carnaval", Optional: true},
		{Month: 2, Day: 18, Name: "Quarta-feira de Cinzas", Optional: true, Until: 14 * time.Hour},
		{Month: 4, Day: 3, Name: "Sexta-feira Santa"},
		{Month: 4, Day: 21, Name: "Tiradentes"},
		{Month: 5, Day: 1, Name: "Dia do Trabalho"},
		{Month: 6, Day: 4, Name: "Corpus Christi", Optional: true},
		{Month: 9, Day: 7, Name: "Independência do Brasil"},
		{Month: 10, Day: 12, Name: "Nossa Senhora Aparecida"},
		{Month: 11, Day: 2, Name: "Finados"},
		{Month: 11, Day: 15, Name: "Proclamação da República"},
		{Month: 11, Day: 20, Name: "Dia Nacional de Zumbi e da Consciência Negra"},
		{Month: 12, Day: 25, Name: "Natal"},
	}
	if diff := cmp.Diff(want, brazil.Holidays(2026)); diff != "" {
		t.Errorf("2026 (-want +got):\n%s", diff)
	}
}

// With 20 November, national since 2024, and Good Friday there are ten holidays.
func TestHolidaysByLaw(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]int{2018: 9, 2023: 9, 2024: 10, 2025: 10, 2100: 10} {
		list := brazil.Holidays(year)
		byLaw := slices.DeleteFunc(slices.Clone(list), func(h brazil.Holiday) bool { return h.Optional })
		if len(byLaw) != want || len(list) != want+4 {
			t.Errorf("%d has %d holidays and %d optional days, want %d and 4", year, len(byLaw), len(list)-len(byLaw), want)
		}
		zumbi := dates(list, "Dia Nacional de Zumbi e da Consciência Negra")
		if got := len(zumbi) == 1 && zumbi[0] == "11-20"; got != (year >= 2024) {
			t.Errorf("20 November of %d: %q", year, zumbi)
		}
	}
}

// Good Friday may be on the day of Tiradentes.
func TestHolidaysOnOneDay(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2000, 2079} {
		list := brazil.Holidays(year)
		if friday, fixed := dates(list, "Sexta-feira Santa"), dates(list, "Tiradentes"); !slices.Equal(friday, fixed) {
			t.Errorf("%d: Good Friday on %q, Tiradentes on %q", year, friday, fixed)
		}
	}
}

// fullMoonEaster is the first Sunday after the ecclesiastical full moon that falls on 21 March or later, from the golden number
// and the epact.
//
// Source: Clavius's rules, as Knuth gives them in The Art of Computer Programming, volume 1, exercise 1.3.2-14.
func fullMoonEaster(year int) (month time.Month, day int) {
	golden, century := year%19+1, year/100+1
	leapsLeftOut, moon := 3*century/4-12, (8*century+5)/25-5
	epact := (11*golden + 20 + moon - leapsLeftOut) % 30
	if epact == 25 && golden > 11 || epact == 24 {
		epact++
	}
	full := 44 - epact
	if full < 21 {
		full += 30
	}
	after := time.Date(year, time.March, full+1, 0, 0, 0, 0, time.UTC)
	for after.Weekday() != time.Sunday {
		after = after.AddDate(0, 0, 1)
	}
	return after.Month(), after.Day()
}

func TestEaster(t *testing.T) {
	t.Parallel()
	for year := 1583; year < 5000; year++ {
		if got, want := date(brazil.Easter(year)), date(fullMoonEaster(year)); got != want {
			t.Errorf("Easter of %d is on %s, want %s", year, got, want)
		}
	}
	for year, want := range map[int]string{1818: "03-22", 1943: "04-25", 1961: "04-02", 2000: "04-23", 2008: "03-23", 2038: "04-25", 2285: "03-22"} {
		if got := date(brazil.Easter(year)); got != want {
			t.Errorf("Easter of %d is on %s, want %s", year, got, want)
		}
	}
}

func TestHolidaysAreDaysOfTheYear(t *testing.T) {
	t.Parallel()
	for year := 1900; year < 2300; year++ {
		list := brazil.Holidays(year)
		for i, h := range list {
			if day := time.Date(year, h.Month, h.Day, 0, 0, 0, 0, time.UTC); day.Month() != h.Month || day.Year() != year {
				t.Errorf("%d has no %s", year, date(h.Month, h.Day))
			}
			if i > 0 && date(list[i-1].Month, list[i-1].Day) > date(h.Month, h.Day) {
				t.Errorf("%d: %s comes before %s", year, list[i-1].Name, h.Name)
			}
		}
	}
}
