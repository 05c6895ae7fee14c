package zendesk

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// exchange travels with one call through go-zendesk, which knows neither per-request headers nor the headers of a good
// answer. It is the only value this package keeps in a context, and only this file touches it.
type exchange struct {
	idempotencyKey string      // sent as Idempotency-Key when not empty
	replayed       atomic.Bool // the answer said x-idempotency-lookup: hit
	status         atomic.Int32
	wire           atomic.Int32 // how far the last attempt came
}

// The stages of the last attempt.
const (
	wireUnknown    int32 = iota // the transport tells nothing
	wireConnecting              // a connection was asked for, none was had: nothing can have been written
	wireConnected               // the request may have been written
)

// exchangeKey is the private context key.
type exchangeKey struct{}

// withExchange returns a context that carries ex.
func withExchange(ctx context.Context, ex *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, ex)
}

// exchangeOf returns the call's exchange, an unused one when there is none.
func exchangeOf(ctx context.Context) *exchange {
	if ex, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return ex
	}
	return &exchange{}
}

// unsent reports whether the last attempt surely never reached Zendesk.
func (ex *exchange) unsent() bool { return ex.wire.Load() == wireConnecting }

// exchangeTransport adds the call's own headers and notes what go-zendesk does not hand on.
type exchangeTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *exchangeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ex := exchangeOf(req.Context())
	out := req.Clone(req.Context())
	out.Header.Set("User-Agent", "Ponte")
	out.Header.Set("Accept", "application/json")
	if ex.idempotencyKey != "" {
		out.Header.Set("Idempotency-Key", ex.idempotencyKey)
	}
	resp, err := t.next.RoundTrip(out)
	if err == nil {
		ex.status.Store(int32(resp.StatusCode))
		ex.replayed.Store(strings.EqualFold(resp.Header.Get("X-Idempotency-Lookup"), "hit"))
	}
	return resp, err
}

// wireTransport notes how far an attempt came, so that a refused connection is told from a lost answer.
type wireTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *wireTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		closeBody(req)
		return nil, &unsentError{err}
	}
	ex := exchangeOf(req.Context())
	ex.wire.Store(wireUnknown)
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { ex.wire.CompareAndSwap(wireUnknown, wireConnecting) },
		GotConn: func(httptrace.GotConnInfo) { ex.wire.Store(wireConnected) },
	}
	return t.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
}
