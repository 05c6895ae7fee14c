package web

import (
	"cmp"
	"time"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// Row is a conversation in a list, the same for everybody who may see it.
type Row struct {
	Session   string             `json:"session"`
	Number    string             `json:"number"`
	State     conversation.State `json:"state"`
	Contact   contactView        `json:"contact"`
	Company   *organizationView  `json:"organization,omitempty"`
	Queue     string             `json:"queue,omitempty"`
	Owner     int64              `json:"owner,omitempty"`
	OwnerName string             `json:"owner_name,omitempty"`
	Ticket    int64              `json:"ticket,omitempty"`
	// Attendance is the number that the customer was told.
	Attendance string              `json:"attendance,omitempty"`
	Started    time.Time           `json:"started"`
	Ended      time.Time           `json:"ended,omitzero"`
	Queued     time.Time           `json:"queued_since,omitzero"`
	Had        time.Time           `json:"owned_since,omitzero"` // since when the owner has it
	Unanswered time.Time           `json:"unanswered_since,omitzero"`
	Inbound    time.Time           `json:"last_inbound,omitzero"` // the customer's newest message
	Snoozed    time.Time           `json:"snoozed_until,omitzero"`
	Window     windowView          `json:"window"`
	Tags       []string            `json:"tags,omitempty"`
	Flags      []conversation.Flag `json:"flags,omitempty"`
	Outcome    string              `json:"outcome,omitempty"` // how it ended
	Verdict    string              `json:"verdict,omitempty"` // what the auditor found, or a supervisor instead
	Attention  bool                `json:"attention,omitempty"`
	First      bool                `json:"first,omitempty"` // it goes before others in its queue
	Muted      bool                `json:"muted,omitempty"`
	// Wrong is how much of the ticket does not match.
	Wrong int `json:"mismatches,omitempty"`
	// Lines counts what was added to the transcript: another number means that there is something new to read.
	Lines int `json:"lines"`
}

// rowOf is the row of a thread's newest conversation; ok is false when there is none.
func rowOf(t conversation.Thread, set settings.Number, now time.Time) (r Row, ok bool) {
	c := t.Conversation
	if c == nil {
		return r, false
	}
	p, clock := c.Procedure, c.Clock
	r = Row{
		Session: c.Session, Number: t.Number, State: c.State, Contact: contactOf(t.Contact), Company: organizationOf(p.Organization),
		Queue: cmp.Or(p.Queue, set.Desk.Queue), Owner: c.Owner, OwnerName: clock.Name, Ticket: c.Ticket.ID, Attendance: p.Number,
		Started: c.Started, Ended: c.Ended, Queued: clock.Queued, Had: clock.Had, Unanswered: clock.Waits, Inbound: t.LastInbound,
		Snoozed: clock.Snoozed, Window: windowOf(t, set, now), Flags: p.Flags, Outcome: p.Outcome, Attention: clock.Attention,
		First: clock.First, Muted: t.Muted, Wrong: len(t.Match()), Lines: c.Lines, Tags: c.Tags,
	}
	if a := c.Audited; a != nil && !a.At.IsZero() {
		r.Verdict = a.Outcome
		if o := a.Overruled; o != nil {
			r.Verdict = o.Outcome
		}
	}
	return r, true
}

// contactOf is a contact as the API shows one.
func contactOf(c conversation.Contact) contactView {
	v := contactView{ID: c.ID, Name: c.Name, Username: c.Username, Zendesk: c.Zendesk}
	if c.WaID != "" {
		v.Phone = "+" + c.WaID
	}
	return v
}

// organizationOf is a company as the API shows one; nil when there is none.
func organizationOf(o *conversation.Organization) *organizationView {
	if o == nil {
		return nil
	}
	return &organizationView{ID: o.ID, Name: o.Name, CNPJ: brazil.FormatCNPJ(o.CNPJ), Pending: o.Pending, Checked: o.At}
}

// windowOf is the window as the API shows it.
func windowOf(t conversation.Thread, set settings.Number, now time.Time) windowView {
	return windowView{Open: t.WindowOpen(now, set.Window.Margin), Ends: t.WindowEnds()}
}
