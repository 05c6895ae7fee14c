package main

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// keptOn is the settings of an installation.
func keptOn(t *testing.T, r *testredis.Redis) *store.Settings {
	t.Helper()
	kept, closeIt, err := app.OpenSettings(app.Config{RedisURL: r.URL, RedisPrefix: r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIt() })
	return kept
}

// holds wants a version with a quiet time to be current.
func holds(t *testing.T, kept *store.Settings, version int64, quiet time.Duration) {
	t.Helper()
	op, got, err := kept.Load(t.Context())
	if err != nil || got != version || op.Default.Quiet != quiet {
		t.Errorf("version %d with %v, %v; want %d with %v", got, op.Default.Quiet, err, version, quiet)
	}
}

// onStdin makes text what the next command reads.
func onStdin(t *testing.T, text string) {
	t.Helper()
	in, err := os.Open(file(t, "stdin", text))
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdin
	os.Stdin = in
	t.Cleanup(func() { os.Stdin = was; in.Close() })
}

func TestSettingsExport(t *testing.T) {
	kept := keptOn(t, onRedis(t, nil))
	defaults, err := settings.Encode(settings.DefaultOperation())
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"settings", "export"}, {"settings", "export", "-"}} {
		same(t, "the defaults", ponte(t, args...), outcome{out: string(defaults)})
	}
	path := filepath.Join(t.TempDir(), "ponte.yaml")
	same(t, "into a file", ponte(t, "settings", "export", path), outcome{})
	if raw, err := os.ReadFile(path); err != nil || string(raw) != string(defaults) {
		t.Errorf("the file has %d bytes, %v", len(raw), err)
	}
	same(t, "back from the file", ponte(t, "settings", "import", path), outcome{out: "0 changed; version 1 saved\n"})
	holds(t, kept, 1, 20*time.Second)
}

func TestSettingsImport(t *testing.T) {
	kept := keptOn(t, onRedis(t, nil))
	path := file(t, "ponte.yaml", "default:\n  quiet: 5s\n  window: {invite: {template: oi, preview: Oi}}\nnumbers: {\"106\": {name: Vendas}}\n")
	changes := `default.quiet: 20s → 5s
default.window.invite: none → –
default.window.invite.template: – → oi
default.window.invite.language: – → pt_BR
default.window.invite.values: – → []
default.window.invite.preview: – → Oi
numbers.106: – → own settings
numbers.106.name: WhatsApp → Vendas
`
	same(t, "a dry run", ponte(t, "settings", "import", "--dry-run", path), outcome{out: changes + "8 changed; nothing saved\n"})
	holds(t, kept, 0, 20*time.Second)
	same(t, "for good", ponte(t, "settings", "import", "--by", "ana", path), outcome{out: changes + "8 changed; version 1 saved\n"})
	holds(t, kept, 1, 5*time.Second)
	same(t, "again", ponte(t, "settings", "import", path, "--by", "ana"), outcome{out: "nothing changes; version 1 holds\n"})
	holds(t, kept, 1, 5*time.Second)
	onStdin(t, "default: {quiet: 6s}\nnumbers: {\"106\": {name: Vendas}}\n")
	got := ponte(t, "settings", "import", "-")
	if got.code != 0 || !strings.HasPrefix(got.out, "default.quiet: 5s → 6s\n") || !strings.HasSuffix(got.out, "version 2 saved\n") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	holds(t, kept, 2, 6*time.Second)
	history, err := kept.History(t.Context())
	if err != nil || len(history) != 2 {
		t.Fatalf("%d versions, %v", len(history), err)
	}
	if me, err := user.Current(); err == nil && history[0].By != me.Username {
		t.Errorf("saved by %q, want %q", history[0].By, me.Username)
	}
	if history[1].By != "ana" {
		t.Errorf("saved by %q, want ana", history[1].By)
	}
}

