package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge/web"
)

const (
	account   = "https://acme.zendesk.com"
	sdkOrigin = "https://static.zdassets.com"
	shell     = "<!doctype html><html><head><!--ponte:head--><script type=\"module\" src=\"/app/assets/x-Ab3_d-9Z.js\"></script></head></html>"
)

// built is an app as the build leaves it.
func built() fstest.MapFS {
	return fstest.MapFS{
		"sidebar.html": {Data: []byte(shell)}, "conversas.html": {Data: []byte(shell)}, "janela.html": {Data: []byte(shell)},
		"manifest.json":            {Data: []byte(`{}`)},
		"assets/x-Ab3_d-9Z.js":     {Data: []byte(strings.Repeat("export const a = 1;\n", 100))},
		"assets/x-Ab3_d-9Z.css":    {Data: []byte("a{color:red}")},
		"assets/beep-Ab3_d-9Z.mp3": {Data: bytes.Repeat([]byte("mp3"), 500)},
		"assets/zaf_sdk.min.js":    {Data: []byte(strings.Repeat("var ZAFClient;", 50))},
		"assets/secret.go":         {Data: []byte("package main")},
	}
}

// doorman lets in who comes with the right token.
type doorman struct {
	session web.Session
	err     error
	got     []string
}

func (d *doorman) Enter(_ context.Context, token, location string) (web.Session, error) {
	d.got = append(d.got, location+" "+token)
	return d.session, d.err
}

func (d *doorman) Code(context.Context, string) (string, time.Time, bool, error) {
	return "", time.Time{}, false, d.err
}

func (d *doorman) Redeem(context.Context, string) (web.Session, error) { return d.session, d.err }

// lobby serves the app's pages.
type lobby struct {
	*doorman

	t        *testing.T
	handler  http.Handler
	registry *prometheus.Registry
	logs     *bytes.Buffer
}

func openLobby(t *testing.T, app web.App) *lobby {
	t.Helper()
	l := &lobby{t: t, registry: prometheus.NewRegistry(), logs: &bytes.Buffer{}, doorman: &doorman{session: web.Session{
		Token: `7.name."><secret>`, Expires: time.Date(2026, 11, 20, 15, 15, 0, 0, time.UTC),
	}}}
	l.handler = web.New(web.Config{
		Webhooks: &receiver{}, Gatherer: l.registry, Registry: l.registry, Logger: slog.New(slog.NewJSONHandler(l.logs, nil)), App: app,
		API: web.API{Entrance: l.doorman},
	})
	return l
}

