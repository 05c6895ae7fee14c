package conversation

import "time"

// Report is a report that is to be made, kept and posted; since schema 4.
type Report struct {
	// ID names what it is about, such as "day-2026-11-22": one that is made again takes the place of the other.
	ID string `json:"id"`
	// Run names this making of it: on the ticket it is found again by that.
	Run string `json:"r"`
	// From and To are the time that it is about, To excluded.
	From time.Time `json:"f"`
	To   time.Time `json:"t"`
	// Ticket is where its summary is posted, 0 = nowhere; Public lets Zendesk e-mail it to the ticket's requester.
	Ticket int64 `json:"ti,omitempty"`
	Public bool  `json:"p,omitempty"`
}
