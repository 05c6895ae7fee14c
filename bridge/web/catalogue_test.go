package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/web"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.ask("GET", "/api/v1/catalogue", ""), http.StatusOK, `{"values":[]}`)
	c.library.values = []string{"Distribuição::Linha Winthor::14::1400::Emissão de NF-e", "Distribuição::Linha Winthor::99::007::Z-Outros"}
	c.tells(c.ask("GET", "/api/v1/catalogue", ""), http.StatusOK,
		`{"values":[{"name":"Distribuição::Linha Winthor::14::1400::Emissão de NF-e"},{"name":"Distribuição::Linha Winthor::99::007::Z-Outros"}]}`)
	c.library.err = errDown
	c.tells(c.ask("GET", "/api/v1/catalogue", ""), http.StatusServiceUnavailable, `"unavailable"`)
}

func TestTicketsAreFound(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	c.tells(c.ask("GET", "/api/v1/tickets?q=nota", ""), http.StatusOK, `{"tickets":[]}`)
	for range 30 {
		c.library.tickets = append(c.library.tickets, web.Ticket{ID: 7, Subject: "Nota", Status: "open", Updated: apiNow()})
	}
	var got struct{ Tickets []web.Ticket }
	c.read("/api/v1/tickets?q=+%2335436+", &got)
	if len(got.Tickets) != 20 || got.Tickets[0] != c.library.tickets[0] {
		t.Errorf("%d tickets: %+v", len(got.Tickets), got.Tickets)
	}
	if diff := cmp.Diff([]string{"nota", "#35436"}, c.library.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	for _, q := range []string{"", "?q=", "?q=" + strings.Repeat("a", 101)} {
		c.tells(c.ask("GET", "/api/v1/tickets"+q, ""), http.StatusBadRequest, `"bad_request"`)
	}
	c.library.err = errDown
	c.tells(c.ask("GET", "/api/v1/tickets?q=nota", ""), http.StatusServiceUnavailable, `"unavailable"`)
}
