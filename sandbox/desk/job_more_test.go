package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// finished lets a job end and returns it.
func (b *bench) finished(r *reply) *reply {
	b.t.Helper()
	path := "/api/v2/job_statuses/" + r.text("job_status", "id")
	for range 5 {
		b.pass(time.Second)
	}
	return b.get(path).want(200).is("completed", "job_status", "status")
}

func TestStatesOfAJob(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	r := b.call("PUT", "/api/v2/tickets/update_many?ids="+itoa(id), object{"ticket": object{"subject": "y"}}).want(200).is("queued", "job_status", "status")
	path := "/api/v2/job_statuses/" + r.text("job_status", "id")
	r.is(baseURL+path+".json", "job_status", "url").is(1, "job_status", "total").is(0, "job_status", "progress")
	for _, want := range []string{"queued", "working", "completed", "completed"} {
		b.get(path+".json").want(200).is(want, "job_status", "status")
		if done := b.show(id).Subject == "y"; done != (want == "completed") {
			t.Errorf("%s: done %v", want, done)
		}
		b.pass(time.Second)
	}
	b.get(path).want(200).is(1, "job_status", "progress").is(id, "job_status", "results", 0, "id").is(true, "job_status", "results", 0, "success").
		is("update", "job_status", "results", 0, "action").is("Updated", "job_status", "results", 0, "status")
	b.get("/api/v2/job_statuses").want(200).is(1, "count")
	b.get("/api/v2/job_statuses/x").want(404)
}

// TestResultsOfEachTicket mixes what works with what does not.
func TestResultsOfEachTicket(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := []int64{b.ticket(nil), b.ticket(nil), b.ticket(nil)}
	r := b.finished(b.call("PUT", "/api/v2/tickets/update_many", object{"tickets": []any{
		object{"id": ids[0], "subject": "um"},
		object{"id": ids[1], "status": "nada"},
		object{"id": 5, "subject": "x"},
		object{"subject": "sem id"},
		object{"id": 5158, "subject": "fechado"},
		object{"id": ids[2], "additional_tags": []string{"novo"}, "remove_tags": []string{"whatsapp"}},
		object{"id": itoa(ids[2]), "comment": object{"body": "em massa", "public": false}},
		"não é um objeto",
	}}).want(200))
	for i, want := range []struct {
		success bool
		err     string
	}{{true, ""}, {false, "RecordInvalid"}, {false, "RecordNotFound"}, {false, "RecordNotFound"}, {false, "RecordInvalid"}, {true, ""}, {true, ""}, {false, "InvalidJSON"}} {
		r.is(i, "job_status", "results", i, "index").is(want.success, "job_status", "results", i, "success")
		if got := r.text("job_status", "results", i, "error"); got != want.err {
			t.Errorf("result %d: %q, want %q", i, got, want.err)
		}
	}
	if v := b.show(ids[2]); strings.Join(v.Tags, " ") != "novo" || b.show(ids[0]).Subject != "um" || b.show(ids[1]).Status != "new" {
		t.Errorf("ticket %+v", v)
	}
	if c := b.desk.Comments(ids[2]); len(c) != 2 || c[1].Public || c[1].Body != "em massa" {
		t.Errorf("comments %+v", c)
	}
}

func TestCreatingMany(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := len(b.desk.Tickets())
	r := b.finished(b.call("POST", "/api/v2/tickets/create_many", object{"tickets": []object{
		{"subject": "um", "comment": "a"}, {"subject": "dois"}, {"subject": "três", "comment": object{"body": "c"}, "external_id": "s3"},
	}}).want(200))
	r.is(true, "job_status", "results", 0, "success").is("create", "job_status", "results", 0, "action").is("Created", "job_status", "results", 0, "status").
		is(false, "job_status", "results", 1, "success").is(true, "job_status", "results", 2, "success")
	if n := len(b.desk.Tickets()); n != before+2 {
		t.Errorf("%d tickets, %d before", n, before)
	}
	if v := b.show(r.id("job_status", "results", 2, "id")); v.ExternalID != "s3" {
		t.Errorf("ticket %+v", v)
	}
}

func TestHowManyAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	many := func(n int) []object {
		out := make([]object, n)
		for i := range out {
			out[i] = object{"id": id, "comment": "x", "subject": fmt.Sprint(i)}
		}
		return out
	}
	ids := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprint(i + 1)
		}
		return strings.Join(out, ",")
	}
	for name, tt := range map[string]struct {
		method, path string
		body         any
		status       int
	}{
		"a hundred":              {"PUT", "/api/v2/tickets/update_many", object{"tickets": many(100)}, 200},
		"one more":               {"PUT", "/api/v2/tickets/update_many", object{"tickets": many(101)}, 400},
		"none":                   {"PUT", "/api/v2/tickets/update_many", object{"tickets": many(0)}, 400},
		"nothing":                {"PUT", "/api/v2/tickets/update_many", object{}, 400},
		"no ids":                 {"PUT", "/api/v2/tickets/update_many", object{"ticket": object{"subject": "x"}}, 400},
		"a hundred ids":          {"PUT", "/api/v2/tickets/update_many?ids=" + ids(100), object{"ticket": object{"subject": "x"}}, 200},
		"one more id":            {"PUT", "/api/v2/tickets/update_many?ids=" + ids(101), object{"ticket": object{"subject": "x"}}, 400},
		"no numbers":             {"PUT", "/api/v2/tickets/update_many?ids=a,b", object{"ticket": object{"subject": "x"}}, 400},
		"a hundred to make":      {"POST", "/api/v2/tickets/create_many", object{"tickets": many(100)}, 200},
		"one more to make":       {"POST", "/api/v2/tickets/create_many", object{"tickets": many(101)}, 400},
		"a ticket, not a list":   {"POST", "/api/v2/tickets/create_many", object{"tickets": object{}}, 400},
		"a ticket is not a list": {"PUT", "/api/v2/tickets/update_many?ids=1", object{"ticket": []int{1}}, 400},
	} {
		if r := b.call(tt.method, tt.path, tt.body); r.status != tt.status {
			t.Errorf("%s: %d, want %d: %s", name, r.status, tt.status, r.raw)
		}
	}
}

func TestAtMostThirtyJobs(t *testing.T) {
	t.Parallel()
	b := setup(t, limited(func(l *desk.Limits) { l.Jobs = 0 })) // the default
	id := b.ticket(nil)
	start := func() *reply {
		return b.call("PUT", "/api/v2/tickets/update_many?ids="+itoa(id), object{"ticket": object{"tags": []string{"a"}}})
	}
	for range 30 {
		start().want(200)
	}
	r := start().want(429).is("TooManyJobs", "error")
	if r.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.pass(time.Second)
	start().want(429) // they work now
	b.pass(time.Second)
	start().want(200)
}

func TestJobsActForWhoAskedForThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id := b.ticket(nil)
	r := b.call("PUT", "/api/v2/tickets/update_many?ids="+itoa(id), object{"ticket": object{"comment": object{"body": "em massa"}}}).want(200)
	b.restart(dir) // the job is taken up again
	b.finished(r)
	c := b.desk.Comments(id)[1]
	if c.AuthorID != b.user("Ponte (integração)").ID || c.UpdaterID != c.AuthorID {
		t.Errorf("comment %+v", c)
	}
	b.restart(dir)
	b.pass(10 * time.Second)
	if n := len(b.desk.Comments(id)); n != 2 {
		t.Errorf("%d comments: a finished job ran again", n)
	}
}
