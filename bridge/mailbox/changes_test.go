package mailbox_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// write commits a state to a mailbox.
func (h *house) write(key, state string) {
	h.t.Helper()
	h.put(key, "")
	l := h.take(h.Store, key)
	h.commit(l, mailbox.Commit{Consume: len(l.Inbox()), Set: map[string][]byte{"s": []byte(state)}, Release: true})
}

// forget lets a mailbox be forgotten.
func (h *house) forget(key string) {
	h.t.Helper()
	h.put(key, "")
	l := h.take(h.Store, key)
	h.commit(l, mailbox.Commit{Consume: len(l.Inbox()), Release: true, Forget: true})
}

func (h *house) cursor() string {
	h.t.Helper()
	c, err := h.Cursor(h.t.Context())
	h.ok(err)
	return c
}

// since is the keys that changed since a cursor, sorted, and the next cursor.
func (h *house) since(cursor string) (keys []string, next string) {
	h.t.Helper()
	got, err := h.Changes(h.t.Context(), cursor)
	h.ok(err)
	if got.Reset {
		h.t.Fatalf("reset from cursor %q", cursor)
	}
	return slices.Sorted(slices.Values(got.Keys)), got.Cursor
}

func TestChangesTellWhatWasCommitted(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		start := h.cursor()
		keys, at := h.since(start)
		h.same("nothing", len(keys), 0)
		h.same("the cursor of nothing", at, start)

		h.write("a", "1")
		h.write("b", "1")
		h.write("a", "2")
		keys, at = h.since(start)
		h.same("both, each once", keys, []string{"a", "b"})
		keys, same := h.since(at)
		h.same("and no more", len(keys), 0)
		h.same("the cursor stays", same, at)
		h.same("now", h.cursor(), at)

		h.put("c", "1") // came, but nobody has decided
		l := h.take(h.Store, "c")
		h.commit(l, mailbox.Commit{Consume: 1, Del: []string{"x"}, Release: true}) // no state
		keys, _ = h.since(at)
		h.same("what changes no state is no change", len(keys), 0)

		h.write("b", "2")
		keys, _ = h.since(at)
		h.same("one", keys, []string{"b"})
		keys, _ = h.since(start)
		h.same("from the start", keys, []string{"a", "b"})
	})
}

// TestChangesGoOnPastWhatIsNotThere takes the place of a change away, as no commit does: the cursor does not stay before it, nor go back.
func TestChangesGoOnPastWhatIsNotThere(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	h.write("a", "1")
	at := h.cursor()
	h.write("a", "2")
	h.remove("a", "chg")
	keys, next := h.since(at)
	h.same("nothing to tell", len(keys), 0)
	h.same("the cursor", next, h.cursor())
}

func TestChangesTellWhatWasForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.write("a", "1")
		h.write("b", "1")
		at := h.cursor()
		h.forget("a")
		h.forget("never") // nobody can know of it
		keys, next := h.since(at)
		h.same("forgotten", keys, []string{"a"})
		h.write("a", "new")
		keys, _ = h.since(next)
		h.same("and there again", keys, []string{"a"})
		keys, _ = h.since(at)
		h.same("told once", keys, []string{"a"})
	})
}

func TestChangesBeginAnewAfterTooManyForgotten(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	h.write("first", "1")
	h.write("second", "1")
	at := h.cursor()
	var forgotten []redis.Z // as commits write them
	for i := range 255 {
		forgotten = append(forgotten, redis.Z{Score: float64(i + 10), Member: fmt.Sprint("gone", i)})
	}
	h.ok(h.r.Client.ZAdd(t.Context(), h.redisKey("first", "gone"), forgotten...).Err())
	h.ok(h.r.Client.Set(t.Context(), h.redisKey("first", "seq"), 300, 0).Err())
	keys, next := h.since(at)
	h.same("so many can be told", len(keys), 255)
	for _, step := range []string{"one more", "another one"} {
		h.write("first", "2")
		h.forget("first")
		got, err := h.Changes(t.Context(), at)
		h.ok(err)
		h.same(step+": some may be missing", got, mailbox.Changes{Cursor: h.cursor(), Reset: true})
		n, err := h.r.Client.ZCard(t.Context(), h.redisKey("first", "gone")).Result()
		h.ok(err)
		h.same("kept", n, int64(256))
		keys, _ = h.since(next)
		h.same("who was there since", keys, []string{"first"})
	}
}

