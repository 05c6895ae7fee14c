package bench

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i, v := range rand.Perm(100) {
		hundred[i] = time.Duration(v + 1)
	}
	for _, tt := range []struct {
		values []time.Duration
		p      float64
		want   time.Duration
	}{
		{nil, 0.5, 0},
		{[]time.Duration{7}, 0, 7},
		{[]time.Duration{7}, 0.99, 7},
		{[]time.Duration{3, 1, 2}, 0.5, 2},
		{[]time.Duration{4, 1, 3, 2}, 0.5, 2},
		{[]time.Duration{4, 1, 3, 2}, 0.51, 3},
		{hundred, 0, 1},
		{hundred, 0.5, 50},
		{hundred, 0.9, 90},
		{hundred, 0.99, 99},
		{hundred, 0.991, 100},
		{hundred, 1, 100},
	} {
		if got := percentile(tt.values, tt.p); got != tt.want {
			t.Errorf("percentile %v of %d values: %v; want %v", tt.p, len(tt.values), got, tt.want)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{2}, 2}, {[]float64{9, 1}, 5}, {[]float64{100, 1, 3}, 3}, {[]float64{4, 1, 2, 90}, 3},
	} {
		given := append([]float64(nil), tt.values...)
		if got := median(given); got != tt.want {
			t.Errorf("median of %v: %v; want %v", tt.values, got, tt.want)
		}
		for i := range given {
			if given[i] != tt.values[i] {
				t.Errorf("the rounds were reordered: %v", given)
			}
		}
	}
}
