package store_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestOpenReachesEveryKindOfStore(t *testing.T) {
	t.Parallel()
	reach := func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, err := store.Open(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { client.Close() })
		if err := client.Set(t.Context(), r.Prefix+"k", "v", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if got, err := r.Client.Get(t.Context(), r.Prefix+"k").Result(); err != nil || got != "v" {
			t.Errorf("Get = %q, %v; want v", got, err)
		}
	}
	testredis.Each(t, reach)
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()
		reach(t, testredis.Sentinel(t))
	})
}

func TestOpenUnderstandsURLs(t *testing.T) {
	t.Parallel()
	t.Run("one server with TLS", func(t *testing.T) {
		t.Parallel()
		o := single(t, "rediss://ponte:segredo@redis.example:6380/3")
		if o.Addr != "redis.example:6380" || o.DB != 3 || o.Username != "ponte" || o.Password != "segredo" || o.TLSConfig == nil {
			t.Errorf("options = %s db %d user %s tls %v", o.Addr, o.DB, o.Username, o.TLSConfig != nil)
		}
		if !o.ContextTimeoutEnabled {
			t.Error("a context's deadline does not bound reads")
		}
	})
	t.Run("unix socket", func(t *testing.T) {
		t.Parallel()
		if o := single(t, "unix:///run/redis.sock?db=2"); o.Network != "unix" || o.Addr != "/run/redis.sock" || o.DB != 2 {
			t.Errorf("options = %s %s db %d", o.Network, o.Addr, o.DB)
		}
	})
	t.Run("cluster with TLS", func(t *testing.T) {
		t.Parallel()
		client := open(t, "rediss://:segredo@a.example:7000?addr=b.example:7001")
		cluster, ok := client.(*redis.ClusterClient)
		if !ok {
			t.Fatalf("client is a %T; want a cluster's", client)
		}
		o := cluster.Options()
		if strings.Join(o.Addrs, " ") != "a.example:7000 b.example:7001" || o.Password != "segredo" || o.TLSConfig == nil || !o.ContextTimeoutEnabled {
			t.Errorf("options = %v, tls %v, context %v", o.Addrs, o.TLSConfig != nil, o.ContextTimeoutEnabled)
		}
	})
}

func TestOpenRefusesWithoutShowingThePassword(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"port is no number":         "redis://ponte:se#gredo@redis.example",
		"slash in the password":     "redis://ponte:123/segredo@redis.example:6379",
		"unknown scheme":            "http://ponte:segredo@redis.example",
		"unknown option":            "redis://ponte:segredo@redis.example?colour=red",
		"cluster, unknown option":   "redis://ponte:segredo@redis.example?addr=b:1&colour=red",
		"cluster over a socket":     "unix:///run/redis.sock?addr=b:1",
		"sentinel, no master":       "redis://ponte:segredo@redis.example?master_name=",
		"sentinel, unknown option":  "redis://ponte:segredo@redis.example?master_name=m&colour=red",
		"sentinel, reads replicas":  "redis://ponte:segredo@redis.example?master_name=m&replica_only=true",
		"sentinel, routes anywhere": "redis://ponte:segredo@redis.example?master_name=m&route_randomly=true",
		"empty":                     "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := store.Open(url)
			if err == nil {
				client.Close()
				t.Fatal("Open succeeded; want an error")
			}
			if strings.Contains(err.Error(), "gredo") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func open(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	client, err := store.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func single(t *testing.T, url string) *redis.Options {
	t.Helper()
	client := open(t, url)
	c, ok := client.(*redis.Client)
	if !ok {
		t.Fatalf("client is a %T; want one server's", client)
	}
	return c.Options()
}
