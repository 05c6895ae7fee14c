// Package deploytest_test holds what lies outside the Go code against the code: that image, Compose file, Kubernetes manifests,
// dashboard, alerts and the operators' page name only variables, metrics, addresses and commands that exist, and keep the
// rules of a safe deployment.
package deploytest_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// root is the repository's folder.
const root = "../.."

// document is one object of a YAML or JSON file.
type document map[string]any

func text(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// documents reads a YAML file, which JSON is too; a key that stands twice is a mistake.
func documents(t *testing.T, name string) []document {
	t.Helper()
	all, err := parse([]byte(text(t, name)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return all
}

func parse(raw []byte) ([]document, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var all []document
	for {
		var d document
		err := decoder.Decode(&d)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if d != nil {
			all = append(all, d)
		}
	}
}

// at is what stands at a path of keys and, as numbers, places in lists; nil when there is nothing.
func at(from any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			switch m := from.(type) {
			case document:
				from = m[step]
			case map[string]any:
				from = m[step]
			default:
				return nil
			}
		case int:
			list, _ := from.([]any)
			if step >= len(list) {
				return nil
			}
			from = list[step]
		}
	}
	return from
}

// list is the entries of the list at a path.
func list(from any, path ...any) []any {
	l, _ := at(from, path...).([]any)
	return l
}

// word is what stands at a path, as text; "" when there is nothing.
func word(from any, path ...any) string {
	v := at(from, path...)
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// number is the number at a path, 0 when there is none.
func number(from any, path ...any) int {
	n, err := strconv.Atoi(word(from, path...))
	if err != nil {
		return 0
	}
	return n
}

// words is the list at a path, as texts.
func words(from any, path ...any) []string {
	var all []string
	for _, v := range list(from, path...) {
		all = append(all, fmt.Sprint(v))
	}
	return all
}

// files lists the files below a folder of the repository, those left out that hold secrets on somebody's machine.
func files(t *testing.T, below string) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(os.DirFS(root), below, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "secrets" {
			return fs.SkipDir
		}
		if err == nil && !d.IsDir() && d.Name() != ".env" {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// deployed lists the files that this package is about.
func deployed(t *testing.T) []string {
	t.Helper()
	return append(files(t, "deploy"), "Dockerfile", "docs/operations.md")
}

// variables maps every variable of the configuration to whether it holds a secret.
func variables() map[string]bool {
	all := map[string]bool{}
	for field := range reflect.TypeFor[app.Config]().Fields() {
		name := field.Tag.Get("envconfig")
		all[name] = field.Type.Name() == "Secret" || name == "PONTE_REDIS_URL" // which holds a password
	}
	return all
}

// needed lists the variables that `ponte serve` does not start without.
func needed(t *testing.T) []string {
	t.Helper()
	err := app.Config{HTTPAddr: ":8080"}.Validate()
	if err == nil {
		t.Fatal("an empty configuration is enough")
	}
	var names []string
	for _, found := range regexp.MustCompile(`(PONTE_\w+) is missing`).FindAllStringSubmatch(err.Error(), -1) {
		names = append(names, found[1])
	}
	if len(names) == 0 {
		t.Fatalf("nothing is needed: %v", err)
	}
	return names
}

// product is an instance with nothing around it: its HTTP surface, and its metrics with their labels.
func product(t *testing.T) (http.Handler, map[string][]string) {
	t.Helper()
	r := testredis.Mini(t)
	a, err := app.Build(t.Context(), app.DemoDefaults(app.Config{
		HTTPAddr: "127.0.0.1:1", RedisPrefix: r.Prefix, WhatsAppAPIURL: "https://graph.facebook.com", WhatsAppAPIVersion: "v26.0",
	}), app.Parts{Redis: r.Client})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(t.Context()); err != nil {
			t.Log(err)
		}
	})
	descriptions := make(chan *prometheus.Desc)
	go func() {
		defer close(descriptions)
		a.Registry.Describe(descriptions)
	}()
	form := regexp.MustCompile(`fqName: "([^"]*)".*variableLabels: \{([^}]*)\}`)
	metrics := map[string][]string{}
	for d := range descriptions {
		found := form.FindStringSubmatch(d.String())
		if found == nil {
			t.Fatalf("metric not understood: %s", d)
		}
		metrics[found[1]] = strings.FieldsFunc(found[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	return a.Handler(), metrics
}

// source is what tests look for in the product's own code.
type source struct {
	literals   map[string]bool // every string
	histograms map[string]bool // names of metrics
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{map[string]bool{}, map[string]bool{}}
	for _, folder := range []string{"bridge", "internal/app", "zendesk", "whatsapp"} {
		for _, name := range files(t, folder) {
			if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, s.note)
		}
	}
	return s
}

func (s source) note(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if value, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
			s.literals[value] = true
		}
	case *ast.CompositeLit:
		if of, ok := n.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "HistogramOpts" {
			return true
		}
		for _, e := range n.Elts {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok || fmt.Sprint(pair.Key) != "Name" {
				continue
			}
			if lit, ok := pair.Value.(*ast.BasicLit); ok {
				s.histograms[strings.Trim(lit.Value, `"`)] = true
			}
		}
	}
	return true
}

// commands lists the subcommands of ponte.
func commands(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, found := range regexp.MustCompile(`(?m)^\t\t\{"([a-z]+)", "`).FindAllStringSubmatch(text(t, "cmd/ponte/main.go"), -1) {
		names = append(names, found[1])
	}
	if !slices.Contains(names, "serve") {
		t.Fatalf("commands not found: %v", names)
	}
	return names
}
