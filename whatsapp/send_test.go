package whatsapp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

// asked is what a peer was asked.
type asked struct {
	method, path, query string

	header http.Header
	body   map[string]any
}

// peer answers every request alike and hands out what it was asked.
type peer struct {
	*httptest.Server

	asked chan asked
}

func newPeer(t *testing.T, status int, answer string) *peer {
	t.Helper()
	p := &peer{asked: make(chan asked, 64)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, header: r.Header}
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if len(text) > 0 {
			if err := json.Unmarshal(text, &a.body); err != nil {
				t.Errorf("%v: %s", err, text)
			}
		}
		p.asked <- a
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *peer) cloud() *whatsapp.Cloud {
	return whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: p.URL + "/graph/", Version: "v26.0", Token: token, HTTP: p.Client()})
}

func (p *peer) dialog360() *whatsapp.Dialog360 {
	return whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: p.URL + "/d360", Key: token, HTTP: p.Client()})
}

// envelope is what messages have in common.
type envelope struct{ number, to, replyTo, data string }

// sender is a message of each type, in an envelope of the caller's.
type sender struct {
	send   func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error)
	kind   string
	part   map[string]any
	quotes bool
}

func senders() map[string]sender {
	text := func(s string) map[string]any { return map[string]any{"text": s} }
	return map[string]sender{
		"text": {func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error) {
			return p.SendText(ctx, whatsapp.TextMessage{NumberID: e.number, To: e.to, ReplyTo: e.replyTo, CallbackData: e.data, Body: "Olá"})
		}, "text", map[string]any{"body": "Olá"}, true},
		"media": {func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error) {
			return p.SendMedia(ctx, whatsapp.MediaMessage{
				NumberID: e.number, To: e.to, ReplyTo: e.replyTo, CallbackData: e.data, Kind: "image", MediaID: "9001",
			})
		}, "image", map[string]any{"id": "9001"}, true},
		"template": {func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error) {
			return p.SendTemplate(ctx, whatsapp.TemplateMessage{
				NumberID: e.number, To: e.to, ReplyTo: e.replyTo, CallbackData: e.data, Name: "retorno", Language: "pt_BR",
			})
		}, "template", map[string]any{"name": "retorno", "language": map[string]any{"code": "pt_BR"}}, true},
		"interactive": {func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error) {
			return p.SendInteractive(ctx, whatsapp.InteractiveMessage{
				NumberID: e.number, To: e.to, ReplyTo: e.replyTo, CallbackData: e.data, Kind: whatsapp.AskContact, Body: "Seu telefone?",
			})
		}, "interactive", map[string]any{
			"type": "request_contact_info", "body": text("Seu telefone?"), "action": map[string]any{"name": "request_contact_info"},
		}, true},
		"reaction": {func(ctx context.Context, p whatsapp.Provider, e envelope) (whatsapp.Sent, error) {
			return p.SendReaction(ctx, whatsapp.ReactionMessage{NumberID: e.number, To: e.to, CallbackData: e.data, MessageID: "wamid.M", Emoji: "👍🏽"})
		}, "reaction", map[string]any{"message_id": "wamid.M", "emoji": "👍🏽"}, false},
	}
}

