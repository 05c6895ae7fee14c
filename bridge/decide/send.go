package decide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// say puts a message for the customer on its way and follows it. Free words outside the window are kept, a file's message
// waits for its file; it tells the effect and whether the words are kept.
func (d *draft) say(s conversation.Send, e conversation.Entry) (effect string, state conversation.DeliveryState) {
	effect = d.add(conversation.Effect{Kind: conversation.EffectSend, Send: &s})
	state = conversation.DeliveryQueued
	p := d.Thread.Outbox.Find(effect)
	p.NotBefore = d.behindFiles(effect)
	if s.File != nil && s.File.Media == "" {
		p.Held = conversation.HoldFile
		d.fetch(*s.File, conversation.PeerWhatsApp)
	}
	first := false
	if s.Free() && !d.open() {
		first = !d.keeping()
		d.Thread.Outbox.Find(effect).Held = conversation.HoldWindow
		state = conversation.DeliveryKept
	}
	delivery := conversation.Delivery{Effect: effect, Comment: s.Comment, State: state, At: e.At}
	if s.Free() {
		delivery.Send = &s
	}
	d.Thread.Follow(delivery)
	e.Effect, e.Delivery, e.Text, e.File, e.Comment, e.Re = effect, state, s.Text, s.File, s.Comment, s.ReplyTo
	if e.Type == "" {
		e.Type = typeOf(s)
	}
	d.log(e)
	if first {
		d.kept(d.Thread.Delivery(effect, ""))
	}
	return effect, state
}

// fileGrace is how long a message waits behind an earlier one whose file is on its way, so that the usual small file keeps its
// place: no text may wait for a file for more than a second.
const fileGrace = 700 * time.Millisecond

// behindFiles is when a message may overtake the files that are on their way before it.
func (d *draft) behindFiles(effect string) time.Time {
	var at time.Time
	for _, p := range d.Thread.Outbox.Phone {
		if until := p.Since.Add(fileGrace); p.Effect.ID != effect && p.Held == conversation.HoldFile && until.After(d.now) && until.After(at) {
			at = until
		}
	}
	return at
}

// typeOf is the message's type as WhatsApp calls it.
func typeOf(s conversation.Send) string {
	switch {
	case s.Template != nil:
		return "template"
	case s.File != nil:
		return s.File.Kind
	case s.Choices != nil:
		return "interactive"
	}
	return "text"
}

// open tells whether WhatsApp takes free words now.
func (d *draft) open() bool { return d.Thread.WindowOpen(d.now, d.set.Window.Margin) }

// keeping tells whether words wait for the customer already.
func (d *draft) keeping() bool {
	for _, p := range d.Thread.Outbox.Phone {
		if p.Held == conversation.HoldWindow {
			return true
		}
	}
	return false
}

// kept tells the agent, once for all words that wait together, and invites the customer to write.
func (d *draft) kept(have *conversation.Delivery) {
	d.because("kept: window closed")
	text := fmt.Sprintf(d.set.Texts.Kept, d.clock(have))
	invite := d.set.Window.Invite
	switch {
	case invite == nil:
		text += " " + d.set.Texts.NotInvited
	case d.Thread.Invited.IsZero():
		d.Thread.Invited = d.now
		values := make([]string, len(invite.Values))
		for i, v := range invite.Values {
			values[i] = strings.ReplaceAll(v, "{{contato.nome}}", d.callName())
		}
		s := conversation.Send{
			Text: preview(invite.Preview, values), Automatic: true,
			Template: &conversation.Template{Name: invite.Template, Language: invite.Language, Values: values},
		}
		text += " " + fmt.Sprintf(d.set.Texts.Invited, s.Text)
		d.say(s, conversation.Entry{
			At: d.now, Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Template: invite.Template,
		})
	}
	d.note(text)
}

// callName is what the customer is called in a template, whose variables may not be empty.
func (d *draft) callName() string {
	if name := d.Thread.Contact.Name; name != "" {
		return name
	}
	return "cliente"
}

// preview fills a template's text in.
func preview(text string, values []string) string {
	for i, v := range values {
		text = strings.ReplaceAll(text, "{{"+strconv.Itoa(i+1)+"}}", v)
	}
	return text
}

