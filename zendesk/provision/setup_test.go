package provision_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/zendesk"
	"github.com/ponte-desk/ponte/zendesk/provision"
)

// public is where the account reaches Ponte.
const public = "https://ponte.example"

// account is a simulated account and what was asked of it.
type account struct {
	*zendesk.Client

	t   *testing.T
	box *sandbox.Sandbox
	// hooks are the webhooks that it delivers; refuse is a request that it answers 500.
	hooks  *calls
	refuse string

	mu     sync.Mutex
	writes []string // method and path of every request that is no read
}

// open makes an account with a seed.
func open(t *testing.T, seed string) *account {
	t.Helper()
	unlimited := desk.Limits{RequestsPerMinute: -1}
	hooks := &calls{}
	box, err := sandbox.New(sandbox.Config{
		Now: time.Now, BaseURL: "http://sandbox.test", Transport: hooks,
		Zendesk: sandbox.ZendeskConfig{
			ClientID: "id", ClientSecret: "secret", Seed: seed, Limits: unlimited, WebhookURL: public + "/webhooks/zendesk",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	a := &account{t: t, box: box, hooks: hooks}
	a.Client, err = zendesk.New(zendesk.Config{
		BaseURL: "http://sandbox.test/sandbox/zendesk", StaticToken: desk.DemoToken, Now: box.Now, Transport: a, BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// RoundTrip implements http.RoundTripper.
func (a *account) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		a.mu.Lock()
		a.writes = append(a.writes, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/sandbox/zendesk/api/v2"))
		a.mu.Unlock()
	}
	if a.refuse == r.Method+" "+r.URL.Path {
		r.Body.Close()
		return &http.Response{StatusCode: http.StatusInternalServerError, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	return a.box.RoundTripper().RoundTrip(r)
}

// written returns what was written since the last call.
func (a *account) written() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.writes
	a.writes = nil
	return out
}

func needed(t *testing.T, set settings.Operation) provision.Needs {
	t.Helper()
	n, err := provision.Needed(set, public)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// plan reads the account and plans.
func (a *account) plan(n provision.Needs, o provision.Options) provision.Plan {
	a.t.Helper()
	have := a.read()
	return provision.Diff(n, have, o)
}

func (a *account) read() provision.Have {
	a.t.Helper()
	have := provision.Read(a.t.Context(), a.Client)
	if err := have.Err(); err != nil {
		a.t.Fatal(err)
	}
	return have
}

// provide plans and applies.
func (a *account) provide(n provision.Needs, o provision.Options) provision.Result {
	a.t.Helper()
	p := a.plan(n, o)
	got, err := provision.Apply(a.t.Context(), a.Client, p, func(provision.Step) {})
	if err != nil {
		a.t.Fatal(err)
	}
	if got.Done != p.Changes() {
		a.t.Errorf("%d steps done of %d", got.Done, p.Changes())
	}
	return got
}

// idle wants a plan without changes, and with as many proposals.
func (a *account) idle(n provision.Needs, o provision.Options, proposals int) {
	a.t.Helper()
	p := a.plan(n, o)
	if p.Changes() != 0 || p.Proposals() != proposals {
		a.t.Errorf("%d changes, %d proposals; want none and %d: %q", p.Changes(), p.Proposals(), proposals, sentences(p))
	}
}

// sentences are a plan's steps as people read them.
func sentences(p provision.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, string(s.Action)+": "+s.Text.EN)
	}
	return out
}

// has wants a step of a kind, an action and a title.
func has(t *testing.T, p provision.Plan, k provision.Kind, a provision.Action, title string) provision.Step {
	t.Helper()
	i := slices.IndexFunc(p.Steps, func(s provision.Step) bool { return s.Kind == k && s.Action == a && s.Title == title })
	if i < 0 {
		t.Fatalf("no step %s %s %q: %q", a, k, title, sentences(p))
	}
	return p.Steps[i]
}

// fake is an account made of fixed answers.
func fake(t *testing.T, handlers map[string]http.HandlerFunc) *zendesk.Client {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range handlers {
		mux.HandleFunc(pattern, h)
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c, err := zendesk.New(zendesk.Config{BaseURL: srv.URL, StaticToken: "x", Now: time.Now, RetryWait: time.Microsecond, BreakAfter: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func body(r *http.Request) string {
	var b bytes.Buffer
	io.Copy(&b, r.Body)
	return b.String()
}
