package zendesk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/guard"
	"github.com/ponte-desk/ponte/zendesk"
)

// files is an account whose files are answered by a handler, without its API.
func files(t *testing.T, handler http.HandlerFunc) (string, *zendesk.Client) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := zendesk.New(zendesk.Config{BaseURL: server.URL + prefix, StaticToken: "demo", Now: noon, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, c
}

// download reads a file whole.
func download(t *testing.T, c *zendesk.Client, address string) (string, int64, string, error) {
	t.Helper()
	body, size, mime, err := c.Download(t.Context(), address)
	if err != nil {
		if body != nil {
			t.Error("a body beside an error")
		}
		return "", 0, "", err
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	return string(content), size, mime, err
}

func TestDownload(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		size    int64
		mime    string
	}{
		"told": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/ogg")
			io.WriteString(w, "OggS")
		}, 4, "audio/ogg"},
		"nothing told": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "Og")
			http.NewResponseController(w).Flush()
			io.WriteString(w, "gS")
		}, -1, ""},
		"packed on the way": {func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept-Encoding"); got != "" && got != "gzip" {
				t.Errorf("Accept-Encoding %q", got)
			}
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, "OggS")
		}, 4, "text/plain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, c := files(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.String() != "/attachments/token/x/?name=a" || r.Header.Get("Authorization") != "Bearer demo" {
					t.Errorf("got %s %s %v", r.Method, r.URL, r.Header)
				}
				tt.handler(w, r)
			})
			body, size, mime, err := download(t, c, address+"/attachments/token/x/?name=a")
			if body != "OggS" || size != tt.size || mime != tt.mime || err != nil {
				t.Errorf("got %q, %d, %q, %v", body, size, mime, err)
			}
		})
	}
}

// The token follows a redirect within Zendesk and no other.
func TestDownloadRedirects(t *testing.T) {
	t.Parallel()
	var seen []string
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was reached") }))
	t.Cleanup(other.Close)
	address, c := files(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path+" "+r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/inside":
			http.Redirect(w, r, "/file", http.StatusFound)
		case "/outside":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/metadata":
			http.Redirect(w, r, "https://169.254.169.254/latest/meta-data", http.StatusFound)
		default:
			io.WriteString(w, "OggS")
		}
	})
	if body, _, _, err := download(t, c, address+"/inside"); body != "OggS" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	for _, path := range []string{"/outside", "/metadata"} {
		_, _, _, err := download(t, c, address+path)
		wantKind(t, err, zendesk.KindBad)
		if _, ok := errors.AsType[*guard.RefusedError](err); !ok {
			t.Errorf("%s: %v", path, err)
		}
	}
	want := []string{"/inside Bearer demo", "/file Bearer demo", "/outside Bearer demo", "/metadata Bearer demo"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The account's own transport, which adds the token, never sees another host.
func TestDownloadFromOthers(t *testing.T) {
	t.Parallel()
	c, err := zendesk.New(zendesk.Config{
		BaseURL: "https://acme.example", StaticToken: "demo", Now: noon,
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			t.Errorf("asked for %s", r.URL)
			return nil, errors.New("no network")
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"http://acme.example/file", "https://user:secret@acme.example/file", "http://evil.example/",
		"https://127.0.0.1/secret", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:169.254.169.254]/", "file:///etc/passwd",
		"//acme.example/file", "/file", "", "://", "https://%zz/",
	} {
		_, _, _, err := download(t, c, address)
		wantKind(t, err, zendesk.KindBad)
		if text := fmt.Sprint(err); strings.Contains(text, "secret") || strings.Contains(text, "://") {
			t.Errorf("the error tells the address: %s", text)
		}
	}
}

func TestDownloadStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]zendesk.Kind{
		204: zendesk.KindBad, 304: zendesk.KindBad, 400: zendesk.KindBad, 401: zendesk.KindUnauthorized, 403: zendesk.KindForbidden,
		404: zendesk.KindNotFound, 410: zendesk.KindNotFound, 429: zendesk.KindLimited, 500: zendesk.KindServer, 503: zendesk.KindServer,
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			address, c := files(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(status)
				if status >= http.StatusBadRequest {
					io.WriteString(w, `{"error":"RecordNotFound"}`)
				}
			})
			_, _, _, err := download(t, c, address+"/file?token=secret")
			wantKind(t, err, want)
			var got *zendesk.Error
			if !errors.As(err, &got) || got.Status != status || got.Uncertain() || strings.Contains(got.Error(), "secret") {
				t.Errorf("error = %#v", err)
			}
			if want == zendesk.KindLimited && got.RetryAfter != 7*time.Second {
				t.Errorf("retry after %v", got.RetryAfter)
			}
		})
	}
}

func TestDownloadBreaks(t *testing.T) {
	t.Parallel()
	address, c := files(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/never" {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "OggS")
	})
	_, _, _, err := download(t, c, address+"/never?secret")
	wantKind(t, err, zendesk.KindNetwork)
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the address: %v", err)
	}
	body, _, _, err := download(t, c, address+"/short")
	wantKind(t, err, zendesk.KindNetwork)
	if body != "OggS" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v", body, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, _, err := c.Download(ended, address); !errors.Is(err, context.Canceled) || zendesk.KindOf(err) != zendesk.KindNetwork {
		t.Errorf("error = %v", err)
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestDownloadEnds(t *testing.T) {
	t.Parallel()
	c := inProcess(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(endless{}), ContentLength: -1, Request: r}, nil
	}))
	body, _, _, err := c.Download(t.Context(), "http://acme.example/file")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{body}, make([]byte, 1<<20))
	wantKind(t, err, zendesk.KindBad)
	if n != 128<<20 {
		t.Errorf("%d bytes were read", n)
	}
}

// inProcess returns a client whose account is a transport.
func inProcess(t *testing.T, rt http.RoundTripper) *zendesk.Client {
	t.Helper()
	c, err := zendesk.New(zendesk.Config{BaseURL: "http://acme.example", StaticToken: "demo", Now: noon, Transport: rt})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A file may take longer than any call, as long as it comes; a host that falls silent is given up.
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
				c := inProcess(t, roundTrip(func(r *http.Request) (*http.Response, error) {
					out, in := io.Pipe()
					context.AfterFunc(r.Context(), func() { in.CloseWithError(r.Context().Err()) })
					go func() {
						for range 20 {
							<-time.After(tt.pause)
							if _, err := in.Write([]byte("x")); err != nil {
								return
							}
						}
						in.Close()
					}()
					return &http.Response{StatusCode: http.StatusOK, Body: out, ContentLength: -1, Request: r}, nil
				}))
				body, _, _, err := download(t, c, "http://acme.example/file")
				if body != tt.body || !errors.Is(err, tt.err) {
					t.Errorf("got %q, %v", body, err)
				}
				if tt.err != nil {
					wantKind(t, err, zendesk.KindNetwork)
				}
				<-time.After(time.Minute) // the host ends too
			})
		})
	}
}
