package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// pacer is a pace and its clock.
type pacer struct {
	*store.Pace
	*stopwatch
	t fatal
	n int
}

func newPacer(t fatal, r *testredis.Redis, prefix string, cfg store.PaceConfig) *pacer {
	w := newStopwatch()
	return &pacer{Pace: store.NewPace(r.Client, prefix, cfg, w.now), stopwatch: w, t: t}
}

// ask reserves under the id and gives the wait in ms, 0 or less for go.
func (p *pacer) ask(id, number, recipient string, perSecond int) int64 {
	p.t.Helper()
	at, err := p.Reserve(p.t.Context(), id, number, recipient, perSecond)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.until(at)
}

// fresh reserves under an id of its own.
func (p *pacer) fresh(number, recipient string, perSecond int) int64 {
	p.t.Helper()
	p.n++
	return p.ask(fmt.Sprint("fresh ", p.n), number, recipient, perSecond)
}

func (p *pacer) hold(number string, d time.Duration) {
	p.t.Helper()
	if err := p.Pause(p.t.Context(), number, d); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pacer) waits(what string, got, want int64) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: wait %d ms; want %d", what, got, want)
	}
}

func TestPaceOfANumber(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		p := newPacer(t, r, r.Prefix, store.DefaultPace())
		atOnce := 0
		for p.fresh("100", fmt.Sprint("to ", atOnce), 80) <= 0 {
			atOnce++
		}
		if atOnce != 16 {
			t.Errorf("%d went at once; want a fifth of 80", atOnce)
		}
		// 80 a second less the burst, the first of the next second counting: 65 intervals a second.
		p.waits("second in line", p.ask("a", "100", "a", 80), 31)
		p.waits("the same again", p.ask("a", "100", "a", 80), 31)
		p.waits("another number", p.fresh("200", "a", 80), 0)
		p.pass(30 * time.Millisecond)
		p.waits("just before", p.ask("a", "100", "a", 80), 1)
		p.pass(2 * time.Millisecond)
		p.waits("in time", p.ask("a", "100", "a", 80), -1)
		if p.ask("a", "100", "a", 80) <= 0 {
			t.Error("a used reservation was used again")
		}
	})
}

func TestPaceToARecipient(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		p := newPacer(t, r, r.Prefix, store.PaceConfig{PairInterval: 6 * time.Second, PairBurst: 45, BurstShare: 1})
		for n := range 45 {
			p.waits(fmt.Sprint("number ", n), p.fresh("100", "ana", 1000), 0)
		}
		p.waits("one more", p.ask("a", "100", "ana", 1000), 6000)
		p.waits("and one", p.ask("b", "100", "ana", 1000), 12_000)
		p.waits("somebody else meanwhile", p.fresh("100", "bia", 1000), 0)
		p.waits("from another number", p.fresh("200", "ana", 1000), 0)
		p.pass(6 * time.Second)
		p.waits("in time", p.ask("a", "100", "ana", 1000), 0)
		p.pass(6 * time.Minute)
		for n := range 45 {
			p.waits(fmt.Sprint("after a rest, number ", n), p.fresh("100", "ana", 1000), 0)
		}
	})
}

// TestPaceKeepsNoPlaceForWhatWaits: a message that its recipient's pace holds back takes no place of the number's until it may go.
func TestPaceKeepsNoPlaceForWhatWaits(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		p := newPacer(t, r, r.Prefix, store.PaceConfig{PairInterval: 6 * time.Second, PairBurst: 1, BurstShare: 0})
		p.waits("first", p.fresh("100", "ana", 2), 0)
		p.waits("held back", p.ask("a", "100", "ana", 2), 6000)
		p.pass(5999 * time.Millisecond)
		p.waits("somebody else just before", p.fresh("100", "bia", 2), 0)
		p.pass(time.Millisecond)
		p.waits("when its time has come the number's counts", p.ask("a", "100", "ana", 2), 499)
		p.waits("the same again", p.ask("a", "100", "ana", 2), 499)
		p.pass(499 * time.Millisecond)
		p.waits("at last", p.ask("a", "100", "ana", 2), 0)
	})
}

