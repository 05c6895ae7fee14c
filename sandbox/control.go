package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

const maxControlBody = 1 << 20

// maxOffset keeps the clock within a century: beyond, a duration would overflow.
const maxOffset = 100 * 365 * 24 * time.Hour

// control answers a control call; a clientError is the caller's fault.
type control func(body []byte, r *http.Request) (any, error)

type clientError struct{ err error }

// Error implements error.
func (e clientError) Error() string { return e.err.Error() }

type controlError struct {
	Error string `json:"error"`
}

func (s *Sandbox) mountControl(mux *http.ServeMux) {
	for pattern, c := range map[string]control{
		"GET /sandbox/control/requests":  s.getRequests,
		"GET /sandbox/control/faults":    s.getFaults,
		"POST /sandbox/control/faults":   s.postFaults,
		"GET /sandbox/control/clock":     s.getClock,
		"POST /sandbox/control/clock":    s.postClock,
		"POST /sandbox/control/reset":    s.postReset,
		"GET /sandbox/control/whatsapp":  s.getKnobs,
		"POST /sandbox/control/whatsapp": s.postKnobs,

		"GET /sandbox/control/zendesk":        s.getDeskKnobs,
		"POST /sandbox/control/zendesk":       s.postDeskKnobs,
		"GET /sandbox/control/zendesk/limits": s.getDeskLimits,

		"GET /sandbox/control/mails":            s.getMails,
		"POST /sandbox/control/zendesk/account": s.postAccount,
	} {
		mux.Handle(pattern, c)
	}
}

// ServeHTTP implements http.Handler.
func (c control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		writeJSON(w, http.StatusBadRequest, controlError{"the body cannot be read: " + err.Error()})
		return
	}
	out, err := c(body, r)
	var bad clientError
	switch {
	case errors.As(err, &bad):
		writeJSON(w, http.StatusBadRequest, controlError{bad.Error()})
	case err != nil:
		writeJSON(w, http.StatusInternalServerError, controlError{err.Error()})
	default:
		writeJSON(w, http.StatusOK, out)
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be encoded"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// decode reads exactly one JSON value without unknown fields.
func decode(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the body is empty")
		}
		return clientError{err}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return clientError{errors.New("something follows the JSON value")}
	}
	return nil
}

// getRequests counts paths as they came, or with ?by=endpoint those that differ in their ids as one.
func (s *Sandbox) getRequests(_ []byte, r *http.Request) (any, error) {
	switch by := r.URL.Query().Get("by"); by {
	case "", "path":
		return s.traffic.Requests(), nil
	case "endpoint":
		return s.traffic.Endpoints(), nil
	default:
		return nil, clientError{fmt.Errorf("by is %q, neither path nor endpoint", by)}
	}
}

func (s *Sandbox) getFaults([]byte, *http.Request) (any, error) {
	return append([]rig.Fault{}, s.traffic.Faults()...), nil
}

func (s *Sandbox) postFaults(body []byte, r *http.Request) (any, error) {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("[")) {
		var list []rig.Fault
		if err := decode(body, &list); err != nil {
			return nil, err
		}
		for i, f := range list {
			if err := validFault(f); err != nil {
				return nil, clientError{fmt.Errorf("fault %d: %w", i, err)}
			}
		}
		s.traffic.SetFaults(list)
		return s.getFaults(nil, r)
	}
	var f *rig.Fault
	if err := decode(body, &f); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, clientError{errors.New("a fault or a list of faults is needed")}
	}
	if err := validFault(*f); err != nil {
		return nil, clientError{err}
	}
	s.traffic.AddFault(*f)
	return s.getFaults(nil, r)
}

func validFault(f rig.Fault) error {
	if f.Peer != "" && f.Peer != peerZendesk && f.Peer != peerWhatsApp {
		return fmt.Errorf("peer %q is neither %q nor %q", f.Peer, peerZendesk, peerWhatsApp)
	}
	return f.Validate()
}

type clockState struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offset_seconds"`
}

func (s *Sandbox) getClock([]byte, *http.Request) (any, error) {
	return clockState{Now: s.clock.Now(), OffsetSeconds: s.clock.Offset().Seconds()}, nil
}

func (s *Sandbox) postClock(body []byte, r *http.Request) (any, error) {
	var in struct {
		OffsetSeconds *float64 `json:"offset_seconds"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if in.OffsetSeconds == nil {
		return nil, clientError{errors.New("offset_seconds is missing")}
	}
	if limit := maxOffset.Seconds(); *in.OffsetSeconds > limit || *in.OffsetSeconds < -limit {
		return nil, clientError{fmt.Errorf("offset_seconds is beyond %.0f", limit)}
	}
	if err := s.setOffset(time.Duration(*in.OffsetSeconds * float64(time.Second))); err != nil {
		return nil, err
	}
	return s.getClock(nil, r)
}

type resetAnswer struct {
	Reset []string `json:"reset"`
}

func (s *Sandbox) postReset(_ []byte, r *http.Request) (any, error) {
	out := resetAnswer{Reset: []string{"counters", "faults", "mails"}}
	switch data := r.URL.Query().Get("data"); data {
	case "", "0":
		return out, s.reset(false)
	case "1":
		out.Reset = append(out.Reset, "data", "clock")
		return out, s.reset(true)
	default:
		return nil, clientError{fmt.Errorf("data is %q, neither 0 nor 1", data)}
	}
}

func (s *Sandbox) getKnobs([]byte, *http.Request) (any, error) {
	return s.WhatsApp().Knobs(), nil
}

func (s *Sandbox) postKnobs(body []byte, r *http.Request) (any, error) {
	var k *graph.Knobs
	if err := decode(body, &k); err != nil {
		return nil, err
	}
	if k == nil {
		return nil, clientError{errors.New("an object is needed")}
	}
	if err := s.WhatsApp().SetKnobs(*k); err != nil {
		return nil, clientError{err}
	}
	return s.getKnobs(nil, r)
}
