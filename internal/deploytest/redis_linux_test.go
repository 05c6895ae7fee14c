package deploytest_test

import (
	"context"
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/store"
)

// The Kubernetes example runs the same Redis as the Compose file.
func TestRedisIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(text(t, "deploy/redis.conf"), word(object(t, "redis/configmap.yaml", "ConfigMap"), "data", "redis.conf")); diff != "" {
		t.Errorf("redis.conf (-compose +kubernetes):\n%s", diff)
	}
}

// users is what Redis' users are in the example, with a password.
func users(t *testing.T, password string) string {
	t.Helper()
	example := word(object(t, "redis/secret.example.yaml", "Secret"), "stringData", "redis_users")
	for line := range strings.Lines(example) {
		plain := strings.TrimSpace(strings.ReplaceAll(line, "REPLACE-ME", "%s"))
		if !strings.Contains(text(t, "deploy/compose.yaml"), plain) {
			t.Errorf("the Compose file makes other users than %q", plain)
		}
	}
	return strings.ReplaceAll(example, "REPLACE-ME", password)
}

// TestRedisServesPonte starts redis-server with the file that is deployed: `ponte serve` has nothing to say against it, and the
// probe's user may do nothing else.
func TestRedisServesPonte(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	conf := text(t, "deploy/redis.conf")
	for directive, value := range map[string]string{"dir": dir, "aclfile": filepath.Join(dir, "users"), "bind": "127.0.0.1"} {
		line := regexp.MustCompile(`(?m)^` + directive + ` .*$`)
		if !line.MatchString(conf) {
			t.Fatalf("redis.conf does not set %s", directive)
		}
		conf = line.ReplaceAllString(conf, directive+" "+value)
	}
	socket := filepath.Join(dir, "s")
	write(t, filepath.Join(dir, "redis.conf"), conf+"\nport 0\nunixsocket "+socket+"\nlogfile "+filepath.Join(dir, "log")+"\n")
	write(t, filepath.Join(dir, "users"), users(t, "for-a-test"))
	start(t, filepath.Join(dir, "redis.conf"))

	probe := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, Username: "probe", Password: "none", DisableIdentity: true})
	t.Cleanup(func() { _ = probe.Close() })
	await(t, func() error { return probe.Ping(t.Context()).Err() })
	if err := probe.Get(t.Context(), "ponte:x").Err(); err == nil || errors.Is(err, redis.Nil) {
		t.Errorf("the probe's user may read: %v", err)
	}
	stranger := redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	t.Cleanup(func() { _ = stranger.Close() })
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Error("Redis answers without a password")
	}
	client, err := store.Open("unix://:for-a-test@" + socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	found, err := store.Check(t.Context(), client)
	if err != nil || len(found) > 0 {
		t.Errorf("ponte serve says %v, %v", found, err)
	}
	if got := client.ConfigGet(t.Context(), "appendfsync").Val()["appendfsync"]; got != "always" {
		t.Errorf("appendfsync is %q", got)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start runs redis-server until the test ends, however it ends.
func start(t *testing.T, conf string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	command := osexec.CommandContext(ctx, "redis-server", conf)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the kernel ties the process's life to the thread that started it
		defer close(ended)
		err := command.Start()
		started <- err
		if err == nil {
			_ = command.Wait()
		}
	}()
	if err := <-started; err != nil {
		cancel()
		t.Fatalf("redis-server: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// await asks until there is no error any more.
func await(t *testing.T, ask func() error) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	give, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		err := ask()
		if err == nil {
			return
		}
		select {
		case <-give.Done():
			t.Fatalf("redis-server did not get ready: %v", err)
		case <-tick.C:
		}
	}
}
