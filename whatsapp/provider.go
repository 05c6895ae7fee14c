package whatsapp

import (
	"context"
	"errors"
)

// Provider speaks for WhatsApp numbers. Implementations live beside it; Cloud is the one for Meta's Cloud API, Dialog360 the one for
// 360dialog.
//
// The platform has no idempotency key, so no implementation repeats anything. A method fails with ErrInvalid when nothing was sent
// because the call itself is wrong, with an *APIError when the platform definitely did not take it, and with an
// *UncertainError when it may have. Only the uncertain outcome of a message, a Send, needs care: all other calls may be
// repeated at will.
type Provider interface {
	SendText(ctx context.Context, m TextMessage) (Sent, error)
	SendMedia(ctx context.Context, m MediaMessage) (Sent, error)
	SendTemplate(ctx context.Context, m TemplateMessage) (Sent, error)
	SendInteractive(ctx context.Context, m InteractiveMessage) (Sent, error)
	SendReaction(ctx context.Context, m ReactionMessage) (Sent, error)
	// MarkRead shows the customer that a message of theirs was read, and with typing that an answer is being written. It is no
	// message: an *UncertainError of it is harmless.
	MarkRead(ctx context.Context, numberID, wamid string, typing bool) error
	// Upload hands a file over and returns its media id, which lives for UploadedMediaLife.
	Upload(ctx context.Context, numberID string, f UploadFile) (mediaID string, err error)
	// FetchMedia opens a file of a customer, whose media id lives for InboundMediaLife.
	FetchMedia(ctx context.Context, numberID, mediaID string) (*Download, error)
	// Templates returns all message templates of a business account, approved or not.
	Templates(ctx context.Context, waba string) ([]Template, error)
	// ForgetContact erases a customer's entry in the platform's contact book.
	ForgetContact(ctx context.Context, numberID, userID string) error
}

// ErrInvalid says that a call was refused before anything was sent; the wrapping error says why.
var ErrInvalid = errors.New("whatsapp: message refused before sending")

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
