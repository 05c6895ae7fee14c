package report

import "time"

// summary is the sheet of the totals.
func (b *book) summary() error {
	s, p, t := b.l.Sheets, b.l.Page, b.r.Total
	rows := [][]value{
		{b.r.Title, nil},
		{s.Period, b.l.period(b.r.From, b.r.To)},
		{s.Made, cellOf{value: instant(b.r.Made), kind: kindTime}},
		{s.Zone, b.r.Zone},
		{p.Conversations, t.Conversations},
		{p.Served, t.Served.Count},
		{s.ServedRate, rate(t.Served)},
		{s.Abandoned, t.Abandoned.Count},
		{s.AbandonedRate, rate(t.Abandoned)},
		{s.AfterHours, t.AfterHours.Count},
		{s.AfterHoursRate, rate(t.AfterHours)},
	}
	for _, m := range []struct {
		name  string
		times Times
	}{{p.First, t.First}, {p.Longest, t.Longest}, {p.Waiting, t.Waiting}, {p.Handling, t.Handling}} {
		for _, part := range []struct {
			name string
			Spread
		}{{p.BusinessHours, m.times.Open}, {p.Wall, m.times.Wall}} {
			name := m.name + ", " + part.name + ": "
			rows = append(rows, []value{name + p.N, part.N}, []value{name + s.Mean, part.cell(int64(part.Mean + 0.5))},
				[]value{name + s.Median, part.cell(part.P50)}, []value{name + s.Most, part.cell(part.P90)}, []value{name + p.Max, part.cell(part.Max)})
		}
	}
	var mean value
	if t.Satisfaction.Answers > 0 {
		mean = cellOf{value: t.Satisfaction.Mean, kind: kindDecimal}
	}
	rows = append(rows, []value{p.Satisfaction, mean}, []value{p.Answers, t.Satisfaction.Answers}, []value{s.Good, t.Satisfaction.Good.Count},
		[]value{s.GoodRate, rate(t.Satisfaction.Good)}, []value{p.Messages + ": " + p.In, t.Messages.In}, []value{p.Messages + ": " + p.Out, t.Messages.Out},
		[]value{p.Messages + ": " + p.Automatic, t.Messages.Automatic}, []value{p.Messages + ": " + p.Undelivered, t.Messages.Undelivered},
		[]value{p.PaidShort, t.Paid}, []value{b.l.Columns.Returned, b.r.Returned}, []value{p.Overrulings, len(b.r.Overrulings)},
		[]value{p.Questions, len(b.r.Questions)})
	return b.sheet(s.Summary, []field{{s.Figure, kindText, 48}, {s.Value, kindInteger, 26}}, all(rows))
}

// rate is a share as a cell; empty where there is nothing to be a part of.
func rate(s Share) value {
	if s.Of == 0 {
		return nil
	}
	return cellOf{value: s.Rate, kind: kindRate}
}

// cell is a time of a spread as a cell; empty where there is none.
func (s Spread) cell(v int64) value {
	if s.N == 0 {
		return nil
	}
	return cellOf{value: v, kind: kindSeconds}
}

func (b *book) outcomes() error {
	p := b.l.Page
	return b.counts(b.l.Sheets.Outcomes, p.Outcome, p.Conversations, b.r.Outcomes)
}

func (b *book) paid() error {
	p := b.l.Page
	return b.counts(b.l.Sheets.Paid, p.Category, p.Messages, b.r.Paid)
}

func (b *book) counts(sheet, what, of string, list []Count) error {
	rows := make([][]value, len(list))
	for i, c := range list {
		rows[i] = []value{c.Name, c.Count, rate(c.Share), c.Key}
	}
	return b.sheet(sheet, []field{{what, kindText, 30}, {of, kindInteger, 14}, {b.l.Page.OfAll, kindRate, 14}, {b.l.Sheets.Key, kindText, 24}}, all(rows))
}

func (b *book) agents() error {
	return b.groups(b.l.Sheets.Agents, field{b.l.Page.Agent, kindText, 26}, b.r.Agents, called)
}

func (b *book) queues() error {
	return b.groups(b.l.Sheets.Queues, field{b.l.Page.Queue, kindText, 26}, b.r.Queues, called)
}

func (b *book) numbers() error {
	return b.groups(b.l.Sheets.Numbers, field{b.l.Page.Number, kindText, 26}, b.r.Numbers, called)
}

func called(g Group) value { return g.Name }

func (b *book) days() error {
	return b.groups(b.l.Sheets.Days, field{b.l.Page.Day, kindDate, 12}, b.r.Days, func(g Group) value {
		day, err := time.Parse(date, g.Key)
		if err != nil {
			return g.Key
		}
		return day
	})
}

