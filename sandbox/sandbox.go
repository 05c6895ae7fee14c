package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/sandbox/rig"
)

// The peers' names in faults and counters, and where they are mounted.
const (
	peerZendesk    = "zendesk"
	peerWhatsApp   = "whatsapp"
	prefixZendesk  = "/sandbox/zendesk"
	prefixWhatsApp = "/sandbox/whatsapp"
	prefixPhone    = "/sandbox/phone/api"
	prefixHelpdesk = "/sandbox/helpdesk/api"
	prefixSteering = "/sandbox/control/whatsapp"
	prefixCDN      = "/sandbox/cdn"
)

// Config is what a Sandbox needs. Now is required.
type Config struct {
	Dir       string            // where the data lie; "" keeps them in memory only
	Now       func() time.Time  // the real time
	Logger    *slog.Logger      // nil logs nothing
	Transport http.RoundTripper // for webhooks to Ponte; nil is the default one
	Rand      func() float64    // numbers from 0 to below 1, called by one goroutine at a time; nil is a random source
	BaseURL   string            // http://host:port where Handler is reachable
	WhatsApp  WhatsAppConfig
	Zendesk   ZendeskConfig
}

// WhatsAppConfig is what the simulated WhatsApp and Ponte have agreed on.
type WhatsAppConfig struct {
	AppSecret, VerifyToken, AccessToken string
	CallbackURL                         string // Ponte's webhook
	NumberID                            string // phone_number_id of the first number; "" is the simulator's own
	// Dialog360 has the second number hosted by 360dialog; without a key it is like the first.
	Dialog360 graph.Dialog360
}

// ZendeskConfig is what the simulated Zendesk and Ponte have agreed on.
type ZendeskConfig struct {
	ClientID, ClientSecret    string
	WebhookSecret, WebhookURL string
	Limits                    desk.Limits // the account's rate limits; zero ones are Suite Professional's
	Seed                      string      // what the account begins with: desk.SeedFull, desk.SeedMuted or desk.SeedEmpty
	App                       desk.App    // the app installed at the account, framed by the helpdesk page; the zero one is none
}

// Sandbox is both peers with their pages and controls.
type Sandbox struct {
	cfg     Config
	clock   *rig.Clock
	traffic *rig.Traffic
	handler http.Handler

	mu      sync.Mutex // guards what follows
	control *rig.Store
	keys    *rig.Store // outlives resets: what peers were told to trust stays so
	gen     *generation
	closed  bool
}

// generation is the peers from one reset of all data to the next.
type generation struct {
	ctx      context.Context // ends with the generation, and with it what serves its data, long streams too
	end      context.CancelFunc
	stores   []*rig.Store
	files    *rig.Blobs
	queues   []*rig.Queue
	whatsapp *graph.Server
	zendesk  *desk.Server

	whatsappAPI, phoneAPI, steeringAPI, zendeskAPI, helpdeskAPI, cdn http.Handler
}

// New opens the data below cfg.Dir, or begins with seeded ones, and returns the peers. Nothing happens by itself before
// Pump or Run.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Now == nil {
		return nil, errors.New("sandbox: Now is required")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Float64
	}
	cfg.Rand = oneAtATime(cfg.Rand)
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	clock := rig.NewClock(cfg.Now)
	s := &Sandbox{cfg: cfg, clock: clock, traffic: rig.NewTraffic(clock, cfg.Rand)}
	if err := s.openControl(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	gen, err := s.open()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", errors.Join(err, s.control.Close(), s.keys.Close()))
	}
	s.gen = gen
	s.handler = s.routes()
	return s, nil
}

func oneAtATime(f func() float64) func() float64 {
	var mu sync.Mutex
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return f()
	}
}

// openControl restores the clock's offset, so that data written in a moved time are not in the future after a restart.
func (s *Sandbox) openControl() error {
	keys, err := rig.OpenStore(s.cfg.Dir, "keys")
	if err != nil {
		return err
	}
	store, err := rig.OpenStore(s.cfg.Dir, "control")
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	s.control, s.keys = store, keys
	return store.Each("clock", func(_ string, raw json.RawMessage) error {
		var d time.Duration
		if err := json.Unmarshal(raw, &d); err != nil {
			return fmt.Errorf("clock: %w", err)
		}
		s.clock.SetOffset(d)
		return nil
	})
}

// open loads both peers.
func (s *Sandbox) open() (*generation, error) {
	g := &generation{}
	g.ctx, g.end = context.WithCancel(context.Background())
	if err := errors.Join(s.openWhatsApp(g), s.openZendesk(g)); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.whatsappAPI = http.StripPrefix(prefixWhatsApp, g.whatsapp.API())
	g.phoneAPI = http.StripPrefix(prefixPhone, g.whatsapp.PhoneAPI())
	g.steeringAPI = http.StripPrefix(prefixSteering, g.whatsapp.ControlAPI())
	g.zendeskAPI = http.StripPrefix(prefixZendesk, g.zendesk.API())
	g.helpdeskAPI = http.StripPrefix(prefixHelpdesk, g.zendesk.HelpdeskAPI())
	g.cdn = http.StripPrefix(prefixCDN, g.zendesk.CDN())
	return g, nil
}

// ground opens a peer's store and makes its queue.
func (s *Sandbox) ground(g *generation, name string) (*rig.Store, *rig.Queue, error) {
	store, err := rig.OpenStore(s.cfg.Dir, name)
	if err != nil {
		return nil, nil, err
	}
	queue := rig.NewQueue(s.clock)
	g.stores, g.queues = append(g.stores, store), append(g.queues, queue)
	return store, queue, nil
}

