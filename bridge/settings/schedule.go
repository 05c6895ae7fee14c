package settings

import (
	"fmt"
	"regexp"
	"time"

	"github.com/robfig/cron/v3"
)

const mostSchedule = 100 // characters

// scheduleForm is what a schedule is made of: neither a zone of its own nor a name such as @daily, both of which the parser takes.
var scheduleForm = regexp.MustCompile(`^[0-9A-Za-z*?/,-]+( +[0-9A-Za-z*?/,-]+){4}$`)

// checkSchedule says what is wrong with a schedule; none is right.
func checkSchedule(s string) string {
	if s == "" {
		return ""
	}
	_, err := parseSchedule(s)
	return asText(err)
}

// parseSchedule reads the five fields of cron: https://pkg.go.dev/github.com/robfig/cron/v3.
func parseSchedule(s string) (cron.Schedule, error) {
	if len(s) > mostSchedule {
		return nil, fmt.Errorf("is longer than %d characters", mostSchedule)
	}
	if !scheduleForm.MatchString(s) {
		return nil, fmt.Errorf(`%s is no schedule: write minute, hour, day of the month, month and day of the week, such as "0 7 * * 1"`, short(s))
	}
	schedule, err := cron.ParseStandard(s)
	if err != nil {
		return nil, fmt.Errorf("%s is no schedule: %w", short(s), err)
	}
	if schedule.Next(time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("%s never comes: no month has such a day", short(s))
	}
	return schedule, nil
}

// Next is the first time after an instant at which a report is made, by the clock of a zone; nil is UTC. ok is false when none is within
// five years.
// A time that the zone's clock leaves out comes as soon as the clock goes on, one that it shows twice comes once, the first time.
func (r Report) Next(after time.Time, zone *time.Location) (at time.Time, ok bool) {
	schedule, err := parseSchedule(r.Schedule)
	if err != nil {
		return time.Time{}, false
	}
	if zone == nil {
		zone = time.UTC
	}
	for wall := onWall(after.In(zone)); ; {
		if wall = schedule.Next(wall); wall.IsZero() {
			return time.Time{}, false
		}
		if at := offWall(wall, zone); at.After(after) {
			return at, true
		}
	}
}

// Span is the last whole period before an instant, from its first instant to the first one after it, by the clock of a zone; nil is
// UTC. An unknown period is a day.
func (r Report) Span(at time.Time, zone *time.Location) (from, to time.Time) {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := at.In(zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	begin, end := today.AddDate(0, 0, -1), today
	switch r.Period {
	case PeriodDay:
	case PeriodWeek:
		end = today.AddDate(0, 0, -int((today.Weekday()+6)%7)) // the week's Monday
		begin = end.AddDate(0, 0, -7)
	case PeriodMonth:
		end = today.AddDate(0, 0, 1-d)
		begin = end.AddDate(0, -1, 0)
	}
	return offWall(begin, zone), offWall(end, zone)
}

// onWall is what a clock on the wall shows, as a time in UTC: reckoning with it knows no changes of the zone.
func onWall(t time.Time) time.Time {
	y, m, d := t.Date()
	hour, minute, second := t.Clock()
	return time.Date(y, m, d, hour, minute, second, t.Nanosecond(), time.UTC)
}

// offWall is the first instant at which the clock of a zone shows a time, or goes beyond it.
func offWall(wall time.Time, zone *time.Location) time.Time {
	y, m, d := wall.Date()
	hour, minute, second := wall.Clock()
	t := time.Date(y, m, d, hour, minute, second, wall.Nanosecond(), zone)
	begun, over := t.ZoneBounds()
	switch shown := onWall(t); {
	case shown.Before(wall): // the clock leaves it out, and this is before
		return over
	case shown.After(wall):
		return begun
	}
	if begun.IsZero() {
		return t
	}
	_, was := begun.Add(-time.Nanosecond).Zone()
	_, is := t.Zone()
	if first := t.Add(time.Duration(is-was) * time.Second); was > is && onWall(first).Equal(wall) {
		return first
	}
	return t
}
