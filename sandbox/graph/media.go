package graph

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mediaKinds returns the types of message a file of this MIME type may be sent as.
func mediaKinds(mimeType string) []string {
	base, _, err := mime.ParseMediaType(mimeType)
	if err != nil {
		return nil
	}
	switch base {
	case "image/jpeg", "image/png":
		return []string{"image"}
	case "image/webp":
		return []string{"sticker"}
	case "video/mp4", "video/3gpp":
		return []string{"video"}
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg":
		return []string{"audio"}
	case "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return []string{"document"}
	}
	return nil
}

// allowed reports whether a file can be sent as kind. As a document goes whatever can be uploaded.
func allowed(kind, mimeType string) bool {
	kinds := mediaKinds(mimeType)
	return slices.Contains(kinds, kind) || kind == "document" && len(kinds) > 0
}

func sizeLimit(kind string) int {
	switch kind {
	case "image":
		return maxImage
	case "video":
		return maxVideo
	case "audio":
		return maxAudio
	case "sticker":
		return maxSticker
	}
	return maxDocument
}

type mediaID struct {
	ID string `json:"id"`
}

func (s *Server) postMedia(w http.ResponseWriter, r *http.Request) (any, error) {
	if _, ok := s.number(r.PathValue("id")); !ok {
		return nil, noObject(r.PathValue("id"))
	}
	f, err := readUpload(w, r)
	if err != nil {
		return nil, badParameter(err.Error())
	}
	if r.FormValue("messaging_product") != "whatsapp" {
		return nil, badParameter("The parameter messaging_product is required and must be 'whatsapp'.")
	}
	kinds := mediaKinds(f.MIME)
	if len(kinds) == 0 {
		return nil, badParameter("Param file must be a file with one of the supported types. Received file of type '" + f.MIME + "'.")
	}
	if limit := sizeLimit(kinds[0]); len(f.Content) > limit {
		return nil, badParameter(fmt.Sprintf("Param file must be at most %d bytes for %s.", limit, kinds[0]))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.saveMedia(f); err != nil {
		return nil, err
	}
	return mediaID{ID: f.ID}, nil
}

// readUpload reads the multipart field "file"; its own content type goes before the field "type".
func readUpload(w http.ResponseWriter, r *http.Request) (*media, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxDocument+1<<20)
	part, header, err := r.FormFile("file")
	if err != nil {
		return nil, errors.New("the multipart field 'file' is missing or too large")
	}
	defer part.Close()
	body, err := io.ReadAll(part)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if len(body) == 0 {
		return nil, errors.New("the file is empty")
	}
	sum := sha256.Sum256(body)
	kind := header.Header.Get("Content-Type")
	if kind == "" || kind == "application/octet-stream" {
		kind = cmp.Or(r.FormValue("type"), mime.TypeByExtension(filepath.Ext(header.Filename)), http.DetectContentType(body))
	}
	return &media{MIME: kind, SHA256: sum[:], Content: body, Filename: header.Filename}, nil
}

// saveMedia stores a file under a new id. The caller holds s.mu.
func (s *Server) saveMedia(f *media) error {
	f.ID, f.At = s.digitsID(), s.cfg.Clock.Now()
	if err := s.cfg.Store.Put(kindMedia, f.ID, f); err != nil {
		return err
	}
	s.media[f.ID] = f
	return nil
}

type mediaInfo struct {
	Product string `json:"messaging_product"`
	URL     string `json:"url"`
	MIME    string `json:"mime_type"`
	SHA256  string `json:"sha256"` // hexadecimal here, base64 in webhooks
	Size    string `json:"file_size"`
	ID      string `json:"id"`
}

// lookUp answers GET /{media_id}; number, when given, must be one of the business.
func (s *Server) lookUp(id, number string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.living(id)
	if _, ok := s.number(number); f == nil || number != "" && !ok {
		return nil, noObject(id)
	}
	return mediaInfo{
		Product: "whatsapp", URL: s.link(f), MIME: f.MIME, SHA256: hex.EncodeToString(f.SHA256),
		Size: strconv.Itoa(len(f.Content)), ID: f.ID,
	}, nil
}

// living returns the file while WhatsApp keeps it. The caller holds s.mu.
func (s *Server) living(id string) *media {
	f := s.media[id]
	if f == nil || !s.cfg.Clock.Now().Before(f.expires()) {
		return nil
	}
	return f
}

// link returns an address of the file that is good for 5 minutes.
func (s *Server) link(f *media) string {
	ext := stamp(s.cfg.Clock.Now().Add(mediaLinkLife))
	q := url.Values{"mid": {f.ID}, "ext": {ext}, "hash": {s.linkHash(f.ID, ext)}}
	return s.cfg.BaseURL + "/media/" + f.ID + "?" + q.Encode()
}

func (s *Server) linkHash(id, ext string) string {
	mac := hmac.New(sha256.New, []byte(s.install.Nonce))
	fmt.Fprintf(mac, "%s %s", id, ext)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

// download serves a link that lookUp or a webhook gave; one that is over answers 404.
func (s *Server) download(w http.ResponseWriter, r *http.Request) (any, error) {
	id, ext := r.PathValue("id"), r.URL.Query().Get("ext")
	until, err := strconv.ParseInt(ext, 10, 64)
	s.mu.Lock()
	f := s.living(id)
	good := err == nil && f != nil && hmac.Equal([]byte(s.linkHash(id, ext)), []byte(r.URL.Query().Get("hash"))) &&
		s.cfg.Clock.Now().Before(time.Unix(until, 0))
	s.mu.Unlock()
	if !good {
		w.WriteHeader(http.StatusNotFound)
		return nil, nil
	}
	serve(w, r, f)
	return nil, nil
}

func serve(w http.ResponseWriter, r *http.Request, f *media) {
	w.Header().Set("Content-Type", f.MIME)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", f.At, bytes.NewReader(f.Content))
}

func (s *Server) deleteMedia(_ http.ResponseWriter, r *http.Request) (any, error) {
	id := r.PathValue("id")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.media[id] == nil {
		return nil, noObject(id)
	}
	if err := s.cfg.Store.Delete(kindMedia, id); err != nil {
		return nil, err
	}
	delete(s.media, id)
	return success{Success: true}, nil
}

// inline reports whether a browser may show a file of this type instead of saving it.
func inline(mimeType string) bool {
	for _, prefix := range []string{"image/jpeg", "image/png", "image/webp", "audio/", "video/", "application/pdf"} {
		if strings.HasPrefix(mimeType, prefix) {
			return true
		}
	}
	return false
}
