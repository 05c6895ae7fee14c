package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadEvents(t *testing.T) {
	t.Parallel()
	stream := ": live\nid: c1\n\n" +
		"id: c2\nevent: change\ndata: {\"session\":\"s1\"}\n\n" +
		"event:desk\ndata: {\ndata: }\n\n" +
		": hb\n\n" + "unknown: x\nretry\n\n" + "event: cut\ndata: never ends"
	want := []event{{id: "c1"}, {"c2", "change", `{"session":"s1"}`}, {name: "desk", data: "{\n}"}}
	var got []event
	readEvents(strings.NewReader(stream), func(e event) { got = append(got, e) })
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(event{})); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// api is a server with one agent's conversations, whose streams say what is fed to them.
type api struct {
	streams chan string // pieces of the stream; "" cuts it

	mu       sync.Mutex
	messages map[string][]string // by conversation
	asked    []string            // paths with queries
	cursors  []string            // that streams began with
	wrong    int                 // status of readings, 0: none
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	a.mu.Lock()
	a.asked = append(a.asked, r.Method+" "+r.URL.RequestURI())
	wrong := a.wrong
	a.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/api/v1")
	session, messages := strings.CutSuffix(strings.TrimPrefix(path, "/conversations/"), "/messages")
	switch {
	case r.Header.Get("Authorization") != "Bearer t":
		w.WriteHeader(http.StatusUnauthorized)
	case path == "/stream":
		a.stream(w, r)
	case wrong != 0:
		w.WriteHeader(wrong)
	case messages:
		a.mu.Lock()
		defer a.mu.Unlock()
		all := a.messages[session]
		var since int
		fmt.Sscan(r.URL.Query().Get("since"), &since)
		var list []string
		for i, text := range all[min(since, len(all)):] {
			list = append(list, fmt.Sprintf(`{"id":"%s-%d","text":%q}`, session, since+i, text))
		}
		fmt.Fprintf(w, `{"rev":%d,"messages":[%s]}`, len(all), strings.Join(list, ","))
	default:
		fmt.Fprint(w, `{"cursor":"c0"}`)
	}
}

func (a *api) stream(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.cursors = append(a.cursors, r.Header.Get("Last-Event-ID"))
	a.mu.Unlock()
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	for {
		control.Flush()
		select {
		case piece := <-a.streams:
			if piece == "" {
				return
			}
			io.WriteString(w, piece)
		case <-r.Context().Done():
			return
		}
	}
}

// write lets a customer write, and tells the page so.
func (a *api) write(session, text string) {
	a.mu.Lock()
	a.messages[session] = append(a.messages[session], text)
	n := len(a.messages[session])
	a.mu.Unlock()
	a.streams <- fmt.Sprintf("id: %s-%d\nevent: change\ndata: {\"session\":%q,\"lines\":%d}\n\n", session, n, session, n)
}

func (a *api) counted(beginning string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, one := range a.asked {
		if strings.HasPrefix(one, beginning) {
			n++
		}
	}
	return n
}

// newAPI is a server and a page of it that shows two conversations.
func newAPI(t *testing.T) (a *api, p *page, f *flights) {
	t.Helper()
	a = &api{streams: make(chan string), messages: map[string][]string{}}
	srv := httptest.NewServer(a)
	f = newFlights("bm")
	p = newPage(srv.Listener.Addr().String(), "t", 7, f, time.Now)
	p.show("s1")
	p.show("s2")
	ctx, leave := context.WithCancel(t.Context())
	t.Cleanup(func() {
		leave()
		p.close()
		srv.Close()
	})
	if err := p.open(ctx); err != nil {
		t.Fatal(err)
	}
	return a, p, f
}

// A page has a message on its screen once it was told of it and has read it.
func TestPage(t *testing.T) {
	t.Parallel()
	a, p, f := newAPI(t)
	for _, session := range []string{"s1", "s2", "s1", "s3"} { // the last one is somebody else's
		n, mark := f.next()
		f.leave(n, time.Now())
		a.write(session, mark+" oi")
	}
	f.wait(t.Context(), time.Second)
	j := f.since(0, time.Now())
	if j.lost != 1 || j.again != 0 {
		t.Errorf("%+v", j)
	}
	if got := p.events.Load(); got != 4 {
		t.Errorf("%d events", got)
	}
	if a.counted("GET /api/v1/conversations/s3") != 0 || a.counted("GET /api/v1/conversations/s2/messages?since=0") < 2 {
		t.Errorf("asked for %v", a.asked)
	}
}

