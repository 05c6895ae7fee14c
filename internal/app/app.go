// Package app wires the product: it builds and runs all of Ponte in one process, for the command line, the whole-product
// tests and the benchmarks alike.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/effects"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/bridge/live"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// Parts is what surrounds the product; zero values stand for the real things.
type Parts struct {
	Redis      redis.UniversalClient               // nil: opened from the configuration
	Transport  http.RoundTripper                   // nil: the network. Carries all calls to both peers
	Now        func() time.Time                    // nil: the machine's clock
	NewID      func() string                       // nil: ULIDs
	Logger     *slog.Logger                        // nil: silent
	Go         func(func())                        // nil: a goroutine for each effect and for what is asked beside
	Lease      time.Duration                       // 0: the mailboxes' default
	Partitions int                                 // 0: the mailboxes' default
	Settle     time.Duration                       // 0: the effects' default
	RetryWait  time.Duration                       // 0: the Zendesk client's default
	Token      zendesk.Secret                      // "": OAuth. A bearer token instead, for the sandbox
	Settings   func(number string) settings.Number // nil: what is stored, read again when it changes
	Fallback   *settings.Operation                 // what holds until something is stored; nil: the defaults
	SDK        string                              // "": Zendesk's. The address of the Apps Framework's client instead, for the demo
	Files      fs.FS                               // nil: those that were built. The app's files
	Frames     []string                            // nil: Zendesk's. The origins that may frame the app instead, for the demo
}

// App is one instance of Ponte.
type App struct {
	Config    Config
	Mailboxes *mailbox.Store
	Engine    *bridge.Engine
	Registry  *prometheus.Registry

	parts     Parts
	redis     redis.UniversalClient
	contacts  *store.Aliases
	providers *providers
	account   settings.Account // as it was at the start
	desk      *zendesk.Client
	limits    *store.Budget
	handler   http.Handler
	hub       *live.Hub // tells pages what changes
	// accountNow is the account's settings as they are now, operationNow all settings.
	accountNow   func() settings.Account
	operationNow func() settings.Operation
	cleanup      cleanups
	// whole says that all threads stand in the views for lists.
	whole *atomic.Bool
}

// aliasesCached is how many aliases an instance remembers: a person has two or three.
const aliasesCached = 48_000

// Build wires an instance; nothing runs and nothing listens yet. Close frees what it holds.
func Build(ctx context.Context, c Config, parts Parts) (*App, error) {
	if parts.Now == nil {
		parts.Now = time.Now //nolint:forbidigo // the machine's clock is chosen here
	}
	if parts.NewID == nil {
		parts.NewID = newID
	}
	if parts.Logger == nil {
		parts.Logger = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: c, Registry: prometheus.NewRegistry(), parts: parts, redis: parts.Redis, whole: &atomic.Bool{}}
	a.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if a.redis == nil {
		client, err := store.Open(c.RedisURL)
		if err != nil {
			return nil, fmt.Errorf("PONTE_REDIS_URL: %w", err)
		}
		a.redis = client
		a.cleanup.add("redis", func(context.Context) error { return client.Close() })
	}
	boxes, err := openMailboxes(ctx, c, a.redis, parts)
	if err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	a.Mailboxes = boxes
	a.parts.Settings = a.settings()  //nolint:contextcheck // they are read whenever somebody asks
	if err := a.wire(); err != nil { //nolint:contextcheck // requests bring contexts of their own
		return nil, errors.Join(err, a.Close(ctx))
	}
	return a, nil
}

func openMailboxes(ctx context.Context, c Config, client redis.UniversalClient, parts Parts) (*mailbox.Store, error) {
	return mailbox.Open(ctx, mailbox.Config{
		Client: client, Prefix: c.RedisPrefix, Lease: parts.Lease, Partitions: parts.Partitions, Schema: conversation.Schema, Now: parts.Now, NewID: parts.NewID,
	})
}

