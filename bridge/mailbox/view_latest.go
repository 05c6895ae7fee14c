package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// spare is how many members beyond its share a partition is asked for at first: a few more than that are seldom needed.
const spare = 8

// Latest reads the most mailboxes with the highest scores of some views, the highest first, and how many there are: of those whose
// score, taken as a time in milliseconds, is from one time to another; the zero time is no bound. A mailbox of several views is listed
// once, with its highest score, and counted in each.
func (s *Store) Latest(ctx context.Context, views []string, from, upto time.Time, most int) (latest []Member, count int, err error) {
	within := &redis.ZRangeBy{Min: "-inf", Max: "+inf"}
	if !from.IsZero() {
		within.Min = millis(from)
	}
	if !upto.IsZero() {
		within.Max = millis(upto)
	}
	parts := s.parts(views)
	pipe := s.client.Pipeline()
	counts := make([]*redis.IntCmd, len(parts))
	for i := range parts {
		parts[i].want = most/s.cfg.Partitions + spare
		counts[i] = pipe.ZCount(ctx, parts[i].name, within.Min, within.Max)
	}
	open := parts
	for len(open) > 0 && most > 0 {
		for i := range open {
			by := *within
			by.Count = int64(open[i].want)
			open[i].read = pipe.ZRevRangeByScoreWithScores(ctx, open[i].name, &by)
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, 0, fmt.Errorf("mailbox: read views: %w", err)
		}
		latest, open = highest(parts, most)
	}
	if pipe.Len() > 0 {
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, 0, fmt.Errorf("mailbox: count views: %w", err)
		}
	}
	for _, n := range counts {
		count += int(n.Val())
	}
	return latest, count, nil
}

// part is a view in one partition, as far as it is read.
type part struct {
	name string
	want int
	read *redis.ZSliceCmd
}

// parts is some views in all partitions.
func (s *Store) parts(views []string) []*part {
	var list []*part
	for _, view := range views {
		for p := range s.cfg.Partitions {
			list = append(list, &part{name: s.keys.index(p, view)})
		}
	}
	return list
}

// highest merges what was read, and tells of which parts more must be read before it is sure.
func highest(parts []*part, most int) (latest []Member, open []*part) {
	scores := map[string]float64{}
	for _, part := range parts {
		for _, z := range part.read.Val() {
			key, _ := z.Member.(string)
			if score, ok := scores[key]; !ok || z.Score > score {
				scores[key] = z.Score
			}
		}
	}
	latest = make([]Member, 0, len(scores))
	for key, score := range scores {
		latest = append(latest, Member{Key: key, Score: score})
	}
	slices.SortFunc(latest, func(a, b Member) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
	latest = latest[:min(len(latest), most)]
	for _, part := range parts {
		read := part.read.Val()
		if len(read) < part.want || part.want >= most { // that is all of it, or more than enough
			continue
		}
		if len(latest) < most || read[len(read)-1].Score >= latest[most-1].Score {
			part.want = min(4*part.want, most)
			open = append(open, part)
		}
	}
	return latest, open
}

// Keys lists the mailboxes of some views, each once, at most so many of each view and partition.
func (s *Store) Keys(ctx context.Context, views []string, most int) (map[string]bool, error) {
	pipe := s.client.Pipeline()
	var lists []*redis.StringSliceCmd
	for _, part := range s.parts(views) {
		lists = append(lists, pipe.ZRange(ctx, part.name, 0, int64(most)-1))
	}
	if err := all(ctx, pipe, len(lists)); err != nil {
		return nil, fmt.Errorf("mailbox: read views: %w", err)
	}
	keys := map[string]bool{}
	for _, list := range lists {
		for _, key := range list.Val() {
			keys[key] = true
		}
	}
	return keys, nil
}

// Tails reads the ends of many lists in one round trip, at most n entries of each, the oldest first: the i-th name is that of a list that
// commits of the mailbox of the i-th key append to.
func (s *Store) Tails(ctx context.Context, keys, names []string, n int) ([][]string, error) {
	pipe := s.client.Pipeline()
	reads := make([]*redis.StringSliceCmd, len(keys))
	for i, key := range keys {
		reads[i] = pipe.LRange(ctx, s.keys.transcript(s.keys.partition(key), names[i]), -int64(n), -1)
	}
	if err := all(ctx, pipe, len(keys)); err != nil {
		return nil, fmt.Errorf("mailbox: read transcripts' ends: %w", err)
	}
	out := make([][]string, len(keys))
	for i, r := range reads {
		out[i] = r.Val()
	}
	return out, nil
}
