package zendesk_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/zendesk"
)

func TestExportTickets(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	const query = `tags:robo status<closed`
	p.pages("GET /api/v2/search/export",
		`"results":[{"id":7,"result_type":"ticket","external_id":"x-1","status":"open","updated_at":"2026-11-22T11:00:00Z","group_id":null,"tags":["robo"]}]`,
		`"results":[{"id":8,"result_type":"ticket","subject":"Boleto","status":"new","updated_at":"2026-11-22T11:30:00Z"}]`)
	var got []zendesk.ChangedTicket
	cursor, pages := "", 0
	for {
		page, err := c.ExportTickets(t.Context(), query, cursor)
		if err != nil {
			t.Fatal(err)
		}
		got, pages = append(got, page.Tickets...), pages+1
		if cursor = page.After; cursor == "" {
			break
		}
	}
	want := []zendesk.ChangedTicket{
		{ID: 7, ExternalID: "x-1", Status: "open", UpdatedAt: noon().Add(-time.Hour), Tags: []string{"robo"}},
		{ID: 8, Subject: "Boleto", Status: "new", UpdatedAt: noon().Add(-30 * time.Minute)},
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 2 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
	for i, r := range p.seen {
		if q := r.Query; q.Get("query") != query || q.Get("filter[type]") != "ticket" || q.Get("page[size]") != "100" || q.Has("page[after]") != (i > 0) {
			t.Errorf("request %d asks for %v", i, q)
		}
	}
}

func TestExportTicketsFails(t *testing.T) {
	t.Parallel()
	p, c := setup(t)
	p.handle("GET /api/v2/search/export", http.StatusUnprocessableEntity, `{"error":"invalid","description":"Invalid search"}`)
	if _, err := c.ExportTickets(t.Context(), "tags:a", "old"); zendesk.KindOf(err) != zendesk.KindInvalid {
		t.Errorf("error %v", err)
	}
	p, c = setup(t)
	p.handle("GET /api/v2/search/export", http.StatusOK, `{"results":[],"meta":{"has_more":true,"after_cursor":"same"}}`)
	if _, err := c.ExportTickets(t.Context(), "tags:a", "same"); err == nil {
		t.Error("a list that goes on where it was is taken")
	}
}

// TestExportOfTheAccount wants the simulated account to understand what is asked.
func TestExportOfTheAccount(t *testing.T) {
	t.Parallel()
	c := setupDesk(t)
	count := func(query string) int {
		t.Helper()
		page, err := c.ExportTickets(t.Context(), query, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range page.Tickets {
			if found.ID == 0 || found.UpdatedAt.IsZero() || found.Status == zendesk.StatusClosed {
				t.Errorf("ticket %+v", found)
			}
		}
		return len(page.Tickets)
	}
	if all := count("status<closed updated>=2020-01-01T00:00:00Z"); all == 0 {
		t.Error("no ticket was found")
	}
	if none := count("status<closed updated>=2020-01-01T00:00:00Z updated<=2020-01-02T00:00:00Z"); none != 0 {
		t.Errorf("%d tickets of long ago were found", none)
	}
	if none := count("tags:nobody_has_this status<closed"); none != 0 {
		t.Errorf("%d tickets of no tag were found", none)
	}
}
