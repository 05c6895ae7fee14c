package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLocalAddr(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":8080": "127.0.0.1:8080", "0.0.0.0:8080": "127.0.0.1:8080", "[::]:80": "127.0.0.1:80", "127.0.0.1:1": "127.0.0.1:1", "ponte:8080": "ponte:8080",
		"8080": "",
	} {
		got, err := localAddr(addr)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("localAddr(%q) = %q, %v; want %q", addr, got, err, want)
		}
	}
}

func TestHealth(t *testing.T) {
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	t.Setenv("PONTE_HTTP_ADDR", strings.TrimPrefix(srv.URL, "http://"))
	ask := func(args ...string) (int, string) {
		var out, wrong bytes.Buffer
		code := run(t.Context(), streams{&out, &wrong}, append([]string{"health"}, args...))
		return code, out.String() + wrong.String()
	}
	if code, said := ask(); code != 0 || said != "ok\n" {
		t.Errorf("a service that lives: %d, %q", code, said)
	}
	status = http.StatusServiceUnavailable
	if code, said := ask(); code != 1 || !strings.Contains(said, "503") {
		t.Errorf("a service that does not: %d, %q", code, said)
	}
	if code, _ := ask("now"); code != 2 {
		t.Errorf("with an argument: %d", code)
	}
	srv.Close()
	if code, _ := ask(); code != 1 {
		t.Errorf("nobody answers: %d", code)
	}
	t.Setenv("PONTE_HTTP_ADDR", "8080")
	if code, said := ask(); code != 1 || !strings.Contains(said, "PONTE_HTTP_ADDR") {
		t.Errorf("no address: %d, %q", code, said)
	}
}
