package report

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// Options say what a report is about, and for whom.
type Options struct {
	// From and To are the period, half-open: conversations that began in it count. A zero From or To does not bound it.
	From, To time.Time
	// Zone is where days and hours are read, nil = UTC.
	Zone *time.Location
	// Language is that of the labels, "" = pt-BR.
	Language settings.Language
	// TicketURL is what a ticket's number is put behind for a link, such as https://x.zendesk.com/agent/tickets/; "" = there are no links,
	// and so is what is not http or https.
	TicketURL string
	// Now is when the report is made.
	Now time.Time
	// Title is what it is called, "" = what it is.
	Title string
}

func (o Options) sane() Options {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Language != settings.LanguageEN {
		o.Language = settings.LanguagePT
	}
	if u, err := url.Parse(o.TicketURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		o.TicketURL = ""
	}
	return o
}

// ticket is the address of a ticket, "" where there is none.
func (o Options) ticket(id int64) string {
	if o.TicketURL == "" || id <= 0 {
		return ""
	}
	return o.TicketURL + strconv.FormatInt(id, 10)
}

// Builder takes the rows of a period and reckons its report. Besides the rows themselves it keeps nothing that grows with them. Only
// one goroutine may use it.
type Builder struct {
	o     Options
	words labels
	lines []*Line
}

// New begins a report.
func New(o Options) *Builder {
	o = o.sane()
	return &Builder{o: o, words: labelsIn(o.Language), lines: []*Line{}}
}

// Add takes a conversation in. Those that began outside of the period are left out; of a conversation that is given again the last
// row counts.
func (b *Builder) Add(r Row) {
	if r.Started.IsZero() || r.Started.Before(b.o.From) || !b.o.To.IsZero() && !r.Started.Before(b.o.To) {
		return
	}
	n := lineOf(r, b.o, b.words)
	b.lines = append(b.lines, &n)
}

// Report reckons the figures of what was added. It has the builder's rows: a builder that is added to later needs a new one.
func (b *Builder) Report() Report {
	slices.SortStableFunc(b.lines, func(a, c *Line) int {
		return cmp.Or(a.Started.Compare(c.Started), cmp.Compare(a.Session, c.Session), cmp.Compare(a.Number, c.Number))
	})
	b.lines = lastOfEach(b.lines)
	r := Report{
		Title: cmp.Or(b.o.Title, b.words.Title), Language: b.o.Language, Zone: b.o.Zone.String(), Rows: b.lines,
	}
	r.From, r.To, r.Made = b.o.From, b.o.To, b.o.Now.In(b.o.Zone)
	if n := len(r.Rows); r.From.IsZero() && n > 0 {
		r.From = midnight(r.Rows[0].Started)
	}
	if n := len(r.Rows); r.To.IsZero() && n > 0 {
		r.To = midnight(r.Rows[n-1].Started).AddDate(0, 0, 1)
	}
	r.From, r.To = r.From.In(b.o.Zone), r.To.In(b.o.Zone)
	f := figures{lines: r.Rows, words: b.words}
	f.fill(&r)
	return r
}

// lastOfEach leaves of every conversation the row that was added last. Rows of one conversation stand together: it began once.
func lastOfEach(lines []*Line) []*Line {
	kept := lines[:0]
	for _, l := range lines {
		n := len(kept)
		if n > 0 && l.Session != "" && kept[n-1].Session == l.Session && kept[n-1].Number == l.Number && kept[n-1].Started.Equal(l.Started) {
			kept[n-1] = l
			continue
		}
		kept = append(kept, l)
	}
	clear(lines[len(kept):])
	return kept
}

// midnight is when the day of an instant began.
func midnight(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}
