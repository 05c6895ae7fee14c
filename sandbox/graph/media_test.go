package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// multipartFile is a form with a file of a type, "" leaving the type out, and the form's own type.
func multipartFile(t *testing.T, name, mimeType string, content []byte) (form *bytes.Buffer, contentType string) {
	t.Helper()
	return multipartForm(t, name, mimeType, content, whatsapp)
}

func multipartForm(t *testing.T, name, mimeType string, content []byte, fields map[string]string) (*bytes.Buffer, string) {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for k, v := range fields {
		form.WriteField(k, v)
	}
	if name != "" {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}}
		if mimeType != "" {
			h.Set("Content-Type", mimeType)
		}
		part, err := form.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(content)
	}
	form.Close()
	return body, form.FormDataContentType()
}

func jsonOf(t *testing.T, raw []byte) object {
	t.Helper()
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v: %q", err, raw)
	}
	return out
}

// upload posts a file, "" as its name leaving it out.
func (w *world) upload(url, token, name, mimeType string, content []byte, fields map[string]string) (int, object) {
	w.t.Helper()
	body, kind := multipartForm(w.t, name, mimeType, content, fields)
	req, err := http.NewRequestWithContext(w.t.Context(), "POST", url, body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", token)
	return answer(w.t, req)
}

// fetch downloads url and returns status, content type and body.
func (w *world) fetch(url, token string) (int, string, []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), "GET", url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", token)
	res, err := new(http.Client).Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), body
}

var whatsapp = map[string]string{"messaging_product": "whatsapp"}

func TestMediaLife(t *testing.T) {
	t.Parallel()
	w := setup(t)
	content := []byte("\x89PNG\r\n\x1a\nnot much of a picture")
	status, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.png", "image/png", content, whatsapp)
	if status != 200 {
		t.Fatalf("upload: %d %v", status, out)
	}
	id := out["id"].(string)
	lookUp := func() object {
		t.Helper()
		status, out := w.call("GET", "/v26.0/"+id+"?phone_number_id="+numberID, nil)
		if status != 200 {
			t.Fatalf("look up: %d %v", status, out)
		}
		return out
	}
	info := lookUp()
	sum := sha256.Sum256(content)
	link := info["url"].(string)
	want := object{
		"messaging_product": "whatsapp", "id": id, "mime_type": "image/png", "url": link,
		"file_size": fmt.Sprint(len(content)), "sha256": hex.EncodeToString(sum[:]),
	}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if status, kind, body := w.fetch(link, "Bearer demo"); status != 200 || kind != "image/png" || !bytes.Equal(body, content) {
		t.Errorf("download: %d %s %q", status, kind, body)
	}
	if status, _, _ := w.fetch(link, ""); status != 401 {
		t.Errorf("download without token: %d", status)
	}
	if status, _, _ := w.fetch(strings.Replace(link, "ext=1", "ext=2", 1), "Bearer demo"); status != 404 {
		t.Errorf("download by a forged link: %d", status)
	}
	w.pass(5 * time.Minute)
	if status, _, _ := w.fetch(link, "Bearer demo"); status != 404 {
		t.Errorf("download after 5 minutes: %d", status)
	}
	w.restart()
	if status, _, body := w.fetch(lookUp()["url"].(string), "Bearer demo"); status != 200 || !bytes.Equal(body, content) {
		t.Errorf("download by a new link after a restart: %d", status)
	}
	if _, out := w.call("GET", "/v26.0/"+id+"?phone_number_id=1", nil); code(out) != 100 {
		t.Errorf("look up for a strange number: %v", out)
	}
	w.write(mariana, "oi")
	w.send(object{"to": "+5511987650142", "type": "image", "image": object{"id": id, "caption": "foto"}})
	for kind, want := range map[string]int{"document": -1, "video": 131053, "audio": 131053} {
		_, out := w.call("POST", messages, object{"messaging_product": "whatsapp", "to": "+5511987650142", "type": kind, kind: object{"id": id}})
		if code(out) != want {
			t.Errorf("picture as %s: %v, want error %d", kind, out, want)
		}
	}
	w.pass(30 * 24 * time.Hour)
	if _, out := w.call("GET", "/v26.0/"+id, nil); code(out) != 100 {
		t.Errorf("after 30 days: %v", out)
	}
	if status, out := w.call("DELETE", "/v26.0/"+id, nil); status != 200 || out["success"] != true {
		t.Errorf("delete: %d %v", status, out)
	}
	if _, out := w.call("DELETE", "/v26.0/"+id, nil); code(out) != 100 {
		t.Errorf("delete twice: %v", out)
	}
}

func TestMediaIDsAreNotUsedAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	seen := map[any]bool{}
	for range 3 {
		for range 4 {
			_, out := w.upload(w.api.URL+"/v26.0/"+numberID+"/media", "Bearer demo", "a.png", "image/png", []byte("x"), whatsapp)
			seen[out["id"]] = true
		}
		w.restart()
	}
	if len(seen) != 12 {
		t.Errorf("%d ids for 12 files", len(seen))
	}
}

