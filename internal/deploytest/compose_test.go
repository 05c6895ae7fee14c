package deploytest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func compose(t *testing.T) document {
	t.Helper()
	all := documents(t, "deploy/compose.yaml")
	if len(all) != 1 {
		t.Fatalf("%d documents", len(all))
	}
	return all[0]
}

// careless lists what a service of a Compose file lacks to be safe.
func careless(service any) []string {
	var wrong []string
	want := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	want(word(service, "read_only") == "true", "writes into its image")
	want(slices.Contains(words(service, "cap_drop"), "ALL"), "keeps capabilities")
	want(slices.Contains(words(service, "security_opt"), "no-new-privileges:true"), "may gain privileges")
	want(len(words(service, "cap_add")) == 0 && word(service, "privileged") == "", "gains privileges")
	want(word(service, "restart") == "unless-stopped", "is not started again")
	want(len(words(service, "tmpfs")) > 0, "has nowhere to write")
	want(word(service, "mem_limit") != "", "may take all memory")
	user := word(service, "user")
	want(user == "" || harmless(user), "runs as "+user)
	for _, port := range words(service, "ports") {
		want(strings.HasPrefix(port, "127.0.0.1:"), "publishes "+port)
	}
	return wrong
}

func TestComposeIsCareful(t *testing.T) {
	t.Parallel()
	services, _ := compose(t)["services"].(map[string]any)
	if len(services) != 2 {
		t.Errorf("%d services", len(services))
	}
	for name, s := range services {
		for _, w := range careless(s) {
			t.Errorf("%s %s", name, w)
		}
	}
	redis := services["redis"]
	if word(redis, "user") == "" || len(words(redis, "ports")) > 0 || len(words(redis, "healthcheck", "test")) == 0 {
		t.Error("redis is root, published, or never looked at")
	}
	if diff := cmp.Diff([]string{"store"}, words(redis, "networks")); diff != "" || word(compose(t), "networks", "store", "internal") != "true" {
		t.Errorf("redis can be reached from outside: %s", diff)
	}
	if got := word(services["ponte"], "depends_on", "redis", "condition"); got != "service_healthy" {
		t.Errorf("ponte starts when redis is %q", got)
	}
}

func TestCheckerFindsCarelessServices(t *testing.T) {
	t.Parallel()
	got, err := parse([]byte("ports: ['8080:8080']\nuser: root\ncap_add: [NET_ADMIN]\nread_only: false\nrestart: unless-stopped\ntmpfs: [/tmp]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"writes into its image", "keeps capabilities", "may gain privileges", "gains privileges", "may take all memory", "runs as root", "publishes 8080:8080",
	}
	if diff := cmp.Diff(want, careless(got[0])); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// bareSecrets lists the secrets whose value itself is among some variables.
func bareSecrets(env map[string]string) []string {
	var wrong []string
	for name, secret := range variables() {
		if _, given := env[name]; given && secret {
			wrong = append(wrong, name)
		}
	}
	return wrong
}

// unset lists the variables that `ponte serve` needs and does not get.
func unset(t *testing.T, env map[string]string) []string {
	t.Helper()
	var wrong []string
	for _, name := range needed(t) {
		if env[name] == "" && env[name+"_FILE"] == "" {
			wrong = append(wrong, name)
		}
	}
	return wrong
}

func TestComposeConfigures(t *testing.T) {
	t.Parallel()
	c := compose(t)
	env := map[string]string{}
	given, _ := at(c, "services", "ponte", "environment").(map[string]any)
	for name, value := range given {
		env[name] = fmt.Sprint(value)
	}
	if diff := cmp.Diff([]string(nil), append(unset(t, env), bareSecrets(env)...)); diff != "" {
		t.Errorf("not given, or given openly:\n%s", diff)
	}
	for name, file := range env {
		if !strings.HasSuffix(name, "_FILE") {
			continue
		}
		secret, inside := strings.CutPrefix(file, "/run/secrets/")
		if !inside || !slices.Contains(words(c, "services", "ponte", "secrets"), secret) || at(c, "secrets", secret, "file") == nil {
			t.Errorf("%s is %s, which no secret is", name, file)
		}
	}
	for name := range c["secrets"].(map[string]any) {
		if file := word(c, "secrets", name, "file"); !strings.HasPrefix(file, "./secrets/") {
			t.Errorf("the secret %s lies at %s, where git sees it", name, file)
		}
	}
	if !strings.Contains(text(t, "deploy/.gitignore"), "secrets/\n") {
		t.Error("git sees the secrets")
	}
	for _, config := range []string{"redis_conf"} {
		if _, err := os.Stat(filepath.Join(root, "deploy", word(c, "configs", config, "file"))); err != nil {
			t.Error(err)
		}
	}
}

// stopTime is how long a graceful stop takes at most.
func stopTime(t *testing.T) time.Duration {
	t.Helper()
	found := regexp.MustCompile(`stopTimeout\s+= (\d+) \* time\.Second`).FindStringSubmatch(text(t, "internal/app/app.go"))
	if found == nil {
		t.Fatal("the time of a graceful stop is not found")
	}
	seconds, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(seconds) * time.Second
}

func TestComposeLetsPonteStop(t *testing.T) {
	t.Parallel()
	grace, err := time.ParseDuration(word(compose(t), "services", "ponte", "stop_grace_period"))
	if err != nil || grace <= stopTime(t) {
		t.Errorf("killed after %s (%v), a graceful stop takes %s", grace, err, stopTime(t))
	}
}
