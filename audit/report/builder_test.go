package report_test

import (
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// writers are the forms of a report.
func writers(r report.Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{"json": r.WriteJSON, "csv": r.WriteCSV, "xlsx": r.WriteXLSX, "html": r.WriteHTML}
}

// row is a conversation that began then.
func row(session string, started time.Time) report.Row {
	return report.Row{Schema: report.Schema, Summary: conversation.Summary{Session: session, Number: "1", Started: started, State: conversation.StateClosed}}
}

func sessions(r report.Report) []string {
	list := []string{}
	for _, l := range r.Rows {
		list = append(list, l.Session)
	}
	return list
}

func TestPeriodIsHalfOpen(t *testing.T) {
	t.Parallel()
	o := november(t)
	rows := []report.Row{
		row("before", o.From.Add(-time.Nanosecond)), row("last", o.To.Add(-time.Nanosecond)), row("after", o.To), row("first", o.From), row("never", time.Time{}),
	}
	if diff := cmp.Diff([]string{"first", "last"}, sessions(build(o, rows...))); diff != "" {
		t.Error(diff)
	}
	o.From, o.To = time.Time{}, time.Time{}
	r := build(o, rows...)
	if diff := cmp.Diff([]string{"before", "first", "last", "after"}, sessions(r)); diff != "" {
		t.Error(diff)
	}
	if want := time.Date(2026, 10, 31, 0, 0, 0, 0, o.Zone); !r.From.Equal(want) {
		t.Errorf("an unbounded report begins at %s", r.From)
	}
	if want := time.Date(2026, 12, 2, 0, 0, 0, 0, o.Zone); !r.To.Equal(want) {
		t.Errorf("an unbounded report ends at %s", r.To)
	}
}

// A scan may give a row twice: the last counts.
func TestAConversationCountsOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	old, other, unnamed := row("a", at), row("a", at), row("", at)
	other.Number = "2"
	newer := old
	newer.Subject = "newer"
	r := build(november(t), old, other, row("b", at), unnamed, newer, unnamed)
	if diff := cmp.Diff([]string{"", "", "a", "a", "b"}, sessions(r)); diff != "" {
		t.Error(diff)
	}
	if r.Rows[2].Subject != "newer" || r.Total.Conversations != 5 {
		t.Errorf("%q of %d", r.Rows[2].Subject, r.Total.Conversations)
	}
}

func TestDaysAndHoursAreOfTheZone(t *testing.T) {
	t.Parallel()
	r := build(november(t), row("a", time.Date(2026, 11, 4, 2, 30, 0, 0, time.UTC))) // Tuesday, 23:30
	if len(r.Days) != 30 || r.Days[0].Key != "2026-11-01" || r.Days[29].Key != "2026-11-30" {
		t.Fatalf("days from %s to %s", r.Days[0].Key, r.Days[len(r.Days)-1].Key)
	}
	if r.Days[2].Conversations != 1 || r.Hours[23] != 1 || r.Weekdays[1] != 1 || r.Heat[1][23] != 1 {
		t.Errorf("%+v, hours %v, weekdays %v", r.Days[2], r.Hours, r.Weekdays)
	}
	if got := r.Rows[0].Started.Format(time.RFC3339); got != "2026-11-03T23:30:00-03:00" {
		t.Errorf("began at %s", got)
	}
}

// A period of centuries has no days without conversations.
func TestLongPeriod(t *testing.T) {
	t.Parallel()
	o := november(t)
	o.From = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if r := build(o, row("a", o.To.Add(-time.Hour))); len(r.Days) != 1 || r.Days[0].Conversations != 1 {
		t.Errorf("%d days", len(r.Days))
	}
	o.From = o.To.AddDate(-2, 0, 0)
	if r := build(o, row("a", o.To.Add(-time.Hour))); len(r.Days) != 730 {
		t.Errorf("two years have %d days", len(r.Days))
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	make1 := func(session, queue string, agent report.Person) report.Row {
		r := row(session, at)
		r.Queue, r.Agent = queue, agent
		return r
	}
	r := build(november(t),
		make1("a", "N1", report.Person{ID: 7, Name: "Ana S."}), make1("b", "N1", report.Person{ID: 7}), make1("c", "N1", report.Person{ID: 7, Name: "Ana Souza"}),
		make1("d", "N2", report.Person{Name: "Bia"}), make1("e", "N2", report.Person{ID: 9}), make1("f", "", report.Person{}), make1("g", "", report.Person{}),
		make1("h", "", report.Person{}), make1("i", "", report.Person{}),
	)
	type group struct {
		Key, Name string
		N         int
	}
	short := func(list []report.Group) (out []group) {
		for _, g := range list {
			out = append(out, group{g.Key, g.Name, g.Conversations})
		}
		return out
	}
	if diff := cmp.Diff([]group{{"N1", "N1", 3}, {"N2", "N2", 2}, {"", "Sem fila", 4}}, short(r.Queues)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]group{{"7", "Ana Souza", 3}, {"9", "9", 1}, {"Bia", "Bia", 1}, {"", "Sem atendente", 4}}, short(r.Agents)); diff != "" {
		t.Error(diff)
	}
}

func TestSpreads(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	var rows []report.Row
	for i := range 10 {
		r := row(string(rune('a'+i)), at)
		r.First = &report.Span{Open: int64(10 * (10 - i)), Wall: int64(100 * (10 - i))}
		rows = append(rows, r)
	}
	total := build(november(t), append(rows, row("z", at))...).Total
	want := report.Times{
		Open: report.Spread{N: 10, Mean: 55, Min: 10, P50: 50, P90: 90, Max: 100}, Wall: report.Spread{N: 10, Mean: 550, Min: 100, P50: 500, P90: 900, Max: 1000},
	}
	if diff := cmp.Diff(want, total.First); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(report.Times{}, total.Longest); diff != "" { // nobody waited: no zeros are reckoned with
		t.Error(diff)
	}
}

