package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// DraftFor is how long a draft is kept after anybody last wrote on one of the same conversation.
const DraftFor = 30 * 24 * time.Hour

// Draft is what an agent has begun to write at a conversation: words for the customer and a note.
type Draft struct {
	Reply string `json:"r,omitempty"`
	Note  string `json:"n,omitempty"`
}

// Empty tells whether there is nothing in it.
func (d Draft) Empty() bool { return d.Reply == "" && d.Note == "" }

// Drafts keeps what agents have begun to write. The words lie under their session alone, one hash of all agents, so that a single removal
// forgets them; beside it each agent has a list of sessions without any words.
type Drafts struct {
	client redis.UniversalClient
	prefix string
}

// NewDrafts makes the keeper.
func NewDrafts(client redis.UniversalClient, prefix string) *Drafts {
	return &Drafts{client: client, prefix: prefix}
}

// draftKey holds what agents have begun to write at a session.
func draftKey(prefix, session string) string { return prefix + "draft:" + session }

// draftsKey holds the sessions with a draft of an agent, scored by when they expire (ms).
func draftsKey(prefix string, agent int64) string {
	return prefix + "drafts:" + strconv.FormatInt(agent, 10)
}

// Put keeps an agent's draft in place of the one before; an empty one is forgotten.
func (d *Drafts) Put(ctx context.Context, session string, agent int64, draft Draft) error {
	words, list := draftKey(d.prefix, session), draftsKey(d.prefix, agent)
	pipe := d.client.Pipeline()
	if draft.Empty() {
		pipe.HDel(ctx, words, strconv.FormatInt(agent, 10))
		pipe.ZRem(ctx, list, session)
		return exec(ctx, pipe, "forget a draft")
	}
	raw, err := json.Marshal(draft)
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	now, err := d.client.Time(ctx).Result()
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	pipe.HSet(ctx, words, strconv.FormatInt(agent, 10), raw)
	pipe.PExpire(ctx, words, DraftFor)
	pipe.ZAdd(ctx, list, redis.Z{Score: float64(now.Add(DraftFor).UnixMilli()), Member: session})
	pipe.ZRemRangeByScore(ctx, list, "-inf", strconv.FormatInt(now.UnixMilli(), 10))
	pipe.PExpire(ctx, list, DraftFor)
	return exec(ctx, pipe, "keep a draft")
}

// Get is an agent's draft at a session, empty when there is none.
func (d *Drafts) Get(ctx context.Context, session string, agent int64) (draft Draft, err error) {
	raw, err := d.client.HGet(ctx, draftKey(d.prefix, session), strconv.FormatInt(agent, 10)).Bytes()
	if errors.Is(err, redis.Nil) {
		return draft, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &draft)
	}
	if err != nil {
		return draft, fmt.Errorf("read a draft: %w", err)
	}
	return draft, nil
}

// Sessions lists those at which an agent has begun to write, in one round trip.
func (d *Drafts) Sessions(ctx context.Context, agent int64) (map[string]bool, error) {
	pipe := d.client.Pipeline()
	clock, list := pipe.Time(ctx), pipe.ZRangeWithScores(ctx, draftsKey(d.prefix, agent), 0, -1)
	if err := exec(ctx, pipe, "list drafts"); err != nil {
		return nil, err
	}
	sessions := map[string]bool{}
	for _, z := range list.Val() {
		if session, ok := z.Member.(string); ok && int64(z.Score) > clock.Val().UnixMilli() {
			sessions[session] = true
		}
	}
	return sessions, nil
}

// Forget removes all agents' drafts at sessions: the words first, then the sessions from the agents' lists. It can be repeated; what an
// agent writes meanwhile may come again.
func (d *Drafts) Forget(ctx context.Context, sessions ...string) error {
	for _, session := range sessions {
		agents, err := d.client.HKeys(ctx, draftKey(d.prefix, session)).Result()
		if err != nil {
			return fmt.Errorf("forget drafts: %w", err)
		}
		pipe := d.client.Pipeline()
		pipe.Del(ctx, draftKey(d.prefix, session))
		for _, agent := range agents {
			if id, err := strconv.ParseInt(agent, 10, 64); err == nil {
				pipe.ZRem(ctx, draftsKey(d.prefix, id), session)
			}
		}
		if err := exec(ctx, pipe, "forget drafts"); err != nil {
			return err
		}
	}
	return nil
}
