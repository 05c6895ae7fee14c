package zendesk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	// defaultBreakAfter is the number of failures in a row that open the circuit.
	defaultBreakAfter = 5
	// breakFirst is how long the circuit stays open; twice as long each time that a probe fails.
	breakFirst = 5 * time.Second
	// breakMost is the longest that it stays open.
	breakMost = 30 * time.Second
	// probeWait is when to come again while a probe is under way.
	probeWait = time.Second
)

// The states of the circuit.
const (
	// BreakerClosed lets every call through.
	BreakerClosed = "closed"
	// BreakerHalfOpen lets one call through, whatever it is, to see whether Zendesk answers again.
	BreakerHalfOpen = "half-open"
	// BreakerOpen lets no call through.
	BreakerOpen = "open"
)

// ErrBreakerOpen is in the tree of the *Error of a call that was not made, because Zendesk has not answered for a while.
var ErrBreakerOpen = errors.New("the circuit is open")

// breaker keeps calls from a Zendesk that does not answer: they would wait for their timeouts, and so would everybody behind them.
//
// It is our own, because the known ones read the machine's clock, and stay open equally long each time. Each process has its own: what one
// can't reach, another may.
type breaker struct {
	now   func() time.Time
	after int // failures in a row that open it; none when negative

	mu       sync.Mutex
	state    string
	since    time.Time
	wait     time.Duration // while open
	failures int           // in a row, while closed
	probing  bool          // while half-open
	round    int           // goes on with each change of state, so that results of calls begun before don't count
}

func newBreaker(after int, now func() time.Time) *breaker {
	return &breaker{now: now, after: after, state: BreakerClosed, since: now()}
}

// look gives the state and since when it is.
func (b *breaker) look() (state string, since time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settle(b.now())
	return b.state, b.since
}

// settle opens the circuit half when its time is over. A clock that was put back does not make it longer.
func (b *breaker) settle(now time.Time) {
	if b.state != BreakerOpen {
		return
	}
	if now.Before(b.since) {
		b.since = now
	}
	if end := b.since.Add(b.wait); !now.Before(end) {
		b.change(BreakerHalfOpen, end)
	}
}

func (b *breaker) change(state string, since time.Time) {
	b.state, b.since, b.failures, b.probing = state, since, 0, false
	b.round++
}

// enter asks for a call; it comes with what the call's result is to be told to, or with the time until it is worth asking again.
func (b *breaker) enter() (*pass, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.settle(now)
	switch {
	case b.state == BreakerOpen:
		return nil, b.since.Add(b.wait).Sub(now)
	case b.state == BreakerHalfOpen && b.probing:
		return nil, probeWait
	}
	b.probing = b.state == BreakerHalfOpen
	return &pass{b: b, round: b.round, probe: b.probing}, 0
}

// outcome is what a call says about Zendesk.
type outcome int

const (
	unknown outcome = iota // it ended for reasons of our own
	answering
	failing
)

// pass is one call that was let through.
type pass struct {
	b     *breaker
	round int
	probe bool
	once  sync.Once
}

// tell settles the call; the first result counts.
func (p *pass) tell(o outcome) {
	p.once.Do(func() {
		p.b.mu.Lock()
		defer p.b.mu.Unlock()
		if p.round == p.b.round {
			p.b.take(o)
		}
	})
}

func (b *breaker) take(o outcome) {
	probed := b.state == BreakerHalfOpen
	switch {
	case o == unknown:
		b.probing = false // somebody else may try
	case o == answering && probed:
		b.change(BreakerClosed, b.now())
	case o == answering:
		b.failures = 0
	case probed:
		b.wait = min(2*b.wait, breakMost)
		b.change(BreakerOpen, b.now())
	default:
		if b.failures++; b.failures == b.after {
			b.wait = breakFirst
			b.change(BreakerOpen, b.now())
		}
	}
}

// breakerTransport makes calls while the circuit lets it, and sees what becomes of them.
type breakerTransport struct {
	next http.RoundTripper
	b    *breaker
}

// RoundTrip implements http.RoundTripper.
func (t *breakerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	p, wait := t.b.enter()
	if p == nil {
		closeBody(req)
		return nil, &unsentError{&Error{Op: "circuit breaker", Kind: KindNetwork, RetryAfter: wait, cause: ErrBreakerOpen}}
	}
	source := &sourceBody{}
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil { // a stream, which may break by itself
		source.ReadCloser = req.Body
		req = req.Clone(req.Context())
		req.Body = source
	}
	resp, err := t.next.RoundTrip(req)
	switch {
	case err != nil:
		p.tell(source.blamed(judge(req.Context(), err)))
		return nil, err
	case resp.StatusCode >= http.StatusInternalServerError:
		p.tell(failing)
	case p.probe:
		p.tell(answering) // nobody should have to wait for a long file
	default:
		resp.Body = &answerBody{ReadCloser: resp.Body, ctx: req.Context(), p: p}
	}
	return resp, nil
}

// judge tells whose failure an error is: a timeout is Zendesk's, a cancelled call and one that was never sent are ours.
func judge(ctx context.Context, err error) outcome {
	if _, ours := errors.AsType[*unsentError](err); ours || errors.Is(ctx.Err(), context.Canceled) {
		return unknown
	}
	return failing
}

// answerBody is the body of an answer, whose end is the call's result.
type answerBody struct {
	io.ReadCloser

	ctx context.Context
	p   *pass
}

// Read implements io.Reader.
func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		b.p.tell(answering)
	case err != nil:
		b.p.tell(judge(b.ctx, err))
	}
	return n, err
}

// Close implements io.Closer.
func (b *answerBody) Close() error {
	b.p.tell(answering)
	return b.ReadCloser.Close()
}

// sourceBody is the body of a request that is streamed from elsewhere, whose failures are not Zendesk's.
type sourceBody struct {
	io.ReadCloser

	mu     sync.Mutex
	broken bool
}

// Read implements io.Reader.
func (b *sourceBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.broken = true
	}
	return n, err
}

// blamed is the outcome of a call with this body.
func (b *sourceBody) blamed(o outcome) outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		return unknown
	}
	return o
}
