package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// assets serves the built app's files from memory, compressed where that pays. They are read when they are first asked for.
type assets struct {
	files fs.FS

	mu   sync.Mutex
	read map[string]*asset
}

// asset is one file.
type asset struct {
	mime, tag  string
	raw, small []byte // small is compressed; nil when that does not pay
	forever    bool   // its name changes with its content
}

func newAssets(files fs.FS) *assets { return &assets{files: files, read: map[string]*asset{}} }

// hashedName is the form of names that change with their content.
var hashedName = regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z0-9]+(\.map)?$`)

// serve answers a file.
func (s *assets) serve(c echo.Context) error {
	a := s.find("assets/" + c.Param("*"))
	if a == nil {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, a.mime)
	h.Set("ETag", a.tag)
	h.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set(echo.HeaderCacheControl, "public, max-age=300")
	if a.forever {
		h.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	body := a.raw
	if a.small != nil && accepts(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		h.Set(echo.HeaderContentEncoding, "gzip")
		body = a.small
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(body))
	return nil
}

// accepts tells whether a list of encodings names one, and does not refuse it.
func accepts(list, encoding string) bool {
	for one := range strings.SplitSeq(list, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return strings.Trim(q, "0.") != "" || q == ""
		}
	}
	return false
}

// find reads a file once; nil when there is none.
func (s *assets) find(name string) *asset {
	mime := typeOf(name)
	if s.files == nil || mime == "" || !fs.ValidPath(name) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.read[name]; ok {
		return a
	}
	raw, err := fs.ReadFile(s.files, name)
	if err != nil {
		return nil
	}
	a := &asset{mime: mime, raw: raw, small: smaller(mime, raw), forever: hashedName.MatchString(name)}
	sum := sha256.Sum256(raw)
	a.tag = `W/"` + hex.EncodeToString(sum[:8]) + `"`
	s.read[name] = a
	return a
}

// smaller is a text compressed; nil when that does not pay.
func smaller(mime string, raw []byte) []byte {
	if !strings.HasPrefix(mime, "text/") && !strings.Contains(mime, "json") && !strings.Contains(mime, "svg") {
		return nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(raw); err != nil {
		return nil
	}
	if w.Close() != nil || out.Len() >= len(raw) {
		return nil
	}
	return out.Bytes()
}
