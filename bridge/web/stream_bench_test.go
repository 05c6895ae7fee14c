package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// sink takes what a page is sent and counts its changes.
type sink struct {
	header http.Header
	left   *atomic.Int64 // changes that are yet to come, for all pages
	done   chan struct{}
	bytes  atomic.Int64
}

func (s *sink) Header() http.Header { return s.header }
func (s *sink) WriteHeader(int)     {}
func (s *sink) Flush()              {}

func (s *sink) Write(text []byte) (int, error) {
	s.bytes.Add(int64(len(text)))
	if n := int64(bytes.Count(text, []byte("event: change"))); n > 0 && s.left.Add(-n) == 0 {
		s.done <- struct{}{}
	}
	return len(text), nil
}

// BenchmarkStream tells 100 pages of 1,000 changes that come in bursts of 20.
func BenchmarkStream(b *testing.B) {
	const pages, changes, burst = 100, 1000, 20
	h := openHall(b)
	defer h.hub.Close()
	left, done := &atomic.Int64{}, make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var busy sync.WaitGroup
	sinks := make([]*sink, pages)
	for i := range sinks {
		sinks[i] = &sink{header: http.Header{}, left: left, done: done}
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/stream?cursor=0", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+newSecret)
		busy.Go(func() { h.echo.ServeHTTP(sinks[i], r) })
	}
	for b.Loop() {
		for c := 0; c < changes; c += burst {
			left.Store(pages * burst)
			for i := range burst {
				contact := fmt.Sprint(c + i)
				h.commit(contact, standing(contact, 1, "Suporte"))
			}
			h.hub.Nudge()
			<-done
		}
	}
	b.ReportMetric(float64(sinks[0].bytes.Load())/float64(b.N*changes), "B/change")
	cancel()
	busy.Wait()
}
