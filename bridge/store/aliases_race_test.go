package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestResolveFirstSightsAtOnce(t *testing.T) {
	t.Parallel()
	const instances, persons = 8, 60
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		people := make([]person, persons)
		for i := range people {
			p := person{WaID: fmt.Sprintf("5511%05d", i), Phone: fmt.Sprintf("55119%05d", i)}
			if i%3 != 0 {
				p.UserID = fmt.Sprintf("BR.%d", i)
			}
			people[i] = p
		}
		newID := ids()
		answers := make([]map[string]resolved, instances)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for n := range instances {
			answers[n] = make(map[string]resolved)
			aliases := newAliases(r.Client, r.Prefix, newID, n*10)
			mine := slices.Clone(people)
			rand.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
			wg.Go(func() {
				<-start
				for batch := range slices.Chunk(mine, 1+n) {
					contacts, err := aliases.Resolve(t.Context(), batch)
					if err != nil {
						t.Error(err)
						return
					}
					for i, p := range batch {
						answers[n][p.WaID] = contacts[i]
					}
				}
			})
		}
		close(start)
		wg.Wait()
		distinct := make(map[resolved]string)
		for p, contact := range answers[0] {
			if other, taken := distinct[contact]; taken || contact.Contact == "" {
				t.Errorf("%v and %v share contact %q", p, other, contact)
			}
			distinct[contact] = p
		}
		for n := 1; n < instances; n++ {
			if diff := cmp.Diff(answers[0], answers[n]); diff != "" {
				t.Errorf("instance %d disagrees (-first +it):\n%s", n, diff)
			}
		}
	})
}

func TestResolveOwnersOfOneNumberAtOnce(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		const rivals, rounds = 8, 10
		newID := ids()
		for round := range rounds {
			number := fmt.Sprintf("5511%d", round)
			contactOf(t, newAliases(r.Client, r.Prefix, newID, 0), person{WaID: number})
			contacts := make([]string, rivals)
			var wg sync.WaitGroup
			for n := range rivals {
				wg.Go(func() {
					p := person{UserID: fmt.Sprintf("BR.%d.%d", round, n), WaID: number}
					got, err := newAliases(r.Client, r.Prefix, newID, 0).Resolve(t.Context(), []person{p})
					if err != nil {
						t.Error(err)
						return
					}
					contacts[n] = got[0].Contact
				})
			}
			wg.Wait()
			slices.Sort(contacts)
			if len(slices.Compact(contacts)) != rivals {
				t.Fatalf("round %d: %d owners of one number share contacts: %v", round, rivals, contacts)
			}
		}
	})
}

func TestResolveCallsRedisAsLittleAsPossible(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, count := watched(t, r)
		people := []person{{UserID: "BR.1", WaID: "1", Phone: "10"}, {UserID: "BR.2", WaID: "2", Phone: "20"}, {WaID: "3"}}
		aliases := newAliases(client, r.Prefix, ids(), 100)
		resolve := func(what string, a *store.Aliases, people []person, want int64) {
			t.Helper()
			before := count.n.Load()
			whoIs(t, a, people...)
			if got := count.n.Load() - before; got != want {
				t.Errorf("%s: %d round trips; want %d", what, got, want)
			}
		}
		resolve("a first sight", aliases, people[:1], 4)
		resolve("the others", aliases, people, 4)
		resolve("remembered", aliases, people[:2], 0)
		resolve("remembered, told less", aliases, []person{{UserID: "BR.1"}, {UserID: "BR.2", Phone: "20"}}, 0)
		resolve("numbers are never answered from memory", aliases, []person{{WaID: "1"}, {Phone: "20"}}, 1)
		resolve("known, on another instance", newAliases(client, r.Prefix, ids(), 100), people, 1)
		crowd := make([]person, 500)
		for i := range crowd {
			crowd[i] = person{UserID: fmt.Sprintf("BR.c%d", i), WaID: fmt.Sprintf("c%d", i), Phone: fmt.Sprintf("c%d0", i)}
		}
		resolve("first sights of many", aliases, append(crowd, crowd...), 4)
		resolve("a number more", aliases, []person{{UserID: "BR.1", WaID: "11"}}, 3)
		resolve("a recycled number", aliases, []person{{UserID: "BR.3", WaID: "1"}}, 5)
		resolve("a recycled number, remembered", aliases, []person{{UserID: "BR.3", WaID: "1"}}, 0)
		resolve("a rotation", aliases, []person{changedFrom(person{UserID: "BR.33"}, person{UserID: "BR.3"})}, 4)
		small := newAliases(client, r.Prefix, ids(), 2)
		resolve("a small cache", small, []person{{UserID: "BR.1"}, {UserID: "BR.2"}}, 1)
		resolve("a small cache, used again", small, []person{{UserID: "BR.1"}}, 0)
		resolve("a small cache, one more", small, []person{{UserID: "BR.c3"}}, 1)
		resolve("a small cache, what was used last", small, []person{{UserID: "BR.1"}}, 0)
		resolve("a small cache, what was dropped", small, []person{{UserID: "BR.2"}}, 1)
	})
}