// OpenMailboxes opens the mailboxes of an installation alone, for an operator's commands. Without PONTE_REDIS_URL it is the
// running demo's. The caller calls closeIt.
func OpenMailboxes(ctx context.Context, c Config) (boxes *mailbox.Store, closeIt func() error, err error) {
	if c.RedisURL == "" {
		c.RedisURL = "unix://" + demoSocket(c.DataDir)
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		return nil, nil, fmt.Errorf("PONTE_REDIS_URL: %w", err)
	}
	boxes, err = openMailboxes(ctx, c, client, Parts{Now: time.Now, NewID: newID}) //nolint:forbidigo // the machine's clock is chosen here
	if err != nil {
		return nil, nil, errors.Join(err, client.Close())
	}
	return boxes, client.Close, nil
}

// newID is a fresh sortable id.
func newID() string { return ulid.Make().String() }

// wire joins the rooms.
func (a *App) wire() error {
	limits, err := store.NewBudget(a.redis, a.Config.RedisPrefix, limitsOf(a.account), a.parts.Now)
	if err != nil {
		return err
	}
	shared := &budget{b: limits, logger: a.parts.Logger}
	desk, err := zendesk.New(zendesk.Config{
		BaseURL: a.Config.ZendeskURL, ClientID: a.Config.ZendeskClientID, ClientSecret: a.Config.ZendeskClientSecret,
		Tokens:    tokens{store.NewTokenKeeper(a.redis, a.Config.RedisPrefix), a.parts.Now},
		Transport: a.parts.Transport, Now: a.parts.Now, Budget: shared, RetryWait: a.parts.RetryWait, StaticToken: a.parts.Token,
	})
	if err != nil {
		return err
	}
	a.desk, a.limits, a.providers = desk, limits, newProviders(a.Config, a.parts.Transport)
	a.hub = a.newLive()
	a.contacts = store.NewAliases(a.redis, a.Config.RedisPrefix, a.parts.NewID, aliasesCached, a.parts.Now)
	tickets, parking := store.NewTickets(a.redis, a.Config.RedisPrefix), parking{store.NewParked(a.redis, a.Config.RedisPrefix)}
	reports := a.newReports()
	perform := effects.New(effects.Config{
		Zendesk: desk, WhatsApp: a.providers.of, Budget: shared, Tickets: tickets, Parking: parking,
		Pace:     store.NewPace(a.redis, a.Config.RedisPrefix, store.DefaultPace(), a.parts.Now),
		Contacts: contacts{a.contacts}, Mailboxes: erasable{a.Mailboxes, a.notes()}, Views: views{a.Mailboxes},
		Rows: reports, Reports: reports, Macros: macros.NewBook(desk, a.parts.Now), Counter: store.NewCounter(a.redis, a.Config.RedisPrefix),
		Deliver: a.deliver, DeliverAll: a.deliverAll, Due: a.Mailboxes.Due, Repair: a.repair(), Account: a.accountNow, Now: a.parts.Now,
		Logger: a.parts.Logger, Settle: a.parts.Settle,
	})
	a.Engine = bridge.New(bridge.Deps{
		Mailboxes: a.Mailboxes, Perform: perform, Settings: a.parts.Settings, Account: a.accountNow, Now: a.parts.Now, NewID: a.parts.NewID,
		Logger: a.parts.Logger, Metrics: bridge.NewMetrics(a.Registry), Go: a.parts.Go, Committed: a.hub.Nudge,
	}, bridge.Options{Sessions: a.Config.Sessions})
	own := &ownUser{client: desk, logger: a.parts.Logger, start: a.parts.Go}
	receiver := inbound.New(inbound.Config{
		Mailboxes: a.Mailboxes, Contacts: a.contacts, Tickets: tickets,
		Parking: parking, Notify: a.Engine.Notify, OwnUser: own.id, Now: a.parts.Now, Metrics: inbound.NewMetrics(a.Registry),
		WhatsAppSecrets: list(string(a.Config.WhatsAppAppSecret)), VerifyToken: string(a.Config.WhatsAppVerifyToken),
		ZendeskSecrets: list(string(a.Config.ZendeskWebhookSecret)), Dialog360Secrets: list(string(a.Config.Dialog360Secret)),
		Dialog360Number: func(number string) bool { return a.parts.Settings(number).Provider == settings.Provider360Dialog },
	})
	people, err := a.newSignIn()
	if err != nil {
		return err
	}
	a.handler = web.New(web.Config{
		App: a.page(), Webhooks: receiver, Waiting: a.waiting, Gatherer: a.Registry, Registry: a.Registry, Logger: a.parts.Logger,
		API: web.API{
			Secrets: list(string(a.Config.APISecret)), Commands: threads{a}, Threads: threads{a}, Desk: threads{a}, Lists: lists{a: a, whole: a.whole}, Reports: reports, Live: a.hub, Notes: a.notes(), Account: a.accountNow, Settings: a.parts.Settings, Now: a.parts.Now,
			Templates: &templates{a: a, read: map[string]catalogue{}}, Reads: a.reads(),
			Uploads:  &uploads{desk: desk, budget: shared, kept: store.NewUploads(a.redis, a.Config.RedisPrefix), newID: a.parts.NewID, now: a.parts.Now},
			Sessions: people, Entrance: people, Exit: people, Lines: a.lines(a.operationNow), ZendeskURL: a.Config.ZendeskURL,
		},
	})
	a.Registry.MustRegister(newMailboxCollector(a.Mailboxes, a.parts.Now), breakerGauge(desk))
	return nil
}

