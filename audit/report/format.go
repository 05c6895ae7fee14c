package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// integer is 1.234.
func (l labels) integer(n int) string { return l.grouped(strconv.Itoa(n)) }

func (l labels) grouped(digits string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(l.Thousands)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// decimal is 1.234,5 with so many places.
func (l labels) decimal(v float64, places int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return l.NoData
	}
	whole, part, _ := strings.Cut(strconv.FormatFloat(v, 'f', places, 64), ".")
	if part == "" {
		return l.grouped(whole)
	}
	return l.grouped(whole) + l.Decimal + part
}

// dash stands where there is no figure.
const dash = "–"

// rate is 12,3 %, or a dash where there is nothing to be a part of.
func (l labels) rate(s Share) string {
	if s.Of == 0 {
		return dash
	}
	return l.percent(s.Rate)
}

func (l labels) percent(rate float64) string {
	if l.Decimal == "," {
		return l.decimal(rate*100, 1) + "\u00a0%"
	}
	return l.decimal(rate*100, 1) + "%"
}

// seconds is 1:02:03, in hours, minutes and seconds.
func seconds(s int64) string { return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60) }

// figure is a time of a spread, a dash where there is none.
func (s Spread) figure(v int64) string {
	if s.N == 0 {
		return dash
	}
	return seconds(v)
}

func (s Spread) mean() string { return s.figure(int64(math.Round(s.Mean))) }

// spoken is a time as people say it: 45 s, 3 min 10 s, 2 h 05 min.
func spoken(s int64) string {
	const space = "\u00a0"
	switch {
	case s < 60:
		return strconv.FormatInt(s, 10) + space + "s"
	case s < 3600:
		return fmt.Sprintf("%d"+space+"min"+space+"%02d"+space+"s", s/60, s%60)
	}
	return fmt.Sprintf("%d"+space+"h"+space+"%02d"+space+"min", s/3600, s/60%60)
}

// day is 30/11/2026, when is 30/11/2026 14:05.
func (l labels) day(t time.Time) string {
	if t.IsZero() {
		return dash
	}
	return t.Format(l.dateForm)
}

func (l labels) when(t time.Time) string {
	if t.IsZero() {
		return dash
	}
	return t.Format(l.dateForm + " " + l.clockForm)
}

// period is the first and the last day; a period that is no whole days shows its times.
func (l labels) period(from, to time.Time) string {
	if from.IsZero() || to.IsZero() || !from.Before(to) {
		return l.NoData
	}
	if !midnight(from).Equal(from) || !midnight(to).Equal(to) {
		return fmt.Sprintf(l.Period, l.when(from), l.when(to))
	}
	last := to.Add(-time.Second)
	if midnight(last).Equal(from) {
		return l.day(from)
	}
	return fmt.Sprintf(l.Period, l.day(from), l.day(last))
}

// clean takes out of a text what neither a cell nor a page can show.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == '\u007f' || r == '\uFFFE' || r == '\uFFFF' || r == '\u202e' || r == '\u202d':
			return -1
		}
		return r
	}, text)
}
