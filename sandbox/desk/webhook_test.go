package desk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// change makes Ponte's trigger fire once.
func (b *bench) change(id int64, subject string) {
	b.t.Helper()
	b.put(id, object{"subject": subject}).want(200)
}

func signature(secret string, d delivery) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(d.header.Get("X-Zendesk-Webhook-Signature-Timestamp") + d.body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestTheSeededTrigger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, other := b.ticket(object{"external_id": `sessão "1"`}), b.ticket(object{"tags": []string{}})
	b.pump()
	if got := b.hooks.take(); len(got) != 0 {
		t.Fatalf("creation was told: %v", got)
	}
	b.pass(time.Minute)
	b.change(other, "x")
	b.put(id, object{"status": "pending"}).want(200)
	b.pump()
	got := b.hooks.take()
	if len(got) != 1 {
		t.Fatalf("%d webhooks", len(got))
	}
	d := got[0]
	want := `{"ticket_id":"` + itoa(id) + `","external_id":"sessão \"1\"","status":"pending","updated_at":"2026-11-22T12:01:00Z","actor_id":"` +
		itoa(b.user("Ponte (integração)").ID) + `","group_id":"","assignee_id":"","organization_id":"` +
		itoa(b.org("Distribuidora Aurora Ltda")) + `","tags":"whatsapp"}`
	if d.body != want {
		t.Errorf("body %s, want %s", d.body, want)
	}
	if d.path != "/ponte" || d.header.Get("X-Zendesk-Webhook-Signature") != signature(webhookSecret, d) {
		t.Errorf("path %s, signature %q", d.path, d.header.Get("X-Zendesk-Webhook-Signature"))
	}
	hook := b.get("/api/v2/webhooks").want(200).text("webhooks", 0, "id")
	for name, want := range map[string]string{
		"X-Zendesk-Account-Id": "22129848", "X-Zendesk-Webhook-Id": hook, "Content-Type": "application/json; charset=utf-8",
		"X-Zendesk-Webhook-Signature-Timestamp": "2026-11-22T12:01:00Z",
	} {
		if d.header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, d.header.Get(name), want)
		}
	}
	if d.header.Get("X-Zendesk-Webhook-Invocation-Id") == "" {
		t.Error("no invocation id")
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	status := func(codes ...int) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(codes[min(n, len(codes)-1)]) }
	}
	wait := func(code int, after string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", after)
			w.WriteHeader(code)
		}
	}
	for name, tt := range map[string]struct {
		knobs    desk.Knobs
		answer   func(n int, w http.ResponseWriter, r *http.Request)
		attempts int
		end      string
	}{
		"accepted":                 {answer: status(204), attempts: 1, end: "success"},
		"409 for ever":             {answer: status(409), attempts: 4, end: "failed"},
		"409 once":                 {answer: status(409, 200), attempts: 2, end: "success"},
		"500":                      {answer: status(500), attempts: 1, end: "failed"},
		"401":                      {answer: status(401), attempts: 1, end: "failed"},
		"redirected":               {answer: status(302), attempts: 1, end: "failed"},
		"503, no Retry-After":      {answer: status(503), attempts: 1, end: "failed"},
		"503, short Retry-After":   {answer: wait(503, "5"), attempts: 4, end: "failed"},
		"429, short Retry-After":   {answer: wait(429, "5"), attempts: 4, end: "failed"},
		"429, long Retry-After":    {answer: wait(429, "60"), attempts: 1, end: "failed"},
		"429, no retries by knob":  {knobs: desk.Knobs{IgnoreRetryAfter: true}, answer: wait(429, "5"), attempts: 1, end: "failed"},
		"nobody answers":           {answer: func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, attempts: 1, end: "failed"},
		"too slow":                 {answer: hang, attempts: 6, end: "failed"},
		"too slow, none by knob":   {knobs: desk.Knobs{NoTimeoutRetries: true}, answer: hang, attempts: 1, end: "failed"},
		"too slow, then refused":   {answer: thenRefuse, attempts: 2, end: "failed"},
		"too slow, then in time":   {answer: thenAccept, attempts: 2, end: "success"},
		"503 and then 200 in time": {answer: recovering, attempts: 2, end: "success"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cfg.Transport = direct{b.hooks}
			b.restart(t.TempDir())
			b.desk.SetKnobs(tt.knobs)
			n := 0
			b.hooks.answers(func(_ delivery, w http.ResponseWriter, r *http.Request) {
				n++
				tt.answer(n-1, w, r)
			})
			id := b.ticket(nil)
			b.change(id, "x")
			for range 10 {
				b.pass(time.Minute)
			}
			got := b.hooks.take()
			if len(got) != tt.attempts {
				t.Fatalf("%d attempts, want %d", len(got), tt.attempts)
			}
			for _, d := range got {
				if d.header.Get("X-Zendesk-Webhook-Invocation-Id") != got[0].header.Get("X-Zendesk-Webhook-Invocation-Id") {
					t.Error("the invocation id changed")
				}
				if d.header.Get("X-Zendesk-Webhook-Signature") != signature(webhookSecret, d) {
					t.Error("wrong signature")
				}
			}
			hook := "/api/v2/webhooks/" + b.get("/api/v2/webhooks").text("webhooks", 0, "id")
			list := b.get(hook+"/invocations").want(200).is(tt.end, "invocations", 0, "status")
			tries := b.get(hook + "/invocations/" + list.text("invocations", 0, "id") + "/attempts").want(200)
			if tries.len("attempts") != tt.attempts {
				t.Errorf("attempts: %s", tries.raw)
			}
		})
	}
}

