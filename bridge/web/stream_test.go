package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/live"
	"github.com/ponte-desk/ponte/bridge/web"
)

func TestAPageIsSentWhatChanges(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		h.commit("A", standing("A", 1, "Suporte"))
		p := h.connects(newSecret, "")
		p.gets(sent{"", "live", "1"})
		if p.status != http.StatusOK || p.flushes != 1 {
			t.Errorf("status %d, %d flushes; want an answer at once", p.status, p.flushes)
		}
		for name, want := range map[string]string{
			"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff",
		} {
			if got := p.header.Get(name); got != want {
				t.Errorf("%s is %q; want %q", name, got, want)
			}
		}
		passes(50 * time.Millisecond)
		h.commit("A", standing("A", 1, "Cobrança"))
		h.commit("B", standing("B", 1, "Suporte"))
		h.touch("media|1")
		passes(150 * time.Millisecond)
		p.gets(sent{"change", "A-1 Cobrança", ""}, sent{"change", "B-1 Suporte", "4"})
		h.touch(conversation.DeskKey)
		passes(150 * time.Millisecond)
		p.gets(sent{"desk", "", "5"})
		h.commit("B", standing("B", 2, "Suporte"))
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "B-1", ""}, sent{"change", "B-2 Suporte", "6"})
		h.commit("A", nil)
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "A-1", "7"})
		h.touch("media|2")
		passes(15 * time.Second)
		p.gets(sent{"", "hb", "8"}) // what is of no use moves the page on as well
		passes(15 * time.Second)
		p.gets(sent{"", "hb", "8"})
		p.leave()
		if !p.over() {
			t.Error("goes on after the page has left")
		}
	})
}

func TestAPageGoesOnFromWhereItWas(t *testing.T) {
	t.Parallel()
	for name, connect := range map[string]func(h *hall) *page{
		"header":          func(h *hall) *page { return h.connects("sup", "", "Last-Event-ID", "2") },
		"query":           func(h *hall) *page { return h.connects("sup", "?cursor=2") },
		"the header wins": func(h *hall) *page { return h.connects("sup", "?cursor=0", "Last-Event-ID", "2") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			theatre(t, func(h *hall) {
				h.person("sup", 1, web.RoleSupervisor, true)
				h.commit("A", standing("A", 1, "Suporte"))
				h.commit("B", standing("B", 1, "Suporte"))
				h.commit("B", standing("B", 2, "Suporte"))
				h.commit("C", standing("C", 1, "Suporte"))
				p := connect(h)
				// Whether it had B's first one is not known; it is gone in any case.
				p.gets(sent{"", "live", "2"}, sent{"gone", "B-1", ""}, sent{"change", "B-2 Suporte", ""}, sent{"change", "C-1 Suporte", "4"})
				p.leave()
			})
		})
	}
}

func TestAPageBeginsAnew(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		h.commit("A", standing("A", 1, "Suporte"))
		strange := h.connects(newSecret, "?cursor=%0aevent:%20x%0a%0a")
		strange.gets(sent{"", "live", "event: x"}, sent{"reset", "", "1"}) // it can't write lines of its own
		p := h.connects(newSecret, "")
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "1"})
		h.mu.Lock()
		h.reset = true
		h.mu.Unlock()
		h.commit("A", standing("A", 2, "Suporte"))
		passes(150 * time.Millisecond)
		p.gets(sent{"reset", "", "2"})
		h.commit("A", nil)
		h.commit("Z", nil) // forgotten, and it is not known where it stood
		passes(150 * time.Millisecond)
		p.gets(sent{"reset", "", "4"})
		late := h.connects(newSecret, "?cursor=2")
		passes(20 * time.Millisecond)
		late.gets(sent{"", "live", "2"}, sent{"reset", "", "4"})
	})
}

