package store_test

import (
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestCheckOfRealStores(t *testing.T) {
	t.Parallel()
	unreadable := []string{
		"warn: the version of redis can't be read", "warn: maxmemory-policy can't be read", "warn: appendonly can't be read",
	}
	for name, c := range map[string]struct {
		store   func(*testing.T) *testredis.Redis
		prepare func(*testing.T, *testredis.Redis)
		want    []string
	}{
		"miniredis": {store: func(t *testing.T) *testredis.Redis { t.Helper(); return testredis.Mini(t) }, want: unreadable},
		"redis":     {store: func(t *testing.T) *testredis.Redis { t.Helper(); return testredis.Server(t) }},
		"cluster":   {store: func(t *testing.T) *testredis.Redis { t.Helper(); return testredis.Cluster(t) }},
		"no append-only file": {
			store: func(t *testing.T) *testredis.Redis { t.Helper(); return testredis.Server(t, testredis.NoAOF()) },
			want:  []string{"fatal: appendonly is no"},
		},
		"evicting": {
			store: func(t *testing.T) *testredis.Redis { t.Helper(); return testredis.Server(t, testredis.Dedicated()) },
			prepare: func(t *testing.T, r *testredis.Redis) {
				t.Helper()
				if err := r.Client.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"fatal: maxmemory-policy is allkeys-lru"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := c.store(t)
			if c.prepare != nil {
				c.prepare(t, r)
			}
			checkFinds(t, r.Client, c.want)
		})
	}
}

// TestCheckOfPretendedServers covers answers of servers that are not at hand.
func TestCheckOfPretendedServers(t *testing.T) {
	t.Parallel()
	good := map[string]string{"maxmemory-policy": "noeviction", "appendonly": "yes"}
	for name, c := range map[string]struct {
		info   string
		config map[string]string // nil: refused
		want   []string
	}{
		"redis 7":        {info: "# Server\r\nredis_version:7.2.5\r\n", config: good},
		"redis 10":       {info: "redis_version:10.0.0\r\n", config: good},
		"valkey":         {info: "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\n", config: good},
		"redis 6":        {info: "redis_version:6.2.14\r\n", config: good, want: []string{"fatal: redis is too old: version 6.2.14"}},
		"strange":        {info: "redis_version:unstable\r\n", config: good, want: []string{"warn: the version of redis can't be read"}},
		"silent":         {info: "# Server\r\n", config: good, want: []string{"warn: the version of redis can't be read"}},
		"managed":        {info: "redis_version:7.1.0\r\n", want: []string{"warn: maxmemory-policy can't be read", "warn: appendonly can't be read"}},
		"tells no value": {info: "redis_version:7.1.0\r\n", config: map[string]string{"appendonly": "yes"}, want: []string{"warn: maxmemory-policy can't be read"}},
		"all wrong": {
			info: "redis_version:5.0.1\r\n", config: map[string]string{"maxmemory-policy": "volatile-ttl", "appendonly": "no"},
			want: []string{"fatal: redis is too old: version 5.0.1", "fatal: maxmemory-policy is volatile-ttl", "fatal: appendonly is no"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkFinds(t, pretend(t, c.info, c.config), c.want)
		})
	}
}

func TestCheckTellsAStoreThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.Dedicated())
	r.Kill()
	if found, err := store.Check(t.Context(), r.Client); err == nil {
		t.Errorf("Check of a killed server = %v; want an error", found)
	}
	locked := testredis.Mini(t)
	locked.Mini.RequireAuth("segredo")
	other := redis.NewClient(&redis.Options{Addr: locked.Mini.Addr()})
	t.Cleanup(func() { other.Close() })
	if found, err := store.Check(t.Context(), other); err == nil {
		t.Errorf("Check without the password = %v; want an error", found)
	}
}

func checkFinds(t *testing.T, client redis.UniversalClient, want []string) {
	t.Helper()
	found, err := store.Check(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		kind := "warn: "
		if f.Fatal {
			kind = "fatal: "
		}
		if f.Mend == "" {
			t.Errorf("finding %q does not say how to mend it", f.What)
		}
		got = append(got, kind+f.What)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// pretend serves PING, INFO and CONFIG GET with the given answers.
func pretend(t *testing.T, info string, config map[string]string) *redis.Client {
	t.Helper()
	s, err := server.NewServer("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	answers := map[string]server.Cmd{
		"PING": func(c *server.Peer, _ string, _ []string) { c.WriteInline("PONG") },
		"INFO": func(c *server.Peer, _ string, _ []string) { c.WriteBulk(info) },
		"CONFIG": func(c *server.Peer, _ string, args []string) {
			if config == nil {
				c.WriteError("ERR unknown command 'config'")
				return
			}
			name := strings.ToLower(args[len(args)-1])
			value, ok := config[name]
			if !ok {
				c.WriteLen(0)
				return
			}
			c.WriteLen(2)
			c.WriteBulk(name)
			c.WriteBulk(value)
		},
	}
	for name, answer := range answers {
		if err := s.Register(name, answer); err != nil {
			t.Fatal(err)
		}
	}
	client := redis.NewClient(&redis.Options{Addr: s.Addr().String(), Protocol: 2, DisableIdentity: true})
	t.Cleanup(func() { client.Close() })
	return client
}
