package decide

import (
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/bot"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// The bot's place in the procedure.

// begins is the trigger by which a customer's words begin a conversation.
func (d *draft) begins() Trigger {
	if d.set.Bot.Kind == settings.BotOwn && !d.Thread.Muted {
		return BotGreets
	}
	return CustomerWrites
}

// scripted tells whether the bot talks with the customer.
func (d *draft) scripted() bool {
	c := d.Thread.Conversation
	return c != nil && c.State == conversation.StateBot && c.Procedure.Bot != nil
}

// numbered takes in the attendance number.
func (d *draft) numbered(number string) {
	c := d.Thread.Conversation
	if c == nil || c.Procedure.Number != "" {
		return
	}
	c.Procedure.Number = number
	d.script()
}

// willScript tells whether the bot is about to begin: it only waits for the attendance number.
func (d *draft) willScript() bool {
	return d.proc().Number == "" && d.Thread.Outbox.Has(conversation.EffectNumber) && d.set.Calendar().Open(d.now)
}

// script lets the bot begin, once the number is known that it tells and people would be there to take over.
func (d *draft) script() {
	c := d.Thread.Conversation
	p := d.proc()
	if c.State != conversation.StateBot || p.Bot != nil || p.Number == "" || !d.set.Calendar().Open(d.now) {
		return
	}
	p.Bot = &conversation.BotMemory{}
	first := p.First
	p.First = ""
	d.robot(bot.Input{Kind: bot.Opened, Text: first})
	switch {
	case !d.scripted() || p.Bot.Step != conversation.BotWaits:
	case p.Organization != nil:
		d.robot(bot.Input{Kind: bot.Identified, Organizations: []conversation.Organization{*p.Organization}})
	case d.Thread.Outbox.Has(conversation.EffectIdentify):
	default: // Zendesk has told already, or is not asked
		d.robot(bot.Input{Kind: bot.Identified, Organizations: p.Offers})
	}
}

// goOn lets a bot that waits for Zendesk not wait for ever: for another answer when somebody asked in between, else for none.
func (d *draft) goOn() {
	if !d.scripted() || d.proc().Bot.Step != conversation.BotWaits || d.proc().Awaits != "" {
		return
	}
	p := d.proc()
	for _, waiting := range slices.Backward(d.Thread.Outbox.Ticket) {
		if kind := waiting.Effect.Kind; kind == conversation.EffectIdentify || kind == conversation.EffectFind {
			d.await(waiting.Effect.ID)
			return
		}
	}
	switch next := p.Bot.Next; {
	case p.Organization != nil && (next == conversation.BotStart || next == conversation.BotCNPJ):
		d.robot(bot.Input{Kind: bot.Identified, Organizations: []conversation.Organization{*p.Organization}})
	case p.Organization != nil && next == conversation.BotChoose:
		d.robot(bot.Input{Kind: bot.Checked})
	default:
		d.robot(bot.Input{Kind: bot.GaveUp})
	}
}

// heard lets the bot answer what the customer wrote.
func (d *draft) heard(m conversation.Message) {
	if d.Thread.Conversation.State != conversation.StateBot {
		return
	}
	if !d.scripted() {
		d.proc().First = cut(strings.TrimSpace(d.proc().First+"\n"+m.Text), mostFirst)
		d.script() // the day may have begun since
		return
	}
	d.robot(bot.Input{Kind: bot.Said, Text: m.Text, Choice: m.Choice})
}

// mostFirst is how much of a message the bot is told that came before it could begin, in bytes.
const mostFirst = 600

// world is what the bot knows besides its memory.
func (d *draft) world() bot.World {
	return bot.World{Settings: d.set, Now: d.now, Contact: d.Thread.Contact, Procedure: *d.proc()}
}

// robot takes one step of the script and does what it asks for.
func (d *draft) robot(in bot.Input) {
	p := d.proc()
	out := bot.Step(d.world(), in)
	p.Bot = &out.Memory
	for _, s := range out.Say {
		d.announce(s)
	}
	for _, r := range out.Reasons {
		d.because("bot: " + r)
	}
	for _, f := range out.Flags {
		p.Set(f, true)
	}
	for _, f := range []struct {
		to   *string
		from string
	}{{&p.Email, out.Email}, {&p.Queue, out.Queue}, {&p.Category, out.Category}, {&p.Subject, out.Subject}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if out.Email != "" {
		d.Thread.Contact.Email = out.Email
	}
	if d.knownEnough() {
		d.Thread.Outbox.Unhold()
	}
	if len(out.Offers) > 0 {
		p.Offers = out.Offers
	}
	switch {
	case out.HandOver:
		d.handOver()
	case out.Satisfied:
		d.satisfied()
	case out.Choose != nil:
		p.Offers = nil
		d.organized(*out.Choose, true)
	case out.Identify != "":
		d.ask(conversation.Identify{CNPJ: out.Identify, Repair: true})
	case out.Position != 0:
		d.await(d.add(conversation.Effect{Kind: conversation.EffectFind, Hint: &conversation.Hint{Ticket: out.Position}}))
	}
}

// found takes in where a ticket stands.
func (d *draft) found(effect string, at conversation.Position) {
	c := d.Thread.Conversation
	if c == nil || c.State.Ended() {
		d.because("position comes too late")
		return
	}
	d.awaited(effect)
	at.Found = at.Found && d.ours(at.Organization)
	if m := c.Procedure.Bot; d.scripted() && m.Step == conversation.BotWaits && m.Next == conversation.BotPosition && m.Ticket == at.Ticket {
		d.robot(bot.Input{Kind: bot.Found, Position: at})
		if d.scripted() { // else the end of the script writes that
			d.aboutPosition(at)
		}
		return
	}
	d.positioned(at)
}

// satisfied ends a conversation in which the bot could answer everything.
func (d *draft) satisfied() {
	c := d.Thread.Conversation
	change := d.contextChange()
	change.Status, change.Subject, change.Tags = statusSolved, c.Procedure.Subject, []string{"whatsapp_bot"}
	c.Closing = &change
	c.Procedure.Outcome = conversation.EndClosed
	d.ensureTicket()
	d.moveBecause(AgentCloses, "the bot answered everything")
}

// ours tells whether an organisation is the customer's.
func (d *draft) ours(organization int64) bool {
	p := d.proc()
	return organization != 0 && p.Organization != nil && p.Organization.ID == organization
}

// handOver gives the conversation to people, with a summary.
func (d *draft) handOver() {
	p := d.proc()
	p.Derived = d.now
	d.Thread.Outbox.Unhold()
	d.move(HandsOver)
	change := d.contextChange()
	if p.Subject != "" {
		change.Subject = p.Subject
	}
	if p.Queue != d.set.Desk.Queue {
		change.Group = p.Queue
	}
	d.noteWith(bot.Summary(d.world()), change)
}

// automaticWith is automatic with values for the text's variables; nil when they are filled in.
func (d *draft) automaticWith(text string, values map[string]string) {
	if values != nil {
		text = settings.Fill(text, values)
	}
	if text != "" {
		d.announce(conversation.Send{Text: text, Automatic: true})
	}
}

// automatic says something by itself: within the window only, and nothing where there is no text.
func (d *draft) automatic(text string) {
	d.automaticWith(text, d.values())
}

func (d *draft) announce(s conversation.Send) {
	if !d.open() || d.stopped() || d.Thread.Muted {
		d.because("automatic words left out")
		return
	}
	s.Automatic = true
	d.say(s, conversation.Entry{At: d.now, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic})
}

// values is what the variables of texts stand for.
func (d *draft) values() map[string]string { return d.Thread.Values() }
