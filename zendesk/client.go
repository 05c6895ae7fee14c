package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gozendesk "github.com/nukosuke/go-zendesk/zendesk"
)

const (
	// defaultTimeout is the time one call may take, its repeats included.
	defaultTimeout = 10 * time.Second
	// defaultScope is what the token is asked for.
	defaultScope = "read write"
	// apiPath is where the API lies below the base address.
	apiPath = "/api/v2"
)

// Config is what a Client needs. BaseURL, Now and either StaticToken or ClientID, ClientSecret and Tokens are required.
type Config struct {
	// BaseURL is the account's address without /api/v2, for example https://acme.zendesk.com; it may carry a path.
	BaseURL string
	// ClientID is the OAuth client's identifier.
	ClientID string
	// ClientSecret is the OAuth client's secret.
	ClientSecret Secret
	// Scope is what the token is asked for; default "read write".
	Scope string
	// Tokens keeps the token for all instances.
	Tokens TokenStore
	// StaticToken is used as bearer instead of OAuth when set.
	StaticToken Secret
	// Transport carries the requests to BaseURL's origin, and no others; nil for one of the client's own.
	Transport http.RoundTripper
	// Timeout is the time one call may take, its repeats included; default 10 s. A file's way has its context's alone.
	Timeout time.Duration
	// RetryWait is the sleep before a read is repeated, doubled before the second repeat; default 200 ms, at most 2 s.
	RetryWait time.Duration
	// Now tells the time.
	Now func() time.Time
	// Budget hears what the limit headers say; may be nil.
	Budget Budget
	// BreakAfter is the number of requests in a row without an answer, or with a 5xx, after which none is made for a while; default 5,
	// never when negative.
	BreakAfter int
}

// Client calls one Zendesk account. It is safe for concurrent use.
type Client struct {
	api     *gozendesk.Client
	plain   *http.Client // for uploads: streams, never repeats
	files   *http.Client // for downloads: knows whom to show the token
	base    string       // address of the API, /api/v2 included
	origin  string       // scheme, host and port of base
	timeout time.Duration
	now     func() time.Time
	breaker *breaker
}

// Breaker returns the state of the circuit, one of the Breaker constants, and since when it is. While it is open every call fails at once
// with KindNetwork and the time until the next try as RetryAfter.
func (c *Client) Breaker() (state string, since time.Time) { return c.breaker.look() }

// New returns a client. It calls nobody.
func New(cfg Config) (*Client, error) {
	base, err := checked(&cfg)
	if err != nil {
		return nil, fmt.Errorf("zendesk: %w", err)
	}
	circuit := newBreaker(cfg.BreakAfter, cfg.Now)
	var bearer credential = staticBearer(cfg.StaticToken)
	if cfg.StaticToken == "" {
		g := &grant{
			http: plainClient(&breakerTransport{next: cfg.Transport, b: circuit}), url: base + "/oauth/tokens", id: cfg.ClientID, secret: cfg.ClientSecret,
			scope: cfg.Scope, timeout: cfg.Timeout, now: cfg.Now,
		}
		bearer = &oauthTokens{store: cfg.Tokens, fetch: g.fetch, now: cfg.Now, timeout: cfg.Timeout}
	}
	var rt http.RoundTripper = &wireTransport{next: cfg.Transport}
	rt = &breakerTransport{next: rt, b: circuit}
	rt = &authTransport{next: rt, from: bearer}
	files := fileClient(base, rt)
	rt = &exchangeTransport{next: rt}
	rt = &limitTransport{next: rt, budget: cfg.Budget, now: cfg.Now}

	api, err := gozendesk.NewClient(retryingClient(rt, cfg.RetryWait, cfg.Now))
	if err != nil {
		return nil, fmt.Errorf("zendesk: make client: %w", err)
	}
	if err := api.SetEndpointURL(base + apiPath); err != nil {
		return nil, fmt.Errorf("zendesk: base address: %w", err)
	}
	return &Client{
		api: api, plain: plainClient(rt), files: files, base: base + apiPath, origin: originOf(base), timeout: cfg.Timeout, now: cfg.Now,
		breaker: circuit,
	}, nil
}

