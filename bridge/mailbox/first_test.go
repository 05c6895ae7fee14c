package mailbox_test

import (
	"context"
	"testing"

	"github.com/ponte-desk/ponte/bridge/mailbox"
)

// stand puts mailboxes into views.
func (h *house) stand(key string, changes ...mailbox.IndexChange) {
	h.t.Helper()
	h.put(key, "")
	h.commit(h.take(h.Store, key), mailbox.Commit{Consume: 1, Release: true, Index: changes})
}

func TestLookMergesPartitions(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		const early, late = -9.9e13, 1.7e12 // as what goes before others has, and what does not
		for i, key := range []string{"f", "a", "d", "b", "e", "c"} {
			h.stand(key, mailbox.IndexChange{Name: "queue:n1", Score: late + float64(i)})
		}
		h.stand("first", mailbox.IndexChange{Name: "queue:n1", Score: early})
		h.stand("twin", mailbox.IndexChange{Name: "queue:n1", Score: late + 1}, mailbox.IndexChange{Name: "active:7", Score: 1})
		h.stand("busy", mailbox.IndexChange{Name: "active:7", Score: 2})
		h.stand("gone", mailbox.IndexChange{Name: "active:7", Score: 3})
		h.stand("gone", mailbox.IndexChange{Name: "active:7", Remove: true})

		got, err := h.Look(h.t.Context(), []string{"queue:n1", "queue:n2"}, 4, []string{"active:7", "active:8", "queue:n1"})
		h.ok(err)
		h.same("seen", got, mailbox.Looked{
			First: map[string][]mailbox.Member{
				"queue:n1": {{Key: "first", Score: early}, {Key: "f", Score: late}, {Key: "a", Score: late + 1}, {Key: "twin", Score: late + 1}},
				"queue:n2": nil,
			},
			Count: map[string]int{"active:7": 2, "active:8": 0, "queue:n1": 8},
		})
		got, err = h.Look(h.t.Context(), []string{"queue:n1"}, 100, nil)
		h.ok(err)
		h.same("all", len(got.First["queue:n1"]), 8)
		for _, most := range []int{0, -1} {
			got, err = h.Look(h.t.Context(), []string{"queue:n1"}, most, nil)
			h.ok(err)
			h.same("none", len(got.First["queue:n1"]), 0)
		}
	})
}

func TestLookFailsWithTheStore(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx, cancel := context.WithCancel(h.t.Context())
		cancel()
		if got, err := h.Look(ctx, []string{"queue:n1"}, 1, []string{"active:7"}); err == nil {
			h.t.Errorf("seen without a store: %+v", got)
		}
	})
}
