package transcript

import (
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Kind says what a line of the transcript is.
type Kind string

// Every kind.
const (
	KindMessage Kind = "message" // between customer and desk
	KindNote    Kind = "note"    // internal, written by a person
	KindNotice  Kind = "notice"  // internal, written by Ponte
	KindState   Kind = "state"   // the conversation entered a state
)

// Message is one line of the transcript with everything that happened to it later.
type Message struct {
	// Key names the message in its log from its first line on, whatever is learnt of its ids later.
	Key string
	// Place is in the order of the log: messages of one time stand in its order.
	Place int
	// Rev counts the lines of the log up to the last one that is about it.
	Rev     int
	Kind    Kind
	ID      string // wamid, else the effect's id, else ""
	Effect  string // of an outbound message
	At      time.Time
	Author  conversation.Author
	Agent   int64  // Zendesk user, 0 unknown
	Who     string // the author's name, when the log tells it
	Origin  conversation.Origin
	Type    string // as WhatsApp calls it
	Text    string // as it was first written
	Comment int64  // of the ticket, 0 for none
	Command string // the id of the command that it came from
	// Template is the name of the template that was sent.
	Template  string
	Quote     *Quote // what it answers
	Files     []File
	Reactions []Reaction
	Edits     []Edit
	Revoked   *Revocation
	// Delivery is the newest state of an outbound message.
	Delivery    conversation.DeliveryState
	DeliveredAt time.Time // when it reached that state
	// Reason is why it was not delivered, or why the conversation changed its state.
	Reason string
	// State and Before are set with KindState.
	State  conversation.State
	Before conversation.State
}

// Quote is the message that another one answers.
type Quote struct {
	Key string // of the message, "" when it is missing
	ID  string
	// Missing says that the log does not have the message; the rest is empty then.
	Missing bool
	At      time.Time
	Author  conversation.Author
	Who     string
	Text    string // the beginning of the text, or the name of the first file
	Type    string
	private bool
}

// File is a file of a message, as it was last known.
type File struct {
	conversation.File
	Refused bool   // it will never arrive
	Reason  string // why
}

// Reaction is an emoji that somebody put on a message.
type Reaction struct {
	At     time.Time
	Author conversation.Author
	Who    string
	Emoji  string
	Until  time.Time // when it was replaced or taken back; zero while it stands
	id     string
}

// Edit is a later wording of a message.
type Edit struct {
	At   time.Time
	Text string
	id   string
}

// Revocation says that the author took a message back. Its text is kept.
type Revocation struct {
	At     time.Time
	Author conversation.Author
	Who    string
}
