package whatsapp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/guard"
	"github.com/ponte-desk/ponte/whatsapp"
)

func pdf(text string) whatsapp.UploadFile {
	return whatsapp.UploadFile{Name: "olá.pdf", MIME: "application/pdf", Size: int64(len(text)), Body: strings.NewReader(text)}
}

// uploadedFile is an upload as the peer sees it.
type uploadedFile struct {
	Path, Credential, Product, Type, Name, MIME, Content string
	Sized                                                bool
}

// readUpload reads an upload, and the rest of its body.
func readUpload(t *testing.T, r *http.Request) uploadedFile {
	t.Helper()
	got := uploadedFile{
		Path: r.URL.Path, Credential: r.Header.Get("Authorization") + r.Header.Get("D360-API-KEY"), Sized: r.ContentLength > 0,
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.ContentLength >= 0 && int64(len(body)) != r.ContentLength {
		t.Errorf("body of %d bytes, %d were announced: %v", len(body), r.ContentLength, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	reader, err := r.MultipartReader()
	if err != nil {
		t.Error(err)
		return got
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Error(err)
			return got
		}
		got.take(t, part)
	}
}

func (u *uploadedFile) take(t *testing.T, part *multipart.Part) {
	t.Helper()
	content, err := io.ReadAll(part)
	if err != nil {
		t.Error(err)
	}
	switch part.FormName() {
	case "messaging_product":
		u.Product = string(content)
	case "type":
		u.Type = string(content)
	case "file":
		u.Name, u.MIME, u.Content = part.FileName(), part.Header.Get("Content-Type"), string(content)
	default:
		t.Errorf("a part %q", part.FormName())
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file whatsapp.UploadFile
		want uploadedFile
	}{
		"known size": {pdf("%PDF-1.7"), uploadedFile{Name: "olá.pdf", MIME: "application/pdf", Content: "%PDF-1.7", Sized: true}},
		"unknown size": {
			whatsapp.UploadFile{Name: "a.ogg", MIME: "audio/ogg; codecs=opus", Body: iotest.OneByteReader(strings.NewReader("OggS"))},
			uploadedFile{Name: "a.ogg", MIME: "audio/ogg; codecs=opus", Content: "OggS"},
		},
		"hostile name": {
			whatsapp.UploadFile{Name: "../a\r\nX: y\"\u202e.exe", MIME: "text/plain", Size: 1, Body: strings.NewReader("x")},
			uploadedFile{Name: "aX_ y_.txt", MIME: "text/plain", Content: "x", Sized: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.Product, tt.want.Type = "whatsapp", tt.file.MIME
			tt.want.Path, tt.want.Credential = "/graph/v26.0/7001/media", "Bearer "+token
			c := cloud(t, func(w http.ResponseWriter, r *http.Request) {
				if diff := cmp.Diff(tt.want, readUpload(t, r)); diff != "" || r.Method != http.MethodPost {
					t.Errorf("%s (-want +got):\n%s", r.Method, diff)
				}
				io.WriteString(w, `{"id":"4490709327384033"}`)
			})
			if id, err := c.Upload(t.Context(), "7001", tt.file); id != "4490709327384033" || err != nil {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
}

func TestUploadTo360Dialog(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := readUpload(t, r); got.Path != "/media" || got.Credential != "key" || got.Content != "%PDF" {
			t.Errorf("got %+v", got)
		}
		io.WriteString(w, `{"id":7}`)
	}))
	t.Cleanup(server.Close)
	p := whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: server.URL, Key: "key"})
	if id, err := p.Upload(t.Context(), "7001", pdf("%PDF")); id != "7" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
}

func TestUploadFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status       int
		answer, want string
	}{
		"type":             {400, `{"error":{"message":"(#100) Param file must be a file with one of the following types","code":100}}`, "refused"},
		"content":          {400, `{"error":{"code":131053}}`, "refused"},
		"too large":        {413, `<html>`, "refused"},
		"type, by status":  {415, ``, "refused"},
		"no such number":   {400, `{"error":{"code":100,"error_subcode":33}}`, "no: our_bug"},
		"token expired":    {401, `{"error":{"code":190}}`, "no: auth"},
		"too many":         {400, `{"error":{"code":130429}}`, "later"},
		"down":             {503, ``, "again"},
		"down with a code": {500, `{"error":{"code":131000}}`, "later"},
		"no id":            {200, `{}`, "again"},
		"no plain id":      {200, `{"id":"a/b"}`, "again"},
		"not JSON":         {200, `<html>`, "again"},
		"redirected":       {307, ``, "no: unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := atomic.Int32{}
			c := cloud(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				io.Copy(io.Discard, r.Body)
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			})
			id, err := c.Upload(t.Context(), "7001", pdf("%PDF"))
			if got := fate(err); got != tt.want || id != "" || requests.Load() != 1 {
				t.Errorf("got %s, want %s (%v) after %d requests", got, tt.want, err, requests.Load())
			}
			var told *whatsapp.APIError
			if tt.want == "refused" && (!errors.As(err, &told) || told.HTTPStatus != tt.status) {
				t.Errorf("error = %#v", err)
			}
		})
	}
}

