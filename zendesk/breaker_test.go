package zendesk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/zendesk"
)

// circuit is a client whose peer does as it is told, and how many requests reached it.
type circuit struct {
	*zendesk.Client
	t        *testing.T
	requests int
	do       func(*http.Request) (*http.Response, error)
}

// RoundTrip implements http.RoundTripper.
func (c *circuit) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests++
	if r.Body != nil {
		defer r.Body.Close()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	return c.do(r)
}

func newCircuit(t *testing.T, now func() time.Time) *circuit {
	t.Helper()
	c := &circuit{t: t, do: status(http.StatusOK)}
	var err error
	c.Client, err = zendesk.New(zendesk.Config{
		BaseURL: "https://acme.zendesk.com", StaticToken: "demo", Now: now, RetryWait: time.Microsecond, Transport: c,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// status answers everything with a status and a body that suits all.
func status(code int) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		body := `{"ticket":{"id":7},"user":{"id":7},"upload":{"token":"t"}}`
		return &http.Response{StatusCode: code, Request: r, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func (c *circuit) wantState(want string) {
	c.t.Helper()
	if got, _ := c.Breaker(); got != want {
		c.t.Errorf("the circuit is %s; want %s", got, want)
	}
}

func (c *circuit) update() error {
	_, err := c.UpdateTicket(c.t.Context(), 7, zendesk.TicketUpdate{})
	return err
}

// breaks opens the circuit.
func (c *circuit) breaks() {
	c.t.Helper()
	c.do = status(http.StatusServiceUnavailable)
	for range 5 {
		if err := c.update(); zendesk.KindOf(err) != zendesk.KindServer {
			c.t.Fatalf("update = %v; want a failure of the server", err)
		}
	}
	c.wantState(zendesk.BreakerOpen)
}

// TestOpenCircuitFailsEveryCallAtOnce: nothing is sent, and that is certain, also for writes and files.
func TestOpenCircuitFailsEveryCallAtOnce(t *testing.T) {
	t.Parallel()
	now := noon()
	c := newCircuit(t, func() time.Time { return now })
	c.breaks()
	now = now.Add(2 * time.Second)
	before := c.requests
	for _, o := range operations() {
		var got *zendesk.Error
		if err := o.call(t.Context(), c.Client); !errors.As(err, &got) || !errors.Is(err, zendesk.ErrBreakerOpen) {
			t.Errorf("%s: error = %v", o.name, err)
		} else if got.Kind != zendesk.KindNetwork || got.RetryAfter != 3*time.Second || got.Uncertain() {
			t.Errorf("%s: kind %v, wait %v, uncertain %v", o.name, got.Kind, got.RetryAfter, got.Uncertain())
		}
	}
	if _, _, _, err := c.Download(t.Context(), "https://acme.zendesk.com/attachments/1"); !errors.Is(err, zendesk.ErrBreakerOpen) {
		t.Errorf("Download: error = %v", err)
	}
	if c.requests != before {
		t.Errorf("%d requests were sent", c.requests-before)
	}
}

// TestAnyCallIsTheProbe: whichever comes first after the wait closes the circuit.
func TestAnyCallIsTheProbe(t *testing.T) {
	t.Parallel()
	for _, o := range operations() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			now := noon()
			c := newCircuit(t, func() time.Time { return now })
			c.breaks()
			now = now.Add(5 * time.Second)
			before := c.requests
			c.do = status(http.StatusOK)
			if err := o.call(t.Context(), c.Client); errors.Is(err, zendesk.ErrBreakerOpen) || c.requests == before {
				t.Errorf("error = %v after %d requests", err, c.requests-before)
			}
			c.wantState(zendesk.BreakerClosed)
		})
	}
}

func TestWhatCountsAsFailure(t *testing.T) {
	t.Parallel()
	refuse := func(*http.Request) (*http.Response, error) { return nil, errors.New("refused") }
	cut := func(r *http.Request) (*http.Response, error) {
		resp, err := status(http.StatusOK)(r)
		resp.Body = io.NopCloser(iotest.ErrReader(errors.New("cut")))
		return resp, err
	}
	for name, tt := range map[string]struct {
		do   func(*http.Request) (*http.Response, error)
		want string
	}{
		"no connection":      {refuse, zendesk.BreakerOpen},
		"a cut answer":       {cut, zendesk.BreakerOpen},
		"500":                {status(500), zendesk.BreakerOpen},
		"503":                {status(503), zendesk.BreakerOpen},
		"429":                {status(429), zendesk.BreakerClosed},
		"401":                {status(401), zendesk.BreakerClosed},
		"404":                {status(404), zendesk.BreakerClosed},
		"409":                {status(409), zendesk.BreakerClosed},
		"422":                {status(422), zendesk.BreakerClosed},
		"not what was meant": {status(302), zendesk.BreakerClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCircuit(t, noon)
			c.do = tt.do
			for range 5 {
				if err := c.update(); err == nil {
					t.Fatal("no error")
				}
			}
			c.wantState(tt.want)
		})
	}
}

