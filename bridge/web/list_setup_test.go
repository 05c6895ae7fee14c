package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// listRequests reads lists, and what is found by a ticket.
func listRequests() [][3]string {
	return [][3]string{
		{"GET", "/api/v1/conversations?view=all", ""}, {"GET", "/api/v1/overview", ""}, {"GET", "/api/v1/tickets/35436/conversation", ""},
	}
}

// board is the conversations in memory: it hands all of them out, whatever is asked for.
type board struct {
	*office

	threads []conversation.Thread
	more    int
	ends    map[string][]conversation.Entry // by session
	seen    map[string]time.Time
	drafts  map[string]bool
	tickets map[int64]string // sessions
	asked   []web.Listing
	marked  []int64
	failing string // the question that is not answered
	order   []string
}

func (b *board) fails(question string) error {
	b.order = append(b.order, question)
	if b.failing == question {
		return errors.New("the store is away")
	}
	return b.err
}

func (b *board) Cursor(context.Context) (string, error) { return "CURSOR", b.fails("cursor") }

func (b *board) Listed(_ context.Context, l web.Listing) (web.Listed, error) {
	b.asked = append(b.asked, l)
	return web.Listed{Threads: b.threads, More: b.more}, b.fails("listed")
}

func (b *board) Ends(_ context.Context, threads []conversation.Thread) ([][]conversation.Entry, error) {
	ends := make([][]conversation.Entry, len(threads))
	for i, t := range threads {
		ends[i] = b.ends[t.Conversation.Session]
	}
	return ends, b.fails("ends")
}

func (b *board) Marks(_ context.Context, agent int64) (map[string]time.Time, map[string]bool, error) {
	b.marked = append(b.marked, agent)
	return b.seen, b.drafts, b.fails("marks")
}

func (b *board) Counts(_ context.Context, caller web.Caller, now time.Time) (map[web.ListView]int, error) {
	counts := map[web.ListView]int{}
	for _, view := range web.ListViews() {
		counts[view] = 0
		for _, t := range b.threads {
			if view.Has(t, caller.Agent.ID, now) && caller.Sees(t, "") {
				counts[view]++
			}
		}
	}
	return counts, b.fails("counts")
}

func (b *board) OfTicket(_ context.Context, ticket int64) (conversation.Thread, bool, error) {
	for _, t := range b.threads {
		if b.tickets[ticket] == t.Conversation.Session {
			return t, true, b.fails("ticket")
		}
	}
	if b.thread != nil && b.thread.Conversation.Ticket.ID == ticket && b.tickets == nil {
		return *b.thread, true, b.fails("ticket")
	}
	return conversation.Thread{}, false, b.fails("ticket")
}

// one adds a conversation under a name, which its session ends with.
func (b *board) one(name string, c conversation.Conversation) *conversation.Thread {
	t := conversation.NewThread(apiNumber, name)
	c.Session = "wa-" + name
	if c.Started.IsZero() {
		c.Started = ago(60)
	}
	t.Conversation, t.Count = &c, 1
	b.threads = append(b.threads, t)
	return &b.threads[len(b.threads)-1]
}

// ago is so many minutes ago.
func ago(minutes int) time.Time { return apiNow().Add(-time.Duration(minutes) * time.Minute) }

// owned is a conversation of an agent in a queue.
func owned(state conversation.State, owner int64, queue string) conversation.Conversation {
	return conversation.Conversation{State: state, Owner: owner, Procedure: conversation.Procedure{Queue: queue}}
}

// rows are the rows of a list, as the API tells them.
type rows struct {
	Rows []struct {
		Session, State, Queue, Attendance, Outcome, Verdict string
		Owner, Ticket                                       int64
		OwnerName                                           string `json:"owner_name"`
		Tags                                                []string
		Last                                                *struct{ At, Author, Text, Type, Delivery string }
		Seen                                                *time.Time
		Draft                                               bool
	}
	Total  int
	Cursor string
	Now    time.Time
}

// listAs asks for a list as somebody, by their token.
func (c *counter) listAs(token, query string) rows {
	c.t.Helper()
	rec := c.askAs("Bearer "+token, http.MethodGet, "/api/v1/conversations?"+query, "")
	var got rows
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		c.t.Fatalf("%s is answered %d %s", query, rec.Code, rec.Body)
	}
	return got
}

// names are the conversations of a list, in its order.
func (r rows) names() []string {
	names := []string{}
	for _, row := range r.Rows {
		names = append(names, row.Session[len("wa-"):])
	}
	return names
}
