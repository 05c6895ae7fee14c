// Package transcript turns the log of a conversation into what people read and keep: text, HTML, CSV, JSON and PDF. It is pure;
// the same input gives the same bytes.
//
// Whatever a customer writes stays recognisable as a customer's words: no text can end its message, begin another one, or act as
// markup or as a formula.
package transcript

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Conversation is what a transcript is made of. Empty fields of the head are left out.
type Conversation struct {
	Session      string
	Number       string // the company's number, as people call it
	Contact      string // the customer's name, free text
	Phone        string // as it is to be shown
	Organisation string
	Ticket       int64
	// Zone is the operation's; nil is UTC.
	Zone     *time.Location
	Language Language
	// Written is when the transcript is made: it is shown, and dates the PDF. Zero: not shown, and the newest line dates the PDF.
	Written time.Time
	// Public leaves out what is not for the customer: internal notes, notices to the desk, changes of state, and the reasons for
	// which a message or a file did not arrive.
	Public bool
	// Mask changes each text, name and reason before it is shown, such as one that hides CPFs; nil changes nothing. Ids stay.
	Mask func(string) string
	// Only leaves out the messages for which it is false; nil leaves out none.
	Only    func(Message) bool
	Entries []conversation.Entry
}

// Language is what the transcript's own words are written in.
type Language string

// The languages. Any other value is Portuguese.
const (
	Portuguese Language = "pt-BR"
	English    Language = "en"
)

// zone is never nil.
func (c Conversation) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}
