package graph

import (
	"crypto/hmac"
	"net/http"
)

// prefix360 is where 360dialog's API begins.
const prefix360 = "/360"

// Dialog360 is what a business that has its second number at 360dialog has agreed on with it. Without Key it has not.
type Dialog360 struct {
	CallbackURL  string // where this number's webhooks go, unsigned
	Key          string // the header D360-API-KEY of calls
	HeaderSecret string // webhooks show it as a bearer token; "" sends none
}

// dialog360 reports whether 360dialog hosts a number.
func (s *Server) dialog360(number string) bool {
	n, ok := s.number(number)
	return ok && n.Via == via360
}

// api360 is the API of the number that 360dialog hosts: the Cloud API's without version and number. Links to files lead
// to Meta's host, which callers replace by this API's address.
func (s *Server) api360() http.Handler {
	mux := http.NewServeMux()
	for _, n := range s.cfg.Numbers {
		if n.Via != via360 {
			continue
		}
		for pattern, h := range map[string]handler{
			"POST /messages": func(w http.ResponseWriter, r *http.Request) (any, error) { return s.acceptMessage(w, r, n) },
			"POST /media":    func(w http.ResponseWriter, r *http.Request) (any, error) { return s.acceptMedia(w, r, n) },
			"GET /{id}": func(_ http.ResponseWriter, r *http.Request) (any, error) {
				return s.lookUp(r.PathValue("id"), n.ID, n.ID)
			},
			"DELETE /{id}":           s.deleteMedia,
			"GET " + path360 + "{$}": s.download,
		} {
			mux.Handle(pattern, s.call360(h))
		}
	}
	mux.Handle("/", s.call360(unknownPath))
	return mux
}

// call360 wraps h with the check of the key and the API's error envelope.
func (s *Server) call360(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := s.cfg.Dialog360.Key
		if key == "" || !hmac.Equal([]byte(key), []byte(r.Header.Get("D360-API-KEY"))) {
			writeJSON(w, http.StatusUnauthorized, map[string]any{"meta": map[string]any{
				"success": false, "http_code": http.StatusUnauthorized, "developer_message": "Invalid api key",
			}})
			return
		}
		s.serve(w, r, h)
	})
}
