package app

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// packed is what goes into the package as it is.
//
//go:embed package/assets package/translations
var packed embed.FS

// Version is the app's version.
const Version = "1.0.0"

// Errors of Package.
var errPublic = errors.New("the public address must be https://host, or http on localhost: browsers refuse any other inside Zendesk")

// manifest is what Zendesk reads first.
//
// Source: https://developer.zendesk.com/documentation/apps/app-developer-guide/manifest/.
type manifest struct {
	Name      string `json:"name"`
	Author    author `json:"author"`
	Locale    string `json:"defaultLocale"`
	Private   bool   `json:"private"`
	Location  any    `json:"location"`
	Version   string `json:"version"`
	Framework string `json:"frameworkVersion"`
	// Single lets the app be installed once, Signed has its pages opened with a signed token.
	Single bool `json:"singleInstall"`
	Signed bool `json:"signedUrls"`
}

type author struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	URL   string `json:"url"`
}

// place is a page of the app.
type place struct {
	URL      string `json:"url"`
	Flexible bool   `json:"flexible,omitempty"` // as wide as the agent makes the sidebar
}

// Package returns the app as a file to upload to Zendesk. Its pages are those of a Ponte at the public address. The same address gives
// the same bytes. What it returns has passed Check.
func Package(public string) ([]byte, error) {
	u, err := url.Parse(strings.TrimSuffix(public, "/"))
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || !loadable(u) {
		return nil, errPublic
	}
	files, err := contents(u)
	if err != nil {
		return nil, err
	}
	raw, err := pack(files)
	if err != nil {
		return nil, err
	}
	if mistakes := Check(raw); len(mistakes) > 0 {
		return nil, fmt.Errorf("the package breaks Zendesk's rules: %s", strings.Join(mistakes, "; ")) //nolint:err113 // for people
	}
	return raw, nil
}

// loadable tells whether Zendesk's page may load an address.
func loadable(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1")
}

// contents are the package's files by their names.
func contents(u *url.URL) (map[string][]byte, error) {
	base := u.String()
	m := manifest{
		Name: "Ponte – Conversas WhatsApp", Author: author{Name: "Ponte", Email: "ponte@" + u.Hostname(), URL: base},
		Locale: "pt-br", Private: true, Single: true, Signed: true, Version: Version, Framework: "2.0",
		Location: map[string]map[string]place{"support": {
			"ticket_sidebar": {URL: base + "/app/sidebar", Flexible: true},
			"nav_bar":        {URL: base + "/app/conversas"},
		}},
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	files := map[string][]byte{"manifest.json": append(raw, '\n')}
	err = fs.WalkDir(packed, "package", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[strings.TrimPrefix(path, "package/")], err = packed.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the package's files: %w", err)
	}
	return files, nil
}

// packedAt is the date of every file: a package depends on nothing but its content.
func packedAt() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// pack writes files into an archive, in the order of their names.
func pack(files map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packedAt()}
		h.SetMode(0o644)
		f, err := w.CreateHeader(h)
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the app: %w", err)
	}
	return out.Bytes(), nil
}
