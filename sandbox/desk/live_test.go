package desk_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// listener reads server-sent events of the page.
type listener struct {
	t     *testing.T
	lines *bufio.Scanner
	end   context.CancelFunc
}

// event is one server-sent event.
type event struct{ id, kind, data string }

func (b *bench) follow(query string, headers ...string) *listener {
	b.t.Helper()
	server := httptest.NewServer(b.desk.HelpdeskAPI())
	b.t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(b.t.Context())
	b.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/stream?agent="+itoa(b.user("Ana Beatriz Souza").ID)+query, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := server.Client().Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { res.Body.Close() })
	return &listener{b.t, bufio.NewScanner(res.Body), cancel}
}

// next reads one event, comments left out.
func (l *listener) next() event {
	l.t.Helper()
	var e event
	for l.lines.Scan() {
		line := l.lines.Text()
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && e != event{}:
			return e
		case key == "id":
			e.id = value
		case key == "event":
			e.kind = value
		case key == "data":
			e.data = value
		}
	}
	l.t.Fatalf("the stream ended: %v", l.lines.Err())
	return e
}

func change(seq, ticket int64) event {
	return event{id: itoa(seq), kind: "change", data: fmt.Sprintf(`{"seq":%d,"ticket_id":%d}`, seq, ticket)}
}

func TestEveryChangeIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana := b.user("Ana Beatriz Souza").ID
	seq, _ := b.desk.Changes()
	l := b.follow("")
	if e := l.next(); e.kind != "hello" || e.data != fmt.Sprintf(`{"seq":%d}`, seq) {
		t.Fatalf("first %+v", e)
	}
	id := b.ticket(nil)
	comment := ticketPath(id, "/comments/", itoa(b.desk.Comments(id)[0].ID))
	steps := []func(){
		nil, // the creation above
		func() { b.put(id, object{"status": "open"}).want(200) },
		func() { b.page(ana, "PUT", "/tickets/"+itoa(id), object{"priority": "low"}).want(200) },
		func() { b.page(ana, "POST", "/tickets/"+itoa(id)+"/customer", object{"body": "x"}).want(200) },
		func() { b.call("PUT", comment+"/redact", object{"text": "Bom"}).want(200) },
		func() { b.call("PUT", ticketPath(id, "/tags"), object{"tags": []string{"x"}}).want(200) },
		func() { b.call("DELETE", ticketPath(id), nil).want(204) },
	}
	for n, do := range steps {
		if do != nil {
			do()
		}
		if e := l.next(); e != change(seq+int64(n)+1, id) {
			t.Errorf("step %d: %+v", n, e)
		}
	}
	// What changes nothing, and what is refused, is not told: the next event is the one after.
	other := b.ticket(nil)
	if e := l.next(); e != change(seq+8, other) {
		t.Errorf("another ticket: %+v", e)
	}
	b.put(other, object{"subject": "Conversa pelo WhatsApp"}).want(200)
	b.put(other, object{"status": "x"}).want(422)
	b.put(other, object{"status": "open"}).want(200)
	if e := l.next(); e != change(seq+9, other) {
		t.Errorf("after what was not: %+v", e)
	}
}

func TestAStreamTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	start, _ := b.desk.Changes()
	var ids []int64
	for range 3 {
		ids = append(ids, b.ticket(nil))
	}
	for name, tt := range map[string]struct {
		query   string
		headers []string
		want    []event
	}{
		"by the browser": {"", []string{"Last-Event-ID", itoa(start + 1)}, []event{change(start+2, ids[1]), change(start+3, ids[2])}},
		"by the address": {"&since=" + itoa(start+2), nil, []event{change(start+3, ids[2])}},
		"from now on":    {"", nil, nil},
		"a later number": {"&since=999999", nil, []event{{id: itoa(start + 3), kind: "reset", data: fmt.Sprintf(`{"seq":%d}`, start+3)}}},
		"the browser's number goes first": {
			"&since=" + itoa(start), []string{"Last-Event-ID", itoa(start + 2)}, []event{change(start+3, ids[2])},
		},
	} {
		l := b.follow(tt.query, tt.headers...)
		if e := l.next(); e.kind != "hello" {
			t.Errorf("%s: %+v", name, e)
		}
		for _, want := range tt.want {
			if got := l.next(); got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
		l.end()
	}
}

func TestWhoMissedTooMuchReadsAnew(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	ana := b.user("Ana Beatriz Souza").ID
	start, _ := b.desk.Changes()
	id := b.ticket(nil)
	for n := range 1000 {
		b.put(id, object{"subject": fmt.Sprint(n)}).want(200)
	}
	r := b.page(ana, "GET", "/changes?since="+itoa(start), nil).want(200).is(true, "reset").is(start+1001, "seq")
	if n := r.len("changes"); n != 1000 {
		t.Errorf("%d changes kept", n)
	}
	b.page(ana, "GET", "/changes?since="+itoa(start+1), nil).want(200).is(false, "reset")
	b.page(ana, "GET", "/changes?since="+itoa(start+1000), nil).want(200).is([]object{{"seq": start + 1001, "ticket_id": id}}, "changes")
	for _, since := range []string{"", "x", "-5"} {
		b.page(ana, "GET", "/changes?wait=0&since="+since, nil).want(200).is(true, "reset")
	}
}

// TestWaitingEndsWithTheCaller lets a long poll go when its caller does.
func TestWaitingEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seq, _ := b.desk.Changes()
	ctx, cancel := context.WithCancel(t.Context())
	req := httptest.NewRequestWithContext(ctx, "GET", "/changes?wait=60&since="+itoa(seq), nil)
	req.Header.Set("X-Desk-Agent", itoa(b.user("Ana Beatriz Souza").ID))
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		w := httptest.NewRecorder()
		b.desk.HelpdeskAPI().ServeHTTP(w, req)
		done <- w
	}()
	cancel()
	if w := <-done; w.Body.Len() != 0 {
		t.Errorf("answered %s", w.Body)
	}
	// One that waits for nothing answers that nothing came.
	b.page(b.user("Ana Beatriz Souza").ID, "GET", "/changes?wait=0&since="+itoa(seq), nil).want(200).is([]any{}, "changes").is(false, "reset")
}

// TestChangesForTests is the signal that other rooms' tests wait on.
func TestChangesForTests(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before, next := b.desk.Changes()
	select {
	case <-next:
		t.Fatal("a change before any")
	default:
	}
	id := b.ticket(nil)
	select {
	case <-next:
	case <-time.After(time.Minute):
		t.Fatal("no signal")
	}
	after, _ := b.desk.Changes()
	if after != before+1 {
		t.Errorf("%d after %d", after, before)
	}
	b.get(ticketPath(id)).want(200)
	if now, _ := b.desk.Changes(); now != after {
		t.Error("reading was told as a change")
	}
}
