package conversation

import "time"

// Author says whose words a transcript entry or a comment carries.
type Author string

// The authors.
const (
	AuthorCustomer Author = "customer" // the contact, by its own Zendesk user
	AuthorAgent    Author = "agent"
	AuthorPonte    Author = "ponte" // the integration user
)

// Entry is one line of a conversation's transcript: a message, or a change to an earlier one. Entries are only appended;
// readers fold them.
type Entry struct {
	At       time.Time     `json:"at"`
	Author   Author        `json:"a,omitempty"`
	Message  string        `json:"m,omitempty"` // wamid, or effect id of an outbound message not accepted yet
	Effect   string        `json:"e,omitempty"`
	Type     string        `json:"t,omitempty"`
	Text     string        `json:"x,omitempty"`
	Comment  int64         `json:"c,omitempty"`
	Delivery DeliveryState `json:"d,omitempty"`
	State    State         `json:"s,omitempty"` // the conversation entered this state
	Reason   string        `json:"r,omitempty"` // why
}