func TestChangesOfAStrangeCursorBeginAnew(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.write("a", "1")
		h.write("b", "1")
		now := h.cursor()
		raw, err := base64.RawURLEncoding.DecodeString(now)
		h.ok(err)
		encode := func(b ...byte) string { return base64.RawURLEncoding.EncodeToString(b) }
		ahead := slices.Clone(raw)
		ahead[1+h.Partition("a")]++
		for name, cursor := range map[string]string{
			"empty": "", "no letters of ours": "a b!", "padded": now + "==", "a truncated number": encode(1, 0, 0, 0x80),
			"of another form": encode(append([]byte{2}, raw[1:]...)...), "fewer partitions": encode(raw[:3]...),
			"more partitions": encode(append(slices.Clone(raw), 0)...), "beyond the store's": encode(ahead...),
			"far too long": strings.Repeat("A", 100_000), "a number without end": encode(append([]byte{1, 0, 0}, slices.Repeat([]byte{0xff}, 12)...)...),
			"a huge number": encode(1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		} {
			got, err := h.Changes(t.Context(), cursor)
			h.ok(err)
			h.same(name, got, mailbox.Changes{Cursor: now, Reset: true})
		}
	})
}

func TestChangesOfAnotherNumberOfPartitions(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	at := h.cursor()
	other := h.with(func(c *mailbox.Config) { c.Partitions, c.Prefix = 64, "other:" })
	got, err := other.Changes(t.Context(), at)
	h.ok(err)
	h.same("reset", got.Reset, true)
	back, err := other.Changes(t.Context(), got.Cursor)
	h.ok(err)
	h.same("goes on", back, mailbox.Changes{Cursor: got.Cursor})
}

func TestChangesOfTooMuchBeginAnew(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	at := h.cursor()
	place := func(from, to int) { // behind the package's back, as commits do
		pipe := h.r.Client.Pipeline()
		for i := from; i < to; i++ {
			key := fmt.Sprint("k", i)
			pipe.ZAdd(t.Context(), h.redisKey(key, "chg"), redis.Z{Score: float64(i + 1), Member: key})
			pipe.Set(t.Context(), h.redisKey(key, "seq"), i+1, 0)
		}
		_, err := pipe.Exec(t.Context())
		h.ok(err)
	}
	place(0, mailbox.MaxChanges)
	keys, _ := h.since(at)
	h.same("as many as are told", len(keys), mailbox.MaxChanges)
	place(mailbox.MaxChanges, mailbox.MaxChanges+1)
	got, err := h.Changes(t.Context(), at)
	h.ok(err)
	h.same("one more", got, mailbox.Changes{Cursor: h.cursor(), Reset: true})
}

func TestChangesTakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Server(t))
	calls := &callCount{}
	client := dial(t, h.r, nil)
	client.AddHook(calls)
	s := h.with(func(c *mailbox.Config) { c.Client, c.Partitions, c.Prefix = client, 64, h.r.Prefix+"64:" })
	_, err := s.Cursor(t.Context()) // connects
	h.ok(err)
	calls.n = 0
	at, err := s.Cursor(t.Context())
	h.ok(err)
	h.same("a cursor", calls.n, 1)
	_, err = s.Changes(t.Context(), at)
	h.ok(err)
	h.same("nothing changed", calls.n, 2)
	for i := range 40 {
		_, err = s.Append(t.Context(), mailbox.Delivery{Key: fmt.Sprint("k", i), Events: events("1")})
		h.ok(err)
	}
	for p := range 64 {
		leases, err := s.Claim(t.Context(), []int{p}, 100)
		h.ok(err)
		for _, l := range leases {
			h.ok(s.Commit(t.Context(), l, mailbox.Commit{Consume: 1, Set: map[string][]byte{"s": nil}, Release: true}))
		}
	}
	calls.n = 0
	got, err := s.Changes(t.Context(), at)
	h.ok(err)
	h.same("forty", len(got.Keys), 40)
	h.same("all of them", calls.n, 2)
}

