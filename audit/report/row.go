package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Schema is the version of what a row is stored as. An older binary refuses newer rows.
const Schema = 1

// Row is one conversation as reports keep it: what the thread knows at its end, what its transcript measures, and how things were
// called at that time.
type Row struct {
	conversation.Summary

	// Schema is the version that it was stored as.
	Schema int `json:"schema"`
	// NumberName is what people called the number.
	NumberName string `json:"number_name,omitempty"`
	// Agent is who had it last, Agents all who had it, in that order.
	Agent  Person   `json:"agent,omitzero"`
	Agents []Person `json:"agents,omitempty"`
	// AfterHours says that it began outside of business hours.
	AfterHours bool `json:"after_hours,omitempty"`
	// First is the first response: from the instant at which people were asked for (when the bot handed over, else the customer's first
	// words) to the agents' first words that reached the customer; nil when there is none.
	First *Span `json:"first,omitempty"`
	// Waiting is how the customer waited for agents.
	Waiting Waiting `json:"waiting,omitzero"`
	// Handling is from when an agent first had it to its end; nil while it goes on, and when nobody had it.
	Handling *Span `json:"handling,omitempty"`
	// Messages counts what was written.
	Messages Messages `json:"messages,omitzero"`
	// Paid counts the messages that cost money, by WhatsApp's category.
	Paid map[string]int `json:"paid,omitempty"`
}

// Person is an agent, by Zendesk user; 0 = only the name is known.
type Person struct {
	ID   int64  `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Span is a time in whole seconds: Open counts business hours alone, Wall is what a clock on the wall shows.
type Span struct {
	Open int64 `json:"open"`
	Wall int64 `json:"wall"`
}

// Waiting is how a customer waited for agents. A wait begins with the customer's first words that no agent has answered, at the
// earliest when people were asked for, and ends with an agent's words that reach the customer, or with the conversation. Automatic
// messages, private notes and words that were not delivered answer nothing; a mere thank-you after an answer asks for none.
type Waiting struct {
	Longest Span `json:"longest,omitzero"` // of a single wait; Open and Wall may be those of two different waits
	Total   Span `json:"total,omitzero"`   // of all of them
	Times   int  `json:"times,omitempty"`  // how many there were
	// Unanswered is how many of them ended without an answer.
	Unanswered int `json:"unanswered,omitempty"`
	// Since is since when the customer of a conversation that goes on waits; that wait is in none of the above. Zero = nobody waits.
	Since time.Time `json:"since,omitzero"`
}

// Messages counts what was written in a conversation: by the customer, by agents to the customer, by Ponte itself, and what agents
// wrote that did not reach the customer.
type Messages struct {
	In          int `json:"in,omitempty"`
	Out         int `json:"out,omitempty"`
	Automatic   int `json:"automatic,omitempty"`
	Undelivered int `json:"undelivered,omitempty"`
}

// RowOf is the row of a conversation whose transcript is given, by the settings of its number. It changes nothing that it is given;
// entries may come in any order.
func RowOf(s conversation.Summary, entries []conversation.Entry, set settings.Number) Row {
	r := Row{Summary: s, Schema: Schema, NumberName: set.Name}
	m := newMeter(s, entries, set.Calendar())
	for _, e := range m.events {
		m.take(e)
	}
	m.settle()
	r.AfterHours = !s.Started.IsZero() && !m.hours.Open(s.Started)
	r.First, r.Waiting, r.Handling, r.Messages = m.first, m.waiting, m.handling(), m.messages
	r.Agents, r.Agent = m.people()
	r.Paid = paid(entries)
	return r
}

// Outcome is how the conversation went: what its verdict found, or what a supervisor says instead, else how it ended or where it
// stands.
func (r Row) Outcome() Outcome {
	if a := r.Audited; a != nil {
		found := a.Outcome
		if a.Overruled != nil {
			found = a.Overruled.Outcome
		}
		if found != "" {
			return Outcome(found)
		}
	}
	return ended(r.Summary)
}

// Served tells whether an agent's words reached the customer.
func (r Row) Served() bool { return r.Attended || r.Messages.Out > 0 }

// Satisfaction is the customer's answer to the survey's first question, from 1 to 5; 0 = none.
func (r Row) Satisfaction() int {
	if len(r.Answers) == 0 || r.Answers[0] < 1 || r.Answers[0] > len(Satisfaction{}.Scores) {
		return 0
	}
	return r.Answers[0]
}

// Encode is the row as it is stored.
func (r Row) Encode() ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode a report's row: %w", err)
	}
	return data, nil
}

// Errors of rows that can't be read.
var (
	ErrSchema  = errors.New("the row was stored by a newer version")
	ErrInvalid = errors.New("the row makes no sense")
)

// DecodeRow reads what Encode wrote. Errors are ErrSchema, ErrInvalid, or those of the JSON.
func DecodeRow(data []byte) (Row, error) {
	var r Row
	if err := json.Unmarshal(data, &r); err != nil {
		return Row{}, fmt.Errorf("decode a report's row: %w", err)
	}
	if r.Schema > Schema {
		return Row{}, fmt.Errorf("decode a report's row: %w: %d", ErrSchema, r.Schema)
	}
	if err := r.valid(); err != nil {
		return Row{}, fmt.Errorf("decode a report's row: %w: %w", ErrInvalid, err)
	}
	return r, nil
}

// Years that a conversation may be of: all zones can show them, and Excel's calendar too.
const (
	firstYear = 1970
	lastYear  = 9000
)

func (r Row) valid() error {
	if r.Schema < 1 || r.Started.IsZero() {
		return errors.New("no schema, or no beginning")
	}
	times := []time.Time{r.Started, r.Derived, r.Ended, r.Waiting.Since}
	if a := r.Audited; a != nil {
		times = append(times, a.At)
		if a.Overruled != nil {
			times = append(times, a.Overruled.At)
		}
	}
	for _, t := range times {
		if year := t.UTC().Year(); !t.IsZero() && (year < firstYear || year > lastYear) {
			return fmt.Errorf("a time of the year %d", year)
		}
	}
	m, w := r.Messages, r.Waiting
	if least := slices.Min([]int{m.In, m.Out, m.Automatic, m.Undelivered, w.Times, w.Unanswered, r.Returned}); least < 0 {
		return errors.New("a negative number")
	}
	for _, n := range slices.Collect(maps.Values(r.Paid)) {
		if n < 0 || n > mostCounted {
			return errors.New("a number of paid messages that can't be")
		}
	}
	return r.validSpans()
}

// mostCounted bounds what a single row may count, so that sums never overflow.
const mostCounted = 1 << 31

// longest bounds a single time, in seconds: a hundred years.
const longest = 100 * 366 * 24 * 3600

func (r Row) validSpans() error {
	for _, s := range []*Span{r.First, r.Handling, &r.Waiting.Longest, &r.Waiting.Total} {
		if s != nil && (s.Open < 0 || s.Wall < 0 || s.Open > longest || s.Wall > longest) {
			return errors.New("a time that can't be")
		}
	}
	m := r.Messages
	if most := slices.Max([]int{m.In, m.Out, m.Automatic, m.Undelivered, r.Waiting.Times, r.Waiting.Unanswered, r.Returned}); most > mostCounted {
		return errors.New("a number that can't be")
	}
	return nil
}
