package graph

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type page struct {
	Data   []any  `json:"data"`
	Paging paging `json:"paging,omitzero"`
}

type paging struct {
	Cursors cursors `json:"cursors"`
	Next    string  `json:"next,omitempty"`
	Prev    string  `json:"previous,omitempty"`
}

type cursors struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// account refuses calls about another account than the business'.
func (s *Server) account(r *http.Request) error {
	if id := r.PathValue("id"); id != s.cfg.WABA {
		return noObject(id)
	}
	return nil
}

// getTemplates lists the templates, newest first, a page at a time, filtered by name, status, language and category.
func (s *Server) getTemplates(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.account(r); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []any
	for _, t := range slices.Backward(s.templates) {
		if t.matches(q) {
			found = append(found, *t)
		}
	}
	return s.page(r, found)
}

func (t *template) matches(q url.Values) bool {
	name := q.Get("name")
	for key, have := range map[string]string{"status": t.Status, "language": t.Language, "category": t.Category} {
		if want := q.Get(key); want != "" && !strings.EqualFold(want, have) {
			return false
		}
	}
	return name == "" || strings.Contains(t.Name, strings.ToLower(name))
}

// page cuts the part out of a list that limit, after and before ask for, with the fields that are asked for.
func (s *Server) page(r *http.Request, list []any) (any, error) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "25"))
	if err != nil || limit < 1 {
		return nil, badParameter("Param limit must be a positive number")
	}
	limit = min(limit, maxPage)
	from, err := place(q.Get("after"))
	if err != nil {
		return nil, err
	}
	if q.Get("before") != "" {
		end, err := place(q.Get("before"))
		if err != nil {
			return nil, err
		}
		from = max(0, end-1-limit)
	}
	from = min(from, len(list))
	to := min(from+limit, len(list))
	out := page{Data: []any{}}
	for _, v := range list[from:to] {
		fields, err := chosen(v, q.Get("fields"))
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, fields)
	}
	if from == to {
		return out, nil
	}
	out.Paging.Cursors = cursors{Before: cursor(from + 1), After: cursor(to)}
	if to < len(list) {
		out.Paging.Next = s.pageAddress(r, "after", out.Paging.Cursors.After)
	}
	if from > 0 {
		out.Paging.Prev = s.pageAddress(r, "before", out.Paging.Cursors.Before)
	}
	return out, nil
}

func (s *Server) pageAddress(r *http.Request, key, at string) string {
	q := r.URL.Query()
	q.Del("after")
	q.Del("before")
	q.Set(key, at)
	return s.cfg.BaseURL + r.URL.Path + "?" + q.Encode()
}

// cursor names the n-th entry of a list.
func cursor(n int) string { return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

func place(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	n, convErr := strconv.Atoi(string(raw))
	if err != nil || convErr != nil || n < 0 {
		return 0, badParameter("Invalid cursor")
	}
	return n, nil
}

// chosen returns v with the fields of a comma-separated list and its id, all of them when the list is empty.
func chosen(v any, list string) (any, error) {
	if list == "" {
		return v, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{"id": all["id"]}
	for name := range strings.SplitSeq(list, ",") {
		if field, ok := all[strings.TrimSpace(name)]; ok {
			out[strings.TrimSpace(name)] = field
		}
	}
	return out, nil
}

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// postTemplate hands a template in; it is approved a little later, or rejected when variables touch each other.
func (s *Server) postTemplate(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.account(r); err != nil {
		return nil, err
	}
	var t template
	if err := readJSON(w, r, &t); err != nil {
		return nil, badParameter("The body is not a JSON object of at most 1 MB")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !templateName.MatchString(t.Name):
		return nil, badParameter("Param name must be lower-case letters, digits and underscores")
	case t.Language == "":
		return nil, badParameter("The parameter language is required.")
	case !slices.Contains([]string{"AUTHENTICATION", "MARKETING", "UTILITY"}, t.Category):
		return nil, badParameter("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}")
	case t.part("body").Type == "":
		return nil, badParameter("The parameter components needs a BODY.")
	case s.findTemplate(t.Name, t.Language) != nil:
		return nil, badParameter("There is already a template with this name and language")
	case len(s.templates) >= maxTemplates:
		return nil, badParameter("The account has the most templates it may have")
	}
	t.ID, t.Status, t.Format = s.digitsID(), templatePending, cmp.Or(strings.ToUpper(t.Format), "POSITIONAL")
	if err := s.saveTemplate(&t); err != nil {
		return nil, err
	}
	s.cfg.Queue.At(s.cfg.Clock.Now().Add(reviewedAfter), func(context.Context) { s.review(t.ID) })
	return map[string]string{"id": t.ID, "status": t.Status, "category": t.Category}, nil
}

var touching = regexp.MustCompile(`\}\}\s*\{\{`)

func (s *Server) review(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.templates, func(t *template) bool { return t.ID == id && t.Status == templatePending })
	if i < 0 {
		return
	}
	status, reason := templateApproved, ""
	if touching.MatchString(s.templates[i].part("body").Text) {
		status, reason = templateRejected, "INVALID_FORMAT"
	}
	if err := s.setTemplate(*s.templates[i], status, reason); err != nil {
		s.cfg.Logger.Error("template not reviewed", "template", id, "error", err)
	}
}

// templateEvent is the value of field message_template_status_update.
type templateEvent struct {
	Event    string      `json:"event"`
	ID       json.Number `json:"message_template_id"`
	Name     string      `json:"message_template_name"`
	Language string      `json:"message_template_language"`
	Reason   string      `json:"reason"`
	Category string      `json:"message_template_category"`
}

// setTemplate gives a template a new state and tells the business. The caller holds s.mu.
func (s *Server) setTemplate(t template, status, reason string) error {
	t.Status, t.Reason = status, reason
	if err := s.saveTemplate(&t); err != nil {
		return err
	}
	return s.tell(notice{field: "message_template_status_update", value: templateEvent{
		Event: status, ID: json.Number(t.ID), Name: t.Name, Language: t.Language, Reason: cmp.Or(reason, "NONE"), Category: t.Category,
	}})
}

// deleteTemplate removes all languages of a template, or with hsm_id one of them.
func (s *Server) deleteTemplate(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.account(r); err != nil {
		return nil, err
	}
	name, id := r.URL.Query().Get("name"), r.URL.Query().Get("hsm_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := func(t *template) bool { return t.Name == name && (id == "" || t.ID == id) }
	if !slices.ContainsFunc(s.templates, gone) {
		return nil, badParameter("No template has this name")
	}
	for _, t := range s.templates {
		if gone(t) {
			if err := s.cfg.Store.Delete(kindTemplate, t.ID); err != nil {
				return nil, err
			}
		}
	}
	s.templates = slices.DeleteFunc(s.templates, gone)
	return success{Success: true}, nil
}
