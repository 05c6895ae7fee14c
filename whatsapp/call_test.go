package whatsapp_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func TestParseCall(t *testing.T) {
	t.Parallel()
	const raw = `{"id":"wacid.1","from":"5521998877665","from_user_id":"BR.88","from_parent_user_id":"BR.ENT.55","to":"551140028922",` +
		`"timestamp":"1795300001","event":"connect","direction":"USER_INITIATED","session":{"sdp":"v=0","sdp_type":"offer"}}`
	u := one(t, hook(change("calls", `"contacts":[`+ana+`],"calls":[`+raw+`]`)))
	want := whatsapp.Update{
		Kind: whatsapp.KindCall, Field: "calls", WABA: "3011", NumberID: "7001", Display: "551140028922",
		Call: &whatsapp.Call{
			ID: "wacid.1", From: "5521998877665", UserID: "BR.88", ParentUserID: "BR.ENT.55", To: "551140028922",
			At: time.Unix(1795300001, 0).UTC(), Event: whatsapp.CallConnect, Direction: whatsapp.CallByUser,
		},
		Contact: &whatsapp.Contact{Name: "Ana", Username: "ana.prado", WaID: "5521998877665", UserID: "BR.88", ParentUserID: "BR.ENT.55"},
		Raw:     json.RawMessage(raw),
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
}

func TestParseCalls(t *testing.T) {
	t.Parallel()
	const connect, ringing = `{"id":"c1","event":"connect"}`, `"statuses":[{"id":"c9","type":"call","status":"RINGING"}]`
	tests := map[string]struct {
		members string
		want    []string
	}{
		"two":               {`"calls":[` + connect + `,{"id":"c2","event":"terminate"}]`, []string{"call 3011 7001 c1/connect", "call 3011 7001 c2/terminate"}},
		"ringing of ours":   {ringing, []string{"account 3011 7001"}},
		"call and ringing":  {`"calls":[` + connect + `],` + ringing, []string{"call 3011 7001 c1/connect", "account 3011 7001"}},
		"none":              {`"calls":[]`, []string{"account 3011 7001"}},
		"null":              {`"calls":null`, []string{"account 3011 7001"}},
		"no list":           {`"calls":"x"`, []string{"unknown 3011 7001"}},
		"no object":         {`"calls":[7,` + connect + `]`, []string{"unknown 3011 7001", "call 3011 7001 c1/connect"}},
		"no id":             {`"calls":[{"event":"connect"},` + connect + `]`, []string{"unknown 3011 7001", "call 3011 7001 c1/connect"}},
		"wrong type":        {`"calls":[{"id":"c3","event":{}}]`, []string{"unknown 3011 7001"}},
		"errors beside":     {`"calls":[` + connect + `],"errors":[{"code":12455}]`, []string{"call 3011 7001 c1/connect"}},
		"errors of no use":  {`"calls":[` + connect + `],"errors":7`, []string{"call 3011 7001 c1/connect"}},
		"contacts no list":  {`"calls":[` + connect + `],"contacts":{}`, []string{"call 3011 7001 c1/connect"}},
		"messages are none": {`"messages":[{"id":"m","type":"text"}]`, []string{"account 3011 7001"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, u := range parse(t, hook(change("calls", test.members))) {
				got = append(got, summary(u))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The contact of a call is the customer, whoever called.
func TestParseCallContact(t *testing.T) {
	t.Parallel()
	const bia = `{"wa_id":"5531912345678","user_id":"BR.99"}`
	for name, test := range map[string]struct{ members, want string }{
		"by user id, no phone":  {`"from_user_id":"BR.99","direction":"USER_INITIATED"`, "BR.99"},
		"by phone":              {`"from":"5521998877665","direction":"USER_INITIATED"`, "BR.88"},
		"by phone, no word":     {`"from":"5521998877665"`, "BR.88"},
		"called by us":          {`"from":"551140028922","to":"5531912345678","direction":"BUSINESS_INITIATED"`, "BR.99"},
		"called by us, user id": {`"from":"551140028922","to_user_id":"BR.88","direction":"BUSINESS_INITIATED"`, "BR.88"},
		"stranger":              {`"from":"5511900000000","direction":"USER_INITIATED"`, ""},
	} {
		u := one(t, hook(change("calls", `"contacts":[`+ana+`,`+bia+`],"calls":[{"id":"c",`+test.members+`}]`)))
		got := ""
		if u.Contact != nil {
			got = u.Contact.UserID
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestCallOpensWindow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		event, direction string
		want             bool
	}{
		"a call":           {"connect", "USER_INITIATED", true},
		"its end":          {"terminate", "USER_INITIATED", false},
		"a call of ours":   {"connect", "BUSINESS_INITIATED", false},
		"a recording":      {"call_recording_available", "", false},
		"nobody knows who": {"connect", "", false},
	} {
		body := fmt.Sprintf(`"calls":[{"id":"c","event":%q,"direction":%q}]`, test.event, test.direction)
		if u := one(t, hook(change("calls", body))); u.Call.OpensWindow() != test.want {
			t.Errorf("%s: got %v", name, !test.want)
		}
	}
}
