package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestTake(t *testing.T) {
	t.Parallel()
	f := found{messages: map[string]bool{}}
	for _, mark := range []string{`["a","b"]`, ``, `["c"]`, `["b"]`} {
		var raw []byte
		if mark != "" {
			raw = []byte(mark)
		}
		if err := f.take(raw); err != nil {
			t.Error(err)
		}
	}
	if len(f.messages) != 3 || f.comments != 3 || f.twice != 1 {
		t.Errorf("%+v", f)
	}
	if err := f.take([]byte(`{"a":1}`)); err == nil {
		t.Error("a mark of another kind is no error")
	}
}

// account is a sandbox with fixed answers.
func account(t *testing.T, answers map[string]string) *desk {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	d, err := newDesk(srv.URL, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const counters = `[{"peer":"zendesk","method":"GET","path":"/x","status":200,"count":5},
	{"peer":"zendesk","method":"POST","path":"/y","status":201,"count":3},{"peer":"whatsapp","method":"POST","path":"/z","status":200,"count":9}]`

func TestDeskWait(t *testing.T) {
	t.Parallel()
	d := account(t, map[string]string{
		"/sandbox/control/requests": counters,
		"/sandbox/zendesk/api/v2/tickets.json": `{"tickets":[
			{"id":1,"external_id":"wa-106-c1-1","updated_at":"2026-11-23T09:00:00Z"},{"id":2,"external_id":"other","updated_at":"2026-11-23T09:00:00Z"}]}`,
		"/sandbox/zendesk/api/v2/tickets/1/audits": `{"audits":[
			{"id":7,"ticket_id":1,"metadata":{"custom":{"ponte_messages":["m1","m2"]}},"events":[]},{"id":8,"ticket_id":1,"metadata":{},"events":[]}],
			"meta":{"has_more":false}}`,
	})
	f, requests, err := d.wait(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.messages) != 2 || len(f.tickets) != 1 || f.comments != 1 || f.twice != 0 {
		t.Errorf("%+v", f)
	}
	if own := int(d.own.Load()); own != 2 || requests != 8-own {
		t.Errorf("%d requests of ours, %d of Ponte's", own, requests)
	}
	if n, err := d.count(t.Context(), writes); err != nil || n != 3 {
		t.Errorf("%d writes, %v", n, err)
	}
}

func TestDeskUnreadable(t *testing.T) {
	t.Parallel()
	if _, _, err := account(t, map[string]string{"/sandbox/control/requests": "no"}).wait(t.Context(), 1); err == nil {
		t.Error("unreadable counters")
	}
	if _, _, err := account(t, map[string]string{"/sandbox/control/requests": counters}).wait(t.Context(), 1); err == nil {
		t.Error("no tickets")
	}
	d := account(t, nil)
	d.base = "http://127.0.0.1:1"
	if _, err := d.count(t.Context(), anyMethod); err == nil {
		t.Error("nobody there")
	}
}
