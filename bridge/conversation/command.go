package conversation

import (
	"strings"
	"time"
)

// CommandKind names what an agent or a program asks for.
type CommandKind string

// The commands.
const (
	CommandReply    CommandKind = "reply"    // words for the customer
	CommandNote     CommandKind = "note"     // an internal note on the ticket
	CommandTemplate CommandKind = "template" // an approved template for the customer
	CommandStart    CommandKind = "start"    // a conversation that the company begins
	CommandStop     CommandKind = "stop"     // nothing goes to the customer any more; the ticket stays
	CommandRestart  CommandKind = "restart"  // undoes a stop
	CommandTyping   CommandKind = "typing"   // the customer sees that somebody writes
	// Since schema 3.
	CommandOpen     CommandKind = "open"     // an agent looks at it for the first time: the customer is greeted
	CommandTake     CommandKind = "take"     // an agent has it from now on
	CommandTransfer CommandKind = "transfer" // another agent or another queue has it
	CommandN2       CommandKind = "n2"       // the ticket goes to the second level, the chat ends
	CommandClose    CommandKind = "close"    // the attendance is finished, or waits for the customer
	CommandCancel   CommandKind = "cancel"   // it was opened by mistake
	CommandIdentify CommandKind = "identify" // the customer's company is told by its CNPJ
	CommandOverride CommandKind = "override" // attend in spite of a financial pending
	CommandPosition CommandKind = "position" // where another ticket stands, for the customer
	// Since schema 4.
	CommandSnooze    CommandKind = "snooze"    // put off until a time
	CommandWake      CommandKind = "wake"      // not any more
	CommandAttention CommandKind = "attention" // it needs attention
	CommandResolve   CommandKind = "resolve"   // it does not need any more
	CommandMute      CommandKind = "mute"      // nothing is said to the contact by itself
	CommandUnmute    CommandKind = "unmute"    //
	CommandOverrule  CommandKind = "overrule"  // a supervisor judges otherwise than the auditor
	// Since schema 5.
	CommandTag  CommandKind = "tag"  // tags for the conversation and its ticket
	CommandLink CommandKind = "link" // messages are copied onto another ticket
	// For the desk.
	CommandPresence CommandKind = "presence" // an agent takes conversations, or does not
	CommandLimit    CommandKind = "limit"    // how many an agent attends at once
)

// Command is one request of a person or a program.
type Command struct {
	ID       string      `json:"id"`           // chosen by who asks: the same one again is the same request
	Kind     CommandKind `json:"k"`            //
	Session  string      `json:"s,omitempty"`  // the conversation that is meant; all but start need it
	Agent    Agent       `json:"a,omitzero"`   // who asks
	Text     string      `json:"x,omitempty"`  // reply, note; the preview of a template
	Template *Template   `json:"t,omitempty"`  // template, start
	Choices  *Choices    `json:"ch,omitempty"` // reply with buttons or a list
	ReplyTo  string      `json:"re,omitempty"` // reply: the wamid of the message that is quoted
	Ticket   int64       `json:"ti,omitempty"` // start: go on in this ticket
	Contact  *Contact    `json:"c,omitempty"`  // start: what is known of the person
	Reason   string      `json:"r,omitempty"`  // stop, close, cancel, override: why
	// Since schema 3.
	To        Agent             `json:"to,omitzero"`  // transfer: to whom
	Group     string            `json:"g,omitempty"`  // transfer: to which queue, by name or id
	Subject   string            `json:"su,omitempty"` // close: what it was about
	Catalogue string            `json:"ca,omitempty"` // close: value of the service catalogue
	Folder    string            `json:"fo,omitempty"` // close: see the Folder values
	Fields    map[string]string `json:"fi,omitempty"` // n2, close: by the Field names
	CNPJ      string            `json:"cn,omitempty"` // identify
	// Since schema 4.
	Until    time.Time `json:"un,omitzero"`  // snooze
	Outcome  string    `json:"oc,omitempty"` // overrule: what it is instead, "" = nothing
	Presence Presence  `json:"pr,omitempty"` // presence
	Limit    int       `json:"li,omitempty"` // limit: 0 = the installation's
	// Since schema 5.
	Add      []string `json:"ta,omitempty"` // tag: as people wrote them
	Remove   []string `json:"tr,omitempty"` // tag: likewise
	Messages []string `json:"ms,omitempty"` // link: ids of messages
	Hours    int      `json:"h,omitempty"`  // link: those of so many hours, in place of ids
	// Upload is a file of a reply that was uploaded to Zendesk; the text is its caption then.
	Upload *Attached `json:"up,omitempty"`
}

