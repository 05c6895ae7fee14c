package decide

import (
	"cmp"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

const modeTranscript = settings.ModeTranscript

// Keep says how long a conversation's transcript is kept from now on.
type Keep struct {
	Session string
	For     time.Duration // 0 = for good
	Remove  bool          // now
}

// ended is what a conversation's end brings: its transcript goes onto the ticket where settings say so, and is kept here for
// a while only.
func (d *draft) ended() {
	c := d.Thread.Conversation
	c.Ended = d.now
	c.Procedure.Awaits, c.Procedure.Patience = "", time.Time{}
	d.Keeps = append(d.Keeps, Keep{Session: c.Session, For: d.set.Keep.Transcripts})
	if c.State == conversation.StateExpired { // the ticket stays as it is until somebody judges
		return
	}
	d.Thread.Outbox.Unhold()
	if c.State == conversation.StateClosed && c.Procedure.Outcome == "" {
		c.Procedure.Outcome = conversation.EndClosed
	}
	if c.State == conversation.StateClosed && !c.Procedure.Silent {
		d.automatic(d.set.Says.Closing)
		d.survey()
	}
	if c.Transcribed || d.set.Mode != modeTranscript && d.set.Transcript.AtEnd == settings.TranscriptNone && c.ShownAs == "" {
		d.closing()
		return
	}
	d.fetchFiles()
	d.transcribe()
}

// closing changes the ticket as the end wants it, where no transcript does so.
func (d *draft) closing() {
	c := d.Thread.Conversation
	if c.Closing == nil {
		return
	}
	change := *c.Closing
	c.Closing = nil
	if c.Ticket.ID == 0 {
		d.ensureTicket()
	}
	d.update(change, true)
}

// resumed undoes what the end brought.
func (d *draft) resumed() {
	c := d.Thread.Conversation
	if c.Ended.IsZero() {
		return
	}
	c.Ended, c.Transcribed, c.Closing = time.Time{}, false, nil
	c.Procedure.Outcome, c.Procedure.Silent, c.ShownAs, c.Survey = "", false, "", nil
	if c.Audited != nil {
		c.Audited.Done, c.Audited.Again, c.Audited.Looked = false, false, time.Time{}
	}
	d.Keeps = append(d.Keeps, Keep{Session: c.Session})
}

// transcribe writes the transcript on the ticket once the conversation has ended and all its files are there.
func (d *draft) transcribe() {
	c := d.Thread.Conversation
	if c.Ended.IsZero() || c.Transcribed || len(c.Fetching) > 0 {
		return
	}
	c.Transcribed = true
	comment := conversation.Comment{
		Author: conversation.AuthorPonte, Public: cmp.Or(c.ShownAs, string(d.set.Transcript.AtEnd)) == shownPublic,
		Transcript: c.Session, First: d.now, Last: d.now.Add(-d.set.Quiet),
	}
	for _, a := range c.Attached {
		comment.Lines = append(comment.Lines, conversation.Line{File: &a})
	}
	c.Attached = nil
	d.because("transcript goes onto the ticket")
	if c.Closing != nil { // a macro wants the ticket to be there
		d.ensureTicket()
	}
	d.writeWith(comment, c.Closing)
	d.Thread.Outbox.Hurry(d.now)
	c.Closing = nil
}

// fetchFiles asks for the files that were left until now.
func (d *draft) fetchFiles() {
	c := d.Thread.Conversation
	d.staleUploads()
	for _, f := range c.Files {
		d.fetch(f, conversation.PeerZendesk)
		c.Fetching = append(c.Fetching, f.ID)
	}
	c.Files, c.FilesSince = nil, time.Time{}
}
