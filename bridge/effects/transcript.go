package effects

import (
	"context"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/transcript"
	"github.com/ponte-desk/ponte/zendesk"
)

// transcript is the whole conversation as a comment, put together when it is written. One that is longer than a comment can be
// stands there shortened and goes along whole as a file.
func (p *Performer) transcript(ctx context.Context, j job, w *zendesk.CommentWrite) (*zendesk.CommentWrite, conversation.Result, bool) {
	c := j.Pending.Effect.Comment
	entries, err := p.entries(ctx, j, c.Transcript)
	if err != nil {
		r := p.later(j, err.Error(), 0)
		r.Outcome = keep(j, r.Outcome)
		return nil, r, false
	}
	whole := transcript.Conversation{
		Session: c.Transcript, Number: j.Settings.Name, Contact: j.Thread.Contact.Name, Phone: phone(j.Thread.Contact),
		Ticket: j.Thread.Conversation.Ticket.ID, Zone: j.Settings.Zone, Written: c.First, Public: c.Public, Mask: j.Settings.Mask.Text,
		Language: transcript.Language(j.Settings.Language), Entries: entries,
	}
	if o := j.Thread.Conversation.Procedure.Organization; o != nil {
		whole.Organisation = o.Name
	}
	return p.rendered(ctx, j, whole, w)
}

// rendered puts a transcript into a comment, and whole into a file beside it where it is too long.
func (p *Performer) rendered(ctx context.Context, j job, whole transcript.Conversation, w *zendesk.CommentWrite) (*zendesk.CommentWrite, conversation.Result, bool) {
	head := w.HTMLBody
	fragment, cut := transcript.HTMLFragment(whole, conversation.MostCommentBytes-len(head))
	if w.HTMLBody = head + fragment; !cut {
		return w, conversation.Result{}, true
	}
	up, err := p.Zendesk.Upload(ctx, whole.Session+".txt", "text/plain", strings.NewReader(transcript.Text(whole)), "")
	if err != nil {
		r := p.refused(ctx, j, err)
		r.Outcome, r.Code = keep(j, r.Outcome), ""
		return nil, r, false
	}
	w.Uploads = append(w.Uploads, up.Token)
	return w, conversation.Result{}, true
}

// phone is the contact's phone as people read it.
func phone(c conversation.Contact) string {
	if c.WaID == "" {
		return ""
	}
	return "+" + c.WaID
}
