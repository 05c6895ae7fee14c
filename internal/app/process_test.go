package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestProcesses runs the product as operators do: as processes, on a Redis of their own, over connections. Only the peers are
// simulated. Its parts measure time, so they take turns.
func TestProcesses(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "ponte")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, "github.com/ponte-desk/ponte/cmd/ponte")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, part := range []struct {
		name string
		run  func(f *fleet)
	}{
		{"eight connections at once", eightConnections},
		{"first burst", firstBurst},
		{"one token", oneToken},
		{"kill -9", killed},
		{"graceful stop", stopped},
		{"redis killed", redisKilled},
	} {
		t.Run(part.name, func(t *testing.T) {
			f := newFleet(t, binary)
			part.run(f)
			f.end()
		})
	}
}

// soon is how long a test waits for what should come at once, and patience for what may take its time on a busy machine.
const (
	soon     = 30 * time.Second
	patience = 2 * time.Minute
)

// eventually waits until ok and returns how long that took.
func eventually(t *testing.T, within time.Duration, what string, ok func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if since(began) > within {
			t.Fatalf("not within %s: %s", within, what)
		}
		<-tick.C
	}
	return since(began)
}

// since is how long ago that was.
func since(then time.Time) time.Duration {
	now := time.Now()
	return now.Sub(then)
}

// process is one running `ponte serve`.
type process struct {
	name   string
	door   *door // its way to the peers
	url    string
	cmd    *exec.Cmd
	exited chan struct{}
	out    output // both streams
}

// output keeps what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// lines is what was written so far.
func (o *output) lines() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Split(strings.TrimSpace(o.text.String()), "\n")
}

// logLine is what tests read of a line of the log.
type logLine struct {
	Level, Msg, Addr string
}

func (o *output) log() []logLine {
	var all []logLine
	for _, text := range o.lines() {
		var line logLine
		if json.Unmarshal([]byte(text), &line) == nil {
			all = append(all, line)
		}
	}
	return all
}

// launch starts `ponte serve` with the PONTE_ variables given and no others, and waits until it listens. However the test ends,
// the process ends with it.
func launch(t *testing.T, name, binary string, env []string) *process {
	t.Helper()
	p := &process{name: name, exited: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), binary, "serve")
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "PONTE_") }), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = dieWithParent()
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the kernel ties the process's life to the thread that started it
		defer close(p.exited)
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // its state is read by whoever wants to know
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start ponte: %v", err)
	}
	t.Cleanup(p.kill)
	t.Cleanup(func() {
		if t.Failed() {
			all := p.out.lines()
			t.Logf("%s wrote last:\n%s", name, strings.Join(all[max(0, len(all)-40):], "\n"))
		}
	})
	eventually(t, soon, name+" listens", func() bool {
		if p.gone() {
			t.Fatalf("%s ended: %v", name, p.out.lines())
		}
		for _, line := range p.out.log() {
			if line.Msg == "listening" {
				p.url = "http://" + line.Addr
			}
		}
		return p.url != ""
	})
	return p
}

func (p *process) gone() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// kill ends the process as `kill -9` does and returns when it is gone.
func (p *process) kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic("kill ponte: " + err.Error())
	}
	<-p.exited
}

// stop asks the process to end, and returns its exit status and how long it took; -1 when it had to be killed.
func (p *process) stop() (code int, took time.Duration) {
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic("stop ponte: " + err.Error())
	}
	late := time.NewTimer(soon)
	defer late.Stop()
	select {
	case <-p.exited:
	case <-late.C:
		p.kill()
	}
	return p.cmd.ProcessState.ExitCode(), since(began)
}

// ready tells whether the process says that it can take webhooks in.
func (p *process) ready() bool {
	client := &http.Client{Timeout: soon}
	defer client.CloseIdleConnections()
	resp, err := client.Get(p.url + "/readyz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
