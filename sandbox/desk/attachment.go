package desk

import (
	"crypto/rand"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// attachment is a file of the account; its content lies in the vault.
type attachment struct {
	head
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"` // as it was declared
	Token       string `json:"token"`        // of its address
	Key         string `json:"key"`          // in the vault
	Size        int64  `json:"size"`
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
	ThumbID     int64  `json:"thumb_id,omitempty"`
	Inline      bool   `json:"inline,omitempty"` // shown within its comment's text
}

// attachmentWire is a file as the API shows it
// (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/).
type attachmentWire struct {
	ID               int64  `json:"id"`
	URL              string `json:"url"`
	FileName         string `json:"file_name"`
	ContentURL       string `json:"content_url"`
	MappedContentURL string `json:"mapped_content_url"`
	ContentType      string `json:"content_type"`
	Size             int64  `json:"size"`
	Width            *int   `json:"width"`
	Height           *int   `json:"height"`
	Inline           bool   `json:"inline"`
	Deleted          bool   `json:"deleted"`
	MalwareOverride  bool   `json:"malware_access_override"`
	MalwareResult    string `json:"malware_scan_result"`
	// Thumbnails is nil for a thumbnail, which has none.
	Thumbnails *[]*attachmentWire `json:"thumbnails,omitempty"`
}

// attachmentWire shows a file with its thumbnail.
func (s *Server) attachmentWire(a *attachment) *attachmentWire {
	w, small := s.bareWire(a), []*attachmentWire{}
	if t := s.attachments.get(a.ThumbID); t != nil {
		small = append(small, s.bareWire(t))
	}
	w.Thumbnails = &small
	return w
}

func (s *Server) bareWire(a *attachment) *attachmentWire {
	link := s.contentURL(a)
	w := &attachmentWire{
		ID: a.ID, URL: s.url("/attachments/%d.json", a.ID), FileName: a.FileName, ContentURL: link, MappedContentURL: link,
		ContentType: a.ContentType, Size: a.Size, Inline: a.Inline, MalwareResult: "malware_not_found",
	}
	if a.Width > 0 {
		w.Width, w.Height = &a.Width, &a.Height
	}
	return w
}

func (s *Server) contentURL(a *attachment) string {
	return s.cfg.BaseURL + "/attachments/token/" + a.Token + "/?name=" + url.QueryEscape(a.FileName)
}

// attach makes a received file, and its thumbnail, the account's.
func (s *Server) attach(f *received, name, kind string) (*attachment, error) {
	a := &attachment{
		FileName: name, ContentType: kind, Token: rand.Text(), Key: f.key, Size: f.size, Width: f.width, Height: f.height,
	}
	if f.thumb != nil {
		small, err := s.attach(f.thumb, strings.TrimSuffix(name, path.Ext(name))+"_thumb.png", "image/png")
		if err != nil {
			return nil, err
		}
		a.ThumbID = small.ID
	}
	if err := s.attachments.save(s, a); err != nil {
		return nil, err
	}
	s.files[a.Token] = a.ID
	return a, nil
}

func (s *Server) dropAttachment(id int64) error {
	a := s.attachments.get(id)
	if a == nil {
		return nil
	}
	if a.ThumbID != 0 {
		if err := s.dropAttachment(a.ThumbID); err != nil {
			return err
		}
	}
	if err := s.attachments.remove(s, id); err != nil {
		return err
	}
	delete(s.files, a.Token)
	return s.vault.remove(a.Key)
}

// markInline notes the files that a comment's text shows.
func (s *Server) markInline(m *comment) error {
	for _, id := range m.Attachments {
		a := s.attachments.get(id)
		if a == nil || a.Inline || !strings.Contains(m.HTMLBody, "/attachments/token/"+a.Token+"/") {
			continue
		}
		next := *a
		next.Inline = true
		if err := s.attachments.save(s, &next); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) showAttachment(c *call) (answer, error) {
	a := s.attachments.get(c.id("id"))
	if a == nil {
		return answer{}, notFound()
	}
	return ok(map[string]any{"attachment": s.attachmentWire(a)})
}

// download needs no credentials: the token in the address is one. The knobs may send the caller elsewhere.
func (s *Server) download(c *call) (answer, error) {
	a := s.attachments.get(s.files[c.vars["key"]])
	if a == nil {
		return answer{}, notFound()
	}
	if to := s.elsewhere(a); to != "" {
		c.header.Set("Location", to)
		return answer{status: http.StatusFound}, nil
	}
	return answer{file: a}, nil
}

// writeFile sends a file so that no browser runs it: never shown as a page of this address, its type not guessed.
func (s *Server) writeFile(w http.ResponseWriter, r *http.Request, a *attachment) {
	f, err := s.vault.open(a.Key)
	if err != nil {
		s.log.ErrorContext(r.Context(), "opening an attachment failed", "attachment", a.ID, "error", err)
		s.fail(w, notFound())
		return
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", a.ContentType)
	h.Set("Content-Disposition", disposition(a.FileName))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", a.UpdatedAt, f)
}

func disposition(name string) string {
	if value := mime.FormatMediaType("attachment", map[string]string{"filename": name}); value != "" {
		return value
	}
	return "attachment"
}

// openAttachments indexes what was loaded and clears away what is no longer needed.
func (s *Server) openAttachments() error {
	s.files, s.links = map[string]int64{}, map[string]cdnLink{}
	known := map[string]bool{}
	for _, a := range s.attachments.all() {
		s.files[a.Token], known[a.Key] = a.ID, true
	}
	if err := s.vault.keep(known); err != nil {
		return err
	}
	return s.sweepUploads()
}
