package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// checker looks a package over.
type checker struct {
	files    map[string][]byte
	manifest map[string]json.RawMessage
	mistakes []string
}

func (c *checker) wrong(format string, args ...any) {
	c.mistakes = append(c.mistakes, fmt.Sprintf(format, args...))
}

// Largest of what is looked at, in bytes: a package is small.
const (
	mostFile  = 4 << 20
	mostFiles = 200
)

// Check says what of a package Zendesk would refuse, or warn of; nothing is right. Zendesk's own check needs an account.
//
// Source: https://github.com/zendesk/zendesk_apps_support, the validators, and the manifest's guide.
func Check(raw []byte) []string {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return []string{"it is no zip file"}
	}
	c := &checker{files: map[string][]byte{}}
	c.read(archive)
	if len(c.mistakes) > 0 {
		return c.mistakes
	}
	text, ok := c.files["manifest.json"]
	if !ok {
		return []string{"manifest.json is missing at the root of the archive"}
	}
	if json.Unmarshal(text, &c.manifest) != nil {
		return []string{"manifest.json is no JSON object"}
	}
	c.required()
	c.locations()
	c.parameters()
	c.translations()
	c.pictures()
	c.drawings()
	return c.mistakes
}

// accepted are the kinds of files that an app may hold.
func accepted() []string {
	return []string{".png", ".jpg", ".jpeg", ".gif", ".svg", ".js", ".html", ".css", ".map", ".woff", ".woff2", ".ttf", ".json"}
}

// read takes the files out of the archive.
func (c *checker) read(archive *zip.Reader) {
	if len(archive.File) > mostFiles {
		c.wrong("it holds more than %d files", mostFiles)
		return
	}
	for _, f := range archive.File {
		_, twice := c.files[f.Name]
		switch {
		case f.Mode()&fs.ModeSymlink != 0:
			c.wrong("%s is a symbolic link", f.Name)
		case strings.HasSuffix(f.Name, "/"):
			continue
		case !fs.ValidPath(f.Name) || strings.ContainsAny(f.Name, `\:`):
			c.wrong("%s is no good name", f.Name)
		case twice:
			c.wrong("%s is there twice", f.Name)
		case !slices.Contains(accepted(), strings.ToLower(path.Ext(f.Name))):
			c.wrong("%s is of a kind that apps don't hold", f.Name)
		default:
			c.file(f)
		}
	}
}

func (c *checker) file(f *zip.File) {
	r, err := f.Open()
	if err != nil {
		c.wrong("%s can't be read", f.Name)
		return
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, mostFile+1))
	switch {
	case err != nil:
		c.wrong("%s can't be read", f.Name)
	case len(raw) > mostFile:
		c.wrong("%s is too large", f.Name)
	}
	c.files[f.Name] = raw
}

// text is a word of the manifest.
func (c *checker) text(key string) string {
	var s string
	if json.Unmarshal(c.manifest[key], &s) != nil {
		return ""
	}
	return s
}

// required wants what every app has, in its form.
func (c *checker) required() {
	var a author
	if json.Unmarshal(c.manifest["author"], &a) != nil || a.Name == "" || a.Email == "" || a.URL == "" {
		c.wrong("manifest.json: author needs name, email and url")
	}
	for _, key := range []string{"name", "version"} {
		if c.text(key) == "" {
			c.wrong("manifest.json: %s is missing", key)
		}
	}
	if c.text("frameworkVersion") != "2.0" {
		c.wrong("manifest.json: frameworkVersion must be 2.0")
	}
	for _, key := range []string{"signedUrls", "private", "singleInstall", "requirementsOnly", "marketingOnly", "noTemplate"} {
		var b bool
		if raw, ok := c.manifest[key]; ok && json.Unmarshal(raw, &b) != nil {
			c.wrong("manifest.json: %s must be true or false", key)
		}
	}
}

// products and the places of each where an app may be.
//
// Source: lib/zendesk_apps_support/location.rb.
func products() map[string][]string {
	return map[string][]string{
		"support": {
			"top_bar", "nav_bar", "ticket_sidebar", "new_ticket_sidebar", "user_sidebar", "organization_sidebar", "background", "modal",
			"ticket_editor", "system_top_bar", "ticket_module",
		},
		"chat": {"chat_sidebar", "background"},
	}
}

// placed calls visit for every place of the app, with its address.
func (c *checker) placed(visit func(product, place, address string)) bool {
	var all map[string]map[string]json.RawMessage
	if json.Unmarshal(c.manifest["location"], &all) != nil || len(all) == 0 {
		return false
	}
	for product, places := range all {
		for name, raw := range places {
			var short string
			var long place
			if json.Unmarshal(raw, &short) != nil && json.Unmarshal(raw, &long) == nil {
				short = long.URL
			}
			visit(product, name, short)
		}
	}
	return true
}

// locations wants every place to exist and its address to be one that can be loaded.
func (c *checker) locations() {
	there := c.placed(func(product, place, address string) {
		if known, ok := products()[product]; !ok || !slices.Contains(known, place) {
			c.wrong("manifest.json: there is no location %s in %s", place, product)
		}
		if !c.good(address) {
			c.wrong("manifest.json: the address of %s is neither https nor a file of assets/", place)
		}
	})
	if !there {
		c.wrong("manifest.json: location is missing")
	}
}

// good tells whether a page can be loaded from an address.
func (c *checker) good(address string) bool {
	if strings.Contains(address, "{{setting.") {
		return true
	}
	if strings.HasPrefix(address, "assets/") {
		_, ok := c.files[address]
		return ok
	}
	return regexp.MustCompile(`^(https://[^/\s]+|http://(localhost|127\.0\.0\.1)(:\d+)?)(/|$)`).MatchString(address)
}

