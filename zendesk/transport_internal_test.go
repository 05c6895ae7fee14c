package zendesk

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRepeatRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	boom := errors.New("boom")
	for _, tt := range []struct {
		name, method, wait string
		status             int
		err                error
		want               bool
	}{
		{"read, broken", http.MethodGet, "", 0, boom, true},
		{"read, no token", http.MethodGet, "", 0, &unsentError{boom}, false},
		{"read, 500", http.MethodGet, "", 500, nil, true},
		{"read, 501", http.MethodGet, "", 501, nil, false},
		{"read, 503 soon", http.MethodGet, "2", 503, nil, true},
		{"read, 503 late", http.MethodGet, "3", 503, nil, false},
		{"read, 429 soon", http.MethodGet, "1", 429, nil, true},
		{"read, 429 late", http.MethodGet, "3", 429, nil, false},
		{"read, 429 without a word", http.MethodGet, "", 429, nil, false},
		{"read, 404", http.MethodGet, "", 404, nil, false},
		{"read, 200", http.MethodGet, "", 200, nil, false},
		{"post, broken", http.MethodPost, "", 0, boom, false},
		{"post, 503", http.MethodPost, "1", 503, nil, false},
		{"put, broken", http.MethodPut, "", 0, boom, false},
		{"put, 429 soon", http.MethodPut, "1", 429, nil, false},
		{"delete, 500", http.MethodDelete, "", 500, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var resp *http.Response
			err := tt.err
			if err != nil {
				// net/http names the method in its own way: "Get".
				err = &url.Error{Op: tt.method[:1] + strings.ToLower(tt.method[1:]), URL: "http://x", Err: err}
			} else {
				resp = &http.Response{
					StatusCode: tt.status, Request: &http.Request{Method: tt.method},
					Header: http.Header{"Retry-After": {tt.wait}},
				}
			}
			if got := repeatRead(t.Context(), resp, err, now); got != tt.want {
				t.Errorf("repeatRead = %v, want %v", got, tt.want)
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			if repeatRead(ended, resp, err, now) {
				t.Error("repeated although the context has ended")
			}
		})
	}
}

func TestPauseStaysShort(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	late := &http.Response{Header: http.Header{"Retry-After": {"3600"}}}
	soon := &http.Response{Header: http.Header{"Retry-After": {"1"}}}
	if got := pause(defaultRetryWait, maxRetryWait, 0, late, now); got != maxRetryWait {
		t.Errorf("late: %v", got)
	}
	if got := pause(defaultRetryWait, maxRetryWait, 0, soon, now); got != time.Second {
		t.Errorf("soon: %v", got)
	}
	for attempt := range 70 {
		for _, first := range []time.Duration{1, defaultRetryWait, time.Hour} {
			got := pause(first, maxRetryWait, attempt, nil, now)
			if got < 0 || got > maxRetryWait || got < min(first, maxRetryWait)/2 {
				t.Errorf("attempt %d after %v: %v", attempt, first, got)
			}
		}
	}
	if got := pause(defaultRetryWait, maxRetryWait, 1, nil, now); got < defaultRetryWait {
		t.Errorf("the second wait is not longer: %v", got)
	}
}

func TestBoundedBody(t *testing.T) {
	t.Parallel()
	read := func(text string, limit int64) (string, error) {
		out, err := io.ReadAll(&boundedBody{ReadCloser: io.NopCloser(strings.NewReader(text)), left: limit})
		return string(out), err
	}
	if got, err := read("hello", 6); err != nil || got != "hello" {
		t.Errorf("below the bound: %q, %v", got, err)
	}
	if got, err := read("hello, world", 6); err == nil || got != "hello," {
		t.Errorf("above the bound: %q, %v", got, err)
	}
}

func TestScrub(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "",
		"plain words stay":          "plain words stay",
		"ticket 12345 stays":        "ticket 12345 stays",
		"call +55 11 98765-4321 ok": "call +55 11 *** ok",
		"mail ana@example.com":      "mail ***",
		"  spaces\n\tcollapse ":     "spaces collapse",
		strings.Repeat("x", 41):     masked,
		strings.Repeat("ã", 40):     strings.Repeat("ã", 40),
	} {
		if got := scrub(in); got != want {
			t.Errorf("scrub(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOwnTransportIsUsed(t *testing.T) {
	t.Parallel()
	cfg := Config{BaseURL: "https://acme.zendesk.com", StaticToken: "x", Now: func() time.Time { return time.Time{} }}
	base, err := checked(&cfg)
	if err != nil || base != cfg.BaseURL || cfg.Timeout != defaultTimeout || cfg.Scope != defaultScope {
		t.Errorf("checked = %q, %v: %+v", base, err, cfg)
	}
	own, ok := cfg.Transport.(*http.Transport)
	if !ok || own.TLSHandshakeTimeout == 0 || own.ResponseHeaderTimeout == 0 || own.MaxIdleConnsPerHost < 2 {
		t.Errorf("transport = %+v", cfg.Transport)
	}
}