func TestUploadRefusesBeforeItsEnd(t *testing.T) {
	t.Parallel()
	boom := errors.New("source is gone")
	with := func(change func(*whatsapp.UploadFile)) whatsapp.UploadFile {
		f := pdf("%PDF")
		change(&f)
		return f
	}
	long := strings.Repeat("x", 100_000)
	for name, tt := range map[string]struct {
		number string
		file   whatsapp.UploadFile
		want   string
	}{
		"empty":          {"7001", with(func(f *whatsapp.UploadFile) { f.Body = strings.NewReader("") }), "invalid"},
		"no type":        {"7001", with(func(f *whatsapp.UploadFile) { f.MIME = "" }), "invalid"},
		"broken type":    {"7001", with(func(f *whatsapp.UploadFile) { f.MIME = "a/b\r\nX: y" }), "invalid"},
		"number":         {"../7001", pdf("%PDF"), "invalid"},
		"longer":         {"7001", with(func(f *whatsapp.UploadFile) { f.Size = 3 }), "invalid"},
		"much longer":    {"7001", with(func(f *whatsapp.UploadFile) { f.Body = strings.NewReader(long) }), "invalid"},
		"shorter":        {"7001", with(func(f *whatsapp.UploadFile) { f.Size = 5 }), "invalid"},
		"much shorter":   {"7001", with(func(f *whatsapp.UploadFile) { f.Size, f.Body = 200_000, strings.NewReader(long) }), "invalid"},
		"broken":         {"7001", with(func(f *whatsapp.UploadFile) { f.Body = iotest.ErrReader(boom) }), "again"},
		"broken halfway": {"7001", with(func(f *whatsapp.UploadFile) { f.Body = io.MultiReader(strings.NewReader("%P"), iotest.ErrReader(boom)) }), "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cloud(t, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err == nil {
					t.Error("a whole body arrived")
				}
				io.WriteString(w, `{"id":"1"}`)
			})
			_, err := c.Upload(t.Context(), tt.number, tt.file)
			if got := fate(err); got != tt.want || tt.want == "again" && !errors.Is(err, boom) {
				t.Errorf("got %s, want %s (%v)", got, tt.want, err)
			}
		})
	}
	empty := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://127.0.0.1:1", Version: "v26.0"})
	if _, err := empty.Upload(t.Context(), "7001", pdf("%PDF")); fate(err) != "no: auth" {
		t.Errorf("without a token: %v", err)
	}
}

// zeros is a source of n bytes that counts what was taken from it.
type zeros struct {
	left  int64
	taken atomic.Int64
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	clear(p[:n])
	z.left -= n
	z.taken.Add(n)
	return int(n), nil
}

