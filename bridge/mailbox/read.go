package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// movedField is where a mailbox that moved says to where.
const movedField = "_moved"

// Field reads one field of a mailbox as it was last committed; nil when there is none. It follows a mailbox that moved and
// returns the key of the one that was read.
func (s *Store) Field(ctx context.Context, key, field string) (value []byte, at string, err error) {
	for range mostMoves + 1 {
		got, err := s.client.HMGet(ctx, s.keys.fields(s.keys.partition(key), key), field, movedField).Result()
		if err != nil {
			return nil, key, fmt.Errorf("mailbox: read: %w", err)
		}
		if moved, _ := got[1].(string); moved != "" {
			key = moved
			continue
		}
		if text, ok := got[0].(string); ok {
			value = []byte(text)
		}
		return value, key, nil
	}
	return nil, key, ErrMoved
}

// Answer reads the outcome of an event that was appended to a mailbox under an id of the caller's; ok is false while there is
// none, or none any more. It looks where the mailbox has moved as well.
func (s *Store) Answer(ctx context.Context, key, id string) (data []byte, ok bool, err error) {
	for range mostMoves + 1 {
		p := s.keys.partition(key)
		pipe := s.client.Pipeline()
		answer, moved := pipe.Get(ctx, s.keys.answer(p, id)), pipe.HGet(ctx, s.keys.fields(p, key), movedField)
		_, _ = pipe.Exec(ctx) // each command tells its own error
		switch data, err := answer.Bytes(); {
		case err == nil:
			return data, true, nil
		case !errors.Is(err, redis.Nil):
			return nil, false, fmt.Errorf("mailbox: read an answer: %w", err)
		}
		switch to, err := moved.Result(); {
		case errors.Is(err, redis.Nil):
			return nil, false, nil
		case err != nil:
			return nil, false, fmt.Errorf("mailbox: read an answer: %w", err)
		default:
			key = to
		}
	}
	return nil, false, ErrMoved
}

// HandOver lets one mailbox know the event ids that another has taken in, so that none is taken in a second time after a move.
// Ids of events that are still to be forwarded are left out: those in the inbox, and those that waiting finds in the state, which
// is the field of that name. It may be repeated.
func (s *Store) HandOver(ctx context.Context, from, to, field string, waiting func(state []byte) []string) error {
	p := s.keys.partition(from)
	pipe := s.client.TxPipeline() // one moment of all three
	seen := pipe.ZRangeWithScores(ctx, s.keys.seen(p, from), 0, -1)
	inbox := pipe.LRange(ctx, s.keys.inbox(p, from), 0, -1)
	state := pipe.HGet(ctx, s.keys.fields(p, from), field)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("mailbox: hand over: %w", err)
	}
	open := map[string]bool{}
	for _, element := range inbox.Val() {
		open[digest(parseElement(element).ID)] = true
	}
	for _, id := range waiting([]byte(state.Val())) {
		open[digest(id)] = true
	}
	taken := slices.DeleteFunc(seen.Val(), func(z redis.Z) bool {
		id, _ := z.Member.(string)
		return open[id]
	})
	return s.remember(ctx, to, taken)
}

// remember adds to the event ids that a mailbox has seen.
func (s *Store) remember(ctx context.Context, key string, ids []redis.Z) error {
	if len(ids) == 0 {
		return nil
	}
	own := s.keys.seen(s.keys.partition(key), key)
	pipe := s.client.Pipeline()
	for some := range slices.Chunk(ids, mostTogether) {
		pipe.ZAddNX(ctx, own, some...)
	}
	pipe.ExpireNX(ctx, own, SeenFor) // a mailbox nobody has written to has no such set yet
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("mailbox: hand over: %w", err)
	}
	return nil
}

// View tells how many mailboxes stand in a view of all partitions, and the lowest score in it (zero time when empty), taken as
// a time in milliseconds.
func (s *Store) View(ctx context.Context, name string) (count int, oldest time.Time, err error) {
	pipe := s.client.Pipeline()
	counts, firsts := make([]*redis.IntCmd, s.cfg.Partitions), make([]*redis.ZSliceCmd, s.cfg.Partitions)
	for p := range s.cfg.Partitions {
		counts[p] = pipe.ZCard(ctx, s.keys.index(p, name))
		firsts[p] = pipe.ZRangeWithScores(ctx, s.keys.index(p, name), 0, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, time.Time{}, fmt.Errorf("mailbox: read a view: %w", err)
	}
	for p := range s.cfg.Partitions {
		count += int(counts[p].Val())
		for _, z := range firsts[p].Val() {
			if at := time.UnixMilli(int64(z.Score)); oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
	}
	return count, oldest, nil
}

// DropTranscript removes one of the mailbox's lists. It may be repeated.
func (s *Store) DropTranscript(ctx context.Context, key, name string) error {
	if err := s.client.Del(ctx, s.keys.transcript(s.keys.partition(key), name)).Err(); err != nil {
		return fmt.Errorf("mailbox: drop a transcript: %w", err)
	}
	return nil
}

// Ending lists the mailboxes whose keys end so. It looks at all there are.
func (s *Store) Ending(ctx context.Context, suffix string) ([]string, error) {
	all, err := s.mailboxes(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(key string) bool { return !strings.HasSuffix(key, suffix) })
	slices.Sort(all)
	return all, nil
}
