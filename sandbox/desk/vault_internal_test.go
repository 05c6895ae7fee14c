package desk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// contents reads every file of a folder by its name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(raw)
	}
	return out
}

func TestVaultKeepsFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	v, err := openVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, text := range []string{"", "x", strings.Repeat("abc", 100_000)} {
		key, size, err := v.take(strings.NewReader(text))
		if err != nil || size != int64(len(text)) || keys[key] != "" {
			t.Fatalf("take: %q, %d, %v", key, size, err)
		}
		keys[key] = text
	}
	for key, text := range keys {
		f, err := v.open(key)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil || string(raw) != text {
			t.Errorf("%s: %d bytes of %d, %v", key, len(raw), len(text), err)
		}
		info, err := os.Stat(filepath.Join(dir, key))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", key, info.Mode(), err)
		}
	}
	for key := range keys {
		for range 2 {
			if err := v.remove(key); err != nil {
				t.Error(err)
			}
		}
		if _, err := v.open(key); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("open a removed file: %v", err)
		}
	}
	if err := v.remove(""); err != nil {
		t.Error(err)
	}
	if err := v.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Errorf("a folder of the caller was removed: %v", err)
	}
}

func TestVaultLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v, err := openVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	for name, r := range map[string]io.Reader{
		"at once":   iotest.ErrReader(broken),
		"later":     io.MultiReader(strings.NewReader("metade"), iotest.ErrReader(broken)),
		"very late": io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(broken)),
	} {
		if _, _, err := v.take(r); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left := contents(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestVaultStaysInItsFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := filepath.Join(dir, "segredo")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := openVault(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"../segredo", "..", ".", "/etc/passwd", secret, "a/../../segredo", "a/b"} {
		if _, err := v.open(key); !errors.Is(err, errKey) {
			t.Errorf("open %q: %v", key, err)
		}
		if err := v.remove(key); !errors.Is(err, errKey) {
			t.Errorf("remove %q: %v", key, err)
		}
	}
	if _, err := os.Stat(secret); err != nil {
		t.Errorf("a file outside is gone: %v", err)
	}
}

func TestVaultKeepsOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"known", "stray", "cut.part"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	v, err := openVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.keep(map[string]bool{"known": true, "lost": true}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != "folder" || entries[1].Name() != "known" {
		t.Errorf("left: %v, %v", entries, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := v.keep(nil); err == nil {
		t.Error("a folder that is gone was listed")
	}
}

func TestTemporaryVaults(t *testing.T) {
	t.Parallel()
	v, err := openVault("")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(v.keep(nil), v.close()); err != nil {
		t.Fatalf("before the first file: %v", err)
	}
	key, _, err := v.take(strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := v.folder()
	if err != nil || len(contents(t, dir)) != 1 {
		t.Errorf("folder %q, %v", dir, err)
	}
	if err := v.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if _, err := v.open(key); err == nil {
		t.Error("a file outlived its folder")
	}
	if err := v.close(); err != nil {
		t.Error(err)
	}
}

func TestVaultsAtOnce(t *testing.T) {
	t.Parallel()
	v, err := openVault("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.close() })
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept := map[string]string{}
	for n := range 32 {
		wg.Go(func() {
			text := strings.Repeat(fmt.Sprint(n), 1000)
			key, _, err := v.take(strings.NewReader(text))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			kept[key] = text
		})
	}
	wg.Wait()
	dir, err := v.folder()
	if err != nil {
		t.Fatal(err)
	}
	got := contents(t, dir)
	if len(got) != 32 || len(kept) != 32 {
		t.Errorf("%d files, %d keys", len(got), len(kept))
	}
	for key, text := range kept {
		if got[key] != text {
			t.Errorf("%s: %q", key, got[key])
		}
	}
}

func TestImpossibleFolders(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openVault(filepath.Join(file, "y")); err == nil {
		t.Error("a folder below a file was opened")
	}
}

// TestSafeNamesAreSafe is about any name that a caller may send.
func TestSafeNamesAreSafe(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{
		"a", "ç", "..", "/", `\`, ".", " ", "\x00", "\n", "\r", "\u202e", "\u200b", "\ufeff", "\xff", "👍", `"`, ";", "=", "<b>", strings.Repeat("z", 90),
		".exe", ".txt", "CON", "%2F", "~",
	})
	rapid.Check(t, func(rt *rapid.T) {
		name := safeName(strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(rt, "pieces"), ""))
		switch {
		case name == "":
			return
		case name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00\r\n"):
			rt.Fatalf("%q leads elsewhere", name)
		case strings.ContainsAny(name, "\u202e\u200b\ufeff"):
			rt.Fatalf("%q hides something", name)
		case len([]rune(name)) > maxFileName || strings.ToValidUTF8(name, "") != name:
			rt.Fatalf("%q is not a name", name)
		case safeName(name) != name:
			rt.Fatalf("%q becomes %q when it is cleaned again", name, safeName(name))
		}
		if value := disposition(name); !strings.HasPrefix(value, "attachment") || strings.ContainsAny(value, "\r\n") {
			rt.Fatalf("disposition %q", value)
		}
	})
}
