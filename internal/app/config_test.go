package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/internal/app"
)

// environment sets PONTE_ variables for a test, which then can't be parallel, and takes all others of ours away.
func environment(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "PONTE_") {
			t.Setenv(name, value) // so that it comes back
			os.Unsetenv(name)
		}
	}
	for name, value := range vars {
		t.Setenv("PONTE_"+name, value)
	}
}

// file holds content and lies where nobody looks later.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// good is what serve needs.
func good() map[string]string {
	return map[string]string{
		"REDIS_URL": "redis://127.0.0.1:6379/0", "WHATSAPP_APP_SECRET": "s3cret-a,s3cret-b", "WHATSAPP_VERIFY_TOKEN": "s3cret-c",
		"WHATSAPP_ACCESS_TOKEN": "s3cret-d", "ZENDESK_URL": "https://acme.zendesk.com", "ZENDESK_CLIENT_ID": "ponte",
		"ZENDESK_CLIENT_SECRET": "s3cret-e", "ZENDESK_WEBHOOK_SECRET": "s3cret-f",
	}
}

func goodConfig() app.Config {
	return app.Config{
		HTTPAddr: "127.0.0.1:8080", DataDir: "./.ponte", RedisURL: "redis://127.0.0.1:6379/0", RedisPrefix: "ponte:", LogLevel: slog.LevelInfo,
		Sessions: 256, WhatsAppAPIURL: "https://graph.facebook.com", WhatsAppAPIVersion: "v26.0",
		WhatsAppAppSecret: "s3cret-a,s3cret-b", WhatsAppVerifyToken: "s3cret-c", WhatsAppAccessToken: "s3cret-d",
		Dialog360URL: "https://waba-v2.360dialog.io",
		ZendeskURL:   "https://acme.zendesk.com", ZendeskClientID: "ponte", ZendeskClientSecret: "s3cret-e", ZendeskWebhookSecret: "s3cret-f",
	}
}

func read(t *testing.T, want app.Config) {
	t.Helper()
	got, err := app.ReadConfig()
	if err != nil {
		t.Fatal(err)
	}
	// Compared by fields: a difference that is printed shows no secret, so it names none either.
	if got != want {
		t.Errorf("configuration (-want +got):\n%s", cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)))
	}
}

func TestReadConfigDefaults(t *testing.T) {
	environment(t, nil)
	want := app.Config{
		HTTPAddr: "127.0.0.1:8080", DataDir: "./.ponte", RedisPrefix: "ponte:", Sessions: 256,
		WhatsAppAPIURL: "https://graph.facebook.com", WhatsAppAPIVersion: "v26.0", Dialog360URL: "https://waba-v2.360dialog.io",
	}
	read(t, want)
}

func TestReadConfig(t *testing.T) {
	vars := good()
	vars["HTTP_ADDR"], vars["PUBLIC_URL"], vars["DATA_DIR"], vars["REDIS_PREFIX"] = "127.0.0.1:0", "https://p.example", "/data", "x:"
	vars["LOG_LEVEL"], vars["SESSIONS"], vars["WHATSAPP_API_URL"], vars["WHATSAPP_API_VERSION"] = "DEBUG", "0", "http://127.0.0.1/wa", "v27.0"
	environment(t, vars)
	want := goodConfig()
	want.HTTPAddr, want.PublicURL, want.DataDir, want.RedisPrefix = "127.0.0.1:0", "https://p.example", "/data", "x:"
	want.LogLevel, want.Sessions, want.WhatsAppAPIURL, want.WhatsAppAPIVersion = slog.LevelDebug, 0, "http://127.0.0.1/wa", "v27.0"
	read(t, want)
}

// Variables of other programs that happen to have our names without the prefix are theirs.
func TestReadConfigNeedsThePrefix(t *testing.T) {
	environment(t, good())
	for name, value := range map[string]string{
		"REDIS_PREFIX": "theirs:", "HTTP_ADDR": "0.0.0.0:80", "LOG_LEVEL": "chatty", "DATA_DIR": "/theirs", "SESSIONS": "many",
		"PUBLIC_URL": "https://theirs", "PUBLIC_URL_FILE": "/theirs",
	} {
		t.Setenv(name, value)
	}
	read(t, goodConfig())
}

// An empty variable, as compose files make them, is none.
func TestReadConfigEmptyVariables(t *testing.T) {
	vars := good()
	for _, name := range []string{
		"HTTP_ADDR", "LOG_LEVEL", "SESSIONS", "DATA_DIR", "WHATSAPP_API_URL", "PUBLIC_URL", "ZENDESK_URL_FILE", "REDIS_PREFIX",
	} {
		vars[name] = ""
	}
	environment(t, vars)
	read(t, goodConfig())
}

