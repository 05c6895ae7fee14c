package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// lines is a log with something of everything.
func lines() []conversation.Entry {
	at := func(minutes int) time.Time { return apiNow().Add(time.Duration(minutes-60) * time.Minute) }
	customer := func(minutes int, id, kind, text, re string) conversation.Entry {
		return conversation.Entry{
			At: at(minutes), Author: conversation.AuthorCustomer, Origin: conversation.OriginWhatsApp, Message: id, Type: kind, Text: text, Re: re,
		}
	}
	photo := customer(2, "w2", "image", "a tela", "")
	photo.File = &conversation.File{ID: "w2", Kind: "image", MIME: "image/jpeg", Media: "m1"}
	voice := customer(3, "w3", "audio", "", "")
	voice.File = &conversation.File{ID: "w3", Kind: "audio", Voice: true}
	return []conversation.Entry{
		{At: at(0), State: conversation.StateQueued, Reason: "customer writes"},
		customer(1, "w1", "text", "bom dia", ""),
		photo,
		{At: at(2), Author: conversation.AuthorCustomer, Type: "file", Message: "w2", File: &conversation.File{ID: "w2", Name: "tela.jpg", MIME: "image/jpeg", Size: 12, Media: "m1"}},
		voice,
		{At: at(3), Type: "file", Message: "w3", Reason: "o WhatsApp não tem mais o arquivo"},
		{
			At: at(4), Author: conversation.AuthorAgent, Agent: 7, Who: "Ana", Origin: conversation.OriginApp, Effect: "5", Type: "text", Text: "Vou ver.",
			Delivery: conversation.DeliveryQueued, Re: "w1", Command: "bubble-0001",
		},
		{At: at(5), Author: conversation.AuthorAgent, Agent: 7, Who: "Ana", Origin: conversation.OriginApp, Type: "note", Text: "ver com o N2", Private: true, Command: "bubble-0002"},
		{At: at(5), Author: conversation.AuthorPonte, Origin: conversation.OriginAutomatic, Type: "hands", Agent: 7, Text: "Atendente: Ana", Private: true},
		customer(6, "w4", "edit", "bom dia!", "w1"), customer(7, "w5", "reaction", "👍", "5"), customer(8, "w6", "revoke", "", "w2"),
		{At: at(9), Author: conversation.AuthorPonte, Type: "verdict", Text: "client_abandonment", Reason: "O cliente não respondeu.", Private: true},
		{At: at(10), Effect: "5", Message: "o5", Delivery: conversation.DeliveryFailed, Reason: "o número não tem WhatsApp"},
		{
			At: at(11), Author: conversation.AuthorAgent, Agent: 8, Origin: conversation.OriginTicket, Effect: "6", Type: "text", Text: "Pelo ticket.",
			Comment: 77, Delivery: conversation.DeliveryQueued,
		},
		{At: at(12), State: conversation.StatePending, Reason: "agent waits for the customer"},
	}
}

// read asks for messages and reads the answer.
func (c *counter) read(path string, into any) {
	c.t.Helper()
	rec := c.ask("GET", path, "")
	c.tells(rec, http.StatusOK)
	if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil {
		c.t.Fatal(err)
	}
}

type messageList struct {
	Session  string           `json:"session"`
	Rev      int              `json:"rev"`
	Messages []map[string]any `json:"messages"`
	Gone     []string         `json:"gone"`
}