func (s *Sandbox) openWhatsApp(g *generation) error {
	store, queue, err := s.ground(g, peerWhatsApp)
	if err != nil {
		return err
	}
	if g.files, err = rig.OpenBlobs(s.cfg.Dir, "whatsapp-files"); err != nil {
		return err
	}
	cfg := graph.Config{
		Clock: s.clock, Store: store, Blobs: g.files, Queue: queue, Logger: s.cfg.Logger, BaseURL: s.cfg.BaseURL + prefixWhatsApp,
		AppSecret: s.cfg.WhatsApp.AppSecret, VerifyToken: s.cfg.WhatsApp.VerifyToken, AccessToken: s.cfg.WhatsApp.AccessToken,
		CallbackURL: s.cfg.WhatsApp.CallbackURL, Transport: s.cfg.Transport, Rand: s.cfg.Rand,
		Numbers: graph.DefaultNumbers(), Dialog360: s.cfg.WhatsApp.Dialog360,
	}
	if id := s.cfg.WhatsApp.NumberID; id != "" {
		cfg.Numbers[0].ID = id
	}
	g.whatsapp, err = graph.New(cfg)
	return err
}

func (s *Sandbox) openZendesk(g *generation) error {
	store, queue, err := s.ground(g, peerZendesk)
	if err != nil {
		return err
	}
	g.zendesk, err = desk.New(desk.Config{
		Dir: s.filesDir(peerZendesk), Clock: s.clock, Store: store, Queue: queue, Logger: s.cfg.Logger, BaseURL: s.cfg.BaseURL + prefixZendesk,
		ClientID: s.cfg.Zendesk.ClientID, ClientSecret: s.cfg.Zendesk.ClientSecret,
		WebhookSecret: s.cfg.Zendesk.WebhookSecret, WebhookURL: s.cfg.Zendesk.WebhookURL,
		Transport: s.cfg.Transport, Rand: s.cfg.Rand, Limits: s.cfg.Zendesk.Limits, Seed: s.cfg.Zendesk.Seed,
		App: s.cfg.Zendesk.App, Keys: s.keys,
	})
	return err
}

func (g *generation) close() error {
	g.end()
	var errs []error
	if g.zendesk != nil {
		errs = append(errs, g.zendesk.Close())
	}
	for _, store := range g.stores {
		errs = append(errs, store.Close())
	}
	if g.files != nil {
		errs = append(errs, g.files.Close())
	}
	return errors.Join(errs...)
}

func (s *Sandbox) current() *generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gen
}

// Handler returns everything below /sandbox.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// WhatsApp returns the simulated WhatsApp; a reset of the data replaces it.
func (s *Sandbox) WhatsApp() *graph.Server { return s.current().whatsapp }

// Zendesk returns the simulated Zendesk; a reset of the data replaces it.
func (s *Sandbox) Zendesk() *desk.Server { return s.current().zendesk }

// Now returns the sandbox's time, which Ponte's decisions use too.
func (s *Sandbox) Now() time.Time { return s.clock.Now() }

// OnClock has f called whenever the clock was moved. f must not block.
func (s *Sandbox) OnClock(f func()) { s.clock.Subscribe(f) }

// Pump does everything both peers have due, and what follows from it and is due as well, and returns how many things
// that were. It must not be called from a webhook that Pump itself delivers.
func (s *Sandbox) Pump(ctx context.Context) int {
	total := 0
	for {
		n := 0
		for _, q := range s.current().queues {
			n += q.Pump(ctx)
		}
		if n == 0 {
			return total
		}
		total += n
	}
}

// Next returns when a peer will do something by itself, and false when neither will.
func (s *Sandbox) Next() (time.Time, bool) {
	var first time.Time
	found := false
	for _, q := range s.current().queues {
		if at, ok := q.Next(); ok && (!found || at.Before(first)) {
			first, found = at, true
		}
	}
	return first, found
}

// Run lets both peers live until ctx ends or the sandbox is closed.
func (s *Sandbox) Run(ctx context.Context) {
	for ctx.Err() == nil {
		g, ok := s.living()
		if !ok {
			return
		}
		run, stop := context.WithCancel(ctx)
		release := context.AfterFunc(g.ctx, stop) //nolint:contextcheck // the generation ends it, ctx stays its parent
		var queues sync.WaitGroup
		for _, q := range g.queues {
			queues.Go(func() { q.Run(run) })
		}
		queues.Wait()
		release()
		stop()
	}
}

func (s *Sandbox) living() (*generation, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gen, s.gen.ctx.Err() == nil
}

// reset clears counters, faults and noted mails, and with data also everything both peers know but their keys, and
// the clock's offset.
func (s *Sandbox) reset(data bool) error {
	s.traffic.Reset()
	s.WhatsApp().ResetErrors()
	s.Zendesk().ResetCounters()
	if !data {
		return s.Zendesk().ClearMails()
	}
	if err := s.resetData(); err != nil {
		return err
	}
	s.clock.SetOffset(0)
	return nil
}

func (s *Sandbox) resetData() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return rig.ErrClosed
	}
	s.gen.end()
	errs := []error{s.control.Reset()}
	for _, store := range s.gen.stores {
		errs = append(errs, store.Reset())
	}
	errs = append(errs, s.gen.files.Reset())
	errs = append(errs, s.gen.close())
	if err := errors.Join(errs...); err != nil {
		return err
	}
	gen, err := s.open()
	if err != nil {
		return err
	}
	s.gen = gen
	return nil
}

// setOffset moves the clock, also for the next start.
func (s *Sandbox) setOffset(d time.Duration) error {
	if err := s.control.Put("clock", "offset", d); err != nil {
		return err
	}
	s.clock.SetOffset(d)
	return nil
}

// Close ends open streams and closes the data; closing twice is fine.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.gen.close(), s.control.Close(), s.keys.Close())
}