func TestChangesTellFailures(t *testing.T) {
	t.Parallel()
	h := setup(t, testredis.Mini(t))
	at := h.cursor()
	h.write("a", "1")
	s, client := h.other()
	client.AddHook(&between{func() { h.r.Mini.SetError("LOADING") }})
	if _, err := s.Changes(t.Context(), at); err == nil {
		t.Error("changes of a store that fails half-way")
	}
	if _, err := h.Changes(t.Context(), at); err == nil {
		t.Error("changes of a store that fails")
	}
	if _, err := h.Cursor(t.Context()); err == nil {
		t.Error("a cursor of a store that fails")
	}
}

// other is another instance, which is connected, and its client.
func (h *house) other() (*mailbox.Store, redis.UniversalClient) {
	h.t.Helper()
	client := dial(h.t, h.r, nil)
	s := h.with(func(c *mailbox.Config) { c.Client = client })
	_, err := s.Cursor(h.t.Context())
	h.ok(err)
	return s, client
}

// TestChangesWhileTheyAreRead commits between the two round trips of one call: what is not in the answer comes with the next.
func TestChangesWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.write("a", "1")
		h.write("gone", "1")
		at := h.cursor()
		h.write("a", "2")
		s, client := h.other()
		client.AddHook(&between{func() {
			h.write("a", "3") // the same again
			h.forget("gone")
			for i := range 6 { // in all partitions
				h.write(fmt.Sprint("new", i), "1")
			}
		}})
		first, err := s.Changes(t.Context(), at)
		h.ok(err)
		rest, last := h.since(first.Cursor)
		all := slices.Concat(first.Keys, rest)
		slices.Sort(all)
		h.same("together", slices.Compact(all), []string{"a", "gone", "new0", "new1", "new2", "new3", "new4", "new5"})
		h.same("the end", last, h.cursor())
	})
}

// callCount counts the round trips of a client.
type callCount struct{ n int }

func (c *callCount) DialHook(next redis.DialHook) redis.DialHook { return next }
func (c *callCount) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.n++
		return next(ctx, cmd)
	}
}

func (c *callCount) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.n++
		return next(ctx, cmds)
	}
}

// page is somebody who follows the changes: what it believes to be in the mailboxes.
type page struct {
	cursor string
	knows  map[string]string
}

// catchUp reads what changed; a page that has to begin anew, and one whose list of all was read, reads everything.
func (h *house) catchUp(p *page) (changed []string, reset bool) {
	h.t.Helper()
	got, err := h.Changes(h.t.Context(), p.cursor)
	h.ok(err)
	states, err := h.States(h.t.Context(), got.Keys, "s")
	h.ok(err)
	for i, key := range got.Keys {
		delete(p.knows, key)
		if states[i] != nil {
			p.knows[key] = string(states[i])
		}
	}
	p.cursor = got.Cursor
	return got.Keys, got.Reset
}