func hang(int, http.ResponseWriter, *http.Request) { panic(os.ErrDeadlineExceeded) }

func thenRefuse(n int, w http.ResponseWriter, r *http.Request) {
	if n == 0 {
		hang(n, w, r)
	}
	w.WriteHeader(http.StatusForbidden)
}

func thenAccept(n int, w http.ResponseWriter, r *http.Request) {
	if n == 0 {
		hang(n, w, r)
	}
}

func recovering(n int, w http.ResponseWriter, _ *http.Request) {
	if n == 0 {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// direct delivers without a network, so that answers and time-outs come when they are wanted: a panic of the handler is
// the connection's error.
type direct struct{ hooks *hooks }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (res *http.Response, err error) {
	defer func() {
		if p, isError := recover().(error); isError {
			res, err = nil, p
		}
	}()
	w := httptest.NewRecorder()
	d.hooks.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestDeliveriesTimeOut(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.WebhookTimeout = time.Millisecond })
	b.hooks.answers(func(_ delivery, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b.desk.SetKnobs(desk.Knobs{NoTimeoutRetries: true})
	b.change(b.ticket(nil), "x")
	b.pump()
	hook := "/api/v2/webhooks/" + b.get("/api/v2/webhooks").text("webhooks", 0, "id")
	b.get(hook+"/invocations").want(200).is("failed", "invocations", 0, "status").is(504, "invocations", 0, "status_code")
}

func TestRetryPauses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hooks.answers(func(_ delivery, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) })
	b.change(b.ticket(nil), "x")
	b.pump()
	for _, step := range []struct {
		pause time.Duration
		want  int
	}{{0, 1}, {time.Second - time.Millisecond, 0}, {time.Millisecond, 1}, {2 * time.Second, 1}, {4 * time.Second, 1}, {time.Hour, 0}} {
		b.pass(step.pause)
		if got := len(b.hooks.take()); got != step.want {
			t.Errorf("after %v: %d attempts, want %d", step.pause, got, step.want)
		}
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hooks.answers(func(_ delivery, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	id := b.ticket(nil)
	for i := range 12 {
		b.change(id, strings.Repeat("x", i+1))
		b.pump()
	}
	if got := len(b.hooks.take()); got != 10 {
		t.Fatalf("%d calls before the breaker opened, want 10", got)
	}
	hook := "/api/v2/webhooks/" + b.get("/api/v2/webhooks").text("webhooks", 0, "id")
	b.get(hook+"/invocations").want(200).is("circuit_broken", "invocations", 0, "status")
	b.hooks.answers(nil)
	b.pass(5 * time.Second)
	b.change(id, "again")
	b.pump()
	if got := len(b.hooks.take()); got != 1 {
		t.Errorf("%d calls after the pause, want 1", got)
	}
}

func TestDisturbances(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		knobs desk.Knobs
		rand  float64
		want  int
	}{
		"undisturbed":       {desk.Knobs{}, 0, 4},
		"all doubled":       {desk.Knobs{DuplicatePercent: 100}, 0.5, 8},
		"chance is missed":  {desk.Knobs{DuplicatePercent: 50, DropPercent: 50}, 0.5, 4},
		"chance is met":     {desk.Knobs{DropPercent: 51}, 0.5, 0},
		"the first two":     {desk.Knobs{DropNext: 2}, 0.5, 2},
		"delayed":           {desk.Knobs{DelayMS: 60_000}, 0.5, 4},
		"delayed and lost":  {desk.Knobs{DelayMS: 60_000, DropNext: 1}, 0.5, 3},
		"all of them later": {desk.Knobs{Shuffle: true}, 0.5, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *desk.Config) { c.Rand = func() float64 { return tt.rand } })
			id := b.ticket(nil)
			b.desk.SetKnobs(tt.knobs)
			for _, subject := range []string{"a", "b", "c", "d"} {
				b.change(id, subject)
			}
			b.pump()
			if later := tt.knobs.DelayMS > 0 || tt.knobs.Shuffle; later && len(b.hooks.take()) > 0 {
				t.Error("came at once")
			}
			b.pass(2 * time.Minute)
			got := b.hooks.take()
			if len(got) != tt.want {
				t.Errorf("%d webhooks, want %d", len(got), tt.want)
			}
			ids := map[string]bool{}
			for _, d := range got {
				ids[d.header.Get("X-Zendesk-Webhook-Invocation-Id")] = true
			}
			if len(ids) != len(got) {
				t.Error("invocations share ids")
			}
		})
	}
}

