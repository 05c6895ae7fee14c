package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/mailbox"
	"github.com/ponte-desk/ponte/internal/app"
)

// listPage is a list as the API tells it.
type listPage struct {
	Rows []struct {
		Session, State, Queue string
		Owner, Ticket         int64
		Contact               struct{ Name, Phone string }
		Tags                  []string
		Attention             bool
		Last                  *struct{ Author, Text, Type, Delivery string }
	}
	Total  int
	Cursor string
	Now    time.Time
}

// page asks for a list.
func (a *attendance) page(query string) (l listPage) {
	a.t.Helper()
	a.reads("/api/v1/conversations?"+query, &l)
	if l.Cursor == "" || !l.Now.Equal(a.clock()) || l.Total != len(l.Rows) {
		a.t.Errorf("%s: cursor %q, now %v, total %d of %d", query, l.Cursor, l.Now, l.Total, len(l.Rows))
	}
	return l
}

// reads reads an answer of the API.
func (a *attendance) reads(path string, into any) {
	a.t.Helper()
	rec := a.answers(path)
	if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil || rec.Code != http.StatusOK {
		a.fatalf("%s is answered %d %s", path, rec.Code, rec.Body)
	}
}

// answers makes a request of the API.
func (a *attendance) answers(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, base+path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+app.DemoAPISecret)
	rec := httptest.NewRecorder()
	a.live.Handler().ServeHTTP(rec, r)
	return rec
}

// sessions are those of a list, in its order.
func (l listPage) sessions() []string {
	list := []string{}
	for _, r := range l.Rows {
		list = append(list, r.Session)
	}
	return list
}

// found are the sessions that a search finds.
func (a *attendance) found(words string) []string {
	a.t.Helper()
	return a.page("q=" + url.QueryEscape(words)).sessions()
}

// wantLists wants lists to hold sessions.
func (a *attendance) wantLists(when string, want map[string][]string) {
	a.t.Helper()
	var over struct{ Counts map[string]int }
	a.reads("/api/v1/overview", &over)
	for view, sessions := range want {
		if diff := cmp.Diff(sessions, a.page("view="+view).sessions()); diff != "" {
			a.t.Errorf("%s, %s (-want +got):\n%s", when, view, diff)
		}
		if over.Counts[view] != len(sessions) {
			a.t.Errorf("%s: %d are counted in %s, there are %d", when, over.Counts[view], view, len(sessions))
		}
	}
}

// TestLists plays conversations through their lives and looks at the lists meanwhile.
func TestLists(t *testing.T) {
	t.Parallel()
	a := hall(t, false)
	first, second := a.comes(mariana), a.comes(antonio)
	a.wantLists("two wait", map[string][]string{
		"new": {first, second}, "all": {first, second}, "mine": {}, "others": {}, "attention": {first, second}, "snoozed": {}, "ended": {}, "expired": {},
	})
	row := a.page("view=new").Rows[0]
	if row.Contact.Name != "Mariana Albuquerque" || row.Queue != queueN1 || row.State != "queued" || row.Last == nil || row.Last.Text != "Você está na fila." || row.Last.Author != "ponte" {
		t.Errorf("the row is %+v, last %+v", row, row.Last)
	}

	ana := a.user(anaName).ID
	a.does(first, "reply", fields{"agent": fields{"id": ana, "name": anaName}, "text": "Olá! Vou verificar."})
	a.run(10 * time.Second)
	a.wantLists("one is answered", map[string][]string{"new": {second}, "all": {second, first}, "others": {first}, "attention": {second, first}})
	if row := a.page("view=others").Rows[0]; row.Owner != ana || row.Last == nil || row.Last.Text != "Olá! Vou verificar." || row.Last.Author != "agent" ||
		!slices.Contains([]string{"sent", "delivered", "read"}, row.Last.Delivery) {
		t.Errorf("the row is %+v, last %+v", row, row.Last)
	}
	for query, want := range map[string][]string{
		"agent=" + inDigits(ana): {first}, "queue=suporte+n1": {second, first}, "queue=Financeiro": {}, "agent=1": {},
	} {
		if got := a.page(query).sessions(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}

	a.does(first, "snooze", fields{"agent": fields{"id": ana}, "until": a.clock().Add(time.Hour).Format(time.RFC3339)})
	a.does(second, "cancel", fields{"agent": fields{"id": ana}, "reason": "teste"})
	a.run(10 * time.Second)
	a.wantLists("one is put off, one ended", map[string][]string{"new": {}, "all": {first}, "others": {}, "snoozed": {first}, "ended": {second}, "expired": {}})

	var conv struct {
		Session string
		Allowed []string
	}
	a.reads("/api/v1/tickets/"+inDigits(a.shows(first).Ticket)+"/conversation", &conv)
	if conv.Session != first || !slices.Contains(conv.Allowed, "wake") {
		t.Errorf("of the ticket: %+v", conv)
	}
	if rec := a.answers("/api/v1/tickets/1/conversation"); rec.Code != http.StatusNotFound {
		t.Errorf("of another ticket: %d %s", rec.Code, rec.Body)
	}
	if rec := a.answers("/api/v1/conversations?view=all&format=csv"); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "Mariana Albuquerque") {
		t.Errorf("as a sheet: %d %s", rec.Code, rec.Body)
	}
	a.wantFound(first, second)
}

// wantFound wants a conversation that goes on and one that ended to be found, and the erased one not to be.
func (a *attendance) wantFound(open, ended string) {
	a.t.Helper()
	search := func(want map[string][]string) {
		for words, sessions := range want {
			if got := a.found(words); !slices.Equal(got, sessions) {
				a.t.Errorf("%q finds %v, want %v", words, got, sessions)
			}
		}
	}
	search(map[string][]string{
		"mariana": {open}, "ALBUQUERQUE maria": {open}, "+55 (11) 98765-0142": {open}, "antonio": {ended}, "ANTÔNIO resende": {ended}, open: {open}, ended: {ended},
		inDigits(a.shows(ended).Ticket): {ended}, "zzz": {}, "ma*a": {},
	})
	a.erases(open)
	search(map[string][]string{"mariana": {}, "98765-0142": {}, open: {}, "antonio": {ended}})
	a.wantLists("one is erased", map[string][]string{"all": {}, "snoozed": {}, "ended": {ended}})
}

// erases has the customer of a session forgotten.
func (a *attendance) erases(session string) {
	a.t.Helper()
	key, _ := conversation.ThreadOfSession(session)
	raw, err := conversation.Event{Kind: conversation.EventErase, ID: "er:1", At: a.clock(), Erase: &conversation.Erase{Request: "1"}}.Encode()
	if err != nil {
		a.fatalf("%v", err)
	}
	if _, err := a.live.Mailboxes.Append(a.t.Context(), mailbox.Delivery{Key: key, Events: []mailbox.Event{{ID: "er:1", Data: raw}}}); err != nil {
		a.fatalf("%v", err)
	}
	a.run(10 * time.Second)
}

func inDigits(n int64) string { return strconv.FormatInt(n, 10) }
