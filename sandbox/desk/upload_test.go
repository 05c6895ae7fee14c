package desk_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func (b *bench) upload(query, kind, content string) *reply {
	b.t.Helper()
	return b.call("POST", "/api/v2/uploads.json?"+query, content, "Content-Type", kind)
}

// download fetches an address without credentials, as a browser would.
func (b *bench) download(link string) *httptest.ResponseRecorder {
	b.t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(b.t.Context(), "GET", strings.TrimPrefix(link, baseURL), nil)
	b.desk.API().ServeHTTP(w, r)
	return w
}

func TestUploads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	r := b.upload("filename=voz.ogg", "audio/ogg; codecs=opus", "OggS").want(201)
	token := r.text("upload", "token")
	r.is("voz.ogg", "upload", "attachment", "file_name").is("audio/ogg; codecs=opus", "upload", "attachment", "content_type").
		is(4, "upload", "attachment", "size").is("2026-11-22T13:00:00Z", "upload", "expires_at")
	second := b.upload("filename=foto.png&token="+token, "image/png", "PNG").want(201).is(token, "upload", "token")
	if second.len("upload", "attachments") != 2 {
		t.Errorf("upload: %s", second.raw)
	}
	b.restart(dir)
	id := b.ticket(object{"comment": object{"body": "", "uploads": []string{token}}})
	for range 2 {
		c := b.desk.Comments(id)[0]
		if strings.Join(c.Attachments, " ") != "voz.ogg foto.png" || c.Body != "" {
			t.Fatalf("comment %+v", c)
		}
		list := b.get(ticketPath(id, "/comments")).want(200)
		w := b.download(list.text("comments", 0, "attachments", 0, "content_url"))
		if w.Code != 200 || w.Body.String() != "OggS" || w.Header().Get("Content-Type") != "audio/ogg; codecs=opus" ||
			w.Header().Get("Content-Disposition") != "inline; filename=voz.ogg" {
			t.Errorf("download %d %q %v", w.Code, w.Body, w.Header())
		}
		one := b.get("/api/v2/attachments/" + itoa(list.id("comments", 0, "attachments", 1, "id"))).want(200)
		one.is("image/png", "attachment", "content_type").is("foto.png", "attachment", "file_name")
		b.restart(dir)
	}
	// A token is good for one comment, and for 60 minutes.
	use := func(token string) *reply {
		return b.put(id, object{"comment": object{"body": "x", "uploads": []string{token}}})
	}
	use(token).want(422)
	b.upload("filename=x.txt&token="+token, "text/plain", "x").want(422)
	late := b.upload("filename=x.txt", "text/plain", "x").want(201).text("upload", "token")
	b.pass(time.Hour - time.Second)
	use(late).want(200)
	later := b.upload("filename=x.txt", "text/plain", "x").want(201).text("upload", "token")
	b.pass(time.Hour)
	use(later).want(422)
}

func TestUploadsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.MaxFileSize = 10 })
	b.upload("", "text/plain", "x").want(422)
	b.upload("filename=a.txt", "text/plain", "").want(422)
	b.upload("filename=a.txt&token=x", "text/plain", "x").want(422)
	b.upload("filename=a.txt", "text/plain", strings.Repeat("x", 11)).want(413)
	b.upload("filename=a.txt", "text/plain", strings.Repeat("x", 10)).want(201)
	b.upload("filename=..%2F..%2Fetc%2Fpasswd", "sem tipo", "x").want(201).
		is("passwd", "upload", "attachment", "file_name").is("application/octet-stream", "upload", "attachment", "content_type")
	if w := b.download("/attachments/token/x/"); w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
	b.get("/api/v2/attachments/5").want(404)
}

func TestHTMLIsNotShownInline(t *testing.T) {
	t.Parallel()
	b := setup(t)
	link := b.upload("filename=a.html", "text/html", "<script>evil()</script>").want(201).text("upload", "attachment", "content_url")
	w := b.download(link)
	if got := w.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("disposition %q", got)
	}
	if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "sandbox") {
		t.Errorf("policy %q", got)
	}
}

func TestDeleteUpload(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.upload("filename=a.txt", "text/plain", "x").want(201)
	token := r.text("upload", "token")
	b.call("DELETE", "/api/v2/uploads/"+token, nil).want(204)
	b.call("DELETE", "/api/v2/uploads/"+token, nil).want(404)
	if w := b.download(r.text("upload", "attachment", "content_url")); w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
}
