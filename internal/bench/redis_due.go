package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// used is the memory that the server's data takes, in bytes.
func (r *redisServer) used(ctx context.Context) (int64, error) {
	text, err := r.info(ctx, "memory", "used_memory")
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// unlogged does something while the server keeps no file, and waits until all of it is in the file after that.
func (r *redisServer) unlogged(ctx context.Context, do func() error) error {
	if err := r.client.ConfigSet(ctx, "appendonly", "no").Err(); err != nil {
		return fmt.Errorf("switch the file off: %w", err)
	}
	if err := do(); err != nil {
		return err
	}
	if err := r.client.ConfigSet(ctx, "appendonly", "yes").Err(); err != nil {
		return fmt.Errorf("switch the file on: %w", err)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		busy := false
		for _, name := range []string{"aof_rewrite_in_progress", "aof_rewrite_scheduled"} {
			value, err := r.info(ctx, "persistence", name)
			if err != nil {
				return err
			}
			busy = busy || value != "0"
		}
		if !busy {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// due lists the mailboxes that are due, by partition: all that hold events while no worker takes them.
func (r *redisServer) due(ctx context.Context) ([][]string, error) {
	pipe := r.client.Pipeline()
	lists := make([]*redis.StringSliceCmd, partitions)
	for p := range lists {
		lists[p] = pipe.ZRange(ctx, keyPrefix+partitionMark(p)+":due", 0, -1)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	all := make([][]string, partitions)
	for p := range lists {
		all[p] = lists[p].Val()
	}
	return all, nil
}

// storedDue counts the events of mailboxes that are due. It need not look at all keys, as stored does.
func (r *redisServer) storedDue(ctx context.Context) (int, error) {
	all, err := r.due(ctx)
	if err != nil {
		return 0, err
	}
	var lengths []*redis.IntCmd
	pipe := r.client.Pipeline()
	for p, boxes := range all {
		for _, box := range boxes {
			lengths = append(lengths, pipe.LLen(ctx, keyPrefix+partitionMark(p)+":in:"+box))
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, fmt.Errorf("count events: %w", err)
	}
	sum := 0
	for _, n := range lengths {
		sum += int(n.Val())
	}
	return sum, nil
}

// drainDue takes the events out of mailboxes that are due, as workers would; what else they hold stays.
func (r *redisServer) drainDue(ctx context.Context) error {
	all, err := r.due(ctx)
	if err != nil {
		return err
	}
	pipe := r.client.Pipeline()
	for p, boxes := range all {
		base := keyPrefix + partitionMark(p) + ":"
		for _, box := range boxes {
			pipe.Unlink(ctx, base+"in:"+box, base+"dd:"+box)
		}
		pipe.Unlink(ctx, base+"due")
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("take events out: %w", err)
	}
	return nil
}
