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
		case words.Automatic:
			return conversation.Result{Outcome: conversation.Done, Reason: "automatic notice not repeated"}
		case j.Pending.Repeated:
			return conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeNoAnswer, Reason: "sent twice, never confirmed"}
		}
	}
	sent, err := j.Mark(ctx, repeat)
	if err != nil {
		return p.unmarked(j, err)
	}
	got, err := p.WhatsApp.SendText(ctx, whatsapp.TextMessage{
		NumberID: j.Thread.Number, To: recipient(j.Thread.Contact), Body: words.Text,
		CallbackData: conversation.CallbackData(j.Key, j.Pending.Effect.ID),
	})
	r := p.sent(ctx, j, sent, got, err)
	r.Repeated = repeat && (r.Outcome == conversation.Done || r.Outcome == conversation.Unsure)
	r.Outcome = keep(j, r.Outcome) // a repeat that was refused leaves the first sending unsure
	return r
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
