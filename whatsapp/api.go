package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	defaultTimeout = 20 * time.Second
	maxAnswer      = 1 << 20
	userAgent      = "ponte/1.0.0" // Meta's description asks for a name and a version
)

// api is what all providers with the Cloud API's bodies have in common. A provider embeds it and fills it in; every method of
// Provider stands on *api, so that one implementation serves them all.
type api struct {
	// base is such as https://graph.facebook.com and may carry a path; version comes behind it where the peer has one.
	base, version string
	// inPath says that the phone number id is the first part of a path; where it is not, the credential stands for the number.
	inPath bool
	// header and prefix say how the credential is sent: "Authorization" and "Bearer ", or "D360-API-KEY" and "".
	header, prefix string
	// credential is a function, because package fmt shows unexported fields.
	credential func() string
	// files is the host of download addresses that base has to stand in for; empty where addresses are used as they come.
	files string
	// list says how the peer hands out its templates.
	list templateList
	// http follows no redirect. For a longer timeout copy it.
	http *http.Client
}

// newClient returns a client that follows no redirect: one would repeat the send, and carry the credential to where it does not
// belong. Nil stands for a client with a timeout of 20 seconds.
func newClient(client *http.Client) *http.Client {
	own := http.Client{Timeout: defaultTimeout}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// keep returns a function that gives the secret back, which package fmt cannot look into.
func keep(secret Secret) func() string {
	plain := string(secret)
	return func() string { return plain }
}

// newRequest returns a request to the peer with URL, credential and User-Agent; the caller sets the Content-Type, and
// URL.RawQuery if there is a query.
//
// The path is base/version/numberID/parts…, without numberID where it is empty or the peer has none in its paths. Every part must
// be a plain id or word (see isPathSegment). An error is an *APIError saying that nothing was sent.
func (a *api) newRequest(ctx context.Context, method string, numberID string, parts []string, body io.Reader) (*http.Request, error) {
	if !isToken(a.credential()) {
		return nil, notSent(ClassAuth, errors.New("access token is empty or malformed"))
	}
	path := []string{a.version}
	if a.inPath && numberID != "" {
		path = append(path, numberID)
	}
	path = append(path, parts...)
	for _, part := range path[1:] {
		if !isPathSegment(part) {
			return nil, notSent(ClassOurBug, errors.New("a part of the path is no plain id"))
		}
	}
	target, err := url.JoinPath(a.base, path...)
	if err != nil {
		return nil, notSent(ClassOurBug, err)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, notSent(ClassOurBug, err)
	}
	if req.URL.Host == "" {
		return nil, notSent(ClassOurBug, errors.New("base URL has no host"))
	}
	a.authorize(req)
	req.Header.Set("User-Agent", userAgent)
	return req, nil
}

// authorize adds the credential. The request must go to the peer's own hosts.
func (a *api) authorize(req *http.Request) {
	req.Header.Set(a.header, a.prefix+a.credential())
}

// fileURL takes a download address apart. Own says that it was led to the peer's base, as 360dialog wants it, and may be trusted as
// base is; any other host is for the caller to check before the credential goes there.
func (a *api) fileURL(address string) (u *url.URL, own bool, err error) {
	if u, err = url.Parse(address); err != nil {
		return nil, false, errors.New("malformed download address")
	}
	if a.files == "" || !strings.EqualFold(u.Host, a.files) {
		return u, false, nil
	}
	base, err := url.Parse(a.base)
	if err != nil {
		return nil, false, errors.New("malformed base URL")
	}
	led := base.JoinPath(u.EscapedPath())
	led.RawQuery = u.RawQuery
	return led, true, nil
}

// do carries a request out. Without an answer the error is an *APIError when the request was certainly not written, else an
// *UncertainError; neither shows the address. The caller closes the answer's body.
func (a *api) do(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := ctx.Err(); err != nil {
		return nil, notSent(ClassTransient, err)
	}
	var trace connectionTrace
	resp, err := a.http.Do(req.WithContext(trace.watch(ctx))) //nolint:gosec // G704: the address is the operator's
	if err == nil {
		return resp, nil
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the address, which may name a person
	}
	if trace.neverConnected(err) {
		return nil, notSent(ClassTransient, err)
	}
	return nil, &UncertainError{cause: err}
}

// call is one request with a JSON body, or without any.
type call struct {
	method, numberID string

	parts   []string
	query   url.Values
	payload any
}

// exchange carries a call out and reads its answer, whatever the answer says.
func (a *api) exchange(ctx context.Context, c call) (answer, error) {
	var body io.Reader
	if c.payload != nil {
		text, err := json.Marshal(c.payload)
		if err != nil {
			return answer{}, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		body = bytes.NewReader(text)
	}
	req, err := a.newRequest(ctx, c.method, c.numberID, c.parts, body)
	if err != nil {
		return answer{}, err
	}
	req.URL.RawQuery = c.query.Encode()
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	return readAnswer(resp), nil
}

// isToken reports whether s can stand in a header.
func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

func notSent(class Class, cause error) *APIError {
	return &APIError{Code: NoCode, Subcode: NoCode, Class: class, cause: cause}
}
