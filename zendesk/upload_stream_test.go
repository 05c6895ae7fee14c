package zendesk_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/internal/guard"
	"github.com/ponte-desk/ponte/zendesk"
)

// zeros is a source of so many bytes.
type zeros struct{ left int64 }

func (z *zeros) Size() int64 { return z.left }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	clear(p[:n])
	z.left -= n
	return int(n), nil
}

// The file is never in memory: what 100 MB need from beginning to end, the server's part included, is next to nothing.
func TestUploadIsFlat(t *testing.T) { // not parallel: it measures the whole process
	const size = 100 << 20
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, err := io.Copy(io.Discard, r.Body); n != size || r.ContentLength != size || err != nil {
			t.Errorf("%d of %d bytes arrived: %v", n, r.ContentLength, err)
		}
		answer(w, http.StatusCreated, uploadAnswer)
	}))
	t.Cleanup(server.Close)
	c, err := zendesk.New(zendesk.Config{BaseURL: server.URL, StaticToken: "demo", Now: noon, Timeout: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Upload(t.Context(), "a.bin", "application/octet-stream", &zeros{left: size}, ""); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

// A transport may go on reading after the answer; the source is the caller's again all the same.
func TestUploadGivesItsSourceBack(t *testing.T) {
	t.Parallel()
	answered, read := make(chan struct{}), make(chan error)
	c := inProcess(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		go func() {
			<-answered
			_, err := io.CopyN(io.Discard, r.Body, 1<<20)
			read <- err
		}()
		return &http.Response{StatusCode: http.StatusUnprocessableEntity, Body: http.NoBody}, nil
	}))
	source := &zeros{left: 1 << 40}
	_, err := c.Upload(t.Context(), "a.bin", "application/octet-stream", source, "")
	wantKind(t, err, zendesk.KindInvalid)
	taken := source.left
	close(answered)
	if err := <-read; err == nil || errors.Is(err, io.EOF) || source.left != taken {
		t.Errorf("it was read after the call: %v", err)
	}
}

// An upload may take longer than any call, as long as Zendesk takes something.
func TestUploadTakesItsTime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause time.Duration
		err   error
	}{"slow": {59 * time.Second, nil}, "silent": {61 * time.Second, guard.ErrStalled}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := inProcess(t, roundTrip(func(r *http.Request) (*http.Response, error) {
					for piece := make([]byte, 100); ; {
						select {
						case <-time.After(tt.pause):
						case <-r.Context().Done():
							return nil, r.Context().Err()
						}
						_, err := r.Body.Read(piece)
						if errors.Is(err, io.EOF) {
							return &http.Response{StatusCode: http.StatusCreated, Body: io.NopCloser(strings.NewReader(uploadAnswer))}, nil
						}
						if err != nil {
							return nil, err
						}
					}
				}))
				_, err := c.Upload(t.Context(), "a.ogg", "audio/ogg", strings.NewReader(strings.Repeat("x", 2000)), "")
				if !errors.Is(err, tt.err) {
					t.Errorf("error = %v", err)
				}
				if tt.err != nil {
					wantKind(t, err, zendesk.KindNetwork)
				}
			})
		})
	}
}
