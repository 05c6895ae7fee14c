package classify

import (
	"cmp"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Rules are the settings of the auditor.
type Rules struct {
	// Wait is how much open time may pass before somebody is late.
	Wait time.Duration
	// Abandoned and Others are values of the catalogue field: for talks that somebody left, and for those that came while closed.
	Abandoned, Others string
	// BotSolved solves the ticket of a customer who quit during the bot and tags it; else it is left as it is.
	BotSolved bool
	// BotTag is that tag.
	BotTag string
}

// DefaultRules are those of the reference operation.
func DefaultRules() Rules {
	return Rules{
		Wait:      90 * time.Minute,
		Abandoned: "Distribuição::Linha Winthor::99::007::Abandono de chat", Others: "Distribuição::Linha Winthor::99::007::Z-Outros",
		BotTag: "abandono_no_robo",
	}
}

// sane takes the default where a wait makes no sense.
func (r Rules) sane() Rules {
	if r.Wait <= 0 {
		r.Wait = DefaultRules().Wait
	}
	return r
}

// Transcript says how the transcript is written on the ticket.
type Transcript string

// The ways.
const (
	TranscriptNone    Transcript = ""
	TranscriptPublic  Transcript = "public"
	TranscriptPrivate Transcript = "private"
)

// Open is a question that is not guessed: a supervisor answers it.
type Open string

// The open questions.
const (
	OpenCatalogue Open = "catalogue" // which routine it was about
	OpenTitle     Open = "title"     // what it was about
	OpenAssignee  Open = "assignee"  // who attended, or who owed the answer
	// Of tickets without a conversation of ours.
	OpenOutcome      Open = "outcome"      // how it went
	OpenOrganization Open = "organization" // whose it is
)

// Action is what is to be done, on the ticket in one update. What is empty is left alone.
type Action struct {
	// Roles are the macros, in their order.
	Roles []settings.MacroRole
	// Status, Assignee, Group (by name or id), Catalogue, Subject and Tags are the ticket's.
	Status    string
	Assignee  int64
	Group     string
	Catalogue string
	Subject   string
	Tags      []string
	// Transcript is written on the ticket.
	Transcript Transcript
	// Conversation is the state it enters; "" = it stays.
	Conversation conversation.State
	// Repair gives the ticket its organisation first, by the repair of the procedure.
	Repair bool
	// Attention marks the conversation, Alert tells a supervisor.
	Attention, Alert bool
	// Open is what goes to the supervisor's list.
	Open []Open
}

// action is what an outcome has done.
func (j *judge) action(o Outcome) Action {
	c := j.c
	var a Action
	switch o {
	case OutcomeNone:
		return a
	case OutcomeNotAssumed:
		a = Action{Transcript: TranscriptPublic, Catalogue: cmp.Or(c.Category, c.Ticket.Catalogue), Status: statusSolved, Conversation: conversation.StateClosed}
		if a.Catalogue == "" {
			a.Open = append(a.Open, OpenCatalogue)
		}
		j.give(&a, cmp.Or(j.course.lastAgent, c.Owner, c.Ticket.Assignee))
	case OutcomeClientAbandonment:
		a = Action{Transcript: TranscriptPublic, Catalogue: j.rules.Abandoned, Status: statusSolved, Conversation: conversation.StateClosed}
		j.give(&a, cmp.Or(j.course.lastAgent, c.Owner, c.Ticket.Assignee))
	case OutcomeAgentAbandonment:
		a = Action{Transcript: TranscriptPrivate, Catalogue: j.rules.Abandoned, Status: statusOpen, Attention: true, Alert: true}
		j.give(&a, j.course.culprit)
	case OutcomeAfterHours:
		a = Action{Catalogue: j.rules.Others, Status: statusSolved, Conversation: conversation.StateClosed}
	case OutcomeAgentUnavailable:
		a = Action{Catalogue: j.rules.Abandoned, Status: statusPending}
	case OutcomeBotAbandoned:
		if j.rules.BotSolved && c.Ticket.ID != 0 {
			a = Action{Status: statusSolved, Tags: []string{j.rules.BotTag}}
		}
	}
	if role, ok := Role(o); ok {
		a.Roles = []settings.MacroRole{role}
	}
	return a
}

// give assigns the ticket, in the group that has it.
func (j *judge) give(a *Action, agent int64) {
	a.Assignee, a.Group = agent, j.c.Queue
	if j.c.Ticket.Group != 0 {
		a.Group = strconv.FormatInt(j.c.Ticket.Group, 10)
	}
	if agent == 0 {
		a.Open = append(a.Open, OpenAssignee)
	}
}

// Role is the macro role of an outcome; ok is false when it has none.
func Role(o Outcome) (role settings.MacroRole, ok bool) {
	switch o {
	case OutcomeNotAssumed:
		return settings.RoleNotAssumed, true
	case OutcomeClientAbandonment:
		return settings.RoleClientAbandonment, true
	case OutcomeAgentAbandonment:
		return settings.RoleAgentAbandonment, true
	case OutcomeAfterHours:
		return settings.RoleAfterHours, true
	case OutcomeAgentUnavailable:
		return settings.RoleAgentUnavailable, true
	case OutcomeNone, OutcomeBotAbandoned:
	}
	return "", false
}

// correct adds the corrections to a verdict and to its action.
func (j *judge) correct(v *Verdict) {
	t := j.c.Ticket
	if t.ID == 0 {
		return
	}
	if t.Organization == 0 && cmp.Or(v.Action.Conversation, j.c.State) != conversation.StateBot && !j.course.judgedSince(j.course.lastCustomer, string(CorrectionNoOrganization)) {
		v.Corrections = append(v.Corrections, CorrectionNoOrganization)
		v.Action.Repair = true
	}
	if cmp.Or(v.Action.Status, t.Status) != statusSolved || !BadTitle(t.Subject, j.c.Contact, j.set.Subject) ||
		j.course.judgedSince(j.course.lastSign, string(CorrectionWrongTitle)) {
		return
	}
	v.Corrections = append(v.Corrections, CorrectionWrongTitle)
	v.Action.Roles = append(v.Action.Roles, settings.RoleWrongTitle)
	if v.Action.Subject = j.title(); v.Action.Subject == "" {
		v.Action.Open = append(v.Action.Open, OpenTitle)
	}
}

// basis is since when an outcome holds: a verdict from then on has found it already.
func (j *judge) basis(o Outcome) time.Time {
	switch o {
	case OutcomeNotAssumed:
		return j.c.Ended
	case OutcomeClientAbandonment:
		return j.course.lastSign
	case OutcomeAgentAbandonment:
		return later(j.course.first, j.course.handed)
	case OutcomeAgentUnavailable:
		return j.course.queued
	case OutcomeNone, OutcomeAfterHours, OutcomeBotAbandoned:
	}
	return j.c.Created
}
