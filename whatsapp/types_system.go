package whatsapp

import "strings"

// The documented values of System.Type.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system
const (
	SystemChangedNumber   = "user_changed_number"
	SystemChangedUserID   = "user_changed_user_id"
	SystemIdentityChanged = "customer_identity_changed"
)

// System is a notice of WhatsApp about a customer. No human wrote it.
type System struct {
	Body string
	Type string
	// WaID is the new phone in digits.
	WaID string
	// UserID and PreviousUserID are the new and the old business-scoped user id.
	UserID         string
	PreviousUserID string

	ParentUserID         string
	PreviousParentUserID string
	// Customer is the phone before the change, in older bodies.
	Customer string
	// Identity is the hash of the customer's new identity key.
	Identity string
}

func (d *decoder) system(v value) *System {
	s := new(System)
	for key, v := range d.object(v) {
		switch key {
		case "body":
			s.Body = d.text(v)
		case "type":
			s.Type = d.text(v)
		case "wa_id":
			s.WaID = d.text(v)
		case "new_wa_id": // older bodies
			if s.WaID == "" {
				s.WaID = d.text(v)
			}
		case "user_id":
			s.UserID = d.text(v)
		case "previous_user_id":
			s.PreviousUserID = d.text(v)
		case "parent_user_id":
			s.ParentUserID = d.text(v)
		case "previous_parent_user_id":
			s.PreviousParentUserID = d.text(v)
		case "customer":
			s.Customer = d.text(v)
		case "identity":
			s.Identity = d.identity(v)
		}
	}
	return s
}

// identity reads the hash, which comes alone or in an object.
func (d *decoder) identity(v value) string {
	if !v.isObject() {
		return d.text(v)
	}
	hash := ""
	for key, v := range v.members() {
		if key == "hash" {
			hash = d.text(v)
		}
	}
	return hash
}

// complete fills in what stands elsewhere: the message's own identity, and what only the sentence "User X changed from OLD to NEW"
// tells in bodies from before August 2026. The name in it is free text; OLD and NEW cannot hold a space.
func (s *System) complete(identity string) {
	if s.Identity == "" {
		s.Identity = identity
	}
	i := strings.LastIndex(s.Body, " changed from ")
	if i < 0 {
		return
	}
	old, current, found := strings.Cut(s.Body[i+len(" changed from "):], " to ")
	if !found {
		return
	}
	switch s.Type {
	case SystemChangedUserID:
		if s.UserID == "" && s.PreviousUserID == "" && IsUserID(old) && IsUserID(current) {
			s.UserID, s.PreviousUserID = current, old
		}
	case SystemChangedNumber:
		if s.WaID == "" && isPhone(current) {
			s.WaID = current
		}
	}
}

// Edit is a new version of an earlier message.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit
type Edit struct {
	// OriginalID is the wamid of the message that was edited.
	OriginalID string
	// Message is the new version, without id or sender; nil when absent.
	Message *Message
}

func (d *decoder) edit(v value) *Edit {
	e := new(Edit)
	for key, v := range d.object(v) {
		switch key {
		case "original_message_id":
			e.OriginalID = d.text(v)
		case "message":
			if !v.absent() {
				e.Message = d.message(v)
			}
		}
	}
	return e
}

// Revoke says that the sender deleted an earlier message for everyone.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/revoke
type Revoke struct {
	// OriginalID is the wamid of the message that was deleted.
	OriginalID string
}

func (d *decoder) revoke(v value) *Revoke {
	r := new(Revoke)
	for key, v := range d.object(v) {
		if key == "original_message_id" {
			r.OriginalID = d.text(v)
		}
	}
	return r
}

// Unsupported tells what kind of message WhatsApp would not hand over; Message.Errors tells why.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/unsupported
type Unsupported struct {
	// Type is such as "edit", "pin" or "poll_creation".
	Type string
}

func (d *decoder) unsupported(v value) *Unsupported {
	u := new(Unsupported)
	for key, v := range d.object(v) {
		if key == "type" {
			u.Type = d.text(v)
		}
	}
	return u
}