func TestReadConfigFiles(t *testing.T) {
	vars := map[string]string{}
	for name, value := range good() {
		vars[name+"_FILE"] = file(t, "\n "+value+" \r\n")
	}
	vars["LOG_LEVEL_FILE"], vars["SESSIONS_FILE"] = file(t, "warn\n"), file(t, "8\n")
	vars["HTTP_ADDR_FILE"], vars["REDIS_PREFIX"] = file(t, "\n"), ""
	environment(t, vars)
	want := goodConfig()
	want.LogLevel, want.Sessions = slog.LevelWarn, 8
	read(t, want)
	for name := range good() {
		if value, ok := os.LookupEnv("PONTE_" + name); ok {
			t.Errorf("%s stays in the environment: %d bytes", name, len(value))
		}
	}
	read(t, want) // and again: reading has changed nothing
}

// lines are the lines of an error.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// mistakes wants one line a mistake, each with its variable, and no value.
func mistakes(t *testing.T, err error, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	if err != nil && strings.Contains(err.Error(), "s3cret") {
		t.Error("a mistake tells a secret")
	}
}

func TestReadConfigMistakesOfFiles(t *testing.T) {
	vars := good()
	vars["ZENDESK_CLIENT_SECRET_FILE"] = file(t, "s3cret-other")
	delete(vars, "WHATSAPP_ACCESS_TOKEN")
	vars["WHATSAPP_ACCESS_TOKEN_FILE"] = filepath.Join(t.TempDir(), "s3cret-missing")
	delete(vars, "WHATSAPP_APP_SECRET")
	vars["WHATSAPP_APP_SECRET_FILE"] = t.TempDir()
	delete(vars, "ZENDESK_WEBHOOK_SECRET")
	vars["ZENDESK_WEBHOOK_SECRET_FILE"] = file(t, "s3cret\x00")
	environment(t, vars)
	_, err := app.ReadConfig()
	mistakes(
		t, err,
		"PONTE_WHATSAPP_APP_SECRET_FILE can't be read: name a file that this user may read",
		"PONTE_WHATSAPP_ACCESS_TOKEN_FILE can't be read: name a file that this user may read",
		"PONTE_ZENDESK_CLIENT_SECRET is set and so is its _FILE: keep one of them",
		"PONTE_ZENDESK_WEBHOOK_SECRET_FILE holds more than text: write nothing but the value into the file",
	)
}

