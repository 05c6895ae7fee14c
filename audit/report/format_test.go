package report

import (
	"math"
	"reflect"
	"testing"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	pt, en := labelsIn(settings.LanguagePT), labelsIn(settings.LanguageEN)
	for n, want := range map[int][2]string{0: {"0", "0"}, 999: {"999", "999"}, 1000: {"1.000", "1,000"}, -1234567: {"-1.234.567", "-1,234,567"}} {
		if got := [2]string{pt.integer(n), en.integer(n)}; got != want {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
	for v, want := range map[float64][2]string{1234.56: {"1.234,6", "1,234.6"}, 0.04: {"0,0", "0.0"}, -0.5: {"-0,5", "-0.5"}} {
		if got := [2]string{pt.decimal(v, 1), en.decimal(v, 1)}; got != want {
			t.Errorf("%v: %v, want %v", v, got, want)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := pt.decimal(v, 1); got != "sem dados" {
			t.Errorf("%v: %q", v, got)
		}
	}
	if got := pt.rate(Share{}); got != "–" {
		t.Errorf("a part of nothing: %q", got)
	}
	if got := pt.rate(Share{Count: 1, Of: 3, Rate: 1.0 / 3}); got != "33,3\u00a0%" {
		t.Errorf("a third: %q", got)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[int64][3]string{
		0: {"0:00:00", "0 s", "0"}, 59: {"0:00:59", "59 s", "59 s"}, 60: {"0:01:00", "1 min 00 s", "1 min"}, 3599: {"0:59:59", "59 min 59 s", "3599 s"},
		7500: {"2:05:00", "2 h 05 min", "125 min"}, 360000: {"100:00:00", "100 h 00 min", "100 h"},
	} {
		if got := [3]string{seconds(s), plainSpaces(spoken(s)), axis(s)}; got != want {
			t.Errorf("%d: %q, want %q", s, got, want)
		}
	}
}

func plainSpaces(text string) string {
	out := []rune(text)
	for i, r := range out {
		if r == '\u00a0' {
			out[i] = ' '
		}
	}
	return string(out)
}

// Scales have a line for nought, reach above the most, and have few lines.
func TestScales(t *testing.T) {
	t.Parallel()
	for _, most := range []int{0, 1, 4, 5, 6, 11, 49, 51, 99, 1234, 1_000_000} {
		s := stacksOf(figure{}, []column{{counts: [allSeries]int{most}}}, labelsIn(""))
		if n := len(s.Ticks); n < 2 || n > 6 || s.Ticks[0].At != baseLine || s.Ticks[n-1].At != topEdge {
			t.Errorf("%d: %v", most, s.Ticks)
		}
		for _, b := range s.Stacks[0].Boxes {
			if b.Y < topEdge || b.Y+b.H > baseLine+0.2 {
				t.Errorf("%d: %+v leaves the chart", most, b)
			}
		}
	}
	for _, most := range []int64{0, 1, 59, 60, 3600, 100_000, 10_000_000_000} {
		c := curvesOf(figure{}, []sample{{values: []int64{most, 0}}, {}, {values: []int64{0, 0}}}, []string{"a", "b"})
		if n := len(c.Ticks); n < 2 || n > 6 || c.Ticks[n-1].At != topEdge {
			t.Errorf("%d: %v", most, c.Ticks)
		}
		if got := c.Curves[0].Points[0].Y; got < topEdge || got > curvesBase {
			t.Errorf("%d: %v leaves the chart", most, got)
		}
		if n := len(c.Curves[0].Points); n != 2 || c.Curves[0].Path[0] != 'M' {
			t.Errorf("%d: %d points, %s", most, n, c.Curves[0].Path)
		}
	}
	for n, want := range map[int]int{0: 0, 1: 1, 50: 3, 100: 5} {
		if got := level(n, 100); got != want {
			t.Errorf("%d of 100 has level %d, want %d", n, got, want)
		}
	}
}

// Both languages have words for everything that the other has.
func TestLabelsAreWhole(t *testing.T) {
	t.Parallel()
	for _, l := range []labels{portuguese(), english()} {
		for _, o := range Outcomes() {
			if l.outcomes[o] == "" {
				t.Errorf("%s: no word for %s", l.Tag, o)
			}
		}
		if len(l.Page.Notes) != len(portuguese().Page.Notes) || len(l.outcomes) != len(Outcomes()) {
			t.Errorf("%s: %d notes", l.Tag, len(l.Page.Notes))
		}
		empty(t, string(l.Tag), l)
	}
}

// empty finds words that are missing.
func empty(t *testing.T, where string, of any) {
	t.Helper()
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		f, name := v.Field(i), where+"."+v.Type().Field(i).Name
		switch f.Kind() { //nolint:exhaustive // labels have no others
		case reflect.String:
			if f.Len() == 0 {
				t.Errorf("%s is empty", name)
			}
		case reflect.Struct:
			for k := range f.NumField() {
				if g := f.Field(k); g.Kind() == reflect.String && g.Len() == 0 {
					t.Errorf("%s.%s is empty", name, f.Type().Field(k).Name)
				}
			}
		case reflect.Map:
			for _, key := range f.MapKeys() {
				if f.MapIndex(key).Len() == 0 {
					t.Errorf("%s[%s] is empty", name, key)
				}
			}
		case reflect.Array:
			for k := range f.Len() {
				if f.Index(k).Len() == 0 {
					t.Errorf("%s[%d] is empty", name, k)
				}
			}
		}
	}
}

// Labels below a chart do not run into each other.
func TestLabelsHaveRoom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n     int
		label string
		want  int
	}{{0, "", 1}, {7, "01/11", 1}, {15, "01/11", 1}, {31, "12", 1}, {62, "12", 2}, {27, "01/11", 2}, {115, "01/11", 7}} {
		if got := every(tt.n, func(int) string { return tt.label }); got != tt.want {
			t.Errorf("%d of %q: each %d., want %d.", tt.n, tt.label, got, tt.want)
		}
	}
}
