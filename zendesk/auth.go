package zendesk

import (
	"context"
	"io"
	"net/http"
)

// credential is where the bearer token comes from.
type credential interface {
	// current returns the token to use.
	current(ctx context.Context) (string, error)
	// replace returns another token than the refused one; the same one when there can be no other.
	replace(ctx context.Context, refused string) (string, error)
}

// staticBearer is a token that never changes.
type staticBearer Secret

func (s staticBearer) current(context.Context) (string, error)         { return string(s), nil }
func (s staticBearer) replace(context.Context, string) (string, error) { return string(s), nil }

// authTransport sets the bearer token. A 401 means that nothing was done, so the token is replaced and the call repeated
// once, whatever its method.
type authTransport struct {
	next http.RoundTripper
	from credential
}

// RoundTrip implements http.RoundTripper.
func (t *authTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	token, err := t.from.current(ctx)
	if err != nil {
		closeBody(req)
		return nil, &unsentError{err}
	}
	resp, err := t.next.RoundTrip(withBearer(req, token))
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	fresh, err := t.from.replace(ctx, token)
	if err != nil {
		drain(resp)
		return nil, &unsentError{err}
	}
	if fresh == token {
		return resp, nil
	}
	again := withBearer(req, fresh)
	if req.Body != nil && req.Body != http.NoBody {
		if req.GetBody == nil {
			return resp, nil // a stream cannot be sent twice; its owner may begin anew
		}
		if again.Body, err = req.GetBody(); err != nil {
			return resp, nil //nolint:nilerr // the refusal is the answer; the token for the next call is there
		}
	}
	drain(resp)
	return t.next.RoundTrip(again)
}

// withBearer returns a copy of req with the token.
func withBearer(req *http.Request, token string) *http.Request {
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+token)
	return out
}

// closeBody keeps the promise of a RoundTripper to close the request's body.
func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// maxDrain is how much of an unwanted answer is read so that its connection can be used again, in bytes.
const maxDrain = 64 << 10

// drain reads and closes an answer that nobody wants.
func drain(resp *http.Response) {
	io.CopyN(io.Discard, resp.Body, maxDrain) //nolint:errcheck // only about reusing the connection
	resp.Body.Close()
}
