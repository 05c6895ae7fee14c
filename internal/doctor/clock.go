package doctor

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Differences of the clocks. Zendesk's answers tell whole seconds.
const (
	skewNoted = 30 * time.Second
	skewWrong = 5 * time.Minute
)

// watch compares the clock of those who answer with ours.
type watch struct {
	next http.RoundTripper
	now  func() time.Time

	mu    sync.Mutex
	known bool
	skew  time.Duration // the smallest seen
}

// RoundTrip implements http.RoundTripper.
func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	at, dateErr := http.ParseTime(resp.Header.Get("Date"))
	if dateErr != nil {
		return resp, nil // an answer without a date is an answer
	}
	skew := w.now().Sub(at).Abs()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.known || skew < w.skew {
		w.known, w.skew = true, skew
	}
	return resp, nil
}

// report tells how far the clocks are apart.
func (w *watch) report(s *sheet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	what := fmt.Sprintf("this machine's clock is %s off Zendesk's", w.skew.Round(time.Second))
	const mend = "have the machine's clock kept right, for example by chrony"
	switch {
	case !w.known:
		s.warn("clock", "not checked: Zendesk's answers tell no time", "compare the machine's clock by hand")
	case w.skew >= skewWrong:
		s.wrong("clock", what, mend)
	case w.skew >= skewNoted:
		s.warn("clock", what, mend)
	default:
		s.ok("clock", "this machine's clock goes with Zendesk's")
	}
}

// split takes a comma-separated list apart.
func split(list string) []string {
	var out []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}
