package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf16"
)

// Provider sends messages from WhatsApp numbers. Implementations live beside it; Cloud is the one for Meta's Cloud API.
//
// The platform has no idempotency key, so no implementation repeats a send. A method fails with ErrInvalid when nothing was sent
// because the message itself is wrong, with an *APIError when the platform definitely did not take it, and with an
// *UncertainError when it may have.
type Provider interface {
	SendText(ctx context.Context, m TextMessage) (Sent, error)
}

// ErrInvalid says that a message was refused before it was sent; the wrapping error says why.
var ErrInvalid = errors.New("whatsapp: message refused before sending")

// TextMessage is a text to one customer.
type TextMessage struct {
	// NumberID is the phone number id of the number that sends.
	NumberID string
	// To is exactly what WhatsApp last gave us for the customer: a phone in digits, or a business-scoped user id.
	To string
	// Body is 1 to MaxText UTF-16 units long; SplitText makes several of a longer text.
	Body string
	// PreviewURL asks for a preview of the first link.
	PreviewURL bool
	// ReplyTo is the wamid of the message to be quoted, or empty.
	ReplyTo string
	// CallbackData comes back in every status of the message; at most MaxCallbackData UTF-16 units.
	CallbackData string
}

// Sent is what the platform tells about a message that it accepted. Accepted is not delivered.
type Sent struct {
	// ID is the wamid.
	ID string
	// WaID is the customer's phone as WhatsApp has it, which may differ from the one sent to; empty for a user id.
	WaID string
	// UserID is the customer's user id, when the message went to it.
	UserID string
	// MessageStatus is "accepted", "held_for_quality_assessment", "paused" or empty.
	MessageStatus string
}

func (m TextMessage) validate() error {
	body, data := units(m.Body), units(m.CallbackData)
	switch {
	case !isPathSegment(m.NumberID):
		return fmt.Errorf("%w: phone number id", ErrInvalid)
	case body == 0 || body > MaxText:
		return fmt.Errorf("%w: text of %d units, not 1 to %d", ErrInvalid, body, MaxText)
	case data > MaxCallbackData:
		return fmt.Errorf("%w: callback data of %d units, at most %d", ErrInvalid, data, MaxCallbackData)
	case !IsUserID(m.To) && !isPhone(digits(m.To)):
		return fmt.Errorf("%w: recipient is neither a phone nor a user id", ErrInvalid)
	}
	return nil
}

// isPathSegment reports whether an id can stand in a path as it is.
func isPathSegment(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return s != ""
}

// units counts the UTF-16 units of a text.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
