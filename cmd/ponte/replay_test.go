package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// page is one page of the fake Zendesk's tickets.
type page struct {
	tickets []zendesk.Ticket
	after   string
}

// peer is a running bridge and its Zendesk.
type peer struct {
	t      *testing.T
	url    string
	secret string

	mu      sync.Mutex
	bodies  []string
	refuse  string               // bodies that hold it are answered 401
	pages   map[string]page      // by cursor
	updates map[int64][][]string // the messages that each update of a ticket carries
	read    map[int64]int        // how often a ticket's updates were read
	down    bool                 // Zendesk refuses everything
}

func newPeer(t *testing.T, secret string) *peer {
	t.Helper()
	p := &peer{t: t, secret: secret, pages: map[string]page{}, updates: map[int64][][]string{}, read: map[int64]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /base/webhooks/whatsapp", p.webhook)
	mux.HandleFunc("GET /base/sandbox/zendesk/api/v2/tickets.json", p.tickets)
	mux.HandleFunc("GET /base/sandbox/zendesk/api/v2/tickets/{id}/audits", p.audits)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.url = server.URL + "/base"
	return p
}

func (p *peer) webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	signed := whatsapp.Verify([]string{p.secret}, r.Header.Get(whatsapp.SignatureHeader), body)
	if err != nil || !signed || r.Header.Get("Content-Type") != "application/json" || p.refuse != "" && strings.Contains(string(body), p.refuse) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.bodies = append(p.bodies, string(body))
}

func (p *peer) tickets(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.pages[r.URL.Query().Get("page[after]")]
	if p.down || !ok || r.URL.Query().Get("page[size]") != "100" || r.Header.Get("Authorization") != "Bearer demo" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	write(w, map[string]any{
		"tickets": found.tickets, "meta": map[string]any{"has_more": found.after != "", "after_cursor": found.after},
	})
}

func (p *peer) audits(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var id int64
	fmt.Sscan(r.PathValue("id"), &id)
	p.read[id]++
	list := []any{map[string]any{"id": 1, "metadata": map[string]any{"system": map[string]any{}}}}
	for i, messages := range p.updates[id] {
		list = append(list, map[string]any{"id": i + 2, "metadata": map[string]any{"custom": map[string]any{effects.MarkMessages: messages}}})
	}
	write(w, map[string]any{"audits": list, "meta": map[string]any{"has_more": false}})
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// ticket puts a ticket with its updates, each a space-separated list of messages, onto a page.
func (p *peer) ticket(cursor string, id int64, updatedAt time.Time, updates ...string) {
	at := p.pages[cursor]
	at.tickets = append(at.tickets, zendesk.Ticket{ID: id, UpdatedAt: updatedAt})
	p.pages[cursor] = at
	p.updates[id] = nil
	for _, u := range updates {
		p.updates[id] = append(p.updates[id], strings.Fields(u))
	}
}

func hook(members string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{` +
		`"metadata":{"phone_number_id":"106540352242922"},` + members + `}}]}]}`
}

func texts(ids ...string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = `{"id":"` + id + `","from":"5511987654321","type":"text","text":{"body":"conteúdo secreto"}}`
	}
	return hook(`"messages":[` + strings.Join(list, ",") + `]`)
}

func TestReplay(t *testing.T) {
	p := newPeer(t, "new")
	environment(t, map[string]string{"PUBLIC_URL": p.url + "/", "WHATSAPP_APP_SECRET": " new , old"})
	bodies := []string{
		texts("wamid.1", "wamid.2") + "\n",
		hook(`"statuses":[{"id":"wamid.o1","status":"sent"},{"id":"wamid.o1","status":"read"},{"id":"wamid.o1","status":"sent"}]`),
		hook(`"messages":[{"id":"wamid.3","type":"text"},{"id":"wamid.1","from":"5511987654321","type":"text","text":{"body":"x"}},` +
			`{"id":"wamid.4","from":"1","group_id":"g","type":"text"}]`),
		`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"account_update","value":{"event":"X"}}]}]}`,
		`no webhook`,
	}
	args := []string{"replay", "-wait", "0"}
	for i, body := range bodies {
		args = append(args, file(t, fmt.Sprint(i), body))
	}
	got := ponte(t, args...)
	want := `5 webhooks sent, 5 answered 200, 0 not
2 messages belong on a ticket
exempt by rule account: 1
  account_update
exempt by rule group: 1
  wamid.4
exempt by rule no_sender: 1
  wamid.3
exempt by rule not parsed: 1
  whatsapp: body is not a JSON object
exempt by rule status_of_others: 2
  wamid.o1 sent
  wamid.o1 read
