package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

const uploadsPath = conv + "/uploads"

// shelf keeps what was uploaded.
type shelf struct {
	asked []web.UploadAsk
	read  []string
	kept  map[string]conversation.Attached // by id, session and caller
	err   error
	began chan struct{} // closed when a file is about to be read
}

func (s *shelf) Upload(_ context.Context, u web.UploadAsk) (web.Upload, error) {
	if s.err != nil {
		return web.Upload{}, s.err
	}
	if s.began != nil {
		close(s.began)
	}
	raw, err := io.ReadAll(u.Body)
	u.Body = nil
	s.asked, s.read = append(s.asked, u), append(s.read, string(raw))
	return web.Upload{ID: "up-1", Kind: "document", Name: u.Name, MIME: "application/pdf", Size: int64(len(raw))}, err
}

func (s *shelf) Uploaded(_ context.Context, id, session string, caller int64) (conversation.Attached, bool, error) {
	f, ok := s.kept[strings.Join([]string{id, session, agentID(caller)}, " ")]
	return f, ok, s.err
}

func agentID(n int64) string {
	if n == 0 {
		return "-"
	}
	return "agent"
}

// fileError is a file that can't be sent.
type fileError int

func (e fileError) Error() string   { return "internal words" }
func (e fileError) HTTPStatus() int { return int(e) }
func (e fileError) Advice() string  { return "Não é possível enviar." }

// sends uploads bytes.
func (c *counter) sends(query, content string) *httptest.ResponseRecorder {
	c.t.Helper()
	request := func() *http.Request {
		r := httptest.NewRequestWithContext(c.t.Context(), http.MethodPost, uploadsPath+query, strings.NewReader(content))
		r.Header.Set("Authorization", "Bearer "+newSecret)
		r.Header.Set("Content-Type", "application/octet-stream")
		return r
	}
	rec := httptest.NewRecorder()
	c.echo.ServeHTTP(rec, request())
	c.check(request(), content, rec)
	return rec
}

// TestUpload wants a file handed on as it came, and answered with the id that a reply names.
func TestUpload(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.sends("?name=nota%20fiscal.pdf&voice=1", "%PDF-1.7"), 200, `"id":"up-1"`, `"kind":"document"`, `"name":"nota fiscal.pdf"`, `"mime":"application/pdf"`, `"size":8`)
	want := []web.UploadAsk{{Session: session, Name: "nota fiscal.pdf", Voice: true, Size: 8}}
	if diff := cmp.Diff(want, c.shelf.asked); diff != "" || c.shelf.read[0] != "%PDF-1.7" {
		t.Errorf("handed on %q as (-want +got):\n%s", c.shelf.read, diff)
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "?name=", "?name=" + strings.Repeat("a", 241), "?name=a&voice=sim"} {
		c := openCounter(t, newSecret)
		c.tells(c.sends(query, "x"), 400, `"code":"bad_request"`)
		if len(c.shelf.asked) > 0 {
			t.Errorf("%q is taken in", query)
		}
	}
	for status, code := range map[int]string{400: "bad_request", 413: "too_large", 415: "bad_type"} {
		c := openCounter(t, newSecret)
		c.shelf.err = fileError(status)
		c.wrong = templateError{} // the description does not tell it
		c.tells(c.sends("?name=a", "x"), status, `"code":"`+code+`"`, "Não é possível enviar.")
	}
	c := openCounter(t, newSecret)
	c.shelf.err = errors.New("the network is gone")
	c.tells(c.sends("?name=a", "x"), 503, `"code":"unavailable"`)
	c = openCounter(t, newSecret)
	c.thread = nil
	c.tells(c.sends("?name=a", "x"), 404, `"code":"not_found"`)
	if len(c.shelf.asked) > 0 {
		t.Error("a file of no conversation is taken in")
	}
	c = openCounter(t, newSecret)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, uploadsPath+"?name=a", strings.NewReader("x"))
	rec := httptest.NewRecorder()
	c.echo.ServeHTTP(rec, r)
	c.tells(rec, 401, `"code":"unauthorized"`)
}

// TestReplyWithFile wants a reply to carry what was uploaded for it, and to be refused when that is gone, but for what was sent before.
func TestReplyWithFile(t *testing.T) {
	t.Parallel()
	const reply = `{"id":"command-1","text":"segue","file":"up-1"}`
	kept := conversation.Attached{File: conversation.File{ID: "up-1", Kind: "document", Name: "a.pdf"}, Token: "tok", At: apiNow()}
	c := openCounter(t, newSecret)
	c.shelf.kept = map[string]conversation.Attached{"up-1 " + session + " -": kept}
	c.tells(c.ask("POST", conv+"/reply", reply), 200, `"ok":true`)
	want := []conversation.Command{{ID: "command-1", Kind: conversation.CommandReply, Session: session, Text: "segue", Upload: &kept}}
	if diff := cmp.Diff(want, c.got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c = openCounter(t, newSecret)
	c.tells(c.ask("POST", conv+"/reply", reply), 200, `"ok":true`) // its answer is known
	c.known = false
	c.tells(c.ask("POST", conv+"/reply", reply), 409, `"code":"bad_file"`, "Anexe-o de novo")
	c.shelf.err = errors.New("the store is gone")
	c.tells(c.ask("POST", conv+"/reply", reply), 503, `"code":"unavailable"`)
	if len(c.got) > 0 {
		t.Errorf("commands: %+v", c.got)
	}
	c = openCounter(t, newSecret)
	c.tells(c.ask("POST", conv+"/reply", `{"id":"command-1","file":"up-1","text":"`+fill(1025)+`"}`), 400, "longo demais")
	c.tells(c.ask("POST", conv+"/note", `{"id":"command-1","file":"up-1"}`), 400, `"bad_request"`)
}

// trickle hands bytes out one by one, and waits for a word before each.
type trickle struct {
	left []byte
	next chan struct{}
}

func (r *trickle) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	<-r.next
	n := copy(p[:1], r.left)
	r.left = r.left[n:]
	return n, nil
}

// TestUploadIsPatient wants a file to take longer than the server grants other requests.
func TestUploadIsPatient(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.shelf.began = make(chan struct{})
	srv := httptest.NewUnstartedServer(c.echo)
	srv.Config.ReadTimeout = time.Second
	srv.Start()
	defer srv.Close()
	body := &trickle{left: []byte("abc"), next: make(chan struct{}, 3)}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+uploadsPath+"?name=a.txt", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+newSecret)
	body.next <- struct{}{}
	done := make(chan string, 1)
	go func() {
		resp, err := srv.Client().Do(r)
		if err != nil {
			done <- err.Error()
			return
		}
		raw, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		done <- string(raw)
	}()
	<-c.shelf.began
	late := time.NewTimer(srv.Config.ReadTimeout + 100*time.Millisecond)
	<-late.C
	body.next <- struct{}{}
	body.next <- struct{}{}
	if got := <-done; !strings.Contains(got, `"size":3`) {
		t.Error(got)
	}
}
