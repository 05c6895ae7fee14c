package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// noon is when lists are read.
func noon() time.Time { return time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC) }

// The numbers of these tests: the second one's own queue is the second level's.
const (
	firstNumber  = "106540352242922"
	secondNumber = "206540352242922"
)

// listed is an installation whose conversations are written behind the engine's back.
type listed struct {
	testing.TB
	a       *App
	threads []conversation.Thread
}

// openListed builds one on a store, with few partitions.
func openListed(tb testing.TB, r *testredis.Redis) *listed {
	tb.Helper()
	return openListedOf(tb, r, 2)
}

func openListedOf(tb testing.TB, r *testredis.Redis, parts int) *listed {
	tb.Helper()
	c := DemoDefaults(Config{PublicURL: "http://ponte.invalid", RedisPrefix: r.Prefix, WhatsAppAPIURL: "http://ponte.invalid", WhatsAppAPIVersion: "v26.0"})
	a, err := Build(tb.Context(), c, Parts{Redis: r.Client, Now: noon, Partitions: parts, Settings: func(number string) settings.Number {
		set := settings.Default()
		set.Desk.Queue = "Suporte N1"
		if number == secondNumber {
			set.Desk.Queue = "Suporte N2"
		}
		return set
	}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { a.Close(tb.Context()) })
	return &listed{TB: tb, a: a}
}

// write stores threads, without their views.
func (l *listed) write(threads ...conversation.Thread) {
	l.Helper()
	l.threads = append(l.threads, threads...)
	for some := range slices.Chunk(threads, 500) {
		pipe := l.a.redis.Pipeline()
		for _, t := range some {
			raw, err := conversation.EncodeState(t)
			if err != nil {
				l.Fatal(err)
			}
			pipe.HSet(l.Context(), l.at(t.Key(), "c:"+t.Key()), conversation.StateField, raw, "_v", 1, "_schema", conversation.Schema)
		}
		if _, err := pipe.Exec(l.Context()); err != nil {
			l.Fatal(err)
		}
	}
}

// at is a Redis key in the partition of a mailbox.
func (l *listed) at(key, name string) string {
	return fmt.Sprintf("%s{w%d}:%s", l.a.Config.RedisPrefix, l.a.Mailboxes.Partition(key), name)
}

// rebuild puts all threads into their views.
func (l *listed) rebuild() {
	l.Helper()
	sum, err := rebuild(l.Context(), l.a.redis, l.a.Config.RedisPrefix, l.a.Mailboxes, l.a.parts.Settings)
	if err != nil || sum.Left+sum.Unread > 0 {
		l.Fatalf("rebuilt %+v: %v", sum, err)
	}
}

func (l *listed) lists() lists { return lists{a: l.a, whole: l.a.whole} }

// anyThread makes up the i-th thread.
func anyThread(rnd *rand.Rand, i int) conversation.Thread {
	number := []string{firstNumber, secondNumber}[rnd.IntN(2)]
	t := conversation.NewThread(number, fmt.Sprintf("01K%023d", i))
	ago := func(most int) time.Time { return noon().Add(-time.Duration(rnd.IntN(most)) * time.Minute) }
	states := append(conversation.GoingStates(), conversation.EndedStates()...)
	c := &conversation.Conversation{
		Session: conversation.SessionID(number, t.Contact.ID, 1), State: states[rnd.IntN(len(states))], Started: ago(6000), Lines: 1 + rnd.IntN(20),
		Ticket:    conversation.Ticket{ID: int64(10_000 + i), Status: "open"},
		Procedure: conversation.Procedure{Queue: []string{"", "Suporte N1", "SUPORTE n1", "62", "Suporte N2", "Financeiro"}[rnd.IntN(6)]},
		Clock:     conversation.Clock{Attention: rnd.IntN(4) == 0, Waits: ago(300)},
	}
	if c.State != conversation.StateBot && c.State != conversation.StateQueued {
		c.Owner = []int64{0, 7, 7, 8, 99}[rnd.IntN(5)]
	}
	if (c.State == conversation.StateActive || c.State == conversation.StatePending) && c.Owner != 0 && rnd.IntN(3) == 0 {
		c.Clock.Snoozed = noon().Add(time.Hour)
	}
	if c.State.Ended() {
		c.Ended = ago(3000)
	}
	t.Count, t.Conversation, t.LastInbound = 1, c, ago(1440)
	t.Contact.Name, t.Contact.WaID = fmt.Sprintf("Cliente %d Gonçalves", i), fmt.Sprintf("55119%08d", 10_000_000+i*7)
	return t
}

// The callers of these tests.
func callers() map[string]web.Caller {
	n1, n2 := conversation.Group{ID: 61, Name: "Suporte N1"}, conversation.Group{ID: 62, Name: "suporte n2"}
	agent := func(id int64, groups ...conversation.Group) conversation.DeskAgent {
		return conversation.DeskAgent{Agent: conversation.Agent{ID: id}, Groups: groups}
	}
	return map[string]web.Caller{
		"of the first level":  {Agent: agent(7, n1), Role: web.RoleAgent},
		"of the second level": {Agent: agent(8, n2), Role: web.RoleAgent},
		"of both":             {Agent: agent(7, n1, n2), Role: web.RoleAgent},
		"of no group":         {Agent: agent(7), Role: web.RoleAgent},
		"supervisor":          {Agent: agent(8, n2), Role: web.RoleSupervisor, Everything: true},
		"program":             {Role: web.RoleAdmin, Everything: true},
	}
}

// belongs lists the keys of what belongs in a list and is seen by its caller.
func (l *listed) belongs(q web.Listing, threads []conversation.Thread) []string {
	keys := []string{}
	for _, t := range threads {
		fallback := l.a.parts.Settings(t.Number).Desk.Queue
		queue := t.Conversation.Procedure.Queue
		if queue == "" {
			queue = fallback
		}
		if q.View.Has(t, q.Caller.Agent.ID, q.Now) && q.Caller.Sees(t, fallback) && (q.Agent == 0 || t.Conversation.Owner == q.Agent) &&
			(q.Queue == "" || conversation.SameQueue(queue, q.Queue)) {
			keys = append(keys, t.Key())
		}
	}
	slices.Sort(keys)
	return keys
}

// TestListedIsComplete wants every list to hold what belongs in it, by the views as by reading everything, before and after they are whole.
func TestListedIsComplete(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		l := openListed(t, r)
		rnd := rand.New(rand.NewPCG(20, 26))
		for i := range 150 {
			l.write(anyThread(rnd, i))
		}
		l.rebuild()
		for _, whole := range []bool{false, true} {
			if !whole {
				l.a.redis.Del(t.Context(), listsKey(l.a.Config.RedisPrefix))
			} else {
				l.a.redis.Set(t.Context(), listsKey(l.a.Config.RedisPrefix), listsVersion, 0)
			}
			for name, caller := range callers() {
				l.wantLists(fmt.Sprintf("%s, whole %v", name, whole), caller)
			}
		}
	})
}

