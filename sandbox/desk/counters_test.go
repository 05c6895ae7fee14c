package desk_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestCountersOfUpdates(t *testing.T) {
	t.Parallel()
	type step struct {
		after  time.Duration // since the step before
		ticket int           // 0 or 1
		agent  string        // "" is the API's user
		times  int
	}
	for name, tt := range map[string]struct {
		steps   []step
		tickets []desk.TicketUpdates // ids are filled in
		most    int
		minute  int
	}{
		"nothing":               {nil, nil, 0, 0},
		"once":                  {[]step{{0, 0, "", 1}}, []desk.TicketUpdates{{Max: 1, All: 1}}, 1, 1},
		"a burst":               {[]step{{0, 0, "", 12}}, []desk.TicketUpdates{{Max: 12, All: 12}}, 12, 12},
		"within ten minutes":    {[]step{{0, 0, "", 3}, {599 * time.Second, 0, "", 4}}, []desk.TicketUpdates{{Max: 7, All: 7}}, 7, 4},
		"ten minutes apart":     {[]step{{0, 0, "", 3}, {600 * time.Second, 0, "", 4}}, []desk.TicketUpdates{{Max: 4, All: 4}}, 4, 4},
		"the window moves":      {[]step{{0, 0, "", 1}, {300 * time.Second, 0, "", 5}, {300 * time.Second, 0, "", 5}}, []desk.TicketUpdates{{Max: 10, All: 10}}, 10, 5},
		"the most is kept":      {[]step{{0, 0, "", 9}, {time.Hour, 0, "", 1}}, []desk.TicketUpdates{{Max: 9, All: 9}}, 9, 9},
		"two users, one ticket": {[]step{{0, 0, "", 5}, {0, 0, "Ana Beatriz Souza", 3}}, []desk.TicketUpdates{{Max: 5, All: 8}}, 5, 8},
		"two tickets":           {[]step{{0, 0, "", 5}, {0, 1, "", 6}}, []desk.TicketUpdates{{Max: 5, All: 5}, {Max: 6, All: 6}}, 6, 11},
		"a minute later":        {[]step{{0, 0, "", 5}, {59 * time.Second, 1, "", 6}, {time.Second, 1, "", 1}}, []desk.TicketUpdates{{Max: 5, All: 5}, {Max: 7, All: 7}}, 7, 11},
		"the clock goes back":   {[]step{{time.Hour, 0, "", 5}, {-time.Hour, 0, "", 2}}, []desk.TicketUpdates{{Max: 5, All: 5}}, 5, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ids := []int64{b.ticket(nil), b.ticket(nil)}
			b.desk.ResetCounters()
			n := 0
			for _, s := range tt.steps {
				b.pass(s.after)
				for range s.times {
					n++
					if s.agent == "" {
						b.put(ids[s.ticket], object{"subject": fmt.Sprint(n)}).want(200)
					} else {
						b.page(b.user(s.agent).ID, "PUT", "/tickets/"+itoa(ids[s.ticket]), object{"subject": fmt.Sprint(n)}).want(200)
					}
				}
			}
			got := b.desk.Counters()
			want := []desk.TicketUpdates{}
			for i, u := range tt.tickets {
				u.ID = ids[i]
				want = append(want, u)
			}
			if diff := cmp.Diff(want, got.Tickets); diff != "" {
				t.Error(diff)
			}
			if got.MaxUpdatesPerTicket != tt.most || got.UpdatesPerMinute != tt.minute {
				t.Errorf("most %d, want %d; a minute %d, want %d", got.MaxUpdatesPerTicket, tt.most, got.UpdatesPerMinute, tt.minute)
			}
		})
	}
}

