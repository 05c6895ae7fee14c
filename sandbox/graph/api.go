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

// API returns the simulated Graph API, and 360dialog's below /360; mount it with its prefix stripped.
func (s *Server) API() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"POST /{version}/{id}/messages":            s.postMessages,
		"POST /{version}/{id}/media":               s.postMedia,
		"DELETE /{version}/{id}/contact_book":      s.deleteContact,
		"GET /{version}/{id}/message_templates":    s.getTemplates,
		"POST /{version}/{id}/message_templates":   s.postTemplate,
		"DELETE /{version}/{id}/message_templates": s.deleteTemplate,
		"GET /{version}/{id}/phone_numbers":        s.getNumbers,
		"GET /{version}/{id}/subscribed_apps":      s.getSubscriptions,
		"POST /{version}/{id}/subscribed_apps":     s.postSubscription,
		"GET /{version}/{id}":                      s.getObject,
		"DELETE /{version}/{id}":                   s.deleteMedia,
		"GET /media/{id}":                          s.download,
		"/":                                        unknownPath,
	} {
		mux.Handle(pattern, s.call(h))
	}
	hosted := http.StripPrefix(prefix360, s.api360())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, prefix360+"/"):
			hosted.ServeHTTP(w, r)
		case versionPattern.MatchString(path) || strings.HasPrefix(path, "/media/"):
			mux.ServeHTTP(w, r)
		default:
			s.call(unknownPath).ServeHTTP(w, r)
		}
	})
}

// handler answers a call with a JSON value; a nil value means that it has written its answer itself.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// call wraps h with the check of the token and the API's error envelope.
func (s *Server) call(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.authorize(r); err != nil {
			s.fail(w, err)
			return
		}
		s.serve(w, r, h)
	})
}

// serve answers a call that is allowed.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, h handler) {
	answer, err := h(w, r)
	switch {
	case err != nil:
		s.fail(w, err)
	case answer != nil:
		writeJSON(w, http.StatusOK, answer)
	}
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
	s.failed[ErrorCount{Code: known.code, Way: wayAnswer}]++
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