// wantLists wants all lists of a caller, and how many are in them, to be as if everything had been read.
func (l *listed) wantLists(name string, caller web.Caller) {
	l.Helper()
	counts, err := l.lists().Counts(l.Context(), caller, noon())
	if err != nil {
		l.Fatal(err)
	}
	for _, view := range web.ListViews() {
		for _, filter := range []web.Listing{{}, {Agent: 7}, {Queue: "SUPORTE N2"}, {Queue: "Suporte N1", Agent: 8}} {
			q := web.Listing{View: view, Caller: caller, Now: noon(), Most: 500, Agent: filter.Agent, Queue: filter.Queue}
			got, err := l.lists().Listed(l.Context(), q)
			if err != nil {
				l.Fatal(err)
			}
			want := l.belongs(q, l.threads)
			if diff := cmp.Diff(want, l.belongs(q, got.Threads)); diff != "" {
				l.Errorf("%s: %s of %+v (-want +got):\n%s", name, view, filter, diff)
			}
			counted := filter.Agent == 0 && filter.Queue == "" && (!view.Past() || caller.Everything)
			if counted && counts[view] != len(want) {
				l.Errorf("%s: %d are counted in %s, there are %d", name, counts[view], view, len(want))
			}
		}
	}
}

// TestListedReadsNoMoreThanItMust wants an agent's list not to read what others' queues hold.
func TestListedReadsNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	l := openListed(t, testredis.Mini(t))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		one := anyThread(rnd, i)
		one.Conversation.Procedure.Queue, one.Conversation.Owner = "Financeiro", 0
		if i%30 == 0 {
			one.Conversation.Procedure.Queue = "Suporte N1"
		}
		l.write(one)
	}
	l.rebuild()
	for _, view := range web.ListViews() {
		got, err := l.lists().Listed(t.Context(), web.Listing{View: view, Caller: callers()["of the first level"], Now: noon(), Most: 500})
		if err != nil || len(got.Threads) > 10 {
			t.Errorf("%s reads %d: %v", view, len(got.Threads), err)
		}
	}
}