// settings is the numbers' settings: handed in, or read from Redis again when they change.
func (a *App) settings() func(number string) settings.Number {
	fallback := settings.DefaultOperation()
	if a.parts.Fallback != nil {
		fallback = *a.parts.Fallback
	}
	if a.parts.Settings != nil {
		a.account = settings.DefaultOperation().Account
		if a.parts.Fallback != nil {
			a.account = a.parts.Fallback.Account
		}
		a.accountNow = func() settings.Account {
			if a.parts.Fallback != nil {
				return a.parts.Fallback.Account
			}
			return a.account
		}
		a.operationNow = func() settings.Operation { return fallback }
		return a.parts.Settings
	}
	live := store.NewLive(store.NewSettings(a.redis, a.Config.RedisPrefix, a.parts.Now), a.parts.Now, fallback, a.parts.Logger)
	op, _ := live.Operation()
	a.account = op.Account
	a.accountNow = func() settings.Account {
		op, _ := live.Operation()
		return op.Account
	}
	a.operationNow = func() settings.Operation {
		op, _ := live.Operation()
		return op
	}
	return live.Of
}

// limitsOf is the account's limits by the settings: they hold until the next start.
func limitsOf(a settings.Account) store.BudgetConfig {
	c := store.DefaultBudget()
	c.RequestsPerMinute, c.UpdatesPerMinute, c.HumanShare = a.RequestsPerMinute, a.UpdatesPerMinute, a.HumanShare
	return c
}

// deliver appends an event to a mailbox and wakes its worker.
func (a *App) deliver(ctx context.Context, key string, e conversation.Event) error {
	return a.deliverAll(ctx, []conversation.Tell{{Key: key, Event: e}})
}

// deliverAll appends events to mailboxes in one round trip and wakes their workers.
func (a *App) deliverAll(ctx context.Context, list []conversation.Tell) error {
	deliveries, keys := make([]mailbox.Delivery, len(list)), make([]string, len(list))
	for i, t := range list {
		raw, err := t.Event.Encode()
		if err != nil {
			return err
		}
		deliveries[i] = mailbox.Delivery{Key: t.Key, Events: []mailbox.Event{{ID: t.Event.ID, Data: raw}}}
	}
	got, err := a.Mailboxes.Append(ctx, deliveries...)
	if err != nil {
		return err
	}
	for i, r := range got {
		keys[i] = r.Key
	}
	a.Engine.Notify(keys...)
	return nil
}

