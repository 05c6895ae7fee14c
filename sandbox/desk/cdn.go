package desk

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Where Knobs.AttachmentRedirect sends those who fetch a content_url.
const (
	redirectCDN     = "cdn"     // to the file store on this address
	redirectForeign = "foreign" // to the file store under another name of this machine
	redirectEvil    = "evil"    // to an address that no client may follow
)

// evilAddress is what cloud machines know as their metadata service.
const evilAddress = "http://169.254.169.254/latest/meta-data/"

// linkLife is how long an address of the file store is good.
const linkLife = 10 * time.Minute

// cdnLink is one signed address of the file store.
type cdnLink struct {
	attachment int64
	until      time.Time
}

// elsewhere is where a file's address leads under the present knobs, "" when to the file itself.
func (s *Server) elsewhere(a *attachment) string {
	if s.knobs.AttachmentRedirect == redirectEvil {
		return evilAddress
	}
	base, err := url.Parse(s.cfg.BaseURL)
	if s.knobs.AttachmentRedirect == "" || err != nil {
		return ""
	}
	if s.knobs.AttachmentRedirect == redirectForeign {
		base.Host = otherName(base)
	}
	for token, l := range s.links {
		if !s.now().Before(l.until) {
			delete(s.links, token)
		}
	}
	token := rand.Text()
	s.links[token] = cdnLink{a.ID, s.now().Add(linkLife)}
	base.Path, base.RawQuery = "/sandbox/cdn/"+token+"/"+a.FileName, ""
	return base.String()
}

// otherName calls this machine by its other name.
func otherName(u *url.URL) string {
	name, port := u.Hostname(), ""
	if p := u.Port(); p != "" {
		port = ":" + p
	}
	switch name {
	case "127.0.0.1":
		return "localhost" + port
	case "localhost":
		return "127.0.0.1" + port
	default:
		return u.Host
	}
}

// CDN serves the file store that attachments may redirect to: GET /{token}/{name}. It is not the account: who sends
// an Authorization along is refused with 400, as signed addresses of public file stores do, and counted.
func (s *Server) CDN() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		a, status := s.linked(r)
		if a == nil {
			http.Error(w, http.StatusText(status), status)
			return
		}
		s.writeFile(w, r, a)
	})
}

// linked finds the file of a signed address, or says with which status it is refused.
func (s *Server) linked(r *http.Request) (*attachment, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "" {
		s.counters.leak()
		return nil, http.StatusBadRequest
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	l, known := s.links[token]
	if !known || !s.now().Before(l.until) {
		return nil, http.StatusForbidden
	}
	if a := s.attachments.get(l.attachment); a != nil {
		return a, 0
	}
	return nil, http.StatusNotFound
}
