package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// ogg is the beginning of an Ogg file with Opus for some channels.
func ogg(channels byte) []byte {
	return slices.Concat([]byte("OggS\x00\x02"), make([]byte, 20), []byte("\x01\x13OpusHead\x01"), []byte{channels}, make([]byte, 9))
}

func TestContentHasToBeWhatItsTypeSays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	png, jpeg := []byte("\x89PNG\r\n\x1a\nx"), []byte("\xff\xd8\xffx")
	mp4 := []byte("\x00\x00\x00\x18ftypisom")
	for name, tc := range map[string]struct {
		kind, mime string
		content    []byte
		more       object
		fails      bool
	}{
		"png":              {"image", "image/png", png, nil, false},
		"jpeg":             {"image", "image/jpeg", jpeg, nil, false},
		"png as jpeg":      {"image", "image/jpeg", png, nil, true},
		"text as png":      {"image", "image/png", []byte("text"), nil, true},
		"film":             {"video", "video/mp4", mp4, nil, false},
		"text as film":     {"video", "video/3gpp", []byte("text"), nil, true},
		"short film":       {"video", "video/mp4", []byte("x"), nil, true},
		"opus":             {"audio", "audio/ogg", ogg(1), nil, false},
		"stereo":           {"audio", "audio/ogg; codecs=opus", ogg(2), nil, true},
		"vorbis":           {"audio", "audio/ogg", []byte("OggS\x00\x02 vorbis"), nil, true},
		"mp3":              {"audio", "audio/mpeg", []byte("ID3x"), nil, false},
		"amr":              {"audio", "audio/amr", []byte("#!AMR\n"), nil, false},
		"aac":              {"audio", "audio/aac", []byte("\xff\xf1x"), nil, false},
		"text as aac":      {"audio", "audio/aac", []byte("x"), nil, true},
		"m4a":              {"audio", "audio/mp4", mp4, nil, false},
		"voice":            {"audio", "audio/ogg", ogg(1), object{"voice": true}, false},
		"voice as mp3":     {"audio", "audio/mpeg", []byte("ID3x"), object{"voice": true}, true},
		"pdf":              {"document", "application/pdf", []byte("%PDF-1.7"), nil, false},
		"text as pdf":      {"document", "application/pdf", []byte("PDF"), nil, true},
		"text":             {"document", "text/plain", []byte("x"), nil, false},
		"sticker":          {"sticker", "image/webp", []byte("RIFF....WEBPVP8 "), nil, false},
		"png as sticker":   {"sticker", "image/webp", png, nil, true},
		"large sticker":    {"sticker", "image/webp", slices.Concat([]byte("RIFF....WEBPVP8 "), make([]byte, 100<<10)), nil, true},
		"large but moving": {"sticker", "image/webp", slices.Concat(movingSticker, make([]byte, 100<<10)), nil, false},
	} {
		status, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a", tc.mime, tc.content, whatsapp)
		if status != 200 {
			t.Fatalf("%s: %v", name, out)
		}
		content := object{"id": out["id"]}
		maps.Copy(content, tc.more)
		id := w.asked(object{"type": tc.kind, tc.kind: content})
		if got := w.shown(mariana, id); (got["error_code"] == 131053.0) != tc.fails {
			t.Errorf("%s: %v", name, got)
		}
	}
	w.knobs(graph.Knobs{AnyMedia: true})
	_, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a", "image/png", []byte("text"), whatsapp)
	if got := w.shown(mariana, w.asked(object{"type": "image", "image": object{"id": out["id"]}})); got["state"] != "read" {
		t.Errorf("any media: %v", got)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.write(mariana, "oi")
	for link, want := range map[string]int{"example.com/a.png": 100, "ftp://example.com/a.png": 100, "https://": 100, "::": 100} {
		body := object{"messaging_product": "whatsapp", "to": "+5511987650142", "type": "image", "image": object{"link": link}}
		if _, out := w.call("POST", messages, body); code(out) != want {
			t.Errorf("%s: %v", link, out)
		}
	}
	w.pass(time.Second)
	body := object{"to": "+5511987650142", "type": "image", "image": object{"link": "https://files.invalid/a.png"}}
	if _, _, got := failed(t, w, body); got != 131053 {
		t.Errorf("a host that is nowhere: %d", got)
	}
	header := func(kind string, content object) object {
		b := buttons("Sim")
		b["interactive"].(object)["header"] = object{"type": kind, kind: content}
		b["messaging_product"], b["to"] = "whatsapp", "+5511987650142"
		return b
	}
	link := object{"link": "https://example.com/a"}
	for _, kind := range []string{"image", "video", "document"} {
		w.send(header(kind, link))
	}
	w.pass(time.Minute)
	if _, _, got := failed(t, w, header("image", object{"link": "https://files.invalid/a"})); got != 131053 {
		t.Errorf("a header that is nowhere: %d", got)
	}
	for name, tc := range map[string]struct {
		body object
		code int
	}{
		"audio above buttons": {header("audio", link), 131009}, "no type": {header("", nil), 131008},
		"no file": {header("image", nil), 131008}, "no source": {header("image", object{}), 131008},
	} {
		if tc.body["interactive"].(object)["header"].(object)["image"] == nil {
			delete(tc.body["interactive"].(object)["header"].(object), "image")
		}
		if _, out := w.call("POST", messages, tc.body); code(out) != tc.code {
			t.Errorf("%s: %v", name, out)
		}
	}
}

