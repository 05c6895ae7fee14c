package whatsapp

import (
	"context"
	"net/http"
)

type readRequest struct {
	Product   string      `json:"messaging_product"`
	Status    string      `json:"status"`
	MessageID string      `json:"message_id"`
	Typing    *typingBody `json:"typing_indicator,omitempty"`
}

type typingBody struct {
	Type string `json:"type"`
}

func newReadRequest(wamid string, typing bool) readRequest {
	r := readRequest{Product: "whatsapp", Status: "read", MessageID: wamid}
	if typing {
		r.Typing = &typingBody{Type: "text"}
	}
	return r
}

// MarkRead marks a customer's message, not older than 30 days, and all before it as read. With typing it also shows that an answer
// is being written, until one is sent or 25 seconds have passed.
//
// It is no message: after an *UncertainError at worst the marks are missing, and calling it again does no harm. Otherwise the
// errors are those of Provider.
//
// Sources, below https://developers.facebook.com/documentation/business-messaging/whatsapp/: messages/mark-message-as-read and
// typing-indicators.
func (a *api) MarkRead(ctx context.Context, numberID, wamid string, typing bool) error {
	switch {
	case !isPathSegment(numberID):
		return invalid("phone number id")
	case wamid == "":
		return invalid("no message to mark")
	}
	got, err := a.exchange(ctx, call{
		method: http.MethodPost, numberID: numberID, parts: []string{"messages"}, payload: newReadRequest(wamid, typing),
	})
	if err != nil {
		return ofRequest(err)
	}
	return got.success()
}
