package decide

import (
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// afterHours tells a customer whom nobody attends that nobody is there, once in each time that it is closed.
func (d *draft) afterHours() {
	hours := d.set.Calendar()
	c := d.Thread.Conversation
	live := c.Attended || c.State != conversation.StateBot && c.State != conversation.StateQueued
	if live || hours.Open(d.now) {
		return
	}
	if period := hours.Period(d.now); c.Procedure.Hours != period {
		c.Procedure.Hours = period
		d.because("after hours")
		d.automatic(d.set.Says.AfterHours)
	}
}

// waitsForBot tells whether the ticket is not made yet: the bot may find out whose it is, or that there is none to be made.
func (d *draft) waitsForBot() bool {
	c := d.Thread.Conversation
	return c.State == conversation.StateBot && c.Ticket.ID == 0 && !d.knownEnough() &&
		d.set.Attendance == settings.AttendanceDaily && d.set.Calendar().Open(d.now)
}

// knownEnough tells whether it is known whose the ticket is, and where its copies go. Where messages are not mirrored the ticket is
// made at the hand-over all the same, with the summary: that saves an update.
func (d *draft) knownEnough() bool {
	p := d.proc()
	return d.set.Mode != modeTranscript && p.Organization != nil && (p.Requester == 0 || p.Email != "" || p.Has(conversation.FlagNoEmail) || !d.set.Bot.AskEmail)
}