func TestMessages(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.entries = lines()
	c.desk.Agents = map[int64]conversation.DeskAgent{8: {Agent: conversation.Agent{ID: 8, Name: "Bruno"}}}
	var list messageList
	c.read(conv+"/messages", &list)
	at := func(minutes int) string {
		return apiNow().Add(time.Duration(minutes-60) * time.Minute).Format(time.RFC3339)
	}
	want := []map[string]any{
		{"id": "l0", "rev": 1., "place": 0., "at": at(0), "kind": "state", "state": "queued", "reason": "o cliente escreveu"},
		{
			"id": "w1", "rev": 10., "place": 1., "at": at(1), "kind": "message", "author": "customer", "who": "Mariana", "origin": "whatsapp", "type": "text",
			"text": "bom dia!", "wamid": "w1", "edited": at(6), "original": "bom dia",
		},
		{
			"id": "w2", "rev": 12., "place": 2., "at": at(2), "kind": "message", "author": "customer", "who": "Mariana", "origin": "whatsapp", "type": "image",
			"text": "a tela", "wamid": "w2", "revoked": at(8),
			"files": []any{map[string]any{"id": "w2", "kind": "image", "name": "tela.jpg", "mime": "image/jpeg", "size": 12.}},
		},
		{
			"id": "w3", "rev": 6., "place": 4., "at": at(3), "kind": "message", "author": "customer", "who": "Mariana", "origin": "whatsapp", "type": "audio",
			"wamid": "w3", "files": []any{map[string]any{"id": "w3", "kind": "audio", "voice": true, "refused": "o WhatsApp não tem mais o arquivo"}},
		},
		{
			"id": "e5", "rev": 14., "place": 6., "at": at(4), "kind": "message", "author": "agent", "agent": 7., "who": "Ana", "origin": "app", "type": "text",
			"text": "Vou ver.", "command": "bubble-0001", "wamid": "o5", "delivery": "failed", "delivered_at": at(10), "reason": "o número não tem WhatsApp",
			"quote":     map[string]any{"id": "w1", "author": "customer", "who": "Mariana", "text": "bom dia", "type": "text"},
			"reactions": []any{map[string]any{"emoji": "👍", "author": "customer", "who": "Mariana"}},
		},
		{
			"id": "l7", "rev": 8., "place": 7., "at": at(5), "kind": "note", "author": "agent", "agent": 7., "who": "Ana", "origin": "app", "type": "note",
			"text": "ver com o N2", "command": "bubble-0002",
		},
		{"id": "l8", "rev": 9., "place": 8., "at": at(5), "kind": "notice", "author": "ponte", "agent": 7., "origin": "automatic", "type": "hands", "text": "Atendente: Ana"},
		{"id": "l12", "rev": 13., "place": 12., "at": at(9), "kind": "verdict", "author": "ponte", "origin": "automatic", "type": "verdict", "text": "O cliente não respondeu."},
		{
			"id": "e6", "rev": 15., "place": 14., "at": at(11), "kind": "message", "author": "agent", "agent": 8., "who": "Bruno", "origin": "ticket",
			"type": "text", "text": "Pelo ticket.", "delivery": "queued", "delivered_at": at(11),
		},
		{
			"id": "l15", "rev": 16., "place": 15., "at": at(12), "kind": "state", "state": "pending", "before": "queued",
			"reason": "aguarda o cliente",
		},
	}
	if diff := cmp.Diff(messageList{Session: session, Rev: 16, Messages: want}, list); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// An answer names the message that it is an answer to as the list does, else by what is known of it.
func TestMessagesQuote(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	to := func(id, re string) conversation.Entry {
		return conversation.Entry{At: apiNow(), Author: conversation.AuthorCustomer, Message: id, Type: "text", Text: "sim", Re: re}
	}
	c.entries = append(lines(), to("w20", "o5"), to("w21", "wamid.of.another.conversation"))
	var list messageList
	c.read(conv+"/messages?since=16", &list)
	want := []any{
		map[string]any{"id": "e5", "author": "agent", "who": "Ana", "text": "Vou ver.", "type": "text"}, map[string]any{"id": "wamid.of.another.conversation", "missing": true},
	}
	if diff := cmp.Diff(want, []any{list.Messages[0]["quote"], list.Messages[1]["quote"]}); diff != "" {
		t.Errorf("quotes (-want +got):\n%s", diff)
	}
}

func TestMessagesSince(t *testing.T) {
	t.Parallel()
	late := conversation.Entry{At: apiNow(), Author: conversation.AuthorCustomer, Message: "w9", Type: "reaction", Text: "👍", Re: "w8"}
	its := conversation.Entry{At: apiNow().Add(-time.Hour * 2), Author: conversation.AuthorCustomer, Message: "w8", Type: "text", Text: "antes"}
	tests := []struct {
		name  string
		query string
		more  []conversation.Entry
		want  []string
		gone  []string
		rev   int
	}{
		{"nothing new", "?since=16", nil, nil, nil, 16},
		{"the newest", "?since=15", nil, []string{"l15"}, nil, 16},
		{"a state of an older one", "?since=13", nil, []string{"e5", "e6", "l15"}, nil, 16},
		{"a change without its message", "?since=16", []conversation.Entry{late}, []string{"w9"}, nil, 17},
		{"a change finds its message", "?since=17", []conversation.Entry{late, its}, []string{"w8"}, []string{"w9"}, 18},
		{"more than there is", "?since=99", nil, []string{"l0", "w1", "w2", "w3", "e5", "l7", "l8", "l12", "e6", "l15"}, nil, 16},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t, newSecret)
			c.entries = append(lines(), tt.more...)
			var list messageList
			c.read(conv+"/messages"+tt.query, &list)
			var got []string
			for _, m := range list.Messages {
				id, _ := m["id"].(string)
				got = append(got, id)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || list.Rev != tt.rev {
				t.Errorf("rev %d, messages (-want +got):\n%s", list.Rev, diff)
			}
			if diff := cmp.Diff(tt.gone, list.Gone); diff != "" {
				t.Errorf("gone (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMessagesRefused(t *testing.T) {
	t.Parallel()
	for _, since := range []string{"x", "-1", "1.5", "99999999999999999999"} {
		c := openCounter(t, newSecret)
		c.tells(c.ask("GET", conv+"/messages?since="+since, ""), http.StatusBadRequest, `"bad_request"`)
	}
	c := openCounter(t, newSecret)
	c.thread = nil
	c.tells(c.ask("GET", conv+"/messages", ""), http.StatusNotFound, `"not_found"`)
	c = openCounter(t, newSecret)
	c.err = errDown
	c.tells(c.ask("GET", conv+"/messages", ""), http.StatusServiceUnavailable, `"unavailable"`)
	c = openCounter(t, newSecret)
	c.entries, c.deskErr = []conversation.Entry{{At: apiNow(), Author: conversation.AuthorAgent, Agent: 7, Effect: "1", Type: "text", Text: "x"}}, errDown
	c.tells(c.ask("GET", conv+"/messages", ""), http.StatusServiceUnavailable, `"unavailable"`)
}
