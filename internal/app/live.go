package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
)

// newLive makes what tells pages what changes.
func (a *App) newLive() *live.Hub {
	hub := live.New(live.Config{
		Reader: liveReader{lists{a: a, whole: a.whole}}, Visits: visits{store.NewHere(a.redis, a.Config.RedisPrefix)},
		Registry: a.Registry, Logger: a.parts.Logger,
	})
	a.cleanup.add("live", func(context.Context) error {
		hub.Close()
		return nil
	})
	return hub
}

// liveReader reads what changes.
type liveReader struct{ l lists }

// Cursor is where Changes goes on from now.
func (r liveReader) Cursor(ctx context.Context) (string, error) { return r.l.a.Mailboxes.Cursor(ctx) }

// Changes tells which mailboxes changed since a cursor.
func (r liveReader) Changes(ctx context.Context, cursor string) (live.Changed, error) {
	c, err := r.l.a.Mailboxes.Changes(ctx, cursor)
	return live.Changed(c), err
}

// Threads reads threads by the keys of their mailboxes. One that is not there, any more, is nil; one that can't be read is absent.
func (r liveReader) Threads(ctx context.Context, keys []string) (map[string]*conversation.Thread, error) {
	found := make(map[string]*conversation.Thread, len(keys))
	for some := range slices.Chunk(keys, readAtOnce) {
		states, err := r.l.a.Mailboxes.States(ctx, some, conversation.StateField)
		if err != nil {
			return nil, err
		}
		for i, raw := range states {
			if raw == nil {
				found[some[i]] = nil
				continue
			}
			if t := new(conversation.Thread); conversation.DecodeState(raw, t) == nil {
				found[some[i]] = t
			}
		}
	}
	return found, nil
}

// endedKnown is of how many of those that ended last is known where they stood.
const endedKnown = 2000

// Standing reads the threads that pages may have in their lists: all that go on and those that ended last.
func (r liveReader) Standing(ctx context.Context) ([]conversation.Thread, error) {
	going, err := r.l.a.Mailboxes.Keys(ctx, conversation.StateViews(conversation.GoingStates()...), mostGoing)
	if err != nil {
		return nil, err
	}
	ended, _, err := r.l.a.Mailboxes.Latest(ctx, conversation.StateViews(conversation.EndedStates()...), time.Time{}, time.Time{}, endedKnown)
	if err != nil {
		return nil, err
	}
	for _, m := range ended {
		going[m.Key] = true
	}
	return r.l.threads(ctx, slices.Collect(maps.Keys(going)))
}

// visits knows who looks at which conversations.
type visits struct{ here *store.Here }

// Of tells who is at sessions.
func (v visits) Of(ctx context.Context, sessions []string) ([][]live.Visitor, error) {
	lists, err := v.here.Of(ctx, sessions)
	if err != nil {
		return nil, err
	}
	out := make([][]live.Visitor, len(lists))
	for i, list := range lists {
		out[i] = visitors(list)
	}
	return out, nil
}

func visitors(list []store.Visitor) []live.Visitor {
	out := make([]live.Visitor, len(list))
	for i, v := range list {
		out[i] = live.Visitor(v)
	}
	return out
}

// notes keeps what agents leave beside conversations.
type notes struct {
	here   *store.Here
	drafts *store.Drafts
	seen   *store.Seen
	moved  func() // who is where has changed
}

func (a *App) notes() notes {
	client, prefix := a.redis, a.Config.RedisPrefix
	return notes{store.NewHere(client, prefix), store.NewDrafts(client, prefix), store.NewSeen(client, prefix), a.hub.Moved}
}

// Here notes what an agent does at a session, and tells who is there.
func (n notes) Here(ctx context.Context, session string, agent conversation.Agent, doing web.Doing) ([]live.Visitor, error) {
	does := map[web.Doing]store.Doing{web.Viewing: store.Viewing, web.Typing: store.Typing, web.Left: store.Left}[doing]
	list, err := n.here.Put(ctx, session, agent.ID, agent.Name, does)
	if err != nil {
		return nil, err
	}
	n.moved()
	return visitors(list), nil
}

// Draft is what an agent has begun to write at a session.
func (n notes) Draft(ctx context.Context, session string, agent int64) (web.Draft, error) {
	d, err := n.drafts.Get(ctx, session, agent)
	return web.Draft(d), err
}

// KeepDraft keeps it; an empty one is forgotten.
func (n notes) KeepDraft(ctx context.Context, session string, agent int64, d web.Draft) error {
	return n.drafts.Put(ctx, session, agent, store.Draft(d))
}

// MarkSeen notes that an agent has read a session up to a time.
func (n notes) MarkSeen(ctx context.Context, session string, agent int64, at time.Time) error {
	return n.seen.Mark(ctx, session, agent, at)
}

// erasable are the mailboxes as effects have them: with a session's transcript goes what agents have written beside it.
type erasable struct {
	*mailbox.Store

	notes notes
}

// DropTranscript removes a session's transcript, agents' drafts of what they wanted to say there, and who looks at it. When agents have read
// it stays: sessions and times, which say nothing of a person once nobody knows whose session it was.
func (e erasable) DropTranscript(ctx context.Context, key, session string) error {
	if err := e.notes.drafts.Forget(ctx, session); err != nil {
		return err
	}
	if err := e.notes.here.Forget(ctx, session); err != nil {
		return err
	}
	return e.Store.DropTranscript(ctx, key, session)
}
