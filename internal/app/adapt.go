package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/inbound"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/zendesk"
)

// tokens keeps the Zendesk token in Redis.
type tokens struct {
	keeper *store.TokenKeeper
	now    func() time.Time
}

// Load reads the stored token.
func (t tokens) Load(ctx context.Context) (zendesk.Token, bool, error) {
	raw, ok, err := t.keeper.LoadToken(ctx)
	if err != nil || !ok {
		return zendesk.Token{}, false, err
	}
	var tok zendesk.Token
	if err := json.Unmarshal(raw, &tok); err != nil {
		return zendesk.Token{}, false, nil //nolint:nilerr // an unreadable token is none: a new one is fetched
	}
	return tok, true, nil
}

// Save stores a token for as long as it lives.
func (t tokens) Save(ctx context.Context, tok zendesk.Token) error {
	raw, err := json.Marshal(tok)
	if err != nil {
		return fmt.Errorf("store token: %w", err)
	}
	return t.keeper.SaveToken(ctx, raw, max(tok.Expires.Sub(t.now()), time.Second))
}

// Lock takes the right to refresh.
func (t tokens) Lock(ctx context.Context, ttl time.Duration) (func(context.Context) error, bool, error) {
	return t.keeper.LockRefresh(ctx, ttl)
}

// budget shares Zendesk's limits over Redis.
type budget struct {
	b      *store.Budget
	logger *slog.Logger
	limit  atomic.Int64 // the account's, as last heard
}

// Reserve hands out the time at which a call may go.
func (b *budget) Reserve(ctx context.Context, id string, lane zendesk.Lane, c zendesk.Cost) (time.Time, error) {
	return b.b.Reserve(ctx, id, int(lane), store.Cost{
		Requests: c.Requests, Update: c.Update, UserWrite: c.UserWrite, Incremental: c.Incremental,
	})
}

// Observe corrects the budget when an answer tells another limit than the last one, that little is left of it, or nothing.
func (b *budget) Observe(ctx context.Context, l zendesk.Limits) {
	known := l.Account.Known
	exhausted := l.Status == http.StatusTooManyRequests && (!known || l.Account.Remaining == 0)
	changed := known && b.limit.Swap(int64(l.Account.Total)) != int64(l.Account.Total)
	if !exhausted && !changed && (!known || l.Account.Remaining*2 > l.Account.Total) {
		return
	}
	limit, remaining, reset := l.Account.Total, l.Account.Remaining, l.Account.Reset
	if exhausted {
		remaining, reset = 0, l.RetryAfter
	}
	if err := b.b.Observe(ctx, limit, remaining, reset); err != nil {
		b.logger.WarnContext(ctx, "rate budget not corrected", "error", err)
	}
}

// parking keeps statuses of messages not known yet.
type parking struct{ *store.Parked }

// parkedFor is how long a status waits for its message.
const parkedFor = 10 * time.Minute

// ParkAll keeps the statuses of a webhook.
func (p parking) ParkAll(ctx context.Context, list []inbound.ParkedStatus) error {
	all := make([]store.ParkedStatus, len(list))
	for i, s := range list {
		all[i] = store.ParkedStatus{MessageID: s.MessageID, Raw: s.Raw}
	}
	return p.Parked.ParkAll(ctx, all, parkedFor)
}

// contacts is the contacts as effects see them.
type contacts struct{ *store.Aliases }

// Forget removes what names a contact.
func (c contacts) Forget(ctx context.Context, contact string) error {
	_, err := c.Aliases.Forget(ctx, contact)
	return err
}

// ownUser learns which Zendesk user Ponte writes as, once it is asked for.
type ownUser struct {
	client *zendesk.Client
	logger *slog.Logger
	start  func(func()) // nil: a goroutine
	known  atomic.Int64
	asking atomic.Bool
}

// askTimeout bounds the question.
const askTimeout = 10 * time.Second

// id is the user's id, 0 while it is not known; then it is asked for meanwhile.
func (o *ownUser) id() int64 {
	if id := o.known.Load(); id != 0 || !o.asking.CompareAndSwap(false, true) {
		return id
	}
	if o.start == nil {
		go o.ask()
		return 0
	}
	o.start(o.ask)
	return 0
}

func (o *ownUser) ask() {
	defer o.asking.Store(false)
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	me, err := o.client.Me(ctx)
	if err != nil {
		o.logger.WarnContext(ctx, "own zendesk user not known yet", "error", err)
		return
	}
	o.known.Store(me.ID)
}

// mailboxCollector shows what the mailboxes hold when metrics are read.
type mailboxCollector struct {
	boxes *mailbox.Store
	now   func() time.Time
	depth *prometheus.Desc
	age   *prometheus.Desc
	count *prometheus.Desc
	since *prometheus.Desc
}

func newMailboxCollector(boxes *mailbox.Store, now func() time.Time) *mailboxCollector {
	return &mailboxCollector{
		boxes: boxes, now: now,
		depth: prometheus.NewDesc("ponte_mailboxes", "Mailboxes by state; dead counts dead letters.", []string{"state"}, nil),
		age:   prometheus.NewDesc("ponte_mailbox_oldest_seconds", "How long the longest waiting mailbox has been due.", nil, nil),
		count: prometheus.NewDesc("ponte_waiting_threads", "Threads in which something waits, by what it waits for.", []string{"for"}, nil),
		since: prometheus.NewDesc("ponte_waiting_oldest_seconds", "How long the first of them has waited, by what it waits for.", []string{"for"}, nil),
	}
}

// Describe names the metrics.
func (c *mailboxCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.depth
	ch <- c.age
	ch <- c.count
	ch <- c.since
}

// collectTimeout bounds the look at Redis.
const collectTimeout = 2 * time.Second

// Collect reads the mailboxes; when Redis can't be reached it shows nothing.
func (c *mailboxCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	st, err := c.boxes.Stats(ctx)
	if err != nil {
		return
	}
	for state, n := range map[string]int{"due": st.Due, "running": st.Running, "halted": st.Halted, "dead": st.Dead} {
		ch <- prometheus.MustNewConstMetric(c.depth, prometheus.GaugeValue, float64(n), state)
	}
	ch <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, c.seconds(st.Oldest))
	for _, name := range bridge.Waits() {
		n, since, err := c.boxes.View(ctx, name)
		if err != nil {
			return
		}
		what := strings.TrimPrefix(name, bridge.WaitPrefix)
		ch <- prometheus.MustNewConstMetric(c.count, prometheus.GaugeValue, float64(n), what)
		ch <- prometheus.MustNewConstMetric(c.since, prometheus.GaugeValue, c.seconds(since), what)
	}
}

// seconds is how long ago a time was; 0 for none.
func (c *mailboxCollector) seconds(since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return c.now().Sub(since).Seconds()
}

// breakerGauge shows whether calls of Zendesk fail at once, because too many failed in a row.
func breakerGauge(desk *zendesk.Client) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ponte_zendesk_breaker_open", Help: "1 while calls of Zendesk fail at once, because too many failed in a row.",
	}, func() float64 {
		if state, _ := desk.Breaker(); state == zendesk.BreakerClosed {
			return 0
		}
		return 1
	})
}
