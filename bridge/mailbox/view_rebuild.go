package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Inventory is what there is in a partition.
type Inventory struct {
	Partition int
	Keys      []string // mailboxes that hold events or state
	Views     []string // names of views
}

// Inventories lists what there is, by partition. It looks at all keys there are.
func (s *Store) Inventories(ctx context.Context) ([]Inventory, error) {
	var mu sync.Mutex // a cluster's nodes are scanned side by side
	found := map[string]bool{}
	list := make([]Inventory, s.cfg.Partitions)
	views := make([]map[string]bool, s.cfg.Partitions)
	for p := range list {
		list[p].Partition, views[p] = p, map[string]bool{}
	}
	note := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		if key, ok := s.keys.mailboxOf(name); ok && !found[key] {
			found[key] = true
			p := s.keys.partition(key)
			list[p].Keys = append(list[p].Keys, key)
		}
		if p, view, ok := s.keys.viewOf(name); ok && !views[p][view] {
			views[p][view] = true
			list[p].Views = append(list[p].Views, view)
		}
	}
	scan := func(ctx context.Context, c redis.UniversalClient) error {
		it := c.Scan(ctx, 0, s.keys.prefix+"{w*", 1000).Iterator()
		for it.Next(ctx) {
			note(it.Val())
		}
		return it.Err()
	}
	var err error
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return scan(ctx, c) })
	} else {
		err = scan(ctx, s.client)
	}
	if err != nil {
		return nil, fmt.Errorf("mailbox: scan: %w", err)
	}
	return list, nil
}

// viewOf cuts partition and view out of the name of a view's key.
func (k keys) viewOf(redisKey string) (partition int, view string, ok bool) {
	tag, view, ok := strings.Cut(strings.TrimPrefix(redisKey, k.prefix), "}:ix:")
	number, tagged := strings.CutPrefix(tag, "{w")
	p, err := strconv.Atoi(number)
	return p, view, ok && tagged && err == nil && p >= 0 && p < k.partitions
}

// Standing is where a mailbox stands: in views with their scores, and under texts by which it is found.
type Standing struct {
	Views map[string]float64
	Texts []string
}

// Standings reads where the mailboxes of a partition stand, by their keys.
func (s *Store) Standings(ctx context.Context, partition int, views []string) (map[string]Standing, error) {
	all := map[string]Standing{}
	for _, view := range views {
		members, err := s.client.ZRangeWithScores(ctx, s.keys.index(partition, view), 0, -1).Result()
		if err != nil {
			return nil, fmt.Errorf("mailbox: read a view: %w", err)
		}
		for _, z := range members {
			key, _ := z.Member.(string)
			at := all[key]
			if at.Views == nil {
				at.Views = map[string]float64{}
			}
			at.Views[view] = z.Score
			all[key] = at
		}
	}
	it := s.client.SScan(ctx, s.keys.find(partition), 0, "", findStep).Iterator()
	for it.Next(ctx) {
		text, key, _ := strings.Cut(it.Val(), findSplit)
		at := all[key]
		if !slices.Contains(at.Texts, text) { // a scan may tell one twice
			at.Texts = append(at.Texts, text)
			all[key] = at
		}
	}
	if err := it.Err(); err != nil {
		return nil, fmt.Errorf("mailbox: read texts: %w", err)
	}
	return all, nil
}

// Versioned is a field of a mailbox, and how often the mailbox was committed.
type Versioned struct {
	Value   []byte // nil where there is none, and where the mailbox has moved
	Version int64
}

// Versioned reads one field of many mailboxes, as it was last committed, in one round trip.
func (s *Store) Versioned(ctx context.Context, keys []string, field string) ([]Versioned, error) {
	pipe := s.client.Pipeline()
	reads := make([]*redis.SliceCmd, len(keys))
	for i, key := range keys {
		reads[i] = pipe.HMGet(ctx, s.keys.fields(s.keys.partition(key), key), field, movedField, "_v")
	}
	if err := all(ctx, pipe, len(keys)); err != nil {
		return nil, fmt.Errorf("mailbox: read states: %w", err)
	}
	list := make([]Versioned, len(keys))
	for i, r := range reads {
		got := r.Val()
		if version, ok := got[2].(string); ok {
			list[i].Version, _ = strconv.ParseInt(version, 10, 64)
		}
		moved, _ := got[1].(string)
		if text, ok := got[0].(string); ok && moved == "" {
			list[i].Value = []byte(text)
		}
	}
	return list, nil
}

// Placement is what changes so that a mailbox stands where its state belongs.
type Placement struct {
	Key     string
	Version int64 // of the state that this was reckoned from
	Index   []IndexChange
	Stays   []IndexChange // likewise, where a score that is there stays
	Leave   []string      // texts by which it is not found any more
	Come    string        // the text by which it is found from now on; "" = nothing new
}

// Place puts mailboxes where they belong and returns the keys of those that were left alone, because they were committed since the version.
func (s *Store) Place(ctx context.Context, list []Placement) (left []string, err error) {
	calls := make([]*call, len(list))
	for i, p := range list {
		n := s.keys.partition(p.Key)
		come := ""
		if p.Come != "" {
			come = foundMember(p.Come, p.Key)
		}
		args := []any{p.Key, p.Version, s.keys.base(n), come, len(p.Leave), len(p.Index) + len(p.Stays)}
		for _, text := range p.Leave {
			args = append(args, foundMember(text, p.Key))
		}
		for stays, changes := range [][]IndexChange{p.Index, p.Stays} {
			for _, x := range changes {
				score := any(x.Score)
				if x.Remove {
					score = ""
				}
				args = append(args, x.Name, score, stays)
			}
		}
		calls[i] = &call{script: s.scripts.place, keys: []string{s.keys.fields(n, p.Key), s.keys.find(n)}, args: args}
	}
	s.pipeline(ctx, calls)
	for i, c := range calls {
		if c.err != nil {
			return nil, fmt.Errorf("mailbox: place: %w", c.err)
		}
		if c.reply != int64(1) {
			left = append(left, list[i].Key)
		}
	}
	return left, nil
}
