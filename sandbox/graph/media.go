package graph

import (
	"bufio"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type mediaID struct {
	ID string `json:"id"`
}

func (s *Server) postMedia(w http.ResponseWriter, r *http.Request) (any, error) {
	n, err := s.hosted(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.acceptMedia(w, r, n)
}

// acceptMedia takes a file that a number uploads.
func (s *Server) acceptMedia(w http.ResponseWriter, r *http.Request, n Number) (any, error) {
	f, fields, err := s.readUpload(w, r)
	if err != nil {
		return nil, err
	}
	kinds := mediaKinds(f.MIME)
	switch {
	case fields["messaging_product"] != "whatsapp":
		err = badParameter("The parameter messaging_product is required and must be 'whatsapp'.")
	case len(kinds) == 0:
		err = badParameter("Param file must be a file with one of the supported types. Received file of type '" + f.MIME + "'.")
	case f.Size > sizeLimit(kinds[0]):
		err = badParameter(fmt.Sprintf("Param file must be at most %d bytes for %s.", sizeLimit(kinds[0]), kinds[0]))
	}
	if err != nil {
		return nil, errors.Join(err, s.cfg.Blobs.Delete(f.ID))
	}
	f.Number = n.ID
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.saveMedia(f); err != nil {
		return nil, err
	}
	return mediaID{ID: f.ID}, nil
}

// readUpload copies the multipart field "file" to where files lie, without holding it in memory, and returns the other
// fields; the file's own content type goes before the field "type". Whoever called before failing has to delete the blob.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) (*media, map[string]string, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxDocument+1<<20)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, nil, badParameter("The body is not a multipart form")
	}
	f, fields := (*media)(nil), map[string]string{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) && f != nil {
			f.MIME = cmp.Or(f.MIME, fields["type"], mime.TypeByExtension(filepath.Ext(f.Filename)), s.detect(f))
			return f, fields, nil
		}
		switch {
		case err != nil:
			err = badParameter("the multipart field 'file' is missing or too large")
		case part.FormName() == "file" && f == nil:
			f, err = s.readFile(part)
		default:
			var value []byte
			value, err = io.ReadAll(io.LimitReader(part, 1<<12))
			fields[part.FormName()] = string(value)
		}
		if err == nil {
			continue
		}
		if f != nil {
			err = errors.Join(err, s.cfg.Blobs.Delete(f.ID))
		}
		return nil, nil, err
	}
}

// readFile copies one part of a form to a blob.
func (s *Server) readFile(part *multipart.Part) (*media, error) {
	s.mu.Lock()
	f := &media{ID: s.digitsID(), Filename: part.FileName()}
	s.mu.Unlock()
	hash := sha256.New()
	size, err := s.cfg.Blobs.Save(f.ID, io.TeeReader(bufio.NewReader(io.LimitReader(part, maxDocument+1)), hash))
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge) || err == nil && size > maxDocument:
		err = badParameter("the multipart field 'file' is missing or too large")
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = badParameter("the multipart field 'file' breaks off")
	case err == nil && size == 0:
		err = badParameter("the file is empty")
	}
	if err != nil {
		return nil, errors.Join(err, s.cfg.Blobs.Delete(f.ID))
	}
	f.Size, f.SHA256 = size, hash.Sum(nil)
	if kind := part.Header.Get("Content-Type"); kind != "application/octet-stream" {
		f.MIME = kind
	}
	return f, nil
}

// detect guesses a file's type by its content.
func (s *Server) detect(f *media) string {
	head, err := s.head(f)
	if err != nil {
		return ""
	}
	return http.DetectContentType(head)
}

