package brazil

import (
	"cmp"
	"slices"
	"time"
)

// Holiday is a day off in the whole country.
type Holiday struct {
	Month time.Month
	Day   int
	// Name is in Portuguese, as people read it.
	Name string
	// Optional marks a "ponto facultativo", which binds the federal administration only: whether a company works is its own choice.
	Optional bool
	// Until is the time of day from which people work again; 0 = the whole day is off.
	Until time.Duration
}

// zumbiSince is the first year in which 20 November was a holiday of the whole country.
//
// Source: Lei 14.759/2023.
const zumbiSince = 2024

// fixedHolidays are on the same date every year.
//
// Source: Lei 662/1949 in the wording of Lei 10.607/2002; Lei 6.802/1980 for 12 October.
func fixedHolidays() []Holiday {
	return []Holiday{
		{Month: time.January, Day: 1, Name: "Confraternização Universal"},
		{Month: time.April, Day: 21, Name: "Tiradentes"},
		{Month: time.May, Day: 1, Name: "Dia do Trabalho"},
		{Month: time.September, Day: 7, Name: "Independência do Brasil"},
		{Month: time.October, Day: 12, Name: "Nossa Senhora Aparecida"},
		{Month: time.November, Day: 2, Name: "Finados"},
		{Month: time.November, Day: 15, Name: "Proclamação da República"},
		{Month: time.December, Day: 25, Name: "Natal"},
	}
}

// movable is a day that goes with Easter.
type movable struct {
	offset int // days after Easter Sunday
	Holiday
}

// movableHolidays go with Easter. Good Friday is a holiday by the federal list of each year; by Lei 9.093/1995 the towns declare it,
// and all do. The others of the list are optional.
func movableHolidays() []movable {
	const backAtWork = 14 * time.Hour
	return []movable{
		{-48, Holiday{Name: "Carnaval", Optional: true}},
		{-47, Holiday{Name: "Carnaval", Optional: true}},
		{-46, Holiday{Name: "Quarta-feira de Cinzas", Optional: true, Until: backAtWork}},
		{-2, Holiday{Name: "Sexta-feira Santa"}},
		{60, Holiday{Name: "Corpus Christi", Optional: true}},
	}
}

// Holidays lists the national holidays of a year, and the optional days that go with Easter, by date. They are those of today's
// laws; of past changes only that of 20 November is known. In a few years, such as 2000 and 2079, Good Friday is on 21 April: both
// are listed. Holidays of states and towns are not.
func Holidays(year int) []Holiday {
	list := fixedHolidays()
	if year >= zumbiSince {
		list = append(list, Holiday{Month: time.November, Day: 20, Name: "Dia Nacional de Zumbi e da Consciência Negra"})
	}
	month, day := Easter(year)
	for _, m := range movableHolidays() {
		h := m.Holiday
		_, h.Month, h.Day = time.Date(year, month, day+m.offset, 0, 0, 0, 0, time.UTC).Date()
		list = append(list, h)
	}
	slices.SortStableFunc(list, func(a, b Holiday) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day)) })
	return list
}

// Easter is the date of Easter Sunday in a year of the Gregorian calendar, 1583 or later.
//
// Source: the algorithm of Meeus, Jones and Butcher; its letters are theirs.
func Easter(year int) (month time.Month, day int) {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	n := (h + l - 7*m + 90) / 25
	p := (h + l - 7*m + 33*n + 19) % 32
	return time.Month(n), p
}
