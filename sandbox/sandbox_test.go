package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox"
)

const (
	origin   = "http://127.0.0.1:8080"
	messages = "/v26.0/106540352242922/messages"
	callback = "http://ponte.test/webhooks/whatsapp"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is a sandbox in memory or in a folder, and what it posts to Ponte.
type world struct {
	t   *testing.T
	cfg sandbox.Config
	*sandbox.Sandbox

	mu    sync.Mutex
	now   time.Time
	hooks []string
	told  chan struct{}
}

func setup(t *testing.T, dir string) *world {
	t.Helper()
	w := &world{t: t, now: start, told: make(chan struct{}, 100)}
	w.cfg = configOf(w)
	w.cfg.Dir = dir
	w.open()
	return w
}

func configOf(w *world) sandbox.Config {
	return sandbox.Config{
		Now: w.time, BaseURL: origin + "/", Transport: w, Rand: func() float64 { return 0.5 },
		WhatsApp: sandbox.WhatsAppConfig{
			AppSecret: "app-secret", VerifyToken: "verify-me", AccessToken: "demo", CallbackURL: callback,
		},
		Zendesk: sandbox.ZendeskConfig{
			ClientID: "ponte", ClientSecret: "secret", WebhookSecret: "hook-secret", WebhookURL: "http://ponte.test/webhooks/zendesk",
		},
	}
}

func (w *world) open() {
	w.t.Helper()
	s, err := sandbox.New(w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	w.Sandbox = s
}

func (w *world) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// RoundTrip is Ponte's webhooks: it takes everything.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hooks = append(w.hooks, r.URL.String()+" "+string(body))
	if strings.HasPrefix(r.URL.String(), callback) {
		w.told <- struct{}{}
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

func (w *world) takeHooks() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.hooks
	w.hooks = nil
	return out
}

// try sends a request without a socket.
func (w *world) try(ctx context.Context, method, path, body string) (*http.Response, error) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, origin+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer demo")
	req.Header.Set("Content-Type", "application/json")
	return (&http.Client{Transport: w.Sandbox.RoundTripper()}).Do(req)
}

func (w *world) do(method, path, body string) (int, string) {
	w.t.Helper()
	res, err := w.try(w.t.Context(), method, path, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// postForm uploads a multipart form with the boundary x and returns the file's id.
func (w *world) postForm(path, form string) string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), "POST", origin+path, strings.NewReader(form))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer demo")
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	res, err := w.RoundTripper().RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.ID == "" {
		w.t.Fatalf("upload: %d %v", res.StatusCode, err)
	}
	return out.ID
}

// want sends a control request that must be answered with status and returns the decoded answer.
func (w *world) want(status int, method, path, body string) any {
	w.t.Helper()
	got, text := w.do(method, path, body)
	if got != status {
		w.t.Fatalf("%s %s %s = %d %s, want %d", method, path, body, got, text, status)
	}
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		w.t.Fatalf("%s %s: %q: %v", method, path, text, err)
	}
	return out
}

func TestNewNeedsAClock(t *testing.T) {
	t.Parallel()
	if _, err := sandbox.New(sandbox.Config{}); err == nil {
		t.Error("New went on without a clock")
	}
	if _, err := sandbox.New(sandbox.Config{Now: time.Now, Dir: "a\x00b"}); err == nil {
		t.Error("New went on with an impossible folder")
	}
}

func TestBothPeersAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	for path, want := range map[string]string{
		"/sandbox/whatsapp/v26.0/106540352242922":  `"display_phone_number"`,
		"/sandbox/zendesk/api/v2/users/me.json":    `"user"`,
		"/sandbox/phone/api/customers":             `"customers"`,
		"/sandbox/helpdesk/api/agents":             `"agents"`,
		"/sandbox/control/clock":                   `"offset_seconds":0`,
		"/sandbox/":                                `<iframe src="/sandbox/phone"`,
		"/sandbox":                                 `<iframe src="/sandbox/helpdesk"`,
		"/sandbox/pages/index.html?which=redirect": `<html lang="pt-BR">`,
	} {
		if status, body := w.do("GET", path, ""); status != 200 || !strings.Contains(body, want) {
			t.Errorf("GET %s = %d %.300s, want %s in it", path, status, body, want)
		}
	}
	if status, _ := w.do("GET", "/sandbox/nothing", ""); status != 404 {
		t.Errorf("an unknown address answered %d", status)
	}
}

