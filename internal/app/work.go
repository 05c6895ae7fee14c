package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/bridge/web"
)

// work is what failed for good and what stands still.
type work struct{ a *App }

// mostDeadListed is how many dead letters are listed.
const mostDeadListed = 200

// Dead lists the dead letters, the newest first.
func (w work) Dead(ctx context.Context) ([]web.DeadWork, error) {
	letters, err := w.a.Mailboxes.Dead(ctx, mostDeadListed)
	if err != nil {
		return nil, err
	}
	sessions := w.sessions()
	list := make([]web.DeadWork, len(letters))
	for i, l := range letters {
		list[i] = web.DeadWork{ID: l.ID, At: l.At, Reason: l.Reason, Kind: deadKind(l.Event)}
		if list[i].Session, err = sessions(ctx, l.Key); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b web.DeadWork) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) })
	return list, nil
}

// deadKind is what kind of work an event would have done, "" when that can't be read. Nothing else of it is told.
func deadKind(event []byte) string {
	var e struct {
		Kind   string `json:"k"`
		Effect struct {
			Kind string `json:"k"`
		} `json:"e"`
	}
	if json.Unmarshal(event, &e) != nil {
		return ""
	}
	return cmp.Or(e.Effect.Kind, e.Kind)
}

// sessions tells the newest session of threads by their mailboxes; "" where there is none. Each is read once.
func (w work) sessions() func(ctx context.Context, key string) (string, error) {
	known := map[string]string{}
	return func(ctx context.Context, key string) (string, error) {
		session, ok := known[key]
		if ok || !threadKey(key) {
			return session, nil
		}
		raw, _, err := w.a.Mailboxes.Field(ctx, key, conversation.StateField)
		if err != nil {
			return "", err
		}
		var t conversation.Thread
		if raw != nil && conversation.DecodeState(raw, &t) == nil && t.Conversation != nil {
			session = t.Conversation.Session
		}
		known[key] = session
		return session, nil
	}
}

// threadKey tells whether a mailbox is a thread's.
func threadKey(key string) bool {
	number, contact, ok := conversation.ParseKey(key)
	if !ok {
		return false
	}
	_, ok = conversation.ThreadOfSession(conversation.SessionID(number, contact, 1))
	return ok
}

// Halted lists the mailboxes that workers stay away from.
func (w work) Halted(ctx context.Context) ([]web.HaltedWork, error) {
	halted, err := w.a.Mailboxes.Halted(ctx)
	if err != nil {
		return nil, err
	}
	sessions := w.sessions()
	list := make([]web.HaltedWork, len(halted))
	for i, h := range halted {
		snap, err := w.a.Mailboxes.Peek(ctx, h.Key)
		if err != nil {
			return nil, err
		}
		list[i] = web.HaltedWork{Key: h.Key, Since: h.Since, Reason: h.Reason, Waiting: snap.Inbox}
		if list[i].Session, err = sessions(ctx, h.Key); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b web.HaltedWork) int { return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.Key, b.Key)) })
	return list, nil
}

// Replay tries a dead letter again.
func (w work) Replay(ctx context.Context, id string) (bool, error) {
	letter, err := w.a.Mailboxes.DeadLetter(ctx, id)
	if err == nil {
		err = w.a.Mailboxes.RetryDead(ctx, id)
	}
	if err == nil {
		w.a.Engine.Notify(letter.Key)
	}
	return there(err)
}

// Drop gives a dead letter up.
func (w work) Drop(ctx context.Context, id string) (bool, error) {
	return there(w.a.Mailboxes.DropDead(ctx, id))
}

// there turns the error of something that is not there into false.
func there(err error) (bool, error) {
	if errors.Is(err, mailbox.ErrNoDeadLetter) {
		return false, nil
	}
	return err == nil, err
}

// Resume lets workers at a mailbox again.
func (w work) Resume(ctx context.Context, key string) (bool, error) {
	ok, err := w.a.Mailboxes.Resume(ctx, key)
	if ok {
		w.a.Engine.Notify(key)
	}
	return ok, err
}
