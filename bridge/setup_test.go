package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/testredis"
)

const (
	thread = "100|c1"
	// long is how long a test waits for something that must happen.
	long = 20 * time.Second
	// short is the lease of a worker that a test lets lose it.
	short = time.Second
)

// clock is the injected clock; it stands still but for set and advance.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// house is one installation in the hands of a test.
type house struct {
	*testing.T
	r        *testredis.Redis
	boxes    *mailbox.Store
	cfg      mailbox.Config
	clock    *clock
	perform  *performer
	registry *prometheus.Registry
	options  bridge.Options
	ids      *atomic.Int64
}

// each runs f with a fresh installation on both kinds of store.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		f(setup(t, testredis.Mini(t)))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		f(setup(t, testredis.Server(t)))
	})
}

func setup(t *testing.T, r *testredis.Redis) *house {
	t.Helper()
	h := &house{
		T: t, r: r, clock: &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, perform: &performer{},
		registry: prometheus.NewRegistry(), ids: &atomic.Int64{},
	}
	h.cfg = mailbox.Config{
		Client: r.Client, Prefix: r.Prefix, Partitions: 4, Lease: time.Hour, Schema: conversation.Schema, Now: h.clock.now, NewID: h.newID,
	}
	h.boxes = h.open(h.cfg)
	return h
}

func (h *house) newID() string { return fmt.Sprint("id", h.ids.Add(1)) }

func (h *house) open(cfg mailbox.Config) *mailbox.Store {
	h.Helper()
	s, err := mailbox.Open(h.Context(), cfg)
	h.ok(err)
	return s
}

// leased is another instance of the installation whose leases are so long.
func (h *house) leased(lease time.Duration) *mailbox.Store {
	h.Helper()
	cfg := h.cfg
	cfg.Lease = lease
	return h.open(cfg)
}

// engine is a worker of the installation with metrics of its own registry.
func (h *house) engine() *bridge.Engine { return h.engineOn(h.boxes, h.perform, h.registry) }

func (h *house) engineOn(boxes *mailbox.Store, p bridge.Performer, r *prometheus.Registry) *bridge.Engine {
	return bridge.New(bridge.Deps{
		Mailboxes: boxes, Perform: p, Settings: func(string) settings.Number { return plain(settings.Default()) }, Now: h.clock.now,
		NewID: h.newID, Logger: slog.New(slog.DiscardHandler), Metrics: bridge.NewMetrics(r),
	}, h.options)
}

// plain leaves the support procedure out of a number's settings.
func plain(n settings.Number) settings.Number {
	n.Organizations.Check = false
	n.Bot = settings.Bot{Kind: settings.BotNone, Tries: 1}
	n.Attendance = settings.AttendanceTicket
	n.Says.Waiting, n.Says.NoneAvailable = "", ""
	n.Silence = settings.Silence{}
	n.Desk = settings.Desk{}
	n.Hours = calendar.Hours{}
	n.Says.Closing, n.Says.Expiring = "", ""
	n.N2, n.Transcript = settings.N2{}, settings.Transcript{AtEnd: settings.TranscriptNone}
	return n
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) same(what string, got, want any) {
	h.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// await waits for a signal that must come.
func (h *house) await(what string, c <-chan struct{}) {
	h.Helper()
	select {
	case <-c:
	case <-time.After(long):
		h.Fatalf("waited in vain for: %s", what)
	}
}

// step drains what is due and wants it to be so many mailboxes.
func (h *house) step(e *bridge.Engine, want int) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), long)
	defer cancel()
	n, err := e.Step(ctx)
	h.ok(err)
	if n != want {
		h.Fatalf("Step drained %d mailboxes; want %d", n, want)
	}
}

// background lets an engine step until stop; done tells that it has returned.
func (h *house) background(ctx context.Context, e *bridge.Engine) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		_, _ = e.Step(ctx)
	}()
	return done
}

// put appends events to a mailbox.
func (h *house) put(key string, events ...conversation.Event) {
	h.Helper()
	list := make([]mailbox.Event, len(events))
	for i, e := range events {
		raw, err := e.Encode()
		h.ok(err)
		list[i] = mailbox.Event{ID: e.ID, Data: raw}
	}
	_, err := h.boxes.Append(h.Context(), mailbox.Delivery{Key: key, Events: list})
	h.ok(err)
}

// says is a text of the customer.
func (h *house) says(id, text string) conversation.Event {
	now := h.clock.now()
	return conversation.Event{
		Kind: conversation.EventMessage, ID: id, At: now, Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321"},
		Message: &conversation.Message{ID: id, Type: "text", Text: text, Sent: now},
	}
}

func (h *house) hint(ticket int64) conversation.Event {
	now := h.clock.now()
	return conversation.Event{Kind: conversation.EventHint, At: now, Hint: &conversation.Hint{Ticket: ticket, Status: "open", UpdatedAt: now}}
}

