package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

const startPath = "/api/v1/numbers/" + apiNumber + "/conversations"

// What a command says reaches the thread's mailbox whole.
func TestCommandsArrive(t *testing.T) {
	t.Parallel()
	agent := conversation.Agent{ID: 7, Name: "Ana"}
	for _, tt := range []struct {
		path, body string
		want       conversation.Command
	}{
		{
			conv + "/reply", `{"id":"command-1","agent":{"id":7,"name":"Ana"},"text":"Qual?","reply_to":"wamid.1","choices":{"header":"h","footer":"f","button":"b","options":[{"id":"1","title":"Um","description":"d"}]}}`,
			conversation.Command{Kind: conversation.CommandReply, Session: session, Agent: agent, Text: "Qual?", ReplyTo: "wamid.1", Choices: &conversation.Choices{
				Header: "h", Footer: "f", Button: "b", Options: []conversation.Option{{ID: "1", Title: "Um", Description: "d"}},
			}},
		},
		{
			conv + "/note", `{"id":"command-1","agent":{"id":7,"name":"Ana"},"text":"Ver com o N2"}`,
			conversation.Command{Kind: conversation.CommandNote, Session: session, Agent: agent, Text: "Ver com o N2"},
		},
		{
			conv + "/template", `{"id":"command-1","template":{"name":"n","language":"pt_BR","header":"h","values":["a","b"]}}`,
			conversation.Command{Kind: conversation.CommandTemplate, Session: session, Text: "Olá, a b", Template: &conversation.Template{
				Name: "n", Language: "pt_BR", Header: "h", Values: []string{"a", "b"},
			}},
		},
		{
			conv + "/stop", `{"id":"command-1","reason":"pedido"}`,
			conversation.Command{Kind: conversation.CommandStop, Session: session, Reason: "pedido"},
		},
		{conv + "/restart", plainBody, conversation.Command{Kind: conversation.CommandRestart, Session: session}},
		{conv + "/typing", plainBody, conversation.Command{Kind: conversation.CommandTyping, Session: session}},
		{
			startPath, `{"id":"command-1","phone":"(11) 98765-0142","ticket":3,"template":{"name":"n","language":"pt_BR","values":["a"]}}`,
			conversation.Command{
				Kind: conversation.CommandStart, Text: "Olá, a", Ticket: 3, Template: &conversation.Template{Name: "n", Language: "pt_BR", Values: []string{"a"}},
				Contact: &conversation.Contact{WaID: "5511987650142"},
			},
		},
	} {
		c := openCounter(t, newSecret)
		c.tells(c.ask("POST", tt.path, tt.body), 200, `"id":"command-1"`, `"ok":true`, `"ticket":35436`)
		tt.want.ID = "command-1"
		if diff := cmp.Diff([]conversation.Command{tt.want}, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
		if len(c.keys) != 1 || c.keys[0] != apiKey {
			t.Errorf("%s went to %q", tt.path, c.keys)
		}
	}
}

// A command that is refused says why, then and when it is asked for later; one that nothing is known of yet is stored.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		c := openCounter(t, newSecret)
		if r[0] != "POST" && !strings.Contains(r[1], "/commands/") {
			continue
		}
		for _, code := range []string{
			conversation.RefusedOtherSession, conversation.RefusedEnded, conversation.RefusedOpen, conversation.RefusedStopped,
			conversation.RefusedTicket, conversation.RefusedEmpty, conversation.RefusedWindow, conversation.RefusedUnknown,
			conversation.RefusedMissing, conversation.RefusedCNPJ, conversation.RefusedNowhere, conversation.RefusedNoPending,
		} {
			c.answer = conversation.Answer{Code: code, Text: "Não é possível.", Session: session, State: conversation.StateStopped}
			c.tells(c.ask(r[0], r[1], r[2]), 409, `"ok":false`, `"code":"`+code+`"`, `"text":"Não é possível."`, `"id":"command-1"`, session)
		}
		c.answer = conversation.Answer{OK: true, Delivery: conversation.DeliveryQueued, Effects: []string{"5"}}
		c.tells(c.ask(r[0], r[1], r[2]), 200, `"delivery":"queued"`)
		c.known = false
		if r[0] == "POST" {
			c.tells(c.ask(r[0], r[1], r[2]), 202, `"id":"command-1"`)
		}
	}
	c := openCounter(t, newSecret)
	c.answer = conversation.Answer{OK: true, Delivery: conversation.DeliveryKept}
	c.tells(c.ask("POST", conv+"/reply", `{"id":"command-1","text":""}`), 200, `"delivery":"kept"`)
}

