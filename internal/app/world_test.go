package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
	"github.com/ponte-desk/ponte/sandbox"
)

// world is the whole product with its peers on a clock that is turned by hand: nothing happens by itself.
type world struct {
	t     *testing.T
	r     *testredis.Redis
	peers *sandbox.Sandbox
	p     *points
	cfg   app.Config

	mu     sync.Mutex
	now    time.Time
	live   *app.App  // the instance that takes webhooks
	inst   *instance // its faults
	pumped bool      // the peers are being pumped right now
	held   func()    // a request that lands late
	lands  time.Time // when it does at the latest

	clients []*redis.Client
	ids     atomic.Int64
}

// base is the address that the peers believe to be at; nothing listens there.
const base = "http://ponte.invalid"

// How long a request may be under way while nothing else happens: a write to Zendesk longer than the wait before it is looked
// for, a message shorter than the wait for its status.
const (
	lateWrite   = 30 * time.Second
	lateMessage = 10 * time.Second
)

const (
	simLease  = 10 * time.Second
	simSettle = 15 * time.Second
)

// newWorld starts an instance beside fresh peers.
func newWorld(t *testing.T, p *points) *world {
	t.Helper()
	w := &world{t: t, r: testredis.Mini(t), p: p, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	if !p.began.IsZero() {
		w.now = p.began
	}
	w.r.Mini.SetTime(w.now)
	p.raw = w.r.Client
	cfg := sandbox.Config{Now: w.clock, BaseURL: base, Transport: w, Rand: func() float64 { return 0.5 }}
	cfg.WhatsApp = sandbox.WhatsAppConfig{
		AppSecret: app.DemoAppSecret, VerifyToken: app.DemoVerifyToken, AccessToken: app.DemoAccessToken,
		CallbackURL: base + "/webhooks/whatsapp", NumberID: app.DemoNumber,
	}
	cfg.Zendesk = sandbox.ZendeskConfig{
		ClientID: app.DemoClientID, ClientSecret: app.DemoClientSecret, WebhookSecret: app.DemoWebhookSecret,
		WebhookURL: base + "/webhooks/zendesk", Seed: p.seed,
	}
	var err error
	if w.peers, err = sandbox.New(cfg); err != nil {
		w.fatalf("sandbox: %v", err)
	}
	w.cfg = app.DemoDefaults(app.Config{
		PublicURL: base, RedisPrefix: "sim:", WhatsAppAPIURL: base + "/sandbox/whatsapp", WhatsAppAPIVersion: "v26.0", Sessions: 1,
	})
	w.p.onStall, w.p.onLate, w.p.looked = w.takeOver, w.hold, w.land
	w.start()
	return w
}

// plain leaves the support procedure out of a number's settings: what customers write becomes comments, what agents write becomes
// messages, and nothing else happens.
func plain(n settings.Number) settings.Number {
	n.Organizations.Check = false
	n.Bot = settings.Bot{Kind: settings.BotNone, Tries: 1}
	n.Attendance = settings.AttendanceTicket
	n.Desk = settings.Desk{}
	n.Hours = calendar.Hours{}
	n.Says.Closing, n.Says.Expiring, n.Says.Waiting, n.Says.NoneAvailable = "", "", "", ""
	n.Silence = settings.Silence{}
	n.N2, n.Transcript = settings.N2{}, settings.Transcript{AtEnd: settings.TranscriptNone}
	return n
}

// number is the settings of the world's number: plain ones, unless its story wants others.
func (w *world) number() settings.Number {
	if w.p.number != nil {
		return w.p.number()
	}
	return plain(settings.Default())
}

// broken is how a world ends that can't go on; stories are told on goroutines that may not end the test themselves.
type broken string

func (w *world) fatalf(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }

// close frees what the world holds.
func (w *world) close() {
	for _, c := range w.clients {
		_ = c.Close()
	}
	_ = w.peers.Close()
	w.r.Mini.Close()
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	w.now = w.now.Add(d)
	now := w.now
	w.mu.Unlock()
	w.r.Mini.SetTime(now)
	w.r.Mini.FastForward(0)
}

// start builds a new instance, which takes the webhooks from now on. It retries while the fault strikes at its start.
func (w *world) start() {
	w.t.Helper()
	for {
		i := &instance{}
		opt, err := redis.ParseURL(w.r.URL)
		if err != nil {
			w.fatalf("%v", err)
		}
		opt.MaxRetries = -1
		client := redis.NewClient(opt)
		w.clients = append(w.clients, client)
		client.AddHook(redisHook{w.p, i})
		a, err := app.Build(context.Background(), w.cfg, app.Parts{
			Redis: client, Transport: peerTransport{w.p, i, w.peers.RoundTripper()}, Now: w.peers.Now, Logger: slog.New(slog.DiscardHandler),
			Go: func(f func()) { f() }, Lease: simLease, Partitions: 2, Settle: simSettle, RetryWait: time.Microsecond, Token: "demo",
			NewID:    func() string { return fmt.Sprintf("id%d", w.ids.Add(1)) },
			Settings: func(string) settings.Number { return w.p.without.settings(w.number()) }, Fallback: w.p.account,
		})
		if err == nil {
			err = a.Engine.Start(context.Background())
		}
		if errors.Is(err, errCrashed) || errors.Is(err, errLost) {
			continue
		}
		if err != nil {
			w.fatalf("%v", err)
		}
		w.live, w.inst = a, i
		return
	}
}

// RoundTrip delivers a webhook of the peers to the live instance.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	a, i := w.live, w.inst
	rec := httptest.NewRecorder()
	err := w.p.call(i, "webhook "+r.URL.Path, func() error {
		a.Handler().ServeHTTP(rec, r)
		return nil
	})
	if crashed, _ := i.state(); err != nil || crashed {
		if w.p.without.answer200 {
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
		}
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: errLost}
	}
	resp := rec.Result()
	if w.p.without.answer200 {
		resp.StatusCode = http.StatusOK
	}
	return resp, nil
}

