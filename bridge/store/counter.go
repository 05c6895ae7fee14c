package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Counter counts things by name: each thing has one place, from 1, however often it is counted.
type Counter struct {
	client redis.UniversalClient
	prefix string
	life   time.Duration
	count  *redis.Script
}

// counterLife is how long a count is remembered: longer than anything is counted twice.
const counterLife = 8 * 24 * time.Hour

// NewCounter counts under keys that begin with prefix.
func NewCounter(client redis.UniversalClient, prefix string) *Counter {
	return &Counter{client: client, prefix: prefix, life: counterLife, count: script(countSource)}
}

// Count is the place of a thing among those counted under a name.
func (c *Counter) Count(ctx context.Context, name, thing string) (int, error) {
	n, err := c.count.Run(ctx, c.client, []string{c.prefix + "count:" + name}, thing, c.life.Milliseconds()).Int()
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}