// checked fills in defaults and returns the base address without a closing slash.
func checked(cfg *Config) (string, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return "", errors.New("base address cannot be read")
	}
	switch {
	case base.Scheme != "https" && base.Scheme != "http", base.Host == "", base.User != nil,
		base.RawQuery != "", base.Fragment != "":
		return "", errors.New("base address must be http(s)://host[/path]")
	case cfg.Now == nil:
		return "", errors.New("a clock is needed")
	case cfg.StaticToken == "" && (cfg.ClientID == "" || cfg.ClientSecret == ""):
		return "", errors.New("an OAuth client's id and secret are needed")
	case cfg.StaticToken == "" && cfg.Tokens == nil:
		return "", errors.New("a token store is needed")
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport()
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.RetryWait <= 0 {
		cfg.RetryWait = defaultRetryWait
	}
	if cfg.Scope == "" {
		cfg.Scope = defaultScope
	}
	if cfg.BreakAfter == 0 {
		cfg.BreakAfter = defaultBreakAfter
	}
	return strings.TrimSuffix(strings.TrimRight(cfg.BaseURL, "/"), apiPath), nil
}

// Get reads path (below /api/v2, with its query) into out. op names the operation in errors.
func (c *Client) Get(ctx context.Context, op, path string, out any) error {
	return c.call(ctx, call{op: op, method: http.MethodGet, path: path, out: out}, &exchange{})
}

// Post sends in to path and reads the answer into out, which may be nil.
func (c *Client) Post(ctx context.Context, op, path string, in, out any) error {
	return c.call(ctx, call{op: op, method: http.MethodPost, path: path, in: in, out: out}, &exchange{})
}

// Put sends in to path and reads the answer into out, which may be nil.
func (c *Client) Put(ctx context.Context, op, path string, in, out any) error {
	return c.call(ctx, call{op: op, method: http.MethodPut, path: path, in: in, out: out}, &exchange{})
}

// Delete deletes what lies at path.
func (c *Client) Delete(ctx context.Context, op, path string) error {
	return c.call(ctx, call{op: op, method: http.MethodDelete, path: path}, &exchange{})
}

// call is one request through go-zendesk.
type call struct {
	op, method, path string
	in, out          any
}

// call carries out one request within the client's timeout and turns every failure into an *Error.
func (c *Client) call(ctx context.Context, r call, ex *exchange) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if r.in != nil {
		frozen, err := json.Marshal(r.in)
		if err != nil {
			return &Error{Op: r.op, Kind: KindBad, cause: errors.New("the body cannot be encoded")}
		}
		r.in = json.RawMessage(frozen)
	}
	body, err := c.send(withExchange(ctx, ex), r)
	if err != nil {
		return failure(r.op, r.method, ex, err, c.now())
	}
	if r.out == nil {
		return nil
	}
	if err := json.Unmarshal(body, r.out); err != nil {
		return unreadable(r.op, r.method, int(ex.status.Load()), err)
	}
	return nil
}

// send picks go-zendesk's method.
func (c *Client) send(ctx context.Context, r call) ([]byte, error) {
	switch r.method {
	case http.MethodPost:
		return c.api.Post(ctx, r.path, r.in)
	case http.MethodPut:
		return c.api.Put(ctx, r.path, r.in)
	case http.MethodDelete:
		return nil, deleted(c.api.Delete(ctx, r.path))
	}
	return c.api.Get(ctx, r.path)
}

// deleted takes a 200 for the success it is: go-zendesk knows 204 alone.
func deleted(err error) error {
	if answer, ok := errors.AsType[gozendesk.Error](err); ok && answer.Status() == http.StatusOK {
		return nil
	}
	return err
}

// errNoRecord is an answer of a good status without the record that was asked for.
var errNoRecord = errors.New("the answer holds no record")

// withQuery appends a query to a path.
func withQuery(path string, q url.Values) string { return path + "?" + q.Encode() }

// pageMeta is how Zendesk's cursor-paged lists tell where they go on.
type pageMeta struct {
	Meta struct {
		HasMore bool   `json:"has_more"`
		After   string `json:"after_cursor"`
	} `json:"meta"`
}

// next returns the cursor of the next page, "" after the last one.
func (m pageMeta) next() string {
	if !m.Meta.HasMore {
		return ""
	}
	return m.Meta.After
}

// page is one page of a list.
type page interface{ next() string }

// errEndless is a list that goes on where it was.
var errEndless = errors.New("the list does not end")

// maxPages bounds a list: 100 a page, far above a ticket's comments or audits.
const maxPages = 1_000

// eachPage reads a cursor-paged list until its end or until visit returns false.
func eachPage[P page](ctx context.Context, c *Client, op, path string, q url.Values, visit func(P) bool) error {
	q.Set("page[size]", pageSize)
	for range maxPages {
		var p P
		if err := c.Get(ctx, op, withQuery(path, q), &p); err != nil {
			return err
		}
		cursor := p.next()
		if !visit(p) || cursor == "" {
			return nil
		}
		if cursor == q.Get("page[after]") {
			break
		}
		q.Set("page[after]", cursor)
	}
	return unreadable(op, http.MethodGet, http.StatusOK, errEndless)
}
