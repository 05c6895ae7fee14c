package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/internal/app"
)

// sends has a customer send a file of a kind.
func (s *shop) sends(customer, kind, name string, content []byte) {
	s.t.Helper()
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || m.Close() != nil {
		s.t.Fatalf("form: %v", err)
	}
	_, raw := s.raw(http.MethodPost, "/sandbox/phone/api/customers/"+customer+"/media?number="+app.DemoNumber, http.Header{"Content-Type": {m.FormDataContentType()}}, form.Bytes())
	id := value(s.t, raw, "id")
	s.want(http.StatusOK, http.MethodPost, "/sandbox/phone/api/customers/"+customer+"/messages?number="+app.DemoNumber,
		fields{"type": kind, kind: fields{"id": id, "filename": name}})
}

// raw makes a request with headers of its own.
func (s *shop) raw(method, path string, header http.Header, body []byte) (*http.Response, []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = header
	client := &http.Client{Timeout: soon}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, got
}

// shows wants a file of a session as it was sent, shown within the page or as a download.
func (s *shop) shows(session, id string, want []byte, mime, disposition string) {
	s.t.Helper()
	resp, got := s.raw(http.MethodGet, "/api/v1/conversations/"+session+"/files/"+pathOf(id), http.Header{"Authorization": {"Bearer " + app.DemoAPISecret}}, nil)
	if resp.StatusCode != http.StatusOK || !bytes.Equal(got, want) {
		s.t.Fatalf("file %s: %d, %d bytes; want %d: %.200s", id, resp.StatusCode, len(got), len(want), got)
	}
	h := resp.Header
	if h.Get("Content-Type") != mime || !strings.HasPrefix(h.Get("Content-Disposition"), disposition) || h.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Length") != strconv.Itoa(len(want)) {
		s.t.Errorf("file %s: %v", id, h)
	}
}

// TestFiles reads what customers and agents sent, byte by byte: from WhatsApp while it has it, then from the ticket.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	session := s.customer("1", app.DemoNumber, "veja a tela")
	s.sends("1", "image", "tela.png", picture())
	page := []byte("<html><script>alert(1)</script></html>")
	s.sends("1", "document", "nota.txt", page)
	p := s.page(session)
	named := func(name string) func(message) bool {
		return func(m message) bool { return len(m.Files) == 1 && m.Files[0].Name == name && m.Files[0].Size > 0 }
	}
	photo := p.until("the picture is on the ticket", func(m message) bool { return len(m.Files) == 1 && m.Files[0].Kind == "image" && m.Files[0].Size > 0 })
	note := p.until("the document is on the ticket", named("nota.txt"))
	s.shows(session, photo.Files[0].ID, picture(), "image/png", "inline")
	s.shows(session, note.Files[0].ID, page, note.Files[0].MIME, "attachment")

	// An agent's file lies at Zendesk.
	ticket := s.tickets()[0]
	agent := http.Header{"Content-Type": {"image/png"}, "X-Desk-Agent": {strconv.FormatInt(s.ana(), 10)}}
	_, raw := s.raw(http.MethodPost, "/sandbox/helpdesk/api/uploads?filename=seta.png", agent, picture())
	token := value(t, raw, "upload", "token")
	agent.Set("Content-Type", "application/json")
	comment := fmt.Appendf(nil, `{"comment":{"body":"aqui","public":true,"uploads":[%q]}}`, token)
	if resp, got := s.raw(http.MethodPut, fmt.Sprintf("/sandbox/helpdesk/api/tickets/%d", ticket.ID), agent, comment); resp.StatusCode != http.StatusOK {
		t.Fatalf("comment: %d %s", resp.StatusCode, got)
	}
	arrow := p.until("the agent's picture", func(m message) bool { return m.Author == "agent" && named("seta.png")(m) })
	s.shows(session, arrow.Files[0].ID, picture(), "image/png", "inline")

	// WhatsApp forgets a file after a week; the ticket does not.
	s.want(http.StatusOK, http.MethodPost, "/sandbox/control/clock", fields{"offset_seconds": 8 * 24 * 3600})
	s.shows(session, photo.Files[0].ID, picture(), "image/png", "inline")

	for path, want := range map[string]int{
		session + "/files/wamid.none": http.StatusNotFound, session + "/files/..%2F..%2Fopenapi.yaml": http.StatusNotFound,
		session[:len(session)-1] + "7/files/" + pathOf(photo.Files[0].ID): http.StatusNotFound,
	} {
		if got, raw := s.ask(http.MethodGet, "/api/v1/conversations/"+path, nil); got != want {
			t.Errorf("%s: %d %s", path, got, raw)
		}
	}
	if logs := strings.Join(s.logs.lines(), "\n"); strings.Contains(logs, "tela.png") || strings.Contains(logs, "seta.png") {
		t.Error("a file's name is logged")
	}
}

// TestFileThatIsGone: when neither peer has it any more the page is told so, and while they can't be asked that it may try again.
func TestFileThatIsGone(t *testing.T) {
	t.Parallel()
	s := openShop(t, nil)
	session := s.customer("1", app.DemoNumber, "veja a tela")
	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{{"peer": "zendesk", "method": "POST", "path": "/api/v2/uploads*", "status": 503}})
	s.sends("1", "image", "tela.png", picture())
	p := s.page(session)
	photo := p.until("the picture's message", func(m message) bool { return len(m.Files) == 1 })
	file := "/api/v1/conversations/" + session + "/files/" + pathOf(photo.Files[0].ID)
	s.shows(session, photo.Files[0].ID, picture(), "image/png", "inline") // though it is not on the ticket yet

	s.ask(http.MethodPost, "/sandbox/control/faults", []fields{{"peer": "whatsapp", "method": "GET", "path": "*", "status": 500}, {"peer": "zendesk", "method": "POST", "path": "/api/v2/uploads*", "status": 503}})
	s.want(http.StatusServiceUnavailable, http.MethodGet, file, nil)
	s.want(http.StatusOK, http.MethodPost, "/sandbox/control/clock", fields{"offset_seconds": 8 * 24 * 3600})
	if got := s.want(http.StatusGone, http.MethodGet, file, nil); got["code"] != "gone" {
		t.Errorf("answer %v", got)
	}
}

// pathOf is an id as it stands in a path.
func pathOf(id string) string { return url.PathEscape(id) }

// value is a text within an answer.
func value(t *testing.T, raw []byte, path ...string) string {
	t.Helper()
	var at any
	if err := json.Unmarshal(raw, &at); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	for _, name := range path {
		object, ok := at.(map[string]any)
		if !ok {
			t.Fatalf("no %v in %s", path, raw)
		}
		at = object[name]
	}
	text, ok := at.(string)
	if !ok {
		t.Fatalf("no %v in %s", path, raw)
	}
	return text
}