// ClientID is the id as the client chose it: in a mailbox it stands behind the mailbox's key and a colon.
func (c Command) ClientID() string { return c.ID[strings.LastIndexByte(c.ID, ':')+1:] }

// Folders that a conversation is closed into.
const (
	FolderDone    = "finalizados" // it is finished
	FolderPending = "pendentes"   // it waits for the customer
)

// Agent is a person who works in Zendesk.
type Agent struct {
	ID   int64  `json:"id"`          // Zendesk user
	Name string `json:"n,omitempty"` // for transcripts
}

// Codes of refused commands.
const (
	RefusedOtherSession = "other_conversation" // the session is not the thread's newest conversation
	RefusedEnded        = "conversation_ended"
	RefusedOpen         = "conversation_open" // a second conversation; Answer.Session names the first
	RefusedStopped      = "conversation_stopped"
	RefusedTicket       = "ticket_solved"
	RefusedEmpty        = "nothing_to_send"
	RefusedWindow       = "window_closed" // nothing can be said before a template has been answered
	RefusedUnknown      = "unknown_command"
	RefusedMissing      = "fields_missing" // the text names them
	RefusedCNPJ         = "cnpj_invalid"
	RefusedNowhere      = "nowhere_to_go" // a transfer to nobody, or to who has it already
	RefusedNoPending    = "no_pending"    // nothing to override
	RefusedTime         = "bad_time"      // nothing can be put off until then
	RefusedNoVerdict    = "no_verdict"    // nothing to overrule
	RefusedFull         = "limit_reached" // the agent has as many as they may
	RefusedNoAgent      = "no_agent"      // Zendesk knows no such agent
	RefusedTag          = "bad_tag"       // Zendesk takes no such tag, or it is not for agents to take off
	RefusedFile         = "bad_file"      // the file can't be sent, or is not there any more
	RefusedMessages     = "no_messages"   // the conversation has none of those that were chosen
)

// Answer is what became of a command.
type Answer struct {
	ID       string        `json:"id"`
	OK       bool          `json:"ok"`
	Code     string        `json:"code,omitempty"`    // why it was refused
	Text     string        `json:"text,omitempty"`    // pt-BR, for the agent
	Session  string        `json:"session,omitempty"` // the conversation
	Ticket   int64         `json:"ticket,omitempty"`  // its ticket, 0 while it is not made
	State    State         `json:"state,omitempty"`
	Delivery DeliveryState `json:"delivery,omitempty"` // of what was sent: queued, or kept while the window is closed
	Effects  []string      `json:"effects,omitempty"`  // what was put on its way
}

// Template is an approved template with its variables filled in.
type Template struct {
	Name     string   `json:"n"`
	Language string   `json:"l"` // such as pt_BR
	Header   string   `json:"h,omitempty"`
	Values   []string `json:"v,omitempty"`  // of the body's variables, in order
	Names    []string `json:"ns,omitempty"` // what these are called; nil when they are numbered
}

// Choices are quick answers below a text: up to three without description are buttons, else a list.
type Choices struct {
	Header  string   `json:"h,omitempty"`
	Footer  string   `json:"f,omitempty"`
	Button  string   `json:"b,omitempty"` // what opens a list
	Options []Option `json:"o"`
}

// Option is one quick answer.
type Option struct {
	ID          string `json:"id"`
	Title       string `json:"t"`
	Description string `json:"d,omitempty"`
}

// Buttons tells whether the choices fit on buttons.
func (c Choices) Buttons() bool {
	const most = 3
	for _, o := range c.Options {
		if o.Description != "" {
			return false
		}
	}
	return len(c.Options) <= most
}
