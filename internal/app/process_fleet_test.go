package app_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// fleet is the instances of one installation with their Redis and, in this process, the peers.
type fleet struct {
	t      *testing.T
	binary string
	r      *testredis.Redis
	peers  *sandbox.Sandbox
	boxes  *mailbox.Store // an operator's look at the mailboxes
	web    *http.Transport

	mu   sync.Mutex
	all  []*process
	up   []*process // those that webhooks are delivered to, next first
	only *process   // if set, webhooks of the peers go there
}

// plainOperation is an installation without the support procedure.
func plainOperation() settings.Operation {
	op := settings.DefaultOperation()
	op.Default = plain(op.Default)
	return op
}

// newFleet starts Redis and the peers, but no instance.
func newFleet(t *testing.T, binary string) *fleet {
	t.Helper()
	f := &fleet{t: t, binary: binary, r: testredis.Server(t, testredis.Dedicated()), web: &http.Transport{MaxIdleConnsPerHost: 32}}
	t.Cleanup(f.web.CloseIdleConnections)
	cfg := sandbox.Config{Now: time.Now, BaseURL: base, Transport: f}
	cfg.WhatsApp = sandbox.WhatsAppConfig{
		AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken,
		CallbackURL: base + "/webhooks/whatsapp", NumberID: app.DemoNumber,
	}
	cfg.Zendesk = sandbox.ZendeskConfig{
		ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret,
		WebhookURL: base + "/webhooks/zendesk",
		// The agents here are faster than an account allows. Ponte still takes it for one with the usual limits.
		Limits: desk.Limits{RequestsPerMinute: -1, TicketUpdatesPerMinute: -1, UpdatesPerTicket: -1},
	}
	var err error
	if f.peers, err = sandbox.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.peers.Close() })
	if _, err := store.NewSettings(f.r.Client, f.r.Prefix, time.Now).Save(t.Context(), plainOperation(), "test", 0); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.peers.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	boxes, closeIt, err := app.OpenMailboxes(t.Context(), app.Config{RedisURL: f.r.URL, RedisPrefix: f.r.Prefix})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIt() })
	f.boxes = boxes
	return f
}

// start runs one more instance; env adds to what an operator would set.
func (f *fleet) start(env ...string) *process {
	f.t.Helper()
	f.mu.Lock()
	name := string(rune('A' + len(f.all)))
	f.mu.Unlock()
	d := newDoor(f.t, f.peers.Handler())
	p := launch(f.t, "instance "+name, f.binary, append([]string{
		"PONTE_HTTP_ADDR=127.0.0.1:0", "PONTE_REDIS_URL=" + f.r.URL, "PONTE_REDIS_PREFIX=" + f.r.Prefix,
		"PONTE_WHATSAPP_API_URL=" + d.url + "/sandbox/whatsapp", "PONTE_WHATSAPP_APP_SECRET=" + app.DemoAppSecret,
		"PONTE_WHATSAPP_VERIFY_TOKEN=" + app.DemoVerifyToken, "PONTE_WHATSAPP_ACCESS_TOKEN=" + app.DemoAccessToken,
		"PONTE_ZENDESK_URL=" + d.url + "/sandbox/zendesk", "PONTE_ZENDESK_CLIENT_ID=" + app.DemoClientID,
		"PONTE_ZENDESK_CLIENT_SECRET=" + app.DemoClientSecret, "PONTE_ZENDESK_WEBHOOK_SECRET=" + app.DemoWebhookSecret,
	}, env...))
	p.door = d
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all, f.up = append(f.all, p), append(f.up, p)
	return p
}

// down takes an instance out of those that webhooks are delivered to.
func (f *fleet) down(p *process) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.up = slices.DeleteFunc(f.up, func(u *process) bool { return u == p })
	if f.only == p {
		f.only = nil
	}
}

// prefer has the peers' webhooks go to one instance as long as it takes them.
func (f *fleet) prefer(p *process) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.only = p
}