func TestUploadValidation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	url := w.api.URL + "/v26.0/" + numberID + "/media"
	for name, tc := range map[string]struct {
		file, kind string
		size       int
		fields     map[string]string
		ok         bool
	}{
		"picture":              {"a.jpg", "image/jpeg", 10, whatsapp, true},
		"largest picture":      {"a.jpg", "image/jpeg", 5 << 20, whatsapp, true},
		"larger picture":       {"a.jpg", "image/jpeg", 5<<20 + 1, whatsapp, false},
		"voice":                {"a.ogg", "audio/ogg; codecs=opus", 10, whatsapp, true},
		"document":             {"a.pdf", "application/pdf", 10, whatsapp, true},
		"sticker":              {"a.webp", "image/webp", 500 << 10, whatsapp, true},
		"larger sticker":       {"a.webp", "image/webp", 500<<10 + 1, whatsapp, false},
		"type in its field":    {"a", "application/octet-stream", 10, map[string]string{"messaging_product": "whatsapp", "type": "video/mp4"}, true},
		"type from name":       {"a.pdf", "", 10, whatsapp, true},
		"not a supported type": {"a.zip", "application/zip", 10, whatsapp, false},
		"type is nonsense":     {"a.jpg", "image", 10, whatsapp, false},
		"no product":           {"a.jpg", "image/jpeg", 10, nil, false},
		"no file":              {"", "", 0, whatsapp, false},
		"empty file":           {"a.jpg", "image/jpeg", 0, whatsapp, false},
	} {
		status, out := w.upload(url, "Bearer demo", tc.file, tc.kind, bytes.Repeat([]byte("x"), tc.size), tc.fields)
		if tc.ok && status != 200 || !tc.ok && code(out) != 100 {
			t.Errorf("%s: %d %v, want accepted: %v", name, status, out, tc.ok)
		}
	}
}

func TestCustomerSendsMedia(t *testing.T) {
	t.Parallel()
	w := setup(t)
	content := []byte("RIFF....WEBPVP8 ")
	sum := sha256.Sum256(content)
	put := func(name, kind string) string {
		t.Helper()
		status, out := w.upload(w.phone.URL+"/customers/1/media", "", name, kind, content, nil)
		if status != 200 {
			t.Fatalf("upload: %d %v", status, out)
		}
		return out["id"].(string)
	}
	for _, tc := range []struct {
		kind, name, mime string
		give, want       object
	}{
		{"image", "a.jpg", "image/jpeg", object{"caption": "foto"}, object{"caption": "foto", "mime_type": "image/jpeg"}},
		{"sticker", "a.webp", "image/webp", object{}, object{"mime_type": "image/webp", "animated": false}},
		{"audio", "a.ogg", "audio/ogg", object{"voice": true}, object{"mime_type": "audio/ogg; codecs=opus", "voice": true}},
		{"audio", "a.mp3", "audio/mpeg", object{}, object{"mime_type": "audio/mpeg", "voice": false}},
		{"video", "a.mp4", "video/mp4", object{}, object{"mime_type": "video/mp4"}},
		{"document", "nota.pdf", "application/pdf", object{}, object{"mime_type": "application/pdf", "filename": "nota.pdf"}},
		{"document", "x", "application/zip", object{"filename": "nfe.zip"}, object{"mime_type": "application/zip", "filename": "nfe.zip"}},
	} {
		id := put(tc.name, tc.mime)
		tc.give["id"] = id
		w.onPhone("POST", "/customers/1/messages", object{"type": tc.kind, tc.kind: tc.give}, 200)
		w.pass(time.Second)
		got := w.hook.take()[0]["messages"].([]any)[0].(object)[tc.kind].(object)
		link := got["url"].(string)
		tc.want["id"], tc.want["url"], tc.want["sha256"] = id, link, base64.StdEncoding.EncodeToString(sum[:])
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.kind, diff)
		}
		if status, _, body := w.fetch(link, "Bearer demo"); status != 200 || !bytes.Equal(body, content) {
			t.Errorf("%s: download %d", tc.kind, status)
		}
		if status, kind, body := w.fetch(w.phone.URL+"/media/"+id, ""); status != 200 || kind != tc.mime || !bytes.Equal(body, content) {
			t.Errorf("%s: on the phone %d %s", tc.kind, status, kind)
		}
	}
	pdf := put("a.pdf", "application/pdf")
	w.onPhone("POST", "/customers/1/messages", object{"type": "image", "image": object{"id": pdf}}, 400)
	if status, _, _ := w.fetch(w.phone.URL+"/media/1", ""); status != 404 {
		t.Errorf("media that is not there: %d", status)
	}
	if status, _ := w.upload(w.phone.URL+"/customers/99/media", "", "a.jpg", "image/jpeg", content, nil); status != 400 {
		t.Errorf("upload of a stranger: %d", status)
	}
	if status, _ := w.upload(w.phone.URL+"/customers/1/media", "", "", "", nil, nil); status != 400 {
		t.Errorf("upload without file: %d", status)
	}
	w.pass(7 * 24 * time.Hour)
	if _, out := w.call("GET", "/v26.0/"+pdf, nil); code(out) != 100 {
		t.Errorf("inbound media after 7 days: %v", out)
	}
}
