package report

import (
	"fmt"
	"strconv"
)

// clock is the section of hours and weekdays.
func (v viewer) clock() section {
	p := v.p
	h := heatOf(figure{ID: "c-clock", Title: p.Clock, Desc: p.ClockDesc}, v.r.Heat, v.l)
	t := table{Caption: p.Clock, Quiet: true, Head: []head{{Text: p.Weekday}}, Dense: true}
	for hour := range 24 {
		t.Head = append(t.Head, head{strconv.Itoa(hour), true})
	}
	t.Head = append(t.Head, head{v.l.Total, true})
	t.Foot = []cell{text(v.l.Total)}
	for day, hours := range v.r.Heat {
		row := []cell{text(v.l.Short[day])}
		for _, n := range hours {
			row = append(row, num(v.l.integer(n)))
		}
		t.Rows = append(t.Rows, append(row, num(v.l.integer(v.r.Weekdays[day]))))
	}
	for _, n := range v.r.Hours {
		t.Foot = append(t.Foot, num(v.l.integer(n)))
	}
	t.Foot = append(t.Foot, num(v.l.integer(v.r.Total.Conversations)))
	return section{ID: "clock", Title: p.Clock, Lead: p.ClockLead, Heat: &h, Tables: []table{t}}
}

// groups is the section of queues, agents and numbers.
func (v viewer) groups() section {
	p := v.p
	return section{ID: "teams", Title: p.Teams, Lead: p.TeamsLead, Tables: []table{
		v.group(p.Queues, p.Queue, v.r.Queues), v.group(p.Agents, p.Agent, v.r.Agents), v.group(p.Numbers, p.Number, v.r.Numbers),
	}}
}

func (v viewer) group(caption, what string, groups []Group) table {
	p := v.p
	t := table{Caption: caption, Head: []head{
		{Text: what},
		{p.Conversations, true},
		{p.Served, true},
		{p.Abandoned, true},
		{p.First + ": " + p.Median, true},
		{p.First + ": " + p.Most, true},
		{p.Longest + ": " + p.Median, true},
		{p.Longest + ": " + p.Most, true},
		{p.Handling + ": " + p.Median, true},
		{p.Satisfaction, true},
	}}
	row := func(g Group) []cell {
		first, wait, handling := g.First.Open, g.Longest.Open, g.Handling.Open
		return []cell{
			{Text: clean(g.Name), Whole: len(g.Name) < 24},
			num(v.l.integer(g.Conversations)), num(v.l.rate(g.Served)), num(v.l.rate(g.Abandoned)), num(first.figure(first.P50)),
			num(first.figure(first.P90)), num(wait.figure(wait.P50)), num(wait.figure(wait.P90)), num(handling.figure(handling.P50)), num(v.score(g.Satisfaction)),
		}
	}
	for _, g := range groups {
		t.Rows = append(t.Rows, row(g))
	}
	t.Foot = row(v.r.Total)
	return t
}

// score is 4,52 (31), a dash without answers.
func (v viewer) score(s Satisfaction) string {
	if s.Answers == 0 {
		return dash
	}
	return v.l.decimal(s.Mean, 2) + " (" + v.l.integer(s.Answers) + ")"
}

func (v viewer) satisfaction() section {
	p, s := v.p, v.r.Total.Satisfaction
	sec := section{ID: "satisfaction", Title: p.Satisfaction, Lead: p.ScoreLead, Beside: true}
	if s.Answers == 0 {
		sec.Note = v.l.NoData
		return sec
	}
	counts := make([]Count, len(s.Scores))
	t := table{Caption: p.Satisfaction, Quiet: true, Head: []head{{Text: p.Score}, {p.Answers, true}, {p.OfAll, true}}}
	for i := range s.Scores {
		n := len(s.Scores) - i
		c := Count{Key: strconv.Itoa(n), Name: fmt.Sprintf(p.ScoreOf, n), Share: Share{Count: s.Scores[n-1], Of: s.Answers}}
		c.reckon()
		counts[i] = c
		t.Rows = append(t.Rows, []cell{text(c.Name), num(v.l.integer(c.Count)), num(v.l.rate(c.Share))})
	}
	t.Foot = []cell{text(p.Mean + " " + v.l.decimal(s.Mean, 2)), num(v.l.integer(s.Answers)), num(v.l.percent(1))}
	m := metersOf(figure{ID: "c-score", Title: p.Satisfaction, Desc: p.ScoreDesc}, counts, func(i int) string { return "c" + strconv.Itoa(len(s.Scores)-i) }, v.l)
	sec.Meters, sec.Tables = &m, []table{t}
	return sec
}

