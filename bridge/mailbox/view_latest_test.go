package mailbox_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// at is so many milliseconds after the beginning of time.
func at(ms int) time.Time { return time.UnixMilli(int64(ms)) }

// latest reads the keys of Latest, and how many there are.
func (h *house) latest(from, upto time.Time, most int, views ...string) ([]string, int) {
	h.t.Helper()
	got, count, err := h.Latest(h.t.Context(), views, from, upto, most)
	h.ok(err)
	keys := []string{}
	for _, m := range got {
		keys = append(keys, m.Key)
	}
	return keys, count
}

func TestLatest(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		for i, key := range []string{"a", "b", "c", "d", "e"} {
			h.stand(key, mailbox.IndexChange{Name: "closed", Score: float64(1000 + i)})
		}
		h.stand("f", mailbox.IndexChange{Name: "expired", Score: 1002})
		h.stand("c", mailbox.IndexChange{Name: "expired", Score: 9000}) // in both
		type found struct {
			Keys  []string
			Count int
		}
		for name, c := range map[string]struct {
			from, upto time.Time
			most       int
			views      []string
			want       found
		}{
			"all of one":      {most: 10, views: []string{"closed"}, want: found{[]string{"e", "d", "c", "b", "a"}, 5}},
			"the first":       {most: 2, views: []string{"closed"}, want: found{[]string{"e", "d"}, 5}},
			"of two":          {most: 3, views: []string{"closed", "expired"}, want: found{[]string{"c", "e", "d"}, 7}},
			"from":            {from: at(1003), most: 10, views: []string{"closed"}, want: found{[]string{"e", "d"}, 2}},
			"upto":            {upto: at(1001), most: 10, views: []string{"closed", "expired"}, want: found{[]string{"b", "a"}, 2}},
			"between":         {from: at(1001), upto: at(1003), most: 2, views: []string{"closed"}, want: found{[]string{"d", "c"}, 3}},
			"counted alone":   {upto: at(1002), views: []string{"closed", "expired"}, want: found{[]string{}, 4}},
			"nothing there":   {most: 10, views: []string{"never"}, want: found{[]string{}, 0}},
			"nothing is read": {most: 10, want: found{[]string{}, 0}},
		} {
			keys, count := h.latest(c.from, c.upto, c.most, c.views...)
			h.same(name, found{keys, count}, c.want)
		}
	})
}

// TestLatestOfMany wants the same from partitions that are very unlike as from one list.
func TestLatestOfMany(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		rnd := rand.New(rand.NewPCG(5, 8))
		type placed struct {
			key   string
			score int
		}
		var all []placed
		for i := range 400 {
			p := placed{fmt.Sprint("k", i), rnd.IntN(300)}
			if h.Partition(p.key) == 0 {
				p.score += 1000 // nearly all of the newest are there
			}
			all = append(all, p)
			h.place(at(p.score), p.key)
		}
		slices.SortFunc(all, func(a, b placed) int { return cmp.Or(b.score-a.score, cmp.Compare(a.key, b.key)) })
		for _, most := range []int{1, 10, 60, 150, 399, 400, 1000} {
			want := []string{}
			for _, p := range all[:min(most, len(all))] {
				want = append(want, p.key)
			}
			keys, count := h.latest(time.Time{}, time.Time{}, most, looks)
			h.same(fmt.Sprint(most), keys, want)
			h.same("count", count, 400)
		}
	})
}

func TestKeysOfViews(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		for i, key := range []string{"a", "b", "c"} {
			h.stand(key, mailbox.IndexChange{Name: "one", Score: float64(i)})
		}
		h.stand("c", mailbox.IndexChange{Name: "two", Score: 1})
		h.stand("d", mailbox.IndexChange{Name: "two", Score: 2})
		for _, c := range []struct {
			views []string
			want  map[string]bool
		}{
			{nil, map[string]bool{}},
			{[]string{"never"}, map[string]bool{}},
			{[]string{"one"}, map[string]bool{"a": true, "b": true, "c": true}},
			{[]string{"one", "two"}, map[string]bool{"a": true, "b": true, "c": true, "d": true}},
		} {
			got, err := h.Keys(h.t.Context(), c.views, 10)
			h.ok(err)
			h.same(fmt.Sprint(c.views), got, c.want)
		}
		got, err := h.Keys(h.t.Context(), []string{"one"}, 1)
		h.ok(err)
		if len(got) == 0 || len(got) > partitions {
			h.t.Errorf("one of each partition is %v", got)
		}
	})
}

func TestTails(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		for _, key := range []string{"a", "b"} {
			h.put(key, "")
			c := mailbox.Commit{Consume: 1, Release: true}
			for i := range 5 {
				c.Transcript = append(c.Transcript, mailbox.Entry{Name: key + "1", Data: fmt.Append(nil, key, i)})
			}
			h.commit(h.take(h.Store, key), c)
		}
		got, err := h.Tails(h.t.Context(), []string{"b", "a", "a", "never"}, []string{"b1", "a1", "a2", "x"}, 2)
		h.ok(err)
		h.same("ends", got, [][]string{{"b3", "b4"}, {"a3", "a4"}, {}, {}})
		none, err := h.Tails(h.t.Context(), nil, nil, 2)
		h.ok(err)
		h.same("of none", len(none), 0)
	})
}

func TestListsFailWithTheStore(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, cancel := context.WithCancel(h.t.Context())
		cancel()
		_, _, latest := h.Latest(ctx, []string{"v"}, time.Time{}, time.Time{}, 1)
		_, _, counted := h.Latest(ctx, []string{"v"}, time.Time{}, time.Time{}, 0)
		_, keys := h.Keys(ctx, []string{"v"}, 1)
		_, tails := h.Tails(ctx, []string{"a"}, []string{"t"}, 1)
		_, _, find := h.Find(ctx, "x", func(string) bool { return true }, 1)
		_, inventories := h.Inventories(ctx)
		_, standings := h.Standings(ctx, 0, []string{"v"})
		_, texts := h.Standings(ctx, 0, nil)
		_, versioned := h.Versioned(ctx, []string{"a"}, "s")
		_, place := h.Place(ctx, []mailbox.Placement{{Key: "a"}})
		for i, err := range []error{latest, counted, keys, tails, find, inventories, standings, texts, versioned, place} {
			if err == nil {
				h.t.Errorf("%d works without a store", i)
			}
		}
	})
}
