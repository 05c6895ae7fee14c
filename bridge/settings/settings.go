// Package settings holds the operation's settings: their types, their defaults (pt-BR and English), their form as YAML, what is
// wrong with them and what changed in them. It is pure.
//
// A setting stands once, in the table of its level (leaves.go): name, comment, form and range all come from there.
package settings

import (
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/calendar"
)

// Operation is the settings of a whole installation.
type Operation struct {
	// Default is what holds for every number that has no settings of its own.
	Default Number
	// Numbers is the settings of single numbers, by phone_number_id.
	Numbers map[string]Number
	// Account is what is known of the Zendesk account.
	Account Account
}

// Of is the settings of a number. What it points to is shared: it is read, never changed.
func (o Operation) Of(number string) Number {
	if n, ok := o.Numbers[number]; ok {
		return n
	}
	return o.Default
}

// Account is the limits of the Zendesk account.
type Account struct {
	// RequestsPerMinute is the plan's limit; 0 = what Zendesk's answers tell, and 200 until they do.
	RequestsPerMinute int
	// UpdatesPerMinute is the account's limit of ticket updates, people's included: 100, or 300 with the High Volume add-on.
	UpdatesPerMinute int
	// HumanShare is the part of the updates left to people, from 0 to below 1.
	HumanShare float64
	// AgentLimit is how many conversations an agent attends at the same time, unless the agent has a limit of their own.
	AgentLimit int
	// AuditEvery is how often the auditor looks; 0 = never by itself.
	AuditEvery time.Duration
	// OtherBot tells the tickets of another bot, which are audited too.
	OtherBot OtherBot
	// Report says which reports are made by themselves.
	Report Report
	// Access says who may do what in the app.
	Access Access
}

// Language is the language of Ponte's own words.
type Language string

// The languages.
const (
	LanguagePT Language = "pt-BR"
	LanguageEN Language = "en"
)

// Number is the settings of one WhatsApp number.
type Number struct {
	// Name is what people call the number.
	Name string
	// Language is the language of the words that are Ponte's own: subject and texts, as far as they are not set themselves.
	Language Language
	// Provider is who carries its messages.
	Provider Provider
	// Mode says what is written on the ticket while a conversation goes on.
	Mode Mode
	// Quiet and Longest say how long messages of one author are gathered into one ticket comment: so long after the last
	// one, but never longer than that after the first.
	Quiet, Longest time.Duration
	// StatusWait is how long a send whose outcome is unknown waits for a delivery status before it is decided on.
	StatusWait time.Duration
	// PerSecond is how many messages a second WhatsApp takes from the number.
	PerSecond int
	// Subject and Tags are what a ticket is created with.
	Subject string
	Tags    []string
	// Zone is the operation's time zone, for times that people read.
	Zone *time.Location
	// Window is about the 24 hours in which WhatsApp takes free words.
	Window Window
	// Read says when the customer sees that a message was read.
	Read ReadMark
	// Typing lets the customer see that an agent writes.
	Typing bool
	// Transcript says how the whole conversation is written on the ticket at its end.
	Transcript Transcript
	// Mask says what is made unreadable in what is written on tickets.
	Mask Mask
	// Files limits files.
	Files Files
	// Keep says how long things are kept.
	Keep Keep
	// Hours are the business hours; Calendar is what reckons with them, in the number's zone.
	Hours calendar.Hours
	// Bot is the automatic pre-attendance.
	Bot Bot
	// Organizations says how the customer's organisation is found and judged.
	Organizations Organizations
	// Desk names things of the Zendesk account.
	Desk Desk
	// Greeting is what the customer hears when an agent first opens the conversation.
	Greeting Greeting
	// Ending says how conversations end and what comes after.
	Ending Ending
	// N2 says what a conversation must bring along to the second level.
	N2 N2
	// Queue says how conversations that wait are handed out, Silence what becomes of agents who do not answer.
	Queue   Queue
	Silence Silence
	// Reminders are after how much open time since the agent's last words a silent customer is reminded: up to MostReminders, each
	// longer than the one before.
	Reminders []time.Duration
	// Survey is what customers are asked after the end, Audit what the auditor goes by.
	Survey Survey
	Audit  Audit
	// Attendance is the number that the customer is told.
	Attendance Attendance
	// Subjects are what tickets are called by Ponte's own hand.
	Subjects Subjects
	// Catalogue are values of the catalogue field that Ponte sets by itself.
	Catalogue Catalogue
	// Texts are what Ponte itself writes on tickets, Says what it says to customers.
	Texts Texts
	Says  Says
}

