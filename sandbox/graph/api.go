package graph

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"
	"strings"
)

var versionPattern = regexp.MustCompile(`^/v\d+\.\d+/`)

// API returns the simulated Graph API; mount it with its prefix stripped.
func (s *Server) API() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /{version}/{id}/messages", s.call(s.postMessages))
	mux.Handle("POST /{version}/{id}/media", s.call(s.postMedia))
	mux.Handle("GET /{version}/{id}/message_templates", s.call(s.getTemplates))
	mux.Handle("GET /{version}/{id}", s.call(s.getObject))
	mux.Handle("DELETE /{version}/{id}", s.call(s.deleteMedia))
	mux.Handle("GET /media/{id}", s.call(s.download))
	mux.Handle("/", s.call(unknownPath))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !versionPattern.MatchString(r.URL.Path) && !strings.HasPrefix(r.URL.Path, "/media/") {
			s.call(unknownPath).ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// handler answers a call with a JSON value; a nil value means that it has written its answer itself.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// call wraps h with the check of the token and the API's error envelope.
func (s *Server) call(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := any(nil), s.authorize(r)
		if err == nil {
			answer, err = h(w, r)
		}
		if err != nil {
			s.fail(w, err)
			return
		}
		if answer != nil {
			writeJSON(w, http.StatusOK, answer)
		}
	})
}

func (s *Server) authorize(r *http.Request) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return &apiError{code: codeToken, message: "An access token is required to request this resource."}
	}
	if !hmac.Equal([]byte(token), []byte(s.cfg.AccessToken)) {
		return &apiError{code: codeToken, message: "Invalid OAuth access token - Cannot parse access token"}
	}
	return nil
}

// fail answers err; one that is no answer of the API is an internal error, as when the store cannot be written.
func (s *Server) fail(w http.ResponseWriter, err error) {
	var known *apiError
	if !errors.As(err, &known) {
		s.cfg.Logger.Error("call failed", "error", err)
		known = &apiError{code: codeInternal, details: "Something went wrong"}
	}
	s.mu.Lock()
	id := s.id()
	s.mu.Unlock()
	writeJSON(w, known.status(), known.body("A"+hex.EncodeToString(id[:])[:22]))
}

func unknownPath(http.ResponseWriter, *http.Request) (any, error) {
	return nil, &apiError{code: codePath, message: "Unknown path components"}
}

// noObject is the answer for an id that names nothing, or not this kind of thing.
func noObject(id string) error {
	return &apiError{
		code: codeParameter, subcode: subcodeObject,
		message: "Unsupported request. Object with ID '" + id +
			"' does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
	}
}

// getObject answers for the ids that stand alone in a path: numbers and media.
func (s *Server) getObject(_ http.ResponseWriter, r *http.Request) (any, error) {
	id := r.PathValue("id")
	if n, ok := s.number(id); ok {
		return map[string]string{
			"id": n.ID, "display_phone_number": "+" + n.Display, "verified_name": "Ponte Demonstração",
			"quality_rating": "GREEN", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
		}, nil
	}
	return s.lookUp(id, r.URL.Query().Get("phone_number_id"))
}

type templateList struct {
	Data []templateData `json:"data"`
}

type templateData struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Language   string              `json:"language"`
	Category   string              `json:"category"`
	Status     string              `json:"status"`
	Components []templateComponent `json:"components"`
}

type templateComponent struct {
	Type    string           `json:"type"`
	Text    string           `json:"text,omitempty"`
	Buttons []templateButton `json:"buttons,omitempty"`
}

type templateButton struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

func (s *Server) getTemplates(_ http.ResponseWriter, r *http.Request) (any, error) {
	if id := r.PathValue("id"); id != s.cfg.WABA {
		return nil, noObject(id)
	}
	var list templateList
	for _, t := range templates() {
		buttons := templateComponent{Type: "BUTTONS"}
		for _, b := range t.Buttons {
			buttons.Buttons = append(buttons.Buttons, templateButton{Type: "QUICK_REPLY", Text: b})
		}
		list.Data = append(list.Data, templateData{
			ID: t.ID, Name: t.Name, Language: t.Language, Category: t.Category, Status: "APPROVED",
			Components: []templateComponent{{Type: "BODY", Text: t.Body}, buttons},
		})
	}
	return list, nil
}
