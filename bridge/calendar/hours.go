// Package calendar knows when an operation is open: the hours of its week, national holidays and its own, in its time zone. It
// reckons open time, in which clocks that are put forward or back count as they pass.
package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Hours is when a number is served.
//
// Without hours on any day of the week it is always open, holidays included: no hours were set. One that is served around the clock
// but not on holidays has 00:00-24:00 on every day.
//
// All methods but Validate expect what Validate takes.
type Hours struct {
	// Zone is where the clock hangs; nil = UTC.
	Zone *time.Location
	// Week has the hours of each day, by time.Weekday; a day without any is closed.
	Week [7][]Interval
	// National closes on the holidays of Brazil.
	National bool
	// Optional closes on the optional days that go with Easter (carnival, the morning of Ash Wednesday, Corpus Christi), whether
	// or not National is set.
	Optional bool
	// Holidays are the operation's own, those of its state and town included. They come before the national ones, and one of a
	// year before one of every year.
	Holidays []Holiday
}

// Interval is open time of a day: from From on, until just before To.
type Interval struct{ From, To Clock }

// Clock is a time of day in seconds since midnight, as a clock on the wall shows it: 0 to 86400, which is the end of the day.
type Clock int

const (
	minuteSeconds = 60
	hourSeconds   = 60 * minuteSeconds
	daySeconds    = 24 * hourSeconds
)

// Holiday is a day on which the operation has other hours than those of the week.
type Holiday struct {
	// Year is that of a single day; 0 = every year.
	Year  int
	Month time.Month
	Day   int
	// Name is what people read; it may be empty.
	Name string
	// Hours are the only ones of that day; none = closed all day. Every year's never open a day that is closed in the week: a half
	// day that falls on a Sunday stays a Sunday. Those of a single day do.
	Hours []Interval
}

// Validate says what is wrong, on one line: hours out of order, overlapping or outside the day, days that no calendar has, two
// holidays on one day.
func (h Hours) Validate() error {
	var wrong []string
	for day, list := range h.Week {
		if err := checkIntervals(list); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", time.Weekday(day), err))
		}
	}
	seen := map[date]bool{}
	for _, own := range h.Holidays {
		if err := own.Validate(); err != nil {
			wrong = append(wrong, fmt.Sprintf("holiday %q: %v", own, err))
		}
		if day := own.date(); seen[day] {
			wrong = append(wrong, fmt.Sprintf("holiday %q: this day is there already", own))
		} else {
			seen[day] = true
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

func checkIntervals(list []Interval) error {
	for i, in := range list {
		switch {
		case in.From < 0 || in.To > daySeconds:
			return fmt.Errorf("%s is outside of the day, which is 00:00-24:00", in)
		case in.From == in.To:
			return fmt.Errorf("%s has no time in it", in)
		case in.From > in.To:
			return fmt.Errorf("%s ends before it begins: hours after midnight belong to the next day", in)
		case i > 0 && in.From < list[i-1].From:
			return fmt.Errorf("%s comes after %s: put them in order", in, list[i-1])
		case i > 0 && in.From < list[i-1].To:
			return fmt.Errorf("%s overlaps with %s", in, list[i-1])
		}
	}
	return nil
}

// unset tells whether no hours were set.
func (h Hours) unset() bool {
	for _, list := range h.Week {
		if len(list) > 0 {
			return false
		}
	}
	return true
}

func (h Hours) zone() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}
