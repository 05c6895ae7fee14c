package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// model says when hours are open by looking at the clock on the wall, and reckons by counting steps.
type model struct {
	calendar.Hours

	begin  time.Time
	step   time.Duration
	states []bool // open at the beginning of each step
}

// nationalDays are those of the years of which the model draws instants.
func nationalDays() map[string]bool {
	days := map[string]bool{
		"2018-03-30": true, "2024-03-29": true, "2025-04-18": true, "2026-04-03": true, "2027-03-26": true, "2028-04-14": true, "2029-03-30": true,
		"2024-11-20": true, "2025-11-20": true, "2026-11-20": true, "2027-11-20": true, "2028-11-20": true, "2029-11-20": true,
	}
	for _, year := range []string{"2018", "2019", "2024", "2025", "2026", "2027", "2028", "2029"} {
		for _, day := range []string{"-01-01", "-04-21", "-05-01", "-09-07", "-10-12", "-11-02", "-11-15", "-12-25"} {
			days[year+day] = true
		}
	}
	return days
}

// optionalDays are closed until an hour.
func optionalDays() map[string]int {
	days := map[string]int{}
	for _, day := range []string{
		"2018-02-12", "2018-02-13", "2018-05-31", "2024-02-12", "2024-02-13", "2024-05-30", "2025-03-03", "2025-03-04", "2025-06-19", "2026-02-16",
		"2026-02-17", "2026-06-04", "2027-02-08", "2027-02-09", "2027-05-27", "2028-02-28", "2028-02-29", "2028-06-15", "2029-02-12",
		"2029-02-13", "2029-05-31",
	} {
		days[day] = 24
	}
	for _, day := range []string{"2018-02-14", "2024-02-14", "2025-03-05", "2026-02-18", "2027-02-10", "2028-03-01", "2029-02-14"} {
		days[day] = 14
	}
	return days
}

// instants are those around which clocks change or holidays are.
func instants() []string {
	return []string{
		"2018-02-18T02:00:00Z", "2018-11-04T03:00:00Z", // America/Sao_Paulo, at midnight
		"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", // Europe/Berlin
		"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", // America/New_York
		"2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z", // Australia/Lord_Howe, by half an hour
		"2024-12-31T12:00:00Z", "2028-12-31T12:00:00Z", // last day of a leap year
		"2026-02-18T12:00:00Z", "2028-02-29T12:00:00Z", "2026-04-03T12:00:00Z", "2026-11-20T12:00:00Z", "2026-12-25T12:00:00Z",
	}
}

func zones() []string {
	return []string{"America/Sao_Paulo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"}
}

// wall tells whether the clock on the wall shows open time.
func (m model) wall(t time.Time, national map[string]bool, optional map[string]int) bool {
	t = t.In(m.Zone)
	seconds := t.Hour()*3600 + t.Minute()*60 + t.Second()
	shows := func(list []calendar.Interval) bool {
		return slices.ContainsFunc(list, func(i calendar.Interval) bool { return seconds >= int(i.From) && seconds < int(i.To) })
	}
	if !slices.ContainsFunc(m.Week[:], func(list []calendar.Interval) bool { return len(list) > 0 }) {
		return true
	}
	usual := m.Week[t.Weekday()]
	for _, year := range []int{t.Year(), 0} {
		for _, own := range m.Holidays {
			if own.Year == year && own.Month == t.Month() && own.Day == t.Day() {
				return shows(own.Hours) && (year > 0 || len(usual) > 0)
			}
		}
	}
	day := t.Format(time.DateOnly)
	if m.National && national[day] || m.Optional && t.Hour() < optional[day] {
		return false
	}
	return shows(usual)
}

// drawIntervals draws hours that begin and end at multiples of a unit, in seconds; often at night, when clocks change.
func drawIntervals(t *rapid.T, unit int) []calendar.Interval {
	last := rapid.SampledFrom([]int{4 * 3600, 24 * 3600}).Draw(t, "last") / unit
	bounds := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, last), rapid.SampledFrom([]int{0, last})), 0, 6).Draw(t, "bounds")
	slices.Sort(bounds)
	var list []calendar.Interval
	for pair := range slices.Chunk(bounds, 2) {
		if len(pair) == 2 && pair[0] < pair[1] {
			list = append(list, calendar.Interval{From: calendar.Clock(pair[0] * unit), To: calendar.Clock(pair[1] * unit)})
		}
	}
	return list
}

