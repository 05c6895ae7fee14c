package whatsapp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

// hook wraps changes of one account into a webhook body.
func hook(changes ...string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"3011","changes":[` + strings.Join(changes, ",") + `]}]}`
}

const (
	metadata = `"messaging_product":"whatsapp","metadata":{"display_phone_number":"551140028922","phone_number_id":"7001"}`
	ana      = `{"profile":{"name":"Ana","username":"@ana.prado"},"wa_id":"5521998877665","user_id":"BR.88","parent_user_id":"BR.ENT.55"}`
)

// change is a change of a field whose value has metadata and more members.
func change(field, members string) string {
	return fmt.Sprintf(`{"value":{%s,%s},"field":%q}`, metadata, members, field)
}

func parse(t *testing.T, body string) []whatsapp.Update {
	t.Helper()
	updates, err := whatsapp.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return updates
}

func one(t *testing.T, body string) whatsapp.Update {
	t.Helper()
	updates := parse(t, body)
	if len(updates) != 1 {
		t.Fatalf("got %d updates, want one", len(updates))
	}
	return updates[0]
}

func TestParseText(t *testing.T) {
	t.Parallel()
	body := []byte(textWebhook)
	updates, err := whatsapp.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	clear(body) // the answer must not live in the caller's buffer
	start := strings.Index(textWebhook, `{"from"`)
	end := strings.Index(textWebhook, `]},"field"`)
	want := []whatsapp.Update{{
		Kind: whatsapp.KindMessage, Field: "messages", WABA: "301122334455667", NumberID: "700800900100200", Display: "551140028922",
		Message: &whatsapp.Message{
			ID: "wamid.HBgNNTUyMTk5ODg3NzY2NRUCABIYFDNBMDAwMDAwMDAwMDAwMDAwMDAxAA==", From: "5521998877665",
			FromUserID: "BR.8877665544332211", FromParentUserID: "BR.ENT.5566778899001122", Type: "text",
			Timestamp: time.Unix(1795300001, 0).UTC(), Text: "Olá! O pedido 4711 ainda não chegou, podem ver?",
		},
		Contact: &whatsapp.Contact{
			Name: "Ana Prado", Username: "ana.prado", WaID: "5521998877665",
			UserID: "BR.8877665544332211", ParentUserID: "BR.ENT.5566778899001122",
		},
		Raw: json.RawMessage(textWebhook[start:end]),
	}}
	if diff := cmp.Diff(want, updates); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		``:                       whatsapp.ErrNotObject,
		`[]`:                     whatsapp.ErrNotObject,
		`"text"`:                 whatsapp.ErrNotObject,
		`{"object":`:             whatsapp.ErrNotObject,
		textWebhook[:200]:        whatsapp.ErrNotObject,
		textWebhook + `{}`:       whatsapp.ErrNotObject,
		`{"entry":` + deep(80):   whatsapp.ErrTooDeep,
		hook(`{"x":` + deep(61)): whatsapp.ErrTooDeep,
	} {
		if updates, err := whatsapp.Parse([]byte(body)); !errors.Is(err, want) || updates != nil {
			t.Errorf("%.40q: got %v, %v, want %v", body, updates, err, want)
		}
	}
}

func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) + "}" }

func TestParseNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`,
		`{"object":"page","entry":[{"id":"1","changes":[{"field":"messages","value":{}}]}]}`,
		`{"object":7,"entry":[{"id":"1","changes":[{"field":"messages","value":{}}]}]}`,
		`{"object":"whatsapp_business_account"}`,
		`{"object":"whatsapp_business_account","entry":null}`,
		`{"object":"whatsapp_business_account","entry":[]}`,
		`{"object":"whatsapp_business_account","entry":[{"id":"1"}]}`,
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":null}]}`,
		hook(),
	} {
		if updates := parse(t, body); len(updates) != 0 {
			t.Errorf("%s: got %d updates", body, len(updates))
		}
	}
}

// summary is what tells updates apart in a table.
func summary(u whatsapp.Update) string {
	id := ""
	switch {
	case u.Message != nil:
		id = u.Message.ID
	case u.Status != nil:
		id = u.Status.ID + "/" + u.Status.State
	case u.Call != nil:
		id = u.Call.ID + "/" + u.Call.Event
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", u.Kind, u.WABA, u.NumberID, id))
}

func TestParseBatch(t *testing.T) {
	t.Parallel()
	body := `{"entry":[` +
		`{"changes":[` +
		change("messages", `"messages":[{"id":"m1","type":"text"},{"id":"m2","type":"text"}],"statuses":[{"id":"o1","status":"read"}]`) + `,` +
		`{"field":"account_update","value":{"event":"ACCOUNT_DELETED"}}],"id":"A"},` +
		`{"id":"B","time":1795300000,"changes":[{"field":"messages","value":{"statuses":[{"id":"o2","status":"sent"}],` +
		`"metadata":{"phone_number_id":7002}}}]}` +
		`],"object":"whatsapp_business_account"}`
	want := []string{
		"message A 7001 m1", "message A 7001 m2", "status A 7001 o1/read", "account A", "status B 7002 o2/sent",
	}
	var got []string
	for _, u := range parse(t, body) {
		got = append(got, summary(u))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseKeepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	good := `{"id":"ok","type":"text","text":{"body":"x"}}`
	tests := map[string]struct {
		body string
		raws []string // of the unknown updates
		good int      // how many other updates there are
	}{
		"entry is no list":      {`{"object":"whatsapp_business_account","entry":{"id":"1"}}`, []string{`{"id":"1"}`}, 0},
		"entries of all sorts":  {`{"object":"whatsapp_business_account","entry":[1,"x",{"id":[],"changes":[]}]}`, []string{`1`, `"x"`}, 0},
		"changes is no list":    {`{"object":"whatsapp_business_account","entry":[{"changes":true}]}`, []string{`true`}, 0},
		"change is no object":   {hook(`[]`, change("messages", `"messages":[`+good+`]`)), []string{`[]`}, 1},
		"no field":              {hook(`{"value":{"messages":[]}}`), []string{`{"value":{"messages":[]}}`}, 0},
		"field is no text":      {hook(`{"field":{},"value":{}}`), []string{`{"field":{},"value":{}}`}, 0},
		"no value":              {hook(`{"field":"messages"}`), []string{`{"field":"messages"}`}, 0},
		"value is no object":    {hook(`{"field":"messages","value":[1]}`), []string{`{"field":"messages","value":[1]}`}, 0},
		"empty value":           {hook(`{"field":"messages","value":{}}`), []string{`{}`}, 0},
		"nothing in lists":      {hook(`{"field":"messages","value":{"messages":[],"statuses":[]}}`), []string{`{"messages":[],"statuses":[]}`}, 0},
		"messages is no list":   {hook(`{"field":"messages","value":{"messages":{"a":1}}}`), []string{`{"a":1}`}, 0},
		"errors is no list":     {hook(`{"field":"messages","value":{"errors":"x"}}`), []string{`{"errors":"x"}`}, 0},
		"errors of wrong type":  {hook(`{"field":"messages","value":{"errors":[{"code":"x"}]}}`), []string{`{"errors":[{"code":"x"}]}`}, 0},
		"bad among good":        {hook(change("messages", `"messages":[7,{"id":{}},`+good+`,{"id":"w","type":"text","text":"x"}]`)), []string{`7`, `{"id":{}}`, `{"id":"w","type":"text","text":"x"}`}, 1},
		"message without id":    {hook(change("messages", `"messages":[{"type":"text"},`+good+`]`)), []string{`{"type":"text"}`}, 1},
		"status without state":  {hook(change("messages", `"statuses":[{"id":"o"},{"id":"o","status":"sent"}]`)), []string{`{"id":"o"}`}, 1},
		"status of wrong type":  {hook(change("messages", `"statuses":[{"id":"o","status":"sent","pricing":[]}]`)), []string{`{"id":"o","status":"sent","pricing":[]}`}, 0},
		"echo of wrong type":    {hook(change("smb_message_echoes", `"message_echoes":[{"id":"e","to":[]}]`)), []string{`{"id":"e","to":[]}`}, 0},
		"metadata of odd type":  {hook(`{"field":"messages","value":{"metadata":"x","messages":[` + good + `]}}`), nil, 1},
		"contacts of odd types": {hook(change("messages", `"contacts":[1,{"wa_id":[]}],"messages":[`+good+`]`)), nil, 1},
		"contacts is no list":   {hook(change("messages", `"contacts":"x","messages":[`+good+`]`)), nil, 1},
		"null everywhere":       {hook(change("messages", `"contacts":null,"statuses":null,"errors":null,"messages":[`+good+`]`)), nil, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var raws []string
			others := 0
			for _, u := range parse(t, test.body) {
				if u.Kind == whatsapp.KindUnknown {
					raws = append(raws, string(u.Raw))
				} else {
					others++
				}
			}
			if diff := cmp.Diff(test.raws, raws); diff != "" || others != test.good {
				t.Errorf("got %d others, want %d; unknown: %s", others, test.good, diff)
			}
		})
	}
}

// Every member of a message, given each wrong type in turn, makes that message unknown and leaves its neighbour alone.
func TestParseWrongTypesOneByOne(t *testing.T) {
	t.Parallel()
	paths := []string{
		`"type":%s`, `"from":%s`, `"from_user_id":%s`, `"group_id":%s`, `"timestamp":%s`, `"context":%s`, `"context":{"id":%s}`,
		`"context":{"forwarded":%s}`, `"context":{"referred_product":%s}`, `"referral":%s`, `"referral":{"welcome_message":%s}`, `"errors":%s`,
		`"errors":[%s]`, `"errors":[{"code":%s}]`, `"errors":[{"error_data":%s}]`, `"text":%s`, `"text":{"body":%s}`, `"image":%s`, `"audio":{"voice":%s}`,
		`"location":%s`, `"location":{"latitude":%s}`, `"contacts":%s`, `"contacts":[{"phones":%s}]`, `"contacts":[{"name":%s}]`, `"contacts":[{"org":%s}]`,
		`"contacts":[{"emails":[%s]}]`, `"interactive":%s`, `"interactive":{"button_reply":%s}`, `"interactive":{"nfm_reply":%s}`,
		`"interactive":{"call_permission_reply":%s}`, `"button":%s`, `"reaction":%s`, `"order":%s`, `"order":{"product_items":%s}`, `"system":%s`,
		`"edit":%s`, `"edit":{"message":%s}`, `"edit":{"message":{"text":%s}}`, `"revoke":%s`, `"unsupported":%s`,
	}
	for _, path := range paths {
		failed := 0
		for _, wrong := range []string{`null`, `"x"`, `1`, `true`, `{"x":1}`, `[[]]`} {
			message := `{"id":"m",` + fmt.Sprintf(path, wrong) + `}`
			updates := parse(t, hook(change("messages", `"messages":[`+message+`,{"id":"n","type":"text"}]`)))
			if len(updates) != 2 || updates[1].Kind != whatsapp.KindMessage {
				t.Fatalf("%s: the neighbour is hurt", message)
			}
			if updates[0].Kind == whatsapp.KindUnknown {
				failed++
				if wrong == `null` {
					t.Errorf("%s: null is not taken as absent", message)
				}
				if string(updates[0].Raw) != message {
					t.Errorf("%s: raw is %s", message, updates[0].Raw)
				}
			}
		}
		if failed == 0 {
			t.Errorf("%s: no type is refused", path)
		}
	}
}

func TestParseAccountEvents(t *testing.T) {
	t.Parallel()
	u := one(t, hook(`{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"expiration":1}]}}`))
	want := whatsapp.Update{
		Kind: whatsapp.KindAccount, Field: "account_update", WABA: "3011", Event: "ACCOUNT_RESTRICTION",
		Raw: json.RawMessage(`{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"expiration":1}]}`),
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
	for _, field := range []string{
		"account_alerts", "account_review_update", "automatic_events", "business_capability_update", "history", "message_template_components_update",
		"message_template_quality_update", "message_template_status_update", "partner_solutions", "payment_configuration_update",
		"phone_number_name_update", "phone_number_quality_update", "security", "smb_app_state_sync", "template_category_update", "user_preferences",
		"calls", "business_username_updates", "group_lifecycle_update", "standby", "something_new",
	} {
		u := one(t, hook(change(field, `"contacts":[`+ana+`],"x":[1]`)))
		if u.Kind != whatsapp.KindAccount || u.Field != field || u.NumberID != "7001" || u.Contact == nil || u.Contact.UserID != "BR.88" {
			t.Errorf("%s: got %+v", field, u)
		}
	}
}

func TestParseValueErrors(t *testing.T) {
	t.Parallel()
	const errs = `"errors":[{"code":130429,"title":"Rate limit hit","message":"Rate limit hit","error_data":{"details":"too many"},"href":"h"}]`
	want := []whatsapp.Error{{Code: 130429, Title: "Rate limit hit", Message: "Rate limit hit", Details: "too many", Href: "h"}}
	tests := map[string]struct {
		members string
		kind    whatsapp.Kind
	}{
		"alone":         {errs, whatsapp.KindNumberError},
		"with message":  {`"messages":[{"id":"m","type":"interactive"}],` + errs, whatsapp.KindMessage},
		"with status":   {errs + `,"statuses":[{"id":"o","status":"failed"}]`, whatsapp.KindStatus},
		"empty message": {errs + `,"messages":[]`, whatsapp.KindNumberError},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := one(t, hook(change("messages", test.members)))
			if diff := cmp.Diff(want, u.Errors); diff != "" || u.Kind != test.kind || u.NumberID != "7001" {
				t.Errorf("got %s: %s", u.Kind, diff)
			}
			if v := u.Errors[0].Verdict(); v.Class != whatsapp.ClassThrottledNumber || v.Scope != whatsapp.ScopeLane {
				t.Errorf("got %+v", v)
			}
		})
	}
}

func TestParseContact(t *testing.T) {
	t.Parallel()
	const bia = `{"wa_id":"5531912345678","user_id":"BR.99"}`
	tests := map[string]struct {
		contacts, message string
		want              string // user id or phone of the contact
	}{
		"by user id":                     {bia + `,` + ana, `"from_user_id":"BR.88"`, "BR.88"},
		"by phone":                       {bia + `,` + ana, `"from":"5521998877665"`, "BR.88"},
		"user id before phone":           {`{"wa_id":"55"},` + bia, `"from":"55","from_user_id":"BR.99"`, "BR.99"},
		"recycled phone":                 {`{"wa_id":"55","user_id":"BR.1"}`, `"from":"55","from_user_id":"BR.2"`, ""},
		"single, other phone":            {`{"wa_id":"551"}`, `"from":"552"`, ""},
		"single, message without ids":    {`{"user_id":"BR.7"}`, `"type":"text"`, "BR.7"},
		"single, ids of different kinds": {`{"user_id":"BR.7"}`, `"from":"55"`, "BR.7"},
		"single without ids":             {`{"profile":{"name":"x"}}`, `"from":"55"`, ""},
		"two, ids of different kinds":    {`{"user_id":"BR.7"},{"user_id":"BR.8"}`, `"from":"55"`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := one(t, hook(change("messages", `"contacts":[`+test.contacts+`],"messages":[{"id":"m",`+test.message+`}]`)))
			got := ""
			if u.Contact != nil {
				got = u.Contact.UserID
				if got == "" {
					got = u.Contact.WaID
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if name == "single without ids" && (u.Contact == nil || u.Contact.Name != "x") {
				t.Errorf("got %+v", u.Contact)
			}
		})
	}
}

func TestParseEcho(t *testing.T) {
	t.Parallel()
	u := one(t, hook(change("smb_message_echoes", `"contacts":[`+ana+`],"message_echoes":[{"from":"551140028922","to":"5521998877665",`+
		`"to_user_id":"BR.88","to_parent_user_id":"BR.ENT.55","id":"e1","timestamp":"1795300001","type":"text","text":{"body":"Já vi"}}]`)))
	want := &whatsapp.Message{
		ID: "e1", From: "551140028922", To: "5521998877665", ToUserID: "BR.88", ToParentUserID: "BR.ENT.55", Type: "text", Text: "Já vi",
		Timestamp: time.Unix(1795300001, 0).UTC(),
	}
	if diff := cmp.Diff(want, u.Message); diff != "" || u.Kind != whatsapp.KindEcho || u.Contact == nil || u.Contact.Name != "Ana" {
		t.Errorf("got %s of %+v: %s", u.Kind, u.Contact, diff)
	}
}

func TestParseTimestamp(t *testing.T) {
	t.Parallel()
	second := time.Unix(1795300001, 0).UTC()
	for text, want := range map[string]time.Time{
		`"1795300001"`:           second,
		`1795300001`:             second,
		`"1795300001250"`:        second.Add(250 * time.Millisecond),
		`1795300001250`:          second.Add(250 * time.Millisecond),
		`""`:                     {},
		`null`:                   {},
		`"soon"`:                 {},
		`0`:                      {},
		`-5`:                     {},
		`1e9`:                    {},
		`"253402300799999"`:      time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
		`"253402300800000"`:      {},
		`"99999999999999999999"`: {},
	} {
		u := one(t, hook(change("messages", `"messages":[{"id":"m","type":"text","timestamp":`+text+`}]`)))
		if u.Message == nil || !u.Message.Timestamp.Equal(want) {
			t.Errorf("%s: got %+v, want %v", text, u.Message, want)
		}
	}
}
