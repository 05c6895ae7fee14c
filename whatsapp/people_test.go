package whatsapp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

// People who show a username only: nothing that is told about them carries a phone.
func TestParseWithoutAnyPhone(t *testing.T) {
	t.Parallel()
	const bia = `{"profile":{"name":"Bia","username":"bia.reis"},"user_id":"BR.99","parent_user_id":"BR.ENT.77"}`
	at := time.Unix(1795300001, 0).UTC()
	contact := &whatsapp.Contact{Name: "Bia", Username: "bia.reis", UserID: "BR.99", ParentUserID: "BR.ENT.77"}
	const ids = `"from_user_id":"BR.99","from_parent_user_id":"BR.ENT.77","timestamp":"1795300001"`
	tests := map[string]struct {
		change string
		want   whatsapp.Update
	}{
		"message": {
			change("messages", `"contacts":[`+bia+`],"messages":[{"id":"m",`+ids+`,"type":"text","text":{"body":"oi"}}]`),
			whatsapp.Update{Kind: whatsapp.KindMessage, Field: "messages", Contact: contact, Message: &whatsapp.Message{
				ID: "m", FromUserID: "BR.99", FromParentUserID: "BR.ENT.77", Timestamp: at, Type: "text", Text: "oi",
			}},
		},
		"edit, handed over as unsupported": {
			change("messages", `"contacts":[`+bia+`],"messages":[{"id":"m",`+ids+`,"type":"unsupported","unsupported":{"type":"edit"},"errors":[{"code":131051}]}]`),
			whatsapp.Update{Kind: whatsapp.KindMessage, Field: "messages", Contact: contact, Message: &whatsapp.Message{
				ID: "m", FromUserID: "BR.99", FromParentUserID: "BR.ENT.77", Timestamp: at, Type: "unsupported",
				Unsupported: &whatsapp.Unsupported{Type: "edit"}, Errors: []whatsapp.Error{{Code: 131051}},
			}},
		},
		"user id that was changed": {
			change("messages", `"messages":[{"id":"m","timestamp":"1795300001","type":"system","system":{"type":"user_changed_user_id",`+
				`"body":"User Bia changed from BR.99 to BR.100","previous_user_id":"BR.99","user_id":"BR.100"}}]`),
			whatsapp.Update{Kind: whatsapp.KindMessage, Field: "messages", Message: &whatsapp.Message{
				ID: "m", Timestamp: at, Type: "system", System: &whatsapp.System{
					Type: whatsapp.SystemChangedUserID, Body: "User Bia changed from BR.99 to BR.100", UserID: "BR.100", PreviousUserID: "BR.99",
				},
			}},
		},
		"status": {
			change("messages", `"contacts":[`+bia+`],"statuses":[{"id":"o","status":"played","timestamp":"1795300001","recipient_user_id":"BR.99"}]`),
			whatsapp.Update{Kind: whatsapp.KindStatus, Field: "messages", Contact: contact, Status: &whatsapp.Status{
				ID: "o", State: whatsapp.StatePlayed, Timestamp: at, RecipientUserID: "BR.99",
			}},
		},
		"echo": {
			change("smb_message_echoes", `"contacts":[`+bia+`],"message_echoes":[{"id":"e","to_user_id":"BR.99","type":"text","text":{"body":"oi"}}]`),
			whatsapp.Update{Kind: whatsapp.KindEcho, Field: "smb_message_echoes", Contact: contact, Message: &whatsapp.Message{
				ID: "e", ToUserID: "BR.99", Type: "text", Text: "oi",
			}},
		},
		"call": {
			change("calls", `"contacts":[`+bia+`],"calls":[{"id":"c",`+ids+`,"event":"connect","direction":"USER_INITIATED"}]`),
			whatsapp.Update{Kind: whatsapp.KindCall, Field: "calls", Contact: contact, Call: &whatsapp.Call{
				ID: "c", UserID: "BR.99", ParentUserID: "BR.ENT.77", At: at, Event: "connect", Direction: whatsapp.CallByUser,
			}},
		},
		"marketing preference": {
			change("user_preferences", `"contacts":[`+bia+`],"user_preferences":[{"user_id":"BR.99","category":"marketing_messages","value":"stop","timestamp":1795300001}]`),
			whatsapp.Update{Kind: whatsapp.KindAccount, Field: "user_preferences", Contact: contact},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := one(t, hook(test.change))
			got.Raw = nil
			test.want.WABA, test.want.NumberID, test.want.Display = "3011", "7001", "551140028922"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
