package settings

import (
	"slices"
	"time"
)

// What goes by time: queues, silence, reminders, the survey, the auditor and its reports.

// Queue says how conversations that wait for people are handed out.
type Queue struct {
	// Automatic gives them to agents who are online; else agents pick.
	Automatic bool
	// Every is how often a customer who waits hears says.waiting, or says.none_available, again; 0 = on arrival only.
	Every time.Duration
}

// Silence says what becomes of an agent who does not answer. Both count open time.
type Silence struct {
	// Alert is how long the customer of an agent may wait before people are alerted; 0 = never.
	Alert time.Duration
	// Return is after how long the conversation goes back to its queue, before others; 0 = never.
	Return time.Duration
}

// MostReminders is how often a silent customer is reminded at most.
const MostReminders = 3

// Survey is what customers are asked after the end.
type Survey struct {
	On bool
	// Limit is how long an answer counts; WhatsApp takes questions within the window only.
	Limit time.Duration
	// Questions are asked one after the other, each answered from 1 to 5; none = says.survey alone. The first one's answer is the
	// customer's satisfaction.
	Questions []string
}

// Audit is what the auditor goes by.
type Audit struct {
	// On lets the auditor judge the number's conversations by itself.
	On bool
	// Wait is how much open time may pass before somebody is late.
	Wait time.Duration
	// BotAbandoned is what becomes of the ticket of a customer who quits during the bot, BotTag the tag of one that is solved.
	BotAbandoned BotAbandoned
	BotTag       string
}

// BotAbandoned is what becomes of the ticket of a customer who quits during the bot.
type BotAbandoned string

// The ways with them.
const (
	BotLeave BotAbandoned = "leave"
	BotSolve BotAbandoned = "solve"
)

// OtherBot names the marks of tickets that another program opens for conversations that Ponte knows nothing of.
type OtherBot struct {
	// Tag is what all of them carry; "" = there are none.
	Tag string
	// Session, Derived and Log are the account's fields, by title or id, with that program's session id, with the time at which it handed
	// over, and with the link to its log.
	Session, Derived, Log string
}

// Report says which reports are made by themselves.
type Report struct {
	// Schedule is when, in the five fields of cron, in the default number's zone; "" = never.
	Schedule string
	// Period is what each is about.
	Period ReportPeriod
	// Ticket is where its summary is posted, 0 = nowhere.
	Ticket int64
	// Public posts it as a public comment, so that Zendesk e-mails it to the ticket's requester.
	Public bool
	// Keep is how long reports are kept.
	Keep time.Duration
}

// ReportPeriod is the time that a report is about: the last whole one before it is made.
type ReportPeriod string

// The periods.
const (
	PeriodDay   ReportPeriod = "day"
	PeriodWeek  ReportPeriod = "week" // from Monday on
	PeriodMonth ReportPeriod = "month"
)

// withTime fills in what goes by time.
func (n Number) withTime() Number {
	n.Queue = Queue{Every: 10 * time.Minute}
	n.Silence = Silence{Alert: 15 * time.Minute}
	n.Survey = Survey{Limit: 12 * time.Hour}
	n.Audit = Audit{On: true, Wait: 90 * time.Minute, BotAbandoned: BotLeave, BotTag: "abandono_no_robo"}
	n.Catalogue.Abandoned = "Distribuição::Linha Winthor::99::007::Abandono de chat"
	n.Catalogue.Others = "Distribuição::Linha Winthor::99::007::Z-Outros"
	n.Keep.Summaries = 400 * 24 * time.Hour
	return n
}

// cloneTime is a copy of what goes by time that shares nothing that can be changed.
func (n Number) cloneTime() Number {
	n.Reminders, n.Survey.Questions = slices.Clone(n.Reminders), slices.Clone(n.Survey.Questions)
	return n
}
