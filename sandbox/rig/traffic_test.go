package rig_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

// bench is a wrapped handler that echoes its body, and counts how often it ran.
type bench struct {
	*rig.Traffic

	srv  *httptest.Server
	runs atomic.Int32
	ran  chan string
}

func setup(t *testing.T, rnd func() float64) *bench {
	t.Helper()
	b := &bench{Traffic: rig.NewTraffic(rig.NewClock(time.Now), rnd), ran: make(chan string, 100)}
	h := b.Wrap("zendesk", "/sandbox/zendesk", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.runs.Add(1)
		w.Header().Set("X-Path", r.URL.Path)
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
		}
		w.Write(body)
		b.ran <- string(body)
	}))
	b.srv = httptest.NewServer(h)
	t.Cleanup(b.srv.Close)
	return b
}

// do sends a request and returns status and body; status 0 is a cut connection.
func (b *bench) do(t *testing.T, method, path, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.srv.URL+"/sandbox/zendesk"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.srv.Client().Do(req)
	if err != nil {
		return 0, "", nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header
}

func half() float64 { return 0.5 }

func TestTrafficCounts(t *testing.T) {
	t.Parallel()
	b := setup(t, half)
	_, _, h := b.do(t, "GET", "/api/v2/tickets/1?include=users", "")
	if got := h.Get("X-Path"); got != "/sandbox/zendesk/api/v2/tickets/1" {
		t.Errorf("the handler saw %q", got)
	}
	b.do(t, "GET", "/api/v2/tickets/1", "")
	b.do(t, "DELETE", "/api/v2/tickets/1", "")
	b.AddFault(rig.Fault{Cut: rig.CutBefore})
	b.do(t, "POST", "/a", "")
	want := []rig.RequestCount{
		{Peer: "zendesk", Method: "POST", Path: "/a", Status: 0, Count: 1},
		{Peer: "zendesk", Method: "DELETE", Path: "/api/v2/tickets/1", Status: 204, Count: 1},
		{Peer: "zendesk", Method: "GET", Path: "/api/v2/tickets/1", Status: 200, Count: 2},
	}
	if diff := cmp.Diff(want, b.Requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b.Reset()
	if len(b.Requests()) != 0 || len(b.Faults()) != 0 {
		t.Errorf("after Reset: %v %v", b.Requests(), b.Faults())
	}
}

func TestTrafficStatusFault(t *testing.T) {
	t.Parallel()
	b := setup(t, half)
	b.SetFaults([]rig.Fault{
		{Peer: "whatsapp", Status: 500},
		{Peer: "zendesk", Method: "PUT", Path: "/api/v2/tickets/*", Status: 429, Headers: map[string]string{"Retry-After": "30"}, Times: 2},
		{Method: "PUT", Status: 503, Body: `{"error":"x"}`, Times: 1},
	})
	for _, want := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/api/v2/tickets/5", 200, "b"},
		{"PUT", "/api/v2/tickets/5/comments", 429, "{}"},
		{"PUT", "/api/v2/users/5", 503, `{"error":"x"}`},
		{"PUT", "/api/v2/tickets/5", 429, "{}"},
		{"PUT", "/api/v2/tickets/5", 200, "b"},
	} {
		status, body, h := b.do(t, want.method, want.path, "b")
		if status != want.status || body != want.body {
			t.Errorf("%s %s = %d %q, want %d %q", want.method, want.path, status, body, want.status, want.body)
		}
		if status == 429 && h.Get("Retry-After") != "30" {
			t.Errorf("Retry-After = %q", h.Get("Retry-After"))
		}
	}
	if got := b.runs.Load(); got != 2 {
		t.Errorf("the handler ran %d times, want 2", got)
	}
	if diff := cmp.Diff([]rig.Fault{{Peer: "whatsapp", Status: 500}}, b.Faults()); diff != "" {
		t.Errorf("faults left (-want +got):\n%s", diff)
	}
}

func TestTrafficCut(t *testing.T) {
	t.Parallel()
	for cut, runs := range map[string]int32{rig.CutBefore: 0, rig.CutAfter: 1} {
		t.Run(cut, func(t *testing.T) {
			t.Parallel()
			b := setup(t, half)
			b.AddFault(rig.Fault{Cut: cut, Times: 1})
			if status, _, _ := b.do(t, "POST", "/x", "effect"); status != 0 {
				t.Errorf("answered %d, want a cut connection", status)
			}
			if got := b.runs.Load(); got != runs {
				t.Errorf("the handler ran %d times, want %d", got, runs)
			}
			if got := b.Requests(); len(got) != 1 || got[0].Status != 0 {
				t.Errorf("counted %v, want one cut request", got)
			}
		})
	}
}

func TestTrafficPercent(t *testing.T) {
	t.Parallel()
	next := make(chan float64, 2)
	b := setup(t, func() float64 { return <-next })
	b.AddFault(rig.Fault{Status: 500, Percent: 40})
	next <- 0.39
	next <- 0.40
	first, _, _ := b.do(t, "GET", "/", "")
	second, _, _ := b.do(t, "GET", "/", "")
	if first != 500 || second != 200 {
		t.Errorf("answered %d, %d, want 500, 200", first, second)
	}
}

func TestTrafficDelay(t *testing.T) {
	t.Parallel()
	t.Run("waits and goes on", func(t *testing.T) {
		t.Parallel()
		b := setup(t, half)
		b.AddFault(rig.Fault{DelayMS: 20})
		earliest := time.Now().Add(20 * time.Millisecond)
		status, body, _ := b.do(t, "POST", "/x", "kept")
		if status != 200 || body != "kept" || time.Now().Before(earliest) {
			t.Errorf("%d %q, or before %v", status, body, earliest)
		}
	})
	t.Run("ends with its caller", func(t *testing.T) {
		t.Parallel()
		b := setup(t, half)
		h := b.Wrap("p", "", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler ran") }))
		b.AddFault(rig.Fault{DelayMS: 3_600_000})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		defer func() {
			if got := recover(); !errors.Is(got.(error), http.ErrAbortHandler) {
				t.Errorf("recovered %v", got)
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	})
	t.Run("lands late", func(t *testing.T) {
		t.Parallel()
		b := setup(t, half)
		b.AddFault(rig.Fault{DelayMS: 60, Cut: rig.CutAfter})
		client := &http.Client{Timeout: 10 * time.Millisecond}
		res, err := client.Post(b.srv.URL+"/sandbox/zendesk/x", "text/plain", strings.NewReader("effect"))
		if err == nil {
			res.Body.Close()
			t.Fatal("answered in time")
		}
		if got := <-b.ran; got != "effect" {
			t.Errorf("the late handler read %q", got)
		}
	})
}

func TestTrafficGlob(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern, path string
		hit           bool
	}{
		{"", "/any", true},
		{"*", "/any/thing", true},
		{"/a", "/a", true},
		{"/a", "/a/b", false},
		{"/a/*", "/a/b/c", true},
		{"/a/*", "/a", false},
		{"/a/*/c", "/a/b/c", true},
		{"/a/*/c", "/a/b/d", false},
		{"*/messages", "/v26.0/1/messages", true},
		{"/a*a", "/a", false},
		{"/*x*y", "/1x2y", true},
		{"/*x*y", "/1y2x", false},
	} {
		b := setup(t, half)
		b.AddFault(rig.Fault{Path: tc.pattern, Status: 500})
		if status, _, _ := b.do(t, "GET", tc.path, ""); (status == 500) != tc.hit {
			t.Errorf("pattern %q, path %q: answered %d, want a hit: %v", tc.pattern, tc.path, status, tc.hit)
		}
	}
}

func TestFaultValidate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		f  rig.Fault
		ok bool
	}{
		"status":        {rig.Fault{Status: 429}, true},
		"delay":         {rig.Fault{DelayMS: 1}, true},
		"cut":           {rig.Fault{Cut: "after", Percent: 100, Times: 3}, true},
		"nothing":       {rig.Fault{Peer: "zendesk"}, false},
		"cut word":      {rig.Fault{Cut: "now"}, false},
		"status range":  {rig.Fault{Status: 99}, false},
		"percent range": {rig.Fault{Status: 500, Percent: 101}, false},
		"times":         {rig.Fault{Status: 500, Times: -1}, false},
		"delay range":   {rig.Fault{DelayMS: -1}, false},
	} {
		if err := tc.f.Validate(); (err == nil) != tc.ok {
			t.Errorf("%s: %v, want valid: %v", name, err, tc.ok)
		}
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/api/v2/tickets/5158":                          "/api/v2/tickets/*",
		"/api/v2/tickets/5158.json":                     "/api/v2/tickets/*",
		"/api/v2/tickets/5158/comments/84/make_private": "/api/v2/tickets/*/comments/*/make_private",
		"/api/v2/tickets/update_many.json":              "/api/v2/tickets/update_many",
		"/api/v2/webhooks/01ABCDEFGHIJKLMNOPQRSTUVWX":   "/api/v2/webhooks/*",
		"/api/v2/users/me":                              "/api/v2/users/me",
		"/api/v2/job_statuses/abc":                      "/api/v2/job_statuses/abc",
		"/api/v2/organizationsandmoreofthem":            "/api/v2/organizationsandmoreofthem",
		"/v26.0/106540352242922/messages":               "/v26.0/*/messages",
		"/":                                             "/",
		"":                                              "",
	} {
		if got := rig.Endpoint(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestEndpointsAreTakenTogether(t *testing.T) {
	t.Parallel()
	tr := rig.NewTraffic(rig.NewClock(time.Now), func() float64 { return 0 })
	h := tr.Wrap("zendesk", "/p", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "3") {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	for _, path := range []string{"/p/a/1", "/p/a/2.json", "/p/a/3", "/p/b"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	want := []rig.RequestCount{
		{Peer: "zendesk", Method: "GET", Path: "/a/*", Status: 200, Count: 2},
		{Peer: "zendesk", Method: "GET", Path: "/a/*", Status: 404, Count: 1},
		{Peer: "zendesk", Method: "GET", Path: "/b", Status: 200, Count: 1},
	}
	if diff := cmp.Diff(want, tr.Endpoints()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(tr.Requests()); n != 4 {
		t.Errorf("%d paths", n)
	}
}