func TestTheStreamIsForThoseWhoAreLetIn(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	defer h.hub.Close()
	h.person("ana", 7, web.RoleAgent, false, "Suporte")
	ask := func(token, query string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/stream"+query, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+token)
		rec := httptest.NewRecorder()
		h.echo.ServeHTTP(rec, r)
		return rec
	}
	wants := func(rec *httptest.ResponseRecorder, status int, word string) {
		t.Helper()
		if rec.Code != status || !strings.Contains(rec.Body.String(), word) {
			t.Errorf("answered %d %s; want %d %s", rec.Code, rec.Body, status, word)
		}
	}
	wants(ask("forged", ""), http.StatusUnauthorized, "unauthorized")
	wants(ask("", "?cursor=0"), http.StatusUnauthorized, "unauthorized")
	wants(ask("ana", "?watch="+strings.Repeat("a,b,c,d,e,f,g,h,i,j,", 3)+"k,l,m,n,o,p,q,r,s,t,u"), http.StatusBadRequest, "bad_request")
	h.fails("cursor")
	wants(ask("ana", ""), http.StatusServiceUnavailable, "unavailable")
	h.fails("thread")
	wants(ask("ana", "?watch=s"), http.StatusServiceUnavailable, "unavailable")
	h.fails()
	h.hub.Close()
	wants(ask("ana", ""), http.StatusServiceUnavailable, "encerrada")
	none := openCounter(t, newSecret)
	none.tells(none.ask(http.MethodGet, "/api/v1/stream", ""), http.StatusServiceUnavailable, "ao vivo")
}

func TestAPageThatTakesNothingIsLeft(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		p, q := h.connects(newSecret, ""), h.connects(newSecret, "")
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "0"})
		p.stops()
		h.commit("A", standing("A", 1, "Suporte"))
		passes(9 * time.Second)
		q.gets(sent{"", "live", "0"}, sent{"change", "A-1 Suporte", "1"})
		if p.over() {
			t.Error("left too early")
		}
		passes(2 * time.Second)
		if !p.over() {
			t.Error("goes on though the page takes nothing")
		}
		p.gets()
		if q.over() {
			t.Error("the other one is left as well")
		}
		again := h.connects(newSecret, "", "Last-Event-ID", "0")
		passes(20 * time.Millisecond)
		again.gets(sent{"", "live", "0"}, sent{"change", "A-1 Suporte", "1"})
	})
}

func TestTheStreamEndsWithTheInstance(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		p, q := h.connects(newSecret, ""), h.connects(newSecret, "")
		passes(time.Second)
		h.hub.Close()
		if !p.over() || !q.over() {
			t.Error("goes on after the end")
		}
	})
}

func TestTheStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.person("bia", 8, web.RoleAgent, false, "Suporte")
		p, q := h.connects("ana", ""), h.connects("bia", "")
		program := h.connects(newSecret, "")
		passes(50 * time.Second)
		h.leaves("ana")
		h.fails("current")
		passes(59 * time.Second) // one check, which fails
		if p.over() {
			t.Error("ended though it is not known whether the session has")
		}
		h.fails()
		passes(12 * time.Second)
		if got := p.takes(); got[len(got)-1] != (sent{"expired", "", "0"}) {
			t.Errorf("got %v; want to be told", got)
		}
		if !p.over() || q.over() || program.over() {
			t.Errorf("over: %v, %v, %v; want the one whose session has ended", p.over(), q.over(), program.over())
		}
	})
}

func TestRightsThatChangeBeginAnew(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.commit("A", standing("A", 1, "Suporte"))
		p := h.connects("ana", "?watch="+sessionOf("A", 1))
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "1"}, sent{"here", "A-1", "1"})
		h.person("ana", 7, web.RoleAgent, false, "Cobrança")
		passes(time.Minute)
		got := p.takes()
		if !slices.Contains(got, sent{"reset", "", "1"}) {
			t.Errorf("got %v; want a reset", got)
		}
		if _, err := h.Here(t.Context(), sessionOf("A", 1), conversation.Agent{ID: 8}, web.Typing); err != nil {
			t.Fatal(err)
		}
		h.commit("A", standing("A", 1, "Suporte"))
		h.commit("B", standing("B", 1, "Cobrança"))
		passes(150 * time.Millisecond)
		p.gets(sent{"change", "B-1 Cobrança", "3"}) // nothing of A, which it may not see any more
	})
}

