package zendesk

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Another host that does not let us in says nothing about our token.
func TestRefusalOfAnotherHost(t *testing.T) {
	t.Parallel()
	c := &Client{origin: "https://acme.example:443", now: func() time.Time { return time.Time{} }}
	for address, want := range map[string]Kind{
		"https://acme.example/file": KindUnauthorized, "https://files.example/file": KindForbidden, "http://acme.example/file": KindForbidden,
	} {
		at, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		resp := &http.Response{StatusCode: http.StatusUnauthorized, Body: io.NopCloser(strings.NewReader("")), Request: &http.Request{URL: at}}
		if got := c.noFile("download file", resp, &url.URL{}); got.Kind != want || got.Status != http.StatusUnauthorized {
			t.Errorf("%s: %v", address, got)
		}
		resp.Request = nil
		if got := c.noFile("download file", resp, at); got.Kind != want {
			t.Errorf("%s, untold: %v", address, got)
		}
	}
}
