package web_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

func TestAPageForgetsWhatLeavesItsSight(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.commit("A", standing("A", 1, "Suporte"))
		h.commit("B", standing("B", 1, "Cobrança"))
		h.commit("E", ended("E", 1, "Cobrança"))
		p := h.connects("ana", "")
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "3"})
		h.commit("B", standing("B", 1, "Cobrança")) // nothing of it is told
		h.commit("E", standing("E", 2, "Cobrança"))
		h.commit("N", standing("N", 1, "Cobrança"))
		passes(150 * time.Millisecond)
		p.gets()
		h.commit("A", standing("A", 1, "Cobrança"))
		h.commit("B", standing("B", 1, "Suporte"))
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "A-1", ""}, sent{"change", "B-1 Suporte", "8"})
		h.commit("A", nil) // erased, after it left
		passes(150 * time.Millisecond)
		p.gets()
		taken := standing("N", 1, "Cobrança")
		taken.Conversation.Owner = 7
		h.commit("N", taken) // one's own, in whichever queue
		passes(150 * time.Millisecond)
		p.gets(sent{"change", "N-1 Cobrança", "10"})
		h.commit("N", standing("N", 1, "Cobrança"))
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "N-1", "11"})
		first := standing("F", 1, "") // in no queue: the number's own
		h.commit("F", first)
		h.commit("B", standing("B", 2, "Cobrança")) // the next one, elsewhere
		passes(150 * time.Millisecond)
		p.gets(sent{"change", "F-1 Suporte", ""}, sent{"gone", "B-1", "13"})
	})
}

func TestAPageThatWasAwayIsToldOfNothingElse(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.commit("A", standing("A", 1, "Suporte"))
		h.commit("A", standing("A", 1, "Cobrança"))
		p := h.connects("ana", "?cursor=1") // it had A, which left meanwhile
		p.gets(sent{"", "live", "1"}, sent{"reset", "", "2"})
		h.commit("A", standing("A", 1, "Suporte"))
		again := h.connects("ana", "?cursor=2")
		passes(20 * time.Millisecond)
		again.gets(sent{"", "live", "2"}, sent{"change", "A-1 Suporte", "3"})
		blank := conversation.NewThread(apiNumber, "X") // without a conversation so far: no page can know it
		h.commit("X", &blank)
		third := h.connects("ana", "?cursor=3")
		passes(20 * time.Millisecond)
		third.gets(sent{"", "live", "3"})
	})
}

// TestWhatTheFirstBatchShowedIsTakenBack lets a thread change between the position of all and a page's first batch, and again after it:
// where it stood before is not what the page was shown.
func TestWhatTheFirstBatchShowedIsTakenBack(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.commit("A", standing("A", 1, "Cobrança"))
		first := h.connects("ana", "") // the position is here
		passes(50 * time.Millisecond)
		h.onChanges(2, func() { // after everybody's question, before the new page's own
			h.commit("A", standing("A", 1, "Suporte"))
			h.onChanges(1, func() { h.commit("A", standing("A", 1, "Cobrança")) })
		})
		p := h.connects("ana", "?cursor=1")
		passes(time.Second)
		p.gets(sent{"", "live", "1"}, sent{"change", "A-1 Suporte", "2"}, sent{"gone", "A-1", "3"})
		first.gets(sent{"", "live", "1"})
	})
}

// TestPagesSeeWhatTheyMayAndNothingElse moves conversations between queues at random, forgets some and lets others end and begin, while pages
// of agents come and go. Whenever all is quiet a page knows exactly what its agent may see; and not one letter of what it may not see was
// ever sent.
func TestPagesSeeWhatTheyMayAndNothingElse(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		theatre(t, func(h *hall) {
			t := h.t
			rnd := rand.New(rand.NewPCG(seed, 9))
			queues := []string{"Suporte", "Cobrança", "Vendas"}
			h.person("ana", 7, web.RoleAgent, false, "Suporte")
			h.person("bia", 8, web.RoleAgent, false, "Cobrança", "Vendas")
			h.person("sup", 9, web.RoleSupervisor, true)
			var pages []*screen
			for _, who := range []string{"ana", "bia", "sup", "ana"} {
				pages = append(pages, &screen{hall: h, who: who})
			}
			counts := map[string]int{}
			for range 250 {
				contact := string(rune('A' + rnd.IntN(8)))
				switch n := rnd.IntN(16); {
				case n < 7:
					counts[contact] = max(counts[contact], 1)
					h.commit(contact, standing(contact, counts[contact], queues[rnd.IntN(3)]))
				case n == 7:
					counts[contact]++
					h.commit(contact, ended(contact, counts[contact], queues[rnd.IntN(3)]))
				case n == 8:
					counts[contact]++
					h.commit(contact, standing(contact, counts[contact], queues[rnd.IntN(3)]))
				case n == 9:
					h.commit(contact, nil)
				case n < 13:
					passes(time.Duration(rnd.IntN(300)) * time.Millisecond)
				default:
					s := pages[rnd.IntN(len(pages))]
					if s.page == nil {
						s.opens()
					} else if s.reads(); rnd.IntN(4) == 0 {
						s.page.leave()
						s.page = nil
					}
				}
			}
			for _, s := range pages {
				if s.page == nil {
					s.opens()
				}
			}
			passes(time.Second)
			for i, s := range pages {
				s.reads()
				if got, want := s.knows(), s.may(); !slices.Equal(got, want) {
					t.Errorf("seed %d, page %d (%s) knows %v; it may see %v", seed, i, s.who, got, want)
				}
				s.page.leave()
			}
		})
	}
}

// screen is a page with its rows.
type screen struct {
	*hall
	who    string
	page   *page
	cursor string
	rows   map[string]string // session → queue
}

// opens connects from where it was; the first time it reads its lists before.
func (s *screen) opens() {
	s.t.Helper()
	if s.rows == nil {
		s.cursor, _ = s.Cursor(s.t.Context())
		s.lists()
	}
	s.page = s.connects(s.who, "", "Last-Event-ID", s.cursor)
	passes(20 * time.Millisecond)
}

// lists reads what the agent may see, once all pages have been told of it.
func (s *screen) lists() {
	passes(200 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = map[string]string{}
	for _, t := range s.threads {
		if s.callers[s.who].Sees(*t, "Suporte") {
			s.rows[t.Conversation.Session] = t.Conversation.Procedure.Queue
		}
	}
}

func (s *screen) reads() {
	s.t.Helper()
	s.mu.Lock()
	caller := s.callers[s.who]
	s.mu.Unlock()
	for _, e := range s.page.takes() {
		subject, queue, _ := strings.Cut(e.about, " ")
		session := "wa-" + apiNumber + "-" + subject
		switch e.name {
		case "change":
			maps.DeleteFunc(s.rows, func(other, _ string) bool { return contactOf(other) == contactOf(session) })
			s.rows[session] = queue
			if !caller.Everything && !caller.Agent.Serves(queue) {
				s.t.Errorf("%s was told of %s in %s", s.who, subject, queue)
			}
		case "gone":
			delete(s.rows, session)
		case "reset":
			s.lists()
		}
		if e.id != "" {
			s.cursor = e.id
		}
	}
}

// contactOf is what all sessions of a contact begin with.
func contactOf(session string) string { return session[:strings.LastIndex(session, "-")] }

func (s *screen) knows() (rows []string) {
	for session, queue := range s.rows {
		rows = append(rows, fmt.Sprint(session, " ", queue))
	}
	slices.Sort(rows)
	return rows
}

func (s *screen) may() []string {
	other := &screen{hall: s.hall, who: s.who}
	other.lists()
	return other.knows()
}
