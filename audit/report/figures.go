package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// figures reckons with the lines of a report.
type figures struct {
	lines   []*Line
	words   labels
	scratch []int64
}

// fill fills the figures in.
func (f *figures) fill(r *Report) {
	all := make([]int32, len(f.lines))
	for i := range all {
		all[i] = int32(i)
	}
	r.Total = f.group("", f.words.Total, all)
	r.Outcomes = f.outcomes(r.Total)
	r.Days = f.days(r.From, r.To)
	r.Queues = f.by(func(l *Line) (string, string) { return l.Queue, l.Queue }, f.words.NoQueue)
	r.Agents = f.by(agentKey, f.words.NoAgent)
	r.Numbers = f.by(func(l *Line) (string, string) { return l.Number, l.NumberName }, f.words.NoNumber)
	f.clock(r)
	f.audit(r)
	r.Paid = counts(f.paid(), f.words.category)
}

// agentKey names the agent who had a conversation last: by id, else by name.
func agentKey(l *Line) (key, name string) {
	if l.Agent.ID != 0 {
		return strconv.FormatInt(l.Agent.ID, 10), l.Agent.Name
	}
	return l.Agent.Name, l.Agent.Name
}

// group reckons the figures of some lines.
func (f *figures) group(key, name string, lines []int32) Group {
	g := Group{Key: key, Name: name, Conversations: len(lines), Outcomes: map[Outcome]int{}}
	var points int
	for _, i := range lines {
		l := f.lines[i]
		g.Outcomes[l.Outcome]++
		g.Served.add(l.Served())
		g.Abandoned.add(l.Outcome.abandoned())
		g.AfterHours.add(l.AfterHours)
		g.Messages.In += l.Messages.In
		g.Messages.Out += l.Messages.Out
		g.Messages.Automatic += l.Messages.Automatic
		g.Messages.Undelivered += l.Messages.Undelivered
		for _, n := range l.Paid {
			g.Paid += n
		}
		if l.Score > 0 {
			g.Satisfaction.Scores[l.Score-1]++
			g.Satisfaction.Good.add(l.Score >= good)
			points += l.Score
		}
	}
	g.Served.reckon()
	g.Abandoned.reckon()
	g.AfterHours.reckon()
	s := &g.Satisfaction
	s.Good.reckon()
	if s.Answers = s.Good.Of; s.Answers > 0 {
		s.Mean = float64(points) / float64(s.Answers)
	}
	g.First = f.times(lines, func(l *Line) *Span { return l.First })
	g.Longest = f.times(lines, func(l *Line) *Span { return l.waited(&l.Waiting.Longest) })
	g.Waiting = f.times(lines, func(l *Line) *Span { return l.waited(&l.Waiting.Total) })
	g.Handling = f.times(lines, func(l *Line) *Span { return l.Handling })
	return g
}

// good is the least answer of a satisfied customer.
const good = 4

// waited is a figure about waiting, nil where the customer never waited.
func (l *Line) waited(s *Span) *Span {
	if l.Waiting.Times == 0 {
		return nil
	}
	return s
}

func (f *figures) times(lines []int32, of func(*Line) *Span) Times {
	return Times{
		Open: f.spread(lines, of, func(s Span) int64 { return s.Open }),
		Wall: f.spread(lines, of, func(s Span) int64 { return s.Wall }),
	}
}

func (f *figures) spread(lines []int32, of func(*Line) *Span, part func(Span) int64) Spread {
	f.scratch = f.scratch[:0]
	for _, i := range lines {
		if s := of(f.lines[i]); s != nil {
			f.scratch = append(f.scratch, part(*s))
		}
	}
	return spreadOf(f.scratch)
}

// spreadOf reckons how times are spread; it sorts them.
func spreadOf(list []int64) Spread {
	n := len(list)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(list)
	var sum float64
	for _, v := range list {
		sum += float64(v)
	}
	return Spread{N: n, Mean: sum / float64(n), Min: list[0], P50: list[rank(n, 50)], P90: list[rank(n, 90)], Max: list[n-1]}
}

// rank is the place of a percentile among n times in order: the nearest rank.
func rank(n, percent int) int { return (n*percent+99)/100 - 1 }

func (s *Share) add(counts bool) {
	s.Of++
	if counts {
		s.Count++
	}
}

func (s *Share) reckon() {
	if s.Of > 0 {
		s.Rate = float64(s.Count) / float64(s.Of)
	}
}

