package main

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestUsage(t *testing.T) {
	environment(t, nil)
	for _, tt := range []struct {
		name string
		args []string
		code int
	}{
		{"nothing", nil, 2},
		{"unknown command", []string{"fly"}, 2},
		{"command in capitals", []string{"SERVE"}, 2},
		{"empty word", []string{""}, 2},
		{"help", []string{"help"}, 0},
		{"help with more", []string{"help", "serve"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ponte(t, tt.args...)
			if got.code != tt.code || got.out != "" || !strings.HasPrefix(got.err, "usage: ponte COMMAND\n") {
				t.Errorf("exit %d, want %d: %s%s", got.code, tt.code, got.out, got.err)
			}
			for _, c := range commands() {
				if !strings.Contains(got.err, "\n  "+c.name+" ") || !strings.Contains(got.err, c.does) {
					t.Errorf("the help tells nothing of %s", c.name)
				}
			}
		})
	}
}

// A command that gets words it can't use says how it is used and touches nothing: there is no Redis here.
func TestUsageOfCommands(t *testing.T) {
	environment(t, map[string]string{"REDIS_URL": "redis://127.0.0.1:1"})
	for _, args := range [][]string{
		{"serve", "now"},
		{"demo", "now"},
		{"dead"},
		{"dead", "list", "1"},
		{"dead", "show"},
		{"dead", "retry"},
		{"dead", "drop", "1", "2"},
		{"dead", "bury", "1"},
		{"dead", "LIST"},
		{"replay"},
		{"replay", "-v"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			for _, c := range commands() {
				if c.name == args[0] {
					stops(t, ponte(t, args...), 2, strings.TrimSpace("usage: ponte "+c.name+" "+c.args))
				}
			}
		})
	}
	for _, flags := range [][]string{{"-x"}, {"-wait", "soon", "f"}, {"-h"}} {
		if got := ponte(t, append([]string{"replay"}, flags...)...); got.code != 2 || !strings.HasSuffix(got.err, "usage: ponte replay [-v] FILE…\n") {
			t.Errorf("%v: exit %d, %s", flags, got.code, got.err)
		}
	}
}

func TestServeWrongEnvironment(t *testing.T) {
	environment(t, map[string]string{
		"HTTP_ADDR": "nowhere", "SESSIONS": "-1", "ZENDESK_URL": "acme", "WHATSAPP_APP_SECRET": "s3cret", "ZENDESK_CLIENT_SECRET": "s3cret",
	})
	got := ponte(t, "serve")
	var variables []string
	for line := range strings.Lines(got.err) {
		name, rest, _ := strings.Cut(line, " ")
		if !strings.Contains(rest, ": ") {
			t.Errorf("the line %q does not say how to mend it", line)
		}
		variables = append(variables, strings.TrimPrefix(name, "PONTE_"))
	}
	same(t, "variables", variables, []string{
		"REDIS_URL", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN", "ZENDESK_CLIENT_ID", "ZENDESK_WEBHOOK_SECRET", "HTTP_ADDR",
		"ZENDESK_URL", "SESSIONS",
	})
	if got.code != 1 || got.out != "" || strings.Contains(got.err, "s3cret") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

// What can't be read stops every command in the same way.
func TestUnreadableEnvironment(t *testing.T) {
	for _, args := range [][]string{{"serve"}, {"demo"}, {"dead", "list"}, {"replay", "file"}} {
		environment(t, map[string]string{"LOG_LEVEL": "chatty"})
		stops(t, ponte(t, args...), 1, "PONTE_LOG_LEVEL can't be read as slog.Level: see the README's table for its form")
	}
}

// complete is what serve needs beside Redis; nobody answers at the peers' addresses.
func complete() map[string]string {
	return map[string]string{
		"HTTP_ADDR": "127.0.0.1:0", "SESSIONS": "4", "WHATSAPP_API_URL": "http://127.0.0.1:1", "WHATSAPP_APP_SECRET": "s3cret-a",
		"WHATSAPP_VERIFY_TOKEN": "s3cret-b", "WHATSAPP_ACCESS_TOKEN": "s3cret-c", "ZENDESK_URL": "http://127.0.0.1:1",
		"ZENDESK_CLIENT_ID": "ponte", "ZENDESK_CLIENT_SECRET": "s3cret-d", "ZENDESK_WEBHOOK_SECRET": "s3cret-e",
	}
}

func TestServe(t *testing.T) {
	onRedis(t, complete())
	s := start(t, "serve")
	url := "http://" + s.address(s.err, `"listening","addr":"([^"]+)"`)
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 200, "/sandbox/": 404, "/": 404,
		"/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=s3cret-b&hub.challenge=7": 200,
		"/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=s3cret-x&hub.challenge=7": 403,
	} {
		if status, _, _ := get(t, url+path); status != want {
			t.Errorf("%s: %d; want %d", path, status, want)
		}
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d: %s", code, s.err)
	}
	if told := s.out.String() + s.err.String(); strings.Contains(told, "s3cret") {
		t.Errorf("a secret is logged: %s", told)
	}
}

func TestServeAddressTaken(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	vars := complete()
	vars["HTTP_ADDR"] = ln.Addr().String()
	onRedis(t, vars)
	if got := ponte(t, "serve"); got.code != 1 || !strings.Contains(got.err, "\nPONTE_HTTP_ADDR: ") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

func TestServeWithoutRedis(t *testing.T) {
	vars := complete()
	vars["REDIS_URL"] = "redis://:s3cret@127.0.0.1:1/0"
	environment(t, vars)
	if got := ponte(t, "serve"); got.code != 1 || got.err == "" || strings.Contains(got.err, "s3cret") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	vars["REDIS_URL"] = "postgres://:s3cret@127.0.0.1"
	environment(t, vars)
	if got := ponte(t, "serve"); got.code != 1 || !strings.HasPrefix(got.err, "PONTE_REDIS_URL: ") || strings.Contains(got.err, "s3cret") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// A Redis that would throw mailboxes away when it is full is refused.
func TestServeRefusesAForgetfulRedis(t *testing.T) {
	r := testredis.Server(t, testredis.Dedicated())
	if err := r.Client.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	vars := complete()
	vars["REDIS_URL"], vars["REDIS_PREFIX"] = r.URL, r.Prefix
	environment(t, vars)
	if got := ponte(t, "serve"); got.code != 1 || !strings.Contains(got.err, "redis: ") || !strings.Contains(got.err, "noeviction") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// Told to stop before it begins, it stops.
func TestServeToldToStop(t *testing.T) {
	onRedis(t, complete())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out, errs := newTail(), newTail()
	if code := run(ctx, streams{out, errs}, []string{"serve"}); code != 1 {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// Without a redis-server on the machine the demo says that nothing survives.
func TestDemoEmbedded(t *testing.T) {
	environment(t, map[string]string{"HTTP_ADDR": "127.0.0.1:0", "DATA_DIR": t.TempDir()})
	t.Setenv("PATH", t.TempDir())
	s := start(t, "demo")
	url := s.address(s.out, `Ponte demo: (http://127\.0\.0\.1:\d+)/\n`)
	if !strings.Contains(s.err.String(), "NOTHING SURVIVES") {
		t.Errorf("it does not say so: %s", s.err)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/sandbox/": 200, "/": 302, "/nowhere": 404} {
		status, _, header := get(t, url+path)
		if status != want || want == 302 && header.Get("Location") != "/sandbox/" {
			t.Errorf("%s: %d %s; want %d", path, status, header.Get("Location"), want)
		}
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d: %s", code, s.err)
	}
}
