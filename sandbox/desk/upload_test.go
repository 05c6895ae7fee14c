package desk_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func (b *bench) upload(query, kind, content string) *reply {
	b.t.Helper()
	return b.call("POST", "/api/v2/uploads.json?"+query, content, "Content-Type", kind)
}

// token uploads a small file and returns its token.
func (b *bench) token(name string) string {
	b.t.Helper()
	return b.upload("filename="+name, "text/plain", "x").want(201).text("upload", "token")
}

// download fetches an address without credentials, as a browser would; headers come in pairs.
func (b *bench) download(link string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(b.t.Context(), "GET", strings.TrimPrefix(link, baseURL), nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	b.desk.API().ServeHTTP(w, r)
	return w
}

// filesIn lists the files kept on disk below a folder.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestUploads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	r := b.upload("filename=voz.ogg", "audio/ogg; codecs=opus", "OggS").want(201)
	token := r.text("upload", "token")
	r.is("voz.ogg", "upload", "attachment", "file_name").
		is("audio/ogg; codecs=opus", "upload", "attachment", "content_type").
		is(4, "upload", "attachment", "size").
		is(nil, "upload", "attachment", "width").
		is([]any{}, "upload", "attachment", "thumbnails").
		is("malware_not_found", "upload", "attachment", "malware_scan_result").
		is("2026-11-22T13:00:00Z", "upload", "expires_at")
	second := b.upload("filename=foto.png&token="+token, "image/png", "PNG").want(201).is(token, "upload", "token")
	second.is("voz.ogg", "upload", "attachments", 0, "file_name").is("foto.png", "upload", "attachments", 1, "file_name")
	b.restart(dir)
	id := b.ticket(object{"comment": object{"body": "", "uploads": []string{token}}})
	for range 2 {
		c := b.desk.Comments(id)[0]
		if strings.Join(c.Attachments, " ") != "voz.ogg foto.png" || c.Body != "" {
			t.Fatalf("comment %+v", c)
		}
		list := b.get(ticketPath(id, "/comments")).want(200)
		link := list.text("comments", 0, "attachments", 0, "content_url")
		list.is(link, "comments", 0, "attachments", 0, "mapped_content_url")
		w := b.download(link)
		if w.Code != 200 || w.Body.String() != "OggS" {
			t.Errorf("download %d %q", w.Code, w.Body)
		}
		one := b.get("/api/v2/attachments/" + itoa(list.id("comments", 0, "attachments", 1, "id"))).want(200)
		one.is("image/png", "attachment", "content_type").is("foto.png", "attachment", "file_name")
		b.restart(dir)
	}
}

func TestAnUploadTokenIsGoodOnceAndForAnHour(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, other := b.ticket(nil), b.ticket(nil)
	use := func(id int64, tokens ...string) *reply {
		return b.put(id, object{"comment": object{"body": "x", "uploads": tokens}})
	}
	once := b.token("a.txt")
	use(id, once).want(200)
	use(id, once).want(422).is("InvalidValue", "details", "uploads", 0, "error")
	use(other, once).want(422)
	b.upload("filename=x.txt&token="+once, "text/plain", "x").want(422).is("InvalidValue", "details", "token", 0, "error")
	b.call("DELETE", "/api/v2/uploads/"+once, nil).want(404)

	early := b.token("b.txt")
	b.pass(time.Hour - time.Second)
	use(id, early).want(200)
	late := b.token("c.txt")
	b.pass(time.Hour)
	use(id, late).want(422)
	b.upload("filename=x.txt&token="+late, "text/plain", "x").want(422)

	// One bad token spoils the whole comment, and the good one stays good.
	good := b.token("d.txt")
	before := len(b.desk.Comments(id))
	use(id, good, "inventado").want(422)
	if n := len(b.desk.Comments(id)); n != before {
		t.Errorf("%d comments, %d before", n, before)
	}
	use(id, good, good, " ", "").want(200)
	list := b.desk.Comments(id)
	if got := strings.Join(list[len(list)-1].Attachments, " "); got != "d.txt" {
		t.Errorf("attachments %q", got)
	}
	// Adding a file does not make a token live longer.
	grown := b.token("e.txt")
	b.pass(59 * time.Minute)
	b.upload("filename=f.txt&token="+grown, "text/plain", "x").want(201)
	b.pass(time.Minute)
	use(id, grown).want(422)
}

