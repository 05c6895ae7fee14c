package app_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// engage makes one instance create a ticket and send replies: the peers have done it all, but their answers are held back until
// open is closed. It returns these calls and the people whose tickets were to be created.
func (f *fleet) engage(p *process, open <-chan struct{}) (underWay []call, strangers []*person) {
	f.t.Helper()
	p.door.hook(nil, func(c *call) {
		if !c.send() && !c.write() {
			return
		}
		late := time.NewTimer(6 * time.Second) // sooner than Ponte gives up
		defer late.Stop()
		select {
		case <-open:
		case <-late.C:
		case <-c.ctx.Done():
		}
	})
	f.prefer(p)
	held := func(ok func(c *call) bool) []call {
		return p.door.seen(func(c *call) bool { return ok(c) && c.status != 0 && !c.answered && since(c.at) < 4*time.Second })
	}
	began := time.Now()
	eventually(f.t, soon, p.name+" sends replies and creates a ticket", func() bool {
		// A stranger's mailbox may fall to another instance while it waits for Zendesk's limits: then another one comes.
		if since(began) > time.Duration(len(strangers))*5*time.Second {
			strangers = append(strangers, f.stranger(p, 20+len(strangers)))
		}
		sends, writes := held((*call).send), held((*call).write)
		underWay = slices.Concat(sends, writes)
		return len(sends) > 1 && len(writes) > 0
	})
	return underWay, strangers
}

// stranger writes to one instance for the first time.
func (f *fleet) stranger(p *process, n int) *person {
	f.t.Helper()
	s := newPerson(n)
	s.written = []string{s.word("m", 1)}
	status, err := post(&http.Client{Transport: f.web, Timeout: soon}, p, s.hook(s.written[0]))
	if err != nil || status != http.StatusOK {
		f.t.Fatalf("answered %d (%v)", status, err)
	}
	return s
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
	load.on(3 * time.Second)

	underWay, strangers := f.engage(a, nil)
	began := time.Now()
	a.kill()
	f.down(a)
	held := f.leases()
	unsent := f.unsent(held, a)
	for _, c := range underWay {
		if _, ok := held[c.box]; !ok {
			t.Errorf("the mailbox of a call that was under way has no lease")
		}
	}
	took := f.passed(held, began)
	t.Logf("killed with %d calls under way; %d mailboxes were leased then; %d effects were journalled and not sent", len(underWay), len(held), unsent)
	t.Logf("the last mailbox was taken over after %s", took.Round(time.Millisecond))
	if took > within {
		t.Errorf("the last mailbox was taken over after %s", took)
	}
	load.on(3 * time.Second)
	load.end()
	f.bind(strangers)
	load.people = append(load.people, strangers...)
	end := load.settle(patience)
	t.Logf("all was done %s after the last message, %s of which its words waited for more", end.Round(time.Millisecond), gathering)
	if end > gathering+within {
		t.Errorf("all was done only %s after the last message", end)
	}
	if repeats := f.judge(load.people); repeats > unsent {
		t.Errorf("%d replies marked as repeated, but only %d never left the instance", repeats, unsent)
	}
	for _, c := range underWay {
		if later := f.again(b, c.box, began); c.write() && len(later) == 0 {
			t.Error("B has never come back to a ticket that A was creating")
		} else if c.write() {
			t.Logf("B came back to the ticket that A was creating after %s", later[0].at.Sub(began).Round(time.Millisecond))
		}
	}
}

// again lists the calls of an instance about a mailbox from then on.
func (f *fleet) again(p *process, box string, from time.Time) []call {
	return p.door.seen(func(c *call) bool { return c.box == box && c.at.After(from) })
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
	load.on(time.Second)
	open := make(chan struct{})
	underWay, strangers := f.engage(a, open)
	time.AfterFunc(time.Second, func() { close(open) })
	began := time.Now()
	code, took := a.stop()
	ended := time.Now()
	held := f.leases()
	f.down(a)
	passed := f.passed(held, ended)
	t.Logf("stopped with %d calls under way, which were answered a second later: exit status %d after %s",
		len(underWay), code, took.Round(time.Millisecond))
	t.Logf("%d mailboxes were leased then; %s later the other instance had them all", len(held), passed.Round(time.Millisecond))
	if code != 0 || took < time.Second || took > 20*time.Second {
		t.Errorf("exit status %d after %s", code, took)
	}
	if most := 5 * time.Second; passed > most {
		t.Errorf("a mailbox was only taken over after %s", passed)
	}
	load.on(4 * time.Second)
	load.end()
	f.bind(strangers)
	load.people = append(load.people, strangers...)
	end := load.settle(patience)
	t.Logf("all was done %s after the last message; %d webhooks went to an instance that was gone", end.Round(time.Millisecond), load.failed.Load())
	if most := gathering + 15*time.Second; end > most {
		t.Errorf("all was done only %s after the last message", end)
	}
	if repeats := f.judge(load.people); repeats > 0 {
		t.Errorf("%d replies marked as repeated", repeats)
	}
	for _, c := range underWay {
		if slices.ContainsFunc(f.again(b, c.box, began), func(later call) bool { return later.effect == c.effect }) {
			t.Error("B has done again what A had ended")
		}
	}
}

// redisKilled ends Redis with SIGKILL under load and starts it again. Meanwhile webhooks are refused; nothing that was answered
// 200 may be lost, and the instances recover by themselves.
func redisKilled(f *fleet) {
	t := f.t
	a, b := f.start(), f.start()
	people := f.crowd(5)
	load := f.rush(people)
	load.on(5 * time.Second)
	f.r.Kill()
	gone := time.Now()
	var looks sync.WaitGroup
	for _, p := range []*process{a, b} {
		looks.Go(func() {
			if p.ready() {
				t.Errorf("%s says that it is ready without Redis", p.name)
			}
		})
	}
	eventually(t, soon, "webhooks are refused", func() bool { return load.refused.Load() > 0 })
	looks.Wait()
	t.Logf("the first webhook was refused %s after Redis had gone", since(gone).Round(time.Millisecond))
	f.r.Restart()
	back := time.Now()
	t.Logf("Redis was away for %s", back.Sub(gone).Round(time.Millisecond))
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
