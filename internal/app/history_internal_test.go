package app

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// clerk answers with how often it was asked.
type clerk struct {
	asked int
	err   error
}

func (c *clerk) ask(context.Context) (int, error) {
	c.asked++
	return c.asked, c.err
}

func TestBrief(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	b := newBrief[string, int](func() time.Time { return now }, time.Minute, 2)
	c := &clerk{}
	want := func(key string, answer int) {
		t.Helper()
		if got, err := b.get(t.Context(), key, c.ask); got != answer || !errors.Is(err, c.err) {
			t.Errorf("%s: %d %v; want %d", key, got, err, answer)
		}
	}
	want("a", 1)
	want("a", 1)
	want("b", 2)
	now = now.Add(time.Minute)
	want("a", 3) // too old
	want("c", 4) // b makes room
	want("a", 3)
	want("d", 5) // all are in use: they are forgotten
	want("a", 6)
	if len(b.known) != 2 {
		t.Errorf("%d are remembered", len(b.known))
	}
	c.err = errBusy
	want("e", 7) // what fails is not remembered
	c.err = nil
	want("e", 8)
	now = now.Add(-time.Hour)
	want("e", 9) // the clock was turned back
}

// broken can't be read, and notes that it was closed.
type brokenBody struct{ closed bool }

var errBody = errors.New("connection lost")

func (b *brokenBody) Read([]byte) (int, error) { return 0, errBody }

func (b *brokenBody) Close() error {
	b.closed = true
	return nil
}

func TestSniffed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, declared, file, known, mime, called string }{
		{"a picture", "\x89PNG\r\n\x1a\n", "image/png", "tela.png", "", "image/png", "tela.png"},
		{"what it is counts more than what it is called", "%PDF-1.4", "image/png", "a.png", "", "application/pdf", "a.pdf"},
		{"what a transfer found", "PK\x03\x04", "application/zip", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"},
		{"a path for a name", "oi", "text/plain", "../../etc/passwd", "", "text/plain", "passwd.txt"},
		{"nothing", "", "", "", "", "application/octet-stream", "arquivo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := sniffed(io.NopCloser(strings.NewReader(tt.content)), 7, tt.declared, conversation.File{Name: tt.file, MIME: tt.known})
			if err != nil || !strings.HasPrefix(f.MIME, tt.mime) || f.Name != tt.called || f.Size != 7 {
				t.Errorf("%+v %v; want %s %s", f, err, tt.mime, tt.called)
			}
			if got, err := io.ReadAll(f.Body); string(got) != tt.content || err != nil {
				t.Errorf("content %q %v", got, err)
			}
		})
	}
	body := &brokenBody{}
	if _, err := sniffed(body, 7, "", conversation.File{}); !errors.Is(err, errBody) || !body.closed {
		t.Errorf("error %v, closed %v", err, body.closed)
	}
}

func TestOptionsOf(t *testing.T) {
	t.Parallel()
	option := func(names ...string) (list []zendesk.FieldOption) {
		for _, n := range names {
			list = append(list, zendesk.FieldOption{Name: n})
		}
		return list
	}
	all := []zendesk.TicketField{
		{ID: 1, Title: "Catálogo", Options: option("inactive"), Removable: true},
		{ID: 2, Title: "Catálogo", Active: true, Options: option("system")},
		{ID: 3, Title: "Catálogo de Serviços", Active: true, Removable: true, Options: option("A::B", "A::C")},
	}
	for ref, want := range map[string][]string{"catálogo de serviços": {"A::B", "A::C"}, "3": {"A::B", "A::C"}, "Catálogo": nil, "4": nil} {
		if diff := cmp.Diff(want, optionsOf(all, ref)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ref, diff)
		}
	}
}

func TestKindOfDeadWork(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]string{
		`{"k":"retry","e":{"id":"7","k":"send","s":{"x":"words"}}}`: "send", `{"k":"message","m":{"x":"words"}}`: "message", `{"k":7}`: "", `words`: "", ``: "",
	} {
		if got := deadKind([]byte(event)); got != want {
			t.Errorf("%s is %q; want %q", event, got, want)
		}
	}
	for key, want := range map[string]bool{
		"106540352242922|01JCONTACT": true, conversation.DeskKey: false, conversation.MediaKey("x"): false, "account|1": false, "ticket|7": false, "nobody": false, "": false,
	} {
		if got := threadKey(key); got != want {
			t.Errorf("%q is a thread: %v", key, got)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	file := conversation.File{Name: "Tela.png", Size: 70}
	for name, tt := range map[string]struct {
		attached zendesk.Attachment
		want     bool
	}{
		"it": {zendesk.Attachment{FileName: "tela.PNG", Size: 70}, true}, "of another size": {zendesk.Attachment{FileName: "Tela.png", Size: 71}, false},
		"of another name": {zendesk.Attachment{FileName: "Tela2.png", Size: 70}, false},
	} {
		if same(tt.attached, file) != tt.want {
			t.Errorf("%s: %v", name, !tt.want)
		}
	}
}
