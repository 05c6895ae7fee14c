package decide

import (
	"fmt"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// fetch asks for a file to be carried to a peer; its mailbox tells how that ended.
func (d *draft) fetch(f conversation.File, to conversation.Peer) {
	t := conversation.Transfer{Thread: d.Thread.Key(), To: to, File: f, Since: d.now}
	id := d.Thread.EffectID()
	t.Ask = conversation.CallbackData(t.Thread, id)
	d.Thread.Outbox.Add(conversation.Effect{ID: id, Kind: conversation.EffectTell, Tell: &conversation.Tell{
		Key:   conversation.MediaKey(f.ID),
		Event: conversation.Event{Kind: conversation.EventTransfer, ID: "t:" + t.Ask, At: d.now, Ask: &t},
	}}, conversation.Coalescing{}, d.now)
}

// arrived takes in how a transfer ended.
func (d *draft) arrived(r conversation.FileResult) {
	e := conversation.Entry{At: r.At, Type: "file", Message: r.File.ID, File: &r.File, Reason: r.Refusal}
	if r.To == conversation.PeerWhatsApp {
		d.uploaded(r)
		return
	}
	e.Author = conversation.AuthorCustomer
	if !r.File.Out { // whether it reached the customer is told elsewhere
		d.log(e)
	}
	c := d.Thread.Conversation
	if c == nil {
		d.because("file without conversation")
		return
	}
	if r.Refusal != "" {
		d.because("file refused")
		if r.File.Out {
			d.note(r.Refusal)
		} else {
			d.note(fmt.Sprintf(d.set.Texts.FileRefused, r.Refusal))
		}
	}
	if i := slices.Index(c.Fetching, r.File.ID); i >= 0 {
		c.Fetching = slices.Delete(c.Fetching, i, i+1)
		if r.Refusal == "" {
			c.Attached = append(c.Attached, conversation.Attached{File: r.File, Token: r.Token, At: r.At})
		}
		d.transcribe()
		return
	}
	if r.Refusal == "" {
		d.attach(conversation.Attached{File: r.File, Token: r.Token, At: r.At})
	}
}

// attach puts a customer's file on the ticket: with its message while that is not written, else in words of its own.
func (d *draft) attach(a conversation.Attached) {
	lane := d.Thread.Outbox.Ticket
	for i := range lane {
		if lane[i].Frozen || lane[i].Effect.Comment == nil {
			continue
		}
		lines := lane[i].Effect.Comment.Lines
		for j := range lines {
			if lines[j].MessageID == a.File.ID && lines[j].File == nil {
				lines[j].File = &a
				d.because("file goes with its message")
				return
			}
		}
	}
	d.because("file follows its message")
	line := conversation.Line{Text: fmt.Sprintf(d.set.Texts.FileFollows, a.File.Name), File: &a}
	author := conversation.AuthorCustomer
	if a.File.Out {
		author = authorOf(a.File.Agent)
	}
	d.commentOf(conversation.Comment{Author: author, Agent: a.File.Agent, Public: true}, line)
}

// uploaded lets the messages go that waited for their file, or gives them up.
func (d *draft) uploaded(r conversation.FileResult) {
	for i := range d.Thread.Outbox.Phone {
		p := &d.Thread.Outbox.Phone[i]
		f := p.Effect.Send.File
		if f == nil || f.ID != r.File.ID || f.Media != "" {
			continue
		}
		have := d.Thread.Delivery(p.Effect.ID, "")
		if r.Refusal != "" {
			d.because("file refused")
			d.notSent(*f)
			d.refusedFile(p.Effect, have, r.Refusal)
			return
		}
		f.Media, f.MIME, f.Name, f.Size, f.Kind = r.File.Media, r.File.MIME, r.File.Name, r.File.Size, r.File.Kind
		if have != nil && have.Send != nil {
			have.Send.File = f
		}
		if have != nil {
			d.atWhatsApp(*f, have.Entry())
		}
		if p.Held == conversation.HoldFile {
			p.Held = conversation.HoldNone
		}
		d.because("file is at whatsapp")
		return
	}
	d.because("file of a message that is gone")
}

// refusedFile gives a message up whose file WhatsApp can't carry; the words below it go out without it.
func (d *draft) refusedFile(e conversation.Effect, have *conversation.Delivery, why string) {
	d.Thread.Outbox.Take(e.ID)
	at := d.now
	if have != nil {
		have.Send = nil
		at = have.At
		d.merge(have, conversation.Status{State: conversation.DeliveryFailed, At: d.now, Reason: why})
	}
	if e.Send.Text == "" {
		return
	}
	s := conversation.Send{Text: e.Send.Text, Comment: e.Send.Comment, Agent: e.Send.Agent}
	origin := conversation.OriginTicket
	if s.Comment == 0 {
		origin = conversation.OriginApp
	}
	d.say(s, conversation.Entry{At: at, Author: conversation.AuthorAgent, Agent: s.Agent, Origin: origin})
}

// mostUploads is how often a customer's file is fetched whose upload the ticket then does not take.
const mostUploads = 3

// uploadsGone fetches the files of a comment anew whose uploads have expired, or all where none has, and lets the words go
// without them.
func (d *draft) uploadsGone(p conversation.Pending) {
	c := *p.Effect.Comment
	c.Lines = slices.Clone(c.Lines)
	old := func(l conversation.Line) bool {
		return l.File != nil && d.now.Sub(l.File.At) >= conversation.UploadLife
	}
	some := slices.ContainsFunc(c.Lines, old)
	for i, l := range c.Lines {
		if l.File == nil || some && !old(l) {
			continue
		}
		d.fetchAgain(l.File.File, !some)
		c.Lines[i].File = nil
	}
	d.because("uploads expired: fetched anew")
	p.Effect.ID, p.Effect.Comment = d.Thread.EffectID(), &c
	d.Thread.Outbox.Ticket = slices.Concat([]conversation.Pending{{Effect: p.Effect, Since: p.Since}}, d.Thread.Outbox.Ticket)
}

// fetchAgain fetches a file once more; one that was refused too often is given up.
func (d *draft) fetchAgain(f conversation.File, refused bool) {
	if refused {
		f.Tries++
	}
	if f.Tries >= mostUploads {
		why := "“" + f.Name + "” não foi aceito pelo Zendesk. Peça ao cliente que o envie de outra forma."
		if f.Out {
			d.note("“" + f.Name + "” foi enviado ao cliente, mas não foi aceito pelo Zendesk: não está neste ticket.")
			return
		}
		d.note(fmt.Sprintf(d.set.Texts.FileRefused, why))
		return
	}
	d.fetch(f, conversation.PeerZendesk)
}
