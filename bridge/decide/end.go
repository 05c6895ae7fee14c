package decide

import (
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
	d.Keeps = append(d.Keeps, Keep{Session: c.Session, For: d.set.Keep.Transcripts})
	if d.set.Mode != modeTranscript && d.set.Transcript.AtEnd == settings.TranscriptNone {
		return
	}
	d.fetchFiles()
	d.transcribe()
}

// resumed undoes what the end brought.
func (d *draft) resumed() {
	c := d.Thread.Conversation
	if c.Ended.IsZero() {
		return
	}
	c.Ended, c.Transcribed = time.Time{}, false
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
		Author: conversation.AuthorPonte, Public: d.set.Transcript.AtEnd == settings.TranscriptPublic,
		Transcript: c.Session, First: d.now, Last: d.now.Add(-d.set.Quiet),
	}
	for _, a := range c.Attached {
		comment.Lines = append(comment.Lines, conversation.Line{File: &a})
	}
	c.Attached = nil
	d.because("transcript goes onto the ticket")
	d.write(comment)
}

// fetchFiles asks for the files that were left until now.
func (d *draft) fetchFiles() {
	c := d.Thread.Conversation
	for _, f := range c.Files {
		d.fetch(f, conversation.PeerZendesk)
		c.Fetching = append(c.Fetching, f.ID)
	}
	c.Files, c.FilesSince = nil, time.Time{}
}

// Deadline is when a thread has something to do though nothing happens; zero when never.
func Deadline(t conversation.Thread) time.Time {
	if c := t.Conversation; c != nil && len(c.Files) > 0 {
		return c.FilesSince.Add(conversation.MediaLife)
	}
	return time.Time{}
}

// Due decides what the time itself brings.
func Due(t conversation.Thread, set settings.Number, now time.Time) Decision {
	at := Deadline(t)
	if at.IsZero() || now.Before(at) {
		return Decision{Thread: t}
	}
	d := &draft{Decision: Decision{Thread: t.Clone()}, set: set, now: now}
	d.because("files fetched before whatsapp forgets them")
	c := d.Thread.Conversation
	d.fetchFiles()
	c.Fetching = nil // the conversation goes on: they go onto the ticket as they come
	return d.Decision
}
