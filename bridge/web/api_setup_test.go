package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
)

// The conversation of these tests is the second of its thread.
const (
	apiNumber  = "106540352242922"
	apiContact = "01JCONTACT"
	firstOne   = "wa-" + apiNumber + "-" + apiContact + "-1"
	session    = "wa-" + apiNumber + "-" + apiContact + "-2"
	thirdOne   = "wa-" + apiNumber + "-" + apiContact + "-3"
	apiKey     = apiNumber + "|" + apiContact
	conv       = "/api/v1/conversations/" + session
)

// apiNow is when everything happens.
func apiNow() time.Time { return time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC) }

// office is what stands behind the API, in memory.
type office struct {
	mu       sync.Mutex
	thread   *conversation.Thread
	entries  []conversation.Entry
	answer   conversation.Answer
	known    bool // the answer
	err      error
	list     []web.Template
	wrong    error // of templates
	got      []conversation.Command
	keys     []string
	phones   []string
	previews int
	desk     conversation.Desk
	loads    map[int64]int
	states   map[string]web.QueueState
	deskErr  error
}

func (o *office) Command(_ context.Context, key string, c conversation.Command) (conversation.Answer, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got, o.keys = append(o.got, c), append(o.keys, key)
	a := o.answer
	a.ID = c.ID
	return a, o.known, o.err
}

func (o *office) Answer(_ context.Context, key, id string) (conversation.Answer, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keys = append(o.keys, key)
	a := o.answer
	a.ID = id
	return a, o.known, o.err
}

func (o *office) Thread(context.Context, string) (conversation.Thread, bool, error) {
	if o.err != nil || o.thread == nil {
		return conversation.Thread{}, false, o.err
	}
	return *o.thread, true, nil
}

func (o *office) Transcript(context.Context, string) ([]conversation.Entry, error) {
	return o.entries, o.err
}

func (o *office) ThreadOfPhone(_ context.Context, number, phone string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.phones = append(o.phones, number+" "+phone)
	return apiKey, o.err
}

func (o *office) Desk(context.Context) (conversation.Desk, error) {
	return o.desk, errors.Join(o.err, o.deskErr)
}

func (o *office) Loads(_ context.Context, agents []int64) (map[int64]int, error) {
	loads := map[int64]int{}
	for _, id := range agents {
		loads[id] = o.loads[id]
	}
	return loads, errors.Join(o.err, o.deskErr)
}

func (o *office) Queues(_ context.Context, names []string) (map[string]web.QueueState, error) {
	states := map[string]web.QueueState{}
	for _, name := range names {
		states[name] = o.states[name]
	}
	return states, errors.Join(o.err, o.deskErr)
}

func (o *office) Templates(context.Context, string) ([]web.Template, error) { return o.list, o.wrong }

func (o *office) Preview(_ context.Context, _ string, t *conversation.Template) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.previews++
	return "Olá, " + strings.Join(t.Values, " "), o.wrong
}

// templateError is a template that can't be used.
type templateError struct{}

func (templateError) Error() string   { return "internal words" }
func (templateError) HTTPStatus() int { return http.StatusBadRequest }
func (templateError) Advice() string  { return "O modelo não existe." }

// TestMain teaches the checks to read HTML and CSV as texts.
func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder) // it knows no semicolons
	os.Exit(m.Run())
}

// counter is the API with an office behind it; every exchange is held against the description.
type counter struct {
	*office
	people  *people
	ledger  *ledger
	shelf   *shelf
	library *library
	board   *board
	t       *testing.T
	echo    *echo.Echo
	hooks   *receiver
	logs    *bytes.Buffer
	router  routers.Router
}

const (
	oldSecret = "secret-before"
	newSecret = "secret-now"
)

