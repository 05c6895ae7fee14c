package desk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

const (
	clientID      = "ponte_local"
	clientSecret  = "segredo-do-cliente"
	webhookSecret = "segredo-do-webhook"
	baseURL       = "http://desk.test/sandbox/zendesk"
)

// bench is one account under test, its clock standing still until it is moved.
type bench struct {
	t     *testing.T
	cfg   desk.Config
	clock *rig.Clock
	queue *rig.Queue
	store *rig.Store
	desk  *desk.Server
	hooks *hooks
}

// object is decoded JSON.
type object = map[string]any

// reply is an answer of the account.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	body   any
}

func start() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// unlimited lifts every limit but those of the comments.
func unlimited() desk.Limits {
	return desk.Limits{
		RequestsPerMinute: -1, TicketUpdatesPerMinute: -1, UpdatesPerTicket: -1, UserWritesPerSecond: -1, UserWritesPerUser: -1,
		OrganizationUpdates: -1, IncrementalPerMinute: -1, SearchExportsPerMinute: -1, ViewExecutions: -1, DeepListsPerMinute: -1, Jobs: -1,
	}
}

func setup(t *testing.T, options ...func(*desk.Config)) *bench {
	t.Helper()
	h := newHooks(t)
	b := &bench{t: t, hooks: h}
	b.clock = rig.NewClock(start)
	b.cfg = desk.Config{
		BaseURL: baseURL, ClientID: clientID, ClientSecret: clientSecret, WebhookURL: h.url("/ponte"), WebhookSecret: webhookSecret,
		Rand: func() float64 { return 0.5 }, Limits: unlimited(),
	}
	for _, o := range options {
		o(&b.cfg)
	}
	b.restart(t.TempDir())
	return b
}

// restart opens the account kept in dir, as a new process would.
func (b *bench) restart(dir string) {
	b.t.Helper()
	if b.store != nil {
		if err := b.store.Close(); err != nil {
			b.t.Fatal(err)
		}
	}
	store, err := rig.OpenStore(dir, "zendesk")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { store.Close() })
	b.store, b.queue = store, rig.NewQueue(b.clock)
	b.cfg.Store, b.cfg.Queue, b.cfg.Clock, b.cfg.Dir = store, b.queue, b.clock, ""
	if dir != "" {
		b.cfg.Dir = filepath.Join(dir, "files")
	}
	if b.desk, err = desk.New(b.cfg); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { b.desk.Close() })
}

// pass moves the clock on and runs what is due.
func (b *bench) pass(d time.Duration) {
	b.t.Helper()
	b.clock.SetOffset(b.clock.Offset() + d)
	b.pump()
}

func (b *bench) pump() {
	b.t.Helper()
	b.queue.Pump(b.t.Context())
}

// call sends a request to the API; headers come in pairs and replace the usual ones.
func (b *bench) call(method, path string, body any, headers ...string) *reply {
	b.t.Helper()
	r := request(b.t, method, path, body)
	r.Header.Set("Authorization", "Bearer "+desk.DemoToken)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := b.serve(b.desk.API(), r)
	checkContract(b.t, r, out.status)
	return out
}

func (b *bench) get(path string) *reply { b.t.Helper(); return b.call("GET", path, nil) }

// page sends a request to the helpdesk page's API as an agent.
func (b *bench) page(agent int64, method, path string, body any) *reply {
	b.t.Helper()
	r := request(b.t, method, path, body)
	r.Header.Set("X-Desk-Agent", strconv.FormatInt(agent, 10))
	return b.serve(b.desk.HelpdeskAPI(), r)
}

func request(t *testing.T, method, path string, body any) *http.Request {
	t.Helper()
	var in io.Reader
	kind := "application/json"
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, in)
	r.Header.Set("Content-Type", kind)
	return r
}

func (b *bench) serve(h http.Handler, r *http.Request) *reply {
	b.t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := &reply{t: b.t, status: w.Code, header: w.Header(), raw: w.Body.Bytes()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(out.raw, &out.body); err != nil {
			b.t.Fatalf("%s %s: %v in %q", r.Method, r.URL, err, out.raw)
		}
	}
	return out
}

// want fails unless the answer has a status.
func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.raw)
	}
	return r
}

// at walks down keys and indexes; nil where there is nothing.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(object)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p < 0 {
				p += len(l)
			}
			if p < 0 || p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (r *reply) at(path ...any) any { return at(r.body, path...) }

func (r *reply) text(path ...any) string {
	s, _ := r.at(path...).(string)
	return s
}

func (r *reply) id(path ...any) int64 {
	r.t.Helper()
	n, isNumber := r.at(path...).(float64)
	if !isNumber {
		r.t.Fatalf("no number at %v in %s", path, r.raw)
	}
	return int64(n)
}

