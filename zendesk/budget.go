package zendesk

import (
	"context"
	"time"
)

// Lane is the class of work a request belongs to; when the account's budget is short, earlier lanes go first.
type Lane int

// The lanes, the most urgent first.
const (
	// LanePeople is work a person waits for.
	LanePeople Lane = iota
	// LaneBot is the pre-attendance.
	LaneBot
	// LaneMirror is the mirroring of messages into comments.
	LaneMirror
	// LaneAudit is the auditing of conversations and tickets.
	LaneAudit
	// LaneReport is reports and other background reading.
	LaneReport
)

// String returns the lane's name as used in metrics and keys.
func (l Lane) String() string {
	switch l {
	case LanePeople:
		return "people"
	case LaneBot:
		return "bot"
	case LaneMirror:
		return "mirror"
	case LaneAudit:
		return "audit"
	case LaneReport:
		return "report"
	}
	return "unknown"
}

// Cost is what a piece of work takes from the account's limits.
type Cost struct {
	// Requests is the number of HTTP requests.
	Requests int
	// Update is the id of the ticket that is updated, 0 for none.
	Update int64
	// UserWrite says that a user is created or updated.
	UserWrite bool
	// Incremental says that an incremental export is read.
	Incremental bool
}

// Budget shares the account's limits among all instances.
type Budget interface {
	// Reserve hands out the time at which the call named id may go (now or later). The same id asked again gets the same
	// time until it is used up.
	Reserve(ctx context.Context, id string, lane Lane, c Cost) (time.Time, error)
	// Observe corrects the budget by what an answer's headers say. It is called within the call and must not block long.
	Observe(ctx context.Context, l Limits)
}