// parameters wants those of the installation to be right.
func (c *checker) parameters() {
	raw, ok := c.manifest["parameters"]
	if !ok {
		return
	}
	var all []struct {
		Name     string `json:"name"`
		Type     string `json:"type"`
		Required bool   `json:"required"`
	}
	if json.Unmarshal(raw, &all) != nil {
		c.wrong("manifest.json: parameters is no list")
		return
	}
	types := []string{"", "text", "password", "checkbox", "url", "number", "multiline", "hidden", "oauth", "dropdown"}
	names, oauth := map[string]bool{}, 0
	for _, p := range all {
		switch {
		case p.Name == "" || p.Name == "name":
			c.wrong("manifest.json: a parameter can't be called %q", p.Name)
		case names[p.Name]:
			c.wrong("manifest.json: the parameter %s is there twice", p.Name)
		case !slices.Contains(types, p.Type):
			c.wrong("manifest.json: the parameter %s has no known type", p.Name)
		case p.Type == "hidden" && p.Required:
			c.wrong("manifest.json: the parameter %s is hidden and required", p.Name)
		}
		names[p.Name] = true
		if p.Type == "oauth" {
			oauth++
		}
	}
	if oauth > 1 {
		c.wrong("manifest.json: only one parameter may be of the type oauth")
	}
}

// localeName is the form of a translation's name.
var localeName = regexp.MustCompile(`^[a-z]{2}(-\w{2,3})?$`)

// translations wants the default one and English, each with what the app is called.
func (c *checker) translations() {
	locale := c.text("defaultLocale")
	if locale == "" {
		c.wrong("manifest.json: defaultLocale is missing")
	} else if _, ok := c.files["translations/"+locale+".json"]; !ok {
		c.wrong("translations/%s.json is missing, the default", locale)
	}
	if _, ok := c.files["translations/en.json"]; !ok {
		c.wrong("translations/en.json is missing")
	}
	needs := []string{"name"}
	var private bool
	if raw, ok := c.manifest["private"]; ok && json.Unmarshal(raw, &private) == nil && !private {
		needs = append(needs, "short_description", "long_description", "installation_instructions")
	}
	for name, raw := range c.files {
		file, ok := strings.CutPrefix(name, "translations/")
		if !ok {
			continue
		}
		if !localeName.MatchString(strings.TrimSuffix(file, ".json")) || path.Ext(file) != ".json" {
			c.wrong("%s is not called like a language", name)
			continue
		}
		var t struct {
			App map[string]any `json:"app"`
		}
		if json.Unmarshal(raw, &t) != nil {
			c.wrong("%s is no JSON", name)
			continue
		}
		for _, key := range needs {
			if word, ok := t.App[key].(string); !ok || word == "" {
				c.wrong("%s: app.%s is missing", name, key)
			}
		}
	}
}

// pictures wants both logos in their sizes.
func (c *checker) pictures() {
	for name, size := range map[string]int{"assets/logo.png": 320, "assets/logo-small.png": 128} {
		img, err := png.Decode(bytes.NewReader(c.files[name]))
		switch {
		case err != nil:
			c.wrong("%s is missing or no PNG", name)
			continue
		case img.Bounds().Size() != image.Pt(size, size):
			c.wrong("%s must measure %d × %d", name, size, size)
		}
		_, _, _, corner := img.At(img.Bounds().Min.X, img.Bounds().Min.Y).RGBA()
		switch {
		case size == 320 && corner != 0xffff:
			c.wrong("%s must have square corners, which are not transparent", name)
		case size == 128 && !transparent(img):
			c.wrong("%s must be a PNG-24 with transparency", name)
		}
	}
}

// transparent tells whether a picture has full colours and places that can be seen through.
func transparent(img image.Image) bool {
	switch img.ColorModel() {
	case color.NRGBAModel, color.RGBAModel, color.NRGBA64Model, color.RGBA64Model:
	default:
		return false
	}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if _, _, _, a := img.At(x, y).RGBA(); a < 0xffff {
				return true
			}
		}
	}
	return false
}

// drawings wants an icon for each place that has one, and nothing but shapes in it.
func (c *checker) drawings() {
	several := map[string]bool{}
	c.placed(func(product, _, _ string) { several[product] = true })
	c.placed(func(product, place, _ string) {
		if !slices.Contains([]string{"top_bar", "nav_bar", "ticket_editor", "system_top_bar"}, place) {
			return
		}
		name := "assets/icon_" + place + ".svg"
		if len(several) > 1 {
			name = "assets/" + product + "/icon_" + place + ".svg"
		}
		raw, ok := c.files[name]
		if !ok {
			c.wrong("%s is missing", name)
			return
		}
		if !bytes.Contains(raw, []byte("viewBox")) {
			c.wrong("%s has no viewBox", name)
		}
	})
	for name, raw := range c.files {
		if path.Ext(name) != ".svg" {
			continue
		}
		if err := shapes(raw); err != nil {
			c.wrong("%s %v", name, err)
		}
	}
}

// shapes tells what in a drawing is more than shapes.
func shapes(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("is no SVG")
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if slices.Contains([]string{"script", "style", "foreignObject", "image", "use", "a"}, e.Name.Local) {
			return fmt.Errorf("holds <%s>", e.Name.Local) //nolint:err113 // a line for people
		}
		for _, a := range e.Attr {
			if n := strings.ToLower(a.Name.Local); n == "style" || n == "class" || n == "href" || strings.HasPrefix(n, "on") {
				return fmt.Errorf("has the attribute %s", a.Name.Local) //nolint:err113 // a line for people
			}
		}
	}
}
