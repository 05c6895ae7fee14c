package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// ListView names a list of conversations.
type ListView string

// The lists.
const (
	ListNew       ListView = "new"       // wait for people, nobody has them
	ListMine      ListView = "mine"      // the caller's own that go on, snoozed ones aside
	ListAll       ListView = "all"       // everything that goes on
	ListOthers    ListView = "others"    // as mine, but not the caller's
	ListAttention ListView = "attention" // of all, those that need it
	ListSnoozed   ListView = "snoozed"   // put off
	ListEnded     ListView = "ended"     // closed, expired, cancelled
	ListExpired   ListView = "expired"   // expired, and closed longer than a day ago
)

// ListViews lists them.
func ListViews() []ListView {
	return []ListView{ListNew, ListMine, ListAll, ListOthers, ListAttention, ListSnoozed, ListEnded, ListExpired}
}

// Past tells whether a list is of conversations that ended.
func (v ListView) Past() bool { return v == ListEnded || v == ListExpired }

// LongClosed is how long ago a closed conversation ended that is listed with the expired ones.
const LongClosed = 24 * time.Hour

// Has tells whether a thread's newest conversation belongs in the list of a caller, whatever the caller may see.
func (v ListView) Has(t conversation.Thread, agent int64, now time.Time) bool {
	c := t.Conversation
	if c == nil {
		return false
	}
	attended := (c.State == conversation.StateActive || c.State == conversation.StatePending) && c.Clock.Snoozed.IsZero()
	switch v {
	case "":
		return true
	case ListNew:
		_, waits := t.Queued()
		return waits
	case ListMine:
		return attended && agent != 0 && c.Owner == agent
	case ListOthers:
		return attended && (agent == 0 || c.Owner != agent)
	case ListAll:
		return t.Open()
	case ListAttention:
		return t.Open() && c.Clock.Attention
	case ListSnoozed:
		return t.Open() && !c.Clock.Snoozed.IsZero()
	case ListEnded:
		return !t.Open()
	case ListExpired:
		return c.State == conversation.StateExpired || c.State == conversation.StateClosed && now.Sub(c.Ended) >= LongClosed
	}
	return false
}

// Listing is what a list is asked for.
type Listing struct {
	View   ListView // "", with Words: all that go on and all that ended
	Caller Caller
	Now    time.Time
	Queue  string // only its conversations; "" = all
	Agent  int64  // only the agent's conversations; 0 = all
	Words  string // only those that are found by them; "" = all
	Most   int    // of those that ended, how many are of use
}

// Listed is what may be in a list.
type Listed struct {
	// Threads hold all that is in the list, and may hold others.
	Threads []conversation.Thread
	// More is how many there are that ended earlier than all of these, about.
	More int
}

// Lists reads conversations by where they stand.
type Lists interface {
	// Listed reads threads for a list.
	Listed(ctx context.Context, l Listing) (Listed, error)
	// Cursor is where the stream goes on from what is read after it.
	Cursor(ctx context.Context) (string, error)
	// OfTicket reads the thread that a ticket belongs to; ok is false when there is none.
	OfTicket(ctx context.Context, ticket int64) (t conversation.Thread, ok bool, err error)
	// Counts tells, for each list, how many are in it of what a caller may see. Of what ended it counts the caller's queues alone.
	Counts(ctx context.Context, caller Caller, now time.Time) (map[ListView]int, error)
	// Marks tells up to when an agent has read sessions, and for which there are drafts of the agent's.
	Marks(ctx context.Context, agent int64) (seen map[string]time.Time, drafts map[string]bool, err error)
	// Ends reads the newest entries of the threads' newest conversations, oldest first, back to the newest words at least.
	Ends(ctx context.Context, threads []conversation.Thread) ([][]conversation.Entry, error)
}

// listRow is a row with what is the caller's own, and the newest words.
type listRow struct {
	Row

	Last  *lastWords `json:"last,omitempty"`
	Seen  time.Time  `json:"seen,omitzero"`
	Draft bool       `json:"draft,omitempty"`
}

// conversationList is a list as the API shows one.
type conversationList struct {
	Rows   []listRow `json:"rows"`
	Total  int       `json:"total"`
	Cursor string    `json:"cursor"`
	Now    time.Time `json:"now"`
}

// mostTyped is the longest search, in characters.
const mostTyped = 100

// How many rows a list has.
const (
	defaultRows = 500
	mostRows    = 2000
)

// listQuery is a request for a list.
type listQuery struct {
	Listing

	tag   string
	sort  string
	limit int
	csv   bool
}

