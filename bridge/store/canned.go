package store

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/canned_keep.lua
	cannedKeepSource string
	//go:embed lua/canned_drop.lua
	cannedDropSource string
)

// Canned is a reply that was written beforehand.
type Canned struct {
	ID     string `json:"id"`
	Folder string `json:"f,omitempty"`
	Title  string `json:"t"`
	Short  string `json:"s,omitempty"` // what is typed for it, "" = nothing
	Text   string `json:"x"`
}

// MostCanned is how many replies there may be.
const MostCanned = 1000

// Errors of canned replies.
var (
	ErrNoCanned   = errors.New("no such canned reply")
	ErrShortTaken = errors.New("another canned reply has this short name")
	ErrCannedFull = errors.New("there are too many canned replies")
)

// CannedReplies keeps the canned replies, for all instances. Whoever reads them has them as they are now.
type CannedReplies struct {
	client     redis.UniversalClient
	keys       []string
	keep, drop *redis.Script
}

// NewCannedReplies keeps replies under keys that begin with prefix.
func NewCannedReplies(client redis.UniversalClient, prefix string) *CannedReplies {
	return &CannedReplies{
		client: client, keys: []string{cannedKey(prefix), cannedShortsKey(prefix)},
		keep: script(cannedKeepSource), drop: script(cannedDropSource),
	}
}

// cannedKey holds the replies by id, cannedShortsKey which short name belongs to which of them.
func cannedKey(prefix string) string       { return prefix + "{canned}" }
func cannedShortsKey(prefix string) string { return prefix + "{canned}:shorts" }

// List is all replies, by folder and title. What can't be read is left out.
func (c *CannedReplies) List(ctx context.Context) ([]Canned, error) {
	all, err := c.client.HGetAll(ctx, c.keys[0]).Result()
	if err != nil {
		return nil, fmt.Errorf("list canned replies: %w", err)
	}
	list := make([]Canned, 0, len(all))
	for _, raw := range all {
		var r Canned
		if json.Unmarshal([]byte(raw), &r) == nil {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b Canned) int {
		return cmp.Or(
			cmp.Compare(strings.ToLower(a.Folder), strings.ToLower(b.Folder)), cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return list, nil
}

// Count is how many replies there are.
func (c *CannedReplies) Count(ctx context.Context) (int, error) {
	n, err := c.client.HLen(ctx, c.keys[0]).Result()
	if err != nil {
		return 0, fmt.Errorf("count canned replies: %w", err)
	}
	return int(n), nil
}

// Add keeps a new reply under its id; the same one again is the same reply. Errors are ErrShortTaken, whatever its case, ErrCannedFull, or
// Redis'.
func (c *CannedReplies) Add(ctx context.Context, r Canned) error { return c.put(ctx, r, MostCanned) }

// Change keeps a reply over the one with its id. Errors are ErrNoCanned, ErrShortTaken, or Redis'.
func (c *CannedReplies) Change(ctx context.Context, r Canned) error { return c.put(ctx, r, 0) }

func (c *CannedReplies) put(ctx context.Context, r Canned, most int) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keep a canned reply: %w", err)
	}
	got, err := c.keep.Run(ctx, c.client, c.keys, r.ID, raw, strings.ToLower(r.Short), most).Int()
	switch {
	case err != nil:
		return fmt.Errorf("keep a canned reply: %w", err)
	case got == 1:
		return ErrNoCanned
	case got == 2:
		return ErrShortTaken
	case got == 3:
		return ErrCannedFull
	}
	return nil
}

// Drop removes a reply, or returns ErrNoCanned.
func (c *CannedReplies) Drop(ctx context.Context, id string) error {
	n, err := c.drop.Run(ctx, c.client, c.keys, id).Int()
	if err != nil {
		return fmt.Errorf("drop a canned reply: %w", err)
	}
	if n == 0 {
		return ErrNoCanned
	}
	return nil
}