// TestPagesKnowWhatTheStoreHolds compares pages that catch up now and then with a model, one thing after the other.
func TestPagesKnowWhatTheStoreHolds(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	for seed := range uint64(12) {
		fresh := *r
		fresh.Prefix = fmt.Sprint(r.Prefix, seed, ":")
		h := setup(t, &fresh)
		rnd := rand.New(rand.NewPCG(seed, 1))
		model, when := map[string]string{}, map[string]int{}
		pages, read := make([]*page, 3), make([]int, 3)
		for i := range pages {
			pages[i] = &page{cursor: h.cursor(), knows: map[string]string{}}
		}
		for step := 1; step <= 60; step++ {
			key := fmt.Sprint("k", rnd.IntN(8))
			switch n := rnd.IntN(10); {
			case n < 5:
				model[key], when[key] = strconv.Itoa(step), step
				h.write(key, model[key])
			case n < 7:
				if _, there := model[key]; there {
					when[key] = step
				}
				delete(model, key)
				h.forget(key)
			default:
				i := rnd.IntN(len(pages))
				got, reset := h.catchUp(pages[i])
				h.same("reset", reset, false)
				var want []string
				for key, at := range when {
					if at > read[i] {
						want = append(want, key)
					}
				}
				slices.Sort(want)
				h.same("told", append([]string(nil), slices.Sorted(slices.Values(got))...), want)
				h.same("known", pages[i].knows, model)
				read[i] = step
			}
		}
	}
}

// TestPagesMissNothingWhileOthersCommit lets pages follow while workers commit and forget as fast as they can: at the end each knows exactly
// what the store holds, whenever it began and however seldom it asked.
func TestPagesMissNothingWhileOthersCommit(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		const workers, rounds = 3, 60
		var working, following sync.WaitGroup
		done := make(chan struct{})
		for w := range workers {
			working.Go(func() {
				for i := range rounds {
					key := fmt.Sprint("k", (w+i*i)%7)
					if err := h.turn(key, fmt.Sprint(w, ".", i), i%5 == 4); err != nil {
						t.Error(err)
					}
				}
			})
		}
		pages := make([]*page, 4)
		for i := range pages {
			pages[i] = &page{cursor: h.cursor(), knows: map[string]string{}}
			following.Go(func() {
				for skip := 0; ; skip++ {
					select {
					case <-done:
						return
					default:
					}
					if skip%(i+1) == 0 {
						if _, reset := h.catchUp(pages[i]); reset {
							t.Error("reset")
						}
					}
				}
			})
		}
		working.Wait()
		close(done)
		following.Wait()
		all := sevenKeys()
		states, err := h.States(t.Context(), all, "s")
		h.ok(err)
		want := map[string]string{}
		for i, key := range all {
			if states[i] != nil {
				want[key] = string(states[i])
			}
		}
		for _, p := range pages {
			h.catchUp(p)
			h.same("known", p.knows, want)
			_, reset := h.catchUp(p)
			h.same("reset", reset, false)
		}
	})
}

func sevenKeys() []string {
	keys := make([]string, 7)
	for i := range keys {
		keys[i] = fmt.Sprint("k", i)
	}
	return keys
}

// turn appends to a mailbox and commits to whichever mailboxes are due; it may be used by several at once.
func (h *house) turn(key, state string, forget bool) error {
	ctx := h.t.Context()
	if _, err := h.Append(ctx, mailbox.Delivery{Key: key, Events: events("")}); err != nil {
		return err
	}
	leases, err := h.Claim(ctx, []int{0, 1, 2}, 10)
	if err != nil {
		return err
	}
	for _, l := range leases {
		c := mailbox.Commit{Consume: len(l.Inbox()), Release: true, Forget: forget}
		if !forget {
			c.Set = map[string][]byte{"s": []byte(l.Key + " " + state)}
		}
		if err := h.Commit(ctx, l, c); err != nil && !errors.Is(err, mailbox.ErrFenceLost) {
			return err
		}
	}
	return nil
}

// BenchmarkChanges asks an installation of 64 partitions in which nothing changed.
func BenchmarkChanges(b *testing.B) {
	h := setup(b, testredis.Server(b))
	s := h.with(func(c *mailbox.Config) { c.Partitions, c.Prefix = 64, h.r.Prefix+"64:" })
	at, err := s.Cursor(b.Context())
	h.ok(err)
	for b.Loop() {
		if _, err := s.Changes(b.Context(), at); err != nil {
			b.Fatal(err)
		}
	}
}
