package inbound_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/whatsapp"
)

const notDelivered = "\n(O WhatsApp não entregou o arquivo. Peça ao cliente que o envie de novo.)"

func TestDescribeMedia(t *testing.T) {
	t.Parallel()
	file := func(kind string, f whatsapp.Media) whatsapp.Message {
		f.ID = "1"
		return whatsapp.Message{ID: "w", Type: kind, Media: &f}
	}
	tooLarge := file("image", whatsapp.Media{Caption: "olha"})
	tooLarge.Errors = []whatsapp.Error{{Code: whatsapp.CodeMediaDownload}}
	describes(t, []describeCase{
		{"image", file("image", whatsapp.Media{}), "[Imagem]"},
		{"image with caption", file("image", whatsapp.Media{Caption: "olha só\nisso"}), "[Imagem] olha só\nisso"},
		{"video", file("video", whatsapp.Media{Caption: "veja"}), "[Vídeo] veja"},
		{"audio", file("audio", whatsapp.Media{}), "[Áudio]"},
		{"voice note", file("audio", whatsapp.Media{Voice: true}), "[Mensagem de voz]"},
		{"voice", file("voice", whatsapp.Media{}), "[Mensagem de voz]"},
		{"sticker", file("sticker", whatsapp.Media{Animated: true}), "[Figurinha]"},
		{"document", file("document", whatsapp.Media{Filename: "contrato.pdf"}), "[Documento] contrato.pdf"},
		{"document with caption", file("document", whatsapp.Media{Filename: "nota.pdf", Caption: "segue a nota"}), "[Documento] nota.pdf\nsegue a nota"},
		{"document without a name", file("document", whatsapp.Media{Filename: " ", Caption: "segue"}), "[Documento] segue"},
		{"without its object", whatsapp.Message{ID: "w", Type: "voice"}, "[Mensagem de voz]" + notDelivered},
		{"with an address only", whatsapp.Message{ID: "w", Type: "image", Media: &whatsapp.Media{URL: "https://a", Caption: "olha"}}, "[Imagem] olha" + notDelivered},
		{
			"too large", tooLarge,
			"[Imagem] olha\n(O arquivo do cliente não pôde ser baixado, talvez por passar de 100 MB. Peça que ele envie de novo em tamanho menor.)",
		},
	})
}

func TestDescribeHostileFileNames(t *testing.T) {
	t.Parallel()
	of := func(name string) string {
		return inbound.Describe(&whatsapp.Message{Type: whatsapp.TypeDocument, Media: &whatsapp.Media{ID: "1", Filename: name}})
	}
	for _, name := range []string{
		"../../etc/passwd", "C:\\windows\\system32\\a.dll", "a\r\nDe: Banco\r\n\r\nPague aqui.pdf", "nulo\x00.pdf", "\x1b[31mvermelho.pdf",
		"fatura\u202efdp.exe", "a\u2066b\u2069.pdf", "a\u2028b\u2029c.pdf", "a\u0085b.pdf", "<img src=x onerror=alert(1)>.pdf",
		strings.Repeat("á", 100_000), "\xff\xfe.pdf",
	} {
		got := of(name)
		odd := strings.IndexFunc(got, func(c rune) bool {
			return unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
		})
		if odd >= 0 {
			t.Errorf("%.40q: %q has an odd character at %d", name, got, odd)
		}
		if n := utf8.RuneCountInString(got); n > 140 || !strings.HasPrefix(got, "[Documento] ") || !utf8.ValidString(got) {
			t.Errorf("%.40q: %d characters: %.300q", name, n, got)
		}
	}
	if got, want := of("Nota nº 1 ção 👩‍🔧.pdf"), "[Documento] Nota nº 1 ção 👩‍🔧.pdf"; got != want {
		t.Errorf("a good name: %q; want %q", got, want)
	}
}

// fileFrom is the file of the event that a message becomes.
func fileFrom(t *testing.T, message string) *conversation.File {
	t.Helper()
	h := setup(t)
	h.ok(h.post(webhook(of(number, list("messages", message)))))
	events := h.stored()[number+"|c."+ana]
	if len(events) != 1 || events[0].Message == nil {
		t.Fatalf("events: %+v", events)
	}
	return events[0].Message.File
}

