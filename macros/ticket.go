package macros

// Person is a user as placeholders name them.
type Person struct {
	ID         int64
	Name       string
	Email      string
	Phone      string
	ExternalID string
	// GroupID is an agent's default group, which "current_groups" stands for.
	GroupID int64
}

// Ticket is what is known of the ticket a macro meets. What is empty is unknown: a macro that needs it goes through Zendesk.
type Ticket struct {
	// ID is the ticket, 0 while there is none.
	ID int64
	// URL is the ticket's address for agents, with its scheme.
	URL string
	// Session is the ticket's external id.
	Session string
	// Subject is the ticket's subject.
	Subject string
	// Requester is the customer.
	Requester Person
	// Assignee has the ticket.
	Assignee Person
	// Agent applies the macro: Zendesk's current user.
	Agent Person
	// OrganizationID and OrganizationName are the requester's organisation.
	OrganizationID   int64
	OrganizationName string
	// GroupName is the group that has the ticket.
	GroupName string
	// Tags are the ticket's tags: nil when unknown, empty when there are none.
	Tags []string
	// Values are placeholders by their name without braces, for example "ponte.link". They win over the rest, also when empty.
	Values map[string]string
}
