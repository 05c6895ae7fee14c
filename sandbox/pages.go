package sandbox

import (
	"embed"
	"net/http"
	"strings"
)

//go:embed pages/*
var pages embed.FS

// mountPages serves the pages by their names and what they load below /sandbox/pages/. frames are the origins of what the
// helpdesk page may frame beside the sandbox's own.
func mountPages(mux *http.ServeMux, frames []string) {
	policy := contentPolicy(frames)
	page := func(name string) http.Handler {
		return guarded(policy, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pages, name)
		}))
	}
	mux.Handle("GET /sandbox/{$}", page("pages/index.html"))
	mux.Handle("GET /sandbox", http.RedirectHandler("/sandbox/", http.StatusFound))
	mux.Handle("GET /sandbox/phone", page("pages/phone.html"))
	mux.Handle("GET /sandbox/helpdesk", page("pages/helpdesk.html"))
	mux.Handle("GET /sandbox/pages/", guarded(policy, http.StripPrefix("/sandbox/", http.FileServerFS(pages))))
}

// contentPolicy lets the pages load from the sandbox alone, but for the frames of the app, which a form opens.
func contentPolicy(frames []string) string {
	policy := "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"
	if len(frames) > 0 {
		list := strings.Join(frames, " ")
		policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action " + list + "; frame-src 'self' " + list
	}
	return policy
}

// guarded keeps browsers from showing the pages of an older build, and the pages from loading what is not theirs.
func guarded(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
