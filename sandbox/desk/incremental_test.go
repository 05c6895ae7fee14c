package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func startTime(ago time.Duration) string { return fmt.Sprint(start().Add(-ago).Unix()) }

func (r *reply) ids(list string) []int64 {
	r.t.Helper()
	out := []int64{}
	for i := range r.len(list) {
		out = append(out, r.id(list, i, "id"))
	}
	return out
}

func TestIncrementalTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const path = "/api/v2/incremental/tickets/cursor.json"
	one, two := b.ticket(nil), b.ticket(nil)
	b.pass(30 * time.Second)
	three := b.ticket(nil)

	r := b.get(path+"?start_time="+startTime(time.Minute)).want(200).is([]any{}, "tickets").is(true, "end_of_stream")
	b.pass(30 * time.Second) // one and two are a minute old, three is not
	cursor := r.text("after_cursor")
	r = b.get(path+"?per_page=1&cursor="+cursor).want(200).is(false, "end_of_stream")
	if got := r.ids("tickets"); !slices.Equal(got, []int64{one}) {
		t.Errorf("first page %v", got)
	}
	if want := baseURL + path + "?cursor=" + r.text("after_cursor") + "&per_page=1"; r.text("after_url") != want {
		t.Errorf("after_url %q, want %q", r.text("after_url"), want)
	}
	r.is(start().Unix(), "tickets", 0, "generated_timestamp")
	r = b.get(path+"?per_page=1&cursor="+r.text("after_cursor")).want(200).is(true, "end_of_stream")
	if got := r.ids("tickets"); !slices.Equal(got, []int64{two}) {
		t.Errorf("second page %v", got)
	}
	cursor = r.text("after_cursor")
	// What changes again comes again; nothing is lost between the pages.
	b.put(one, object{"subject": "x"}).want(200)
	b.pass(30 * time.Second)
	r = b.get(path + "?cursor=" + cursor).want(200)
	if got := r.ids("tickets"); !slices.Equal(got, []int64{three}) {
		t.Errorf("third page %v", got)
	}
	cursor = r.text("after_cursor")
	b.call("DELETE", ticketPath(two), nil).want(204)
	b.pass(time.Minute)
	r = b.get(path+"?cursor="+cursor).want(200).is("deleted", "tickets", 1, "status")
	if got := r.ids("tickets"); !slices.Equal(got, []int64{one, two}) {
		t.Errorf("fourth page %v", got)
	}
	// Asking again at the end answers nothing and the same place.
	last := b.get(path+"?cursor="+r.text("after_cursor")).want(200).is([]any{}, "tickets")
	if last.text("after_cursor") != r.text("after_cursor") {
		t.Error("the cursor moved without a ticket")
	}
}

func TestIncrementalRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for query, status := range map[string]int{
		"": 400, "?start_time=x": 400, "?cursor=x": 400, "?cursor=eHh4": 400,
		"?start_time=" + startTime(59*time.Second): 422, "?start_time=" + startTime(time.Minute): 200,
	} {
		for _, path := range []string{"/api/v2/incremental/tickets/cursor", "/api/v2/incremental/users/cursor"} {
			b.get(path + query).want(status)
		}
	}
}

func TestIncrementalUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.pass(time.Minute)
	id := b.call("POST", "/api/v2/users", object{"user": object{"name": "Nova"}}).want(201).id("user", "id")
	b.pass(time.Minute)
	r := b.get("/api/v2/incremental/users/cursor?start_time=" + startTime(0)).want(200)
	if got := r.ids("users"); !slices.Equal(got, []int64{id}) {
		t.Errorf("users %v", got)
	}
	all := b.get("/api/v2/incremental/users/cursor?start_time=0").want(200)
	if all.len("users") != 25 {
		t.Errorf("%d users", all.len("users"))
	}
}

func TestTicketEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	b.pass(time.Minute)
	b.put(id, object{"status": "open"}).want(200)
	b.pass(time.Minute)
	path := "/api/v2/incremental/ticket_events.json?start_time=" + startTime(0)
	r := b.get(path+"&include=comment_events").want(200).is(2, "count").is(true, "end_of_stream").is(start().Unix()+60, "end_time")
	r.is(id, "ticket_events", 0, "ticket_id").is("Bom dia, preciso de ajuda.", "ticket_events", 0, "child_events", 0, "body")
	r.is("open", "ticket_events", 1, "child_events", 0, "status").is("new", "ticket_events", 1, "child_events", 0, "previous_value")
	b.get(path).want(200).is(nil, "ticket_events", 0, "child_events", 0, "body").is(true, "ticket_events", 0, "child_events", 0, "comment_public")
	b.get(path+"&end_time="+fmt.Sprint(start().Unix()+30)).want(200).is(1, "count")
}
