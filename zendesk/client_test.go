package zendesk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

// operation is one exported call.
type operation struct {
	name   string
	method string
	call   func(context.Context, *zendesk.Client) error
}

// errOnly drops a call's result.
func errOnly[T any](_ T, err error) error { return err }

// operations are all exported calls.
func operations() []operation {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	type ctx = context.Context
	type client = *zendesk.Client
	return []operation{
		{"CreateTicket", post, func(ctx ctx, c client) error {
			return errOnly(c.CreateTicket(ctx, zendesk.TicketCreate{}, "key"))
		}},
		{"UpdateTicket", put, func(ctx ctx, c client) error {
			return errOnly(c.UpdateTicket(ctx, 7, zendesk.TicketUpdate{}))
		}},
		{"ShowTicket", get, func(ctx ctx, c client) error { return errOnly(c.ShowTicket(ctx, 7)) }},
		{"TicketsByExternalID", get, func(ctx ctx, c client) error { return errOnly(c.TicketsByExternalID(ctx, "s-1")) }},
		{"ChangedTickets", get, func(ctx ctx, c client) error { return errOnly(c.ChangedTickets(ctx, "cur", noon())) }},
		{"CommentsAfter", get, func(ctx ctx, c client) error {
			_, _, err := c.CommentsAfter(ctx, 7, 0)
			return err
		}},
		{"FindAudit", get, func(ctx ctx, c client) error {
			_, _, err := c.FindAudit(ctx, 7, "effect", "e-1", noon())
			return err
		}},
		{"Audits", get, func(ctx ctx, c client) error { return errOnly(c.Audits(ctx, 7)) }},
		{"Me", get, func(ctx ctx, c client) error { return errOnly(c.Me(ctx)) }},
		{"ShowUser", get, func(ctx ctx, c client) error { return errOnly(c.ShowUser(ctx, 7)) }},
		{"UpsertUser", post, func(ctx ctx, c client) error { return errOnly(c.UpsertUser(ctx, zendesk.UserUpsert{})) }},
		{"SearchUsers", get, func(ctx ctx, c client) error { return errOnly(c.SearchUsers(ctx, "ana")) }},
		{"UsersByExternalID", get, func(ctx ctx, c client) error { return errOnly(c.UsersByExternalID(ctx, "c-1")) }},
		{"UserIdentities", get, func(ctx ctx, c client) error { return errOnly(c.UserIdentities(ctx, 7)) }},
		{"AddIdentity", post, func(ctx ctx, c client) error {
			return errOnly(c.AddIdentity(ctx, 7, zendesk.IdentityCreate{Type: zendesk.IdentityPhone, Value: "+5511987654321"}))
		}},
		{"Upload", post, func(ctx ctx, c client) error {
			return errOnly(c.Upload(ctx, "a.txt", "text/plain", strings.NewReader("x"), ""))
		}},
		{"ShowOrganization", get, func(ctx ctx, c client) error { return errOnly(c.ShowOrganization(ctx, 7)) }},
		{"OrganizationByExternalID", get, func(ctx ctx, c client) error {
			_, _, err := c.OrganizationByExternalID(ctx, "12345678000195")
			return err
		}},
		{"OrganizationsByName", get, func(ctx ctx, c client) error { return errOnly(c.OrganizationsByName(ctx, "Acme")) }},
		{"SearchOrganizations", get, func(ctx ctx, c client) error {
			return errOnly(c.SearchOrganizations(ctx, "cnpj:12345678000195"))
		}},
		{"Groups", get, func(ctx ctx, c client) error { return errOnly(c.Groups(ctx)) }},
		{"GroupUsers", get, func(ctx ctx, c client) error { return errOnly(c.GroupUsers(ctx, 7)) }},
		{"GroupMemberships", get, func(ctx ctx, c client) error { return errOnly(c.GroupMemberships(ctx)) }},
		{"UserOrganizations", get, func(ctx ctx, c client) error { return errOnly(c.UserOrganizations(ctx, 7)) }},
		{"OrganizationUsers", get, func(ctx ctx, c client) error { return errOnly(c.OrganizationUsers(ctx, 7)) }},
		{"OrganizationTickets", get, func(ctx ctx, c client) error {
			_, _, err := c.OrganizationTickets(ctx, 7, 100)
			return err
		}},
		{"AddOrganizationMembership", post, func(ctx ctx, c client) error {
			return errOnly(c.AddOrganizationMembership(ctx, zendesk.OrganizationMembership{UserID: 7, OrganizationID: 8}))
		}},
		{"Macros", get, func(ctx ctx, c client) error { return errOnly(c.Macros(ctx)) }},
		{"ShowMacro", get, func(ctx ctx, c client) error { return errOnly(c.ShowMacro(ctx, 7)) }},
		{"ApplyMacro", get, func(ctx ctx, c client) error { return errOnly(c.ApplyMacro(ctx, 7, 8)) }},
		{"TicketFields", get, func(ctx ctx, c client) error { return errOnly(c.TicketFields(ctx)) }},
		{"TicketForms", get, func(ctx ctx, c client) error { return errOnly(c.TicketForms(ctx)) }},
		{"OrganizationFields", get, func(ctx ctx, c client) error { return errOnly(c.OrganizationFields(ctx)) }},
		{"Get", get, func(ctx ctx, c client) error { return c.Get(ctx, "read", "/macros", nil) }},
		{"Post", post, func(ctx ctx, c client) error { return c.Post(ctx, "make", "/macros", struct{}{}, nil) }},
		{"Put", put, func(ctx ctx, c client) error { return c.Put(ctx, "change", "/macros/7", struct{}{}, nil) }},
		{"Delete", del, func(ctx ctx, c client) error { return c.Delete(ctx, "remove", "/macros/7") }},
	}
}

