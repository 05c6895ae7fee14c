package calendar

import (
	"iter"
	"math"
	"time"
)

// span is open time from one second since 1970 on, until just before another.
type span struct{ from, to int64 }

// stretch is a part of one day in which no clock is put forward or back.
type stretch struct {
	span

	day      int64 // its number since 1 January 1970, by the clock on the wall
	midnight int64 // the second at which that day would have begun
}

// stretches cuts the time between two seconds into days, and those where the clock changes into parts.
func (h Hours) stretches(from, to int64) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		zone := h.zone()
		offset, until := int64(0), from
		for at := from; at < to; {
			if at >= until {
				offset, until = clockAt(zone, at)
			}
			day := dayNumber(at + offset)
			midnight := day*daySeconds - offset
			end := min(midnight+daySeconds, until, to)
			if !yield(stretch{span{at, end}, day, midnight}) {
				return
			}
			at = end
		}
	}
}

// clockAt is how many seconds the clock on the wall is ahead of UTC, and until when it stays so at least.
func clockAt(zone *time.Location, second int64) (offset, until int64) {
	at := time.Unix(second, 0).In(zone)
	_, ahead := at.Zone()
	_, end := at.ZoneBounds()
	switch {
	case end.IsZero():
		return int64(ahead), math.MaxInt64
	case end.Unix() <= second:
		// Where a rule gives the changes of each year, that of 31 December of a leap year is said to end before that day.
		return int64(ahead), (dayNumber(second) + 1) * daySeconds
	}
	return int64(ahead), end.Unix()
}

// dayNumber counts the days since 1 January 1970.
func dayNumber(second int64) int64 {
	n := second / daySeconds
	if second%daySeconds < 0 {
		n--
	}
	return n
}

// parts lists the open time between two seconds, in order. Spans may touch, at midnight and where the clock changes.
func (h Hours) parts(from, to int64) iter.Seq[span] {
	return func(yield func(span) bool) {
		days := h.days()
		for s := range h.stretches(from, to) {
			for _, in := range days.hours(s.day) {
				part := span{max(s.midnight+int64(in.From), s.from), min(s.midnight+int64(in.To), s.to)}
				if part.from < part.to && !yield(part) {
					return
				}
			}
		}
	}
}

// open lists the open time between two seconds, in order; spans do not touch.
func (h Hours) open(from, to int64) iter.Seq[span] {
	return func(yield func(span) bool) {
		whole := span{from, from}
		for part := range h.parts(from, to) {
			if part.from > whole.to {
				if whole.from < whole.to && !yield(whole) {
					return
				}
				whole.from = part.from
			}
			whole.to = part.to
		}
		if whole.from < whole.to {
			yield(whole)
		}
	}
}
