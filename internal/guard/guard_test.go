package guard_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/ponte-desk/ponte/internal/guard"
)

// fetch asks for an address and returns the body.
func fetch(t *testing.T, client *http.Client, address string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// reasonOf returns why an address was refused, "" when it was not.
func reasonOf(err error) guard.Reason {
	if refused, ok := errors.AsType[*guard.RefusedError](err); ok {
		return refused.Reason
	}
	return ""
}

func TestRefusedAddresses(t *testing.T) {
	t.Parallel()
	meta := []string{"fbsbx.com", "whatsapp.net"}
	for address, tt := range map[string]struct {
		hosts []string
		want  guard.Reason
	}{
		"http://lookaside.fbsbx.com/x":                   {meta, guard.ReasonScheme},
		"ftp://lookaside.fbsbx.com/x":                    {meta, guard.ReasonScheme},
		"file:///etc/passwd":                             {nil, guard.ReasonScheme},
		"http://example.com/":                            {nil, guard.ReasonScheme},
		"https://user:secret@lookaside.fbsbx.com/":       {meta, guard.ReasonUserinfo},
		"https://lookaside.fbsbx.com@evil.example/":      {meta, guard.ReasonUserinfo},
		"https://evilfbsbx.com/":                         {meta, guard.ReasonHost},
		"https://fbsbx.com.evil.example/":                {meta, guard.ReasonHost},
		"https://lookaside.fbsbx.com.":                   {[]string{"facebook.com"}, guard.ReasonHost},
		"https://evil.example/lookaside.fbsbx.com":       {meta, guard.ReasonHost},
		"https://evil.example#lookaside.fbsbx.com":       {meta, guard.ReasonHost},
		"https://ｆbsbx.com/":                             {meta, guard.ReasonHost},
		"https://1.1.1.1/":                               {meta, guard.ReasonHost},
		"https://:443/":                                  {nil, guard.ReasonHost},
		"https://127.0.0.1/":                             {nil, guard.ReasonAddress},
		"https://127.1.2.3:8443/":                        {nil, guard.ReasonAddress},
		"https://0.0.0.0/":                               {nil, guard.ReasonAddress},
		"https://10.0.0.7/":                              {nil, guard.ReasonAddress},
		"https://192.168.1.1/":                           {nil, guard.ReasonAddress},
		"https://172.16.9.9/":                            {nil, guard.ReasonAddress},
		"https://100.64.0.1/":                            {nil, guard.ReasonAddress},
		"https://169.254.169.254/latest/meta-data":       {nil, guard.ReasonAddress},
		"https://[::1]/":                                 {nil, guard.ReasonAddress},
		"https://[::]/":                                  {nil, guard.ReasonAddress},
		"https://[::ffff:127.0.0.1]/":                    {nil, guard.ReasonAddress},
		"https://[::ffff:a9fe:a9fe]/":                    {nil, guard.ReasonAddress},
		"https://[64:ff9b::7f00:1]/":                     {nil, guard.ReasonAddress},
		"https://[2002:a9fe:a9fe::]/":                    {nil, guard.ReasonAddress},
		"https://[fd00::1]/":                             {nil, guard.ReasonAddress},
		"https://[fe80::1]/":                             {nil, guard.ReasonAddress},
		"https://127.0.0.1/for-a-list-that-holds-the-ip": {[]string{"127.0.0.1"}, guard.ReasonAddress},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			_, err := fetch(t, guard.Client(guard.Config{Hosts: tt.hosts}), address)
			if got := reasonOf(err); got != tt.want {
				t.Errorf("reason = %q, want %q (%v)", got, tt.want, err)
			}
			if text := guard.Bare(err).Error(); strings.Contains(text, "://") || strings.Contains(text, "secret") {
				t.Errorf("the error tells the address: %s", text)
			}
		})
	}
}

// resolver answers every question for a name with one address, the first time with another one.
func resolver(t *testing.T, first, later string) *net.Resolver {
	t.Helper()
	var lc net.ListenConfig
	socket, err := lc.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	var asked atomic.Int32
	go func() {
		for packet := make([]byte, 1500); ; {
			n, from, err := socket.ReadFrom(packet)
			if err != nil {
				return
			}
			socket.WriteTo(reply(packet[:n], func() netip.Addr {
				if asked.Add(1) == 1 {
					return netip.MustParseAddr(first)
				}
				return netip.MustParseAddr(later)
			}), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

// reply answers a question for an IPv4 address; there are no others.
func reply(question []byte, address func() netip.Addr) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		return nil
	}
	m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeSuccess, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: address().As4()},
		}}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

// A name below an allowed domain may lead anywhere; what counts is where it leads when it is dialled.
func TestNameOfPrivateAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "169.254.169.254", "10.9.8.7", "100.100.100.100", "0.0.0.0"} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			client := guard.Client(guard.Config{Hosts: []string{"fbsbx.com"}, Resolver: resolver(t, address, address)})
			_, err := fetch(t, client, "https://lookaside.fbsbx.com/x")
			if got := reasonOf(err); got != guard.ReasonAddress {
				t.Errorf("reason = %q (%v)", got, err)
			}
		})
	}
}

