package bench

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// gone tells that no process has the id any more.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func TestProcess(t *testing.T) {
	t.Parallel()
	p, err := start(t.Context(), command{name: "chatter", path: self(t), args: []string{"chatter"}, env: []string{"PONTE_LOG_LEVEL=warn"}})
	if err != nil {
		t.Fatal(err)
	}
	if gone(p.pid()) {
		t.Error("it does not run")
	}
	if err := p.stop(t.Context()); err != nil {
		t.Error(err)
	}
	if !gone(p.pid()) {
		t.Error("it still runs")
	}
	if said := p.failure("x").Error(); !strings.HasPrefix(said, "chatter x: ") || strings.Count(said, "\n") >= linesKept {
		t.Errorf("failure: %s", said)
	}
	if err := p.stop(t.Context()); err != nil {
		t.Errorf("stopped twice: %v", err)
	}
}

func TestProcessAddress(t *testing.T) {
	t.Parallel()
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	r, err := startComparator(t.Context(), &f, Options{Executable: self(t)})
	if err != nil || !strings.HasPrefix(r.addr, "127.0.0.1:") {
		t.Fatalf("%q, %v", r.addr, err)
	}
	// A program that ends at once takes its last words into the error.
	if _, err := startServer(t.Context(), &f, command{name: "ponte", path: self(t), args: []string{"serve"}, env: []string{"PONTE_SESSIONS=many"}}); err == nil ||
		!strings.Contains(err.Error(), "ponte ended too soon: PONTE_SESSIONS can't be read") {
		t.Errorf("got %v", err)
	}
	if _, err := start(t.Context(), command{name: "nothing", path: "/nowhere/ponte"}); err == nil || !strings.Contains(err.Error(), "start nothing") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.address(ctx, demoAt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutPonte(t *testing.T) {
	t.Parallel()
	got := withoutPonte([]string{"A=1", "PONTE_REDIS_URL=redis://mine", "PONTED=2", "X_PONTE_=3", "PONTE_="})
	if diff := cmp.Diff([]string{"A=1", "PONTED=2", "X_PONTE_=3"}, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestFreed(t *testing.T) {
	t.Parallel()
	var f freed
	var order []int
	wrong := errors.New("wrong")
	for i := range 3 {
		f.add(func(ctx context.Context) error {
			order = append(order, i)
			if i == 1 {
				return wrong
			}
			return ctx.Err()
		})
	}
	dir, err := f.folder()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.run(ctx); !errors.Is(err, wrong) || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff([]int{2, 1, 0}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := f.run(t.Context()); err != nil || len(order) != 3 {
		t.Errorf("run twice: %v, %v", err, order)
	}
}