// readList reads a request for a list; wrong is what is wrong with it, for people.
func readList(c echo.Context) (q listQuery, wrong string) {
	q = listQuery{tag: c.QueryParam("tag"), sort: c.QueryParam("sort"), limit: defaultRows}
	q.View, q.Caller, q.Queue = ListView(c.QueryParam("view")), callerOf(c), c.QueryParam("queue")
	if q.View != "" && !slices.Contains(ListViews(), q.View) {
		return q, "O filtro view é new, mine, all, others, attention, snoozed, ended ou expired."
	}
	if q.sort != "" && !slices.Contains([]string{sortNewest, sortWaiting, sortAttending}, q.sort) {
		return q, "A ordem é newest, waiting ou attending."
	}
	if text := c.QueryParam("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostRows {
			return q, "O limite é um número de 1 a " + strconv.Itoa(mostRows) + "."
		}
		q.limit = n
	}
	if text := c.QueryParam("agent"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 0 {
			return q, "O agente é o número do usuário no Zendesk."
		}
		q.Agent = id
	}
	switch format := c.QueryParam("format"); format {
	case "", "json":
	case "csv":
		q.csv = true
	default:
		return q, "O formato é json ou csv."
	}
	if typed := strings.TrimSpace(c.QueryParam("q")); len([]rune(typed)) > mostTyped {
		return q, "A busca tem no máximo " + strconv.Itoa(mostTyped) + " caracteres."
	} else if typed != "" {
		q.Words = typed
	} else if q.View == "" {
		q.View = ListAll
	}
	q.Most = q.limit
	return q, ""
}

// narrows tells whether a list is of some of the view's conversations alone.
func (q listQuery) narrows() bool {
	return q.Queue != "" || q.Agent != 0 || q.tag != "" || q.Words != ""
}

// list lists conversations.
func (a *api) list(c echo.Context) error {
	q, wrong := readList(c)
	if wrong != "" {
		return problem(c, http.StatusBadRequest, "bad_request", wrong)
	}
	ctx := c.Request().Context()
	q.Now = a.now()
	answer := conversationList{Now: q.Now}
	var err error
	if answer.Cursor, err = a.Lists.Cursor(ctx); err != nil { // first: what changes while the list is read is told again by the stream
		return a.unavailable(c, err)
	}
	got, err := a.Lists.Listed(ctx, q.Listing)
	if err != nil {
		return a.unavailable(c, err)
	}
	found := a.pick(q, got.Threads)
	answer.Total = len(found)
	if !q.narrows() {
		answer.Total += got.More
	}
	found = found[:min(len(found), q.limit)]
	if answer.Rows, err = a.dress(ctx, q, found); err != nil {
		return a.unavailable(c, err)
	}
	if q.csv {
		return a.listFile(c, q, answer.Rows)
	}
	return c.JSON(http.StatusOK, answer)
}

// listFile answers a list as a file for spreadsheets.
func (a *api) listFile(c echo.Context, q listQuery, rows []listRow) error {
	s := sheetOf(q.Caller.Locale)
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", s.name+".csv"))
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", s.csv(rows, func(number string) *time.Location { return a.Settings(number).Zone }))
}

// found is a thread in a list, with its row.
type found struct {
	thread conversation.Thread
	row    Row
}

// pick leaves what belongs in a list and may be seen, in its order.
func (a *api) pick(q listQuery, threads []conversation.Thread) []found {
	picked := make([]found, 0, len(threads))
	for _, t := range threads {
		set := a.Settings(t.Number)
		row, ok := rowOf(t, set, q.Now)
		if ok && q.keeps(t, row) && q.Caller.Sees(t, set.Desk.Queue) {
			picked = append(picked, found{t, row})
		}
	}
	slices.SortFunc(picked, q.order())
	return picked
}

// keeps tells whether a conversation is one of those that are asked for.
func (q listQuery) keeps(t conversation.Thread, row Row) bool {
	return q.View.Has(t, q.Caller.Agent.ID, q.Now) &&
		(q.Agent == 0 || row.Owner == q.Agent) &&
		(q.Queue == "" || conversation.SameQueue(row.Queue, q.Queue)) &&
		(q.tag == "" || slices.Contains(row.Tags, q.tag))
}

// dress adds to rows what lists show beside.
func (a *api) dress(ctx context.Context, q listQuery, list []found) ([]listRow, error) {
	threads, rows := make([]conversation.Thread, len(list)), make([]listRow, len(list))
	for i, f := range list {
		threads[i], rows[i].Row = f.thread, f.row
	}
	ends, err := a.Lists.Ends(ctx, threads)
	if err != nil {
		return nil, err
	}
	var seen map[string]time.Time
	var drafts map[string]bool
	if !q.Caller.Program() {
		if seen, drafts, err = a.Lists.Marks(ctx, q.Caller.Agent.ID); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		rows[i].Last, rows[i].Seen, rows[i].Draft = lastOf(ends[i]), seen[rows[i].Session], drafts[rows[i].Session]
	}
	return rows, nil
}
