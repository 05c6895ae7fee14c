package whatsapp

import "encoding/json"

// Kind says which part of an Update is filled.
type Kind string

// The kinds of an Update.
const (
	// KindMessage is a message of a customer: Message is filled.
	KindMessage Kind = "message"
	// KindStatus is a delivery status of a message of ours: Status is filled.
	KindStatus Kind = "status"
	// KindEcho is a message that a colleague sent from the WhatsApp Business app: Message is filled, with To and ToUserID.
	KindEcho Kind = "echo"
	// KindCall is a step of a call: Call is filled.
	KindCall Kind = "call"
	// KindNumberError is an error of the number or the app that belongs to no message: Errors is filled.
	KindNumberError Kind = "number_error"
	// KindAccount is an update of any other webhook field: Raw is the field's value.
	KindAccount Kind = "account"
	// KindUnknown is what could not be understood: only Raw and what is known of its surroundings are filled.
	KindUnknown Kind = "unknown"
)

// The webhook fields that Parse takes apart.
const (
	FieldMessages = "messages"
	FieldEchoes   = "smb_message_echoes"
	FieldCalls    = "calls"
)

// Update is one thing that a webhook tells: a message, a status, a call, an error or an account event.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
type Update struct {
	Kind Kind
	// Field is the webhook field, such as "messages" or "account_update".
	Field string
	// WABA is the id of the WhatsApp Business account.
	WABA string
	// NumberID is the phone number id, by which an update is routed; empty when the webhook does not name one.
	NumberID string
	// Display is the number as shown to people.
	Display string
	Message *Message
	Status  *Status
	Call    *Call
	// Contact is the entry of the webhook's contacts that belongs to the message, status or call, nil when there is none. The user id
	// decides, then the phone; a single entry also matches when the two sides share no kind of id.
	Contact *Contact
	// Event is the event that an account update names, such as "ACCOUNT_RESTRICTION".
	Event string
	// Errors are the errors at the level of the webhook's value.
	Errors []Error
	// Raw is the JSON of this update alone: the message, the status, the call, or the value.
	Raw json.RawMessage
}

// Contact is what a webhook tells about a person. Any part may be absent, the phone too.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
type Contact struct {
	// Name is the profile name: free text, no proof of identity.
	Name string
	// Username is without a leading "@".
	Username string
	// WaID is the phone in digits.
	WaID string
	// UserID is the business-scoped user id.
	UserID       string
	ParentUserID string
}

// Error is an error that a webhook reports.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
type Error struct {
	// Code is NoCode when the error has none.
	Code    int
	Title   string
	Message string
	Details string
	Href    string
}

// Verdict tells what to do about the error.
func (e Error) Verdict() Verdict { return Judge(e.Code, 0) }

func (d *decoder) errors(v value) []Error {
	var list []Error
	for v := range d.array(v) {
		list = append(list, d.error(v))
	}
	return list
}

func (d *decoder) error(v value) Error {
	e := Error{Code: NoCode}
	for key, v := range d.object(v) {
		switch key {
		case "code":
			e.Code = d.integer(v, NoCode)
		case "title":
			e.Title = d.text(v)
		case "message":
			e.Message = d.text(v)
		case "details": // older bodies have it here
			e.Details = d.text(v)
		case "href":
			e.Href = d.text(v)
		case "error_data":
			for key, v := range d.object(v) {
				if key == "details" {
					e.Details = d.text(v)
				}
			}
		}
	}
	return e
}
