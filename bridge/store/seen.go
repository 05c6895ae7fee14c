package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// SeenFor is how long an agent's marks are kept after the newest.
	SeenFor = 90 * 24 * time.Hour
	// MaxSeen is how many marks of an agent are kept: those of the latest times.
	MaxSeen = 3000
)

// Seen knows up to when agents have read conversations: one sorted set an agent, which holds sessions and times and no words.
type Seen struct {
	client redis.UniversalClient
	prefix string
}

// NewSeen makes the register.
func NewSeen(client redis.UniversalClient, prefix string) *Seen {
	return &Seen{client: client, prefix: prefix}
}

// seenKey holds the sessions an agent has read, scored by up to when (ms).
func seenKey(prefix string, agent int64) string {
	return prefix + "seen:" + strconv.FormatInt(agent, 10)
}

// Mark notes that an agent has read a session up to a time; an earlier one than before marks as unread again what came after it.
func (s *Seen) Mark(ctx context.Context, session string, agent int64, at time.Time) error {
	key := seenKey(s.prefix, agent)
	pipe := s.client.Pipeline()
	pipe.ZAdd(ctx, key, redis.Z{Score: float64(at.UnixMilli()), Member: session})
	pipe.ZRemRangeByRank(ctx, key, 0, -MaxSeen-1)
	pipe.PExpire(ctx, key, SeenFor)
	return exec(ctx, pipe, "mark as seen")
}

// Times is up to when an agent has read sessions, to the millisecond, in one round trip; those never read are absent.
func (s *Seen) Times(ctx context.Context, agent int64) (map[string]time.Time, error) {
	pipe := s.client.Pipeline()
	list := pipe.ZRangeWithScores(ctx, seenKey(s.prefix, agent), 0, -1)
	if err := exec(ctx, pipe, "read what was seen"); err != nil {
		return nil, err
	}
	times := make(map[string]time.Time, len(list.Val()))
	for _, z := range list.Val() {
		if session, ok := z.Member.(string); ok {
			times[session] = time.UnixMilli(int64(z.Score)).UTC()
		}
	}
	return times, nil
}