func TestCountersOfRequests(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.UpdatesPerTicket = 2 }))
	id, other := b.ticket(nil), b.ticket(nil)
	ana := b.user("Ana Beatriz Souza").ID
	b.desk.ResetCounters()
	b.get(ticketPath(id)).want(200)
	b.get(ticketPath(other, ".json")).want(200)
	b.get(ticketPath(1)).want(404)
	b.get("/api/v2/nada").want(404) // no endpoint
	b.put(id, object{"subject": "1"}).want(200)
	b.put(id, object{"subject": "2"}).want(200)
	b.put(id, object{"subject": "3"}).want(429)
	b.put(id, object{"subject": "3"}).want(429)
	b.put(other, object{"status": "x"}).want(422)
	b.call("GET", "/api/v2/users/me", nil, "Authorization", "").want(401)
	b.call("POST", "/oauth/tokens", grant(nil)).want(201)
	b.upload("filename=a.txt", "text/plain", "x").want(201)
	b.upload("filename=", "text/plain", "x").want(422)
	b.page(ana, "GET", "/tickets/"+itoa(id), nil).want(200)
	got := b.desk.Counters()
	want := []desk.EndpointCount{
		{Method: "GET", Path: "/api/v2/tickets/{id}", Status: 200, Count: 2},
		{Method: "GET", Path: "/api/v2/tickets/{id}", Status: 404, Count: 1},
		{Method: "PUT", Path: "/api/v2/tickets/{id}", Status: 200, Count: 2},
		{Method: "PUT", Path: "/api/v2/tickets/{id}", Status: 422, Count: 1},
		{Method: "PUT", Path: "/api/v2/tickets/{id}", Status: 429, Count: 2},
		{Method: "POST", Path: "/api/v2/uploads", Status: 201, Count: 1},
		{Method: "POST", Path: "/api/v2/uploads", Status: 422, Count: 1},
		{Method: "GET", Path: "/api/v2/users/me", Status: 401, Count: 1},
		{Method: "GET", Path: "/helpdesk/tickets/{id}", Status: 200, Count: 1},
		{Method: "POST", Path: "/oauth/tokens", Status: 201, Count: 1},
	}
	if diff := cmp.Diff(want, got.Requests); diff != "" {
		t.Error(diff)
	}
	if got.Answered429 != 2 {
		t.Errorf("%d answers with 429", got.Answered429)
	}
	b.desk.ResetCounters()
	if diff := cmp.Diff(desk.LimitCounters{Tickets: []desk.TicketUpdates{}, Requests: []desk.EndpointCount{}}, b.desk.Counters()); diff != "" {
		t.Errorf("after a reset: %s", diff)
	}
	// The limits themselves go on.
	b.put(id, object{"subject": "4"}).want(429)
}

func TestCountersAsJSON(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	b.desk.ResetCounters()
	b.put(id, object{"subject": "1"}).want(200)
	raw, err := json.Marshal(b.desk.Counters())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"max_updates_per_ticket_10min":1,"tickets":[{"id":` + itoa(id) + `,"max":1,"all":1}],"updates_per_minute_max":1,` +
		`"answered_429":0,"credentials_leaked":0,"requests":[{"method":"PUT","path":"/api/v2/tickets/{id}","status":200,"count":1}]}`
	if string(raw) != want {
		t.Errorf("%s, want %s", raw, want)
	}
}

func TestCountersWhileManyWrite(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	b.restart("")
	const writers, each = 8, 20
	ids := make([]int64, writers)
	for i := range ids {
		ids[i] = b.ticket(nil)
	}
	b.desk.ResetCounters()
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for n := range each {
				b.put(ids[i], object{"subject": fmt.Sprint(n)})
				b.desk.Counters()
			}
		})
	}
	wg.Wait()
	got := b.desk.Counters()
	if got.MaxUpdatesPerTicket != each || got.UpdatesPerMinute != writers*each || len(got.Tickets) != writers {
		t.Errorf("counters %+v", got)
	}
}

// TestManyKeysOfLimits sweeps what is over: limits are kept per ticket and user.
func TestManyKeysOfLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks, limited(func(l *desk.Limits) { l.UserWritesPerUser = 1 }))
	b.restart("")
	p := b.newPerson(object{"name": "Nova"})
	for range 2 {
		p.change(object{"notes": "x"}).want(200)
		p.change(object{"notes": "x"}).want(429)
		b.pass(11 * time.Minute)
		for i := range 4200 {
			b.call("PUT", "/api/v2/users/"+itoa(int64(i+1)), nil).want(404)
		}
		p.change(object{"notes": "x"}).want(200)
		b.pass(11 * time.Minute)
	}
}
