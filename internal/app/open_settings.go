package app

import (
	"fmt"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
)

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
