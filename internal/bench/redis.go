package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// keyPrefix is what the keys of a measured installation start with.
const keyPrefix = "bench:"

// redisServer is a redis-server of our own.
type redisServer struct {
	*process
	url    string
	client redis.UniversalClient
}

const startTries = 5

// startRedis starts a redis-server on a free loopback port, with a file that is synced by policy ("everysec", "always").
func startRedis(ctx context.Context, f *freed, policy string) (*redisServer, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errors.New("redis-server is not on PATH: apt-get install redis-server, or brew install redis")
	}
	var failed error
	for range startTries { // somebody else may take the port first
		r, err := tryRedis(ctx, f, path, policy)
		if err == nil {
			return r, nil
		}
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

func tryRedis(ctx context.Context, f *freed, path, policy string) (*redisServer, error) {
	dir, err := f.folder()
	if err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, command{name: "redis-server", path: path, args: []string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir, "--appendonly", "yes", "--appendfsync", policy,
		"--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no",
	}})
	if err != nil {
		return nil, err
	}
	f.add(p.stop)
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	r := &redisServer{process: p, url: "redis://" + addr + "/0", client: redis.NewClient(&redis.Options{Addr: addr})}
	f.add(func(context.Context) error { return r.client.Close() })
	return r, r.ready(ctx)
}

func freePort(ctx context.Context) (int, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		return 0, errors.Join(err, ln.Close())
	}
	n, err := strconv.Atoi(port)
	return n, errors.Join(err, ln.Close())
}

// ready waits until the server answers, and is ours.
func (r *redisServer) ready(ctx context.Context) error {
	late := time.NewTimer(startTimeout)
	defer late.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for r.client.Ping(ctx).Err() != nil {
		select {
		case <-tick.C:
		case <-r.exited:
			return r.failure("ended too soon")
		case <-late.C:
			return r.failure("did not get ready")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	pid, err := r.info(ctx, "server", "process_id")
	if err == nil && pid != strconv.Itoa(r.pid()) {
		return fmt.Errorf("the port of %s was taken by another", r.name) //nolint:err113 // a line for people
	}
	return err
}

// info is one value of a section of the server's own report.
func (r *redisServer) info(ctx context.Context, section, name string) (string, error) {
	report, err := r.client.Info(ctx, section).Result()
	if err != nil {
		return "", fmt.Errorf("ask redis: %w", err)
	}
	for line := range strings.Lines(report) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value), nil
		}
	}
	return "", fmt.Errorf("redis does not tell its %s", name) //nolint:err113 // a line for people
}

// inboxes is what lies in the inboxes of the installation.
type inboxes struct{ mailboxes, events int }

func (i inboxes) minus(before inboxes) inboxes {
	return inboxes{i.mailboxes - before.mailboxes, i.events - before.events}
}

// stored counts the events in all inboxes.
func (r *redisServer) stored(ctx context.Context) (inboxes, error) {
	var sum inboxes
	err := r.scan(ctx, keyPrefix+"{w*}:in:*", func(keys []string) error {
		pipe := r.client.Pipeline()
		lengths := make([]*redis.IntCmd, len(keys))
		for i, key := range keys {
			lengths[i] = pipe.LLen(ctx, key)
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return err
		}
		for _, n := range lengths {
			sum.mailboxes++
			sum.events += int(n.Val())
		}
		return nil
	})
	return sum, err
}

// drain takes everything out of the mailboxes, as workers would.
func (r *redisServer) drain(ctx context.Context) error {
	return r.scan(ctx, keyPrefix+"{w*}:*", func(keys []string) error { return r.client.Unlink(ctx, keys...).Err() })
}

// scan hands all keys of a pattern on, each once, some at a time.
func (r *redisServer) scan(ctx context.Context, pattern string, each func(keys []string) error) error {
	seen := map[string]bool{} // a scan may tell a key twice
	for cursor := uint64(0); ; {
		keys, next, err := r.client.Scan(ctx, cursor, pattern, 2000).Result()
		if err != nil {
			return fmt.Errorf("scan redis: %w", err)
		}
		fresh := keys[:0]
		for _, key := range keys {
			if !seen[key] {
				seen[key] = true
				fresh = append(fresh, key)
			}
		}
		if len(fresh) > 0 {
			if err := each(fresh); err != nil {
				return fmt.Errorf("scan redis: %w", err)
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
