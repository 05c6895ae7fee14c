package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// The auditor's place in a thread: it is woken by the sweep, looks at its own transcript, and where something is found looks once more,
// at the ticket as well. Only what is true then is acted on.

// auditAgain is how long after a look that found nothing yet the next one comes.
const auditAgain = 10 * time.Minute

// NextLook is when the auditor should look at a thread; zero = never. It is never later than something can be found.
func NextLook(t conversation.Thread, set settings.Number) time.Time {
	c := t.Conversation
	if c == nil || !set.Audit.On || t.Erasing || t.Merging != nil && t.Merging.Moved {
		return time.Time{}
	}
	var looked time.Time
	if a := c.Audited; a != nil {
		if a.Done {
			return time.Time{}
		}
		looked = a.Looked
	}
	at := firstLook(c, t.LastInbound, set)
	if !at.IsZero() && !at.After(looked) {
		at = looked.Add(auditAgain)
	}
	return at
}

// firstLook is when something can be found first.
func firstLook(c *conversation.Conversation, wrote time.Time, set settings.Number) time.Time {
	since := c.Started
	switch c.State {
	case conversation.StateClosed, conversation.StateExpired:
		return c.Ended.Add(time.Minute) // what the end writes on the ticket is on its way
	case conversation.StateQueued, conversation.StateActive:
		if !c.Clock.Snoozed.IsZero() {
			return time.Time{}
		}
		if c.Clock.Answered.After(since) {
			since = c.Clock.Answered
		}
		if !c.Clock.Waits.IsZero() {
			since = c.Clock.Waits
		}
	case conversation.StateBot:
		since = latest(since, wrote)
	case conversation.StateNone, conversation.StatePending, conversation.StateStopped, conversation.StateCancelled:
		return time.Time{}
	}
	at, _ := set.Calendar().Add(since, set.Audit.Wait)
	return at
}

// auditDue takes in that the auditor should look.
func (d *draft) auditDue() {
	if d.Thread.Conversation == nil || !d.set.Audit.On || d.Thread.Outbox.Has(conversation.EffectAudit) {
		d.because("nothing to audit")
		return
	}
	d.look(false)
}

func (d *draft) look(ticket bool) {
	d.add(conversation.Effect{Kind: conversation.EffectAudit, Look: &conversation.AuditLook{Ticket: ticket && d.Thread.Conversation.Ticket.ID != 0}})
}

// lookAgain looks once the ticket has taken what was on its way to it.
func (d *draft) lookAgain() {
	c := d.Thread.Conversation
	if c == nil || c.Audited == nil || !c.Audited.Again || c.Closing != nil || len(d.Thread.Outbox.Ticket) > 0 || d.Thread.Outbox.Has(conversation.EffectAudit) {
		return
	}
	c.Audited.Again = false
	d.look(true)
}

// audited takes in what the auditor saw.
func (d *draft) audited(seen conversation.AuditSeen) {
	c := d.Thread.Conversation
	if c == nil || c.Session != seen.Session || c.Lines != seen.Lines {
		d.because("moved on while the auditor looked")
		return
	}
	if c.Audited == nil {
		c.Audited = &conversation.Audited{}
	}
	c.Audited.Looked = d.now
	if seen.Gone {
		d.because("ticket gone")
		c.Audited.Done = true
		return
	}
	if seen.Look.Ticket && d.ticketMoved(seen) {
		return
	}
	v := classify.Classify(classify.OfThread(d.Thread, seen), d.now, d.set, classify.RulesOf(d.set))
	switch {
	case v.Reason == classify.ReasonSettling:
		d.because("audit: " + string(v.Reason))
		c.Audited.Again = true
	case v.Nothing():
		d.because("audit: " + string(v.Reason))
		c.Audited.Done = c.State.Ended() && v.Reason != classify.ReasonWaiting
	case !seen.Look.Ticket && c.Ticket.ID != 0:
		d.because("audit: looks closely")
		d.look(true)
	default:
		d.judge(v)
	}
}

