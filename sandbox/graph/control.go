package graph

import (
	"encoding/json"
	"net/http"
	"slices"
)

// ControlAPI returns what tests steer WhatsApp with beside the knobs; the package's documentation lists it. Mount it with
// its prefix stripped.
func (s *Server) ControlAPI() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /errors", phoneCall(func(http.ResponseWriter, *http.Request) (any, error) { return s.Errors(), nil }))
	mux.Handle("GET /templates", phoneCall(s.listTemplates))
	mux.Handle("PATCH /templates/{id}", phoneCall(s.patchTemplate))
	mux.Handle("POST /webhooks", phoneCall(s.postWebhook))
	return mux
}

func (s *Server) listTemplates(http.ResponseWriter, *http.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []template{}
	for _, t := range s.templates {
		out = append(out, *t)
	}
	return out, nil
}

// patchTemplate gives a template another state, as Meta does by itself; the business is told.
func (s *Server) patchTemplate(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Status string `json:"status"`
		Reason string `json:"reason"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, refuse("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.templates, func(t *template) bool { return t.ID == r.PathValue("id") || t.Name == r.PathValue("id") })
	known := []string{templateApproved, templatePending, templateRejected, templatePaused, templateDisabled}
	switch {
	case i < 0:
		return nil, refuse("there is no template %q", r.PathValue("id"))
	case !slices.Contains(known, in.Status):
		return nil, refuse("status is one of %v", known)
	}
	if err := s.setTemplate(*s.templates[i], in.Status, in.Reason); err != nil {
		return nil, err
	}
	return *s.templates[i], nil
}

// postWebhook sends any change, as it is: for what no phone of the sandbox does.
func (s *Server) postWebhook(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Field  string          `json:"field"`
		Value  json.RawMessage `json:"value"`
		Number string          `json:"number"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return nil, refuse("%v", err)
	}
	if in.Field == "" || len(in.Value) == 0 {
		return nil, refuse("field and value are needed")
	}
	if _, ok := s.number(in.Number); in.Number != "" && !ok {
		return nil, refuse("there is no number %q", in.Number)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return success{Success: true}, s.tell(notice{field: in.Field, number: in.Number, value: in.Value})
}