// Every type of message, to every sort of recipient, by every provider.
func TestSendEnvelopes(t *testing.T) {
	t.Parallel()
	envelopes := map[string]struct {
		envelope envelope
		want     map[string]any
	}{
		"phone":   {envelope{to: "5521998877665"}, map[string]any{"to": "+5521998877665"}},
		"user id": {envelope{to: "BR.88"}, map[string]any{"recipient": "BR.88"}},
		"all": {envelope{to: "+55 21 99887-7665", replyTo: "wamid.Q", data: "thread/7"}, map[string]any{
			"to": "+5521998877665", "context": map[string]any{"message_id": "wamid.Q"}, "biz_opaque_callback_data": "thread/7",
		}},
	}
	p := newPeer(t, http.StatusOK, accepted)
	providers := map[string]struct {
		provider             whatsapp.Provider
		path, header, secret string
	}{
		"cloud":     {p.cloud(), "/graph/v26.0/7001/messages", "Authorization", "Bearer " + token},
		"360dialog": {p.dialog360(), "/d360/messages", "D360-API-KEY", token},
	}
	for name, via := range providers {
		for kind, s := range senders() {
			for case_, test := range envelopes {
				test.envelope.number = "7001"
				sent, err := s.send(t.Context(), via.provider, test.envelope)
				if want := (whatsapp.Sent{ID: "wamid.A", WaID: "552198877665", MessageStatus: "accepted"}); err != nil || sent != want {
					t.Fatalf("%s, %s, %s: got %+v, %v", name, kind, case_, sent, err)
				}
				got := <-p.asked
				want := map[string]any{"messaging_product": "whatsapp", "recipient_type": "individual", "type": s.kind, s.kind: s.part}
				maps.Copy(want, test.want)
				if !s.quotes {
					delete(want, "context")
				}
				if diff := cmp.Diff(want, got.body); diff != "" {
					t.Errorf("%s, %s, %s: %s", name, kind, case_, diff)
				}
				if got.method != http.MethodPost || got.path != via.path || got.query != "" {
					t.Errorf("%s, %s: got %s %s?%s", name, kind, got.method, got.path, got.query)
				}
				if got.header.Get(via.header) != via.secret || got.header.Get("Content-Type") != "application/json" || len(got.header["User-Agent"]) != 1 {
					t.Errorf("%s, %s: got %v", name, kind, got.header)
				}
			}
		}
	}
}

func TestSendRefusesEnvelopes(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	good := envelope{number: "7001", to: "5521998877665"}
	for name, change := range map[string]func(*envelope){
		"no number":       func(e *envelope) { e.number = "" },
		"number of a way": func(e *envelope) { e.number = "7001/../7002" },
		"no recipient":    func(e *envelope) { e.to = "" },
		"a name":          func(e *envelope) { e.to = "ana.prado" },
		"callback data":   func(e *envelope) { e.data = strings.Repeat("a", 513) },
	} {
		for kind, s := range senders() {
			e := good
			change(&e)
			if sent, err := s.send(t.Context(), p.cloud(), e); !errors.Is(err, whatsapp.ErrInvalid) || sent != (whatsapp.Sent{}) {
				t.Errorf("%s, %s: got %+v, %v", name, kind, sent, err)
			}
		}
	}
	if len(p.asked) > 0 {
		t.Error("a request was sent")
	}
}

func TestSendOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		answer string
		want   string
	}{
		{400, `{"error":{"code":131047}}`, "needs_template"},
		{400, `{"error":{"code":132001}}`, "template"},
		{401, ``, "auth"},
		{503, `{"error":{"code":131016}}`, "transient"},
		{502, `<html>`, "uncertain"},
		{200, `{}`, "uncertain"},
	} {
		p := newPeer(t, test.status, test.answer)
		for kind, s := range senders() {
			_, err := s.send(t.Context(), p.dialog360(), envelope{number: "7001", to: "BR.88"})
			if got := outcome(err); got != test.want {
				t.Errorf("%s, %d %s: got %s", kind, test.status, test.answer, got)
			}
			if strings.Contains(err.Error(), "the request") {
				t.Errorf("%s speaks of a request: %v", kind, err)
			}
		}
	}
}

