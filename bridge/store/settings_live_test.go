package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	operation "github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// instance is one instance's view of the settings, on a clock of the test's.
type instance struct {
	*store.Live
	clock atomic.Int64 // ns
	log   lines
	calls *calls
}

// lines collects log messages.
type lines struct {
	mu  sync.Mutex
	raw bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.raw.Write(p)
}

// messages are the static parts of what was logged.
func (l *lines) messages(t *testing.T) []string {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for line := range strings.Lines(l.raw.String()) {
		var entry struct{ Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		all = append(all, entry.Msg)
	}
	return all
}

func newInstance(t *testing.T, r *testredis.Redis) *instance {
	t.Helper()
	i := &instance{}
	client, seen := watched(t, r)
	i.calls = seen
	i.clock.Store(savedAt().UnixNano())
	i.Live = store.NewLive(store.NewSettings(client, r.Prefix, savedAt), i.now, named("de casa"), slog.New(slog.NewJSONHandler(&i.log, nil)))
	return i
}

func (i *instance) now() time.Time { return time.Unix(0, i.clock.Load()) }

func (i *instance) pass(d time.Duration) { i.clock.Add(int64(d)) }

// holds wants the settings of a name to hold, and how many round trips finding that out took.
func (i *instance) holds(t *testing.T, name string, trips int64) {
	t.Helper()
	before := i.calls.n.Load()
	if got := i.Of("106").Name; got != name {
		t.Errorf("the settings of %q hold, want %q", got, name)
	}
	if n := i.calls.n.Load() - before; n != trips {
		t.Errorf("%d round trips, want %d", n, trips)
	}
}

func (i *instance) logged(t *testing.T, want ...string) {
	t.Helper()
	if got := i.log.messages(t); !slices.Equal(got, want) {
		t.Errorf("logged %q, want %q", got, want)
	}
}

// What is saved holds on every instance a second later; in between nothing is asked.
func TestLiveOnTwoInstances(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s, a, b := newSettings(r), newInstance(t, r), newInstance(t, r)
		a.holds(t, "de casa", 1)
		a.holds(t, "de casa", 0)
		save(t, s, named("um"), 0)
		a.holds(t, "de casa", 0)
		b.holds(t, "um", 2)
		a.pass(999 * time.Millisecond)
		a.holds(t, "de casa", 0)
		a.pass(time.Millisecond)
		a.holds(t, "um", 2)
		for range 3 {
			a.pass(time.Second)
			a.holds(t, "um", 1)
		}
		two := named("dois")
		vendas := two.Default
		vendas.Name = "vendas"
		two.Numbers = map[string]operation.Number{"106": vendas}
		save(t, s, two, 1)
		a.pass(time.Second)
		b.pass(time.Second)
		a.holds(t, "vendas", 2)
		b.holds(t, "vendas", 2)
		o, version := a.Operation()
		if o.Of("999").Name != "dois" || version != 2 {
			t.Errorf("another number has %q in version %d", o.Of("999").Name, version)
		}
		a.logged(t, "settings changed", "settings changed")
		if n := a.Failures() + b.Failures(); n != 0 {
			t.Errorf("%d failures", n)
		}
	})
}

func TestLiveGoesOnWithoutRedis(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t, testredis.Dedicated())
	a := newInstance(t, r)
	save(t, newSettings(r), named("um"), 0)
	a.holds(t, "um", 2)
	r.Kill()
	for range 3 {
		a.pass(time.Second)
		if got := a.Of("106").Name; got != "um" {
			t.Errorf("the settings of %q hold", got)
		}
	}
	if n := a.Failures(); n != 3 {
		t.Errorf("%d failures, want 3", n)
	}
	a.logged(t, "settings changed", "settings can't be looked up, the last good ones hold")
	r.Restart()
	save(t, newSettings(r), named("dois"), 1)
	a.pass(time.Second)
	if got := a.Of("106").Name; got != "dois" {
		t.Errorf("the settings of %q hold", got)
	}
	a.logged(t, "settings changed", "settings can't be looked up, the last good ones hold", "settings can be looked up again", "settings changed")
}

// Without Redis from the start the fallback holds until it comes.
func TestLiveStartsWithoutRedis(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	save(t, newSettings(r), named("um"), 0)
	a := newInstance(t, r)
	r.Mini.SetError("ERR out of order")
	a.holds(t, "de casa", 1)
	a.holds(t, "de casa", 0)
	r.Mini.SetError("")
	a.holds(t, "de casa", 0)
	a.pass(time.Second)
	a.holds(t, "um", 2)
}

