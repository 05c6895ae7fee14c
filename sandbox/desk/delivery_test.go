package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// seededHook is the path of the webhook that Ponte's trigger calls.
func (b *bench) seededHook() string {
	b.t.Helper()
	return "/api/v2/webhooks/" + b.get("/api/v2/webhooks").want(200).text("webhooks", 0, "id")
}

// refuse has the receiver answer with a status for ever.
func (b *bench) refuse(status int) {
	b.hooks.answers(func(_ delivery, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// TestWhenTheBreakerOpens sends good and bad deliveries and counts how many reach the receiver.
func TestWhenTheBreakerOpens(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		good, bad int // that many first, in this order
		then      int // further deliveries, all refused
		arrive    int // how many of the further ones reach the receiver
	}{
		"nothing bad":                 {20, 0, 0, 0},
		"too few to judge":            {0, 9, 0, 0},
		"the tenth opens it":          {0, 9, 5, 1},
		"seven of ten":                {3, 6, 5, 1},
		"six of ten are borne":        {4, 6, 0, 0},
		"a good past":                 {40, 10, 20, 20},
		"a good past wears off":       {10, 23, 5, 1},
		"good ones keep it closed":    {100, 0, 30, 30},
		"half and half are borne yet": {10, 10, 5, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(nil)
			n := 0
			deliver := func(times, status int) int {
				b.refuse(status)
				for range times {
					n++
					b.change(id, fmt.Sprint(n))
					b.pump()
				}
				return len(b.hooks.take())
			}
			if got := deliver(tt.good, 200); got != tt.good {
				t.Fatalf("%d good ones arrived", got)
			}
			if got := deliver(tt.bad, 500); got != tt.bad {
				t.Fatalf("%d bad ones arrived, want %d", got, tt.bad)
			}
			if got := deliver(tt.then, 500); got != tt.arrive {
				t.Errorf("%d further ones arrived, want %d", got, tt.arrive)
			}
		})
	}
}

func TestTheBreakerForgets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	n := 0
	deliver := func(status int) bool {
		b.refuse(status)
		n++
		b.change(id, fmt.Sprint(n))
		b.pump()
		return len(b.hooks.take()) == 1
	}
	// Nine failures, five minutes, nine more: never ten within five minutes.
	for range 2 {
		for i := range 9 {
			if !deliver(500) {
				t.Fatalf("delivery %d did not arrive", i)
			}
		}
		b.pass(5*time.Minute + time.Second)
	}
	// Open, it loses what comes; after five seconds it tries again and counts anew.
	for range 10 {
		deliver(500)
	}
	for range 3 {
		if deliver(200) {
			t.Error("delivered while open")
		}
	}
	b.pass(4 * time.Second)
	if deliver(200) {
		t.Error("delivered after four seconds")
	}
	b.pass(time.Second)
	if !deliver(500) || !deliver(200) {
		t.Error("not delivered after five seconds")
	}
	r := b.get(b.seededHook() + "/invocations?page[size]=100").want(200)
	states := map[string]int{}
	for i := range r.len("invocations") {
		states[r.text("invocations", i, "status")]++
	}
	if states["circuit_broken"] != 4 || states["success"] != 1 || states["failed"] != 29 {
		t.Errorf("states %v", states)
	}
}

// TestEachWebhookHasItsOwnBreaker breaks one and delivers to the other.
func TestEachWebhookHasItsOwnBreaker(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("POST", "/api/v2/webhooks", hook(object{
		"endpoint": b.hooks.url("/events"), "subscriptions": []string{eventPrefix + "subject_changed"},
	})).want(201)
	b.hooks.answers(func(d delivery, w http.ResponseWriter, _ *http.Request) {
		if d.path == "/ponte" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	id := b.ticket(nil)
	for n := range 15 {
		b.change(id, fmt.Sprint(n))
		b.pump()
	}
	count := map[string]int{}
	for _, d := range b.hooks.take() {
		count[d.path]++
	}
	if count["/ponte"] != 10 || count["/events"] != 15 {
		t.Errorf("arrived: %v", count)
	}
}

func TestTheLogOfDeliveries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path, id := b.seededHook(), b.ticket(nil)
	answers := []int{409, 409, 200}
	b.hooks.answers(func(_ delivery, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(answers[0])
		answers = answers[1:]
	})
	b.change(id, "x")
	for range 5 {
		b.pass(5 * time.Second)
	}
	r := b.get(path+"/invocations").want(200).is("success", "invocations", 0, "status").is("conditional_ticket_events", "invocations", 0, "event_type").
		is(200, "invocations", 0, "status_code")
	attempts := path + "/invocations/" + r.text("invocations", 0, "id") + "/attempts"
	log := b.get(attempts).want(200)
	for i, want := range []struct {
		status int
		result string
	}{{409, "failed"}, {409, "failed"}, {200, "success"}} {
		log.is(want.status, "attempts", i, "http_status").is(want.result, "attempts", i, "status")
		if log.text("attempts", i, "id") == "" {
			t.Errorf("attempt %d has no id", i)
		}
	}
	// Every attempt carries the same invocation, and a new signature over a new time.
	seen := map[string]bool{}
	deliveries := b.hooks.take()
	for _, d := range deliveries {
		seen[d.header.Get("X-Zendesk-Webhook-Invocation-Id")] = true
		if d.header.Get("X-Zendesk-Webhook-Signature") != signature(webhookSecret, d) {
			t.Error("wrong signature")
		}
	}
	first, last := deliveries[0].header, deliveries[len(deliveries)-1].header
	if len(seen) != 1 || first.Get("X-Zendesk-Webhook-Signature-Timestamp") == last.Get("X-Zendesk-Webhook-Signature-Timestamp") {
		t.Errorf("invocations %v, times %v and %v", seen, first, last)
	}
	b.get(path + "/invocations/x/attempts").want(404)
	other := b.call("POST", "/api/v2/webhooks", hook(nil)).want(201).text("webhook", "id")
	b.get("/api/v2/webhooks/" + other + "/invocations/" + r.text("invocations", 0, "id") + "/attempts").want(404)
	b.get("/api/v2/webhooks/"+other+"/invocations").want(200).is([]any{}, "invocations")
}

func TestTheLogIsCut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id := b.ticket(nil)
	for n := range 510 {
		b.change(id, fmt.Sprint(n))
		if n%50 == 0 {
			b.pump()
		}
	}
	b.pump()
	b.change(id, "last")
	b.pump()
	count := func() int {
		n, next := 0, b.seededHook()+"/invocations?page[size]=100"
		for next != "" {
			r := b.get(next).want(200)
			n += r.len("invocations")
			next = strings.TrimPrefix(r.text("links", "next"), baseURL)
		}
		return n
	}
	if got := count(); got != 500 {
		t.Errorf("%d invocations kept", got)
	}
	b.restart(dir)
	if got := count(); got != 500 {
		t.Errorf("%d invocations kept after a restart", got)
	}
	if got := len(b.hooks.take()); got != 511 {
		t.Errorf("%d deliveries", got)
	}
}

func TestWebhooksSwitchedOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path, id := b.seededHook(), b.ticket(nil)
	set := func(status string) { b.call("PATCH", path, object{"webhook": object{"status": status}}).want(204) }
	set("inactive")
	b.change(id, "a")
	b.pump()
	if got := len(b.hooks.take()); got != 0 {
		t.Errorf("%d deliveries while inactive", got)
	}
	// One that is switched off while a delivery waits ends that delivery.
	set("active")
	b.knobs(desk.Knobs{DelayMS: 10_000})
	b.change(id, "b")
	set("inactive")
	b.pass(time.Minute)
	if got := len(b.hooks.take()); got != 0 {
		t.Errorf("%d deliveries after it was switched off", got)
	}
	b.get(path+"/invocations").want(200).is("failed", "invocations", 0, "status").is(nil, "invocations", 0, "latest_completed_at")
	set("active")
	b.knobs(desk.Knobs{})
	b.change(id, "c")
	b.pump()
	if got := len(b.hooks.take()); got != 1 {
		t.Errorf("%d deliveries once it is active again", got)
	}
}

func TestDeletedWebhooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call("DELETE", b.seededHook(), nil).want(400).is("InvalidWebhook", "error") // a trigger uses it
	made := b.call("POST", "/api/v2/webhooks", hook(object{
		"endpoint": b.hooks.url("/events"), "subscriptions": []string{eventPrefix + "subject_changed"},
	})).want(201).text("webhook", "id")
	b.knobs(desk.Knobs{DelayMS: 10_000})
	id := b.ticket(nil)
	b.change(id, "x")
	b.call("DELETE", "/api/v2/webhooks/"+made, nil).want(204)
	b.call("DELETE", "/api/v2/webhooks/"+made, nil).want(404)
	b.pass(time.Minute)
	for _, d := range b.hooks.take() {
		if d.path == "/events" {
			t.Error("a deleted webhook was called")
		}
	}
}

// TestBodiesOfTriggers fills templates in every format.
func TestBodiesOfTriggers(t *testing.T) {
	t.Parallel()
	nasty := "a \"b\" \\ \n <c> & d\tção"
	for name, tt := range map[string]struct{ format, template, want string }{
		"JSON":            {"json", `{"s":"{{ticket.title}}"}`, `{"s":"a \"b\" \\ \n \u003cc\u003e \u0026 d\tção"}`},
		"form":            {"form_encoded", `s={{ticket.title}}`, "s=" + nasty},
		"XML":             {"xml", `<s>{{ticket.title}}</s>`, "<s>" + nasty + "</s>"},
		"no placeholders": {"json", `{}`, `{}`},
		"unknown ones":    {"json", `{"a":"{{ticket.nada}}","b":"{{outra.coisa}}"}`, `{"a":"","b":""}`},
		"with spaces":     {"json", `{"a":"{{   ticket.id   }}"}`, `{"a":"` + itoa(lastSeeded+1) + `"}`},
		"not a template":  {"json", `{"a":"{ticket.id} {{ticket id}}"}`, `{"a":"{ticket.id} {{ticket id}}"}`},
		"nothing at all":  {"json", ``, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id := b.ticket(object{"subject": nasty})
			webhook := b.call("POST", "/api/v2/webhooks", hook(object{"endpoint": b.hooks.url("/t"), "request_format": tt.format})).want(201).text("webhook", "id")
			b.withTrigger(t, trigger("notification_webhook", []string{webhook, tt.template}))
			b.put(id, object{"priority": "low"}).want(200)
			b.pump()
			for _, d := range b.hooks.take() {
				if d.path == "/t" && d.body != tt.want {
					t.Errorf("%q, want %q", d.body, tt.want)
				}
			}
		})
	}
}