// turn lists the instances in the order in which a webhook should try them.
func (f *fleet) turn(preferred bool) []*process {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := slices.Clone(f.up)
	if len(f.up) > 1 {
		f.up = append(f.up[1:], f.up[0])
	}
	if preferred && f.only != nil {
		slices.SortStableFunc(list, func(a, b *process) int { return cmp.Compare(rank(a == f.only), rank(b == f.only)) })
	}
	return list
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

var errNobody = errors.New("no instance is up")

// RoundTrip is the reverse proxy before the instances: it carries a webhook of the peers to the next one that answers.
func (f *fleet) RoundTrip(r *http.Request) (*http.Response, error) {
	failed := errNobody
	for _, p := range f.turn(true) {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		again := r.Clone(r.Context())
		again.Body, again.URL.Host, again.Host = body, strings.TrimPrefix(p.url, "http://"), ""
		resp, err := f.web.RoundTrip(again)
		if err == nil {
			return resp, nil
		}
		failed = err
	}
	return nil, failed
}

// end stops what is still up as an operator would, and looks whether anything is left that should not be.
func (f *fleet) end() {
	f.t.Helper()
	for _, p := range f.turn(false) {
		f.down(p)
		if code, took := p.stop(); code != 0 || took > 20*time.Second {
			f.t.Errorf("%s ended with %d after %s", p.name, code, took)
		}
	}
	for _, p := range f.all {
		for _, line := range p.out.log() {
			if line.Level == "ERROR" {
				f.t.Errorf("%s says: %s", p.name, line.Msg)
			}
		}
	}
	ctx := context.WithoutCancel(f.t.Context())
	st, err := f.boxes.Stats(ctx)
	if err != nil || st.Dead > 0 || st.Halted > 0 || st.Running > 0 {
		f.t.Errorf("%d dead letters, %d mailboxes halted, %d leases left (%v)", st.Dead, st.Halted, st.Running, err)
	}
	if n, err := f.boxes.Repair(ctx); n != 0 || err != nil {
		f.t.Errorf("%d mailboxes that nobody would have woken (%v)", n, err)
	}
}

// lease is one claimed mailbox as Redis keeps it.
type lease struct {
	token string
	ends  float64
}

// leases lists the claimed mailboxes, without the installation's own jobs.
func (f *fleet) leases() map[string]lease {
	f.t.Helper()
	list := map[string]lease{}
	for key, ends := range f.scores("run") {
		token, err := f.r.Client.HGet(f.t.Context(), f.key(key, "c:"+key), "_l").Result()
		if errors.Is(err, redis.Nil) {
			continue // given back meanwhile
		}
		if err != nil {
			f.t.Fatal(err)
		}
		list[key] = lease{token, ends}
	}
	return list
}

// scores reads one of the sorted sets of all partitions.
func (f *fleet) scores(set string) map[string]float64 {
	f.t.Helper()
	pipe := f.r.Client.Pipeline()
	rows := make([]*redis.ZSliceCmd, f.boxes.Partitions())
	for p := range rows {
		rows[p] = pipe.ZRangeWithScores(f.t.Context(), f.r.Prefix+"{w"+strconv.Itoa(p)+"}:"+set, 0, -1)
	}
	if _, err := pipe.Exec(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	list := map[string]float64{}
	for _, row := range rows {
		for _, z := range row.Val() {
			if key := fmt.Sprint(z.Member); !strings.HasPrefix(key, conversation.SystemPrefix) {
				list[key] = z.Score
			}
		}
	}
	return list
}

// key names a Redis key in a mailbox's partition.
func (f *fleet) key(box, name string) string {
	return f.r.Prefix + "{w" + strconv.Itoa(f.boxes.Partition(box)) + "}:" + name
}

// quiet tells whether no mailbox is being worked on or waits for its time.
func (f *fleet) quiet() bool { return len(f.scores("due"))+len(f.scores("run")) == 0 }

// control calls the sandbox's control and reads the answer into out.
func (f *fleet) control(method, path, body string, out any) {
	f.t.Helper()
	rec := httptest.NewRecorder()
	f.peers.Handler().ServeHTTP(rec, httptest.NewRequest(method, "/sandbox"+path, strings.NewReader(body)))
	if rec.Code != http.StatusOK {
		f.t.Fatalf("%s %s answered %d: %s", method, path, rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), out); err != nil {
		f.t.Fatal(err)
	}
}

// door is one instance's way to the peers. A hook may hold requests and answers up.
type door struct {
	url   string
	peers http.Handler

	mu      sync.Mutex
	ask     func(c *call) // before the peer hears of a request
	answer  func(c *call) // after it did, before the instance hears of it
	calls   []*call
	waiting int // calls whose answer is still held
}

// call is one request of an instance.
type call struct {
	method, path string
	at           time.Time
	status       int    // 0 until the peer has answered
	answered     bool   // the instance is about to hear of it, or gone
	box, effect  string // the mailbox and the effect it is about, where it tells
	ctx          context.Context
}

func (c *call) send() bool {
	return c.method == http.MethodPost && strings.HasSuffix(c.path, "/messages")
}

// write tells whether the call changes a ticket.
func (c *call) write() bool {
	return c.method != http.MethodGet && strings.HasPrefix(c.path, "/sandbox/zendesk/api/v2/tickets")
}

func newDoor(t *testing.T, peers http.Handler) *door {
	t.Helper()
	d := &door{peers: peers}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.url = "http://" + ln.Addr().String()
	srv := &http.Server{Handler: d, ReadHeaderTimeout: soon}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(ln)
	}()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return d
}

// hook sets what holds calls up; nil holds nothing up.
func (d *door) hook(ask, answer func(c *call)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ask, d.answer = ask, answer
}

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the instance is gone
	}
	c := &call{method: r.Method, path: r.URL.Path, at: time.Now(), ctx: r.Context()}
	c.box, c.effect = effectOf(body)
	d.mu.Lock()
	d.calls = append(d.calls, c)
	d.waiting++
	ask := d.ask
	d.mu.Unlock()
	if ask != nil {
		ask(c)
	}
	rec := httptest.NewRecorder()
	in := r.WithContext(context.WithoutCancel(r.Context())) // what has left the instance lands
	in.Body = io.NopCloser(bytes.NewReader(body))
	d.peers.ServeHTTP(rec, in)
	d.mu.Lock()
	c.status = rec.Code
	answer := d.answer
	d.mu.Unlock()
	if answer != nil {
		answer(c)
	}
	d.mu.Lock()
	c.answered = true
	d.waiting--
	d.mu.Unlock()
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes())
}

// seen lists the calls so far of which ok is true.
func (d *door) seen(ok func(c *call) bool) []call {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []call
	for _, c := range d.calls {
		if ok(c) {
			list = append(list, *c)
		}
	}
	return list
}

// under is how many calls have not been answered.
func (d *door) under() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting
}

// How effects are named in what leaves Ponte.
var (
	callbackData = regexp.MustCompile(`"biz_opaque_callback_data":"([^"]+)"`)
	effectMark   = regexp.MustCompile(`"ponte_effect":"([^"#]+)#([^"]+)"`)
)

// effectOf is the mailbox and the effect that a request is about, "" when it does not tell.
func effectOf(body []byte) (box, effect string) {
	if m := callbackData.FindSubmatch(body); m != nil {
		box, effect, _ = conversation.ParseCallbackData(string(m[1]))
		return box, effect
	}
	if m := effectMark.FindSubmatch(body); m != nil {
		box, _ = conversation.ThreadOfSession(string(m[1]))
		return box, string(m[2])
	}
	return "", ""
}
