package effects

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// send hands a text to WhatsApp, which has no idempotency: after an uncertain outcome it waits for a status that carries the
// effect's id. The decision that takes the status in settles the effect, unless the answer was still awaited then: so whoever
// comes here again looks first whether one was taken in.
func (p *Performer) send(ctx context.Context, j job) conversation.Result {
	words := j.Pending.Effect.Send
	repeat := j.Pending.Unsure
	if repeat {
		ready := j.Pending.SentAt.Add(j.Settings.StatusWait)
		switch known := j.Thread.Delivery(j.Pending.Effect.ID, ""); {
		case known != nil && known.State != conversation.DeliveryQueued:
			return conversation.Result{Outcome: conversation.Done, Reason: "confirmed by status"}
		case ready.After(p.Now()):
			return waiting(ready, "waiting for a status")
		case words.Automatic && !words.Insist:
			return conversation.Result{Outcome: conversation.Done, Reason: "automatic notice not repeated"}
		case j.Pending.Repeated:
			return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeNoAnswer, Reason: "sent twice, never confirmed"}
		}
	}
	at, err := p.Pace.Reserve(ctx, j.Key+"#"+j.Pending.Effect.ID, j.Thread.Number, j.Thread.Contact.ID, j.Settings.PerSecond)
	if err != nil || at.After(p.Now()) {
		return p.paced(j, at, err)
	}
	sent, err := j.Mark(ctx, repeat)
	if err != nil {
		return p.unmarked(j, err)
	}
	got, err := p.say(ctx, j)
	r := p.sent(ctx, j, sent, got, err)
	r.Repeated = repeat && (r.Outcome == conversation.Done || r.Outcome == conversation.Unsure)
	r.Outcome = keep(j, r.Outcome) // a repeat that was refused leaves the first sending unsure
	return r
}

// paced is the result of a message that WhatsApp's rates hold back.
func (p *Performer) paced(j job, until time.Time, err error) conversation.Result {
	r := conversation.Result{Outcome: conversation.Later, NotBefore: until, Free: true, Reason: "whatsapp's rate"}
	if err != nil {
		r = p.later(j, "pace: "+err.Error(), 0)
	}
	r.Outcome = keep(j, r.Outcome)
	return r
}

// say hands the message over in the form that it has.
func (p *Performer) say(ctx context.Context, j job) (whatsapp.Sent, error) {
	s := j.Pending.Effect.Send
	number, to, data := j.Thread.Number, recipient(j.Thread.Contact), conversation.CallbackData(j.Key, j.Pending.Effect.ID)
	peer := p.WhatsApp(number, j.Settings)
	switch {
	case s.Template != nil:
		return peer.SendTemplate(ctx, whatsapp.TemplateMessage{
			NumberID: number, To: to, CallbackData: data, Name: s.Template.Name, Language: s.Template.Language,
			HeaderText: s.Template.Header, Body: s.Template.Values, Names: s.Template.Names,
		})
	case s.File != nil:
		kind := s.File.Kind
		if s.Text != "" && !captioned(kind) { // it turned out to be another than it was said to be
			kind = whatsapp.TypeDocument
		}
		return peer.SendMedia(ctx, whatsapp.MediaMessage{
			NumberID: number, To: to, ReplyTo: s.ReplyTo, CallbackData: data, Kind: kind, MediaID: s.File.Media,
			Caption: s.Text, Filename: s.File.Name, Voice: s.File.Voice && kind == whatsapp.TypeAudio,
		})
	case s.Choices != nil:
		return peer.SendInteractive(ctx, interactive(whatsapp.InteractiveMessage{
			NumberID: number, To: to, ReplyTo: s.ReplyTo, CallbackData: data, Body: s.Text, Header: s.Choices.Header, Footer: s.Choices.Footer,
		}, *s.Choices))
	}
	return peer.SendText(ctx, whatsapp.TextMessage{NumberID: number, To: to, ReplyTo: s.ReplyTo, CallbackData: data, Body: s.Text})
}