func TestSettingsImportRefuses(t *testing.T) {
	kept := keptOn(t, onRedis(t, nil))
	got := ponte(t, "settings", "import", file(t, "ponte.yaml", "default:\n  quiet: 5\n  tags: [a b]\n"))
	stops(t, got, 1, `line 2, column 3: default.quiet: "5" is no time: write a number with its unit, such as 20s, 5m, 24h or 30d
line 3, column 3: default.tags: has the tag "a b": tags hold neither spaces nor commas`)
	stops(t, ponte(t, "settings", "import", file(t, "ponte.yaml", "form: 2\n")), 1,
		"the settings have a newer form than this version of Ponte reads: 2, this one reads up to 1")
	stops(t, ponte(t, "settings", "import", file(t, "ponte.yaml", strings.Repeat("#", 2<<20))), 1, "the file is larger than 256 KB")
	if got := ponte(t, "settings", "import", filepath.Join(t.TempDir(), "none.yaml")); got.code != 1 || !strings.Contains(got.err, "no such file") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if got := ponte(t, "settings", "import", t.TempDir()); got.code != 1 || got.err == "" {
		t.Errorf("a folder: exit %d: %s", got.code, got.err)
	}
	holds(t, kept, 0, 20*time.Second)
}

// Two who import at once: the second is told.
func TestSettingsImportConflict(t *testing.T) {
	r := onRedis(t, nil)
	kept := keptOn(t, r)
	if _, err := kept.Save(t.Context(), settings.DefaultOperation(), "ana", 0); err != nil {
		t.Fatal(err)
	}
	op := settings.DefaultOperation()
	op.Default.Quiet = 5 * time.Second
	s := streams{newTail(), newTail()}
	err := importSettings(t.Context(), s, staleSettings(t, r, kept), op, settingsOptions{by: "bia"})
	if err == nil || !strings.Contains(err.Error(), "changed by somebody else") || !strings.Contains(err.Error(), "ponte settings history") {
		t.Errorf("the error is %v", err)
	}
	holds(t, kept, 2, 7*time.Second)
}

// staleSettings is settings that somebody else changes right after they were loaded.
func staleSettings(t *testing.T, r *testredis.Redis, kept *store.Settings) *store.Settings {
	t.Helper()
	return store.NewSettings(r.Client, r.Prefix, func() time.Time { // asked for a version's time, just before it is saved
		op := settings.DefaultOperation()
		op.Default.Quiet = 7 * time.Second
		if _, err := kept.Save(t.Context(), op, "carla", 1); err != nil {
			t.Error(err)
		}
		return time.Now()
	})
}

