package zendesk_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

// ids is a list of tickets by their ids.
func ids(list []zendesk.Ticket) (got []int64) {
	for _, t := range list {
		got = append(got, t.ID)
	}
	return got
}

func TestRequestedTickets(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/users/21/tickets/requested", http.StatusOK, `{"tickets":[{"id":7,"subject":"Boleto","status":"open"},{"id":5},{"id":4}],"next_page":"x"}`)
	got, err := c.RequestedTickets(t.Context(), 21, 2)
	if err != nil || len(got) != 2 || got[0].Subject != "Boleto" || got[1].ID != 5 {
		t.Errorf("%+v %v", got, err)
	}
	if q := p.seen[len(p.seen)-1].Query; q.Get("per_page") != "2" || q.Get("sort_by") != "updated_at" || q.Get("sort_order") != "desc" {
		t.Errorf("asked for %v", q)
	}
	p.handle("GET /api/v2/users/22/tickets/requested", http.StatusNotFound, `{"error":"RecordNotFound"}`)
	if _, err := c.RequestedTickets(t.Context(), 22, 2); zendesk.KindOf(err) != zendesk.KindNotFound {
		t.Errorf("error %v", err)
	}
}

func TestFindTickets(t *testing.T) {
	t.Parallel()
	tests := []struct{ words, query string }{
		{"nota fiscal", "type:ticket nota fiscal"},
		{"  status:closed  ", "type:ticket status closed"},
		{`"nota -fiscal*" requester:me`, "type:ticket nota fiscal requester me"},
		{"NF-e", "type:ticket NF-e"},
		{"a\x00b (c) <d>", "type:ticket a b c d"},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			t.Parallel()
			p, c := setup(t)
			p.handle("GET /api/v2/search", http.StatusOK, `{"results":[{"id":9,"result_type":"ticket","subject":"Nota"},{"id":8}],"count":2}`)
			got, err := c.FindTickets(t.Context(), tt.words, 1)
			if err != nil || len(got) != 1 || got[0].Subject != "Nota" {
				t.Errorf("%+v %v", got, err)
			}
			if q := p.seen[len(p.seen)-1].Query; q.Get("query") != tt.query || q.Get("sort_by") != "updated_at" {
				t.Errorf("asked for %v", q)
			}
		})
	}
	_, c := setup(t)
	for _, nothing := range []string{"", "  ", `:"`, "--"} {
		if got, err := c.FindTickets(t.Context(), nothing, 5); err != nil || got != nil {
			t.Errorf("%q: %v %v", nothing, got, err)
		}
	}
}

// TestFindInTheAccount wants the simulated account to understand what is asked.
func TestFindInTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	all, err := c.FindTickets(t.Context(), "nota", 20)
	if err != nil || len(all) == 0 {
		t.Fatalf("%v %v", all, err)
	}
	one, err := c.ShowTicket(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := c.RequestedTickets(t.Context(), one.RequesterID, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, ticket := range mine {
		if ticket.RequesterID != one.RequesterID || i > 0 && ticket.UpdatedAt.After(mine[i-1].UpdatedAt) {
			t.Errorf("ticket %d of %v", ticket.ID, ids(mine))
		}
	}
	few, err := c.RequestedTickets(t.Context(), one.RequesterID, 1)
	if diff := cmp.Diff(ids(mine[:1]), ids(few)); diff != "" || err != nil {
		t.Errorf("%v, the newest (-want +got):\n%s", err, diff)
	}
}
