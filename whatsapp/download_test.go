package whatsapp_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/guard"
	"github.com/ponte-desk/ponte/whatsapp"
)

const fileText = "OggS, of which nobody looks at more"

func fileSum() []byte {
	sum := sha256.Sum256([]byte(fileText))
	return sum[:]
}

// peerFile is a peer with one file.
type peerFile struct {
	t                *testing.T
	base             string
	lookUp           func(w http.ResponseWriter, r *http.Request) // nil: answers info
	info             string                                       // of a look-up; %s is the peer's address
	file             http.HandlerFunc
	lookUps, fetches atomic.Int32
}

// startFile starts a peer that answers a look-up with info, and what the address in it asks for with file.
func startFile(t *testing.T, info string, file http.HandlerFunc) *peerFile {
	t.Helper()
	p := &peerFile{t: t, info: info, file: file}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.base = server.URL
	return p
}

func (p *peerFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/file") {
		p.fetches.Add(1)
		p.file(w, r)
		return
	}
	p.lookUps.Add(1)
	if p.lookUp != nil {
		p.lookUp(w, r)
		return
	}
	fmt.Fprint(w, strings.ReplaceAll(p.info, "%s", p.base))
}

func (p *peerFile) cloud() *whatsapp.Cloud {
	return whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: p.base, Version: "v26.0", Token: token})
}

func sendFile(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, fileText) }

// read reads a download and closes it.
func read(t *testing.T, d *whatsapp.Download) (string, error) {
	t.Helper()
	body, err := io.ReadAll(d.Body)
	if closed := d.Body.Close(); closed != nil {
		t.Error(closed)
	}
	return string(body), err
}

func TestFetchMedia(t *testing.T) {
	t.Parallel()
	sum := fileSum()
	for name, tt := range map[string]struct {
		info string
		want whatsapp.Download
	}{
		"all, as Meta shows it": {
			`"mime_type":"audio/ogg; codecs=opus","file_size":"` + fmt.Sprint(len(fileText)) + `","sha256":"` + hex.EncodeToString(sum) + `"`,
			whatsapp.Download{MIME: "audio/ogg; codecs=opus", Size: int64(len(fileText)), SHA256: sum},
		},
		"number, base64": {
			`"mime_type":"audio/ogg","file_size":35,"sha256":"` + base64.StdEncoding.EncodeToString(sum) + `"`,
			whatsapp.Download{MIME: "audio/ogg", Size: 35, SHA256: sum},
		},
		"base64 of addresses": {
			`"mime_type":"audio/ogg","sha256":"` + base64.RawURLEncoding.EncodeToString(sum) + `"`,
			whatsapp.Download{MIME: "audio/ogg", Size: 35, SHA256: sum},
		},
		"only the address":  {`"x":1`, whatsapp.Download{MIME: "text/plain; charset=utf-8", Size: 35}},
		"nonsense":          {`"mime_type":{},"file_size":"many","sha256":"zz"`, whatsapp.Download{MIME: "text/plain; charset=utf-8", Size: 35}},
		"more was promised": {`"mime_type":"a/b","file_size":-5`, whatsapp.Download{MIME: "a/b", Size: 35}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startFile(t, `{"messaging_product":"whatsapp","url":"%s/file?mid=9&hash=x","id":"9",`+tt.info+`}`,
				func(w http.ResponseWriter, r *http.Request) {
					if r.URL.RawQuery != "mid=9&hash=x" || r.Header.Get("Authorization") != "Bearer "+token || r.UserAgent() == "" {
						t.Errorf("got %s %v", r.URL, r.Header)
					}
					sendFile(w, r)
				})
			p.lookUp = func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.String() != "/v26.0/9?phone_number_id=7001" || r.Header.Get("Authorization") != "Bearer "+token {
					t.Errorf("got %s %s", r.Method, r.URL)
				}
				io.WriteString(w, strings.ReplaceAll(p.info, "%s", p.base))
			}
			got, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
			if err != nil {
				t.Fatal(err)
			}
			body, err := read(t, got)
			if body != fileText || err != nil {
				t.Errorf("got %q, %v", body, err)
			}
			got.Body = nil
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// 360dialog has no number in its paths, another header, and stands in for Meta's host.
func TestFetchMediaOf360Dialog(t *testing.T) {
	t.Parallel()
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.String()+" "+r.Header.Get("D360-API-KEY")+r.Header.Get("Authorization"))
		if r.URL.Path == "/path/9" {
			io.WriteString(w, `{"url":"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=9\u0026hash=x","mime_type":"a/b"}`)
			return
		}
		sendFile(w, r)
	}))
	t.Cleanup(server.Close)
	p := whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: server.URL + "/path", Key: "key"})
	got, err := p.FetchMedia(t.Context(), "7001", "9")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := read(t, got); body != fileText || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	want := []string{"/path/9 key", "/path/whatsapp_business/attachments/?mid=9&hash=x key"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFetchMediaAsksAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bad  int32 // how often the address is no good
		gone bool
	}{"address over": {1, false}, "file over": {2, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p *peerFile
			p = startFile(t, `{"url":"%s/file"}`, func(w http.ResponseWriter, r *http.Request) {
				if p.fetches.Load() <= tt.bad {
					http.NotFound(w, r)
					return
				}
				sendFile(w, r)
			})
			got, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
			if errors.Is(err, whatsapp.ErrMediaGone) != tt.gone || (err != nil) != tt.gone {
				t.Errorf("error = %v", err)
			}
			var told *whatsapp.APIError
			if tt.gone && (!errors.As(err, &told) || told.HTTPStatus != http.StatusNotFound) {
				t.Errorf("error = %#v", err)
			}
			if err == nil {
				if body, err := read(t, got); body != fileText || err != nil {
					t.Errorf("got %q, %v", body, err)
				}
			}
			if p.lookUps.Load() != 2 || p.fetches.Load() != 2 {
				t.Errorf("%d look-ups, %d fetches", p.lookUps.Load(), p.fetches.Load())
			}
		})
	}
}

