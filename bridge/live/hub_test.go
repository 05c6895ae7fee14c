package live_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
)

func TestAPageIsToldWhatChanges(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("A", stands("A", 1, "Suporte"))
		f := h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "1", First: true})
		h.metric("ponte_live_pages", 1)
		pass(50 * time.Millisecond)

		h.commit("A", stands("A", 1, "Cobrança"))
		h.commit("B", stands("B", 1, "Suporte"))
		pass(90 * time.Millisecond)
		h.gets(f)
		pass(10 * time.Millisecond)
		h.gets(f, got{Cursor: "3", Changes: []change{{"A", "A-1 Cobrança", "A-1 Suporte", true}, {Contact: "B", Now: "B-1 Suporte"}}})
		pass(time.Second)
		h.gets(f)

		h.commit("A", nil)
		h.touch("media|x")
		h.touch(conversation.DeskKey)
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: "6", Desk: true, Changes: []change{{"A", "", "A-1 Cobrança", true}}})

		f.Close()
		f.Close()
		if err := f.Err(); !errors.Is(err, live.ErrLeft) {
			t.Errorf("ended with %v", err)
		}
		h.metric("ponte_live_pages", 0)
	})
}

func TestAPageFirstCatchesUp(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("A", stands("A", 1, "Suporte"))
		h.commit("B", stands("B", 1, "Suporte"))
		h.touch("account|1")
		f := h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "3", First: true, Changes: []change{{Contact: "B", Now: "B-1 Suporte"}}})
		far := h.hub.Follow("no cursor", nil)
		pass(20 * time.Millisecond)
		h.gets(far, got{Cursor: "3", First: true, Reset: true})
		h.commit("A", stands("A", 2, "Suporte"))
		pass(150 * time.Millisecond)
		both := got{Cursor: "4", Changes: []change{{"A", "A-2 Suporte", "A-1 Suporte", true}}}
		h.gets(f, both)
		h.gets(far, both)
	})
}

func TestNobodyAsksForNobody(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		pass(time.Minute)
		h.hub.Nudge()
		pass(time.Minute)
		if n := h.count("changes"); n != 0 {
			t.Fatalf("changes were read %d times for nobody", n)
		}
		f := h.hub.Follow("0", nil)
		g := h.hub.Follow("0", nil)
		pass(time.Second)
		if n := h.count("changes"); n < 6 || n > 12 {
			t.Errorf("changes were read %d times in a second; want once every 150 ms", n)
		}
		f.Close()
		pass(time.Second)
		before := h.count("changes")
		pass(time.Second)
		if h.count("changes") == before {
			t.Error("the page that is left is not told")
		}
		g.Close()
		synctest.Wait()
		before = h.count("changes")
		pass(time.Minute)
		if n := h.count("changes"); n != before {
			t.Errorf("changes were read %d times for nobody", n-before)
		}
		h.commit("A", stands("A", 1, "")) // nobody was there
		f = h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "1", First: true})
		if n := h.count("standing"); n != 2 {
			t.Errorf("all threads were read %d times; want once for each time that somebody is there", n)
		}
	})
}

func TestANudgeIsHeardAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		f := h.hub.Follow("0", nil)
		pass(time.Second + 100*time.Millisecond)
		h.gets(f, got{Cursor: "0", First: true})
		h.commit("A", stands("A", 1, ""))
		h.hub.Nudge()
		h.gets(f, got{Cursor: "1", Changes: []change{{Contact: "A", Now: "A-1 "}}}) // no time has passed
		h.commit("B", stands("B", 1, ""))
		h.hub.Nudge()
		h.gets(f)
		pass(20 * time.Millisecond)
		h.gets(f, got{Cursor: "2", Changes: []change{{Contact: "B", Now: "B-1 "}}})

		before := h.count("changes")
		for range 1000 {
			h.hub.Nudge()
			pass(time.Millisecond)
		}
		if n := h.count("changes") - before; n < 40 || n > 60 {
			t.Errorf("changes were read %d times in a second of nudges; want every 20 ms", n)
		}
	})
}

