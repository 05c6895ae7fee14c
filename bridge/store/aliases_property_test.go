package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// somebody draws a person with some of few ids, so that they meet often.
func somebody(t *rapid.T) person {
	id := func(kind string, most int) string {
		if n := rapid.IntRange(0, most).Draw(t, kind); n > 0 {
			return fmt.Sprint(kind, n)
		}
		return ""
	}
	return person{UserID: id("BR.", 4), ParentUserID: id("BR.ENT.", 2), WaID: id("5511", 4), Phone: id("+5511", 4)}
}

// someone is somebody who now and then comes with ids of before.
func someone(t *rapid.T) person {
	p := somebody(t)
	if rapid.IntRange(0, 3).Draw(t, "changed") == 0 {
		p.Before = rapid.SliceOfN(rapid.Custom(somebody), 1, 2).Draw(t, "before")
	}
	return p
}

// numbered names contacts by the order in which they first appear.
func numbered(answers []resolved) [][3]int {
	seen := map[string]int{"": 0}
	number := func(c string) int {
		if _, ok := seen[c]; !ok {
			seen[c] = len(seen)
		}
		return seen[c]
	}
	out := make([][3]int, len(answers))
	for i, r := range answers {
		out[i] = [3]int{number(r.Contact), number(r.Lost), number(r.Same)}
	}
	return out
}

// Whoever is resolved together with others becomes who they would have become one after the other, and so do all who come later.
func TestResolveTogetherIsResolveInTurn(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		before := rapid.SliceOfN(rapid.Custom(someone), 0, 4).Draw(t, "before")
		people := rapid.SliceOfN(rapid.Custom(someone), 1, 10).Draw(t, "people")
		after := rapid.SliceOfN(rapid.Custom(someone), 0, 6).Draw(t, "after")
		answers := func(name string, together bool) []resolved {
			aliases := newAliases(r.Client, fmt.Sprintf("%s%d:%s:", r.Prefix, runs, name), ids(), 0)
			var all []resolved
			for _, p := range before {
				all = append(all, whoIs(t, aliases, p)...)
			}
			if together {
				all = append(all, whoIs(t, aliases, people...)...)
			} else {
				for _, p := range people {
					all = append(all, whoIs(t, aliases, p)...)
				}
			}
			for _, p := range after {
				all = append(all, whoIs(t, aliases, p)...)
			}
			return all
		}
		turn, together := answers("turn", false), answers("together", true)
		for i := range turn { // what was told to a twin is not told again
			if together[i].Same == "" {
				turn[i].Same = ""
			}
		}
		if diff := cmp.Diff(numbered(turn), numbered(together)); diff != "" {
			t.Errorf("contacts (-in turn +together):\n%s", diff)
		}
	})
}

// desks plays operations on a store and on the model side by side.
type desks struct {
	t       *rapid.T
	model   *model
	aliases []*store.Aliases
	calls   []*calls
	names   map[string]string // the model's contacts by the store's
	told    map[[2]string]int
	crashed bool // the operation under way was repeated after a failure
}

// like tells whether a contact of the store is the one that the model means, from its first appearance on.
func (d *desks) like(what, got, want string) {
	d.t.Helper()
	if _, ok := d.names[got]; !ok && got != "" && !slices.Contains(slices.Collect(maps.Values(d.names)), want) {
		d.names[got] = want
	}
	if d.names[got] != want {
		d.t.Fatalf("%s is %q (%s); want %q, known are %v", what, got, d.names[got], want, d.names)
	}
}