// Calendar is the business hours in the number's zone.
func (n Number) Calendar() calendar.Hours {
	h := n.Hours
	h.Zone = n.Zone
	return h
}

// clone is a copy that shares nothing that can be changed.
func (n Number) clone() Number {
	n.Tags = slices.Clone(n.Tags)
	if n.Window.Invite != nil {
		invite := *n.Window.Invite
		invite.Values = slices.Clone(invite.Values)
		n.Window.Invite = &invite
	}
	n.Hours = cloneHours(n.Hours)
	n.Bot, n.Desk, n.N2.Needs = n.Bot.clone(), n.Desk.clone(), slices.Clone(n.N2.Needs)
	return n.cloneTime()
}

// in is the number with Ponte's own words in a language; words that were its own are lost where the language is another one.
func (n Number) in(l Language) Number {
	if n.Language != l {
		n.Language, n.Subject, n.Texts, n.Says = l, subjectIn(l), textsIn(l), saysIn(l)
	}
	return n
}

// Provider is who carries a number's messages.
type Provider string

// The providers.
const (
	ProviderCloud     Provider = "cloud"     // Meta's Cloud API
	Provider360Dialog Provider = "360dialog" //
)

// Mode says what is written on the ticket while a conversation goes on.
type Mode string

// The modes.
const (
	ModeMirror     Mode = "mirror"          // every message becomes part of a comment
	ModeTranscript Mode = "transcript_only" // nothing but the transcript at the end
)

// ReadMark says when the customer sees that a message was read.
type ReadMark string

// The times of read marks.
const (
	ReadNever   ReadMark = "never"
	ReadArrival ReadMark = "arrival" // as soon as it is stored
	ReadReply   ReadMark = "reply"   // when an agent answers
)

// Visibility says who sees a transcript on the ticket.
type Visibility string

// The visibilities.
const (
	TranscriptNone    Visibility = "none" // not written; transcript_only writes it privately all the same
	TranscriptPrivate Visibility = "private"
	TranscriptPublic  Visibility = "public"
)

// Transcript says how the whole conversation is written on the ticket at its end.
type Transcript struct {
	AtEnd Visibility
}

// Window is about the 24 hours in which WhatsApp takes free words.
type Window struct {
	// Margin is taken off the window's end, so that no message comes just too late.
	Margin time.Duration
	// Invite is the template that asks the customer to write again when words wait for that; nil = none, an agent sends one.
	Invite *Invite
}

// Invite is the template that asks the customer to write again.
type Invite struct {
	Template string
	Language string
	// Values are the body's variables; {{contato.nome}} stands for the customer's name.
	Values []string
	// Preview is the text as the customer reads it, for the ticket; {{1}} and so on stand for the values.
	Preview string
}

// Mask says what is made unreadable in what is written on tickets, but for its last four characters.
type Mask struct {
	CPF, Cards, CNPJ bool
}

// Files limits files, in bytes.
type Files struct {
	// MostInbound is the largest file of a customer that is attached to the ticket.
	MostInbound int64
	// MostCaption is the largest file whose text goes with it as its caption; with a larger one the text goes first, on its own.
	MostCaption int64
}

// Keep says how long things are kept.
type Keep struct {
	// Transcripts is how long the transcript of an ended conversation stays; the ticket has it for good.
	Transcripts time.Duration
	// Summaries is how long the row of a conversation, with its verdict, stays for reports.
	Summaries time.Duration
}
