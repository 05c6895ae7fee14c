package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/web"
)

// refusal is a webhook that is not taken in for good.
type refusal int

func (r refusal) Error() string   { return "expected signature f00d" }
func (r refusal) HTTPStatus() int { return int(r) }

// errDown is why something could not be stored; nobody outside may read it.
var errDown = errors.New("dial tcp redis.internal:6379: password hunter2")

// receiver notes what it is given and answers err.
type receiver struct {
	mu     sync.Mutex
	err    error
	bodies []string
	header http.Header
}

func (r *receiver) take(peer string, h http.Header, body []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bodies, r.header = append(r.bodies, peer+" "+string(body)), h
	return r.err
}

func (r *receiver) Handshake(q url.Values) (string, bool) {
	return q.Get("hub.challenge"), q.Get("hub.verify_token") == "token"
}

func (r *receiver) WhatsApp(_ context.Context, h http.Header, body []byte) error {
	return r.take("whatsapp", h, body)
}

func (r *receiver) Dialog360(_ context.Context, h http.Header, body []byte) error {
	return r.take("360dialog", h, body)
}

func (r *receiver) Zendesk(_ context.Context, h http.Header, body []byte) error {
	return r.take("zendesk", h, body)
}

// house is a server on a loopback port.
type house struct {
	*receiver
	t      *testing.T
	server *httptest.Server
	logs   *bytes.Buffer

	waiting web.Waiting
	failing error
}

func setup(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, receiver: &receiver{}, logs: &bytes.Buffer{}}
	registry := prometheus.NewRegistry()
	h.server = httptest.NewServer(web.New(web.Config{
		Webhooks: h.receiver, Waiting: func(context.Context) (web.Waiting, error) { return h.waiting, h.failing },
		Gatherer: registry, Registry: registry, Logger: slog.New(slog.NewJSONHandler(h.logs, nil)),
	}))
	t.Cleanup(h.server.Close)
	return h
}

type answer struct {
	status int
	body   string
}

func (h *house) do(method, path string, body io.Reader) answer {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("X-Hub-Signature-256", "sha256=1")
	resp, err := h.server.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text)}
}

func (h *house) want(got, want answer) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("answered %d %q; want %d %q", got.status, got.body, want.status, want.body)
	}
}

// wire sends bytes as they are, stops sending, and reads the answer's status.
func (h *house) wire(request string) int {
	h.t.Helper()
	conn, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.server.Listener.Addr().String())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		h.t.Fatal(err)
	}
	if half, ok := conn.(*net.TCPConn); !ok || half.CloseWrite() != nil {
		h.t.Fatal("the connection can't be closed by half")
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

const whatsappPath, zendeskPath = "/webhooks/whatsapp", "/webhooks/zendesk"

// unsized hides a reader's length, so that the body goes in chunks.
type unsized struct{ io.Reader }

func TestWebhookAccepted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.want(h.do("POST", whatsappPath, strings.NewReader(`{"a":1}`)), answer{200, ""})
	if h.header.Get("X-Hub-Signature-256") != "sha256=1" {
		t.Errorf("header = %v", h.header)
	}
	h.want(h.do("POST", zendeskPath, unsized{strings.NewReader(`{"b":2}`)}), answer{200, ""})
	h.want(h.do("POST", zendeskPath, nil), answer{200, ""})
	if diff := cmp.Diff([]string{`whatsapp {"a":1}`, `zendesk {"b":2}`, "zendesk "}, h.bodies); diff != "" {
		t.Errorf("taken in (-want +got):\n%s", diff)
	}
}

// Only what is stored is answered 200, and an answer tells nothing of the cause.
func TestWebhookNotAccepted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		err        error
		want       answer
	}{
		{"refused by whatsapp's rules", whatsappPath, refusal(401), answer{401, "refused\n"}},
		{"malformed", whatsappPath, refusal(400), answer{400, "refused\n"}},
		{"refused deeper down", zendeskPath, fmt.Errorf("receive: %w", refusal(401)), answer{401, "refused\n"}},
		{"not stored, whatsapp", whatsappPath, errDown, answer{503, "not stored\n"}},
		{"not stored, zendesk", zendeskPath, errDown, answer{409, "not stored\n"}},
		{"sender gone", whatsappPath, context.Canceled, answer{503, "not stored\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.err = tt.err
			h.want(h.do("POST", tt.path, strings.NewReader(`{"text":"segredo do cliente"}`)), tt.want)
			if strings.Contains(h.logs.String(), "segredo") {
				t.Errorf("the log tells a message: %s", h.logs)
			}
			if logged := strings.Contains(h.logs.String(), "webhook not stored"); logged != (tt.want.body == "not stored\n") {
				t.Errorf("log: %s", h.logs)
			}
		})
	}
}

func TestWebhookSizes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	exact, over := strings.Repeat("x", web.MaxBody), strings.Repeat("x", web.MaxBody+1)
	h.want(h.do("POST", whatsappPath, strings.NewReader(exact)), answer{200, ""})
	h.want(h.do("POST", whatsappPath, unsized{strings.NewReader(exact)}), answer{200, ""})
	if len(h.bodies) != 2 || len(h.bodies[0]) != len("whatsapp ")+web.MaxBody || h.bodies[0] != h.bodies[1] {
		t.Fatalf("%d bodies of the largest size were taken in whole", len(h.bodies))
	}
	h.want(h.do("POST", whatsappPath, strings.NewReader(over)), answer{413, "body too large\n"})
	h.want(h.do("POST", zendeskPath, unsized{strings.NewReader(over)}), answer{413, "body too large\n"})
	if len(h.bodies) != 2 {
		t.Error("a body over the limit was handed on")
	}
	// What is announced too large is refused before it is sent.
	if got := h.wire("POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 4194305\r\n\r\n"); got != 413 {
		t.Errorf("announced too large: %d", got)
	}
	metrics := h.do("GET", "/metrics", nil).body
	for _, line := range []string{
		`ponte_requests_refused_total{peer="whatsapp",reason="body too large"} 2`,
		`ponte_requests_refused_total{peer="zendesk",reason="body too large"} 1`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s in the metrics", line)
		}
	}
}

