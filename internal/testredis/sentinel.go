package testredis

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// SentinelMaster is the name under which Sentinel's server is known to its sentinel.
const SentinelMaster = "testmaster"

// Sentinel gives a dedicated server watched by one sentinel; the URL names the sentinel and is for redis.ParseFailoverURL, Client is
// connected to the server itself.
func Sentinel(tb testing.TB) *Redis {
	tb.Helper()
	r := Server(tb, Dedicated())
	s, err := startSentinel(context.Background(), tb.TempDir(), r.node.addr)
	if err != nil {
		tb.Fatalf("testredis: %v", err)
	}
	tb.Cleanup(s.kill)
	r.URL = "redis://" + s.addr + "?master_name=" + SentinelMaster
	return r
}

func startSentinel(ctx context.Context, dir, master string) (*node, error) {
	host, port, err := net.SplitHostPort(master)
	if err != nil {
		return nil, fmt.Errorf("split the server's address: %w", err)
	}
	// A sentinel insists on a file it can write its state to.
	file := filepath.Join(dir, "sentinel.conf")
	conf := fmt.Sprintf("sentinel monitor %s %s %s 1\n", SentinelMaster, host, port)
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		return nil, fmt.Errorf("write the sentinel's file: %w", err)
	}
	return tryPorts(ctx, func(port int) (*node, error) {
		n := newNode(port)
		n.args = []string{
			file, "--sentinel", "--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir,
			"--logfile", filepath.Join(dir, "sentinel.log"),
		}
		return n, nil
	})
}
