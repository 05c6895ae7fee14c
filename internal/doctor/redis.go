package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
)

// redis looks at the store and returns the settings it holds, the defaults where it does not tell.
func (c Config) redis(ctx context.Context, s *sheet) settings.Operation {
	set := settings.DefaultOperation()
	if c.RedisURL == "" {
		return set // told among the mistakes
	}
	client, err := store.Open(c.RedisURL)
	if err != nil {
		s.wrong("reachable", err.Error(), "correct PONTE_REDIS_URL")
		return set
	}
	defer client.Close()
	found, err := store.Check(ctx, client)
	if err != nil {
		s.wrong("reachable", "Redis does not answer: "+reason(err), "start it, or correct PONTE_REDIS_URL")
		return set
	}
	s.ok("reachable", "Redis answers")
	for _, f := range found {
		check := "version"
		switch {
		case strings.Contains(f.What, "maxmemory-policy"):
			check = "eviction"
		case strings.Contains(f.What, "appendonly"):
			check = "persistence"
		}
		if f.Fatal {
			s.wrong(check, f.What, f.Mend)
		} else {
			s.warn(check, f.What, f.Mend)
		}
	}
	if len(found) == 0 {
		s.ok("persistence", "version, persistence and eviction policy are as they must be")
	}
	c.partitions(ctx, s, client)
	return c.settings(ctx, s, client, set)
}

// partitions compares the installation's number of partitions with this version's. A new installation stays untouched.
func (c Config) partitions(ctx context.Context, s *sheet, client redis.UniversalClient) {
	n, err := client.Exists(ctx, partitionsKey(c.RedisPrefix)).Result()
	switch {
	case err != nil:
		s.wrong("partitions", "the number of partitions can't be read: "+reason(err), "let Ponte read and write keys below PONTE_REDIS_PREFIX")
		return
	case n == 0:
		s.ok("partitions", "the installation is new")
		return
	}
	_, err = mailbox.Open(ctx, mailbox.Config{Client: client, Prefix: c.RedisPrefix, Now: c.Now, NewID: rand.Text})
	if err != nil {
		s.wrong("partitions", reason(err), "use the PONTE_REDIS_PREFIX of this installation, and one version of Ponte on all machines")
		return
	}
	s.ok("partitions", "the number of partitions fits")
}

// partitionsKey is where the number of partitions lies: ARCHITECTURE, "The mailbox".
func partitionsKey(prefix string) string { return prefix + "cfg:partitions" }

// settings reads the operation's settings.
func (c Config) settings(ctx context.Context, s *sheet, client redis.UniversalClient, none settings.Operation) settings.Operation {
	set, version, err := store.NewSettings(client, c.RedisPrefix, c.Now).Load(ctx)
	switch {
	case err != nil:
		s.wrong("settings", "the settings can't be read: "+reason(err), "look at `ponte settings history`, then import right ones")
		return none
	case version == 0:
		s.ok("settings", "the default settings hold")
	default:
		s.ok("settings", fmt.Sprintf("version %d of the settings holds", version))
	}
	return set
}

// reason is an error in words for people: what it was about is known already.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return err.Error()
}