func TestPumpAndNext(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.Pump(t.Context()) // what the seeded desk has to do
	w.takeHooks()
	if _, err := w.WhatsApp().ReceiveFrom("1", "oi"); err != nil {
		t.Fatal(err)
	}
	if at, ok := w.Next(); !ok || !at.Equal(start) {
		t.Errorf("Next() = %v %v, want %v", at, ok, start)
	}
	if n := w.Pump(t.Context()); n < 1 {
		t.Errorf("Pump did %d things", n)
	}
	if got := w.takeHooks(); len(got) != 1 || !strings.HasPrefix(got[0], callback+" ") {
		t.Errorf("webhooks %v", got)
	}
	if n := w.Pump(t.Context()); n != 0 {
		t.Errorf("Pump found %d more things", n)
	}
	if at, ok := w.Next(); ok && !at.After(start) {
		t.Errorf("Next() = %v after Pump", at)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		w.Run(ctx)
		close(done)
	}()
	for range 2 { // the second time with the peers that follow a reset
		if _, err := w.WhatsApp().ReceiveFrom("1", "oi"); err != nil {
			t.Fatal(err)
		}
		<-w.told
		w.want(200, "POST", "/sandbox/control/reset?data=1", "")
	}
	cancel()
	<-done
	w.Close()
	w.Run(t.Context()) // returns at once
}

func TestEverythingIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	w.want(200, "POST", "/sandbox/phone/api/customers", `{"name":"Nova","phone":"+5551987001122"}`)
	w.want(200, "POST", "/sandbox/control/clock", `{"offset_seconds":3600}`)
	if _, err := w.WhatsApp().ReceiveFrom("7", "oi"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	w.open()
	if got := w.Now(); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("the clock says %v after a restart", got)
	}
	if n := len(w.WhatsApp().Customers()); n != 7 {
		t.Errorf("%d customers after a restart", n)
	}
	w.Pump(t.Context())
	got := slices.DeleteFunc(w.takeHooks(), func(hook string) bool { return !strings.HasPrefix(hook, callback) })
	if len(got) != 1 {
		t.Errorf("webhooks after a restart: %v", got)
	}
}

func TestResetOfData(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/sandbox/phone/api/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewReader(stream.Body)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	w.want(200, "POST", "/sandbox/phone/api/customers", `{"name":"Nova","phone":"+5551987001122"}`)
	w.want(200, "POST", "/sandbox/control/clock", `{"offset_seconds":60}`)
	before := w.Zendesk()
	w.want(200, "POST", "/sandbox/control/reset?data=1", "")
	if _, err := io.ReadAll(lines); err != nil {
		t.Errorf("the open stream did not end well: %v", err)
	}
	for range 2 {
		if n := len(w.WhatsApp().Customers()); n != 6 {
			t.Errorf("%d customers after the reset", n)
		}
		if !w.Now().Equal(start) {
			t.Errorf("the clock says %v after the reset", w.Now())
		}
		if w.Zendesk() == before {
			t.Error("the simulated Zendesk is the old one")
		}
		w.Close()
		w.open() // also for the next start
	}
}

func TestRoundTripper(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	w.want(200, "POST", "/sandbox/control/faults", `[{"path":"/cut","cut":"before"},{"path":"/slow","delay_ms":3600000}]`)
	if _, err := w.try(t.Context(), "GET", "/sandbox/whatsapp/cut", ""); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut connection: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := w.try(ctx, "GET", "/sandbox/whatsapp/slow", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a slow answer: %v", err)
	}
	res, err := w.try(t.Context(), "HEAD", "/sandbox/", "")
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("HEAD: %v %v", res, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Equal(body, nil) {
		t.Errorf("HEAD has a body: %q %v", body, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", origin+"/sandbox/control/clock", errReader{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.RoundTripper().RoundTrip(req); !errors.Is(err, errBroken) {
		t.Errorf("a request that breaks off: %v", err)
	}
}

var errBroken = errors.New("broken")

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errBroken }

// Whoever needs a faster account than the usual one says so.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ most, status int }{{0, 200}, {1, 429}, {-1, 200}} {
		w := &world{t: t, now: start, told: make(chan struct{}, 100)}
		w.cfg = sandbox.Config{Now: w.time, BaseURL: origin, Transport: w}
		w.cfg.Zendesk.Limits.RequestsPerMinute = tt.most
		w.open()
		w.do("GET", "/sandbox/zendesk/api/v2/users/me.json", "")
		if status, _ := w.do("GET", "/sandbox/zendesk/api/v2/users/me.json", ""); status != tt.status {
			t.Errorf("limit %d: the second request is answered %d, want %d", tt.most, status, tt.status)
		}
	}
}
