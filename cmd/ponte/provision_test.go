package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/doctor"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// station is both simulated peers on an address, and what they were asked to write.
type station struct {
	*sandbox.Sandbox

	url string

	mu     sync.Mutex
	writes []string
}

// ServeHTTP implements http.Handler.
func (s *station) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/oauth/tokens") {
		s.mu.Lock()
		s.writes = append(s.writes, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
	}
	s.Handler().ServeHTTP(w, r)
}

// written counts what was written since the last call.
func (s *station) written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.writes)
	s.writes = nil
	return n
}

// onAccount is an environment whose Zendesk account has a seed; more goes over what it has.
func onAccount(t *testing.T, seed string, more map[string]string) *station {
	t.Helper()
	s := &station{}
	srv := httptest.NewUnstartedServer(s)
	s.url = "http://" + srv.Listener.Addr().String()
	var err error
	s.Sandbox, err = sandbox.New(sandbox.Config{
		Now: time.Now, BaseURL: s.url,
		WhatsApp: sandbox.WhatsAppConfig{AppSecret: "app", VerifyToken: "verify", AccessToken: "access-77"},
		Zendesk:  sandbox.ZendeskConfig{ClientID: "id", ClientSecret: "client-77", Seed: seed, Limits: desk.Limits{RequestsPerMinute: -1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(func() { srv.Close(); s.Close() })
	vars := map[string]string{
		"PUBLIC_URL": "https://ponte.example", "ZENDESK_URL": s.url + "/sandbox/zendesk", "ZENDESK_CLIENT_ID": "id", "ZENDESK_CLIENT_SECRET": "client-77",
		"WHATSAPP_API_URL": s.url + "/sandbox/whatsapp", "WHATSAPP_APP_SECRET": "app", "WHATSAPP_VERIFY_TOKEN": "verify",
		"WHATSAPP_ACCESS_TOKEN": "access-77", "WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
	}
	maps.Copy(vars, more)
	environment(t, vars)
	return s
}

// carried is the outcome of setup or doctor with arguments.
func carried(t *testing.T, does func(s streams, args []string) error, args ...string) (o outcome) {
	t.Helper()
	var out, errs strings.Builder
	if err := does(streams{&out, &errs}, args); err != nil {
		o.code = 1
		errs.WriteString(err.Error())
	}
	o.out, o.err = out.String(), errs.String()
	return o
}

func (s *station) setup(t *testing.T, args ...string) outcome {
	t.Helper()
	return carried(t, func(io streams, args []string) error { return setup(t.Context(), io, args) }, args...)
}

func (s *station) doctor(t *testing.T, args ...string) outcome {
	t.Helper()
	return carried(t, func(io streams, args []string) error { return diagnose(t.Context(), io, args) }, args...)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestSetup(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, nil)
	dry := s.setup(t, "--dry-run")
	if dry.code != 0 || lastLine(dry.out) != "28 to do, 2 proposed; nothing written" || s.written() != 0 {
		t.Errorf("exit %d: %s%s", dry.code, dry.out, dry.err)
	}
	for _, line := range []string{`+ Create the group "Suporte N1"; add its agents by hand`, "current_tags not_includes whatsapp (--quiet-notifications)"} {
		if !strings.Contains(dry.out, line+"\n") {
			t.Errorf("no line %q: %s", line, dry.out)
		}
	}
	if got := s.setup(t, "--dry-run", "--lang", "pt-BR"); !strings.Contains(got.out, `+ Criar a macro "Atendimento Whatsapp (Oficial)" (closing)`) {
		t.Errorf("%s%s", got.out, got.err)
	}
	first := s.setup(t)
	if first.code != 0 || !regexp.MustCompile(`(?s)28 done, 2 proposed\nPONTE_ZENDESK_WEBHOOK_SECRET=\w{20,}\n$`).MatchString(first.out) || s.written() != 28 {
		t.Errorf("exit %d: %s%s", first.code, first.out, first.err)
	}
	_, secret, _ := strings.Cut(strings.TrimSpace(first.out), "SECRET=")
	second := s.setup(t, "--quiet-notifications")
	if second.code != 0 || lastLine(second.out) != "2 done, 0 proposed" || s.written() != 2 || strings.Contains(second.out, secret) {
		t.Errorf("exit %d: %s%s", second.code, second.out, second.err)
	}
	same(t, "again", s.setup(t), outcome{out: "0 done, 0 proposed\n"})
	same(t, "a dry run again", s.setup(t, "--dry-run", "--adopt"), outcome{out: "0 to do, 0 proposed; nothing written\n"})
	if s.written() != 0 {
		t.Error("something was written")
	}
	path := filepath.Join(t.TempDir(), "secret")
	same(t, "the secret once more", s.setup(t, "--secret-file", path), outcome{out: "0 done, 0 proposed\nPONTE_ZENDESK_WEBHOOK_SECRET_FILE=" + path + "\n"})
	raw, err := os.ReadFile(path)
	if err != nil || string(raw) != secret {
		t.Errorf("the file holds %q, %v", raw, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}

// The secret of a new webhook goes into the file alone.
func TestSetupWithSecretFile(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, nil)
	path := filepath.Join(t.TempDir(), "secret")
	got := s.setup(t, "--secret-file", path)
	raw, err := os.ReadFile(path)
	if err != nil || len(raw) < 20 || got.code != 0 || strings.Contains(got.out+got.err, string(raw)) {
		t.Errorf("exit %d, %d bytes, %v: %s%s", got.code, len(raw), err, got.out, got.err)
	}
}

// What setup made, and a failure in its middle, both end well: the secret is told, and a second run does the rest.
func TestSetupGoesOn(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, nil)
	fault := `{"peer":"zendesk","method":"POST","path":"/sandbox/zendesk/api/v2/views*","status":503}`
	for _, body := range []string{"[" + fault + "]", "[]"} {
		resp, err := http.Post(s.url+"/sandbox/control/faults", "application/json", strings.NewReader(strings.ReplaceAll(body, "/sandbox/zendesk/api", "*/api")))
		if err != nil || resp.StatusCode >= 300 {
			t.Fatalf("%v, %v", resp, err)
		}
		resp.Body.Close()
		got := s.setup(t)
		if body == "[]" {
			if got.code != 0 || strings.Contains(got.out, "SECRET") || !strings.Contains(got.out, "1 done, 2 proposed") {
				t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
			}
			continue
		}
		if got.code != 1 || !strings.Contains(got.out, "27 done") || !strings.Contains(got.out, "SECRET=") || !strings.HasPrefix(got.err, `create view "WINTHOR WHATSAPP": `) {
			t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
		}
	}
}

// The settings that are stored decide what is made.
func TestSetupBySettings(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, nil)
	kept := keptOn(t, onRedisToo(t))
	op := settings.DefaultOperation()
	op.Default.Desk.Queue = "Plantão"
	if _, err := kept.Save(t.Context(), op, "ana", 0); err != nil {
		t.Fatal(err)
	}
	if got := s.setup(t, "--dry-run"); !strings.Contains(got.out, `+ Create the group "Plantão"`) || strings.Contains(got.out, "Suporte N1") {
		t.Errorf("%s%s", got.out, got.err)
	}
}

func TestSetupRefuses(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, map[string]string{"PUBLIC_URL": "", "ZENDESK_CLIENT_SECRET": ""})
	stops(t, s.setup(t), 1, "PONTE_PUBLIC_URL is missing: set it to the https address that Zendesk reaches Ponte by\n"+
		"PONTE_ZENDESK_CLIENT_SECRET is missing: copy the OAuth client's secret")
	s = onAccount(t, desk.SeedEmpty, map[string]string{"PUBLIC_URL": "ponte.example"})
	if got := s.setup(t); got.code != 1 || !strings.HasPrefix(got.err, "PONTE_PUBLIC_URL or settings: ") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	s = onAccount(t, desk.SeedEmpty, map[string]string{"ZENDESK_CLIENT_SECRET": "wrong-77"})
	got := s.setup(t)
	if got.code != 1 || !strings.Contains(got.err, "unauthorized") || strings.Contains(got.err, "wrong-77") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	for _, args := range [][]string{{"now"}, {"--lang", "fr"}, {"--force"}} {
		if got := s.setup(t, args...); !strings.Contains(got.err, "usage") {
			t.Errorf("%q: %+v", args, got)
		}
	}
	if s.written() != 0 {
		t.Error("something was written")
	}
}

func TestDoctor(t *testing.T) {
	s := onAccount(t, desk.SeedEmpty, nil)
	onRedisToo(t)
	got := s.doctor(t)
	if got.code != 1 || !strings.HasSuffix(got.err, " errors") || !strings.Contains(got.out, "PONTE_ZENDESK_WEBHOOK_SECRET is missing") ||
		!strings.Contains(got.out, "→ run `ponte setup`") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	made := s.setup(t, "--quiet-notifications")
	_, secret, _ := strings.Cut(strings.TrimSpace(made.out), "SECRET=")
	t.Setenv("PONTE_ZENDESK_WEBHOOK_SECRET", secret)
	s.written()
	got = s.doctor(t, "--json", "--number", "106540352242922")
	if got.code != 0 || got.err != "" {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	var told struct {
		Errors, Warnings int
		Findings         []doctor.Finding
	}
	if err := json.Unmarshal([]byte(got.out), &told); err != nil || told.Errors != 0 || len(told.Findings) < 20 ||
		told.Warnings != doctor.Count(told.Findings, doctor.Warning) {
		t.Errorf("%v: %s", err, got.out)
	}
	if n := s.written(); n != 1 {
		t.Errorf("%d writes, want the probe alone", n)
	}
	for _, hidden := range []string{secret, "client-77", "access-77"} {
		if strings.Contains(got.out, hidden) {
			t.Error("a secret shows")
		}
	}
	if text := s.doctor(t); text.code != 0 || !strings.HasPrefix(lastLine(text.out), "0 errors, ") {
		t.Errorf("exit %d: %s", text.code, text.out)
	}
}

// Mistakes of the environment are findings like all others; what can be looked at is looked at.
func TestDoctorOfAWrongEnvironment(t *testing.T) {
	s := onAccount(t, desk.SeedMuted, map[string]string{
		"SESSIONS": "many", "LOG_LEVEL": "loud", "WHATSAPP_ACCESS_TOKEN": "old", "DIALOG360_API_KEYS": "1=a, 2=b", "API_SECRET": "a", "API_SECRET_FILE": "b",
		"WHATSAPP_VERIFY_TOKEN": "", "WHATSAPP_VERIFY_TOKEN_FILE": "/none/such",
	})
	got := s.doctor(t)
	for _, words := range []string{
		"PONTE_SESSIONS can't be read as int", "PONTE_LOG_LEVEL can't be read", "PONTE_API_SECRET is set and so is its _FILE", "error code 190",
		"PONTE_REDIS_URL is missing", "Zendesk takes the OAuth client",
	} {
		if !strings.Contains(got.out, words) {
			t.Errorf("nothing says %q: exit %d: %s%s", words, got.code, got.out, got.err)
		}
	}
	if strings.Count(got.out, "PONTE_SESSIONS") != 1 || strings.Contains(got.out, "PONTE_ZENDESK_URL is missing") ||
		!strings.Contains(got.out, "PONTE_WHATSAPP_VERIFY_TOKEN_FILE can't be read") || strings.Contains(got.out, "PONTE_WHATSAPP_VERIFY_TOKEN is missing") {
		t.Error(got.out)
	}
	for _, args := range [][]string{{"now"}, {"--verbose"}} {
		if got := s.doctor(t, args...); !strings.Contains(got.err, "usage") || got.out != "" {
			t.Errorf("%q: %+v", args, got)
		}
	}
}

// onRedisToo adds a Redis of the test's own to the environment.
func onRedisToo(t *testing.T) *testredis.Redis {
	t.Helper()
	r := testredis.Mini(t)
	t.Setenv("PONTE_REDIS_URL", r.URL)
	t.Setenv("PONTE_REDIS_PREFIX", r.Prefix)
	return r
}
