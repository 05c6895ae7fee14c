package web_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

var errNoDesk = errors.New("internal words")

// openDesk is a counter with three agents: Ana is full, Bruno has room, Carla is away.
func openDesk(t *testing.T) *counter {
	t.Helper()
	c := openCounter(t, newSecret)
	since := apiNow().Add(-time.Hour)
	n1, n2 := conversation.Group{ID: 61, Name: "Suporte N1"}, conversation.Group{ID: 62, Name: "Suporte N2"}
	c.desk = conversation.Desk{
		Agents: map[int64]conversation.DeskAgent{
			7: {Agent: conversation.Agent{ID: 7, Name: "Ana"}, Presence: conversation.PresenceOnline, Since: since, Groups: []conversation.Group{n1}, Given: since},
			8: {Agent: conversation.Agent{ID: 8, Name: "Bruno"}, Presence: conversation.PresenceOnline, Since: since, Limit: 5, Groups: []conversation.Group{n1, n2}},
			9: {Agent: conversation.Agent{ID: 9}, Presence: conversation.PresenceAway, Since: since},
		},
		Gifts: []conversation.Gift{{ID: "g", Thread: "100|x", Agent: 7, At: since}},
		Known: []string{"suporte n1", "62", "Financeiro", ""},
	}
	c.loads = map[int64]int{7: 2, 8: 4, 11: 3}
	c.states = map[string]web.QueueState{"suporte n1": {Waiting: 2, Longest: since}}
	return c
}

func TestAgents(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	const (
		ana = `{"id":7,"name":"Ana","presence":"online","since":"2026-11-20T14:00:00Z","groups":[{"id":61,"name":"Suporte N1"}],"limit":3,"load":2,` +
			`"coming":1,"given":"2026-11-20T14:00:00Z"}`
		bruno = `{"id":8,"name":"Bruno","presence":"online","since":"2026-11-20T14:00:00Z","groups":[{"id":61,"name":"Suporte N1"},` +
			`{"id":62,"name":"Suporte N2"}],"limit":5,"own_limit":true,"load":4}`
		carla = `{"id":9,"presence":"away","since":"2026-11-20T14:00:00Z","groups":[],"limit":3,"load":0}`
	)
	for query, want := range map[string]string{
		"":          `{"agents":[` + ana + `,` + bruno + `,` + carla + `]}`,
		"?online=0": `{"agents":[` + ana + `,` + bruno + `,` + carla + `]}`,
		"?online=1": `{"agents":[` + ana + `,` + bruno + `]}`,
	} {
		rec := c.ask("GET", "/api/v1/agents"+query, "")
		if got := strings.TrimSpace(rec.Body.String()); rec.Code != 200 || got != want {
			t.Errorf("%s: %d (-want +got):\n%s", query, rec.Code, cmp.Diff(want, got))
		}
	}
	c.tells(c.ask("GET", "/api/v1/agents?online=yes", ""), 400, "bad_request")
	c.desk = conversation.Desk{}
	c.tells(c.ask("GET", "/api/v1/agents", ""), 200, `{"agents":[]}`)
}

func TestQueues(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	want := `{"queues":[{"queue":"","waiting":0,"online":2,"with_room":1},{"queue":"62","waiting":0,"online":1,"with_room":1},` +
		`{"queue":"Financeiro","waiting":0,"online":0,"with_room":0},` +
		`{"queue":"suporte n1","waiting":2,"longest_since":"2026-11-20T14:00:00Z","online":2,"with_room":1}]}`
	if got := strings.TrimSpace(c.ask("GET", "/api/v1/queues", "").Body.String()); got != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
	}
	c.desk = conversation.Desk{}
	c.tells(c.ask("GET", "/api/v1/queues", ""), 200, `{"queues":[]}`)
}

