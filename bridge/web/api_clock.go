package web

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// clockView is what time brought to a conversation.
type clockView struct {
	Queued     time.Time `json:"queued_since,omitzero"`     // since when it waits for people
	Unanswered time.Time `json:"unanswered_since,omitzero"` // the customer's first words that no agent has answered
	Snoozed    time.Time `json:"snoozed_until,omitzero"`
	Attention  bool      `json:"attention,omitempty"`
	// Muted says that nothing is said to the contact by itself.
	Muted   bool         `json:"muted,omitempty"`
	Verdict *verdictView `json:"verdict,omitempty"`
	Survey  []int        `json:"survey,omitempty"` // the customer's answers, 1 to 5
}

// verdictView is what the auditor found.
type verdictView struct {
	At          time.Time      `json:"at"`
	Outcome     string         `json:"outcome,omitempty"`
	Corrections []string       `json:"corrections,omitempty"`
	Evidence    string         `json:"evidence,omitempty"`
	Open        []string       `json:"open,omitempty"`
	Overruled   *overruledView `json:"overruled,omitempty"`
}

// overruledView is what a supervisor found instead.
type overruledView struct {
	At      time.Time `json:"at"`
	By      int64     `json:"by,omitempty"`
	Outcome string    `json:"outcome,omitempty"`
	Reason  string    `json:"reason"`
}

// clockOf is what time brought to the thread's newest conversation.
func clockOf(t conversation.Thread) clockView {
	c := t.Conversation
	v := clockView{
		Queued: c.Clock.Queued, Unanswered: c.Clock.Waits, Snoozed: c.Clock.Snoozed, Attention: c.Clock.Attention, Muted: t.Muted,
	}
	if s := c.Survey; s != nil {
		v.Survey = s.Answers
	}
	if a := c.Audited; a != nil && !a.At.IsZero() {
		v.Verdict = &verdictView{At: a.At, Outcome: a.Outcome, Corrections: a.Corrections, Evidence: a.Evidence, Open: a.Open}
		if o := a.Overruled; o != nil {
			v.Verdict.Overruled = &overruledView{At: o.At, By: o.By.ID, Outcome: o.Outcome, Reason: o.Reason}
		}
	}
	return v
}