// ticketMoved takes in how the ticket is. Where somebody has touched it since we heard of it, what they did is read first.
func (d *draft) ticketMoved(seen conversation.AuditSeen) bool {
	c := d.Thread.Conversation
	if !seen.UpdatedAt.After(c.Ticket.UpdatedAt) {
		return false
	}
	d.because("ticket moved on: read first")
	d.add(conversation.Effect{Kind: conversation.EffectPull, Hint: &conversation.Hint{
		Ticket: c.Ticket.ID, Status: seen.Facts.Status, UpdatedAt: seen.UpdatedAt, Facts: seen.Facts,
	}})
	c.Audited.Again = true
	return true
}

// judge does what a verdict wants.
func (d *draft) judge(v classify.Verdict) {
	c := d.Thread.Conversation
	a := v.Action
	change := conversation.Change{
		Verdict: true, Status: a.Status, Assignee: a.Assignee, Group: a.Group, Subject: a.Subject, Tags: a.Tags,
		Agent: conversation.Agent{ID: a.Assignee}, Fields: map[string]string{},
	}
	if a.Catalogue != "" {
		change.Fields[conversation.FieldCatalogue] = a.Catalogue
	}
	for _, r := range a.Roles {
		change.Roles = append(change.Roles, d.role(r)...)
	}
	if a.Repair {
		repair, known := d.auditRepair()
		if !known && v.Outcome != classify.OutcomeNone { // its organisation comes first
			v.Outcome, v.Corrections = classify.OutcomeNone, []classify.Correction{classify.CorrectionNoOrganization}
			v.Action.Assignee = 0
			d.record(v, nil)
			c.Audited.Again = d.Thread.Outbox.Has(conversation.EffectIdentify)
			return
		}
		change = repair.With(change) // what it judges counts more than what the conversation knows
	}
	d.record(v, a.Open)
	if a.Attention {
		c.Clock.Attention = true
	}
	if a.Alert {
		d.supervisor("agent_abandonment", fmt.Sprintf(d.set.Texts.Judged, c.Ticket.ID))
	}
	d.act(a, change)
}

// verdictLeft leaves alone what the auditor found: somebody changed the ticket meanwhile, whose status is given. What was recorded is void,
// so that it can be found again where it stays true, and an end that was the auditor's is undone.
func (d *draft) verdictLeft(status string) {
	c := d.Thread.Conversation
	d.because("verdict left: the ticket moved on")
	d.note(d.set.Texts.VerdictLeft)
	d.log(conversation.Entry{
		Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: classify.VerdictType, Private: true, Reason: d.set.Texts.VerdictLeft,
	})
	if a := c.Audited; a != nil {
		*a = conversation.Audited{Looked: a.Looked}
	}
	ours := c.Procedure.Outcome == conversation.EndAudited || c.Procedure.Outcome == conversation.EndExpired && c.Procedure.Silent
	if c.State != conversation.StateClosed || !ours {
		return
	}
	switch on := ofTicketStatus(status); on { //nolint:exhaustive // a status stands for no other
	case "":
		d.move(VerdictLeft)
	case TicketSolved: // people ended it, at the same time
		c.Procedure.Outcome, c.Procedure.Silent, c.ShownAs, c.Transcribed = "", false, "", false
		d.ended()
	default:
		d.move(on)
	}
}

// judgeAnew lets the auditor look again at an ended conversation whose ticket people changed.
func (d *draft) judgeAnew(seen conversation.Seen) {
	if a := d.Thread.Conversation.Audited; a != nil && seen.Any() {
		a.Done = false
	}
}

// record keeps a verdict: in the transcript, where it keeps the next look from finding the same, and for reports.
func (d *draft) record(v classify.Verdict, open []classify.Open) {
	c := d.Thread.Conversation
	d.because("verdict: " + cmp.Or(string(v.Outcome), "correction"))
	e := v.Entry(d.now)
	e.Reason = v.Evidence.Text(d.set.Language)
	d.log(e)
	a := c.Audited
	a.At, a.Reason, a.Evidence, a.Done = d.now, string(v.Reason), e.Reason, false
	if v.Outcome != classify.OutcomeNone {
		a.Outcome, a.Open = string(v.Outcome), nil
	}
	for _, correction := range v.Corrections {
		if !slices.Contains(a.Corrections, string(correction)) {
			a.Corrections = append(slices.Clone(a.Corrections), string(correction))
		}
	}
	for _, o := range open {
		a.Open = append(slices.Clone(a.Open), string(o))
		d.supervisor("audit_open", fmt.Sprintf(d.set.Texts.Undecided, c.Ticket.ID, d.openQuestion(o)))
	}
}