// wrongBodies is what no command takes.
func wrongBodies() map[string]string {
	return map[string]string{
		"nothing": " ", "no JSON": `{"id":`, "a list": `[]`, "a word": `"command-1"`, "null": `null`, "two": `{"id":"command-1"}{"id":"command-2"}`,
		"a brace too many": `{"id":"command-1"}}`, "words behind it": `{"id":"command-1"} and`, "an unknown field": `{"id":"command-1","idd":"x"}`,
		"an unknown field inside": `{"id":"command-1","agent":{"id":7,"role":"admin"}}`, "a wrong type": `{"id":1}`, "no id": `{}`,
		"a short id": `{"id":"1234567"}`, "a long id": `{"id":"` + strings.Repeat("a", 65) + `"}`, "an id with a space": `{"id":"command 1"}`,
		"an id with a line": `{"id":"command-1\n"}`, "an id with an accent": `{"id":"resposta-é"}`,
		"a negative agent": `{"id":"command-1","agent":{"id":-7}}`, "an agent in words": `{"id":"command-1","agent":{"id":"7"}}`,
		"a long name": `{"id":"command-1","agent":{"name":"` + fill(101) + `"}}`,
	}
}

func TestWrongBodies(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		if r[0] != "POST" {
			continue
		}
		t.Run(r[1], func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			for name, wrong := range wrongBodies() {
				if rec := c.ask(r[0], r[1], wrong); rec.Code != 400 || !strings.Contains(rec.Body.String(), `"bad_request"`) {
					t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
				}
			}
			for _, large := range []string{
				`{"id":"command-1","text":"` + strings.Repeat("a", web.MaxCommand) + `"}`, r[2] + strings.Repeat(" ", web.MaxCommand),
			} {
				c.tells(c.ask(r[0], r[1], large), 413, `"too_large"`)
			}
			if len(c.got)+len(c.phones)+c.previews > 0 {
				t.Errorf("carried out: %+v", c.got)
			}
		})
	}
}

func choicesBody(text, choices string) string {
	return body(`{"id":"command-1","text":%q,"choices":%s}`, text, choices)
}

