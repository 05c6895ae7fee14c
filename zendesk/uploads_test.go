package zendesk_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// uploadAnswer is Zendesk's answer to an upload.
const uploadAnswer = `{"upload":{"token":"up-1","expires_at":"2026-11-22T13:00:00Z",
	"attachment":{"id":5,"file_name":"olá.ogg","content_type":"audio/ogg","size":4,"content_url":"https://x/5"},"attachments":[]}}`

// withSize is a stream that knows its size and cannot seek.
type withSize struct {
	io.Reader
	size int64
}

func (w withSize) Size() int64 { return w.size }

func TestUpload(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.ogg")
	if err := os.WriteFile(file, []byte("headOggS"), 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	if _, err := opened.Seek(4, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		r      io.Reader
		length int64 // -1: sent in chunks
	}{
		{"memory", strings.NewReader("OggS"), 4},
		{"buffer", bytes.NewBufferString("OggS"), 4},
		{"file, half read", opened, 4},
		{"sized stream", withSize{strings.NewReader("OggS"), 4}, 4},
		{"stream", slowReader{strings.NewReader("OggS")}, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("POST /api/v2/uploads", http.StatusCreated, uploadAnswer)
			got, err := c.Upload(t.Context(), "olá & co.ogg", "audio/ogg", tt.r, "up-0")
			want := zendesk.Upload{
				Token: "up-1", ExpiresAt: noon().Add(time.Hour),
				Attachment: zendesk.Attachment{ID: 5, FileName: "olá.ogg", ContentType: "audio/ogg", Size: 4, ContentURL: "https://x/5"},
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			r := p.only()
			if r.Body != "OggS" || r.Length != tt.length {
				t.Errorf("body = %q, length %d, want %d", r.Body, r.Length, tt.length)
			}
			if r.Header.Get("Content-Type") != "audio/ogg" || r.Header.Get("Authorization") != "Bearer demo" {
				t.Errorf("header = %v", r.Header)
			}
			if r.Query.Get("filename") != "olá & co.ogg" || r.Query.Get("token") != "up-0" {
				t.Errorf("query = %v", r.Query)
			}
		})
	}
}

func TestUploadStartsNewToken(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("POST /api/v2/uploads", http.StatusCreated, uploadAnswer)
	if _, err := c.Upload(t.Context(), "a.ogg", "audio/ogg", strings.NewReader("x"), ""); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.only().Query["token"]; ok {
		t.Error("an empty token was sent")
	}
}

func TestUploadRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	_, err := c.Upload(t.Context(), "a.ogg", "audio/ogg", strings.NewReader(""), "")
	wantKind(t, err, zendesk.KindBad)

	boom := errors.New("source is gone")
	_, err = c.Upload(t.Context(), "a.ogg", "audio/ogg", iotest.ErrReader(boom), "")
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || got.Uncertain() || !errors.Is(err, boom) {
		t.Errorf("error = %#v", err)
	}
	if n := len(p.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestUploadSourceBreaksHalfway(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("POST /api/v2/uploads", http.StatusCreated, uploadAnswer)
	boom := errors.New("source is gone")
	broken := io.MultiReader(strings.NewReader(strings.Repeat("x", 64<<10)), iotest.ErrReader(boom))
	_, err := c.Upload(t.Context(), "a.ogg", "audio/ogg", broken, "")
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || !errors.Is(err, boom) {
		t.Errorf("error = %#v", err)
	}
}
