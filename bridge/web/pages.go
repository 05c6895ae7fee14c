package web

import (
	"errors"
	"html"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// FrameworkSDK is the address of the Apps Framework's client, which updates itself.
//
// Source: https://developer.zendesk.com/documentation/apps/app-developer-guide/using-sdk/.
const FrameworkSDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"

// App is the app inside Zendesk.
type App struct {
	// Files are the built app: an HTML file for each page, and assets. Nil, or without these files: the app was not built.
	Files fs.FS
	// SDK is the address of the Apps Framework's client; "" is FrameworkSDK.
	SDK string
	// Frames are the origins that may show the app in a frame: the account's.
	Frames []string
}

// The pages, by their names below appPrefix.
const (
	appPrefix   = "/app"
	pageSidebar = "sidebar"
	pageConsole = "conversas"
	pageWindow  = "janela"
)

// headPlaceholder stands in a page's HTML for what the server puts in.
const headPlaceholder = "<!--ponte:head-->"

// mostForm is the largest form that opens a page, in bytes.
const mostForm = 16 << 10

// pages serves the app.
type pages struct {
	App
	entrance Entrance
	entries  entries
	logger   *slog.Logger
	framed   string // policy of the pages inside Zendesk
	alone    string // policy of the window
}

func newPages(a App, entrance Entrance, in entries, logger *slog.Logger) *pages {
	if a.SDK == "" {
		a.SDK = FrameworkSDK
	}
	p := &pages{App: a, entrance: entrance, entries: in, logger: logger}
	scripts := "'self'"
	if u, err := url.Parse(a.SDK); err == nil && u.Host != "" {
		scripts += " " + u.Scheme + "://" + u.Host
	}
	frames := "'none'"
	if len(a.Frames) > 0 {
		frames = strings.Join(a.Frames, " ")
	}
	p.framed, p.alone = policy(scripts, frames), policy("'self'", "'none'")
	return p
}

// policy lets a page load its own files alone, besides scripts, and be framed by frames. Styles are inline because styled-components
// writes them into the page.
func policy(scripts, frames string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src " + scripts, "style-src 'self' 'unsafe-inline'", "img-src 'self' blob: data:", "media-src 'self' blob:",
		"font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors " + frames,
	}, "; ")
}

// mount puts the app under appPrefix.
func (p *pages) mount(e *echo.Echo) {
	for name, location := range map[string]string{pageSidebar: "ticket_sidebar", pageConsole: "nav_bar"} {
		at := appPrefix + "/" + name
		e.POST(at, p.enter(name, location))
		e.GET(at, p.closed)
	}
	e.GET(appPrefix+"/"+pageWindow, p.window)
	files := newAssets(p.Files)
	e.GET(appPrefix+"/assets/*", files.serve)
	e.HEAD(appPrefix+"/assets/*", files.serve)
}

// guard sets the headers of a page.
func (p *pages) guard(c echo.Context, policy string) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, policy)
	h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), display-capture=()")
	h.Set(echo.HeaderReferrerPolicy, "no-referrer")
	h.Set(echo.HeaderCacheControl, "no-store")
}

// enter lets an agent in who comes with Zendesk's token, and answers the page with a session of its own.
func (p *pages) enter(name, location string) echo.HandlerFunc {
	return func(c echo.Context) error {
		p.guard(c, p.framed)
		page, built := p.page(name)
		if !built {
			return p.plain(c, http.StatusServiceUnavailable, unbuilt)
		}
		s, err := p.session(c, location)
		p.entries.count(err)
		if err != nil {
			return p.refuse(c, err)
		}
		return c.HTML(http.StatusOK, strings.Replace(page, headPlaceholder, p.head(s), 1))
	}
}

// session makes a session of the form's token.
func (p *pages) session(c echo.Context, location string) (Session, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		return Session{}, &RefusedError{Refusal: RefusedToken, Cause: errors.New("the form can't be read")}
	}
	if p.entrance == nil {
		return Session{}, &RefusedError{Refusal: RefusedUnset}
	}
	return p.entrance.Enter(r.Context(), r.PostForm.Get("token"), location)
}

// head is what a page gets: its session, and the framework's client.
func (p *pages) head(s Session) string {
	meta := func(name, content string) string {
		return `<meta name="` + name + `" content="` + html.EscapeString(content) + `">`
	}
	return meta("ponte-session", s.Token) + meta("ponte-expires", s.Expires.UTC().Format("2006-01-02T15:04:05Z")) +
		`<script src="` + html.EscapeString(p.SDK) + `"></script>`
}

// refuse tells somebody why they are not let in.
func (p *pages) refuse(c echo.Context, err error) error {
	ctx, r := c.Request().Context(), refusalOf(err)
	switch {
	case r == RefusedNoAnswer && ctx.Err() == nil:
		p.logger.ErrorContext(ctx, "sign-in failed", "error", err)
	case r != RefusedNoAnswer:
		p.logger.WarnContext(ctx, "sign-in refused", "reason", string(r), "error", err)
	}
	status, text := r.words()
	return p.plain(c, status, text)
}

// closed answers whoever asks for a page without Zendesk.
func (p *pages) closed(c echo.Context) error {
	p.guard(c, p.framed)
	c.Response().Header().Set(echo.HeaderAllow, http.MethodPost)
	return p.plain(c, http.StatusMethodNotAllowed, "Abra pelo Zendesk: esta página só funciona dentro dele.")
}

// window answers the console in a window of its own; its script brings the code that opens a session.
func (p *pages) window(c echo.Context) error {
	p.guard(c, p.alone)
	page, built := p.page(pageWindow)
	if !built {
		return p.plain(c, http.StatusServiceUnavailable, unbuilt)
	}
	return c.HTML(http.StatusOK, strings.Replace(page, headPlaceholder, "", 1))
}

// unbuilt is what people read where there is no app.
const unbuilt = "O aplicativo não foi incluído nesta versão do Ponte: ela foi compilada sem os arquivos dele. Gere-os com make app e " +
	"compile de novo. O resto do Ponte funciona."

// page is a page's HTML; built is false where there is none.
func (p *pages) page(name string) (text string, built bool) {
	if p.Files == nil {
		return "", false
	}
	raw, err := fs.ReadFile(p.Files, name+".html")
	return string(raw), err == nil && strings.Contains(string(raw), headPlaceholder)
}

// plain answers a sentence as a page.
func (p *pages) plain(c echo.Context, status int, text string) error {
	scheme := "light dark"
	if s := c.QueryParam("colorScheme"); s == "light" || s == "dark" {
		scheme = s
	}
	return c.HTML(status, `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conversas WhatsApp</title>
<style>:root{color-scheme:`+scheme+`}body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px;max-width:36em}</style>
</head>
<body>
<main>
<h1 style="font-size:18px">Conversas WhatsApp</h1>
<p>`+html.EscapeString(text)+`</p>
</main>
</body>
</html>
`)
}

// typeOf is the media type of an asset by its name; "" when it is none that is served.
func typeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg", ".png", ".jpg", ".webp", ".gif", ".ico", ".woff2", ".woff", ".mp3", ".ogg", ".wav", ".txt":
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return map[string]string{".ico": "image/x-icon", ".woff2": "font/woff2", ".woff": "font/woff", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav"}[ext]
	}
	return ""
}
