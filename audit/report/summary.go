package report

import (
	"fmt"
	"strings"
)

// Summary is the report in a few lines of plain text, in its language, for a comment on a ticket.
func (r Report) Summary() string {
	l := labelsIn(r.Language)
	s := l.summary
	lines := []string{fmt.Sprintf(s.Head, r.Title, l.period(r.From, r.To))}
	t := r.Total
	if t.Conversations == 0 {
		return strings.Join(append(lines, s.None), "\n")
	}
	add := func(form string, values ...any) { lines = append(lines, "• "+fmt.Sprintf(form, values...)) }
	add(s.Conversations, l.integer(t.Conversations), l.integer(t.Served.Count), l.rate(t.Served))
	if first := t.First.Open; first.N > 0 {
		add(s.First, spoken(first.P50), spoken(first.P90))
	}
	if wait := t.Longest.Open; wait.N > 0 {
		add(s.Longest, spoken(wait.P50), spoken(wait.P90))
	}
	n := func(o Outcome) string { return l.integer(t.Outcomes[o]) }
	add(s.Abandoned, l.rate(t.Abandoned), n(outcomeClient), n(outcomeAgent), n(outcomeUnavailable), n(outcomeBot))
	add(s.AfterHours, l.rate(t.AfterHours))
	if c := t.Satisfaction; c.Answers > 0 {
		add(s.Score, l.decimal(c.Mean, 2), l.integer(c.Answers), l.rate(c.Good))
	}
	if t.Paid > 0 {
		parts := make([]string, len(r.Paid))
		for i, c := range r.Paid {
			parts[i] = c.Name + " " + l.integer(c.Count)
		}
		add(s.Paid, l.integer(t.Paid), strings.Join(parts, ", "))
	}
	if len(r.Overrulings) > 0 {
		add(s.Overruled, l.integer(len(r.Overrulings)))
	}
	if len(r.Questions) > 0 {
		add(s.Questions, l.integer(len(r.Questions)))
	}
	return strings.Join(lines, "\n")
}
