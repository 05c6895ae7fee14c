package decide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// deskAccount is the mailbox of what supervisors should hear of tickets that belong to no number.
const deskAccount = conversation.AccountPrefix + "none"

// Foreign decides about a ticket that no thread knows. Hints have it looked up. The auditor, which takes it for another bot's, looks at
// the ticket alone first, and where that may come to something at what was said on it; a verdict is one update, and stands on the ticket
// itself, by tag and metadata: nothing has to be remembered here.
func Foreign(j conversation.Job, e conversation.Event, set settings.Number, now time.Time) conversation.Job {
	a := auditor{Job: j.Clone(), set: set, now: now}
	switch {
	case e.Kind == conversation.EventAudit:
		a.due(e.Hint)
	case e.Kind != conversation.EventResult:
		return Lookup(j, e, now)
	default:
		_, ok := a.Outbox.Settle(*e.Result)
		switch r := e.Result; {
		case !ok:
		case r.Audit != nil && r.Outcome == conversation.Done:
			a.seen(*r.Audit)
		case r.Kind == conversation.EffectUpdate && (r.Outcome == conversation.Done || r.Outcome == conversation.Failed):
			a.written(*r)
		}
	}
	return a.Job
}

// auditor is a decision about a ticket of another bot.
type auditor struct {
	conversation.Job

	set settings.Number
	now time.Time
}

// due takes in that the ticket should be looked at. While it is at it already, or writes, that is enough.
func (a *auditor) due(h *conversation.Hint) {
	if h == nil || a.Outbox.Has(conversation.EffectAudit) || len(a.Outbox.Ticket) > 0 {
		return
	}
	hint := *h
	a.Enqueue(conversation.Effect{Kind: conversation.EffectAudit, Hint: &hint, Look: &conversation.AuditLook{}}, a.now)
}

// seen takes in what a look saw.
func (a *auditor) seen(s conversation.AuditSeen) {
	f := s.Foreign
	if f == nil { // gone, or none of another bot's
		return
	}
	rules := classify.RulesOf(a.set)
	if s.Look.Foreign == nil {
		if classify.ForeignLook(*f, a.now, a.set, rules) {
			a.Enqueue(conversation.Effect{
				Kind: conversation.EffectAudit, Hint: &conversation.Hint{Ticket: f.Ticket}, Look: &conversation.AuditLook{Ticket: true, Foreign: f},
			}, a.now)
			return
		}
		a.row(a.stand(*f, classify.Verdict{}))
		return
	}
	v := classify.Foreign(*f, a.now, a.set, rules)
	t := a.stand(*f, v)
	change := a.change(*f, v)
	if change.Empty() {
		a.tell(t, v.Action.Alert)
		a.row(t)
		return
	}
	a.Thread = &t
	a.Enqueue(conversation.Effect{Kind: conversation.EffectUpdate, Change: &change}, a.now)
}

// change is what a verdict does to the ticket; it is empty where there is nothing to do.
func (a *auditor) change(f conversation.Foreign, v classify.Verdict) conversation.Change {
	act := v.Action
	c := conversation.Change{
		Status: act.Status, Assignee: act.Assignee, Subject: act.Subject, Tags: slices.Clone(act.Tags), Agent: conversation.Agent{ID: act.Assignee},
	}
	if act.Group != strconv.FormatInt(f.Group, 10) {
		c.Group = act.Group
	}
	if act.Catalogue != "" && act.Catalogue != f.Catalogue {
		c.Fields = map[string]string{conversation.FieldCatalogue: act.Catalogue}
	}
	for _, role := range act.Roles {
		if a.set.Desk.Macro(role) != "" {
			c.Roles = append(c.Roles, string(role))
		}
	}
	if act.Repair {
		c.Organization, c.Requester, c.CC = f.Repair.Organization, f.Repair.Requester, f.Repair.CC
	}
	if c.Empty() {
		return c
	}
	c.Verdict = true
	for _, found := range findings(v) {
		c.Tags = append(c.Tags, conversation.VerdictTag+found)
	}
	return c
}

// findings lists what a verdict found.
func findings(v classify.Verdict) []string {
	var list []string
	if v.Outcome != classify.OutcomeNone {
		list = append(list, string(v.Outcome))
	}
	for _, c := range v.Corrections {
		list = append(list, string(c))
	}
	return list
}

