package graph

import (
	"encoding/json"
	"strings"
	"time"
)

// The kinds of entities in the store.
const (
	kindInstall  = "install"
	kindCustomer = "customer"
	kindMessage  = "message"
	kindMedia    = "media"
	kindUpdate   = "update"
	kindKnobs    = "knobs"
)

// The states of a message. Those of the customer's messages are sent, delivered (the business' webhook took it) and
// read.
const (
	stateAccepted  = "accepted"
	stateSent      = "sent"
	stateDelivered = "delivered"
	stateRead      = "read"
	stateFailed    = "failed"
)

// install is what makes the ids of this installation differ from those of another, and of its own earlier starts.
type install struct {
	Nonce  string `json:"nonce"`
	Starts int    `json:"starts"`
}

// customer is a person with a phone.
type customer struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Username   string `json:"username,omitempty"`
	WaID       string `json:"wa_id"` // digits, as WhatsApp registered the phone
	BSUID      string `json:"bsuid,omitempty"`
	HidesPhone bool   `json:"hides_phone,omitempty"`
	AutoRead   bool   `json:"auto_read"`
	NoReceipts bool   `json:"no_receipts"`
}

// phone returns what a webhook shows of the customer's number.
func (c *customer) phone() string {
	if c.HidesPhone {
		return ""
	}
	return c.WaID
}

// message is one message of a chat, in either direction.
type message struct {
	ID       string `json:"id"`
	Seq      int    `json:"seq"`
	Number   string `json:"number"`   // phone number id
	Customer string `json:"customer"` // "" when the recipient is nobody
	Out      bool   `json:"out"`      // from the business
	Type     string `json:"type"`
	// Content is the object under the type's name, in the words of the Cloud API.
	Content  json.RawMessage `json:"content"`
	Preview  string          `json:"preview,omitempty"` // a template's text, filled in
	Buttons  []string        `json:"buttons,omitempty"` // a template's quick replies
	Context  string          `json:"context,omitempty"` // id of the quoted message
	At       time.Time       `json:"at"`
	State    string          `json:"state"`
	Fail     int             `json:"fail,omitempty"` // error code it fails, or failed, with
	Seen     bool            `json:"seen,omitempty"` // the customer looked at it
	Callback string          `json:"callback,omitempty"`
	// ToPhone and ToBSUID are what the business addressed, when the recipient is nobody also the only trace of it.
	ToPhone string `json:"to_phone,omitempty"`
	ToBSUID string `json:"to_bsuid,omitempty"`
}

// chat returns the chat the message belongs to; what was sent to nobody shares one.
func (m *message) chat() chatKey { return chatKey{number: m.Number, customer: m.Customer} }

// onPhone reports whether the customer's phone shows the message.
func (m *message) onPhone() bool {
	return !m.Out || m.State == stateDelivered || m.State == stateRead
}

// media is an uploaded file.
type media struct {
	ID       string    `json:"id"`
	MIME     string    `json:"mime"`
	SHA256   []byte    `json:"sha256"`
	Content  []byte    `json:"content"`
	At       time.Time `json:"at"`
	Inbound  bool      `json:"inbound"` // uploaded by a customer
	Filename string    `json:"filename,omitempty"`
}

// expires returns when WhatsApp forgets the file: inbound media after 7 days, uploads after 30.
func (m *media) expires() time.Time {
	if m.Inbound {
		return m.At.Add(inboundMediaLife)
	}
	return m.At.Add(uploadLife)
}

// phoneKey returns the form two spellings of one phone share: Brazilian mobile numbers with the ninth digit.
func phoneKey(digits string) string {
	rest, brazil := strings.CutPrefix(digits, "55")
	if brazil && len(rest) == 10 && rest[2] >= '6' {
		return "55" + rest[:2] + "9" + rest[2:]
	}
	return digits
}
