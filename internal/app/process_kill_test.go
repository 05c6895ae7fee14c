package app_test

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// slowly answers writes late, as a busy peer does: their mailboxes stay leased meanwhile.
func slowly(c *call) {
	if !c.send() && !c.write() {
		return
	}
	late := time.NewTimer(500 * time.Millisecond)
	defer late.Stop()
	select {
	case <-late.C:
	case <-c.ctx.Done():
	}
}

// never keeps the answers of writes from an instance for as long as it lives.
func never(c *call) {
	if c.send() || c.write() {
		late := time.NewTimer(6 * time.Second)
		defer late.Stop()
		select {
		case <-late.C:
		case <-c.ctx.Done():
		}
	}
}

// passed waits until somebody else has each of the mailboxes, or nobody needs it any more, and returns how long the last one
// took since then.
func (f *fleet) passed(held map[string]lease, since time.Time) time.Duration {
	f.t.Helper()
	left := maps.Clone(held)
	var last time.Time
	eventually(f.t, soon, "somebody else takes the mailboxes over", func() bool {
		current := f.leases()
		for box, l := range left {
			now, leased := current[box]
			if !leased || now.token != l.token || now.ends > l.ends { // only who lives extends a lease
				delete(left, box)
				last = time.Now()
			}
		}
		return len(left) == 0
	})
	if last.IsZero() {
		return 0
	}
	return last.Sub(since)
}

// unsent counts the effects that a dead instance had journalled and that reached no peer.
func (f *fleet) unsent(held map[string]lease, of *process) int {
	f.t.Helper()
	reached := map[string]bool{}
	for _, c := range of.door.seen(func(c *call) bool { return c.effect != "" }) {
		reached[c.box+"#"+c.effect] = true
	}
	n := 0
	for box := range held {
		fields, err := f.r.Client.HKeys(f.t.Context(), f.key(box, "c:"+box)).Result()
		if err != nil {
			f.t.Fatal(err)
		}
		for _, field := range fields {
			if effect, ok := strings.CutPrefix(field, "j:"); ok && !reached[box+"#"+effect] {
				n++
			}
		}
	}
	return n
}

// killed ends one of two instances with SIGKILL while it creates a ticket and sends replies: both are done and their answers have
// not arrived. The other one must take over within 15 s.
func killed(f *fleet) {
	t := f.t
	const within = 15 * time.Second
	a, b := f.start(), f.start()
	people := f.crowd(5)
	a.door.hook(nil, slowly)
	b.door.hook(nil, slowly)
	load := f.rush(people)
	load.on(4 * time.Second)

	a.door.hook(nil, never)
	f.prefer(a)
	stranger := newPerson(9)
	word := stranger.word("m", 1)
	if status, err := post(&http.Client{Transport: f.web, Timeout: soon}, a, stranger.hook(word)); err != nil || status != http.StatusOK {
		t.Fatalf("answered %d (%v)", status, err)
	}
	stranger.written = []string{word}
	open := func(ok func(c *call) bool) []call {
		return a.door.seen(func(c *call) bool {
			return ok(c) && c.status != 0 && c.ctx.Err() == nil && since(c.at) < 5*time.Second
		})
	}
	eventually(t, soon, "A sends a reply and creates a ticket", func() bool {
		return len(open((*call).send)) > 0 && len(open((*call).write)) > 0
	})
	sends, writes := open((*call).send), open((*call).write)
	began := time.Now()
	a.kill()
	f.down(a)
	held := f.leases()
	unsent := f.unsent(held, a)
	for _, c := range append(sends, writes...) {
		if _, ok := held[c.box]; !ok {
			t.Errorf("the mailbox of a call that was under way has no lease")
		}
	}
	took := f.passed(held, began)
	t.Logf("killed with %d sends and %d ticket writes under way, %d mailboxes leased by both, %d effects not sent", len(sends), len(writes), len(held), unsent)
	t.Logf("the last mailbox was taken over after %s", took.Round(time.Millisecond))
	if took > within {
		t.Errorf("the last mailbox was taken over after %s", took)
	}
	load.on(5 * time.Second)
	load.end()
	f.bind([]*person{stranger})
	load.people = append(load.people, stranger)
	end := load.settle(patience)
	t.Logf("all was done %s after the last message, %s of which its words waited for more", end.Round(time.Millisecond), gathering)
	if end > gathering+within {
		t.Errorf("all was done only %s after the last message", end)
	}
	if repeats := f.judge(load.people); repeats > unsent {
		t.Errorf("%d replies marked as repeated, but only %d never left the instance", repeats, unsent)
	}
	for _, c := range writes {
		again := b.door.seen(func(later *call) bool { return later.box == c.box && later.at.After(began) })
		if len(again) == 0 {
			t.Error("B has never come back to a ticket that A was creating")
			continue
		}
		t.Logf("B came back to a ticket that A was creating after %s", again[0].at.Sub(began).Round(time.Millisecond))
	}
}

