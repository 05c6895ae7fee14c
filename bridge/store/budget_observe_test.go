package store_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestObservePausesWhatIsReserved(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		d := newDesk(t, r, plain())
		d.exhaust(0, store.Cost{})
		d.waits("reserved", d.ask("a", 0, store.Cost{}), 2715)
		d.pass(time.Second)
		d.observe(0, 0, 20*time.Second)
		d.waits("moved by the pause", d.ask("a", 0, store.Cost{}), 21_715)
		d.observe(0, 0, 10*time.Second)
		d.waits("a shorter pause within", d.ask("a", 0, store.Cost{}), 21_715)
		d.waits("a new one keeps its place behind", d.ask("b", 0, store.Cost{}), 23_073)
		d.waits("another lane", d.fresh(1, store.Cost{}), 22_715)
		d.pass(21_715 * time.Millisecond)
		d.waits("in time", d.ask("a", 0, store.Cost{}), 0)
	})
}

func TestObservePauseEnds(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	for name, c := range map[string]struct {
		reset, pause time.Duration
	}{
		"told":     {40 * time.Second, 40 * time.Second},
		"not told": {0, 5 * time.Second},
		"absurd":   {1e6 * time.Hour, 10 * time.Minute},
	} {
		b := *r
		b.Prefix += name
		d := newDesk(t, &b, plain())
		d.waits(name+": before", d.fresh(0, store.Cost{}), 0)
		d.observe(200, 0, c.reset)
		if wait := d.fresh(0, store.Cost{}); wait <= c.pause.Milliseconds() {
			t.Errorf("%s: wait %d ms; want more than %v", name, wait, c.pause)
		}
		d.pass(c.pause)
		if n := d.exhaust(2, store.Cost{}); n != 0 {
			t.Errorf("%s: %d went at once when the pause ended; want none", name, n)
		}
		d.pass(5 * time.Second)
		d.waits(name+": after", d.fresh(1, store.Cost{}), 0)
	}
}

func TestObserveTakesTokensAwayOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit, remaining int
		reset            time.Duration
		want             int
	}{
		"plenty":                              {200, 199, 50 * time.Second, 20},
		"what our own use explains":           {200, 190, time.Minute, 20},
		"more than we think":                  {2500, 2400, time.Second, 20},
		"little, the window ends soon":        {200, 7, time.Second, 4},
		"little, end not told":                {200, 7, 0, 7},
		"others use it too":                   {200, 100, 40 * time.Second, 0},
		"a smaller plan":                      {100, 99, 20 * time.Second, 5},
		"a larger plan":                       {700, 699, 20 * time.Second, 20},
		"a smaller plan, limit not told":      {0, 99, 20 * time.Second, 20},
		"a reset far away counts as a minute": {200, 199, time.Hour, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, testredis.Mini(t), plain())
			d.observe(c.limit, c.remaining, c.reset)
			if got := d.exhaust(0, store.Cost{}); got != c.want {
				t.Errorf("%d went at once; want %d", got, c.want)
			}
		})
	}
}
