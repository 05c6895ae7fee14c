package effects

import (
	"context"
	"errors"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// register remembers that the contact has a thread on the number, and by which ids it goes.
func (p *Performer) register(ctx context.Context, j job) conversation.Result {
	if err := p.Contacts.Register(ctx, j.Thread.Contact.ID, j.Thread.Number, j.Thread.Contact.Person()); err != nil {
		return p.later(j, "register: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// adopt lets the ids of a contact that moved here name this one, after its threads on other numbers have heard of it.
func (p *Performer) adopt(ctx context.Context, j job) conversation.Result {
	from, to := j.Pending.Effect.From, j.Thread.Contact.ID
	numbers, err := p.Contacts.Numbers(ctx, from)
	if err != nil {
		return p.later(j, "adopt: "+err.Error(), 0)
	}
	for _, number := range numbers {
		if number == j.Thread.Number {
			continue
		}
		err := p.Deliver(ctx, conversation.Key(number, from), conversation.Event{
			Kind: conversation.EventMerge, ID: "mg:" + from + ":" + to, At: p.Now(), Merge: &conversation.Merge{With: to},
		})
		if err != nil {
			return p.later(j, "append: "+err.Error(), 0)
		}
	}
	if err := p.Contacts.Adopt(ctx, from, to); err != nil {
		return p.later(j, "adopt: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// identity adds a phone to the contact's Zendesk user. One that is somebody's already stays so.
func (p *Performer) identity(ctx context.Context, j job) conversation.Result {
	if r, ok := p.reserved(ctx, j, zendesk.LaneMirror, zendesk.Cost{Requests: 1, UserWrite: true}); !ok {
		return r
	}
	_, err := p.Zendesk.AddIdentity(ctx, j.Thread.Contact.Zendesk, zendesk.IdentityCreate{
		Type: zendesk.IdentityPhone, Value: "+" + j.Pending.Effect.Phone, Verified: true, SkipVerifyEmail: true,
	})
	if err != nil && zendesk.KindOf(err) != zendesk.KindInvalid {
		r := p.refused(ctx, j, err)
		r.Code = ""
		return r
	}
	return conversation.Result{Outcome: conversation.Done}
}

// erase removes what names the contact: transcripts, ids, rows of reports, and the entry in WhatsApp's contact book.
func (p *Performer) erase(ctx context.Context, j job) conversation.Result {
	e := j.Pending.Effect
	for _, session := range e.Lists {
		key, ok := conversation.ThreadOfSession(session)
		if !ok {
			continue
		}
		if err := p.Mailboxes.DropTranscript(ctx, key, session); err != nil {
			return p.later(j, "drop a transcript: "+err.Error(), 0)
		}
	}
	// Ids that were claimed before contacts had a list of them are to be forgotten as well.
	known := conversation.Contact{UserID: e.From, WaID: e.Phone}
	if err := p.Contacts.Register(ctx, j.Thread.Contact.ID, j.Thread.Number, known.Person()); err != nil {
		return p.later(j, "register: "+err.Error(), 0)
	}
	if err := p.Contacts.Forget(ctx, j.Thread.Contact.ID); err != nil {
		return p.later(j, "forget: "+err.Error(), 0)
	}
	if err := p.forgetRows(ctx, j.Thread.Contact.ID, e.Lists); err != nil {
		return p.later(j, "forget rows: "+err.Error(), 0)
	}
	if e.From == "" {
		return conversation.Result{Outcome: conversation.Done}
	}
	err := p.WhatsApp(j.Thread.Number, j.Settings).ForgetContact(ctx, j.Thread.Number, e.From)
	if refused, ok := errors.AsType[*whatsapp.APIError](err); ok && !refused.Verdict().Retry {
		p.Logger.WarnContext(ctx, "whatsapp does not erase a contact", "code", refused.Code, "status", refused.HTTPStatus)
		return conversation.Result{Outcome: conversation.Done, Reason: refused.Error()}
	}
	if err != nil && !errors.Is(err, whatsapp.ErrInvalid) {
		return p.later(j, "whatsapp: "+err.Error(), 0)
	}
	return conversation.Result{Outcome: conversation.Done}
}

// read shows the customer that a message was read. It is a courtesy: nothing is repeated.
func (p *Performer) read(ctx context.Context, j job) conversation.Result {
	r := *j.Pending.Effect.Read
	if err := p.WhatsApp(j.Thread.Number, j.Settings).MarkRead(ctx, j.Thread.Number, r.MessageID, r.Typing); err != nil {
		return conversation.Result{Outcome: conversation.Done, Reason: "whatsapp: " + err.Error()}
	}
	return conversation.Result{Outcome: conversation.Done}
}
