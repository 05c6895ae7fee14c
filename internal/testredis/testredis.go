// Package testredis starts the Redis that tests run against: an embedded miniredis, a real redis-server process or a cluster of three.
//
// Processes listen on loopback only. They are shared by the tests of one test binary, which keep apart by Prefix, and end with that binary
// however it ends. A machine without redis-server fails the tests; it never skips them.
package testredis

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Redis is one store as a test sees it.
type Redis struct {
	// URL reaches the store through redis.ParseURL, or through redis.ParseClusterURL when it carries addr parameters.
	URL string
	// Client is connected to the store and is closed when the test ends.
	Client redis.UniversalClient
	// Prefix is unique per call, ends with a colon and holds no hash tag: tests of a shared store keep apart by it.
	Prefix string
	// Mini is the embedded server, nil for real ones.
	Mini *miniredis.Miniredis

	t    testing.TB
	node *node // set for a Dedicated server
}

// Option changes what Server starts. Every option gives the test a process of its own.
type Option func(*config)

type config struct {
	dedicated bool
	everysec  bool
	noAOF     bool
}

// Dedicated gives the test its own process, which it may Kill and Restart.
func Dedicated() Option { return func(c *config) { c.dedicated = true } }

// Everysec lets the append-only file reach the disk once a second instead of before every answer. It implies Dedicated.
func Everysec() Option { return func(c *config) { c.dedicated, c.everysec = true, true } }

// NoAOF turns the append-only file off: a Restart comes back empty. It implies Dedicated.
func NoAOF() Option { return func(c *config) { c.dedicated, c.noAOF = true, true } }

// Each runs f on every kind of store in the parallel subtests "miniredis", "redis" and "cluster".
func Each(t *testing.T, f func(t *testing.T, r *Redis)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		f(t, Mini(t))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		f(t, Server(t))
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		f(t, Cluster(t))
	})
}

// Mini starts a miniredis of the test's own on a free loopback port.
//
// Its clock, by which keys expire, follows the machine until the first Advance and stands still between Advances from then on.
func Mini(tb testing.TB) *Redis {
	tb.Helper()
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	if err := m.Start(); err != nil {
		tb.Fatalf("testredis: start miniredis: %v", err)
	}
	tb.Cleanup(m.Close)
	r := open(tb, "redis://"+m.Addr())
	r.Mini = m
	return r
}

// Server gives a real redis-server whose append-only file is synced before every answer.
//
// Without options the process is shared by the whole test binary.
func Server(tb testing.TB, opts ...Option) *Redis {
	tb.Helper()
	var c config
	for _, o := range opts {
		o(&c)
	}
	if !c.dedicated {
		addr, err := sharedServer()
		if err != nil {
			tb.Fatalf("testredis: %v", err)
		}
		return open(tb, "redis://"+addr)
	}
	n, err := startNode(context.Background(), tb.TempDir(), c.arguments())
	if err != nil {
		tb.Fatalf("testredis: %v", err)
	}
	tb.Cleanup(n.kill)
	r := open(tb, "redis://"+n.addr)
	r.node = n
	return r
}

// Cluster gives three redis-server nodes that share the slots; they are shared by the whole test binary.
func Cluster(tb testing.TB) *Redis {
	tb.Helper()
	addrs, err := sharedCluster()
	if err != nil {
		tb.Fatalf("testredis: %v", err)
	}
	return open(tb, "redis://"+addrs[0]+"?addr="+addrs[1]+"&addr="+addrs[2])
}

// Kill ends the process with SIGKILL and returns when it is gone. The server must be Dedicated.
func (r *Redis) Kill() {
	r.t.Helper()
	if r.node == nil {
		r.t.Fatal("testredis: Kill needs a Dedicated server")
	}
	r.node.kill()
}

// Restart starts a killed server again on the same port and data and returns when it answers.
func (r *Redis) Restart() {
	r.t.Helper()
	if r.node == nil {
		r.t.Fatal("testredis: Restart needs a Dedicated server")
	}
	if err := r.node.restart(context.Background()); err != nil {
		r.t.Fatalf("testredis: %v", err)
	}
}

// Now reads the store's own clock; on a cluster the clock of the machine all its nodes run on.
func (r *Redis) Now(tb testing.TB) time.Time {
	tb.Helper()
	now, err := r.Client.Time(tb.Context()).Result()
	if err != nil {
		tb.Fatalf("testredis: read the store's clock: %v", err)
	}
	return now
}

// Advance moves the store's clock and its expiries by d: at once on miniredis, by waiting that long on real servers.
func (r *Redis) Advance(d time.Duration) {
	r.t.Helper()
	if r.Mini != nil {
		r.Mini.SetTime(r.Now(r.t).Add(d))
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.t.Context().Done():
	}
}

func open(tb testing.TB, url string) *Redis {
	tb.Helper()
	client, err := dial(url)
	if err != nil {
		tb.Fatalf("testredis: %v", err)
	}
	tb.Cleanup(func() {
		if err := client.Close(); err != nil {
			tb.Logf("testredis: close the client: %v", err)
		}
	})
	return &Redis{URL: url, Client: client, Prefix: prefix(), t: tb}
}

func prefix() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // crypto/rand never fails
	return "t" + hex.EncodeToString(b) + ":"
}
