package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/whatsapp"
)

// A redirect is never followed: it would send twice, and carry the token away.
func TestSendTextFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	requests := 0
	client := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		requests++
		return &http.Response{
			StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"http://example.com/"}}, Body: http.NoBody,
		}, nil
	})}
	c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://127.0.0.1", Version: "v26.0", Token: token, HTTP: client})
	if _, err := c.SendText(t.Context(), hello()); outcome(err) != "unknown" || requests != 1 {
		t.Errorf("got %v after %d requests", err, requests)
	}
	if client.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// refusedAddress returns an address where nobody listens.
func refusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	return listener.Addr().String()
}

func TestSendTextTransportFailures(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(plain.Close)
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, accepted)
	}))
	t.Cleanup(cut.Close)
	failing := func(err error) *http.Client {
		return &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })}
	}
	hanging := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}, Timeout: 20 * time.Millisecond}
	tests := map[string]struct {
		ctx  context.Context
		cfg  whatsapp.CloudConfig
		want string
	}{
		"canceled before":       {canceled, whatsapp.CloudConfig{BaseURL: plain.URL, Token: token}, "transient"},
		"nobody listens":        {t.Context(), whatsapp.CloudConfig{BaseURL: "http://" + refusedAddress(t), Token: token}, "transient"},
		"no such host":          {t.Context(), whatsapp.CloudConfig{BaseURL: "http://peer.invalid", Token: token}, "transient"},
		"TLS to a plain server": {t.Context(), whatsapp.CloudConfig{BaseURL: "https" + plain.URL[4:], Token: token}, "transient"},
		"dial takes too long":   {t.Context(), whatsapp.CloudConfig{BaseURL: "http://127.0.0.1", Token: token, HTTP: hanging}, "transient"},
		"wrapped dial failure": {t.Context(), whatsapp.CloudConfig{
			BaseURL: "http://127.0.0.1", Token: token, HTTP: failing(fmt.Errorf("x: %w", &net.OpError{Op: "dial", Err: errors.New("refused")})),
		}, "transient"},
		"hung up":                 {t.Context(), whatsapp.CloudConfig{BaseURL: plain.URL, Token: token}, "uncertain"},
		"answer cut short":        {t.Context(), whatsapp.CloudConfig{BaseURL: cut.URL, Token: token}, "sent"},
		"unknown failure":         {t.Context(), whatsapp.CloudConfig{BaseURL: "http://127.0.0.1", Token: token, HTTP: failing(io.ErrUnexpectedEOF)}, "uncertain"},
		"write failure":           {t.Context(), whatsapp.CloudConfig{BaseURL: "http://127.0.0.1", Token: token, HTTP: failing(&net.OpError{Op: "write", Err: io.EOF})}, "uncertain"},
		"no token":                {t.Context(), whatsapp.CloudConfig{BaseURL: plain.URL}, "auth"},
		"token with a line break": {t.Context(), whatsapp.CloudConfig{BaseURL: plain.URL, Token: token + "\n"}, "auth"},
		"no base URL":             {t.Context(), whatsapp.CloudConfig{Token: token}, "our_bug"},
		"broken base URL":         {t.Context(), whatsapp.CloudConfig{BaseURL: "http://[::1", Token: token}, "our_bug"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.cfg.Version = "v26.0"
			_, err := whatsapp.NewCloud(test.cfg).SendText(test.ctx, hello())
			if got := outcome(err); got != test.want {
				t.Errorf("got %s, want %s (%v)", got, test.want, err)
			}
			if err != nil && strings.Contains(fmt.Sprintf("%+v %#v", err, err), token) {
				t.Errorf("the token shows: %v", err)
			}
			var api *whatsapp.APIError
			if errors.As(err, &api) && (string(api.Verdict().Class) != test.want || errors.Unwrap(api) == nil || api.HTTPStatus != 0) {
				t.Errorf("got %+v", api)
			}
		})
	}
}

// A context that ends while the peer thinks leaves the outcome open.
func TestSendTextCanceledWhileWaiting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	c := cloud(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		<-done
	})
	_, err := c.SendText(ctx, hello())
	close(done)
	if outcome(err) != "uncertain" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]struct {
		status int
		body   string
	}{
		`whatsapp: http status 404 without an error code (unknown)`: {404, `Ana, 5521998877665`},
		`whatsapp: error code 190, http status 401 (auth), trace "T"`: {
			401, `{"error":{"message":"Ana","code":190,"fbtrace_id":"T","error_data":{"details":"5521998877665"}}}`,
		},
		`whatsapp: the message may have been sent: http status 502: answer without an error code`: {502, `Ana`},
		`whatsapp: the message may have been sent: http status 200: answer without a message id`:  {200, `{"contacts":[{"wa_id":"5521998877665"}]}`},
	} {
		c := cloud(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(answer.status)
			io.WriteString(w, answer.body)
		})
		if _, err := c.SendText(t.Context(), hello()); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	client := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF })}
	c := whatsapp.NewCloud(whatsapp.CloudConfig{BaseURL: "http://127.0.0.1", Version: "v26.0", Token: token, HTTP: client})
	_, err := c.SendText(t.Context(), hello())
	if err == nil || !errors.Is(err, io.EOF) || !strings.HasPrefix(err.Error(), "whatsapp: the message may have been sent: ") {
		t.Errorf("got %v", err)
	}
}
