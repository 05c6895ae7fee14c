package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// ids gives c1, c2, ….
func ids() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("c%d", n.Add(1)) }
}

func TestResolveSequences(t *testing.T) {
	t.Parallel()
	type step struct {
		people []conversation.Person
		want   []string
	}
	const (
		b1, b2, parent = "BR.100", "BR.200", "BR.ENT.900"
		w1, w2         = "551199990001", "551199990002"
		p1, p2         = "5511999990001", "5511999990002"
	)
	all := conversation.Person{UserID: b1, WaID: w1, Phone: p1}
	one := func(p conversation.Person, want string) step { return step{[]conversation.Person{p}, []string{want}} }
	for name, steps := range map[string][]step{
		"nobody":         {{nil, []string{}}},
		"without any id": {{[]conversation.Person{{}, {WaID: w1}}, []string{"", "c1"}}},
		"every alias names the contact": {
			one(all, "c1"), one(conversation.Person{UserID: b1}, "c1"), one(conversation.Person{WaID: w1}, "c1"), one(conversation.Person{Phone: p1}, "c1"),
		},
		"a phone that arrives late": {
			one(conversation.Person{UserID: b1}, "c1"), one(all, "c1"), one(conversation.Person{Phone: p1}, "c1"),
		},
		"an id that arrives late": {
			one(conversation.Person{WaID: w1, Phone: p1}, "c1"), one(all, "c1"), one(conversation.Person{UserID: b1}, "c1"),
		},
		"an id for a contact started by phone": {
			one(conversation.Person{Phone: p1}, "c1"), one(all, "c1"), one(conversation.Person{WaID: w1}, "c1"), one(conversation.Person{UserID: b1}, "c1"),
		},
		"a recycled number": {
			one(all, "c1"),
			one(conversation.Person{UserID: b2, WaID: w1, Phone: p1}, "c2"),
			one(all, "c1"),
			one(conversation.Person{UserID: b2, WaID: w1, Phone: p1}, "c2"),
			one(conversation.Person{UserID: b2}, "c2"),
			one(conversation.Person{WaID: w1, Phone: p1}, "c1"),
		},
		"a recycled number of a contact that got its id late": {
			one(conversation.Person{WaID: w1}, "c1"),
			one(conversation.Person{UserID: b1, WaID: w1}, "c1"),
			one(conversation.Person{UserID: b2, WaID: w1}, "c2"),
			one(conversation.Person{UserID: b1}, "c1"),
		},
		"a recycled number keeps the new number of its new owner": {
			one(all, "c1"),
			one(conversation.Person{UserID: b2, WaID: w1, Phone: p2}, "c2"),
			one(conversation.Person{Phone: p2}, "c2"),
			one(conversation.Person{Phone: p1}, "c1"),
		},
		"the id wins over another contact's number": {
			one(all, "c1"), one(conversation.Person{UserID: b2, WaID: w2, Phone: p2}, "c2"),
			one(conversation.Person{UserID: b1, WaID: w2, Phone: p2}, "c1"), one(conversation.Person{WaID: w2}, "c2"),
		},
		"wa_id wins over phone": {
			one(conversation.Person{WaID: w1}, "c1"), one(conversation.Person{Phone: p2}, "c2"), one(conversation.Person{WaID: w1, Phone: p2}, "c1"),
		},
		"the parent's id names the person whatever the number": {
			one(conversation.Person{UserID: b1, ParentUserID: parent, WaID: w1}, "c1"),
			one(conversation.Person{UserID: b2, ParentUserID: parent, WaID: w2}, "c1"),
			one(conversation.Person{ParentUserID: parent}, "c1"), one(conversation.Person{WaID: w2}, "c1"),
		},
		"a number of somebody known by the parent's id alone is not taken over": {
			one(conversation.Person{ParentUserID: parent, WaID: w1}, "c1"), one(conversation.Person{UserID: b2, WaID: w1}, "c2"),
		},
		"one call": {
			{
				[]conversation.Person{all, {WaID: w1}, all, {UserID: b2, WaID: w2}, {Phone: p1}, {UserID: b2}},
				[]string{"c1", "c1", "c1", "c2", "c1", "c2"},
			},
		},
		"one call, the weaker name first": {
			{[]conversation.Person{{WaID: w1}, {UserID: b1, WaID: w1}, {UserID: b1}}, []string{"c1", "c1", "c1"}},
		},
		"one call with a recycled number": {
			{[]conversation.Person{all, {UserID: b2, WaID: w1, Phone: p1}, {WaID: w1}}, []string{"c1", "c2", "c1"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
				t.Helper()
				for _, cacheSize := range []int{0, 2, 100} {
					aliases := store.NewAliases(r.Client, fmt.Sprintf("%s%d:", r.Prefix, cacheSize), ids(), cacheSize)
					for i, s := range steps {
						got, err := aliases.Resolve(t.Context(), s.people)
						if err != nil {
							t.Fatal(err)
						}
						if diff := cmp.Diff(s.want, got); diff != "" {
							t.Errorf("cache of %d, step %d (-want +got):\n%s", cacheSize, i, diff)
						}
					}
				}
			})
		})
	}
}