// drawHours draws hours with holidays near an instant.
func drawHours(t *rapid.T, near time.Time, unit int) calendar.Hours {
	name := rapid.SampledFrom(zones()).Draw(t, "zone")
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	h := calendar.Hours{Zone: loc, National: rapid.Bool().Draw(t, "national"), Optional: rapid.Bool().Draw(t, "optional")}
	for day := range h.Week {
		h.Week[day] = drawIntervals(t, unit)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "holidays") {
		day := near.AddDate(0, 0, rapid.IntRange(-3, 3).Draw(t, "day"))
		own := calendar.Holiday{Month: day.Month(), Day: day.Day()}
		if rapid.Bool().Draw(t, "once") {
			own.Year = day.Year() + rapid.SampledFrom([]int{0, 0, 1}).Draw(t, "year")
		}
		if i%2 == 0 {
			own.Hours = drawIntervals(t, unit)
		}
		if h.Holidays = append(h.Holidays, own); h.Validate() != nil {
			h.Holidays = h.Holidays[:len(h.Holidays)-1]
		}
	}
	if err := h.Validate(); err != nil {
		t.Fatal(err)
	}
	return h
}

// drawModel draws hours and some thousand steps.
func drawModel(t *rapid.T, step time.Duration) model {
	const steps = 7200
	near, err := time.Parse(time.RFC3339, rapid.SampledFrom(instants()).Draw(t, "near"))
	if err != nil {
		t.Fatal(err)
	}
	m := model{Hours: drawHours(t, near, int(step/time.Second)), step: step, states: make([]bool, steps)}
	m.begin = near.Add(-time.Duration(rapid.IntRange(0, steps).Draw(t, "before")) * step)
	national, optional := nationalDays(), optionalDays()
	for i := range m.states {
		m.states[i] = m.wall(m.at(i), national, optional)
	}
	return m
}

func (m model) at(i int) time.Time { return m.begin.Add(time.Duration(i) * m.step) }

// next is the first step after i that is open, or closed, or the end.
func (m model) next(i int, open bool) int {
	for i++; i < len(m.states) && m.states[i] != open; i++ {
	}
	return i
}

// count is how many open steps there are from i up to j.
func (m model) count(i, j int) int {
	n := 0
	for _, open := range m.states[i:max(i, j)] {
		if open {
			n++
		}
	}
	return n
}

func (m model) check(t *rapid.T) {
	i := rapid.IntRange(0, len(m.states)-1).Draw(t, "i")
	j := rapid.IntRange(0, len(m.states)-1).Draw(t, "j")
	from, to := m.at(i), m.at(j)
	if got := m.Open(from); got != m.states[i] {
		t.Fatalf("Open(%s) = %v", from.In(m.Zone), got)
	}
	m.checkChange(t, "Next", i, m.next(i, !m.states[i]))
	opens := i
	if !m.states[i] {
		opens = m.next(i, true)
	}
	m.checkChange(t, "Opens", i, opens)
	want := time.Duration(m.count(i, j)) * m.step
	if got := m.Between(from, to); got != want {
		t.Fatalf("Between(%s, %s) = %s, want %s", from.In(m.Zone), to.In(m.Zone), got, want)
	}
	if want > 0 {
		end := j
		for !m.states[end-1] {
			end--
		}
		if got, ok := m.Add(from, want); !ok || !got.Equal(m.at(end)) {
			t.Fatalf("Add(%s, %s) = %s, %v, want %s", from.In(m.Zone), want, got, ok, m.at(end).In(m.Zone))
		}
	}
	first, last := min(i, j), max(i, j)
	if same := m.next(first, !m.states[first]) > last; same != (m.Period(from) == m.Period(to)) {
		t.Fatalf("periods %s of %s and %s of %s", m.Period(from), from.In(m.Zone), m.Period(to), to.In(m.Zone))
	}
}

