package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// command is a program to start. Its environment is the caller's without PONTE_… variables, plus env.
type command struct {
	name string // what people call it
	path string
	args []string
	env  []string
}

// process is a program that runs until it is stopped. It is in a group of its own: a Ctrl-C is ours to pass on.
type process struct {
	name   string
	cmd    *exec.Cmd
	exited chan struct{}

	mu    sync.Mutex
	last  []string // the newest lines it wrote
	lines chan string
}

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 30 * time.Second
	linesKept    = 20
)

func start(ctx context.Context, c command) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), c.path, c.args...) // #nosec G204 -- this program or one found on PATH
	cmd.Env = append(withoutPonte(os.Environ()), c.env...)
	cmd.Stdout, cmd.Stderr = w, w
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Start()
	w.Close()
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	p := &process{name: c.name, cmd: cmd, exited: make(chan struct{}), lines: make(chan string, linesKept)}
	go p.read(r)
	return p, nil
}

// withoutPonte takes the settings of another Ponte out of an environment.
func withoutPonte(env []string) []string {
	var kept []string
	for _, e := range env {
		if !strings.HasPrefix(e, "PONTE_") {
			kept = append(kept, e)
		}
	}
	return kept
}

// read follows what the process writes, until it ends.
func (p *process) read(r io.ReadCloser) {
	defer close(p.exited)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.mu.Lock()
		p.last = append(p.last, lines.Text())
		p.last = p.last[max(0, len(p.last)-linesKept):]
		p.mu.Unlock()
		select {
		case p.lines <- lines.Text():
		default: // nobody waits for a line any more
		}
	}
	_, _ = io.Copy(io.Discard, r) // a line that is too long must not hold the process up
	r.Close()
	_ = p.cmd.Wait() // how it ended tells nothing that its lines do not
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// address waits for the line that tells where the process listens: the pattern's only group.
func (p *process) address(ctx context.Context, pattern *regexp.Regexp) (string, error) {
	late := time.NewTimer(startTimeout)
	defer late.Stop()
	for {
		select {
		case line := <-p.lines:
			if m := pattern.FindStringSubmatch(line); m != nil {
				return m[1], nil
			}
		case <-p.exited:
			return "", p.failure("ended too soon")
		case <-late.C:
			return "", p.failure("did not begin to listen")
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// failure is an error with the last lines of the process.
func (p *process) failure(what string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Errorf("%s %s: %s", p.name, what, strings.Join(p.last, "\n")) //nolint:err113 // a line for people
}

// stop ends the process politely, then by force.
func (p *process) stop(context.Context) error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	force := time.NewTimer(stopTimeout)
	defer force.Stop()
	select {
	case <-p.exited:
		return nil
	case <-force.C:
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.name, err)
	}
	<-p.exited
	return p.failure("had to be killed")
}

// freed is a stack of what was started, ended last in first out.
type freed []func(context.Context) error

func (f *freed) add(undo func(context.Context) error) { *f = append(*f, undo) }

// run ends everything once, whatever fails.
func (f *freed) run(ctx context.Context) error {
	stack := *f
	*f = nil
	var failed []error
	for _, undo := range slices.Backward(stack) {
		failed = append(failed, undo(context.WithoutCancel(ctx)))
	}
	return errors.Join(failed...)
}

// folder makes a folder for temporary data that is removed in the end.
func (f *freed) folder() (string, error) {
	dir, err := os.MkdirTemp("", "ponte-bench-")
	if err != nil {
		return "", err
	}
	f.add(func(context.Context) error { return os.RemoveAll(dir) })
	return dir, nil
}
