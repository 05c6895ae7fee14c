package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// wants compares an answer; err must be nil.
func wants[T any](t *testing.T, what string, want, got T, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
	}
}

func TestRegistryOfAContact(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		ctx := t.Context()
		a := newAliases(r.Client, r.Prefix, ids(), 100)
		ana := person{UserID: "BR.1", ParentUserID: "BR.ENT.1", WaID: "5562 1", Phone: "55629 1"} // a value may hold a space
		contactOf(t, a, ana)
		for _, number := range []string{"200", "100", "200"} {
			if err := a.Register(ctx, "c1", number, conversation.Person{}); err != nil {
				t.Fatal(err)
			}
		}
		numbers, err := a.Numbers(ctx, "c1")
		wants(t, "Numbers", []string{"100", "200"}, numbers, err)
		all := []store.ID{{store.KindBSUID, "BR.1"}, {store.KindBSUID, "BR.ENT.1"}, {store.KindWA, "5562 1"}, {store.KindPhone, "55629 1"}}
		got, err := a.IDs(ctx, "c1")
		wants(t, "IDs", all, got, err)
		whoIs(t, a, person{UserID: "BR.2", WaID: "5562 1"}) // the number was given to somebody new
		got, err = a.IDs(ctx, "c1")
		wants(t, "IDs without the lost number", []store.ID{all[0], all[1], all[3]}, got, err)
		got, err = a.IDs(ctx, "c2")
		wants(t, "IDs of who got it", []store.ID{{store.KindBSUID, "BR.2"}, all[2]}, got, err)
		got, err = a.IDs(ctx, "nobody")
		wants(t, "IDs of nobody", nil, got, err)
		numbers, err = a.Numbers(ctx, "nobody")
		wants(t, "Numbers of nobody", nil, numbers, err)
	})
}

func TestForgetLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		ctx := t.Context()
		a := newAliases(r.Client, r.Prefix, ids(), 100)
		ana := person{UserID: "BR.1", WaID: "1", Phone: "10"}
		contactOf(t, a, ana)
		if err := a.Register(ctx, "c1", "200", conversation.Person{}); err != nil {
			t.Fatal(err)
		}
		whoIs(t, a, person{UserID: "BR.2", WaID: "1"})
		got, err := a.Forget(ctx, "c1")
		wants(t, "Forget", []store.ID{{store.KindBSUID, "BR.1"}, {store.KindPhone, "10"}}, got, err)
		for _, key := range []string{"alias:bsuid:BR.1", "alias:phone:10", "alias:owner:c1", "contact:c1:ids"} {
			if n := r.Client.Exists(ctx, r.Prefix+key).Val(); n != 0 {
				t.Errorf("%s is left", key)
			}
		}
		got, err = a.Forget(ctx, "c1")
		wants(t, "Forget again", nil, got, err)
		wants(t, "who has the number now", "c2", contactOf(t, a, person{WaID: "1"}), nil)
		wants(t, "the forgotten one comes back", "c3", contactOf(t, a, person{UserID: "BR.1"}), nil)
		wants(t, "the phone is free", "c4", contactOf(t, a, person{Phone: "10"}), nil)
	})
}

func TestAdoptJoinsTwoContacts(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		ctx := t.Context()
		a, other := newAliases(r.Client, r.Prefix, ids(), 100), newAliases(r.Client, r.Prefix, ids(), 0)
		contactOf(t, a, person{UserID: "BR.1"})
		claimed, err := a.Claim(ctx, person{Phone: "10", UserID: "BR.9"})
		wants(t, "Claim", "c2", claimed, err)
		for contact, number := range map[string]string{"c1": "100", "c2": "200"} {
			if err := a.Register(ctx, contact, number, conversation.Person{}); err != nil {
				t.Fatal(err)
			}
		}
		ana := person{UserID: "BR.1", WaID: "1", Phone: "10"}
		for range 2 {
			wants(t, "told", []resolved{{Contact: "c1", Same: "c2"}}, whoIs(t, a, ana), nil)
		}
		for range 2 {
			if err := a.Adopt(ctx, "c2", "c1"); err != nil {
				t.Fatal(err)
			}
			wants(t, "joined", []resolved{is("c1")}, whoIs(t, a, ana), nil)
		}
		wants(t, "on another instance", []resolved{is("c1")}, whoIs(t, other, ana), nil)
		got, err := a.IDs(ctx, "c1")
		wants(t, "IDs", []store.ID{{store.KindBSUID, "BR.1"}, {store.KindWA, "1"}, {store.KindPhone, "10"}}, got, err)
		numbers, err := a.Numbers(ctx, "c1")
		wants(t, "Numbers", []string{"100", "200"}, numbers, err)
		for _, key := range []string{"alias:owner:c2", "contact:c2:ids"} {
			if n := r.Client.Exists(ctx, r.Prefix+key).Val(); n != 0 {
				t.Errorf("%s is left", key)
			}
		}
	})
}