// repair checks the mailboxes' invariant and counts what broke it.
func (a *App) repair() func(context.Context) (int, error) {
	violations := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "ponte_mailbox_violations_total", Help: "Mailboxes with something to do that nobody would have woken; must stay 0.",
	})
	a.Registry.MustRegister(violations)
	return func(ctx context.Context) (int, error) {
		n, err := a.Mailboxes.Repair(ctx)
		violations.Add(float64(n))
		return n, err
	}
}

func (a *App) waiting(ctx context.Context) (web.Waiting, error) {
	st, err := a.Mailboxes.Stats(ctx)
	if err != nil {
		return web.Waiting{}, err
	}
	w := web.Waiting{Due: st.Due, Running: st.Running, Halted: st.Halted, Dead: st.Dead, Oldest: st.Oldest, Threads: map[string]web.Queue{}}
	for _, name := range bridge.Waits() {
		count, since, err := a.Mailboxes.View(ctx, name)
		if err != nil {
			return web.Waiting{}, err
		}
		w.Threads[strings.TrimPrefix(name, bridge.WaitPrefix)] = web.Queue{Count: count, Since: since}
	}
	state, since := a.desk.Breaker()
	limits, err := a.limits.Stats(ctx)
	if err != nil {
		return web.Waiting{}, err
	}
	w.Peers = map[string]web.Peer{"zendesk": {Breaker: state, Since: since, Paused: limits.PausedUntil, UpdatesPaused: limits.UpdatesPausedUntil}}
	return w, nil
}

// Handler is the HTTP surface.
func (a *App) Handler() http.Handler { return a.handler }

// CheckRedis refuses a Redis that is known to lose data and warns about one that can't be asked.
func (a *App) CheckRedis(ctx context.Context) error {
	findings, err := store.Check(ctx, a.redis)
	if err != nil {
		return err
	}
	var wrong []error
	for _, f := range findings {
		if f.Fatal {
			wrong = append(wrong, fmt.Errorf("redis: %s: %s", f.What, f.Mend)) //nolint:err113 // a line for people
			continue
		}
		a.parts.Logger.WarnContext(ctx, "redis could not be checked", "what", f.What, "mend", f.Mend)
	}
	return errors.Join(wrong...)
}

// Timeouts of the HTTP server and of a graceful stop.
const (
	headerTimeout = 5 * time.Second
	bodyTimeout   = 30 * time.Second
	stopTimeout   = 20 * time.Second
)

// Serve serves handler on ln and drains mailboxes until ctx ends, then stops gracefully: first no more requests, then the
// workers, in this order.
func (a *App) Serve(ctx context.Context, ln net.Listener, handler http.Handler) error {
	srv := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout,
		ErrorLog: slog.NewLogLogger(a.parts.Logger.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(a.hub.Close) // pages that are told of changes never leave by themselves
	running := context.WithoutCancel(ctx)
	var busy sync.WaitGroup
	if a.Config.Sessions > 0 {
		if err := a.Engine.Start(ctx); err != nil {
			return err
		}
		busy.Go(func() { a.Engine.Run(running) })
		busy.Go(func() { a.rebuildOnce(ctx) })
	}
	failed := make(chan error, 1)
	busy.Go(func() {
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop, cancel := context.WithTimeout(running, stopTimeout)
	defer cancel()
	err = errors.Join(err, shutdown(stop, srv), a.Engine.Stop(stop))
	busy.Wait()
	return err
}

// shutdown ends requests politely, and streams that never end by force.
func shutdown(ctx context.Context, srv *http.Server) error {
	polite, cancel := context.WithTimeout(ctx, stopTimeout/4)
	defer cancel()
	if srv.Shutdown(polite) == nil {
		return nil
	}
	return srv.Close()
}

// Close frees what Build opened. Twice is fine.
func (a *App) Close(ctx context.Context) error { return a.cleanup.run(ctx) }
