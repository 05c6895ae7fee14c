package rig_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

func openBlobs(t *testing.T, dir string) *rig.Blobs {
	t.Helper()
	b, err := rig.OpenBlobs(dir, "files")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// fileText returns what is kept under an id, "" when nothing is.
func fileText(t *testing.T, b *rig.Blobs, id string) string {
	t.Helper()
	f, err := b.Open(id)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"memory": "", "folder": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBlobs(t, dir)
			for _, text := range []string{"first", "second"} {
				if n, err := b.Save("1", strings.NewReader(text)); err != nil || int(n) != len(text) {
					t.Fatalf("Save = %d, %v", n, err)
				}
			}
			broken := errors.New("broken")
			if _, err := b.Save("1", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
				t.Errorf("a source that breaks off: %v", err)
			}
			if got := fileText(t, b, "1"); got != "second" {
				t.Errorf("kept %q", got)
			}
			if _, err := b.Save("2", strings.NewReader("other")); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(b.Delete("1"), b.Delete("1")); err != nil {
				t.Errorf("Delete: %v", err)
			}
			if one, two := fileText(t, b, "1"), fileText(t, b, "2"); one != "" || two != "other" {
				t.Errorf("after Delete: %q and %q", one, two)
			}
			if err := b.Reset(); err != nil {
				t.Errorf("Reset: %v", err)
			}
			if got := fileText(t, b, "2"); got != "" {
				t.Errorf("after Reset: %q", got)
			}
			if err := errors.Join(b.Close(), b.Close()); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

func TestBlobsStayAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := openBlobs(t, dir)
	if _, err := b.Save("1", strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "files", "2.part")
	if err := os.WriteFile(cut, []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Close()
	b = openBlobs(t, dir)
	if got := fileText(t, b, "1"); got != "kept" {
		t.Errorf("after a restart: %q", got)
	}
	if _, err := os.Stat(cut); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that was not finished is still there: %v", err)
	}
}

func TestBlobsStayInTheirFolder(t *testing.T) {
	t.Parallel()
	b := openBlobs(t, t.TempDir())
	if _, err := b.Save("../outside", strings.NewReader("x")); err == nil {
		t.Error("a file was written outside the folder")
	}
	if _, err := b.Open("../files"); err == nil {
		t.Error("something was opened outside the folder")
	}
	if err := b.Delete("../files"); err == nil {
		t.Error("something was removed outside the folder")
	}
}

func TestBlobsThatFail(t *testing.T) {
	t.Parallel()
	if _, err := rig.OpenBlobs("a\x00b", "files"); err == nil {
		t.Error("an impossible folder was opened")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "files"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := rig.OpenBlobs(dir, "files"); err == nil {
		t.Error("a file was opened as a folder")
	}
	b := openBlobs(t, t.TempDir())
	b.Close()
	if _, err := b.Save("1", strings.NewReader("x")); err == nil {
		t.Error("saved after Close")
	}
	if err := b.Reset(); err == nil {
		t.Error("reset after Close")
	}
}