// takeOver lets another instance take over while the live one stands still: it waits the lease out and finishes everything.
func (w *world) takeOver() {
	w.advance(simLease + time.Second)
	w.start()
	w.run(2 * time.Minute)
}

// round lets everything that is due happen once; it tells whether anything did.
func (w *world) round() bool {
	w.t.Helper()
	did := 0
	if !w.pumped {
		w.pumped = true
		did += w.peers.Pump(context.Background())
		w.pumped = false
	}
	if crashed, _ := w.inst.state(); crashed {
		w.start()
	}
	n, err := w.live.Engine.Step(context.Background())
	if crashed, _ := w.inst.state(); crashed {
		w.start()
		return true
	}
	if err != nil && !errors.Is(err, errLost) {
		w.fatalf("step: %v", err)
	}
	return did+n > 0
}

// hold keeps a request under way.
func (w *world) hold(path string, land func()) {
	most := lateWrite
	if strings.HasSuffix(path, "/messages") {
		most = lateMessage
	}
	w.held, w.lands = land, w.clock().Add(most)
}

// land lets a request that is under way reach its peer at last: after somebody looked for it, or when nothing else happens.
func (w *world) land() {
	if land := w.held; land != nil {
		w.held = nil
		land()
	}
}

// run lets the world live for d.
func (w *world) run(d time.Duration) {
	w.t.Helper()
	end := w.clock().Add(d)
	for rounds := 0; ; rounds++ {
		if rounds > 20_000 {
			w.fatalf("the world does not come to rest (struck at %q)", w.p.struck)
		}
		if w.round() {
			continue
		}
		next := w.next(end)
		if w.held != nil && next.After(w.lands) {
			w.advance(max(w.lands.Sub(w.clock()), 0))
			w.land()
			continue
		}
		w.advance(max(next.Sub(w.clock()), time.Millisecond))
		if !w.clock().Before(end) {
			return
		}
	}
}

// next is when something will happen, at the latest end.
func (w *world) next(end time.Time) time.Time {
	next := end
	earlier := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if t, ok := w.peers.Next(); ok && !w.pumped {
		earlier(t)
	}
	for p := range 2 {
		for name, unit := range map[string]time.Duration{"due": time.Millisecond, "tmr": time.Millisecond, "run": time.Microsecond} {
			set, err := w.r.Mini.SortedSet(fmt.Sprintf("%s{w%d}:%s", w.cfg.RedisPrefix, p, name))
			if err != nil {
				continue
			}
			for _, score := range set {
				earlier(time.Unix(0, 0).Add(time.Duration(int64(score)) * unit))
			}
		}
	}
	return next
}
