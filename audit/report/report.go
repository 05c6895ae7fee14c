// Package report reckons what a support desk's conversations come to in a period (outcomes, times, abandonment, satisfaction, costs)
// and writes it as JSON, CSV, an Excel workbook and a printable page.
//
// A conversation is one Row, measured once from its transcript. A Builder takes the rows of a period; its Report has all figures,
// each with what it is reckoned from, and writes itself. Nothing here reads or writes anything but what it is given.
//
// What is meant by the figures stands at Row, Waiting and Group, and at the foot of the page for its readers.
package report

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Report is the figures of a period. Times are in seconds; without anything to reckon from, figures are 0 beside an N, Of or Answers
// of 0.
type Report struct {
	Title    string            `json:"title"`
	Language settings.Language `json:"language"`
	Zone     string            `json:"zone"`
	// From and To are the period, half-open; Made is when the report was made. All are in the zone.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Made time.Time `json:"made"`

	// Total is the figures of all conversations that began in the period.
	Total Group `json:"total"`
	// Outcomes counts them by outcome, those that do not occur included; the counts' sum is the total's.
	Outcomes []Count `json:"outcomes"`
	// Days has every day of the period, by date; of periods longer than MostDays those with conversations.
	Days []Group `json:"days"`
	// Queues, Agents and Numbers are ordered by conversations, the most first; what has none (no queue, no agent) comes last, under an
	// empty key.
	Queues  []Group `json:"queues"`
	Agents  []Group `json:"agents"`
	Numbers []Group `json:"numbers"`
	// Hours counts conversations by the hour at which they began, Weekdays by the day of the week, from Monday on, Heat by both.
	Hours    [24]int    `json:"hours"`
	Weekdays [7]int     `json:"weekdays"`
	Heat     [7][24]int `json:"heat"`
	// Paid counts messages that cost money by category, Corrections what the auditor put right besides the outcomes.
	Paid        []Count `json:"paid"`
	Corrections []Count `json:"corrections"`
	// Overrulings are the verdicts that a supervisor judged otherwise, Questions what the auditor leaves to a supervisor.
	Overrulings []Overruling `json:"overrulings"`
	Questions   []Question   `json:"questions"`
	// Returned is how often a conversation went back to its queue because its agent did not answer.
	Returned int `json:"returned"`
	// Rows are the conversations in the order in which they began.
	Rows []*Line `json:"rows"`
}

// MostDays is how many days a report shows one by one, those without conversations included.
const MostDays = 800

// Group is the figures of some conversations: all, or those of a day, a queue, an agent (who had it last) or a number.
type Group struct {
	Key           string          `json:"key"`
	Name          string          `json:"name"`
	Conversations int             `json:"conversations"`
	Outcomes      map[Outcome]int `json:"outcomes"` // those that occur
	// Served is the share in which an agent's words reached the customer.
	Served Share `json:"served"`
	// Abandoned is the share of abandonment by the customer, by the agent, for want of an agent, and during the bot.
	Abandoned Share `json:"abandonment"`
	// AfterHours is the share that began outside of business hours.
	AfterHours Share `json:"after_hours"`
	// First is the first response, Longest the longest and Waiting the whole wait for answers, Handling from when an agent had it to the
	// end; each of the conversations that have one. See Row.
	First    Times `json:"first_response"`
	Longest  Times `json:"longest_wait"`
	Waiting  Times `json:"waiting"`
	Handling Times `json:"handling"`
	// Satisfaction is the answers to the survey's first question.
	Satisfaction Satisfaction `json:"satisfaction"`
	Messages     Messages     `json:"messages"`
	// Paid is how many messages cost money.
	Paid int `json:"paid_messages"`
}

// Share is a part of something. Rate is from 0 to 1, and 0 where there is nothing to be a part of.
type Share struct {
	Count int     `json:"count"`
	Of    int     `json:"of"`
	Rate  float64 `json:"rate"`
}

