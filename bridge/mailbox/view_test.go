package mailbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// looks is the name of the view that these tests walk through.
const looks = "looks"

// place puts mailboxes at a time of the view, behind the package's back, as commits of their workers do.
func (h *house) place(at time.Time, keys ...string) {
	h.t.Helper()
	for _, key := range keys {
		h.ok(h.r.Client.ZAdd(h.t.Context(), h.redisKey(key, "ix:"+looks), redis.Z{Score: float64(at.UnixMilli()), Member: key}).Err())
	}
}

func (h *house) unplace(key string) {
	h.t.Helper()
	h.ok(h.r.Client.ZRem(h.t.Context(), h.redisKey(key, "ix:"+looks), key).Err())
}

// many are so many keys.
func many(prefix string, n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s|%03d", prefix, i)
	}
	return keys
}

// due walks through the view; between is called after every page with what it held, and all that was listed is returned.
func (h *house) due(upto time.Time, limit int, between func(page []string)) []string {
	h.t.Helper()
	var all []string
	cursor := ""
	for range 10_000 {
		page, next, err := h.Due(h.t.Context(), looks, upto, cursor, limit)
		h.ok(err)
		if len(page) > limit {
			h.t.Fatalf("%d on a page of %d", len(page), limit)
		}
		all = append(all, page...)
		if next == "" {
			return all
		}
		between(page)
		cursor = next
	}
	h.t.Fatal("the walk does not end")
	return nil
}

func TestDueListsWhatIsDueOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 40} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			each(t, func(h *house) {
				now := h.clock.now()
				want := many("due", n)
				h.place(now, want[:n/2]...) // many of one score
				for i, key := range want[n/2:] {
					h.place(now.Add(-time.Duration(i)*time.Hour), key)
				}
				h.place(now.Add(time.Millisecond), many("later", 5)...)
				for _, limit := range []int{1, 2, 7, 1000} {
					got := h.due(now, limit, func([]string) {})
					slices.Sort(got)
					h.same(fmt.Sprint("by ", limit), append([]string{}, got...), append([]string{}, want...))
				}
			})
		})
	}
}

// TestDueOfAViewThatChanges wants every mailbox that stays due to be listed exactly once, while others come, leave, and change their
// places, and the walk to end though some come again and again.
func TestDueOfAViewThatChanges(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		rnd := rand.New(rand.NewPCG(7, 7))
		now := h.clock.now()
		ago := func() time.Time { return now.Add(-time.Duration(rnd.IntN(20)) * time.Second) }
		stays, goes, comes := many("stays", 60), many("goes", 60), many("comes", 60)
		for _, key := range slices.Concat(stays, goes) {
			h.place(ago(), key)
		}
		listed := map[string]int{}
		all := h.due(now, 5, func(page []string) {
			for range 6 { // scores go up and down, before and behind the walk
				h.place(ago(), stays[rnd.IntN(len(stays))], comes[rnd.IntN(len(comes))])
				h.unplace(goes[rnd.IntN(len(goes))])
			}
			for _, key := range page { // who was woken is due again at once, or later
				if rnd.IntN(2) == 0 {
					h.place(now.Add(-time.Hour), key)
				}
			}
		})
		for _, key := range all {
			if listed[key]++; listed[key] > 1 {
				h.t.Errorf("%s is listed %d times", key, listed[key])
			}
		}
		for _, key := range stays {
			if listed[key] != 1 {
				h.t.Errorf("%s was due all the time and is listed %d times", key, listed[key])
			}
		}
	})
}

func TestDueGoesOnElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		now := h.clock.now()
		want := many("due", 30)
		h.place(now, want...)
		first, next, err := h.Due(h.t.Context(), looks, now, "", 11)
		h.ok(err)
		other := h.with(func(*mailbox.Config) {})
		var rest []string
		for next != "" {
			var page []string
			page, next, err = other.Due(h.t.Context(), looks, now, next, 4)
			h.ok(err)
			rest = append(rest, page...)
		}
		got := slices.Concat(first, rest)
		slices.Sort(got)
		h.same("both", got, want)
	})
}

func TestDueRefusesStrangeCursors(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		for _, cursor := range []string{"x", "3", "-1/", "a/b"} {
			if _, _, err := h.Due(h.t.Context(), looks, h.clock.now(), cursor, 5); err == nil {
				h.t.Errorf("cursor %q is taken", cursor)
			}
		}
		h.place(h.clock.now(), "a")
		for _, cursor := range []string{"3/", "99/z"} { // behind the last partition
			page, next, err := h.Due(h.t.Context(), looks, h.clock.now(), cursor, 5)
			h.ok(err)
			h.same(cursor, fmt.Sprint(page, next), "[]")
		}
	})
}

func TestManyAreRead(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		for _, key := range []string{"a", "b", "c"} {
			h.put(key, "1")
			c := mailbox.Commit{Consume: 1, Release: true, Set: map[string][]byte{"s": []byte("state of " + key)}, Transcript: []mailbox.Entry{
				{Name: "tx-" + key, Data: []byte("first")}, {Name: "tx-" + key, Data: []byte(key)},
			}}
			if key == "b" {
				c.MovedTo = "c"
			}
			h.commit(h.take(h.Store, key), c)
		}
		states, err := h.States(t.Context(), []string{"c", "nobody", "a", "b"}, "s")
		h.ok(err)
		h.same("states", states, [][]byte{[]byte("state of c"), nil, []byte("state of a"), nil})
		lists, err := h.Transcripts(t.Context(), []string{"b", "nobody", "a"}, []string{"tx-b", "tx-nobody", "tx-a"})
		h.ok(err)
		h.same("lists", lists, [][]string{{"first", "b"}, {}, {"first", "a"}})
		states, err = h.States(t.Context(), nil, "s")
		h.ok(err)
		h.same("none", len(states), 0)
		lists, err = h.Transcripts(t.Context(), nil, nil)
		h.ok(err)
		h.same("no lists", len(lists), 0)
	})
}

// between runs a function once, after the first round trip of a client's pipelines.
type between struct{ run func() }

func (b *between) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (b *between) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (b *between) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		if run := b.run; run != nil {
			b.run = nil
			run()
		}
		return err
	}
}

// TestDueOfAViewThatGrowsMeanwhile lets more come between the count and the reading: the page is full before its last partition is reached,
// and the next one begins there.
func TestDueOfAViewThatGrowsMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		now := h.clock.now()
		in := map[int][]string{} // keys by partition
		for _, key := range many("due", 60) {
			p := h.Partition(key)
			in[p] = append(in[p], key)
		}
		h.place(now, in[0][0], in[0][1], in[1][0], in[1][1])
		client := dial(h.t, h.r, nil)
		client.AddHook(&between{func() { h.place(now, in[0][2]) }})
		s := h.with(func(c *mailbox.Config) { c.Client = client })
		first, next, err := s.Due(h.t.Context(), looks, now, "", 3)
		h.ok(err)
		h.same("full", first, in[0][:3])
		second, next, err := s.Due(h.t.Context(), looks, now, next, 3)
		h.ok(err)
		h.same("the next partition", second, in[1][:2])
		h.same("the end", next, "")
	})
}