func TestSettingsHistory(t *testing.T) {
	kept := keptOn(t, onRedis(t, nil))
	same(t, "none", ponte(t, "settings", "history"), outcome{out: "0 versions\n"})
	op := settings.DefaultOperation()
	for i, quiet := range []time.Duration{5 * time.Second, 6 * time.Second} {
		op.Default.Quiet = quiet
		if _, err := kept.Save(t.Context(), op, "ana", int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	history, err := kept.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "two", ponte(t, "settings", "history"), outcome{
		out: "2  " + history[0].At.Format(time.DateTime) + "  ana\n  default.quiet: 5s → 6s\n" +
			"1  " + history[1].At.Format(time.DateTime) + "  ana\n  default.quiet: 20s → 5s\n2 versions\n",
	})
	same(t, "the first", ponte(t, "settings", "export", "--history", "1"), outcome{out: history[1].YAML})
	path := filepath.Join(t.TempDir(), "ponte.yaml")
	same(t, "the second", ponte(t, "settings", "export", path, "--history=2"), outcome{})
	if raw, err := os.ReadFile(path); err != nil || string(raw) != history[0].YAML {
		t.Errorf("the file has %d bytes, %v", len(raw), err)
	}
	stops(t, ponte(t, "settings", "export", "--history", "3"), 1, "no such version is kept; `ponte settings history` lists those that are")
}

// Older versions than those that are kept have nothing to be compared with.
func TestSettingsHistoryIsBounded(t *testing.T) {
	kept := keptOn(t, onRedis(t, nil))
	for i := range 101 {
		op := settings.DefaultOperation()
		op.Default.PerSecond = 100 + i
		if _, err := kept.Save(t.Context(), op, "ana", int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	got := ponte(t, "settings", "history")
	if n := strings.Count(got.out, "  default.per_second: "); got.code != 0 || n != 99 || !strings.HasSuffix(got.out, "  ana\n100 versions\n") {
		t.Errorf("exit %d, %d changes: %s", got.code, n, got.err)
	}
}

// What can't be read is told with a way out, and an import replaces it; what a newer version wrote stays.
func TestSettingsThatCantBeRead(t *testing.T) {
	r := onRedis(t, nil)
	kept := keptOn(t, r)
	put := func(version, yaml string) {
		for key, value := range map[string]string{"version": version + " w", "log": `{"version":` + version + `,"word":"w","by":"ana","yaml":"` + yaml + `"}`} {
			key = r.Prefix + "{cfg:settings}:" + key
			if err := r.Client.Del(t.Context(), key).Err(); err != nil {
				t.Fatal(err)
			}
			err := r.Client.Set(t.Context(), key, value, 0).Err()
			if strings.HasSuffix(key, "log") {
				r.Client.Del(t.Context(), key)
				err = r.Client.LPush(t.Context(), key, value).Err()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	path := file(t, "ponte.yaml", "default: {quiet: 5s}")
	put("4", "form: 9")
	for _, args := range [][]string{{"settings", "export"}, {"settings", "import", path}} {
		if got := ponte(t, args...); got.code != 1 || !strings.Contains(got.err, "newer form") {
			t.Errorf("exit %d: %s", got.code, got.err)
		}
	}
	put("4", "quiet: 5s")
	got := ponte(t, "settings", "export")
	if got.code != 1 || !strings.Contains(got.err, "version 4: the stored settings can't be read") || !strings.Contains(got.err, "`ponte settings export --history 4`") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	same(t, "as it is stored", ponte(t, "settings", "export", "--history", "4"), outcome{out: "quiet: 5s"})
	got = ponte(t, "settings", "import", path)
	if got.code != 0 || got.out != "default.quiet: 20s → 5s\n1 changed; version 5 saved\n" || !strings.HasPrefix(got.err, "version 4 can't be read") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	holds(t, kept, 5, 5*time.Second)
	got = ponte(t, "settings", "history")
	if got.code != 0 || !strings.Contains(got.out, "the version before it can't be read\n4  ") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	put("1", "quiet: 5s")
	if got := ponte(t, "settings", "history"); got.code != 0 || !strings.Contains(got.out, "  it can't be read\n") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

func TestSettingsUsage(t *testing.T) {
	onRedis(t, nil)
	for _, args := range [][]string{
		{},
		{"list"},
		{"import"},
		{"import", "a", "b"},
		{"export", "a", "b"},
		{"history", "a"},
		{"export", "--dry-run"},
		{"import", "--history", "1", "a"},
		{"export", "--history", "-1"},
		{"export", "--history", "x"},
	} {
		got := ponte(t, append([]string{"settings"}, args...)...)
		if got.code != 2 || got.out != "" || !strings.Contains(got.err, "usage: ponte settings export [--history N] [FILE] | import") {
			t.Errorf("%q: exit %d: %s%s", args, got.code, got.out, got.err)
		}
	}
}

func TestSettingsWithoutRedis(t *testing.T) {
	path := file(t, "ponte.yaml", "form: 1")
	environment(t, map[string]string{"REDIS_URL": "redis://127.0.0.1:1"})
	if got := ponte(t, "settings", "import", path); got.code != 1 || got.out != "" || !strings.Contains(got.err, "connection refused") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	environment(t, map[string]string{"REDIS_URL": "http://x"})
	if got := ponte(t, "settings", "export"); got.code != 1 || !strings.Contains(got.err, "PONTE_REDIS_URL") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	// Without an address it is the demo's that is looked for.
	environment(t, map[string]string{"DATA_DIR": t.TempDir()})
	if got := ponte(t, "settings", "export"); got.code != 1 || !strings.Contains(got.err, "redis.sock") && !strings.Contains(got.err, "ponte-") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
