package bench

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/whatsapp"
)

// listener is a server that takes note of the messages it gets, and refuses every so-manieth.
type listener struct {
	mu     sync.Mutex
	ids    map[string]int
	people map[string]int
	conns  map[string]bool
	n      int
	refuse int
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !whatsapp.Verify([]string{"s"}, r.Header.Get(whatsapp.SignatureHeader), body) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	updates, _ := whatsapp.Parse(body)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	l.conns[r.RemoteAddr] = true
	if l.refuse > 0 && l.n%l.refuse == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, u := range updates {
		l.ids[u.Message.ID]++
		l.people[u.Message.From]++
	}
}

func listen(t *testing.T, refuse int) (l *listener, addr string) {
	t.Helper()
	l = &listener{ids: map[string]int{}, people: map[string]int{}, conns: map[string]bool{}, refuse: refuse}
	srv := httptest.NewServer(l)
	t.Cleanup(srv.Close)
	return l, srv.Listener.Addr().String()
}

// ticking is a clock that goes on by a millisecond whenever it is looked at.
func ticking() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return time.Unix(1795300000, n.Add(int64(time.Millisecond))) }
}

func TestLoad(t *testing.T) {
	t.Parallel()
	l, addr := listen(t, 10)
	c := &crowd{secret: "s", now: ticking()}
	c.newPersons(knownPersons)
	got, err := c.load(t.Context(), addr, 4, 400*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if got.sent != l.n || got.accepted != len(l.ids) || got.sent-got.accepted != l.n/10 || len(got.latencies) != got.sent || len(l.conns) != 4 {
		t.Errorf("%d sent, %d accepted, %d latencies; %d came, %d messages over %d connections",
			got.sent, got.accepted, len(got.latencies), l.n, len(l.ids), len(l.conns))
	}
	if got.elapsed < 400*time.Millisecond || got.sent < 100 {
		t.Errorf("%d in %s", got.sent, got.elapsed)
	}
	for _, d := range got.latencies {
		if d <= 0 || d > got.elapsed {
			t.Errorf("latency %s", d)
		}
	}
	for id, n := range l.ids {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestGreet(t *testing.T) {
	t.Parallel()
	l, addr := listen(t, 0)
	c := &crowd{secret: "s", now: ticking()}
	if err := c.greet(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	if len(l.people) != knownPersons || len(l.ids) != knownPersons {
		t.Errorf("%d persons, %d messages", len(l.people), len(l.ids))
	}
	if p := c.newPersons(1); p != knownPersons {
		t.Errorf("the next person is %d", p)
	}
	_, refusing := listen(t, 1)
	if err := c.greet(t.Context(), refusing); err == nil {
		t.Error("a refused greeting is no error")
	}
}

func TestSomeone(t *testing.T) {
	t.Parallel()
	c := &crowd{}
	c.newPersons(knownPersons)
	r := rand.New(rand.NewPCG(1, 2))
	const draws = 100_000
	times, strangers := make([]int, knownPersons), map[int]bool{}
	for range draws {
		p := c.someone(r)
		if p < knownPersons {
			times[p]++
			continue
		}
		if strangers[p] {
			t.Errorf("%d is seen for the first time again", p)
		}
		strangers[p] = true
	}
	if share := float64(len(strangers)) / draws; share < firstSights*0.8 || share > firstSights*1.2 {
		t.Errorf("%v are first sights", share)
	}
	for p, n := range times {
		if n > 50 {
			t.Errorf("person %d writes %d times", p, n)
		}
	}
}

func TestNobodyAtHome(t *testing.T) {
	t.Parallel()
	_, addr := listen(t, 0)
	c := &crowd{secret: "s", now: ticking()}
	if _, err := c.load(t.Context(), "127.0.0.1:1", 2, time.Second); err == nil {
		t.Error("load without a server")
	}
	if err := c.greet(t.Context(), "127.0.0.1:1"); err == nil {
		t.Error("greeting without a server")
	}
	if _, err := dialAll(t.Context(), addr, 3); err != nil {
		t.Error(err)
	}
}
