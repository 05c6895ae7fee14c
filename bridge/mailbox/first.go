package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Member is a mailbox with its place in a view.
type Member struct {
	Key   string
	Score float64
}

// Looked is what Look found, by the views' names; every view that was asked for is there.
type Looked struct {
	First map[string][]Member
	Count map[string]int
}

// Look reads, in one round trip, the most mailboxes with the lowest scores of some views, the lowest first, and how many others hold.
// Each view is read over all partitions, one after the other: what moves from view to view meanwhile may be seen in both or in none.
func (s *Store) Look(ctx context.Context, first []string, most int, count []string) (Looked, error) {
	pipe := s.client.Pipeline()
	lists, counts := map[string][]*redis.ZSliceCmd{}, map[string][]*redis.IntCmd{}
	for p := range s.cfg.Partitions {
		for _, name := range first {
			if most > 0 {
				lists[name] = append(lists[name], pipe.ZRangeWithScores(ctx, s.keys.index(p, name), 0, int64(most)-1))
			}
		}
		for _, name := range count {
			counts[name] = append(counts[name], pipe.ZCard(ctx, s.keys.index(p, name)))
		}
	}
	if pipe.Len() > 0 {
		if _, err := pipe.Exec(ctx); err != nil {
			return Looked{}, fmt.Errorf("mailbox: look at views: %w", err)
		}
	}
	found := Looked{First: map[string][]Member{}, Count: map[string]int{}}
	for _, name := range first {
		found.First[name] = lowest(lists[name], most)
	}
	for _, name := range count {
		found.Count[name] = 0
		for _, n := range counts[name] {
			found.Count[name] += int(n.Val())
		}
	}
	return found, nil
}

// lowest merges what the partitions hold of a view.
func lowest(lists []*redis.ZSliceCmd, most int) []Member {
	var all []Member
	for _, list := range lists {
		for _, z := range list.Val() {
			key, _ := z.Member.(string)
			all = append(all, Member{Key: key, Score: z.Score})
		}
	}
	slices.SortFunc(all, func(a, b Member) int {
		switch {
		case a.Score < b.Score:
			return -1
		case a.Score > b.Score:
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
	return all[:min(len(all), max(most, 0))]
}
