package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
)

// lists reads conversations by where they stand, from the views that threads write with their commits.
type lists struct {
	a *App
	// whole says that all threads stand in the views for lists, also those that were stored before there were such. Until then lists
	// are read from the views of states, whatever the caller may see of them.
	whole *atomic.Bool
}

// listsKey is where the version of the views is kept in which all threads stand.
func listsKey(prefix string) string { return prefix + "cfg:lists" }

// listsVersion is that of the present views.
const listsVersion = 1

// complete tells whether all threads stand in the views for lists.
func (l lists) complete(ctx context.Context) (bool, error) {
	if l.whole.Load() {
		return true, nil
	}
	version, err := l.a.redis.Get(ctx, listsKey(l.a.Config.RedisPrefix)).Int()
	if err != nil && !errors.Is(err, redis.Nil) {
		return false, fmt.Errorf("read the version of views: %w", err)
	}
	l.whole.Store(version >= listsVersion)
	return version >= listsVersion, nil
}

// How much is read at most: of what goes on, in each view and partition, and of what ended, in all.
const (
	mostGoing = 5000
	leastPast = 2000
	mostPast  = 5000
)

// endsRead is how many entries at the end of a transcript are looked through for the newest words, endsMore how many where these are
// nothing but delivery states and the like.
const (
	endsRead = 8
	endsMore = 64
)

// Listed reads the threads that may be in a list, by the views in which they stand.
func (l lists) Listed(ctx context.Context, q web.Listing) (web.Listed, error) {
	find := l.keys
	if q.Words != "" {
		find = l.find
	}
	keys, more, err := find(ctx, q)
	if err != nil {
		return web.Listed{}, err
	}
	threads, err := l.threads(ctx, keys)
	return web.Listed{Threads: threads, More: more}, err
}

// mostHits is how many hits of a search are looked at.
const mostHits = 500

// find lists the mailboxes whose texts a search finds, and the one of a session that is named.
func (l lists) find(ctx context.Context, q web.Listing) (keys []string, _ int, err error) {
	if key, ok := conversation.ThreadOfSession(q.Words); ok {
		_, at, err := l.a.Mailboxes.Field(ctx, key, conversation.StateField) // wherever it moved
		return []string{at}, 0, err
	}
	wanted := conversation.ParseWanted(q.Words)
	if len(wanted) == 0 {
		return nil, 0, nil
	}
	keys, _, err = l.a.Mailboxes.Find(ctx, wanted.Part(), wanted.In, mostHits)
	return keys, 0, err
}

// keys lists the mailboxes that may be in a list, and tells how many others ended earlier.
func (l lists) keys(ctx context.Context, q web.Listing) (keys []string, more int, err error) {
	whole, err := l.complete(ctx)
	if err != nil {
		return nil, 0, err
	}
	if !whole { // what a list leaves out is left out of what is read
		q.Agent, q.Queue, q.Caller = 0, "", web.Caller{Everything: true}
		if !q.View.Past() {
			q.View = web.ListAll
		}
	}
	if q.View.Past() {
		return l.past(ctx, q)
	}
	found, err := l.going(ctx, q)
	return slices.Collect(maps.Keys(found)), 0, err
}

// marks are the views that hold a list of what goes on, over all queues.
func marks() map[web.ListView]string {
	return map[web.ListView]string{web.ListAttention: conversation.ViewAttention, web.ListSnoozed: conversation.ViewSnoozed}
}

// going lists the mailboxes of a list of what goes on.
func (l lists) going(ctx context.Context, q web.Listing) (map[string]bool, error) {
	mark, marked := marks()[q.View]
	if marked && q.Caller.Everything && q.Agent == 0 && q.Queue == "" {
		return l.a.Mailboxes.Keys(ctx, []string{mark}, mostGoing)
	}
	found, err := l.a.Mailboxes.Keys(ctx, going(q), mostGoing)
	if err != nil || !marked {
		return found, err
	}
	these, err := l.a.Mailboxes.Keys(ctx, []string{mark}, mostGoing)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(found, func(key string, _ bool) bool { return !these[key] })
	return found, nil
}

// going lists the views that hold all of a list of what goes on, as far as the caller may see it.
func going(q web.Listing) []string {
	states := map[web.ListView][]conversation.State{
		web.ListNew: {conversation.StateQueued}, web.ListMine: {conversation.StateActive, conversation.StatePending},
		web.ListOthers: {conversation.StateActive, conversation.StatePending}, web.ListSnoozed: {conversation.StateActive, conversation.StatePending},
	}[q.View]
	if states == nil {
		states = conversation.GoingStates()
	}
	if q.View == web.ListMine {
		return conversation.OwnerViews(q.Caller.Agent.ID, states...)
	}
	return standing(q, states...)
}

// standing lists the views that hold all conversations of some states that are asked for, as far as the caller may see them.
func standing(q web.Listing, states ...conversation.State) []string {
	switch {
	case q.Agent != 0:
		return conversation.OwnerViews(q.Agent, states...)
	case q.Queue != "":
		return append(conversation.TeamViews(q.Queue, states...), conversation.TeamViews("", states...)...)
	case q.Caller.Everything:
		return conversation.StateViews(states...)
	}
	views := append(q.Caller.Agent.TeamViews(states...), conversation.TeamViews("", states...)...)
	return append(views, conversation.OwnerViews(q.Caller.Agent.ID, states...)...)
}

// span is a part of some views.
type span struct {
	views []string
	upto  time.Time // zero: all
}

