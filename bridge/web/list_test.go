package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// hang puts conversations of both queues, of Ana (7, N1), Bruno (8, N2) and nobody, in every state onto the board.
func hang(b *board) {
	for queue, owner := range map[string]int64{"Suporte N1": 7, "Suporte N2": 8} {
		name := strings.ToLower(queue[len("Suporte "):])
		b.one(name+"new", owned(conversation.StateQueued, 0, queue))
		b.one(name+"mine", owned(conversation.StateActive, owner, queue))
		b.one(name+"other", owned(conversation.StateActive, 99, queue))
		waits := owned(conversation.StatePending, owner, queue)
		waits.Clock.Attention = true
		b.one(name+"waits", waits)
		off := owned(conversation.StatePending, owner, queue)
		off.Clock.Snoozed = ago(-60)
		b.one(name+"off", off)
		b.one(name+"stopped", owned(conversation.StateStopped, owner, queue))
		for state, minutes := range map[conversation.State]int{
			conversation.StateClosed: 10, conversation.StateExpired: 20, conversation.StateCancelled: 2000,
		} {
			ended := owned(state, owner, queue)
			ended.Ended = ago(minutes)
			b.one(name+string(state), ended)
		}
		long := owned(conversation.StateClosed, 0, queue)
		long.Ended = ago(24 * 60)
		b.one(name+"long", long)
	}
	b.one("bot", owned(conversation.StateBot, 0, ""))
	b.one("given", owned(conversation.StateActive, 7, "Suporte N2")) // Ana has it, though its queue is not hers
}

func TestListViews(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	hang(c.board)
	goes := func(names ...string) []string { return append([]string{}, names...) }
	for token, views := range map[string]map[string][]string{
		anaToken: {
			"new": goes("n1new"), "mine": goes("n1mine", "n1waits", "given"), "others": goes("n1other"),
			"all": goes("n1new", "n1mine", "n1other", "n1waits", "n1off", "n1stopped", "bot", "given"), "attention": goes("n1waits"), "snoozed": goes("n1off"),
			"ended": goes("n1closed", "n1expired", "n1cancelled", "n1long"), "expired": goes("n1expired", "n1long"),
		},
		brunoToken: {
			"new": goes("n2new"), "mine": goes("n2mine", "n2waits"), "others": goes("n2other", "given"),
			"all":       goes("n2new", "n2mine", "n2other", "n2waits", "n2off", "n2stopped", "given"), // what has no queue yet is the first level's
			"attention": goes("n2waits"), "snoozed": goes("n2off"), "ended": goes("n2closed", "n2expired", "n2cancelled", "n2long"),
			"expired": goes("n2expired", "n2long"),
		},
		heloToken: {
			"new": goes("n1new", "n2new"), "mine": goes(), "others": goes("n1mine", "n1waits", "n1other", "n2mine", "n2waits", "n2other", "given"),
			"all":       goes("n1new", "n1mine", "n1other", "n1waits", "n1off", "n1stopped", "n2new", "n2mine", "n2other", "n2waits", "n2off", "n2stopped", "bot", "given"),
			"attention": goes("n1waits", "n2waits"), "snoozed": goes("n1off", "n2off"),
			"ended":   goes("n1closed", "n1expired", "n1cancelled", "n1long", "n2closed", "n2expired", "n2cancelled", "n2long"),
			"expired": goes("n1expired", "n1long", "n2expired", "n2long"),
		},
		newSecret: {
			"new": goes("n1new", "n2new"), "mine": goes(), "others": goes("n1mine", "n1waits", "n1other", "n2mine", "n2waits", "n2other", "given"),
		},
	} {
		for view, want := range views {
			got := c.listAs(token, "view="+view)
			names := got.names()
			slices.Sort(names)
			slices.Sort(want)
			if diff := cmp.Diff(want, names); diff != "" || got.Total != len(want) {
				t.Errorf("%s for %s: total %d (-want +got):\n%s", view, token, got.Total, diff)
			}
		}
	}
	if got, want := c.listAs(anaToken, "").names(), c.listAs(anaToken, "view=all").names(); !slices.Equal(got, want) {
		t.Errorf("without a view %v, all is %v", got, want)
	}
	c.tells(c.askAs("Bearer "+nobodyToken, http.MethodGet, "/api/v1/conversations", ""), http.StatusUnauthorized)
	c.tells(c.askAs("", http.MethodGet, "/api/v1/conversations", ""), http.StatusUnauthorized)
}