func TestARefusedUpdateKeepsItsUploads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	token := b.token("a.txt")
	comment := object{"body": "x", "uploads": []string{token}}
	b.put(id, object{"status": "nada", "comment": comment}).want(422)
	b.put(id, object{"comment": object{"body": strings.Repeat("x", 70_000), "uploads": []string{token}}}).want(422)
	b.put(id, object{"comment": object{"body": "x", "author_id": 5, "uploads": []string{token}}}).want(422)
	b.call("POST", "/api/v2/tickets", object{"ticket": object{"requester_id": 5, "comment": comment}}).want(422)
	b.put(id, object{"comment": comment}).want(200)
}

func TestUploadsOfSeveralKindsOfComments(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	id := b.ticket(object{"comment": object{"body": "abertura", "uploads": []string{b.token("1.txt")}}})
	b.put(id, object{"comment": object{"body": "pública", "uploads": []string{b.token("2.txt"), b.token("3.txt")}}}).want(200)
	b.put(id, object{"comment": object{"body": "nota", "public": false, "uploads": []string{b.token("4.txt")}}}).want(200)
	b.put(id, object{"comment": object{"html_body": "<p>rica</p>", "uploads": []string{b.token("5.txt")}}}).want(200)
	b.put(id, object{"comment": object{"uploads": []string{b.token("6.txt")}}}).want(200)
	b.page(ana, "PUT", "/tickets/"+itoa(id), object{"comment": object{"body": "agente", "uploads": []string{b.token("7.txt")}}}).want(200)
	b.page(ana, "POST", "/tickets/"+itoa(id)+"/customer", object{"uploads": []string{b.token("8.txt")}}).want(200)
	var got []string
	for _, c := range b.desk.Comments(id) {
		got = append(got, strings.Join(c.Attachments, "+"))
		for _, f := range c.Files {
			if content, err := b.desk.ReadFile(f.ID); err != nil || string(content) != "x" || f.Size != 1 || f.ContentType != "text/plain" {
				t.Errorf("file %+v: %q, %v", f, content, err)
			}
		}
	}
	if want := "1.txt 2.txt+3.txt 4.txt 5.txt 6.txt 7.txt 8.txt"; strings.Join(got, " ") != want {
		t.Errorf("files %v", got)
	}
	if _, err := b.desk.ReadFile(5); err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestUploadsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		query, kind, content string
		status               int
		field                string
	}{
		"no name":          {"", "text/plain", "x", 422, "filename"},
		"blank name":       {"filename=%20", "text/plain", "x", 422, "filename"},
		"a folder":         {"filename=%2F", "text/plain", "x", 422, "filename"},
		"dots":             {"filename=..", "text/plain", "x", 422, "filename"},
		"controls only":    {"filename=%01%02", "text/plain", "x", 422, "filename"},
		"nothing in it":    {"filename=a.txt", "text/plain", "", 422, "attachment"},
		"unknown token":    {"filename=a.txt&token=x", "text/plain", "x", 422, "token"},
		"too large":        {"filename=a.txt", "text/plain", strings.Repeat("x", 11), 413, ""},
		"just small":       {"filename=a.txt", "text/plain", strings.Repeat("x", 10), 201, ""},
		"no type":          {"filename=a.txt", "", "x", 201, ""},
		"a broken type":    {"filename=a.txt", "/;", "x", 201, ""},
		"a name like this": {"filename=" + strings.Repeat("a", 500) + ".txt", "text/plain", "x", 201, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *desk.Config) { c.MaxFileSize = 10 })
			dir := t.TempDir()
			b.restart(dir)
			r := b.upload(tt.query, tt.kind, tt.content).want(tt.status)
			if tt.field != "" && r.len("details", tt.field) != 1 {
				t.Errorf("details: %s", r.raw)
			}
			if left := filesIn(t, dir); (tt.status == 201) != (len(left) == 1) {
				t.Errorf("files kept: %v", left)
			}
		})
	}
}