// ended lists the parts of views that hold all of a list of what ended, as far as the caller may see it.
func ended(q web.Listing) []span {
	if q.View != web.ListExpired {
		return []span{{views: standing(q, conversation.EndedStates()...)}}
	}
	return []span{
		{views: standing(q, conversation.StateExpired)},
		{views: standing(q, conversation.StateClosed), upto: q.Now.Add(-web.LongClosed + time.Minute)},
	}
}

// past lists the mailboxes of what ended, the last ended first.
func (l lists) past(ctx context.Context, q web.Listing) (keys []string, more int, err error) {
	most := min(max(q.Most, leastPast), mostPast)
	seen := map[string]bool{}
	for _, s := range ended(q) {
		got, count, err := l.a.Mailboxes.Latest(ctx, s.views, time.Time{}, s.upto, most)
		if err != nil {
			return nil, 0, err
		}
		more += count - len(got)
		for _, m := range got {
			if !seen[m.Key] {
				seen[m.Key] = true
				keys = append(keys, m.Key)
			}
		}
	}
	return keys, more, nil
}

// readAtOnce is how many states are read in one round trip.
const readAtOnce = 1000

// threads reads threads; what is gone or has moved is left out.
func (l lists) threads(ctx context.Context, keys []string) ([]conversation.Thread, error) {
	slices.Sort(keys) // the same order whatever the views' was
	threads := make([]conversation.Thread, 0, len(keys))
	for some := range slices.Chunk(keys, readAtOnce) {
		states, err := l.a.Mailboxes.States(ctx, some, conversation.StateField)
		if err != nil {
			return nil, err
		}
		threads = append(threads, decoded(states)...)
	}
	return threads, nil
}

// decoded reads stored threads, on all processors. One that can't be read is left out: its mailbox is halted, which is told elsewhere.
func decoded(states [][]byte) []conversation.Thread {
	list := make([]*conversation.Thread, len(states))
	spread(len(states), func(i int) {
		var t conversation.Thread
		if states[i] != nil && conversation.DecodeState(states[i], &t) == nil {
			list[i] = &t
		}
	})
	threads := make([]conversation.Thread, 0, len(list))
	for _, t := range list {
		if t != nil {
			threads = append(threads, *t)
		}
	}
	return threads
}

// spread does n pieces of work on all processors.
func spread(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), max(n/64, 1))
	var busy sync.WaitGroup
	for w := range workers {
		busy.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	busy.Wait()
}

// Cursor is where the stream goes on from what is read after it.
func (l lists) Cursor(ctx context.Context) (string, error) { return l.a.Mailboxes.Cursor(ctx) }

// OfTicket reads the thread that a ticket belongs to, wherever it moved; ok is false when there is none.
func (l lists) OfTicket(ctx context.Context, ticket int64) (t conversation.Thread, ok bool, err error) {
	key, ok, err := store.NewTickets(l.a.redis, l.a.Config.RedisPrefix).TicketThread(ctx, ticket)
	if err != nil || !ok {
		return t, false, err
	}
	raw, _, err := l.a.Mailboxes.Field(ctx, key, conversation.StateField)
	if err != nil || raw == nil {
		return t, false, err
	}
	if err := conversation.DecodeState(raw, &t); err != nil {
		return t, false, fmt.Errorf("read a thread: %w", err)
	}
	return t, true, nil
}

// Marks tells up to when an agent has read sessions, and for which there are drafts of the agent's.
func (l lists) Marks(ctx context.Context, agent int64) (seen map[string]time.Time, drafts map[string]bool, err error) {
	if seen, err = store.NewSeen(l.a.redis, l.a.Config.RedisPrefix).Times(ctx, agent); err != nil {
		return nil, nil, err
	}
	drafts, err = store.NewDrafts(l.a.redis, l.a.Config.RedisPrefix).Sessions(ctx, agent)
	return seen, drafts, err
}

// Ends reads the newest entries of the threads' newest conversations, oldest first, back to the newest words.
func (l lists) Ends(ctx context.Context, threads []conversation.Thread) ([][]conversation.Entry, error) {
	keys, names := make([]string, len(threads)), make([]string, len(threads))
	for i, t := range threads {
		keys[i], names[i] = t.Key(), t.Conversation.Session
		if key, ok := conversation.ThreadOfSession(names[i]); ok {
			keys[i] = key // of the thread that moved into this one, where the transcript stays
		}
	}
	ends, err := l.ends(ctx, keys, names, endsRead)
	if err != nil {
		return nil, err
	}
	var short []int
	for i, end := range ends {
		if len(end) == endsRead && !web.Said(end[0]) {
			short = append(short, i)
		}
	}
	longer, err := l.ends(ctx, picked(keys, short), picked(names, short), endsMore)
	for i, end := range longer {
		ends[short[i]] = end
	}
	return ends, err
}

// ends reads the last n entries of transcripts, each back to the newest words.
func (l lists) ends(ctx context.Context, keys, names []string, n int) ([][]conversation.Entry, error) {
	lines, err := l.a.Mailboxes.Tails(ctx, keys, names, n)
	if err != nil {
		return nil, err
	}
	ends := make([][]conversation.Entry, len(lines))
	spread(len(lines), func(i int) { ends[i] = endOf(lines[i]) })
	return ends, nil
}

// picked is the elements of a list at some places.
func picked(list []string, places []int) []string {
	out := make([]string, len(places))
	for i, at := range places {
		out[i] = list[at]
	}
	return out
}

// endOf reads the end of a transcript from the newest words of customer or desk on; all of it where there are none.
func endOf(lines []string) []conversation.Entry {
	var end []conversation.Entry
	for _, line := range slices.Backward(lines) {
		var e conversation.Entry
		if json.Unmarshal([]byte(line), &e) != nil {
			continue
		}
		end = append(end, e)
		if web.Said(e) {
			break
		}
	}
	slices.Reverse(end)
	return end
}
