package testredis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	startTimeout = 30 * time.Second
	pollInterval = 10 * time.Millisecond
	startTries   = 5
	// Ports below the range systems hand to outgoing connections (32768 on Linux), so that none takes the port of a killed server.
	firstPort, lastPort = 20000, 32000
)

var errNoServer = errors.New("redis-server not found on PATH: install it with `apt-get install redis-server` (Debian, Ubuntu) " +
	"or `brew install redis` (macOS)")

// node is one redis-server process; kill and restart are for one goroutine at a time.
type node struct {
	addr    string
	busPort int // cluster bus, 0 when not in a cluster
	args    []string
	process *os.Process
	exited  chan struct{}
}

// arguments of a server that is not in a cluster.
func (c config) arguments() []string {
	switch {
	case c.noAOF:
		return []string{"--appendonly", "no"}
	case c.everysec:
		return []string{"--appendonly", "yes", "--appendfsync", "everysec"}
	default:
		return []string{"--appendonly", "yes", "--appendfsync", "always"}
	}
}

// startNode starts a server with its data in dir and waits until it answers.
func startNode(ctx context.Context, dir string, args []string) (*node, error) {
	return tryPorts(ctx, func(port int) (*node, error) {
		n := newNode(port)
		n.args = append(serverArguments(port, dir), args...)
		return n, nil
	})
}

func startClusterNode(ctx context.Context, dir string) (*node, error) {
	return tryPorts(ctx, func(port int) (*node, error) {
		busPort, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		n := newNode(port)
		n.busPort = busPort
		n.args = append(serverArguments(port, dir),
			"--appendonly", "yes", "--appendfsync", "everysec", "--cluster-port", strconv.Itoa(busPort),
			"--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "5000")
		return n, nil
	})
}

func newNode(port int) *node {
	return &node{addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
}

func serverArguments(port int, dir string) []string {
	return []string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir, "--save", "",
		"--logfile", filepath.Join(dir, "redis.log"), "--pidfile", filepath.Join(dir, "redis.pid"), "--daemonize", "no",
	}
}

// tryPorts starts what prepare describes, on other ports when one is taken meanwhile.
func tryPorts(ctx context.Context, prepare func(port int) (*node, error)) (*node, error) {
	var failures []error
	for range startTries {
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		n, err := prepare(port)
		if err != nil {
			return nil, err
		}
		err = n.restart(ctx)
		if err == nil {
			return n, nil
		}
		if errors.Is(err, errNoServer) {
			return nil, err
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

func freePort(ctx context.Context) (int, error) {
	var listener net.ListenConfig
	var last error
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		l, err := listener.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			last = err
			continue
		}
		return port, l.Close()
	}
	return 0, fmt.Errorf("find a free loopback port: %w", last)
}

// restart starts the process on its port and data and waits for its first answer.
func (n *node) restart(ctx context.Context) error {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return errNoServer
	}
	started := make(chan error, 1)
	n.exited = make(chan struct{})
	go n.run(context.WithoutCancel(ctx), path, started)
	if err := <-started; err != nil {
		return fmt.Errorf("start redis-server: %w", err)
	}
	if err := n.ready(ctx); err != nil {
		n.kill()
		return fmt.Errorf("redis-server on %s: %w", n.addr, err)
	}
	return nil
}

// run keeps the thread that started the process alive until the process has ended: the kernel ties the death signal to that thread.
func (n *node) run(ctx context.Context, path string, started chan<- error) {
	runtime.LockOSThread()
	defer close(n.exited)
	cmd := exec.CommandContext(ctx, path, n.args...) //nolint:gosec // the path comes from PATH, the arguments from this file
	cmd.SysProcAttr = dieWithParent()
	if err := cmd.Start(); err != nil {
		started <- err
		return
	}
	n.process = cmd.Process
	started <- nil
	_ = cmd.Wait() // a killed server always reports an error here
}

func (n *node) kill() {
	select {
	case <-n.exited:
		return
	default:
	}
	if err := n.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		panic("testredis: kill redis-server: " + err.Error())
	}
	<-n.exited
}

func (n *node) ready(ctx context.Context) error {
	client := redis.NewClient(&redis.Options{Addr: n.addr, MaxRetries: -1, DisableIdentity: true, DialerRetries: 1})
	defer func() { _ = client.Close() }()
	var dialer net.Dialer
	return await(ctx, n.exited, func(ctx context.Context) error {
		// The client would log every dial that is too early.
		conn, err := dialer.DialContext(ctx, "tcp", n.addr)
		if err != nil {
			return fmt.Errorf("dial: %w", err)
		}
		_ = conn.Close()
		return client.Ping(ctx).Err()
	})
}

// await calls check until it answers nil, at most for startTimeout.
func await(ctx context.Context, exited <-chan struct{}, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			return fmt.Errorf("ended before it answered: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("not ready: %w: %w", ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// dial connects to a URL of one server or, when it names further addresses, of a cluster.
func dial(rawURL string) (redis.UniversalClient, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("parse the store's url: %w", err)
	}
	if u.Query().Has("addr") {
		o, err := redis.ParseClusterURL(rawURL)
		if err != nil {
			return nil, fmt.Errorf("parse the cluster's url: %w", err)
		}
		return redis.NewClusterClient(o), nil
	}
	o, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, fmt.Errorf("parse the store's url: %w", err)
	}
	return redis.NewClient(o), nil
}

// reap starts a shell that waits for the end of this process, however it ends, then ends what still runs under dir and removes dir.
func reap(dir string) (io.Closer, error) {
	const script = `trap '' INT TERM HUP
read -r _
for f in "$1"/*/redis.pid; do [ -r "$f" ] && kill -9 "$(cat "$f")" 2>/dev/null; done
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2>/dev/null; [ -e "$1" ] || exit 0; sleep 0.1; done`
	cmd := exec.CommandContext(context.Background(), "sh", "-c", script, "sh", dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open the reaper's pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the reaper: %w", err)
	}
	return stdin, nil
}
