package testredis_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/internal/testredis"
)

// roleVariable makes the test binary play the part of a program that starts servers and is killed.
const roleVariable = "PONTE_TESTREDIS_VICTIM"

func TestEachStoreWorksAndKeepsTestsApart(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		ctx := t.Context()
		if err := r.Client.Set(ctx, r.Prefix+"a", "1", 0).Err(); err != nil {
			t.Fatal(err)
		}
		got, err := r.Client.Get(ctx, r.Prefix+"a").Result()
		if err != nil || got != "1" {
			t.Fatalf("Get = %q, %v; want 1", got, err)
		}
		if !strings.HasSuffix(r.Prefix, ":") || strings.ContainsAny(r.Prefix, "{}") {
			t.Errorf("Prefix = %q; want a colon at its end and no hash tag", r.Prefix)
		}
		script := redis.NewScript(`return redis.call('incrby', KEYS[1], ARGV[1])`)
		if n, err := script.Run(ctx, r.Client, []string{r.Prefix + "{w1}:n"}, 3).Int(); err != nil || n != 3 {
			t.Errorf("script = %d, %v; want 3", n, err)
		}
	})
}

func TestPrefixesDiffer(t *testing.T) {
	t.Parallel()
	if a, b := testredis.Server(t), testredis.Server(t); a.Prefix == b.Prefix || a.URL != b.URL {
		t.Errorf("two calls gave prefixes %q and %q on %q and %q; want one server, two prefixes", a.Prefix, b.Prefix, a.URL, b.URL)
	}
}

func TestURLOpensAnotherClient(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		var other redis.UniversalClient
		if strings.Contains(r.URL, "addr=") {
			o, err := redis.ParseClusterURL(r.URL)
			if err != nil {
				t.Fatal(err)
			}
			other = redis.NewClusterClient(o)
		} else {
			o, err := redis.ParseURL(r.URL)
			if err != nil {
				t.Fatal(err)
			}
			other = redis.NewClient(o)
		}
		t.Cleanup(func() { other.Close() })
		if err := other.Set(t.Context(), r.Prefix+"k", "v", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if got, err := r.Client.Get(t.Context(), r.Prefix+"k").Result(); err != nil || got != "v" {
			t.Errorf("Get = %q, %v; want v", got, err)
		}
	})
}

func TestAdvanceMovesClockAndExpiries(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		const d = 60 * time.Millisecond
		if err := r.Client.Set(t.Context(), r.Prefix+"k", "v", d/2).Err(); err != nil {
			t.Fatal(err)
		}
		before := r.Now(t)
		r.Advance(d)
		if moved := r.Now(t).Sub(before); moved < d-time.Millisecond {
			t.Errorf("the clock moved by %v; want at least %v", moved, d)
		}
		if err := r.Client.Get(t.Context(), r.Prefix+"k").Err(); !errors.Is(err, redis.Nil) {
			t.Errorf("Get after the expiry = %v; want redis.Nil", err)
		}
	})
}

func TestKillAndRestartKeepsWhatWasAnswered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts []testredis.Option
		want string
	}{
		"append-only file": {opts: []testredis.Option{testredis.Dedicated()}, want: "v"},
		"no file":          {opts: []testredis.Option{testredis.NoAOF()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Server(t, c.opts...)
			if err := r.Client.Set(t.Context(), r.Prefix+"k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
			r.Kill()
			if err := r.Client.Get(t.Context(), r.Prefix+"k").Err(); err == nil || errors.Is(err, redis.Nil) {
				t.Errorf("Get from a killed server = %v; want a connection error", err)
			}
			r.Restart()
			got, err := r.Client.Get(t.Context(), r.Prefix+"k").Result()
			if err != nil && !errors.Is(err, redis.Nil) {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("after the restart Get = %q; want %q", got, c.want)
			}
		})
	}
}

func TestOptionsReachTheServer(t *testing.T) {
	t.Parallel()
	type settings struct{ AppendOnly, Fsync string }
	for name, c := range map[string]struct {
		opts []testredis.Option
		want settings
	}{
		"shared":    {want: settings{"yes", "always"}},
		"dedicated": {opts: []testredis.Option{testredis.Dedicated()}, want: settings{"yes", "always"}},
		"everysec":  {opts: []testredis.Option{testredis.Everysec()}, want: settings{"yes", "everysec"}},
		"no file":   {opts: []testredis.Option{testredis.NoAOF()}, want: settings{"no", "everysec"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Server(t, c.opts...)
			values, err := r.Client.ConfigGet(t.Context(), "append*").Result()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, settings{values["appendonly"], values["appendfsync"]}); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSentinelNamesItsServer(t *testing.T) {
	t.Parallel()
	r := testredis.Sentinel(t)
	o, err := redis.ParseFailoverURL(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewFailoverClient(o)
	t.Cleanup(func() { client.Close() })
	if err := client.Set(t.Context(), r.Prefix+"k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Client.Get(t.Context(), r.Prefix+"k").Result(); err != nil || got != "v" {
		t.Errorf("Get = %q, %v; want v", got, err)
	}
}

func TestServersEndWithAKilledProgram(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	victim := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestVictim$", "-test.v")
	victim.Env = append(os.Environ(), roleVariable+"=1", "TMPDIR="+folder)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var addrs []string
	for lines := bufio.NewScanner(out); len(addrs) < 2 && lines.Scan(); {
		if _, addr, ok := strings.Cut(lines.Text(), "victim serves "); ok {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) != 2 {
		t.Fatalf("the victim named %d servers; want 2", len(addrs))
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !gone(ctx, addrs) || len(leftovers(t, folder)) > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("servers %v gone: %v, folders left: %v", addrs, gone(t.Context(), addrs), leftovers(t, folder))
		}
	}
}

// TestVictim is run by the test above in a process of its own, which is killed while its servers run; in any other run it has nothing to do.
func TestVictim(t *testing.T) {
	t.Parallel()
	if os.Getenv(roleVariable) == "" {
		return
	}
	for _, r := range []*testredis.Redis{testredis.Server(t), testredis.Server(t, testredis.Dedicated())} {
		t.Logf("victim serves %s", strings.TrimPrefix(r.URL, "redis://"))
	}
	<-t.Context().Done()
}

func gone(ctx context.Context, addrs []string) bool {
	var dialer net.Dialer
	for _, addr := range addrs {
		if c, err := dialer.DialContext(ctx, "tcp", addr); err == nil {
			c.Close()
			return false
		}
	}
	return true
}

func leftovers(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "ponte-testredis-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
