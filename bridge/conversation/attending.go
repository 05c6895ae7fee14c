package conversation

import (
	"slices"
	"time"
)

// Clock is what time brings to a conversation; since schema 4.
type Clock struct {
	Queued   time.Time `json:"q,omitzero"`  // since when it waits for people, zero = it does not
	First    bool      `json:"f,omitempty"` // it goes before others in its queue
	Told     time.Time `json:"t,omitzero"`  // when the customer was last told so, or it was last asked whether anybody is there
	Waits    time.Time `json:"w,omitzero"`  // the customer's first words that no agent has answered, zero = none
	Had      time.Time `json:"h,omitzero"`  // since when its owner has it
	Answered time.Time `json:"a,omitzero"`  // the agents' last words
	Reminded int       `json:"r,omitempty"` // how often the customer was reminded since
	Alerted  bool      `json:"al,omitempty"`
	Returned int       `json:"rt,omitempty"` // how often it went back to its queue because its owner did not answer
	Snoozed  time.Time `json:"s,omitzero"`   // until when it is put off, zero = it is not
	Woken    time.Time `json:"wk,omitzero"`  // when that was over
	Name     string    `json:"n,omitempty"`  // what the owner is called, as far as it is known
	// Attention marks it for people; it touches neither state nor ticket.
	Attention bool `json:"at,omitempty"`
}

// Survey is what the customer is asked after the end; since schema 4.
type Survey struct {
	Until   time.Time `json:"u"`           // until when an answer counts
	Answers []int     `json:"a,omitempty"` // from 1 to 5, in the order of the questions
	Done    bool      `json:"d,omitempty"` // all are answered, or it is over
}

// Audited is what the auditor knows of a conversation; since schema 4.
type Audited struct {
	Looked time.Time `json:"l,omitzero"`  // when it was last looked at
	Done   bool      `json:"d,omitempty"` // there is nothing left to be found
	Again  bool      `json:"g,omitempty"` // to be looked at as soon as the ticket has taken what is on its way
	// The verdict, if there is one.
	At          time.Time  `json:"at,omitzero"`
	Outcome     string     `json:"o,omitempty"`
	Corrections []string   `json:"c,omitempty"`
	Reason      string     `json:"r,omitempty"`
	Evidence    string     `json:"e,omitempty"` // for people, in the language of the number
	Open        []string   `json:"op,omitempty"`
	Overruled   *Overruled `json:"ov,omitempty"`
}

func (s *Survey) clone() *Survey {
	if s == nil {
		return nil
	}
	c := *s
	c.Answers = slices.Clone(c.Answers)
	return &c
}

func (a *Audited) clone() *Audited {
	if a == nil {
		return nil
	}
	c := *a
	c.Corrections, c.Open = slices.Clone(c.Corrections), slices.Clone(c.Open)
	if c.Overruled != nil {
		o := *c.Overruled
		c.Overruled = &o
	}
	return &c
}

// Overruled says that a supervisor judged otherwise.
type Overruled struct {
	At      time.Time `json:"at"`
	By      Agent     `json:"by"`
	Outcome string    `json:"o,omitempty"` // what it is instead, "" = nothing
	Reason  string    `json:"r"`
}

// AuditLook is a look at a conversation by the auditor.
type AuditLook struct {
	// Ticket has the ticket itself read as well.
	Ticket bool `json:"t,omitempty"`
	// Foreign, in the mailbox of a ticket of another bot, is that ticket as a first look saw it: what was said on it is read now.
	Foreign *Foreign `json:"f,omitempty"`
}

// AuditSeen is what such a look saw.
type AuditSeen struct {
	Look    AuditLook `json:"lk"`
	Session string    `json:"ss,omitempty"`
	Lines   int       `json:"ln,omitempty"` // of the conversation when the look began: when it has more by now, it moved on
	Entries []Entry   `json:"e,omitempty"`  // its transcript
	// The ticket, where it was read.
	Facts     Facts     `json:"f,omitzero"`
	Catalogue string    `json:"ca,omitempty"`
	N2        bool      `json:"n2,omitempty"`
	Gone      bool      `json:"g,omitempty"` // there is no such ticket any more
	UpdatedAt time.Time `json:"u,omitzero"`
	// Foreign is the ticket of another bot.
	Foreign *Foreign `json:"fo,omitempty"`
}

// Summary is what reports keep of a conversation.
type Summary struct {
	Session      string    `json:"session"`
	Number       string    `json:"number"`  // phone_number_id
	Contact      string    `json:"contact"` // our id of the contact
	State        State     `json:"state"`
	End          string    `json:"end,omitempty"` // see the End values
	Started      time.Time `json:"started"`
	Derived      time.Time `json:"derived,omitzero"`
	Ended        time.Time `json:"ended,omitzero"`
	Attended     bool      `json:"attended,omitempty"`
	Owner        int64     `json:"owner,omitempty"` // Zendesk user
	Queue        string    `json:"queue,omitempty"`
	Category     string    `json:"category,omitempty"`
	Subject      string    `json:"subject,omitempty"`
	Ticket       int64     `json:"ticket,omitempty"`
	Organization int64     `json:"organization,omitempty"`
	Company      string    `json:"company,omitempty"` // what the organisation is called
	Flags        []Flag    `json:"flags,omitempty"`
	Audited      *Audited  `json:"audited,omitempty"`
	Answers      []int     `json:"answers,omitempty"` // to the survey
	Returned     int       `json:"returned,omitempty"`
}

// Summary is what reports keep of the thread's newest conversation; ok is false when there is none.
func (t Thread) Summary() (s Summary, ok bool) {
	c := t.Conversation
	if c == nil {
		return s, false
	}
	p := c.Procedure
	s = Summary{
		Session: c.Session, Number: t.Number, Contact: t.Contact.ID, State: c.State, End: p.Outcome, Started: c.Started, Derived: p.Derived,
		Ended: c.Ended, Attended: c.Attended, Owner: c.Owner, Queue: p.Queue, Category: p.Category, Subject: p.Subject, Ticket: c.Ticket.ID,
		Organization: c.Ticket.Organization, Flags: p.Flags, Returned: c.Clock.Returned,
	}
	if o := p.Organization; o != nil {
		s.Organization, s.Company = o.ID, o.Name
	}
	if c.Survey != nil {
		s.Answers = c.Survey.Answers
	}
	if a := c.Audited; a != nil && !a.At.IsZero() {
		s.Audited = a
	}
	return s, true
}
