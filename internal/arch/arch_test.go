package arch_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// sources reads this module.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.file == "internal/arch/arch_test.go" {
			return all
		}
	}
	t.Fatalf("%d files were read, but not this one", len(all))
	return nil
}

func report(t *testing.T, wrong []string) {
	t.Helper()
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestImports(t *testing.T)  { t.Parallel(); report(t, wrongImports(sources(t), imports())) }
func TestLengths(t *testing.T)  { t.Parallel(); report(t, longFiles(sources(t))) }
func TestPackages(t *testing.T) { t.Parallel(); report(t, silentPackages(sources(t))) }

// The table itself must make sense: what it allows exists in it, and nobody may import the command.
func TestTable(t *testing.T) {
	t.Parallel()
	table := imports()
	for from, allowed := range table {
		for _, to := range allowed {
			if _, ok := table[to]; !ok && to != everything {
				t.Errorf("%s may import %s, which has no row", from, to)
			}
			if to == from || strings.HasPrefix(to, "cmd/") {
				t.Errorf("%s may import %s", from, to)
			}
		}
	}
}

func file(lines ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
}

func readMap(t *testing.T, files fstest.MapFS) []source {
	t.Helper()
	all, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCheckerFindsWrongImports(t *testing.T) {
	t.Parallel()
	const (
		a = `import "github.com/ponte-desk/ponte/a"`
		b = `import "github.com/ponte-desk/ponte/b"`
	)
	table := map[string][]string{"a": {"b"}, "b": {}, "cmd/x": {everything}}
	tests := []struct {
		name  string
		files fstest.MapFS
		want  []string
	}{
		{"allowed", fstest.MapFS{"a/a.go": file("package a", b)}, nil},
		{"the other way", fstest.MapFS{"b/b.go": file("package b", a)}, []string{"b/b.go imports a; b may import nothing of ours"}},
		{"renamed", fstest.MapFS{"b/b.go": file("package b", `import _ "github.com/ponte-desk/ponte/a"`)}, []string{"b/b.go imports a; b may import nothing of ours"}},
		{"below an allowed one", fstest.MapFS{"a/a.go": file("package a", `import "github.com/ponte-desk/ponte/b/c"`)}, []string{"a/a.go imports b/c; a may import b"}},
		{"the module's root", fstest.MapFS{"a/a.go": file("package a", `import "github.com/ponte-desk/ponte"`)}, []string{"a/a.go imports .; a may import b"}},
		{"for another system", fstest.MapFS{"b/b_windows.go": file("//go:build windows", "", "package b", a)}, []string{"b/b_windows.go imports a; b may import nothing of ours"}},
		{"everything", fstest.MapFS{"cmd/x/x.go": file("package main", a, b)}, nil},
		{"in tests", fstest.MapFS{"b/b_test.go": file("package b", a)}, nil},
		{"of others", fstest.MapFS{"b/b.go": file("package b", `import "github.com/ponte-desk/ponteiro"`, `import "fmt"`)}, nil},
		{"in folders that are no packages", fstest.MapFS{
			"b/testdata/b.go": file("package b", a), "node_modules/x/b.go": file("package b", a), ".x/b.go": file("package b", a), "_x/b.go": file("package b", a),
		}, nil},
		{"missing from the table", fstest.MapFS{"c/c.go": file("package c"), "c/d.go": file("package c")}, []string{
			"c is missing from the table of imports: decide what it may import and write it down",
		}},
		{"a package at the root", fstest.MapFS{"x.go": file("package x")}, []string{
			". is missing from the table of imports: decide what it may import and write it down",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, wrongImports(readMap(t, tt.files), table)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckerFindsLongFiles(t *testing.T) {
	t.Parallel()
	long := func(lines int) *fstest.MapFile {
		return file("package a" + strings.Repeat("\n", lines-1))
	}
	got := longFiles(readMap(t, fstest.MapFS{
		"a/a.go": long(400), "a/b.go": long(401), "a/a_test.go": long(600), "a/b_test.go": long(601),
	}))
	want := []string{"a/b.go has 401 lines; 400 are the most", "a/b_test.go has 601 lines; 600 are the most"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestCheckerFindsSilentPackages(t *testing.T) {
	t.Parallel()
	got := silentPackages(readMap(t, fstest.MapFS{
		"a/a.go": file("package a"), "a/doc.go": file("// Package a is the first.", "//", "//\ta table", "package a"),
		"b/b.go":      file("// Package b is nothing", "package b"),
		"c/c.go":      file("// Package c is apart.", "", "package c"),
		"d/d.go":      file("package d"),
		"d/d_test.go": file("// Package d is tested.", "package d"),
		"e/e_test.go": file("package e"),
	}))
	want := []string{
		"b has no package comment whose first paragraph ends with a period", "c has no package comment whose first paragraph ends with a period",
		"d has no package comment whose first paragraph ends with a period",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestCheckerRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	if _, err := read(fstest.MapFS{"a/a.go": file("packag a")}); err == nil {
		t.Error("a broken file was read")
	}
}
