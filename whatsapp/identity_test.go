package whatsapp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/whatsapp"
)

// Who a text may go to: a user id, or a phone of 7 to 15 digits in whatever dress the API accepts.
func TestSendTextRecipients(t *testing.T) {
	t.Parallel()
	nowhere := whatsapp.NewCloud(whatsapp.CloudConfig{Version: "v26.0", Token: token})
	for to, want := range map[string]bool{
		"1234567": true, "123456": false, "123456789012345": true, "1234567890123456": false,
		"+5521998877665": true, "+55 (21) 99887-7665": true, "(((5521998877665": true, "+ -()": false, "": false,
		"55.21.99887": false, "5521998877665;": false, "5521998877665\n": false, "５５２１９９８８７": false, "55/2199887": false, "55:2199887": false,
		"BR.88": true, "BR.ENT.88": true, "br.88": false, "BR.8/8": false, "BR.88 ": false, "+BR.88": false,
		"BR." + strings.Repeat("Z", 128): true, "BR." + strings.Repeat("Z", 129): false,
		"AZ.azAZ09": true, "BR.8`": false, "BR.8{": false, "BR.8@": false, "BR.8[": false, "BR.8:": false, "@R.8": false, "[R.8": false, "B[.8": false, "B@.8": false,
	} {
		m := hello()
		m.To = to
		_, err := nowhere.SendText(t.Context(), m)
		if got := !errors.Is(err, whatsapp.ErrInvalid); got != want {
			t.Errorf("%q: got %v", to, err)
		}
	}
}

// Only what can be a phone is taken out of the sentence of a system message.
func TestParsePhoneOfSentence(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"5531912345678":     "5531912345678",
		"1234567":           "1234567",
		"123456":            "",
		"123456789012345":   "123456789012345",
		"1234567890123456":  "",
		"+5531912345678":    "",
		"55 31912345678":    "",
		"BR.2":              "",
		"5531912345678.":    "",
		"":                  "",
		"a to 553191234567": "",
	} {
		u := one(t, hook(change("messages", `"messages":[{"id":"m","type":"system","system":{"type":"user_changed_number",`+
			`"body":"User Ana changed from 5521998877665 to `+phone+`"}}]`)))
		if got := u.Message.System.WaID; got != want {
			t.Errorf("%q: got %q, want %q", phone, got, want)
		}
	}
}

// The sentence fills in only what the fields leave out, and only for the type of system message that it is about.
func TestParseSentenceBesideFields(t *testing.T) {
	t.Parallel()
	const ids, phones = `"body":"User Ana changed from BR.1 to BR.2"`, `"body":"User Ana changed from 5521998877665 to 5531912345678"`
	for members, want := range map[string]whatsapp.System{
		ids + `,"type":"user_changed_user_id"`:                           {UserID: "BR.2", PreviousUserID: "BR.1"},
		ids + `,"type":"user_changed_user_id","previous_user_id":"BR.7"`: {PreviousUserID: "BR.7"},
		ids + `,"type":"user_changed_number"`:                            {},
		ids + `,"type":"customer_identity_changed"`:                      {},
		ids:                                      {},
		phones + `,"type":"user_changed_number"`: {WaID: "5531912345678"},
		phones + `,"type":"user_changed_number","wa_id":"551"`:                   {WaID: "551"},
		phones + `,"type":"user_changed_number","new_wa_id":"551"`:               {WaID: "551"},
		phones + `,"type":"user_changed_number","wa_id":"2","new_wa_id":"551"`:   {WaID: "2"},
		phones + `,"type":"user_changed_number","new_wa_id":"551","wa_id":"2"`:   {WaID: "2"},
		phones + `,"type":"user_changed_user_id"`:                                {},
		`"body":"changed from BR.1 to BR.2","type":"user_changed_user_id"`:       {},
		`"body":"X changed from BR.1 to b","type":"user_changed_user_id"`:        {},
		`"body":"X changed from b to BR.2","type":"user_changed_user_id"`:        {},
		`"body":"X changed from BR.1, BR.2","type":"user_changed_user_id"`:       {},
		`"body":"X changed from BR.1 to BR.2 ","type":"user_changed_user_id"`:    {},
		`"body":"X changed from BR.1 to BR.2\n","type":"user_changed_user_id"`:   {},
		`"body":"\u0020changed from BR.1 to BR.2","type":"user_changed_user_id"`: {UserID: "BR.2", PreviousUserID: "BR.1"},
	} {
		u := one(t, hook(change("messages", `"messages":[{"id":"m","type":"system","system":{`+members+`}}]`)))
		got := *u.Message.System
		got.Body, got.Type = "", ""
		if got != want {
			t.Errorf("%s: got %+v, want %+v", members, got, want)
		}
	}
}
