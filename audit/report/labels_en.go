package report

import (
	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func english() labels {
	return labels{
		Tag: settings.LanguageEN, Title: "WhatsApp support report", Total: "Total", NoQueue: "No queue", NoAgent: "No agent", NoNumber: "No number",
		NoData: "no data", Yes: "yes", No: "no", Period: "%s to %s", Made: "Made on %s", Zone: "Times of %s", Decimal: ".", Thousands: ",",
		dateForm: "2006-01-02", clockForm: "15:04", shortForm: "01-02", separator: ',',
		outcomes: map[Outcome]string{
			OutcomeClosed: "Closed", OutcomeN2: "Second level", OutcomeFinancial: "Refused: financial pending", OutcomeRefused: "Refused: not a customer",
			OutcomeCancelled: "Cancelled", OutcomeExpired: "Expired", OutcomeOpen: "Open", outcomeNotAssumed: "Ticket not taken",
			outcomeClient: "Customer abandonment", outcomeAgent: "Agent abandonment", outcomeUnavailable: "Agent unavailable",
			outcomeAfterHours: "After hours", outcomeBot: "Left during the bot",
		},
		series: [allSeries]string{
			"Closed or second level", "Ticket not taken", "Customer abandonment", "Agent abandonment", "Agent unavailable", "After hours",
			"Left during the bot", "Others", "Open",
		},
		corrections: map[string]string{
			string(classify.CorrectionNoOrganization): "Ticket without organisation", string(classify.CorrectionWrongTitle): "Wrong title",
		},
		questions: map[string]string{
			string(classify.OpenCatalogue): "which routine it was (catalogue)", string(classify.OpenTitle): "what it was about (title)",
			string(classify.OpenAssignee): "who attended, or owed the answer",
		},
		categories: map[string]string{
			"marketing": "Marketing", "marketing_lite": "Marketing lite", "utility": "Utility", "authentication": "Authentication",
			"authentication-international": "International authentication", "authentication_international": "International authentication",
			"service": "Service", "referral_conversion": "Referral conversion",
		},
		states: map[conversation.State]string{
			conversation.StateQueued: "Queued", conversation.StateActive: "Active", conversation.StatePending: "Pending", conversation.StateClosed: "Closed",
			conversation.StateBot: "With the bot", conversation.StateStopped: "Ended on WhatsApp", conversation.StateExpired: "Expired",
			conversation.StateCancelled: "Cancelled",
		},
		flags: map[conversation.Flag]string{
			conversation.FlagNoCNPJ: "no CNPJ given", conversation.FlagNoOrganization: "organisation not found", conversation.FlagUnverified: "pending not verified",
			conversation.FlagPendingEmpty: "pending field empty", conversation.FlagPending: "pending found during the attendance",
			conversation.FlagOverridden: "attended in spite of a pending", conversation.FlagNoEmail: "no e-mail given",
		},
		Weekdays: [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
		Short:    [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		Columns:  columnsEN(), Sheets: sheetsEN(), Page: pageEN(),
		summary: summaryLabels{
			Head: "%s: %s", None: "There were no conversations in the period.", Conversations: "Conversations: %s; attended: %s (%s)",
			First:     "First response: half within %s, 90%% within %s (business hours)",
			Longest:   "Longest wait of a conversation: half up to %s, 90%% up to %s (business hours)",
			Abandoned: "Abandonment: %s (customer %s, agent %s, agent unavailable %s, bot %s)", AfterHours: "After hours: %s",
			Score: "Satisfaction: %s (answers: %s; gave 4 or 5: %s)", Paid: "Paid messages: %s (%s)", Overruled: "Overruled verdicts: %s",
			Questions: "Open questions for the supervisor: %s",
		},
	}
}

func columnsEN() columnLabels {
	return columnLabels{
		Session: "Session", Number: "Number", NumberID: "Number id", Contact: "Contact", Company: "Company", Organization: "Organisation id", Ticket: "Ticket",
		TicketURL: "Ticket link", State: "State", Outcome: "Outcome", OutcomeKey: "Outcome key", Started: "Started", Derived: "Asked for people", Ended: "Ended",
		AfterHours: "Began after hours", Queue: "Queue", Agent: "Agent", AgentID: "Agent id", Agents: "All agents", Category: "Catalogue", Subject: "Subject",
		Served: "Attended", First: "First response (business hours)", FirstWall: "First response (wall clock)", Longest: "Longest wait (business hours)",
		LongestWall: "Longest wait (wall clock)", Waiting: "Total wait (business hours)", WaitingWall: "Total wait (wall clock)", Waits: "Waits",
		Unanswered: "Unanswered waits", Handling: "Handling (business hours)", HandlingWall: "Handling (wall clock)", In: "Customer's messages",
		Out: "Agents' messages", Automatic: "Automatic messages", Undelivered: "Undelivered", Paid: "Paid messages", PaidBy: "Paid by category",
		Score: "Satisfaction", Answers: "Survey answers", Judged: "Audited at", Found: "Verdict", Corrections: "Corrections", Evidence: "Evidence",
		Questions: "Open questions", Overruled: "Overruled at", By: "Overruled by", Instead: "Verdict instead", Why: "Why overruled", Returned: "Returned to queue",
		Flags: "Flags", Seconds: "seconds",
	}
}

func sheetsEN() sheetLabels {
	return sheetLabels{
		Summary: "Summary", Outcomes: "Outcomes", Days: "Days", Hours: "Hours", Queues: "Queues", Agents: "Agents", Numbers: "Numbers", Paid: "Paid messages",
		Audit: "Audit", Rows: "Conversations", Notes: "Definitions", Figure: "Figure", Value: "Value", Key: "Key", ServedRate: "Attended (%)",
		AbandonedRate: "Abandonment (%)", AfterHoursRate: "Began after hours (%)", GoodRate: "4 or 5 (%)", Abandoned: "Abandoned", AfterHours: "Began after hours",
		Good: "4 or 5", Kind: "Kind", Count: "Count", Period: "Period", Made: "Made on", Zone: "Time zone", Mean: "mean", Median: "p50", Most: "p90",
		Term: "Term", Meaning: "Definition",
	}
}

func pageEN() pageLabels {
	return pageLabels{
		Contents: "Contents", KeyFigures: "Key figures of the period", Definitions: "Definitions", Skip: "Skip to content",
		Outcomes: "Outcomes", OutcomesDesc: "Bars with the number of conversations of every outcome; the table beside has the same numbers.",
		OutcomesLead: "How the conversations that began in the period ended, as the auditor found or a supervisor decided.",
		Outcome:      "Outcome", OfAll: "Share", Trend: "Trend by day", TrendWeeks: "Trend by week",
		TrendDesc: "Stacked bars with the conversations by outcome over the period; the table below has the same numbers.",
		TrendLead: "Conversations by the day on which they began, by outcome.", Day: "Day", Week: "Week of",
		Times:      "Times",
		TimesLead:  "All times are in business hours unless it says otherwise. Median: half of the conversations took no longer. 90%: nine of ten took no longer.",
		FirstChart: "First response, in business hours", WaitChart: "The customer's longest wait, in business hours",
		FirstDesc:  "Lines with the median and the 90th percentile of the first response over the period; the table of times over the period has the numbers.",
		WaitDesc:   "Lines with the median and the 90th percentile of each conversation's longest wait over the period; the same table has the numbers.",
		TimesTable: "Times over the period, in business hours", MeasuresTable: "Times of the period",
		Measure: "Measure", N: "Conversations", Mean: "Mean", Median: "median", Most: "90%", Max: "Longest", BusinessHours: "business hours", Wall: "wall clock",
		Clock:     "Hours",
		ClockDesc: "Heat map with the conversations by weekday and hour at which they began; the table below has the same numbers.",
		ClockLead: "When the conversations began: weekday and hour.", Weekday: "Day", Few: "fewer", Many: "more", Teams: "Queues, agents and numbers",
		TeamsLead: "A conversation counts for the last agent who had it. Times in business hours (h:mm:ss); satisfaction with the number of answers.",
		Queues:    "By queue", Queue: "Queue", Agents: "By agent", Agent: "Agent", Numbers: "By number", Number: "Number", Conversations: "Conversations",
		Served: "Attended", Abandoned: "Abandonment", AfterHours: "After hours", First: "First response", Longest: "Longest wait", Waiting: "Total wait",
		Handling: "Handling", ServedNote: "attended: %s (%s)", MostNote: "90%% within %s", CountNote: "%s of %s",
		ScoreNote: "%s gave 4 or 5 · answers: %s", PaidNote: "received: %s · by agents: %s", Satisfaction: "Satisfaction",
		ScoreDesc: "Bars with the number of answers of every score, from 5 to 1; the table beside has the same numbers.",
		ScoreLead: "The customer's answer to the survey's first question, from 1 to 5.", Score: "Score", ScoreOf: "Score %d", Answers: "Answers",
		Messages: "Messages", MessagesLead: "What was written in the period's conversations, and what WhatsApp charges.", Written: "Messages by author",
		Author: "Whose", In: "Customer", Out: "Agents", Automatic: "Automatic", Undelivered: "Agents', not delivered", PaidShort: "Paid messages",
		NonePaid: "No paid messages in the period.", Category: "Category", Audit: "Audit",
		AuditLead:   "Corrections made, verdicts overruled, and what waits for a supervisor. Conversations returned to their queue for want of an answer: %s.",
		Corrections: "Corrections", Correction: "Correction", Overrulings: "Overruled verdicts", By: "By", When: "On", Found: "Verdict", Instead: "Became", Why: "Why",
		Questions: "Open questions for the supervisor", Question: "What is not known", FirstOf: "%s of %s", Rows: "Conversations", RowsTable: "Conversations of the period",
		Capped: "The page shows the first %s of %s conversations; the workbook, the CSV and the JSON have all of them.",
		Ticket: "Ticket", Started: "Started", Company: "Company", InOut: "Customer / agents",
		Notes: notesEN(),
	}
}

func notesEN() [][2]string {
	return [][2]string{
		{"Period", "Conversations that began in the period count, as they were known when the report was made."},
		{"Outcome", "The auditor's verdict or, where a supervisor overruled it, the supervisor's; without a verdict, how the conversation ended or where it stands."},
		{"First response", "From when people were asked for (when the bot handed over; without a bot, the customer's first message) to the first words of an agent that reached the customer."},
		{"Wait", "From the customer's first words that nobody answered, never before people were asked for, to an agent's words, or to the conversation's end. A mere thank-you asks for no answer. A wait that goes on does not count. “Longest wait” is the longest of a conversation, “total wait” all of them together."},
		{"Handling", "From when an agent first had the conversation to its end."},
		{"What is no answer", "Automatic messages, internal notes, and messages that were not delivered to the customer."},
		{"Business hours", "Only time within the number's hours, holidays left out. The wall clock includes nights and weekends."},
		{"Median and 90%", "The smallest time that is not exceeded by half, or by nine tenths, of the conversations that were measured. Those without the measure are left out."},
		{"Attended", "Conversations in which an agent's words reached the customer."},
		{"Abandonment", "Abandonment by the customer, by the agent or during the bot, and agents unavailable, as a share of all conversations of the period."},
		{"After hours", "As a figure, conversations that began outside of business hours. As an outcome, those that nobody attended because of that."},
		{"Satisfaction", "Answer to the survey's first question, from 1 to 5; the share of 4 and 5 is of the answers."},
		{"Paid messages", "Messages that WhatsApp reported as charged, each counted once, by category."},
	}
}
