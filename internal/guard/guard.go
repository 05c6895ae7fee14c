package guard

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// MaxRedirects is how many redirects a client follows.
const MaxRedirects = 3

// Reason says why an address was refused.
type Reason string

// The reasons of a RefusedError.
const (
	// ReasonScheme is an address that is not https.
	ReasonScheme Reason = "the scheme is not https"
	// ReasonUserinfo is an address with a name or password in it.
	ReasonUserinfo Reason = "the address holds credentials"
	// ReasonHost is a host outside the allowed domains.
	ReasonHost Reason = "the host is not allowed"
	// ReasonAddress is a host that lies at no public address.
	ReasonAddress Reason = "the host is not public"
	// ReasonRedirects is a chain of redirects that is too long.
	ReasonRedirects Reason = "too many redirects"
)

// RefusedError says that an address may not be fetched; asking again cannot help. It does not tell the address.
type RefusedError struct{ Reason Reason }

// Error implements error.
func (e *RefusedError) Error() string { return "guard: address refused: " + string(e.Reason) }

// Config says what a client may fetch. Its zero value allows every public host.
type Config struct {
	// Hosts are the domains that may be called, each with all that lies below it; empty stands for every host.
	Hosts []string
	// Trust are the origins, such as http://127.0.0.1:8080, that are called without any check: the configured peers. What is not
	// an origin matches nothing. A redirect that comes from elsewhere is checked even when it leads to one of them.
	Trust []string
	// Transport carries what goes to a trusted origin; nil stands for http.DefaultTransport.
	Transport http.RoundTripper
	// Resolver looks up the names of all other hosts; nil stands for the system's.
	Resolver *net.Resolver
}

// Client returns a client for addresses that a stranger may have chosen: https to a public address, without a proxy, at most
// MaxRedirects redirects, which carry no credentials. It has no time limit but for connecting and for the answer's header, and
// keeps no idle connections to strangers, so it may be dropped.
//
// What is refused fails with a *RefusedError inside net/http's own error, whose text holds the address: see Bare.
func Client(cfg Config) *http.Client { return newGate(cfg).client() }

// gate sends a request on its way or refuses it.
type gate struct {
	trust     map[string]bool
	hosts     []string
	permit    func(netip.Addr) bool
	trusted   http.RoundTripper
	strangers *http.Transport
}

func newGate(cfg Config) *gate {
	g := &gate{trust: map[string]bool{}, hosts: cfg.Hosts, permit: newSpace().public, trusted: cfg.Transport}
	if g.trusted == nil {
		g.trusted = http.DefaultTransport
	}
	for _, origin := range cfg.Trust {
		if u, err := url.Parse(origin); err == nil {
			g.trust[Origin(u)] = true
		}
	}
	delete(g.trust, "")
	dialer := &net.Dialer{Timeout: 10 * time.Second, Resolver: cfg.Resolver, ControlContext: g.control}
	g.strangers = &http.Transport{
		Proxy:                  nil, // a proxy would dial in our place, unchecked
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true,
		DisableCompression:     true, // what is unpacked has no known length
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	return g
}

func (g *gate) client() *http.Client { return &http.Client{Transport: g, CheckRedirect: bare} }

// bare takes from a redirected request everything that is not needed to fetch a file: credentials, cookies and the Referer, which
// may hold a signed address.
func bare(req *http.Request, via []*http.Request) error {
	if len(via) > MaxRedirects {
		return &RefusedError{ReasonRedirects}
	}
	maps.DeleteFunc(req.Header, func(name string, _ []string) bool {
		return name != "Accept" && name != "Range" && name != "User-Agent"
	})
	return nil
}

// RoundTrip implements http.RoundTripper.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	if g.trusts(req) {
		resp, err := g.trusted.RoundTrip(req)
		if err == nil && resp.Request == nil {
			resp.Request = req // the next redirect is judged by where it comes from
		}
		return resp, err
	}
	if reason := g.objection(req.URL); reason != "" {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, &RefusedError{reason}
	}
	return g.strangers.RoundTrip(req)
}

// trusts reports whether a request goes to a trusted origin, and came there by trusted ones only.
func (g *gate) trusts(req *http.Request) bool {
	for {
		if !g.trust[Origin(req.URL)] {
			return false
		}
		if req.Response == nil {
			return true
		}
		if req = req.Response.Request; req == nil {
			return false
		}
	}
}

// objection is what speaks against an address before its name is looked up, "" for nothing.
func (g *gate) objection(u *url.URL) Reason {
	switch {
	case u.Scheme != "https":
		return ReasonScheme
	case u.User != nil:
		return ReasonUserinfo
	case u.Hostname() == "":
		return ReasonHost
	case len(g.hosts) > 0 && !Below(u.Hostname(), g.hosts):
		return ReasonHost
	}
	return ""
}

// control sees every address right before it is dialled.
func (g *gate) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !g.permit(at.Addr()) {
		return &RefusedError{ReasonAddress}
	}
	return nil
}

// Below reports whether host is one of the domains or lies below one. Case and a closing dot do not count.
func Below(host string, domains []string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, domain := range domains {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// Origin returns the scheme, host and port of an address as scheme://host:port, and "" when it has none, is neither http nor
// https, or holds credentials.
func Origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	switch {
	case u.User != nil, u.Hostname() == "":
		return ""
	case scheme == "https" && port == "":
		port = "443"
	case scheme == "http" && port == "":
		port = "80"
	case scheme != "https" && scheme != "http":
		return ""
	}
	return scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