// groups is a sheet of groups, with a column for every outcome.
func (b *book) groups(sheet string, what field, list []Group, first func(Group) value) error {
	s, p := b.l.Sheets, b.l.Page
	fields := []field{
		what,
		{p.Conversations, kindInteger, 13},
		{p.Served, kindInteger, 12},
		{s.ServedRate, kindRate, 12},
		{s.Abandoned, kindInteger, 12},
		{s.AbandonedRate, kindRate, 12},
		{s.AfterHours, kindInteger, 12},
	}
	for _, m := range []string{p.First, p.Longest, p.Waiting, p.Handling} {
		fields = append(fields, field{m + ": " + s.Median, kindSeconds, 14}, field{m + ": " + s.Most, kindSeconds, 14})
	}
	fields = append(fields, field{p.Satisfaction, kindDecimal, 12}, field{p.Answers, kindInteger, 12}, field{s.Good, kindInteger, 12},
		field{p.Messages + ": " + p.In, kindInteger, 14}, field{p.Messages + ": " + p.Out, kindInteger, 14}, field{p.PaidShort, kindInteger, 12})
	for _, o := range b.r.Outcomes {
		fields = append(fields, field{o.Name, kindInteger, 14})
	}
	rows := make([][]value, len(list))
	for i, g := range list {
		row := []value{first(g), g.Conversations, g.Served.Count, rate(g.Served), g.Abandoned.Count, rate(g.Abandoned), g.AfterHours.Count}
		for _, t := range []Times{g.First, g.Longest, g.Waiting, g.Handling} {
			row = append(row, t.Open.cell(t.Open.P50), t.Open.cell(t.Open.P90))
		}
		var mean value
		if g.Satisfaction.Answers > 0 {
			mean = g.Satisfaction.Mean
		}
		row = append(row, mean, g.Satisfaction.Answers, g.Satisfaction.Good.Count, g.Messages.In, g.Messages.Out, g.Paid)
		for _, o := range b.r.Outcomes {
			row = append(row, g.Outcomes[Outcome(o.Key)])
		}
		rows[i] = row
	}
	return b.sheet(sheet, fields, all(rows))
}

// hours is the sheet of weekdays and hours.
func (b *book) hours() error {
	fields := []field{{b.l.Page.Weekday, kindText, 18}}
	for hour := range b.r.Hours {
		fields = append(fields, field{plain(int64(hour)) + " h", kindInteger, 7})
	}
	fields = append(fields, field{b.l.Total, kindInteger, 10})
	rows := make([][]value, 0, len(b.r.Heat)+1)
	for day, hours := range b.r.Heat {
		row := []value{b.l.Weekdays[day]}
		for _, n := range hours {
			row = append(row, n)
		}
		rows = append(rows, append(row, b.r.Weekdays[day]))
	}
	return b.sheet(b.l.Sheets.Hours, fields, all(rows))
}

// audit is the sheet of corrections, overrulings and open questions.
func (b *book) audit() error {
	p, s := b.l.Page, b.l.Sheets
	fields := []field{
		{s.Kind, kindText, 28},
		{p.Ticket, kindTicket, 12},
		{p.When, kindTime, 18},
		{p.Found, kindText, 24},
		{p.Instead, kindText, 24},
		{p.By, kindText, 20},
		{p.Why, kindText, 50},
		{s.Count, kindInteger, 12},
	}
	var rows [][]value
	for _, c := range b.r.Corrections {
		rows = append(rows, []value{p.Correction, nil, nil, c.Name, nil, nil, nil, c.Count})
	}
	for _, o := range b.r.Overrulings {
		rows = append(rows, []value{
			p.Overrulings, ticket(o.Ticket, o.URL), instant(o.At), b.l.outcome(o.Found), b.l.outcome(o.Instead), o.By.name(), o.Reason, nil,
		})
	}
	for _, q := range b.r.Questions {
		rows = append(rows, []value{
			p.Questions, ticket(q.Ticket, q.URL), instant(q.Started), b.l.outcome(q.Outcome), nil, nil, list(q.Open, b.l.question), nil,
		})
	}
	return b.sheet(s.Audit, fields, all(rows))
}

// notes is the sheet that says what is meant by the figures.
func (b *book) notes() error {
	rows := make([][]value, len(b.l.Page.Notes))
	for i, n := range b.l.Page.Notes {
		rows[i] = []value{n[0], n[1]}
	}
	return b.sheet(b.l.Sheets.Notes, []field{{b.l.Sheets.Term, kindText, 28}, {b.l.Sheets.Meaning, kindText, 140}}, all(rows))
}
