package decide

import (
	"fmt"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// The support procedure: who the customer is, whether the company's registration is in order, and who attends.

// proc is what the procedure knows of the conversation.
func (d *draft) proc() *conversation.Procedure { return &d.Thread.Conversation.Procedure }

// prepare begins the procedure of a new conversation.
func (d *draft) prepare() {
	p := d.proc()
	p.Queue, p.Email = d.set.Desk.Queue, d.Thread.Contact.Email
	if d.set.Attendance == settings.AttendanceDaily {
		d.add(conversation.Effect{Kind: conversation.EffectNumber})
	}
	if !d.set.Organizations.Check {
		return
	}
	if d.Thread.Contact.Zendesk == 0 && d.Thread.Contact.WaID == "" {
		p.Nobody = true // without a phone nobody can be found
		return
	}
	d.ask(conversation.Identify{})
}

// ask has Zendesk asked for an organisation; the answer is awaited for a while.
func (d *draft) ask(q conversation.Identify) {
	d.await(d.add(conversation.Effect{Kind: conversation.EffectIdentify, Ask: &q}))
}

// await lets the bot wait for an effect's answer for as long as the customer's patience lasts.
func (d *draft) await(effect string) {
	p := d.proc()
	p.Awaits, p.Patience = effect, d.now.Add(d.set.Organizations.Patience)
}

// awaited tells whether an effect's answer is being waited for, and ends the wait.
func (d *draft) awaited(effect string) bool {
	p := d.proc()
	if p.Awaits != effect {
		return false
	}
	p.Awaits, p.Patience = "", time.Time{}
	return true
}

// gaveUp goes on without Zendesk's answer, which counts all the same when it comes.
func (d *draft) gaveUp() {
	p := d.proc()
	p.Awaits, p.Patience = "", time.Time{}
	d.because("zendesk did not answer in time")
	p.Set(conversation.FlagUnverified, p.Organization == nil || p.Organization.Pending == conversation.PendingUnknown)
	switch {
	case d.scripted():
		d.robot(bot.Input{Kind: bot.GaveUp})
	case p.Has(conversation.FlagUnverified) && d.Thread.Conversation.State != conversation.StateBot:
		d.note(d.set.Texts.UnverifiedNote)
	}
}

// identified takes in which organisations Zendesk found.
func (d *draft) identified(effect string, r conversation.Identity) {
	c := d.Thread.Conversation
	if c == nil {
		return
	}
	p := d.proc()
	awaited := d.awaited(effect)
	byUser := r.Ask.CNPJ == "" && r.Ask.Organization == 0
	if byUser {
		p.Nobody = r.User == 0
		if r.User != 0 {
			d.Thread.Contact.Zendesk = r.User
		}
		if r.Email != "" {
			p.Email, d.Thread.Contact.Email = r.Email, r.Email
		}
	}
	if r.Requester != 0 {
		p.Requester, p.RequesterName = r.Requester, r.RequesterName
	}
	switch {
	case c.State.Ended():
		d.identifiedLate(r.Organizations)
	case byUser && p.Nobody && d.set.Organizations.Unknown == settings.UnknownRefuse && d.refusable():
		d.refuseContact()
	case p.Organization != nil && r.Ask.Organization == 0 && r.Ask.CNPJ == "":
		d.because("identified already")
	case r.Ask.Organization != 0 && len(r.Organizations) == 1:
		d.organized(r.Organizations[0], awaited)
	case byUser && c.State == conversation.StateBot && p.Bot == nil && d.willScript():
		p.Offers = r.Organizations // the customer is greeted first
	case c.State == conversation.StateBot && p.Bot == nil && len(r.Organizations) != 1:
		p.Offers = r.Organizations // the bot has not begun yet
	case awaited && d.scripted():
		p.Offers = r.Organizations
		d.robot(bot.Input{Kind: bot.Identified, Organizations: r.Organizations})
	case len(r.Organizations) == 1:
		d.organized(r.Organizations[0], false)
	case len(r.Organizations) == 0:
		d.nobodysCompany(r.Ask)
	default:
		p.Offers = r.Organizations
		d.because("several organisations")
		d.confirmTicket()
	}
}

// identifiedLate takes an answer that comes after the end: nobody is told, but a ticket without organisation gets one.
func (d *draft) identifiedLate(found []conversation.Organization) {
	c := d.Thread.Conversation
	d.because("identified after the end")
	if c.State == conversation.StateCancelled || c.Procedure.Organization != nil || len(found) != 1 || c.Ticket.Status == "closed" {
		return
	}
	c.Procedure.Organization = &found[0]
	c.Procedure.Set(conversation.FlagUnverified, false)
	c.Procedure.Set(conversation.FlagNoOrganization, false)
	if c.Ticket.Organization == 0 {
		d.repairTicket()
	}
}

// unidentified goes on without an answer that never comes.
func (d *draft) unidentified(effect string) {
	if d.Thread.Conversation != nil && d.awaited(effect) {
		d.gaveUp()
	}
}

// nobodysCompany marks that no organisation was found.
func (d *draft) nobodysCompany(q conversation.Identify) {
	p := d.proc()
	p.Set(conversation.FlagUnverified, false)
	if p.Bot != nil && q.CNPJ == "" {
		d.typedCNPJ(strings.Join(append([]string{p.Bot.CNPJ}, p.Bot.Said...), "\n"))
		if d.Thread.Outbox.Has(conversation.EffectIdentify) {
			return
		}
	}
	if p.Has(conversation.FlagNoOrganization) && q.CNPJ == "" {
		return
	}
	p.Set(conversation.FlagNoOrganization, true)
	d.because("organisation not found")
	d.note(d.set.Texts.NoOrganizationNote)
}

// confirmTicket takes the organisation that Zendesk itself gave the ticket for the right one, among several of the contact.
func (d *draft) confirmTicket() {
	c := d.Thread.Conversation
	if c.State.Ended() {
		return
	}
	for _, o := range c.Procedure.Offers {
		if o.ID == c.Ticket.Organization && c.Procedure.Organization == nil && c.State != conversation.StateBot {
			d.organized(o, false)
			return
		}
	}
}

// organized takes an organisation for the customer's and judges its registration. An answer that is too old is asked for again.
func (d *draft) organized(o conversation.Organization, awaited bool) {
	p := d.proc()
	p.Organization = &o
	p.Set(conversation.FlagNoOrganization, false)
	p.Set(conversation.FlagNoCNPJ, false)
	if d.now.Sub(o.At) > d.set.Organizations.CheckAge {
		d.because("financial check is too old")
		p.Organization.Pending = conversation.PendingUnknown
		d.ask(conversation.Identify{Organization: o.ID})
		return
	}
	p.Set(conversation.FlagUnverified, false)
	p.Set(conversation.FlagPendingEmpty, o.Pending == conversation.PendingEmpty)
	d.because("organisation known")
	if o.Pending == conversation.PendingYes && p.Override == "" {
		d.pendingFound()
		return
	}
	p.Set(conversation.FlagPending, false)
	if o.Pending == conversation.PendingEmpty && d.Thread.Conversation.State != conversation.StateBot {
		d.note(d.set.Texts.PendingEmptyNote)
	}
	d.repairTicket()
	if d.scripted() && (awaited || p.Bot.Step == conversation.BotWaits) {
		d.robot(bot.Input{Kind: bot.Checked})
	}
}

// pendingFound refuses a conversation that nobody attends yet; people are told of any other.
func (d *draft) pendingFound() {
	c := d.Thread.Conversation
	if d.refusable() {
		d.refuse(conversation.EndFinancial, d.set.Says.Pending)
		return
	}
	c.Procedure.Set(conversation.FlagPending, true)
	d.because("financial pending while attended")
	d.repairTicket()
	d.note(fmt.Sprintf(d.set.Texts.PendingNote, c.Procedure.Organization.Name))
}

// refusable tells whether a conversation may be ended by itself: no person has said or ended anything in it.
func (d *draft) refusable() bool { return !d.Thread.Conversation.Attended && !d.stopped() }

// refuse ends a conversation before people attend it: the customer hears why.
func (d *draft) refuse(outcome, text string) {
	c := d.Thread.Conversation
	p := d.proc()
	if text = settings.Fill(text, d.values()); text != "" {
		d.announce(conversation.Send{Text: text, Insist: true})
	}
	p.Outcome, p.Silent = outcome, true
	d.because("refused: " + outcome)
	change := d.contextChange()
	change.Roles, change.Subject, change.Status = []string{string(settings.RoleFinancial)}, d.set.Subjects.Financial, statusSolved
	c.Closing = &change
	d.Thread.Outbox.Unhold()
	d.ensureTicket()
	d.move(Refused)
}

// refuseContact turns somebody away whom Zendesk does not know: nothing is written there.
func (d *draft) refuseContact() {
	c := d.Thread.Conversation
	d.automatic(d.set.Says.Refused)
	c.Procedure.Outcome, c.Procedure.Silent = conversation.EndRefused, true
	if c.Ticket.ID == 0 {
		d.Thread.Outbox.DropWrites()
		c.Transcribed = true
	}
	d.move(Refused)
}

// repairTicket lets the ticket belong to the organisation: at once while it is not made, else by an update.
func (d *draft) repairTicket() {
	c := d.Thread.Conversation
	p := d.proc()
	if !d.waitsForBot() {
		d.Thread.Outbox.Unhold()
	}
	if c.Ticket.ID == 0 || c.Ticket.Organization == p.Organization.ID {
		return
	}
	d.because("ticket gets its organisation")
	change := d.contextChange()
	change.Organization, change.Requester = p.Organization.ID, p.Requester
	if p.Requester != 0 {
		change.CC = p.Email
	}
	requester := p.RequesterName
	if p.Requester == 0 {
		requester = d.callName()
	}
	d.noteWith(fmt.Sprintf(d.set.Texts.Repaired, p.Organization.Name, requester), change)
	if p.Email == "" && p.Requester != 0 && !p.Has(conversation.FlagNoEmail) {
		p.Set(conversation.FlagNoEmail, true)
		d.note(d.set.Texts.NoEmailNote)
	}
}

// contextChange is the fields that tell the ticket what the conversation knows.
func (d *draft) contextChange() conversation.Change {
	return conversation.Change{Fields: d.Thread.Context(d.set.Name, d.set.Zone)}
}

// typedCNPJ asks for the company whose CNPJ the customer typed to people, while none is known.
func (d *draft) typedCNPJ(text string) {
	p := d.proc()
	if p.Organization != nil || !d.set.Organizations.Check || d.Thread.Outbox.Has(conversation.EffectIdentify) {
		return
	}
	found := brazil.FindCNPJ(text)
	if len(found) != 1 {
		return
	}
	d.because("customer told a cnpj")
	d.ask(conversation.Identify{CNPJ: found[0], Repair: true})
}
