package conversation

// Mismatch is one thing that is wrong with a conversation's ticket.
type Mismatch string

// What may be wrong.
const (
	MismatchTicket       Mismatch = "ticket"       // there is none
	MismatchStatus       Mismatch = "status"       // it was not new when people got it, or is closed
	MismatchSession      Mismatch = "session"      // it carries another session id
	MismatchOrganization Mismatch = "organization" // it has none, or another one
)

// Match compares a conversation with its ticket: what it lists is red at a glance. A conversation that has not reached people
// has nothing to be compared.
func (t Thread) Match() []Mismatch {
	c := t.Conversation
	if c == nil || c.State == StateBot {
		return nil
	}
	if c.Ticket.ID == 0 {
		return []Mismatch{MismatchTicket}
	}
	var wrong []Mismatch
	unattended := c.State == StateQueued && !c.Attended && c.Owner == 0
	if unattended && c.Ticket.Status != "new" && len(c.Procedure.Previous) == 0 && c.Ticket.Session == c.Session || c.Ticket.Status == "closed" {
		wrong = append(wrong, MismatchStatus)
	}
	if c.Ticket.Session != c.Session {
		wrong = append(wrong, MismatchSession)
	}
	if o := c.Procedure.Organization; c.Ticket.Organization == 0 || o != nil && o.ID != c.Ticket.Organization {
		wrong = append(wrong, MismatchOrganization)
	}
	return wrong
}
