package graph

import (
	"encoding/json"
	"slices"
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
	kindTemplate = "template"
)

// The states of a message. Those of the customer's messages are sent, delivered (the business' webhook took it) and
// read.
const (
	stateAccepted  = "accepted"
	stateSent      = "sent"
	stateDelivered = "delivered"
	stateRead      = "read"
	statePlayed    = "played"
	stateFailed    = "failed"
)

// The types of lines in a chat that are no messages: they tell of a call, or of a customer who is somebody else now.
const (
	typeCall   = "call"
	typeSystem = "system"
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
	Parent     string `json:"parent_bsuid,omitempty"` // of a business with several portfolios
	HidesPhone bool   `json:"hides_phone,omitempty"`
	AutoRead   bool   `json:"auto_read"`
	NoReceipts bool   `json:"no_receipts"`
	Offline    bool   `json:"offline,omitempty"` // nothing reaches the phone until it is back
	Gone       bool   `json:"gone,omitempty"`    // gave the phone up: nobody is there
	StopsAds   bool   `json:"stops_ads,omitempty"`
	// FailCode is an error that every message to the customer ends in, 0 none; FailWay is how the business learns of it.
	FailCode int    `json:"fail_code,omitempty"`
	FailWay  string `json:"fail_way,omitempty"`
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
	Template *TemplateView   `json:"template,omitempty"`
	Category string          `json:"category,omitempty"` // of the template, as the price list calls it
	Context  string          `json:"context,omitempty"`  // id of the quoted message
	At       time.Time       `json:"at"`
	State    string          `json:"state"`
	Fail     int             `json:"fail,omitempty"` // error code it fails, or failed, with
	Seen     bool            `json:"seen,omitempty"` // the customer looked at it
	Callback string          `json:"callback,omitempty"`
	// ToPhone and ToBSUID are what the business addressed, when the recipient is nobody also the only trace of it.
	ToPhone   string `json:"to_phone,omitempty"`
	ToBSUID   string `json:"to_bsuid,omitempty"`
	Forwarded bool   `json:"forwarded,omitempty"`
	Edited    bool   `json:"edited,omitempty"`
	Deleted   bool   `json:"deleted,omitempty"` // by the customer
	FromAd    bool   `json:"from_ad,omitempty"` // came with a referral
}

// chat returns the chat the message belongs to; what was sent to nobody shares one.
func (m *message) chat() chatKey { return chatKey{number: m.Number, customer: m.Customer} }

// onPhone reports whether the customer's phone shows the message.
func (m *message) onPhone() bool {
	return !m.Out || slices.Contains([]string{stateDelivered, stateRead, statePlayed}, m.State)
}

// quotable reports whether people can answer the message, react to it or take it back.
func (m *message) quotable() bool {
	return !m.Deleted && m.Type != "reaction" && m.Type != typeCall && m.Type != typeSystem
}

// media is an uploaded file. Its content is a blob with its id, or generated.
type media struct {
	ID       string    `json:"id"`
	Number   string    `json:"number,omitempty"` // whose API may look it up; "" before a customer has sent it
	MIME     string    `json:"mime"`
	SHA256   []byte    `json:"sha256"`
	Size     int64     `json:"size"`
	At       time.Time `json:"at"`
	Inbound  bool      `json:"inbound"` // uploaded by a customer
	Filename string    `json:"filename,omitempty"`
	// Seed is what the content is generated from when Generated is set.
	Seed      uint64 `json:"seed,omitempty"`
	Generated bool   `json:"generated,omitempty"`
	Claim     claim  `json:"claim"`
}

// claim is what WhatsApp says of a file where it differs from the truth.
type claim struct {
	Size        *int64 `json:"file_size,omitempty"`
	MIME        string `json:"mime_type,omitempty"`
	URL         string `json:"url,omitempty"`
	WrongSHA256 bool   `json:"wrong_sha256,omitempty"`
	NoURL       bool   `json:"no_url,omitempty"` // the webhook is without, as some are
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
