package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kind is how a column's cells are to be read.
type kind int

const (
	kindText kind = iota
	kindTime
	kindDate
	kindSeconds // a time span
	kindInteger
	kindID // a number with which nobody reckons
	kindTicket
	kindRate
	kindDecimal
)

// value is a cell of any kind; what is not there is nil.
type value any

// columnOf is a column of the conversations.
type columnOf struct {
	name  string
	kind  kind
	width float64 // in characters
	of    func(*Line) value
}

// columns are those of the conversations, in CSV and Excel.
func (l labels) columns() []columnOf {
	return slices.Concat(l.identity(), l.course(), l.measured(), l.judgement())
}

func (l labels) identity() []columnOf {
	c := l.Columns
	return []columnOf{
		{c.Ticket, kindTicket, 11, func(n *Line) value { return id(n.Ticket) }},
		{c.Started, kindTime, 18, func(n *Line) value { return instant(n.Started) }},
		{c.Outcome, kindText, 24, func(n *Line) value { return n.Label }},
		{c.Company, kindText, 28, func(n *Line) value { return n.Company }},
		{c.Number, kindText, 18, func(n *Line) value { return n.NumberName }},
		{c.Queue, kindText, 16, func(n *Line) value { return n.Queue }},
		{c.Agent, kindText, 20, func(n *Line) value { return n.Agent.Name }},
	}
}

func (l labels) course() []columnOf {
	c := l.Columns
	return []columnOf{
		{c.State, kindText, 18, func(n *Line) value { return l.state(n.State) }},
		{c.Derived, kindTime, 18, func(n *Line) value { return instant(n.Derived) }},
		{c.Ended, kindTime, 18, func(n *Line) value { return instant(n.Ended) }},
		{c.AfterHours, kindText, 10, func(n *Line) value { return l.yes(n.AfterHours) }},
		{c.Served, kindText, 10, func(n *Line) value { return l.yes(n.Served()) }},
		{c.Category, kindText, 30, func(n *Line) value { return n.Category }},
		{c.Subject, kindText, 36, func(n *Line) value { return n.Subject }},
		{c.Agents, kindText, 28, func(n *Line) value { return list(n.Agents, Person.name) }},
		{c.Flags, kindText, 24, func(n *Line) value { return list(n.Flags, l.flag) }},
	}
}

func (l labels) measured() []columnOf {
	c := l.Columns
	span := func(name string, of func(*Line) *Span, part func(Span) int64) columnOf {
		return columnOf{name, kindSeconds, 14, func(n *Line) value {
			if s := of(n); s != nil {
				return part(*s)
			}
			return nil
		}}
	}
	whole := func(name string, of func(*Line) int) columnOf {
		return columnOf{name, kindInteger, 11, func(n *Line) value { return int64(of(n)) }}
	}
	open, wall := func(s Span) int64 { return s.Open }, func(s Span) int64 { return s.Wall }
	first, handling := func(n *Line) *Span { return n.First }, func(n *Line) *Span { return n.Handling }
	most, total := func(n *Line) *Span { return n.waited(&n.Waiting.Longest) }, func(n *Line) *Span { return n.waited(&n.Waiting.Total) }
	return []columnOf{
		span(c.First, first, open), span(c.Longest, most, open), span(c.Waiting, total, open), span(c.Handling, handling, open),
		span(c.FirstWall, first, wall), span(c.LongestWall, most, wall), span(c.WaitingWall, total, wall), span(c.HandlingWall, handling, wall),
		whole(c.Waits, func(n *Line) int { return n.Waiting.Times }), whole(c.Unanswered, func(n *Line) int { return n.Waiting.Unanswered }),
		whole(c.In, func(n *Line) int { return n.Messages.In }), whole(c.Out, func(n *Line) int { return n.Messages.Out }),
		whole(c.Automatic, func(n *Line) int { return n.Messages.Automatic }), whole(c.Undelivered, func(n *Line) int { return n.Messages.Undelivered }),
		whole(c.Paid, func(n *Line) int { return sum(n.Paid) }),
		{c.PaidBy, kindText, 22, func(n *Line) value { return l.paidBy(n.Paid) }},
		{c.Score, kindInteger, 11, func(n *Line) value {
			if n.Score == 0 {
				return nil
			}
			return int64(n.Score)
		}},
		{c.Answers, kindText, 12, func(n *Line) value { return list(digits(n.Answers), func(s string) string { return s }) }},
		whole(c.Returned, func(n *Line) int { return n.Returned }),
	}
}

