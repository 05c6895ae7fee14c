package guard

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// ErrStalled says that nothing was sent or received for too long.
var ErrStalled = errors.New("guard: the transfer stalled")

// Do sends a request whose transfer may take any time, as long as something moves: it fails with ErrStalled when the peer takes
// nothing of the request's body, does not answer, or sends nothing while the answer's body is being read, for as long as stall.
// Time that the request's body or the reader of the answer's takes by itself does not count. client should have no Timeout.
//
// Errors are as in Bare. The answer's body must be closed.
func Do(client *http.Client, req *http.Request, stall time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	w := &watch{stall: stall, cancel: cancel, cause: func() error { return context.Cause(ctx) }}
	w.timer = time.AfterFunc(stall, func() { cancel(ErrStalled) })
	req = req.WithContext(ctx)
	if req.Body != nil && req.Body != http.NoBody {
		req.Body, req.GetBody = &sending{ReadCloser: req.Body, watch: w}, nil
	}
	resp, err := client.Do(req) //nolint:gosec // the client and what it is asked for are the caller's
	w.answered()
	if err != nil {
		err = w.explain(Bare(err))
		cancel(nil)
		return nil, err
	}
	resp.Body = &receiving{ReadCloser: resp.Body, watch: w}
	return resp, nil
}

// Bare returns an error of net/http without its address, which may be secret or personal.
func Bare(err error) error {
	for {
		outer, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = outer.Err
	}
}

// watch ends a transfer in which nothing moves.
type watch struct {
	stall  time.Duration
	cancel context.CancelCauseFunc
	cause  func() error // why the transfer was ended

	mu    sync.Mutex
	timer *time.Timer
	done  bool // the answer is there: the request's body counts no more
}

// sent starts the clock anew, or stops it while the body is being read.
func (w *watch) sent(moving bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.done:
	case moving:
		w.timer.Reset(w.stall)
	default:
		w.timer.Stop()
	}
}

// answered stops the clock until the answer's body is read.
func (w *watch) answered() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	w.timer.Stop()
}

// explain returns ErrStalled in place of what it led to.
func (w *watch) explain(err error) error {
	if errors.Is(w.cause(), ErrStalled) {
		return ErrStalled
	}
	return err
}

// sending is the body of a request. Its reader is the network: the clock runs from the end of a read to the next one.
type sending struct {
	io.ReadCloser

	watch *watch
}

// Read implements io.Reader.
func (s *sending) Read(p []byte) (int, error) {
	s.watch.sent(false)
	defer s.watch.sent(true)
	return s.ReadCloser.Read(p)
}

// receiving is the body of an answer. The clock runs while a read waits.
type receiving struct {
	io.ReadCloser

	watch *watch
}

// Read implements io.Reader.
func (r *receiving) Read(p []byte) (int, error) {
	r.watch.timer.Reset(r.watch.stall)
	n, err := r.ReadCloser.Read(p)
	r.watch.timer.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.watch.explain(err)
	}
	return n, err
}

// Close implements io.Closer.
func (r *receiving) Close() error {
	r.watch.timer.Stop()
	err := r.ReadCloser.Close()
	r.watch.cancel(nil)
	return err
}
