package desk

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody is the longest request body besides uploads.
const maxBody = 4 << 20

// handler answers one call while the server's lock is held.
type handler func(c *call) (answer, error)

// route is one method and path. Segments in braces are variables: `{id}` matches digits only, `{key}` anything.
type route struct {
	method  string
	path    []string
	handle  handler
	open    bool // needs no token
	upload  bool // the body is a file
	counted bool // counts as a request to the API
	page    bool // of the helpdesk page, not of the account
}

// call is one request on its way through a handler.
type call struct {
	r       *http.Request
	query   url.Values
	body    []byte
	vars    map[string]string
	user    *user
	channel string
	header  http.Header // of the answer
	now     time.Time
	file    *received // of an upload
	let     bool      // admitted already
}

// answer is a success; the zero status is 200.
type answer struct {
	status int
	body   any
	file   *attachment // instead of body
	plain  []byte      // text instead of body
}

func ok(body any) (answer, error) { return answer{body: body}, nil }

func created(body any) (answer, error) { return answer{status: http.StatusCreated, body: body}, nil }

func noContent() (answer, error) { return answer{status: http.StatusNoContent}, nil }

func rt(method, path string, h handler) route {
	return route{method: method, path: segments(path), handle: h, counted: true}
}

func segments(path string) []string {
	return strings.Split(strings.Trim(path, "/"), "/")
}

// id returns a numeric path variable.
func (c *call) id(name string) int64 {
	n, _ := strconv.ParseInt(c.vars[name], 10, 64)
	return n
}

// decode reads the body's JSON into v.
func (c *call) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return badJSON(err)
	}
	return nil
}

func badJSON(err error) error {
	return badRequest("InvalidJSON", "The request body could not be read: "+err.Error())
}

// object returns the body's object below key, as in {"ticket":{…}}.
func (c *call) object(key string) (json.RawMessage, error) {
	var outer map[string]json.RawMessage
	if err := c.decode(&outer); err != nil {
		return nil, err
	}
	raw := outer[key]
	if len(raw) == 0 || raw[0] != '{' {
		return nil, badRequest("InvalidAttribute", fmt.Sprintf("You passed an invalid value for the %s attribute. Must be an object", key))
	}
	return raw, nil
}

// warn reports dropped keys, as Zendesk does.
func (c *call) warn(keys []string) {
	if len(keys) == 0 {
		return
	}
	quoted := make([]string, len(keys))
	for i, k := range keys {
		quoted[i] = strconv.Quote(k)
	}
	c.header.Add("X-Zendesk-API-Warn", "Removed restricted keys ["+strings.Join(quoted, ", ")+"] from parameters")
}

// match finds the route of a request; allow lists the path's methods when only the method is wrong.
func match(routes []route, method, path string) (found *route, vars map[string]string, allow []string) {
	segs := segments(strings.TrimSuffix(path, ".json"))
	for i := range routes {
		vars, fits := fit(routes[i].path, segs)
		if !fits {
			continue
		}
		if routes[i].method == method || (method == http.MethodHead && routes[i].method == http.MethodGet) {
			return &routes[i], vars, nil
		}
		if !slices.Contains(allow, routes[i].method) {
			allow = append(allow, routes[i].method)
		}
	}
	return nil, nil, allow
}

func fit(pattern, segs []string) (map[string]string, bool) {
	if len(pattern) != len(segs) {
		return nil, false
	}
	vars := map[string]string{}
	for i, p := range pattern {
		name, variable := strings.CutPrefix(p, "{")
		if !variable {
			if p != segs[i] {
				return nil, false
			}
			continue
		}
		name = strings.TrimSuffix(name, "}")
		if _, err := strconv.ParseInt(segs[i], 10, 64); err != nil && !strings.HasSuffix(name, "key") {
			return nil, false
		}
		vars[name] = segs[i]
	}
	return vars, true
}

// admission prepares a matched call while the lock is held: who asks, and may they.
type admission func(c *call, rt *route) error

