package guard

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// stranger starts an https server that counts as public, and returns its address with a client that may reach it.
func stranger(t *testing.T, cfg Config, handler http.HandlerFunc) (string, *http.Client) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	g := newGate(cfg)
	g.permit = func(a netip.Addr) bool { return a.IsLoopback() }
	g.strangers.TLSClientConfig.RootCAs = x509.NewCertPool()
	g.strangers.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	return server.URL, g.client()
}

func get(t *testing.T, client *http.Client, url string, header http.Header) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	resp, err := client.Do(req)
	if err == nil {
		t.Cleanup(func() { resp.Body.Close() })
	}
	return resp, err
}

func TestStrangerIsFetched(t *testing.T) {
	t.Parallel()
	url, client := stranger(t, Config{Hosts: []string{"127.0.0.1"}}, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "hello")
	})
	resp, err := get(t, client, url+"/file", http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != "hello" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
}

// Credentials, of whatever kind, end with the first request, and so does what tells where it went.
func TestRedirectCarriesNoCredentials(t *testing.T) {
	t.Parallel()
	sent := http.Header{
		"Authorization": {"Bearer secret"}, "D360-Api-Key": {"secret"}, "Cookie": {"a=secret"}, "X-Anything": {"secret"},
		"Accept": {"*/*"}, "User-Agent": {"test"}, "Range": {"bytes=0-9"},
	}
	var seen []http.Header
	url, client := stranger(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Clone()
		header.Del("Connection")
		seen = append(seen, header)
		if r.URL.Path == "/2" {
			return
		}
		http.Redirect(w, r, map[string]string{"/0": "/1?signature=secret", "/1": "/2"}[r.URL.Path], http.StatusFound)
	})
	if _, err := get(t, client, url+"/0?signature=secret", sent); err != nil {
		t.Fatal(err)
	}
	plain := http.Header{"Accept": {"*/*"}, "User-Agent": {"test"}, "Range": {"bytes=0-9"}}
	if diff := cmp.Diff([]http.Header{sent, plain, plain}, seen); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		redirects string
		reason    Reason
	}{"three": {"xxx", ""}, "four": {"xxxx", ReasonRedirects}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, client := stranger(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
				if left := strings.TrimPrefix(r.URL.Path, "/"); left != "" {
					http.Redirect(w, r, "/"+left[1:], http.StatusFound)
				}
			})
			_, err := get(t, client, url+"/"+tt.redirects, http.Header{})
			if got := reasonOf(err); got != tt.reason || (err == nil) != (tt.reason == "") {
				t.Errorf("error = %v", err)
			}
		})
	}
}

// A stranger cannot use our trust in a peer: that would reach what only we may reach.
func TestStrangerLeadsToTrusted(t *testing.T) {
	t.Parallel()
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(inside.Close)
	url, client := stranger(t, Config{Trust: []string{inside.URL}}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusFound)
	})
	if _, err := get(t, client, url, http.Header{}); reasonOf(err) != ReasonScheme || reached {
		t.Errorf("error = %v, reached %v", err, reached)
	}
}

// A proxy would dial in our place, at addresses that nobody checked.
func TestNoProxy(t *testing.T) {
	t.Parallel()
	if newGate(Config{}).strangers.Proxy != nil {
		t.Error("a proxy may be used")
	}
}

// reasonOf returns why an address was refused, "" when it was not.
func reasonOf(err error) Reason {
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return refused.Reason
	}
	return ""
}