// TestListAsksForWhatIsOfUse wants the query handed on, and the cursor to be read before the list.
func TestListAsksForWhatIsOfUse(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	hang(c.board)
	c.listAs(anaToken, "view=ended&queue=Suporte+N1&agent=7&limit=10&tag=vip")
	c.listAs(heloToken, "q=+Maria++98765-0142+")
	c.listAs(heloToken, "q=ma&view=new")
	var got []web.Listing
	for _, l := range c.board.asked {
		if l.Caller.Agent.ID == 0 {
			t.Errorf("asked for nobody: %+v", l)
		}
		l.Caller = web.Caller{}
		got = append(got, l)
	}
	want := []web.Listing{
		{View: web.ListEnded, Now: apiNow(), Queue: "Suporte N1", Agent: 7, Most: 10},
		{Now: apiNow(), Words: "Maria  98765-0142", Most: 500},
		{View: web.ListNew, Now: apiNow(), Words: "ma", Most: 500},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if want := []string{"cursor", "listed", "ends", "marks"}; !slices.Equal(c.board.order[:4], want) {
		t.Errorf("asked in the order %v: what changes between the list and its cursor would be lost", c.board.order[:4])
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	hang(c.board)
	c.board.threads[1].Conversation.Tags = []string{"vip", "erp"}
	c.board.more = 1000
	tagged := c.board.threads[1].Contact.ID
	for query, want := range map[string]int{
		"view=all&queue=suporte+n1": 7, "view=all&agent=7": 5, "view=all&agent=8": 4, "view=others&agent=99": 2, "view=all&agent=1": 0, "view=all&queue=N3": 0,
		"view=ended&agent=7": 3, "tag=vip": 1, "tag=erp&view=others": 1, "tag=vi": 0, "q=nobody": 22, "q=nobody&view=ended": 8, "agent=0": 1014,
		"view=all&agent=7&queue=Suporte+N2": 1, "limit=3": 1014,
	} {
		if got := c.listAs(heloToken, query); got.Total != want || want < 100 && len(got.Rows) != want {
			t.Errorf("%s: total %d, %d rows; want %d", query, got.Total, len(got.Rows), want)
		}
	}
	if got := c.listAs(heloToken, "limit=3"); len(got.Rows) != 3 {
		t.Errorf("3 rows are %d", len(got.Rows))
	}
	if got := c.listAs(heloToken, "tag=vip"); got.names()[0] != tagged || !slices.Equal(got.Rows[0].Tags, []string{"vip", "erp"}) {
		t.Errorf("tagged: %+v", got.Rows)
	}
	for _, query := range []string{
		"view=mein", "sort=oldest", "limit=0", "limit=2001", "limit=x", "agent=x", "agent=-1", "format=xml", "q=" + strings.Repeat("a", 101),
		"q=" + url.QueryEscape(strings.Repeat("ã", 101)),
	} {
		c.tells(c.ask(http.MethodGet, "/api/v1/conversations?"+query, ""), http.StatusBadRequest, `"code":"bad_request"`)
	}
	c.listAs(heloToken, "q="+url.QueryEscape(strings.Repeat("ã", 100)))
}

// TestListOrders wants each order, ties told by the session.
func TestListOrders(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	b := c.board
	add := func(name string, state conversation.State, owner int64, clock conversation.Clock, inbound int) {
		conv := owned(state, owner, "Suporte N1")
		conv.Clock = clock
		if state.Ended() {
			conv.Ended = ago(inbound)
		}
		b.one(name, conv).LastInbound = ago(inbound)
	}
	queued := conversation.StateQueued
	add("q-late", queued, 0, conversation.Clock{Queued: ago(5), Waits: ago(5)}, 4)
	add("q-first", queued, 0, conversation.Clock{Queued: ago(3), Waits: ago(3), First: true}, 3)
	add("q-early", queued, 0, conversation.Clock{Queued: ago(30), Waits: ago(30)}, 1)
	add("q-quiet", queued, 0, conversation.Clock{Queued: ago(40)}, 40) // nothing unanswered
	active := conversation.StateActive
	add("a-long", active, 7, conversation.Clock{Had: ago(90), Waits: ago(2)}, 2)
	add("a-short", active, 7, conversation.Clock{Had: ago(10)}, 50)
	add("e-old", conversation.StateClosed, 7, conversation.Clock{Waits: ago(999)}, 300)
	add("e-new", conversation.StateExpired, 7, conversation.Clock{}, 200)
	for query, want := range map[string][]string{
		"view=new":                {"q-first", "q-early", "q-late", "q-quiet"},
		"view=new&sort=waiting":   {"q-first", "q-early", "q-late", "q-quiet"},
		"view=new&sort=newest":    {"q-early", "q-first", "q-late", "q-quiet"},
		"view=all":                {"q-early", "q-late", "q-first", "a-long", "q-quiet", "a-short"},
		"view=all&sort=newest":    {"q-early", "a-long", "q-first", "q-late", "q-quiet", "a-short"},
		"sort=attending":          {"a-long", "a-short", "q-early", "q-late", "q-first", "q-quiet"},
		"view=ended":              {"e-new", "e-old"},
		"view=ended&sort=waiting": {"e-new", "e-old"},
		"view=ended&sort=newest":  {"e-new", "e-old"},
		"q=xx":                    {"q-early", "q-late", "q-first", "a-long", "q-quiet", "a-short", "e-new", "e-old"},
		"q=xx&sort=attending":     {"a-long", "a-short", "q-early", "q-late", "q-first", "q-quiet", "e-new", "e-old"},
		"q=xx&sort=newest":        {"q-early", "a-long", "q-first", "q-late", "q-quiet", "a-short", "e-new", "e-old"},
		"view=new&limit=2":        {"q-first", "q-early"},
	} {
		if diff := cmp.Diff(want, c.listAs(heloToken, query).names()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	b.threads = nil
	for _, name := range []string{"c", "a", "b"} {
		b.one(name, owned(queued, 0, ""))
	}
	if got := c.listAs(heloToken, "view=new").names(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("alike: %v", got)
	}
}

// TestListRows wants what is the caller's own on their rows, and none of it for a program.
func TestListRows(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	conv := owned(conversation.StateActive, 7, "Suporte N1")
	conv.Clock = conversation.Clock{Name: "Ana", Waits: ago(3)}
	conv.Ticket.ID, conv.Procedure.Number, conv.Tags = 35436, "261120-001", []string{"vip"}
	conv.Audited = &conversation.Audited{At: ago(1), Outcome: "agent_abandonment"}
	c.board.one("a", conv)
	c.board.seen, c.board.drafts = map[string]time.Time{"wa-a": ago(2)}, map[string]bool{"wa-a": true}
	c.board.ends = map[string][]conversation.Entry{"wa-a": {{At: ago(3), Author: conversation.AuthorCustomer, Message: "w1", Type: "text", Text: "bom dia"}}}
	got := c.listAs(anaToken, "view=mine")
	if got.Cursor != "CURSOR" || !got.Now.Equal(apiNow()) || len(got.Rows) != 1 {
		t.Fatalf("the list is %+v", got)
	}
	row := got.Rows[0]
	if row.Session != "wa-a" || row.State != "active" || row.Owner != 7 || row.OwnerName != "Ana" || row.Ticket != 35436 || row.Attendance != "261120-001" ||
		row.Verdict != "agent_abandonment" || row.Last == nil || row.Last.Text != "bom dia" || row.Seen == nil || !row.Seen.Equal(ago(2)) || !row.Draft {
		t.Errorf("the row is %+v, last %+v", row, row.Last)
	}
	if !slices.Equal(c.board.marked, []int64{7}) {
		t.Errorf("marks of %v were read", c.board.marked)
	}
	if row := c.listAs(newSecret, "").Rows[0]; row.Seen != nil || row.Draft || len(c.board.marked) != 1 {
		t.Errorf("a program sees %+v", row)
	}
	for _, failing := range []string{"cursor", "listed", "ends", "marks"} {
		c.board.failing = failing
		c.tells(c.askAs("Bearer "+anaToken, http.MethodGet, "/api/v1/conversations", ""), http.StatusServiceUnavailable, `"code":"unavailable"`)
	}
	if strings.Contains(c.logs.String(), "bom dia") {
		t.Error("words of a customer are in the log")
	}
}
