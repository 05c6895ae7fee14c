package whatsapp_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/whatsapp"
)

func FuzzParse(f *testing.F) {
	for _, body := range []string{
		textWebhook,
		`{}`,
		hook(),
		hook(change("messages", `"messages":[{"id":"m","type":"edit","edit":{"message":{"type":"image","image":{"id":1}}}},7]`)),
		hook(change("messages", `"statuses":[{"id":"o","status":"failed","errors":[{"code":131047}]}],"errors":[{"code":0}]`)),
		hook(change("smb_message_echoes", `"contacts":[`+ana+`],"message_echoes":[{"id":"e","to":"5521998877665","type":"text"}]`)),
		hook(change("calls", `"contacts":[`+ana+`],"calls":[{"id":"c","from":"5521998877665","event":"connect"},{"id":1}],"statuses":[{}]`)),
		hook(change("account_update", `"event":"ACCOUNT_DELETED"`)),
		hook(change("messages", `"messages":[{"id":"m","type":"system","system":{"body":"User \ud83d changed from BR.1 to BR.2"}}]`)),
	} {
		f.Add([]byte(body))
	}
	for _, body := range samples(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		updates, err := whatsapp.Parse(body)
		if err != nil {
			if updates != nil || !errors.Is(err, whatsapp.ErrNotObject) && !errors.Is(err, whatsapp.ErrTooDeep) {
				t.Fatalf("got %v with %d updates", err, len(updates))
			}
			return
		}
		if !json.Valid(body) {
			t.Fatal("not JSON, yet parsed")
		}
		for _, u := range updates {
			filled := map[whatsapp.Kind]bool{
				whatsapp.KindMessage: u.Message != nil && u.Status == nil && u.Message.ID != "",
				whatsapp.KindEcho:    u.Message != nil && u.Status == nil && u.Message.ID != "",
				whatsapp.KindStatus:  u.Status != nil && u.Message == nil && u.Status.ID != "" && u.Status.State != "",
				whatsapp.KindCall:    u.Call != nil && u.Message == nil && u.Status == nil && u.Call.ID != "",

				whatsapp.KindNumberError: len(u.Errors) > 0 && u.Message == nil && u.Status == nil,
				whatsapp.KindAccount:     u.Field != "" && u.Message == nil && u.Status == nil,
				whatsapp.KindUnknown:     u.Message == nil && u.Status == nil,
			}
			if (u.Call != nil) != (u.Kind == whatsapp.KindCall) || !filled[u.Kind] || !json.Valid(u.Raw) {
				t.Fatalf("kind %q is filled badly: %+v", u.Kind, u)
			}
			if _, err := json.Marshal(u); err != nil {
				t.Fatalf("cannot be stored: %v", err)
			}
			if u.Message != nil && u.Message.Timestamp.After(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)) {
				t.Fatalf("timestamp %v", u.Message.Timestamp)
			}
		}
	})
}