// TestAdoptKeepsWhatABoundContactIsBoundTo: the next owner of the joined contact's number is a stranger to both.
func TestAdoptKeepsWhatABoundContactIsBoundTo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to person }{
		"both bound":      {person{UserID: "BR.1", WaID: "1"}, person{UserID: "BR.2", WaID: "2"}},
		"one to a number": {person{UserID: "BR.1", WaID: "1"}, person{WaID: "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Mini(t)
			a := newAliases(r.Client, r.Prefix, ids(), 0)
			from, to := contactOf(t, a, c.from), contactOf(t, a, c.to)
			if err := a.Adopt(t.Context(), from, to); err != nil {
				t.Fatal(err)
			}
			wants(t, "the next owner", []resolved{{Contact: "c3", Lost: to}}, whoIs(t, a, person{UserID: "BR.3", WaID: "2"}), nil)
			wants(t, "the id", []resolved{is(to)}, whoIs(t, a, person{UserID: "BR.1"}), nil)
		})
	}
	a := newAliases(nil, "", ids(), 0)
	for _, pair := range [][2]string{{"", "c1"}, {"c1", ""}, {"c1", "c1"}} {
		if err := a.Adopt(t.Context(), pair[0], pair[1]); err == nil {
			t.Errorf("joined %q with %q", pair[0], pair[1])
		}
	}
}

func TestKnownAndFindMakeNobody(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		ctx := t.Context()
		client, count := watched(t, r)
		a := newAliases(client, r.Prefix, ids(), 100)
		whoIs(t, a, person{UserID: "BR.1", WaID: "1", Phone: "10"}, person{WaID: "2"})
		size := r.Client.Exists(ctx, r.Prefix+"alias:bsuid:BR.2", r.Prefix+"alias:wa:3")
		before := count.n.Load()
		got, err := a.Known(ctx, []person{
			{UserID: "BR.1"},
			{WaID: "2"},
			{WaID: "3"},
			{},
			{UserID: "BR.2", WaID: "3", Phone: "10"},
			{UserID: "BR.2", WaID: "2"},
			{WaID: "3", Phone: "10"},
			{UserID: "BR.2", Before: []person{{UserID: "BR.1"}}},
		})
		wants(t, "Known", []string{"c1", "c2", "", "", "", "c2", "c1", ""}, got, err)
		if n := count.n.Load() - before; n != 2 {
			t.Errorf("Known took %d round trips; want 2, one of them for numbers beside unknown ids", n)
		}
		got, err = a.Known(ctx, []person{{UserID: "BR.1", WaID: "7"}})
		wants(t, "Known, remembered", []string{"c1"}, got, err)
		if n := count.n.Load() - before; n != 2 {
			t.Errorf("Known asked the store for somebody remembered")
		}
		got, err = a.Known(ctx, nil)
		wants(t, "Known of none", []string{}, got, err)
		for _, c := range []struct {
			who  person
			want string
		}{{person{Phone: "10"}, "c1"}, {person{Phone: "30"}, ""}, {person{}, ""}, {person{UserID: "BR.3", Phone: "10"}, ""}} {
			contact, ok, err := a.Find(ctx, c.who)
			if wants(t, "Find", c.want, contact, err); ok != (c.want != "") {
				t.Errorf("Find(%v) = %v", c.who, ok)
			}
		}
		if size.Val() != 0 || r.Client.Exists(ctx, r.Prefix+"alias:bsuid:BR.2", r.Prefix+"alias:wa:3", r.Prefix+"alias:owner:c2").Val() != 0 {
			t.Error("looking made somebody, or bound a contact")
		}
		if _, err := a.Claim(ctx, person{WaID: "1"}); err == nil {
			t.Error("Claim without a phone succeeded")
		}
	})
}

func TestAliasesTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	a, ctx := newAliases(r.Client, r.Prefix, ids(), 0), t.Context()
	r.Mini.SetError("LOADING")
	for name, op := range map[string]func() error{
		"Resolve":  func() error { _, err := a.Resolve(ctx, []person{{WaID: "1"}}); return err },
		"Known":    func() error { _, err := a.Known(ctx, []person{{WaID: "1"}}); return err },
		"Find":     func() error { _, _, err := a.Find(ctx, person{WaID: "1"}); return err },
		"Claim":    func() error { _, err := a.Claim(ctx, person{Phone: "1"}); return err },
		"Register": func() error { return a.Register(ctx, "c1", "1", conversation.Person{}) },
		"Numbers":  func() error { _, err := a.Numbers(ctx, "c1"); return err },
		"IDs":      func() error { _, err := a.IDs(ctx, "c1"); return err },
		"Adopt":    func() error { return a.Adopt(ctx, "c1", "c2") },
		"Forget":   func() error { _, err := a.Forget(ctx, "c1"); return err },
	} {
		if op() == nil {
			t.Errorf("%s succeeded on a store that fails", name)
		}
	}
}

// TestAdoptMovesWhatTheRegistryMissed: an id that came to name a contact while that was being joined is in no registry; who is told that
// the two are the same person finds it there again.
func TestAdoptMovesWhatTheRegistryMissed(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		a, ana := newAliases(r.Client, r.Prefix, ids(), 0), person{UserID: "BR.1", WaID: "1", Phone: "10"}
		contactOf(t, a, person{UserID: "BR.1"})
		contactOf(t, a, person{Phone: "10"})
		if err := r.Client.SRem(t.Context(), r.Prefix+"contact:c2:ids", "phone 10").Err(); err != nil {
			t.Fatal(err)
		}
		wants(t, "told", []resolved{{Contact: "c1", Same: "c2"}}, whoIs(t, a, ana), nil)
		if err := a.Adopt(t.Context(), "c2", "c1"); err != nil {
			t.Fatal(err)
		}
		wants(t, "joined", []resolved{is("c1")}, whoIs(t, a, ana), nil)
	})
}
