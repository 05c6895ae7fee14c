package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Summaries keeps one row per conversation for reports. It knows bytes only.
//
// Rows lie in a hash per day on which their conversations started, by session. The day is UTC's: a conversation's number can get another
// zone, but its row must be found again where it lies. A set per contact tells which rows are a person's, so that they can be erased.
type Summaries struct {
	client redis.UniversalClient
	prefix string
}

// NewSummaries makes the keeper.
func NewSummaries(client redis.UniversalClient, prefix string) *Summaries {
	return &Summaries{client: client, prefix: prefix}
}

// rowsKey holds the rows of the conversations that started on a day.
func rowsKey(prefix, day string) string { return prefix + "row:" + day }

// rowsOfKey holds where the rows of a contact lie: day, space, session.
func rowsOfKey(prefix, contact string) string { return prefix + "contact:" + contact + ":rows" }

// rowsAtOnce is how many rows are asked for in one round trip.
const rowsAtOnce = 500

// dayOf is the day on which a row lies.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Row is the row of a conversation.
type Row struct {
	Session string
	Contact string // our id; "" = nobody's whom we know
	Started time.Time
	Data    []byte
}

// Keep stores a row over the one that the session has. It stays for at least keep, with the other rows of its day as long as the longest
// of them; the contact's list of rows stays for traced if that is longer. Zero or less is for good.
func (s *Summaries) Keep(ctx context.Context, r Row, keep, traced time.Duration) error {
	day := dayOf(r.Started)
	if keep <= 0 || traced > 0 && traced < keep {
		traced = keep
	}
	pipe := s.client.Pipeline()
	if r.Contact != "" {
		keepKey(ctx, pipe, rowsOfKey(s.prefix, r.Contact), traced, "SADD", day+" "+r.Session)
	}
	keepKey(ctx, pipe, rowsKey(s.prefix, day), keep, "HSET", r.Session, r.Data)
	return exec(ctx, pipe, "keep a conversation's row")
}

// keepKey writes to a key, which then lives for at least d from now; zero or less is for good.
func keepKey(ctx context.Context, pipe redis.Pipeliner, key string, d time.Duration, command string, args ...any) {
	pipe.Eval(ctx, keepSource, []string{key}, append([]any{max(d, 0).Milliseconds(), command}, args...)...)
}

// Row reads the row of a session that started at a time; ok is false when there is none.
func (s *Summaries) Row(ctx context.Context, session string, started time.Time) (data []byte, ok bool, err error) {
	data, err = s.client.HGet(ctx, rowsKey(s.prefix, dayOf(started)), session).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a conversation's row: %w", err)
	}
	return data, true, nil
}

// Between hands out the rows of the days that from and to lie on and of those between, each once, in no order within a day; to itself is
// excluded. Rows at both ends may have started outside. An error of visit ends it.
func (s *Summaries) Between(ctx context.Context, from, to time.Time, visit func(session string, data []byte) error) error {
	for day := from.UTC().Truncate(24 * time.Hour); day.Before(to); day = day.AddDate(0, 0, 1) {
		if err := s.day(ctx, dayOf(day), visit); err != nil {
			return err
		}
	}
	return nil
}

// day hands out the rows of one day. A scan may tell a row twice while its hash grows.
func (s *Summaries) day(ctx context.Context, day string, visit func(session string, data []byte) error) error {
	seen := map[string]bool{}
	for cursor := uint64(0); ; {
		fields, next, err := s.client.HScan(ctx, rowsKey(s.prefix, day), cursor, "", rowsAtOnce).Result()
		if err != nil {
			return fmt.Errorf("read conversations' rows: %w", err)
		}
		for i := 0; i+1 < len(fields); i += 2 {
			if seen[fields[i]] {
				continue
			}
			seen[fields[i]] = true
			if err := visit(fields[i], []byte(fields[i+1])); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// Place is where a row lies.
type Place struct {
	Day     string // UTC, as 2026-11-23
	Session string
}

// Places lists where the rows of a contact lie, or lay before their time was up.
func (s *Summaries) Places(ctx context.Context, contact string) ([]Place, error) {
	members, err := s.client.SMembers(ctx, rowsOfKey(s.prefix, contact)).Result()
	if err != nil {
		return nil, fmt.Errorf("list a contact's rows: %w", err)
	}
	places := make([]Place, len(members))
	for i, m := range members {
		places[i].Day, places[i].Session, _ = strings.Cut(m, " ")
	}
	return places, nil
}

// Of reads the rows of a contact by session.
func (s *Summaries) Of(ctx context.Context, contact string) (map[string][]byte, error) {
	places, err := s.Places(ctx, contact)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	pipe := s.client.Pipeline()
	asked := make([]*redis.StringCmd, len(places))
	for i, p := range places {
		asked[i] = pipe.HGet(ctx, rowsKey(s.prefix, p.Day), p.Session)
	}
	if err := exec(ctx, pipe, "read a contact's rows"); err != nil {
		return nil, err
	}
	rows := make(map[string][]byte, len(places))
	for i, p := range places {
		data, err := asked[i].Bytes()
		switch {
		case errors.Is(err, redis.Nil): // its time was up
		case err != nil:
			return nil, fmt.Errorf("read a contact's rows: %w", err)
		default:
			rows[p.Session] = data
		}
	}
	return rows, nil
}

// Forget removes the rows of a contact. The list of them goes last: until then the same call can be made again.
func (s *Summaries) Forget(ctx context.Context, contact string) error {
	places, err := s.Places(ctx, contact)
	if err != nil || len(places) == 0 {
		return err
	}
	pipe := s.client.Pipeline()
	for _, p := range places {
		pipe.HDel(ctx, rowsKey(s.prefix, p.Day), p.Session)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("forget a contact's rows: %w", err)
	}
	if err := s.client.Del(ctx, rowsOfKey(s.prefix, contact)).Err(); err != nil {
		return fmt.Errorf("forget a contact's rows: %w", err)
	}
	return nil
}