// What an agent asks of the desk reaches its mailbox whole, and is held to its limits.
func TestDeskCommands(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path, body string
		want       *conversation.Command // nil: refused
	}{
		{"7/presence", `{"id":"command-1","presence":"online","name":"Ana"}`, &conversation.Command{
			Kind: conversation.CommandPresence, Presence: conversation.PresenceOnline, Agent: conversation.Agent{ID: 7, Name: "Ana"},
		}},
		{"7/presence", `{"id":"command-1","presence":"away"}`, &conversation.Command{
			Kind: conversation.CommandPresence, Presence: conversation.PresenceAway, Agent: conversation.Agent{ID: 7},
		}},
		{"7/presence", `{"id":"command-1","presence":"offline"}`, &conversation.Command{
			Kind: conversation.CommandPresence, Presence: conversation.PresenceOffline, Agent: conversation.Agent{ID: 7},
		}},
		{"7/limit", `{"id":"command-1","limit":4}`, &conversation.Command{Kind: conversation.CommandLimit, Limit: 4, Agent: conversation.Agent{ID: 7}}},
		{"7/limit", `{"id":"command-1","limit":0}`, &conversation.Command{Kind: conversation.CommandLimit, Agent: conversation.Agent{ID: 7}}},
		{"7/limit", `{"id":"command-1","limit":500}`, &conversation.Command{Kind: conversation.CommandLimit, Limit: 500, Agent: conversation.Agent{ID: 7}}},
		{"7/presence", `{"id":"command-1","presence":"busy"}`, nil},
		{"7/presence", `{"id":"command-1"}`, nil},
		{"7/presence", `{"id":"short","presence":"online"}`, nil},
		{"7/presence", `{"id":"command-1","presence":"online","name":"` + fill(101) + `"}`, nil},
		{"7/presence", `{"id":"command-1","presence":"online","role":"admin"}`, nil},
		{"7/presence", `{`, nil},
		{"0/presence", `{"id":"command-1","presence":"online"}`, nil},
		{"-7/limit", `{"id":"command-1","limit":4}`, nil},
		{"ana/limit", `{"id":"command-1","limit":4}`, nil},
		{"99999999999999999999/limit", `{"id":"command-1","limit":4}`, nil},
		{"7/limit", `{"id":"command-1","limit":-1}`, nil},
		{"7/limit", `{"id":"command-1","limit":501}`, nil},
		{"7/limit", `{"id":"command-1","limit":1.5}`, nil},
		{"7/limit", `{"id":"command-1"}`, nil},
		{"7/limit", `{"limit":4}`, nil},
	} {
		c := openDesk(t)
		rec := c.ask("PUT", "/api/v1/agents/"+tt.path, tt.body)
		if tt.want == nil {
			if rec.Code != 400 || len(c.got) != 0 {
				t.Errorf("%s %s: %d %s", tt.path, tt.body, rec.Code, rec.Body)
			}
			continue
		}
		tt.want.ID = "command-1"
		if diff := cmp.Diff([]conversation.Command{*tt.want}, c.got); rec.Code != 200 || diff != "" || c.keys[0] != conversation.DeskKey {
			t.Errorf("%s %s: %d to %q (-want +got):\n%s", tt.path, tt.body, rec.Code, c.keys, diff)
		}
	}
}

// What becomes of a command at the desk is told like that of any other.
func TestDeskAnswers(t *testing.T) {
	t.Parallel()
	const path, command = "/api/v1/agents/7/presence", `{"id":"command-1","presence":"online"}`
	c := openDesk(t)
	c.answer = conversation.Answer{Code: conversation.RefusedNoAgent, Text: "Não há."}
	c.tells(c.ask("PUT", path, command), 409, `"no_agent"`)
	c.tells(c.ask("GET", "/api/v1/agents/7/commands/command-1", ""), 409, `"no_agent"`)
	c.known = false
	c.tells(c.ask("PUT", path, command), 202, `"command-1"`)
	c.tells(c.ask("GET", "/api/v1/agents/7/commands/command-1", ""), 404, "not_found")
	c.tells(c.ask("GET", "/api/v1/agents/x/commands/command-1", ""), 400, "bad_request")
	c.err = errNoDesk
	c.tells(c.ask("PUT", path, command), 503, "unavailable")
	c.tells(c.ask("PUT", path, `{"id":"command-1","presence":"online","name":"`+strings.Repeat("a", web.MaxCommand)+`"}`), 413, "too_large")
	for _, key := range c.keys {
		if key != conversation.DeskKey {
			t.Errorf("asked of %q", key)
		}
	}
}

// An agent gets no more conversations by hand than the limit allows, unless that is wanted.
func TestRoomByHand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, kind, rest string
		owner            int64
		want             int
	}{
		{"a full agent takes", "take", `"agent":{"id":7}`, 0, 409},
		{"a full agent takes all the same", "take", `"agent":{"id":7},"force":true`, 0, 200},
		{"a full agent takes what is theirs", "take", `"agent":{"id":7}`, 7, 200},
		{"an agent with room takes", "take", `"agent":{"id":8}`, 0, 200},
		{"an agent who is away takes", "take", `"agent":{"id":9}`, 0, 200},
		{"a full agent without presence takes", "take", `"agent":{"id":11}`, 0, 409},
		{"nobody takes", "take", `"agent":{"name":"x"}`, 0, 200}, // the conversation itself refuses it
		{"to a full agent", "transfer", `"agent":{"id":8},"to":{"id":7}`, 8, 409},
		{"to a full agent all the same", "transfer", `"agent":{"id":8},"to":{"id":7},"force":true`, 8, 200},
		{"from a full agent", "transfer", `"agent":{"id":7},"to":{"id":8}`, 7, 200},
		{"to a queue by a full agent", "transfer", `"agent":{"id":7},"group":"Financeiro"`, 7, 200},
		{"a full agent replies", "reply", `"agent":{"id":7},"text":"Olá!"`, 0, 200},
		{"a full agent forces a reply", "reply", `"agent":{"id":7},"text":"Olá!","force":true`, 0, 400},
	} {
		c := openDesk(t)
		c.thread.Conversation.Owner = tt.owner
		rec := c.ask("POST", conv+"/"+tt.kind, `{"id":"command-1",`+tt.rest+`}`)
		if rec.Code != tt.want || (len(c.got) == 1) != (tt.want == 200) {
			t.Errorf("%s: %d %s, %d commands", tt.name, rec.Code, rec.Body, len(c.got))
		}
		if tt.want == 409 {
			c.tells(rec, 409, `"limit_reached"`, `"ok":false`, "já tem 3 conversas e o limite é 3", `"ticket":35436`, `"state":"active"`)
		}
	}
}

