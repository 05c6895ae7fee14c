package bench

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in     string
		status int
		ok     bool
	}{
		{"", 0, false},
		{"HTTP/1.1 200 OK\r\n", 0, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", 0, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true},
		{"HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 3\r\n\r\n", 200, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate: x\r\n\r\nok", 200, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nDate: x\r\n\r\nok\n", 200, true},
		{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 11\r\n\r\nnot stored\n", 503, true},
		{"HTTP/1.1 204 No Content\r\n\r\n", 204, true},
		{"HTTP/1.1 200 OK\r\n\r\n", 0, false},
		{"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", 0, false},
		{"HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", 0, false},
		{"\r\n\r\n", 0, false},
	} {
		status, length, ok := answer([]byte(tt.in))
		if status != tt.status || ok != tt.ok || ok && length != len(tt.in) {
			t.Errorf("%q: %d, %d of %d bytes, %v", tt.in, status, length, len(tt.in), ok)
		}
	}
}

// connected is a client of a handler.
func connected(t *testing.T, h http.Handler) *client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cl, err := dial(t.Context(), srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.close)
	return cl
}

func TestPost(t *testing.T) {
	t.Parallel()
	statuses := []int{200, 401, 503, 204, 200}
	n := 0
	remotes := map[string]bool{}
	cl := connected(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remotes[r.RemoteAddr] = true
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(statuses[n])
		n++
		if statuses[n-1] == 401 {
			io.WriteString(w, "refused\n")
		}
	}))
	for i, want := range statuses {
		if got, err := cl.post(request(newSigner("s"), []byte("{}"))); err != nil || got != want {
			t.Errorf("request %d: %d, %v; want %d", i, got, err, want)
		}
	}
	if len(remotes) != 1 {
		t.Errorf("%d connections", len(remotes))
	}
}

// peer answers one connection with the pieces, and ends it.
func peer(t *testing.T, pieces ...string) *client {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			t.Error(err)
		}
		for _, p := range pieces {
			io.WriteString(conn, p)
		}
	}()
	t.Cleanup(func() { ln.Close(); <-done })
	cl, err := dial(t.Context(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.close)
	return cl
}

func TestPostBadAnswers(t *testing.T) {
	t.Parallel()
	whole := request(newSigner("s"), nil)
	if status, err := peer(t, "HTTP/1.1 200 OK\r\nConte", "nt-Length: 2\r\n\r", "\nok").post(whole); status != 200 || err != nil {
		t.Errorf("in pieces: %d, %v", status, err)
	}
	if _, err := peer(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no").post(whole); !errors.Is(err, io.EOF) {
		t.Errorf("cut short: %v", err)
	}
	if _, err := peer(t).post(whole); err == nil {
		t.Error("no answer is no error")
	}
	if _, err := peer(t, strings.Repeat("x", 5000)).post(whole); !errors.Is(err, errAnswer) {
		t.Errorf("too long: %v", err)
	}
}

// A client whose context ends says so, not that its connection broke.
func TestPostCancelled(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cl, err := dial(ctx, srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.close)
	go func() {
		<-reached
		cancel()
	}()
	if _, err := cl.post(request(newSigner("s"), nil)); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v", err)
	}
	c := &crowd{secret: "s", now: time.Now}
	if _, err := c.load(ctx, srv.Listener.Addr().String(), 2, time.Second); !errors.Is(err, context.Canceled) {
		t.Errorf("load: %v", err)
	}
}
