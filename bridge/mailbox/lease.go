package mailbox

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Lease is the right to drain one mailbox. Its methods belong to the Store; a Lease is used by one worker, whose effects may
// call Step from goroutines of their own.
type Lease struct {
	// Key is the mailbox.
	Key string
	// Fields is what was committed, by field name, and the journal entries written by Step since.
	Fields map[string][]byte
	// Version counts the commits.
	Version int64
	// Schema is that of the last commit, 0 when there was none.
	Schema int

	partition int
	token     string
	mu        sync.Mutex
	inbox     []Event // read and not consumed yet
}

// Inbox is the events read so far and not consumed yet, oldest first.
func (l *Lease) Inbox() []Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inbox
}

// Claim takes the leases of mailboxes that are due in the given partitions, at most count in each, in one round trip.
func (s *Store) Claim(ctx context.Context, partitions []int, count int) ([]*Lease, error) {
	calls := make([]*call, len(partitions))
	tokens := make([]string, len(partitions))
	for i, p := range partitions {
		tokens[i] = s.cfg.NewID()
		calls[i] = &call{
			script: s.scripts.claim,
			keys:   []string{s.keys.due(p), s.keys.run(p), s.keys.timers(p), s.keys.halt(p)},
			args: []any{
				s.keys.base(p), s.now(), s.cfg.Lease.Milliseconds(), count, s.cfg.MaxEvents, s.cfg.Schema, tokens[i],
			},
		}
	}
	s.pipeline(ctx, calls)
	var leases []*Lease
	var failed error
	for i, c := range calls {
		if c.err != nil {
			failed = fmt.Errorf("mailbox: claim: %w", c.err)
			continue
		}
		list, _ := c.reply.([]any)
		for _, item := range list {
			if l := parseLease(item); l != nil {
				l.partition, l.token = partitions[i], tokens[i]
				leases = append(leases, l)
			}
		}
	}
	if len(leases) > 0 {
		return leases, nil // what was claimed is worked on; an error elsewhere shows again at the next poll
	}
	return nil, failed
}

func parseLease(v any) *Lease {
	parts, _ := v.([]any)
	if len(parts) != 3 {
		return nil
	}
	l := &Lease{Fields: map[string][]byte{}, inbox: parseElements(parts[1])}
	l.Key, _ = parts[0].(string)
	flat, _ := parts[2].([]any)
	for i := 0; i+1 < len(flat); i += 2 {
		name, _ := flat[i].(string)
		value, _ := flat[i+1].(string)
		switch name {
		case "_v":
			l.Version, _ = strconv.ParseInt(value, 10, 64)
		case "_schema":
			l.Schema, _ = strconv.Atoi(value)
		}
		if !strings.HasPrefix(name, "_") {
			l.Fields[name] = []byte(value)
		}
	}
	return l
}

// Beat extends the lease and reads what came into the inbox meanwhile; it tells whether anything did.
func (s *Store) Beat(ctx context.Context, l *Lease) (more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.partition
	reply, err := s.run(ctx, s.scripts.beat, []string{s.keys.run(p), s.keys.inbox(p, l.Key), s.keys.fields(p, l.Key)},
		l.Key, l.token, s.cfg.Lease.Milliseconds(), len(l.inbox), s.cfg.MaxEvents)
	if err != nil {
		return false, fmt.Errorf("mailbox: beat: %w", err)
	}
	parts, _ := reply.([]any)
	if len(parts) != 2 {
		return false, ErrFenceLost
	}
	fresh := parseElements(parts[1])
	l.inbox = append(l.inbox, fresh...)
	return len(fresh) > 0, nil
}

// Step writes one entry of the effect journal, fenced, and returns how long the lease still lasts: the effect that
// follows must end sooner. ErrFenceLost forbids the effect.
func (s *Store) Step(ctx context.Context, l *Lease, field string, value []byte) (left time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.partition
	reply, err := s.run(ctx, s.scripts.step, []string{s.keys.run(p), s.keys.fields(p, l.Key)}, l.Key, l.token, field, value)
	if err != nil {
		return 0, fmt.Errorf("mailbox: step: %w", err)
	}
	ms, _ := reply.(int64)
	if ms < 0 {
		return 0, ErrFenceLost
	}
	l.Fields[field] = value
	return time.Duration(ms) * time.Millisecond, nil
}

// Release gives the lease back without consuming anything; the mailbox is due again at once.
func (s *Store) Release(ctx context.Context, l *Lease) error {
	_, err := s.giveBack(ctx, l, s.cfg.Now(), 0, "")
	return err
}

// Fail gives the lease back after the handling itself failed. The mailbox is due again at retryAt, or halted with its inbox
// kept when that was the most-th failure in a row.
func (s *Store) Fail(ctx context.Context, l *Lease, retryAt time.Time, most int, reason string) (halted bool, err error) {
	return s.giveBack(ctx, l, retryAt, most, reason)
}

func (s *Store) giveBack(ctx context.Context, l *Lease, at time.Time, most int, reason string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.partition
	reply, err := s.run(ctx, s.scripts.release,
		[]string{s.keys.due(p), s.keys.run(p), s.keys.halt(p), s.keys.fields(p, l.Key)},
		l.Key, l.token, s.now(), millis(at), most, reason)
	if err != nil {
		return false, fmt.Errorf("mailbox: release: %w", err)
	}
	switch reply {
	case int64(0):
		return false, ErrFenceLost
	case int64(2):
		return true, nil
	}
	return false, nil
}