// seed stores a state as if it had been committed, with its outbox waiting.
func (h *house) seed(key string, state any, wake time.Time) {
	h.Helper()
	raw, err := json.Marshal(state)
	h.ok(err)
	h.seedFields(key, map[string][]byte{"s": raw}, wake)
}

func (h *house) seedFields(key string, fields map[string][]byte, wake time.Time) {
	h.Helper()
	ctx := h.Context()
	_, err := h.boxes.Append(ctx, mailbox.Delivery{Key: key, Events: []mailbox.Event{{Data: []byte("seed")}}})
	h.ok(err)
	leases, err := h.boxes.Claim(ctx, []int{h.boxes.Partition(key)}, 1)
	h.ok(err)
	if len(leases) != 1 || leases[0].Key != key {
		h.Fatalf("claimed %d mailboxes; want %s", len(leases), key)
	}
	h.ok(h.boxes.Commit(ctx, leases[0], mailbox.Commit{Consume: 1, Set: fields, Release: true, Wake: wake}))
}

// openThread is a thread whose ticket 11 exists, with effects waiting.
func openThread(o conversation.Outbox) conversation.Thread {
	t := conversation.NewThread("100", "c1")
	t.Contact.Zendesk, t.Contact.WaID = 7, "5511987654321"
	t.Count, t.NextEffect = 1, 100
	t.Conversation = &conversation.Conversation{
		Session: "wa-100-c1-1", State: conversation.StateActive, First: "wamid.0", Ticket: conversation.Ticket{ID: 11, Status: "open"},
	}
	t.Outbox = o
	return t
}

func commentEffect(id, text string) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: id, Kind: conversation.EffectComment, Comment: &conversation.Comment{
		Author: conversation.AuthorCustomer, Public: true, Lines: []conversation.Line{{MessageID: "wamid." + id, Text: text}},
	}}}
}

func sendEffect(id, text string) conversation.Pending {
	return conversation.Pending{Effect: conversation.Effect{ID: id, Kind: conversation.EffectSend, Send: &conversation.Send{Text: text, Comment: 5}}}
}

func (h *house) peek(key string) mailbox.Snapshot {
	h.Helper()
	s, err := h.boxes.Peek(h.Context(), key)
	h.ok(err)
	return s
}

// stored reads a mailbox's state.
func stored[T any](h *house, key string) T {
	h.Helper()
	var state T
	raw := h.peek(key).Fields["s"]
	if len(raw) == 0 {
		h.Fatalf("%s has no state", key)
	}
	h.ok(conversation.DecodeState(raw, &state))
	return state
}

// journal lists the fields of a mailbox beside its state.
func (h *house) journal(key string) []string {
	h.Helper()
	names := []string{}
	for name := range h.peek(key).Fields {
		if name != "s" {
			names = append(names, name)
		}
	}
	return names
}

func (h *house) stats() mailbox.Stats {
	h.Helper()
	s, err := h.boxes.Stats(h.Context())
	h.ok(err)
	return s
}

// idle wants nobody at work, nothing due, and the invariant to hold.
func (h *house) idle() {
	h.Helper()
	if s := h.stats(); s.Due != 0 || s.Running != 0 {
		h.Fatalf("due %d, running %d; want none", s.Due, s.Running)
	}
	n, err := h.boxes.Repair(h.Context())
	h.ok(err)
	if n != 0 {
		h.Fatalf("%d mailboxes would never have been woken", n)
	}
}

func (h *house) dead() []mailbox.DeadLetter {
	h.Helper()
	letters, err := h.boxes.Dead(h.Context(), 100)
	h.ok(err)
	return letters
}

// redisKey spells a key of the partition that holds a mailbox.
func (h *house) redisKey(key, name string) string {
	return fmt.Sprintf("%s{w%d}:%s", h.r.Prefix, h.boxes.Partition(key), name)
}

// score reads a mailbox's place in due, run or tmr.
func (h *house) score(key, set string) (score float64, in bool) {
	h.Helper()
	score, err := h.r.Client.ZScore(h.Context(), h.redisKey(key, set), key).Result()
	if errors.Is(err, redis.Nil) {
		return 0, false
	}
	h.ok(err)
	return score, true
}

// metric sums the counters, or counts the observations, of a family whose labels hold the given pairs.
func (h *house) metric(name string, labels ...string) float64 {
	h.Helper()
	families, err := h.registry.Gather()
	h.ok(err)
	sum := 0.0
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			have := map[string]string{}
			for _, l := range m.GetLabel() {
				have[l.GetName()] = l.GetValue()
			}
			fits := true
			for i := 0; i+1 < len(labels); i += 2 {
				fits = fits && have[labels[i]] == labels[i+1]
			}
			if fits {
				sum += m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return sum
}