// saveMedia stores what is known of a file whose content lies already. The caller holds s.mu.
func (s *Server) saveMedia(f *media) error {
	if f.ID == "" {
		f.ID = s.digitsID()
	}
	if f.At.IsZero() {
		f.At = s.cfg.Clock.Now()
	}
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

// lookUp answers GET /{media_id}; number, when given, must be the file's. Files of a number that somebody else hosts are
// found by that one's API alone, which is owner's.
func (s *Server) lookUp(id, number, owner string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.living(id)
	if f == nil || number != "" && number != f.Number || owner == "" && s.dialog360(f.Number) {
		return nil, noObject(id)
	}
	size := f.Size
	if f.Claim.Size != nil {
		size = *f.Claim.Size
	}
	return mediaInfo{
		Product: "whatsapp", URL: s.link(f), MIME: cmp.Or(f.Claim.MIME, f.MIME), SHA256: hex.EncodeToString(f.shownHash()),
		Size: strconv.FormatInt(size, 10), ID: f.ID,
	}, nil
}

// shownHash is what WhatsApp says the file's SHA-256 is.
func (f *media) shownHash() []byte {
	if !f.Claim.WrongSHA256 {
		return f.SHA256
	}
	sum := sha256.Sum256(f.SHA256)
	return sum[:]
}

// living returns the file while WhatsApp keeps it and some number's API may show it. The caller holds s.mu.
func (s *Server) living(id string) *media {
	f := s.media[id]
	if f == nil || f.Number == "" || !s.cfg.Clock.Now().Before(f.expires()) {
		return nil
	}
	return f
}

// path360 is the path of the links that 360dialog's numbers get, below Meta's host and, for callers, 360dialog's.
const (
	host360 = "https://lookaside.fbsbx.com"
	path360 = "/whatsapp_business/attachments/"
)

// link returns an address of the file that is good for 5 minutes.
func (s *Server) link(f *media) string {
	if f.Claim.URL != "" {
		return f.Claim.URL
	}
	ext := stamp(s.cfg.Clock.Now().Add(mediaLinkLife))
	q := url.Values{"mid": {f.ID}, "ext": {ext}, "hash": {s.linkHash(f.ID, ext)}}
	if s.dialog360(f.Number) {
		return host360 + path360 + "?" + q.Encode()
	}
	return s.cfg.BaseURL + "/media/" + f.ID + "?" + q.Encode()
}

func (s *Server) linkHash(id, ext string) string {
	mac := hmac.New(sha256.New, []byte(s.install.Nonce))
	fmt.Fprintf(mac, "%s %s", id, ext)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

// download serves a link that lookUp or a webhook gave; one that is over answers 404.
func (s *Server) download(w http.ResponseWriter, r *http.Request) (any, error) {
	q := r.URL.Query()
	id, ext := cmp.Or(r.PathValue("id"), q.Get("mid")), q.Get("ext")
	until, err := strconv.ParseInt(ext, 10, 64)
	s.mu.Lock()
	f := s.living(id)
	good := err == nil && f != nil && hmac.Equal([]byte(s.linkHash(id, ext)), []byte(q.Get("hash"))) &&
		s.cfg.Clock.Now().Before(time.Unix(until, 0))
	s.mu.Unlock()
	if !good {
		w.WriteHeader(http.StatusNotFound)
		return nil, nil
	}
	s.serveMedia(w, r, f, cmp.Or(f.Claim.MIME, f.MIME))
	return nil, nil
}

// serveMedia answers with a file's content.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request, f *media, mimeType string) {
	body, err := s.open(f)
	if err != nil {
		s.cfg.Logger.ErrorContext(r.Context(), "file not readable", "media", f.ID, "error", err)
		http.NotFound(w, r)
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", mimeType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", f.At, body)
}

func (s *Server) deleteMedia(_ http.ResponseWriter, r *http.Request) (any, error) {
	id := r.PathValue("id")
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.media[id]
	if f == nil || f.Number == "" {
		return nil, noObject(id)
	}
	if err := s.cfg.Store.Delete(kindMedia, id); err != nil {
		return nil, err
	}
	delete(s.media, id)
	return success{Success: true}, s.cfg.Blobs.Delete(id)
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
