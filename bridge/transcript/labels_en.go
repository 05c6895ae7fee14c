package transcript

import (
	"fmt"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func english() labels {
	return labels{
		title: "WhatsApp conversation", session: "Session", ticket: "Ticket", number: "Number", contact: "Customer", phone: "Phone",
		organisation: "Organization", period: "Period", zone: "Time zone", written: "Written on",
		date: func(weekday, month string, day, year int) string {
			return fmt.Sprintf("%s, %s %d, %d", weekday, month, day, year)
		},
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{
			"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
		},
		shortDate: "2006-01-02", clockChanged: "the clocks changed: %s",
		customer: "Customer", agent: "Agent", ponte: "Ponte", unknown: "Unknown author",
		note: "internal note", notice: "internal notice", situation: "Status", before: "before: %s",
		answers: "in reply to %s: “%s”", answersWhat: "(%s)", answersLost: "in reply to a message that is not in this conversation",
		aboutLost: "about a message that is not in this conversation", loneReaction: "(reacted with %s)", loneNoReaction: "(took the reaction back)",
		loneEdit: "(edited: %s)", loneRevoke: "(deleted a message)",
		attachment: "attachment: %s", refused: "attachment that did not arrive: %s (%s)", refusedPlain: "attachment that did not arrive: %s",
		template: "template: %s", edited: "edited %s", revoked: map[conversation.Author]string{
			conversation.AuthorCustomer: "deleted by the customer %s", conversation.AuthorAgent: "deleted by the agent %s", "": "deleted %s",
		},
		reaction: "reaction: %s %s, %s", until: " (until %s)", at: "at %s", on: "on %s at %s",
		empty: "(no text: %s)", cut: "[… %d lines in the attached file …]", cutOne: "[… 1 line in the attached file …]",
		cutMessages: "[… %d messages in the attached file …]", cutMessage: "[… 1 message in the attached file …]",
		cutText: "[… the rest is in the attached file …]", page: "Page %d of %d",
		missingGlyphs: "□ stands for a character that the typeface of this PDF lacks, and a name in brackets for an emoji; the exact text is in the " +
			"TXT, HTML or JSON transcript.",
		decimal: ".",
		columns: []string{"date", "time", "author", "origin", "type", "text", "files", "status", "id"},
		types: map[string]string{
			"text": "text", "image": "image", "audio": "audio", "voice": "voice message", "video": "video", "document": "document",
			"sticker": "sticker", "location": "location", "contacts": "contact", "interactive": "interactive", "button": "button",
			"order": "order", "system": "notice of WhatsApp", "template": "template", "file": "file", "reaction": "reaction", "edit": "edit",
			"revoke": "deletion", "unsupported": "unsupported", "unknown": "unknown", "request_welcome": "start of the conversation",
			"verdict": "audit", "overruled": "audit overruled", "snooze": "put off until", "wake": "back again", "survey": "survey",
			"note": "internal note", "notice": "internal notice", "state": "status", "": "message",
		},
		origins: map[conversation.Origin]string{
			conversation.OriginWhatsApp: "WhatsApp", conversation.OriginTicket: "ticket", conversation.OriginEmail: "e-mail",
			conversation.OriginPortal: "portal", conversation.OriginApp: "app", conversation.OriginPhone: "company's phone",
			conversation.OriginAutomatic: "automatic",
		},
		deliveries: map[conversation.DeliveryState]string{
			conversation.DeliveryQueued: "queued", conversation.DeliveryKept: "waiting for the customer to answer",
			conversation.DeliveryAccepted: "sent", conversation.DeliverySent: "sent", conversation.DeliveryDelivered: "delivered",
			conversation.DeliveryRead: "read", conversation.DeliveryPlayed: "played", conversation.DeliveryFailed: "not delivered",
		},
		states: map[conversation.State]string{
			conversation.StateBot: "Bot", conversation.StateQueued: "Queue / New", conversation.StateActive: "In progress",
			conversation.StatePending: "Pending", conversation.StateStopped: "Ended on WhatsApp", conversation.StateClosed: "Closed",
			conversation.StateExpired: "Expired", conversation.StateCancelled: "Cancelled",
		},
		reasons: map[string]string{
			"bot greets": "the automatic attendance began", "bot hands over": "the automatic attendance handed over",
			"agent takes": "an agent took it", "back to a queue": "it went back to a queue",
			"agent waits for the customer": "it waits for the customer", "agent closes": "concluded by the agent",
			"goes to the second level": "passed on to N2", "refused": "refused",
			"24 hours without the customer": "24 hours without a message of the customer", "opened by mistake": "opened by mistake", "agent overrides a refusal": "attended in spite of the pending",
			"the bot answered everything": "the automatic attendance answered everything",
			"customer writes":             "the customer wrote", "agent replies": "the agent answered", "ticket open": "the ticket was opened",
			"auditor closes": "ended by the audit", "verdict left alone": "the audit was not applied", "agent silent": "the agent did not answer", "owner offline": "the agent is offline",
			"ticket pending": "the ticket became pending", "ticket solved": "the ticket was solved", "agent starts": "an agent began the conversation",
			"agent stops": "an agent ended the sending", "stopped by an agent": "an agent ended the sending", "agent restarts": "an agent resumed the sending",
			"customer answers elsewhere": "the customer answered by another channel", "customer answered by email": "the customer answered by e-mail",
			"customer answered by portal": "the customer answered in the portal", "window closed": "the 24-hour window is closed", "window opened": "the 24-hour window was opened",
		},
	}
}