// interactive puts the choices on buttons where they fit, else into a list.
func interactive(m whatsapp.InteractiveMessage, c conversation.Choices) whatsapp.InteractiveMessage {
	if c.Buttons() {
		m.Kind = whatsapp.AskButtons
		for _, o := range c.Options {
			m.Buttons = append(m.Buttons, whatsapp.Choice{ID: o.ID, Title: o.Title})
		}
		return m
	}
	m.Kind = whatsapp.AskList
	section := whatsapp.ListSection{}
	for _, o := range c.Options {
		section.Rows = append(section.Rows, whatsapp.ListRow{ID: o.ID, Title: o.Title, Description: o.Description})
	}
	button := c.Button
	if button == "" {
		button = "Ver opções"
	}
	m.List = &whatsapp.ChoiceList{Button: button, Sections: []whatsapp.ListSection{section}}
	return m
}

// recipient is exactly what WhatsApp last gave us for the contact.
func recipient(c conversation.Contact) string {
	if c.WaID != "" {
		return c.WaID
	}
	return c.UserID
}

func (p *Performer) sent(ctx context.Context, j job, at time.Time, got whatsapp.Sent, err error) conversation.Result {
	var uncertain *whatsapp.UncertainError
	var refused *whatsapp.APIError
	switch {
	case err == nil:
		return conversation.Result{Outcome: conversation.Done, Sent: &conversation.Sent{
			MessageID: got.ID, WaID: got.WaID, Parked: p.parked(ctx, got.ID),
		}}
	case errors.As(err, &uncertain):
		return conversation.Result{
			Outcome: conversation.Unsure, SentAt: at, NotBefore: p.Now().Add(j.Settings.StatusWait), Reason: "whatsapp: uncertain",
		}
	case errors.As(err, &refused):
		return p.sendRefused(ctx, j, refused)
	}
	return conversation.Result{
		Outcome: conversation.Failed, Reason: "refused before sending", Advice: whatsapp.ClassOurBug.Advice(),
	}
}

func (p *Performer) sendRefused(ctx context.Context, j job, e *whatsapp.APIError) conversation.Result {
	v := e.Verdict()
	if v.Loud {
		p.Logger.ErrorContext(ctx, "whatsapp refuses the number", "code", e.Code, "status", e.HTTPStatus, "class", string(e.Class))
	}
	switch {
	case e.Class == whatsapp.ClassNeedsTemplate:
		return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeWindow, Reason: e.Error(), Advice: v.Advice}
	case e.Class == whatsapp.ClassThrottledNumber:
		wait := max(e.RetryAfter, backoff(j.Pending.Attempts))
		if err := p.Pace.Pause(ctx, j.Thread.Number, wait); err != nil {
			p.Logger.WarnContext(ctx, "number not paused", "error", err)
		}
		return p.later(j, e.Error(), wait)
	case e.Code == whatsapp.CodePairRate:
		return p.later(j, e.Error(), whatsapp.PairBackoff(j.Pending.Attempts))
	case v.Retry:
		return p.later(j, e.Error(), e.RetryAfter)
	case v.Scope == whatsapp.ScopeLane: // somebody has to act; the words wait
		return p.later(j, e.Error(), backoffHelp)
	}
	return conversation.Result{Outcome: conversation.Failed, Reason: e.Error(), Advice: v.Advice}
}

// parked is the statuses that came before their message's id was known.
func (p *Performer) parked(ctx context.Context, messageID string) []conversation.Status {
	raw, err := p.Parking.Unpark(ctx, messageID)
	if err != nil {
		p.Logger.WarnContext(ctx, "parked statuses not read", "error", err)
		return nil
	}
	var list []conversation.Status
	for _, r := range raw {
		var s conversation.Status
		if json.Unmarshal(r, &s) == nil {
			list = append(list, s)
		}
	}
	return list
}
