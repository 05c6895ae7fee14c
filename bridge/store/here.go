package store

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/here.lua
var hereSource string

// How long what an agent said about itself counts.
const (
	// HereFor is how long an agent is thought to look at a conversation.
	HereFor = 15 * time.Second
	// TypingFor is how long an agent is thought to write in it.
	TypingFor = 10 * time.Second
)

// Doing is what an agent does at a conversation.
type Doing int

// What an agent can do there.
const (
	// Left is to look at it no more.
	Left Doing = iota
	// Viewing is to look at it.
	Viewing
	// Typing is to write in it, and to look at it.
	Typing
)

// Visitor is an agent who looks at a conversation.
type Visitor struct {
	ID     int64
	Name   string
	Typing bool
}

// Here knows which agents look at which conversations: one hash a session, which vanishes by itself. It holds agents' names and nothing of
// the customer.
type Here struct {
	client redis.UniversalClient
	prefix string
	note   *redis.Script
}

// NewHere makes the register.
func NewHere(client redis.UniversalClient, prefix string) *Here {
	return &Here{client: client, prefix: prefix, note: script(hereSource)}
}

// hereKey holds who looks at a session.
func hereKey(prefix, session string) string { return prefix + "here:" + session }

// Put notes what an agent does at a session and tells who is there, by id, the agent included unless it left. What was noted of the agent
// before counts no more.
func (h *Here) Put(ctx context.Context, session string, agent int64, name string, doing Doing) ([]Visitor, error) {
	var looks, writes time.Duration
	switch doing {
	case Typing:
		looks, writes = HereFor, TypingFor
	case Viewing:
		looks = HereFor
	case Left:
	}
	keys := []string{hereKey(h.prefix, session)}
	reply, err := h.note.Run(ctx, h.client, keys, agent, name, looks.Milliseconds(), writes.Milliseconds()).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("note who is here: %w", err)
	}
	now, err := strconv.ParseInt(reply[0], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("note who is here: %w", err)
	}
	entries := map[string]string{}
	for i := 1; i+1 < len(reply); i += 2 {
		entries[reply[i]] = reply[i+1]
	}
	return visitors(entries, now), nil
}

// Of tells who is at many sessions, in one round trip; the i-th list is the i-th session's, by id.
func (h *Here) Of(ctx context.Context, sessions []string) ([][]Visitor, error) {
	out := make([][]Visitor, len(sessions))
	if len(sessions) == 0 {
		return out, nil
	}
	pipe := h.client.Pipeline()
	clock := pipe.Time(ctx)
	reads := make([]*redis.MapStringStringCmd, len(sessions))
	for i, session := range sessions {
		reads[i] = pipe.HGetAll(ctx, hereKey(h.prefix, session))
	}
	if err := exec(ctx, pipe, "read who is here"); err != nil {
		return nil, err
	}
	for i, r := range reads {
		out[i] = visitors(r.Val(), clock.Val().UnixMilli())
	}
	return out, nil
}

// Forget removes what is known of sessions.
func (h *Here) Forget(ctx context.Context, sessions ...string) error {
	pipe := h.client.Pipeline()
	for _, session := range sessions {
		pipe.Del(ctx, hereKey(h.prefix, session))
	}
	return exec(ctx, pipe, "forget who is here")
}

// visitors reads the entries that count still.
func visitors(entries map[string]string, now int64) []Visitor {
	var list []Visitor
	for agent, entry := range entries {
		id, err := strconv.ParseInt(agent, 10, 64)
		parts := strings.SplitN(entry, " ", 3)
		if err != nil || len(parts) != 3 {
			continue
		}
		looks, _ := strconv.ParseInt(parts[0], 10, 64)
		writes, _ := strconv.ParseInt(parts[1], 10, 64)
		if looks > now {
			list = append(list, Visitor{ID: id, Name: parts[2], Typing: writes > now})
		}
	}
	slices.SortFunc(list, func(a, b Visitor) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
