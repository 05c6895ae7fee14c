package calendar

import (
	"math"
	"time"
)

const (
	// horizon is how far it is looked for an opening or a closing: 400 days, so that what comes once a year is found.
	horizon = 400 * daySeconds
	// lately is how far it is looked first: longer than most recesses.
	lately = 10 * daySeconds
	// farthest is how far Add goes: a hundred years.
	farthest = 36_525 * daySeconds
)

// Never is the Period of hours that have not changed for 400 days.
const Never = "always"

// Open tells whether it is open at an instant.
func (h Hours) Open(t time.Time) bool {
	t = t.In(h.zone())
	_, ahead := t.Zone()
	wall := t.Unix() + int64(ahead)
	day := dayNumber(wall)
	clock := Clock(wall - day*daySeconds)
	for _, in := range h.days().hours(day) {
		if in.From <= clock && clock < in.To {
			return true
		}
	}
	return false
}

// Holiday is the holiday that counts on the day of an instant, whatever day of the week it is. A national one has year 0, and as
// hours what it leaves of the day's.
func (h Hours) Holiday(t time.Time) (Holiday, bool) { return h.days().holiday(t.In(h.zone())) }

// Next is the first instant after t at which it opens or closes, in the zone of the hours; ok is false when it does neither for
// 400 days.
func (h Hours) Next(t time.Time) (at time.Time, ok bool) {
	now := t.Unix()
	for s := range h.open(now, now+horizon) {
		switch {
		case s.from > now:
			return h.time(s.from, 0), true
		case s.to < now+horizon:
			return h.time(s.to, 0), true
		}
	}
	return time.Time{}, false
}

// Opens is t itself while it is open, else the next opening, in the zone of the hours; ok is false when there is none for 400
// days.
func (h Hours) Opens(t time.Time) (at time.Time, ok bool) {
	if h.Open(t) {
		return t.In(h.zone()), true
	}
	return h.Next(t)
}

// Period names the time around t in which it is open, or closed, without a break: the same name for all its instants, and another
// one for every other period. It is when the period began, such as 2026-11-20T21:01:00Z, or Never. Other hours may give the same
// time another name.
func (h Hours) Period(t time.Time) string {
	now := t.Unix()
	for _, back := range []int64{lately, horizon} {
		if began, ok := h.change(now-back, now); ok {
			return time.Unix(began, 0).UTC().Format(time.RFC3339)
		}
	}
	return Never
}

// change finds the last opening or closing after a second, up to another.
func (h Hours) change(after, upTo int64) (at int64, ok bool) {
	for s := range h.open(after, upTo+1) {
		if s.from > after {
			at, ok = s.from, true
		}
		if s.to <= upTo {
			at, ok = s.to, true
		}
	}
	return at, ok
}

// Between is the open time from one instant to another; 0 when the second is not later. What is longer than a time.Duration, of
// 292 years, is cut.
func (h Hours) Between(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	var seconds int64
	for s := range h.parts(from.Unix(), to.Unix()) {
		seconds += s.to - s.from
	}
	if seconds >= math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	open := time.Duration(seconds) * time.Second
	if h.Open(from) {
		open -= time.Duration(from.Nanosecond())
	}
	if h.Open(to) {
		open += time.Duration(to.Nanosecond())
	}
	return open
}

// Add is the first instant at which that much open time has passed since t, in the zone of the hours: what ends with a day's hours
// ends at their closing, not at the next opening. Without any time to pass it is t itself; ok is false when it is not reached within
// a hundred years.
func (h Hours) Add(t time.Time, open time.Duration) (at time.Time, ok bool) {
	if open <= 0 {
		return t.In(h.zone()), true
	}
	seconds, nanos := int64(open/time.Second), int64(open%time.Second)
	if h.Open(t) {
		nanos += int64(t.Nanosecond())
	}
	seconds, nanos = seconds+nanos/int64(time.Second), nanos%int64(time.Second)
	now := t.Unix()
	for s := range h.parts(now, now+farthest) {
		length := s.to - s.from
		if seconds < length || seconds == length && nanos == 0 {
			return h.time(s.from+seconds, nanos), true
		}
		seconds -= length
	}
	return time.Time{}, false
}

func (h Hours) time(second, nanos int64) time.Time { return time.Unix(second, nanos).In(h.zone()) }