// serve answers requests to routes.
func (s *Server) serve(routes []route, admit admission) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, vars, allow := match(routes, r.Method, r.URL.Path)
		switch {
		case found != nil:
			s.run(w, r, found, vars, admit)
		case len(allow) > 0:
			slices.Sort(allow)
			w.Header().Set("Allow", strings.Join(allow, ", "))
			s.fail(w, &apiError{status: http.StatusMethodNotAllowed, code: "MethodNotAllowed", description: "The method is not allowed here"})
		default:
			s.fail(w, &apiError{status: http.StatusNotFound, code: "InvalidEndpoint", description: "Not found"})
		}
	})
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, found *route, vars map[string]string, admit admission) {
	c := &call{r: r, query: r.URL.Query(), vars: vars, header: w.Header()}
	if err := s.read(c, w, found, admit); err != nil {
		s.counters.request(found, s.fail(w, err))
		return
	}
	got, text, err := s.decide(c, found, admit)
	switch {
	case err != nil:
		s.discard(c.file)
		got.status = s.fail(w, err)
	case got.file != nil:
		s.writeFile(w, r, got.file)
	case got.plain != nil:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write(got.plain)
	case got.body == nil:
		w.WriteHeader(got.status)
	default:
		writeJSON(w, got.status, text)
	}
	s.counters.request(found, cmp.Or(got.status, http.StatusOK))
}

// read takes a call's body: a file is stored on its way in, once the caller is let in.
func (s *Server) read(c *call, w http.ResponseWriter, found *route, admit admission) error {
	if !found.upload {
		body, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
		c.body = body
		return bodyError(err)
	}
	most, err := s.letIn(c, found, admit)
	if err != nil {
		return err
	}
	if c.r.ContentLength > most {
		return s.tooLarge(most)
	}
	body := &watched{r: http.MaxBytesReader(w, c.r.Body, most)}
	c.file, err = s.receive(body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](body.err); tooLarge {
		return s.tooLarge(most)
	}
	if body.err != nil {
		return bodyError(body.err)
	}
	return err
}

// watched remembers why reading failed, to tell the caller's fault from the account's.
type watched struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// letIn admits an upload before its file is taken, and returns how large that may be.
func (s *Server) letIn(c *call, found *route, admit admission) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.stamp()
	if err := admit(c, found); err != nil {
		return 0, err
	}
	c.let = true
	if most := s.knobs.MaxFileSize; most > 0 {
		return int64(most), nil
	}
	return int64(s.cfg.MaxFileSize), nil
}

// tooLarge is how a file that is too large is refused; the documents do not say, so that the knobs do.
func (s *Server) tooLarge(most int64) error {
	if s.Knobs().TooLargeStatus == http.StatusUnprocessableEntity {
		return invalid("attachment", "TooLong", fmt.Sprintf("Attachment: is too large (maximum is %d bytes)", most))
	}
	return &apiError{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", description: "The file is too large"}
}

// decide does everything that needs the lock, the answer's encoding included.
func (s *Server) decide(c *call, found *route, admit admission) (answer, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.stamp()
	if !c.let {
		if err := admit(c, found); err != nil {
			return answer{}, nil, err
		}
	}
	got, err := found.handle(c)
	if err != nil || got.body == nil {
		return got, nil, err
	}
	text, err := json.Marshal(got.body)
	if err != nil {
		return answer{}, nil, fmt.Errorf("encode answer: %w", err)
	}
	return got, text, nil
}

// bodyError says why a body could not be read; nil stays nil.
func bodyError(err error) error {
	if err == nil {
		return nil
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &apiError{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", description: "The request is too large"}
	}
	return badRequest("InvalidBody", "The request body could not be read")
}

// fail answers with an error and returns its status.
func (s *Server) fail(w http.ResponseWriter, err error) int {
	var ae *apiError
	if !errors.As(err, &ae) {
		s.log.Error("desk request failed", "error", err)
		ae = &apiError{status: http.StatusInternalServerError, code: "InternalError", description: "Something went wrong"}
	}
	maps.Copy(w.Header(), ae.header)
	text, err := json.Marshal(ae.body())
	if err != nil {
		text = []byte(`{}`)
	}
	writeJSON(w, ae.status, text)
	return ae.status
}

// writeJSON writes an encoded answer; the zero status is 200.
func writeJSON(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if status != 0 {
		w.WriteHeader(status)
	}
	w.Write(text) //nolint:gosec // encoded JSON, never sniffed as HTML
}
