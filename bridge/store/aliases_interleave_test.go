package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// conductor lets one of several workers go on at a time, each up to its next round trip.
type conductor struct {
	mu      sync.Mutex
	changed *sync.Cond
	waiting map[int]chan struct{}
	playing int
	over    bool
}

func newConductor() *conductor {
	c := &conductor{waiting: map[int]chan struct{}{}}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// wait holds a worker back until it is its turn.
func (c *conductor) wait(worker int) {
	c.mu.Lock()
	if c.over {
		c.mu.Unlock()
		return
	}
	turn := make(chan struct{})
	c.waiting[worker] = turn
	c.changed.Broadcast()
	c.mu.Unlock()
	<-turn
}

// start lets a worker play its part.
func (c *conductor) start(part func()) {
	c.mu.Lock()
	c.playing++
	c.mu.Unlock()
	go func() {
		part()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.playing--
		c.changed.Broadcast()
	}()
}

// conduct returns when all have played; pick chooses among the workers that wait.
func (c *conductor) conduct(pick func(waiting []int) int) {
	defer c.dismiss()
	for {
		c.mu.Lock()
		for len(c.waiting) < c.playing {
			c.changed.Wait()
		}
		var list []int
		for worker := range c.waiting {
			list = append(list, worker)
		}
		c.mu.Unlock()
		if len(list) == 0 {
			return
		}
		slices.Sort(list)
		worker := pick(list)
		c.mu.Lock()
		turn := c.waiting[worker]
		delete(c.waiting, worker)
		c.mu.Unlock()
		close(turn)
	}
}

// dismiss lets everybody play on as they like and waits for them.
func (c *conductor) dismiss() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for worker, turn := range c.waiting {
		delete(c.waiting, worker)
		close(turn)
	}
	for c.playing > 0 {
		c.changed.Wait()
	}
}

// lookups is an instance with its client's hook.
type lookups struct {
	*store.Aliases
	hook *calls
}

// task is something a worker does: the person comes, and the call may break off and be made again or not.
type task struct {
	who     person
	failAt  int64
	effect  uint64
	again   bool
	got     resolved
	settled bool // got is an answer
}

func (k *task) do(t fatal, a *lookups, adopt func(from, to string)) error {
	a.hook.n.Store(0)
	a.hook.failAt.Store(k.failAt)
	a.hook.effect.Store(k.effect)
	got, err := a.Resolve(t.Context(), []person{k.who})
	a.hook.failAt.Store(0)
	if errors.Is(err, errLost) {
		if !k.again {
			return nil
		}
		got, err = a.Resolve(t.Context(), []person{k.who})
	}
	if err != nil {
		return err
	}
	if k.got, k.settled = got[0], true; k.got.Same == "" {
		return nil
	}
	adopt(k.got.Same, k.got.Contact)
	return a.Adopt(t.Context(), k.got.Same, k.got.Contact)
}

// TestAliasesAtOnce lets instances, some with a memory, meet the same few people in every order of their round trips, break off, and join
// contacts as they are told. No two people ever become one, whoever was told a contact keeps it, and what names a contact is in its
// registry.
func TestAliasesAtOnce(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		const workers = 3
		var hooks [workers]*calls
		var instances [workers]func(prefix string, newID func() string, size int) *lookups
		for i := range workers {
			client, hook := watched(t, r)
			hooks[i] = hook
			instances[i] = func(prefix string, newID func() string, size int) *lookups {
				return &lookups{newAliases(client, prefix, newID, size), hook}
			}
		}
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			run++
			prefix, newID := fmt.Sprintf("%s%d:", r.Prefix, run), ids()
			c := newConductor()
			var tasks [workers][]*task
			joined, mu := map[string]string{}, sync.Mutex{}
			errs := make(chan error, workers)
			for i := range workers {
				tasks[i] = rapid.SliceOfN(rapid.Custom(aTask), 1, 4).Draw(t, "tasks")
				a := instances[i](prefix, newID, rapid.SampledFrom([]int{0, 100}).Draw(t, "cache"))
				hooks[i].before = func(int64) { c.wait(i) }
				c.start(func() {
					for _, k := range tasks[i] {
						err := k.do(t, a, func(from, to string) {
							mu.Lock()
							defer mu.Unlock()
							joined[from] = to
						})
						if err != nil {
							errs <- err
							return
						}
					}
				})
			}
			c.conduct(func(waiting []int) int { return rapid.SampledFrom(waiting).Draw(t, "turn") })
			if len(errs) > 0 {
				t.Fatal(<-errs)
			}
			for i := range workers {
				hooks[i].before = nil
			}
			last := instances[0](prefix, newID, 0)
			checkRegistries(t, r, prefix)
			for _, list := range tasks {
				for _, k := range list {
					checkAnswer(t, last, k, joined)
				}
			}
			checkPeace(t, last)
			checkRegistries(t, r, prefix)
		})
	})
}