func TestDeskUnavailable(t *testing.T) {
	t.Parallel()
	c := openDesk(t)
	c.deskErr = errNoDesk
	for _, r := range [][3]string{
		{"GET", "/api/v1/agents", ""}, {"GET", "/api/v1/queues", ""}, {"POST", conv + "/take", `{"id":"command-1","agent":{"id":8}}`},
	} {
		rec := c.ask(r[0], r[1], r[2])
		c.tells(rec, 503, "unavailable")
		if strings.Contains(rec.Body.String(), "internal") {
			t.Errorf("%s tells of the cause: %s", r[1], rec.Body)
		}
	}
}

// What a command about time says reaches the thread's mailbox whole, and what is wrong with it is said.
func TestTimeCommands(t *testing.T) {
	t.Parallel()
	const id = `{"id":"command-1"`
	for _, tt := range []struct {
		kind, rest string
		want       *conversation.Command // nil: refused
	}{
		{"snooze", `,"until":"2026-11-21T09:00:00-03:00"`, &conversation.Command{Until: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}},
		{"wake", ``, &conversation.Command{}},
		{"attention", ``, &conversation.Command{}},
		{"resolve", ``, &conversation.Command{}},
		{"mute", ``, &conversation.Command{}},
		{"unmute", ``, &conversation.Command{}},
		{"overrule", `,"outcome":"after_hours","reason":"feriado"`, &conversation.Command{Outcome: "after_hours", Reason: "feriado"}},
		{"overrule", ``, &conversation.Command{}}, // the conversation itself refuses it
		{"snooze", ``, nil},
		{"snooze", `,"until":"amanhã"`, nil},
		{"snooze", `,"until":"2026-11-21T09:00:00-03:00","reason":"x"`, nil},
		{"wake", `,"until":"2026-11-21T09:00:00-03:00"`, nil},
		{"mute", `,"reason":"x"`, nil},
		{"overrule", `,"outcome":"` + fill(101) + `"`, nil},
		{"overrule", `,"reason":"` + fill(201) + `"`, nil},
		{"resolve", `,"outcome":"after_hours"`, nil},
		{"close", `,"force":true`, nil},
	} {
		c := openCounter(t, newSecret)
		rec := c.ask("POST", conv+"/"+tt.kind, id+tt.rest+"}")
		if tt.want == nil {
			if rec.Code != 400 || len(c.got) != 0 {
				t.Errorf("%s %s: %d %s", tt.kind, tt.rest, rec.Code, rec.Body)
			}
			continue
		}
		tt.want.ID, tt.want.Kind, tt.want.Session = "command-1", conversation.CommandKind(tt.kind), session
		if diff := cmp.Diff([]conversation.Command{*tt.want}, c.got); rec.Code != 200 || diff != "" {
			t.Errorf("%s %s: %d %s (-want +got):\n%s", tt.kind, tt.rest, rec.Code, rec.Body, diff)
		}
	}
}

// What time brought to a conversation is shown: since when who waits, what is put off, and what the auditor found.
func TestShowTime(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	at := apiNow()
	now := c.thread.Conversation
	now.Clock = conversation.Clock{Queued: at, Waits: at, Snoozed: at, Attention: true}
	now.Survey, c.thread.Muted = &conversation.Survey{Answers: []int{5, 4}}, true
	now.Audited = &conversation.Audited{Looked: at}
	want := []string{
		`"queued_since":"2026-11-20T15:00:00Z"`, `"unanswered_since":"2026-11-20T15:00:00Z"`, `"snoozed_until":"2026-11-20T15:00:00Z"`, `"attention":true`,
		`"muted":true`, `"survey":[5,4]`,
	}
	rec := c.ask("GET", conv, "")
	c.tells(rec, 200, want...)
	if strings.Contains(rec.Body.String(), "verdict") {
		t.Errorf("a look without a verdict is shown: %s", rec.Body)
	}
	now.Audited = &conversation.Audited{
		At: at, Outcome: "client_abandonment", Corrections: []string{"wrong_title"}, Evidence: "O cliente não respondeu.", Open: []string{"title"},
		Overruled: &conversation.Overruled{At: at, By: conversation.Agent{ID: 9}, Outcome: "after_hours", Reason: "feriado"},
	}
	c.tells(c.ask("GET", conv, ""), 200, `"verdict":{"at":"2026-11-20T15:00:00Z","outcome":"client_abandonment","corrections":["wrong_title"],`+
		`"evidence":"O cliente não respondeu.","open":["title"],"overruled":{"at":"2026-11-20T15:00:00Z","by":9,"outcome":"after_hours","reason":"feriado"}}`)
}
