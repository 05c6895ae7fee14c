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
	// Since schema 2.
	Re       string `json:"re,omitempty"` // the message it answers, reacts to, edits or takes back
	File     *File  `json:"f,omitempty"`
	Agent    int64  `json:"ag,omitempty"` // Zendesk user, with AuthorAgent
	Who      string `json:"w,omitempty"`  // the agent's name, when known
	Origin   Origin `json:"o,omitempty"`  // by which way it came
	Private  bool   `json:"p,omitempty"`  // an internal note: the customer never sees it
	Template string `json:"tm,omitempty"` // the template's name
	// Since schema 4.
	Paid string `json:"pd,omitempty"` // with Delivery: the category of a message that costs money
}

// Origin is the way that a message came.
type Origin string

// The origins.
const (
	OriginWhatsApp  Origin = "whatsapp"  // written by the customer
	OriginTicket    Origin = "ticket"    // an agent's comment
	OriginEmail     Origin = "email"     // a comment that came by e-mail
	OriginPortal    Origin = "portal"    // a comment written in the help centre
	OriginApp       Origin = "app"       // a command
	OriginPhone     Origin = "phone"     // a colleague in the WhatsApp Business app
	OriginAutomatic Origin = "automatic" // Ponte itself
)
