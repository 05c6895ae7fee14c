package arch_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// source is one Go file.
type source struct {
	file  string // its path in the module, with slashes
	lines int
	ast   *ast.File // its imports and what stands before them
}

func (s source) pkg() string  { return path.Dir(s.file) }
func (s source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// ours lists the packages of ours that the file imports.
func (s source) ours() []string {
	var list []string
	for _, i := range s.ast.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			name = i.Path.Value
		}
		if name == module {
			list = append(list, ".")
		}
		if rel, ok := strings.CutPrefix(name, module+"/"); ok {
			list = append(list, rel)
		}
	}
	return list
}

// read parses all Go files below a folder but those that the go command leaves out, and what npm brought.
func read(root fs.FS) ([]source, error) {
	var all []source
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(base) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, source{file: name, lines: bytes.Count(text, []byte("\n")), ast: file})
		return nil
	})
	return all, err
}

// wrongImports names every import outside the table, and every package that is missing from it.
func wrongImports(all []source, table map[string][]string) []string {
	var wrong []string
	missing := map[string]bool{}
	for _, s := range all {
		if s.isTest() {
			continue
		}
		allowed, known := table[s.pkg()]
		if !known {
			missing[s.pkg()] = true
			continue
		}
		for _, name := range s.ours() {
			if !slices.Contains(allowed, everything) && !slices.Contains(allowed, name) {
				wrong = append(wrong, fmt.Sprintf("%s imports %s; %s may import %s", s.file, name, s.pkg(), list(allowed)))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		wrong = append(wrong, name+" is missing from the table of imports: decide what it may import and write it down")
	}
	return wrong
}

func list(allowed []string) string {
	if len(allowed) == 0 {
		return "nothing of ours"
	}
	return strings.Join(allowed, ", ")
}

// longFiles names every file that is too long.
func longFiles(all []source) []string {
	var wrong []string
	for _, s := range all {
		most := mostLines
		if s.isTest() {
			most = mostTestLines
		}
		if s.lines > most {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines; %d are the most", s.file, s.lines, most))
		}
	}
	return wrong
}

// silentPackages names every package without a sentence that says what it is.
func silentPackages(all []source) []string {
	documented := map[string]bool{}
	for _, s := range all {
		if s.isTest() {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimSpace(s.ast.Doc.Text()), "\n\n")
		documented[s.pkg()] = documented[s.pkg()] || strings.HasSuffix(first, ".")
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(documented)) {
		if !documented[name] {
			wrong = append(wrong, name+" has no package comment whose first paragraph ends with a period")
		}
	}
	return wrong
}
