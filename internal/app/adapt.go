package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

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
}

// Reserve hands out the time at which a call may go.
func (b budget) Reserve(ctx context.Context, id string, lane zendesk.Lane, c zendesk.Cost) (time.Time, error) {
	return b.b.Reserve(ctx, id, int(lane), store.Cost{
		Requests: c.Requests, Update: c.Update, UserWrite: c.UserWrite, Incremental: c.Incremental,
	})
}

// Observe corrects the budget when an answer says that little is left of the account's limit, or nothing.
func (b budget) Observe(ctx context.Context, l zendesk.Limits) {
	known := l.Account.Known
	exhausted := l.Status == http.StatusTooManyRequests && (!known || l.Account.Remaining == 0)
	if !exhausted && (!known || l.Account.Remaining*2 > l.Account.Total) {
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

// Park keeps one status.
func (p parking) Park(ctx context.Context, messageID string, status []byte) error {
	return p.Parked.Park(ctx, messageID, status, parkedFor)
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
}

func newMailboxCollector(boxes *mailbox.Store, now func() time.Time) *mailboxCollector {
	return &mailboxCollector{
		boxes: boxes, now: now,
		depth: prometheus.NewDesc("ponte_mailboxes", "Mailboxes by state; dead counts dead letters.", []string{"state"}, nil),
		age:   prometheus.NewDesc("ponte_mailbox_oldest_seconds", "How long the longest waiting mailbox has been due.", nil, nil),
	}
}

// Describe names the metrics.
func (c *mailboxCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.depth
	ch <- c.age
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
	age := 0.0
	if !st.Oldest.IsZero() {
		age = c.now().Sub(st.Oldest).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, age)
}