// checkChange compares an opening or closing with that of the model, which may be beyond what it looked at.
func (m model) checkChange(t *rapid.T, name string, i, want int) {
	got, ok := m.Next(m.at(i))
	if name == "Opens" {
		got, ok = m.Opens(m.at(i))
	}
	if want < len(m.states) && (!ok || !got.Equal(m.at(want))) {
		t.Fatalf("%s(%s) = %s, %v, want %s", name, m.at(i).In(m.Zone), got, ok, m.at(want).In(m.Zone))
	}
	if want == len(m.states) && ok && got.Before(m.at(want)) {
		t.Fatalf("%s(%s) = %s, nothing happens before %s", name, m.at(i).In(m.Zone), got, m.at(want).In(m.Zone))
	}
}

func TestModelByMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t, time.Minute)
		for range 20 {
			m.check(t)
		}
	})
}

func TestModelBySeconds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t, time.Second)
		for range 20 {
			m.check(t)
		}
	})
}

// drawInstant draws one near another, with parts of a second.
func drawInstant(t *rapid.T, near time.Time, label string) time.Time {
	const days = 5
	return near.Add(time.Duration(rapid.Int64Range(-days*int64(24*time.Hour), days*int64(24*time.Hour)).Draw(t, label)))
}

// What the functions say of any instants agrees.
func TestProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		near, err := time.Parse(time.RFC3339, rapid.SampledFrom(instants()).Draw(t, "near"))
		if err != nil {
			t.Fatal(err)
		}
		h := drawHours(t, near, 1)
		a, b, c := drawInstant(t, near, "a"), drawInstant(t, near, "b"), drawInstant(t, near, "c")
		if a.After(b) {
			a, b = b, a
		}
		if c.Before(b) {
			c = b.Add(b.Sub(c))
		}
		if one, two, whole := h.Between(a, b), h.Between(b, c), h.Between(a, c); one+two != whole {
			t.Fatalf("%s and %s are open, together %s", one, two, whole)
		}
		if open, past := h.Between(a, b), b.Sub(a); open < 0 || open > past {
			t.Fatalf("%s of %s are open", open, past)
		}
		if h.Between(b, a) != 0 && !a.Equal(b) {
			t.Fatal("time before an instant is open")
		}
		checkAdd(t, h, a, time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "open")))
		checkNext(t, h, a)
	})
}

// checkAdd expects that much open time until then, and less until just before.
func checkAdd(t *rapid.T, h calendar.Hours, from time.Time, open time.Duration) {
	const century = 36_525 * 24 * time.Hour
	to, ok := h.Add(from, open)
	if !ok {
		if got := h.Between(from, from.Add(century)); got >= open {
			t.Fatalf("Add(%s, %s) finds nothing, but %s are open in a century", from, open, got)
		}
		return
	}
	if got := h.Between(from, to); got != open {
		t.Fatalf("Add(%s, %s) = %s, but %s are open until then", from, open, to, got)
	}
	if got := h.Between(from, to.Add(-1)); got != open-1 {
		t.Fatalf("Add(%s, %s) = %s, but %s are open until just before", from, open, to, got)
	}
}

// checkNext expects that nothing changes until then.
func checkNext(t *rapid.T, h calendar.Hours, from time.Time) {
	to, ok := h.Next(from)
	if !ok {
		return
	}
	want := time.Duration(0)
	if h.Open(from) {
		want = to.Sub(from)
	}
	if got := h.Between(from, to); got != want || !to.After(from) {
		t.Fatalf("Next(%s) = %s, but %s of %s are open until then", from, to, got, to.Sub(from))
	}
	if h.Open(to) == h.Open(from) || h.Open(to.Add(-1)) != h.Open(from) {
		t.Fatalf("Next(%s) = %s, but nothing changes", from, to)
	}
	if h.Period(from) != h.Period(to.Add(-1)) || h.Period(to) != to.UTC().Format(time.RFC3339) {
		t.Fatalf("Next(%s) = %s, periods are %s, %s and %s", from, to, h.Period(from), h.Period(to.Add(-1)), h.Period(to))
	}
}
