// Package conversation is the domain: threads, conversations, messages, deliveries, the events that happen to them and the
// effects that answer them. It is pure: no context, no clock, no input or output.
package conversation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Schema is the version of what a thread is stored as. An older binary leaves newer threads alone.
const Schema = 5

// StateField is the field of a mailbox that holds its state.
const StateField = "s"

// Thread is everything known of one contact on one of the company's numbers. Its conversations follow each other in it.
type Thread struct {
	Number       string        `json:"n"`            // phone_number_id
	Contact      Contact       `json:"c"`            // who writes
	Conversation *Conversation `json:"v,omitempty"`  // the newest one
	Count        int           `json:"ct,omitempty"` // conversations so far
	NextEffect   int64         `json:"ne,omitempty"` // counts effects, for their ids
	LastInbound  time.Time     `json:"li,omitzero"`  // the customer's newest message or call, by its own time
	WindowShut   bool          `json:"ws,omitempty"` // WhatsApp says that the window is closed, whatever our clock says
	Invited      time.Time     `json:"iv,omitzero"`  // when the customer was invited by template to write again
	Newest       string        `json:"nw,omitempty"` // wamid of the customer's newest message
	Merging      *Merging      `json:"mg,omitempty"` // another contact is the same person
	Registered   bool          `json:"rg,omitempty"` // the contact's list of threads has this one
	Absorbed     []Earlier     `json:"ab,omitempty"` // threads that moved into this one
	Erasing      bool          `json:"er,omitempty"` // the contact is being forgotten
	Deliveries   []Delivery    `json:"d,omitempty"`  // outbound messages whose state may still change, oldest first
	Outbox       Outbox        `json:"o,omitzero"`   // effects not done yet
	// Muted says that nothing is said to the contact by itself; since schema 4.
	Muted bool `json:"mu,omitempty"`
}

// Contact is a person on WhatsApp. Phone and user id may each be missing, never both.
type Contact struct {
	ID       string `json:"id"`           // ours
	Name     string `json:"n,omitempty"`  // profile name, free text
	Username string `json:"un,omitempty"` // without "@"
	WaID     string `json:"wa,omitempty"` // exactly as WhatsApp last gave it
	UserID   string `json:"u,omitempty"`  // business-scoped user id
	Zendesk  int64  `json:"z,omitempty"`  // user id in Zendesk, 0 until known
	Email    string `json:"e,omitempty"`  // as Zendesk or the person told it
}

// Conversation is one attendance.
type Conversation struct {
	Session  string    `json:"s"`            // public id, see SessionID
	State    State     `json:"st"`           //
	Started  time.Time `json:"at"`           // the first message's acceptance
	First    string    `json:"f"`            // id of the first event
	Ticket   Ticket    `json:"t,omitzero"`   // the ticket bound to it
	Hinted   bool      `json:"h,omitempty"`  // the ticket changed before its id was known
	Attended bool      `json:"a,omitempty"`  // an agent's message reached it
	Owner    int64     `json:"ow,omitempty"` // Zendesk user who answers
	// Files, in transcript_only, are what the customer sent and nobody has fetched yet, since when the first of them came,
	// how many are being fetched for the transcript, and those that are there.
	Files      []File     `json:"fi,omitempty"`
	FilesSince time.Time  `json:"fs,omitzero"`
	Fetching   []string   `json:"fe,omitempty"` // ids of the files
	Attached   []Attached `json:"ac,omitempty"`
	Ended      time.Time  `json:"en,omitzero"` // when it ended
	// Transcribed says that the transcript was put on its way to the ticket.
	Transcribed bool `json:"tr,omitempty"`
	// Procedure is what the support procedure knows of it; since schema 3.
	Procedure Procedure `json:"pc,omitzero"`
	// Closing is what the end changes on the ticket, until it is on its way there together with the transcript.
	Closing *Change `json:"cg,omitempty"`
	// Since schema 4.
	Lines   int      `json:"ln,omitempty"` // how often something was added to the transcript, 0 = nothing was decided yet
	Before  int64    `json:"bf,omitempty"` // whose the ticket was when the conversation began in it
	Clock   Clock    `json:"ck,omitzero"`
	Survey  *Survey  `json:"sv,omitempty"`
	Audited *Audited `json:"au,omitempty"`
	ShownAs string   `json:"sh,omitempty"` // how the transcript is written at the end, in place of what settings say: public or private
	// Tags are what agents put on the conversation and its ticket; since schema 5.
	Tags []string `json:"tg,omitempty"`
}

// Merging is the search for one thread for two contacts that are one person.
type Merging struct {
	With  string `json:"w"`           // the other contact
	Moved bool   `json:"m,omitempty"` // this thread has handed itself over; what still comes is forwarded
	Asked bool   `json:"a,omitempty"` // the other one was asked to move, because a conversation goes on here
}

// Earlier is a thread that moved into another: its transcripts stay where they are.
type Earlier struct {
	Contact string `json:"c"`
	Count   int    `json:"n"` // conversations
}

