package whatsapp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf16"
)

// envelope is what all messages have in common.
type envelope struct{ numberID, to, replyTo, callbackData string }

func (e envelope) validate() error {
	data := units(e.callbackData)
	switch {
	case !isPathSegment(e.numberID):
		return invalid("phone number id")
	case data > MaxCallbackData:
		return invalid("callback data of %d units, at most %d", data, MaxCallbackData)
	case !IsUserID(e.to) && !isPhone(digits(e.to)):
		return invalid("recipient is neither a phone nor a user id")
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}

// payload is the body of a message; exactly one of the parts is filled, the one that Type names.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
type payload struct {
	Product       string        `json:"messaging_product"`
	RecipientType string        `json:"recipient_type"`
	To            string        `json:"to,omitempty"`
	Recipient     string        `json:"recipient,omitempty"`
	Type          string        `json:"type"`
	Context       *quoteContext `json:"context,omitempty"`
	CallbackData  string        `json:"biz_opaque_callback_data,omitempty"`

	Text        *textBody        `json:"text,omitempty"`
	Image       *mediaBody       `json:"image,omitempty"`
	Audio       *mediaBody       `json:"audio,omitempty"`
	Video       *mediaBody       `json:"video,omitempty"`
	Document    *mediaBody       `json:"document,omitempty"`
	Sticker     *mediaBody       `json:"sticker,omitempty"`
	Template    *templateBody    `json:"template,omitempty"`
	Interactive *interactiveBody `json:"interactive,omitempty"`
	Reaction    *reactionBody    `json:"reaction,omitempty"`
}

type quoteContext struct {
	MessageID string `json:"message_id"`
}

// payload returns the body of a message of a type, without its part.
func (e envelope) payload(kind string) payload {
	p := payload{Product: "whatsapp", RecipientType: "individual", Type: kind, CallbackData: e.callbackData}
	if IsUserID(e.to) {
		p.Recipient = e.to
	} else {
		// Without the plus sign the API may put the business number's country code in front.
		p.To = "+" + digits(e.to)
	}
	if e.replyTo != "" {
		p.Context = &quoteContext{MessageID: e.replyTo}
	}
	return p
}

// send sends a message once.
func (a *api) send(ctx context.Context, numberID string, p payload) (Sent, error) {
	got, err := a.exchange(ctx, call{method: http.MethodPost, numberID: numberID, parts: []string{"messages"}, payload: p})
	if err != nil {
		return Sent{}, err
	}
	return got.sent()
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

// between reports whether a text has at least least and at most most UTF-16 units, and more than white space where it may not be
// empty.
func between(s string, least, most int) bool {
	n := units(s)
	return n >= least && n <= most && (least == 0 || strings.TrimSpace(s) != "")
}

// units counts the UTF-16 units of a text.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
