package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

type (
	person   = conversation.Person
	resolved = conversation.Resolved
)

// ids gives c1, c2, ….
func ids() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("c%d", n.Add(1)) }
}

// newAliases makes a look-up whose clock stands still.
func newAliases(client redis.UniversalClient, prefix string, newID func() string, cacheSize int) *store.Aliases {
	return store.NewAliases(client, prefix, newID, cacheSize, newStopwatch().now)
}

// fatal is what *testing.T and *rapid.T have in common here.
type fatal interface {
	Context() context.Context
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// whoIs resolves people in one call.
func whoIs(t fatal, a *store.Aliases, people ...person) []resolved {
	t.Helper()
	got, err := a.Resolve(t.Context(), people)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// contactOf resolves one person.
func contactOf(t fatal, a *store.Aliases, p person) string {
	t.Helper()
	return whoIs(t, a, p)[0].Contact
}

// onWhatsApp is somebody as inbound webhooks name them.
func onWhatsApp(userID, waID string) person {
	p := person{UserID: userID, WaID: waID}
	if waID != "" {
		p.Phone = brazil.CanonicalPhone(waID)
	}
	return p
}

func changedFrom(p person, before ...person) person {
	p.Before = before
	return p
}

// step is one call and its answers.
type step struct {
	people []person
	want   []resolved
}

func one(p person, want resolved) step { return step{[]person{p}, []resolved{want}} }

// is is the answer for somebody about whom there is nothing more to tell.
func is(contact string) resolved { return resolved{Contact: contact} }

// TestIdentityRequirements: SPEC.md, "Brazilian mobile numbers match with and without the ninth digit", and ARCHITECTURE.md, section 6.
func TestIdentityRequirements(t *testing.T) {
	t.Parallel()
	const (
		goiania, goianiaOld = "5562987654321", "556287654321"
		landline, mobile    = "551130041234", "5511930041234"
		ana, anaNew, bia    = "BR.1502576394655843", "BR.2602576394655843", "BR.3702576394655843"
		parent              = "BR.ENT.900"
	)
	typed := person{Phone: goiania}
	runSteps(t, map[string][]step{
		"a customer known as 55 62 9xxxx-xxxx who writes from the 12-digit id is the same contact": {
			one(onWhatsApp("", goiania), is("c1")), one(onWhatsApp("", goianiaOld), is("c1")), one(typed, is("c1")),
		},
		"a customer known by the 12-digit id who is written to as 55 62 9xxxx-xxxx is the same contact": {
			one(onWhatsApp(ana, goianiaOld), is("c1")), one(typed, is("c1")), one(onWhatsApp(ana, goiania), is("c1")),
		},
		"a landline of 12 digits never gets a ninth digit": {
			one(onWhatsApp("", landline), is("c1")), one(onWhatsApp("", mobile), is("c2")),
			one(person{Phone: landline}, is("c1")), one(person{Phone: mobile}, is("c2")),
		},
		"a phone recycled to a new business-scoped id": {
			one(onWhatsApp(ana, goiania), is("c1")),
			one(onWhatsApp(bia, goiania), resolved{Contact: "c2", Lost: "c1"}),
			one(onWhatsApp(bia, goiania), is("c2")),
			one(typed, is("c2")), one(onWhatsApp("", goiania), is("c2")),
			one(person{UserID: ana}, is("c1")),
		},
		"a recycled phone that is written in its other form": {
			one(onWhatsApp(ana, goianiaOld), is("c1")), one(onWhatsApp(bia, goiania), resolved{Contact: "c2", Lost: "c1"}), one(typed, is("c2")),
		},
		"a recycled phone of somebody who had moved to another number": {
			one(onWhatsApp(ana, goiania), is("c1")),
			one(changedFrom(onWhatsApp(anaNew, mobile), onWhatsApp(ana, goiania)), is("c1")),
			one(onWhatsApp(bia, goiania), resolved{Contact: "c2", Lost: "c1"}),
			one(person{UserID: anaNew}, is("c1")), one(onWhatsApp("", mobile), is("c1")), one(typed, is("c2")),
		},
		"a phone that arrives late": {
			one(person{UserID: ana}, is("c1")), one(onWhatsApp(ana, goiania), is("c1")), one(typed, is("c1")),
		},
		"a business-scoped id that arrives late": {
			one(onWhatsApp("", goiania), is("c1")), one(onWhatsApp(ana, goiania), is("c1")), one(person{UserID: ana}, is("c1")),
		},
		"a rotation": {
			one(onWhatsApp(ana, goiania), is("c1")),
			one(changedFrom(onWhatsApp(anaNew, goiania), person{UserID: ana}), is("c1")),
			one(changedFrom(onWhatsApp(anaNew, goiania), person{UserID: ana}), is("c1")),
			one(onWhatsApp(anaNew, goiania), is("c1")), one(person{UserID: ana}, is("c1")),
			one(onWhatsApp(bia, goiania), resolved{Contact: "c2", Lost: "c1"}),
		},
		"a rotation that tells of a contact under the new ids": {
			one(onWhatsApp(ana, goiania), is("c1")), one(person{UserID: anaNew}, is("c2")),
			one(changedFrom(person{UserID: anaNew}, person{UserID: ana}), resolved{Contact: "c2", Same: "c1"}),
		},
		"a merge candidate: known by id, written to by phone": {
			one(person{UserID: ana}, is("c1")), one(typed, is("c2")),
			one(onWhatsApp(ana, goiania), resolved{Contact: "c1", Same: "c2"}),
			one(onWhatsApp(bia, goiania), resolved{Contact: "c3", Lost: "c2"}),
		},
		"a parent's id is an alias": {
			one(person{UserID: ana, ParentUserID: parent, WaID: goiania}, is("c1")),
			one(person{UserID: bia, ParentUserID: parent, WaID: mobile}, is("c1")),
			one(person{ParentUserID: parent}, is("c1")), one(person{WaID: mobile}, is("c1")),
		},
	})
}

func TestResolveSequences(t *testing.T) {
	t.Parallel()
	const (
		b1, b2, b3, parent = "BR.100", "BR.200", "BR.300", "BR.ENT.900"
		w1, w2             = "551199990001", "551199990002"
		p1, p2             = "5511999990001", "5511999990002"
	)
	first, second := person{UserID: b1, WaID: w1, Phone: p1}, person{UserID: b2, WaID: w2, Phone: p2}
	again := person{UserID: b2, WaID: w1, Phone: p1} // the first one's number in new hands
	runSteps(t, map[string][]step{
		"nobody":         {{nil, []resolved{}}},
		"without any id": {{[]person{{}, {WaID: w1}, {Before: []person{{WaID: w1}}}}, []resolved{{}, is("c1"), {}}}},
		"every alias names the contact": {
			one(first, is("c1")), one(person{UserID: b1}, is("c1")), one(person{WaID: w1}, is("c1")), one(person{Phone: p1}, is("c1")),
		},
		"an id for a contact started by phone": {
			one(person{Phone: p1}, is("c1")), one(first, is("c1")), one(person{WaID: w1}, is("c1")), one(person{UserID: b1}, is("c1")),
		},
		"a number that comes back": {
			one(first, is("c1")), one(again, resolved{Contact: "c2", Lost: "c1"}), one(first, resolved{Contact: "c1", Lost: "c2"}),
			one(again, resolved{Contact: "c2", Lost: "c1"}), one(person{WaID: w1, Phone: p1}, is("c2")),
		},
		"a recycled number of a contact that got its id late": {
			one(person{WaID: w1}, is("c1")), one(person{UserID: b1, WaID: w1}, is("c1")),
			one(person{UserID: b2, WaID: w1}, resolved{Contact: "c2", Lost: "c1"}), one(person{UserID: b1}, is("c1")),
		},
		"two numbers, recycled from two": {
			one(first, is("c1")), one(second, is("c2")),
			one(person{UserID: b3, WaID: w1, Phone: p2}, resolved{Contact: "c3", Lost: "c2"}), one(person{WaID: w1}, is("c3")),
		},
		"two numbers, one recycled and one a merge candidate": {
			one(first, is("c1")), one(person{Phone: p2}, is("c2")), one(person{UserID: b2}, is("c3")),
			one(person{UserID: b2, WaID: w1, Phone: p2}, resolved{Contact: "c3", Same: "c2", Lost: "c1"}),
		},
		"two numbers of somebody new, both free to be theirs": {
			one(person{WaID: w1}, is("c1")), one(person{Phone: p2}, is("c2")),
			one(person{UserID: b1, WaID: w1, Phone: p2}, resolved{Contact: "c1", Same: "c2"}),
			one(person{UserID: b2, Phone: p2}, resolved{Contact: "c3", Lost: "c2"}),
		},
		"the id wins over another contact's number": {
			one(first, is("c1")), one(second, is("c2")),
			one(person{UserID: b1, WaID: w2, Phone: p2}, resolved{Contact: "c1", Lost: "c2"}), one(person{WaID: w2}, is("c1")),
		},
		"two forms of a number that met two contacts": {
			one(person{WaID: w1}, is("c1")), one(person{Phone: p2}, is("c2")), one(person{WaID: w1, Phone: p2}, is("c1")),
			one(person{UserID: b1, WaID: w1, Phone: p2}, resolved{Contact: "c1", Same: "c2"}),
		},
		"two forms of a number that stand for two people": {
			one(person{UserID: b1, WaID: w1}, is("c1")), one(person{UserID: b2, Phone: p1}, is("c2")), one(person{WaID: w1, Phone: p1}, is("c1")),
		},
		"a number of somebody known by the parent's id alone is not taken over": {
			one(person{ParentUserID: parent, WaID: w1}, is("c1")), one(person{UserID: b2, WaID: w1}, resolved{Contact: "c2", Lost: "c1"}),
		},
		"an id beside the parent's that the contact is bound to": {
			one(person{ParentUserID: parent, WaID: w1}, is("c1")), one(person{UserID: b1, ParentUserID: parent, WaID: w1}, is("c1")),
			one(person{UserID: b1, WaID: w1}, is("c1")), one(person{UserID: b2, WaID: w1}, resolved{Contact: "c2", Lost: "c1"}),
		},
		"one call": {{
			[]person{first, {WaID: w1}, first, second, {Phone: p1}, {UserID: b2}},
			[]resolved{is("c1"), is("c1"), is("c1"), is("c2"), is("c1"), is("c2")},
		}},
		"one call, the weaker name first": {{[]person{{WaID: w1}, {UserID: b1, WaID: w1}, {UserID: b1}}, []resolved{is("c1"), is("c1"), is("c1")}}},
		"one call with a recycled number": {{
			[]person{first, again, again, {WaID: w1}}, []resolved{is("c1"), {Contact: "c2", Lost: "c1"}, is("c2"), is("c2")},
		}},
		"one call, twins told once": {
			one(person{UserID: b1}, is("c1")), one(person{Phone: p1}, is("c2")),
			step{[]person{first, first, first}, []resolved{{Contact: "c1", Same: "c2"}, is("c1"), is("c1")}},
		},
	})
}

func TestResolveOfChangedIDs(t *testing.T) {
	t.Parallel()
	const (
		b1, b2, b3, parent = "BR.100", "BR.200", "BR.300", "BR.ENT.900"
		w1, w2             = "551199990001", "551199990002"
		p1, p2             = "5511999990001", "5511999990002"
	)
	first, moved := person{UserID: b1, WaID: w1, Phone: p1}, person{UserID: b2, WaID: w2, Phone: p2}
	runSteps(t, map[string][]step{
		"nobody knows either": {
			one(changedFrom(moved, first), is("c1")), one(first, is("c1")), one(moved, is("c1")),
		},
		"news in the wrong order": {
			one(changedFrom(person{UserID: b3, WaID: w2}, person{UserID: b2}), is("c1")), one(first, is("c2")),
			one(changedFrom(person{UserID: b2}, first), resolved{Contact: "c1", Same: "c2"}),
		},
		"the new number is another person's old one": {
			one(first, is("c1")), one(person{UserID: b3, WaID: w2, Phone: p2}, is("c2")),
			one(changedFrom(moved, first), resolved{Contact: "c1", Lost: "c2"}), one(person{Phone: p2}, is("c1")),
		},
		"the new number was written to before": {
			one(first, is("c1")), one(person{Phone: p2}, is("c2")), one(changedFrom(moved, first), resolved{Contact: "c2", Same: "c1"}),
		},
		"the old number is in new hands already": {
			one(first, is("c1")), one(person{UserID: b3, WaID: w1, Phone: p1}, resolved{Contact: "c2", Lost: "c1"}),
			one(changedFrom(moved, person{UserID: "BR.111", WaID: w1, Phone: p1}), is("c3")),
			one(changedFrom(person{UserID: "BR.222"}, first), is("c1")),
		},
		"numbers alone": {
			one(person{WaID: w1, Phone: p1}, is("c1")),
			one(changedFrom(person{WaID: w2, Phone: p2}, person{WaID: w1, Phone: p1}), is("c1")),
			one(person{UserID: b2, WaID: w2, Phone: p2}, is("c1")),
		},
		"numbers alone, of somebody bound to an id that ends with the number": {
			one(first, is("c1")),
			one(changedFrom(person{WaID: w2, Phone: p2}, person{WaID: w1, Phone: p1}), is("c1")),
			one(person{UserID: b3, WaID: w1, Phone: p1}, resolved{Contact: "c2", Lost: "c1"}),
			one(moved, is("c1")), one(person{UserID: b1}, is("c1")),
			one(person{UserID: "BR.400", WaID: w2, Phone: p2}, resolved{Contact: "c3", Lost: "c1"}),
		},
		"several before": {
			one(first, is("c1")), one(changedFrom(moved, person{UserID: "BR.000"}, person{WaID: w1}), is("c1")), one(person{UserID: "BR.000"}, is("c1")),
		},
		"the parent's id stays": {
			one(person{UserID: b1, ParentUserID: parent, WaID: w1}, is("c1")),
			one(changedFrom(person{UserID: b2, ParentUserID: parent, WaID: w2}, person{UserID: b1}), is("c1")),
			one(person{UserID: b3, WaID: w2}, resolved{Contact: "c2", Lost: "c1"}),
		},
		"one call": {{
			[]person{first, changedFrom(moved, first), moved, {UserID: b3, WaID: w1, Phone: p1}, first},
			[]resolved{is("c1"), is("c1"), is("c1"), {Contact: "c2", Lost: "c1"}, {Contact: "c1", Lost: "c2"}},
		}},
	})
}

// runSteps plays each case on every store, with caches of several sizes.
func runSteps(t *testing.T, cases map[string][]step) {
	t.Helper()
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
				t.Helper()
				for _, cacheSize := range []int{0, 2, 100} {
					aliases := newAliases(r.Client, fmt.Sprintf("%s%d:", r.Prefix, cacheSize), ids(), cacheSize)
					for i, s := range steps {
						if diff := cmp.Diff(s.want, whoIs(t, aliases, s.people...)); diff != "" {
							t.Errorf("cache of %d, step %d (-want +got):\n%s", cacheSize, i, diff)
						}
					}
				}
			})
		})
	}
}
