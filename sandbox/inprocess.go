package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// RoundTripper returns a transport that hands every request to Handler without a socket, whatever its host. A cut
// connection is io.ErrUnexpectedEOF; a request whose context ends returns at once while its handler may go on, as over
// a network. Answers come whole: streams are not for it.
func (s *Sandbox) RoundTripper() http.RoundTripper { return inProcess{s.handler} }

type inProcess struct{ handler http.Handler }

// outcome is how a handler ended: with an answer, or with a panic.
type outcome struct {
	answer *answer
	panic  any
}

// RoundTrip implements http.RoundTripper.
func (p inProcess) RoundTrip(out *http.Request) (*http.Response, error) {
	in, err := received(out)
	if err != nil {
		return nil, err
	}
	done := make(chan outcome, 1)
	go func() {
		a := &answer{header: http.Header{}}
		defer func() { done <- outcome{answer: a, panic: recover()} }()
		p.handler.ServeHTTP(a, in)
	}()
	select {
	case <-out.Context().Done():
		return nil, context.Cause(out.Context())
	case o := <-done:
		if o.panic == nil {
			return o.answer.response(out), nil
		}
		if err, ok := o.panic.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			return nil, fmt.Errorf("connection cut: %w", io.ErrUnexpectedEOF)
		}
		panic(o.panic)
	}
}

// received turns a request as a client sends it into one as a server gets it.
func received(out *http.Request) (*http.Request, error) {
	var body []byte
	if out.Body != nil {
		var err error
		body, err = io.ReadAll(out.Body)
		if err := errors.Join(err, out.Body.Close()); err != nil {
			return nil, fmt.Errorf("read request: %w", err)
		}
	}
	in := out.Clone(out.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	in.ContentLength = int64(len(body))
	in.RequestURI = out.URL.RequestURI()
	if in.Host == "" {
		in.Host = out.URL.Host
	}
	in.RemoteAddr = "127.0.0.1:1"
	return in, nil
}

// answer is a handler's whole answer.
type answer struct {
	header http.Header // as the handler changes it
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

func (a *answer) response(req *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	body := a.body.Bytes()
	if req.Method == http.MethodHead {
		body = nil
	}
	if a.sent.Get("Content-Type") == "" && len(body) > 0 {
		a.sent.Set("Content-Type", http.DetectContentType(body))
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.sent,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}
