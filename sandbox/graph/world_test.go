package graph_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

const (
	numberID  = "106540352242922"
	display   = "551140034000"
	wabaID    = "102290129340398"
	messages  = "/v26.0/" + numberID + "/messages"
	second    = "118273645509182"
	appSecret = "app-secret"

	mariana   = "1" // 5511987650142 and BSUID
	antonio   = "2" // registered with 12 digits
	duda      = "3" // known by username only
	sebastiao = "4" // no BSUID, no read receipts
	padaria   = "5" // a landline
	camila    = "6" // a username, a parent id, and a phone that the business knows
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is a simulated WhatsApp with a business' webhook, on a clock moved by hand.
type world struct {
	t     *testing.T
	dir   string
	clock *rig.Clock
	store *rig.Store
	blobs *rig.Blobs
	cfg   func(*graph.Config) // changes the configuration; nil does not
	queue *rig.Queue
	srv   *graph.Server
	api   *httptest.Server
	phone *httptest.Server
	steer *httptest.Server
	hook  *receiver

	mu   sync.Mutex
	now  time.Time
	rand func() float64
}

func setup(t *testing.T) *world {
	t.Helper()
	return setupWith(t, nil)
}

// setupWith is setup with another configuration.
func setupWith(t *testing.T, cfg func(*graph.Config)) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), now: start, hook: newReceiver(t), rand: func() float64 { return 0.5 }, cfg: cfg}
	w.open()
	return w
}

func (w *world) open() {
	w.t.Helper()
	store, err := rig.OpenStore(w.dir, "whatsapp")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { store.Close() })
	w.store = store
	if w.blobs, err = rig.OpenBlobs(w.dir, "files"); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.blobs.Close() })
	w.clock = rig.NewClock(func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	})
	w.queue = rig.NewQueue(w.clock)
	api := httptest.NewUnstartedServer(nil)
	cfg := graph.Config{
		Clock: w.clock, Store: store, Blobs: w.blobs, Queue: w.queue, BaseURL: "http://" + api.Listener.Addr().String(),
		AppSecret: appSecret, VerifyToken: "verify-me", AccessToken: "demo", CallbackURL: w.hook.srv.URL + "/webhooks/whatsapp",
		Rand: func() float64 { return w.rand() },
	}
	if w.cfg != nil {
		w.cfg(&cfg)
	}
	if w.srv, err = graph.New(cfg); err != nil {
		w.t.Fatal(err)
	}
	api.Config.Handler = w.srv.API()
	api.Start()
	w.api = api
	w.phone = httptest.NewServer(w.srv.PhoneAPI())
	w.t.Cleanup(w.api.Close)
	w.t.Cleanup(w.phone.Close)
	w.steer = httptest.NewServer(w.srv.ControlAPI())
	w.t.Cleanup(w.steer.Close)
}

// restart kills the sandbox and opens it again on the same folder.
func (w *world) restart() {
	w.t.Helper()
	w.api.Close()
	w.phone.Close()
	w.store.Close()
	w.blobs.Close()
	w.open()
}

// pass lets time go by, running what is due on the way at its own time.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	end := w.clock.Now().Add(d)
	w.queue.Pump(w.t.Context())
	for {
		next, ok := w.queue.Next()
		if !ok || next.After(end) {
			break
		}
		w.set(next)
		w.queue.Pump(w.t.Context())
	}
	w.set(end)
}

func (w *world) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// object is any JSON object.
type object = map[string]any

func (w *world) do(method, url, token string, body any) (int, object) {
	w.t.Helper()
	var r io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, url, r)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	return answer(w.t, req)
}

func answer(t *testing.T, req *http.Request) (int, object) {
	t.Helper()
	res, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s %s answered %d, not JSON: %q", req.Method, req.URL, res.StatusCode, raw)
	}
	return res.StatusCode, out
}

func (w *world) call(method, path string, body any) (int, object) {
	w.t.Helper()
	return w.do(method, w.api.URL+path, "Bearer demo", body)
}

// send posts a message that must be accepted and returns its id.
func (w *world) send(body object) string {
	w.t.Helper()
	body["messaging_product"] = "whatsapp"
	status, out := w.call("POST", messages, body)
	if status != http.StatusOK {
		w.t.Fatalf("send: %d %v", status, out)
	}
	return out["messages"].([]any)[0].(object)["id"].(string)
}

func text(to, body string) object {
	return object{"to": to, "type": "text", "text": object{"body": body}}
}

func code(out object) int {
	e, ok := out["error"].(object)
	if !ok {
		return -1
	}
	return int(e["code"].(float64))
}

// onPhone calls the phone API and wants status.
func (w *world) onPhone(method, path string, body any, status int) object {
	w.t.Helper()
	got, out := w.do(method, w.phone.URL+path, "", body)
	if got != status {
		w.t.Fatalf("phone %s %s = %d %v, want %d", method, path, got, out, status)
	}
	return out
}

// control calls the control API and wants status.
func (w *world) control(method, path string, body any, status int) object {
	w.t.Helper()
	got, out := w.do(method, w.steer.URL+path, "", body)
	if got != status {
		w.t.Fatalf("control %s %s = %d %v, want %d", method, path, got, out, status)
	}
	return out
}

func (w *world) write(customer, body string) string {
	w.t.Helper()
	id, err := w.srv.ReceiveFrom(customer, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// receiver is the business' webhook.
type receiver struct {
	srv *httptest.Server

	mu     sync.Mutex
	status int
	token  string
	bodies [][]byte
	values []object // of all changes of the webhooks answered 200
	fields []string // of the same changes
	tries  int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusOK, token: "verify-me"}
	r.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if req.Method == http.MethodGet {
			q := req.URL.Query()
			if q.Get("hub.mode") != "subscribe" || q.Get("hub.verify_token") != r.token {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			io.WriteString(w, q.Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(req.Body)
		r.tries++
		mac := hmac.New(sha256.New, []byte(appSecret))
		mac.Write(body)
		if got, want := req.Header.Get("X-Hub-Signature-256"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
			t.Errorf("signature %q, want %q", got, want)
		}
		if r.status == http.StatusOK {
			r.keep(t, body)
		}
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.srv.Close)
	return r
}

func (r *receiver) keep(t *testing.T, body []byte) {
	t.Helper()
	var e struct {
		Object string
		Entry  []struct {
			ID      string
			Changes []struct {
				Field string
				Value object
			}
		}
	}
	if err := json.Unmarshal(body, &e); err != nil || e.Object != "whatsapp_business_account" || e.Entry[0].ID != wabaID {
		t.Errorf("webhook %s: %v", body, err)
		return
	}
	r.bodies = append(r.bodies, body)
	for _, c := range e.Entry[0].Changes {
		r.values = append(r.values, c.Value)
		r.fields = append(r.fields, c.Field)
	}
}

func (r *receiver) answerWith(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// take returns the values received since the last call.
func (r *receiver) take() []object {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.values
	r.values, r.fields, r.bodies, r.tries = nil, nil, nil, 0
	return out
}

// last returns the newest change that was received.
func (r *receiver) last() (field string, value object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.values) == 0 {
		return "", nil
	}
	return r.fields[len(r.fields)-1], r.values[len(r.values)-1]
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

// statuses returns "status" of every status in values, and the statuses themselves.
func statuses(values []object) (names []string, all []object) {
	for _, v := range values {
		list, _ := v["statuses"].([]any)
		for _, s := range list {
			all = append(all, s.(object))
			names = append(names, s.(object)["status"].(string))
		}
	}
	return names, all
}