// expectation is what a status means for a method.
type expectation struct {
	kind      zendesk.Kind // 0 for success
	uncertain bool
	requests  int32
}

// expect is the table of statuses, written down apart from the client's own.
func expect(o operation, status int) expectation {
	write := o.method != http.MethodGet
	e := expectation{kind: zendesk.KindBad, requests: 1}
	switch status {
	case 401:
		e.kind = zendesk.KindUnauthorized
	case 403:
		e.kind = zendesk.KindForbidden
	case 404, 410:
		e.kind = zendesk.KindNotFound
	case 408:
		e = expectation{kind: zendesk.KindServer, uncertain: write, requests: 1}
	case 409:
		e.kind = zendesk.KindConflict
	case 422:
		e.kind = zendesk.KindInvalid
	case 429:
		e.kind = zendesk.KindLimited
	case 500, 502, 503, 504:
		e = expectation{kind: zendesk.KindServer, uncertain: write, requests: 1}
		if !write {
			e.requests = 3
		}
	default:
		if status >= 500 {
			e.kind = zendesk.KindServer
		}
		e.uncertain = write && (status >= 500 || status < 300)
	}
	return e
}

// accepted are the statuses that go-zendesk or the upload takes for success; they are tested apart.
func accepted(o operation, status int) bool {
	switch o.method {
	case http.MethodPost:
		return status == 200 || status == 201
	case http.MethodPut, http.MethodDelete:
		return status == 200 || status == 204
	}
	return status == 200
}

// statuses are all registered ones from 200 up, and some that proxies make up.
func statuses() []int {
	var all []int
	for s := 200; s < 600; s++ {
		if http.StatusText(s) != "" {
			all = append(all, s)
		}
	}
	return append(all, 420, 520, 524, 599)
}