// TestListedOfManyEnded wants the newest of what ended, and to be told how many more there are.
func TestListedOfManyEnded(t *testing.T) {
	t.Parallel()
	l := openListed(t, testredis.Server(t))
	var all []conversation.Thread
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range 2300 {
		one := anyThread(rnd, i)
		one.Conversation.State, one.Conversation.Ended = conversation.StateClosed, noon().Add(-time.Duration(i)*time.Minute)
		one.Conversation.Procedure.Queue = "Suporte N1"
		all = append(all, one)
	}
	l.write(all...)
	l.rebuild()
	for name, caller := range callers() {
		if name == "of the second level" || name == "of no group" {
			continue
		}
		got, err := l.lists().Listed(t.Context(), web.Listing{View: web.ListEnded, Caller: caller, Now: noon(), Most: 500})
		if err != nil || len(got.Threads) != leastPast {
			t.Errorf("%s: %d read: %v", name, len(got.Threads), err)
		}
		if least := 300; got.More < least { // their own may be counted twice
			t.Errorf("%s: %d more", name, got.More)
		}
		for _, one := range got.Threads {
			if noon().Sub(one.Conversation.Ended) >= leastPast*time.Minute {
				t.Errorf("%s: one that ended at %v is among the newest %d", name, one.Conversation.Ended, leastPast)
				break
			}
		}
	}
}