// A name that first leads to a public address and then inside gains nothing: every connection is checked.
func TestNameThatChanges(t *testing.T) {
	t.Parallel()
	names := resolver(t, "203.0.113.9", "127.0.0.1") // the first one stands for "looked up beforehand"
	if _, err := names.LookupNetIP(t.Context(), "ip4", "rebind.example."); err != nil {
		t.Fatal(err)
	}
	_, err := fetch(t, guard.Client(guard.Config{Resolver: names}), "https://rebind.example/")
	if got := reasonOf(err); got != guard.ReasonAddress {
		t.Errorf("reason = %q (%v)", got, err)
	}
}

func TestTrustedOrigin(t *testing.T) {
	t.Parallel()
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch to := r.URL.Query().Get("to"); to {
		case "":
			io.WriteString(w, "file "+r.Header.Get("Authorization"))
		default:
			http.Redirect(w, r, to, http.StatusFound)
		}
	}))
	t.Cleanup(peer.Close)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "inside") }))
	t.Cleanup(other.Close)
	client := guard.Client(guard.Config{Hosts: []string{"fbsbx.com"}, Trust: []string{"", "no origin", peer.URL + "/with/a/path"}})
	for name, tt := range map[string]struct {
		address, body string
		reason        guard.Reason
	}{
		"its own file":                {peer.URL + "/x", "file ", ""},
		"redirect to itself":          {peer.URL + "/x?to=/y", "file ", ""},
		"redirect to metadata":        {peer.URL + "/x?to=" + url.QueryEscape("http://169.254.169.254/latest"), "", guard.ReasonScheme},
		"redirect to secure metadata": {peer.URL + "/x?to=" + url.QueryEscape("https://169.254.169.254/latest"), "", guard.ReasonHost},
		"redirect to another port":    {peer.URL + "/x?to=" + url.QueryEscape(other.URL), "", guard.ReasonScheme},
		"another port":                {other.URL, "", guard.ReasonScheme},
		"another scheme":              {"https" + strings.TrimPrefix(peer.URL, "http"), "", guard.ReasonHost},
		"another name of it":          {"http://localhost" + peer.URL[strings.LastIndex(peer.URL, ":"):], "", guard.ReasonScheme},
		"credentials in the address":  {strings.Replace(peer.URL, "://", "://a:b@", 1), "", guard.ReasonScheme},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := fetch(t, client, tt.address)
			if got := reasonOf(err); got != tt.reason || body != tt.body || (err != nil) != (tt.reason != "") {
				t.Errorf("got %q, reason %q, want %q, %q (%v)", body, got, tt.body, tt.reason, err)
			}
		})
	}
}

// Without a list of hosts a trusted peer's redirect to the metadata service fails at the address itself.
func TestTrustedRedirectsToMetadata(t *testing.T) {
	t.Parallel()
	peer := httptest.NewServer(http.RedirectHandler("https://169.254.169.254/latest/meta-data", http.StatusFound))
	t.Cleanup(peer.Close)
	_, err := fetch(t, guard.Client(guard.Config{Trust: []string{peer.URL}}), peer.URL)
	if got := reasonOf(err); got != guard.ReasonAddress {
		t.Errorf("reason = %q (%v)", got, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A transport given for the trusted origins sees those alone.
func TestTransport(t *testing.T) {
	t.Parallel()
	var seen []string
	client := guard.Client(guard.Config{
		Trust: []string{"https://Peer.Example"},
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			seen = append(seen, r.URL.Path)
			resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("file"))}
			if r.URL.Path == "/first" {
				resp.StatusCode, resp.Header = http.StatusFound, http.Header{"Location": {"/second"}}
			}
			return resp, nil
		}),
	})
	if body, err := fetch(t, client, "https://peer.example:443/first"); body != "file" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	if _, err := fetch(t, client, "https://127.0.0.1/third"); reasonOf(err) != guard.ReasonAddress {
		t.Errorf("error = %v", err)
	}
	if got := strings.Join(seen, " "); got != "/first /second" {
		t.Errorf("the transport saw %s", got)
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://Graph.Facebook.com/v26.0?x#y": "https://graph.facebook.com:443",
		"HTTP://127.0.0.1":                     "http://127.0.0.1:80",
		"http://[::1]:8080/":                   "http://[::1]:8080",
		"https://a@b.example":                  "",
		"ftp://b.example":                      "",
		"ftp://b.example:21":                   "",
		"/path":                                "",
		"https://:443":                         "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := guard.Origin(u); got != want {
			t.Errorf("Origin(%s) = %q, want %q", address, got, want)
		}
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	domains := []string{"fbsbx.com", "whatsapp.net"}
	for host, want := range map[string]bool{
		"fbsbx.com": true, "lookaside.fbsbx.com": true, "A.B.WhatsApp.NET.": true,
		"evilfbsbx.com": false, "fbsbx.com.evil": false, "com": false, ".com": false, "": false, "fbsbx.com..": false,
	} {
		if got := guard.Below(host, domains); got != want {
			t.Errorf("Below(%q) = %v", host, got)
		}
	}
}
