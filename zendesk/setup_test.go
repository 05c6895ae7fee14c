package zendesk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// prefix is the path the simulated account lies under: a base address may carry one.
const prefix = "/sandbox/zendesk"

// noon is the time of the tests.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// recorded is a request as the peer saw it, its path without the prefix.
type recorded struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   string
	Length int64
	Status int // what was answered
}

// peer is a simulated account: a mux below a path, and what it was asked.
type peer struct {
	t   *testing.T
	url string // base address for a Config
	mux *http.ServeMux

	mu   sync.Mutex
	seen []recorded
}

// setup starts a peer and returns it with a client that has a static token.
func setup(t *testing.T) (*peer, *zendesk.Client) {
	t.Helper()
	p := newPeer(t)
	return p, p.client(func(*zendesk.Config) {})
}

// newPeer starts a peer whose requests are checked against the contract at the end.
func newPeer(t *testing.T) *peer {
	t.Helper()
	p := &peer{t: t, mux: http.NewServeMux()}
	srv := httptest.NewServer(p)
	p.url = srv.URL + prefix
	t.Cleanup(func() {
		srv.Close()
		checkContract(t, p.requests())
	})
	return p
}

// client returns a client of the peer; change adapts its configuration.
func (p *peer) client(change func(*zendesk.Config)) *zendesk.Client {
	p.t.Helper()
	cfg := zendesk.Config{BaseURL: p.url, StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1}
	change(&cfg)
	c, err := zendesk.New(cfg)
	if err != nil {
		p.t.Fatalf("New: %v", err)
	}
	return c
}

// ServeHTTP records a request and hands it to the mux.
func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = append(body, "(cut)"...)
	}
	path, ok := strings.CutPrefix(r.URL.Path, prefix)
	if !ok {
		path = "outside the prefix: " + r.URL.Path
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	at := len(p.seen)
	p.seen = append(p.seen, recorded{
		Method: r.Method, Path: path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: string(body), Length: r.ContentLength,
	})
	p.mu.Unlock()
	out := &statusWriter{ResponseWriter: w} // 0 where no answer is written
	http.StripPrefix(prefix, p.mux).ServeHTTP(out, r)
	p.mu.Lock()
	p.seen[at].Status = out.status
	p.mu.Unlock()
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// requests returns what was seen so far.
func (p *peer) requests() []recorded {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// only returns the one request that was seen.
func (p *peer) only() recorded {
	p.t.Helper()
	seen := p.requests()
	if len(seen) != 1 {
		p.t.Fatalf("%d requests, want 1: %+v", len(seen), seen)
	}
	return seen[0]
}

// handle answers pattern with a fixed status and body.
func (p *peer) handle(pattern string, status int, body string) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { answer(w, status, body) })
}

// answer writes a JSON answer.
func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// wantJSON compares two JSON texts by meaning.
func wantJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("not JSON: %v: %q", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("wanted JSON is none: %v", err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// wantKind checks the kind of an error.
func wantKind(t *testing.T, err error, want zendesk.Kind) {
	t.Helper()
	if got := zendesk.KindOf(err); got != want {
		t.Errorf("kind = %v, want %v (error: %v)", got, want, err)
	}
}

// inMemory carries requests to a handler without a network, so that a test can run on fake time.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
