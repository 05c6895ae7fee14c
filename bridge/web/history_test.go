package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	elsewhere := "wa-118273645509182-" + apiContact + "-1"
	c.library.past = []web.PastConversation{
		{Session: session, Started: apiNow().Add(-time.Hour), State: conversation.StateActive},
		{Session: elsewhere, Started: apiNow().Add(-2 * time.Hour), State: conversation.StateClosed, Queue: "Comercial"},
		{
			Session: firstOne, Started: apiNow().Add(-48 * time.Hour), Ended: apiNow().Add(-47 * time.Hour), State: conversation.StateClosed, Outcome: "closed",
			Verdict: "client_abandonment", Subject: "Boleto", Queue: "N1", Owner: 7, Ticket: 35001,
		},
	}
	c.library.tickets = []web.Ticket{{ID: 35001, Subject: "Boleto", Status: "solved", Updated: apiNow()}, {ID: 34000}}
	type history struct {
		Conversations []web.PastConversation `json:"conversations"`
		Tickets       []web.Ticket           `json:"tickets"`
		Known         bool                   `json:"tickets_known"`
	}
	var got history
	c.read(conv+"/history", &got)
	if diff := cmp.Diff(history{c.library.past[1:], c.library.tickets, true}, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	c.library.tickets, c.library.unknown = nil, true
	rec := c.ask("GET", conv+"/history", "")
	c.tells(rec, http.StatusOK, `"tickets":[]`, `"tickets_known":false`, `"Boleto"`)
	c.library.past = nil
	c.tells(c.ask("GET", conv+"/history", ""), http.StatusOK, `"conversations":[]`)
	c.library.err = errDown
	c.tells(c.ask("GET", conv+"/history", ""), http.StatusServiceUnavailable, `"unavailable"`)
	c.thread = nil
	c.tells(c.ask("GET", conv+"/history", ""), http.StatusNotFound, `"not_found"`)
}
