// Package bot is Ponte's own pre-attendance: a script as a pure function of what the customer said and of what the bot remembers.
// It greets, asks who the customer is, offers the menu, answers what it can and hands over to people.
package bot

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Kind says what the bot is told.
type Kind string

// What the bot is told.
const (
	Opened     Kind = "opened"     // a conversation begins; the attendance number is known
	Said       Kind = "said"       // the customer wrote
	Identified Kind = "identified" // Zendesk told which organisations the customer, or a CNPJ, belongs to
	Checked    Kind = "checked"    // the chosen organisation has no financial pending, or nobody could tell
	Found      Kind = "found"      // Zendesk told where a ticket stands
	GaveUp     Kind = "gave up"    // Zendesk did not answer in time
)

// Input is one thing the bot is told.
type Input struct {
	Kind Kind
	// Text is what the customer said, and Choice the id of the button or list row that was chosen. Opened may bring them, too.
	Text, Choice string
	// Organizations are those that were identified, by the customer's user or by a CNPJ.
	Organizations []conversation.Organization
	// Position is where the ticket stands.
	Position conversation.Position
}

// World is what the bot knows besides its memory.
type World struct {
	Settings  settings.Number
	Now       time.Time
	Contact   conversation.Contact
	Procedure conversation.Procedure // its Bot is the bot's memory
}

// Output is what the bot wants done.
type Output struct {
	Memory conversation.BotMemory
	// Say is what the customer is told, in order.
	Say []conversation.Send
	// Identify is a CNPJ whose organisation is asked for, 14 characters.
	Identify string
	// Offers are the organisations among which the customer is to choose: they become World.Procedure.Offers.
	Offers []conversation.Organization
	// Choose is the organisation that the customer belongs to.
	Choose *conversation.Organization
	// Position is a ticket whose position is asked for.
	Position int64
	// Email is the customer's e-mail address.
	Email string
	// Queue, Category and Subject are what the menu says.
	Queue, Category, Subject string
	// Flags are raised.
	Flags []conversation.Flag
	// HandOver gives the conversation to people.
	HandOver bool
	// Satisfied says that the bot's answers were all that the customer needed: nobody has to attend. The customer may go on.
	Satisfied bool
	// Reasons say why, in fixed words.
	Reasons []string
}
