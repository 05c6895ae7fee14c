package graph

import (
	"regexp"
	"strings"
)

// The states of a template.
const (
	templateApproved = "APPROVED"
	templatePending  = "PENDING"
	templateRejected = "REJECTED"
	templatePaused   = "PAUSED"
	templateDisabled = "DISABLED"
)

// named is the parameter format of templates whose variables have names.
const named = "NAMED"

// template is a message template as the API shows it.
type template struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Language   string              `json:"language"`
	Category   string              `json:"category"`
	Status     string              `json:"status"`
	Format     string              `json:"parameter_format"`
	Reason     string              `json:"rejected_reason,omitempty"`
	Components []templateComponent `json:"components"`
}

type templateComponent struct {
	Type    string           `json:"type"`
	Format  string           `json:"format,omitempty"` // of a header: TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION
	Text    string           `json:"text,omitempty"`
	Example any              `json:"example,omitempty"`
	Buttons []templateButton `json:"buttons,omitempty"`
}

type templateButton struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	URL     string `json:"url,omitempty"`
	Phone   string `json:"phone_number,omitempty"`
	OTP     string `json:"otp_type,omitempty"`
	Example any    `json:"example,omitempty"`
}

// part returns a template's component, the zero one when it has none of this type.
func (t *template) part(kind string) templateComponent {
	for _, c := range t.Components {
		if strings.EqualFold(c.Type, kind) {
			return c
		}
	}
	return templateComponent{}
}

var variablePattern = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// variables returns the names in a text's double braces, each once, in order.
func variables(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, found := range variablePattern.FindAllStringSubmatch(text, -1) {
		if !seen[found[1]] {
			seen[found[1]] = true
			out = append(out, found[1])
		}
	}
	return out
}

// fillIn puts values in the place of a text's variables.
func fillIn(text string, values map[string]string) string {
	return variablePattern.ReplaceAllStringFunc(text, func(found string) string {
		return values[variablePattern.FindStringSubmatch(found)[1]]
	})
}

// findTemplate returns the template of a name and language. The caller holds s.mu.
func (s *Server) findTemplate(name, language string) *template {
	for _, t := range s.templates {
		if t.Name == name && t.Language == language {
			return t
		}
	}
	return nil
}

func (s *Server) saveTemplate(t *template) error {
	if err := s.cfg.Store.Put(kindTemplate, t.ID, t); err != nil {
		return err
	}
	for i, old := range s.templates {
		if old.ID == t.ID {
			s.templates[i] = t
			return nil
		}
	}
	s.templates = append(s.templates, t)
	return nil
}