// A body that breaks off is not half a webhook.
func TestWebhookCutShort(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{whatsappPath, zendeskPath} {
		if got := h.wire("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\":1}"); got != 400 {
			t.Errorf("%s: %d", path, got)
		}
		if got := h.wire("POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n9\r\n{"); got != 400 {
			t.Errorf("%s in chunks: %d", path, got)
		}
	}
	if len(h.bodies) > 0 {
		t.Errorf("handed on: %q", h.bodies)
	}
	if metrics := h.do("GET", "/metrics", nil).body; !strings.Contains(metrics, `ponte_requests_refused_total{peer="zendesk",reason="unreadable body"} 2`) {
		t.Error("refused requests are not counted")
	}
}

// What follows the announced length is no part of the body.
func TestWebhookLongerThanAnnounced(t *testing.T) {
	t.Parallel()
	h := setup(t)
	if got := h.wire("POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\":1}{}"); got != 200 {
		t.Errorf("answered %d", got)
	}
	if diff := cmp.Diff([]string{`zendesk {"a":1}`}, h.bodies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.want(h.do("GET", whatsappPath+"?hub.mode=subscribe&hub.verify_token=token&hub.challenge=1158201444", nil), answer{200, "1158201444"})
	h.want(h.do("GET", whatsappPath+"?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1158201444", nil), answer{403, "forbidden\n"})
	h.want(h.do("GET", whatsappPath, nil), answer{403, "forbidden\n"})
	if metrics := h.do("GET", "/metrics", nil).body; !strings.Contains(metrics, `ponte_requests_refused_total{peer="whatsapp",reason="handshake"} 2`) {
		t.Error("refused handshakes are not counted")
	}
}

// A challenge is text, whatever it holds.
func TestHandshakeIsPlainText(t *testing.T) {
	t.Parallel()
	h := setup(t)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, whatsappPath+"?hub.verify_token=token&hub.challenge=%3Cscript%3E", nil)
	rec := httptest.NewRecorder()
	h.server.Config.Handler.ServeHTTP(rec, req)
	if got := rec.Header().Get("Content-Type"); rec.Code != 200 || !strings.HasPrefix(got, "text/plain") {
		t.Errorf("%d %s", rec.Code, got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.failing = errDown // Redis is none of its business
	h.want(h.do("GET", "/healthz", nil), answer{200, "ok\n"})
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.want(h.do("GET", "/readyz", nil), answer{200, `{"status":"ready","waiting":{"due":0,"running":0,"halted":0,"dead":0}}` + "\n"})
	h.waiting = web.Waiting{Due: 3, Running: 2, Halted: 1, Dead: 4, Oldest: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
	var got struct {
		Status  string
		Waiting web.Waiting
	}
	if err := json.Unmarshal([]byte(h.do("GET", "/readyz", nil).body), &got); err != nil || !reflect.DeepEqual(got.Waiting, h.waiting) {
		t.Errorf("waiting = %+v, %v", got, err)
	}
	h.failing = errDown
	h.want(h.do("GET", "/readyz", nil), answer{503, `{"status":"redis unreachable"}` + "\n"})
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, tt := range []struct {
		method, path string
		want         answer
	}{
		{"GET", "/", answer{404, "Not Found\n"}},
		{"GET", "/webhooks", answer{404, "Not Found\n"}},
		{"POST", "/webhooks/telegram", answer{404, "Not Found\n"}},
		{"GET", "/sandbox/control/requests", answer{404, "Not Found\n"}},
		{"GET", "/%2e%2e/etc/passwd", answer{404, "Not Found\n"}},
		{"GET", zendeskPath, answer{405, "Method Not Allowed\n"}},
		{"PUT", whatsappPath, answer{405, "Method Not Allowed\n"}},
		{"POST", "/healthz", answer{405, "Method Not Allowed\n"}},
	} {
		if got := h.do(tt.method, tt.path, nil); got != tt.want {
			t.Errorf("%s %s: %+v; want %+v", tt.method, tt.path, got, tt.want)
		}
	}
	if len(h.bodies) > 0 || h.logs.Len() > 0 {
		t.Errorf("handed on %q, logged %s", h.bodies, h.logs)
	}
}

// What fails behind a handler is logged and not told.
func TestFailuresTellNothing(t *testing.T) {
	t.Parallel()
	registry, logs := prometheus.NewRegistry(), &bytes.Buffer{}
	e := web.New(web.Config{
		Webhooks: &receiver{}, Gatherer: registry, Registry: registry, Logger: slog.New(slog.NewJSONHandler(logs, nil)),
	})
	e.GET("/broken", func(echo.Context) error { return errDown })
	e.GET("/late", func(c echo.Context) error {
		return errors.Join(c.String(http.StatusAccepted, "begun"), errDown)
	})
	for path, want := range map[string]answer{"/broken": {500, "Internal Server Error\n"}, "/late": {202, "begun"}} {
		rec := httptest.NewRecorder()
		e.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if got := (answer{rec.Code, rec.Body.String()}); got != want {
			t.Errorf("%s: %+v; want %+v", path, got, want)
		}
	}
	if !strings.Contains(logs.String(), "request failed") {
		t.Errorf("log: %s", logs)
	}
}