func TestASlowPageIsDropped(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		slow, quick := h.hub.Follow("0", nil), h.hub.Follow("0", nil)
		pass(50 * time.Millisecond)
		for i := range 8 { // with the first batch one more than may lie
			h.commit("A", stands("A", i+1, ""))
			pass(150 * time.Millisecond)
			for len(quick.Batches()) > 0 {
				<-quick.Batches()
			}
			select {
			case <-slow.Done():
				if i < 7 {
					t.Fatalf("dropped after %d", i)
				}
			default:
				if i == 7 {
					t.Fatal("not dropped")
				}
			}
		}
		if err := slow.Err(); !errors.Is(err, live.ErrSlow) {
			t.Errorf("ended with %v", err)
		}
		if err := quick.Err(); err != nil {
			t.Errorf("the other one ended with %v", err)
		}
		h.metric("ponte_live_dropped_total", 1)
		h.metric("ponte_live_pages", 1)
		again := h.hub.Follow("3", nil) // where it was
		h.gets(again, got{Cursor: "8", First: true, Changes: []change{{Contact: "A", Now: "A-8 "}}})
	})
}

func TestWhatFailsIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"cursor", "standing", "changes", "threads", "visitors"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(h *house) {
				h.commit("A", stands("A", 1, "Suporte"))
				down := func(on bool) {
					h.mu.Lock()
					defer h.mu.Unlock()
					h.wrong = func(c string) bool { return on && c == call }
				}
				begun := call != "cursor" && call != "standing" // these are read at the beginning alone
				down(!begun)
				f := h.hub.Follow("1", []string{"s"})
				pass(100 * time.Millisecond)
				if begun {
					h.gets(f, got{Cursor: "1", First: true}, got{Here: []live.Here{{Session: "s"}}})
				}
				down(true)
				h.commit("A", stands("A", 1, "Cobrança"))
				before := h.count(call)
				pass(10 * time.Second)
				if n := h.count(call) - before; n < 5 || n > 9 {
					t.Errorf("%s was read %d times in ten seconds; want less and less often, every 2 s in the end", call, n)
				}
				late := h.hub.Follow("1", nil)
				down(false)
				pass(2100 * time.Millisecond)
				if begun && call != "visitors" {
					h.gets(f, got{Cursor: "2", Changes: []change{{"A", "A-1 Cobrança", "A-1 Suporte", true}}})
				}
				h.gets(late, got{Cursor: "2", First: true, Changes: []change{{Contact: "A", Now: "A-1 Cobrança"}}})
				h.mu.Lock()
				h.wrong = func(string) bool { return true }
				h.mu.Unlock()
				pass(250 * time.Millisecond)
				f.Close()
				late.Close() // while it waits
			})
		})
	}
}

func TestTooMuchForAllBeginsAnew(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("A", stands("A", 1, "Suporte"))
		f := h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "1", First: true})
		h.mu.Lock()
		h.reset = true
		h.mu.Unlock()
		h.commit("A", stands("A", 1, "Cobrança"))
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: "2", Reset: true})
		h.commit("A", stands("A", 1, "N2"))
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: "3", Changes: []change{{"A", "A-1 N2", "A-1 Cobrança", true}}})
	})
}

func TestAConversationThatMovesIsNotGone(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("A", stands("A", 1, "Suporte"))
		f := h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "1", First: true})
		taken := stands("A", 1, "Suporte") // with the session of A
		taken.Contact.ID = "B"
		h.commit("B", taken)
		h.commit("A", nil)
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: "3", Changes: []change{{Contact: "B", Now: "A-1 Suporte"}, {Contact: "A", Known: true}}})
		h.commit("B", stands("B", 1, "Suporte"))
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: "4", Changes: []change{{"B", "B-1 Suporte", "A-1 Suporte", true}}})
	})
}