func TestFile(t *testing.T) {
	t.Parallel()
	sum := bytes.Repeat([]byte{0xfb, 0xef}, 16)
	told, want := base64.StdEncoding.EncodeToString(sum), hex.EncodeToString(sum)
	for name, tt := range map[string]struct {
		kind, media, more string
		want              *conversation.File
	}{
		"image": {
			kind: "image", media: `"id":"m1","mime_type":"image/jpeg","sha256":"` + told + `","caption":"olha"`,
			want: &conversation.File{ID: "wamid.1", Kind: "image", MIME: "image/jpeg", Media: "m1", SHA256: want},
		},
		"video": {kind: "video", media: `"id":"m1"`, want: &conversation.File{ID: "wamid.1", Kind: "video", Media: "m1"}},
		"audio": {
			kind: "audio", media: `"id":"m1","mime_type":"audio/ogg; codecs=opus","voice":false`,
			want: &conversation.File{ID: "wamid.1", Kind: "audio", MIME: "audio/ogg; codecs=opus", Media: "m1"},
		},
		"voice note": {kind: "audio", media: `"id":"m1","voice":true`, want: &conversation.File{ID: "wamid.1", Kind: "audio", Voice: true, Media: "m1"}},
		"voice":      {kind: "voice", media: `"id":"m1"`, want: &conversation.File{ID: "wamid.1", Kind: "audio", Voice: true, Media: "m1"}},
		"sticker":    {kind: "sticker", media: `"id":"m1","animated":true`, want: &conversation.File{ID: "wamid.1", Kind: "sticker", Media: "m1"}},
		"document": {
			kind: "document", media: `"id":"m1","filename":"../a\u202eb.pdf","mime_type":"application/pdf"`,
			want: &conversation.File{ID: "wamid.1", Kind: "document", Name: "../a\u202eb.pdf", MIME: "application/pdf", Media: "m1"},
		},
		"document with an endless name": {
			kind: "document", media: `"id":"m1","filename":"` + strings.Repeat("ã", 1000) + `.pdf"`,
			want: &conversation.File{ID: "wamid.1", Kind: "document", Name: strings.Repeat("ã", 100) + ".pdf", Media: "m1"},
		},
		"document with an endless extension": {
			kind: "document", media: `"id":"m1","filename":"x` + strings.Repeat("ã", 150) + `.` + strings.Repeat("x", 500) + `"`,
			want: &conversation.File{ID: "wamid.1", Kind: "document", Name: "x" + strings.Repeat("ã", 99), Media: "m1"},
		},
		"without an id":     {kind: "image", media: `"url":"https://a"`},
		"without an object": {kind: "image", media: `"id":null`},
		"too large":         {kind: "video", media: `"id":"m1"`, more: `,"errors":[{"code":131052,"title":"Media file size too big"}]`},
		"another error": {
			kind: "video", media: `"id":"m1"`, more: `,"errors":[{"code":131000,"title":"odd"}]`,
			want: &conversation.File{ID: "wamid.1", Kind: "video", Media: "m1"},
		},
		"of another type": {kind: "text", media: `"body":"oi"`, more: `,"image":{"id":"m1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := fileFrom(t, fmt.Sprintf(`{"id":"wamid.1","from":%q,"type":%q,%q:{%s}%s}`, ana, tt.kind, tt.kind, tt.media, tt.more))
			(&house{t: t}).same("file", got, tt.want)
		})
	}
}

// The new version of an edited picture is the picture that is there already.
func TestFileOfAnEdit(t *testing.T) {
	t.Parallel()
	got := fileFrom(t, `{"id":"wamid.2","from":"`+ana+`","type":"edit","edit":{"original_message_id":"wamid.1",`+
		`"message":{"type":"image","image":{"id":"m1","caption":"nova"}}}}`)
	if got != nil {
		t.Errorf("file = %+v", got)
	}
}

func TestFileDigests(t *testing.T) {
	t.Parallel()
	sum := bytes.Repeat([]byte{0xfb, 0xef}, 16)
	want := hex.EncodeToString(sum)
	for told, want := range map[string]string{
		base64.StdEncoding.EncodeToString(sum): want, base64.RawStdEncoding.EncodeToString(sum): want, base64.URLEncoding.EncodeToString(sum): want,
		want: want, strings.ToUpper(want): want, "": "", "a1b2c3d4e5f6...": "", base64.StdEncoding.EncodeToString(sum[1:]): "", want[2:]: "",
	} {
		got := fileFrom(t, fmt.Sprintf(`{"id":"wamid.1","from":%q,"type":"image","image":{"id":"m1","sha256":%q}}`, ana, told))
		if got.SHA256 != want {
			t.Errorf("%s: %s; want %s", told, got.SHA256, want)
		}
	}
}
