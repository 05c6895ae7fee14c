package whatsapp

import "time"

// The states of a message of ours. Others may come at any time and change nothing.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
const (
	// StateAccepted is our own name for a send that was answered with 200.
	StateAccepted = "accepted"
	// StateSent means that the message left Meta's servers.
	StateSent = "sent"
	// StateDelivered means that it reached the device; it is left out when the message is read at the same moment.
	StateDelivered = "delivered"
	// StateRead means that it was shown; it never comes when the customer switched receipts off.
	StateRead = "read"
	// StatePlayed means that a voice note was played.
	StatePlayed = "played"
	// StateFailed means that it will not arrive; Errors say why.
	StateFailed = "failed"
)

// Status is a step on the way of a message of ours. Steps may be missing and come in any order.
type Status struct {
	// ID is the wamid of our message; it repeats over the statuses.
	ID string
	// State is the wire word, known or not.
	State string
	// Timestamp is in UTC, zero when absent.
	Timestamp time.Time
	// RecipientID is a phone in digits, or a group.
	RecipientID           string
	RecipientUserID       string
	RecipientParentUserID string
	// RecipientType is "group" for a message to a group, else empty.
	RecipientType string
	// ParticipantID and ParticipantUserID name the member of a group that the status is about.
	ParticipantID     string
	ParticipantUserID string
	// CallbackData is what the send carried in TextMessage.CallbackData.
	CallbackData string
	Pricing      *Pricing
	Errors       []Error
}

// Pricing tells what a message costs. It comes with "sent" and with one of "delivered" and "read".
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing
type Pricing struct {
	// Billable is to be dropped by Meta: rely on Type and Category.
	Billable bool
	// Model is "PMP" (per message) or "CBP" (per conversation).
	Model string
	// Type is "regular", "free_customer_service" or "free_entry_point"; empty in older bodies.
	Type string
	// Category is such as "service", "utility" or "marketing".
	Category string
}

func (d *decoder) status(v value) *Status {
	s := new(Status)
	for key, v := range d.object(v) {
		switch key {
		case "id":
			s.ID = d.text(v)
		case "status":
			s.State = d.text(v)
		case "timestamp":
			s.Timestamp = d.timestamp(v)
		case "recipient_id":
			s.RecipientID = d.text(v)
		case "recipient_user_id":
			s.RecipientUserID = d.text(v)
		case "recipient_parent_user_id", "parent_recipient_user_id": // both spellings have been seen
			s.RecipientParentUserID = d.text(v)
		case "recipient_type":
			s.RecipientType = d.text(v)
		case "recipient_participant_id":
			s.ParticipantID = d.text(v)
		case "recipient_participant_user_id":
			s.ParticipantUserID = d.text(v)
		case "biz_opaque_callback_data":
			s.CallbackData = d.text(v)
		case "pricing":
			s.Pricing = d.pricing(v)
		case "errors":
			s.Errors = d.errors(v)
		}
	}
	return s
}

func (d *decoder) pricing(v value) *Pricing {
	if v.absent() {
		return nil
	}
	p := new(Pricing)
	for key, v := range d.object(v) {
		switch key {
		case "billable":
			p.Billable = d.boolean(v)
		case "pricing_model":
			p.Model = d.text(v)
		case "type":
			p.Type = d.text(v)
		case "category":
			p.Category = d.text(v)
		}
	}
	return p
}