func TestReadConfigBadValues(t *testing.T) {
	for name, tt := range map[string]struct{ value, want string }{
		"LOG_LEVEL": {"s3cret-loud", "PONTE_LOG_LEVEL can't be read as slog.Level: see the README's table for its form"},
		"SESSIONS":  {"s3cret", "PONTE_SESSIONS can't be read as int: see the README's table for its form"},

		"ZENDESK_APP_ID": {"s3cret", "PONTE_ZENDESK_APP_ID can't be read as int64: see the README's table for its form"},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, map[string]string{name: tt.value})
			_, err := app.ReadConfig()
			mistakes(t, err, tt.want)
		})
		t.Run(name+" in a file", func(t *testing.T) {
			environment(t, map[string]string{name + "_FILE": file(t, tt.value)})
			_, err := app.ReadConfig()
			mistakes(t, err, tt.want)
			if _, ok := os.LookupEnv("PONTE_" + name); ok {
				t.Error("the value stays in the environment")
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	const noAddress = " is no http(s) address: write it as https://host"
	for _, tt := range []struct {
		name   string
		change func(*app.Config)
		want   []string
	}{
		{"good", func(*app.Config) {}, nil},
		{"no workers here", func(c *app.Config) { c.Sessions = 0 }, nil},
		{"all interfaces", func(c *app.Config) { c.HTTPAddr = ":8080" }, nil},
		{"a base path", func(c *app.Config) { c.ZendeskURL = "http://127.0.0.1:1/sandbox/zendesk" }, nil},
		{"no port", func(c *app.Config) { c.HTTPAddr = "127.0.0.1" }, []string{"PONTE_HTTP_ADDR is no host:port: e.g. 127.0.0.1:8080"}},
		{"no sessions", func(c *app.Config) { c.Sessions = -1 }, []string{
			"PONTE_SESSIONS is negative: set it to the number of mailboxes drained at once, 0 for none",
		}},
		{"an app", func(c *app.Config) { c.ZendeskAppID = 1042731 }, nil},
		{"an app below zero", func(c *app.Config) { c.ZendeskAppID = -1 }, []string{
			"PONTE_ZENDESK_APP_ID is negative: set it to the number of the app, which Zendesk shows after its upload",
		}},
		{"addresses", func(c *app.Config) {
			c.ZendeskURL, c.WhatsAppAPIURL, c.PublicURL = "acme.zendesk.com", "ftp://graph", "https://"
		}, []string{"PONTE_PUBLIC_URL" + noAddress, "PONTE_WHATSAPP_API_URL" + noAddress, "PONTE_ZENDESK_URL" + noAddress}},
		{"unreadable address", func(c *app.Config) { c.ZendeskURL = "https://s3cret@%zz" }, []string{"PONTE_ZENDESK_URL" + noAddress}},
		{"zendesk with its path", func(c *app.Config) { c.ZendeskURL = "https://acme.zendesk.com/api/v2/" }, []string{
			"PONTE_ZENDESK_URL ends in /api/v2: leave that part out",
		}},
		{"a pair of nothing", func(c *app.Config) { c.WhatsAppAppSecret, c.ZendeskWebhookSecret = " , ", "," }, []string{
			"PONTE_WHATSAPP_APP_SECRET is missing: copy the app secret from the app's dashboard (two, comma-separated, while rotating)",
			"PONTE_ZENDESK_WEBHOOK_SECRET is missing: copy the signing secret of the webhook in Zendesk",
		}},
		{"blank", func(c *app.Config) { c.RedisURL = " " }, []string{
			"PONTE_REDIS_URL is missing: set it to the address of Redis 7 or newer, e.g. redis://127.0.0.1:6379/0",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := goodConfig()
			tt.change(&c)
			mistakes(t, c.Validate(), tt.want...)
		})
	}
}

// An empty environment is told about in one go: one line for each variable that is needed.
func TestValidateNothing(t *testing.T) {
	t.Parallel()
	var missing []string
	for _, line := range lines(app.Config{HTTPAddr: ":0"}.Validate()) {
		name, mend, ok := strings.Cut(line, " is missing: ")
		if !ok || mend == "" {
			t.Errorf("line %q", line)
		}
		missing = append(missing, strings.TrimPrefix(name, "PONTE_"))
	}
	want := []string{
		"REDIS_URL", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN", "ZENDESK_URL", "ZENDESK_CLIENT_ID",
		"ZENDESK_CLIENT_SECRET", "ZENDESK_WEBHOOK_SECRET",
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// However a configuration is printed, its secrets are not.
func TestConfigHidesSecrets(t *testing.T) {
	t.Parallel()
	c := goodConfig()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var logs bytes.Buffer
	slog.New(slog.NewJSONHandler(&logs, nil)).InfoContext(t.Context(), "config", "config", c, "secret", c.ZendeskClientSecret)
	slog.New(slog.NewTextHandler(&logs, nil)).InfoContext(t.Context(), "config", "config", c, "secret", c.WhatsAppAccessToken)
	texts := []string{string(raw), logs.String(), fmt.Sprint(c.WhatsAppAppSecret, c.ZendeskWebhookSecret)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		texts = append(texts, fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c))
	}
	hex := fmt.Sprintf("%x", "s3cret")
	for _, text := range texts {
		if strings.Contains(text, "s3cret") || strings.Contains(text, hex) {
			t.Errorf("a secret is told: %s", text)
		}
	}
}

// The demo fills in what is not set and leaves alone what is.
func TestDemoDefaults(t *testing.T) {
	t.Parallel()
	bare := app.DemoDefaults(app.Config{HTTPAddr: "127.0.0.1:8080", WhatsAppAPIURL: "https://graph.facebook.com", WhatsAppAppSecret: ","})
	want := app.Config{
		HTTPAddr: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", WhatsAppAPIURL: "http://127.0.0.1:8080/sandbox/whatsapp",
		ZendeskURL: "http://127.0.0.1:8080/sandbox/zendesk", ZendeskClientID: app.DemoClientID, ZendeskClientSecret: app.DemoClientSecret,
		ZendeskWebhookSecret: app.DemoWebhookSecret, WhatsAppAppSecret: app.DemoAppSecret, WhatsAppVerifyToken: app.DemoVerifyToken,
		WhatsAppAccessToken: app.DemoAccessToken, WhatsAppAccounts: app.DemoAccount,
		Dialog360URL: "http://127.0.0.1:8080/sandbox/whatsapp/360", Dialog360APIKeys: app.DemoSecondNumber + "=" + app.Demo360Key,
		Dialog360Secret: app.Demo360Secret, APISecret: app.DemoAPISecret, ZendeskAppID: app.DemoAppID,
	}
	if bare != want {
		t.Errorf("nothing set: %+v", bare)
	}
	set := goodConfig()
	set.PublicURL, set.WhatsAppAPIURL = "https://p.example/", "http://127.0.0.1:1"
	set.ZendeskAppID = 7
	set.WhatsAppAccounts, set.Dialog360URL, set.Dialog360APIKeys, set.Dialog360Secret, set.APISecret = "1", "http://127.0.0.1:2", "2=k", "s", "a"
	if got := app.DemoDefaults(set); got != set {
		t.Errorf("all set: %+v; want %+v", got, set)
	}
}
