package mailbox_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

const (
	partitions = 3
	// short is the lease of a worker that a test lets lose it.
	short = 30 * time.Millisecond
)

// clock is the injected clock; it stands still but for advance.
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
	*mailbox.Store
	t     testing.TB
	r     *testredis.Redis
	cfg   mailbox.Config
	clock *clock
}

func setup(tb testing.TB, r *testredis.Redis) *house {
	tb.Helper()
	c := &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	ids := &atomic.Int64{}
	h := &house{t: tb, r: r, clock: c, cfg: mailbox.Config{
		Client: r.Client, Prefix: r.Prefix, Partitions: partitions, Lease: time.Minute, Schema: 1, Now: c.now,
		NewID: func() string { return fmt.Sprint("id", ids.Add(1)) },
	}}
	h.Store = h.open(h.cfg)
	return h
}

// each runs f with a fresh installation on every kind of store.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		f(setup(t, r))
	})
}

func (h *house) open(cfg mailbox.Config) *mailbox.Store {
	h.t.Helper()
	s, err := mailbox.Open(h.t.Context(), cfg)
	h.ok(err)
	return s
}

// with is another instance of the same installation.
func (h *house) with(change func(*mailbox.Config)) *mailbox.Store {
	h.t.Helper()
	cfg := h.cfg
	change(&cfg)
	return h.open(cfg)
}

// hasty is another instance whose leases end soon.
func (h *house) hasty() *mailbox.Store {
	h.t.Helper()
	return h.with(func(c *mailbox.Config) { c.Lease = short })
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) fails(err, want error) {
	h.t.Helper()
	if !errors.Is(err, want) {
		h.t.Fatalf("error = %v; want %v", err, want)
	}
}

func (h *house) same(what string, got, want any) {
	h.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// events are events whose data is their id, so that a test can read back what lies where.
func events(ids ...string) []mailbox.Event {
	list := make([]mailbox.Event, len(ids))
	for i, id := range ids {
		list[i] = mailbox.Event{ID: id, Data: []byte("data of " + id + "\nmore")}
	}
	return list
}

func idsOf(list []mailbox.Event) []string {
	ids := []string{}
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}

// put appends events of the given ids to one mailbox.
func (h *house) put(key string, ids ...string) mailbox.Receipt {
	h.t.Helper()
	receipts, err := h.Append(h.t.Context(), mailbox.Delivery{Key: key, Events: events(ids...)})
	h.ok(err)
	return receipts[0]
}

// claim takes everything that is due.
func (h *house) claim(s *mailbox.Store) map[string]*mailbox.Lease {
	h.t.Helper()
	leases, err := s.Claim(h.t.Context(), []int{0, 1, 2}, 1000)
	h.ok(err)
	byKey := map[string]*mailbox.Lease{}
	for _, l := range leases {
		if byKey[l.Key] != nil {
			h.t.Fatalf("%s was claimed twice at once", l.Key)
		}
		byKey[l.Key] = l
	}
	return byKey
}

// take claims and wants exactly one mailbox, key.
func (h *house) take(s *mailbox.Store, key string) *mailbox.Lease {
	h.t.Helper()
	byKey := h.claim(s)
	if len(byKey) != 1 || byKey[key] == nil {
		h.t.Fatalf("claimed %v; want %s alone", byKey, key)
	}
	return byKey[key]
}

// idle wants nothing to be due.
func (h *house) idle() {
	h.t.Helper()
	if byKey := h.claim(h.Store); len(byKey) != 0 {
		h.t.Fatalf("claimed %v; want nothing due", byKey)
	}
}

func (h *house) commit(l *mailbox.Lease, c mailbox.Commit) {
	h.t.Helper()
	h.ok(h.Commit(h.t.Context(), l, c))
}

// finish consumes all and gives the lease back.
func (h *house) finish(l *mailbox.Lease) {
	h.t.Helper()
	h.commit(l, mailbox.Commit{Consume: len(l.Inbox()), Release: true})
}

func (h *house) peek(key string) mailbox.Snapshot {
	h.t.Helper()
	snap, err := h.Peek(h.t.Context(), key)
	h.ok(err)
	return snap
}

func (h *house) repaired(want int) {
	h.t.Helper()
	got, err := h.Repair(h.t.Context())
	h.ok(err)
	if got != want {
		h.t.Fatalf("Repair mended %d; want %d", got, want)
	}
}

// redisKey spells a key of the partition that holds the mailbox, as doc.go lists them.
func (h *house) redisKey(mailboxKey, name string) string {
	return fmt.Sprintf("%s{w%d}:%s", h.r.Prefix, h.Partition(mailboxKey), name)
}

// score reads the place of a mailbox in due, run, tmr, halt or chg.
func (h *house) score(key, set string) (score float64, in bool) {
	h.t.Helper()
	score, err := h.r.Client.ZScore(h.t.Context(), h.redisKey(key, set), key).Result()
	if errors.Is(err, redis.Nil) {
		return 0, false
	}
	h.ok(err)
	return score, true
}

// remove breaks a mailbox: it takes it out of due, run or tmr behind the package's back.
func (h *house) remove(key, set string) {
	h.t.Helper()
	n, err := h.r.Client.ZRem(h.t.Context(), h.redisKey(key, set), key).Result()
	h.ok(err)
	if n != 1 {
		h.t.Fatalf("%s was not in %s", key, set)
	}
}

// dial opens another client of the same store.
func dial(tb testing.TB, r *testredis.Redis, change func(*redis.Options)) redis.UniversalClient {
	tb.Helper()
	var c redis.UniversalClient
	if strings.Contains(r.URL, "addr=") {
		o, err := redis.ParseClusterURL(r.URL)
		if err != nil {
			tb.Fatal(err)
		}
		c = redis.NewClusterClient(o)
	} else {
		o, err := redis.ParseURL(r.URL)
		if err != nil {
			tb.Fatal(err)
		}
		if change != nil {
			change(o)
		}
		c = redis.NewClient(o)
	}
	tb.Cleanup(func() { c.Close() })
	return c
}