func TestSharesAndSatisfaction(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, zone(t))
	var rows []report.Row
	for i, o := range []string{"client_abandonment", "agent_abandonment", "agent_unavailable", "bot_abandoned", "after_hours", "not_assumed", "", ""} {
		r := row(string(rune('a'+i)), at)
		r.Audited = &conversation.Audited{Outcome: o}
		r.AfterHours = i == 4
		r.Attended = i > 4
		if i < 5 {
			r.Answers = []int{i + 1}
		}
		rows = append(rows, r)
	}
	total := build(november(t), rows...).Total
	if want := (report.Share{Count: 4, Of: 8, Rate: 0.5}); total.Abandoned != want {
		t.Errorf("abandonment %+v", total.Abandoned)
	}
	if want := (report.Share{Count: 1, Of: 8, Rate: 0.125}); total.AfterHours != want {
		t.Errorf("after hours %+v", total.AfterHours)
	}
	if want := (report.Share{Count: 3, Of: 8, Rate: 0.375}); total.Served != want {
		t.Errorf("served %+v", total.Served)
	}
	want := report.Satisfaction{Answers: 5, Mean: 3, Good: report.Share{Count: 2, Of: 5, Rate: 0.4}, Scores: [5]int{1, 1, 1, 1, 1}}
	if diff := cmp.Diff(want, total.Satisfaction); diff != "" {
		t.Error(diff)
	}
}

// Every conversation of the month's stands in every division once; percentiles lie between the least and the most.
func TestSums(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, 700)
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.IntRange(0, len(rows)).Draw(rt, "from")
		some := slices.Clone(rows[from:rapid.IntRange(from, len(rows)).Draw(rt, "to")])
		r := build(november(t), some...)
		checkSums(rt, r, len(some))
		for _, list := range [][]report.Group{{r.Total}, r.Days, r.Queues, r.Agents, r.Numbers} {
			for _, g := range list {
				for _, s := range []report.Spread{g.First.Open, g.First.Wall, g.Longest.Open, g.Longest.Wall, g.Waiting.Open, g.Handling.Open, g.Handling.Wall} {
					if s.Min > s.P50 || s.P50 > s.P90 || s.P90 > s.Max || s.Mean < float64(s.Min) || s.Mean > float64(s.Max) || s.N > g.Conversations {
						rt.Fatalf("%s: %+v", g.Key, s)
					}
				}
				if g.First.Open.P90 > g.First.Wall.P90 || g.Longest.Wall.Max > g.Waiting.Wall.Max || g.Satisfaction.Mean > 5 {
					rt.Fatalf("%s: %+v", g.Key, g)
				}
			}
		}
	})
}

func checkSums(t *rapid.T, r report.Report, n int) {
	if r.Total.Conversations != n || len(r.Rows) != n {
		t.Fatalf("%d of %d conversations, %d rows", r.Total.Conversations, n, len(r.Rows))
	}
	sums := map[string]int{}
	for _, c := range r.Outcomes {
		sums["outcomes"] += c.Count
	}
	for name, list := range map[string][]report.Group{"days": r.Days, "queues": r.Queues, "agents": r.Agents, "numbers": r.Numbers} {
		for _, g := range list {
			sums[name] += g.Conversations
			for _, k := range g.Outcomes {
				sums[name+"' outcomes"] += k
			}
		}
	}
	for i := range r.Heat {
		sums["weekdays"] += r.Weekdays[i]
		for h := range r.Heat[i] {
			sums["heat"] += r.Heat[i][h]
		}
	}
	for _, k := range r.Hours {
		sums["hours"] += k
	}
	for name, sum := range sums {
		if sum != n {
			t.Fatalf("%s: %d of %d", name, sum, n)
		}
	}
	paid := 0
	for _, c := range r.Paid {
		paid += c.Count
	}
	if paid != r.Total.Paid {
		t.Fatalf("paid %d of %d", paid, r.Total.Paid)
	}
}

// The month has every outcome, else the tests above say less than they seem to.
func TestMonthHasEverything(t *testing.T) {
	t.Parallel()
	r := build(november(t), rowsOf(t, 3000)...)
	for _, c := range r.Outcomes {
		if c.Count == 0 {
			t.Errorf("no %s", c.Key)
		}
	}
	if len(r.Overrulings) == 0 || len(r.Questions) == 0 || len(r.Corrections) == 0 || len(r.Paid) < 2 || r.Returned == 0 || len(r.Agents) != 9 || len(r.Numbers) != 2 {
		t.Errorf("%d overrulings, %d questions, %v, %v", len(r.Overrulings), len(r.Questions), r.Corrections, r.Paid)
	}
	for _, o := range r.Overrulings {
		if o.Found == o.Instead || o.By.Name == "" || o.Ticket == 0 {
			t.Errorf("%+v", o)
		}
	}
}

func BenchmarkBuilder(b *testing.B) {
	rows, o := rowsOf(b, 2000), november(b)
	many := make([]report.Row, 0, 100_000)
	for i := range 50 {
		for _, r := range rows {
			r.Session += string(rune('A' + i))
			many = append(many, r)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := build(o, many...); r.Total.Conversations != len(many) {
			b.Fatal(r.Total.Conversations)
		}
	}
}

func BenchmarkRowOf(b *testing.B) {
	m := newMonth(b, 5)
	for m.next(); len(m.entries) < 20; {
		m.next()
	}
	set := number(b, "N")
	for b.Loop() {
		report.RowOf(m.sum, m.entries, set)
	}
}
