package graph_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// partner is the webhook of the number that 360dialog hosts.
type partner struct {
	mu      sync.Mutex
	headers []http.Header
	bodies  []string
}

func hosted(t *testing.T, secret string) (*world, *partner) {
	t.Helper()
	p := &partner{}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.headers, p.bodies = append(p.headers, r.Header), append(p.bodies, string(body))
	}))
	t.Cleanup(srv.Close)
	w := setupWith(t, func(cfg *graph.Config) {
		cfg.Dialog360 = graph.Dialog360{CallbackURL: srv.URL + "/hook", Key: "key-1", HeaderSecret: secret}
	})
	return w, p
}

// at360 calls 360dialog's API with a key.
func (w *world) at360(method, path, key string, body io.Reader) (int, []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.api.URL+"/360"+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("D360-API-KEY", key)
	res, err := new(http.Client).Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, raw
}

func TestDialog360(t *testing.T) {
	t.Parallel()
	w, p := hosted(t, "header-secret")
	w.onPhone("POST", "/customers/1/messages?number="+second, object{"type": "text", "text": object{"body": "oi"}}, 200)
	w.write(mariana, "oi")
	w.pass(time.Second)
	if got := w.hook.take(); len(got) != 1 || got[0]["metadata"].(object)["phone_number_id"] != numberID {
		t.Errorf("webhooks of the first number: %v", got)
	}
	if len(p.bodies) != 1 || !strings.Contains(p.bodies[0], second) {
		t.Fatalf("webhooks of the second number: %v", p.bodies)
	}
	if h := p.headers[0]; h.Get("Authorization") != "Bearer header-secret" || h.Get("X-Hub-Signature-256") != "" || h.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", h)
	}
	body := `{"messaging_product":"whatsapp","to":"+5511987650142","type":"text","text":{"body":"olá"}}`
	for _, key := range []string{"", "key-2", "Bearer demo"} {
		if status, raw := w.at360("POST", "/messages", key, strings.NewReader(body)); status != 401 || !strings.Contains(string(raw), "Invalid api key") {
			t.Errorf("key %q: %d %s", key, status, raw)
		}
	}
	status, raw := w.at360("POST", "/messages", "key-1", strings.NewReader(body))
	if status != 200 || !strings.Contains(string(raw), `"wa_id":"5511987650142"`) {
		t.Errorf("send: %d %s", status, raw)
	}
	if status, raw := w.at360("POST", "/messages", "key-1", strings.NewReader(`{}`)); status != 400 || !strings.Contains(string(raw), `"code":100`) {
		t.Errorf("bad body: %d %s", status, raw)
	}
	if status, raw := w.at360("GET", "/v26.0/"+second, "key-1", nil); status != 400 || !strings.Contains(string(raw), "2500") {
		t.Errorf("with a version: %d %s", status, raw)
	}
	if _, out := w.call("POST", "/v26.0/"+second+"/messages", object{}); code(out) != 100 {
		t.Errorf("the number through the Cloud API: %v", out)
	}
	w.pass(time.Minute)
	if len(p.bodies) != 4 || len(w.hook.take()) != 0 {
		t.Errorf("%d webhooks for a message with three statuses", len(p.bodies))
	}
	_, out := w.call("GET", "/v26.0/"+wabaID+"/phone_numbers", nil)
	if n := len(out["data"].([]any)); n != 2 {
		t.Errorf("%d numbers on the account", n)
	}
}

func TestDialog360Media(t *testing.T) {
	t.Parallel()
	w, p := hosted(t, "")
	content := []byte("%PDF-1.4 nota")
	form, kind := multipartFile(t, "nota.pdf", "application/pdf", content)
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.api.URL+"/360/media", form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("D360-API-KEY", "key-1")
	req.Header.Set("Content-Type", kind)
	status, out := answer(t, req)
	if status != 200 {
		t.Fatalf("upload: %d %v", status, out)
	}
	id := out["id"].(string)
	check := func(id string) {
		t.Helper()
		status, raw := w.at360("GET", "/"+id, "key-1", nil)
		link := jsonOf(t, raw)["url"].(string)
		path, ok := strings.CutPrefix(link, "https://lookaside.fbsbx.com")
		if status != 200 || !ok {
			t.Fatalf("look up: %d %s", status, raw)
		}
		if status, got := w.at360("GET", path, "key-1", nil); status != 200 || !bytes.Equal(got, content) {
			t.Errorf("download: %d %q", status, got)
		}
		if status, _ := w.at360("GET", path, "", nil); status != 401 {
			t.Errorf("download without key: %d", status)
		}
		if _, out := w.call("GET", "/v26.0/"+id, nil); code(out) != 100 {
			t.Errorf("look up through the Cloud API: %v", out)
		}
		w.pass(5 * time.Minute)
		if status, _ := w.at360("GET", path, "key-1", nil); status != 404 {
			t.Errorf("download after 5 minutes: %d", status)
		}
	}
	check(id)
	body := object{"type": "document", "document": object{"id": w.file("nota.pdf", "application/pdf", content)}}
	w.onPhone("POST", "/customers/1/messages?number="+second, body, 200)
	w.pass(0)
	if len(p.bodies) != 1 || !strings.Contains(p.bodies[0], `https:\/\/lookaside.fbsbx.com\/whatsapp_business\/attachments\/?`) {
		t.Errorf("webhooks %v", p.bodies)
	}
	if h := p.headers[0]; h.Get("Authorization") != "" {
		t.Errorf("headers without a secret: %v", h)
	}
	check(body["document"].(object)["id"].(string))
	own := w.file("a.pdf", "application/pdf", content)
	w.say(mariana, "document", object{"id": own}, nil)
	if status, raw := w.at360("GET", "/"+own, "key-1", nil); status != 400 {
		t.Errorf("a file of the other number: %d %s", status, raw)
	}
	if status, _ := w.at360("DELETE", "/"+id, "key-1", nil); status != 200 {
		t.Errorf("delete: %d", status)
	}
}

// Without a key there is no 360dialog, and a business with one number has none either.
func TestDialog360Off(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if status, _ := w.at360("GET", "/1", "", nil); status != 401 {
		t.Errorf("without a key: %d", status)
	}
	if got := w.onPhone("GET", "/customers", nil, 200)["numbers"].([]any)[1].(object)["via"]; got != nil {
		t.Errorf("the second number comes via %v", got)
	}
	_, err := graph.New(graph.Config{
		Clock: w.clock, Store: w.store, Queue: rig.NewQueue(w.clock), Numbers: []graph.Number{{ID: "1", Display: "551140034000"}},
		Dialog360: graph.Dialog360{Key: "x"},
	})
	if err == nil || !strings.Contains(err.Error(), "second number") {
		t.Errorf("one number at two providers: %v", err)
	}
}

// One webhook never carries updates of both providers, and each gets its own in order.
func TestBatchesPerProvider(t *testing.T) {
	t.Parallel()
	w, p := hosted(t, "x")
	w.knobs(graph.Knobs{Batch: 10})
	for range 3 {
		w.write(mariana, "oi")
		w.onPhone("POST", "/customers/1/messages?number="+second, object{"type": "text", "text": object{"body": "oi"}}, 200)
	}
	w.pass(0)
	got := []int{w.hook.count(), len(w.hook.take()), len(p.bodies), strings.Count(p.bodies[0], "wamid.")}
	if diff := cmp.Diff([]int{1, 3, 1, 3}, got); diff != "" {
		t.Errorf("webhooks and updates (-want +got):\n%s", diff)
	}
}