func (r *reply) len(path ...any) int {
	l, _ := r.at(path...).([]any)
	return len(l)
}

// is fails unless the value at path equals want, both as JSON.
func (r *reply) is(want any, path ...any) *reply {
	r.t.Helper()
	got, wanted := asJSON(r.at(path...)), asJSON(want)
	if got != wanted {
		r.t.Errorf("at %v: %s, want %s", path, got, wanted)
	}
	return r
}

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// user finds a user by name.
func (b *bench) user(name string) desk.UserView {
	b.t.Helper()
	for _, u := range b.desk.Users() {
		if u.Name == name {
			return u
		}
	}
	b.t.Fatalf("no user %q", name)
	return desk.UserView{}
}

func (b *bench) group(name string) int64 {
	b.t.Helper()
	return b.named("/api/v2/groups", "groups", "name", name)
}

func (b *bench) field(title string) int64 {
	b.t.Helper()
	return b.named("/api/v2/ticket_fields", "ticket_fields", "title", title)
}

func (b *bench) org(name string) int64 {
	b.t.Helper()
	return b.named("/api/v2/organizations", "organizations", "name", name)
}

func (b *bench) macro(title string) int64 {
	b.t.Helper()
	return b.named("/api/v2/macros", "macros", "title", title)
}

func (b *bench) named(path, list, key, name string) int64 {
	b.t.Helper()
	r := b.get(path).want(200)
	for i := range r.len(list) {
		if r.text(list, i, key) == name {
			return r.id(list, i, "id")
		}
	}
	b.t.Fatalf("no %q in %s", name, path)
	return 0
}

// ticket makes a ticket of the customer Marcos with more keys than the usual ones, and returns its id.
func (b *bench) ticket(more object) int64 {
	b.t.Helper()
	obj := object{
		"subject": "Conversa pelo WhatsApp", "comment": object{"body": "Bom dia, preciso de ajuda."},
		"requester_id": b.user("Marcos Vinícius Teixeira").ID, "tags": []string{"whatsapp"},
	}
	maps.Copy(obj, more)
	return b.call("POST", "/api/v2/tickets.json", object{"ticket": obj}).want(201).id("ticket", "id")
}

func (b *bench) put(id int64, ticket object) *reply {
	b.t.Helper()
	return b.call("PUT", ticketPath(id), object{"ticket": ticket})
}

func (b *bench) show(id int64) desk.TicketView {
	b.t.Helper()
	for _, t := range b.desk.Tickets() {
		if t.ID == id {
			return t
		}
	}
	b.t.Fatalf("no ticket %d", id)
	return desk.TicketView{}
}

func ticketPath(id int64, rest ...string) string {
	return "/api/v2/tickets/" + strconv.FormatInt(id, 10) + strings.Join(rest, "")
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// hooks receives webhooks.
type hooks struct {
	server *httptest.Server
	mu     sync.Mutex
	got    []delivery
	answer func(d delivery, w http.ResponseWriter, r *http.Request)
}

type delivery struct {
	path   string
	header http.Header
	body   string
}

func newHooks(t *testing.T) *hooks {
	t.Helper()
	h := &hooks{}
	h.server = httptest.NewServer(h)
	t.Cleanup(h.server.Close)
	return h
}

// ServeHTTP implements http.Handler.
func (h *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	d := delivery{r.URL.Path, r.Header, string(raw)}
	h.mu.Lock()
	h.got = append(h.got, d)
	answer := h.answer
	h.mu.Unlock()
	if answer != nil {
		answer(d, w, r)
	}
}

func (h *hooks) url(path string) string { return h.server.URL + path }

func (h *hooks) answers(f func(d delivery, w http.ResponseWriter, r *http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = f
}

// take returns what came since the last take.
func (h *hooks) take() []delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	got := h.got
	h.got = nil
	return got
}

func (d delivery) json(t *testing.T) object {
	t.Helper()
	var out object
	if err := json.Unmarshal([]byte(d.body), &out); err != nil {
		t.Fatalf("%v in %q", err, d.body)
	}
	return out
}

// noHooks leaves Ponte's webhook out.
func noHooks(c *desk.Config) { c.WebhookURL = "" }

// knobs turns the account's knobs.
func (b *bench) knobs(k desk.Knobs) {
	b.t.Helper()
	if err := b.desk.SetKnobs(k); err != nil {
		b.t.Fatal(err)
	}
}

// jsonText reads a text out of JSON.
func jsonText(t *testing.T, raw []byte, path ...any) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	s, _ := at(v, path...).(string)
	return s
}

func escape(query string) string { return url.QueryEscape(query) }