// outcomes counts by outcome in their order, those that nobody knows last.
func (f *figures) outcomes(total Group) []Count {
	order := Outcomes()
	for _, o := range slices.Sorted(maps.Keys(total.Outcomes)) {
		if !slices.Contains(order, o) {
			order = append(order, o)
		}
	}
	list := make([]Count, len(order))
	for i, o := range order {
		list[i] = Count{Key: string(o), Name: f.words.outcome(o), Share: Share{Count: total.Outcomes[o], Of: total.Conversations}}
		list[i].reckon()
	}
	return list
}

// date is how a day is called in JSON.
const date = "2006-01-02"

// days reckons every day of the period.
func (f *figures) days(from, to time.Time) []Group {
	lists := map[string][]int32{}
	for i := range f.lines {
		day := f.lines[i].Started.Format(date)
		lists[day] = append(lists[day], int32(i))
	}
	for _, day := range daysOf(from, to) {
		if key := day.Format(date); lists[key] == nil {
			lists[key] = []int32{}
		}
	}
	list := make([]Group, 0, len(lists))
	for _, day := range slices.Sorted(maps.Keys(lists)) {
		list = append(list, f.group(day, day, lists[day]))
	}
	return list
}

// daysOf are the days of the calendar from one instant to another, in the first one's zone; none where there are more than MostDays.
// Each stands for itself, at midnight UTC: where the clocks change a day may have no midnight, and a zone may leave a day out.
func daysOf(from, to time.Time) []time.Time {
	if !from.Before(to) || to.Sub(from) > MostDays*24*time.Hour {
		return nil
	}
	var list []time.Time
	zone := from.Location()
	for day, last := civil(from), civil(to.Add(-1).In(zone)); !day.After(last); day = day.AddDate(0, 0, 1) {
		if noon := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone); noon.Day() == day.Day() {
			list = append(list, day)
		}
	}
	return list
}

// civil is the day of an instant, at midnight UTC.
func civil(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// by reckons groups by a key that also has a name; the newest name counts.
func (f *figures) by(key func(*Line) (key, name string), none string) []Group {
	lists, names := map[string][]int32{}, map[string]string{}
	for i := range f.lines {
		k, name := key(f.lines[i])
		lists[k] = append(lists[k], int32(i))
		names[k] = cmp.Or(name, names[k], k)
	}
	names[""] = none
	list := make([]Group, 0, len(lists))
	for k, lines := range lists {
		list = append(list, f.group(k, names[k], lines))
	}
	slices.SortFunc(list, func(a, b Group) int {
		if (a.Key == "") != (b.Key == "") {
			return cmp.Compare(b.Key, a.Key)
		}
		return cmp.Or(cmp.Compare(b.Conversations, a.Conversations), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
	return list
}

// clock counts by hour and weekday.
func (f *figures) clock(r *Report) {
	for i := range f.lines {
		at := f.lines[i].Started
		hour, day := at.Hour(), (int(at.Weekday())+6)%7
		r.Hours[hour]++
		r.Weekdays[day]++
		r.Heat[day][hour]++
	}
}

// audit gathers what the auditor and supervisors did.
func (f *figures) audit(r *Report) {
	corrections := map[string]int{}
	r.Overrulings, r.Questions = []Overruling{}, []Question{}
	for i := range f.lines {
		l := f.lines[i]
		r.Returned += l.Returned
		j := l.Judged
		if j == nil {
			continue
		}
		for _, c := range j.Corrections {
			corrections[c]++
		}
		if ov := j.Overruled; ov != nil {
			r.Overrulings = append(r.Overrulings, Overruling{
				Session: l.Session, Ticket: l.Ticket, URL: l.URL, At: ov.At, By: ov.By, Found: Outcome(j.Outcome), Instead: l.Outcome, Reason: ov.Reason,
			})
		}
		if len(j.Open) > 0 {
			r.Questions = append(r.Questions, Question{
				Session: l.Session, Ticket: l.Ticket, URL: l.URL, Started: l.Started, Outcome: l.Outcome, Open: j.Open,
			})
		}
	}
	r.Corrections = counts(corrections, f.words.correction)
}

func (f *figures) paid() map[string]int {
	sums := map[string]int{}
	for i := range f.lines {
		for category, n := range f.lines[i].Paid {
			sums[category] += n
		}
	}
	return sums
}

// counts are the parts of a sum, the largest first.
func counts(parts map[string]int, name func(string) string) []Count {
	var sum int
	for _, n := range parts {
		sum += n
	}
	list := make([]Count, 0, len(parts))
	for key, n := range parts {
		c := Count{Key: key, Name: name(key), Share: Share{Count: n, Of: sum}}
		c.reckon()
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key)) })
	return list
}