// Ticket is what is known of the Zendesk ticket of a conversation.
type Ticket struct {
	ID       int64     `json:"id"`           // 0 until it is created
	Status   string    `json:"s,omitempty"`  // new, open, pending, hold, solved, closed as last heard
	Cursor   int64     `json:"cu,omitempty"` // newest comment taken in
	Own      []int64   `json:"ow,omitempty"` // comments after the cursor that Ponte wrote
	Seen     time.Time `json:"se,omitzero"`  // everything up to this updated_at has been pulled
	FollowUp int64     `json:"fu,omitempty"` // the closed ticket that the one to be created follows
	// As last heard, since schema 3.
	Subject      string    `json:"sj,omitempty"`
	Group        int64     `json:"g,omitempty"`
	Assignee     int64     `json:"as,omitempty"`
	Organization int64     `json:"o,omitempty"`
	UpdatedAt    time.Time `json:"up,omitzero"`
	Tags         []string  `json:"tg,omitempty"`
	TagsKnown    bool      `json:"tk,omitempty"`
	Session      string    `json:"ss,omitempty"` // the session that its fields tell
}

// Resting tells whether a ticket of that status waits for the customer or is thought done: the customer's words open it.
func Resting(status string) bool {
	return status == "pending" || status == "hold" || status == "solved"
}

// NewThread is a thread nobody has written in yet. Its mailbox key is Key(number, contact).
func NewThread(number, contact string) Thread {
	return Thread{Number: number, Contact: Contact{ID: contact}}
}

// Key is the mailbox key of a thread.
func Key(number, contact string) string { return number + "|" + contact }

// ParseKey splits a thread's mailbox key.
func ParseKey(key string) (number, contact string, ok bool) {
	number, contact, ok = strings.Cut(key, "|")
	return number, contact, ok && number != "" && contact != "" && !strings.Contains(contact, "|")
}

// Key is the thread's own mailbox key.
func (t Thread) Key() string { return Key(t.Number, t.Contact.ID) }

// SessionID is the public id of a thread's n-th conversation. It encodes the thread, so that a ticket's external id finds it.
func SessionID(number, contact string, n int) string {
	return fmt.Sprintf("wa-%s-%s-%d", number, contact, n)
}

// ThreadOfSession finds the thread that a session id encodes.
func ThreadOfSession(session string) (key string, ok bool) {
	parts := strings.Split(session, "-")
	if len(parts) != 4 || parts[0] != "wa" || parts[1] == "" || parts[2] == "" {
		return "", false
	}
	if n, err := strconv.Atoi(parts[3]); err != nil || n < 1 || SessionID(parts[1], parts[2], n) != session {
		return "", false
	}
	key = Key(parts[1], parts[2])
	if _, _, ok := ParseKey(key); !ok || reserved(parts[1]) {
		return "", false
	}
	return key, true
}

// reserved tells whether a mailbox key that begins so belongs to no thread: anybody may write a ticket's external id.
func reserved(number string) bool {
	return slices.Contains([]string{AccountPrefix, TicketPrefix, MediaPrefix, SystemPrefix}, number+"|")
}

// Clone copies the thread so deeply that changes to the copy don't show in the original.
func (t Thread) Clone() Thread {
	if t.Conversation != nil {
		c := *t.Conversation
		c.Ticket.Own = slices.Clone(c.Ticket.Own)
		c.Files, c.Fetching, c.Attached = slices.Clone(c.Files), slices.Clone(c.Fetching), slices.Clone(c.Attached)
		c.Ticket.Tags, c.Procedure = slices.Clone(c.Ticket.Tags), c.Procedure.clone()
		if c.Closing != nil {
			closing := c.Closing.clone()
			c.Closing = &closing
		}
		c.Survey, c.Audited, c.Tags = c.Survey.clone(), c.Audited.clone(), slices.Clone(c.Tags)
		t.Conversation = &c
	}
	if t.Merging != nil {
		m := *t.Merging
		t.Merging = &m
	}
	t.Absorbed = slices.Clone(t.Absorbed)
	t.Deliveries = slices.Clone(t.Deliveries)
	for i := range t.Deliveries {
		t.Deliveries[i].Send = t.Deliveries[i].Send.clone()
	}
	t.Outbox = t.Outbox.clone()
	return t
}

// Blank tells whether nothing is known that is worth keeping: nobody has written in the thread yet, or it was erased.
func (t Thread) Blank() bool {
	return t.Conversation == nil && t.Merging == nil && t.Contact.WaID == "" && t.Contact.UserID == "" && len(t.Absorbed) == 0
}

// Give makes an agent the conversation's owner; the zero Agent nobody.
func (c *Conversation) Give(a Agent) { c.Owner, c.Clock.Name = a.ID, a.Name }

// Open tells whether a conversation is going on.
func (t Thread) Open() bool { return t.Conversation != nil && !t.Conversation.State.Ended() }

// Sessions lists the thread's conversations, those of threads that moved into it first.
func (t Thread) Sessions() []string {
	var list []string
	for _, e := range append(slices.Clone(t.Absorbed), Earlier{t.Contact.ID, t.Count}) {
		for n := 1; n <= e.Count; n++ {
			list = append(list, SessionID(t.Number, e.Contact, n))
		}
	}
	return list
}

// EffectID names the thread's next effect and counts it.
func (t *Thread) EffectID() string {
	t.NextEffect++
	return strconv.FormatInt(t.NextEffect, 10)
}

// CallbackData is what a message to WhatsApp carries so that its statuses find their way home.
func CallbackData(key, effect string) string { return key + "#" + effect }

// ParseCallbackData splits what CallbackData joined.
func ParseCallbackData(data string) (key, effect string, ok bool) {
	i := strings.LastIndexByte(data, '#')
	if i < 0 {
		return "", "", false
	}
	key, effect = data[:i], data[i+1:]
	_, _, ok = ParseKey(key)
	return key, effect, ok && effect != ""
}