// What a command says is held to its limits, and a field that is another command's is not ignored.
func TestLimitsOfCommands(t *testing.T) {
	t.Parallel()
	rows := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, body(`{"id":"%d","title":"T"}`, i))
		}
		return `{"options":[` + strings.Join(list, ",") + `]}`
	}
	one := func(fields string) string { return `{"options":[{"id":"1","title":"T"` + fields + `}]}` }
	template := `,"template":{"name":"n","language":"pt_BR"}`
	for _, tt := range []struct {
		name, path, body string
		ok               bool
	}{
		{"longest reply", conv + "/reply", body(`{"id":"command-1","text":%q}`, fill(4096)), true},
		{"too long a reply", conv + "/reply", body(`{"id":"command-1","text":%q}`, fill(4097)), false},
		{"too many emoji", conv + "/reply", body(`{"id":"command-1","text":%q}`, strings.Repeat("👍", 2049)), false},
		{"longest question", conv + "/reply", choicesBody(fill(1024), rows(3)), true},
		{"too long a question", conv + "/reply", choicesBody(fill(1025), rows(3)), false},
		{"longest note", conv + "/note", body(`{"id":"command-1","text":%q}`, fill(60_000)), true},
		{"too long a note", conv + "/note", body(`{"id":"command-1","text":%q}`, fill(60_001)), false},
		{"most rows", conv + "/reply", choicesBody("?", rows(10)), true},
		{"too many rows", conv + "/reply", choicesBody("?", rows(11)), false},
		{"no rows", conv + "/reply", choicesBody("?", rows(0)), false},
		{"same id twice", conv + "/reply", choicesBody("?", `{"options":[{"id":"1","title":"A"},{"id":"1","title":"B"}]}`), false},
		{"no title", conv + "/reply", choicesBody("?", `{"options":[{"id":"1","title":""}]}`), false},
		{"no option id", conv + "/reply", choicesBody("?", `{"options":[{"title":"A"}]}`), false},
		{"longest button", conv + "/reply", choicesBody("?", body(`{"options":[{"id":"1","title":%q}]}`, fill(20))), true},
		{"too long a button", conv + "/reply", choicesBody("?", body(`{"options":[{"id":"1","title":%q}]}`, fill(21))), false},
		{"longest row", conv + "/reply", choicesBody("?", body(`{"options":[{"id":"1","title":%q,"description":%q}]}`, fill(24), fill(72))), true},
		{"too long a row", conv + "/reply", choicesBody("?", body(`{"options":[{"id":"1","title":%q,"description":"d"}]}`, fill(25))), false},
		{"too long a description", conv + "/reply", choicesBody("?", one(body(`,"description":%q`, fill(73)))), false},
		{"too long a header", conv + "/reply", choicesBody("?", body(`{"header":%q,"options":[{"id":"1","title":"T"}]}`, fill(61))), false},
		{"unknown option field", conv + "/reply", choicesBody("?", one(`,"url":"x"`)), false},
		{"longest reason", conv + "/stop", body(`{"id":"command-1","reason":%q}`, fill(200)), true},
		{"too long a reason", conv + "/stop", body(`{"id":"command-1","reason":%q}`, fill(201)), false},
		{"template of no name", conv + "/template", `{"id":"command-1","template":{"language":"pt_BR"}}`, false},
		{"template of no language", conv + "/template", `{"id":"command-1","template":{"name":"n"}}`, false},
		{"no template", conv + "/template", plainBody, false},
		{"text of a template", conv + "/template", `{"id":"command-1","text":"x"` + template + `}`, false},
		{"template of a reply", conv + "/reply", `{"id":"command-1","text":"x"` + template + `}`, false},
		{"phone of a reply", conv + "/reply", `{"id":"command-1","text":"x","phone":"11987650142"}`, false},
		{"reason of a note", conv + "/note", `{"id":"command-1","text":"x","reason":"y"}`, false},
		{"choices of a note", conv + "/note", choicesBody("?", rows(1)), false},
		{"text of a stop", conv + "/stop", `{"id":"command-1","text":"x"}`, false},
		{"ticket of a restart", conv + "/restart", `{"id":"command-1","ticket":3}`, false},
		{"quote of a start", startPath, `{"id":"command-1","phone":"11987650142","reply_to":"wamid.1"}`, false},
	} {
		c := openCounter(t, newSecret)
		rec := c.ask("POST", tt.path, tt.body)
		if want := map[bool]int{true: 200, false: 400}[tt.ok]; rec.Code != want || (len(c.got) == 1) != tt.ok {
			t.Errorf("%s: %d %s, %d commands", tt.name, rec.Code, rec.Body, len(c.got))
		}
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"(11) 98765-0142": "5511987650142", "+55 11 8765-0142": "551187650142", "011 98765 0142": "5511987650142", "+1 415 555 0132": "14155550132",
	} {
		c := openCounter(t, newSecret)
		c.tells(c.ask("POST", startPath, body(`{"id":"command-1","phone":%q,"text":"Oi"}`, phone)), 200)
		if len(c.phones) != 1 || c.phones[0] != apiNumber+" "+want || c.got[0].Contact.WaID != want {
			t.Errorf("%s: %q %+v", phone, c.phones, c.got)
		}
	}
	c := openCounter(t, newSecret)
	for _, phone := range []string{"", "1234", "fulano", "+55 20 98765-0142", "11 98765 0142 99"} {
		c.tells(c.ask("POST", startPath, body(`{"id":"command-1","phone":%q,"text":"Oi"}`, phone)), 400, "O telefone não é válido")
	}
	c.tells(c.ask("POST", startPath, `{"id":"command-1","phone":"11987650142","ticket":-1}`), 400, "fora dos limites")
	for _, number := range []string{"account", "ticket", "media", "sys", "106-5", "1%7C2"} {
		c.tells(c.ask("POST", "/api/v1/numbers/"+number+"/conversations", `{"id":"command-1","phone":"11987650142","text":"Oi"}`), 400, "phone_number_id")
	}
	if len(c.phones)+len(c.got) > 0 {
		t.Errorf("contacts were made for %q", c.phones)
	}
}

// A template that can't be used goes nowhere, and makes no contact.
func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	for _, r := range [][2]string{
		{conv + "/template", `{"id":"command-1","template":{"name":"n","language":"pt_BR"}}`},
		{startPath, `{"id":"command-1","phone":"11987650142","template":{"name":"n","language":"pt_BR"}}`},
	} {
		c := openCounter(t, newSecret)
		c.wrong = templateError{}
		c.tells(c.ask("POST", r[0], r[1]), 400, `{"code":"template","text":"O modelo não existe."}`)
		c.wrong = errDown
		c.tells(c.ask("POST", r[0], r[1]), 503, `"unavailable"`)
		if len(c.got)+len(c.phones) > 0 {
			t.Errorf("%s: carried out %+v %q", r[0], c.got, c.phones)
		}
	}
}