// Times is a measure's figures in business hours, which are the ones that count, and by the clock on the wall.
type Times struct {
	Open Spread `json:"open"`
	Wall Spread `json:"wall"`
}

// Spread is how N times are spread, in seconds. The percentiles are times that occur: the smallest that is not exceeded by so many of
// a hundred (nearest rank).
type Spread struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	Min  int64   `json:"min"`
	P50  int64   `json:"p50"`
	P90  int64   `json:"p90"`
	Max  int64   `json:"max"`
}

// Satisfaction is what customers answered, from 1 to 5.
type Satisfaction struct {
	Answers int     `json:"answers"`
	Mean    float64 `json:"mean"`
	Good    Share   `json:"good"`   // those of 4 or 5
	Scores  [5]int  `json:"scores"` // how many gave 1, 2, 3, 4, 5
}

// Count is how often something occurs; Name is what people call it.
type Count struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Share        // of all conversations, or of all that are counted beside it
}

// Overruling is a verdict that a supervisor judged otherwise.
type Overruling struct {
	Session string    `json:"session"`
	Ticket  int64     `json:"ticket,omitempty"`
	URL     string    `json:"ticket_url,omitempty"`
	At      time.Time `json:"at"`
	By      Person    `json:"by"`
	Found   Outcome   `json:"found"`   // by the auditor
	Instead Outcome   `json:"instead"` // what counts
	Reason  string    `json:"reason"`
}

// Question is something that the auditor does not guess.
type Question struct {
	Session string    `json:"session"`
	Ticket  int64     `json:"ticket,omitempty"`
	URL     string    `json:"ticket_url,omitempty"`
	Started time.Time `json:"started"`
	Outcome Outcome   `json:"outcome"`
	Open    []string  `json:"open"` // see audit/classify's open questions
}

// Line is a conversation as a report shows it.
type Line struct {
	Row

	Outcome Outcome `json:"outcome"`
	Label   string  `json:"outcome_name"`
	// Judged is the verdict; nil = there is none. It stands in the place of the row's own.
	Judged *Judged `json:"audited,omitempty"`
	Score  int     `json:"satisfaction,omitempty"`
	URL    string  `json:"ticket_url,omitempty"`
}

// Judged is a verdict as a report shows it.
type Judged struct {
	At          time.Time `json:"at,omitzero"`
	Outcome     string    `json:"outcome,omitempty"`
	Corrections []string  `json:"corrections,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Evidence    string    `json:"evidence,omitempty"`
	Open        []string  `json:"open,omitempty"`
	Overruled   *Overrule `json:"overruled,omitempty"`
}

// Overrule is what a supervisor says instead of a verdict.
type Overrule struct {
	At      time.Time `json:"at"`
	By      Person    `json:"by"`
	Outcome string    `json:"outcome,omitempty"` // "" = nothing went wrong
	Reason  string    `json:"reason"`
}

// lineOf is the line of a row in a zone.
func lineOf(r Row, o Options, l labels) Line {
	in := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.In(o.Zone)
	}
	r.Started, r.Derived, r.Ended, r.Waiting.Since = in(r.Started), in(r.Derived), in(r.Ended), in(r.Waiting.Since)
	n := Line{Row: r, Outcome: r.Outcome(), Score: r.Satisfaction(), URL: o.ticket(r.Ticket)}
	n.Label = l.outcome(n.Outcome)
	if r.Audited != nil {
		n.Judged = judged(*r.Audited, in)
	}
	return n
}

func judged(a conversation.Audited, in func(time.Time) time.Time) *Judged {
	j := &Judged{At: in(a.At), Outcome: a.Outcome, Corrections: a.Corrections, Reason: a.Reason, Evidence: a.Evidence, Open: a.Open}
	if ov := a.Overruled; ov != nil {
		j.Overruled = &Overrule{At: in(ov.At), By: Person(ov.By), Outcome: ov.Outcome, Reason: ov.Reason}
	}
	return j
}
