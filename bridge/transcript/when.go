package transcript

import (
	"fmt"
	"time"
)

const (
	clockLayout = "15:04"
	dayLayout   = "2006-01-02"
)

// day is a date as a separator shows it: weekday, day, month and year.
func (l labels) day(at time.Time) string {
	return l.date(l.weekdays[at.Weekday()], l.months[at.Month()-1], at.Day(), at.Year())
}

// when is a time of day, with its date when that is not the day of the message around it. Both are in one zone.
func (l labels) when(at, around time.Time) string {
	if at.Format(dayLayout) == around.Format(dayLayout) {
		return fmt.Sprintf(l.at, at.Format(clockLayout))
	}
	return fmt.Sprintf(l.on, at.Format(l.shortDate), at.Format(clockLayout))
}

// stamp is date and time of day.
func (l labels) stamp(at time.Time) string { return at.Format(l.shortDate + " " + clockLayout) }

// brief is a time of day, with its date before it when that is not the day of the message around it.
func (l labels) brief(at, around time.Time) string {
	if at.Format(dayLayout) == around.Format(dayLayout) {
		return at.Format(clockLayout)
	}
	return l.stamp(at)
}

// offset is how far a time's clock is from universal time, as in "UTC−03:00".
func offset(at time.Time) string {
	_, seconds := at.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	return fmt.Sprintf("UTC%s%02d:%02d", sign, seconds/3600, seconds%3600/60)
}

// zoneName is the zone's name, with its offset at a time.
func zoneName(at time.Time) string {
	switch name := at.Location().String(); name {
	case "", "Local", "UTC":
		return offset(at)
	default:
		return oneLine(name) + " (" + offset(at) + ")"
	}
}