// TestOurOwnFailuresOpenNothing: a call that is cancelled and a file whose source breaks say nothing about Zendesk.
func TestOurOwnFailuresOpenNothing(t *testing.T) {
	t.Parallel()
	c := newCircuit(t, noon)
	for range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		c.do = func(*http.Request) (*http.Response, error) {
			cancel()
			return nil, ctx.Err()
		}
		if _, err := c.ShowTicket(ctx, 7); err == nil {
			t.Fatal("no error")
		}
		source := io.MultiReader(strings.NewReader(strings.Repeat("x", 10_000)), iotest.ErrReader(errors.New("gone")))
		if _, err := c.Upload(t.Context(), "a.txt", "text/plain", source, ""); err == nil {
			t.Fatal("no error")
		}
	}
	c.wantState(zendesk.BreakerClosed)
	if c.requests != 20 {
		t.Errorf("%d requests; want 20", c.requests)
	}
}

// TestRepeatsCount: a read is tried three times, so two of them open the circuit, in the middle of the second.
func TestRepeatsCount(t *testing.T) {
	t.Parallel()
	c := newCircuit(t, noon)
	c.do = status(http.StatusBadGateway)
	for range 2 {
		if _, err := c.ShowTicket(t.Context(), 7); err == nil {
			t.Fatal("no error")
		}
	}
	c.wantState(zendesk.BreakerOpen)
	if c.requests != 5 {
		t.Errorf("%d requests; want 5", c.requests)
	}
}

// TestTheTokenCallIsPartOfTheCircuit: without a token every call would wait for its timeout as well.
func TestTheTokenCallIsPartOfTheCircuit(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	c, err := zendesk.New(zendesk.Config{
		BaseURL: "https://acme.zendesk.com", ClientID: "ponte", ClientSecret: "s3cr3t", Tokens: zendesk.NewMemoryTokens(), Now: noon,
		RetryWait: time.Microsecond, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			requests.Add(1)
			return nil, errors.New("refused")
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for range 8 {
		_, last = c.ShowTicket(t.Context(), 7)
	}
	var got *zendesk.Error
	if !errors.As(last, &got) || got.Kind != zendesk.KindNetwork || got.RetryAfter != 5*time.Second || !errors.Is(last, zendesk.ErrBreakerOpen) {
		t.Errorf("error = %#v", last)
	}
	if n := requests.Load(); n != 5 {
		t.Errorf("%d token calls; want 5", n)
	}
}

// TestOneProbeAtATime: while Zendesk is tried everybody else is told to come again soon.
func TestOneProbeAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(t, time.Now)
		c.breaks()
		pass(5 * time.Second)
		c.wantState(zendesk.BreakerHalfOpen)
		release, ended := make(chan struct{}), make(chan error)
		c.do = func(r *http.Request) (*http.Response, error) {
			<-release
			return status(http.StatusOK)(r)
		}
		go func() { ended <- c.update() }()
		synctest.Wait()
		var got *zendesk.Error
		if err := c.update(); !errors.As(err, &got) || got.RetryAfter != time.Second || !errors.Is(err, zendesk.ErrBreakerOpen) {
			t.Errorf("beside the probe: %v", err)
		}
		close(release)
		if err := <-ended; err != nil {
			t.Errorf("the probe: %v", err)
		}
		c.wantState(zendesk.BreakerClosed)
	})
}
