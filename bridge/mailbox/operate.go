package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// DeadLetter is work that failed for good, kept until somebody retries or drops it.
type DeadLetter struct {
	ID     string    `json:"id"` // unique
	Key    string    `json:"key"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Event  []byte    `json:"event"` // what a retry appends to the mailbox
}

// ErrNoDeadLetter says that no dead letter has the id asked for.
var ErrNoDeadLetter = errors.New("mailbox: no such dead letter")

func (d DeadLetter) encode(key string, now time.Time) ([]byte, error) {
	d.Key, d.At = key, now
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("mailbox: dead letter: %w", err)
	}
	return raw, nil
}

// Dead lists the dead letters of all partitions, oldest first in each, at most limit of them.
func (s *Store) Dead(ctx context.Context, limit int) ([]DeadLetter, error) {
	var letters []DeadLetter
	for p := 0; p < s.cfg.Partitions && len(letters) < limit; p++ {
		ids, err := s.client.ZRange(ctx, s.keys.dead(p), 0, int64(limit-len(letters)-1)).Result()
		if err != nil {
			return nil, fmt.Errorf("mailbox: dead letters: %w", err)
		}
		for _, id := range ids {
			d, err := s.deadLetter(ctx, p, id)
			if errors.Is(err, ErrNoDeadLetter) {
				continue // gone since the list was read
			}
			if err != nil {
				return nil, err
			}
			letters = append(letters, d)
		}
	}
	return letters, nil
}

// DeadLetter reads one dead letter, or returns ErrNoDeadLetter.
func (s *Store) DeadLetter(ctx context.Context, id string) (DeadLetter, error) {
	_, d, err := s.findDead(ctx, id)
	return d, err
}

// RetryDead appends a dead letter's event to its mailbox again and removes it.
func (s *Store) RetryDead(ctx context.Context, id string) error {
	p, d, err := s.findDead(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.Append(ctx, Delivery{Key: d.Key, Events: []Event{{ID: "retry:" + d.ID, Data: d.Event}}}); err != nil {
		return err
	}
	return s.removeDead(ctx, p, id)
}

// DropDead removes a dead letter for good.
func (s *Store) DropDead(ctx context.Context, id string) error {
	p, _, err := s.findDead(ctx, id)
	if err != nil {
		return err
	}
	return s.removeDead(ctx, p, id)
}

func (s *Store) findDead(ctx context.Context, id string) (int, DeadLetter, error) {
	for p := range s.cfg.Partitions {
		d, err := s.deadLetter(ctx, p, id)
		if err == nil || !errors.Is(err, ErrNoDeadLetter) {
			return p, d, err
		}
	}
	return 0, DeadLetter{}, ErrNoDeadLetter
}

func (s *Store) deadLetter(ctx context.Context, p int, id string) (DeadLetter, error) {
	raw, err := s.client.HGet(ctx, s.keys.deadMsg(p), id).Bytes()
	if errors.Is(err, redis.Nil) {
		return DeadLetter{}, ErrNoDeadLetter
	}
	if err != nil {
		return DeadLetter{}, fmt.Errorf("mailbox: dead letter: %w", err)
	}
	var d DeadLetter
	if err := json.Unmarshal(raw, &d); err != nil {
		return DeadLetter{}, fmt.Errorf("mailbox: dead letter: %w", err)
	}
	return d, nil
}

func (s *Store) removeDead(ctx context.Context, p int, id string) error {
	pipe := s.client.Pipeline()
	pipe.ZRem(ctx, s.keys.dead(p), id)
	pipe.HDel(ctx, s.keys.deadMsg(p), id)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("mailbox: dead letter: %w", err)
	}
	return nil
}

// Pause keeps workers away from a mailbox until Resume; what arrives is kept.
func (s *Store) Pause(ctx context.Context, key string) error {
	_, err := s.operate(ctx, key, "pause")
	return err
}

// Resume lets workers at a paused or halted mailbox again; it tells whether the mailbox was one.
func (s *Store) Resume(ctx context.Context, key string) (bool, error) {
	return s.operate(ctx, key, "resume")
}

func (s *Store) operate(ctx context.Context, key, verb string) (bool, error) {
	p := s.keys.partition(key)
	reply, err := s.run(ctx, s.scripts.operate, []string{
		s.keys.due(p), s.keys.run(p), s.keys.halt(p), s.keys.fields(p, key), s.keys.inbox(p, key), s.keys.timers(p),
	}, key, s.now(), verb)
	if err != nil {
		return false, fmt.Errorf("mailbox: %s: %w", verb, err)
	}
	return reply == int64(1), nil
}

// Repair looks at every mailbox for the invariant (something to do, hence due, running or halted), mends what breaks it and
// returns how many did; the count must be 0.
func (s *Store) Repair(ctx context.Context) (violations int, err error) {
	names, err := s.mailboxes(ctx)
	if err != nil {
		return 0, err
	}
	for _, key := range names {
		mended, err := s.operate(ctx, key, "repair")
		if err != nil {
			return violations, err
		}
		violations += flag(mended)
	}
	return violations, nil
}

// mailboxes lists the mailboxes that hold events or state, of all partitions.
func (s *Store) mailboxes(ctx context.Context) ([]string, error) {
	var mu sync.Mutex // a cluster's nodes are scanned side by side
	found := map[string]bool{}
	scan := func(ctx context.Context, c redis.UniversalClient) error {
		it := c.Scan(ctx, 0, s.keys.prefix+"{w*", 1000).Iterator()
		for it.Next(ctx) {
			if name, ok := s.keys.mailboxOf(it.Val()); ok {
				mu.Lock()
				found[name] = true
				mu.Unlock()
			}
		}
		return it.Err()
	}
	var err error
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return scan(ctx, c) })
	} else {
		err = scan(ctx, s.client)
	}
	if err != nil {
		return nil, fmt.Errorf("mailbox: scan: %w", err)
	}
	return slices.Collect(maps.Keys(found)), nil
}

// Stats is the state of all mailboxes at a glance.
type Stats struct {
	Due, Running, Halted, Dead int
	// Oldest is when the mailbox that waits longest became due; zero when none is.
	Oldest time.Time
}

// Stats counts over all partitions in one round trip.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	pipe := s.client.Pipeline()
	type row struct {
		due, run, halt, dead *redis.IntCmd
		oldest               *redis.ZSliceCmd
	}
	rows := make([]row, s.cfg.Partitions)
	for p := range rows {
		rows[p] = row{
			due: pipe.ZCount(ctx, s.keys.due(p), "-inf", s.now()), run: pipe.ZCard(ctx, s.keys.run(p)),
			halt: pipe.ZCard(ctx, s.keys.halt(p)), dead: pipe.ZCard(ctx, s.keys.dead(p)),
			oldest: pipe.ZRangeWithScores(ctx, s.keys.due(p), 0, 0),
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return Stats{}, fmt.Errorf("mailbox: stats: %w", err)
	}
	var st Stats
	for _, r := range rows {
		st.Due += int(r.due.Val())
		st.Running += int(r.run.Val())
		st.Halted += int(r.halt.Val())
		st.Dead += int(r.dead.Val())
		for _, z := range r.oldest.Val() {
			at := time.UnixMilli(int64(z.Score))
			if !at.After(s.cfg.Now()) && (st.Oldest.IsZero() || at.Before(st.Oldest)) {
				st.Oldest = at
			}
		}
	}
	return st, nil
}

// Transcript reads the entries of a list that commits of the mailbox appended to, oldest first.
func (s *Store) Transcript(ctx context.Context, key, name string) ([][]byte, error) {
	lines, err := s.client.LRange(ctx, s.keys.transcript(s.keys.partition(key), name), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("mailbox: transcript: %w", err)
	}
	out := make([][]byte, len(lines))
	for i, line := range lines {
		out[i] = []byte(line)
	}
	return out, nil
}

// Snapshot is what a mailbox holds, read without a lease.
type Snapshot struct {
	Fields  map[string][]byte
	Inbox   int
	Halted  string // the reason, "" when it is not halted
	Version int64
}

// Peek reads a mailbox without claiming it.
func (s *Store) Peek(ctx context.Context, key string) (Snapshot, error) {
	p := s.keys.partition(key)
	pipe := s.client.Pipeline()
	fields, size := pipe.HGetAll(ctx, s.keys.fields(p, key)), pipe.LLen(ctx, s.keys.inbox(p, key))
	if _, err := pipe.Exec(ctx); err != nil {
		return Snapshot{}, fmt.Errorf("mailbox: peek: %w", err)
	}
	snap := Snapshot{Fields: map[string][]byte{}, Inbox: int(size.Val()), Halted: fields.Val()["_why"]}
	snap.Version, _ = strconv.ParseInt(fields.Val()["_v"], 10, 64)
	for name, value := range fields.Val() {
		if !strings.HasPrefix(name, "_") {
			snap.Fields[name] = []byte(value)
		}
	}
	return snap, nil
}

// IndexMembers lists a view over all partitions: mailbox key → score.
func (s *Store) IndexMembers(ctx context.Context, name string) (map[string]float64, error) {
	pipe := s.client.Pipeline()
	views := make([]*redis.ZSliceCmd, s.cfg.Partitions)
	for p := range views {
		views[p] = pipe.ZRangeWithScores(ctx, s.keys.index(p, name), 0, -1)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("mailbox: view: %w", err)
	}
	members := map[string]float64{}
	for _, v := range views {
		for _, z := range v.Val() {
			key, _ := z.Member.(string)
			members[key] = z.Score
		}
	}
	return members, nil
}