func TestWhatCannotBeReadIsLeftOut(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("A", stands("A", 1, "Suporte"))
		f := h.hub.Follow("1", nil)
		h.gets(f, got{Cursor: "1", First: true})
		h.mu.Lock()
		h.unread[conversation.Key(number, "A")] = true
		h.mu.Unlock()
		h.commit("A", stands("A", 2, "Suporte"))
		h.commit("B", stands("B", 1, "Suporte"))
		pass(150 * time.Millisecond)
		b := change{Contact: "B", Now: "B-1 Suporte"}
		h.gets(f, got{Cursor: "3", Changes: []change{b}})
		late := h.hub.Follow("1", nil)
		pass(20 * time.Millisecond)
		h.gets(late, got{Cursor: "3", First: true, Changes: []change{b}})
	})
}

func TestPagesAreToldWhoIsThere(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		is := func(session string, visitors ...live.Visitor) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.visitors[session] = visitors
		}
		ana, bia := live.Visitor{ID: 7, Name: "Ana"}, live.Visitor{ID: 8, Name: "Bia"}
		is("s1", ana)
		f := h.hub.Follow("0", []string{"s1", "s2"})
		h.gets(f, got{Cursor: "0", First: true}, got{Here: []live.Here{{"s1", []live.Visitor{ana}}, {Session: "s2"}}})
		g := h.hub.Follow("0", []string{"s2", "s3"})
		none := h.hub.Follow("0", nil)
		pass(20 * time.Millisecond)
		h.gets(g, got{Cursor: "0", First: true}, got{Here: []live.Here{{Session: "s2"}, {Session: "s3"}}})
		h.gets(f)
		pass(time.Second)
		h.gets(f)

		is("s2", bia)
		before := h.count("visitors")
		pass(150 * time.Millisecond)
		if n := h.count("visitors") - before; n != 1 {
			t.Errorf("who is there was read %d times; want once for all", n)
		}
		here := got{Here: []live.Here{{"s2", []live.Visitor{bia}}}}
		h.gets(f, here)
		h.gets(g, here)
		bia.Typing = true
		is("s2", bia)
		h.hub.Nudge() // a commit says nothing of who is there
		pass(20 * time.Millisecond)
		h.gets(f)
		h.hub.Moved()
		pass(20 * time.Millisecond)
		h.gets(f, got{Here: []live.Here{{"s2", []live.Visitor{bia}}}})
		f.Unwatch("s2")
		is("s2")
		pass(150 * time.Millisecond)
		h.gets(f)
		h.gets(none, got{Cursor: "0", First: true})
		f.Unwatch("s1")
		g.Close()
		pass(150 * time.Millisecond)
		before = h.count("visitors")
		pass(time.Second)
		if n := h.count("visitors") - before; n != 0 {
			t.Errorf("who is there was read %d times for nobody", n)
		}
	})
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		f, g := h.hub.Follow("0", nil), h.hub.Follow("0", []string{"s"})
		pass(time.Second)
		h.hub.Close()
		h.hub.Close()
		late := h.hub.Follow("0", nil)
		for _, f := range []*live.Feed{f, g, late} {
			<-f.Done()
			if err := f.Err(); !errors.Is(err, live.ErrClosed) {
				t.Errorf("ended with %v", err)
			}
			f.Close()
		}
		h.metric("ponte_live_pages", 0)
	})
}

func TestATextIsWrittenOnce(t *testing.T) {
	t.Parallel()
	c, n := &live.Change{}, 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := string(c.Text(func() []byte { n++; return []byte("x") })); got != "x" {
				t.Errorf("Text = %q", got)
			}
		})
	}
	wg.Wait()
	if n != 1 {
		t.Errorf("written %d times", n)
	}
}

func TestAPlaceIsAThread(t *testing.T) {
	t.Parallel()
	got := live.Place{Number: "1", Session: "s", Owner: 7, Queue: "q"}.Thread()
	if c := got.Conversation; got.Number != "1" || c.Session != "s" || c.Owner != 7 || c.Procedure.Queue != "q" {
		t.Errorf("Thread() = %+v, %+v", got, c)
	}
}