// Uploads lie on disk, not in the store that is kept in memory.
func TestUploadsLieOnDisk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const size = 8 << 20
	status, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.pdf", "application/pdf", make([]byte, size), whatsapp)
	if status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	info, err := os.Stat(filepath.Join(w.dir, "files", out["id"].(string)))
	if err != nil || info.Size() != size {
		t.Errorf("the file: %v %v", info, err)
	}
	if info, err = os.Stat(filepath.Join(w.dir, "whatsapp.jsonl")); err != nil || info.Size() > 64<<10 {
		t.Errorf("the store: %v %v", info, err)
	}
	w.call("DELETE", "/v26.0/"+out["id"].(string), nil)
	for name, tc := range map[string]struct {
		kind string
		size int
	}{"refused type": {"application/zip", 10}, "too large": {"image/png", 6 << 20}} {
		if status, _ := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a", tc.kind, make([]byte, tc.size), whatsapp); status != 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
	left, err := os.ReadDir(filepath.Join(w.dir, "files"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// A body over the limit is refused although it does not say its length, and one that breaks off leaves nothing.
func TestUploadsThatBreakOff(t *testing.T) {
	t.Parallel()
	w := setup(t)
	form, kind := multipartFile(t, "a.pdf", "application/pdf", make([]byte, 1<<20))
	cut := form.Bytes()[:form.Len()-100]
	endless := io.MultiReader(bytes.NewReader(cut), io.LimitReader(zeros{}, 110<<20))
	for name, body := range map[string]io.Reader{"cut": bytes.NewReader(cut), "endless": endless, "no form": strings.NewReader("x")} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", w.api.URL+"/v26.0/"+numberID+"/media", body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = -1
		req.Header.Set("Authorization", "Bearer demo")
		req.Header.Set("Content-Type", map[bool]string{true: kind, false: "text/plain"}[name != "no form"])
		res, err := new(http.Client).Do(req)
		if err != nil {
			continue // the sandbox hung up before it had read all
		}
		raw, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 400 || code(jsonOf(t, raw)) != 100 {
			t.Errorf("%s: %d %s", name, res.StatusCode, raw)
		}
	}
	left, err := os.ReadDir(filepath.Join(w.dir, "files"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestGeneratedFiles(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const size = 3<<20 + 5
	w.say(mariana, "document", object{"filename": "grande.pdf"}, object{"generate_bytes": size})
	w.pass(0)
	_, v := w.hook.last()
	doc := v["messages"].([]any)[0].(object)["document"].(object)
	status, kind, body := w.fetch(doc["url"].(string), "Bearer demo")
	sum := sha256.Sum256(body)
	if status != 200 || kind != "application/pdf" || len(body) != size || !bytes.HasPrefix(body, []byte("%PDF-1.4\n")) {
		t.Errorf("download: %d %s, %d bytes, %.9q", status, kind, len(body), body)
	}
	if doc["sha256"] != base64.StdEncoding.EncodeToString(sum[:]) || doc["filename"] != "grande.pdf" {
		t.Errorf("webhook %v", doc)
	}
	w.restart()
	_, info := w.call("GET", "/v26.0/"+doc["id"].(string), nil)
	if info["sha256"] != hex.EncodeToString(sum[:]) || info["file_size"] != fmt.Sprint(size) {
		t.Errorf("look up %v", info)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", info["url"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer demo")
	req.Header.Set("Range", "bytes=1000003-1000020")
	res, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	part, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 206 || !bytes.Equal(part, body[1000003:1000021]) {
		t.Errorf("a part: %d %v, %d bytes", res.StatusCode, err, len(part))
	}
	if _, err := os.Stat(filepath.Join(w.dir, "files", doc["id"].(string))); err == nil {
		t.Error("the file lies on disk")
	}
	for kind, mime := range map[string]string{"image": "image/png", "video": "video/mp4", "audio": "audio/ogg", "sticker": "image/webp"} {
		w.say(mariana, kind, object{"mime_type": mime}, object{"generate_bytes": 100})
	}
	for _, body := range []object{
		{"type": "document", "document": object{}, "generate_bytes": -1},
		{"type": "document", "document": "x", "generate_bytes": 1},
		{"type": "document", "document": object{}, "generate_bytes": 2 << 30},
		{"type": "image", "image": object{"mime_type": "text/plain"}, "generate_bytes": 1},
	} {
		w.onPhone("POST", "/customers/1/messages", body, 400)
	}
}

func TestWhatWhatsAppClaimsOfAFile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const metadata = "http://169.254.169.254/latest/meta-data"
	content := []byte("\xff\xd8\xff picture")
	sum := sha256.Sum256(content)
	send := func(declare object) (hook, info object) {
		t.Helper()
		w.say(mariana, "image", object{"id": w.file("a.jpg", "image/jpeg", content)}, object{"declare": declare})
		w.pass(0)
		_, v := w.hook.last()
		hook = v["messages"].([]any)[0].(object)["image"].(object)
		_, info = w.call("GET", "/v26.0/"+hook["id"].(string), nil)
		return hook, info
	}
	hook, info := send(object{"file_size": 5})
	if info["file_size"] != "5" {
		t.Errorf("size: %v", info)
	}
	if _, _, body := w.fetch(hook["url"].(string), "Bearer demo"); !bytes.Equal(body, content) {
		t.Errorf("the file itself is %q", body)
	}
	hook, info = send(object{"mime_type": "image/png"})
	if _, kind, _ := w.fetch(info["url"].(string), "Bearer demo"); hook["mime_type"] != "image/png" || info["mime_type"] != "image/png" || kind != "image/png" {
		t.Errorf("type: %v %v %s", hook, info, kind)
	}
	hook, info = send(object{"wrong_sha256": true})
	raw, err := base64.StdEncoding.DecodeString(hook["sha256"].(string))
	if err != nil || bytes.Equal(raw, sum[:]) || info["sha256"] != hex.EncodeToString(raw) {
		t.Errorf("checksum: %v %v %v", hook, info, err)
	}
	hook, info = send(object{"url": metadata})
	if hook["url"] != metadata || info["url"] != metadata {
		t.Errorf("address: %v %v", hook, info)
	}
	hook, info = send(object{"no_url": true})
	if hook["url"] != nil || !strings.HasPrefix(info["url"].(string), w.api.URL) {
		t.Errorf("no address: %v %v", hook, info)
	}
	hook, _ = send(nil)
	if diff := cmp.Diff(base64.StdEncoding.EncodeToString(sum[:]), hook["sha256"]); diff != "" {
		t.Errorf("nothing claimed (-want +got):\n%s", diff)
	}
	w.onPhone("POST", "/customers/1/messages", object{"type": "image", "image": object{"id": "1"}, "declare": "x"}, 400)
}

// A file that is gone from the disk is not found; the sandbox does not fall over it.
func TestLostFile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	_, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.png", "image/png", []byte("\x89PNG\r\n\x1a\n"), whatsapp)
	if err := w.blobs.Reset(); err != nil {
		t.Fatal(err)
	}
	_, info := w.call("GET", "/v26.0/"+out["id"].(string), nil)
	if status, _, _ := w.fetch(info["url"].(string), "Bearer demo"); status != 404 {
		t.Errorf("download: %d", status)
	}
	body := object{"messaging_product": "whatsapp", "to": "+5511987650142", "type": "image", "image": object{"id": out["id"]}}
	if status, out := w.call("POST", messages, body); status != 500 || code(out) != 131000 {
		t.Errorf("send: %d %v", status, out)
	}
}
