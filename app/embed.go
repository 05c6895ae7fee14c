// Package app holds the app inside Zendesk: its source, and what is built of it.
package app

import (
	"embed"
	"io/fs"
)

// dist is what the build writes; without one it holds a note alone.
//
//go:embed all:dist
var dist embed.FS

// Files are the built app: an HTML file for each page, and their assets. Nothing of it is there when the app was not built.
func Files() fs.FS {
	built, err := fs.Sub(dist, "dist/web")
	if err != nil {
		return nil
	}
	return built
}
