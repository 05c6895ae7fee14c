package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func keepDraft(t *testing.T, d *store.Drafts, session string, agent int64, draft store.Draft) {
	t.Helper()
	if err := d.Put(t.Context(), session, agent, draft); err != nil {
		t.Fatal(err)
	}
}

func draftIs(t *testing.T, d *store.Drafts, session string, agent int64, want store.Draft) {
	t.Helper()
	got, err := d.Get(t.Context(), session, agent)
	if err != nil || got != want {
		t.Errorf("Get(%s, %d) = %v, %v; want %v", session, agent, got, err, want)
	}
}

func draftsOf(t *testing.T, d *store.Drafts, agent int64, want ...string) {
	t.Helper()
	got, err := d.Sessions(t.Context(), agent)
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, s := range want {
		set[s] = true
	}
	if diff := cmp.Diff(set, got); diff != "" {
		t.Errorf("Sessions(%d) (-want +got):\n%s", agent, diff)
	}
}

func TestDraftsAreEachAgentsOwn(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		d := store.NewDrafts(client, r.Prefix)
		both := store.Draft{Reply: "Olá, \"tudo\" bem?\n", Note: "pendência: não é cliente"}
		keepDraft(t, d, "s1", 7, both)
		keepDraft(t, d, "s1", 8, store.Draft{Note: "n"})
		keepDraft(t, d, "s2", 7, store.Draft{Reply: strings.Repeat("é", 60_000)})
		draftIs(t, d, "s1", 7, both)
		draftIs(t, d, "s1", 8, store.Draft{Note: "n"})
		draftIs(t, d, "s1", 9, store.Draft{})
		draftIs(t, d, "s3", 7, store.Draft{})
		before := count.n.Load()
		draftsOf(t, d, 7, "s1", "s2")
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("Sessions took %d round trips; want 1", n)
		}
		draftsOf(t, d, 8, "s1")
		draftsOf(t, d, 9)

		keepDraft(t, d, "s1", 7, store.Draft{})
		keepDraft(t, d, "s9", 7, store.Draft{})
		draftIs(t, d, "s1", 7, store.Draft{})
		draftIs(t, d, "s1", 8, store.Draft{Note: "n"})
		draftsOf(t, d, 7, "s2")

		for range 2 { // it can be repeated
			if err := d.Forget(t.Context(), "s1", "s2", "s3"); err != nil {
				t.Fatal(err)
			}
		}
		draftIs(t, d, "s1", 8, store.Draft{})
		draftIs(t, d, "s2", 7, store.Draft{})
		draftsOf(t, d, 7)
		draftsOf(t, d, 8)
	})
}

func TestDraftsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	d := store.NewDrafts(r.Client, r.Prefix)
	keepDraft(t, d, "s1", 7, store.Draft{Reply: "x"})
	keepDraft(t, d, "s2", 7, store.Draft{Reply: "x"})
	r.Advance(store.DraftFor - time.Hour)
	keepDraft(t, d, "s2", 7, store.Draft{Reply: "y"})
	draftsOf(t, d, 7, "s1", "s2")
	r.Advance(time.Hour)
	draftsOf(t, d, 7, "s2")
	draftIs(t, d, "s1", 7, store.Draft{})
	keepDraft(t, d, "s3", 7, store.Draft{Reply: "z"})
	if n := r.Client.ZCard(t.Context(), r.Prefix+"drafts:7").Val(); n != 2 {
		t.Errorf("%d sessions are listed; want 2: those expired are taken out", n)
	}
	r.Advance(store.DraftFor)
	if keys := r.Client.Keys(t.Context(), r.Prefix+"*").Val(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	for _, draft := range []store.Draft{{Reply: "x"}, {}} {
		keepDraft(t, d, "s1", 7, draft)
	}
	if keys := r.Client.Keys(t.Context(), r.Prefix+"*").Val(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

func TestDraftsTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Server(t)
	client, count := watched(t, r)
	d := store.NewDrafts(client, r.Prefix)
	keepDraft(t, d, "s", 7, store.Draft{Reply: "x"})
	for name, do := range map[string]func() error{
		"keep":   func() error { return d.Put(t.Context(), "s", 7, store.Draft{Note: "y"}) },
		"clear":  func() error { return d.Put(t.Context(), "s", 7, store.Draft{}) },
		"forget": func() error { return d.Forget(t.Context(), "s") },
		"read": func() error {
			_, err := d.Get(t.Context(), "s", 7)
			return err
		},
		"list": func() error {
			_, err := d.Sessions(t.Context(), 7)
			return err
		},
	} {
		before := count.n.Load()
		if err := do(); err != nil {
			t.Fatal(name, err)
		}
		for n := range count.n.Load() - before { // each of its round trips
			keepDraft(t, d, "s", 7, store.Draft{Reply: "x"})
			count.failAt.Store(count.n.Load() + 1 + n)
			if err := do(); err == nil {
				t.Errorf("%s succeeds though its call %d fails", name, n+1)
			}
		}
	}
	keepDraft(t, d, "s", 7, store.Draft{Reply: "x"})
	if err := r.Client.HSet(t.Context(), r.Prefix+"draft:s", "7", "no json").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Get(t.Context(), "s", 7); err == nil {
		t.Error("what can't be read is no draft")
	}
}
