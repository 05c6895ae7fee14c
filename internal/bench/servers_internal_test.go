package bench

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// The comparator takes what is signed and refuses what is not, over the same route.
func TestComparator(t *testing.T) {
	t.Parallel()
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	s, err := startComparator(t.Context(), &f, Options{Executable: self(t)})
	if err != nil {
		t.Fatal(err)
	}
	cl, err := dial(t.Context(), s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.close()
	for secret, want := range map[string]int{appSecret: 200, "another": 503} {
		if got, err := cl.post(newStencil(secret, time.Unix(0, 0)).fill(1, 1)); err != nil || got != want {
			t.Errorf("signed with %s: %d, %v", secret, got, err)
		}
	}
	if err := Comparator(t.Context(), "nowhere", "s", slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "-addr") {
		t.Errorf("got %v", err)
	}
	only := signatureOnly{[]string{"s"}}
	if _, ok := only.Handshake(nil); ok || only.Zendesk(t.Context(), nil, nil) == nil {
		t.Error("the comparator takes more than WhatsApp's webhooks")
	}
}

// The handler of the service, as it is measured, takes a message in.
func TestHandlerTakesMessages(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t)
	h := handler(t, r)
	if status := take(t, h, newStencil(appSecret, time.Unix(1795300000, 0)).fill(1, 1)); status != 200 {
		t.Errorf("answered %d", status)
	}
	if status := take(t, h, newStencil("another", time.Unix(1795300000, 0)).fill(1, 2)); status != 401 {
		t.Errorf("answered %d", status)
	}
}

func TestProfiledMistakes(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t)
	discard := slog.New(slog.DiscardHandler)
	c := app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix, HTTPAddr: "nowhere", ZendeskURL: "http://ponte.invalid", ZendeskClientID: "c", ZendeskClientSecret: "s"}
	if err := Profiled(t.Context(), c, filepath.Join(t.TempDir(), "no", "where"), discard); err == nil || !strings.Contains(err.Error(), "-cpuprofile") {
		t.Errorf("file: %v", err)
	}
	if err := Profiled(t.Context(), c, filepath.Join(t.TempDir(), "p"), discard); err == nil || !strings.Contains(err.Error(), "PONTE_HTTP_ADDR") {
		t.Errorf("address: %v", err)
	}
	c.RedisURL = "postgres://x"
	if err := Profiled(t.Context(), c, "", discard); err == nil || !strings.Contains(err.Error(), "PONTE_REDIS_URL") {
		t.Errorf("redis: %v", err)
	}
}

func TestProfile(t *testing.T) {
	var out bytes.Buffer
	if err := profile(&out, func() error { return io.EOF }); !errors.Is(err, io.EOF) || out.Len() == 0 {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
}