// do carries an operation out on one of the instances, now and then with a crash on the way, after which it is repeated.
func (d *desks) do(crashes bool, op func(a *store.Aliases) error) {
	d.t.Helper()
	n := rapid.IntRange(0, len(d.aliases)-1).Draw(d.t, "instance")
	d.crashed = false
	d.calls[n].n.Store(0)
	d.calls[n].failAt.Store(0)
	if crashes {
		d.calls[n].failAt.Store(int64(rapid.IntRange(0, 6).Draw(d.t, "crash at")))
		d.calls[n].effect.Store(rapid.SampledFrom([]uint64{0, 1, 3, 7, 5, 0xaaaa, everything}).Draw(d.t, "with effect"))
	}
	err := op(d.aliases[n])
	if d.crashed = errors.Is(err, errLost); d.crashed {
		d.calls[n].failAt.Store(0)
		err = op(d.aliases[n])
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desks) resolve(crashes bool) {
	most := 3
	if crashes || len(d.aliases) == 1 { // what one person took from another could be taken back by a repeat, and go unseen by a memory
		most = 1
	}
	people := rapid.SliceOfN(rapid.Custom(someone), 1, most).Draw(d.t, "people")
	var got []resolved
	d.do(crashes, func(a *store.Aliases) (err error) {
		got, err = a.Resolve(d.t.Context(), people)
		return err
	})
	for i, p := range people {
		want := d.model.resolve(p)
		d.like("contact", got[i].Contact, want.Contact)
		if !d.crashed { // else the first attempt may have taken the number already
			d.like("lost", got[i].Lost, want.Lost)
		}
		pair := [2]string{want.Contact, want.Same}
		twin := slices.ContainsFunc(people[:i], func(q person) bool { return cmp.Equal(p, q) })
		if got[i].Same == "" && want.Same != "" && (twin || d.told[pair] >= 3) {
			continue
		}
		d.told[pair]++
		d.like("same", got[i].Same, want.Same)
	}
}

// contact draws one of the contacts that appeared so far.
func (d *desks) contact(what string) (real, model string) {
	real = rapid.SampledFrom(slices.Sorted(maps.Keys(d.names))).Draw(d.t, what)
	return real, d.names[real]
}

func (d *desks) look() {
	people := rapid.SliceOfN(rapid.Custom(someone), 1, 3).Draw(d.t, "people")
	d.do(false, func(a *store.Aliases) error {
		got, err := a.Known(d.t.Context(), people)
		for i := range got {
			d.like("known", got[i], d.model.known(people[i]))
		}
		for _, p := range people {
			contact, ok, err := a.Find(d.t.Context(), p)
			if d.like("found", contact, d.model.known(p)); ok != (contact != "") || err != nil {
				return fmt.Errorf("Find = %q, %v, %w", contact, ok, err)
			}
		}
		return err
	})
	real, modelled := d.contact("contact")
	d.do(false, func(a *store.Aliases) error {
		ids, err := a.IDs(d.t.Context(), real)
		if diff := cmp.Diff(d.model.ids(modelled), ids); diff != "" && modelled != "" {
			d.t.Fatalf("ids of %s (-want +got):\n%s", modelled, diff)
		}
		return err
	})
	d.do(false, func(a *store.Aliases) error {
		numbers, err := a.Numbers(d.t.Context(), real)
		if want := slices.Sorted(maps.Keys(d.model.numbers[modelled])); modelled != "" && !slices.Equal(want, numbers) {
			d.t.Fatalf("numbers of %s = %v; want %v", modelled, numbers, want)
		}
		return err
	})
}

func (d *desks) claim(crashes bool) {
	p := person{Phone: fmt.Sprint("+5511", rapid.IntRange(1, 4).Draw(d.t, "phone"))}
	var got string
	d.do(crashes, func(a *store.Aliases) (err error) {
		got, err = a.Claim(d.t.Context(), p)
		return err
	})
	d.like("claimed", got, d.model.resolve(p).Contact)
}

func (d *desks) register(crashes bool) {
	real, modelled := d.contact("contact")
	if real == "" {
		return
	}
	number := fmt.Sprint(rapid.IntRange(1, 3).Draw(d.t, "number"))
	d.do(crashes, func(a *store.Aliases) error { return a.Register(d.t.Context(), real, number, conversation.Person{}) })
	d.model.register(modelled, number)
}

func (d *desks) adopt(crashes bool) {
	from, modelFrom := d.contact("from")
	to, modelTo := d.contact("to")
	if from == to || from == "" || to == "" {
		return
	}
	d.do(crashes, func(a *store.Aliases) error { return a.Adopt(d.t.Context(), from, to) })
	d.model.adopt(modelFrom, modelTo)
}

func (d *desks) forget(crashes bool) {
	real, modelled := d.contact("forgotten")
	if real == "" {
		return
	}
	want := d.model.ids(modelled)
	d.do(crashes, func(a *store.Aliases) error {
		ids, err := a.Forget(d.t.Context(), real)
		if err != nil {
			return err
		}
		if d.crashed && len(ids) == 0 { // the first attempt did it all, and nobody heard
			return nil
		}
		for _, id := range want {
			if !slices.Contains(ids, id) {
				d.t.Fatalf("forgot %v; %v was missed", ids, id)
			}
		}
		for _, id := range ids {
			if c := d.model.names[id]; c != "" && c != modelled {
				d.t.Fatalf("forgot %v, which names %s", id, c)
			}
		}
		return nil
	})
	d.model.forget(modelled)
}

// TestAliasesFollowTheRules plays any operations in any order against the model: on two instances without memory, or on one that has some.
// An operation may break off between any two commands and is repeated then.
func TestAliasesFollowTheRules(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client1, calls1 := watched(t, r)
		client2, calls2 := watched(t, r)
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			run++
			prefix, newID := fmt.Sprintf("%s%d:", r.Prefix, run), ids()
			// One instance remembers, or two don't.
			d := &desks{t: t, model: newModel(), calls: []*calls{calls1}, names: map[string]string{"": ""}, told: map[[2]string]int{}}
			size := rapid.SampledFrom([]int{0, 0, 3, 100}).Draw(t, "cache")
			d.aliases = []*store.Aliases{newAliases(client1, prefix, newID, size)}
			if size == 0 {
				d.aliases, d.calls = append(d.aliases, newAliases(client2, prefix, newID, 0)), append(d.calls, calls2)
			}
			crashes := rapid.Bool().Draw(t, "crashes")
			for range rapid.IntRange(1, 25).Draw(t, "operations") {
				switch rapid.IntRange(0, 11).Draw(t, "operation") {
				default:
					d.resolve(crashes)
				case 0:
					d.claim(crashes)
				case 1:
					d.register(crashes)
				case 2:
					d.adopt(crashes)
				case 3:
					d.forget(crashes)
				case 4, 5:
					d.look()
				}
			}
			calls1.failAt.Store(0)
			calls2.failAt.Store(0)
			d.look()
		})
	})
}