func TestUploadsWithoutPermission(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	reader := b.call("POST", "/oauth/tokens", grant(object{"scope": "read"})).want(201).text("access_token")
	for auth, want := range map[string]int{"": 401, "Bearer x": 401, "Bearer " + reader: 403} {
		b.call("POST", "/api/v2/uploads?filename=a.txt", "x", "Authorization", auth).want(want)
	}
	b.page(0, "POST", "/uploads?filename=a.txt", "x").want(401)
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("a refused upload was stored: %v", left)
	}
}

func TestTooLargeFiles(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.MaxFileSize = 10 })
	dir := t.TempDir()
	b.restart(dir)
	send := func(length int64) *reply {
		r := request(t, "POST", "/api/v2/uploads?filename=a.bin", strings.Repeat("x", 11))
		r.Header.Set("Authorization", "Bearer "+desk.DemoToken)
		r.ContentLength = length
		return b.serve(b.desk.API(), r)
	}
	for what, length := range map[string]int64{"announced": 11, "chunked": -1} {
		send(length).want(413).is("RequestEntityTooLarge", "error")
		b.knobs(desk.Knobs{TooLargeStatus: 422})
		send(length).want(422).is("TooLong", "details", "attachment", 0, "error")
		b.knobs(desk.Knobs{MaxFileSize: 11})
		send(length).want(201)
		b.knobs(desk.Knobs{})
		send(length).want(413)
		if left := filesIn(t, dir); len(left) != 1 {
			t.Errorf("%s: files kept: %v", what, left)
		}
		for _, name := range filesIn(t, dir) {
			if err := os.Remove(filepath.Join(dir, "files", name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300)
	for asked, want := range map[string]struct{ name, disposition string }{
		"a.txt":                      {"a.txt", "attachment; filename=a.txt"},
		"dois nomes.pdf":             {"dois nomes.pdf", `attachment; filename="dois nomes.pdf"`},
		"%C3%A7%C3%A3o.pdf":          {"ção.pdf", "attachment; filename*=utf-8''%C3%A7%C3%A3o.pdf"},
		"..%2F..%2Fetc%2Fpasswd":     {"passwd", "attachment; filename=passwd"},
		`..%5C..%5Cboot.ini`:         {"boot.ini", "attachment; filename=boot.ini"},
		"a%0D%0ASet-Cookie%3A x.txt": {"aSet-Cookie: x.txt", `attachment; filename="aSet-Cookie: x.txt"`},
		"a%22b.txt":                  {`a"b.txt`, `attachment; filename="a\"b.txt"`},
		"a%00b.txt":                  {"ab.txt", "attachment; filename=ab.txt"},
		"fdp%E2%80%AEexe.txt":        {"fdpexe.txt", "attachment; filename=fdpexe.txt"},
		"%FF%FEa.txt":                {"a.txt", "attachment; filename=a.txt"},
		".htaccess.":                 {"htaccess", "attachment; filename=htaccess"},
		"%3Cscript%3E.html":          {"<script>.html", `attachment; filename="<script>.html"`},
		long + ".txt":                {long[:196] + ".txt", "attachment; filename=" + long[:196] + ".txt"},
		"a." + long:                  {"a." + long[:198], "attachment; filename=a." + long[:198]},
		"%F0%9F%93%84.txt":           {"📄.txt", "attachment; filename*=utf-8''%F0%9F%93%84.txt"},
	} {
		t.Run(want.name[:min(20, len(want.name))], func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			query := "filename=" + strings.ReplaceAll(asked, " ", "%20")
			r := b.upload(query, "text/plain", "x").want(201).is(want.name, "upload", "attachment", "file_name")
			w := b.download(r.text("upload", "attachment", "content_url"))
			if got := w.Header().Get("Content-Disposition"); got != want.disposition {
				t.Errorf("disposition %q, want %q", got, want.disposition)
			}
		})
	}
}

// TestFilesNeverRun is about what a browser does with a file whose address somebody opens.
func TestFilesNeverRun(t *testing.T) {
	t.Parallel()
	for kind, name := range map[string]string{
		"text/html": "a.html", "image/svg+xml": "a.svg", "application/xhtml+xml": "a.xhtml", "text/javascript": "a.js",
		"application/pdf": "a.pdf", "image/png": "a.png", "audio/ogg": "a.ogg", "video/mp4": "a.mp4", "multipart/x-mixed-replace": "a.bin",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			link := b.upload("filename="+name, kind, "<script>evil()</script>").want(201).text("upload", "attachment", "content_url")
			w := b.download(link)
			for header, want := range map[string]string{
				"Content-Type": kind, "Content-Disposition": "attachment; filename=" + name, "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=3600", "Content-Length": "23",
			} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestPartsOfFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	link := b.upload("filename=v.mp4", "video/mp4", "0123456789").want(201).text("upload", "attachment", "content_url")
	for _, tt := range []struct {
		header, value string
		status        int
		body          string
	}{
		{"Range", "bytes=2-4", 206, "234"},
		{"Range", "bytes=-2", 206, "89"},
		{"Range", "bytes=20-", 416, ""},
		{"If-Modified-Since", "Sun, 22 Nov 2026 12:00:00 GMT", 304, ""},
	} {
		w := b.download(link, tt.header, tt.value)
		if w.Code != tt.status || (tt.body != "" && w.Body.String() != tt.body) {
			t.Errorf("%s %s: %d %q", tt.header, tt.value, w.Code, w.Body)
		}
	}
	head := httptest.NewRecorder()
	b.desk.API().ServeHTTP(head, httptest.NewRequestWithContext(t.Context(), http.MethodHead, strings.TrimPrefix(link, baseURL), nil))
	if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Length") != "10" {
		t.Errorf("HEAD: %d, %d bytes, %v", head.Code, head.Body.Len(), head.Header())
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	if w := b.download("/attachments/token/x/"); w.Code != 404 {
		t.Errorf("unknown token: %d", w.Code)
	}
	b.get("/api/v2/attachments/5").want(404)
	link := b.upload("filename=a.txt", "text/plain", "x").want(201).text("upload", "attachment", "content_url")
	for _, name := range filesIn(t, dir) {
		if err := os.Remove(filepath.Join(dir, "files", name)); err != nil {
			t.Fatal(err)
		}
	}
	if w := b.download(link); w.Code != 404 {
		t.Errorf("lost file: %d", w.Code)
	}
}

func TestDeleteUpload(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	r := b.upload("filename=a.txt", "text/plain", "x").want(201)
	token := r.text("upload", "token")
	b.upload("filename=b.txt&token="+token, "text/plain", "y").want(201)
	b.call("DELETE", "/api/v2/uploads/"+token, nil).want(204)
	b.call("DELETE", "/api/v2/uploads/"+token, nil).want(404)
	if w := b.download(r.text("upload", "attachment", "content_url")); w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
	// The page has the same call.
	ana := b.user("Ana Beatriz Souza").ID
	token = b.page(ana, "POST", "/uploads?filename=a.txt", "x").want(201).text("upload", "token")
	b.page(ana, "DELETE", "/uploads/"+token, nil).want(204)
}
