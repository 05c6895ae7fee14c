package whatsapp_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/whatsapp"
)

func file(change func(*whatsapp.MediaMessage)) whatsapp.MediaMessage {
	m := whatsapp.MediaMessage{NumberID: "7001", To: "5521998877665", Kind: whatsapp.TypeDocument, MediaID: "9001"}
	change(&m)
	return m
}

func TestSendMedia(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	tests := map[string]struct {
		change func(*whatsapp.MediaMessage)
		want   map[string]any
	}{
		"document": {func(m *whatsapp.MediaMessage) { m.Filename, m.Caption = "nota.pdf", "Segue" }, map[string]any{
			"id": "9001", "filename": "nota.pdf", "caption": "Segue",
		}},
		"image": {func(m *whatsapp.MediaMessage) {
			m.Kind, m.Filename, m.Caption = "image", "a.png", strings.Repeat("ç", 1024)
		}, map[string]any{
			"id": "9001", "caption": strings.Repeat("ç", 1024),
		}},
		"video":      {func(m *whatsapp.MediaMessage) { m.Kind = "video" }, map[string]any{"id": "9001"}},
		"audio":      {func(m *whatsapp.MediaMessage) { m.Kind, m.Filename = "audio", "a.ogg" }, map[string]any{"id": "9001"}},
		"voice note": {func(m *whatsapp.MediaMessage) { m.Kind, m.Voice = "audio", true }, map[string]any{"id": "9001", "voice": true}},
		"sticker":    {func(m *whatsapp.MediaMessage) { m.Kind = "sticker" }, map[string]any{"id": "9001"}},
	}
	for name, test := range tests {
		m := file(test.change)
		if _, err := p.cloud().SendMedia(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := (<-p.asked).body
		if diff := cmp.Diff(test.want, got[m.Kind]); diff != "" || got["type"] != m.Kind {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSendMediaRefuses(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	for name, change := range map[string]func(*whatsapp.MediaMessage){
		"no kind":             func(m *whatsapp.MediaMessage) { m.Kind = "" },
		"another kind":        func(m *whatsapp.MediaMessage) { m.Kind = "text" },
		"no file":             func(m *whatsapp.MediaMessage) { m.MediaID = "" },
		"an address":          func(m *whatsapp.MediaMessage) { m.MediaID = "https://example.com/a" },
		"caption too long":    func(m *whatsapp.MediaMessage) { m.Caption = strings.Repeat("😀", 512) + "a" },
		"caption of audio":    func(m *whatsapp.MediaMessage) { m.Kind, m.Caption = "audio", "a" },
		"caption of stickers": func(m *whatsapp.MediaMessage) { m.Kind, m.Caption = "sticker", "a" },
		"voice of a document": func(m *whatsapp.MediaMessage) { m.Voice = true },
		"no recipient":        func(m *whatsapp.MediaMessage) { m.To = "" },
	} {
		if sent, err := p.cloud().SendMedia(t.Context(), file(change)); !errors.Is(err, whatsapp.ErrInvalid) || sent != (whatsapp.Sent{}) {
			t.Errorf("%s: got %+v, %v", name, sent, err)
		}
	}
	if len(p.asked) > 0 {
		t.Error("a request was sent")
	}
}

func TestSendReaction(t *testing.T) {
	t.Parallel()
	p := newPeer(t, http.StatusOK, accepted)
	for emoji, valid := range map[string]bool{
		"👍": true, "👨🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽": true, "": true, strings.Repeat("👍", 40): false,
	} {
		m := whatsapp.ReactionMessage{NumberID: "7001", To: "BR.88", MessageID: "wamid.M", Emoji: emoji}
		_, err := p.cloud().SendReaction(t.Context(), m)
		if !valid {
			if !errors.Is(err, whatsapp.ErrInvalid) {
				t.Errorf("%q: got %v", emoji, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%q: %v", emoji, err)
		}
		// Taking a reaction back is an emoji that is there and empty.
		if diff := cmp.Diff(map[string]any{"message_id": "wamid.M", "emoji": emoji}, (<-p.asked).body["reaction"]); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := p.cloud().SendReaction(t.Context(), whatsapp.ReactionMessage{NumberID: "7001", To: "BR.88", Emoji: "👍"}); !errors.Is(err, whatsapp.ErrInvalid) {
		t.Errorf("no message: got %v", err)
	}
}