`
	same(t, "report", got, outcome{out: want})
	same(t, "sent, byte for byte", p.bodies, bodies)
}

// Without any setting it is the demo on this machine that is meant.
func TestReplayDemoSecret(t *testing.T) {
	p := newPeer(t, app.DemoAppSecret)
	environment(t, map[string]string{"PUBLIC_URL": p.url})
	same(t, "report", ponte(t, "replay", "-wait", "0", file(t, "f", texts("wamid.1"))), outcome{
		out: "1 webhooks sent, 1 answered 200, 0 not\n1 messages belong on a ticket\n",
	})
}

func TestReplayRefused(t *testing.T) {
	p := newPeer(t, app.DemoAppSecret)
	p.refuse = "wamid.2"
	environment(t, map[string]string{"PUBLIC_URL": p.url})
	bad := file(t, "bad", texts("wamid.2"))
	got := ponte(t, "replay", "-wait", "0", file(t, "good", texts("wamid.1")), bad, file(t, "last", texts("wamid.3")))
	same(t, "report", got, outcome{
		code: 1, out: bad + ": answered 401\n3 webhooks sent, 2 answered 200, 1 not\n", err: "1 webhooks were not taken in\n",
	})
	environment(t, map[string]string{"PUBLIC_URL": p.url, "WHATSAPP_APP_SECRET": "s3cret-wrong"})
	if got := ponte(t, "replay", file(t, "good", texts("wamid.1"))); got.code != 1 || strings.Contains(got.out+got.err, "s3cret") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

func TestReplayCannotSend(t *testing.T) {
	environment(t, map[string]string{"PUBLIC_URL": "http://127.0.0.1:1", "WHATSAPP_APP_SECRET": "s3cret"})
	for what, path := range map[string]string{"connection refused": file(t, "f", texts("wamid.1")), "no such file": t.TempDir() + "/none"} {
		got := ponte(t, "replay", path)
		if got.code != 1 || got.out != "" || !strings.Contains(got.err, what) || strings.Contains(got.err, "s3cret") {
			t.Errorf("exit %d: %s%s; want %s", got.code, got.out, got.err, what)
		}
	}
	environment(t, map[string]string{"PUBLIC_URL": "http://a b"})
	if got := ponte(t, "replay", file(t, "f", "{}")); got.code != 1 || !strings.HasPrefix(got.err, "PONTE_PUBLIC_URL: ") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

func TestReplayFindsMessages(t *testing.T) {
	p := newPeer(t, app.DemoAppSecret)
	old := time.Now().Add(-time.Hour)
	p.ticket("", 1, old, "wamid.1", "wamid.2 wamid.9")
	p.pages[""] = page{p.pages[""].tickets, "a+b/c=="}
	p.ticket("a+b/c==", 2, old, "wamid.3")
	environment(t, map[string]string{"PUBLIC_URL": p.url})
	args := []string{file(t, "a", texts("wamid.1", "wamid.2")), file(t, "b", texts("wamid.3"))}
	const begin = "2 webhooks sent, 2 answered 200, 0 not\n3 messages belong on a ticket\n"
	const end = "all 3 messages are on a ticket (2 tickets); 0 more than once\n"
	same(t, "report", ponte(t, append([]string{"replay", "-wait", "30s"}, args...)...), outcome{out: begin + end})
	same(t, "long report", ponte(t, append([]string{"replay", "-wait", "30s", "-v"}, args...)...), outcome{
		out: begin + "wamid.1 on ticket 1\nwamid.2 on ticket 1\nwamid.3 on ticket 2\n" + end,
	})
}

func TestReplayFindsDoubles(t *testing.T) {
	for name, fill := range map[string]func(p *peer){
		"on two tickets":         func(p *peer) { p.ticket("", 1, time.Now(), "wamid.1"); p.ticket("", 2, time.Now(), "wamid.1") },
		"in two of its updates":  func(p *peer) { p.ticket("", 1, time.Now(), "wamid.1", "wamid.1") },
		"twice in one update":    func(p *peer) { p.ticket("", 1, time.Now(), "wamid.1 wamid.1") },
		"at the end of the list": func(p *peer) { p.ticket("", 1, time.Now(), "wamid.1", "wamid.2", "wamid.3 wamid.1") },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, app.DemoAppSecret)
			fill(p)
			environment(t, map[string]string{"PUBLIC_URL": p.url})
			got := ponte(t, "replay", "-wait", "30s", file(t, "a", texts("wamid.1")))
			if got.code != 1 || !strings.HasSuffix(got.out, "; 1 more than once\n") || got.err != "more than once on a ticket: wamid.1\n" {
				t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
			}
		})
	}
}

func TestReplayMisses(t *testing.T) {
	p := newPeer(t, app.DemoAppSecret)
	p.ticket("", 1, time.Now(), "wamid.2")
	environment(t, map[string]string{"PUBLIC_URL": p.url})
	args := []string{"replay", "-wait", "500ms", file(t, "a", texts("wamid.1", "wamid.2", "wamid.3"))}
	got := ponte(t, args...)
	if got.code != 1 || !strings.HasSuffix(got.out, "\non no ticket: wamid.1 wamid.3\n") || got.err != "2 messages are on no ticket after 500ms\n" {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	got = ponte(t, args...)
	if got.code != 1 || !strings.HasPrefix(got.err, "3 messages are on no ticket after 500ms\n") || !strings.Contains(got.err, "list tickets") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

// A ticket is read again only when it may have changed.
func TestLookAgain(t *testing.T) {
	t.Parallel()
	p := newPeer(t, "")
	now := time.Now()
	p.ticket("", 1, now.Add(-time.Hour), "wamid.1")
	p.ticket("", 2, now.Add(time.Minute), "wamid.2")
	desk, err := zendesk.New(zendesk.Config{BaseURL: p.url + "/sandbox/zendesk", StaticToken: "demo", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	l := look{desk: desk, seen: map[int64]time.Time{}, on: map[string]map[int64]int{}}
	all := func() {
		t.Helper()
		if err := l.all(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	all()
	all()
	same(t, "looks", p.read, map[int64]int{1: 1, 2: 2})
	p.updates[1] = append(p.updates[1], []string{"wamid.3"})
	p.pages[""].tickets[0].UpdatedAt = now.Add(-time.Minute)
	all()
	all()
	same(t, "looks after a change", p.read, map[int64]int{1: 2, 2: 4})
	wanted, once := []string{"wamid.1", "wamid.2", "wamid.3", "wamid.4"}, map[string]bool{"number person": true}
	senders := map[string]map[string]bool{"wamid.1": once, "wamid.2": once, "wamid.3": once, "wamid.4": once}
	same(t, "missing", l.missing(wanted, senders), []string{"wamid.4"})
	if doubled := l.doubled(wanted, senders); len(doubled) > 0 {
		t.Errorf("a second look finds doubles: %v", doubled)
	}
}
