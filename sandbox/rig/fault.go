package rig

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// The places where Fault.Cut can cut a connection.
const (
	CutBefore = "before" // the handler does not run
	CutAfter  = "after"  // the handler runs, its answer is lost
)

// Fault is one thing that goes wrong with matching requests. The zero value of Peer, Method and Path matches all.
type Fault struct {
	Peer   string `json:"peer"`
	Method string `json:"method"`
	// Path is a pattern where * stands for any text, slashes included.
	Path string `json:"path"`
	// Status is answered, with Headers and Body, instead of running the handler; 0 lets it run. Cut goes before it.
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	// Body is answered with Status; empty is {}.
	Body string `json:"body,omitempty"`
	// DelayMS is waited first, in real milliseconds. With Cut "after" the effect lands after the delay even when the
	// caller has given up meanwhile.
	DelayMS int    `json:"delay_ms"`
	Cut     string `json:"cut"`
	// Percent is how many of a hundred matching requests are hit; 0 means all.
	Percent int `json:"percent"`
	// Times is how many requests are hit before the fault is gone; 0 means no end.
	Times int `json:"times"`
}

// Validate tells what is wrong with a fault somebody wrote by hand.
func (f Fault) Validate() error {
	switch {
	case f.Cut != "" && f.Cut != CutBefore && f.Cut != CutAfter:
		return fmt.Errorf("cut %q is neither %q nor %q", f.Cut, CutBefore, CutAfter)
	case f.Status != 0 && (f.Status < http.StatusOK || f.Status > 599):
		return fmt.Errorf("status %d is not an HTTP status from 200 to 599", f.Status)
	case f.DelayMS < 0:
		return errors.New("delay_ms is negative")
	case f.Percent < 0 || f.Percent > 100:
		return errors.New("percent is not between 0 and 100")
	case f.Times < 0:
		return errors.New("times is negative")
	case f.Status == 0 && f.Cut == "" && f.DelayMS == 0:
		return errors.New("the fault does nothing: give status, cut or delay_ms")
	}
	return nil
}

func (f Fault) matches(peer, method, path string) bool {
	return (f.Peer == "" || f.Peer == peer) &&
		(f.Method == "" || strings.EqualFold(f.Method, method)) &&
		(f.Path == "" || glob(f.Path, path))
}

// glob reports whether text matches pattern, where * stands for any text.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[last])
}