func TestShuffleReorders(t *testing.T) {
	t.Parallel()
	values := []float64{0.9, 0.1}
	b := setup(t, func(c *desk.Config) {
		c.Rand = func() float64 {
			v := values[0]
			values = append(values[1:], v)
			return v
		}
	})
	id := b.ticket(nil)
	b.desk.SetKnobs(desk.Knobs{Shuffle: true})
	b.put(id, object{"status": "open"}).want(200)
	b.put(id, object{"status": "pending"}).want(200)
	b.pass(3 * time.Second)
	got := b.hooks.take()
	if len(got) != 2 || got[0].json(t)["status"] != "pending" || got[1].json(t)["status"] != "open" {
		t.Errorf("got %+v", got)
	}
}

func TestDropWebhooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.ticket(nil)
	b.desk.DropWebhooks(1)
	b.desk.DropWebhooks(1)
	if got := b.desk.Knobs().DropNext; got != 2 {
		t.Errorf("to be dropped: %d", got)
	}
	for _, subject := range []string{"a", "b", "c"} {
		b.change(id, subject)
	}
	b.pump()
	if got := len(b.hooks.take()); got != 1 {
		t.Errorf("%d webhooks, want 1", got)
	}
}

func TestPendingDeliveriesOutliveARestart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	id := b.ticket(nil)
	b.change(id, "x")
	b.restart(dir)
	b.hooks.answers(func(_ delivery, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) })
	b.pump()
	first := b.hooks.take()
	b.restart(dir) // between two attempts
	b.hooks.answers(nil)
	b.pass(time.Minute)
	second := b.hooks.take()
	if len(first) != 1 || len(second) != 1 {
		t.Fatalf("%d and %d attempts", len(first), len(second))
	}
	const header = "X-Zendesk-Webhook-Invocation-Id"
	if first[0].header.Get(header) != second[0].header.Get(header) {
		t.Error("the invocation id changed")
	}
	b.restart(dir)
	b.pass(time.Minute)
	if got := b.hooks.take(); len(got) != 0 {
		t.Errorf("delivered again: %v", got)
	}
}

func TestTheSeededWebhookFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dir := t.TempDir()
	b.restart(dir)
	b.cfg.WebhookURL, b.cfg.WebhookSecret = b.hooks.url("/elsewhere"), "outro segredo"
	b.restart(dir)
	b.change(b.ticket(nil), "x")
	b.pump()
	got := b.hooks.take()
	if len(got) != 1 || got[0].path != "/elsewhere" || got[0].header.Get("X-Zendesk-Webhook-Signature") != signature("outro segredo", got[0]) {
		t.Errorf("got %+v", got)
	}
}
