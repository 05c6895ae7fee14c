package mailbox

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Halted is a mailbox that workers stay away from, with its inbox kept.
type Halted struct {
	Key    string
	Since  time.Time
	Reason string // "paused", or why its handling failed
}

// Halted lists the halted and paused mailboxes of all partitions.
func (s *Store) Halted(ctx context.Context) ([]Halted, error) {
	pipe := s.client.Pipeline()
	sets := make([]*redis.ZSliceCmd, s.cfg.Partitions)
	for p := range sets {
		sets[p] = pipe.ZRangeWithScores(ctx, s.keys.halt(p), 0, -1)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("mailbox: halted: %w", err)
	}
	var all []Halted
	for _, set := range sets {
		for _, z := range set.Val() {
			key, _ := z.Member.(string)
			snap, err := s.Peek(ctx, key)
			if err != nil {
				return nil, err
			}
			all = append(all, Halted{Key: key, Since: time.UnixMilli(int64(z.Score)), Reason: snap.Halted})
		}
	}
	return all, nil
}
