package bench

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// flights are words on their way from one side to the other, each named by a mark in its text.
type flights struct {
	kind string
	mark *regexp.Regexp

	mu      sync.Mutex
	list    []flight
	left    int           // how many have not arrived
	arrived chan struct{} // told whenever the last one has
}

// flight is one text.
type flight struct {
	sent, seen time.Time // seen: for the first time
	id         string    // by which it was seen
	times      int       // how often it was seen, each id once
}

// newFlights makes marks that begin with kind, a word of letters.
func newFlights(kind string) *flights {
	return &flights{kind: kind, mark: regexp.MustCompile(`\b` + kind + `(\d{6})\b`), arrived: make(chan struct{}, 1)}
}

// next reserves a flight and the mark for its text.
func (f *flights) next() (n int, mark string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, flight{})
	f.left++
	n = len(f.list) - 1
	return n, fmt.Sprintf("%s%06d", f.kind, n)
}

// leave notes that a flight is being sent.
func (f *flights) leave(n int, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list[n].sent = at
}

// arrive notes that a text was seen; one without a mark is none of ours. The same id again is the same sight; "" is never the same.
func (f *flights) arrive(text, id string, at time.Time) {
	found := f.mark.FindStringSubmatch(text)
	if found == nil {
		return
	}
	n, err := strconv.Atoi(found[1])
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || n >= len(f.list) {
		return
	}
	fl := &f.list[n]
	if fl.times > 0 && id != "" && id == fl.id {
		return
	}
	fl.times++
	if fl.times > 1 {
		return
	}
	fl.seen, fl.id = at, id
	if f.left--; f.left == 0 {
		select {
		case f.arrived <- struct{}{}:
		default:
		}
	}
}

// count is how many there are so far.
func (f *flights) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.list)
}

// wait waits until all have arrived, or patience ends.
func (f *flights) wait(ctx context.Context, patience time.Duration) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		f.mu.Lock()
		left := f.left
		f.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-f.arrived:
		case <-late.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// journey is what became of some flights.
type journey struct {
	took  []time.Duration // of those that have not arrived: until now
	lost  int             // have not arrived
	again int             // arrived more than once
}

// since is what has become of the flights from the first-th on.
func (f *flights) since(first int, now time.Time) journey {
	f.mu.Lock()
	defer f.mu.Unlock()
	var j journey
	for _, fl := range f.list[first:] {
		switch {
		case fl.times == 0:
			j.lost++
			fl.seen = now
		case fl.times > 1:
			j.again++
		}
		j.took = append(j.took, fl.seen.Sub(fl.sent))
	}
	return j
}

// wrong is how many did not arrive exactly once.
func (j journey) wrong() int { return j.lost + j.again }

// note tells the rest of the journeys' times.
func (j journey) note() string {
	return fmt.Sprintf("p50 %s, p99 %s, longest %s of %s", ms(percentile(j.took, 0.5)), ms(percentile(j.took, 0.99)), ms(percentile(j.took, 1)),
		quantity(float64(len(j.took)), ""))
}
