package report

import (
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// labels are the words and forms of a report in one language.
type labels struct {
	Tag                settings.Language
	Title, Total       string
	NoQueue, NoAgent   string
	NoNumber, NoData   string
	Yes, No            string
	Period             string // %s: first and last day
	Made, Zone         string // %s
	Decimal, Thousands string // the signs in numbers
	dateForm           string
	clockForm          string
	shortForm          string // of a day without its year
	separator          rune   // between CSV cells
	outcomes           map[Outcome]string
	series             [allSeries]string
	corrections        map[string]string
	questions          map[string]string
	categories         map[string]string
	states             map[conversation.State]string
	flags              map[conversation.Flag]string
	Weekdays, Short    [7]string // from Monday on
	Columns            columnLabels
	Sheets             sheetLabels
	Page               pageLabels
	summary            summaryLabels
}

// labelsIn are the labels in a language.
func labelsIn(l settings.Language) labels {
	if l == settings.LanguageEN {
		return english()
	}
	return portuguese()
}

func (l labels) outcome(o Outcome) string          { return named(l.outcomes, o) }
func (l labels) correction(c string) string        { return named(l.corrections, c) }
func (l labels) question(q string) string          { return named(l.questions, q) }
func (l labels) category(c string) string          { return named(l.categories, c) }
func (l labels) state(s conversation.State) string { return named(l.states, s) }
func (l labels) flag(f conversation.Flag) string   { return named(l.flags, f) }

// named is what a key is called; one that nobody knows is called what it is.
func named[K ~string](names map[K]string, key K) string {
	if name, ok := names[key]; ok {
		return name
	}
	return string(key)
}

// list shows several things in one cell.
func list[K any](keys []K, name func(K) string) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = name(k)
	}
	return strings.Join(names, ", ")
}

// columnLabels are the headings of the conversations' columns, in CSV and Excel.
type columnLabels struct {
	Session, Number, NumberID, Contact, Company, Organization, Ticket, TicketURL, State, Outcome, OutcomeKey string
	Started, Derived, Ended, AfterHours, Queue, Agent, AgentID, Agents, Category, Subject, Served            string
	First, FirstWall, Longest, LongestWall, Waiting, WaitingWall, Waits, Unanswered, Handling, HandlingWall  string
	In, Out, Automatic, Undelivered, Paid, PaidBy, Score, Answers                                            string
	Judged, Found, Corrections, Evidence, Questions, Overruled, By, Instead, Why, Returned, Flags            string
	Seconds                                                                                                  string // behind headings of times, where they are plain numbers
}

// sheetLabels are the names of the workbook's sheets, and headings that only it has.
type sheetLabels struct {
	Summary, Outcomes, Days, Hours, Queues, Agents, Numbers, Paid, Audit, Rows, Notes string
	Figure, Value, Key                                                                string
	ServedRate, AbandonedRate, AfterHoursRate, GoodRate, Abandoned, AfterHours, Good  string
	Kind, Count, Period, Made, Zone, Mean, Median, Most                               string
	Term, Meaning                                                                     string
}

// summaryLabels are the sentences of the short text.
type summaryLabels struct {
	Head, None, Conversations, First, Longest, Abandoned, AfterHours, Score, Paid, Overruled, Questions string
}

// pageLabels are the words of the page.
type pageLabels struct {
	Contents, KeyFigures, Definitions, Skip                                                 string
	Outcomes, OutcomesDesc, OutcomesLead, Outcome, OfAll                                    string
	Trend, TrendWeeks, TrendDesc, TrendLead, Day, Week                                      string
	Times, TimesLead, TimesTable, MeasuresTable, FirstChart, FirstDesc, WaitChart, WaitDesc string
	Measure, N, Mean, Median, Most, Max, BusinessHours, Wall                                string
	Clock, ClockDesc, ClockLead, Weekday, Few, Many                                         string
	Teams, TeamsLead, Queues, Queue, Agents, Agent, Numbers, Number                         string
	Conversations, Served, Abandoned, AfterHours, First, Longest, Waiting, Handling         string
	ServedNote, MostNote, CountNote, ScoreNote, PaidNote                                    string
	Satisfaction, ScoreDesc, ScoreLead, Score, ScoreOf, Answers                             string
	Messages, MessagesLead, Written, Author, In, Out, Automatic, Undelivered                string
	PaidShort, NonePaid, Category                                                           string
	Audit, AuditLead, Corrections, Correction, Overrulings, By, When, Found, Instead, Why   string
	Questions, Question, FirstOf                                                            string
	Rows, RowsTable, Capped, Ticket, Started, Company, InOut                                string
	Notes                                                                                   [][2]string // terms and what they mean
}
