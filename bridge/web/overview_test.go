package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

// staff puts Ana and Bruno, and a stranger of a third group, at the desk.
func staff(c *counter) {
	agent := func(id int64, name string, group conversation.Group) conversation.DeskAgent {
		return conversation.DeskAgent{
			Agent: conversation.Agent{ID: id, Name: name}, Presence: conversation.PresenceOnline, Since: ago(5), Groups: []conversation.Group{group},
		}
	}
	n1, n2 := conversation.Group{ID: 61, Name: "Suporte N1"}, conversation.Group{ID: 62, Name: "Suporte N2"}
	c.desk = conversation.Desk{
		Agents: map[int64]conversation.DeskAgent{
			7: agent(7, "Ana", n1), 17: agent(17, "Alice", n1), 8: agent(8, "Bruno", n2), 99: agent(99, "Zeca", conversation.Group{ID: 63, Name: "Financeiro"}),
		},
		Known: []string{"Suporte N2", "suporte n1", "63"},
	}
	c.loads = map[int64]int{7: 2}
	c.states = map[string]web.QueueState{"suporte n1": {Waiting: 4, Longest: ago(9)}}
}

func TestOverview(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	staff(c)
	hang(c.board)
	type seen struct {
		Queues []string
		Agents []int64
		New    int
		Mine   int
		All    int
	}
	for token, want := range map[string]seen{
		anaToken:   {[]string{"suporte n1"}, []int64{7, 17}, 1, 3, 8},
		brunoToken: {[]string{"Suporte N2"}, []int64{8}, 1, 2, 8},
		heloToken:  {[]string{"63", "Suporte N2", "suporte n1"}, []int64{7, 8, 17, 99}, 2, 0, 14},
		newSecret:  {[]string{"63", "Suporte N2", "suporte n1"}, []int64{7, 8, 17, 99}, 2, 0, 14},
	} {
		rec := c.askAs("Bearer "+token, http.MethodGet, "/api/v1/overview", "")
		var o struct {
			Now    time.Time
			Counts map[string]int
			Queues []struct {
				Queue   string
				Waiting int
			}
			Agents []struct {
				ID   int64
				Load int
			}
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &o); err != nil || rec.Code != http.StatusOK || !o.Now.Equal(apiNow()) {
			t.Fatalf("answered %d %s", rec.Code, rec.Body)
		}
		got := seen{New: o.Counts["new"], Mine: o.Counts["mine"], All: o.Counts["all"]}
		for _, q := range o.Queues {
			got.Queues = append(got.Queues, q.Queue)
			if q.Queue == "suporte n1" && q.Waiting != 4 {
				t.Errorf("%d wait", q.Waiting)
			}
		}
		for _, a := range o.Agents {
			got.Agents = append(got.Agents, a.ID)
			if a.ID == 7 && a.Load != 2 {
				t.Errorf("Ana has %d", a.Load)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", token, diff)
		}
		if keys := slices.Sorted(maps.Keys(o.Counts)); len(keys) != len(web.ListViews()) {
			t.Errorf("counted: %v", keys)
		}
	}
	c.board.failing = "counts"
	c.tells(c.ask(http.MethodGet, "/api/v1/overview", ""), http.StatusServiceUnavailable)
	c.board.failing, c.deskErr = "", fmt.Errorf("the desk is away")
	c.tells(c.ask(http.MethodGet, "/api/v1/overview", ""), http.StatusServiceUnavailable)
}

func TestConversationOfTicket(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	hang(c.board)
	c.board.tickets = map[int64]string{1: "wa-n1mine", 2: "wa-n2mine", 3: "wa-given"}
	for _, ask := range []struct {
		token, ticket string
		want          int
		session       string
	}{
		{anaToken, "1", http.StatusOK, "wa-n1mine"},
		{anaToken, "2", http.StatusNotFound, ""},
		{anaToken, "3", http.StatusOK, "wa-given"},
		{brunoToken, "1", http.StatusNotFound, ""},
		{heloToken, "2", http.StatusOK, "wa-n2mine"},
		{newSecret, "2", http.StatusOK, "wa-n2mine"},
		{newSecret, "4", http.StatusNotFound, ""},
		{newSecret, "0", http.StatusNotFound, ""},
		{newSecret, "-1", http.StatusNotFound, ""},
		{newSecret, "x", http.StatusNotFound, ""},
		{newSecret, "99999999999999999999", http.StatusNotFound, ""},
		{"nobody", "1", http.StatusUnauthorized, ""},
	} {
		rec := c.askAs("Bearer "+ask.token, http.MethodGet, "/api/v1/tickets/"+ask.ticket+"/conversation", "")
		c.tells(rec, ask.want, ask.session)
	}
	c.board.failing = "ticket"
	c.tells(c.ask(http.MethodGet, "/api/v1/tickets/1/conversation", ""), http.StatusServiceUnavailable)
}

func TestConversationShowsMore(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	conv := c.thread.Conversation
	conv.Tags, conv.Lines, conv.Clock.Name, conv.Procedure.Queue = []string{"vip"}, 12, "Ana", "Suporte N1"
	conv.Procedure.Email, conv.Procedure.RequesterName, conv.Procedure.Subject = "mariana@aurora.com.br", "Marta", "Nota fiscal"
	conv.Audited = &conversation.Audited{At: ago(1), Outcome: "client_abandonment"}
	type shown struct {
		Session, Email, Requester, Subject string
		Tags, Allowed                      []string
		Lines                              int
		Owner                              string `json:"owner_name"`
		NumberName                         string `json:"number_name"`
		Now                                time.Time
	}
	show := func(token string) (s shown) {
		rec := c.askAs("Bearer "+token, http.MethodGet, "/api/v1/conversations/"+session, "")
		if err := json.Unmarshal(rec.Body.Bytes(), &s); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("answered %d %s", rec.Code, rec.Body)
		}
		return s
	}
	got := show(anaToken)
	allowed := got.Allowed
	got.Allowed, got.NumberName = nil, ""
	want := shown{
		Session: session, Email: "mariana@aurora.com.br", Requester: "Marta", Subject: "Nota fiscal", Tags: []string{"vip"}, Lines: 12, Owner: "Ana", Now: apiNow(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	for _, kind := range []string{"reply", "note", "take", "close", "snooze", "tag"} {
		if !slices.Contains(allowed, kind) {
			t.Errorf("%s is not allowed: %v", kind, allowed)
		}
	}
	for _, kind := range []string{"start", "override", "overrule"} {
		if slices.Contains(allowed, kind) {
			t.Errorf("%s is allowed to an agent: %v", kind, allowed)
		}
	}
	if helo := show(heloToken).Allowed; !slices.Contains(helo, "overrule") || slices.Contains(helo, "take") {
		t.Errorf("allowed to a supervisor: %v", helo)
	}
	conv.State, conv.Ended = conversation.StateClosed, ago(1)
	ended := show(anaToken).Allowed
	if slices.Contains(ended, "reply") || !slices.Contains(ended, "note") || !slices.Contains(ended, "start") {
		t.Errorf("allowed after the end: %v", ended)
	}
}
