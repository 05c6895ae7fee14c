package web

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
)

// viewer is a page that is told of changes: what of them its caller may see.
type viewer struct {
	api    *api
	caller Caller
	feed   *live.Feed
	cursor string // where the page is after what was sent
	// shown are the sessions that the first batch showed, by mailbox, until the next changes come: these tell where threads stood at some
	// time before the first batch, but not what it showed.
	shown map[string]string
	// watches are the sessions that are watched, with their mailbox; told is who is there, as was last sent.
	watches map[string]string
	told    map[string]string
}

// event is one server-sent event.
func event(name string, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil { // nothing of ours is of that kind
		text = []byte("{}")
	}
	return slices.Concat([]byte("event: "), []byte(name), []byte("\ndata: "), text, []byte("\n\n"))
}

// nothing is the data of events that have none.
type nothing struct{}

// reset tells the page to read everything again.
func (v *viewer) reset(ctx context.Context) [][]byte {
	v.shown = nil
	for _, session := range v.watched() {
		v.look(ctx, session)
	}
	return [][]byte{event("reset", nothing{})}
}

// batch is what of a batch the page is sent.
func (v *viewer) batch(ctx context.Context, b live.Batch) [][]byte {
	if b.Cursor != "" {
		v.cursor = b.Cursor
	}
	if b.Reset {
		return v.reset(ctx)
	}
	events, known := v.changes(ctx, b)
	if !known {
		events = v.reset(ctx)
	}
	if b.Desk {
		events = append(events, event("desk", nothing{}))
	}
	for _, here := range b.Here {
		if e := v.here(here); e != nil {
			events = append(events, e)
		}
	}
	return events
}

// changes is what of the changes the page is sent; known is false when it can't be told what the page must forget.
func (v *viewer) changes(ctx context.Context, b live.Batch) (events [][]byte, known bool) {
	shown := v.shown
	if b.First {
		v.shown = map[string]string{}
	} else if len(b.Changes) > 0 {
		v.shown = nil
	}
	for _, c := range b.Changes {
		visible := v.sees(c.Thread)
		if !visible {
			v.lookAt(ctx, c.Key)
		}
		left, known := v.left(c, b.First, visible, shown[c.Key])
		if !known {
			return nil, false
		}
		for _, session := range left {
			events = append(events, event("gone", struct {
				Session string `json:"session"`
			}{session}))
		}
		if visible {
			events = append(events, v.row(c))
			if b.First {
				v.shown[c.Key] = c.Thread.Conversation.Session
			}
		}
	}
	return events, true
}

// left lists the sessions that the page had, or could have had, of a thread, and has no longer; known is false when that can't be told.
func (v *viewer) left(c *live.Change, first, visible bool, shown string) (sessions []string, known bool) {
	switch {
	case first && visible:
		return replaced(c.Thread), true
	case first: // whether the page has it depends on where it stood when the page last heard of it
		return nil, c.Thread != nil && c.Thread.Conversation == nil && !c.Had()
	case c.Before.Session != "":
		if before := c.Before.Thread(); v.sees(&before) {
			sessions = append(sessions, c.Before.Session)
		}
	case !c.Known && !visible && c.Had() && shown == "":
		return nil, false
	}
	if shown != "" && !slices.Contains(sessions, shown) {
		sessions = append(sessions, shown)
	}
	return slices.DeleteFunc(sessions, func(s string) bool { return visible && s == c.Thread.Conversation.Session }), true
}

// replaced is the conversation before a thread's newest, which that takes the place of.
func replaced(t *conversation.Thread) []string {
	all := t.Sessions()
	if i := slices.Index(all, t.Conversation.Session); i > 0 {
		return all[i-1 : i]
	}
	return nil
}

// row is the event of a thread that the caller may see: the same text for all who may.
func (v *viewer) row(c *live.Change) []byte {
	return c.Text(func() []byte {
		row, _ := rowOf(*c.Thread, v.api.Settings(c.Thread.Number), v.api.now())
		return event("change", row)
	})
}

// here is the event of who is at a watched conversation; nil when the page knows.
func (v *viewer) here(h live.Here) []byte {
	if _, ok := v.watches[h.Session]; !ok {
		return nil
	}
	e := event("here", hereOf(h.Session, h.Visitors, v.caller.Agent.ID))
	if v.told[h.Session] == string(e) {
		return nil
	}
	v.told[h.Session] = string(e)
	return e
}

// watched lists the sessions that are watched.
func (v *viewer) watched() []string { return slices.Sorted(maps.Keys(v.watches)) }

// watch lets a conversation be watched, if the caller may see it; else nothing is told of it.
func (v *viewer) watch(ctx context.Context, session string) error {
	t, ok, err := v.api.Threads.Thread(ctx, session)
	if err != nil {
		return err
	}
	if ok && slices.Contains(t.Sessions(), session) && v.sees(&t) {
		v.watches[session] = t.Key()
	}
	return nil
}

// lookAt looks again at the watched conversations of a mailbox.
func (v *viewer) lookAt(ctx context.Context, key string) {
	for session, at := range v.watches {
		if own, _ := conversation.ThreadOfSession(session); at == key || own == key {
			v.look(ctx, session)
		}
	}
}

// look looks again at a watched conversation: it may have moved, or left what the caller may see. When that can't be told it is left.
func (v *viewer) look(ctx context.Context, session string) {
	delete(v.watches, session)
	if err := v.watch(ctx, session); err != nil {
		v.api.logger.WarnContext(ctx, "watched conversation not read", "error", err)
	}
	if _, ok := v.watches[session]; !ok {
		v.feed.Unwatch(session)
		delete(v.told, session)
	}
}

// check looks whether the caller's session goes on. One whose rights have changed reads everything again.
func (v *viewer) check(ctx context.Context) (events [][]byte, goesOn bool) {
	if v.caller.Program() {
		return nil, true
	}
	now, ok, err := v.api.Sessions.Current(ctx, v.caller.Session)
	switch {
	case err != nil:
		if ctx.Err() == nil {
			v.api.logger.WarnContext(ctx, "session not checked", "error", err)
		}
		return nil, true
	case !ok:
		return [][]byte{event("expired", nothing{})}, false
	}
	same := now.Role == v.caller.Role && now.Everything == v.caller.Everything && slices.Equal(now.Agent.Groups, v.caller.Agent.Groups)
	v.caller = now
	if same {
		return nil, true
	}
	return v.reset(ctx), true
}
