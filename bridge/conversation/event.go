package conversation

import (
	"encoding/json"
	"fmt"
	"time"
)

// EventKind names what happened.
type EventKind string

// Everything that can happen to a mailbox.
const (
	EventMessage EventKind = "message" // the customer wrote
	EventNotice  EventKind = "notice"  // something to be told on the ticket that no customer wrote: system message, echo
	EventStatus  EventKind = "status"  // WhatsApp says what became of a message of ours
	EventHint    EventKind = "hint"    // a ticket may have changed
	EventResult  EventKind = "result"  // an effect was carried out, or not
	EventRetry   EventKind = "retry"   // an operator asks for a dead effect again
	EventWake    EventKind = "wake"    // a job of the installation should see to its schedule
	// Since schema 2.
	EventFile     EventKind = "file"     // a transfer of a file of the thread ended
	EventTransfer EventKind = "transfer" // a file is to be streamed from one peer to the other
	EventCommand  EventKind = "command"  // a person or a program asks for something
	EventCall     EventKind = "call"     // the customer called: that opens the window as well
	EventMerge    EventKind = "merge"    // another contact is the same person
	EventAbsorb   EventKind = "absorb"   // a thread moved into this one
	EventGone     EventKind = "gone"     // the contact's phone belongs to somebody else now
	EventErase    EventKind = "erase"    // the contact is to be forgotten
	// Since schema 4.
	EventAudit EventKind = "audit_due" // the auditor should look at it
	EventDesk  EventKind = "desk"      // a word between a thread and the desk
)

// Known tells whether this binary knows what to do about the kind.
func (k EventKind) Known() bool {
	switch k {
	case EventMessage, EventNotice, EventStatus, EventHint, EventResult, EventRetry, EventWake, EventFile, EventTransfer,
		EventCommand, EventCall, EventMerge, EventAbsorb, EventGone, EventErase, EventAudit, EventDesk:
		return true
	}
	return false
}

// Event is one happening in a mailbox. Exactly the part that Kind names is set.
type Event struct {
	Kind    EventKind       `json:"k"`
	ID      string          `json:"id,omitempty"` // dedupe id, "" when repeats do no harm
	At      time.Time       `json:"at"`           // when it was accepted
	Contact *Contact        `json:"c,omitempty"`  // what the update told about the sender; ID empty
	Message *Message        `json:"m,omitempty"`
	Notice  *Notice         `json:"no,omitempty"`
	Status  *Status         `json:"s,omitempty"`
	Hint    *Hint           `json:"h,omitempty"`
	Result  *Result         `json:"r,omitempty"`
	Effect  *Effect         `json:"e,omitempty"`
	File    *FileResult     `json:"f,omitempty"`
	Ask     *Transfer       `json:"ta,omitempty"` // EventTransfer
	Command *Command        `json:"cm,omitempty"`
	Merge   *Merge          `json:"mg,omitempty"`
	Absorb  *Absorb         `json:"ab,omitempty"`
	Erase   *Erase          `json:"er,omitempty"`
	Desk    *DeskNote       `json:"dk,omitempty"`
	Run     string          `json:"rn,omitempty"`  // EventWake: who wants the job to run now, due or not
	Raw     json.RawMessage `json:"raw,omitempty"` // the peer's own words, this update alone
}

// Message is what the customer sent, made readable.
type Message struct {
	ID   string    `json:"id"`          // wamid
	Type string    `json:"t"`           // WhatsApp's type
	Text string    `json:"x"`           // what people read; never empty
	Sent time.Time `json:"s,omitzero"`  // by WhatsApp's clock
	Re   string    `json:"r,omitempty"` // wamid of the message it answers, reacts to, edits or takes back
	File *File     `json:"f,omitempty"` // what is to be fetched
	// Choice is the id of the button or list row that was chosen; since schema 3.
	Choice string `json:"ch,omitempty"`
}

// Notice is told on the ticket as an internal note while a conversation is open, and kept for the supervisor otherwise.
type Notice struct {
	Rule string `json:"ru"` // why it is a notice: system, echo, group, …
	Text string `json:"x"`  // pt-BR
}

// Status is a delivery state as WhatsApp reported it.
type Status struct {
	MessageID string        `json:"id"`           // wamid
	Effect    string        `json:"e,omitempty"`  // the effect that sent it, when the status says so
	Contact   string        `json:"ct,omitempty"` // the contact whose thread counted that effect, when it says so
	State     DeliveryState `json:"s"`
	At        time.Time     `json:"at,omitzero"`
	Code      int           `json:"c,omitempty"` // WhatsApp's error, with State failed
	Reason    string        `json:"r,omitempty"` // pt-BR: why it failed and what to do
	Paid      string        `json:"p,omitempty"` // the category of a message that costs money, "" = free, or not told
}

// Hint says that a ticket may have changed; it never says what.
type Hint struct {
	Ticket    int64     `json:"t"`
	Status    string    `json:"s,omitempty"` // the ticket's, when the hint knows it
	UpdatedAt time.Time `json:"u,omitzero"`  // the ticket's, when the hint knows it
	Sweep     bool      `json:"w,omitempty"` // found by reconciliation
	Bind      bool      `json:"b,omitempty"` // the ticket was given to the thread: what is on it already is nobody's reply
	Facts     Facts     `json:"f,omitzero"`  // the ticket at that time, as far as the hint tells; its Status is not used
}

// Encode is the event as its mailbox keeps it.
func (e Event) Encode() ([]byte, error) {
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return raw, nil
}

// DecodeEvent reads what Encode wrote.
func DecodeEvent(raw []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(raw, &e); err != nil {
		return Event{}, fmt.Errorf("decode event: %w", err)
	}
	return e, nil
}
