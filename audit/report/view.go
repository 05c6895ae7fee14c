package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// MostRows is how many conversations the page shows one by one; the other forms have all.
const MostRows = 2000

// mostListed is how many overrulings and open questions the page shows.
const mostListed = 200

// page is what the page shows, all of it as text.
type page struct {
	L        labels
	Title    string
	Period   string
	Made     string
	Zone     string
	Empty    bool
	Cards    []card
	Sections []section
}

// card is a figure that stands out.
type card struct {
	Label, Value, Note string
}

// section is a part of the page: at most one chart, and tables.
type section struct {
	ID, Title, Lead string
	Wide, Beside    bool // on pages that lie; the chart beside the table
	Stacks          *stacks
	Curves          []curves
	Heat            *heat
	Meters          *meters
	Tables          []table
	Note            string
}

// table is a table with a heading for every row.
type table struct {
	Caption string
	Head    []head
	Rows    [][]cell
	Foot    []cell
	Dense   bool
	Quiet   bool // the section's title says what it is
}

// head is a column's heading.
type head struct {
	Text string
	Num  bool
}

// cell is a cell; one with an address is a link.
type cell struct {
	Text, URL string
	Num       bool
	Whole     bool // it is not broken into lines
}

func text(s string) cell  { return cell{Text: clean(s)} }
func num(s string) cell   { return cell{Text: s, Num: true} }
func whole(s string) cell { return cell{Text: s, Whole: true} }

// viewer makes the page of a report.
type viewer struct {
	r Report
	l labels
	p pageLabels
}

// view is the page of the report.
func (r Report) view() page {
	l := labelsIn(r.Language)
	v := viewer{r: r, l: l, p: l.Page}
	pg := page{
		L: l, Title: clean(r.Title), Period: l.period(r.From, r.To), Made: fmt.Sprintf(l.Made, l.when(r.Made)), Zone: fmt.Sprintf(l.Zone, r.Zone),
		Empty: r.Total.Conversations == 0,
	}
	pg.Cards = v.cards()
	if pg.Empty {
		return pg
	}
	pg.Sections = []section{v.outcomes()}
	pg.Sections = append(pg.Sections, v.timed()...)
	pg.Sections = append(pg.Sections, v.clock(), v.groups(), v.satisfaction(), v.paid(), v.audit(), v.rows())
	return pg
}

func (v viewer) cards() []card {
	t, l, p := v.r.Total, v.l, v.p
	none := func(c card, n int) card {
		if n == 0 {
			c.Value, c.Note = dash, l.NoData
		}
		return c
	}
	first, wait, handling, s := t.First.Open, t.Longest.Open, t.Handling.Open, t.Satisfaction
	return []card{
		{p.Conversations, l.integer(t.Conversations), fmt.Sprintf(p.ServedNote, l.integer(t.Served.Count), l.rate(t.Served))},
		none(card{p.First, spoken(first.P50), fmt.Sprintf(p.MostNote, spoken(first.P90))}, first.N),
		none(card{p.Longest, spoken(wait.P50), fmt.Sprintf(p.MostNote, spoken(wait.P90))}, wait.N),
		none(card{p.Handling, spoken(handling.P50), fmt.Sprintf(p.MostNote, spoken(handling.P90))}, handling.N),
		none(card{p.Abandoned, l.rate(t.Abandoned), fmt.Sprintf(p.CountNote, l.integer(t.Abandoned.Count), l.integer(t.Abandoned.Of))}, t.Abandoned.Of),
		none(card{p.AfterHours, l.rate(t.AfterHours), fmt.Sprintf(p.CountNote, l.integer(t.AfterHours.Count), l.integer(t.AfterHours.Of))}, t.AfterHours.Of),
		none(card{p.Satisfaction, l.decimal(s.Mean, 2), fmt.Sprintf(p.ScoreNote, l.rate(s.Good), l.integer(s.Answers))}, s.Answers),
		{p.PaidShort, l.integer(t.Paid), fmt.Sprintf(p.PaidNote, l.integer(t.Messages.In), l.integer(t.Messages.Out))},
	}
}

func (v viewer) outcomes() section {
	p := v.p
	m := metersOf(figure{ID: "c-outcomes", Title: p.Outcomes, Desc: p.OutcomesDesc}, v.r.Outcomes, func(i int) string {
		return "s" + strconv.Itoa(int(Outcome(v.r.Outcomes[i].Key).series()))
	}, v.l)
	t := table{Caption: p.Outcomes, Quiet: true, Head: []head{{Text: p.Outcome}, {p.Conversations, true}, {p.OfAll, true}}}
	for _, c := range v.r.Outcomes {
		t.Rows = append(t.Rows, []cell{text(c.Name), num(v.l.integer(c.Count)), num(v.l.rate(c.Share))})
	}
	t.Foot = []cell{text(v.l.Total), num(v.l.integer(v.r.Total.Conversations)), num(v.l.percent(1))}
	return section{ID: "outcomes", Title: p.Outcomes, Lead: p.OutcomesLead, Meters: &m, Tables: []table{t}, Beside: true}
}

// mostBars is how many days have a bar of their own; of longer periods weeks have.
const mostBars = 62

// bucket is a day or a week of the charts.
type bucket struct {
	Group

	from time.Time // the day on which it begins, at midnight UTC
}