// stopped ends one of two instances with SIGTERM while it sends replies. What is under way ends first, and nobody waits for a
// lease to run out.
func stopped(f *fleet) {
	t := f.t
	a, b := f.start(), f.start()
	people := f.crowd(5)
	a.door.hook(nil, slowly)
	b.door.hook(nil, slowly)
	load := f.rush(people)
	f.prefer(a)
	sends := func() []call { return a.door.seen(func(c *call) bool { return c.send() && c.status != 0 }) }
	eventually(t, soon, "A is sending", func() bool { return len(sends()) > 2 && a.door.under() > 0 })
	underWay := a.door.under()
	code, took := a.stop()
	ended := time.Now()
	held := f.leases()
	f.down(a)
	passed := f.passed(held, ended)
	t.Logf("stopped with %d calls under way: exit status %d after %s", underWay, code, took.Round(time.Millisecond))
	t.Logf("%d mailboxes were leased then; %s later the other instance had them all", len(held), passed.Round(time.Millisecond))
	if code != 0 || took > 20*time.Second {
		t.Errorf("exit status %d after %s", code, took)
	}
	if most := 5 * time.Second; passed > most {
		t.Errorf("a mailbox was only taken over after %s", passed)
	}
	load.on(5 * time.Second)
	load.end()
	end := load.settle(patience)
	t.Logf("all was done %s after the last message; %d webhooks went to an instance that was gone", end.Round(time.Millisecond), load.failed.Load())
	if most := gathering + 15*time.Second; end > most {
		t.Errorf("all was done only %s after the last message", end)
	}
	if repeats := f.judge(people); repeats > 0 {
		t.Errorf("%d replies marked as repeated", repeats)
	}
}

// redisKilled ends Redis with SIGKILL under load and starts it again. Meanwhile webhooks are refused; nothing that was answered
// 200 may be lost, and the instances recover by themselves.
func redisKilled(f *fleet) {
	t := f.t
	a, b := f.start(), f.start()
	people := f.crowd(5)
	load := f.rush(people)
	load.on(4 * time.Second)
	before := load.refused.Load()
	f.r.Kill()
	load.on(2 * time.Second)
	eventually(t, soon, "webhooks are refused", func() bool { return load.refused.Load() > before })
	if a.ready() || b.ready() {
		t.Error("an instance says that it is ready without Redis")
	}
	f.r.Restart()
	back := time.Now()
	eventually(t, soon, "both instances are ready again", func() bool { return a.ready() && b.ready() })
	t.Logf("both were ready %s after Redis was back", since(back).Round(time.Millisecond))
	load.on(6 * time.Second)
	load.end()
	end := load.settle(patience)
	t.Logf("%d webhooks were answered 503 and delivered again; all was done %s after the last message", load.refused.Load(), end.Round(time.Millisecond))
	f.judge(people)
	if a.gone() || b.gone() {
		t.Error("an instance has ended")
	}
}