func TestEveryStatusOfEveryCall(t *testing.T) {
	t.Parallel()
	var status, requests, foreign atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign.Add(1) }))
	defer elsewhere.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Location", elsewhere.URL)
		answer(w, int(status.Load()), `{"error":"SomeCode","description":"something"}`)
	}))
	defer srv.Close()
	c, err := zendesk.New(zendesk.Config{
		BaseURL: srv.URL + prefix, StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range operations() {
		for _, s := range statuses() {
			if accepted(o, s) {
				continue
			}
			status.Store(int32(s))
			requests.Store(0)
			want := expect(o, s)
			var got *zendesk.Error
			if err := o.call(t.Context(), c); !errors.As(err, &got) {
				t.Errorf("%s, %d: error = %v, want an *Error", o.name, s, err)
				continue
			}
			if got.Kind != want.kind || got.Uncertain() != want.uncertain || got.Status != s {
				t.Errorf("%s, %d: kind %v uncertain %v status %d, want kind %v uncertain %v",
					o.name, s, got.Kind, got.Uncertain(), got.Status, want.kind, want.uncertain)
			}
			if s > 299 && s != http.StatusNotModified && got.Code != "SomeCode" {
				t.Errorf("%s, %d: code = %q", o.name, s, got.Code)
			}
			if n := requests.Load(); n != want.requests {
				t.Errorf("%s, %d: %d requests, want %d", o.name, s, n, want.requests)
			}
		}
	}
	if n := foreign.Load(); n != 0 {
		t.Errorf("%d redirects followed, want none: they would carry the token away", n)
	}
}

func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body string }{
		{"not JSON", "<html>proxy</html>"},
		{"empty", ""},
		{"cut", `{"ticket":{"id":1`},
		{"wrong types", `{"ticket":7,"user":7,"identity":7,"upload":7,"organization":7,"organizations":7,"tickets":7,` +
			`"users":7,"audits":7,"comments":7,"groups":7,"identities":7,"results":7,"macro":7,"macros":7,"result":7,` +
			`"ticket_fields":7,"ticket_forms":7,"organization_fields":7,"organization_membership":7,"group_memberships":7}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, c := setupAnswer(t, http.StatusOK, tt.body)
			for _, o := range operations() {
				if o.name == "Get" || o.name == "Post" || o.name == "Put" || o.name == "Delete" {
					continue // they were asked to read nothing
				}
				var got *zendesk.Error
				if err := o.call(t.Context(), c); !errors.As(err, &got) {
					t.Errorf("%s: error = %v, want an *Error", o.name, err)
				} else if got.Kind != zendesk.KindServer || got.Uncertain() != (o.method != http.MethodGet) {
					t.Errorf("%s: kind %v, uncertain %v", o.name, got.Kind, got.Uncertain())
				}
			}
		})
	}
}

// setupAnswer returns a server that always answers the same, and its client.
func setupAnswer(t *testing.T, status int, body string) (*atomic.Int32, *zendesk.Client) {
	t.Helper()
	var requests atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		answer(w, status, body)
	}))
	t.Cleanup(srv.Close)
	c, err := zendesk.New(zendesk.Config{
		BaseURL: srv.URL, StaticToken: "demo", Now: noon, RetryWait: time.Microsecond, BreakAfter: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &requests, c
}

func TestAnswersWithoutRecord(t *testing.T) {
	t.Parallel()
	_, c := setupAnswer(t, http.StatusOK, `{}`)
	want := map[string]zendesk.Kind{
		"CreateTicket": zendesk.KindServer, "UpdateTicket": zendesk.KindServer, "ShowTicket": zendesk.KindServer,
		"ShowUser": zendesk.KindServer, "UpsertUser": zendesk.KindServer, "AddIdentity": zendesk.KindServer,
		"Upload": zendesk.KindServer, "ShowOrganization": zendesk.KindServer, "Me": zendesk.KindUnauthorized,
		"ShowMacro": zendesk.KindServer, "ApplyMacro": zendesk.KindServer, "AddOrganizationMembership": zendesk.KindServer,
	}
	for _, o := range operations() {
		if got := zendesk.KindOf(o.call(t.Context(), c)); got != want[o.name] {
			t.Errorf("%s: kind = %v, want %v", o.name, got, want[o.name])
		}
	}
}

func TestRawCalls(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/macros", 200, `{"macros":[{"id":3}]}`)
	p.handle("POST /api/v2/macros", 200, `{"macro":{"id":4}}`)
	p.handle("PUT /api/v2/macros/4", 200, `{"macro":{"id":5}}`)
	p.handle("DELETE /api/v2/macros/4", 204, "")
	p.handle("DELETE /api/v2/tickets/4/tags", 200, `{"tags":[]}`)

	var list struct {
		Macros []struct{ ID int64 } `json:"macros"`
	}
	if err := c.Get(t.Context(), "list macros", "/macros?active=true", &list); err != nil || list.Macros[0].ID != 3 {
		t.Errorf("Get = %+v, %v", list, err)
	}
	var one struct {
		Macro struct{ ID int64 } `json:"macro"`
	}
	if err := c.Post(t.Context(), "create macro", "/macros", map[string]any{"macro": 1}, &one); err != nil || one.Macro.ID != 4 {
		t.Errorf("Post = %+v, %v", one, err)
	}
	if err := c.Put(t.Context(), "update macro", "/macros/4", map[string]any{"macro": 2}, &one); err != nil || one.Macro.ID != 5 {
		t.Errorf("Put = %+v, %v", one, err)
	}
	if err := c.Delete(t.Context(), "delete macro", "/macros/4"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if err := c.Delete(t.Context(), "delete tags", "/tickets/4/tags"); err != nil {
		t.Errorf("Delete that answers 200: %v", err)
	}
	seen := p.requests()
	if q := seen[0].Query.Get("active"); q != "true" {
		t.Errorf("active = %q", q)
	}
	wantJSON(t, seen[1].Body, `{"macro":1}`)
	wantJSON(t, seen[2].Body, `{"macro":2}`)
	for _, r := range seen {
		if got := r.Header.Get("Authorization"); got != "Bearer demo" {
			t.Errorf("%s %s: Authorization = %q", r.Method, r.Path, got)
		}
		if got := r.Header.Get("User-Agent"); got != "Ponte" {
			t.Errorf("%s %s: User-Agent = %q", r.Method, r.Path, got)
		}
	}
	err := c.Post(t.Context(), "create macro", "/macros", map[string]any{"x": make(chan int)}, nil)
	wantKind(t, err, zendesk.KindBad)
	if n := len(p.requests()); n != len(seen) {
		t.Errorf("a body that cannot be encoded was sent")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := zendesk.Config{
		BaseURL: "https://acme.zendesk.com", ClientID: "id", ClientSecret: "s3cr3t", Tokens: zendesk.NewMemoryTokens(), Now: noon,
	}
	if _, err := zendesk.New(good); err != nil {
		t.Fatalf("good configuration: %v", err)
	}
	for _, tt := range []struct {
		name   string
		change func(*zendesk.Config)
	}{
		{"no address", func(c *zendesk.Config) { c.BaseURL = "" }},
		{"no scheme", func(c *zendesk.Config) { c.BaseURL = "acme.zendesk.com" }},
		{"foreign scheme", func(c *zendesk.Config) { c.BaseURL = "ftp://acme.zendesk.com" }},
		{"no host", func(c *zendesk.Config) { c.BaseURL = "https:///x" }},
		{"password in the address", func(c *zendesk.Config) { c.BaseURL = "https://s3cr3t:s3cr3t@acme.zendesk.com" }},
		{"query", func(c *zendesk.Config) { c.BaseURL = "https://acme.zendesk.com?s3cr3t" }},
		{"fragment", func(c *zendesk.Config) { c.BaseURL = "https://acme.zendesk.com#s3cr3t" }},
		{"unreadable address", func(c *zendesk.Config) { c.BaseURL = "https://s3cr3t\x7f" }},
		{"no clock", func(c *zendesk.Config) { c.Now = nil }},
		{"no client id", func(c *zendesk.Config) { c.ClientID = "" }},
		{"no client secret", func(c *zendesk.Config) { c.ClientSecret = "" }},
		{"no token store", func(c *zendesk.Config) { c.Tokens = nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			tt.change(&cfg)
			_, err := zendesk.New(cfg)
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("error tells a secret: %v", err)
			}
		})
	}
}

func TestBaseURLForms(t *testing.T) {
	t.Parallel()
	for _, tail := range []string{"", "/", "//", "/api/v2", "/api/v2/"} {
		t.Run("tail "+tail, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.handle("GET /api/v2/users/me", 200, `{"user":{"id":1}}`)
			c := p.client(func(cfg *zendesk.Config) { cfg.BaseURL += tail })
			if u, err := c.Me(t.Context()); err != nil || u.ID != 1 {
				t.Errorf("Me = %+v, %v", u, err)
			}
		})
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	token := zendesk.Token{Access: secret, Scope: "read"}
	for _, v := range []any{
		zendesk.Secret(secret), token, &token,
		zendesk.Config{ClientSecret: secret, StaticToken: secret},
		struct{ T zendesk.Token }{token},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			if out := fmt.Sprintf(verb, v); strings.Contains(out, secret) || strings.Contains(out, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %T prints %s", verb, v, out)
			}
		}
	}
	text, err := zendesk.Secret(secret).MarshalText()
	if err != nil || string(text) != "***" {
		t.Errorf("MarshalText = %s, %v", text, err)
	}
	if out := zendesk.Secret(secret).LogValue().String() + token.LogValue().String(); strings.Contains(out, secret) {
		t.Errorf("log value = %s", out)
	}
}

// slowReader gives out its text in small pieces.
type slowReader struct{ io.Reader }

func (r slowReader) Read(p []byte) (int, error) {
	if len(p) > 3 {
		p = p[:3]
	}
	return r.Reader.Read(p)
}
