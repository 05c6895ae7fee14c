package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
)

// firstSettings stores settings where there are none yet, so that they can be exported and changed.
func (a *App) firstSettings(ctx context.Context, o settings.Operation) error {
	stored := store.NewSettings(a.redis, a.Config.RedisPrefix, a.parts.Now)
	if _, version, err := stored.Load(ctx); err != nil || version != 0 {
		return err
	}
	_, err := stored.Save(ctx, o, "demo", 0)
	if errors.Is(err, store.ErrSettingsConflict) {
		return nil // somebody was faster
	}
	return err
}

// OpenSettings opens the settings of an installation alone, for an operator's commands. Without PONTE_REDIS_URL it is the
// running demo's. The caller calls closeIt.
func OpenSettings(c Config) (kept *store.Settings, closeIt func() error, err error) {
	if c.RedisURL == "" {
		c.RedisURL = "unix://" + demoSocket(c.DataDir)
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		return nil, nil, fmt.Errorf("PONTE_REDIS_URL: %w", err)
	}
	return store.NewSettings(client, c.RedisPrefix, time.Now), client.Close, nil //nolint:forbidigo // the machine's clock is chosen here
}