func TestResolveFirstSightsAtOnce(t *testing.T) {
	t.Parallel()
	const instances, persons = 8, 60
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		people := make([]conversation.Person, persons)
		for i := range people {
			p := conversation.Person{WaID: fmt.Sprintf("5511%05d", i), Phone: fmt.Sprintf("55119%05d", i)}
			if i%3 != 0 {
				p.UserID = fmt.Sprintf("BR.%d", i)
			}
			people[i] = p
		}
		newID := ids()
		answers := make([]map[conversation.Person]string, instances)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for n := range instances {
			answers[n] = make(map[conversation.Person]string)
			aliases := store.NewAliases(r.Client, r.Prefix, newID, n*10)
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
						answers[n][p] = contacts[i]
					}
				}
			})
		}
		close(start)
		wg.Wait()
		distinct := make(map[string]conversation.Person)
		for p, contact := range answers[0] {
			if other, taken := distinct[contact]; taken || contact == "" {
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
			if _, err := store.NewAliases(r.Client, r.Prefix, newID, 0).Resolve(t.Context(), []conversation.Person{{WaID: number}}); err != nil {
				t.Fatal(err)
			}
			contacts := make([]string, rivals)
			var wg sync.WaitGroup
			for n := range rivals {
				wg.Go(func() {
					p := conversation.Person{UserID: fmt.Sprintf("BR.%d.%d", round, n), WaID: number}
					got, err := store.NewAliases(r.Client, r.Prefix, newID, 0).Resolve(t.Context(), []conversation.Person{p})
					if err != nil {
						t.Error(err)
						return
					}
					contacts[n] = got[0]
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
		people := []conversation.Person{{UserID: "BR.1", WaID: "1", Phone: "10"}, {UserID: "BR.2", WaID: "2", Phone: "20"}, {WaID: "3"}}
		aliases := store.NewAliases(client, r.Prefix, ids(), 100)
		resolve := func(what string, a *store.Aliases, people []conversation.Person, want int64) {
			t.Helper()
			before := count.n.Load()
			if _, err := a.Resolve(t.Context(), people); err != nil {
				t.Fatal(err)
			}
			if got := count.n.Load() - before; got != want {
				t.Errorf("%s: %d round trips; want %d", what, got, want)
			}
		}
		resolve("a first sight", aliases, people[:1], 4)
		resolve("the others", aliases, people, 4)
		resolve("cached", aliases, people, 0)
		resolve("cached, told less", aliases, []conversation.Person{{WaID: "1"}, {Phone: "20"}}, 0)
		resolve("known, on another instance", store.NewAliases(client, r.Prefix, ids(), 100), people, 1)
		crowd := make([]conversation.Person, 500)
		for i := range crowd {
			crowd[i] = conversation.Person{UserID: fmt.Sprintf("BR.c%d", i), WaID: fmt.Sprintf("c%d", i), Phone: fmt.Sprintf("c%d0", i)}
		}
		resolve("first sights of many", aliases, append(crowd, crowd...), 4)
		small := store.NewAliases(client, r.Prefix, ids(), 2)
		resolve("a small cache", small, []conversation.Person{{WaID: "1"}, {WaID: "2"}}, 1)
		resolve("a small cache, used again", small, []conversation.Person{{WaID: "1"}}, 0)
		resolve("a small cache, one more", small, []conversation.Person{{WaID: "3"}}, 1)
		resolve("a small cache, what was used last", small, []conversation.Person{{WaID: "1"}}, 0)
		resolve("a small cache, what was dropped", small, []conversation.Person{{WaID: "2"}}, 1)
	})
}

// TestResolveSurvivesLostCalls loses each round trip of a first sight in turn, before and after it took effect, and repeats the call: the
// person keeps one contact and the next owner of the number never gets it.
func TestResolveSurvivesLostCalls(t *testing.T) {
	t.Parallel()
	starts := map[string][]conversation.Person{
		"new":     nil,
		"adopted": {{WaID: "1"}},
	}
	for name, before := range starts {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after it took effect %v", name, after), func(t *testing.T) {
				t.Parallel()
				r := testredis.Mini(t)
				first, next := conversation.Person{UserID: "BR.1", WaID: "1", Phone: "10"}, conversation.Person{UserID: "BR.2", WaID: "1", Phone: "10"}
				for lost := int64(1); ; lost++ {
					client, count := watched(t, r)
					aliases := store.NewAliases(client, fmt.Sprintf("%s%d:", r.Prefix, lost), ids(), 10)
					if _, err := aliases.Resolve(t.Context(), before); err != nil {
						t.Fatal(err)
					}
					count.n.Store(0)
					count.failAt.Store(lost)
					count.after.Store(after)
					_, err := aliases.Resolve(t.Context(), []conversation.Person{first})
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
					for _, p := range []conversation.Person{next, first, {UserID: "BR.1"}, {UserID: "BR.2"}} {
						contacts, err := aliases.Resolve(t.Context(), []conversation.Person{p})
						if err != nil {
							t.Fatal(err)
						}
						got = append(got, contacts[0])
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
		before []conversation.Person
		claim  int64 // the round trip that claims the id
		unused string
	}{
		"first sight": {claim: 3, unused: "c1"},
		"adoption":    {before: []conversation.Person{{WaID: "1"}}, claim: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Mini(t)
			newID := ids()
			faster := store.NewAliases(r.Client, r.Prefix, newID, 0)
			if _, err := faster.Resolve(t.Context(), c.before); err != nil {
				t.Fatal(err)
			}
			resolve := func(a *store.Aliases, p conversation.Person) string {
				t.Helper()
				contacts, err := a.Resolve(t.Context(), []conversation.Person{p})
				if err != nil {
					t.Fatal(err)
				}
				return contacts[0]
			}
			client, count := watched(t, r)
			var winner string
			count.before = func(n int64) {
				if n == c.claim {
					winner = resolve(faster, conversation.Person{UserID: "BR.1"})
				}
			}
			got := resolve(store.NewAliases(client, r.Prefix, newID, 0), conversation.Person{UserID: "BR.1", WaID: "1"})
			if winner == "" || got != winner {
				t.Errorf("the slower instance answered %q; want the winner %q", got, winner)
			}
			if c.unused != "" && r.Mini.Exists(r.Prefix+"alias:owner:"+c.unused) {
				t.Errorf("the contact %s nobody uses is still bound", c.unused)
			}
		})
	}
}
