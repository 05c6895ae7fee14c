package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Due lists mailboxes of a view whose score, taken as a time in milliseconds, is not later than a time: at most limit of them after a
// cursor, which is "" at first; next is "" at the end. The order is that of partitions and in each that of keys, so that a mailbox which
// stays due from the first call to the last is listed exactly once, whatever becomes of its score and of the others meanwhile.
func (s *Store) Due(ctx context.Context, view string, upto time.Time, cursor string, limit int) (keys []string, next string, err error) {
	at, err := parsePlace(cursor)
	if err != nil {
		return nil, "", err
	}
	if at.partition >= s.cfg.Partitions {
		return nil, "", nil
	}
	limit = max(limit, 1)
	most := millis(upto)
	end, err := s.enough(ctx, view, most, at.partition, limit)
	if err != nil {
		return nil, "", err
	}
	pipe := s.client.Pipeline()
	lists := make([]*redis.StringSliceCmd, 0, end-at.partition)
	for p := at.partition; p < end; p++ {
		lists = append(lists, pipe.ZRangeByScore(ctx, s.keys.index(p, view), &redis.ZRangeBy{Min: "-inf", Max: most}))
	}
	if err := all(ctx, pipe, len(lists)); err != nil {
		return nil, "", fmt.Errorf("mailbox: read a view: %w", err)
	}
	for i, list := range lists {
		members := list.Val()
		if i == 0 && at.key != "" {
			members = slices.DeleteFunc(members, func(key string) bool { return key <= at.key })
		}
		slices.Sort(members)
		room := limit - len(keys)
		switch {
		case room == 0:
			return keys, place{partition: at.partition + i}.String(), nil
		case len(members) > room:
			return append(keys, members[:room]...), place{at.partition + i, members[room-1]}.String(), nil
		}
		keys = append(keys, members...)
	}
	if end < s.cfg.Partitions {
		next = place{partition: end}.String()
	}
	return keys, next, nil
}

// enough is the partition before which a view holds a page, or all there is, from a partition on.
func (s *Store) enough(ctx context.Context, view, most string, from, limit int) (end int, err error) {
	pipe := s.client.Pipeline()
	var counts []*redis.IntCmd
	for p := from; p < s.cfg.Partitions; p++ {
		counts = append(counts, pipe.ZCount(ctx, s.keys.index(p, view), "-inf", most))
	}
	if err := all(ctx, pipe, len(counts)); err != nil {
		return 0, fmt.Errorf("mailbox: count a view: %w", err)
	}
	sum := 0
	for i, count := range counts {
		if sum += int(count.Val()); sum >= limit {
			return from + i + 1, nil
		}
	}
	return s.cfg.Partitions, nil
}

// place is where a walk through a view goes on: after a key of a partition, or before all of it.
type place struct {
	partition int
	key       string
}

// String is the place as a cursor.
func (p place) String() string { return strconv.Itoa(p.partition) + "/" + p.key }

// errBadCursor says that a cursor is none of Due's.
var errBadCursor = errors.New("mailbox: no cursor of a view")

func parsePlace(cursor string) (place, error) {
	if cursor == "" {
		return place{}, nil
	}
	number, key, ok := strings.Cut(cursor, "/")
	p, err := strconv.Atoi(number)
	if !ok || err != nil || p < 0 {
		return place{}, errBadCursor
	}
	return place{p, key}, nil
}

// States reads one field of many mailboxes, as it was last committed, in one round trip; nil where there is none, and where the mailbox
// has moved.
func (s *Store) States(ctx context.Context, keys []string, field string) ([][]byte, error) {
	pipe := s.client.Pipeline()
	reads := make([]*redis.SliceCmd, len(keys))
	for i, key := range keys {
		reads[i] = pipe.HMGet(ctx, s.keys.fields(s.keys.partition(key), key), field, movedField)
	}
	if err := all(ctx, pipe, len(keys)); err != nil {
		return nil, fmt.Errorf("mailbox: read states: %w", err)
	}
	states := make([][]byte, len(keys))
	for i, r := range reads {
		got := r.Val()
		if moved, _ := got[1].(string); moved != "" {
			continue
		}
		if text, ok := got[0].(string); ok {
			states[i] = []byte(text)
		}
	}
	return states, nil
}

// Transcripts reads many lists in one round trip, each oldest entry first: the i-th name is that of a list that commits of the mailbox of
// the i-th key append to.
func (s *Store) Transcripts(ctx context.Context, keys, names []string) ([][]string, error) {
	pipe := s.client.Pipeline()
	reads := make([]*redis.StringSliceCmd, len(keys))
	for i, key := range keys {
		reads[i] = pipe.LRange(ctx, s.keys.transcript(s.keys.partition(key), names[i]), 0, -1)
	}
	if err := all(ctx, pipe, len(keys)); err != nil {
		return nil, fmt.Errorf("mailbox: read transcripts: %w", err)
	}
	out := make([][]string, len(keys))
	for i, r := range reads {
		out[i] = r.Val()
	}
	return out, nil
}

// all sends a pipeline of n commands.
func all(ctx context.Context, pipe redis.Pipeliner, n int) error {
	if n == 0 {
		return nil
	}
	_, err := pipe.Exec(ctx)
	return err
}
