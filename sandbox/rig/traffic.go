package rig

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// RequestCount says how many requests of one kind a peer received. Status 0 counts those whose connection was cut.
type RequestCount struct {
	Peer   string `json:"peer"`
	Method string `json:"method"`
	Path   string `json:"path"` // without query
	Status int    `json:"status"`
	Count  int    `json:"count"`
}

// Traffic injects faults into the requests of the peers it wraps and counts them.
type Traffic struct {
	rnd func() float64

	mu     sync.Mutex
	faults []Fault
	counts map[RequestCount]int // keyed by a RequestCount without Count
}

// NewTraffic returns a Traffic without faults. rnd returns numbers from 0 to below 1 and decides about Percent; it is
// called from several goroutines, never from two at once.
func NewTraffic(_ *Clock, rnd func() float64) *Traffic {
	return &Traffic{rnd: rnd, counts: map[RequestCount]int{}}
}

// SetFaults replaces all faults; the first that matches a request, and whose percentage hits it, is taken.
func (t *Traffic) SetFaults(faults []Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = slices.Clone(faults)
}

// AddFault adds one fault behind the others.
func (t *Traffic) AddFault(f Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, f)
}

// Faults returns the faults that are not used up, with the Times they have left.
func (t *Traffic) Faults() []Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.faults)
}

// Requests returns what was counted, sorted by peer, path, method and status.
func (t *Traffic) Requests() []RequestCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	return sorted(t.counts)
}

// Endpoints returns what was counted with paths that differ only in their ids taken together: an id is *, .json is left out.
func (t *Traffic) Endpoints() []RequestCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	merged := map[RequestCount]int{}
	for k, n := range t.counts {
		k.Path = Endpoint(k.Path)
		merged[k] += n
	}
	return sorted(merged)
}

// Endpoint is a path with * for every segment that is an id: digits alone, or at least 16 letters and digits of which one is a digit.
// A trailing .json is left out.
func Endpoint(path string) string {
	segments := strings.Split(strings.TrimSuffix(path, ".json"), "/")
	for i, s := range segments {
		if isID(s) {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}

func isID(segment string) bool {
	figures, letters := 0, 0
	for _, r := range segment {
		switch {
		case r >= '0' && r <= '9':
			figures++
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			letters++
		default:
			return false
		}
	}
	return figures > 0 && (letters == 0 || figures+letters >= 16)
}

func sorted(counts map[RequestCount]int) []RequestCount {
	out := make([]RequestCount, 0, len(counts))
	for k, n := range counts {
		k.Count = n
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b RequestCount) int {
		return cmp.Or(cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status))
	})
	return out
}

// Reset removes all faults and counts.
func (t *Traffic) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = nil
	t.counts = map[RequestCount]int{}
}

// Wrap returns next with faults and counters. Both name a request by its path without prefix; the request itself goes
// to next as it came.
func (t *Traffic) Wrap(peer, prefix string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, prefix)
		count := RequestCount{Peer: peer, Method: r.Method, Path: path} // status 0 until an answer is known
		defer func() { t.count(count) }()
		rec := &recorder{ResponseWriter: w}
		f, hit := t.pick(peer, r.Method, path)
		if hit {
			suffer(rec, r, f, next)
		} else {
			next.ServeHTTP(rec, r)
		}
		count.Status = cmp.Or(rec.status, http.StatusOK)
	})
}

func (t *Traffic) count(k RequestCount) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[k]++
}

// pick returns the fault that hits this request and counts its Times down.
func (t *Traffic) pick(peer, method, path string) (Fault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range t.faults {
		if !f.matches(peer, method, path) || !t.hits(f.Percent) {
			continue
		}
		switch f.Times {
		case 0:
		case 1:
			t.faults = slices.Delete(slices.Clone(t.faults), i, i+1)
		default:
			t.faults[i].Times--
		}
		return f, true
	}
	return Fault{}, false
}

func (t *Traffic) hits(percent int) bool {
	return percent == 0 || t.rnd()*100 < float64(percent)
}

// suffer serves a request that f hits. It panics with http.ErrAbortHandler to cut the connection.
func suffer(w http.ResponseWriter, r *http.Request, f Fault, next http.Handler) {
	if f.DelayMS > 0 && !delay(r, f) {
		panic(http.ErrAbortHandler)
	}
	switch {
	case f.Cut == CutBefore:
		panic(http.ErrAbortHandler)
	case f.Cut == CutAfter:
		late := r.WithContext(context.WithoutCancel(r.Context()))
		next.ServeHTTP(&lost{header: http.Header{}}, late)
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		answer(w, f)
	default:
		next.ServeHTTP(w, r)
	}
}

// delay waits and reports whether the request is still to be served. The body is read first: only then does the server
// notice a caller that gives up, and a late effect still has its body.
func delay(r *http.Request, f Fault) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	gone := r.Context().Done()
	if f.Cut == CutAfter {
		gone = nil
	}
	timer := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-gone:
		return false
	case <-timer.C:
		return true
	}
}

func answer(w http.ResponseWriter, f Fault) {
	w.Header().Set("Content-Type", "application/json")
	for k, v := range f.Headers {
		w.Header().Set(k, v)
	}
	w.WriteHeader(f.Status)
	io.WriteString(w, cmp.Or(f.Body, "{}"))
}

// recorder remembers the status that was answered.
type recorder struct {
	http.ResponseWriter

	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the writer below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// lost is where an answer goes whose connection is cut.
type lost struct{ header http.Header }

// Header implements http.ResponseWriter.
func (l *lost) Header() http.Header { return l.header }

// Write implements http.ResponseWriter.
func (l *lost) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (l *lost) WriteHeader(int) {}