// fate tells what an error of a transfer asks for.
func fate(err error) string {
	var told *whatsapp.APIError
	var unclear *whatsapp.UncertainError
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, whatsapp.ErrMediaGone):
		return "gone"
	case errors.Is(err, whatsapp.ErrMediaRefused):
		return "refused"
	case errors.Is(err, whatsapp.ErrMediaAddress):
		return "address"
	case errors.Is(err, whatsapp.ErrInvalid):
		return "invalid"
	case errors.As(err, &unclear):
		return "again"
	case errors.As(err, &told) && told.Verdict().Retry:
		return "later"
	case errors.As(err, &told):
		return "no: " + string(told.Class)
	}
	return "unknown: " + err.Error()
}

func TestFetchMediaLookUpFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status       int
		answer, want string
	}{
		"no such id":         {400, `{"error":{"message":"Unsupported get request","code":100,"error_subcode":33}}`, "gone"},
		"wrong parameter":    {400, `{"error":{"code":100}}`, "gone"},
		"not there":          {404, `{}`, "gone"},
		"gone":               {410, ``, "gone"},
		"cannot be had":      {400, `{"error":{"code":131052}}`, "gone"},
		"token expired":      {401, `{"error":{"code":190}}`, "no: auth"},
		"not there, token":   {404, `{"error":{"code":190}}`, "no: auth"},
		"forbidden":          {403, `{"error":{"code":10}}`, "no: auth"},
		"too many":           {429, `{"error":{"code":80007}}`, "later"},
		"down, with a code":  {500, `{"error":{"code":2}}`, "later"},
		"down":               {502, `<html>`, "again"},
		"redirected":         {302, ``, "no: unknown"},
		"not JSON":           {200, `<html>`, "again"},
		"no address":         {200, `{"id":"9"}`, "again"},
		"address of no text": {200, `{"url":{}}`, "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startFile(t, "", sendFile)
			p.lookUp = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			}
			_, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
			if got := fate(err); got != tt.want {
				t.Errorf("got %s, want %s (%v)", got, tt.want, err)
			}
			var told *whatsapp.APIError
			if tt.want == "gone" && (!errors.As(err, &told) || told.HTTPStatus != tt.status) {
				t.Errorf("error = %#v", err)
			}
			if p.lookUps.Load() != 1 || p.fetches.Load() != 0 {
				t.Errorf("%d look-ups, %d fetches", p.lookUps.Load(), p.fetches.Load())
			}
		})
	}
}

func TestFetchMediaFileFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file http.HandlerFunc
		want string
	}{
		"unauthorized": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "no: auth"},
		"forbidden":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, "no: unknown"},
		"too many":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "later"},
		"down":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "later"},
		"nothing":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "no: unknown"},
		"cut":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startFile(t, `{"url":"%s/file"}`, tt.file)
			_, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
			if got := fate(err); got != tt.want || p.lookUps.Load() != 1 {
				t.Errorf("got %s, want %s (%v) after %d look-ups", got, tt.want, err, p.lookUps.Load())
			}
			if text := fmt.Sprint(err); strings.Contains(text, token) || strings.Contains(text, "://") {
				t.Errorf("the error tells too much: %s", text)
			}
		})
	}
}

func TestFetchMediaRefusesAddresses(t *testing.T) {
	t.Parallel()
	reached := atomic.Bool{}
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(inside.Close)
	for name, address := range map[string]string{
		"another host":            "https://evil.example/file",
		"a host that looks alike": "https://lookaside.fbsbx.com.evil.example/file",
		"a host that ends alike":  "https://evilfbsbx.com/file",
		"plain":                   "http://lookaside.fbsbx.com/file",
		"inside":                  inside.URL,
		"metadata":                "http://169.254.169.254/latest/meta-data",
		"credentials":             "https://a:b@lookaside.fbsbx.com/file",
		"a file":                  "file:///etc/passwd",
		"no address":              "://",
		"redirect inside":         "%s/file?to=" + inside.URL,
		"redirect to metadata":    "%s/file?to=https://169.254.169.254/",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startFile(t, `{"url":"`+address+`"}`, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
			})
			_, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
			if got := fate(err); got != "address" {
				t.Errorf("got %s (%v)", got, err)
			}
			if strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), token) {
				t.Errorf("the error tells too much: %v", err)
			}
			if reached.Load() {
				t.Error("a server inside was reached")
			}
		})
	}
	if _, err := startFile(t, "", sendFile).cloud().FetchMedia(t.Context(), "7001", "../9"); fate(err) != "invalid" {
		t.Errorf("error = %v", err)
	}
}

func TestDownloadIsVerified(t *testing.T) {
	t.Parallel()
	p := startFile(t, `{"url":"%s/file","sha256":"`+hex.EncodeToString(make([]byte, 32))+`"}`, sendFile)
	got, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, got); !errors.Is(err, whatsapp.ErrMediaBroken) {
		t.Errorf("error = %v", err)
	}
}

func TestDownloadCutShort(t *testing.T) {
	t.Parallel()
	p := startFile(t, `{"url":"%s/file"}`, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		sendFile(w, r)
	})
	got, err := p.cloud().FetchMedia(t.Context(), "7001", "9")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := read(t, got); body != fileText || fate(err) != "again" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v", body, err)
	}
}

// slowFile is a peer on fake time, whose file comes in pieces.
func slowFile(pieces int, pause time.Duration) *http.Client {
	return &http.Client{Timeout: 8 * time.Second, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: -1, Request: r}
		if r.URL.Path != "/file" {
			resp.Body = io.NopCloser(strings.NewReader(`{"url":"http://peer.example/file"}`))
			return resp, nil
		}
		out, in := io.Pipe()
		context.AfterFunc(r.Context(), func() { in.CloseWithError(r.Context().Err()) })
		go func() {
			for range pieces {
				<-time.After(pause)
				if _, err := in.Write([]byte("x")); err != nil {
					return
				}
			}
			in.Close()
		}()
		resp.Body = out
		return resp, nil
	})}
}

// A file may take longer than any call, as long as it comes; a peer that falls silent is given up.
func TestDownloadTakesItsTime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause time.Duration
		body  string
		err   error
	}{
		"slow":   {29 * time.Second, strings.Repeat("x", 20), nil},
		"silent": {31 * time.Second, "", guard.ErrStalled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := whatsapp.NewCloud(whatsapp.CloudConfig{
					BaseURL: "http://peer.example", Version: "v26.0", Token: token, HTTP: slowFile(20, tt.pause),
				})
				got, err := c.FetchMedia(t.Context(), "7001", "9")
				if err != nil {
					t.Fatal(err)
				}
				body, err := read(t, got)
				if body != tt.body || !errors.Is(err, tt.err) || got.Size != -1 {
					t.Errorf("got %q, %v, size %d", body, err, got.Size)
				}
				<-time.After(time.Minute) // the peer ends too
			})
		})
	}
}
