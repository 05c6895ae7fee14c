package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ui "github.com/ponte-desk/ponte/app"
)

func TestAppPackage(t *testing.T) {
	environment(t, map[string]string{"PUBLIC_URL": "https://ponte.example"})
	want, err := ui.Package("https://ponte.example")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "app.zip")
	got := ponte(t, "app", "package", "--out", path)
	if got.code != 0 || !strings.Contains(got.out, path+": version "+ui.Version+" for https://ponte.example\n") || !strings.Contains(got.out, "PONTE_ZENDESK_APP_ID") {
		t.Errorf("%+v", got)
	}
	if raw, err := os.ReadFile(path); err != nil || !bytes.Equal(raw, want) {
		t.Errorf("%d bytes, %v; want %d", len(raw), err, len(want))
	}
	same(t, "to standard output", ponte(t, "app", "package", "--out", "-"), outcome{out: string(want)})
	other, err := ui.Package("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "for another address", ponte(t, "app", "package", "--out=-", "--public-url", "http://localhost:8080"), outcome{out: string(other)})
	t.Chdir(t.TempDir())
	if got := ponte(t, "app", "package"); got.code != 0 || !strings.HasPrefix(got.out, packageFile+": ") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(packageFile); err != nil {
		t.Error(err)
	}
}

func TestAppPackageRefuses(t *testing.T) {
	environment(t, nil)
	if got := ponte(t, "app", "package", "--out", "-"); got.code != 1 || !strings.Contains(got.err, "PONTE_PUBLIC_URL is missing") {
		t.Errorf("%+v", got)
	}
	if got := ponte(t, "app", "package", "--out", "-", "--public-url", "http://ponte.example"); got.code != 1 || !strings.Contains(got.err, "must be https") {
		t.Errorf("%+v", got)
	}
	if got := ponte(t, "app", "package", "--public-url", "https://ponte.example", "--out", filepath.Join(t.TempDir(), "no", "app.zip")); got.code != 1 {
		t.Errorf("%+v", got)
	}
	for _, args := range [][]string{{"app"}, {"app", "upload"}, {"app", "package", "x"}, {"app", "package", "--colour"}} {
		if got := ponte(t, args...); got.code != 2 {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
