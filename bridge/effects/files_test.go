package effects_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"net/http"
	"strconv"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const (
	mediaKey     = "media|wamid.1"
	lookRoute    = "GET /v26.0/m1"
	mediaRoute   = "GET /files/m1"
	uploadsRoute = "POST /api/v2/uploads"
	attachRoute  = "GET /files/a1"
	toPhoneRoute = "POST /v26.0/100/media"
	uploaded     = `{"upload":{"token":"tok","attachment":{"id":1}}}`

	pdfFile = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	oggFile = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
	mp4File = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2mp41"
	exeFile = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
	// webpFile is a picture of one pixel.
	webpFile = "RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	mimeDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// picture is a small one, of some ten thousand bytes where it is not packed.
func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 80, 40))
	for x := range 80 {
		m.Set(x, x/2, color.RGBA{R: 0xff, A: 0xff})
	}
	return m
}

func encoded(t *testing.T, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func pngFile(t *testing.T) string {
	t.Helper()
	return encoded(t, png.Encode)
}

func bmpFile(t *testing.T) string {
	t.Helper()
	return encoded(t, bmp.Encode)
}

// docxFile is the skeleton of a Word file.
func docxFile(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(entry, "<xml/>")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// gives hands a file out, its length told.
func gives(content, mime string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mime)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		io.WriteString(w, content)
	}
}

// pours hands a file out without telling how long it is.
func pours(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		http.NewResponseController(w).Flush()
		io.WriteString(w, content)
	}
}

// customers is a file of the customer's message wamid.1.
func customers(kind, name, mime string) conversation.File {
	return conversation.File{ID: "wamid.1", Kind: kind, Name: name, MIME: mime, Media: "m1"}
}

// inbound is a transfer of a customer's file that was asked for a minute ago.
func inbound(f conversation.File) conversation.Pending {
	return transfer(conversation.PeerZendesk, f)
}

// agents is a file of the agent's comment 103, which lies at Zendesk.
func (r *rig) agents(kind, name, mime string, size int64) conversation.Pending {
	return transfer(conversation.PeerWhatsApp, conversation.File{
		ID: "103.0", Kind: kind, Name: name, MIME: mime, Size: size, URL: r.desk.url + "/files/a1",
	})
}

func transfer(to conversation.Peer, f conversation.File) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: "2", Kind: conversation.EffectStream, Stream: &conversation.Transfer{
		Thread: thread, Ask: thread + "#9", To: to, File: f, Since: at(-60),
	}}}
}

// holds lets WhatsApp know a file under the media id m1.
func (r *rig) holds(info object, file http.HandlerFunc) {
	r.Helper()
	all := object{"messaging_product": "whatsapp", "id": "m1", "url": r.phone.url + "/files/m1"}
	maps.Copy(all, info)
	raw, err := json.Marshal(all)
	if err != nil {
		r.Fatal(err)
	}
	r.phone.on(lookRoute, says(200, string(raw)))
	r.phone.on(mediaRoute, file)
}

// has is holds for a file about which everything is told, and true.
func (r *rig) has(content, mime string) {
	r.Helper()
	sum := sha256.Sum256([]byte(content))
	r.holds(object{"mime_type": mime, "sha256": hex.EncodeToString(sum[:]), "file_size": strconv.Itoa(len(content))}, gives(content, mime))
}

// carry makes one attempt in the mailbox of a transfer, which has no thread.
func (r *rig) carry(p conversation.Pending) conversation.Result {
	r.Helper()
	return r.tryAs(mediaKey, conversation.Thread{}, p)
}

// lost wants a file that will never arrive, and the words for the agent.
func (r *rig) lost(got conversation.Result, refusal string) {
	r.Helper()
	if got.Outcome != conversation.Done || got.File == nil {
		r.Fatalf("result = %+v; want done, with a refusal", got)
	}
	r.same("refusal", got.File.Refusal, refusal)
	r.same("nothing of it is anywhere", got.File.Token, "")
	r.same("asked for", got.File.Ask, thread+"#9")
}