func TestARosterForgetsSomeThatEnded(t *testing.T) {
	t.Parallel()
	bubble(t, func(h *house) {
		h.commit("stays", stands("stays", 1, "Suporte"))
		f := h.hub.Follow("1", nil)
		for round := range 3 {
			for i := range 5000 {
				contact := fmt.Sprint("E", round, ".", i)
				ended := stands(contact, 1, "Suporte")
				ended.Conversation.State = conversation.StateClosed
				h.commit(contact, ended)
			}
			pass(150 * time.Millisecond)
		}
		for len(f.Batches()) > 0 {
			<-f.Batches()
		}
		h.commit("stays", nil)
		h.commit("E0.1", nil) // forgotten with the first ones
		pass(150 * time.Millisecond)
		h.gets(f, got{Cursor: h.now(), Changes: []change{{"stays", "", "stays-1 Suporte", true}, {Contact: "E0.1"}}})
	})
}

// TestPagesThatComeAndGoKnowEverything lets pages connect, be cut and connect again from where they were, while things change and reading
// fails now and then: whenever a page has caught up it knows what the shelf holds, and what it is told of a thread never grows older.
func TestPagesThatComeAndGoKnowEverything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		bubble(t, func(h *house) {
			rnd := rand.New(rand.NewPCG(seed, 3))
			pages := make([]*reader, 5)
			for i := range pages {
				pages[i] = &reader{house: h, cursor: "0", knows: map[string]int{}}
			}
			var mu sync.Mutex
			versions := 0
			write := func(contact string) {
				mu.Lock()
				defer mu.Unlock()
				versions++
				h.commit(contact, stands(contact, versions, ""))
			}
			for range 300 {
				contact := fmt.Sprint(rnd.IntN(10))
				switch n := rnd.IntN(20); {
				case n < 8:
					write(contact)
				case n < 10:
					h.hub.Nudge()
				case n < 13:
					pass(time.Duration(rnd.IntN(100)) * time.Millisecond)
				case n == 13:
					h.mu.Lock()
					h.between = func() { write(contact) }
					h.mu.Unlock()
				case n == 14:
					fails := rnd.IntN(2) == 0
					h.mu.Lock()
					h.wrong = func(string) bool { return fails }
					h.mu.Unlock()
				default:
					p := pages[rnd.IntN(len(pages))]
					if p.feed == nil {
						p.connect()
					} else if p.read(); rnd.IntN(3) == 0 {
						p.cut()
					}
				}
			}
			h.mu.Lock()
			h.wrong, h.between = nil, nil
			h.mu.Unlock()
			for _, p := range pages {
				p.connect()
			}
			pass(5 * time.Second)
			for i, p := range pages {
				p.read()
				for key, thread := range h.threads {
					if p.knows[key] != thread.Count {
						t.Errorf("seed %d, page %d knows %d of %s; the shelf holds %d", seed, i, p.knows[key], key, thread.Count)
					}
				}
				p.cut()
			}
		})
	}
}

// reader is a page that connects again from where it was.
type reader struct {
	*house
	feed   *live.Feed
	cursor string
	knows  map[string]int // mailbox → version
}

func (p *reader) connect() {
	if p.feed == nil || p.feed.Err() != nil {
		p.feed = p.hub.Follow(p.cursor, nil)
	}
}

func (p *reader) cut() {
	p.feed.Close()
	p.feed = nil
}

// read takes what has come, or a part of it.
func (p *reader) read() {
	p.t.Helper()
	for {
		select {
		case b := <-p.feed.Batches():
			for _, c := range b.Changes {
				if c.Thread.Count < p.knows[c.Key] {
					p.t.Errorf("%s: version %d after %d", c.Key, c.Thread.Count, p.knows[c.Key])
				}
				p.knows[c.Key] = c.Thread.Count
			}
			p.cursor = b.Cursor
		default:
			return
		}
	}
}