func (l labels) judgement() []columnOf {
	c := l.Columns
	verdict := func(name string, kind kind, width float64, of func(*Judged) value) columnOf {
		return columnOf{name, kind, width, func(n *Line) value {
			if n.Judged == nil {
				return nil
			}
			return of(n.Judged)
		}}
	}
	overruled := func(name string, kind kind, width float64, of func(*Overrule) value) columnOf {
		return verdict(name, kind, width, func(j *Judged) value {
			if j.Overruled == nil {
				return nil
			}
			return of(j.Overruled)
		})
	}
	return []columnOf{
		verdict(c.Judged, kindTime, 18, func(j *Judged) value { return instant(j.At) }),
		verdict(c.Found, kindText, 24, func(j *Judged) value { return l.outcome(Outcome(j.Outcome)) }),
		verdict(c.Corrections, kindText, 24, func(j *Judged) value { return list(j.Corrections, l.correction) }),
		verdict(c.Evidence, kindText, 60, func(j *Judged) value { return j.Evidence }),
		verdict(c.Questions, kindText, 28, func(j *Judged) value { return list(j.Open, l.question) }),
		overruled(c.Overruled, kindTime, 18, func(o *Overrule) value { return instant(o.At) }),
		overruled(c.By, kindText, 20, func(o *Overrule) value { return o.By.name() }),
		overruled(c.Instead, kindText, 24, func(o *Overrule) value { return l.outcome(Outcome(o.Outcome)) }),
		overruled(c.Why, kindText, 36, func(o *Overrule) value { return o.Reason }),
		{c.Session, kindText, 30, func(n *Line) value { return n.Session }},
		{c.Contact, kindText, 24, func(n *Line) value { return n.Contact }},
		{c.NumberID, kindText, 18, func(n *Line) value { return n.Number }},
		{c.Organization, kindID, 16, func(n *Line) value { return id(n.Organization) }},
		{c.AgentID, kindID, 16, func(n *Line) value { return id(n.Agent.ID) }},
		{c.OutcomeKey, kindText, 20, func(n *Line) value { return string(n.Outcome) }},
		{c.TicketURL, kindText, 40, func(n *Line) value { return n.URL }},
	}
}

// name is what a person is called, the id where there is no name.
func (p Person) name() string {
	if p.Name == "" && p.ID != 0 {
		return strconv.FormatInt(p.ID, 10)
	}
	return p.Name
}

func (l labels) yes(on bool) string {
	if on {
		return l.Yes
	}
	return l.No
}

// paidBy is "Marketing 2, Utilidade 1".
func (l labels) paidBy(paid map[string]int) string {
	return list(slices.Sorted(maps.Keys(paid)), func(c string) string { return l.category(c) + " " + strconv.Itoa(paid[c]) })
}

func sum(parts map[string]int) int {
	n := 0
	for _, v := range parts {
		n += v
	}
	return n
}

func digits(list []int) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return out
}

func id(n int64) value {
	if n == 0 {
		return nil
	}
	return n
}

func instant(t time.Time) value {
	if t.IsZero() {
		return nil
	}
	return t
}

// plain is a cell's text in CSV.
func plain(v value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return harmless(v)
	case time.Time:
		return v.Format(time.RFC3339)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// starters begin what spreadsheets take for a formula, or lead to it.
const starters = "=+-@\t\r\n＝＋－＠"

// harmless is a text that no spreadsheet takes for a formula: one that looks like it begins with an apostrophe.
//
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func harmless(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	if r := strings.TrimLeft(text, " \u00a0"); r != "" && strings.ContainsRune(starters, []rune(r)[0]) {
		return "'" + text
	}
	return text
}
