package calendar

import (
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/brazil"
)

// date is a day of the calendar; year 0 = of every year.
type date struct {
	year  int
	month time.Month
	day   int
}

func (d Holiday) date() date { return date{d.Year, d.Month, d.Day} }

// String is 25/01 or 24/12/2026.
func (d date) String() string {
	if d.year == 0 {
		return fmt.Sprintf("%02d/%02d", d.day, d.month)
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.day, d.month, d.year)
}

// days finds the hours of one day after the other. Only one goroutine may use it: it keeps the national holidays of a year.
type days struct {
	Hours

	always   bool // no hours were set
	year     int
	national []brazil.Holiday
}

func (h Hours) days() *days { return &days{Hours: h, always: h.unset()} }

// hours are those of a day, given by its number since 1 January 1970.
func (d *days) hours(number int64) []Interval {
	if d.always {
		return []Interval{{0, daySeconds}}
	}
	at := time.Unix(number*daySeconds, 0).UTC()
	usual := d.Week[at.Weekday()]
	h, ok := d.holiday(at)
	switch {
	case !ok:
		return usual
	case h.Year == 0 && len(usual) == 0:
		return nil
	}
	return h.Hours
}

// holiday finds the one that counts on a day: of the operation's those of that year first, then those of every year, then the
// national ones.
func (d *days) holiday(at time.Time) (Holiday, bool) {
	year, month, day := at.Date()
	every := -1
	for i := range d.Holidays {
		switch d.Holidays[i].date() {
		case date{year, month, day}:
			return d.Holidays[i], true
		case date{0, month, day}:
			every = i
		}
	}
	if every >= 0 {
		return d.Holidays[every], true
	}
	if d.National || d.Optional {
		return d.common(date{year, month, day}, d.Week[at.Weekday()])
	}
	return Holiday{}, false
}

// common finds the national holiday of a date that has usual hours, if it counts.
func (d *days) common(on date, usual []Interval) (Holiday, bool) {
	if d.year != on.year || d.national == nil {
		d.year, d.national = on.year, brazil.Holidays(on.year)
	}
	for _, h := range d.national {
		if h.Day != on.day || h.Month != on.month || h.Optional && !d.Optional || !h.Optional && !d.National {
			continue
		}
		found := Holiday{Month: h.Month, Day: h.Day, Name: h.Name}
		if h.Until > 0 {
			found.Hours = after(usual, Clock(h.Until/time.Second))
		}
		return found, true
	}
	return Holiday{}, false
}

// after is what remains of a day's hours from a time of day on.
func after(list []Interval, from Clock) []Interval {
	var rest []Interval
	for _, in := range list {
		if in.To > from {
			rest = append(rest, Interval{max(in.From, from), in.To})
		}
	}
	return rest
}
