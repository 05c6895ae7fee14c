package audit_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/audit"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// threadsVariable is how many threads the benchmark audits.
const threadsVariable = "PONTE_BENCH_THREADS"

// BenchmarkDryRun audits conversations of ten lines, a third of them with a verdict.
func BenchmarkDryRun(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv(threadsVariable))
	if err != nil {
		n = 2000
	}
	h := setup(b, testredis.Server(b))
	var some []talk
	for i := range n {
		began := ago(30 * time.Minute)
		if i%3 == 0 {
			began = ago(4 * time.Hour)
		}
		if some = append(some, chat("5511", i, began, 10, i%2 == 0)); len(some) == 1000 || i == n-1 {
			h.store(some...)
			some = some[:0]
		}
	}
	runtime.GC()
	told, most := 0, uint64(0)
	for b.Loop() {
		counts, err := audit.DryRun(b.Context(), h.config(), func(audit.Finding) error {
			if told++; told%1000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
			return nil
		})
		if err != nil || counts.Looked != n {
			b.Fatalf("%+v, %v", counts, err)
		}
	}
	b.ReportMetric(float64(most)/1e6, "heap-MB")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/thread")
}
