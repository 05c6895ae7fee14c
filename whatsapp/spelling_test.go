package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/whatsapp"
)

// speller writes a document that means the same in another way.
type speller struct {
	descending bool   // order of the members
	escaped    bool   // every character as \uXXXX
	space      string // around every token
	strange    string // a member that nobody knows, in front of every object
}

func (s speller) write(b *strings.Builder, v any) {
	b.WriteString(s.space)
	defer b.WriteString(s.space)
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if s.descending {
			slices.Reverse(keys)
		}
		b.WriteString("{" + s.strange)
		for i, key := range keys {
			if i > 0 || s.strange != "" {
				b.WriteByte(',')
			}
			s.write(b, key)
			b.WriteByte(':')
			s.write(b, v[key])
		}
		b.WriteString(s.space + "}")
	case []any:
		b.WriteByte('[')
		for i, v := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			s.write(b, v)
		}
		b.WriteString(s.space + "]")
	case string:
		b.WriteString(s.quote(v))
	default:
		text, _ := json.Marshal(v)
		b.Write(text)
	}
}

func (s speller) quote(text string) string {
	if !s.escaped {
		quoted, _ := json.Marshal(text)
		return string(quoted)
	}
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, `\u%04X`, unit)
	}
	return `"` + b.String() + `"`
}

// webhooks returns bodies of all sorts, by name.
func webhooks(t *testing.T) map[string][]byte {
	t.Helper()
	bodies := map[string][]byte{
		"text":    []byte(textWebhook),
		"nothing": []byte(`{}`),
		"batch": []byte(hook(
			change("messages", `"contacts":[`+ana+`],"messages":[{"id":"m1","from":"5521998877665","type":"text","text":{"body":"{\"[👍🏽]\"}\\"}},`+
				`{"id":"m2","type":"image","image":{"id":9001,"caption":"\u2028<b>&\u0000"}},{"id":"m3","type":"hologram","hologram":[[{}],null,true]}]`),
			change("messages", `"statuses":[{"id":"o1","status":"failed","timestamp":1795300001,"errors":[{"code":131026,"error_data":{"details":"d"}}]}],`+
				`"errors":[{"code":130429}]`),
			change("smb_message_echoes", `"message_echoes":[{"id":"e1","to":"5521998877665","type":"edit","edit":{"message":{"id":"m1","text":{"body":"x"}}}}]`),
			change("account_update", `"event":"ACCOUNT_DELETED","x":[-1.50e+3,0.1,12345678901234567890]`),
			change("messages", `"messages":[7,{"id":[]},{"type":"text"}]`),
			change("calls", `"contacts":[`+ana+`],"calls":[{"id":"c1","from":"5521998877665","timestamp":"1795300001","event":"connect"}],"statuses":[{}]`),
			`{"field":"calls"}`,
		)),
	}
	maps.Copy(bodies, samples(t))
	return bodies
}

// What a webhook says does not depend on how it is spelled: order, escapes, white space, members of tomorrow.
func TestParseIsIndependentOfSpelling(t *testing.T) {
	t.Parallel()
	spellers := map[string]speller{
		"ascending":  {},
		"descending": {descending: true},
		"escaped":    {escaped: true},
		"spaced":     {space: " \t\r\n"},
		"tomorrow":   {strange: `"\u0070onte_x":{"a":["}]\"",{"id":"no","type":"no"},-0e1,null]}`},
		"all":        {descending: true, escaped: true, space: "\n ", strange: `"":[]`},
	}
	for file, body := range webhooks(t) {
		var document any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&document); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		want := parse(t, string(body))
		for name, s := range spellers {
			var b strings.Builder
			s.write(&b, document)
			got := parse(t, b.String())
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(whatsapp.Update{}, "Raw")); diff != "" {
				t.Errorf("%s, %s: %s", file, name, diff)
			}
			for i := range got {
				var was, is any
				if json.Unmarshal(want[i].Raw, &was) != nil || json.Unmarshal(got[i].Raw, &is) != nil {
					t.Fatalf("%s, %s: raw of update %d is no JSON", file, name, i)
				}
				if diff := cmp.Diff(was, is); diff != "" && s.strange == "" {
					t.Errorf("%s, %s: raw of update %d: %s", file, name, i, diff)
				}
			}
		}
	}
}

// The raw JSON of an update is the very text of the body, at its place.
func TestParseRawIsVerbatim(t *testing.T) {
	t.Parallel()
	for file, body := range webhooks(t) {
		rest := body
		for i, u := range parse(t, string(body)) {
			at := bytes.Index(rest, u.Raw)
			if at < 0 {
				t.Fatalf("%s: raw of update %d is not in the body behind the one before: %s", file, i, u.Raw)
			}
			if u.Kind == whatsapp.KindMessage || u.Kind == whatsapp.KindStatus {
				rest = rest[at+len(u.Raw):]
			}
		}
	}
}

// Nothing in an answer shares memory with the body, and no update's raw JSON with another's or with its own strings.
func TestParseSharesNoMemory(t *testing.T) {
	t.Parallel()
	for file, body := range webhooks(t) {
		want := parse(t, string(body))
		own := bytes.Clone(body)
		got, err := whatsapp.Parse(own)
		if err != nil {
			t.Fatal(err)
		}
		clear(own)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s lives in the body: %s", file, diff)
		}
		for i := range got {
			clear(got[i].Raw)
			if diff := cmp.Diff(want[i], got[i], cmpopts.IgnoreFields(whatsapp.Update{}, "Raw")); diff != "" {
				t.Errorf("%s: update %d lives in its raw JSON: %s", file, i, diff)
			}
			if diff := cmp.Diff(want[i+1:], got[i+1:]); diff != "" {
				t.Errorf("%s: updates behind %d live in its raw JSON: %s", file, i, diff)
			}
		}
	}
}

// As many updates as Meta puts into one body are all read, in their order.
func TestParseLargestWebhook(t *testing.T) {
	t.Parallel()
	const lines = 512
	text := strings.Repeat(`ç\n`, lines)
	messages := make([]string, whatsapp.UpdatesPerWebhook)
	for i := range messages {
		messages[i] = fmt.Sprintf(`{"id":"m%d","from":"55219%08d","timestamp":"1795300001","type":"text","text":{"body":"%s"}}`, i, i, text)
	}
	body := hook(change("messages", `"messages":[`+strings.Join(messages, ",")+`]`))
	updates := parse(t, body)
	if len(updates) != whatsapp.UpdatesPerWebhook {
		t.Fatalf("got %d updates", len(updates))
	}
	for i, u := range updates {
		if u.Message == nil || u.Message.ID != fmt.Sprintf("m%d", i) || u.Message.From != fmt.Sprintf("55219%08d", i) {
			t.Fatalf("update %d is %+v", i, u)
		}
		if want := strings.Repeat("ç\n", lines); u.Message.Text != want {
			t.Fatalf("text of update %d has %d bytes, want %d", i, len(u.Message.Text), len(want))
		}
	}
}