func TestPauseHoldsANumberBack(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		p := newPacer(t, r, r.Prefix, store.PaceConfig{PairInterval: 6 * time.Second, PairBurst: 45, BurstShare: 0})
		paused := func(want int64) {
			t.Helper()
			until, err := p.Paused(t.Context(), "100")
			if err != nil || want == 0 && !until.IsZero() || want != 0 && p.until(until) != want {
				t.Errorf("Paused = %v, %v; want in %d ms", until, err, want)
			}
		}
		paused(0)
		p.waits("before", p.fresh("100", "a", 10), 0)
		p.waits("reserved", p.ask("b", "100", "b", 10), 100)
		p.waits("reserved behind", p.ask("c", "100", "c", 10), 200)
		p.pass(50 * time.Millisecond)
		p.hold("100", 10*time.Second)
		p.waits("moved by the pause", p.ask("b", "100", "b", 10), 10_050)
		p.waits("and what is behind", p.ask("c", "100", "c", 10), 10_150)
		p.waits("a new one behind them", p.fresh("100", "d", 10), 10_250)
		p.waits("another number", p.fresh("200", "d", 10), 0)
		p.hold("100", time.Second)
		p.hold("100", 0)
		p.hold("100", -time.Second)
		p.waits("never shortened", p.ask("b", "100", "b", 10), 10_050)
		paused(10_000)
		p.pass(10 * time.Second)
		paused(0)
		p.hold("100", time.Second)
		p.waits("paused again", p.ask("b", "100", "b", 10), 1050)
		p.pass(time.Second)
		p.pass(50 * time.Millisecond)
		p.waits("in time", p.ask("b", "100", "b", 10), 0)
		for range 2 {
			p.hold("400", 5*time.Second)
			p.waits("in a pause", p.fresh("400", "a", 10), 5000)
			p.pass(6 * time.Second)
			p.waits("after it", p.fresh("400", "a", 10), 0)
			p.pass(time.Second)
		}
		p.hold("300", time.Hour)
		p.waits("an absurd pause", p.fresh("300", "a", 10), 600_000)
	})
}

func TestPaceReservationsLapse(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	p := newPacer(t, r, r.Prefix, store.PaceConfig{PairInterval: time.Minute, PairBurst: 1, BurstShare: 0})
	p.waits("first", p.fresh("100", "a", 1), 0)
	p.waits("in time", p.ask("b", "100", "b", 1), 1000)
	p.waits("late", p.ask("c", "100", "c", 1), 2000)
	p.waits("late for its recipient", p.ask("d", "100", "a", 1), 60_000)
	p.pass(31 * time.Second)
	p.waits("30 s late", p.ask("b", "100", "b", 1), -30_000)
	p.pass(1001 * time.Millisecond)
	p.waits("more than 30 s late: a new time for the recipient", p.ask("c", "100", "c", 1), 27_999)
	p.pass(time.Minute)
	p.waits("more than 30 s late: a new time", p.ask("d", "100", "a", 1), 27_999)
}

func TestPaceRefusesNonsense(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	p := newPacer(t, r, r.Prefix, store.DefaultPace())
	for name, c := range map[string]struct {
		id, number, recipient string
		perSecond             int
	}{
		"no id": {"", "100", "a", 1}, "no number": {"a", "", "a", 1}, "nobody": {"a", "100", "", 1}, "no rate": {"a", "100", "a", 0},
	} {
		if _, err := p.Reserve(t.Context(), c.id, c.number, c.recipient, c.perSecond); err == nil {
			t.Errorf("%s: Reserve succeeded; want an error", name)
		}
	}
	r.Mini.SetError("ERR out of order")
	if _, err := p.Reserve(t.Context(), "a", "100", "a", 1); err == nil {
		t.Error("Reserve succeeded on a store that fails")
	}
	if err := p.Pause(t.Context(), "100", time.Second); err == nil {
		t.Error("Pause succeeded on a store that fails")
	}
	if _, err := p.Paused(t.Context(), "100"); err == nil {
		t.Error("Paused succeeded on a store that fails")
	}
}