// A reading that fails half way is tried again.
func TestLiveReadsAgain(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := newInstance(t, r)
	a.holds(t, "de casa", 1)
	save(t, newSettings(r), named("um"), 0)
	a.calls.failAt.Store(a.calls.n.Load() + 2)
	a.pass(time.Second)
	a.holds(t, "de casa", 2)
	a.pass(time.Second)
	a.holds(t, "um", 2)
	if n := a.Failures(); n != 1 {
		t.Errorf("%d failures, want 1", n)
	}
}

// A server that takes connections and never answers keeps nobody for long.
func TestLiveNeverWaitsLong(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	a := newInstance(t, &testredis.Redis{URL: "redis://" + ln.Addr().String(), Prefix: "x:"})
	got := make(chan string, 1)
	go func() { got <- a.Of("106").Name }()
	late := time.NewTimer(5 * time.Second)
	defer late.Stop()
	select {
	case name := <-got:
		if name != "de casa" {
			t.Errorf("the settings of %q hold", name)
		}
	case <-late.C:
		t.Fatal("it still waits")
	}
	a.logged(t, "settings can't be looked up, the last good ones hold")
}

// What can't be read is told once, and not read again until it changes.
func TestLiveGoesOnWithTheLastGoodSettings(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]string{
		"broken YAML": `{"version":2,"word":"w","yaml":"{"}`,
		"newer form":  `{"version":2,"word":"w","yaml":"form: 99"}`,
		"no version":  "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Mini(t)
			a := newInstance(t, r)
			save(t, newSettings(r), named("um"), 0)
			a.holds(t, "um", 2)
			put(t, r, "2 w", stored)
			a.pass(time.Second)
			a.holds(t, "um", 2)
			for range 3 {
				a.pass(time.Second)
				a.holds(t, "um", 1)
			}
			if n := a.Failures(); n != 4 {
				t.Errorf("%d failures, want 4", n)
			}
			a.logged(t, "settings changed", "stored settings can't be used, the last good ones hold")
			save(t, newSettings(r), named("dois"), 2)
			a.pass(time.Second)
			a.holds(t, "dois", 2)
		})
	}
}

// Settings that are gone, or that a failover took back, give way as well; so do those that got the number of lost ones.
func TestLiveFollowsBackwards(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a, s := newInstance(t, r), newSettings(r)
	save(t, s, named("um"), 0)
	save(t, s, named("perdido"), 1)
	a.holds(t, "perdido", 2)
	r.Mini.FlushAll()
	save(t, s, named("um"), 0)
	save(t, s, named("outro"), 1)
	a.pass(time.Second)
	a.holds(t, "outro", 2)
	r.Mini.FlushAll()
	a.pass(time.Second)
	a.holds(t, "de casa", 2)
	a.pass(time.Second)
	a.holds(t, "de casa", 1)
}

// A clock that is put back does not keep anybody from looking.
func TestLiveOnAClockThatIsPutBack(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := newInstance(t, r)
	a.holds(t, "de casa", 1)
	save(t, newSettings(r), named("um"), 0)
	a.pass(-24 * time.Hour)
	a.holds(t, "um", 2)
	a.holds(t, "um", 0)
}

// Callers at once share one look; those who come first wait for it, later ones use what is known.
func TestLiveIsSharedByManyCallers(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a, s := newInstance(t, r), newSettings(r)
	save(t, s, named("n1"), 0)
	const callers = 16
	for round := range int64(5) {
		before := a.calls.n.Load()
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				got := a.Of("106").Name
				if got != fmt.Sprint("n", round+1) && (round == 0 || got != fmt.Sprint("n", round)) {
					t.Errorf("the settings of %q hold in round %d", got, round)
				}
			})
		}
		wg.Wait()
		if n := a.calls.n.Load() - before; n != 2 {
			t.Errorf("%d callers took %d round trips, want 2", callers, n)
		}
		save(t, s, named(fmt.Sprint("n", round+2)), round+1)
		a.pass(time.Second)
	}
}

// Who looks does not keep others waiting.
func TestLiveDoesNotWaitForWhoLooks(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a := newInstance(t, r)
	a.holds(t, "de casa", 1)
	asked, answer := make(chan struct{}), make(chan struct{})
	a.calls.before = func(int64) {
		close(asked)
		<-answer
	}
	a.pass(time.Second)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Of("106")
	}()
	<-asked
	a.holds(t, "de casa", 0)
	close(answer)
	<-done
}

func BenchmarkLive(b *testing.B) {
	r := testredis.Mini(b)
	l := store.NewLive(store.NewSettings(r.Client, r.Prefix, time.Now), time.Now, named("de casa"), slog.New(slog.DiscardHandler))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if l.Of("106").Name == "" {
				b.Fail()
			}
		}
	})
}
