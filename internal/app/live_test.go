package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
)

// pair is two instances on one Redis: pages are connected to one, which drains no mailboxes, and everything happens at the other.
type pair struct {
	t          *testing.T
	r          *testredis.Redis
	peers      *sandbox.Sandbox
	here, away *app.App
	url        string // of the first
	stop       func() // ends it, as a deployment does
	ended      chan error
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{t: t, r: testredis.Server(t), ended: make(chan error, 1)}
	cfg := sandbox.Config{Now: time.Now, BaseURL: base, Transport: p}
	cfg.WhatsApp = sandbox.WhatsAppConfig{
		AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken,
		CallbackURL: base + "/webhooks/whatsapp", NumberID: app.DemoNumber,
	}
	cfg.Zendesk = sandbox.ZendeskConfig{
		ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret, WebhookURL: base + "/webhooks/zendesk",
	}
	var err error
	if p.peers, err = sandbox.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.peers.Close() })
	p.here, p.away = p.instance(0), p.instance(32)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var busy sync.WaitGroup
	busy.Go(func() { p.away.Engine.Run(ctx) })
	busy.Go(func() { p.peers.Run(ctx) })
	t.Cleanup(func() {
		if err := p.away.Engine.Stop(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
		cancel()
		busy.Wait()
	})
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	p.url, p.stop = "http://"+ln.Addr().String(), stop
	go func() { p.ended <- p.here.Serve(serving, ln, p.here.Handler()) }()
	t.Cleanup(stop)
	return p
}

// instance builds one, with a connection of its own.
func (p *pair) instance(sessions int) *app.App {
	p.t.Helper()
	opt, err := redis.ParseURL(p.r.URL)
	if err != nil {
		p.t.Fatal(err)
	}
	client := redis.NewClient(opt)
	p.t.Cleanup(func() { client.Close() })
	op := settings.DefaultOperation()
	op.Account.Access.Segmented = true
	n := plain(settings.Default())
	n.Quiet, n.Longest, n.Desk.Queue = 50*time.Millisecond, 200*time.Millisecond, "Suporte N1"
	a, err := app.Build(p.t.Context(), app.DemoDefaults(app.Config{
		PublicURL: base, RedisPrefix: p.r.Prefix, WhatsAppAPIURL: base + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0", Sessions: sessions,
	}), app.Parts{
		Redis: client, Transport: p.peers.RoundTripper(), Logger: slog.New(slog.DiscardHandler), Token: "demo",
		Settings: func(string) settings.Number { return n }, Fallback: &op,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { a.Close(context.WithoutCancel(p.t.Context())) })
	return a
}

// RoundTrip carries a webhook of the peers to the instance where everything happens.
func (p *pair) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	p.away.Handler().ServeHTTP(rec, r)
	return rec.Result(), nil
}

// writes lets the n-th customer write, and returns the session.
func (p *pair) writes(n int, word string) (session string) {
	p.t.Helper()
	rec := httptest.NewRecorder()
	p.away.Handler().ServeHTTP(rec, signed(newPerson(n).hook(word)))
	if rec.Code != http.StatusOK {
		p.t.Fatalf("a webhook is answered %d", rec.Code)
	}
	eventually(p.t, soon, word, func() bool {
		for _, row := range p.lists(app.DemoAPISecret, "") {
			if strings.Contains(fmt.Sprint(row["last"]), word) {
				session, _ = row["session"].(string)
			}
		}
		return session != ""
	})
	return session
}

// does has a command carried out at the other instance.
func (p *pair) does(session, kind string, n int) {
	p.t.Helper()
	body, _ := json.Marshal(fields{"id": fmt.Sprintf("%s-%08d", kind, n), "agent": fields{"id": 7, "name": "Ana"}})
	r := httptest.NewRequest(http.MethodPost, "/api/v1/conversations/"+session+"/"+kind, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	p.away.Handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		p.t.Errorf("%s is answered %d %s", kind, rec.Code, rec.Body)
	}
}

// request is one to the instance that pages are connected to.
func (p *pair) request(ctx context.Context, token, method, path string, body any) *http.Response {
	p.t.Helper()
	var in io.Reader = http.NoBody
	if body != nil {
		text, _ := json.Marshal(body)
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, p.url+"/api/v1"+path, in)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp
}

// rows are conversations as the API tells them, by session.
type rows map[string]map[string]any

// lists reads all conversations afresh, without what is a list's alone; where it goes on is kept in cursor unless it is nil.
func (p *pair) lists(token, query string) rows {
	p.t.Helper()
	all, _ := p.from(token, query)
	return all
}