// TestPaceIsNeverExceeded: no second sees more of a number, no six seconds more of a pair, nothing goes in a pause, and all goes in the end.
func TestPaceIsNeverExceeded(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.NoAOF())
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		// One of the two rates is out of the way: a number's delays bring messages to one recipient closer together.
		perSecond, cfg := 1000, store.PaceConfig{PairInterval: 6 * time.Second, PairBurst: 1000, BurstShare: 1}
		if rapid.Bool().Draw(t, "pair") {
			cfg.PairBurst = rapid.SampledFrom([]int{1, 3, 40}).Draw(t, "pair burst")
		} else {
			perSecond = rapid.SampledFrom([]int{1, 2, 3, 20, 80}).Draw(t, "per second")
			cfg.BurstShare = rapid.SampledFrom([]float64{0, 0.2, 1}).Draw(t, "burst share")
		}
		p := newPacer(t, r, fmt.Sprintf("%s%d:", r.Prefix, run), cfg)
		type message struct {
			id, to string
			at     time.Time
		}
		var waiting []message
		went := map[string][]time.Time{}
		var all []time.Time
		var until time.Time // of the pause
		asked := 0
		ask := func(m message) {
			at, err := p.Reserve(t.Context(), m.id, "100", m.to, perSecond)
			if err != nil {
				t.Fatal(err)
			}
			now := p.now()
			if at.After(now) {
				m.at = at
				waiting = append(waiting, m)
				return
			}
			if now.Before(until) {
				t.Fatalf("%s went in a pause", m.id)
			}
			went[m.to], all = append(went[m.to], now), append(all, now)
		}
		play := func(end time.Time) {
			for {
				next := -1
				for i, m := range waiting {
					if !m.at.After(end) && (next < 0 || m.at.Before(waiting[next].at)) {
						next = i
					}
				}
				if next < 0 {
					break
				}
				m := waiting[next]
				waiting = slices.Delete(waiting, next, next+1)
				p.set(m.at)
				ask(m)
			}
			p.set(end)
		}
		for range rapid.IntRange(1, 12).Draw(t, "crowds") {
			for range rapid.IntRange(1, 20).Draw(t, "crowd") {
				asked++
				ask(message{id: fmt.Sprint(asked), to: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "to")})
			}
			if rapid.IntRange(0, 3).Draw(t, "pause") == 0 {
				d := time.Duration(rapid.IntRange(1, 5000).Draw(t, "pause in ms")) * time.Millisecond
				p.hold("100", d)
				if end := p.now().Add(d); end.After(until) {
					until = end
				}
			}
			play(p.now().Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "rest in ms")) * time.Millisecond))
		}
		for len(waiting) > 0 {
			play(p.now().Add(time.Hour))
		}
		if len(all) != asked {
			t.Fatalf("%d of %d went", len(all), asked)
		}
		if n := most(all, time.Second); n > perSecond {
			t.Fatalf("%d in a second; want at most %d", n, perSecond)
		}
		for to, times := range went {
			if n := most(times, 6*time.Second); n > cfg.PairBurst {
				t.Fatalf("%d to %s in 6 s; want at most %d", n, to, cfg.PairBurst)
			}
		}
	})
}

// most gives the highest number of times within any window.
func most(times []time.Time, window time.Duration) (highest int) {
	first := 0
	for i, at := range times {
		for !times[first].Add(window).After(at) {
			first++
		}
		highest = max(highest, i-first+1)
	}
	return highest
}
