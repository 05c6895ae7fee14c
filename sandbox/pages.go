package sandbox

import (
	"embed"
	"net/http"
)

//go:embed pages/*
var pages embed.FS

// mountPages serves the pages by their names and what they load below /sandbox/pages/.
func mountPages(mux *http.ServeMux) {
	mux.Handle("GET /sandbox/{$}", page("pages/index.html"))
	mux.Handle("GET /sandbox", http.RedirectHandler("/sandbox/", http.StatusFound))
	mux.Handle("GET /sandbox/phone", page("pages/phone.html"))
	mux.Handle("GET /sandbox/helpdesk", page("pages/helpdesk.html"))
	mux.Handle("GET /sandbox/pages/", fresh(http.StripPrefix("/sandbox/", http.FileServerFS(pages))))
}

func page(name string) http.Handler {
	return fresh(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pages, name)
	}))
}

// fresh keeps browsers from showing the pages of an older build.
func fresh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
