package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// String is 18:01, or 18:01:30 when it has seconds.
func (c Clock) String() string {
	text := fmt.Sprintf("%02d:%02d", int(c)/hourSeconds, int(c)%hourSeconds/minuteSeconds)
	if seconds := int(c) % minuteSeconds; seconds != 0 {
		text += fmt.Sprintf(":%02d", seconds)
	}
	return text
}

var clockForm = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?$`)

// ParseClock reads a time of day: 8:00, 08:00, 18:00:59, and 24:00 for the end of the day.
func ParseClock(text string) (Clock, error) {
	m := clockForm.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no time of day such as 08:00 or 08:00:30", text)
	}
	hours, minutes, seconds := number(m[1]), number(m[2]), number(m[3])
	c := Clock(hours*hourSeconds + minutes*minuteSeconds + seconds)
	switch {
	case minutes > 59:
		return 0, fmt.Errorf("%q has more than 59 minutes", text)
	case seconds > 59:
		return 0, fmt.Errorf("%q has more than 59 seconds", text)
	case c > daySeconds:
		return 0, fmt.Errorf("%q is later than 24:00, the end of the day", text)
	}
	return c, nil
}

// number reads the few digits that a pattern has let through; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// String is 08:00-12:00.
func (i Interval) String() string { return i.From.String() + "-" + i.To.String() }

// FormatIntervals shows the hours of a day as ParseIntervals reads them: 08:00-12:00, 13:00-18:00. None are "".
func FormatIntervals(list []Interval) string {
	texts := make([]string, len(list))
	for i, in := range list {
		texts[i] = in.String()
	}
	return strings.Join(texts, ", ")
}

// ParseIntervals reads the hours of a day, divided by commas: 08:00-12:00, 13:00-18:01. They have seconds where they need them, and
// the end is not part of them: open up to and including 18:00:59 is -18:01. An empty text is no hours.
func ParseIntervals(text string) ([]Interval, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var list []Interval
	for part := range strings.SplitSeq(text, ",") {
		in, err := parseInterval(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		list = append(list, in)
	}
	return list, checkIntervals(list)
}

func parseInterval(text string) (Interval, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(text, "–", "-"), "-")
	if !ok {
		return Interval{}, fmt.Errorf("%q are no hours such as 08:00-12:00", text)
	}
	begin, err := ParseClock(strings.TrimSpace(from))
	if err != nil {
		return Interval{}, fmt.Errorf("beginning of %q: %w", text, err)
	}
	end, err := ParseClock(strings.TrimSpace(to))
	if err != nil {
		return Interval{}, fmt.Errorf("end of %q: %w", text, err)
	}
	return Interval{begin, end}, nil
}

var (
	dateForm = regexp.MustCompile(`^([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?$`)
	// likeHours is how hours begin, and no name does.
	likeHours = regexp.MustCompile(`^[0-9]+:`)
	hoursForm = regexp.MustCompile(`^[0-9:]+\s*[-–]\s*[0-9:]+(?:\s*,\s*[0-9:]+\s*[-–]\s*[0-9:]+)*(?:\s+|$)`)
)

// String is the holiday as ParseHoliday reads it.
func (d Holiday) String() string {
	parts := []string{d.date().String()}
	for _, part := range []string{FormatIntervals(d.Hours), d.Name} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// ParseHoliday reads a holiday: its day and month, its year when it is of one year only, the hours of that day when it is not
// closed, and its name: "25/01 Aniversário de São Paulo", "24/12/2026 08:00-12:00 Véspera de Natal".
func ParseHoliday(text string) (Holiday, error) {
	text = strings.TrimSpace(text)
	date, rest := text, ""
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		date, rest = text[:i], strings.TrimSpace(text[i:])
	}
	d, err := parseDate(date)
	if err != nil {
		return Holiday{}, err
	}
	if likeHours.MatchString(rest) {
		hours := hoursForm.FindString(rest)
		if hours == "" {
			return Holiday{}, fmt.Errorf("%q does not begin with hours such as 08:00-12:00", rest)
		}
		if d.Hours, err = ParseIntervals(hours); err != nil {
			return Holiday{}, err
		}
		rest = rest[len(hours):]
	}
	d.Name = rest
	if err := d.Validate(); err != nil {
		return Holiday{}, err
	}
	return d, nil
}

func parseDate(text string) (Holiday, error) {
	m := dateForm.FindStringSubmatch(text)
	if m == nil {
		return Holiday{}, fmt.Errorf("%q is no day such as 25/01 or 24/12/2026", text)
	}
	d := Holiday{Day: number(m[1]), Month: time.Month(number(m[2])), Year: number(m[3])}
	if m[3] != "" && d.Year == 0 {
		return Holiday{}, fmt.Errorf("%q: there is no year 0", text)
	}
	return d, nil
}

// Validate says what is wrong with a holiday: a day that no calendar has, hours that ParseIntervals would refuse, a name that
// ParseHoliday would not read back.
func (d Holiday) Validate() error {
	const (
		leapYear = 2000 // every year's holiday may be on 29 February
		lastYear = 9999
	)
	year := d.Year
	if year == 0 {
		year = leapYear
	}
	switch {
	case d.Year < 0 || d.Year > lastYear:
		return fmt.Errorf("year %d is not within 1 to %d", d.Year, lastYear)
	case d.Month < time.January || d.Month > time.December:
		return fmt.Errorf("there is no month %d", int(d.Month))
	case d.Day < 1 || d.Day > time.Date(year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Day():
		return fmt.Errorf("there is no day %s", d.date())
	case strings.TrimSpace(d.Name) != d.Name || strings.ContainsFunc(d.Name, unicode.IsControl) || !utf8.ValidString(d.Name):
		return fmt.Errorf("name %q has space around it, a line break or the like", d.Name)
	case likeHours.MatchString(d.Name):
		return fmt.Errorf("name %q begins like hours", d.Name)
	}
	return checkIntervals(d.Hours)
}
