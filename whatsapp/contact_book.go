package whatsapp

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// ForgetContact erases the entry of a customer in the contact book, in which Meta keeps the phone behind a user id for the whole
// business portfolio. An entry that is not there is no error. Parent user ids are refused, with ErrInvalid: the platform has no
// entries for them. The other errors are those of Provider; it may be repeated.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
func (a *api) ForgetContact(ctx context.Context, numberID, userID string) error {
	switch {
	case !isPathSegment(numberID):
		return invalid("phone number id")
	case !IsUserID(userID) || strings.HasPrefix(userID[2:], ".ENT."):
		return invalid("not a user id of the contact book")
	}
	got, err := a.exchange(ctx, call{
		method: http.MethodDelete, numberID: numberID, parts: []string{"contact_book"},
		query: url.Values{"messaging_product": {"whatsapp"}, "bsuid": {userID}},
	})
	if err != nil {
		return ofRequest(err)
	}
	return got.success()
}
