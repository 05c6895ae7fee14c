package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// value walks down the keys of decoded JSON.
func value(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

const zendeskAPI = "/sandbox/zendesk/api/v2"

// makeTicket makes a ticket of the simulated Zendesk and returns its address.
func (w *world) makeTicket() string {
	w.t.Helper()
	made := w.want(201, "POST", zendeskAPI+"/tickets", `{"ticket":{"subject":"x","comment":{"body":"oi"}}}`)
	id, _ := value(made, "ticket", "url").(string)
	_, rest, _ := strings.Cut(id, zendeskAPI)
	return zendeskAPI + rest
}

func TestZendeskKnobs(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	if got := value(w.want(200, "GET", "/sandbox/control/zendesk", ""), "plan"); got != "" {
		t.Errorf("plan %v at first", got)
	}
	set := w.want(200, "POST", "/sandbox/control/zendesk", `{"plan":"enterprise","drop_next":2,"attachment_redirect":"cdn"}`)
	if diff := cmp.Diff(set, w.want(200, "GET", "/sandbox/control/zendesk", "")); diff != "" {
		t.Error(diff)
	}
	if got := w.Zendesk().Knobs(); got.Plan != "enterprise" || got.DropNext != 2 || got.AttachmentRedirect != "cdn" {
		t.Errorf("knobs %+v", got)
	}
	for body, want := range map[string]string{
		"":                                   "the body is empty",
		"null":                               "an object is needed",
		`{"plan":"Suite"}`:                   `plan "Suite" is not known`,
		`{"plano":"team"}`:                   "unknown field",
		`{"drop_percent":101}`:               "drop_percent is not between 0 and 100",
		`{"high_volume":true,"plan":"team"}`: "high_volume needs the plan growth or more",
		`{} {}`:                              "something follows",
	} {
		got, _ := value(w.want(400, "POST", "/sandbox/control/zendesk", body), "error").(string)
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	if got := w.Zendesk().Knobs().Plan; got != "enterprise" {
		t.Errorf("a refused body left the plan %q", got)
	}
	w.want(200, "POST", "/sandbox/control/zendesk", `{}`)
	if got := w.Zendesk().Knobs(); got.Plan != "" || got.DropNext != 0 {
		t.Errorf("what is left out: %+v", got)
	}
}

func TestZendeskLimits(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	ticket := w.makeTicket()
	w.want(200, "POST", "/sandbox/control/reset", "")
	read := func() map[string]any {
		out, _ := w.want(200, "GET", "/sandbox/control/zendesk/limits", "").(map[string]any)
		return out
	}
	for range 32 {
		w.do("PUT", ticket, `{"ticket":{"subject":"y"}}`)
	}
	got := read()
	if got["max_updates_per_ticket_10min"] != 30.0 || got["updates_per_minute_max"] != 30.0 || got["answered_429"] != 2.0 {
		t.Errorf("counters %v", got)
	}
	// What a fault answers never reaches the account, and counts as well.
	w.want(200, "POST", "/sandbox/control/faults", `{"peer":"zendesk","path":"/api/v2/*","status":429,"headers":{"Retry-After":"30"}}`)
	for range 3 {
		if status, _ := w.do("GET", zendeskAPI+"/users/me", ""); status != 429 {
			t.Errorf("status %d", status)
		}
	}
	if got := read(); got["answered_429"] != 5.0 {
		t.Errorf("with faults: %v", got["answered_429"])
	}
	w.want(200, "POST", "/sandbox/control/faults", `[]`)
	// So do those of the page.
	w.want(200, "POST", "/sandbox/control/zendesk", `{"plan":"team"}`)
	agents, _ := value(w.want(200, "GET", "/sandbox/helpdesk/api/agents", ""), "agents").([]any)
	first, _ := agents[0].(map[string]any)
	_, number, _ := strings.Cut(strings.TrimSuffix(ticket, ".json"), "/tickets/")
	page := "/sandbox/helpdesk/api/tickets/" + number
	refused := 0
	for range 35 {
		req, err := http.NewRequestWithContext(t.Context(), "PUT", origin+page, strings.NewReader(`{"subject":"z"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Desk-Agent", jsonNumber(first["id"]))
		res, err := w.Sandbox.RoundTripper().RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode == 429 {
			refused++
		}
	}
	if got := read(); refused != 5 || got["answered_429"] != 10.0 {
		t.Errorf("%d refused on the page, %v in all", refused, got["answered_429"])
	}
	w.want(200, "POST", "/sandbox/control/reset", "")
	if got := read(); got["answered_429"] != 0.0 || got["max_updates_per_ticket_10min"] != 0.0 {
		t.Errorf("after a reset: %v", got)
	}
}

func jsonNumber(v any) string {
	n, _ := v.(float64)
	digits := ""
	for i := int64(n); i > 0; i /= 10 {
		digits = string(rune('0'+i%10)) + digits
	}
	return digits
}

// TestAStormOf429IsCheap orders what an overloaded account answers and counts what that costs: the account is not touched.
func TestAStormOf429IsCheap(t *testing.T) {
	t.Parallel()
	w := setup(t, t.TempDir())
	ticket := w.makeTicket()
	stored := func() int64 {
		info, err := os.Stat(filepath.Join(w.cfg.Dir, "zendesk.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	w.want(200, "POST", "/sandbox/control/faults", `{"peer":"zendesk","path":"/api/v2/*","status":429,"headers":{"Retry-After":"30"}}`)
	before := stored()
	const storm = 5000
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range storm {
		res, err := w.try(ctx, "PUT", ticket, `{"ticket":{"comment":{"body":"x"}}}`)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 429 || res.Header.Get("Retry-After") != "30" {
			t.Fatalf("%d %v", res.StatusCode, res.Header)
		}
	}
	if after := stored(); after != before {
		t.Errorf("the account wrote %d bytes", after-before)
	}
	limits := w.want(200, "GET", "/sandbox/control/zendesk/limits", "")
	if value(limits, "answered_429") != float64(storm) || value(limits, "updates_per_minute_max") != 0.0 {
		t.Errorf("counters %v", limits)
	}
}

func TestFilesOverTheWire(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := setup(t, dir)
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	up := w.want(201, "POST", zendeskAPI+"/uploads?filename=a.txt", "conteúdo")
	token, _ := value(up, "upload", "token").(string)
	link, _ := value(up, "upload", "attachment", "content_url").(string)
	path := strings.TrimPrefix(link, origin)
	if status, body := w.do("GET", path, ""); status != 200 || body != "conteúdo" {
		t.Errorf("%d %q", status, body)
	}
	w.want(201, "POST", zendeskAPI+"/tickets", `{"ticket":{"comment":{"body":"x","uploads":["`+token+`"]}}}`)
	kept, err := os.ReadDir(filepath.Join(dir, "zendesk-files"))
	if err != nil || len(kept) != 1 {
		t.Errorf("files %v, %v", kept, err)
	}
	// A redirect to the file store, followed as a client does: without the account's credentials, or refused.
	w.want(200, "POST", "/sandbox/control/zendesk", `{"attachment_redirect":"cdn"}`)
	fetch := func(auth string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if auth != "" {
			req.Header.Set("Authorization", auth)
		}
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode, strings.TrimPrefix(res.Header.Get("Location"), origin)
	}
	status, to := fetch("")
	if status != 302 || !strings.HasPrefix(to, "/sandbox/cdn/") {
		t.Fatalf("%d %q", status, to)
	}
	res, err := server.Client().Get(server.URL + to)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("the file store answered %d", res.StatusCode)
	}
	if status, _ := w.do("GET", to, ""); status != 400 { // do sends the account's token
		t.Errorf("credentials at the file store: %d", status)
	}
	if got := value(w.want(200, "GET", "/sandbox/control/zendesk/limits", ""), "credentials_leaked"); got != 1.0 {
		t.Errorf("%v leaks", got)
	}
	// Faults and counters know the file store by its own path.
	w.want(200, "POST", "/sandbox/control/faults", `{"peer":"zendesk","path":"/cdn/*","status":503}`)
	if status, _ := w.do("GET", to, ""); status != 503 {
		t.Errorf("a fault of the file store: %d", status)
	}
	found := false
	for _, one := range w.want(200, "GET", "/sandbox/control/requests", "").([]any) {
		p, _ := value(one, "path").(string)
		found = found || strings.HasPrefix(p, "/cdn/")
	}
	if !found {
		t.Error("the file store's requests are not counted")
	}
	// A reset of the data takes the files with it.
	w.want(200, "POST", "/sandbox/control/reset?data=1", "")
	if kept, err := os.ReadDir(filepath.Join(dir, "zendesk-files")); err != nil || len(kept) != 0 {
		t.Errorf("files %v, %v after a reset", kept, err)
	}
	if status, _ := w.do("GET", path, ""); status != 404 {
		t.Errorf("the old address answers %d", status)
	}
}

func TestFilesInMemoryGoWithTheSandbox(t *testing.T) {
	t.Parallel()
	w := setup(t, "")
	up := w.want(201, "POST", zendeskAPI+"/uploads?filename=a.txt", "x")
	link, _ := value(up, "upload", "attachment", "content_url").(string)
	if status, _ := w.do("GET", strings.TrimPrefix(link, origin), ""); status != 200 {
		t.Errorf("status %d", status)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _ := w.do("GET", strings.TrimPrefix(link, origin), ""); status != 404 {
		t.Errorf("status %d after Close", status)
	}
}