// openQuestion is what people call a question that is not guessed.
func (d *draft) openQuestion(o classify.Open) string {
	return map[classify.Open]string{
		classify.OpenCatalogue: d.set.Texts.OpenCatalogue, classify.OpenTitle: d.set.Texts.OpenTitle, classify.OpenAssignee: d.set.Texts.OpenAssignee,
	}[o]
}

// The values of Conversation.ShownAs.
const (
	shownPublic  = string(settings.TranscriptPublic)
	shownPrivate = string(settings.TranscriptPrivate)
)

// act changes the ticket, in one update, and the conversation.
func (d *draft) act(a classify.Action, change conversation.Change) {
	c := d.Thread.Conversation
	shown := string(a.Transcript)
	switch {
	case a.Conversation == conversation.StateClosed && c.State != conversation.StateClosed:
		c.ShownAs, c.Procedure.Silent = shown, true
		c.Procedure.Outcome = cmp.Or(c.Procedure.Outcome, conversation.EndAudited)
		c.Closing = &change
		d.Thread.Outbox.Unhold()
		d.move(AuditorCloses)
	case shown != "" && (!c.Transcribed || shown != cmp.Or(c.ShownAs, string(d.set.Transcript.AtEnd))):
		d.transcriptNow(shown, change)
	case c.Ticket.ID != 0:
		d.update(change, true)
	}
}

// transcriptNow writes the transcript though the conversation does not end now.
func (d *draft) transcriptNow(shown string, change conversation.Change) {
	c := d.Thread.Conversation
	d.writeWith(conversation.Comment{
		Author: conversation.AuthorPonte, Public: shown == shownPublic, Transcript: c.Session, First: d.now, Last: d.now.Add(-d.set.Quiet),
	}, &change)
	d.Thread.Outbox.Hurry(d.now)
}

// auditRepair is what gives the ticket its organisation, where that is known; else Zendesk is asked for it.
func (d *draft) auditRepair() (change conversation.Change, known bool) {
	p := d.proc()
	if o := p.Organization; o != nil {
		change = d.contextChange()
		change.Organization, change.Requester = o.ID, p.Requester
		if p.Requester != 0 {
			change.CC = p.Email
		}
		return change, true
	}
	if !d.set.Organizations.Check || d.Thread.Outbox.Has(conversation.EffectIdentify) {
		return change, false
	}
	q := conversation.Identify{}
	if m := p.Bot; m != nil {
		found := brazil.FindCNPJ(strings.Join(append([]string{m.CNPJ}, m.Said...), "\n"))
		if len(found) == 1 {
			q = conversation.Identify{CNPJ: found[0], Repair: true}
		}
	}
	d.add(conversation.Effect{Kind: conversation.EffectIdentify, Ask: &q})
	return change, false
}

// commandOverrule keeps that a supervisor judges otherwise.
func (d *draft) commandOverrule(c conversation.Command) conversation.Answer {
	a := d.Thread.Conversation.Audited
	known := slices.ContainsFunc(classify.Outcomes(), func(o classify.Outcome) bool { return string(o) == c.Outcome })
	switch {
	case a == nil || a.At.IsZero():
		return refuse(conversation.RefusedNoVerdict, "Não há veredito da auditoria para esta conversa.")
	case strings.TrimSpace(c.Reason) == "":
		return refuse(conversation.RefusedMissing, "Informe o motivo para rever o veredito.")
	case c.Outcome != "" && !known:
		return refuse(conversation.RefusedMissing, "O resultado informado não existe.")
	}
	a.Overruled = &conversation.Overruled{At: d.now, By: c.Agent, Outcome: c.Outcome, Reason: c.Reason}
	d.because("verdict overruled")
	text := fmt.Sprintf(d.set.Texts.Overruled, nameOf(c.Agent), c.Reason)
	d.log(conversation.Entry{
		Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "overruled", Private: true, Agent: c.Agent.ID, Who: c.Agent.Name, Text: text,
	})
	if t := d.Thread.Conversation.Ticket; t.ID != 0 && t.Status != "closed" {
		d.note(text)
	}
	return conversation.Answer{}
}
