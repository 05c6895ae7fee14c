package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
)

// rebuildLock is held by the instance that rebuilds the views after an upgrade, and for how long at most.
const rebuildLock = 10 * time.Minute

func rebuildKey(prefix string) string { return prefix + "lock:lists" }

// rebuildOnce puts threads into the views for lists that were stored before there were such. One instance does it, once.
func (a *App) rebuildOnce(ctx context.Context) {
	whole, err := lists{a: a, whole: a.whole}.complete(ctx)
	if err != nil || whole {
		return // who can't read it now finds it so later
	}
	mine, err := a.redis.SetNX(ctx, rebuildKey(a.Config.RedisPrefix), "1", rebuildLock).Result()
	if err != nil || !mine {
		return
	}
	sum, err := rebuild(ctx, a.redis, a.Config.RedisPrefix, a.Mailboxes, a.parts.Settings)
	if err != nil {
		a.parts.Logger.WarnContext(ctx, "views not rebuilt", "error", err)
	} else {
		a.parts.Logger.InfoContext(ctx, "views rebuilt", "threads", sum.Threads, "mended", sum.Mended, "left", sum.Left, "unread", sum.Unread)
	}
	if err := a.redis.Del(context.WithoutCancel(ctx), rebuildKey(a.Config.RedisPrefix)).Err(); err != nil {
		a.parts.Logger.WarnContext(ctx, "lock of the views' rebuilding not given back", "error", err)
	}
}

// rebuild rebuilds the views and notes that they are whole.
func rebuild(
	ctx context.Context, client redis.UniversalClient, prefix string, boxes *mailbox.Store, set func(string) settings.Number,
) (sum bridge.Rebuilt, err error) {
	if sum, err = bridge.RebuildViews(ctx, boxes, set); err != nil {
		return sum, err
	}
	if err := client.Set(ctx, listsKey(prefix), listsVersion, 0).Err(); err != nil {
		return sum, fmt.Errorf("note that the views are whole: %w", err)
	}
	return sum, nil
}

// Reindex rebuilds the views and the texts of the search from the threads, by the stored settings. Instances may run meanwhile. Without
// PONTE_REDIS_URL it is the running demo's.
func Reindex(ctx context.Context, c Config) (sum bridge.Rebuilt, err error) {
	kept, closeIt, err := OpenSettings(c)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	op, version, err := kept.Load(ctx)
	if err != nil {
		return sum, fmt.Errorf("settings, version %d: %w", version, err)
	}
	if c.RedisURL == "" {
		c.RedisURL = "unix://" + demoSocket(c.DataDir)
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		return sum, fmt.Errorf("PONTE_REDIS_URL: %w", err)
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	boxes, err := openMailboxes(ctx, c, client, Parts{Now: time.Now, NewID: newID}) //nolint:forbidigo // the machine's clock is chosen here
	if err != nil {
		return sum, err
	}
	return rebuild(ctx, client, c.RedisPrefix, boxes, op.Of)
}
