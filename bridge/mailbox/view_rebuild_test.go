package mailbox_test

import (
	"slices"
	"testing"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// members is where everybody stands in a view.
func (h *house) members(view string) map[string]float64 {
	h.t.Helper()
	members, err := h.IndexMembers(h.t.Context(), view)
	h.ok(err)
	return members
}

// version is how often a mailbox was committed.
func (h *house) version(key string) int64 { return h.peek(key).Version }

func TestInventories(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stand("a", mailbox.IndexChange{Name: "queue:Suporte N1", Score: 1}, mailbox.IndexChange{Name: "attention", Score: 2})
		h.named("b", "", "maria")
		h.put("c", "waits")
		list, err := h.Inventories(h.t.Context())
		h.ok(err)
		keys, views := []string{}, []string{}
		for p, i := range list {
			h.same("partition", i.Partition, p)
			for _, key := range i.Keys {
				h.same("partition of "+key, h.Partition(key), p)
			}
			keys, views = append(keys, i.Keys...), append(views, i.Views...)
		}
		slices.Sort(keys)
		slices.Sort(views)
		h.same("keys", keys, []string{"a", "b", "c"})
		h.same("views", views, []string{"attention", "queue:Suporte N1"})

		stand, err := h.Standings(h.t.Context(), h.Partition("a"), list[h.Partition("a")].Views)
		h.ok(err)
		h.same("a", stand["a"], mailbox.Standing{Views: map[string]float64{"queue:Suporte N1": 1, "attention": 2}})
		stand, err = h.Standings(h.t.Context(), h.Partition("b"), nil)
		h.ok(err)
		h.same("b", stand["b"], mailbox.Standing{Texts: []string{"maria"}})
	})
}

func TestVersioned(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.put("a", "1")
		l := h.take(h.Store, "a")
		h.commit(l, mailbox.Commit{Set: map[string][]byte{"s": []byte("one")}})
		h.commit(l, mailbox.Commit{Consume: 1, Set: map[string][]byte{"s": []byte("two")}, Release: true})
		h.put("moved", "1")
		h.commit(h.take(h.Store, "moved"), mailbox.Commit{Consume: 1, Set: map[string][]byte{"s": []byte("rest")}, MovedTo: "a", Release: true})
		got, err := h.Versioned(h.t.Context(), []string{"a", "never", "moved"}, "s")
		h.ok(err)
		h.same("versioned", got, []mailbox.Versioned{{Value: []byte("two"), Version: 2}, {}, {Version: 1}})
	})
}

func TestPlace(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stand("a", mailbox.IndexChange{Name: "kept", Score: 1}, mailbox.IndexChange{Name: "left", Score: 2}, mailbox.IndexChange{Name: "moved", Score: 3})
		h.named("a", "", "old")
		h.stand("b", mailbox.IndexChange{Name: "kept", Score: 9})
		version := h.version("a")
		left, err := h.Place(h.t.Context(), []mailbox.Placement{
			{
				Key: "a", Version: version, Leave: []string{"old"}, Come: "new",
				Index: []mailbox.IndexChange{{Name: "left", Remove: true}, {Name: "moved", Score: 30}, {Name: "fresh", Score: 4}},
				Stays: []mailbox.IndexChange{{Name: "kept", Score: 100}, {Name: "since", Score: 5}},
			},
			{Key: "b", Version: h.version("b") - 1, Index: []mailbox.IndexChange{{Name: "kept", Remove: true}}, Come: "late"},
			{Key: "never", Come: "nobody's", Index: []mailbox.IndexChange{{Name: "fresh", Score: 1}}},
		})
		h.ok(err)
		h.same("left alone", left, []string{"b"})
		for view, want := range map[string]map[string]float64{
			"kept": {"a": 1, "b": 9}, "left": {}, "moved": {"a": 30}, "fresh": {"a": 4, "never": 1}, "since": {"a": 5},
		} {
			h.same(view, h.members(view), want)
		}
		h.same("texts", h.texts(), []string{"new\x00a", "nobody's\x00never"})
		h.same("version", h.version("a"), version)
		h.idle()
		h.repaired(0)
	})
}

// TestPlaceBesideAWorker wants what a worker commits to stand, whatever a rebuilding reckoned from before, and both to agree on the rest.
func TestPlaceBesideAWorker(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stand("a", mailbox.IndexChange{Name: "queued", Score: 1})
		before := h.version("a")
		h.put("a", "taken")
		l := h.take(h.Store, "a")
		queued := []mailbox.Placement{{Key: "a", Version: before, Index: []mailbox.IndexChange{{Name: "queued", Score: 1}, {Name: "team", Score: 1}}}}
		left, err := h.Place(h.t.Context(), queued) // from the state that the worker has read as well
		h.ok(err)
		h.same("while the worker decides", len(left), 0)
		h.commit(l, mailbox.Commit{Consume: 1, Release: true, Index: []mailbox.IndexChange{
			{Name: "queued", Remove: true}, {Name: "team", Remove: true}, {Name: "active", Score: 2},
		}})
		left, err = h.Place(h.t.Context(), queued)
		h.ok(err)
		h.same("once it has committed", left, []string{"a"})
		for view, want := range map[string]map[string]float64{"queued": {}, "team": {}, "active": {"a": 2}} {
			h.same(view, h.members(view), want)
		}
	})
}
