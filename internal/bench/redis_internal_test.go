package bench

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestStoredAndDrain(t *testing.T) {
	t.Parallel()
	r := &redisServer{client: testredis.Server(t, testredis.Dedicated()).Client}
	ctx := t.Context()
	if got, err := r.stored(ctx); err != nil || got != (inboxes{}) {
		t.Errorf("nothing: %+v, %v", got, err)
	}
	pipe := r.client.Pipeline()
	for i := range 3000 {
		pipe.RPush(ctx, fmt.Sprintf("%s{w%d}:in:106|c%d", keyPrefix, i%64, i), "e", "f")
		pipe.ZAdd(ctx, fmt.Sprintf("%s{w%d}:dd:106|c%d", keyPrefix, i%64, i), redis.Z{Score: 1, Member: "d"})
		pipe.Set(ctx, fmt.Sprintf("%salias:wa:%d", keyPrefix, i), "c", 0)
	}
	pipe.RPush(ctx, "other:{w1}:in:106|c1", "e") // of another installation
	pipe.Set(ctx, keyPrefix+"cfg:partitions", 64, 0)
	if _, err := pipe.Exec(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := r.stored(ctx); err != nil || got != (inboxes{3000, 6000}) {
		t.Errorf("full: %+v, %v", got, err)
	}
	if got := (inboxes{5, 9}).minus(inboxes{2, 4}); got != (inboxes{3, 5}) {
		t.Errorf("difference: %+v", got)
	}
	if err := r.drain(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := r.stored(ctx); err != nil || got != (inboxes{}) {
		t.Errorf("drained: %+v, %v", got, err)
	}
	if n, err := r.client.DBSize(ctx).Result(); err != nil || n != 3000+2 {
		t.Errorf("%d keys are left, %v: aliases and the settings of the installation must stay", n, err)
	}
}

func TestStartRedis(t *testing.T) {
	t.Parallel()
	for _, p := range policies() {
		var f freed
		r, err := startRedis(t.Context(), &f, p.fsync)
		if err != nil {
			t.Fatal(err)
		}
		for setting, want := range map[string]string{"appendonly": "yes", "appendfsync": p.fsync, "maxmemory-policy": "noeviction", "bind": "127.0.0.1"} {
			if got := r.client.ConfigGet(t.Context(), setting).Val()[setting]; got != want {
				t.Errorf("%s: %s is %q", p.fsync, setting, got)
			}
		}
		if v, err := r.info(t.Context(), "server", "redis_version"); err != nil || v == "" {
			t.Errorf("version %q, %v", v, err)
		}
		if _, err := r.info(t.Context(), "server", "colour"); err == nil {
			t.Error("redis tells its colour")
		}
		if err := f.run(t.Context()); err != nil || !gone(r.pid()) {
			t.Errorf("still there: %v", err)
		}
	}
}

// A port that another took is noticed, and the next one is tried.
func TestRedisPortTaken(t *testing.T) {
	t.Parallel()
	other := testredis.Server(t, testredis.Dedicated())
	var f freed
	defer func() {
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	p, err := start(t.Context(), command{name: "redis-server", path: self(t), args: []string{"chatter"}})
	if err != nil {
		t.Fatal(err)
	}
	f.add(p.stop)
	if err := (&redisServer{process: p, client: other.Client}).ready(t.Context()); err == nil {
		t.Error("another's server is taken for ours")
	}
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
}

func TestStartRedisNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var f freed
	if _, err := startRedis(t.Context(), &f, "always"); err == nil {
		t.Error("no redis-server is no error")
	}
}