// buckets are the days of the report, or its weeks when there are too many.
func (v viewer) buckets() (list []bucket, weeks bool) {
	if len(v.r.Days) <= mostBars {
		for _, g := range v.r.Days {
			if day, err := time.Parse(date, g.Key); err == nil {
				list = append(list, bucket{g, day})
			}
		}
		return list, false
	}
	f := figures{lines: v.r.Rows, words: v.l}
	lists := map[time.Time][]int32{}
	for _, day := range daysOf(v.r.From, v.r.To) {
		lists[monday(day)] = nil
	}
	for i, l := range v.r.Rows {
		week := monday(civil(l.Started))
		lists[week] = append(lists[week], int32(i))
	}
	for _, week := range slices.SortedFunc(maps.Keys(lists), time.Time.Compare) {
		list = append(list, bucket{f.group(week.Format(date), "", lists[week]), week})
	}
	return list, true
}

// monday is when the week of a day began.
func monday(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// timed are the two sections that go by days, or by weeks.
func (v viewer) timed() []section {
	p := v.p
	list, weeks := v.buckets()
	what, title := p.Day, p.Trend
	if weeks {
		what, title = p.Week, p.TrendWeeks
	}
	columns := make([]column, len(list))
	firsts, waits := make([]sample, len(list)), make([]sample, len(list))
	times := table{Caption: p.TimesTable, Dense: true, Head: []head{
		{Text: what}, {p.First + ": " + p.Median, true}, {p.First + ": " + p.Most, true}, {p.Longest + ": " + p.Median, true}, {p.Longest + ": " + p.Most, true},
	}}
	for i, g := range list {
		name, label := v.l.day(g.from), v.short(g.from, len(list), weeks)
		if !weeks {
			name += " " + v.l.Short[(int(g.from.Weekday())+6)%7]
		}
		columns[i] = column{label: label, name: name}
		for o, n := range g.Outcomes {
			columns[i].counts[o.series()] += n
		}
		first, wait := g.First.Open, g.Longest.Open
		firsts[i], waits[i] = sample{label, name, first.both()}, sample{label, name, wait.both()}
		times.Rows = append(times.Rows, []cell{
			whole(name), num(first.figure(first.P50)), num(first.figure(first.P90)), num(wait.figure(wait.P50)), num(wait.figure(wait.P90)),
		})
	}
	bars := stacksOf(figure{ID: "c-trend", Title: title, Desc: p.TrendDesc}, columns, v.l)
	lines := []string{p.Most, p.Median}
	return []section{
		{ID: "trend", Title: title, Lead: p.TrendLead, Stacks: &bars, Tables: []table{v.trend(title, what, columns)}},
		{ID: "times", Title: p.Times, Lead: p.TimesLead, Tables: []table{v.measures(), times}, Curves: []curves{
			curvesOf(figure{ID: "c-first", Title: p.FirstChart, Desc: p.FirstDesc}, firsts, lines),
			curvesOf(figure{ID: "c-waits", Title: p.WaitChart, Desc: p.WaitDesc}, waits, lines),
		}},
	}
}

// both are the percentiles that a chart shows, nil where there are none.
func (s Spread) both() []int64 {
	if s.N == 0 {
		return nil
	}
	return []int64{s.P90, s.P50}
}

// short is how a day is called below a chart.
func (v viewer) short(day time.Time, of int, weeks bool) string {
	if weeks || day.Day() == 1 || of < 16 {
		return day.Format(v.l.shortForm)
	}
	return strconv.Itoa(day.Day())
}

// trend is the table of the stacked bars: one column for every colour that occurs.
func (v viewer) trend(title, what string, columns []column) table {
	t := table{Caption: title, Dense: true, Quiet: true, Head: []head{{Text: what}, {v.p.Conversations, true}}}
	var sums [allSeries]int
	for _, c := range columns {
		for k, n := range c.counts {
			sums[k] += n
		}
	}
	t.Foot = []cell{text(v.l.Total), num(v.l.integer(v.r.Total.Conversations))}
	for k, sum := range sums {
		if sum > 0 {
			t.Head = append(t.Head, head{v.l.series[k], true})
			t.Foot = append(t.Foot, num(v.l.integer(sum)))
		}
	}
	for _, c := range columns {
		row := []cell{whole(c.name), num(v.l.integer(c.total()))}
		for k, sum := range sums {
			if sum > 0 {
				row = append(row, num(v.l.integer(c.counts[k])))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// measures is the table of all times.
func (v viewer) measures() table {
	p, t := v.p, v.r.Total
	out := table{Caption: p.MeasuresTable, Head: []head{
		{Text: p.Measure}, {p.N, true}, {p.Mean, true}, {p.Median, true}, {p.Most, true}, {p.Max, true},
	}}
	for _, m := range []struct {
		name  string
		times Times
	}{{p.First, t.First}, {p.Longest, t.Longest}, {p.Waiting, t.Waiting}, {p.Handling, t.Handling}} {
		for _, s := range []struct {
			name string
			Spread
		}{{p.BusinessHours, m.times.Open}, {p.Wall, m.times.Wall}} {
			out.Rows = append(out.Rows, []cell{
				text(m.name + ", " + s.name), num(v.l.integer(s.N)), num(s.mean()), num(s.figure(s.P50)), num(s.figure(s.P90)), num(s.figure(s.Max)),
			})
		}
	}
	return out
}