// example reads a request of Meta's examples, with a phone for its recipient and without the brackets around its placeholders; false
// where there are none.
func example(t *testing.T, name string) (body map[string]any, ok bool) {
	t.Helper()
	file := shared(t, "corpus", "whatsapp", "facebook-openapi-requests", "messages_post_req_"+name+".json")
	if file == "" {
		return nil, false
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("{{Recipient-Phone-Number}}", "+5521998877665", `"<`, `"`, `>"`, `"`).Replace(string(text))
	if err := json.Unmarshal([]byte(plain), &body); err != nil {
		t.Fatal(err)
	}
	return body, true
}

// The bodies are those of Meta's examples.
func TestSendExamples(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	c := p.cloud()
	const number, to = "7001", "5521998877665"
	media := func(kind, id, replyTo, caption, filename string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.SendMedia(ctx, whatsapp.MediaMessage{
				NumberID: number, To: to, ReplyTo: replyTo, Kind: kind, MediaID: id, Caption: caption, Filename: filename,
			})
			return err
		}
	}
	const reply = "MSGID_OF_MSG_YOU_ARE_REPLYING_TO"
	list := whatsapp.InteractiveMessage{
		NumberID: number, To: to, Header: "HEADER_TEXT", Body: "BODY_TEXT", Footer: "FOOTER_TEXT",
		List: &whatsapp.ChoiceList{Button: "BUTTON_TEXT", Sections: []whatsapp.ListSection{
			{Title: "LIST_SECTION_1_TITLE", Rows: []whatsapp.ListRow{
				{ID: "LIST_SECTION_1_ROW_1_ID", Title: "SECTION_1_ROW_1_TITLE", Description: "SECTION_1_ROW_1_DESC"},
				{ID: "LIST_SECTION_1_ROW_2_ID", Title: "SECTION_1_ROW_2_TITLE", Description: "SECTION_1_ROW_2_DESC"},
			}},
			{Title: "LIST_SECTION_2_TITLE", Rows: []whatsapp.ListRow{
				{ID: "LIST_SECTION_2_ROW_1_ID", Title: "SECTION_2_ROW_1_TITLE", Description: "SECTION_2_ROW_1_DESC"},
				{ID: "LIST_SECTION_2_ROW_2_ID", Title: "SECTION_2_ROW_2_TITLE", Description: "SECTION_2_ROW_2_DESC"},
			}},
		}},
	}
	quotedList := list
	quotedList.ReplyTo = "MSGID_OF_PREV_MSG"
	ask := func(m whatsapp.InteractiveMessage) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.SendInteractive(ctx, m); return err }
	}
	tests := map[string]func(context.Context) error{
		"send_image_message_by_id":             media("image", "IMAGE_OBJECT_ID", "", "", ""),
		"send_audio_message_by_id":             media("audio", "AUDIO_OBJECT_ID", "", "", ""),
		"send_video_message_by_id":             media("video", "VIDEO_OBJECT_ID", "", "VIDEO_CAPTION_TEXT", ""),
		"send_document_message_by_id":          media("document", "DOCUMENT_OBJECT_ID", "", "DOCUMENT_CAPTION_TO_SEND", "DOCUMENT_FILENAME"),
		"send_sticker_message_by_id":           media("sticker", "MEDIA_OBJECT_ID", "", "", ""),
		"send_reply_to_image_message_by_id":    media("image", "IMAGE_OBJECT_ID", "MSGID_OF_PREV_MSG", "", ""),
		"send_reply_to_audio_message_by_id":    media("audio", "AUDIO_OBJECT_ID", reply, "", ""),
		"send_reply_to_video_message_by_id":    media("video", "VIDEO_OBJECT_ID", reply, "VIDEO_CAPTION_TEXT", ""),
		"send_reply_to_document_message_by_id": media("document", "DOCUMENT_OBJECT_ID", reply, "DOCUMENT_CAPTION_TO_SEND", "DOCUMENT_FILENAME"),
		"send_reply_to_sticker_message_by_id":  media("sticker", "MEDIA_OBJECT_ID", reply, "", ""),
		"send_list_message":                    ask(list),
		"send_reply_to_list_message":           ask(quotedList),
		"send_reply_button": ask(whatsapp.InteractiveMessage{NumberID: number, To: to, Body: "BUTTON_TEXT", Buttons: []whatsapp.Choice{
			{ID: "UNIQUE_BUTTON_ID_1", Title: "BUTTON_TITLE_1"}, {ID: "UNIQUE_BUTTON_ID_2", Title: "BUTTON_TITLE_2"},
		}}),
		"send_reply_with_reaction_message": func(ctx context.Context) error {
			_, err := c.SendReaction(ctx, whatsapp.ReactionMessage{NumberID: number, To: to, MessageID: "wamid.HBgLM...", Emoji: "😀"})
			return err
		},
		"send_typing_indicator_and_read_receipt": func(ctx context.Context) error {
			err := c.MarkRead(ctx, number, "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUYzMjEzNDM2RTZGQ0MzMDJBRgA=", true)
			if outcome(err) == "uncertain" { // the peer answers with a message id
				return nil
			}
			return err
		},
	}
	for name, send := range tests {
		want, ok := example(t, name)
		if !ok {
			return
		}
		if want["to"] != nil && want["type"] == nil { // one example leaves it out
			want["type"] = "interactive"
		}
		if err := send(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, (<-p.asked).body); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