// search lists the names of those that a search finds.
func (l *listed) search(caller web.Caller, words string) []string {
	l.Helper()
	q := web.Listing{Caller: caller, Now: noon(), Words: words, Most: 500}
	got, err := l.lists().Listed(l.Context(), q)
	if err != nil {
		l.Fatal(err)
	}
	keys := l.belongs(q, got.Threads)
	names := []string{}
	for _, t := range got.Threads {
		if slices.Contains(keys, t.Key()) {
			names = append(names, t.Contact.Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestSearch(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		l := openListed(t, r)
		person := func(i int, name, phone, queue string, state conversation.State) conversation.Thread {
			one := anyThread(rand.New(rand.NewPCG(1, 1)), i)
			one.Number = firstNumber
			one.Contact.Name, one.Contact.WaID = name, phone
			one.Conversation.State, one.Conversation.Owner, one.Conversation.Procedure.Queue = state, 0, queue
			one.Conversation.Session = conversation.SessionID(one.Number, one.Contact.ID, 1)
			return one
		}
		mariana := person(1, "Mariana Gonçalves", "5511987650142", "Suporte N1", conversation.StateActive)
		mariana.Conversation.Procedure.Organization = &conversation.Organization{Name: "Distribuidora Aurora", CNPJ: "12ABC34501DE35"}
		mario := person(2, "Mário Gonçalves", "553188124417", "Suporte N2", conversation.StateClosed)
		l.write(mariana, mario, person(3, "Bruno 100%", "12025550142", "Suporte N1", conversation.StateExpired))
		l.rebuild()
		everything := callers()["program"]
		for words, want := range map[string][]string{
			"goncalves": {"Mariana Gonçalves", "Mário Gonçalves"}, "GONÇALVES mar": {"Mariana Gonçalves", "Mário Gonçalves"}, "mário": {"Mário Gonçalves"},
			"aurora": {"Mariana Gonçalves"}, "12.abc.345": {"Mariana Gonçalves"}, "98765-0142": {"Mariana Gonçalves"}, "555 0142": {"Bruno 100%"},
			"+55 31 98812-4417": {"Mário Gonçalves"}, "10001": {"Mariana Gonçalves"}, "#10002": {"Mário Gonçalves"}, "100%": {"Bruno 100%", "Mariana Gonçalves", "Mário Gonçalves"},
			"%": {}, "*": {}, "mar*": {"Mariana Gonçalves", "Mário Gonçalves"}, "m?rio": {}, "nobody": {}, "m": {},
			mariana.Conversation.Session: {"Mariana Gonçalves"}, " " + mario.Conversation.Session: {}, "wa-1-2-3": {},
		} {
			if diff := cmp.Diff(want, l.search(everything, words)); diff != "" {
				t.Errorf("%q finds (-want +got):\n%s", words, diff)
			}
		}
		first := callers()["of the first level"]
		if got := l.search(first, "goncalves"); !slices.Equal(got, []string{"Mariana Gonçalves"}) {
			t.Errorf("an agent finds %v", got)
		}
		if got := l.search(first, mario.Conversation.Session); len(got) != 0 {
			t.Errorf("an agent finds by the session %v", got)
		}
	})
}

// TestListsFailWithRedis wants a store that is away to be told, and never an empty list.
func TestListsFailWithRedis(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	l := openListed(t, r)
	l.write(anyThread(rand.New(rand.NewPCG(1, 1)), 1))
	l.rebuild()
	for _, whole := range []bool{true, false} {
		l.a.whole.Store(whole)
		for name, caller := range callers() {
			for _, view := range append(web.ListViews(), "") {
				r.Mini.SetError("away")
				_, listed := l.lists().Listed(t.Context(), web.Listing{View: view, Caller: caller, Now: noon(), Words: map[bool]string{true: "maria"}[view == ""]})
				_, counted := l.lists().Counts(t.Context(), caller, noon())
				_, _, marked := l.lists().Marks(t.Context(), 7)
				_, ended := l.lists().Ends(t.Context(), l.threads)
				_, _, ticket := l.lists().OfTicket(t.Context(), 1)
				r.Mini.SetError("")
				for i, err := range []error{listed, counted, marked, ended, ticket} {
					if err == nil {
						t.Errorf("%s, %s: question %d is answered without a store", name, view, i)
					}
				}
			}
		}
	}
}

func TestRebuildOnce(t *testing.T) {
	t.Parallel()
	l := openListed(t, testredis.Mini(t))
	l.write(anyThread(rand.New(rand.NewPCG(1, 1)), 1))
	key := l.threads[0].Key()
	stands := func() bool {
		for view := range l.threads[0].Listed() {
			if n, err := l.a.redis.ZScore(t.Context(), l.at(key, "ix:"+view), key).Result(); err != nil || n == 0 {
				return false
			}
		}
		return true
	}
	l.a.redis.Set(t.Context(), rebuildKey(l.a.Config.RedisPrefix), "another", rebuildLock)
	l.a.rebuildOnce(t.Context())
	if whole, err := l.lists().complete(t.Context()); whole || err != nil || stands() {
		t.Errorf("rebuilt beside another instance: %v %v", whole, err)
	}
	l.a.redis.Del(t.Context(), rebuildKey(l.a.Config.RedisPrefix))
	l.a.rebuildOnce(t.Context())
	if whole, err := l.lists().complete(t.Context()); !whole || err != nil || !stands() {
		t.Errorf("not rebuilt: %v %v", whole, err)
	}
	if n := l.a.redis.Exists(t.Context(), rebuildKey(l.a.Config.RedisPrefix)).Val(); n != 0 {
		t.Error("the lock is kept")
	}
	for view := range l.threads[0].Listed() {
		l.a.redis.ZRem(t.Context(), l.at(key, "ix:"+view), key)
	}
	l.a.whole.Store(false)
	l.a.rebuildOnce(t.Context())
	if stands() {
		t.Error("rebuilt a second time")
	}
}
