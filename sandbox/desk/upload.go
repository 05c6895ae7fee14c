package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// uploadLife is how long an upload's token is good.
const uploadLife = 60 * time.Minute

// attachment is a file, kept with its content.
type attachment struct {
	head
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	Token       string `json:"token"` // of its address
	Data        []byte `json:"data"`
}

// attachmentWire is a file as the API shows it.
type attachmentWire struct {
	ID               int64    `json:"id"`
	URL              string   `json:"url"`
	FileName         string   `json:"file_name"`
	ContentURL       string   `json:"content_url"`
	MappedContentURL string   `json:"mapped_content_url"`
	ContentType      string   `json:"content_type"`
	Size             int      `json:"size"`
	Inline           bool     `json:"inline"`
	Deleted          bool     `json:"deleted"`
	Thumbnails       []string `json:"thumbnails"`
}

// upload is a token and the files behind it.
type upload struct {
	Token       string    `json:"token"`
	ExpiresAt   time.Time `json:"expires_at"`
	Attachments []int64   `json:"attachments"`
	Used        bool      `json:"used"`
}

func (s *Server) uploadRoutes() []route {
	up := rt("POST", "/api/v2/uploads", s.uploadFile)
	up.upload = true
	return []route{
		up,
		rt("DELETE", "/api/v2/uploads/{key}", s.deleteUpload),
		rt("GET", "/api/v2/attachments/{id}", s.showAttachment),
		{method: "GET", path: segments("/attachments/token/{key}"), handle: s.download, open: true},
	}
}

func (s *Server) attachmentWire(a *attachment) *attachmentWire {
	link := s.cfg.BaseURL + "/attachments/token/" + a.Token + "/?name=" + url.QueryEscape(a.FileName)
	return &attachmentWire{
		ID: a.ID, URL: s.url("/attachments/%d.json", a.ID), FileName: a.FileName, ContentURL: link, MappedContentURL: link,
		ContentType: a.ContentType, Size: len(a.Data), Thumbnails: []string{},
	}
}

// uploadFile keeps a file under a new token, or adds it to the token given.
func (s *Server) uploadFile(c *call) (answer, error) {
	name := path.Base(strings.ReplaceAll(c.query.Get("filename"), `\`, "/"))
	if c.query.Get("filename") == "" || name == "." || name == "/" {
		return answer{}, invalid("filename", "BlankValue", "Filename: cannot be blank")
	}
	if len(c.body) == 0 {
		return answer{}, invalid("attachment", "BlankValue", "Attachment: is empty")
	}
	kind := c.r.Header.Get("Content-Type")
	if _, _, err := mime.ParseMediaType(kind); err != nil {
		kind = "application/octet-stream"
	}
	up := &upload{Token: rand.Text(), ExpiresAt: c.now.Add(uploadLife)}
	if token := c.query.Get("token"); token != "" {
		old := s.uploads[token]
		if old == nil || old.Used || !s.now().Before(old.ExpiresAt) {
			return answer{}, invalid("token", "InvalidValue", "Token: is invalid")
		}
		more := *old
		up = &more
	}
	a := &attachment{FileName: name, ContentType: kind, Token: rand.Text(), Data: c.body}
	if err := s.attachments.save(s, a); err != nil {
		return answer{}, err
	}
	up.Attachments = append(append([]int64{}, up.Attachments...), a.ID)
	if err := s.saveUpload(up); err != nil {
		return answer{}, err
	}
	all := []*attachmentWire{}
	for _, id := range up.Attachments {
		all = append(all, s.attachmentWire(s.attachments.get(id)))
	}
	return created(map[string]any{"upload": map[string]any{
		"token": up.Token, "expires_at": up.ExpiresAt, "attachment": s.attachmentWire(a), "attachments": all,
	}})
}

func (s *Server) saveUpload(up *upload) error {
	if err := s.store("upload", up.Token, up); err != nil {
		return err
	}
	s.uploads[up.Token] = up
	return nil
}

// useUploads spends the tokens whose files a comment took.
func (s *Server) useUploads(m *comment) error {
	if m == nil || len(m.Attachments) == 0 {
		return nil
	}
	taken := map[int64]bool{}
	for _, id := range m.Attachments {
		taken[id] = true
	}
	for _, up := range s.uploads {
		if up.Used || len(up.Attachments) == 0 || !taken[up.Attachments[0]] {
			continue
		}
		used := *up
		used.Used = true
		if err := s.saveUpload(&used); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) deleteUpload(c *call) (answer, error) {
	up := s.uploads[c.vars["key"]]
	if up == nil || up.Used {
		return answer{}, notFound()
	}
	for _, id := range up.Attachments {
		if err := s.attachments.remove(s, id); err != nil {
			return answer{}, err
		}
	}
	gone := *up
	gone.Used, gone.Attachments = true, nil
	if err := s.saveUpload(&gone); err != nil {
		return answer{}, err
	}
	return noContent()
}

func (s *Server) showAttachment(c *call) (answer, error) {
	a := s.attachments.get(c.id("id"))
	if a == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{"attachment": s.attachmentWire(a)})
}

// download needs no credentials: the token in the address is one.
func (s *Server) download(c *call) (answer, error) {
	a := s.attachments.first(func(a *attachment) bool { return a.Token == c.vars["key"] })
	if a == nil {
		return answer{}, notFound()
	}
	return answer{file: a}, nil
}

func writeFile(w http.ResponseWriter, a *attachment) {
	how := "attachment"
	kind, _, _ := strings.Cut(a.ContentType, "/")
	if kind == "image" || kind == "audio" || kind == "video" || a.ContentType == "application/pdf" {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", a.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(a.Data)))
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": a.FileName}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.Write(a.Data)
}

func (s *Server) loadUploads() error {
	s.uploads = map[string]*upload{}
	return s.cfg.Store.Each("upload", func(id string, raw json.RawMessage) error {
		up := &upload{}
		if err := json.Unmarshal(raw, up); err != nil {
			return fmt.Errorf("load upload: %w", err)
		}
		s.uploads[id] = up
		return nil
	})
}