func (v viewer) paid() section {
	p := v.p
	sec := section{ID: "messages", Title: p.Messages, Lead: p.MessagesLead}
	m := v.r.Total.Messages
	written := table{Caption: p.Written, Head: []head{{Text: p.Author}, {p.Messages, true}}, Rows: [][]cell{
		{text(p.In), num(v.l.integer(m.In))},
		{text(p.Out), num(v.l.integer(m.Out))},
		{text(p.Automatic), num(v.l.integer(m.Automatic))},
		{text(p.Undelivered), num(v.l.integer(m.Undelivered))},
	}}
	sec.Tables = append(sec.Tables, written)
	if len(v.r.Paid) == 0 {
		sec.Note = p.NonePaid
		return sec
	}
	t := table{Caption: p.PaidShort, Head: []head{{Text: p.Category}, {p.Messages, true}, {p.OfAll, true}}}
	for _, c := range v.r.Paid {
		t.Rows = append(t.Rows, []cell{text(c.Name), num(v.l.integer(c.Count)), num(v.l.rate(c.Share))})
	}
	t.Foot = []cell{text(v.l.Total), num(v.l.integer(v.r.Total.Paid)), num(v.l.percent(1))}
	sec.Tables = append(sec.Tables, t)
	return sec
}

func (v viewer) audit() section {
	p := v.p
	sec := section{ID: "audit", Title: p.Audit, Lead: fmt.Sprintf(p.AuditLead, v.l.integer(v.r.Returned))}
	if len(v.r.Corrections) > 0 {
		t := table{Caption: p.Corrections, Head: []head{{Text: p.Correction}, {p.Conversations, true}}}
		for _, c := range v.r.Corrections {
			t.Rows = append(t.Rows, []cell{text(c.Name), num(v.l.integer(c.Count))})
		}
		sec.Tables = append(sec.Tables, t)
	}
	if n := len(v.r.Overrulings); n > 0 {
		t := table{Caption: v.capped(p.Overrulings, n), Dense: true, Head: []head{
			{Text: p.Ticket}, {Text: p.When}, {Text: p.By}, {Text: p.Found}, {Text: p.Instead}, {Text: p.Why},
		}}
		for _, o := range v.r.Overrulings[:min(n, mostListed)] {
			t.Rows = append(t.Rows, []cell{
				v.ticket(o.Ticket, o.URL), whole(v.l.when(o.At)), text(o.By.Name), text(v.l.outcome(o.Found)), text(v.l.outcome(o.Instead)), text(o.Reason),
			})
		}
		sec.Tables = append(sec.Tables, t)
	}
	if n := len(v.r.Questions); n > 0 {
		t := table{Caption: v.capped(p.Questions, n), Dense: true, Head: []head{{Text: p.Ticket}, {Text: p.Started}, {Text: p.Outcome}, {Text: p.Question}}}
		for _, q := range v.r.Questions[:min(n, mostListed)] {
			t.Rows = append(t.Rows, []cell{v.ticket(q.Ticket, q.URL), whole(v.l.when(q.Started)), text(v.l.outcome(q.Outcome)), text(list(q.Open, v.l.question))})
		}
		sec.Tables = append(sec.Tables, t)
	}
	return sec
}

// capped says how many there are, and how many are shown.
func (v viewer) capped(what string, n int) string {
	if n <= mostListed {
		return what + " (" + v.l.integer(n) + ")"
	}
	return what + " (" + fmt.Sprintf(v.p.FirstOf, v.l.integer(mostListed), v.l.integer(n)) + ")"
}

func (v viewer) ticket(id int64, url string) cell {
	if id == 0 {
		return cell{Text: dash}
	}
	return cell{Text: "#" + strconv.FormatInt(id, 10), URL: url}
}

// rows is the section of the conversations, one by one.
func (v viewer) rows() section {
	p, n := v.p, len(v.r.Rows)
	sec := section{ID: "conversations", Title: p.Rows, Wide: true}
	if n > MostRows {
		sec.Lead = fmt.Sprintf(p.Capped, v.l.integer(MostRows), v.l.integer(n))
	}
	t := table{Caption: p.RowsTable, Dense: true, Quiet: true, Head: []head{
		{Text: p.Ticket},
		{Text: p.Started},
		{Text: p.Company},
		{Text: p.Number},
		{Text: p.Queue},
		{Text: p.Agent},
		{Text: p.Outcome},
		{p.First, true},
		{p.Longest, true},
		{p.Handling, true},
		{p.InOut, true},
		{p.Score, true},
	}}
	for _, r := range v.r.Rows[:min(n, MostRows)] {
		score := dash
		if r.Score > 0 {
			score = strconv.Itoa(r.Score)
		}
		t.Rows = append(t.Rows, []cell{
			v.ticket(r.Ticket, r.URL), whole(v.l.when(r.Started)), or(r.Company), or(r.NumberName), or(r.Queue), or(r.Agent.Name), text(r.Label), num(open(r.First)),
			num(open(r.waited(&r.Waiting.Longest))), num(open(r.Handling)), num(v.l.integer(r.Messages.In) + " / " + v.l.integer(r.Messages.Out)), num(score),
		})
	}
	sec.Tables = []table{t}
	return sec
}

// or is a text, or a dash where there is none.
func or(s string) cell {
	if s == "" {
		return cell{Text: dash}
	}
	return text(s)
}

// open is a time in business hours.
func open(s *Span) string {
	if s == nil {
		return dash
	}
	return seconds(s.Open)
}
