package mailbox_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// BenchmarkAppend is webhooks of many contacts coming in at once, on a Redis that syncs its file before each answer.
func BenchmarkAppend(b *testing.B) {
	h := setup(b, testredis.Server(b))
	data := make([]byte, 700)
	var n atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			_, err := h.Append(b.Context(), mailbox.Delivery{
				Key: fmt.Sprint("box", i%1000), Events: []mailbox.Event{{ID: fmt.Sprint("e", i), Data: data}},
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkClaimCommit is workers that take one event each from 64 mailboxes at once and write states of 2 kB.
func BenchmarkClaimCommit(b *testing.B) {
	h := setup(b, testredis.Server(b))
	const together = 64
	value := make([]byte, 2000)
	for done := 0; done < b.N; {
		b.StopTimer()
		var deliveries []mailbox.Delivery
		for i := range together {
			deliveries = append(deliveries, mailbox.Delivery{Key: fmt.Sprint("box", i), Events: events("")})
		}
		_, err := h.Append(b.Context(), deliveries...)
		h.ok(err)
		b.StartTimer()
		var wg sync.WaitGroup
		for _, l := range h.claim(h.Store) {
			done++
			wg.Go(func() {
				c := mailbox.Commit{Consume: len(l.Inbox()), Set: map[string][]byte{"s": value}, Release: true}
				if err := h.Commit(b.Context(), l, c); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mailboxes/s")
}
