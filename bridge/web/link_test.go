package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestTagAndLinkArrive wants both commands whole in the thread's mailbox.
func TestTagAndLinkArrive(t *testing.T) {
	t.Parallel()
	agent := conversation.Agent{ID: 7, Name: "Ana"}
	for _, tt := range []struct {
		path, body string
		want       conversation.Command
	}{
		{
			"/tag", `{"id":"command-1","agent":{"id":7,"name":"Ana"},"add":["VIP","nota fiscal"],"remove":["a"]}`,
			conversation.Command{Kind: conversation.CommandTag, Agent: agent, Add: []string{"VIP", "nota fiscal"}, Remove: []string{"a"}},
		},
		{
			"/link", `{"id":"command-1","agent":{"id":7,"name":"Ana"},"ticket":77,"hours":24}`,
			conversation.Command{Kind: conversation.CommandLink, Agent: agent, Ticket: 77, Hours: 24},
		},
		{
			"/link", `{"id":"command-1","subject":"Nota","messages":["e4","wamid.1","l3"]}`,
			conversation.Command{Kind: conversation.CommandLink, Subject: "Nota", Messages: []string{"e4", "wamid.1", "l3"}},
		},
	} {
		c := openCounter(t, newSecret)
		c.entries = spokenLog()
		c.tells(c.ask("POST", conv+tt.path, tt.body), 200, `"ok":true`)
		tt.want.ID, tt.want.Session = "command-1", session
		if diff := cmp.Diff([]conversation.Command{tt.want}, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
	}
}

// spokenLog is a customer's message, an agent's, a change of state and a note.
func spokenLog() []conversation.Entry {
	return []conversation.Entry{
		{At: apiNow(), Author: conversation.AuthorCustomer, Message: "wamid.1", Type: "text", Text: "oi"},
		{At: apiNow(), Author: conversation.AuthorAgent, Effect: "4", Type: "text", Text: "olá"},
		{At: apiNow(), State: conversation.StateActive},
		{At: apiNow(), Author: conversation.AuthorAgent, Type: "note", Text: "nota", Private: true},
	}
}

// TestLinkOfUnknownMessages wants messages that the conversation does not have refused at once, but for what was carried out before.
func TestLinkOfUnknownMessages(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{`["e5"]`, `["e4","wamid.2"]`, `["l2"]`} {
		c := openCounter(t, newSecret)
		c.entries, c.known = spokenLog(), false
		c.tells(c.ask("POST", conv+"/link", `{"id":"command-1","ticket":77,"messages":`+ids+`}`), 409, `"code":"no_messages"`, "Atualize a lista")
		if len(c.got) > 0 {
			t.Errorf("%s: %+v", ids, c.got)
		}
	}
	c := openCounter(t, newSecret) // its answer is known
	c.tells(c.ask("POST", conv+"/link", `{"id":"command-1","ticket":77,"messages":["e4"]}`), 200, `"ok":true`)
	if len(c.got) > 0 {
		t.Errorf("%+v", c.got)
	}
}

// TestWrongTagsAndLinks is what a schema or a limit forbids.
func TestWrongTagsAndLinks(t *testing.T) {
	t.Parallel()
	many := func(n int, word string) string {
		return `["` + strings.Join(strings.Fields(strings.Repeat(word+" ", n)), `","`) + `"]`
	}
	for path, bodies := range map[string][]string{
		"/tag": {
			`"add":[""]`, `"add":["` + fill(101) + `"]`, `"add":` + many(21, "a"), `"remove":` + many(21, "a"), `"remove":"a"`, `"text":"a"`, `"hours":1`, `"messages":["e4"]`,
		},
		"/link": {
			`"hours":25`, `"hours":-1`, `"ticket":-1`, `"hours":1,"messages":["e4"]`, `"messages":` + many(501, "e4"), `"subject":"` + fill(151) + `"`, `"add":["a"]`, `"file":"up-1"`,
		},
		"/reply": {`"text":"a","add":["a"]`, `"text":"a","hours":1`},
	} {
		for _, b := range bodies {
			c := openCounter(t, newSecret)
			c.entries = spokenLog()
			c.tells(c.ask("POST", conv+path, `{"id":"command-1",`+b+`}`), 400, `"bad_request"`)
			if len(c.got) > 0 {
				t.Errorf("%s is carried out", b)
			}
		}
	}
}
