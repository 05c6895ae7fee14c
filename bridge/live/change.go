package live

import (
	"context"
	"strings"
	"sync"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// Reader reads what changes.
type Reader interface {
	// Cursor is where Changes goes on from now.
	Cursor(ctx context.Context) (string, error)
	// Changes tells which mailboxes changed since a cursor.
	Changes(ctx context.Context, cursor string) (Changed, error)
	// Threads reads threads by the keys of their mailboxes. One that is not there, any more, is nil; one that can't be read is absent.
	Threads(ctx context.Context, keys []string) (map[string]*conversation.Thread, error)
	// Standing reads the threads that pages may have in their lists: all that go on and those that ended lately.
	Standing(ctx context.Context) ([]conversation.Thread, error)
}

// Visits knows which agents look at which conversations.
type Visits interface {
	// Of tells who is at sessions; the i-th list is the i-th session's, in an order that stays.
	Of(ctx context.Context, sessions []string) ([][]Visitor, error)
}

// Changed is what changed since a cursor: the keys of mailboxes, and where to go on. Reset says that it can't be told and that everything is
// to be read again.
type Changed struct {
	Keys   []string
	Cursor string
	Reset  bool
}

// Visitor is an agent who looks at a conversation.
type Visitor struct {
	ID     int64
	Name   string
	Typing bool
}

// Here is who looks at a conversation.
type Here struct {
	Session  string
	Visitors []Visitor
}

// Place is what decides about who may see a thread's newest conversation.
type Place struct {
	Number  string
	Session string
	Owner   int64
	Queue   string
}

// placeOf is where a thread stands; ok is false when it has no conversation.
func placeOf(t *conversation.Thread) (p Place, ok bool) {
	if t == nil || t.Conversation == nil {
		return p, false
	}
	c := t.Conversation
	return Place{Number: t.Number, Session: c.Session, Owner: c.Owner, Queue: c.Procedure.Queue}, true
}

// Thread is a thread that stands there, with nothing else in it.
func (p Place) Thread() conversation.Thread {
	c := &conversation.Conversation{Session: p.Session, Owner: p.Owner}
	c.Procedure.Queue = p.Queue
	return conversation.Thread{Number: p.Number, Conversation: c}
}

// Change is a thread that changed. It is the same for all pages and must not be written to.
type Change struct {
	Key string
	// Thread is what it is now; nil when there is none any more.
	Thread *conversation.Thread
	// Before is where it stood when a page was last told of it, Known whether that is known. Without a session it stood nowhere.
	Before Place
	Known  bool

	once sync.Once
	text []byte
}

// Text is what the first caller makes of the change; those that come later get the same.
func (c *Change) Text(write func() []byte) []byte {
	c.once.Do(func() { c.text = write() })
	return c.text
}

// Had tells whether the thread has had a conversation that is not its own now: it was forgotten, or has handed itself over. Of one that
// never had any no page can know.
func (c *Change) Had() bool {
	return c.Thread == nil || c.Thread.Conversation == nil && (c.Thread.Count > 0 || c.Thread.Merging != nil)
}

// Batch is what a page gets at once.
type Batch struct {
	// Cursor is where to go on after the batch; "" where it was before.
	Cursor string
	// First says that it is what changed since the page's own cursor: where threads stood before is not known.
	First bool
	// Reset says that it can't be told what changed: everything is to be read again.
	Reset bool
	// Changes hold each thread once.
	Changes []*Change
	// Desk says that agents' presence or queues changed.
	Desk bool
	// Here tells who is at the conversations that the page watches, where that changed.
	Here []Here
}

// isThread tells whether a mailbox is a thread's.
func isThread(key string) bool {
	for _, other := range []string{conversation.AccountPrefix, conversation.TicketPrefix, conversation.MediaPrefix, conversation.SystemPrefix} {
		if strings.HasPrefix(key, other) {
			return false
		}
	}
	_, _, ok := conversation.ParseKey(key)
	return ok
}

// sort picks out of the keys of mailboxes those of threads, and tells whether the desk's is there.
func sort(keys []string) (threads []string, desk bool) {
	for _, key := range keys {
		if isThread(key) {
			threads = append(threads, key)
		}
		desk = desk || key == conversation.DeskKey
	}
	return threads, desk
}
