package store_test

import (
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// pairOf is two instances on one store: one that has seen Ana with her number and remembers it, and another.
func pairOf(t *testing.T, r *testredis.Redis) (stale, other *store.Aliases, clock *stopwatch, ana person) {
	t.Helper()
	clock = newStopwatch()
	newID := ids()
	stale, other = store.NewAliases(r.Client, r.Prefix, newID, 100, clock.now), newAliases(r.Client, r.Prefix, newID, 0)
	ana = person{UserID: "BR.1", WaID: "1", Phone: "10"}
	wants(t, "first sight", []resolved{is("c1")}, whoIs(t, stale, ana), nil)
	return stale, other, clock, ana
}

// TestAStaleMemoryGivesNobodyAnotherOnesHistory: what other instances did meanwhile makes an answer late at most.
func TestAStaleMemoryGivesNobodyAnotherOnesHistory(t *testing.T) {
	t.Parallel()
	bia := person{UserID: "BR.2", WaID: "1", Phone: "10"}
	for name, play := range map[string]func(t *testing.T, stale, other *store.Aliases, clock *stopwatch, ana person){
		"the number was given to somebody new": func(t *testing.T, stale, other *store.Aliases, _ *stopwatch, ana person) {
			t.Helper()
			wants(t, "on the other instance", []resolved{{Contact: "c2", Lost: "c1"}}, whoIs(t, other, bia), nil)
			wants(t, "the number alone", []resolved{is("c2"), is("c2")}, whoIs(t, stale, person{WaID: "1"}, person{Phone: "10"}), nil)
			known, err := stale.Known(t.Context(), []person{{WaID: "1"}})
			wants(t, "Known", []string{"c2"}, known, err)
			wants(t, "a late webhook of the old owner", []resolved{is("c1")}, whoIs(t, stale, ana), nil)
			wants(t, "which takes nothing back", []resolved{is("c2")}, whoIs(t, other, person{Phone: "10"}), nil)
			wants(t, "the new owner", []resolved{is("c2")}, whoIs(t, stale, bia), nil)
			wants(t, "the old owner by id", []resolved{is("c1")}, whoIs(t, stale, person{UserID: "BR.1"}), nil)
		},
		"the person was joined with another contact": func(t *testing.T, stale, other *store.Aliases, clock *stopwatch, ana person) {
			t.Helper()
			wants(t, "another contact", "c2", contactOf(t, other, person{UserID: "BR.2"}), nil)
			if err := other.Adopt(t.Context(), "c1", "c2"); err != nil {
				t.Fatal(err)
			}
			wants(t, "late, by the contact whose mailboxes moved", []resolved{is("c1")}, whoIs(t, stale, ana), nil)
			wants(t, "with a new number, looked up anew", []resolved{is("c2")}, whoIs(t, stale, person{UserID: "BR.1", WaID: "2"}), nil)
			wants(t, "nothing was written to the old one", "c2", contactOf(t, other, person{WaID: "2"}), nil)
			clock.pass(5 * time.Minute)
			wants(t, "after five minutes still", []resolved{is("c2")}, whoIs(t, stale, ana), nil)
		},
		"the person was forgotten": func(t *testing.T, stale, other *store.Aliases, clock *stopwatch, ana person) {
			t.Helper()
			if _, err := other.Forget(t.Context(), "c1"); err != nil {
				t.Fatal(err)
			}
			clock.pass(5 * time.Minute)
			wants(t, "remembered for five minutes", []resolved{is("c1")}, whoIs(t, stale, ana), nil)
			clock.pass(time.Millisecond)
			wants(t, "a stranger then", []resolved{is("c2")}, whoIs(t, stale, ana), nil)
		},
		"this instance joined and forgot": func(t *testing.T, stale, _ *store.Aliases, _ *stopwatch, ana person) {
			t.Helper()
			wants(t, "another contact", "c2", contactOf(t, stale, person{UserID: "BR.2"}), nil)
			if err := stale.Adopt(t.Context(), "c1", "c2"); err != nil {
				t.Fatal(err)
			}
			wants(t, "joined", []resolved{is("c2")}, whoIs(t, stale, ana), nil)
			if _, err := stale.Forget(t.Context(), "c2"); err != nil {
				t.Fatal(err)
			}
			wants(t, "forgotten", []resolved{is("c3")}, whoIs(t, stale, ana), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
				t.Helper()
				stale, other, clock, ana := pairOf(t, r)
				play(t, stale, other, clock, ana)
			})
		})
	}
}

// TestAMemoryHidesNothingTheFirstTime: it tells what it has not told yet, and does not tell it for ever.
func TestAMemoryHidesNothingTheFirstTime(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		clock, newID := newStopwatch(), ids()
		a := store.NewAliases(client, r.Prefix, newID, 100, clock.now)
		other := newAliases(r.Client, r.Prefix, newID, 0)
		ana := person{UserID: "BR.1", WaID: "1", Phone: "10"}
		wants(t, "known by id", []resolved{is("c1")}, whoIs(t, a, person{UserID: "BR.1"}), nil)
		wants(t, "written to by phone", "c2", contactOf(t, other, person{Phone: "10"}), nil)
		told := []resolved{{Contact: "c1", Same: "c2"}}
		for n := range 3 {
			if wants(t, "told", told, whoIs(t, a, ana), nil); t.Failed() {
				t.Fatalf("time %d", n+1)
			}
		}
		before := count.n.Load()
		wants(t, "told often enough", []resolved{is("c1")}, whoIs(t, a, ana), nil)
		if n := count.n.Load() - before; n != 0 {
			t.Errorf("what was told often enough costs %d round trips", n)
		}
		clock.pass(6 * time.Minute)
		wants(t, "told often enough, looked up again", []resolved{is("c1")}, whoIs(t, a, ana), nil)
		wants(t, "told by an instance without a memory", told, whoIs(t, other, ana), nil)
		wants(t, "a number that passes to somebody else", []resolved{{Contact: "c3", Lost: "c1"}}, whoIs(t, a, person{UserID: "BR.3", WaID: "1"}), nil)
		wants(t, "silent later", []resolved{is("c3")}, whoIs(t, other, person{UserID: "BR.3", WaID: "1"}), nil)
	})
}
