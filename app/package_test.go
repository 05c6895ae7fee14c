package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/app"
)

const public = "https://ponte.example.com"

// unpacked are a package's files by their names.
func unpacked(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		if f.Mode() != 0o644 || f.Modified.Year() != 2026 {
			t.Errorf("%s: %v of %v", f.Name, f.Mode(), f.Modified)
		}
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// packed is an archive of files, with what else is put in.
func packed(t *testing.T, files map[string]string, more ...*zip.FileHeader) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range more {
		if _, err := w.CreateHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// made is the package of the public address.
var made = sync.OnceValues(func() ([]byte, error) { return app.Package(public + "/") })

func whole(t *testing.T) []byte {
	t.Helper()
	raw, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestPackage(t *testing.T) {
	t.Parallel()
	raw := whole(t)
	if again, err := app.Package(public); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("the same address gives other bytes, %v", err)
	}
	if mistakes := app.Check(raw); len(mistakes) > 0 {
		t.Errorf("mistakes: %q", mistakes)
	}
	files := unpacked(t, raw)
	want := []string{
		"assets/icon_nav_bar.svg", "assets/logo-small.png", "assets/logo.png", "manifest.json", "translations/en.json", "translations/pt-br.json",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(files["manifest.json"]), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{
		"name": "Ponte – Conversas WhatsApp", "author": map[string]any{"name": "Ponte", "email": "ponte@ponte.example.com", "url": public},
		"defaultLocale": "pt-br", "private": true, "singleInstall": true, "signedUrls": true, "version": app.Version, "frameworkVersion": "2.0",
		"location": map[string]any{"support": map[string]any{
			"ticket_sidebar": map[string]any{"url": public + "/app/sidebar", "flexible": true},
			"nav_bar":        map[string]any{"url": public + "/app/conversas"},
		}},
	}, got); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

func TestPackageAddresses(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		public: true, "https://ponte.example.com:8443/base": true, "http://localhost:8080": true, "http://127.0.0.1:8080": true,
		"": false, "ponte.example.com": false, "http://ponte.example.com": false, "ftp://ponte.example.com": false, "https://": false,
		"https://a:b@ponte.example.com": false, "https://ponte.example.com/?x=1": false, "https://ponte.example.com/#x": false,
		"http://localhost.example.com": false, ":": false,
	} {
		raw, err := app.Package(address)
		if (err == nil) != good || (raw == nil) == good {
			t.Errorf("%q: %d bytes, %v", address, len(raw), err)
		}
	}
}

// picture is a PNG of a colour.
func picture(t *testing.T, width, height int, c color.Color) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.Set(i%width, i/width, c)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// palette is a PNG of few colours, one of them transparent.
func palette(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewPaletted(image.Rect(0, 0, 128, 128), color.Palette{color.Transparent, color.White})); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestCheckFindsEveryMistake breaks one rule after the other.
func TestCheckFindsEveryMistake(t *testing.T) {
	t.Parallel()
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18">`
	manifest := func(change string) func(map[string]string) {
		return func(files map[string]string) {
			var m, changes map[string]any
			if json.Unmarshal([]byte(files["manifest.json"]), &m) != nil || json.Unmarshal([]byte(change), &changes) != nil {
				t.Fatal(change)
			}
			maps.Copy(m, changes)
			maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
			raw, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			files["manifest.json"] = string(raw)
		}
	}
	put := func(name, content string) func(map[string]string) {
		return func(files map[string]string) { files[name] = content }
	}
	drop := func(name string) func(map[string]string) {
		return func(files map[string]string) { delete(files, name) }
	}
	for _, tt := range []struct {
		name   string
		change func(files map[string]string)
		want   string // "" = nothing is wrong
	}{
		{"nothing", func(map[string]string) {}, ""},
		{"no manifest", drop("manifest.json"), "manifest.json is missing at the root"},
		{"a manifest in a folder", func(f map[string]string) {
			f["app/manifest.json"] = f["manifest.json"]
			delete(f, "manifest.json")
		}, "manifest.json is missing at the root"},
		{"a manifest that is none", put("manifest.json", "[]"), "no JSON object"},
		{"no author", manifest(`{"author":null}`), "author needs"},
		{"an author without e-mail", manifest(`{"author":{"name":"a","url":"https://a.example"}}`), "author needs"},
		{"an author without url", manifest(`{"author":{"name":"a","email":"a@a.example"}}`), "author needs"},
		{"no name", manifest(`{"name":null}`), "name is missing"},
		{"no version", manifest(`{"version":null}`), "version is missing"},
		{"no default locale", manifest(`{"defaultLocale":null}`), "defaultLocale is missing"},
		{"no framework", manifest(`{"frameworkVersion":null}`), "frameworkVersion must be 2.0"},
		{"an old framework", manifest(`{"frameworkVersion":"1.0"}`), "frameworkVersion must be 2.0"},
		{"signedUrls is a word", manifest(`{"signedUrls":"true"}`), "signedUrls must be true or false"},
		{"private is a word", manifest(`{"private":"yes"}`), "private must be"},
		{"singleInstall is a number", manifest(`{"singleInstall":1}`), "singleInstall must be"},
		{"no location", manifest(`{"location":null}`), "location is missing"},
		{"location is a word", manifest(`{"location":"nav_bar"}`), "location is missing"},
		{"an unknown product", manifest(`{"location":{"sell":{"nav_bar":"https://a.example"}}}`), "no location nav_bar in sell"},
		{"an unknown place", manifest(`{"location":{"support":{"left_bar":"https://a.example"}}}`), "no location left_bar in support"},
		{"http", manifest(`{"location":{"support":{"nav_bar":"http://a.example/app"}}}`), "address of nav_bar"},
		{"http of a host like localhost", manifest(`{"location":{"support":{"nav_bar":{"url":"http://localhost.evil.example"}}}}`), "address of nav_bar"},
		{"no address", manifest(`{"location":{"support":{"ticket_sidebar":{"flexible":true}}}}`), "address of ticket_sidebar"},
		{"a file that is missing", manifest(`{"location":{"support":{"ticket_sidebar":"assets/iframe.html"}}}`), "address of ticket_sidebar"},
		{"localhost", manifest(`{"location":{"support":{"nav_bar":"http://localhost:4567/x"}}}`), ""},
		{"an address of the settings", manifest(`{"location":{"support":{"nav_bar":"{{setting.bridge_url}}/app"}}}`), ""},
		{"a file", manifest(`{"location":{"support":{"ticket_sidebar":"assets/logo.png"}}}`), ""},
		{"parameters are no list", manifest(`{"parameters":{}}`), "parameters is no list"},
		{"a parameter called name", manifest(`{"parameters":[{"name":"name","type":"text"}]}`), `can't be called "name"`},
		{"a parameter without name", manifest(`{"parameters":[{"type":"text"}]}`), `can't be called ""`},
		{"a parameter twice", manifest(`{"parameters":[{"name":"a","type":"text"},{"name":"a","type":"url"}]}`), "a is there twice"},
		{"a parameter of no type", manifest(`{"parameters":[{"name":"a","type":"colour"}]}`), "no known type"},
		{"a hidden parameter that is required", manifest(`{"parameters":[{"name":"a","type":"hidden","required":true}]}`), "hidden and required"},
		{"two of oauth", manifest(`{"parameters":[{"name":"a","type":"oauth"},{"name":"b","type":"oauth"}]}`), "only one parameter"},
		{"good parameters", manifest(`{"parameters":[{"name":"a","type":"oauth"},{"name":"b"},{"name":"c","type":"dropdown","required":true}]}`), ""},
		{"no default translation", drop("translations/pt-br.json"), "translations/pt-br.json is missing"},
		{"no English", drop("translations/en.json"), "translations/en.json is missing"},
		{"a translation with a long name", put("translations/portuguese.json", `{"app":{"name":"a"}}`), "not called like a language"},
		{"a translation in capitals", put("translations/PT-br.json", `{"app":{"name":"a"}}`), "not called like a language"},
		{"a translation in a folder", put("translations/x/en.json", `{"app":{"name":"a"}}`), "not called like a language"},
		{"another translation", put("translations/es-419.json", `{"app":{"name":"a"}}`), ""},
		{"a translation that is none", put("translations/en.json", "{"), "translations/en.json is no JSON"},
		{"no name in English", put("translations/en.json", `{"app":{}}`), "translations/en.json: app.name is missing"},
		{"a public app without words", func(f map[string]string) {
			manifest(`{"private":false}`)(f)
			f["translations/en.json"] = `{"app":{"name":"a","short_description":"b","long_description":"c"}}`
		}, "translations/en.json: app.installation_instructions is missing"},
		{"a public app", manifest(`{"private":false}`), ""},
		{"no logo", drop("assets/logo.png"), "assets/logo.png is missing"},
		{"no small logo", drop("assets/logo-small.png"), "assets/logo-small.png is missing"},
		{"a logo that is none", put("assets/logo.png", "GIF89a"), "assets/logo.png is missing or no PNG"},
		{"a logo of another size", put("assets/logo.png", picture(t, 320, 319, color.White)), "must measure 320"},
		{"a small logo of another size", put("assets/logo-small.png", picture(t, 129, 128, color.Transparent)), "must measure 128"},
		{"a logo with round corners", put("assets/logo.png", picture(t, 320, 320, color.Transparent)), "square corners"},
		{"a small logo that hides all", put("assets/logo-small.png", picture(t, 128, 128, color.White)), "with transparency"},
		{"a small logo of few colours", put("assets/logo-small.png", palette(t)), "with transparency"},
		{"no icon", drop("assets/icon_nav_bar.svg"), "assets/icon_nav_bar.svg is missing"},
		{"no icon of the top bar", manifest(`{"location":{"support":{"top_bar":"https://a.example"}}}`), "assets/icon_top_bar.svg is missing"},
		{"two products", manifest(`{"location":{"support":{"nav_bar":"https://a.example"},"chat":{"chat_sidebar":"https://a.example"}}}`), "assets/support/icon_nav_bar.svg is missing"},
		{"an icon without viewBox", put("assets/icon_nav_bar.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`), "has no viewBox"},
		{"an icon that is none", put("assets/icon_nav_bar.svg", svg), "is no SVG"},
		{"an icon with a script", put("assets/icon_nav_bar.svg", svg+`<script>1</script></svg>`), "holds <script>"},
		{"an icon with styles", put("assets/icon_nav_bar.svg", svg+`<style>a{}</style></svg>`), "holds <style>"},
		{"an icon with a style", put("assets/icon_nav_bar.svg", svg+`<path style="fill:red"/></svg>`), "attribute style"},
		{"an icon that does something", put("assets/icon_nav_bar.svg", svg+`<path onclick="x()"/></svg>`), "attribute onclick"},
		{"an icon from elsewhere", put("assets/icon_nav_bar.svg", svg+`<path xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.example"/></svg>`), "attribute href"},
		{"another drawing with a script", put("assets/x.svg", svg+`<script/></svg>`), "assets/x.svg holds <script>"},
		{"a program", put("assets/x.exe", "MZ"), "of a kind that apps don't hold"},
		{"an archive", put("assets/x.zip", "PK"), "of a kind that apps don't hold"},
		{"a file without ending", put("LICENSE", "MIT"), "of a kind that apps don't hold"},
		{"a way out", put("../x.js", ""), "is no good name"},
		{"a name from the root", put("/x.js", ""), "is no good name"},
		{"a large file", put("assets/x.js", strings.Repeat("a", 4<<20+1)), "too large"},
	} {
		files := unpacked(t, whole(t))
		tt.change(files)
		got := app.Check(packed(t, files))
		found := slices.ContainsFunc(got, func(m string) bool { return strings.Contains(m, tt.want) })
		if tt.want == "" && len(got) > 0 || tt.want != "" && (!found || len(got) > 2) {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestCheckReadsArchives(t *testing.T) {
	t.Parallel()
	files := unpacked(t, whole(t))
	link := &zip.FileHeader{Name: "assets/link.js"}
	link.SetMode(fs.ModeSymlink | 0o777)
	for name, tt := range map[string]struct {
		raw  []byte
		want string
	}{
		"no archive":    {[]byte("PK"), "no zip file"},
		"a link":        {packed(t, files, link), "assets/link.js is a symbolic link"},
		"a file twice":  {packed(t, files, &zip.FileHeader{Name: "manifest.json"}), "manifest.json is there twice"},
		"a folder":      {packed(t, files, &zip.FileHeader{Name: "assets/"}), ""},
		"nothing in it": {packed(t, nil), "manifest.json is missing"},
	} {
		got := app.Check(tt.raw)
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
	for i := range 201 {
		files["assets/"+strings.Repeat("a", i+1)+".js"] = ""
	}
	if got := app.Check(packed(t, files)); len(got) != 1 || !strings.Contains(got[0], "more than 200 files") {
		t.Errorf("many files: %q", got)
	}
}

// The files of the build are there, or nothing of them is.
func TestFiles(t *testing.T) {
	t.Parallel()
	files := app.Files()
	_, first := fs.Stat(files, "sidebar.html")
	_, second := fs.Stat(files, "conversas.html")
	_, third := fs.Stat(files, "janela.html")
	if (first == nil) != (second == nil) || (first == nil) != (third == nil) {
		t.Errorf("half an app was built: %v, %v, %v", first, second, third)
	}
}
