package sandbox_test

import (
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pageRoutes are the pages' own addresses and the files they show.
func pageRoutes() map[string]string {
	return map[string]string{
		"/sandbox/": "index.html", "/sandbox/phone": "phone.html", "/sandbox/helpdesk": "helpdesk.html",
	}
}

// pageFiles reads the pages' folder by name.
func pageFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS("pages"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path.Join("pages", name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// get fetches an address without a socket and returns its status, content type and body.
func (w *world) get(address string) (status int, contentType, body string) {
	w.t.Helper()
	res, err := w.try(w.t.Context(), "GET", address, "")
	if err != nil {
		w.t.Fatalf("GET %s: %v", address, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), string(text)
}

func TestPagesAreServed(t *testing.T) {
	t.Parallel()
	w, files := setup(t, ""), pageFiles(t)
	types := map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}
	expect := func(address, name string) {
		t.Helper()
		want, known := types[path.Ext(name)]
		if !known {
			t.Errorf("%s is of a kind that pages do not have", name)
		}
		status, got, body := w.get(address)
		if status != 200 || got != want || body != files[name] {
			t.Errorf("GET %s = %d %q, %d bytes, want %q and the %d bytes of %s", address, status, got, len(body), want, len(files[name]), name)
		}
	}
	for name := range files {
		expect("/sandbox/pages/"+name, name)
	}
	for address, name := range pageRoutes() {
		expect(address, name)
	}
	if status, _, _ := w.get("/sandbox/pages/nothing.js"); status != 404 {
		t.Errorf("an unknown file answered %d", status)
	}
}

var (
	htmlReference   = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	moduleReference = regexp.MustCompile(`(?m)^(?:import|export)\b[^"]*"(\./[^"]+)"`)
	styleReference  = regexp.MustCompile(`url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)`)
	callReference   = regexp.MustCompile("[\"`](/sandbox/control/[a-z]+)")
)

// references lists the addresses a page's file names.
func references(name, text string) []string {
	var out []string
	add := func(pattern *regexp.Regexp) {
		for _, found := range pattern.FindAllStringSubmatch(text, -1) {
			out = append(out, strings.Join(found[1:], ""))
		}
	}
	switch path.Ext(name) {
	case ".html":
		add(htmlReference)
	case ".css":
		add(styleReference)
	case ".js":
		add(moduleReference)
		for i, address := range out {
			out[i] = path.Join("/sandbox/pages", address)
		}
		add(callReference)
	}
	return out
}

func TestPagesReferToWhatIsThere(t *testing.T) {
	t.Parallel()
	w, files := setup(t, ""), pageFiles(t)
	used := map[string]bool{"index.html": true, "phone.html": true, "helpdesk.html": true}
	for name, text := range files {
		for _, address := range references(name, text) {
			if !strings.HasPrefix(address, "/sandbox/") {
				t.Errorf("%s refers to %s, which is not of the sandbox", name, address)
				continue
			}
			if status, _, _ := w.get(address); status == 404 {
				t.Errorf("%s refers to %s, which is not there", name, address)
			}
			used[strings.TrimPrefix(address, "/sandbox/pages/")] = true
		}
	}
	for name := range files {
		if !used[name] {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

func TestReferencesAreFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a.html", `<script type="module" src="/x.js"></script><a href="https://a.example/">`, []string{"/x.js", "https://a.example/"}},
		{"a.css", `@import "b.css"; p { background: url('https://a.example/c.png') } q { background: url(d.svg) }`, []string{"b.css", "https://a.example/c.png", "d.svg"}},
		{
			"a.js", "import { a,\n  b } from \"./b.js\";\nexport * from \"./c.js\";\nimport \"./d.js\";\ncall(`/sandbox/control/clock?x`);",
			[]string{"/sandbox/pages/b.js", "/sandbox/pages/c.js", "/sandbox/pages/d.js", "/sandbox/control/clock"},
		},
	} {
		if diff := cmp.Diff(tc.want, references(tc.name, tc.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

var (
	scriptElement = regexp.MustCompile(`(?is)<script\b([^>]*)>(.*?)</script>`)
	handler       = regexp.MustCompile(`(?i)<[^>]*\son[a-z]+\s*=`)
	inlineStyle   = regexp.MustCompile(`(?i)<style\b|<[^>]*\sstyle\s*=`)
	scriptAddress = regexp.MustCompile(`(?i)(?:src|href)\s*=\s*["']?\s*(?:javascript|data):`)
	markupSink    = regexp.MustCompile(`\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|srcdoc|document\.write|eval\(|new Function\()`)
)

// unsafe lists what a page's file holds against a strict Content-Security-Policy, or that turns text into markup.
func unsafe(name, text string) []string {
	var out []string
	if path.Ext(name) == ".js" {
		return markupSink.FindAllString(text, -1)
	}
	if ext := path.Ext(name); ext != ".html" && ext != ".svg" {
		return nil
	}
	for _, found := range scriptElement.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(found[1], " src=") || strings.TrimSpace(found[2]) != "" {
			out = append(out, "inline script")
		}
	}
	for what, pattern := range map[string]*regexp.Regexp{"handler": handler, "inline style": inlineStyle, "script address": scriptAddress} {
		if pattern.MatchString(text) {
			out = append(out, what)
		}
	}
	slices.Sort(out)
	return out
}

func TestPagesAreSafe(t *testing.T) {
	t.Parallel()
	for name, text := range pageFiles(t) {
		for _, what := range unsafe(name, text) {
			t.Errorf("%s: %s", name, what)
		}
		if path.Ext(name) != ".html" {
			continue
		}
		for _, want := range []string{`<html lang="pt-BR">`, `<title>`, `name="viewport"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is without %s", name, want)
			}
		}
	}
}

func TestUnsafeIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a.html", `<script type="module" src="/a.js"></script><p onerous>only=1</p>`, nil},
		{"a.html", `<script>alert(1)</script>`, []string{"inline script"}},
		{"a.html", `<script src="/a.js">alert(1)</script>`, []string{"inline script"}},
		{"a.html", "<button\n  onclick=\"a()\">", []string{"handler"}},
		{"a.svg", `<svg onload=a()>`, []string{"handler"}},
		{"a.html", `<style>p{}</style>`, []string{"inline style"}},
		{"a.html", `<p style="color:red">`, []string{"inline style"}},
		{"a.html", `<a href=" javascript:a()">`, []string{"script address"}},
		{"a.js", `node.innerHTML = text; eval("1")`, []string{"innerHTML", `eval(`}},
		{"a.js", `node.textContent = text; retrieval(1)`, nil},
	} {
		if diff := cmp.Diff(tc.want, unsafe(tc.name, tc.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.text, diff)
		}
	}
}