func (p *pair) from(token, query string) (all rows, cursor string) {
	p.t.Helper()
	all = rows{}
	for _, view := range []string{"ended", "all"} { // one that begins meanwhile is read twice, not never
		resp := p.request(p.t.Context(), token, http.MethodGet, "/conversations?limit=2000&view="+view+query, nil)
		var list struct {
			Rows   []map[string]any
			Cursor string
		}
		err := json.NewDecoder(resp.Body).Decode(&list)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			p.t.Fatalf("list %s: %d, %v", view, resp.StatusCode, err)
		}
		if cursor == "" {
			cursor = list.Cursor
		}
		for _, row := range list.Rows {
			all[fmt.Sprint(row["session"])] = row
		}
	}
	return all, cursor
}

// plainRows are rows without what is a list's alone.
func (r rows) plain() rows {
	out := rows{}
	for session, row := range r {
		out[session] = map[string]any{}
		for name, value := range row {
			if name != "last" && name != "seen" && name != "draft" {
				out[session][name] = value
			}
		}
	}
	return out
}

// screen is a page with its rows.
type screen struct {
	*pair
	token, watch string

	cut context.CancelFunc
	end chan struct{} // closed when the stream has ended

	mu     sync.Mutex
	rows   rows
	cursor string
	events []string // names, and who is there
}

// opens reads the lists, then connects from there.
func (p *pair) opens(token, watch string) *screen {
	p.t.Helper()
	s := &screen{pair: p, token: token, watch: watch}
	s.rows, s.cursor = p.from(token, "")
	s.rows = s.rows.plain()
	s.connects()
	return s
}

// connects begins the stream from where the page was, over a connection of its own.
func (s *screen) connects() {
	s.t.Helper()
	ctx, cut := context.WithCancel(s.t.Context())
	s.cut, s.end = cut, make(chan struct{})
	s.mu.Lock()
	query := url.Values{"watch": {s.watch}, "cursor": {s.cursor}}
	s.mu.Unlock()
	resp := s.request(ctx, s.token, http.MethodGet, "/stream?"+query.Encode(), nil)
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("the stream is answered %d", resp.StatusCode)
	}
	go func() {
		defer close(s.end)
		defer resp.Body.Close()
		s.reads(resp.Body)
	}()
	s.t.Cleanup(cut)
}

// reads takes events until the stream ends.
func (s *screen) reads(body io.Reader) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	var name, data, id string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "event":
			name = value
		case "data":
			data = value
		case "id":
			id = value
		case "":
			if lines.Text() == "" {
				s.takes(name, data, id)
				name, data, id = "", "", ""
			}
		}
	}
}

func (s *screen) takes(name, data, id string) {
	var d map[string]any
	if data != "" && json.Unmarshal([]byte(data), &d) != nil {
		s.t.Errorf("event %s: unreadable", name)
	}
	session := fmt.Sprint(d["session"])
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != "" {
		s.cursor = id
	}
	if name == "here" {
		s.events = append(s.events, "here "+fmt.Sprint(d["agents"]))
	} else if name != "" {
		s.events = append(s.events, name)
	}
	switch name {
	case "change":
		s.rows[session] = d
	case "gone":
		delete(s.rows, session)
	case "reset":
		s.t.Error("reset")
	}
}

// knows is the page's rows.
func (s *screen) knows() rows {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows.plain()
}

// heard tells whether an event has come.
func (s *screen) heard(event string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if strings.HasPrefix(e, event) {
			return true
		}
	}
	return false
}

// TestAPageThatWasCutKnowsEverythingAgain cuts a page's stream, lets 500 commits happen at another instance, and connects again from where
// the page was: its rows are those of a list that is read afresh.
func TestAPageThatWasCutKnowsEverythingAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	const customers, turns = 10, 25
	var sessions []string
	for n := range customers {
		sessions = append(sessions, p.writes(n, fmt.Sprint("palavra", n)))
	}
	s := p.opens(app.DemoAPISecret, "")
	p.does(sessions[0], "attention", 0)
	took := eventually(t, soon, "the change", func() bool { return s.knows()[sessions[0]]["attention"] == true })
	t.Logf("the page knew after %v", took)
	s.cut()
	<-s.end
	before := s.knows()
	var busy sync.WaitGroup
	for i, session := range sessions {
		busy.Go(func() {
			for turn := range turns {
				p.does(session, []string{"mute", "attention", "unmute", "resolve"}[turn%4], 100*turn)
				if turn == turns/2 && i%5 == 3 {
					p.does(session, "cancel", 1)
					return
				}
			}
		})
	}
	busy.Wait()
	late := p.writes(customers, "quem chegou depois")
	again := p.writes(3, "de volta") // whose conversation had been cancelled
	if again == sessions[3] {
		t.Error("the cancelled conversation goes on")
	}
	if diff := cmp.Diff(before, s.knows()); diff != "" {
		t.Errorf("a page that is cut is told all the same:\n%s", diff)
	}
	p.rest()
	s.connects()
	eventually(t, soon, "the newest conversation", func() bool { return s.knows()[late] != nil })
	var diff string
	eventually(t, soon, "what a fresh list holds", func() bool {
		diff = cmp.Diff(p.lists(app.DemoAPISecret, "").plain(), s.knows())
		return diff == ""
	})
	if cmp.Diff(before, s.knows()) == "" {
		t.Error("nothing has changed")
	}
	s.stops()
}

