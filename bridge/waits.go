package bridge

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Views of threads by what waits in them, scored by since when.
const (
	WaitPrefix = "wait:"
	WaitTicket = WaitPrefix + "ticket" // for Zendesk
	WaitPhone  = WaitPrefix + "phone"  // for WhatsApp
	WaitWindow = WaitPrefix + "window" // for the customer to write
	WaitFile   = WaitPrefix + "file"   // for a file to be at WhatsApp
)

// Waits lists the views of what waits.
func Waits() []string { return []string{WaitTicket, WaitPhone, WaitWindow, WaitFile} }

// waitsOf tells since when what waits in an outbox.
func waitsOf(o conversation.Outbox) map[string]time.Time {
	var waits map[string]time.Time
	note := func(name string, p conversation.Pending) {
		if waits == nil {
			waits = map[string]time.Time{}
		}
		if since, ok := waits[name]; !ok || p.Since.Before(since) {
			waits[name] = p.Since
		}
	}
	for _, p := range o.Ticket {
		if p.Held == conversation.HoldNone {
			note(WaitTicket, p)
		}
	}
	for _, p := range o.Phone {
		switch p.Held {
		case conversation.HoldNone:
			note(WaitPhone, p)
		case conversation.HoldWindow:
			note(WaitWindow, p)
		case conversation.HoldFile:
			note(WaitFile, p)
		case conversation.HoldBot: // nothing of this lane is
		}
	}
	return waits
}
