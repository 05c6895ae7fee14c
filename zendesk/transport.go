package zendesk

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// readRetries is the number of times a read is repeated at most.
	readRetries = 2
	// maxRetryWait is the longest sleep between two reads; a longer Retry-After is the caller's to wait for.
	maxRetryWait = 2 * time.Second
	// defaultRetryWait is the first sleep between two reads; it doubles.
	defaultRetryWait = 200 * time.Millisecond
	// maxResponse is the largest answer read, in bytes; a full export page stays well below.
	maxResponse = 64 << 20
)

// newTransport returns a net/http transport for one busy host.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		ExpectContinueTimeout: time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// plainClient returns a client without the retry layer. It follows no redirect: the API has none, and a followed one would
// carry the token to another host.
func plainClient(rt http.RoundTripper) *http.Client {
	return &http.Client{Transport: rt, CheckRedirect: stay}
}

// stay makes a client return a redirect instead of following it.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// retryingClient returns the client go-zendesk calls: reads that fail are repeated, nothing else is.
func retryingClient(rt http.RoundTripper, firstWait time.Duration, now func() time.Time) *http.Client {
	retry := retryablehttp.NewClient()
	retry.HTTPClient = plainClient(rt)
	retry.Logger = nil // it would log addresses with their queries
	retry.RetryMax = readRetries
	retry.RetryWaitMin = firstWait
	retry.RetryWaitMax = maxRetryWait
	retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	retry.CheckRetry = func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		return repeatRead(ctx, resp, err, now()), nil
	}
	retry.Backoff = func(first, longest time.Duration, attempt int, resp *http.Response) time.Duration {
		return pause(first, longest, attempt, resp, now())
	}
	client := retry.StandardClient()
	client.CheckRedirect = stay
	return client
}

// repeatRead is the retry policy: a GET that met a broken connection, 500, 502, 503, 504, or a limit that ends soon.
func repeatRead(ctx context.Context, resp *http.Response, err error, now time.Time) bool {
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		failed, ok := errors.AsType[*url.Error](err)
		_, unsent := errors.AsType[*unsentError](err)
		return ok && !unsent && strings.EqualFold(failed.Op, http.MethodGet)
	}
	if resp.Request.Method != http.MethodGet {
		return false
	}
	wait := retryAfter(resp.Header, now)
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return wait > 0 && wait <= maxRetryWait
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
		http.StatusGatewayTimeout:
		return wait <= maxRetryWait
	}
	return false
}

// pause is the sleep before the next read: what was asked for, else doubling with up to a half taken off at random.
func pause(first, longest time.Duration, attempt int, resp *http.Response, now time.Time) time.Duration {
	if resp != nil {
		if wait := retryAfter(resp.Header, now); wait > 0 {
			return min(wait, longest)
		}
	}
	wait := min(first<<min(attempt, readRetries), longest)
	return wait - time.Duration(rand.Int64N(int64(wait)/2+1))
}

// limitTransport tells the budget what the headers say, and bounds the answer's size.
type limitTransport struct {
	next   http.RoundTripper
	budget Budget
	now    func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (t *limitTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if t.budget != nil {
		limits := ParseLimits(resp.StatusCode, resp.Header, t.now())
		limits.Update = updatesTicket(req)
		if limits.known() {
			t.budget.Observe(req.Context(), limits)
		}
	}
	if resp.Request == nil {
		resp.Request = req // the retry policy asks for its method
	}
	resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxResponse}
	return resp, nil
}

// boundedBody is a body that fails instead of filling the memory.
type boundedBody struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("answer larger than %d bytes", maxResponse)
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
