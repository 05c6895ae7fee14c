package whatsapp

import "context"

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

type textBody struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url,omitempty"`
}

// SendText sends a text once. See Provider for its errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
func (a *api) SendText(ctx context.Context, m TextMessage) (Sent, error) {
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	return a.send(ctx, m.NumberID, m.payload())
}

func (m TextMessage) envelope() envelope {
	return envelope{m.NumberID, m.To, m.ReplyTo, m.CallbackData}
}

func (m TextMessage) validate() error {
	if body := units(m.Body); body == 0 || body > MaxText {
		return invalid("text of %d units, not 1 to %d", body, MaxText)
	}
	return m.envelope().validate()
}

func (m TextMessage) payload() payload {
	p := m.envelope().payload(TypeText)
	p.Text = &textBody{Body: m.Body, PreviewURL: m.PreviewURL}
	return p
}