// The file is never in memory: what 100 MB need from beginning to end, the server's part included, is next to nothing.
func TestUploadIsFlat(t *testing.T) { // not parallel: it measures the whole process
	const size = 100 << 20
	var before, after runtime.MemStats
	c := cloud(t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(io.Discard, r.Body); n != r.ContentLength || n < size || err != nil {
			t.Errorf("%d of %d bytes arrived: %v", n, r.ContentLength, err)
		}
		io.WriteString(w, `{"id":"1"}`)
	})
	runtime.ReadMemStats(&before)
	file := whatsapp.UploadFile{Name: "a.pdf", MIME: "application/pdf", Size: size, Body: &zeros{left: size}}
	if _, err := c.Upload(t.Context(), "7001", file); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

// answerOnce is the peer's answer when the body came to its end.
func answerOnce(err error) (*http.Response, error) {
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"id":"1"}`))}, nil
}

// The source is read as fast as the peer takes it, not ahead.
func TestUploadDoesNotReadAhead(t *testing.T) {
	t.Parallel()
	source := &zeros{left: 8 << 20}
	ahead := int64(0)
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		piece := make([]byte, 10_000)
		for taken := int64(0); ; {
			n, err := r.Body.Read(piece)
			taken += int64(n)
			ahead = max(ahead, source.taken.Load()-taken)
			if err != nil {
				return answerOnce(err)
			}
		}
	})}
	c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://peer.example", Version: "v26.0", Token: token, HTTP: client})
	if _, err := c.Upload(t.Context(), "7001", whatsapp.UploadFile{MIME: "a/b", Body: source}); err != nil {
		t.Fatal(err)
	}
	if ahead > 64<<10 {
		t.Errorf("read %d bytes ahead", ahead)
	}
}

// A transport may go on reading after the answer; the source is the caller's again all the same.
func TestUploadGivesItsSourceBack(t *testing.T) {
	t.Parallel()
	answered, read := make(chan struct{}), make(chan error)
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		go func() {
			<-answered
			_, err := io.CopyN(io.Discard, r.Body, 1<<20)
			read <- err
		}()
		return &http.Response{StatusCode: http.StatusRequestEntityTooLarge, Body: http.NoBody}, nil
	})}
	c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://peer.example", Version: "v26.0", Token: token, HTTP: client})
	source := &zeros{left: 1 << 40}
	if _, err := c.Upload(t.Context(), "7001", whatsapp.UploadFile{MIME: "a/b", Size: 1 << 40, Body: source}); fate(err) != "refused" {
		t.Errorf("error = %v", err)
	}
	taken := source.left
	close(answered)
	if err := <-read; err == nil || errors.Is(err, io.EOF) || source.left != taken {
		t.Errorf("it was read after the call: %v", err)
	}
}

// An upload may take longer than any call, as long as the peer takes something.
func TestUploadTakesItsTime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause time.Duration
		err   error
	}{"slow": {59 * time.Second, nil}, "silent": {61 * time.Second, guard.ErrStalled}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := &http.Client{Timeout: 8 * time.Second, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					for piece := make([]byte, 100); ; {
						select {
						case <-time.After(tt.pause):
						case <-r.Context().Done():
							return nil, r.Context().Err()
						}
						if _, err := r.Body.Read(piece); err != nil {
							return answerOnce(err)
						}
					}
				})}
				c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://peer.example", Version: "v26.0", Token: token, HTTP: client})
				_, err := c.Upload(t.Context(), "7001", pdf(strings.Repeat("x", 2000)))
				if !errors.Is(err, tt.err) || tt.err != nil && fate(err) != "again" {
					t.Errorf("error = %v", err)
				}
				if strings.Contains(fmt.Sprint(err), "peer.example") {
					t.Errorf("the error tells the address: %v", err)
				}
			})
		})
	}
}
