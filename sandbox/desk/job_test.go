package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

func TestUpdateMany(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two, closed := b.ticket(nil), b.ticket(nil), b.ticket(object{"status": "closed"})
	r := b.call("PUT", "/api/v2/tickets/update_many.json", object{"tickets": []object{
		{"id": one, "status": "solved", "additional_tags": []string{"lote"}},
		{"id": closed, "status": "open"},
		{"id": 1, "status": "open"},
		{"id": two, "remove_tags": []string{"whatsapp"}, "comment": object{"body": "em lote", "public": false}},
	}}).want(200).is("queued", "job_status", "status").is(4, "job_status", "total")
	job := "/api/v2/job_statuses/" + r.text("job_status", "id")
	if r.text("job_status", "url") != baseURL+job+".json" {
		t.Errorf("url %q", r.text("job_status", "url"))
	}
	b.pass(time.Second)
	b.get(job).want(200).is("working", "job_status", "status")
	if b.show(one).Status != "new" {
		t.Error("done before it works")
	}
	b.pass(time.Second)
	r = b.get(job).want(200).is("completed", "job_status", "status").is(4, "job_status", "progress")
	r.is(object{"index": 0, "id": one, "action": "update", "status": "Updated", "success": true}, "job_status", "results", 0)
	r.is("RecordInvalid", "job_status", "results", 1, "error").is(false, "job_status", "results", 1, "success")
	r.is("RecordNotFound", "job_status", "results", 2, "error")
	if v := b.show(one); v.Status != "solved" || !slices.Equal(v.Tags, []string{"lote", "whatsapp"}) {
		t.Errorf("first: %+v", v)
	}
	if v := b.show(two); len(v.Tags) != 0 || len(b.desk.Comments(two)) != 2 {
		t.Errorf("last: %+v", v)
	}
	b.get("/api/v2/job_statuses").want(200).is(1, "count")
	b.get("/api/v2/job_statuses/x").want(404)
}

func TestUpdateManyByIDs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.ticket(nil), b.ticket(nil)
	b.call("PUT", "/api/v2/tickets/update_many?ids="+itoa(one)+","+itoa(two), object{"ticket": object{"status": "hold"}}).want(200)
	b.pass(time.Second)
	b.pass(time.Second)
	if b.show(one).Status != "hold" || b.show(two).Status != "hold" {
		t.Error("not both on hold")
	}
}

func TestJobsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Limits.Jobs = 2 })
	id := b.ticket(nil)
	many := strings.TrimSuffix(strings.Repeat("1,", 101), ",")
	b.call("PUT", "/api/v2/tickets/update_many?ids="+many, object{"ticket": object{}}).want(400)
	b.call("PUT", "/api/v2/tickets/update_many", object{"tickets": []object{}}).want(400)
	b.call("PUT", "/api/v2/tickets/update_many?ids=x", object{"ticket": object{}}).want(400)
	start := func() *reply {
		return b.call("PUT", "/api/v2/tickets/update_many", object{"tickets": []object{{"id": id, "subject": "x"}}})
	}
	start().want(200)
	start().want(200)
	if r := start().want(429); r.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
	}
	b.pass(time.Second)
	b.pass(time.Second)
	start().want(200)
}

func TestCreateLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	before := len(b.desk.Tickets())
	body := object{"ticket": object{"subject": "Depois", "comment": object{"body": "x"}}}
	req := request(t, "POST", "/api/v2/tickets?async=true", body) // the contract does not know 202
	req.Header.Set("Authorization", "Bearer "+desk.DemoToken)
	r := b.serve(b.desk.API(), req).want(202)
	job := "/api/v2/job_statuses/" + r.text("job_status", "id")
	b.call("POST", "/api/v2/tickets/create_many", object{"tickets": []object{{"comment": "y"}, {"subject": "sem comentário"}}}).want(200)
	b.restart(dir) // jobs go on
	b.pass(time.Second)
	b.restart(dir)
	b.pass(time.Second)
	b.get(job).want(200).is("completed", "job_status", "status").is("create", "job_status", "results", 0, "action")
	if got := len(b.desk.Tickets()) - before; got != 2 {
		t.Errorf("%d tickets were made", got)
	}
}
