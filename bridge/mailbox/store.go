package mailbox

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Errors that callers tell apart.
var (
	// ErrFenceLost says that the lease is not ours any more: somebody else drains the mailbox, so drop the work. A Release,
	// Fail or forgetting Commit that the client repeats because the reply was lost ends so too, though it was carried out.
	ErrFenceLost = errors.New("mailbox: lease lost")
	// ErrPartitions says that the installation was made with another number of partitions.
	ErrPartitions = errors.New("mailbox: number of partitions differs from the installation's")
	// ErrMoved says that a mailbox moved more often than is followed.
	ErrMoved = errors.New("mailbox: moved in a circle")
	// ErrBadEvent says that an event can't be stored: its id holds a line break.
	ErrBadEvent = errors.New("mailbox: event id holds a line break")
)

// SeenFor is how long event ids are remembered: WhatsApp repeats a webhook for up to seven days.
const SeenFor = 8 * 24 * time.Hour

const (
	defaultPartitions = 64
	defaultLease      = 10 * time.Second
	defaultBatch      = 256
)

// Config says how a Store works; Client, Now and NewID are required.
type Config struct {
	Client     redis.UniversalClient
	Prefix     string           // what all keys start with, e.g. "ponte:"
	Partitions int              // default 64, fixed at the first Open of an installation
	Lease      time.Duration    // how long a claim lasts without Beat, on Redis' clock; default 10 s
	MaxEvents  int              // events handed out by one claim or beat; default 256
	Schema     int              // version of what the caller stores; mailboxes of a newer one are left alone
	Now        func() time.Time // the clock of due times and deadlines
	NewID      func() string    // unique ids of claims and commits
}

// Store is the mailboxes of one installation. It is safe for concurrent use.
type Store struct {
	cfg     Config
	client  redis.UniversalClient
	keys    keys
	scripts scripts
	flight  combiner
}

// Event is one entry of an inbox. An empty ID is never a duplicate; otherwise a mailbox takes each ID once within SeenFor.
type Event struct {
	ID   string
	Data []byte
}

//go:embed lua/append.lua
var appendLua string

//go:embed lua/claim.lua
var claimLua string

//go:embed lua/beat.lua
var beatLua string

//go:embed lua/step.lua
var stepLua string

//go:embed lua/commit.lua
var commitLua string

//go:embed lua/release.lua
var releaseLua string

//go:embed lua/operate.lua
var operateLua string

//go:embed lua/place.lua
var placeLua string

// Open prepares the mailboxes: it claims the number of partitions for a new installation and refuses a different one.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Partitions == 0 {
		cfg.Partitions = defaultPartitions
	}
	if cfg.Lease == 0 {
		cfg.Lease = defaultLease
	}
	if cfg.MaxEvents == 0 {
		cfg.MaxEvents = defaultBatch
	}
	s := &Store{cfg: cfg, client: cfg.Client, keys: keys{prefix: cfg.Prefix, partitions: cfg.Partitions}, scripts: newScripts()}
	s.flight.send = s.pipeline
	if err := s.client.SetNX(ctx, s.keys.count(), cfg.Partitions, 0).Err(); err != nil {
		return nil, fmt.Errorf("mailbox: read partitions: %w", err)
	}
	stored, err := s.client.Get(ctx, s.keys.count()).Int()
	if err != nil {
		return nil, fmt.Errorf("mailbox: read partitions: %w", err)
	}
	if stored != cfg.Partitions {
		return nil, fmt.Errorf("%w: configured %d, stored %d", ErrPartitions, cfg.Partitions, stored)
	}
	return s, nil
}

// Partitions is the number of partitions of the installation.
func (s *Store) Partitions() int { return s.cfg.Partitions }

// Partition tells which partition a mailbox lives in.
func (s *Store) Partition(key string) int { return s.keys.partition(key) }

// Lease is how long a claim lasts without a beat.
func (s *Store) Lease() time.Duration { return s.cfg.Lease }

// script is a Lua text with the digest that Redis knows it by.
type script struct{ text, sha string }

// scripts are all scripts of the package.
type scripts struct{ append, claim, beat, step, commit, release, operate, place script }

func newScripts() scripts {
	return scripts{
		append: newScript(appendLua), claim: newScript(claimLua), beat: newScript(beatLua), step: newScript(stepLua),
		commit: newScript(commitLua), release: newScript(releaseLua), operate: newScript(operateLua),
		place: newScript(placeLua),
	}
}

func newScript(text string) script { return script{text: text, sha: redis.NewScript(text).Hash()} }

// pipeline runs calls in one round trip (one a node on a cluster); those whose script Redis has forgotten run again in full.
func (s *Store) pipeline(ctx context.Context, calls []*call) {
	s.exec(ctx, calls, false)
	var forgotten []*call
	for _, c := range calls {
		if c.err != nil && redis.HasErrorPrefix(c.err, "NOSCRIPT") {
			forgotten = append(forgotten, c)
		}
	}
	if len(forgotten) > 0 {
		s.exec(ctx, forgotten, true)
	}
}

func (s *Store) exec(ctx context.Context, calls []*call, full bool) {
	pipe := s.client.Pipeline()
	commands := make([]*redis.Cmd, len(calls))
	for i, c := range calls {
		if full {
			commands[i] = pipe.Eval(ctx, c.script.text, c.keys, c.args...)
		} else {
			commands[i] = pipe.EvalSha(ctx, c.script.sha, c.keys, c.args...)
		}
	}
	_, pipeErr := pipe.Exec(ctx)
	for i, c := range calls {
		c.reply, c.err = commands[i].Result()
		if c.err == nil && c.reply == nil && pipeErr != nil {
			c.err = pipeErr
		}
	}
}

// run runs one script by itself.
func (s *Store) run(ctx context.Context, sc script, keys []string, args ...any) (any, error) {
	c := &call{script: sc, keys: keys, args: args}
	s.pipeline(ctx, []*call{c})
	return c.reply, c.err
}

// element is how an event lies in an inbox: its id, a line break, its data.
func (e Event) element() string { return e.ID + "\n" + string(e.Data) }

func parseElement(s string) Event {
	id, data, _ := strings.Cut(s, "\n")
	return Event{ID: id, Data: []byte(data)}
}

func parseElements(v any) []Event {
	list, _ := v.([]any)
	events := make([]Event, 0, len(list))
	for _, item := range list {
		text, _ := item.(string)
		events = append(events, parseElement(text))
	}
	return events
}

// digest is what is remembered of an event id.
func digest(id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return string(sum[:10])
}

func millis(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

func (s *Store) now() string { return millis(s.cfg.Now()) }