func TestAPageWatchesConversations(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		h.person("ana", 7, web.RoleAgent, false, "Suporte")
		h.commit("A", standing("A", 2, "Suporte"))
		h.commit("B", standing("B", 1, "Suporte"))
		h.commit("C", standing("C", 1, "Cobrança"))
		is := func(contact string, n int, id int64, doing web.Doing) {
			t.Helper()
			if _, err := h.Here(t.Context(), sessionOf(contact, n), conversation.Agent{ID: id}, doing); err != nil {
				t.Fatal(err)
			}
		}
		is("C", 1, 8, web.Viewing)
		is("B", 1, 8, web.Viewing)
		a, b := sessionOf("A", 2), sessionOf("B", 1)
		p := h.connects("ana", "?watch="+a+","+b+",%20"+sessionOf("C", 1)+","+a+",nonsense,wa-1-X-1,")
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "3"}, sent{"here", "A-2", ""}, sent{"here", "B-1  8", "3"})
		is("A", 2, 7, web.Viewing) // oneself
		passes(150 * time.Millisecond)
		p.gets()
		is("A", 2, 8, web.Typing)
		passes(150 * time.Millisecond)
		p.gets(sent{"here", "A-2  8 types", "3"})
		is("A", 2, 8, web.Left)
		passes(150 * time.Millisecond)
		p.gets(sent{"here", "A-2", "3"})

		h.commit("A", standing("A", 2, "Cobrança")) // out of sight
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "A-2", "4"})
		is("A", 2, 9, web.Typing)
		is("B", 1, 9, web.Viewing)
		passes(150 * time.Millisecond)
		p.gets(sent{"here", "B-1  8 9", "4"})

		moved := standing("B", 1, "Suporte") // taken over by another thread
		moved.Contact.ID, moved.Absorbed = "D", []conversation.Earlier{{Contact: "B", Count: 1}}
		h.commit("D", moved)
		h.commit("B", nil)
		passes(150 * time.Millisecond)
		p.gets(sent{"change", "B-1 Suporte", "6"})
		is("B", 1, 9, web.Left)
		passes(150 * time.Millisecond)
		p.gets(sent{"here", "B-1  8", "6"})
		h.commit("D", standing("D", 1, "Cobrança"))
		passes(150 * time.Millisecond)
		p.gets(sent{"gone", "B-1", "7"})
		is("B", 1, 9, web.Typing)
		passes(150 * time.Millisecond)
		p.gets()
	})
}

func TestAWatchThatCannotBeCheckedEnds(t *testing.T) {
	t.Parallel()
	theatre(t, func(h *hall) {
		t := h.t
		h.commit("A", standing("A", 1, "Suporte"))
		p := h.connects(newSecret, "?watch="+sessionOf("A", 1))
		passes(50 * time.Millisecond)
		p.gets(sent{"", "live", "1"}, sent{"here", "A-1", "1"})
		h.fails("thread")
		h.mu.Lock()
		h.reset = true
		h.mu.Unlock()
		passes(150 * time.Millisecond)
		p.gets(sent{"reset", "", "1"})
		if _, err := h.Here(t.Context(), sessionOf("A", 1), conversation.Agent{ID: 8}, web.Typing); err != nil {
			t.Fatal(err)
		}
		passes(150 * time.Millisecond)
		p.gets()
	})
}

func TestAPlaceShowsWhatItsThreadShows(t *testing.T) {
	t.Parallel()
	// Who may see where a thread stood is told from its place alone: it must hold all that decides.
	callers := []web.Caller{
		{Everything: true},
		{},
		{Agent: conversation.DeskAgent{Agent: conversation.Agent{ID: 7}}},
		{Agent: conversation.DeskAgent{Agent: conversation.Agent{ID: 8}, Groups: []conversation.Group{{ID: 61, Name: "Suporte"}}}},
	}
	for _, owner := range []int64{0, 7, 8} {
		for _, queue := range []string{"", "Suporte", "61", "Cobrança"} {
			for _, state := range append(conversation.GoingStates(), conversation.EndedStates()...) {
				thread := standing("A", 3, queue)
				thread.Conversation.Owner, thread.Conversation.State = owner, state
				place := live.Place{Number: thread.Number, Session: thread.Conversation.Session, Owner: owner, Queue: queue}
				for _, fallback := range []string{"", "Suporte", "Cobrança"} {
					for i, c := range callers {
						if full, part := c.Sees(*thread, fallback), c.Sees(place.Thread(), fallback); full != part {
							t.Errorf("caller %d, owner %d, queue %q, %s: the thread is seen: %v, its place: %v", i, owner, queue, state, full, part)
						}
					}
				}
			}
		}
	}
}
