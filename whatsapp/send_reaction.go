package whatsapp

import "context"

// maxEmoji bounds a reaction: the longest emoji, a family with skin tones, stays well below.
const maxEmoji = 64

// ReactionMessage is an emoji on a customer's message. NumberID, To and CallbackData are those of TextMessage; a reaction quotes
// nothing.
type ReactionMessage struct {
	NumberID, To, CallbackData string
	// MessageID is the wamid of the message reacted to.
	MessageID string
	// Emoji is one emoji; empty takes an earlier reaction back.
	Emoji string
}

type reactionBody struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"` // sent when empty, too
}

// SendReaction sends a reaction once. See Provider for its errors.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
func (a *api) SendReaction(ctx context.Context, m ReactionMessage) (Sent, error) {
	if err := m.validate(); err != nil {
		return Sent{}, err
	}
	return a.send(ctx, m.NumberID, m.payload())
}

func (m ReactionMessage) envelope() envelope { return envelope{m.NumberID, m.To, "", m.CallbackData} }

func (m ReactionMessage) validate() error {
	switch {
	case m.MessageID == "":
		return invalid("no message to react to")
	case units(m.Emoji) > maxEmoji:
		return invalid("more than one emoji")
	}
	return m.envelope().validate()
}

func (m ReactionMessage) payload() payload {
	p := m.envelope().payload(TypeReaction)
	p.Reaction = &reactionBody{MessageID: m.MessageID, Emoji: m.Emoji}
	return p
}
