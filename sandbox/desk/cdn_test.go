package desk_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// cdn asks the file store; headers come in pairs.
func (b *bench) cdn(method, link string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	_, path, found := strings.Cut(link, "/sandbox/cdn")
	if !found {
		b.t.Fatalf("%q does not lead to the file store", link)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	b.desk.CDN().ServeHTTP(w, r)
	return w
}

func TestRedirectsOfAttachments(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		knob, base string
		want       string // how the Location begins; "" is no redirect
	}{
		"none":                  {"", "http://127.0.0.1:8080/sandbox/zendesk", ""},
		"the file store":        {"cdn", "http://127.0.0.1:8080/sandbox/zendesk", "http://127.0.0.1:8080/sandbox/cdn/"},
		"by another name":       {"foreign", "http://127.0.0.1:8080/sandbox/zendesk", "http://localhost:8080/sandbox/cdn/"},
		"and the other way":     {"foreign", "http://localhost:8080/sandbox/zendesk", "http://127.0.0.1:8080/sandbox/cdn/"},
		"without a port":        {"foreign", "http://localhost/sandbox/zendesk", "http://127.0.0.1/sandbox/cdn/"},
		"with no other name":    {"foreign", "https://desk.example/sandbox/zendesk", "https://desk.example/sandbox/cdn/"},
		"the metadata of cloud": {"evil", "http://127.0.0.1:8080/sandbox/zendesk", "http://169.254.169.254/latest/meta-data/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *desk.Config) { c.BaseURL = tt.base })
			link := b.upload("filename=dois+nomes.txt", "text/plain", "x").want(201).text("upload", "attachment", "content_url")
			if !strings.HasPrefix(link, tt.base+"/attachments/token/") {
				t.Errorf("the address in answers is %s", link)
			}
			b.knobs(desk.Knobs{AttachmentRedirect: tt.knob})
			w := b.download(strings.TrimPrefix(link, tt.base))
			got := w.Header().Get("Location")
			if tt.want == "" {
				if w.Code != 200 || got != "" {
					t.Errorf("%d, Location %q", w.Code, got)
				}
				return
			}
			if w.Code != 302 || !strings.HasPrefix(got, tt.want) || w.Body.Len() != 0 {
				t.Errorf("%d, Location %q, body %q", w.Code, got, w.Body)
			}
			if tt.knob != "evil" && !strings.HasSuffix(got, "/dois%20nomes.txt") {
				t.Errorf("Location %q", got)
			}
		})
	}
}

func TestTheFileStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	up := b.upload("filename=a.html", "text/html", "<b>x</b>").want(201)
	b.knobs(desk.Knobs{AttachmentRedirect: "cdn"})
	fetch := func() string {
		return b.download(up.text("upload", "attachment", "content_url")).Header().Get("Location")
	}
	link := fetch()
	w := b.cdn("GET", link)
	if w.Code != 200 || w.Body.String() != "<b>x</b>" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	for header, want := range map[string]string{
		"Content-Type": "text/html", "Content-Disposition": "attachment; filename=a.html", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if w := b.cdn("HEAD", link); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d", w.Code)
	}
	if w := b.cdn("POST", link); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v", w.Code, w.Header())
	}
	if w := b.cdn("GET", "/sandbox/cdn/inventado/a.html"); w.Code != 403 {
		t.Errorf("an invented address: %d", w.Code)
	}
	// Every redirect has an address of its own; the knobs do not matter to those that were given out.
	other := fetch()
	if other == link {
		t.Error("the same address twice")
	}
	b.knobs(desk.Knobs{})
	if w := b.cdn("GET", other); w.Code != 200 {
		t.Errorf("after turning the knob back: %d", w.Code)
	}
	b.pass(10*time.Minute - time.Second)
	if w := b.cdn("GET", link); w.Code != 200 {
		t.Errorf("just in time: %d", w.Code)
	}
	b.pass(time.Second)
	if w := b.cdn("GET", link); w.Code != 403 {
		t.Errorf("too late: %d", w.Code)
	}
	// A file that is gone.
	b.knobs(desk.Knobs{AttachmentRedirect: "cdn"})
	gone := fetch()
	b.call("DELETE", "/api/v2/uploads/"+up.text("upload", "token"), nil).want(204)
	if w := b.cdn("GET", gone); w.Code != 404 {
		t.Errorf("a deleted file: %d", w.Code)
	}
}

func TestCredentialsAtTheFileStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	link := b.upload("filename=a.txt", "text/plain", "x").want(201).text("upload", "attachment", "content_url")
	b.knobs(desk.Knobs{AttachmentRedirect: "cdn"})
	to := b.download(link, "Authorization", "Bearer "+desk.DemoToken).Header().Get("Location")
	if strings.Contains(to, desk.DemoToken) {
		t.Errorf("the address holds the token: %s", to)
	}
	if got := b.desk.Counters().CredentialsLeaked; got != 0 {
		t.Errorf("%d leaks before any", got)
	}
	for n, auth := range []string{"Bearer " + desk.DemoToken, "Basic eDp5"} {
		w := b.cdn("GET", to, "Authorization", auth)
		if w.Code != 400 || strings.Contains(w.Body.String(), "x\n") {
			t.Errorf("%s: %d %q", auth, w.Code, w.Body)
		}
		if got := b.desk.Counters().CredentialsLeaked; got != n+1 {
			t.Errorf("%d leaks, want %d", got, n+1)
		}
	}
	if w := b.cdn("GET", to, "Cookie", "a=b"); w.Code != 200 {
		t.Errorf("a cookie of this machine: %d", w.Code)
	}
}