func openCounter(t *testing.T, secrets ...string) *counter {
	t.Helper()
	conversationNow := &conversation.Conversation{
		Session: session, State: conversation.StateActive, Started: apiNow().Add(-time.Hour), Ticket: conversation.Ticket{ID: 35436}, Owner: 7,
	}
	thread := conversation.NewThread(apiNumber, apiContact)
	thread.Contact = conversation.Contact{ID: apiContact, Name: "Mariana", Username: "mari", WaID: "5511987650142", Zendesk: 99}
	thread.Conversation, thread.Count, thread.LastInbound = conversationNow, 2, apiNow().Add(-time.Minute)
	c := &counter{
		t: t, hooks: &receiver{}, logs: &bytes.Buffer{}, router: description(t),
		people: newPeople(),
		office: &office{thread: &thread, known: true, answer: conversation.Answer{OK: true, Session: session, Ticket: 35436, State: conversation.StateActive}},
	}
	c.ledger, c.shelf, c.library = &ledger{office: c.office}, &shelf{}, &library{office: c.office, mime: "image/jpeg"}
	c.board = &board{office: c.office}
	registry := prometheus.NewRegistry()
	c.echo = web.New(web.Config{
		Webhooks: c.hooks, Waiting: func(context.Context) (web.Waiting, error) { return web.Waiting{}, nil },
		Gatherer: registry, Registry: registry, Logger: slog.New(slog.NewJSONHandler(c.logs, nil)),
		API: web.API{
			Secrets: secrets, Commands: c.office, Threads: c.office, Templates: c.office, Uploads: c.shelf, Desk: c.office, Lists: c.board, Reports: c.ledger, Now: apiNow, Reads: c.library.reads(),
			Sessions: c.people, Entrance: c.people, Exit: c.people, Lines: c.people.numbers, ZendeskURL: "https://acme.zendesk.com",
			Account:  func() settings.Account { return settings.Account{AgentLimit: 3} },
			Settings: func(string) settings.Number { return settings.Default() },
		},
	})
	return c
}

// described is what the API says of itself, read once for all tests.
var described = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// description is the router of what the API says of itself.
func description(t *testing.T) routers.Router {
	t.Helper()
	router, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// ask makes a request with the newest secret.
func (c *counter) ask(method, path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.askAs("Bearer "+newSecret, method, path, body)
}

func (c *counter) askAs(authorization, method, path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	request := func() *http.Request {
		r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		return r
	}
	rec := httptest.NewRecorder()
	c.echo.ServeHTTP(rec, request())
	if got := rec.Header().Get("X-Content-Type-Options"); got != "nosniff" {
		c.t.Errorf("%s %s: X-Content-Type-Options is %q", method, path, got)
	}
	c.check(request(), body, rec)
	return rec
}

// check holds an exchange against the description: the answer always, the request where it was carried out.
func (c *counter) check(r *http.Request, body string, rec *httptest.ResponseRecorder) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		if rec.Code != http.StatusNotFound && rec.Code != http.StatusMethodNotAllowed && rec.Code != http.StatusUnauthorized {
			c.t.Errorf("%s %s answers %d and is not described: %v", r.Method, r.URL, rec.Code, err)
		}
		return
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	wrong := openapi3filter.ValidateRequest(c.t.Context(), in)
	switch {
	case wrong != nil && rec.Code < http.StatusBadRequest:
		c.t.Errorf("%s %s is carried out, against the description: %v", r.Method, r.URL, wrong)
	case wrong == nil && rec.Code == http.StatusBadRequest && (body == "" || json.Valid([]byte(body))) && !errors.Is(c.wrong, templateError{}) && !c.stricter(rec):
		c.t.Errorf("%s %s keeps the description and is refused: %s", r.Method, r.URL, rec.Body)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: rec.Code, Header: rec.Header(), Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes())), Options: in.Options,
	}
	if err := openapi3filter.ValidateResponse(c.t.Context(), out); err != nil {
		c.t.Errorf("%s %s: answer %d %s: %v", r.Method, r.URL, rec.Code, rec.Body, err)
	}
}

// stricter tells whether a request was refused for what a schema can't say.
func (c *counter) stricter(rec *httptest.ResponseRecorder) bool {
	for _, words := range []string{"O telefone não é válido", "longo demais", "um id próprio", "O período", "não as duas coisas"} {
		if strings.Contains(rec.Body.String(), words) {
			return true
		}
	}
	return false
}

// tells wants a status and an answer that holds words.
func (c *counter) tells(rec *httptest.ResponseRecorder, status int, words ...string) {
	c.t.Helper()
	for _, w := range words {
		if !strings.Contains(rec.Body.String(), w) {
			c.t.Errorf("the answer lacks %q: %s", w, rec.Body)
		}
	}
	if rec.Code != status {
		c.t.Errorf("answered %d %s; want %d", rec.Code, rec.Body, status)
	}
}
