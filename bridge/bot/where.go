package bot

import "github.com/ponte-desk/ponte/bridge/conversation"

// Where is what the customer is told of a ticket's position, as the bot itself would say it; at.Found says that it is of the
// customer's organisation.
func Where(w World, at conversation.Position) string {
	t := newTurn(w)
	t.m.Ticket = at.Ticket
	text, _ := t.where(at, at.Found)
	return text
}