// wrote opens the window by what the customer did, and lets go what waited for that.
func (d *draft) wrote(m conversation.Message) {
	t := &d.Thread
	at := m.Sent
	if at.IsZero() || at.After(d.now) {
		at = d.now
	}
	if at.After(t.LastInbound) {
		t.LastInbound = at
	}
	if !d.now.Before(at.Add(conversation.ServiceWindow)) {
		return // it comes days late
	}
	t.WindowShut, t.Invited = false, time.Time{}
	d.release()
}

// release lets the words go that waited for the customer, in their order.
func (d *draft) release() {
	if !d.open() || d.stopped() {
		return
	}
	for _, p := range d.Thread.Outbox.Release(conversation.HoldWindow) {
		if have := d.Thread.Delivery(p.Effect.ID, ""); have != nil {
			have.State = conversation.DeliveryQueued
			d.log(conversation.Entry{Effect: have.Entry(), Delivery: have.State, Reason: "window opened"})
		}
		if f := p.Effect.Send.File; f != nil && f.Media == "" {
			d.Thread.Outbox.Find(p.Effect.ID).Held = conversation.HoldFile
		}
		d.because("window opened: kept words go out")
	}
}

// shut believes WhatsApp that the window is closed: what has not gone is kept.
func (d *draft) shut() {
	d.Thread.WindowShut = true
	d.dropAutomatic()
	for i := range d.Thread.Outbox.Phone {
		p := &d.Thread.Outbox.Phone[i]
		if p.Running || p.Unsure || !p.Effect.Send.Free() || p.Held == conversation.HoldWindow {
			continue
		}
		p.Held = conversation.HoldWindow
		if have := d.Thread.Delivery(p.Effect.ID, ""); have != nil {
			have.State = conversation.DeliveryKept
			d.log(conversation.Entry{Effect: have.Entry(), Delivery: have.State, Reason: "window closed"})
		}
	}
}

// dropAutomatic takes back what nobody wrote: by the time that the window opens again it tells nothing any more.
func (d *draft) dropAutomatic() {
	d.Thread.Outbox.Phone = slices.DeleteFunc(d.Thread.Outbox.Phone, func(p conversation.Pending) bool {
		drop := p.Effect.Send.Automatic && p.Effect.Send.Free() && !p.Running && !p.Unsure
		if drop {
			d.drop(d.Thread.Delivery(p.Effect.ID, ""))
		}
		return drop
	})
}

// drop gives up automatic words that WhatsApp does not take, without a word to the agent.
func (d *draft) drop(have *conversation.Delivery) {
	d.because("automatic words left out: window closed")
	if have == nil {
		return
	}
	have.State, have.Send = conversation.DeliveryFailed, nil
	d.log(conversation.Entry{Effect: have.Entry(), Delivery: have.State, Reason: "window closed"})
}

// keep takes words back that WhatsApp refused because the window is closed: they go out, under a new effect id and in their
// old place, when the customer writes.
func (d *draft) keep(have *conversation.Delivery, s conversation.Send) {
	first := !d.keeping()
	d.shut()
	if s.Automatic {
		d.drop(have)
		return
	}
	id := d.Thread.EffectID()
	have.Line = have.Entry()
	have.Effect, have.MessageID, have.State, have.Send = id, "", conversation.DeliveryKept, &s
	p := conversation.Pending{
		Effect: conversation.Effect{ID: id, Kind: conversation.EffectSend, Send: &s}, Held: conversation.HoldWindow, Since: d.now,
	}
	place := map[string]int{}
	for i, known := range d.Thread.Deliveries {
		place[known.Effect] = i
	}
	at := len(d.Thread.Outbox.Phone)
	for i, waiting := range d.Thread.Outbox.Phone {
		if where, ok := place[waiting.Effect.ID]; ok && where > place[id] {
			at = i
			break
		}
	}
	d.Thread.Outbox.Phone = append(d.Thread.Outbox.Phone[:at:at], append([]conversation.Pending{p}, d.Thread.Outbox.Phone[at:]...)...)
	d.log(conversation.Entry{Effect: have.Entry(), Delivery: conversation.DeliveryKept, Reason: "window closed"})
	if first {
		d.kept(d.Thread.Delivery(id, ""))
	}
}

// stopped tells whether nothing goes to the customer.
func (d *draft) stopped() bool {
	c := d.Thread.Conversation
	return c != nil && c.State == conversation.StateStopped
}