// aTask draws somebody with a business-scoped id, seldom without, who may have any number.
func aTask(t *rapid.T) *task {
	k := &task{}
	if n := rapid.IntRange(0, 3).Draw(t, "user"); n > 0 {
		k.who.UserID = fmt.Sprint("BR.", n)
	}
	if n := rapid.IntRange(0, 2).Draw(t, "wa"); n > 0 {
		k.who.WaID = fmt.Sprint("5511", n)
	}
	k.who.Phone = fmt.Sprint("+5511", rapid.IntRange(1, 2).Draw(t, "phone"))
	if k.failAt = int64(rapid.IntRange(0, 9).Draw(t, "crash at")); k.failAt > 0 {
		k.effect = rapid.SampledFrom([]uint64{0, 1, 2, 3, 5, everything}).Draw(t, "effect")
		k.again = rapid.Bool().Draw(t, "again")
	}
	return k
}

// checkAnswer: somebody with a business-scoped id still is the contact that was told, or the one that this was joined with.
func checkAnswer(t *rapid.T, a *lookups, k *task, joined map[string]string) {
	if !k.settled || k.who.UserID == "" {
		return
	}
	contact, ok, err := a.Find(t.Context(), person{UserID: k.who.UserID})
	if err != nil {
		t.Fatal(err)
	}
	want := k.got.Contact
	for seen := 0; joined[want] != "" && contact != want && seen < len(joined); seen++ {
		want = joined[want]
	}
	if !ok || contact != want {
		t.Fatalf("%v was told %v and is %q now", k.who, k.got, contact)
	}
}

// checkRegistries: every id that names a contact is in that contact's registry, and who goes by a business-scoped id is bound to it alone.
func checkRegistries(t *rapid.T, r *testredis.Redis, prefix string) {
	owners := map[string]string{}
	for _, id := range universe() {
		contact, _ := r.Client.Get(t.Context(), prefix+"alias:"+id.Kind+":"+id.Value).Result()
		if contact == "" {
			continue
		}
		in, err := r.Client.SIsMember(t.Context(), prefix+"contact:"+contact+":ids", id.Kind+" "+id.Value).Result()
		if err != nil || !in {
			t.Fatalf("%v names %s, whose registry does not hold it (%v)", id, contact, err)
		}
		if id.Kind != store.KindBSUID {
			continue
		}
		owner, err := r.Client.Get(t.Context(), prefix+"alias:owner:"+contact).Result()
		if owner != id.Value {
			t.Fatalf("%v names %s, which is bound to %q (%v)", id, contact, owner, err)
		}
		if other, taken := owners[contact]; taken {
			t.Fatalf("%s and %s are one contact", other, id.Value)
		}
		owners[contact] = id.Value
	}
}

func universe() (list []store.ID) {
	for n := 1; n <= 3; n++ {
		list = append(
			list, store.ID{Kind: store.KindBSUID, Value: fmt.Sprint("BR.", n)},
			store.ID{Kind: store.KindWA, Value: fmt.Sprint("5511", n)}, store.ID{Kind: store.KindPhone, Value: fmt.Sprint("+5511", n)},
		)
	}
	return list
}

// checkPeace: when each person keeps to a number of their own, joining what is told soon leaves nothing to tell.
func checkPeace(t *rapid.T, a *lookups) {
	for range 5 {
		quiet := true
		for n := 1; n <= 3; n++ {
			p := person{UserID: fmt.Sprint("BR.", n), WaID: fmt.Sprint("5511", n), Phone: fmt.Sprint("+5511", n)}
			got := whoIs(t, a.Aliases, p)[0]
			if got.Same != "" {
				if err := a.Adopt(t.Context(), got.Same, got.Contact); err != nil {
					t.Fatal(err)
				}
			}
			quiet = quiet && got == is(got.Contact)
		}
		if quiet {
			return
		}
	}
	t.Fatal("there is always something left to tell")
}