// rest waits until nothing is due.
func (p *pair) rest() {
	p.t.Helper()
	eventually(p.t, patience, "rest", func() bool {
		stats, err := p.away.Mailboxes.Stats(p.t.Context())
		return err == nil && stats.Due+stats.Running == 0
	})
}

// stops ends the instance that the page is connected to: it does not wait for pages.
func (s *screen) stops() {
	s.t.Helper()
	began := time.Now()
	s.stop()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Error(err)
		}
	case <-time.After(soon):
		s.t.Fatal("the instance does not end")
	}
	<-s.end
	if took := since(began); took > 3*time.Second {
		s.t.Errorf("the end took %v: it waited for the page", took)
	}
}

// agent opens a session of an agent who is in a group.
func (p *pair) agent(id int64, name, group string) (token string) {
	p.t.Helper()
	data, _ := json.Marshal(fields{"n": name, "g": []conversation.Group{{ID: 61, Name: group}}, "at": time.Now()})
	opened, err := store.NewSessions(p.r.Client, p.r.Prefix, store.DefaultSessionTimes()).Open(p.t.Context(), id, data)
	if err != nil {
		p.t.Fatal(err)
	}
	return opened.Token
}

// TestAgentsOfOneQueueHearNothingOfAnother lets agents of two queues be connected, look at a conversation, begin to write, and a customer be
// forgotten.
func TestAgentsOfOneQueueHearNothingOfAnother(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	session := p.writes(1, "bom dia")
	p.rest()
	ana, bia, leo := p.agent(7, "Ana", "Suporte N1"), p.agent(8, "Bia", "Suporte N1"), p.agent(9, "Leo", "Financeiro")
	s, other := p.opens(ana, session), p.opens(leo, session)
	conv := "/conversations/" + session
	ask := func(token, method, what string, body any, status int) string {
		t.Helper()
		resp := p.request(t.Context(), token, method, conv+what, body)
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s %s: %d %s; want %d", method, what, resp.StatusCode, text, status)
		}
		return string(text)
	}
	ask(bia, http.MethodPut, "/here", fields{"doing": "typing"}, http.StatusOK)
	eventually(t, soon, "who is there", func() bool { return s.heard("here [map[id:8 name:Bia typing:true]]") })
	ask(leo, http.MethodPut, "/here", fields{"doing": "typing"}, http.StatusNotFound)
	ask(bia, http.MethodPut, "/draft", fields{"reply": "O boleto da Mariana"}, http.StatusNoContent)
	ask(bia, http.MethodPut, "/seen", fields{"at": time.Now()}, http.StatusNoContent)
	if got := ask(bia, http.MethodGet, "/draft", nil, http.StatusOK); !strings.Contains(got, "boleto") {
		t.Errorf("the draft is %s", got)
	}
	ask(app.DemoAPISecret, http.MethodPut, "/draft", fields{}, http.StatusBadRequest)
	if row := p.lists(bia, "")[session]; row["draft"] != true || row["seen"] == nil {
		t.Errorf("the row of who writes is %v", row)
	}
	p.does(session, "attention", 1)
	eventually(t, soon, "the change", func() bool { return s.knows()[session]["attention"] == true })

	p.forgets(session)
	eventually(t, soon, "the row is gone", func() bool { return s.knows()[session] == nil })
	eventually(t, soon, "nothing of it is left", func() bool {
		for _, key := range p.keys() {
			if strings.Contains(key, "draft:") || strings.Contains(key, "here:") {
				return false
			}
		}
		return true
	})
	other.mu.Lock()
	defer other.mu.Unlock()
	if len(other.events) != 0 || len(other.rows) != 0 {
		t.Errorf("the other queue was told %v and knows %v", other.events, other.rows)
	}
}

// forgets erases the customer of a session.
func (p *pair) forgets(session string) {
	p.t.Helper()
	key, _ := conversation.ThreadOfSession(session)
	raw, err := conversation.Event{
		Kind: conversation.EventErase, ID: "er:1", At: time.Now(), Erase: &conversation.Erase{Request: "1"},
	}.Encode()
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.away.Mailboxes.Append(p.t.Context(), mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: "er:1", Data: raw}}}); err != nil {
		p.t.Fatal(err)
	}
}

// keys are all keys of the installation.
func (p *pair) keys() (keys []string) {
	p.t.Helper()
	it := p.r.Client.Scan(p.t.Context(), 0, p.r.Prefix+"*", 1000).Iterator()
	for it.Next(p.t.Context()) {
		keys = append(keys, it.Val())
	}
	if err := it.Err(); err != nil {
		p.t.Fatal(err)
	}
	return keys
}