// stand is a conversation in the ticket's place, so that writes know the ticket as it was read. Its session is one of this look alone:
// what is written by it is told from what an earlier look wrote.
func (a *auditor) stand(f conversation.Foreign, v classify.Verdict) conversation.Thread {
	c := classify.FromForeign(f, a.now, a.set)
	conv := &conversation.Conversation{
		Session: fmt.Sprintf("bot-%d-%d", f.Ticket, f.UpdatedAt.Unix()), State: c.State, Started: f.Created, Ended: c.Ended, Owner: c.Owner,
		Attended: slices.ContainsFunc(c.Steps, func(s classify.Step) bool { return s.Kind == classify.StepAgent }),
		Ticket: conversation.Ticket{
			ID: f.Ticket, Status: f.Status, Subject: f.Subject, Group: f.Group, Assignee: f.Assignee, Organization: f.Organization,
			UpdatedAt: f.UpdatedAt, Tags: f.Tags, TagsKnown: true, Session: f.Session,
		},
	}
	conv.Procedure.Derived, conv.Procedure.Queue, conv.Procedure.Category, conv.Procedure.Subject = c.Derived, f.Queue, f.Catalogue, f.Subject
	if len(v.Action.Open) > 0 || !v.Nothing() {
		conv.Audited = &conversation.Audited{
			At: a.now, Outcome: string(v.Outcome), Reason: string(v.Reason), Evidence: v.Evidence.Text(a.set.Language),
		}
		for _, correction := range v.Corrections {
			conv.Audited.Corrections = append(conv.Audited.Corrections, string(correction))
		}
		for _, open := range v.Action.Open {
			conv.Audited.Open = append(conv.Audited.Open, string(open))
		}
		if f.Log != "" {
			conv.Audited.Evidence += "\n" + f.Log
		}
	}
	t := conversation.Thread{Conversation: conv}
	t.Contact = conversation.Contact{Name: f.RequesterName, Email: f.RequesterEmail, Zendesk: f.Requester}
	return t
}

// written takes in how the update went. A ticket that somebody changed meanwhile is left alone: it is looked at again in its time.
func (a *auditor) written(r conversation.Result) {
	t := a.Thread
	if a.Thread = nil; t == nil || r.Code != "" {
		return
	}
	judged := t.Conversation.Audited
	if r.Outcome == conversation.Failed {
		judged.Open = append(judged.Open, string(classify.OpenOutcome))
	}
	a.tell(*t, r.Outcome == conversation.Done && judged.Outcome == string(classify.OutcomeAgentAbandonment))
	if len(r.Notes) > 0 {
		a.supervisor(t.Conversation.Ticket, "audit_left", fmt.Sprintf("#%d: ", t.Conversation.Ticket.ID)+fmt.Sprintf(a.set.Texts.NotTaken, strings.Join(r.Notes, ", ")))
	}
	if r.Outcome == conversation.Done {
		a.row(*t)
	}
}

// tell puts what supervisors should know of a verdict on their list, once for the ticket as it was read.
func (a *auditor) tell(t conversation.Thread, alert bool) {
	ticket, judged := t.Conversation.Ticket, t.Conversation.Audited
	if judged == nil {
		return
	}
	if alert {
		a.supervisor(ticket, string(classify.OutcomeAgentAbandonment), fmt.Sprintf(a.set.Texts.Judged, ticket.ID)+"\n"+judged.Evidence)
	}
	if len(judged.Open) == 0 {
		return
	}
	names := make([]string, len(judged.Open))
	for i, open := range judged.Open {
		names[i] = openQuestions(a.set.Texts)[classify.Open(open)]
	}
	a.supervisor(ticket, "audit_open", fmt.Sprintf(a.set.Texts.Undecided, ticket.ID, strings.Join(names, ", "))+"\n"+judged.Evidence)
}

func (a *auditor) supervisor(ticket conversation.Ticket, rule, text string) {
	a.Enqueue(conversation.Effect{Kind: conversation.EffectTell, Tell: &conversation.Tell{Key: deskAccount, Event: conversation.Event{
		Kind: conversation.EventNotice, ID: fmt.Sprintf("sv:%s:%d:%d", rule, ticket.ID, ticket.UpdatedAt.Unix()), At: a.now,
		Notice: &conversation.Notice{Rule: rule, Text: text},
	}}}, a.now)
}

// openQuestions is what people call what is not guessed.
func openQuestions(t settings.Texts) map[classify.Open]string {
	return map[classify.Open]string{
		classify.OpenCatalogue: t.OpenCatalogue, classify.OpenTitle: t.OpenTitle, classify.OpenAssignee: t.OpenAssignee,
		classify.OpenOutcome: t.OpenOutcome, classify.OpenOrganization: t.OpenOrganization,
	}
}

// row keeps a row for reports, of a conversation that was judged, or that ended and never was.
func (a *auditor) row(t conversation.Thread) {
	c := t.Conversation
	before := slices.ContainsFunc(c.Ticket.Tags, func(tag string) bool { return strings.HasPrefix(tag, conversation.VerdictTag) })
	if c.Audited == nil && (before || !c.State.Ended()) {
		return
	}
	s, _ := t.Summary()
	s.Session = fmt.Sprint("bot-", c.Ticket.ID)
	s.Contact = s.Session
	if c.Audited == nil && c.Owner != 0 { // it was solved by somebody, and nobody had to read what was said
		s.Attended = true
	}
	a.Enqueue(conversation.Effect{Kind: conversation.EffectSummary, Summary: &s}, a.now)
}