// ask makes a request; a form is posted.
func (l *lobby) ask(method, path string, form url.Values, header map[string]string) *httptest.ResponseRecorder {
	l.t.Helper()
	r := httptest.NewRequestWithContext(l.t.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	l.handler.ServeHTTP(rec, r)
	return rec
}

// holds wants a page to have words, and the headers of all pages.
func (l *lobby) holds(rec *httptest.ResponseRecorder, status int, words ...string) {
	l.t.Helper()
	for _, w := range words {
		if !strings.Contains(rec.Body.String(), w) {
			l.t.Errorf("the page lacks %q: %s", w, rec.Body)
		}
	}
	if rec.Code != status {
		l.t.Errorf("answered %d, want %d", rec.Code, status)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=UTF-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "", "Set-Cookie": "",
		"Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), display-capture=()",
	} {
		if got := rec.Header().Get(name); got != want {
			l.t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// directives are a policy's, by their names.
func directives(t *testing.T, rec *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	all := map[string]string{}
	for one := range strings.SplitSeq(rec.Header().Get("Content-Security-Policy"), "; ") {
		name, value, _ := strings.Cut(one, " ")
		all[name] = value
	}
	return all
}

// allows wants a page's policy to be this one, but for what is named.
func (l *lobby) allows(rec *httptest.ResponseRecorder, scripts, frames string) {
	l.t.Helper()
	want := map[string]string{
		"default-src": "'none'", "script-src": scripts, "style-src": "'self' 'unsafe-inline'", "img-src": "'self' blob: data:",
		"media-src": "'self' blob:", "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'", "base-uri": "'none'",
		"form-action": "'none'", "frame-ancestors": frames,
	}
	if got := directives(l.t, rec); !maps.Equal(got, want) {
		l.t.Errorf("policy %v, want %v", got, want)
	}
}

var tokenForm = url.Values{"token": {"signed"}}

func TestPages(t *testing.T) {
	t.Parallel()
	for path, location := range map[string]string{"/app/sidebar": "ticket_sidebar", "/app/conversas": "nav_bar"} {
		l := openLobby(t, web.App{Files: built(), Frames: []string{account}})
		rec := l.ask("POST", path+"?origin=https%3A%2F%2Facme.zendesk.com&app_guid=g&colorScheme=dark", tokenForm, nil)
		l.holds(rec, 200, `<meta name="ponte-session" content="7.name.&#34;&gt;&lt;secret&gt;">`, `<meta name="ponte-expires" content="2026-11-20T15:15:00Z">`,
			`<script src="`+sdkOrigin+`/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"></script><script type="module"`)
		l.allows(rec, "'self' "+sdkOrigin, account)
		if len(l.got) != 1 || l.got[0] != location+" signed" || strings.Contains(rec.Body.String(), "<!--ponte") {
			t.Errorf("%s: asked %q, answered %s", path, l.got, rec.Body)
		}
		if strings.Contains(l.logs.String(), "signed") || strings.Contains(l.logs.String(), "secret") {
			t.Errorf("the log tells a token: %s", l.logs)
		}
	}
}

func TestPagesWithTheirOwnSDK(t *testing.T) {
	t.Parallel()
	l := openLobby(t, web.App{Files: built(), SDK: "/app/assets/zaf_sdk.min.js", Frames: []string{"http://127.0.0.1:8080", "http://localhost:8080"}})
	rec := l.ask("POST", "/app/sidebar", tokenForm, nil)
	l.holds(rec, 200, `<script src="/app/assets/zaf_sdk.min.js"></script>`)
	l.allows(rec, "'self'", "http://127.0.0.1:8080 http://localhost:8080")
	l = openLobby(t, web.App{Files: built()})
	l.allows(l.ask("POST", "/app/sidebar", tokenForm, nil), "'self' "+sdkOrigin, "'none'") // whose account is not known is framed by nobody
}

func TestWindowPage(t *testing.T) {
	t.Parallel()
	l := openLobby(t, web.App{Files: built(), Frames: []string{account}})
	rec := l.ask("GET", "/app/janela", nil, nil)
	l.holds(rec, 200, `<script type="module"`)
	l.allows(rec, "'self'", "'none'")
	if strings.Contains(rec.Body.String(), "ponte-session") || strings.Contains(rec.Body.String(), "zdassets") || len(l.got) > 0 {
		t.Errorf("the window holds %s", rec.Body)
	}
}

// Whoever is not let in reads why, and metrics count it.
func TestPagesRefuse(t *testing.T) {
	t.Parallel()
	for refusal, want := range map[web.Refusal]struct {
		status int
		words  string
	}{
		web.RefusedToken:    {401, "não pôde ser confirmado"},
		web.RefusedExpired:  {401, "Recarregue a página do Zendesk"},
		web.RefusedReplayed: {401, "já foi usado"},
		web.RefusedStaff:    {403, "Sem permissão"},
		web.RefusedInactive: {403, "Sem permissão"},
		web.RefusedLight:    {403, "agentes light"},
		web.RefusedGroups:   {403, "Sem permissão"},
		web.RefusedUnset:    {503, "PONTE_ZENDESK_APP_ID"},
		web.RefusedNoAnswer: {503, "indisponível"},
	} {
		l := openLobby(t, web.App{Files: built(), Frames: []string{account}})
		l.err = &web.RefusedError{Refusal: refusal, Cause: errDown}
		if refusal == web.RefusedNoAnswer {
			l.err = errDown
		}
		rec := l.ask("POST", "/app/conversas?colorScheme=dark", tokenForm, nil)
		l.holds(rec, want.status, want.words, `lang="pt-BR"`, "color-scheme:dark")
		l.allows(rec, "'self' "+sdkOrigin, account)
		if strings.Contains(rec.Body.String(), "hunter2") || strings.Contains(rec.Body.String(), "ponte-session") {
			t.Errorf("%s: the page tells too much: %s", refusal, rec.Body)
		}
		metric := `ponte_app_signins_total{result="` + string(refusal) + `"} 1` //nolint:misspell // a name
		if got := l.ask("GET", "/metrics", nil, nil).Body.String(); !strings.Contains(got, metric) {
			t.Errorf("metrics lack %s", metric)
		}
		if !strings.Contains(l.logs.String(), "sign-in ") {
			t.Errorf("%s: log %s", refusal, l.logs)
		}
	}
}

func TestPagesWithoutZendesk(t *testing.T) {
	t.Parallel()
	l := openLobby(t, web.App{Files: built(), Frames: []string{account}})
	for _, path := range []string{"/app/sidebar", "/app/conversas?colorScheme=%3Cscript%3E"} {
		rec := l.ask("GET", path, nil, nil)
		l.holds(rec, 405, "Abra pelo Zendesk", "color-scheme:light dark")
		if rec.Header().Get("Allow") != "POST" || len(l.got) > 0 {
			t.Errorf("Allow is %q, asked %q", rec.Header().Get("Allow"), l.got)
		}
	}
	rec := l.ask("POST", "/app/sidebar", url.Values{"token": {strings.Repeat("a", 17<<10)}}, nil)
	l.holds(rec, 401, "não pôde ser confirmado")
	if len(l.got) > 0 {
		t.Error("a form without end was read")
	}
	l.ask("POST", "/app/sidebar?token=inquery", url.Values{}, nil)
	if l.got[0] != "ticket_sidebar " {
		t.Errorf("a token of the address counts: %q", l.got)
	}
	if rec := l.ask("POST", "/app/janela", tokenForm, nil); rec.Code != 405 {
		t.Errorf("the window answers POST with %d", rec.Code)
	}
}

func TestPagesOfNoApp(t *testing.T) {
	t.Parallel()
	broken := built()
	broken["sidebar.html"] = &fstest.MapFile{Data: []byte("<html>no place for a session</html>")}
	for name, files := range map[string]fs.FS{"nothing": nil, "a note alone": fstest.MapFS{"README": {Data: []byte("x")}}, "a page without place": broken} {
		l := openLobby(t, web.App{Files: files, Frames: []string{account}})
		l.holds(l.ask("POST", "/app/sidebar", tokenForm, nil), 503, "não foi incluído")
		if len(l.got) > 0 {
			t.Errorf("%s: a token was used up for nothing", name)
		}
		if rec := l.ask("GET", "/healthz", nil, nil); rec.Code != 200 {
			t.Errorf("%s: healthz answers %d", name, rec.Code)
		}
	}
	l := openLobby(t, web.App{})
	l.holds(l.ask("GET", "/app/janela", nil, nil), 503, "não foi incluído")
	if rec := l.ask("GET", "/app/assets/x.js", nil, nil); rec.Code != 404 {
		t.Errorf("an asset of no app answers %d", rec.Code)
	}
}

func TestPagesWithoutEntrance(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	e := web.New(web.Config{Webhooks: &receiver{}, Gatherer: registry, Registry: registry, Logger: slog.New(slog.DiscardHandler), App: web.App{Files: built()}})
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/app/sidebar", nil))
	if rec.Code != 503 || !strings.Contains(rec.Body.String(), "PONTE_ZENDESK_APP_ID") {
		t.Errorf("answered %d %s", rec.Code, rec.Body)
	}
}

const immutable = "public, max-age=31536000, immutable"

func TestAssets(t *testing.T) {
	t.Parallel()
	l := openLobby(t, web.App{Files: built()})
	for _, tt := range []struct{ name, mime, cache, encoding string }{
		{"x-Ab3_d-9Z.js", "text/javascript; charset=utf-8", immutable, "gzip"},
		{"x-Ab3_d-9Z.css", "text/css; charset=utf-8", immutable, ""}, // so short that it would grow
		{"beep-Ab3_d-9Z.mp3", "audio/mpeg", immutable, ""},
		{"zaf_sdk.min.js", "text/javascript; charset=utf-8", "public, max-age=300", "gzip"},
	} {
		want := built()["assets/"+tt.name].Data
		rec := l.ask("GET", "/app/assets/"+tt.name, nil, map[string]string{"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
		h := rec.Header()
		if rec.Code != 200 || h.Get("Content-Type") != tt.mime || h.Get("Cache-Control") != tt.cache || h.Get("Content-Encoding") != tt.encoding ||
			h.Get("Vary") != "Accept-Encoding" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", tt.name, rec.Code, h)
		}
		var body io.Reader = rec.Body
		if tt.encoding == "gzip" {
			if rec.Body.Len() >= len(want) {
				t.Errorf("%s: %d bytes are sent of %d", tt.name, rec.Body.Len(), len(want))
			}
			var err error
			if body, err = gzip.NewReader(rec.Body); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
		rec = l.ask("GET", "/app/assets/"+tt.name, nil, map[string]string{"If-None-Match": h.Get("ETag")})
		if rec.Code != 304 || rec.Body.Len() > 0 {
			t.Errorf("%s again: %d, %d bytes", tt.name, rec.Code, rec.Body.Len())
		}
		for _, encodings := range []string{"", "identity", "gzip;q=0", "gzip; q=0.000", "deflate, br"} {
			rec = l.ask("GET", "/app/assets/"+tt.name, nil, map[string]string{"Accept-Encoding": encodings})
			if rec.Header().Get("Content-Encoding") != "" || !bytes.Equal(rec.Body.Bytes(), want) {
				t.Errorf("%s: with %q it is sent as %q", tt.name, encodings, rec.Header().Get("Content-Encoding"))
			}
		}
	}
	if rec := l.ask("HEAD", "/app/assets/x-Ab3_d-9Z.js", nil, nil); rec.Code != 200 || rec.Body.Len() > 0 {
		t.Errorf("HEAD: %d, %d bytes", rec.Code, rec.Body.Len())
	}
}

func TestAssetsThatAreNone(t *testing.T) {
	t.Parallel()
	l := openLobby(t, web.App{Files: built()})
	for _, path := range []string{
		"/app/assets/", "/app/assets/nothing.js", "/app/assets/secret.go", "/app/assets/../sidebar.html", "/app/assets/%2e%2e/manifest.json",
		"/app/assets/..%2fmanifest.json", "/app/assets//x-Ab3_d-9Z.js", "/app/sidebar.html", "/app/", "/app", "/app/manifest.json", "/app/README",
	} {
		if rec := l.ask("GET", path, nil, nil); rec.Code != 404 {
			t.Errorf("%s answers %d %s", path, rec.Code, rec.Body)
		}
	}
}

// The refusals' texts are for people.
func TestRefusedError(t *testing.T) {
	t.Parallel()
	err := error(&web.RefusedError{Refusal: web.RefusedToken, Cause: errDown})
	if !errors.Is(err, errDown) || !strings.Contains(err.Error(), "bad_token: dial") || (&web.RefusedError{Refusal: web.RefusedCode}).Error() != "not let in: bad_code" {
		t.Error(err)
	}
}
