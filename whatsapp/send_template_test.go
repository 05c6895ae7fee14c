package whatsapp_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func templateMessage(change func(*whatsapp.TemplateMessage)) whatsapp.TemplateMessage {
	m := whatsapp.TemplateMessage{NumberID: "7001", To: "5521998877665", Name: "pedido_2", Language: "pt_BR"}
	change(&m)
	return m
}

func TestSendTemplateComponents(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	type list = []any
	text := func(s string) object { return object{"type": "text", "text": s} }
	header := func(parameter object) list { return list{object{"type": "header", "parameters": list{parameter}}} }
	tests := map[string]struct {
		change func(*whatsapp.TemplateMessage)
		want   list
	}{
		"none": {func(*whatsapp.TemplateMessage) {}, nil},
		"body": {func(m *whatsapp.TemplateMessage) { m.Body = []string{"Ana", "4711"} }, list{
			object{"type": "body", "parameters": list{text("Ana"), text("4711")}},
		}},
		"white space in values": {func(m *whatsapp.TemplateMessage) { m.Body = []string{" Ana \n\t Prado\u00a0 "} }, list{
			object{"type": "body", "parameters": list{text("Ana Prado")}},
		}},
		"names": {func(m *whatsapp.TemplateMessage) {
			m.Body, m.Names, m.HeaderText, m.HeaderName = []string{"Ana"}, []string{"cliente"}, "4711", "pedido"
		}, list{
			object{"type": "header", "parameters": list{object{"type": "text", "text": "4711", "parameter_name": "pedido"}}},
			object{"type": "body", "parameters": list{object{"type": "text", "text": "Ana", "parameter_name": "cliente"}}},
		}},
		"header of text": {func(m *whatsapp.TemplateMessage) { m.HeaderText = "4711" }, header(text("4711"))},
		"header of a document": {func(m *whatsapp.TemplateMessage) {
			m.HeaderMedia = &whatsapp.TemplateMedia{Kind: "document", MediaID: "9001", Filename: "nota.pdf"}
		}, header(object{"type": "document", "document": object{"id": "9001", "filename": "nota.pdf"}})},
		"header of an image": {func(m *whatsapp.TemplateMessage) {
			m.HeaderMedia = &whatsapp.TemplateMedia{Kind: "image", MediaID: "9001", Filename: "a.png"}
		}, header(object{"type": "image", "image": object{"id": "9001"}})},
		"header of a video": {func(m *whatsapp.TemplateMessage) {
			m.HeaderMedia = &whatsapp.TemplateMedia{Kind: "video", MediaID: "9001"}
		}, header(object{"type": "video", "video": object{"id": "9001"}})},
		"buttons": {func(m *whatsapp.TemplateMessage) {
			m.Buttons = []whatsapp.TemplateButton{{Index: 0, Kind: "quick_reply", Payload: "talk/7"}, {Index: 2, Kind: "url", Payload: "4711"}}
		}, list{
			object{"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": list{object{"type": "payload", "payload": "talk/7"}}},
			object{"type": "button", "sub_type": "url", "index": "2", "parameters": list{text("4711")}},
		}},
	}
	p := newPeer(t, http.StatusOK, accepted)
	for name, test := range tests {
		if _, err := p.cloud().SendTemplate(t.Context(), templateMessage(test.change)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := object{"name": "pedido_2", "language": object{"code": "pt_BR"}}
		if test.want != nil {
			want["components"] = test.want
		}
		if diff := cmp.Diff(want, (<-p.asked).body["template"]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Meta's example, without the sorts of variables that are never sent and with the file by its id.
func TestSendTemplateExample(t *testing.T) {
	t.Parallel()
	want, ok := example(t, "send_message_template_interactive")
	if !ok {
		return
	}
	components := want["template"].(map[string]any)["components"].([]any)
	components[0].(map[string]any)["parameters"] = []any{map[string]any{"type": "image", "image": map[string]any{"id": "9001"}}}
	body := components[1].(map[string]any)
	body["parameters"] = body["parameters"].([]any)[:1]
	p := newPeer(t, http.StatusOK, accepted)
	_, err := p.cloud().SendTemplate(t.Context(), whatsapp.TemplateMessage{
		NumberID: "7001", To: "5521998877665", Name: "template-name", Language: "language-and-locale-code", Body: []string{"text-string"},
		HeaderMedia: &whatsapp.TemplateMedia{Kind: whatsapp.TypeImage, MediaID: "9001"},
		Buttons: []whatsapp.TemplateButton{
			{Index: 0, Kind: whatsapp.TemplateQuickReply, Payload: "aGlzIHRoaXMgaXMgY29v"},
			{Index: 1, Kind: whatsapp.TemplateQuickReply, Payload: "9rwnB8RbYmPF5t2Mn09x4h"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, (<-p.asked).body); diff != "" {
		t.Error(diff)
	}
}

func TestSendTemplateRefuses(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	button := func(b ...whatsapp.TemplateButton) func(*whatsapp.TemplateMessage) {
		return func(m *whatsapp.TemplateMessage) { m.Buttons = b }
	}
	good := whatsapp.TemplateButton{Kind: "url", Payload: "x"}
	for name, change := range map[string]func(*whatsapp.TemplateMessage){
		"no name":       func(m *whatsapp.TemplateMessage) { m.Name = "" },
		"odd name":      func(m *whatsapp.TemplateMessage) { m.Name = "Olá mundo" },
		"long name":     func(m *whatsapp.TemplateMessage) { m.Name = strings.Repeat("a", 513) },
		"no language":   func(m *whatsapp.TemplateMessage) { m.Language = "" },
		"blank value":   func(m *whatsapp.TemplateMessage) { m.Body = []string{"a", " \n"} },
		"names missing": func(m *whatsapp.TemplateMessage) { m.Body, m.Names = []string{"a", "b"}, []string{"x"} },
		"name missing":  func(m *whatsapp.TemplateMessage) { m.Body, m.Names = []string{"a"}, []string{""} },
		"blank header":  func(m *whatsapp.TemplateMessage) { m.HeaderText = " " },
		"long header":   func(m *whatsapp.TemplateMessage) { m.HeaderText = strings.Repeat("a", 61) },
		"two headers": func(m *whatsapp.TemplateMessage) {
			m.HeaderText, m.HeaderMedia = "a", &whatsapp.TemplateMedia{Kind: "image", MediaID: "1"}
		},
		"header of a sound": func(m *whatsapp.TemplateMessage) {
			m.HeaderMedia = &whatsapp.TemplateMedia{Kind: "audio", MediaID: "1"}
		},
		"header of no file":  func(m *whatsapp.TemplateMessage) { m.HeaderMedia = &whatsapp.TemplateMedia{Kind: "image"} },
		"kind of a button":   button(whatsapp.TemplateButton{Kind: "phone", Payload: "x"}),
		"place of a button":  button(whatsapp.TemplateButton{Kind: "url", Payload: "x", Index: -1}),
		"two at a place":     button(good, good),
		"button of nothing":  button(whatsapp.TemplateButton{Kind: "quick_reply", Payload: " "}),
		"recipient is blank": func(m *whatsapp.TemplateMessage) { m.To = " " },
	} {
		if sent, err := p.cloud().SendTemplate(t.Context(), templateMessage(change)); !errors.Is(err, whatsapp.ErrInvalid) || sent != (whatsapp.Sent{}) {
			t.Errorf("%s: got %+v, %v", name, sent, err)
		}
	}
	if len(p.asked) > 0 {
		t.Error("a request was sent")
	}
}
