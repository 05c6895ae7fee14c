package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// minVersion is the lowest major version of Redis whose commands and scripts are used; Valkey names the Redis version it stands for.
const minVersion = 7

// Finding is something about the store an operator should know.
type Finding struct {
	// Fatal says that the store is known to be wrong; false that it could not be read.
	Fatal bool
	// What is wrong, in one sentence.
	What string
	// Mend says how to put it right.
	Mend string
}

// setting is one configuration value the product depends on.
type setting struct{ name, want, why string }

// settings lists what must be set, and what goes wrong otherwise.
func settings() []setting {
	return []setting{
		{name: "maxmemory-policy", want: "noeviction", why: "any other policy throws accepted messages away when memory runs short"},
		{name: "appendonly", want: "yes", why: "without the append-only file a restart loses accepted messages"},
	}
}

// Check looks at version, eviction policy and persistence: of every master on a Cluster, of the master behind Sentinel.
//
// An error means that the store does not answer; what it answers but refuses to tell is a Finding that is not Fatal.
func Check(ctx context.Context, client redis.UniversalClient) ([]Finding, error) {
	cluster, ok := client.(*redis.ClusterClient)
	if !ok {
		return checkNode(ctx, client)
	}
	var (
		mu    sync.Mutex
		found []Finding
	)
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		here, err := checkNode(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		for _, f := range here {
			f.What = "node " + node.Options().Addr + ": " + f.What
			found = append(found, f)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("check the cluster: %w", err)
	}
	return found, nil
}

func checkNode(ctx context.Context, node redis.Cmdable) ([]Finding, error) {
	if err := node.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping redis: %w", err)
	}
	var found []Finding
	f, err := checkVersion(ctx, node)
	if err != nil {
		return nil, err
	}
	if f != nil {
		found = append(found, *f)
	}
	for _, s := range settings() {
		f, err := checkSetting(ctx, node, s)
		if err != nil {
			return nil, err
		}
		if f != nil {
			found = append(found, *f)
		}
	}
	return found, nil
}

func checkVersion(ctx context.Context, node redis.Cmdable) (*Finding, error) {
	unreadable := &Finding{
		What: "the version of redis can't be read",
		Mend: fmt.Sprintf("allow INFO, or make sure that it is redis %d or newer, or valkey", minVersion),
	}
	info, err := node.Info(ctx, "server").Result()
	if refused(err) {
		return unreadable, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the version of redis: %w", err)
	}
	version, ok := versionOf(info)
	if !ok {
		return unreadable, nil
	}
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return unreadable, nil //nolint:nilerr // a version that is no number is one that can't be read
	}
	if n < minVersion {
		return &Finding{
			Fatal: true,
			What:  "redis is too old: version " + version,
			Mend:  fmt.Sprintf("upgrade to redis %d or newer, or valkey", minVersion),
		}, nil
	}
	return nil, nil
}

func versionOf(info string) (string, bool) {
	for line := range strings.Lines(info) {
		if version, ok := strings.CutPrefix(strings.TrimSpace(line), "redis_version:"); ok {
			return version, true
		}
	}
	return "", false
}

func checkSetting(ctx context.Context, node redis.Cmdable, s setting) (*Finding, error) {
	values, err := node.ConfigGet(ctx, s.name).Result()
	if err != nil && !refused(err) {
		return nil, fmt.Errorf("read the configuration of redis: %w", err)
	}
	mend := fmt.Sprintf("set `%s %s` in redis.conf; %s", s.name, s.want, s.why)
	got, told := values[s.name]
	switch {
	case !told:
		return &Finding{What: s.name + " can't be read", Mend: "make sure that it is " + s.want + ": " + s.why}, nil
	case got != s.want:
		return &Finding{Fatal: true, What: s.name + " is " + got, Mend: mend}, nil
	}
	return nil, nil
}

// refused reports whether the server answered with an error, as opposed to not answering.
func refused(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}
