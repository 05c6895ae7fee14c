package zendesk_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

// wantUncertain checks kind, certainty and status of every write and one read.
func wantUncertain(t *testing.T, c *zendesk.Client, uncertain bool) {
	t.Helper()
	for _, o := range operations() {
		var got *zendesk.Error
		if err := o.call(t.Context(), c); !errors.As(err, &got) {
			t.Errorf("%s: error = %v, want an *Error", o.name, err)
			continue
		}
		want := uncertain && o.method != http.MethodGet
		if got.Kind != zendesk.KindNetwork || got.Uncertain() != want {
			t.Errorf("%s: kind %v, uncertain %v, want network, %v (%v)", o.name, got.Kind, got.Uncertain(), want, got)
		}
		if strings.Contains(got.Error(), "12345678000195") || strings.Contains(got.Error(), "external_id") {
			t.Errorf("%s: the error tells the query: %v", o.name, got)
		}
	}
}

func TestRefusedConnectionIsCertain(t *testing.T) {
	t.Parallel()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c, err := zendesk.New(zendesk.Config{
		BaseURL: "http://" + l.Addr().String(), StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	wantUncertain(t, c, false)
}

func TestFailedHandshakeIsCertain(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	c, err := zendesk.New(zendesk.Config{ // does not trust the server's certificate
		BaseURL: srv.URL, StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	wantUncertain(t, c, false)
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests reached a server that is not trusted", n)
	}
}

func TestLostAnswerIsUncertain(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	var requests atomic.Int32
	p.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijack: %v", err)
			return
		}
		conn.Close()
	})
	c := p.client(func(*zendesk.Config) {})
	wantUncertain(t, c, true)
	want := int32(0)
	for _, o := range operations() {
		want++
		if o.method == http.MethodGet {
			want += 2
		}
	}
	if got := requests.Load(); got != want {
		t.Errorf("%d requests, want %d: reads are tried three times, writes once", got, want)
	}
}

func TestCutBodyIsUncertain(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		status := http.StatusOK
		if r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "create_or_update") &&
			!strings.HasSuffix(r.URL.Path, "macros") {
			status = http.StatusCreated
		}
		w.WriteHeader(status)
		io.WriteString(w, `{"ticket":`)
	})
	c := p.client(func(*zendesk.Config) {})
	for _, o := range operations() {
		if o.method == http.MethodDelete {
			continue // 200 is all it wants to know
		}
		var got *zendesk.Error
		if err := o.call(t.Context(), c); !errors.As(err, &got) {
			t.Errorf("%s: error = %v, want an *Error", o.name, err)
		} else if got.Kind != zendesk.KindNetwork || got.Uncertain() != (o.method != http.MethodGet) {
			t.Errorf("%s: kind %v, uncertain %v", o.name, got.Kind, got.Uncertain())
		}
	}
}

func TestTimeoutIsUncertain(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	release := make(chan struct{})
	p.mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) }) // runs before the server waits for its handlers
	c := p.client(func(cfg *zendesk.Config) { cfg.Timeout = 30 * time.Millisecond })
	_, err := c.UpdateTicket(t.Context(), 7, zendesk.TicketUpdate{})
	var got *zendesk.Error
	if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || !got.Uncertain() {
		t.Errorf("error = %#v", err)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want a deadline in its tree", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = c.Upload(ctx, "a.txt", "text/plain", strings.NewReader("x"), "")
	if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || !got.Uncertain() {
		t.Errorf("upload: error = %#v", err)
	}
}

func TestEndedContextIsCertain(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, o := range operations() {
		var got *zendesk.Error
		err := o.call(ctx, c)
		if !errors.As(err, &got) || got.Kind != zendesk.KindNetwork || got.Uncertain() {
			t.Errorf("%s: error = %#v", o.name, err)
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error = %v, want the context's in its tree", o.name, err)
		}
	}
	if n := len(p.requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}

func TestForeignTransports(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		err       error
		uncertain bool
	}{
		{"unknown failure", errors.New("boom"), true},
		{"broken while reading", &net.OpError{Op: "read", Net: "tcp", Err: errors.New("reset")}, true},
		{"dial", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := zendesk.New(zendesk.Config{
				BaseURL: "https://acme.zendesk.com", StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1,
				Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, tt.err }),
			})
			if err != nil {
				t.Fatal(err)
			}
			wantUncertain(t, c, tt.uncertain)
			if _, err := c.ShowTicket(t.Context(), 1); !errors.Is(err, tt.err) {
				t.Errorf("error = %v, want %v in its tree", err, tt.err)
			}
		})
	}
}

func TestReadRecovers(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	var tries atomic.Int32
	p.mux.HandleFunc("GET /api/v2/tickets/7", func(w http.ResponseWriter, _ *http.Request) {
		switch tries.Add(1) {
		case 1:
			answer(w, http.StatusServiceUnavailable, "")
		case 2:
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		default:
			answer(w, http.StatusOK, `{"ticket":{"id":7}}`)
		}
	})
	ticket, err := c.ShowTicket(t.Context(), 7)
	if err != nil || ticket.ID != 7 || tries.Load() != 3 {
		t.Errorf("ShowTicket = %+v, %v after %d tries", ticket, err, tries.Load())
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, header string
		status       int
		want         time.Duration
		requests     int
	}{
		{"long wait is the caller's", "3", 429, 3 * time.Second, 1},
		{"very long wait", "90", 429, 90 * time.Second, 1},
		{"unavailable for long", "30", 503, 30 * time.Second, 1},
		{"date", "Sun, 22 Nov 2026 12:00:45 GMT", 429, 45 * time.Second, 1},
		{"past date", "Sun, 22 Nov 2026 11:00:00 GMT", 429, 0, 1},
		{"none", "", 429, 0, 1},
		{"nonsense", "soon", 429, 0, 1},
		{"negative", "-5", 429, 0, 1},
		{"absurd", "99999999999999", 429, 0, 1},
		{"unavailable without a word", "", 503, 0, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.mux.HandleFunc("GET /api/v2/tickets/7", func(w http.ResponseWriter, _ *http.Request) {
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				answer(w, tt.status, `{"error":"TooManyRequests"}`)
			})
			_, err := c.ShowTicket(t.Context(), 7)
			var got *zendesk.Error
			if !errors.As(err, &got) || got.RetryAfter != tt.want {
				t.Errorf("error = %#v, want a wait of %v", err, tt.want)
			}
			if n := len(p.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}
