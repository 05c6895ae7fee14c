package desk

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
)

// uploadLife is how long an upload's token is good.
const uploadLife = 60 * time.Minute

// maxFileName is the longest file name kept, in characters.
const maxFileName = 200

// upload is a token and the files behind it. A spent token is forgotten.
type upload struct {
	Token       string    `json:"token"`
	ExpiresAt   time.Time `json:"expires_at"`
	Attachments []int64   `json:"attachments"`
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

// uploadFile keeps a file under a new token, or adds it to the token given.
func (s *Server) uploadFile(c *call) (answer, error) {
	name := safeName(c.query.Get("filename"))
	if name == "" {
		return answer{}, invalid("filename", "BlankValue", "Filename: cannot be blank")
	}
	if c.file.size == 0 {
		return answer{}, invalid("attachment", "BlankValue", "Attachment: is empty")
	}
	up := &upload{Token: rand.Text(), ExpiresAt: c.now.Add(uploadLife)}
	if token := c.query.Get("token"); token != "" {
		old, err := s.goodUpload(token, "token")
		if err != nil {
			return answer{}, err
		}
		more := *old
		up = &more
	}
	a, err := s.attach(c.file, name, declared(c.r))
	if err != nil {
		return answer{}, err
	}
	up.Attachments = append(slices.Clone(up.Attachments), a.ID)
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

// declared is the type a file was sent with; one that is none is application/octet-stream.
func declared(r *http.Request) string {
	kind := r.Header.Get("Content-Type")
	if _, _, err := mime.ParseMediaType(kind); err != nil || !strings.Contains(kind, "/") {
		return "application/octet-stream"
	}
	return kind
}

// safeName is a file name without folders, control characters and those that turn text round; "" when nothing is left.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(path.Base(strings.ReplaceAll(name, `\`, "/")), " .")
	if name == "/" {
		return ""
	}
	letters := []rune(name)
	if len(letters) <= maxFileName {
		return name
	}
	end := []rune(path.Ext(name))
	if len(end) > 20 {
		end = nil
	}
	return string(letters[:maxFileName-len(end)]) + string(end)
}

// goodUpload finds a token that may still be used; field is where a 422 says that it may not.
func (s *Server) goodUpload(token, field string) (*upload, error) {
	up := s.uploads[token]
	if up == nil || !s.now().Before(up.ExpiresAt) {
		return nil, invalid(field, "InvalidValue", strings.ToUpper(field[:1])+field[1:]+": the token is not valid")
	}
	return up, nil
}

// normalTokens drops blank and repeated tokens.
func normalTokens(tokens []string) []string {
	var out []string
	for _, t := range tokens {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (s *Server) saveUpload(up *upload) error {
	if err := s.store("upload", up.Token, up); err != nil {
		return err
	}
	s.uploads[up.Token] = up
	return nil
}

// spendUploads forgets the tokens whose files a comment took.
func (s *Server) spendUploads(tokens []string) error {
	for _, token := range tokens {
		if err := s.forgetUpload(token); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) forgetUpload(token string) error {
	if err := s.cfg.Store.Delete("upload", token); err != nil {
		return fmt.Errorf("delete upload: %w", err)
	}
	delete(s.uploads, token)
	return nil
}

// sweepUploads removes the files that nobody used while their token was good.
func (s *Server) sweepUploads() error {
	for token, up := range s.uploads {
		if s.now().Before(up.ExpiresAt) {
			continue
		}
		if err := s.dropUpload(token, up); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) dropUpload(token string, up *upload) error {
	for _, id := range up.Attachments {
		if err := s.dropAttachment(id); err != nil {
			return err
		}
	}
	return s.forgetUpload(token)
}

func (s *Server) deleteUpload(c *call) (answer, error) {
	token := c.vars["key"]
	up := s.uploads[token]
	if up == nil {
		return answer{}, notFound()
	}
	if err := s.dropUpload(token, up); err != nil {
		return answer{}, err
	}
	return noContent()
}

func (s *Server) loadUploads() error {
	s.uploads = map[string]*upload{}
	err := s.cfg.Store.Each("upload", func(id string, raw json.RawMessage) error {
		up := &upload{}
		if err := json.Unmarshal(raw, up); err != nil {
			return fmt.Errorf("load upload: %w", err)
		}
		s.uploads[id] = up
		return nil
	})
	if err != nil {
		return err
	}
	return s.openAttachments()
}
