package whatsapp

import "time"

// The documented values of Message.Type. Others may come at any time.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
const (
	TypeText           = "text"
	TypeImage          = "image"
	TypeVideo          = "video"
	TypeAudio          = "audio"
	TypeVoice          = "voice" // older bodies; today an audio with Media.Voice
	TypeDocument       = "document"
	TypeSticker        = "sticker"
	TypeLocation       = "location"
	TypeContacts       = "contacts"
	TypeInteractive    = "interactive"
	TypeButton         = "button"
	TypeReaction       = "reaction"
	TypeOrder          = "order"
	TypeSystem         = "system"
	TypeEdit           = "edit"
	TypeRevoke         = "revoke"
	TypeUnsupported    = "unsupported"
	TypeUnknown        = "unknown"
	TypeRequestWelcome = "request_welcome"
)

// Message is one message of a customer, or of a colleague in the WhatsApp Business app.
//
// Type says which of the pointers to look at; the pointer may be nil all the same, because bodies without the object of their
// type have been seen.
type Message struct {
	// ID is the wamid, the key for deduplication.
	ID string
	// From is the sender's phone in digits; absent for people who show a username only.
	From             string
	FromUserID       string
	FromParentUserID string
	// To and its like are filled in echoes only.
	To             string
	ToUserID       string
	ToParentUserID string
	// GroupID is set for messages of a group: they belong to no one-to-one conversation.
	GroupID string
	// Type is the wire type; when the body leaves it out, it is taken from the object that the body has.
	Type string
	// Timestamp is in UTC, zero when absent.
	Timestamp time.Time
	Context   *Context
	Referral  *Referral
	// Text is the body of a text message.
	Text string

	Media       *Media
	Location    *Location
	Contacts    []Card
	Interactive *Interactive
	Button      *Button
	Reaction    *Reaction
	Order       *Order
	System      *System
	Edit        *Edit
	Revoke      *Revoke
	Unsupported *Unsupported

	// Errors say why a message could not be delivered to us whole.
	Errors []Error
}

// message reads a message or an echo.
func (d *decoder) message(v value) *Message {
	m := new(Message)
	var content, identity string
	for key, v := range d.object(v) {
		switch key {
		case "id":
			m.ID = d.text(v)
		case "from":
			m.From = d.text(v)
		case "from_user_id":
			m.FromUserID = d.text(v)
		case "from_parent_user_id":
			m.FromParentUserID = d.text(v)
		case "to":
			m.To = d.text(v)
		case "to_user_id":
			m.ToUserID = d.text(v)
		case "to_parent_user_id":
			m.ToParentUserID = d.text(v)
		case "group_id":
			m.GroupID = d.text(v)
		case "type":
			m.Type = d.text(v)
		case "timestamp":
			m.Timestamp = d.timestamp(v)
		case "context":
			m.Context = d.context(v)
		case "referral":
			m.Referral = d.referral(v)
		case "identity":
			identity = d.identity(v)
		case "errors":
			m.Errors = d.errors(v)
		default:
			if !v.absent() && d.content(m, key, v) {
				content = key
			}
		}
	}
	if m.Type == "" {
		m.Type = content
	}
	if m.System != nil {
		m.System.complete(identity)
	}
	return m
}

// content reads the object of a message type into m and reports whether the key names one.
func (d *decoder) content(m *Message, key string, v value) bool {
	switch key {
	case TypeText:
		m.Text = d.body(v)
	case TypeImage, TypeVideo, TypeAudio, TypeVoice, TypeDocument, TypeSticker:
		m.Media = d.media(v)
		m.Media.Voice = m.Media.Voice || key == TypeVoice
	case TypeLocation:
		m.Location = d.location(v)
	case TypeContacts:
		m.Contacts = d.cards(v)
	case TypeInteractive:
		m.Interactive = d.interactive(v)
	case TypeButton:
		m.Button = d.button(v)
	case TypeReaction:
		m.Reaction = d.reaction(v)
	case TypeOrder:
		m.Order = d.order(v)
	case TypeSystem:
		m.System = d.system(v)
	case TypeEdit:
		m.Edit = d.edit(v)
	case TypeRevoke:
		m.Revoke = d.revoke(v)
	case TypeUnsupported:
		m.Unsupported = d.unsupported(v)
	default:
		return false
	}
	return true
}

// body reads {"body": …}.
func (d *decoder) body(v value) string {
	body := ""
	for key, v := range d.object(v) {
		if key == "body" {
			body = d.text(v)
		}
	}
	return body
}
