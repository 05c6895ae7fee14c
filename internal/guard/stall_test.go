package guard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/internal/guard"
)

const stall = 30 * time.Second

// pass lets time go by; the tests that use it run on fake time.
func pass(d time.Duration) { <-time.After(d) }

// since tells how much time went by.
func since(began time.Time) time.Duration {
	now := time.Now()
	return now.Sub(began)
}

// piped is a peer on fake time: what the test does in answer is what the network does.
type piped func(sent io.Reader, answer *io.PipeWriter) *http.Response

func (p piped) RoundTrip(r *http.Request) (*http.Response, error) {
	out, in := io.Pipe()
	got := make(chan *http.Response, 1)
	go func() {
		defer in.Close()
		var body io.Reader = http.NoBody
		if r.Body != nil {
			body = r.Body
			defer r.Body.Close()
		}
		resp := p(body, in)
		if resp != nil {
			resp.Body = out
			got <- resp
			sendRest(in)
		}
	}()
	stop := context.AfterFunc(r.Context(), func() { in.CloseWithError(r.Context().Err()) })
	select {
	case resp := <-got:
		return resp, nil
	case <-r.Context().Done():
		stop()
		return nil, r.Context().Err()
	}
}

// sendRest sends three pieces, 20 seconds between them, then nothing for a minute, then a fourth.
func sendRest(in *io.PipeWriter) {
	for range 3 {
		pass(20 * time.Second)
		if _, err := in.Write([]byte("x")); err != nil {
			return
		}
	}
	pass(time.Minute)
	in.Write([]byte("y"))
}

func request(t *testing.T, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://peer.example/?secret", body)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestAnswerStalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: piped(func(io.Reader, *io.PipeWriter) *http.Response {
			return &http.Response{StatusCode: http.StatusOK}
		})}
		resp, err := guard.Do(client, request(t, nil), stall)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		began := time.Now()
		body, err := io.ReadAll(resp.Body)
		if string(body) != "xxx" || !errors.Is(err, guard.ErrStalled) || since(began) != 90*time.Second {
			t.Errorf("got %q, %v after %v", body, err, since(began))
		}
		pass(time.Minute) // the peer ends too
	})
}

// A slow reader is not the peer's fault.
func TestReaderMayBeSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: piped(func(io.Reader, *io.PipeWriter) *http.Response {
			pass(stall - 1) // as long as an answer may take
			return &http.Response{StatusCode: http.StatusOK}
		})}
		resp, err := guard.Do(client, request(t, nil), stall)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		for range 4 {
			pass(2 * time.Minute)
			if n, err := resp.Body.Read(make([]byte, 10)); n != 1 || err != nil {
				t.Fatalf("read %d, %v", n, err)
			}
		}
		if n, err := resp.Body.Read(make([]byte, 10)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("read %d, %v", n, err)
		}
	})
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: piped(func(body io.Reader, _ *io.PipeWriter) *http.Response {
			io.Copy(io.Discard, body)
			return nil
		})}
		began := time.Now()
		resp, err := guard.Do(client, request(t, strings.NewReader("whole")), stall)
		if err == nil {
			resp.Body.Close()
		}
		if !errors.Is(err, guard.ErrStalled) || since(began) != stall {
			t.Errorf("error %v after %v", err, since(began))
		}
	})
}

// slow is a source that takes its time for each piece.
type slow struct {
	pieces int
	pause  time.Duration
}

func (s *slow) Read(p []byte) (int, error) {
	if s.pieces == 0 {
		return 0, io.EOF
	}
	s.pieces--
	pass(s.pause)
	return copy(p, "z"), nil
}

// The source of an upload may be slow; the peer that takes it may not.
func TestUploadSourceMayBeSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got bytes.Buffer
		client := &http.Client{Transport: piped(func(body io.Reader, _ *io.PipeWriter) *http.Response {
			for {
				pass(stall - time.Second) // the peer takes each piece in time
				if _, err := io.CopyN(&got, body, 1); err != nil {
					return &http.Response{StatusCode: http.StatusOK}
				}
			}
		})}
		resp, err := guard.Do(client, request(t, &slow{pieces: 5, pause: 3 * time.Minute}), stall)
		if err != nil || got.String() != "zzzzz" {
			t.Fatalf("error %v, sent %q", err, got.String())
		}
		resp.Body.Close()
		pass(time.Minute) // the peer ends too
	})
}

func TestUploadStalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: piped(func(body io.Reader, _ *io.PipeWriter) *http.Response {
			io.CopyN(io.Discard, body, 2)
			pass(stall + time.Second) // takes no more
			return nil
		})}
		began := time.Now()
		resp, err := guard.Do(client, request(t, &slow{pieces: 5, pause: time.Minute}), stall)
		if err == nil {
			resp.Body.Close()
		}
		if !errors.Is(err, guard.ErrStalled) || since(began) != 2*time.Minute+stall {
			t.Errorf("error %v after %v", err, since(began))
		}
		pass(time.Minute) // the peer ends too
	})
}

// When the answer is there the rest of the request's body is nobody's concern, however slowly it goes.
func TestAnswerBeforeTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			go func() {
				pass(time.Second)
				r.Body.Read(make([]byte, 1)) // and then no more
			}()
			out, in := io.Pipe()
			context.AfterFunc(r.Context(), func() { in.CloseWithError(r.Context().Err()) })
			go func() {
				in.Write([]byte("whole"))
				in.Close()
			}()
			return &http.Response{StatusCode: http.StatusOK, Body: out}, nil
		})}
		resp, err := guard.Do(client, request(t, strings.NewReader("xyz")), stall)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		pass(time.Hour)
		if body, err := io.ReadAll(resp.Body); string(body) != "whole" || err != nil {
			t.Errorf("got %q, %v", body, err)
		}
	})
}

func TestCallerEndsTransfer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "x")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := guard.Do(server.Client(), req, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := resp.Body.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Fatalf("read %d, %v", n, err)
	}
	cancel()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

// On a real network a stalled peer is let go, and its connection with it.
func TestStalledPeerIsLetGo(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "x")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(server.Close)
	resp, err := guard.Do(server.Client(), getRequest(t, server.URL), 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); string(body) != "x" || !errors.Is(err, guard.ErrStalled) {
		t.Errorf("got %q, %v", body, err)
	}
	<-gone
}

func getRequest(t *testing.T, address string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestErrorsTellNoAddress(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, boom })}
	resp, err := guard.Do(client, request(t, nil), stall)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, boom) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error = %v", err)
	}
}
