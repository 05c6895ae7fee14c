package store

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Open makes a client from a URL; nothing is dialled yet.
//
// The forms are go-redis' own: redis://, rediss:// (TLS) and unix:// for one server; with master_name, the addresses (host and addr
// parameters) are Sentinels; with addr parameters alone they are nodes of a Cluster (a single known node is given twice). A deadline of a
// call's context also bounds its reads and writes. An error never shows the URL, which may hold a password.
// Source: https://pkg.go.dev/github.com/redis/go-redis/v9#ParseURL, #ParseClusterURL and #ParseFailoverURL.
func Open(rawURL string) (redis.UniversalClient, error) {
	u, err := url.Parse(rawURL)
	if err != nil || (u.User == nil && strings.Contains(rawURL, "@")) {
		return nil, errors.New("redis url: not readable; special characters of user and password must be percent-encoded")
	}
	query := u.Query()
	switch {
	case query.Has("master_name"):
		return openSentinel(rawURL)
	case query.Has("addr"):
		o, err := redis.ParseClusterURL(rawURL)
		if err != nil {
			return nil, fmt.Errorf("redis url of a cluster: %w", err)
		}
		o.ContextTimeoutEnabled = true
		return redis.NewClusterClient(o), nil
	default:
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			return nil, fmt.Errorf("redis url of one server: %w", err)
		}
		o.ContextTimeoutEnabled = true
		return redis.NewClient(o), nil
	}
}

func openSentinel(rawURL string) (redis.UniversalClient, error) {
	o, err := redis.ParseFailoverURL(rawURL)
	if err != nil {
		return nil, fmt.Errorf("redis url of sentinels: %w", err)
	}
	if o.MasterName == "" {
		return nil, errors.New("redis url of sentinels: master_name is empty")
	}
	if o.ReplicaOnly || o.RouteByLatency || o.RouteRandomly {
		return nil, errors.New("redis url of sentinels: reads must go to the master, so replica_only and route_* can't be used")
	}
	o.ContextTimeoutEnabled = true
	return redis.NewFailoverClient(o), nil
}
