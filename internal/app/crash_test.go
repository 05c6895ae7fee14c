package app_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/graph"
)

// strike is one fault at one point of the story.
type strike struct {
	point int
	side  phase
	what  fault
}

func (s strike) String() string {
	return fmt.Sprintf("%s %s call %d", s.what, [...]string{"before", "after"}[s.side], s.point)
}

// strikes lists every fault at every step-th call of a story of n calls.
func strikes(n, step int) []strike {
	var all []strike
	for point := 1; point <= n; point += step {
		for _, what := range []fault{crash, lost, stall} {
			all = append(all, strike{point, before, what}, strike{point, after, what})
		}
		all = append(all, strike{point, after, late})
	}
	return all
}

// walked is what a walk over crash points found.
type walked struct {
	runs, repeats int
	failures      []string
}

// walk plays the story once for each strike, several at a time. rule takes a rule away.
func walk(t *testing.T, all []strike, setup func(*points), enough int) walked {
	t.Helper()
	var mu sync.Mutex
	var got walked
	work := make(chan strike)
	var busy sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for s := range work {
				p := &points{target: s.point, side: s.side, what: s.what}
				setup(p)
				v := playOnce(t, p)
				mu.Lock()
				got.runs++
				got.repeats += v.repeats
				for _, wrong := range v.wrong {
					got.failures = append(got.failures, fmt.Sprintf("%s (%s): %s", s, p.struck, wrong))
				}
				mu.Unlock()
			}
		})
	}
	for _, s := range all {
		mu.Lock()
		found := len(got.failures)
		mu.Unlock()
		if enough > 0 && found >= enough {
			break
		}
		work <- s
	}
	close(work)
	busy.Wait()
	return got
}

// playOnce tells one story in a world of its own.
func playOnce(t *testing.T, p *points) (v verdict) {
	t.Helper()
	w := newWorld(t, p)
	defer w.close()
	defer func() {
		if why := recover(); why != nil {
			v.fail("%v", why)
		}
	}()
	p.arm(true)
	if p.story == nil {
		p.story = play
	}
	p.story(w)
	p.arm(false)
	if p.judge != nil {
		return p.judge(w)
	}
	return w.judge()
}

// storyLength counts the calls of the story without faults.
func storyLength(t *testing.T) int {
	t.Helper()
	p := &points{}
	playOnce(t, p)
	return p.n
}

// TestCrashPoints plays the story with every fault at every call to Redis and to the peers: crashes, lost answers, instances
// that stand still past their lease while another takes over, and requests that land after the look-up.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	n := storyLength(t)
	got := walk(t, strikes(n, stride), func(*points) {}, 0)
	t.Logf("%d crash points (%d calls, every %d.), %d stories, %d marked repeats", n/stride*7, n, stride, got.runs, got.repeats)
	for _, f := range got.failures {
		t.Error(f)
	}
}

// TestRepeatIsMarked loses the answer to each reply in turn while WhatsApp's statuses take longer than the wait: the reply is
// sent a second time, once, and the ticket says so.
func TestRepeatIsMarked(t *testing.T) {
	t.Parallel()
	slow := func(w *world) {
		if err := w.peers.WhatsApp().SetKnobs(graph.Knobs{DelayMS: int((2 * time.Minute).Milliseconds())}); err != nil {
			w.fatalf("knobs: %v", err)
		}
		play(w)
	}
	p := &points{story: slow}
	playOnce(t, p)
	repeats := 0
	for i, name := range p.names {
		if !strings.HasSuffix(name, "/messages") {
			continue
		}
		v := playOnce(t, &points{story: slow, target: i + 1, side: after, what: lost})
		repeats += v.repeats
		if v.repeats != 1 || len(v.wrong) != 1 || !strings.HasSuffix(v.wrong[0], "with 1 marked repeats") {
			t.Errorf("call %d: %v, %d marked repeats", i+1, v.wrong, v.repeats)
		}
	}
	if repeats != 3 {
		t.Errorf("%d marked repeats of 3 replies", repeats)
	}
}
