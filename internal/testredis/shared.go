package testredis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

const (
	clusterSize = 3
	slots       = 16384
)

// The processes that all tests of a binary share, started by the first that asks.
var (
	sharedServer  = sync.OnceValues(startSharedServer)
	sharedCluster = sync.OnceValues(startSharedCluster)
	sharedDir     = sync.OnceValues(startSharedDir)
)

// workspace is the folder of the shared servers' data; the pipe stays open as long as this process lives, which the reaper watches.
type workspace struct {
	dir  string
	pipe io.Closer
}

func startSharedDir() (*workspace, error) {
	dir, err := os.MkdirTemp("", "ponte-testredis-")
	if err != nil {
		return nil, fmt.Errorf("make the shared servers' folder: %w", err)
	}
	pipe, err := reap(dir)
	if err != nil {
		return nil, err
	}
	return &workspace{dir: dir, pipe: pipe}, nil
}

func (w *workspace) folder(name string) (string, error) {
	dir := filepath.Join(w.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", fmt.Errorf("make a server's folder: %w", err)
	}
	return dir, nil
}

func startSharedServer() (string, error) {
	w, err := sharedDir()
	if err != nil {
		return "", err
	}
	dir, err := w.folder("server")
	if err != nil {
		return "", err
	}
	n, err := startNode(context.Background(), dir, config{}.arguments())
	if err != nil {
		return "", err
	}
	return n.addr, nil
}

func startSharedCluster() ([]string, error) {
	w, err := sharedDir()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	nodes := make([]*node, 0, clusterSize)
	addrs := make([]string, 0, clusterSize)
	for i := range clusterSize {
		dir, err := w.folder("node" + strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		n, err := startClusterNode(ctx, dir)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		addrs = append(addrs, n.addr)
	}
	if err := join(ctx, nodes); err != nil {
		return nil, err
	}
	return addrs, nil
}

// join gives every node its share of the slots, introduces them to each other and waits until all call the cluster ok.
func join(ctx context.Context, nodes []*node) error {
	clients := make([]*redis.Client, 0, len(nodes))
	defer func() {
		for _, c := range clients {
			_ = c.Close()
		}
	}()
	for i, n := range nodes {
		c := redis.NewClient(&redis.Options{Addr: n.addr, DisableIdentity: true})
		clients = append(clients, c)
		first, last := i*slots/len(nodes), (i+1)*slots/len(nodes)-1
		if err := c.ClusterAddSlotsRange(ctx, first, last).Err(); err != nil {
			return fmt.Errorf("assign slots: %w", err)
		}
		if err := c.Do(ctx, "cluster", "set-config-epoch", i+1).Err(); err != nil {
			return fmt.Errorf("set the config epoch: %w", err)
		}
	}
	for _, n := range nodes[1:] {
		host, port, err := net.SplitHostPort(n.addr)
		if err != nil {
			return fmt.Errorf("split a node's address: %w", err)
		}
		// The bus does not sit at port + 10000, so its port is named, which go-redis' ClusterMeet can't do.
		if err := clients[0].Do(ctx, "cluster", "meet", host, port, n.busPort).Err(); err != nil {
			return fmt.Errorf("introduce a node: %w", err)
		}
	}
	for i, c := range clients {
		if err := await(ctx, nodes[i].exited, func(ctx context.Context) error { return clusterOK(ctx, c, len(nodes)) }); err != nil {
			return fmt.Errorf("cluster node %s: %w", nodes[i].addr, err)
		}
	}
	return nil
}

func clusterOK(ctx context.Context, c *redis.Client, size int) error {
	info, err := c.ClusterInfo(ctx).Result()
	if err != nil {
		return fmt.Errorf("read the cluster's state: %w", err)
	}
	if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_size:"+strconv.Itoa(size)) {
		return errors.New("cluster state is not ok yet")
	}
	return nil
}
