package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/testredis"
)

// environment sets PONTE_ variables for a test, which then can't be parallel, and takes all others of ours away.
func environment(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "PONTE_") {
			t.Setenv(name, value) // so that it comes back
			os.Unsetenv(name)
		}
	}
	for name, value := range vars {
		t.Setenv("PONTE_"+name, value)
	}
}

// onRedis is an environment with a Redis of the test's own.
func onRedis(t *testing.T, more map[string]string) *testredis.Redis {
	t.Helper()
	r := testredis.Mini(t)
	vars := map[string]string{"REDIS_URL": r.URL, "REDIS_PREFIX": r.Prefix}
	maps.Copy(vars, more)
	environment(t, vars)
	return r
}

// outcome is what a command line came to.
type outcome struct {
	code     int
	out, err string
}

// ponte carries out a command line to its end.
func ponte(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), streams{&out, &errs}, args)
	return outcome{code, out.String(), errs.String()}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// stops wants a command line to end with a code and to say nothing but message.
func stops(t *testing.T, got outcome, code int, message string) {
	t.Helper()
	if got.code != code || strings.TrimSpace(got.err) != message {
		t.Errorf("exit %d, %q; want %d, %q", got.code, got.err, code, message)
	}
}

// file writes a file of the test's own.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tail keeps what is written and tells whoever waits for it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newTail() *tail { return &tail{more: make(chan struct{}, 1)} }

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	return w.text.Write(p)
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// service is a command that runs until it is told to stop.
type service struct {
	t        *testing.T
	out, err *tail
	stop     context.CancelFunc
	code     chan int
}

// patience is how long a test waits for what should come at once.
const patience = time.Minute

func start(t *testing.T, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &service{t: t, out: newTail(), err: newTail(), stop: cancel, code: make(chan int, 1)}
	go func() { s.code <- run(ctx, streams{s.out, s.err}, args) }()
	t.Cleanup(cancel)
	return s
}

// address waits until pattern is written on w and returns its first group.
func (s *service) address(w *tail, pattern string) string {
	s.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(w.String()); found != nil {
			return found[1]
		}
		select {
		case <-w.more:
		case code := <-s.code:
			s.t.Fatalf("exit %d: %s", code, s.err)
		case <-late.C:
			s.t.Fatalf("nothing like %s: %s", pattern, s.err)
		}
	}
}

// end stops the command and returns its exit status.
func (s *service) end() int {
	s.t.Helper()
	s.stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case code := <-s.code:
		return code
	case <-late.C:
		s.t.Fatal("it does not end")
		return 0
	}
}

// get reads an address without following redirects.
func get(t *testing.T, url string) (status int, body string, header http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}
