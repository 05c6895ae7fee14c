package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func doesHere(t *testing.T, h *store.Here, session string, agent int64, name string, doing store.Doing, want ...store.Visitor) {
	t.Helper()
	got, err := h.Put(t.Context(), session, agent, name, doing)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Put(%s, %d, %d) (-want +got):\n%s", session, agent, doing, diff)
	}
}

func seesHere(t *testing.T, h *store.Here, sessions []string, want ...[]store.Visitor) {
	t.Helper()
	got, err := h.Of(t.Context(), sessions)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Of(%v) (-want +got):\n%s", sessions, diff)
	}
}

func TestHereTellsWhoLooksAndWrites(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		h := store.NewHere(client, r.Prefix)
		ana, bia := store.Visitor{ID: 7, Name: "Ana Beatriz"}, store.Visitor{ID: 30, Name: ""}
		doesHere(t, h, "s1", 7, "Ana Beatriz", store.Viewing, ana)
		before := count.n.Load()
		doesHere(t, h, "s1", 30, "", store.Viewing, ana, bia)
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("Put took %d round trips; want 1", n)
		}
		ana.Typing = true
		doesHere(t, h, "s1", 7, "Ana Beatriz", store.Typing, ana, bia)
		doesHere(t, h, "s2", 7, "Ana Beatriz", store.Viewing, store.Visitor{ID: 7, Name: "Ana Beatriz"})
		before = count.n.Load()
		seesHere(t, h, []string{"s1", "s3", "s2"}, []store.Visitor{ana, bia}, nil, []store.Visitor{{ID: 7, Name: "Ana Beatriz"}})
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("Of took %d round trips; want 1", n)
		}
		ana.Typing = false
		doesHere(t, h, "s1", 7, "Ana Beatriz", store.Viewing, ana, bia) // looks only
		doesHere(t, h, "s1", 30, "", store.Left, ana)
		doesHere(t, h, "s1", 30, "", store.Left, ana)
		doesHere(t, h, "s1", 7, "Ana Beatriz", store.Left)
		seesHere(t, h, []string{"s1"}, nil)
		if err := h.Forget(t.Context(), "s2", "s4"); err != nil {
			t.Fatal(err)
		}
		seesHere(t, h, []string{"s2"}, nil)
		before = count.n.Load()
		seesHere(t, h, nil, [][]store.Visitor{}...)
		if n := count.n.Load() - before; n != 0 {
			t.Errorf("Of nothing took %d round trips", n)
		}
	})
}

func TestHereEndsByItself(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := store.NewHere(r.Client, r.Prefix)
	typing, looking := store.Visitor{ID: 7, Name: "Ana", Typing: true}, store.Visitor{ID: 7, Name: "Ana"}
	doesHere(t, h, "s", 7, "Ana", store.Typing, typing)
	r.Advance(store.TypingFor - time.Second)
	seesHere(t, h, []string{"s"}, []store.Visitor{typing})
	r.Advance(time.Second)
	seesHere(t, h, []string{"s"}, []store.Visitor{looking})
	bia := store.Visitor{ID: 8, Name: "Bia"}
	doesHere(t, h, "s", 8, "Bia", store.Viewing, looking, bia)
	r.Advance(store.HereFor - store.TypingFor)
	seesHere(t, h, []string{"s"}, []store.Visitor{bia}) // Ana said nothing more
	doesHere(t, h, "s", 8, "Bia", store.Viewing, bia)
	r.Advance(store.HereFor)
	seesHere(t, h, []string{"s"}, nil)
	if keys := r.Client.Keys(t.Context(), r.Prefix+"*").Val(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

func TestHereReadsAroundWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := store.NewHere(r.Client, r.Prefix)
	if err := r.Client.HSet(t.Context(), r.Prefix+"here:s", "7", "nonsense", "x", "9999999999999 0 X").Err(); err != nil {
		t.Fatal(err)
	}
	seesHere(t, h, []string{"s"}, nil)
	r.Mini.SetError("LOADING")
	if _, err := h.Of(t.Context(), []string{"s"}); err == nil {
		t.Error("Of succeeded on a store that fails")
	}
	if _, err := h.Put(t.Context(), "s", 7, "", store.Viewing); err == nil {
		t.Error("Put succeeded on a store that fails")
	}
	if err := h.Forget(t.Context(), "s"); err == nil {
		t.Error("Forget succeeded on a store that fails")
	}
}