// After a cut the page goes on from its last cursor, and reads everything again.
func TestPageCut(t *testing.T) {
	t.Parallel()
	a, p, f := newAPI(t)
	n, mark := f.next()
	f.leave(n, time.Now())
	a.write("s1", mark)
	f.wait(t.Context(), startTimeout)
	n, mark = f.next()
	f.leave(n, time.Now())
	a.streams <- ""
	a.mu.Lock()
	a.messages["s2"] = append(a.messages["s2"], mark)
	a.mu.Unlock()
	f.wait(t.Context(), startTimeout)
	if j := f.since(0, time.Now()); j.wrong() != 0 {
		t.Errorf("%+v", j)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if diff := cmp.Diff([]string{"c0", "s1-1"}, a.cursors); diff != "" || p.cuts.Load() != 1 {
		t.Errorf("%d cuts, cursors (-want +got):\n%s", p.cuts.Load(), diff)
	}
}

// A reset has everything read again; what is no event of ours is counted.
func TestPageReset(t *testing.T) {
	t.Parallel()
	a, p, f := newAPI(t)
	n, mark := f.next()
	f.leave(n, time.Now())
	a.mu.Lock()
	a.messages["s2"] = append(a.messages["s2"], mark)
	a.mu.Unlock()
	a.streams <- "event: change\ndata: no\n\nevent: here\ndata: {}\n\nid: c9\nevent: reset\ndata: {}\n\n"
	f.wait(t.Context(), startTimeout)
	if j := f.since(0, time.Now()); j.wrong() != 0 || p.failures.Load() != 1 {
		t.Errorf("%+v, %d failures", j, p.failures.Load())
	}
}

// What a page can't read is counted, and what it can't open is an error.
func TestPageFailures(t *testing.T) {
	t.Parallel()
	a, p, _ := newAPI(t)
	a.mu.Lock()
	a.wrong = http.StatusServiceUnavailable
	a.mu.Unlock()
	a.write("s1", "bm000000")
	a.streams <- ": the event before has been taken\n\n"
	p.read(t.Context(), p.own["s2"])
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for p.failures.Load() < 4 { // two of each conversation
		<-tick.C
	}
	again := newPage(strings.TrimPrefix(p.base, "http://"), "t", 7, newFlights("bm"), time.Now)
	again.show("s1")
	if err := again.open(t.Context()); err == nil || !strings.Contains(err.Error(), "answered 503") {
		t.Errorf("opened: %v", err)
	}
	stranger := newPage(strings.TrimPrefix(p.base, "http://"), "x", 7, newFlights("bm"), time.Now)
	if err := stranger.open(t.Context()); err == nil || !strings.Contains(err.Error(), "answered 401") {
		t.Errorf("opened: %v", err)
	}
}

// What a page shows besides is read again at its pace, and only after something changed.
func TestPageBeside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &api{messages: map[string][]string{}}
		p := newPage("ponte.invalid", "t", 7, newFlights("bm"), time.Now)
		p.client = &http.Client{Transport: direct{a}}
		p.show("s1")
		ctx, leave := context.WithCancel(t.Context())
		go p.beside(ctx)
		rest := func(d time.Duration) {
			if err := pause(ctx, d); err != nil {
				t.Error(err)
			}
		}
		asked := func() [3]int {
			return [3]int{a.counted("GET /api/v1/overview"), a.counted("GET /api/v1/conversations?view=mine"), a.counted("PUT /api/v1/conversations/s1/here")}
		}
		rest(9 * time.Second)
		if got := asked(); got != [3]int{} {
			t.Errorf("without news: %v", got)
		}
		p.hear(ctx, event{name: "change", data: `{"session":"s9"}`})
		rest(5 * time.Second)
		if got := asked(); got != [3]int{1, 1, 1} {
			t.Errorf("after a change: %v", got)
		}
		p.hear(ctx, event{name: "desk"})
		rest(10 * time.Second)
		if got := asked(); got != [3]int{2, 1, 2} {
			t.Errorf("after the desk changed: %v", got)
		}
		leave()
		synctest.Wait()
	})
}

// direct hands requests to a handler without a network.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	d.handler.ServeHTTP(rec, r)
	return rec.Result(), nil
}
