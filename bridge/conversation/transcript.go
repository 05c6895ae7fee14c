package conversation

import (
	"encoding/json"
	"slices"
	"time"
)

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
	// Since schema 5.
	Command string `json:"cmd,omitempty"` // the id of the command that it came from, as the client chose it
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

// DecodeEntries reads a transcript's lines as its list keeps them; what can't be read is left out.
func DecodeEntries(lines [][]byte) []Entry {
	entries := make([]Entry, 0, len(lines))
	for _, line := range lines {
		var e Entry
		if json.Unmarshal(line, &e) == nil {
			entries = append(entries, e)
		}
	}
	return entries
}

// InOrder is a copy of a transcript's entries sorted by time; what happened at one time stays in its order. An entry without time has
// that of the one before it, the first ones that of the first with one.
func InOrder(entries []Entry) []Entry {
	sorted, _ := Ordered(entries)
	return sorted
}

// Ordered is InOrder with the place that each entry has in the log.
func Ordered(entries []Entry) (sorted []Entry, places []int) {
	sorted, places = slices.Clone(entries), make([]int, len(entries))
	var last time.Time
	if i := slices.IndexFunc(sorted, func(e Entry) bool { return !e.At.IsZero() }); i >= 0 {
		last = sorted[i].At
	}
	for i := range sorted {
		if sorted[i].At.IsZero() {
			sorted[i].At = last
		}
		last, places[i] = sorted[i].At, i
	}
	byTime := func(a, b int) int { return sorted[a].At.Compare(sorted[b].At) }
	if slices.IsSortedFunc(places, byTime) {
		return sorted, places
	}
	slices.SortStableFunc(places, byTime)
	unsorted := sorted
	sorted = make([]Entry, len(unsorted))
	for i, place := range places {
		sorted[i] = unsorted[place]
	}
	return sorted, places
}
