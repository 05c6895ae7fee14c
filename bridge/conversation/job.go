package conversation

import (
	"strconv"
	"time"
)

// Job is the state of a mailbox that is no thread but works: the installation's own jobs, or the look-up of a
// ticket that no thread knows.
type Job struct {
	NextEffect int64     `json:"ne,omitempty"`
	Due        time.Time `json:"du,omitzero"` // when the next run is due; zero = not scheduled
	Sweep      Sweep     `json:"s,omitzero"`
	Outbox     Outbox    `json:"o,omitzero"`
	// Thread stands for the conversation of a ticket of another bot while that is written to; since schema 4.
	Thread *Thread `json:"t,omitempty"`
}

// Clone copies the job so deeply that changes to the copy don't show in the original.
func (j Job) Clone() Job {
	j.Outbox = j.Outbox.clone()
	if j.Thread != nil {
		t := j.Thread.Clone()
		j.Thread = &t
	}
	return j
}

// Enqueue puts an effect into the outbox under a new id.
func (j *Job) Enqueue(e Effect, now time.Time) {
	j.NextEffect++
	e.ID = strconv.FormatInt(j.NextEffect, 10)
	j.Outbox.Add(e, Coalescing{}, now)
}

// Account is the state of a mailbox for what happens to a number or to the account and to no conversation.
type Account struct {
	Notices []KeptNotice `json:"n,omitempty"` // newest last
}

// KeptNotice is a notice for the supervisor.
type KeptNotice struct {
	At   time.Time `json:"at"`
	Rule string    `json:"r"`
	Text string    `json:"x"`
}

// MostNotices bounds what an account mailbox keeps.
const MostNotices = 200

// Names of mailboxes that are no threads. A thread's is Key(number, contact), and no number is called like these.
const (
	AccountPrefix = "account|" // + phone_number_id
	TicketPrefix  = "ticket|"  // + ticket id
	SystemPrefix  = "sys|"     // + job
	ReconcileKey  = SystemPrefix + "reconcile"
	RepairKey     = SystemPrefix + "repair"
	AuditKey      = SystemPrefix + "audit"  // since schema 4
	ReportKey     = SystemPrefix + "report" // likewise
)