// TestResolveSurvivesLostCalls loses each round trip of a first sight in turn, before and after it took effect, and repeats the call: the
// person keeps one contact and the next owner of the number never gets it.
func TestResolveSurvivesLostCalls(t *testing.T) {
	t.Parallel()
	starts := map[string][]person{
		"new":     nil,
		"adopted": {{WaID: "1"}},
	}
	for name, before := range starts {
		for _, effect := range []uint64{0, 1, 2, 5, everything} {
			t.Run(fmt.Sprintf("%s, effect %b", name, effect), func(t *testing.T) {
				t.Parallel()
				r := testredis.Mini(t)
				first, next := person{UserID: "BR.1", WaID: "1", Phone: "10"}, person{UserID: "BR.2", WaID: "1", Phone: "10"}
				for lost := int64(1); ; lost++ {
					client, count := watched(t, r)
					aliases := newAliases(client, fmt.Sprintf("%s%d:", r.Prefix, lost), ids(), 10)
					whoIs(t, aliases, before...)
					count.n.Store(0)
					count.failAt.Store(lost)
					count.effect.Store(effect)
					_, err := aliases.Resolve(t.Context(), []person{first})
					if err == nil {
						if lost < 4 {
							t.Errorf("only %d round trips were lost", lost-1)
						}
						return
					}
					if !errors.Is(err, errLost) {
						t.Fatal(err)
					}
					got := make([]string, 0, 4)
					for _, p := range []person{next, first, {UserID: "BR.1"}, {UserID: "BR.2"}} {
						got = append(got, contactOf(t, aliases, p))
					}
					if got[0] == got[1] || got[1] != got[2] || got[0] != got[3] {
						t.Errorf("call %d lost: next owner %s, then %s; first owner %s, then %s", lost, got[0], got[3], got[1], got[2])
					}
				}
			})
		}
	}
}

// TestResolveLosesToAFasterInstance lets another instance claim the person's id just before this one does.
func TestResolveLosesToAFasterInstance(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before []person
		claim  int64 // the round trip that claims the id
		unused string
		want   resolved
	}{
		"first sight": {claim: 3, unused: "c1", want: is("c2")},
		"adoption":    {before: []person{{WaID: "1"}}, claim: 3, want: resolved{Contact: "c2", Same: "c1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
				t.Helper()
				newID := ids()
				faster := newAliases(r.Client, r.Prefix, newID, 0)
				whoIs(t, faster, c.before...)
				client, count := watched(t, r)
				var winner string
				count.before = func(n int64) {
					if n == c.claim {
						winner = contactOf(t, faster, person{UserID: "BR.1"})
					}
				}
				slower := newAliases(client, r.Prefix, newID, 0)
				got := whoIs(t, slower, person{UserID: "BR.1", WaID: "1"})
				if diff := cmp.Diff([]resolved{c.want}, got); diff != "" || winner != c.want.Contact {
					t.Errorf("winner %s, the slower instance (-want +got):\n%s", winner, diff)
				}
				for _, key := range []string{"alias:owner:" + c.unused, "contact:" + c.unused + ":ids"} {
					if n := r.Client.Exists(t.Context(), r.Prefix+key).Val(); c.unused != "" && n != 0 {
						t.Errorf("%s of the contact nobody uses is still there", key)
					}
				}
				want := []store.ID{{Kind: store.KindBSUID, Value: "BR.1"}}
				if c.before == nil {
					want = append(want, store.ID{Kind: store.KindWA, Value: "1"})
				}
				if ids, err := slower.IDs(t.Context(), winner); err != nil || !slices.Equal(ids, want) {
					t.Errorf("IDs of the winner = %v, %v; want %v", ids, err, want)
				}
			})
		})
	}
}

// TestASecondLookAtANumber: between the look at a number's contact and its taking, that contact is given to somebody else.
func TestASecondLookAtANumber(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		newID := ids()
		other := newAliases(r.Client, r.Prefix, newID, 0)
		contactOf(t, other, person{WaID: "1"})
		client, count := watched(t, r)
		count.before = func(n int64) {
			if n == 2 {
				contactOf(t, other, conversation.Person{UserID: "BR.2", WaID: "1"})
			}
		}
		got := whoIs(t, newAliases(client, r.Prefix, newID, 0), person{UserID: "BR.1", WaID: "1"})
		if diff := cmp.Diff([]resolved{{Contact: "c2", Lost: "c1"}}, got); diff != "" {
			t.Errorf("the slower owner of the number (-want +got):\n%s", diff)
		}
	})
}
